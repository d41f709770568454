"""Every way out of the portal, asked by each member of the cast: nothing of what is not theirs comes along."""

from __future__ import annotations

import re

import pytest

from portal.testing import CAST
from tests.access.matrix import MATRIX
from tests.access.table import place
from tests.access.world import SIGNED_IN, World
from tests.egress.crawl import Crawl
from tests.egress.labels import Labels
from tests.egress.rules import leaks, marks

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("member", CAST)
async def test_nothing_that_is_not_theirs(world: World, crawls: dict[str, Crawl], member: str) -> None:
    known = marks(world)
    for address, seen in crawls[member].seen.items():
        assert seen.status < 500, (member, address)
        found = leaks(member, address + seen.text, known)
        assert not found, f"{member} reads {', '.join(found)} at {address}"


@pytest.mark.parametrize("member", sorted(SIGNED_IN))
async def test_but_all_that_is_theirs(world: World, crawls: dict[str, Crawl], member: str) -> None:
    """The twin: what could leak is there, and comes to those whose it is."""
    everything = "\n".join(address + seen.text for address, seen in crawls[member].seen.items())
    missing = [mark.said for mark in marks(world) if member in mark.must and mark.text not in everything]
    assert not missing, f"{member} does not come across {', '.join(missing)}"


async def test_what_one_sees_asked_for_by_each_other(world: World, crawls: dict[str, Crawl]) -> None:
    """No link is ever a permission: the same addresses, asked by everybody else."""
    known = marks(world)
    addresses = {a for crawl in crawls.values() for a, seen in crawl.seen.items() if seen.status == 200}
    for (method, path), rule in MATRIX.items():  # and what no page links to
        if method == "GET" and rule.things is not None:
            addresses |= {place(path, thing.params) for thing in (await rule.things(world, "admin")).values()}
    asked = 0
    for member in [name for name in CAST if name not in ("outsider", "lea", "tom")]:  # who are visitors, like ben
        browser = crawls[member].browser
        for address in sorted(addresses):
            if address in crawls[member].seen:
                continue
            one = Crawl(browser)
            await one.ask(address)
            found = leaks(member, one.seen[address].text.replace(address, ""), known)
            assert not found, f"{member} reads {', '.join(found)} at {address}"
            assert one.seen[address].status < 500, (member, address)
            asked += 1
    assert asked > 1_000


async def test_pictures_are_the_same_bytes_only_for_those_who_see_the_same(
    world: World, crawls: dict[str, Crawl]
) -> None:
    """A photo with a child covered has the same address for everybody, and never the same bytes."""
    photo = world.photos["mia-covered"]
    address = f"/photos/{photo.id}/small"
    for member in CAST:
        answer = await crawls[member].browser.get(address)
        if member in photo.seen:
            assert answer.content == photo.bytes("small"), member
        elif member in photo.covered:
            assert answer.content == photo.bytes("small", covered=True), member
        else:
            assert answer.status_code == 404, member


@pytest.mark.parametrize("member", CAST)
async def test_nobody_is_led_where_they_may_not_go(crawls: dict[str, Crawl], member: str) -> None:
    """Menus and links name only what opens; a closed door that is shown tells that there is something behind it."""
    crawl = crawls[member]
    assert len(crawl.links) > 3
    for link, page in crawl.links.items():
        assert crawl.seen[link].status in (200, 303), f"{page} leads {member} to {link}: {crawl.seen[link].status}"


async def test_every_field_has_a_label_and_every_picture_a_text(crawls: dict[str, Crawl]) -> None:
    """On every page that anybody reaches; a browser with axe looks closer at some of them."""
    fields = 0
    for member, crawl in crawls.items():
        for address, seen in crawl.seen.items():
            if "html" in seen.media_type:
                page = Labels(seen.body.decode())
                assert not page.unlabelled, f"{member} {address}: {page.unlabelled}"
                fields += page.fields
    assert fields > 100


async def test_the_crawls_reach_every_kind_of_page(world: World, crawls: dict[str, Crawl]) -> None:
    """A crawl that no longer finds the links would find no leaks either."""
    reached = {address.partition("?")[0] for crawl in crawls.values() for address, seen in crawl.seen.items()
               if seen.status == 200}  # fmt: skip
    for start in ("/photos/", "/desk/photos/", "/stories/", "/decide/", "/office/people/", "/office/paper/",
                  "/office/scans/", "/office/notices/", "/privacy/", "/office/roster/template/"):  # fmt: skip
        assert any(address.startswith(start) for address in reached), start
    for part in ("/account/data", "/data", "/data/download", "/office/plugins/", "/office/words"):
        assert any(part in address for address in reached), part
    assert any(re.fullmatch(r"/account/data/\d+/download", address) for address in reached)
    assert any(re.fullmatch(r"/photos/\d+/download", address) for address in reached)
    assert any(address.endswith("/edit") for address in reached)
    assert any("?child=" in address for address in crawls["parent"].seen)
