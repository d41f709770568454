"""What families see: their own times, and of all others only whether a time is free."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from portal.sdk import NotVisible, Who, clock, db, marks, names
from portal_meetings import loading, parties, waiting
from portal_meetings.parties import Asked, Need
from portal_meetings.planning import Time
from portal_meetings.rules import Booking, Event, Host, Slot
from portal_meetings.waiting import Waits

BACK = 2 * clock.HOUR  # how long an appointment stands in the list after its end


@dataclass(slots=True)
class Line:
    """One child of this family with one host: what is booked, and what can be."""

    host: Host
    child: int
    child_name: str
    booking: Booking | None = None
    slot: Slot | None = None  # the one that is booked
    waits: Waits | None = None
    offered: Slot | None = None  # one that is held for this family
    free: Sequence[Slot] = ()

    @property
    def booked(self) -> bool:
        return self.booking is not None and self.booking.state == "on"

    @property
    def called_off(self) -> bool:
        return self.booking is not None and self.booking.state == "off"


@dataclass(slots=True)
class Sheet:
    """An event as one family has it."""

    event: Event
    asked: Asked
    lines: list[Line] = field(default_factory=list)
    busy: list[Time] = field(default_factory=list)  # when this adult has appointments, of any event

    @property
    def missing(self) -> list[Line]:
        return [line for line in self.lines if not line.booked]

    @property
    def booked(self) -> list[Line]:
        return [line for line in self.lines if line.booked]


async def sheet(person: Who, number: int) -> Sheet:
    """An event for somebody whom it asks. Raises NotVisible for anybody else."""
    found = await loading.event(number)
    sheets = await _sheets(person, [found]) if found is not None and found.state != "draft" else []
    if not sheets:
        raise NotVisible
    return sheets[0]


async def sheets(person: Who) -> list[Sheet]:
    """The events that ask this person now, and those at which they have a time ahead; the nearest first.

    The same number of queries for one event and for thirty.
    """
    if person.person is None or person.is_child or not person.is_guardian:
        return []
    found = await loading.events("WHERE e.state <> 'draft' AND e.last_at > ? ORDER BY e.last_at, e.id", clock.now())
    return [one for one in await _sheets(person, found) if one.booked or one.event.bookable(clock.now()) or any(
        line.called_off for line in one.lines)]  # fmt: skip


async def _sheets(person: Who, events: Sequence[Event]) -> list[Sheet]:
    hosts = await loading.hosts(event.id for event in events)
    asked = await parties.asked_by(person.viewer, events, hosts)
    if not asked.children:
        return []
    now = clock.now()
    by_id = {host.id: host for host in hosts}
    booked = {(b.host, b.child): b for b in await loading.bookings(
        "WHERE b.party = ? OR b.person = ?", asked.party, asked.person
    )}  # fmt: skip
    needs = [*asked.needs, *_still_booked(asked, booked.values(), by_id, now)]
    if not needs:
        return []
    met = sorted({need.host for need in needs})
    others = await parties.for_others(events, asked.party)
    others |= await loading.slots_of_children(person.standing.blocked_from)
    waits = {(w.host, w.child): w for w in await waiting.rows("WHERE party = ?", asked.party)}
    slots = await loading.slots(
        f"WHERE s.host IN ({marks(len(met))}) AND s.ends_at > ? AND s.state = 'on'", *met, now - BACK
    )
    own = {b.slot for b in booked.values()}
    kept = {slot.id: slot for slot in slots if slot.id in own}
    free: dict[int, list[Slot]] = defaultdict(list)
    offered: dict[int, Slot] = {}
    for slot in slots:
        held = slot.held_until > now
        if held:
            offered[slot.held_for] = slot
        if slot.starts_at > now and slot.taken + held < slot.places and slot.id not in own | others:
            free[slot.host].append(slot)
    called = await names({by_id[n].person for n in met} | {need.child for need in needs}, person.facts)
    busy = await db.rows(
        "SELECT starts_at, ends_at FROM meetings_booking WHERE person = ? AND state = 'on' AND ends_at > ?",
        *(asked.person, now),
    )
    found = {event.id: Sheet(event, asked, busy=[(begins, ends) for begins, ends in busy]) for event in events}
    for need in needs:
        host = by_id[need.host]
        line = Line(
            Host(host.id, host.event, host.person, host.everyone, called.get(host.person, "")), need.child,
            called.get(need.child, ""), booked.get((need.host, need.child)), waits=waits.get((need.host, need.child)),
            free=free[need.host] if asked.has(need.host, need.child) else (),
        )  # fmt: skip
        line.slot = kept.get(line.booking.slot) if line.booking and line.booking.state == "on" else None
        line.offered = offered.get(line.waits.id) if line.waits else None
        found[need.event].lines.append(line)
    for one in found.values():
        one.lines.sort(key=lambda line: (line.child_name, line.child, line.host.name, line.host.id))
    return [found[event.id] for event in events if found[event.id].lines]


def _still_booked(asked: Asked, booked: Iterable[Booking], hosts: Mapping[int, Host], now: int) -> list[Need]:
    """What is booked although it is not asked any more: the child or the teacher is in another class since."""
    return [
        Need(one.event, one.host, one.child) for one in booked
        if one.state == "on" and one.ends_at > now - BACK and one.child in asked.children and one.host in hosts
        and not asked.has(one.host, one.child)
    ]  # fmt: skip


async def waiting_card(person: Who) -> tuple[int, int, int]:
    """How many events wait for this person's choice, how many offers or called-off times, and when the next
    appointment begins (0 for none)."""
    now = clock.now()
    own = await sheets(person)
    to_choose = sum(1 for one in own if one.event.bookable(now) and not one.booked and any(x.free for x in one.lines))
    urgent = sum(1 for one in own for line in one.lines if line.called_off or line.offered)
    ahead = [line.booking.starts_at for one in own for line in one.booked
             if line.booking and line.booking.starts_at > now]  # fmt: skip
    return to_choose, urgent, min(ahead, default=0)


def upcoming(own: Sequence[Sheet]) -> list[tuple[Event, Line]]:
    """All times of a family that are not over, the nearest first."""
    now = clock.now()
    found = [(one.event, line) for one in own for line in one.booked if line.slot and line.slot.ends_at > now - BACK]
    return sorted(found, key=lambda pair: pair[1].booking.starts_at if pair[1].booking else 0)


def by_host(own: Sheet) -> Mapping[int, Sequence[Slot]]:
    """The free slots of each host."""
    return {line.host.id: line.free for line in own.lines}
