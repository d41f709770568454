"""The secret calendar address: what it shows, to whom it belongs, and when it is dead."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator

import icalendar
import pytest
import vobject
from appointments import LINK, blocks, booked, room_of
from portal_meetings import feed

from portal.sdk import NotVisible, Rung, clock, db, secret
from portal.testing import Browser, TestSchool, run
from portal.testing.contract_pages import counting


@pytest.fixture(autouse=True)
def unhurried() -> Iterator[None]:
    """What one test fetched slows no other down."""
    feed._asked.clear()
    yield
    feed._asked.clear()


async def path_of(browser: Browser) -> str:
    """The path of this person's address, as the page shows it."""
    text = (await browser.get("/meetings/calendar")).text
    found = re.search(r'value="[^"]*(/meetings/calendar/[\w-]+\.ics)"', text)
    return found[1] if found else ""


async def made(browser: Browser) -> str:
    assert (await browser.post("/meetings/calendar/new")).status_code == 303
    found = await path_of(browser)
    assert found
    return found


async def titles(visitor: Browser, path: str) -> list[str]:
    answer = await visitor.get(path)
    assert answer.status_code == 200, answer.status_code
    return [str(event["summary"]) for event in icalendar.Calendar.from_ical(answer.content).walk("VEVENT")]


async def test_an_address_shows_what_is_theirs_to_whoever_has_it(meeting: TestSchool) -> None:
    slot = await booked(meeting, title="About mia", provider="link", link=LINK)
    await booked(meeting, ("other", "lea"), begins=clock.HOUR, title="About lea")
    parent, visitor = await meeting.browser("parent"), await meeting.browser()
    assert await path_of(parent) == ""
    path = await made(parent)
    assert "Nobody has fetched it yet" in (await parent.get("/meetings/calendar")).text
    answer = await visitor.get(path)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-store"
    assert "set-cookie" not in answer.headers
    assert await titles(visitor, path) == ["About mia"]
    assert "Last fetched" in (await parent.get("/meetings/calendar")).text
    event = vobject.readOne(answer.text).vevent
    assert event.url.value == f"{meeting.settings.url}/meetings/join/{slot}"
    assert event.uid.value == f"{slot}-0@meetings.portal"
    assert "Europe/Berlin" in event.description.value
    for hidden in ("zoom.us", "pwd", "mailto", "Mia", "Parent", "school.example"):
        assert hidden not in answer.text
    teacher = await meeting.browser("teacher")
    assert await titles(visitor, await made(teacher)) == ["About mia", "About lea"], "hosts have theirs"


async def test_it_names_no_room(meeting: TestSchool) -> None:
    slot = await booked(meeting, provider="jitsi")
    text = (await (await meeting.browser()).get(await made(await meeting.browser("parent")))).text
    assert await room_of(slot) not in text


async def test_addresses_differ_and_only_whole_ones_work(meeting: TestSchool) -> None:
    await booked(meeting)
    visitor = await meeting.browser()
    one, other = [await made(await meeting.browser(name)) for name in ("parent", "coparent")]
    assert one != other
    assert await titles(visitor, one) == ["A talk"]
    assert await titles(visitor, other) == []
    for wrong in (
        one[:-5] + ".ics", one.replace(".ics", ""), one.replace(".ics", ".txt"), one.replace(".ics", "x.ics"),
        one.swapcase().replace(".ICS", ".ics"), "/meetings/calendar/x.ics", f"/meetings/calendar/{'x' * 32}.ics",
        "/meetings/calendar/%00.ics", f"/meetings/calendar/{'x' * 5000}.ics", "/meetings/calendar/ü.ics",
    ):  # fmt: skip
        assert (await visitor.get(wrong)).status_code == 404, wrong


async def test_a_new_address_ends_the_old_one_at_once(meeting: TestSchool) -> None:
    await booked(meeting)
    parent, visitor = await meeting.browser("parent"), await meeting.browser()
    old = await made(parent)
    assert await titles(visitor, old) == ["A talk"]
    asked = await parent.post("/meetings/calendar/new")
    assert asked.status_code == 200
    assert "The old one is dead at once" in asked.text
    assert await path_of(parent) == old, "nothing happens before that is confirmed"
    assert (await parent.post("/meetings/calendar/new", {"confirmed": "1"})).status_code == 303
    new = await path_of(parent)
    assert new != old
    assert (await visitor.get(old)).status_code == 404
    assert await titles(visitor, new) == ["A talk"]


async def test_it_can_be_switched_off(meeting: TestSchool) -> None:
    parent, visitor = await meeting.browser("parent"), await meeting.browser()
    path = await made(parent)
    assert "get nothing more" in (await parent.post("/meetings/calendar/stop")).text
    assert (await visitor.get(path)).status_code == 200
    assert (await parent.post("/meetings/calendar/stop", {"confirmed": "1"})).status_code == 303
    assert (await visitor.get(path)).status_code == 404
    assert await path_of(parent) == ""


async def test_the_key_is_in_no_table(meeting: TestSchool) -> None:
    key = (await made(await meeting.browser("parent"))).rpartition("/")[2].removesuffix(".ics")
    row = await db.row("SELECT person, hash, sealed, secret FROM meetings_feed")
    assert row is not None
    assert row[0] == meeting.ids["parent"]
    assert key not in str(row)
    assert len(key) == 32
    assert secret(row[3]) is not None
    await run("UPDATE meetings_feed SET sealed = 'AAAA'")
    assert (await feed.address(meeting.ids["parent"]))[0] == "", "what cannot be opened is not shown"


async def test_an_order_closes_what_is_about_the_child(meeting: TestSchool) -> None:
    await booked(meeting, ("parent", "mia"), title="About mia")
    await booked(meeting, ("parent", "ben"), host="colleague", begins=clock.HOUR, title="About ben", group="3b")
    parent, visitor = await meeting.browser("parent"), await meeting.browser()
    path = await made(parent)
    assert await titles(visitor, path) == ["About mia", "About ben"]
    await blocks(meeting, "parent", "mia")
    assert await titles(visitor, path) == ["About ben"]
    await blocks(meeting, "parent", "ben")
    assert (await visitor.get(path)).status_code == 404, "who has nobody at the school any more has no calendar"


async def test_former_blocked_and_closed_accounts(meeting: TestSchool) -> None:
    visitor = await meeting.browser()
    for name, sql in (
        ("other", "UPDATE link SET ends = '2020-01-01' WHERE adult = ?"),
        ("neighbour", "UPDATE person SET active = false WHERE id = ?"),
        ("colleague", "DELETE FROM staff WHERE adult = ?"),
    ):
        path = await made(await meeting.browser(name))
        assert await titles(visitor, path) == []
        await run(sql, meeting.ids[name])
        assert (await visitor.get(path)).status_code == 404, name
    for name in ("blocked", "former", "outsider"):
        with pytest.raises(NotVisible):
            await feed.renew(meeting.viewer(name))
    with pytest.raises(NotVisible):
        await feed.renew(meeting.viewer("anonymous"))
    assert (await visitor.post("/meetings/calendar/new")).status_code == 401
    assert await db.value("SELECT count(*) FROM meetings_feed") == 3


async def test_a_child_has_one_while_it_may_use_an_account(meeting: TestSchool) -> None:
    visitor, noor = await meeting.browser(), meeting.ids["noor"]
    path = await made(await meeting.browser("noor"))
    assert (await visitor.get(path)).status_code == 404, "no account yet"
    await run("INSERT INTO account (person, login, created_at) VALUES (?, 'noor', 0)", noor)
    assert await titles(visitor, path) == []
    await meeting.decide("noors_parent", "noor", Rung.NOBODY, "account")
    assert (await visitor.get(path)).status_code == 404


async def test_what_is_withdrawn_is_gone_and_what_is_moved_follows(meeting: TestSchool) -> None:
    slot = await booked(meeting)
    path, visitor = await made(await meeting.browser("parent")), await meeting.browser()
    first = await visitor.get(path)
    tag = first.headers["etag"]
    assert (await visitor.get(path, **{"If-None-Match": f'"x", W/{tag}'})).status_code == 304
    await run("UPDATE meetings_slot SET starts_at = starts_at + 1800000000, sequence = 1 WHERE id = ?", slot)
    moved = await visitor.get(path, **{"If-None-Match": tag})
    assert moved.status_code == 200
    assert moved.headers["etag"] != tag
    before, after = (icalendar.Calendar.from_ical(one.content).walk("VEVENT")[0] for one in (first, moved))
    assert after["uid"] == before["uid"]
    assert (after.decoded("dtstart") - before.decoded("dtstart")).seconds == 1800
    await run("UPDATE meetings_slot SET state = 'off' WHERE id = ?", slot)
    assert await titles(visitor, path) == []


async def test_what_is_long_past_is_left_out(meeting: TestSchool) -> None:
    await booked(meeting, begins=-40 * clock.DAY, title="Long past")
    await booked(meeting, begins=-20 * clock.DAY, title="Past")
    path = await made(await meeting.browser("parent"))
    assert await titles(await meeting.browser(), path) == ["Past"]


async def test_it_speaks_the_readers_language(meeting: TestSchool) -> None:
    await booked(meeting, provider="jitsi")
    path = await made(await meeting.browser("parent"))
    await run("UPDATE person SET language = 'ar' WHERE id = ?", meeting.ids["parent"])
    event = icalendar.Calendar.from_ical((await (await meeting.browser()).get(path)).content).walk("VEVENT")[0]
    assert event["location"].params["LANGUAGE"] == "ar"


async def test_who_asks_again_and_again_is_slowed_down(meeting: TestSchool) -> None:
    path, other = [await made(await meeting.browser(name)) for name in ("parent", "coparent")]
    visitor = await meeting.browser()
    for _time in range(feed.OFTEN):
        assert (await visitor.get(path)).status_code == 200
    slowed = await visitor.get(path)
    assert slowed.status_code == 429
    assert slowed.headers["retry-after"] == "300"
    assert (await visitor.get(other)).status_code == 200, "others are not"


async def test_as_many_queries_for_thirty_as_for_one(meeting: TestSchool) -> None:
    path, visitor = await made(await meeting.browser("parent")), await meeting.browser()
    counts = []
    for more in (1, 29):
        for n in range(more):
            await booked(meeting, begins=clock.DAY * (n + more), title=f"Talk {n}")
        await visitor.get(path)
        with counting() as asked:
            assert len(await titles(visitor, path)) == (30 if counts else 1)
        counts.append(len(asked))
    assert counts[0] == counts[1] > 0


async def test_two_windows_at_once_on_each_database(school: TestSchool) -> None:
    await school.use("meetings")
    viewer, person = school.viewer("parent"), school.ids["parent"]
    await asyncio.gather(*(feed.renew(viewer) for _time in range(4)))
    rows = await db.rows("SELECT hash FROM meetings_feed WHERE person = ?", person)
    assert len(rows) == 1, "the last one counts"
    key, _asked = await feed.address(person)
    assert (await feed.fetch(key))[0].startswith(b"BEGIN:VCALENDAR")
    await feed.renew(viewer)
    with pytest.raises(NotVisible):
        await feed.fetch(key)
    await feed.stop(viewer)
    assert await feed.address(person) == ("", 0)


async def test_an_erased_person_leaves_no_address(meeting: TestSchool) -> None:
    path = await made(await meeting.browser("parent"))
    await run("DELETE FROM meetings_feed WHERE person = ?", meeting.ids["parent"])
    assert (await (await meeting.browser()).get(path)).status_code == 404


async def test_one_appointment_as_a_file(meeting: TestSchool) -> None:
    slot = await booked(meeting, title="About mia", provider="link", link=LINK)
    answer = await (await meeting.browser("parent")).get(f"/meetings/join/{slot}/calendar.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert str(icalendar.Calendar.from_ical(answer.content).walk("VEVENT")[0]["summary"]) == "About mia"
    assert "zoom.us" not in answer.text
