"""What was open is shut by the next request: withdrawals, orders, ended links, lost classes, a story taken down."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from portal_stories import posting

from portal import clock
from portal.db import atomic, db
from portal.kinds import Rung
from portal.people import actions as people
from portal.testing import Browser
from tests.access.world import CLASS_3A, MIAS_FAMILY, NOBODY, World, open_world


@pytest.fixture
async def world(tmp_path: Path, ready_sqlite: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path, None, ready_sqlite) as opened:
        yield opened


def _today() -> str:
    return clock.present("Europe/Berlin").today


async def withdrawn(world: World) -> None:
    await world.school.decide("coparent", "mia", Rung.NOBODY)


async def lowered(world: World) -> None:
    await world.school.decide("coparent", "mia", Rung.FAMILY)


async def blocked(world: World) -> None:
    await people.block(world.id("teacher"), world.id("mia"))


async def held(world: World) -> None:
    await people.hold(world.id("mia"), True)


async def deactivated(world: World) -> None:
    await people.deactivate(world.id("other"))


async def unlinked(world: World) -> None:
    await people.link(world.id("grandparent"), world.id("mia"), decides=False, sees=False, relation="", today=_today())


async def left(world: World) -> None:
    await people.leave(world.id("mia"), world.school.groups["3a"], _today())


async def no_longer_teaching(world: World) -> None:
    await people.stop_serving(world.id("teacher"), world.school.groups["3a"])


async def taken_down(world: World) -> None:
    await posting.take_down(world.school.viewer("teacher"), world.stories["3a"].id)


@atomic
async def unreviewed(world: World) -> None:
    await db.run("UPDATE photo SET reviewed = ? WHERE id = ?", False, world.photos["mia"].id)


HANDLERS = frozenset({"teacher", "admin"})
CHANGES: list[tuple[Callable[[World], Awaitable[None]], frozenset[str], frozenset[str]]] = [
    # What happens, who still sees the photo in the album, who still handles it.
    (withdrawn, NOBODY, HANDLERS),
    (lowered, MIAS_FAMILY, HANDLERS),
    (blocked, CLASS_3A - {"teacher"}, frozenset({"admin"})),
    (held, NOBODY, frozenset({"safeguarding"})),
    (deactivated, CLASS_3A - {"other"}, HANDLERS),
    (unlinked, CLASS_3A - {"grandparent"}, HANDLERS),
    (left, MIAS_FAMILY, HANDLERS),  # out of the class at once; her family keeps her pictures
    (no_longer_teaching, CLASS_3A - {"teacher"}, frozenset({"admin"})),
    (taken_down, NOBODY, HANDLERS),
    (unreviewed, NOBODY, HANDLERS),
]


async def _ways(browser: Browser, world: World) -> dict[str, bool]:
    """Each way to the photo, and whether it leads there."""
    photo = world.photos["mia"]
    found = {}
    for path in ("/photos/{}", "/photos/{}/small", "/photos/{}/medium", "/photos/{}/large"):
        found[path] = (await browser.get(path.format(photo.id))).status_code == 200
    for path in ("/photos", "/stories", f"/stories/{world.stories['3a'].id}"):
        text = (await browser.get(path)).text
        found[path] = photo.alt in text
        assert (str(photo.id) in text) is found[path], path
    return found


@pytest.mark.parametrize(("change", "see", "handle"), CHANGES, ids=[change[0].__name__ for change in CHANGES])
async def test_the_next_request_obeys(
    world: World, change: Callable[[World], Awaitable[None]], see: frozenset[str], handle: frozenset[str]
) -> None:
    photo = world.photos["mia"]
    members = sorted(CLASS_3A | HANDLERS | {"safeguarding", "neighbour", "former", "anonymous"})
    browsers = {name: await world.school.browser(name) for name in members}
    for name, browser in browsers.items():
        before = await _ways(browser, world)
        assert set(before.values()) == {name in CLASS_3A}, (name, before)
        desk = (await browser.get(f"/desk/photos/{photo.id}/small")).status_code == 200
        assert desk is (name in HANDLERS), name
    await change(world)
    for name, browser in browsers.items():
        after = await _ways(browser, world)
        if name in see and change is not left:
            assert all(after.values()), (name, after)
        assert {path for path, leads in after.items() if leads} == set() or name in see, (name, after)
        assert after["/photos/{}/small"] is (name in see), name
        kept = (await browser.get(f"/photos/{photo.id}/download")).status_code == 200
        assert kept is (name in see & photo.kept), name
        desk = (await browser.get(f"/desk/photos/{photo.id}/small")).status_code == 200
        assert desk is (name in handle), name
        listed = photo.alt in (await browser.get("/desk")).text
        assert listed is (name in handle), name
