"""The waiting list: whoever waits longest hears first, and nobody hears of anybody else."""

from __future__ import annotations

import pytest
from booked import book, booked, opened, slots, window
from portal_meetings import booking, loading, running, waiting

from portal.sdk import BadInput, NotVisible, Refused, clock
from portal.testing import TestSchool, run


async def full(school: TestSchool, *, by: str = "coparent") -> tuple[int, int, int]:
    """An evening with one time, which is taken; the event, the host and the booking."""
    event = await opened(school, window("16:00", "16:20"))
    (slot,) = await slots(event)
    return event, slot.host, await book(school, by, event, slot, "mia")


async def wait(school: TestSchool, who: str, event: int, host: int, child: str, *, at_once: bool = False) -> None:
    await waiting.join(school.viewer(who), event, host, school.ids[child], "A note", at_once=at_once)


async def told(school: TestSchool, name: str) -> list[str]:
    return [subject for subject, _body in await school.told(name)]


async def test_a_freed_time_is_kept_for_the_first(meeting: TestSchool) -> None:
    school = meeting
    event, host, number = await full(school)
    await wait(school, "parent", event, host, "mia")
    await wait(school, "other", event, host, "lea")
    await booking.cancel(school.viewer("coparent"), number)
    assert await told(school, "parent") == ["A time became free: The evening"]
    assert await told(school, "other") == []
    (slot,) = await slots(event)
    with pytest.raises(booking.Taken):
        await book(school, "other", event, slot, "lea")
    mine = await booked(await book(school, "parent", event, slot, "mia", "A note"))
    assert mine.slot == slot.id
    assert [one.person for one in await waiting.rows("WHERE event = ?", event)] == [school.ids["other"]]


async def test_an_offer_that_nobody_takes_goes_on(meeting: TestSchool) -> None:
    school = meeting
    event, host, number = await full(school)
    await wait(school, "parent", event, host, "mia")
    await wait(school, "other", event, host, "lea")
    await booking.cancel(school.viewer("coparent"), number)
    with clock.frozen(clock.now() + 13 * clock.HOUR):
        await school.work()
        assert await told(school, "other") == ["A time became free: The evening"]
        await school.work()  # nothing twice
        assert len(await told(school, "other")) == len(await told(school, "parent")) == 1
    with clock.frozen(clock.now() + 26 * clock.HOUR):
        await waiting.leave(school.viewer("other"), (await waiting.rows("WHERE event = ?", event))[0].id, booking.give)
        await school.work()


async def test_nobody_else_waits_so_anybody_may_have_it(meeting: TestSchool) -> None:
    school = meeting
    event, host, number = await full(school)
    await wait(school, "parent", event, host, "mia")
    await booking.cancel(school.viewer("coparent"), number)
    (slot,) = await slots(event)
    with clock.frozen(slot.held_until):
        await school.work()
        await book(school, "other", event, slot, "lea")
    assert len(await told(school, "parent")) == 1


async def test_the_first_time_is_booked_at_once(meeting: TestSchool) -> None:
    school = meeting
    event, host, number = await full(school)
    await wait(school, "other", event, host, "lea", at_once=True)
    before = (await slots(event))[0].room
    await booking.cancel(school.viewer("coparent"), number)
    (mine,) = await loading.bookings("WHERE b.event = ?", event)
    assert (mine.person, mine.note) == (school.ids["other"], "A note")
    assert await told(school, "other") == ["Your appointment: The evening"]
    assert before == ""


async def test_who_may_wait(meeting: TestSchool) -> None:
    school = meeting
    event, host, number = await full(school)
    for name in ("blocked", "former", "neighbour", "other", "teacher"):
        with pytest.raises(NotVisible):
            await wait(school, name, event, host, "mia")
    with pytest.raises(Refused):  # has a time
        await wait(school, "coparent", event, host, "mia")
    with pytest.raises(BadInput):
        await waiting.join(school.viewer("other"), event, host, school.ids["lea"], "x" * 501)
    await wait(school, "other", event, host, "lea")
    await wait(school, "other", event, host, "lea", at_once=True)  # twice is once
    (one,) = await waiting.rows("WHERE event = ?", event)
    for name in ("parent", "coparent", "blocked", "teacher"):
        with pytest.raises(NotVisible):
            await waiting.leave(school.viewer(name), one.id, booking.give)
    await waiting.leave(school.viewer("other"), one.id, booking.give)
    await booking.cancel(school.viewer("coparent"), number)
    assert await told(school, "other") == []


async def test_whoever_is_kept_from_the_child_meanwhile_hears_nothing(meeting: TestSchool) -> None:
    school = meeting
    event, host, number = await full(school)
    await wait(school, "other", event, host, "lea")
    await wait(school, "parent", event, host, "mia")
    await run(
        "INSERT INTO block (id, adult, child, created_at) VALUES (1, ?, ?, ?)",
        *(school.ids["other"], school.ids["lea"], clock.now()),
    )
    await booking.cancel(school.viewer("coparent"), number)
    assert await told(school, "other") == []
    assert await told(school, "parent") == ["A time became free: The evening"]


async def test_new_times_are_for_those_who_wait(meeting: TestSchool) -> None:
    school = meeting
    event, host, _number = await full(school)
    await wait(school, "other", event, host, "lea", at_once=True)
    await running.withdraw(school.viewer("teacher"), (await slots(event))[0].id)
    await running.put_back(school.viewer("teacher"), (await slots(event))[0].id)
    assert await told(school, "other") == ["Your appointment: The evening"]
