"""A plugin that raises or sleeps in each hook, and one that helps itself: the portal stays up, and its card says so."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from portal import plugins
from portal.errors import Refused
from portal.hooks.host import host
from portal.hooks.watch import Watch
from portal.main import create_app
from portal.plugins import jobs, keeping
from portal.testing import TestSchool
from portal.testing.contract import problems

from .small import changed, load

RAISES, WAITS, SLEEPS = "raise RuntimeError", "await asyncio.sleep(60)", "time.sleep(60)"
CARD = 'return [Card("Something was found", "", "/lost")]'
PLACES = {  # what stands in each hook, and where it is blamed
    "cards": ("plugin.py", CARD, "portal_cards"),
    "event": ("plugin.py", "async def portal_event(event):\n    pass", "portal_event"),
    "erase": ("plugin.py", "async def portal_erase(person):\n    pass", "portal_erase"),
    "job": ("plugin.py", 'await db.value("SELECT COUNT(*) FROM lost_thing")', "job count"),
    "route": ("routes.py", "rows, _marks = await actions.things()", "/lost"),
}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits as long as at work."""
    monkeypatch.setattr("portal.hooks.host.LOAD_LIMIT_S", 0.3)
    monkeypatch.setattr("portal.hooks.fitting.LOAD_LIMIT_S", 0.3)
    monkeypatch.setattr("portal.hooks.host.CARD_LIMIT_S", 0.3)
    monkeypatch.setattr("portal.plugins.jobs.EVENT_LIMIT_S", 0.3)
    monkeypatch.setattr("portal.plugins.keeping.ERASE_LIMIT_S", 0.3)


@asynccontextmanager
async def in_use(school: TestSchool) -> AsyncIterator[None]:
    """The plugin is in use, and the portal watches over its event loop."""
    load()
    school.app = create_app(school.settings, background=False, durable=False)
    reader = await school.browser("parent")
    for address in ("/stories", "/photos"):  # templates are made ready, which on a busy machine takes its time
        await reader.get(address)
    await school.use("lost")
    watch = Watch(host, limit_s=2.0, look_s=0.1)
    watch.start()
    try:
        yield
    finally:
        watch.stop()


async def meets(school: TestSchool, hook: str) -> None:
    """Comes to where the hook is called."""
    match hook:
        case "cards":
            page = await (await school.browser("parent")).get("/stories")
            assert page.status_code == 200
            assert "Something was found" not in page.text
        case "route":
            assert (await (await school.browser("parent")).get("/lost")).status_code == 500
        case "event":
            await jobs.emit("consent.changed", school.ids["mia"])
            await school.work()
            assert (await jobs.waiting())["lost"] >= 1  # it gets word again
        case "erase":
            with pytest.raises(Refused, match="so nothing was erased"):
                await keeping.erase_person(school.ids["teacher"])
        case "job":
            await school.work()


@pytest.mark.parametrize("way", [RAISES, WAITS, SLEEPS])
@pytest.mark.parametrize("hook", PLACES)
async def test_it_fails_alone(sqlite_school: TestSchool, small: Path, hook: str, way: str) -> None:
    if hook == "route" and way == WAITS:
        pytest.skip("a page that waits keeps only its reader waiting")
    file, before, place = PLACES[hook]
    after = before.replace("pass", way) if "pass" in before else f"{way}\n    {before}"
    changed(small, file, before, after)
    (small / file).write_text(f"import asyncio, time\n{(small / file).read_text()}")
    changed(small, "plugin.py", "every=clock.HOUR", "every=clock.HOUR, limit_s=1")
    async with in_use(sqlite_school):
        began = time.monotonic()
        await meets(sqlite_school, hook)
        assert time.monotonic() - began < 20
        for address in ("/stories", "/photos"):
            assert (await (await sqlite_school.browser("parent")).get(address)).status_code == 200
        card = await (await sqlite_school.browser("admin")).get("/office/plugins")
        assert card.status_code == 200
        trouble = host.troubles["lost"]
        assert trouble.kind == ("RuntimeError" if way == RAISES else "TimeoutError" if way == WAITS else trouble.kind)
        assert trouble.place == place or way == SLEEPS  # where it slept, by file and line
        assert trouble.place in card.text
        assert trouble.kind in card.text
        slow_card = place == "portal_cards" and way == WAITS  # then only its cards are left out for a while
        assert host.rests("lost") == (way != RAISES and not slow_card)


@pytest.mark.parametrize("way", [RAISES, SLEEPS])
@pytest.mark.parametrize("hook", ["about", "routes", "navigation", "settings", "jobs", "purposes"])
def test_what_fails_while_loading_is_left_out(small: Path, hook: str, way: str) -> None:
    changed(small, "plugin.py", f"def portal_{hook}():\n", f"def portal_{hook}():\n    {way}\n")
    (small / "plugin.py").write_text(f"import time\n{(small / 'plugin.py').read_text()}")
    with pytest.raises(AssertionError, match="RuntimeError" if way == RAISES else "did not answer within"):
        load()
    assert "stories" in host.plugins
    assert "lost" not in host.plugins


HELPS_ITSELF = {
    "people": "await db.rows('SELECT given_name FROM person')",
    "photos": "await db.rows('SELECT id, alt FROM photo')",
    "decisions": "await add_a_decision()",
}


@pytest.mark.parametrize("what", HELPS_ITSELF)
async def test_the_tables_of_others_are_closed_to_it(sqlite_school: TestSchool, small: Path, what: str) -> None:
    changed(small, "routes.py", "rows, _marks = await actions.things()", f"rows = {HELPS_ITSELF[what]}")
    changed(small, "routes.py", "import Access,", "import atomic, db, Access,")
    (small / "routes.py").write_text(
        (small / "routes.py").read_text()
        + "\n\n@atomic\nasync def add_a_decision():\n    await db.run('DELETE FROM decision')\n"
    )
    await sqlite_school.photo(alt="A bridge of paper")
    async with in_use(sqlite_school):
        answer = await (await sqlite_school.browser("neighbour")).get("/lost")
        assert answer.status_code == 500
        assert "A bridge of paper" not in answer.text
        assert host.troubles["lost"].kind == "Trespass"
    found: list[Any] = await problems("lost")
    assert [line for line in found if line.startswith("routes.py:") and "says SQL about the table" in line]


async def test_its_own_door_to_photos_is_named(small: Path) -> None:
    changed(
        small, "actions.py", "HERE = __file__",
        "from portal.photos import connected\n\n\ndef peep(photo):\n    return connected.vault().read(photo, 0, '')",
    )  # fmt: skip
    load()
    assert [line for line in await problems("lost") if "imports portal.photos.connected" in line]


async def test_two_that_sleep_do_not_add_up(sqlite_school: TestSchool, small: Path) -> None:
    """A plugin that hung is not asked again for some minutes, by anybody."""
    changed(small, "plugin.py", CARD, f"{WAITS}\n    {CARD}")
    (small / "plugin.py").write_text(f"import asyncio\n{(small / 'plugin.py').read_text()}")
    async with in_use(sqlite_school):
        reader = await sqlite_school.browser("parent")
        await reader.get("/stories")
        began = time.monotonic()
        await asyncio.gather(*(reader.get("/stories") for _time in range(5)))
        assert time.monotonic() - began < 0.3 * 5
        await plugins.enable("lost")  # the administrator lets it go on
        assert not host.rests("lost")
