"""Plugins that do not fit are left out with a reason that helps; the portal and the others stay."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from litestar import get, post
from structlog.testing import capture_logs

from portal import plugins
from portal.hooks.host import Host
from portal.hooks.host import host as real
from portal.hooks.specs import API, About, Card, Job, NavItem, Purpose, Stored
from portal.hooks.watch import Hung, Watch
from portal.kinds import Access
from portal.testing import TestSchool

from .modules import loaded, module
from .sleeper import sleeps

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


@get("/lost/raises", access=Access.SIGNED_IN)
async def _raises() -> str:
    raise KeyError("a defect of its own")


@post("/lostandfound", access=Access.STAFF)
async def _beside() -> str:
    return ""


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
        (module(portal_erase=_raising), "portal_erase must take these parameters: (person)"),
        (module(portal_navigation=[NavItem("Lost things", "/lost/../x", Access.PUBLIC)]), "leads to /lost/../x"),
        (module(portal_navigation=[NavItem("Lost things", "/lost/%2e./x", Access.PUBLIC)]), "leads to /lost/%2e./x"),
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
    assert not host.load(module("lost3", portal_about=About("lost", "Twin", API, "portal_twin", HERE)), "lost")
    assert "There is a plugin named 'lost' already" in host.broken["lost (portal_lost3)"]


@pytest.fixture
def lost(sqlite_school: TestSchool) -> Iterator[str]:
    """A plugin that is loaded into the portal's own host."""
    items = [NavItem("Lost things", "/lost", Access.PUBLIC)]
    about = About("lost", "Lost things", API, sleeps.fn.__module__, HERE / "sleeper")
    plugin = module(portal_about=about, portal_routes=[_page, _raises, sleeps], portal_navigation=items)
    with loaded(plugin, sqlite_school) as name:
        yield name


async def test_what_is_loaded_is_not_in_use_before_the_school_says_so(sqlite_school: TestSchool, lost: str) -> None:
    reader = await sqlite_school.browser("parent")
    assert (await reader.get("/lost")).status_code == 404
    assert 'href="/lost"' not in (await reader.get("/photos")).text
    await plugins.enable(lost)
    assert (await reader.get("/lost")).text == "found"
    assert 'href="/lost"' in (await reader.get("/photos")).text
    assert (await (await sqlite_school.browser()).get("/lost")).status_code == 303  # its own access still counts
    await plugins.disable(lost)
    assert (await reader.get("/lost")).status_code == 404


# ---- Plugins that fail at work ----


async def test_a_route_that_raises_is_an_error_page_with_the_plugin_named(
    sqlite_school: TestSchool, lost: str
) -> None:
    await plugins.enable(lost)
    reader = await sqlite_school.browser("parent")
    with capture_logs() as said:
        assert (await reader.get("/lost/raises")).status_code == 500
    assert [(line["plugin"], line["place"]) for line in said] == [("lost", "/lost/raises")]
    assert (real.troubles[lost].place, real.troubles[lost].kind) == ("/lost/raises", "KeyError")
    assert (await reader.get("/lost")).text == "found"  # it goes on
    assert (await reader.get("/stories")).status_code == 200


async def test_a_route_that_sleeps_is_woken_and_the_plugin_rests(sqlite_school: TestSchool, lost: str) -> None:
    await plugins.enable(lost)
    reader = await sqlite_school.browser("parent")
    watch = Watch(real, limit_s=1.0, look_s=0.1)
    watch.start()
    began = time.monotonic()
    try:
        assert (await reader.get("/lost/sleeps")).status_code == 500
    finally:
        watch.stop()
    assert time.monotonic() - began < 15
    assert real.troubles[lost].kind == "Hung"
    resting = await reader.get("/lost")
    assert resting.status_code == 503
    assert "does not work at the moment" in resting.text
    assert (await reader.get("/stories")).status_code == 200
    await plugins.enable(lost)  # the administrator knows better
    assert (await reader.get("/lost")).text == "found"


async def test_the_watch_does_not_touch_what_is_no_plugin(host: Host) -> None:
    watch = Watch(host, limit_s=0.2, look_s=0.1)
    watch.start()
    try:
        time.sleep(1)  # noqa: ASYNC251
    finally:
        watch.stop()
    assert host.troubles == {}


def test_an_endless_import_or_answer_does_not_keep_the_portal_from_starting(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.hooks.host.LOAD_LIMIT_S", 0.1)
    monkeypatch.setattr("portal.hooks.fitting.LOAD_LIMIT_S", 0.1)
    assert not host.load(module(portal_about=lambda: time.sleep(3)), "sleeper")
    assert not host.load(module(portal_routes=lambda: time.sleep(3)), "dozer")
    assert "did not answer within" in host.broken["sleeper"]
    assert "did not answer within" in host.broken["dozer"]
    assert host.load(module())


def _cards(*hrefs: str) -> Any:
    async def portal_cards(person: Any) -> list[Card]:
        return [Card("For you", person.name, href, count=2) for href in hrefs]

    return portal_cards


async def test_cards_stand_on_the_home_page_of_those_they_are_for(sqlite_school: TestSchool) -> None:
    with loaded(module(portal_cards=_cards("/lost")), sqlite_school) as name:
        parent, visitor = await sqlite_school.browser("parent"), await sqlite_school.browser()
        assert "For you" not in (await parent.get("/stories")).text  # not in use
        await plugins.enable(name)
        home = (await parent.get("/stories")).text
        assert 'href="/lost"' in home
        assert "For you" in home
        assert "Parent Test" in home
        assert "For you" not in (await parent.get("/photos")).text
        assert "For you" not in (await visitor.get("/stories")).text


@pytest.mark.parametrize("failing", ["raises", "hangs", "elsewhere", "nonsense"])
async def test_cards_that_fail_are_left_out(
    sqlite_school: TestSchool, failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0

    async def portal_cards(person: Any) -> Any:
        nonlocal asked
        asked += 1
        if failing == "raises":
            raise RuntimeError
        if failing == "hangs":
            await asyncio.sleep(60)
        return [Card("x", "x", "/office")] if failing == "elsewhere" else 5

    monkeypatch.setattr("portal.hooks.host.CARD_LIMIT_S", 0.1)
    with (
        loaded(module("good", portal_cards=_cards("/good"))) as good,
        loaded(module(portal_cards=portal_cards), sqlite_school) as bad,
    ):
        await plugins.enable(good)
        await plugins.enable(bad)
        home = await (await sqlite_school.browser("parent")).get("/stories")
        assert home.status_code == 200
        assert home.text.count("For you") == 1
        assert real.troubles[bad].place == "portal_cards"
        assert not real.rests(bad)  # its pages may be fine all the same
        await (await sqlite_school.browser("parent")).get("/stories")
        assert asked == (1 if failing == "hangs" else 2)  # who is slow is left alone for a while


def test_hung_is_a_matter_of_time() -> None:
    assert issubclass(Hung, TimeoutError)  # so that whoever hangs rests, however it was noticed
