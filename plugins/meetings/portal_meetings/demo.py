"""Meetings of the demo school: a parents' evening that families book, a coffee chat, and a talk with one family."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from portal.sdk import BadInput, PortalError, Viewer, children_of, clock
from portal.sdk import school as of_school
from portal_meetings import booking, loading, making, parties, running, waiting
from portal_meetings.making import Frame, Times
from portal_meetings.planning import Window

NOTES = (
    "How she gets along in reading.", "Wie läuft es in Mathe?", "The move to the new school next summer.", "", "", "",
    "¿Cómo podemos ayudar en casa?", "Friends, and what happens in the breaks.",
)  # fmt: skip


async def meet(school: Any, progress: Callable[[str, int, int], None]) -> None:
    """Makes the meetings of a `portal.demo` school, with some of the bookings."""
    dice = Random("meetings")  # noqa: S311 -- made-up choices, not secrets
    teacher, office, own = Viewer(school.people["teacher"]), Viewer(school.people["office"]), school.groups["3a"]
    progress("Meetings", 0, 3)
    day = _weekday(await _day(12))
    evening = await making.create(
        office, "demo evening", "evening",
        Frame("Parents' evening", "Ten minutes with each teacher. Please come to the rooms on time; there is tea in the"
              " hall in between.", change_hours=12, gap_minutes=5),
        Times(
            (
                Window(day, "16:00", "18:30", "Room of the class", breaks="17:10-17:20"),
                Window(day, "18:30", "20:00", provider="link", link="https://meet.google.com/abc-defg-hij"),
            ), 10, 2,
        ),
        sorted(school.groups.values()),
    )  # fmt: skip
    await running.publish(office, evening)
    await _book(evening, dice, 0.55)
    progress("Meetings", 1, 3)
    visit = await making.create(
        teacher, "demo visit", "visit", Frame("Coffee chat in class 3a", "Come by, look around, and have a coffee."),
        Times((Window(_weekday(await _day(6)), "08:15", "09:15", "Room of 3a"),), 60, 0, 12), [own],
    )  # fmt: skip
    await running.publish(teacher, visit)
    await _book(visit, dice, 0.35)
    progress("Meetings", 2, 3)
    children = await children_of(teacher, [own])
    if children:
        talk = await making.create(
            teacher, "demo talk", "family", Frame("A talk about reading"),
            Times((Window(_weekday(await _day(4)), "13:30", "15:00", "Room of 3a"),), 30, 0), child=children[0].id,
        )  # fmt: skip
        await running.publish(teacher, talk)
    progress("Meetings", 3, 3)


async def _day(days: int) -> str:
    return clock.add_days(clock.present((await of_school()).timezone).today, days)


def _weekday(day: str) -> str:
    """The day, or the Monday after it."""
    return next(
        one for one in (clock.add_days(day, more) for more in range(3))
        if clock.moment(clock.local_instant(one, "12:00", "UTC", "day")).weekday() < 5
    )  # fmt: skip


async def _book(number: int, dice: Random, share: float) -> None:
    """A share of the families books, some of them with a word about what they would like to talk about."""
    event = await loading.event(number)
    assert event is not None
    hosts = await loading.hosts([number])
    for adults in (await parties.by_party(event)).values():
        if dice.random() >= share:
            continue
        viewer = Viewer(adults[0].adult)
        for need in (await parties.asked_by(viewer, [event], hosts)).needs:
            free = [s for s in await loading.slots_of([need.host]) if s.taken < s.places]
            for slot in dice.sample(free, min(4, len(free))):
                try:
                    await booking.book(viewer, number, slot.id, need.child, dice.choice(NOTES))
                except BadInput:
                    continue  # they are with another teacher then
                break
            else:
                try:
                    await waiting.join(viewer, number, need.host, need.child)
                except PortalError:
                    continue
