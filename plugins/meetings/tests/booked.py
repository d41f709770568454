"""Short ways for tests to make meetings and book them, through the actions that the pages call."""

from __future__ import annotations

from typing import Any

from portal_meetings import booking, loading, making, running
from portal_meetings.making import Frame, Times
from portal_meetings.planning import Window
from portal_meetings.rules import Booking, Slot

from portal.sdk import clock, new_id
from portal.testing import TestSchool, run

DAYS = 14  # so far ahead everything lies


def a_day(days: int = DAYS) -> str:
    return clock.add_days(clock.present("Europe/Berlin").today, days)


def window(begins: str = "16:00", ends: str = "17:00", days: int = DAYS, **more: str) -> Window:
    return Window(a_day(days), begins, ends, **more)


async def made(
    school: TestSchool, *windows: Window, by: str = "teacher", classes: str = "3a", kind: str = "evening",
    minutes: int = 20, buffer: int = 0, places: int = 1, child: str = "", hosts: tuple[str, ...] = (), **frame: Any,
) -> int:
    """A draft with its times."""
    return await making.create(
        school.viewer(by), str(new_id()), kind, Frame(**({"title": "The evening", "change_hours": 0} | frame)),
        Times(windows or (window(),), minutes, buffer, places),
        [school.groups[name] for name in classes.split(",") if name] if kind != "family" else [],
        school.ids[child] if child else 0, [school.ids[name] for name in hosts],
    )  # fmt: skip


async def opened(school: TestSchool, *windows: Window, by: str = "teacher", **more: Any) -> int:
    """One that families can book, without the word of it."""
    event = await made(school, *windows, by=by, **more)
    await running.publish(school.viewer(by), event)
    await run("DELETE FROM outgoing")
    return event


async def slots(event: int, school: TestSchool | None = None, host: str = "") -> list[Slot]:
    found = await loading.slots("WHERE s.event = ?", event)
    return [slot for slot in found if school is None or slot.person == school.ids[host]]


async def book(school: TestSchool, who: str, event: int, slot: Slot, child: str, note: str = "") -> int:
    return await booking.book(school.viewer(who), event, slot.id, school.ids[child], note)


async def booked(number: int) -> Booking:
    found = await loading.booking(number)
    assert found is not None
    return found
