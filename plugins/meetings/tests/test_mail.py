"""What a family's calendar gets by e-mail while it books, moves and cancels, read by two readers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from appointments import LINK
from booked import book, opened, slots, window
from portal_meetings import booking
from portal_meetings.planning import Window

from portal.sdk import clock, db
from portal.testing import TestSchool, run


async def sent(school: TestSchool, name: str) -> list[str]:
    """The calendar objects that went to somebody, the newest last."""
    sql = "SELECT calendar FROM outgoing WHERE person = ? AND calendar <> '' ORDER BY id"
    return [text for (text,) in await db.rows(sql, school.ids[name])]


def read(text: str) -> tuple[str, Any, Any]:
    """The method, and the event as each reader has it."""
    calendar = icalendar.Calendar.from_ical(text)
    return str(calendar["method"]), calendar.walk("VEVENT")[0], vobject.readOne(text).vevent


async def test_booked_moved_cancelled_and_booked_again(meeting: TestSchool) -> None:
    event = await opened(meeting, window("16:00", "17:00"))
    first, second, third = await slots(event)
    number = await book(meeting, "parent", event, first, "mia")
    await book(meeting, "parent", event, second, "mia")
    await booking.cancel(meeting.viewer("parent"), number)
    await book(meeting, "parent", event, third, "mia")
    found = [read(text) for text in await sent(meeting, "parent")]
    assert [method for method, _one, _other in found] == ["REQUEST", "REQUEST", "CANCEL", "REQUEST"]
    uids = [str(one["uid"]) for _method, one, _other in found]
    assert uids[0] == uids[1] == uids[2] != uids[3]
    assert [one["sequence"] for _method, one, _other in found] == [0, 1, 2, 0]
    for (_method, one, other), slot in zip(found, (first, second, second, third), strict=True):
        assert clock.instant(one.decoded("dtstart")) == clock.instant(other.dtstart.value) == slot.starts_at
        assert clock.instant(one.decoded("dtend")) == clock.instant(other.dtend.value) == slot.ends_at
        assert one["uid"] == other.uid.value
    assert found[2][1]["status"] == found[2][2].status.value == "CANCELLED"


async def test_no_calendar_tells_of_another_family_of_the_child_or_of_the_link(meeting: TestSchool) -> None:
    event = await opened(meeting, window("16:00", "17:00", provider="link", link=LINK), title="An evening")
    first, second, _third = await slots(event)
    await book(meeting, "parent", event, first, "mia", "About her <reading>")
    await book(meeting, "other", event, second, "lea")
    for name in ("parent", "other"):
        (text,) = await sent(meeting, name)
        assert text.count("mailto:") == 2
        for hidden in ("zoom", "Mia", "Lea", "Parent", "Other", "reading", "school.example"):
            assert hidden not in text, hidden
        assert "An evening" in text
    one, other = [read((await sent(meeting, name))[0])[1] for name in ("parent", "other")]
    assert one["uid"] != other["uid"]


async def test_who_wants_paper_gets_no_calendar(meeting: TestSchool) -> None:
    event = await opened(meeting)
    await run("UPDATE person SET email = NULL WHERE id = ?", meeting.ids["parent"])
    await book(meeting, "parent", event, (await slots(event))[0], "mia")
    assert await sent(meeting, "parent") == []
    assert await meeting.told("parent")


@pytest.mark.parametrize(
    ("day", "utc"),
    [("2027-03-27", "15:00"), ("2027-03-28", "14:00"), ("2027-10-30", "14:00"), ("2027-10-31", "15:00")],
)
async def test_days_on_which_the_clocks_change(meeting: TestSchool, day: str, utc: str) -> None:
    """The school's clock says 16:00 on each of them. Readers elsewhere see that very instant."""
    event = await opened(meeting, Window(day, "16:00", "16:20"))
    await book(meeting, "parent", event, (await slots(event))[0], "mia")
    _method, one, other = read((await sent(meeting, "parent"))[0])
    for begins in (one.decoded("dtstart"), other.dtstart.value):
        assert begins == datetime.fromisoformat(f"{day}T{utc}").replace(tzinfo=UTC)
        assert f"{begins.astimezone(ZoneInfo('Europe/Berlin')):%Y-%m-%d %H:%M}" == f"{day} 16:00"
    assert "4:00" in str(one["description"])
    assert "Europe/Berlin" in str(one["description"])
