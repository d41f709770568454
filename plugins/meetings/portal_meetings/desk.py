"""What staff see: those who receive families their own times, the office and whoever made it all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from portal.sdk import Standing, Viewer, Who, clock, db, marks, names
from portal_meetings import loading
from portal_meetings.rules import Booking, Event, Host, Slot, handles, is_office, may_make


@dataclass(frozen=True, slots=True)
class Guest:
    """Who comes; without names where an order keeps the child from the reader."""

    booking: Booking
    adult: str
    child: str
    note: str

    @property
    def known(self) -> bool:
        return bool(self.child)


@dataclass(slots=True)
class Row:
    """One slot with those who come."""

    slot: Slot
    guests: list[Guest] = field(default_factory=list)


@dataclass(slots=True)
class Place:
    """A host with their slots. `own`: the reader is the host."""

    host: Host
    own: bool
    rows: list[Row] = field(default_factory=list)

    @property
    def on(self) -> list[Row]:
        return [row for row in self.rows if row.slot.state == "on"]

    @property
    def taken(self) -> int:
        return sum(row.slot.taken for row in self.on)

    @property
    def places(self) -> int:
        return sum(row.slot.places for row in self.on)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line in the list of those who make meetings."""

    event: Event
    hosts: int
    places: int
    taken: int
    handled: bool


async def mine(person: Who, *, past: bool = False) -> list[Entry]:
    """The events that this person made or receives families at; for the office all. The same number of queries for
    one and for thirty."""
    if not may_make(person.standing):
        return []
    everything = is_office(person.standing)
    theirs = "" if everything else (
        " AND (e.author = ? OR (e.state <> 'draft' AND EXISTS"
        " (SELECT 1 FROM meetings_host h WHERE h.event = e.id AND h.person = ?)))"
    )  # fmt: skip
    args = () if everything else (person.person, person.person)
    when, order = ("<= ? AND e.last_at > 0", "DESC") if past else ("> ?", "ASC")
    where = f"WHERE (e.last_at {when}{'' if past else ' OR e.last_at = 0'}){theirs} ORDER BY e.last_at {order} LIMIT 50"
    found = [
        event for event in await loading.events(where, clock.now(), *args)
        if not person.standing.blocked_from.intersection(event.children)
    ]  # fmt: skip
    return await _counted(person.standing, found)


async def _counted(who: Standing, events: Sequence[Event]) -> list[Entry]:
    if not events:
        return []
    ids = [event.id for event in events]
    hosts: dict[int, list[Host]] = defaultdict(list)
    for host in await loading.hosts(ids):
        hosts[host.event].append(host)
    seen = [
        host.id for event in events for host in hosts[event.id]
        if handles(who, event) or host.person == who.person
    ]  # fmt: skip
    counts: dict[int, tuple[int, int]] = {}
    if seen:
        rows = await db.rows(
            "SELECT s.event, SUM(s.places), SUM((SELECT count(*) FROM meetings_booking b WHERE b.slot = s.id AND"
            f" b.state = 'on')) FROM meetings_slot s WHERE s.state = 'on' AND s.host IN ({marks(len(seen))})"
            " GROUP BY s.event",
            *seen,
        )
        counts = {event: (int(places), int(taken)) for event, places, taken in rows}
    return [
        Entry(event, len(hosts[event.id]), *counts.get(event.id, (0, 0)), handles(who, event)) for event in events
    ]


async def places(person: Who, event: Event, hosts: Sequence[Host]) -> list[Place]:
    """The slots of these hosts, with who comes; the reader's own first, then by name."""
    slots = await loading.slots_of([host.id for host in hosts])
    guests = await _guests(person, slots)
    called = await names({host.person for host in hosts if host.person}, person.facts)
    found = {
        host.id: Place(
            Host(host.id, event.id, host.person, host.everyone, called.get(host.person, "")),
            host.person == person.person,
        )
        for host in hosts
    }
    for slot in slots:
        found[slot.host].rows.append(Row(slot, guests[slot.id]))
    return sorted(found.values(), key=lambda place: (not place.own, place.host.name, place.host.id))


async def _guests(person: Who, slots: Iterable[Slot]) -> dict[int, list[Guest]]:
    """Who comes to these slots. What a family would like to talk about is for the host alone."""
    by_id = {slot.id: slot for slot in slots}
    found: dict[int, list[Guest]] = defaultdict(list)
    if not by_id:
        return found
    hosts = sorted({slot.host for slot in by_id.values()})
    booked = [
        one for one in await loading.bookings(f"WHERE b.state = 'on' AND b.host IN ({marks(len(hosts))})", *hosts)
        if one.slot in by_id
    ]  # fmt: skip
    kept = person.standing.blocked_from
    called = await names(
        {n for one in booked if one.child not in kept for n in (one.person, one.child)}, person.facts
    )
    for one in booked:
        own = by_id[one.slot].person == person.person
        known = one.child not in kept
        found[one.slot].append(
            Guest(
                one if own else _unmarked(one), called.get(one.person, "") if known else "",
                called.get(one.child, "") if known else "", one.note if own and known else "",
            )
        )  # fmt: skip
    return found


def _unmarked(one: Booking) -> Booking:
    """Without the host's own mark."""
    return Booking(*(getattr(one, name) for name in Booking.__slots__ if name != "outcome"))


async def guests_of(person: Who, slot: Slot) -> list[Guest]:
    """Who comes to one slot."""
    return (await _guests(person, [slot]))[slot.id]


async def day(person: Who, wanted: str) -> list[tuple[str, Row]]:
    """The times of this person on one day, of all events, with their titles; those nobody booked, too."""
    zone = person.school.timezone
    middle = clock.local_instant(wanted, "12:00", zone, "day")
    around = await loading.slots(
        "WHERE h.person = ? AND s.state = 'on' AND s.starts_at > ? AND s.starts_at < ?",
        *(person.person, middle - clock.DAY, middle + clock.DAY),
    )
    slots = [slot for slot in around if clock.day(slot.starts_at, zone) == wanted]  # days may have 23 or 25 hours
    guests = await _guests(person, slots)
    titles = {event.id: event.title for event in await loading.events(
        f"WHERE e.state <> 'draft' AND e.id IN ({marks(len(slots))})", *(slot.event for slot in slots)
    )} if slots else {}  # fmt: skip
    return [(titles[slot.event], Row(slot, guests[slot.id])) for slot in slots if slot.event in titles]


async def next_days(viewer: Viewer, zone: str) -> list[str]:
    """The days on which somebody receives families, the next first."""
    rows = await db.rows(
        "SELECT DISTINCT s.starts_at FROM meetings_slot s JOIN meetings_host h ON h.id = s.host JOIN meetings_event e"
        " ON e.id = s.event WHERE h.person = ? AND s.state = 'on' AND e.state <> 'draft' AND s.ends_at > ?"
        " ORDER BY s.starts_at",
        *(viewer.person, clock.now() - clock.DAY),
    )
    today = clock.present(zone).today
    found = dict.fromkeys(clock.day(starts, zone) for (starts,) in rows)
    return [day for day in found if day >= today]


async def coming(viewer: Viewer, day: str, zone: str) -> int:
    """How many families have booked a time of this person on a day."""
    middle = clock.local_instant(day, "12:00", zone, "day")
    rows = await db.rows(
        "SELECT b.starts_at FROM meetings_booking b JOIN meetings_host h ON h.id = b.host WHERE h.person = ?"
        " AND b.state = 'on' AND b.starts_at > ? AND b.starts_at < ?",
        *(viewer.person, middle - clock.DAY, middle + clock.DAY),
    )
    return sum(clock.day(starts, zone) == day for (starts,) in rows)
