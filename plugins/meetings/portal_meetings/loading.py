"""Meetings as they are stored, and appointments for those who are expected at them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from portal.sdk import NotVisible, Row, Standing, Viewer, db, marks, standing
from portal_meetings import parties
from portal_meetings.appointment import Appointment
from portal_meetings.rules import Booking, Event, Host, Slot, handles, may_make

_EVENT = (
    "SELECT e.id, e.kind, e.title, e.info, e.state, e.author, e.opens_at, e.closes_at, e.change_hours, e.gap_minutes,"
    " e.record, e.told_at, e.reminded_at, e.last_at FROM meetings_event e"
)
_SLOT = (
    "SELECT s.id, s.event, s.host, h.person, s.starts_at, s.ends_at, s.state, s.places, s.place, s.provider, s.link,"
    " s.room, s.sequence, s.changed_at, s.held_for, s.held_until,"
    " (SELECT count(*) FROM meetings_booking b WHERE b.slot = s.id AND b.state = 'on')"
    " FROM meetings_slot s JOIN meetings_host h ON h.id = s.host"
)
_BOOKING = (
    "SELECT b.id, b.event, b.slot, b.host, b.seat, b.state, b.person, b.party, b.child, b.note, b.starts_at,"
    " b.ends_at, b.uid, b.sequence, b.booked_at, b.changed_at, b.outcome FROM meetings_booking b"
)


async def events(where: str, *args: Any) -> list[Event]:
    """Events `e`, with the classes and children that they ask. Three queries, however many they are."""
    rows = await db.rows(f"{_EVENT} {where}", *args)
    found = [row[0] for row in rows]
    classes: dict[int, list[int]] = defaultdict(list)
    children: dict[int, list[int]] = defaultdict(list)
    if found:
        inside = marks(len(found))
        sql = f"SELECT event, class_id FROM meetings_class WHERE event IN ({inside}) ORDER BY id"
        for event, of in await db.rows(sql, *found):
            classes[event].append(of)
        sql = f"SELECT event, child FROM meetings_child WHERE event IN ({inside}) ORDER BY id"
        for event, child in await db.rows(sql, *found):
            children[event].append(child)
    return [_event(row, tuple(classes[row[0]]), tuple(children[row[0]])) for row in rows]


def _event(row: Sequence[Any], classes: tuple[int, ...], children: tuple[int, ...]) -> Event:
    return replace(Event(*row), record=bool(row[10]), classes=classes, children=children)


async def event(number: int) -> Event | None:
    """An event as stored, whoever asks."""
    return next(iter(await events("WHERE e.id = ?", number)), None)


async def handled(viewer: Viewer, number: int) -> tuple[Event, Standing]:
    """The event and how its handler stands. Raises NotVisible for anybody else."""
    found, who = await event(number), await standing(viewer)
    if found is None or not handles(who, found) or who.blocked_from.intersection(found.children):
        raise NotVisible
    return found, who


async def received(viewer: Viewer, number: int) -> tuple[Event, Standing, list[Host]]:
    """The event with the hosts that this person looks after: all for its handler, themselves for a host.

    Raises NotVisible for anybody else.
    """
    found, who = await event(number), await standing(viewer)
    if found is None or not may_make(who) or who.blocked_from.intersection(found.children):
        raise NotVisible
    theirs = [host for host in await hosts([number]) if handles(who, found) or host.person == who.person]
    if not theirs and not handles(who, found):
        raise NotVisible
    return found, who, theirs


async def hosts(of: Iterable[int]) -> list[Host]:
    """The hosts of events."""
    found = sorted(set(of))
    if not found:
        return []
    rows = await db.rows(
        f"SELECT id, event, person, everyone FROM meetings_host WHERE event IN ({marks(len(found))}) ORDER BY id",
        *found,
    )
    return [Host(row[0], row[1], row[2], bool(row[3])) for row in rows]


async def slots(where: str, *args: Any) -> list[Slot]:
    """Slots `s` of hosts `h`, with how many of their places are taken; the earliest first."""
    return [Slot(*row) for row in await db.rows(f"{_SLOT} {where} ORDER BY s.starts_at, s.id", *args)]


async def slot(number: int) -> Slot | None:
    return next(iter(await slots("WHERE s.id = ?", number)), None)


async def slots_of(of: Sequence[int]) -> list[Slot]:
    """The slots of these hosts, also those that were withdrawn."""
    return await slots(f"WHERE s.host IN ({marks(len(of))})", *of) if of else []


async def bookings(where: str, *args: Any) -> list[Booking]:
    """Bookings `b`; the earliest first."""
    return [Booking(*row) for row in await db.rows(f"{_BOOKING} {where} ORDER BY b.starts_at, b.id", *args)]


async def booking(number: int) -> Booking | None:
    return next(iter(await bookings("WHERE b.id = ?", number)), None)


async def slots_of_children(children: Collection[int]) -> set[int]:
    """The slots that somebody has booked about one of these children: whoever is kept from it gets none of them."""
    if not children:
        return set()
    inside = marks(len(children))
    rows = await db.rows(f"SELECT slot FROM meetings_booking WHERE state = 'on' AND child IN ({inside})", *children)
    return {slot for (slot,) in rows}


# ---- For those who are expected ----

_EXPECTED = (
    "SELECT s.id, e.title, s.place, s.starts_at, s.ends_at, s.provider, s.link, s.room, e.record, s.sequence,"
    " s.changed_at, s.state, h.person FROM meetings_slot s JOIN meetings_host h ON h.id = s.host"
    " JOIN meetings_event e ON e.id = s.event"
)


async def _appointments(rows: Sequence[Row], reader: int) -> list[Appointment]:
    """The slots as this person has them; 0 for nobody in particular. A family has the name of its own booking."""
    if not rows:
        return []
    expected: dict[int, list[Booking]] = defaultdict(list)
    for one in await bookings(f"WHERE b.state = 'on' AND b.slot IN ({marks(len(rows))})", *(row[0] for row in rows)):
        expected[one.slot].append(one)
    adults = await parties.adults_of([one for booked in expected.values() for one in booked])
    found = []
    for row in rows:
        booked = expected[row[0]]
        own = next((one for one in booked if reader in adults[one.id] and reader != row[12]), None)
        found.append(
            Appointment(
                id=row[0], title=row[1], place=row[2], starts_at=row[3], ends_at=row[4],
                hosts=frozenset({row[12]} - {0}), guests=frozenset().union(*(adults[one.id] for one in booked)),
                children=frozenset(one.child for one in booked), families=len({one.party for one in booked}),
                provider=row[5], link=row[6], room=row[7], record=bool(row[8]),
                sequence=own.sequence if own else row[9],
                changed_at=max(own.changed_at, row[10]) if own else row[10], cancelled=row[11] != "on",
                uid=own.uid if own else "",
            )
        )  # fmt: skip
    return found


async def appointment(viewer: Viewer, number: int) -> Appointment:
    """One appointment of this person. Raises NotVisible for whoever is not expected at it."""
    rows = await db.rows(f"{_EXPECTED} WHERE s.id = ? AND e.state <> 'draft'", number)
    found = next(iter(await _appointments(rows, viewer.person or 0)), None)
    if found is None or viewer.person is None or viewer.person not in found.people:
        raise NotVisible
    return found


async def mine(viewer: Viewer, since: int) -> list[Appointment]:
    """What this person or their household booked, or what they host and somebody booked, and that ends after `since`.

    The same number of queries for one and for thirty.
    """
    if viewer.person is None:
        return []
    who = await standing(viewer)
    children = sorted(who.decides_for - who.blocked_from)
    rows = await db.rows(
        f"{_EXPECTED} WHERE s.ends_at >= ? AND s.state = 'on' AND e.state <> 'draft' AND EXISTS (SELECT 1 FROM"
        " meetings_booking b WHERE b.slot = s.id AND b.state = 'on' AND (b.person = ? OR h.person = ?"
        f" OR b.child IN ({marks(len(children)) or 'NULL'}))) ORDER BY s.starts_at, s.id",
        *(since, viewer.person, viewer.person, *children),
    )
    return [found for found in await _appointments(rows, viewer.person) if viewer.person in found.people]


async def between(starts: int, ends: int) -> list[Appointment]:
    """Whatever runs within this time, whoever asks: for jobs."""
    rows = await db.rows(
        f"{_EXPECTED} WHERE s.starts_at < ? AND s.ends_at > ? AND s.provider <> '' AND e.state <> 'draft'",
        *(ends, starts),
    )
    return await _appointments(rows, 0)
