"""Families book: who may what, and who must not learn of it."""

from __future__ import annotations

import asyncio
from datetime import datetime
from itertools import pairwise

import pytest
from booked import book, booked, made, opened, slots, window
from icalendar import Calendar
from portal_meetings import booking, loading, making, running
from portal_meetings.booking import Taken

from portal.sdk import BadInput, NotVisible, Refused, Viewer, clock, db, new_id
from portal.testing import TestSchool, run


async def calendars(school: TestSchool, name: str) -> list[tuple[str, str, int, datetime]]:
    """Method, uid, sequence and beginning of what went along with each word."""
    rows = await db.rows("SELECT calendar FROM outgoing WHERE person = ? ORDER BY id", school.ids[name])
    found = []
    for (text,) in rows:
        if text:
            read = Calendar.from_ical(text)
            event = read.walk("VEVENT")[0]
            found.append((str(read["METHOD"]), str(event["UID"]), int(event["SEQUENCE"]), event["DTSTART"].dt))
    return found


async def test_a_family_books_changes_and_cancels(school: TestSchool) -> None:
    await school.use("meetings")
    event = await opened(school)
    first, second, *_ = await slots(event)
    number = await book(school, "parent", event, first, "mia", "Reading")
    assert await book(school, "parent", event, first, "mia", "Reading") == number  # pressed twice
    assert await book(school, "parent", event, second, "mia", "Maths") == number
    found = await booked(number)
    assert (found.slot, found.note, found.starts_at) == (second.id, "Maths", second.starts_at)
    await booking.cancel(school.viewer("parent"), number)
    assert await loading.booking(number) is None
    assert [subject for subject, _text in await school.told("parent")] == [
        "Your appointment: The evening", "Your appointment was changed: The evening", "Cancelled: The evening"
    ]  # fmt: skip
    told = await calendars(school, "parent")
    assert [one[0] for one in told] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [one[2] for one in told] == [0, 1, 2]
    assert len({uid for _method, uid, _sequence, _at in told}) == 1
    assert told[1][3].timestamp() * clock.SECOND == second.starts_at


async def test_separated_parents_have_a_time_each_and_nobody_else_has_any(meeting: TestSchool) -> None:
    school = meeting
    event = await opened(school)
    first, second, third = await slots(event)
    await book(school, "parent", event, first, "mia")
    await book(school, "coparent", event, second, "mia")
    for name in ("grandparent", "former", "blocked", "other", "neighbour", "teacher", "office", "outsider", "mia"):
        with pytest.raises(NotVisible):
            await book(school, name, event, third, "mia")
    with pytest.raises(NotVisible):  # not his class
        await book(school, "neighbour", event, third, "tom")
    with pytest.raises(NotVisible):  # her other child is in 3b
        await book(school, "parent", event, third, "ben")
    number = await book(school, "other", event, third, "lea")
    for name in ("parent", "coparent", "blocked", "teacher", "former", "anonymous"):
        with pytest.raises(NotVisible):
            await booking.cancel(school.viewer(name), number)
    assert (await booked(number)).state == "on"


async def test_a_household_has_one_time_together(meeting: TestSchool) -> None:
    school = meeting
    home = new_id()
    await run("INSERT INTO household (id, name, source, external_id) VALUES (?, 'Home', 'test', 'home')", home)
    for name in ("parent", "coparent"):
        await run(
            "INSERT INTO household_member (id, household, person, channels) VALUES (?, ?, ?, 'email')",
            *(new_id(), home, school.ids[name]),
        )
    event = await opened(school)
    first, second, _third = await slots(event)
    number = await book(school, "parent", event, first, "mia")
    assert await book(school, "coparent", event, second, "mia") == number
    await booking.cancel(school.viewer("parent"), number)
    assert [slot.taken for slot in await slots(event)] == [0, 0, 0]


async def test_what_is_taken_withdrawn_past_or_closed(meeting: TestSchool) -> None:
    school = meeting
    event = await opened(school)
    first, second, third = await slots(event)
    await book(school, "parent", event, first, "mia")
    with pytest.raises(Taken):
        await book(school, "other", event, first, "lea")
    await running.withdraw(school.viewer("teacher"), second.id)
    with pytest.raises(BadInput, match="not offered any more"):
        await book(school, "other", event, second, "lea")
    with clock.frozen(third.starts_at), pytest.raises(BadInput, match="in the past"):
        await book(school, "other", event, third, "lea")
    await running.close(school.viewer("teacher"), event)
    with pytest.raises(BadInput, match="ask the office"):
        await book(school, "other", event, third, "lea")
    draft = await made(school, window(days=20))
    with pytest.raises(NotVisible):
        await book(school, "other", draft, (await slots(draft))[0], "lea")
    with pytest.raises(NotVisible):  # a slot of another event
        await book(school, "other", event, (await slots(draft))[0], "lea")


async def test_too_late_to_change(meeting: TestSchool) -> None:
    school = meeting
    event = await opened(school, change_hours=24)
    first, second, _third = await slots(event)
    number = await book(school, "parent", event, first, "mia")
    with clock.frozen(first.starts_at - 23 * clock.HOUR):
        with pytest.raises(Refused, match="telephone"):
            await booking.cancel(school.viewer("parent"), number)
        with pytest.raises(Refused, match="telephone"):
            await book(school, "parent", event, second, "mia")
    assert (await booked(number)).slot == first.id


async def test_nobody_is_in_two_places(meeting: TestSchool) -> None:
    school = meeting
    event = await opened(school, by="office", classes="3a,3b")
    own, theirs = await slots(event, school, "teacher"), await slots(event, school, "colleague")
    await book(school, "parent", event, own[0], "mia")
    with pytest.raises(BadInput, match="another appointment"):
        await book(school, "parent", event, theirs[0], "ben")
    await book(school, "parent", event, theirs[1], "ben")
    with pytest.raises(BadInput) as failure:  # a teacher has no two events at a time
        await made(school, window("16:10", "16:30"))
    assert (failure.value.field, "other appointments" in failure.value.message) == ("w0-begins", True)
    assert len(await slots(await made(school, window("17:00", "17:30")))) == 1


async def test_all_or_nothing(school: TestSchool) -> None:
    await school.use("meetings")
    event = await opened(school, by="office", classes="3a,3b")
    own, theirs = await slots(event, school, "teacher"), await slots(event, school, "colleague")
    await book(school, "neighbour", event, theirs[1], "tom")
    pairs = [(own[0].id, school.ids["mia"]), (theirs[1].id, school.ids["ben"])]
    with pytest.raises(Taken):
        await booking.book_all(school.viewer("parent"), event, pairs)
    assert await loading.bookings("WHERE b.person = ?", school.ids["parent"]) == []
    assert await school.told("parent") == []
    pairs[1] = (theirs[2].id, school.ids["ben"])
    assert len(await booking.book_all(school.viewer("parent"), event, pairs)) == 2


async def _families(school: TestSchool, number: int) -> list[tuple[Viewer, int]]:
    """More families of class 3a."""
    found = []
    for at in range(number):
        adult, child = new_id(), new_id()
        for person, kind in ((adult, "adult"), (child, "child")):
            await run(
                "INSERT INTO person (id, kind, given_name, family_name, email, language, active, born,"
                " safeguarding_hold, source, external_id, created_at)"
                " VALUES (?, ?, ?, 'Crowd', ?, 'en', ?, ?, ?, 'test', ?, ?)",
                *(person, kind, f"{kind}{at}", f"{person}@school.example" if kind == "adult" else None, True),
                *("2015-01-01" if kind == "child" else None, False, f"crowd{person}", clock.now()),
            )
        await run(
            "INSERT INTO membership (id, child, group_id, starts, ends, source, external_id)"
            " VALUES (?, ?, ?, NULL, NULL, 'test', ?)",
            *(new_id(), child, school.groups["3a"], str(child)),
        )
        await run(
            "INSERT INTO link (id, adult, child, decides, sees, relation, starts, ends, source)"
            " VALUES (?, ?, ?, ?, ?, 'guardian', NULL, NULL, 'test')",
            *(new_id(), adult, child, True, True),
        )
        found.append((Viewer(adult), child))
    return found


async def test_the_last_place_is_given_once(school: TestSchool) -> None:
    """All at the same moment, for one place: one has it, the others hear so, and nothing is left half done."""
    await school.use("meetings")
    event = await opened(school, window("16:00", "16:20"))
    (last,) = await slots(event)
    families = await _families(school, 8)
    came = await asyncio.gather(
        *(booking.book(viewer, event, last.id, child, "x") for viewer, child in families), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in came) == ["Taken"] * 7 + ["int"]
    assert await db.value("SELECT count(*) FROM meetings_booking") == 1
    assert await db.value("SELECT count(*) FROM outgoing") == 1


async def test_one_adult_in_two_windows_at_once(school: TestSchool) -> None:
    """The same mother takes two overlapping times at the same moment: she gets one."""
    await school.use("meetings")
    event = await opened(school, by="office", classes="3a,3b")
    own, theirs = await slots(event, school, "teacher"), await slots(event, school, "colleague")
    came = await asyncio.gather(
        book(school, "parent", event, own[0], "mia"), book(school, "parent", event, theirs[0], "ben"),
        return_exceptions=True,
    )  # fmt: skip
    assert sorted(isinstance(one, BadInput) for one in came) == [False, True]


async def test_a_visit_has_as_many_places_as_it_says(meeting: TestSchool) -> None:
    school = meeting
    event = await opened(school, window("08:00", "09:00"), kind="visit", minutes=60, places=2)
    (visit,) = await slots(event)
    await book(school, "parent", event, visit, "mia")
    await book(school, "other", event, visit, "lea")
    with pytest.raises(Taken):
        await book(school, "coparent", event, visit, "mia")


async def test_at_a_visit_nobody_meets_a_child_that_is_kept_from_them(meeting: TestSchool) -> None:
    """The time looks taken to them, and does not to others."""
    school = meeting
    event = await opened(school, window("08:00", "10:00"), kind="visit", minutes=60, places=9)
    first, second = await slots(event)
    await book(school, "other", event, first, "lea")
    await run("INSERT INTO block (id, adult, child, created_at) VALUES (1, ?, ?, ?)",
              *(school.ids["parent"], school.ids["lea"], clock.now()))  # fmt: skip
    for name, there in (("parent", False), ("coparent", True)):
        text = (await (await school.browser(name)).get(f"/meetings/{event}")).text
        assert (f'value="{first.id}"' in text, f'value="{second.id}"' in text) == (there, True)
    with pytest.raises(Taken):
        await book(school, "parent", event, first, "mia")
    await book(school, "coparent", event, first, "mia")
    await book(school, "parent", event, second, "mia")


async def test_one_family_is_offered_times(meeting: TestSchool) -> None:
    school = meeting
    event = await opened(school, kind="family", child="mia")
    first, _second, _third = await slots(event)
    with pytest.raises(NotVisible):
        await book(school, "other", event, first, "lea")
    await book(school, "parent", event, first, "mia")
    with pytest.raises(BadInput) as failure:  # a child of another class
        await making.create(
            school.viewer("teacher"), "x", "family", making.Frame("x"), making.Times((window(days=15),)),
            child=school.ids["tom"],
        )  # fmt: skip
    assert failure.value.field == "child"

async def test_a_time_is_withdrawn_moved_and_freed_while_it_is_booked(school: TestSchool) -> None:
    """Whoever is first: no booking stands in a withdrawn time, no place is given twice, and everybody has word."""
    await school.use("meetings")
    event = await opened(school, window("16:00", "17:20"))
    times = await slots(event)
    families = await _families(school, 4)
    (first, mia), *others = families
    for one, then in pairwise(times):
        await booking.book(first, event, one.id, mia)
        await asyncio.gather(
            *(booking.book(viewer, event, then.id, child) for viewer, child in others),
            booking.book(first, event, then.id, mia), running.withdraw(school.viewer("teacher"), then.id),
            return_exceptions=True,
        )  # fmt: skip
        assert await db.value("SELECT count(*) FROM meetings_booking b JOIN meetings_slot s ON s.id = b.slot"
                              " WHERE b.state = 'on' AND s.state = 'off'") == 0  # fmt: skip
        assert {slot.taken for slot in await slots(event)} <= {0, 1}
        assert (await loading.slot(then.id)).state == "off"  # type: ignore[union-attr]
        await running.put_back(school.viewer("teacher"), then.id)
        for number in [row.id for row in await loading.bookings("WHERE b.event = ?", event)]:
            await run("DELETE FROM meetings_booking WHERE id = ?", number)
