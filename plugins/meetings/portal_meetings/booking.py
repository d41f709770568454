"""Families book, change and cancel. Whoever may not gets NotVisible, as if it did not exist.

Each action is one transaction, and the indexes of the tables stand behind what it looked at: a place is given once, and
nobody is in two places at a time. Whoever comes second hears it as `Taken`, with nothing changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from portal.sdk import (
    BadInput,
    Conflict,
    NotVisible,
    Refused,
    Viewer,
    _,
    atomic,
    clock,
    db,
    deliver,
    new_id,
    standing,
)
from portal_meetings import joining, loading, parties, waiting, wording
from portal_meetings.parties import Asked
from portal_meetings.rules import MOST_NOTE, Booking, Event, Slot
from portal_meetings.wording import Reader


class Taken(BadInput):
    """Somebody else was quicker."""


TAKEN = _("Somebody else has just booked this time. Please choose another one: what you wrote is still here.")
GONE = _("This time is not offered any more. Please choose another one: what you wrote is still here.")
PAST = _("This time lies in the past. Please choose another one.")
CLOSED = _("Times cannot be booked now. Please ask the office.")
BUSY = _("You have another appointment at this time. Please choose another one, or change that one first.")
LATE = _("It is too late to change this here. Please tell the school by telephone.")


async def book(viewer: Viewer, event: int, slot: int, child: int, note: str = "") -> int:
    """Takes a place for this adult about this child, or moves what their household has with that host already.

    Returns the booking. Raises `Taken`, BadInput at `slot` or `note`, Refused where it is too late to move.
    """
    return (await book_all(viewer, event, [(slot, child)], note))[0]


async def book_all(viewer: Viewer, event: int, wanted: Sequence[tuple[int, int]], note: str = "") -> list[int]:
    """The same for several slots and children: all of them, or none."""
    note = note.strip()
    if len(note) > MOST_NOTE:
        raise BadInput("note", _("Please write at most %(most)s characters."), most=MOST_NOTE)
    return await _book(viewer, event, wanted, note)


async def _book(
    viewer: Viewer, number: int, wanted: Sequence[tuple[int, int]], note: str, by_school: bool = False
) -> list[int]:
    """Whom the event asks is looked up first: meanwhile others can book. Whoever is kept from the child in just this
    moment is found by the job `tidy`, like all who are so later."""
    found = await loading.event(number)
    if found is None or found.state == "draft" or not wanted:
        raise NotVisible
    hosts = await loading.hosts([number])
    theirs = await parties.asked_by(viewer, [found], hosts)
    if not theirs.needs:
        raise NotVisible
    others = await parties.for_others([found], theirs.party) if not by_school else frozenset[int]()
    if others.intersection(slot for slot, _child in wanted):
        raise BadInput("slot", GONE)
    kept_from = await loading.slots_of_children((await standing(viewer)).blocked_from)
    if kept_from.intersection(slot for slot, _child in wanted):
        raise Taken("slot", TAKEN)
    spoken_of = [*(host.person for host in hosts), *(child for _slot, child in wanted)]
    reader = await wording.reader(theirs.person, spoken_of)
    try:
        return await _take_all(found, theirs, wanted, note, by_school, reader)
    except Conflict as conflict:
        raise Taken("slot", TAKEN) from conflict


@atomic
async def _take_all(
    event: Event, theirs: Asked, wanted: Sequence[tuple[int, int]], note: str, by_school: bool, reader: Reader
) -> list[int]:
    row = await db.row("SELECT state, opens_at, closes_at FROM meetings_event WHERE id = ?", event.id)
    if row is None:
        raise NotVisible
    now = replace(event, state=row[0], opens_at=row[1], closes_at=row[2])
    return [await _take(now, theirs, slot, child, note, by_school, reader) for slot, child in wanted]


async def _take(
    event: Event, theirs: Asked, number: int, child: int, note: str, by_school: bool, reader: Reader
) -> int:
    slot = await loading.slot(number)
    if slot is None or slot.event != event.id or not theirs.has(slot.host, child):
        raise NotVisible
    now = clock.now()
    mine = await loading.bookings(
        "WHERE b.host = ? AND b.child = ? AND (b.party = ? OR b.person = ?)",
        *(slot.host, child, theirs.party, theirs.person),
    )
    before = mine[0] if mine else None
    if before is not None and before.state == "on" and before.slot == slot.id:
        if not by_school:
            await _keep_note(before, note)  # sent twice, or only the note was changed
        return before.id
    waits = await waiting.of(slot.host, child, theirs.party)
    held = slot.held_until > now and slot.held_for != (waits.id if waits else 0)
    offered = slot.held_until > now and not held
    _check_open(event, slot, now, offered, by_school)
    if before is not None and before.state == "on" and not event.changeable(before.starts_at, now):
        raise Refused(LATE)
    await _check_free(slot, held)
    await check_times(slot, theirs.person, before.id if before else 0)
    booking = await _put(event, slot, theirs.person, theirs.party, child, note, before)
    if waits:
        await waiting.drop(waits.id)
    if before is not None and before.state == "on":
        await left(event, before)
    moved = before is not None and before.state == "on"
    await deliver(wording.booked(event, slot, booking, reader, changed=moved))
    if before is not None and moved and before.person != booking.person:
        await _tell_first(event, slot, booking, before.person)
    return booking.id


async def _tell_first(event: Event, slot: Slot, booking: Booking, person: int) -> None:
    """Another adult of the household moved it: whoever had booked has it in their calendar still."""
    if person in (await parties.adults_of([booking]))[booking.id]:
        reader = await wording.reader(person, [slot.person, booking.child])
        await deliver(wording.booked(event, slot, replace(booking, person=person), reader, changed=True))


def _check_open(event: Event, slot: Slot, now: int, offered: bool, by_school: bool) -> None:
    if slot.state != "on":
        raise BadInput("slot", GONE)
    if slot.starts_at <= now:
        raise BadInput("slot", PAST)
    if not event.bookable(now) and not (offered and event.state == "open") and not by_school:
        raise BadInput("slot", CLOSED)


async def _check_free(slot: Slot, held: bool) -> None:
    if slot.taken + held >= slot.places:
        raise Taken("slot", TAKEN)


async def check_times(slot: Slot, person: int, besides: int = 0) -> None:
    """Raises BadInput where this adult is expected elsewhere at this time, `Taken` where the host is."""
    during = "b.state = 'on' AND b.starts_at < ? AND b.ends_at > ?"
    times = slot.ends_at, slot.starts_at
    own = await db.value(f"SELECT 1 FROM meetings_booking b WHERE b.person = ? AND {during} AND b.id <> ?",
                         *(person, *times, besides))  # fmt: skip
    if own is not None:
        raise BadInput("slot", BUSY)
    host = await db.value(
        "SELECT 1 FROM meetings_booking b JOIN meetings_host h ON h.id = b.host"
        f" WHERE h.person = ? AND b.slot <> ? AND {during} AND b.id <> ?",
        *(slot.person, slot.id, *times, besides),
    )
    if host is not None:
        raise Taken("slot", TAKEN)


async def _put(
    event: Event, slot: Slot, person: int, party: int, child: int, note: str, before: Booking | None
) -> Booking:
    """Writes the booking down. A booking that is moved keeps its name in calendars; one that was called off gets a
    new one."""
    taken = await db.rows("SELECT seat FROM meetings_booking WHERE slot = ? AND state = 'on'", slot.id)
    used = {seat for (seat,) in taken}
    seat = next(number for number in range(slot.places) if number not in used)
    now = clock.now()
    alive = before is not None and before.state == "on"
    made = Booking(
        before.id if before else new_id(), event.id, slot.id, slot.host, seat, "on", person, party, child, note,
        slot.starts_at, slot.ends_at, before.uid if before and alive else f"{joining.new_room()}@meetings.portal",
        before.sequence + 1 if before and alive else 0, now, now,
    )  # fmt: skip
    if before is None:
        await db.run(
            "INSERT INTO meetings_booking (id, event, slot, host, seat, state, person, party, child, note, starts_at,"
            " ends_at, uid, sequence, booked_at, changed_at, reminded_at, outcome)"
            " VALUES (?, ?, ?, ?, ?, 'on', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '')",
            *(made.id, made.event, made.slot, made.host, seat, person, party, child, note, made.starts_at),
            *(made.ends_at, made.uid, made.sequence, now, now),
        )
    else:
        await db.run(
            "UPDATE meetings_booking SET slot = ?, seat = ?, state = 'on', person = ?, party = ?, note = ?,"
            " starts_at = ?, ends_at = ?, uid = ?, sequence = ?, changed_at = ?, reminded_at = 0, outcome = ''"
            " WHERE id = ?",
            *(slot.id, seat, person, party, note, made.starts_at, made.ends_at, made.uid, made.sequence, now, made.id),
        )
    await db.run(
        "UPDATE meetings_slot SET changed_at = ?, news_at = ?, held_for = 0, held_until = 0 WHERE id = ?",
        *(now, now, slot.id),
    )
    return made


async def _keep_note(booking: Booking, note: str) -> None:
    if note == booking.note:
        return
    if booking.starts_at <= clock.now():
        raise BadInput("slot", PAST)
    await db.run("UPDATE meetings_booking SET note = ?, changed_at = ? WHERE id = ?", note, clock.now(), booking.id)


async def book_for(viewer: Viewer, event: int, slot: int, child: int) -> int:
    """The school books for this adult, also while families cannot."""
    return (await _book(viewer, event, [(slot, child)], "", by_school=True))[0]


async def left(event: Event, booking: Booking) -> None:
    """A place became free: the room is another one from now on, and the first who waits gets the place."""
    slot = await loading.slot(booking.slot)
    if slot is None:
        return
    room = joining.new_room() if slot.room and slot.places == 1 else slot.room
    await db.run(
        "UPDATE meetings_slot SET room = ?, changed_at = ?, news_at = ? WHERE id = ?",
        *(room, clock.now(), clock.now(), slot.id),
    )
    await offer(event, slot.id)


async def offer(event: Event, number: int) -> None:
    """A slot that is new or free again: whoever waits has it first. Inside a transaction."""
    slot = await loading.slot(number)
    if slot is not None:
        await waiting.freed(event, slot, give)


async def give(event: Event, slot: Slot, waits: waiting.Waits) -> bool:
    """Books a freed slot for somebody who wanted the first one. False if they are expected elsewhere then."""
    try:
        await check_times(slot, waits.person)
    except BadInput:
        return False
    mine = await loading.bookings(
        "WHERE b.host = ? AND b.child = ? AND b.party = ?", *(waits.host, waits.child, waits.party)
    )
    if mine and mine[0].state == "on":
        return False
    booking = await _put(event, slot, waits.person, waits.party, waits.child, waits.note, mine[0] if mine else None)
    reader = await wording.reader(waits.person, [slot.person, waits.child])
    await deliver(wording.booked(event, slot, booking, reader))
    return True


# ---- Theirs ----


async def own(viewer: Viewer, number: int) -> tuple[Event, Booking]:
    """A booking of this household, about a child for whom the person decides. Raises NotVisible for anybody else's."""
    found = await loading.booking(number)
    event = await loading.event(found.event) if found else None
    if found is None or event is None:
        raise NotVisible
    theirs = await parties.asked_by(viewer, [event], await loading.hosts([event.id]))
    if (found.party != theirs.party and found.person != theirs.person) or found.child not in theirs.children:
        raise NotVisible
    return event, found


@atomic
async def cancel(viewer: Viewer, number: int) -> Event:
    """A family cancels. Raises Refused where it is too late for that here."""
    event, found = await own(viewer, number)
    if found.state == "on" and not event.changeable(found.starts_at, clock.now()):
        raise Refused(LATE)
    slot = await loading.slot(found.slot)
    await db.run("DELETE FROM meetings_booking WHERE id = ?", found.id)
    if found.state == "on" and slot is not None:
        await deliver(
            await wording.cancelled(
                event, slot, found,
                _("You cancelled your appointment with %(host)s: %(when)s.") if found.person == viewer.person
                else _("Your household cancelled the appointment with %(host)s: %(when)s."),
                _("If you would like another time, you find it in the portal under “Meetings”."),
            )
        )  # fmt: skip
        await left(event, found)
    return event


async def drop(event: Event, gone: Iterable[Booking], why: str, *more: str) -> None:
    """Takes bookings away that must not be any more, with word to whoever booked. Inside a transaction."""
    for one in gone:
        slot = await loading.slot(one.slot)
        await db.run("DELETE FROM meetings_booking WHERE id = ?", one.id)
        if one.state == "on" and slot is not None:
            await deliver(await wording.cancelled(event, slot, one, why, *more))
            await left(event, one)
