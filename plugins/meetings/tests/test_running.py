"""What happens to meetings once families know of them: word, reminders, times that do not take place."""

from __future__ import annotations

import pytest
from booked import book, booked, made, opened, slots, window
from portal_meetings import booking, loading, making, running
from portal_meetings.making import Frame, Times

from portal.sdk import BadInput, NotVisible, Refused, clock, db
from portal.testing import TestSchool, run


async def told(school: TestSchool, name: str) -> list[str]:
    return [subject for subject, _body in await school.told(name)]


async def test_families_hear_once_when_booking_begins(meeting: TestSchool) -> None:
    school = meeting
    opens = clock.day(clock.now() + 3 * clock.DAY, "Europe/Berlin")
    event = await made(school, opens_day=opens, opens_time="08:00")
    await running.publish(school.viewer("teacher"), event)
    await running.publish(school.viewer("teacher"), event)
    await school.work()
    assert await told(school, "parent") == []
    with pytest.raises(BadInput):
        await book(school, "parent", event, (await slots(event))[0], "mia")
    for _time in range(2):
        with clock.frozen(clock.now() + 4 * clock.DAY):
            await school.work()
    for name in ("parent", "coparent", "other"):
        assert await told(school, name) == ["Please choose a time: The evening"]
    for name in ("grandparent", "former", "blocked", "neighbour"):
        assert await told(school, name) == []


async def test_who_may_make_and_handle(meeting: TestSchool) -> None:
    school = meeting
    for name in ("parent", "mia", "outsider", "anonymous"):
        with pytest.raises(NotVisible):
            await made(school, by=name)
    with pytest.raises(BadInput):  # not his class
        await made(school, by="teacher", classes="3b")
    event = await opened(school)
    for name in ("colleague", "parent", "safeguarding"):
        for act in (running.close, running.remind, running.erase, running.publish):
            with pytest.raises(NotVisible):
                await act(school.viewer(name), event)
    await running.close(school.viewer("office"), event)
    await running.reopen(school.viewer("teacher"), event)


async def test_the_office_makes_it_for_many(meeting: TestSchool) -> None:
    school = meeting
    event = await opened(school, by="office", classes="3a,3b")
    assert {slot.person for slot in await slots(event)} == {school.ids["teacher"], school.ids["colleague"]}
    own = (await slots(event, school, "teacher"))[0]
    theirs = (await slots(event, school, "colleague"))[0]
    assert await running.withdraw(school.viewer("teacher"), own.id) == 0
    with pytest.raises(NotVisible):
        await running.withdraw(school.viewer("teacher"), theirs.id)
    host = theirs.host
    with pytest.raises(NotVisible):
        await making.add_times(school.viewer("parent"), event, [host], Times((window("19:00", "20:00"),), 20))
    with pytest.raises(BadInput):
        await making.add_times(school.viewer("teacher"), event, [host], Times((window("19:00", "20:00"),), 20))
    more = Times((window("19:00", "20:00"),), 20)
    assert await making.add_times(school.viewer("colleague"), event, [host], more) == 3
    # Whoever is no staff of the classes, such as the counsellor, receives everybody.
    talk = await opened(school, window(days=20), by="office", classes="3a,3b", hosts=("office",))
    await book(school, "neighbour", talk, (await slots(talk))[0], "tom")


async def test_a_withdrawn_time_is_said_and_another_can_be_chosen(meeting: TestSchool) -> None:
    school = meeting
    event = await opened(school)
    first, second, _third = await slots(event)
    number = await book(school, "parent", event, first, "mia", "Reading")
    before = await booked(number)
    assert await running.withdraw(school.viewer("teacher"), first.id) == 1
    assert await running.withdraw(school.viewer("teacher"), first.id) == 0  # pressed twice
    assert await told(school, "parent") == ["Your appointment: The evening", "Cancelled: The evening"]
    assert await told(school, "other") == []
    assert ((await booked(number)).state, (await booked(number)).note) == ("off", "Reading")
    assert await book(school, "parent", event, second, "mia", "Reading") == number
    after = await booked(number)
    assert (after.state, after.slot, after.uid != before.uid) == ("on", second.id, True)


async def test_a_teacher_is_ill(meeting: TestSchool) -> None:
    school = meeting
    event = await opened(school)
    first, second, _third = await slots(event)
    await book(school, "parent", event, first, "mia")
    await book(school, "other", event, second, "lea")
    with pytest.raises(NotVisible):
        await running.withdraw_host(school.viewer("colleague"), event, first.host)
    assert await running.withdraw_host(school.viewer("office"), event, first.host) == 2
    assert {slot.state for slot in await slots(event)} == {"off"}
    assert (await told(school, "other"))[-1] == "Cancelled: The evening"


async def test_reminders_go_out_once_and_to_those_who_come(meeting: TestSchool) -> None:
    school = meeting
    event = await opened(school)
    first, second, _third = await slots(event)
    await book(school, "parent", event, first, "mia")
    number = await book(school, "other", event, second, "lea")
    await booking.cancel(school.viewer("other"), number)
    await run("DELETE FROM outgoing")
    await school.work()
    assert await told(school, "parent") == []
    for minutes in (0, 20, 40):
        with clock.frozen(first.starts_at - 23 * clock.HOUR + minutes * clock.MINUTE):
            await school.work()
    assert await told(school, "parent") == ["Reminder of your appointment: The evening"]
    assert await told(school, "other") == []


async def test_those_who_have_none_are_reminded(meeting: TestSchool) -> None:
    school = meeting
    event = await opened(school)
    first, *_ = await slots(event)
    with pytest.raises(Refused):  # they had word just now
        await running.remind(school.viewer("teacher"), event)
    await book(school, "parent", event, first, "mia")
    await run("DELETE FROM outgoing")
    with clock.frozen(clock.now() + clock.DAY):
        assert await running.remind(school.viewer("teacher"), event) == 2
        with pytest.raises(Refused):
            await running.remind(school.viewer("teacher"), event)
    assert await told(school, "parent") == await told(school, "blocked") == []
    assert await told(school, "coparent") == await told(school, "other") == ["Please choose a time: The evening"]


async def test_who_must_not_come_any_more(meeting: TestSchool) -> None:
    school = meeting
    event = await opened(school)
    first, second, _third = await slots(event)
    await book(school, "coparent", event, first, "mia")
    await book(school, "other", event, second, "lea")
    await run(
        "INSERT INTO block (id, adult, child, created_at) VALUES (1, ?, ?, ?)",
        *(school.ids["coparent"], school.ids["mia"], clock.now()),
    )
    await school.work()
    assert [one.person for one in await loading.bookings("WHERE b.event = ?", event)] == [school.ids["other"]]
    assert (await told(school, "coparent"))[-1] == "Cancelled: The evening"
    await run("DELETE FROM staff WHERE adult = ?", school.ids["teacher"])
    with clock.frozen(clock.now() + 2 * clock.HOUR):
        await school.work()
    assert {slot.state for slot in await slots(event)} == {"off"}
    assert (await told(school, "other"))[-1] == "Cancelled: The evening"


async def test_the_school_books_and_cancels_for_a_family(meeting: TestSchool) -> None:
    school = meeting
    event = await opened(school)
    first, second, _third = await slots(event)
    pair = school.ids["other"], school.ids["lea"]
    known = await running.families(school.viewer("teacher"), first.id)
    assert pair in known
    assert school.ids["blocked"] not in {adult for adult, _child in known}
    with pytest.raises(NotVisible):
        await running.book_for(school.viewer("colleague"), first.id, *pair)
    with pytest.raises(NotVisible):
        await running.book_for(school.viewer("teacher"), first.id, school.ids["blocked"], school.ids["mia"])
    await running.close(school.viewer("teacher"), event)
    await running.book_for(school.viewer("teacher"), first.id, *pair)
    assert await told(school, "other") == ["Your appointment: The evening"]
    (one,) = await loading.bookings("WHERE b.event = ?", event)
    with pytest.raises(NotVisible):
        await running.release(school.viewer("colleague"), one.id)
    await running.release(school.viewer("office"), one.id)
    assert (await told(school, "other"))[-1] == "Cancelled: The evening"
    assert pair in await running.families(school.viewer("teacher"), second.id)


async def test_the_hosts_own_mark(meeting: TestSchool) -> None:
    school = meeting
    event = await opened(school)
    first, *_ = await slots(event)
    number = await book(school, "parent", event, first, "mia")
    with pytest.raises(BadInput):
        await running.mark(school.viewer("teacher"), number, "met")
    with clock.frozen(first.starts_at + clock.MINUTE):
        for name in ("office", "colleague", "parent"):
            with pytest.raises(NotVisible):
                await running.mark(school.viewer(name), number, "met")
        await running.mark(school.viewer("teacher"), number, "met")
    assert (await booked(number)).outcome == "met"


async def test_erased_with_word(meeting: TestSchool) -> None:
    school = meeting
    event = await opened(school)
    await book(school, "parent", event, (await slots(event))[0], "mia")
    await running.erase(school.viewer("teacher"), event)
    assert (await told(school, "parent"))[-1] == "Cancelled: The evening"
    assert await db.value("SELECT count(*) FROM meetings_booking") == 0


async def test_a_staff_member_kept_from_a_child(meeting: TestSchool) -> None:
    school = meeting
    event = await opened(school)
    number = await book(school, "parent", event, (await slots(event))[0], "mia")
    await run(
        "INSERT INTO block (id, adult, child, created_at) VALUES (1, ?, ?, ?)",
        *(school.ids["teacher"], school.ids["mia"], clock.now()),
    )
    with pytest.raises(NotVisible):
        await running.release(school.viewer("teacher"), number)
    with pytest.raises(BadInput):
        await made(school, kind="family", child="mia", by="teacher")
    teacher = await school.browser("teacher")
    text = (await teacher.get(f"/meetings/{event}/desk")).text
    assert "Booked" in text
    assert "Mia" not in text


async def test_bad_input_when_it_is_made(meeting: TestSchool) -> None:
    school = meeting
    teacher, classes = school.viewer("teacher"), [school.groups["3a"]]

    async def field(frame: Frame, times: Times, of: list[int] = classes) -> str:
        with pytest.raises(BadInput) as failure:
            await making.create(teacher, "token", "evening", frame, times, of)
        return str(failure.value.field)

    times, frame = Times((window(),)), Frame("x")
    assert await field(Frame(" "), times) == "title"
    assert await field(Frame("x" * 201), times) == "title"
    assert await field(frame, times, []) == "classes"
    assert await field(frame, Times((window(days=-1),))) == "w0-day"
    assert await field(frame, Times((window(days=3_000),))) == "w0-day"
    assert await field(frame, Times((window(), window("16:30", "18:00")))) == "w1-begins"
    assert await field(frame, Times((window(provider="jitsi"),))) == "w0-provider"
    assert await field(frame, Times((window(provider="link", link="javascript:alert(1)"),))) == "w0-link"
    assert await field(frame, Times((window("00:00", "23:59"),), minutes=None)) == "minutes"
    assert await field(Frame("x", closes_day="2020-01-01"), times) == "closes_day"
    assert await field(Frame("x", change_hours=None), times) == "change_hours"
    many = tuple(window("00:00", "23:59", day) for day in (20, 21, 22))
    assert await field(frame, Times(many, minutes=1)) == "minutes"
    assert await db.value("SELECT count(*) FROM meetings_event") == 0
