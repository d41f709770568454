"""Calendars, read back by `icalendar` and by a second reader (`vobject`), also on days when the clocks change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from portal_meetings import calendars

from portal.sdk import clock, language

EN, AR = language("en"), language("ar")
LINK = "https://portal.linden.example/meetings/join/77"


def at(local: str, zone: str, fold: int = 0) -> int:
    return clock.instant(datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone), fold=fold))


def entry(**other: Any) -> calendars.Entry:
    starts = at("2026-12-03T16:00", "Europe/Berlin")
    made = calendars.Entry(
        calendars.uid(77), 0, starts, starts + 15 * clock.MINUTE, "Parents' evening", "Room 12", "Bring a pen.", LINK,
        at("2026-11-01T12:00", "UTC"),
    )  # fmt: skip
    return replace(made, **other)


def invited(found: calendars.Entry, **other: Any) -> str:
    return calendars.invitation(found, "Linden School", EN, **other)


def read(text: str | bytes) -> tuple[Any, Any]:
    """The first event of a calendar, as each of the readers has it."""
    return icalendar.Calendar.from_ical(text).walk("VEVENT")[0], vobject.readOne(
        text if isinstance(text, str) else text.decode()
    ).vevent


def test_both_readers_read_the_same() -> None:
    text = invited(entry(), remind=(60, 10))
    one, other = read(text)
    assert str(one["summary"]) == other.summary.value == "Parents' evening"
    assert str(one["location"]) == other.location.value == "Room 12"
    assert str(one["description"]) == other.description.value == f"Bring a pen.\n\n{LINK}"
    assert str(one["url"]) == other.url.value == LINK
    assert str(one["uid"]) == other.uid.value == "77@meetings.portal"
    assert one.decoded("dtstart") == other.dtstart.value == datetime(2026, 12, 3, 15, 0, tzinfo=UTC)
    assert one.decoded("dtend") == other.dtend.value == datetime(2026, 12, 3, 15, 15, tzinfo=UTC)
    assert one["status"] == other.status.value == "CONFIRMED"
    alarms = [alarm.decoded("trigger") for alarm in one.walk("VALARM")]
    assert alarms == [a.trigger.value for a in other.valarm_list] == [timedelta(hours=-1), timedelta(minutes=-10)]
    assert icalendar.Calendar.from_ical(text)["method"] == vobject.readOne(text).method.value == "REQUEST"


def test_what_a_mail_must_have() -> None:
    """RFC 5546, 3.2.2: method, organizer, attendee, stamp, start, sequence, uid, summary."""
    one, other = read(invited(entry(sequence=3)))
    assert one["sequence"] == int(other.sequence.value) == 3
    assert abs(clock.instant(one.decoded("dtstamp")) - clock.now()) < clock.MINUTE
    assert str(one["organizer"]) == other.organizer.value == f"mailto:{calendars.SCHOOL}"
    assert one["organizer"].params["CN"] == "Linden School"
    assert str(one["attendee"]) == other.attendee.value == f"mailto:{calendars.READER}"
    assert one["attendee"].params["RSVP"] == "FALSE", "the school gets no mails that nobody reads"


def test_nobody_elses_address_is_in_it() -> None:
    text = invited(entry())
    assert text.count("mailto:") == 2
    assert text.count("@") == 3  # of the uid and these two
    feed = calendars.feed([entry()], "Mine", EN, "Europe/Berlin").decode()
    assert "mailto:" not in feed
    assert "ATTENDEE" not in feed


def test_a_change_and_a_cancellation_are_of_the_same_appointment() -> None:
    first, _ = read(invited(entry()))
    moved, other = read(invited(entry(sequence=1, starts_at=entry().starts_at + clock.HOUR)))
    assert moved["uid"] == first["uid"]
    assert moved["sequence"] > first["sequence"]
    assert other.dtstart.value == first.decoded("dtstart") + timedelta(hours=1)
    text = invited(entry(sequence=2), method="CANCEL", remind=(60,))
    gone, also = read(text)
    assert gone["uid"] == also.uid.value == first["uid"]
    assert gone["sequence"] == 2
    assert gone["status"] == also.status.value == "CANCELLED"
    assert icalendar.Calendar.from_ical(text)["method"] == "CANCEL"
    assert not gone.walk("VALARM")
    assert LINK not in text


def test_what_ends_when_it_begins_lasts_a_minute() -> None:
    one, _ = read(invited(entry(ends_at=entry().starts_at)))
    assert one.decoded("dtend") - one.decoded("dtstart") == timedelta(minutes=1)


DAYS = [
    # local time and zone, what the clock there shows in UTC
    ("2026-03-28T16:00", "Europe/Berlin", 0, "2026-03-28T15:00"),
    ("2026-03-29T01:59", "Europe/Berlin", 0, "2026-03-29T00:59"),
    ("2026-03-29T03:00", "Europe/Berlin", 0, "2026-03-29T01:00"),
    ("2026-03-29T16:00", "Europe/Berlin", 0, "2026-03-29T14:00"),
    ("2026-10-25T02:30", "Europe/Berlin", 0, "2026-10-25T00:30"),
    ("2026-10-25T02:30", "Europe/Berlin", 1, "2026-10-25T01:30"),
    ("2026-10-25T16:00", "Europe/Berlin", 0, "2026-10-25T15:00"),
    ("2026-03-08T01:59", "America/New_York", 0, "2026-03-08T06:59"),
    ("2026-03-08T03:00", "America/New_York", 0, "2026-03-08T07:00"),
    ("2026-03-08T16:00", "America/New_York", 0, "2026-03-08T20:00"),
    ("2026-11-01T01:30", "America/New_York", 0, "2026-11-01T05:30"),
    ("2026-11-01T01:30", "America/New_York", 1, "2026-11-01T06:30"),
    ("2026-11-01T16:00", "America/New_York", 0, "2026-11-01T21:00"),
    ("2026-03-29T02:00", "Europe/London", 0, "2026-03-29T01:00"),
    ("2026-10-04T02:30", "Australia/Lord_Howe", 0, "2026-10-03T15:30"),  # half an hour forward and back
    ("2026-04-05T01:45", "Australia/Lord_Howe", 0, "2026-04-04T14:45"),
    ("2026-04-05T01:45", "Australia/Lord_Howe", 1, "2026-04-04T15:15"),
    ("2026-12-03T16:00", "Asia/Kathmandu", 0, "2026-12-03T10:15"),
    ("2026-03-01T16:00", "Africa/Casablanca", 0, "2026-03-01T16:00"),  # back for Ramadan
    ("2026-06-01T16:00", "Africa/Casablanca", 0, "2026-06-01T15:00"),
]


@pytest.mark.parametrize(("local", "zone", "fold", "utc"), DAYS)
def test_days_on_which_the_clocks_change(local: str, zone: str, fold: int, utc: str) -> None:
    starts = at(local, zone, fold)
    found = entry(starts_at=starts, ends_at=starts + 15 * clock.MINUTE)
    for text in (invited(found), calendars.feed([found], "Mine", EN, zone)):
        for begins, ends in (
            (read(text)[0].decoded("dtstart"), read(text)[0].decoded("dtend")),
            (read(text)[1].dtstart.value, read(text)[1].dtend.value),
        ):
            assert begins == datetime.fromisoformat(utc).replace(tzinfo=UTC)
            seen = begins.astimezone(ZoneInfo(zone))
            assert f"{seen:%Y-%m-%dT%H:%M}" == local
            assert seen.fold == fold
            assert ends - begins == timedelta(minutes=15)


@pytest.mark.parametrize(
    ("starts", "ends", "zone", "lasts"),
    [
        ("2026-03-29T01:30", "2026-03-29T03:30", "Europe/Berlin", 60),
        ("2026-10-25T01:30", "2026-10-25T03:30", "Europe/Berlin", 180),
        ("2026-03-08T01:30", "2026-03-08T03:30", "America/New_York", 60),
        ("2026-11-01T00:30", "2026-11-01T02:30", "America/New_York", 180),
    ],
)
def test_an_appointment_across_the_change(starts: str, ends: str, zone: str, lasts: int) -> None:
    found = entry(starts_at=at(starts, zone), ends_at=at(ends, zone))
    one, other = read(invited(found))
    assert one.decoded("dtend") - one.decoded("dtstart") == timedelta(minutes=lasts)
    assert other.dtend.value - other.dtstart.value == timedelta(minutes=lasts)
    for event in (one.decoded("dtstart"), other.dtstart.value):
        assert f"{event.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}" == starts


HARD = (
    "اجتماع أولياء الأمور مع المعلّمة؛ الصف الثالث، الغرفة ١٢ " * 6,
    "Comma, semicolon; colon: backslash \\ quote \" 'single' \\n no break \\, end",
    "BEGIN:VEVENT END:VCALENDAR ATTENDEE:mailto:evil@example.org",
    "Ää Öö ß €uro 👩‍👧 – Зустріч із батьками " * 5,
    "x" * 299,
)


@pytest.mark.parametrize("text", HARD)
@pytest.mark.parametrize("code", ["en", "ar"])
def test_hard_texts_come_back_as_they_were(text: str, code: str) -> None:
    text = text[:299].strip()
    found = entry(title=text, place=text, details=f"{text}\n\nsecond; line, {text}", address="")
    made = calendars.invitation(found, text, language(code), remind=(60,))
    lines = made.encode().split(b"\r\n")
    assert max(map(len, lines)) <= 75, "folded (RFC 5545, 3.1)"
    assert "\n" not in made.replace("\r\n", "")
    for line in lines:
        line.decode()  # no sign is cut in two
    one, other = read(made)
    assert str(one["summary"]) == other.summary.value == text
    assert str(one["location"]) == other.location.value == text
    assert str(one["description"]) == other.description.value == found.details
    assert len(icalendar.Calendar.from_ical(made).walk("VEVENT")) == 1
    assert one["summary"].params["LANGUAGE"] == code


def test_no_text_adds_a_line_of_its_own() -> None:
    bad = "Evening\r\nATTENDEE:mailto:evil@example.org\nEND:VEVENT\u2028X:\x00\x1b[1m\u202eY\u2066"
    made = invited(entry(title=bad, place=bad, details=bad))
    assert [line for line in made.split("\r\n") if line.startswith(("ATTENDEE:", "X:"))] == []
    one, other = read(made)
    assert str(one["summary"]) == other.summary.value == "Evening ATTENDEE:mailto:evil@example.org END:VEVENTX:[1mY"
    school = calendars.invitation(entry(), 'Linden"\r\nX-EVIL:1', EN)
    assert "X-EVIL" not in [line.partition(":")[0] for line in school.split("\r\n")]


def test_a_feed_of_several() -> None:
    day = clock.DAY
    entries = [entry(uid=calendars.uid(n), starts_at=entry().starts_at + n * day, ends_at=entry().ends_at + n * day)
               for n in (3, 1, 2)]  # fmt: skip
    made = calendars.feed(entries, "Appointments at Linden School", EN, "Europe/Berlin", (30,))
    calendar = icalendar.Calendar.from_ical(made)
    assert "method" not in calendar
    assert calendar["x-wr-calname"] == "Appointments at Linden School"
    assert [str(e["uid"]) for e in calendar.walk("VEVENT")] == [calendars.uid(n) for n in (1, 2, 3)]
    assert [e.uid.value for e in vobject.readOne(made.decode()).vevent_list] == [calendars.uid(n) for n in (1, 2, 3)]
    with clock.frozen(clock.now() + 3 * clock.HOUR):
        later = calendars.feed(list(reversed(entries)), "Appointments at Linden School", EN, "Europe/Berlin", (30,))
        assert later == made


def test_an_empty_feed_is_a_calendar() -> None:
    made = calendars.feed([], "Mine", AR, "Europe/Berlin")
    assert icalendar.Calendar.from_ical(made).walk("VEVENT") == []
    assert vobject.readOne(made.decode()).name == "VCALENDAR"
