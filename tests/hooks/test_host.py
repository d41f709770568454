"""Plugins that do not fit are left out with a reason that helps; the portal and the others stay."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from litestar import get, post

from portal.hooks import hook
from portal.hooks.host import Host
from portal.hooks.specs import API, About, Job, NavItem, Purpose, Stored
from portal.kinds import Access
from portal.main import create_app
from portal.testing import TestSchool

HERE = Path(__file__).parent


@get("/lost", access=Access.SIGNED_IN)
async def _page() -> str:
    return "found"


@get("/lost/open")
async def _undeclared() -> str:
    return "for anybody"


@get("/photos/all", access=Access.PUBLIC)
async def _elsewhere() -> str:
    return "every photo"


@post("/lostandfound", access=Access.STAFF)
async def _beside() -> str:
    return ""


def module(name: str = "lost", api: int = API, **hooks: Any) -> ModuleType:
    """A plugin module with these answers to hooks; a callable among them is the hook itself."""
    made = ModuleType(f"portal_{name}")
    hooks = {"portal_about": About(name, "Lost things", api, f"portal_{name}", HERE / "nothing")} | hooks
    for key, answer in hooks.items():
        function = answer if callable(answer) else (lambda answer=answer: answer)
        function.__name__ = key
        setattr(made, key, hook(function))
    return made


@pytest.fixture
def host() -> Host:
    return Host()


def test_a_plugin_that_fits_is_loaded(host: Host) -> None:
    items = [NavItem("Lost things", "/lost", Access.SIGNED_IN)]
    assert host.load(module(portal_routes=[_page], portal_navigation=items))
    assert host.navigation() == [("lost", items[0])]
    assert [app.name for app in host.apps()] == ["lost"]
    assert host.apps(used=()) == []
    assert host.broken == {}


def _raising() -> Any:
    raise RuntimeError("a defect of its own")


async def _nothing(_payload: dict[str, Any]) -> None:
    pass


def _keeping(table: str) -> About:
    stored = Stored("Things", "Finders", "For ever", table=table)
    return About("lost", "Lost things", API, "portal_lost", HERE / "nothing", stores=(stored,))


@pytest.mark.parametrize(
    ("plugin", "reason"),
    [
        (module(api=2), "made for api 2"),
        (module("Lost"), "is no name for a plugin"),
        (module("office"), "is no name for a plugin"),
        (module(portal_rooutes=[]), "There is no hook portal_rooutes"),
        (module(portal_routes=[_undeclared]), "/lost/open declares no access"),
        (module(portal_routes=[_elsewhere]), "/photos/all is not below /lost"),
        (module(portal_routes=[_beside]), "/lostandfound is not below /lost"),
        (module(portal_routes=["/lost"]), "is no HTTP route handler"),
        (module(portal_routes=_raising), "RuntimeError: a defect of its own"),
        (module(portal_navigation=_raising), "RuntimeError: a defect of its own"),
        (module(portal_navigation=[NavItem("Lost things", "/photos", Access.PUBLIC)]), "leads to /photos"),
        (module(portal_settings=["yes"]), "portal_settings must return a list of Setting"),
        (module(portal_jobs=[Job("a b", _nothing)]), "'a b' is no name"),
        (module(portal_purposes=[Purpose("x", "X", "X"), Purpose("x", "Y", "Y")]), "'x' is no name, or there twice"),
        (module(portal_about=lambda: "lost"), "portal_about must return an About"),
        (module("other_things"), "one name begins with the other"),
        (module("photo"), "is no name for a plugin"),
        (module(portal_about=_keeping("person")), "It says that it keeps something in person"),
        (module(portal_about=_raising), "RuntimeError: a defect of its own"),
        (ModuleType("portal_nothing"), "portal_about is missing"),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else "",
)
def test_one_that_does_not_fit_is_left_out_with_the_reason(host: Host, plugin: ModuleType, reason: str) -> None:
    assert host.load(module("other"))
    assert not host.load(plugin, "its entry")
    assert list(host.plugins) == ["other"]
    assert reason in host.broken["its entry"]
    assert host.load(module())  # nothing of it is left behind


def test_the_second_of_one_name_is_left_out(host: Host) -> None:
    assert host.load(module())
    assert not host.load(module("lost2", portal_about=About("lost", "Twin", API, "portal_twin", HERE)), "twin")
    assert "There is a plugin named 'lost' already (portal_lost)" in host.broken["twin"]


@pytest.fixture
def lost() -> Iterator[str]:
    """A plugin that is loaded into the portal's own host."""
    from portal.hooks.host import host as real

    assert real.load(module(portal_routes=[_page], portal_navigation=[NavItem("Lost things", "/lost", Access.PUBLIC)]))
    yield "lost"
    real.unload("lost")


async def test_what_is_loaded_is_not_in_use_before_the_school_says_so(sqlite_school: TestSchool, lost: str) -> None:
    from portal import plugins

    sqlite_school.app = create_app(sqlite_school.settings, background=False, durable=False)
    reader = await sqlite_school.browser("parent")
    assert (await reader.get("/lost")).status_code == 404
    assert 'href="/lost"' not in (await reader.get("/photos")).text
    await plugins.enable(lost)
    assert (await reader.get("/lost")).text == "found"
    assert 'href="/lost"' in (await reader.get("/photos")).text
    assert (await (await sqlite_school.browser()).get("/lost")).status_code == 303  # its own access still counts
    await plugins.disable(lost)
    assert (await reader.get("/lost")).status_code == 404
