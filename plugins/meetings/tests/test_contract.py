"""What every plugin keeps to, with meetings as staff make them and families book them."""

from __future__ import annotations

from booked import a_day, book, made, opened, slots, window
from portal_meetings import feed, joining, running, waiting

from portal.testing import TestSchool, axe, run
from portal.testing.contract import problems

CLASS = "https://meet.google.com/abc-defg-hij"


async def fill(school: TestSchool, count: int) -> list[str]:
    """An evening by video with a booking, one at school with all of its times taken and somebody who waits, a draft,
    and a talk with one family; each `count` times."""
    mia, addresses = school.ids["mia"], []
    for number in range(count):
        day = number + 10
        video = window("16:00", "16:40", day, provider="link", link=CLASS)
        event = await opened(school, video, title=f"Evening {number}", record=True)
        first, second = await slots(event)
        await book(school, "parent", event, first, "mia", "How she reads")
        await run("UPDATE meetings_slot SET provider = 'jitsi' WHERE id = ?", first.id)
        await joining.agree(school.viewer("parent"), first.id, True)
        await running.withdraw(school.viewer("teacher"), second.id)
        full = await opened(school, window("17:00", "17:20", day), title=f"Talks {number}")
        (only,) = await slots(full)
        await book(school, "coparent", full, only, "mia")
        await waiting.join(school.viewer("parent"), full, only.host, mia, "Whenever")
        talk = await opened(school, window("18:00", "18:40", day), kind="family", child="mia", title=f"A talk {number}")
        draft = await made(school, window("19:00", "19:20", day), title=f"Later {number}")
        addresses += [f"/meetings/{one}" for one in (event, full, talk)]
        addresses += [f"/meetings/{event}/plan", f"/meetings/slots/{first.id}", f"/meetings/slots/{second.id}"]
        addresses += [f"/meetings/{one}/{page}" for one in (event, draft) for page in ("desk", "edit", "times")]
        addresses += [f"/meetings/join/{first.id}{page}" for page in ("", "/go", "/calendar.ics")]
        addresses += [f"/meetings/day?day={a_day(day)}"]
    await feed.renew(school.viewer("parent"))
    key, _at = await feed.address(school.ids["parent"])
    addresses += [f"/meetings/calendar/{key}.ics"]
    addresses += [f"/meetings/new?kind={kind}" for kind in ("evening", "visit", "family")]
    return addresses


async def test_contract() -> None:
    assert await problems("meetings", fill) == []


async def each_once(school: TestSchool, _count: int) -> list[str]:
    """One of each, without pages that are made of the same parts as another."""
    like = ("/go", "/edit", "/times", "kind=visit", "kind=family")
    return [address for address in await fill(school, 1) if not address.endswith(like)]


async def test_pages_are_open_to_everyone() -> None:
    assert await axe.problems("meetings", each_once, ("teacher", "parent", "admin")) == []
