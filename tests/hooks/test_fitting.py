"""What a plugin can be called, and what it costs those who do not use it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from portal import plugins
from portal.acting import acting, current
from portal.db import db
from portal.hooks.fitting import TAKEN, Unfit, bounded
from portal.hooks.host import host as real
from portal.hooks.specs import Card, Job, NavItem, Purpose, Setting
from portal.kinds import Access
from portal.testing import TestSchool
from portal.web import static
from portal.web.shell import HERE, environment

from .modules import loaded, module


async def test_no_plugin_can_be_called_like_a_part_of_the_core(sqlite_school: TestSchool) -> None:
    tables = {name for (name,) in await db.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
    own = {name for name in tables if not name.startswith(tuple(f"{plugin}_" for plugin in real.plugins))}
    assert {name.partition("_")[0] for name in own} <= TAKEN
    folders = {path.name for path in [*HERE.iterdir(), *static.HERE.iterdir()] if path.is_dir()}
    assert folders <= TAKEN
    paths = {route.path for route in sqlite_school.app.app.routes}  # type: ignore[attr-defined]
    first = {path.split("/")[1] for path in paths} - {"", *real.plugins}
    assert {name.replace("-", "_") for name in first} - {"sign_in", "sign_out"} <= TAKEN


async def test_a_template_of_the_cores_name_does_not_take_its_place(tmp_path: Path) -> None:
    (tmp_path / "templates" / "errors").mkdir(parents=True)
    for name in ("base.html", "confirm.html", "components.html", "errors/error.html"):
        (tmp_path / "templates" / name).write_text("mine")
    with loaded(module(folder=tmp_path)):
        environment.cache_clear()
        templates = environment("en")
        for name in ("base.html", "confirm.html", "components.html", "errors/error.html"):
            assert templates.get_template(name).filename == str(HERE / name)
        assert templates.get_template("lost/base.html").render() == "mine"
    environment.cache_clear()


def test_what_is_bounded_gives_answer_failure_or_up() -> None:
    assert bounded(lambda: 5, 1) == 5

    def exits() -> None:
        raise SystemExit

    with pytest.raises(ZeroDivisionError):
        bounded(lambda: 1 // 0, 1)
    with pytest.raises(Unfit, match="ended with SystemExit"):
        bounded(exits, 1)


def test_who_acts_is_known_inside_and_not_after() -> None:
    with acting("lost"):
        with acting("other"):
            assert current() == "other"
        assert current() == "lost"
    assert current() == ""


def _everything(name: str) -> Any:
    async def nothing(*_: Any) -> None:
        return None

    async def portal_cards(person: Any) -> list[Card]:
        await db.rows("SELECT 1")
        return []

    return module(
        name,
        portal_navigation=[NavItem("Lost things", f"/{name}", Access.SIGNED_IN)],
        portal_cards=portal_cards,
        portal_settings=[Setting("loud", "Loud", "bool", False)],
        portal_jobs=[Job("work", nothing, every=5)],
        portal_event=nothing,
        portal_purposes=[Purpose("health", "Health", "The school may ask about health.")],
        portal_erase=nothing,
    )


async def _asked(ask: Callable[[], Any]) -> int:
    """How many queries something takes."""
    read, count = db.backend.read, 0

    async def counting(sql: str, args: Any) -> Any:
        nonlocal count
        count += 1
        return await read(sql, args)

    db.backend.read = counting  # type: ignore[method-assign]
    try:
        await ask()
    finally:
        db.backend.read = read  # type: ignore[method-assign]
    return count


async def test_ten_plugins_ask_nothing_on_pages_that_do_not_use_them(school: TestSchool) -> None:
    photo = await school.photo(("mia",))
    pages = ("/photos", f"/photos/{photo}", f"/photos/{photo}/small", "/decide", "/account", "/stories/mine", "/health")
    browsers = [await school.browser(name) for name in ("parent", "teacher", "anonymous")]

    async def round_() -> list[int]:
        return [await _asked(lambda b=b, p=p: b.get(p)) for b in browsers for p in pages]  # type: ignore[misc]

    await round_()  # templates and facts are read once
    before = await round_()
    with ExitStack() as stack:
        for n in range(10):
            await plugins.enable(stack.enter_context(loaded(_everything(f"extra{n}"))))
        await round_()
        assert await round_() == before
        home = await _asked(lambda: browsers[0].get("/stories"))
    assert home >= 10  # there they do
    assert before[0] > 0
