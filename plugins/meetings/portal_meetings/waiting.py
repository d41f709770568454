"""The waiting list of a host: whoever waits longest gets the next time that becomes free."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from portal.sdk import (
    BadInput,
    NotVisible,
    Refused,
    Viewer,
    Word,
    _,
    atomic,
    clock,
    db,
    deliver,
    guardians_of,
    languages_of,
    names,
    new_id,
    school,
)
from portal_meetings import loading, parties, wording
from portal_meetings.rules import MOST_NOTE, OFFERED, Event, Slot


@dataclass(frozen=True, slots=True)
class Waits:
    """A family that waits; as `meetings_waiting` has it."""

    id: int
    event: int
    host: int
    person: int
    party: int
    child: int
    note: str
    at_once: bool
    at: int


_WAITS = "SELECT id, event, host, person, party, child, note, at_once, at FROM meetings_waiting"


async def rows(where: str, *args: object) -> list[Waits]:
    """Those who wait; the first first."""
    found = [Waits(*row) for row in await db.rows(f"{_WAITS} {where} ORDER BY at, id", *args)]
    return [replace(one, at_once=bool(one.at_once)) for one in found]


async def of(host: int, child: int, party: int) -> Waits | None:
    return next(iter(await rows("WHERE host = ? AND child = ? AND party = ?", host, child, party)), None)


async def drop(number: int) -> None:
    """Waits no more; what was held for it is free. Inside a transaction."""
    await db.run("DELETE FROM meetings_waiting WHERE id = ?", number)
    await db.run("UPDATE meetings_slot SET held_for = 0, held_until = 0 WHERE held_for = ?", number)


@atomic
async def join(viewer: Viewer, number: int, host: int, child: int, note: str = "", *, at_once: bool = False) -> None:
    """Waits for a time with a host. Raises NotVisible, Refused where the family has one, or cannot book now."""
    note = note.strip()
    if len(note) > MOST_NOTE:
        raise BadInput("note", _("Please write at most %(most)s characters."), most=MOST_NOTE)
    event = await loading.event(number)
    if event is None or event.state == "draft":
        raise NotVisible
    theirs = await parties.asked_by(viewer, [event], await loading.hosts([number]))
    if not theirs.has(host, child):
        raise NotVisible
    if not event.bookable(clock.now()):
        raise Refused(_("Times cannot be booked now. Please ask the office."))
    if await db.value(
        "SELECT 1 FROM meetings_booking WHERE host = ? AND child = ? AND party = ? AND state = 'on'",
        *(host, child, theirs.party),
    ):
        raise Refused(_("You have an appointment already. You can change it instead."))
    await db.run(
        "INSERT INTO meetings_waiting (id, event, host, person, party, child, note, at_once, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (host, child, party) DO UPDATE SET"
        " person = excluded.person, note = excluded.note, at_once = excluded.at_once",
        *(new_id(), number, host, theirs.person, theirs.party, child, note, at_once, clock.now()),
    )


async def own(viewer: Viewer, number: int) -> tuple[Event, Waits]:
    """A place in the waiting list of this person's household. Raises NotVisible for anybody else's."""
    found = next(iter(await rows("WHERE id = ?", number)), None)
    event = await loading.event(found.event) if found else None
    if found is None or event is None:
        raise NotVisible
    theirs = await parties.asked_by(viewer, [event], await loading.hosts([event.id]))
    if found.party != theirs.party or not theirs.has(found.host, found.child):
        raise NotVisible
    return event, found


async def leave(viewer: Viewer, number: int, give: Give) -> Event:
    """Waits no more. What was held for this family goes to the next."""
    return await _leave(viewer, number, give)


@atomic
async def _leave(viewer: Viewer, number: int, give: Give) -> Event:
    event, found = await own(viewer, number)
    held = await loading.slots("WHERE s.held_for = ?", found.id)
    await drop(found.id)
    for slot in held:
        await freed(event, slot, give)
    return event


# ---- What became free ----

Give = Callable[[Event, Slot, Waits], Awaitable[bool]]


async def freed(event: Event, slot: Slot, give: Give, besides: int = 0) -> None:
    """Offers a slot that has a free place to the first who waits, or books it for them (`give`) if they asked for
    that; not to `besides`. Inside a transaction."""
    now = clock.now()
    await db.run("UPDATE meetings_slot SET held_for = 0, held_until = 0 WHERE id = ?", slot.id)
    if event.state != "open" or slot.state != "on" or slot.starts_at <= now or slot.taken >= slot.places:
        return
    for one in await rows("WHERE host = ? AND id <> ?", slot.host, besides):
        if not await _still(one):
            await drop(one.id)
            continue
        if slot.id in await parties.for_others([event], one.party):
            continue
        if one.at_once:
            if await give(event, slot, one):
                await drop(one.id)
                return
            continue
        if await db.value("SELECT 1 FROM meetings_slot WHERE held_for = ? AND held_until > ?", one.id, now):
            continue  # has an offer already
        until = min(now + OFFERED, now + (slot.starts_at - now) // 2)
        await db.run("UPDATE meetings_slot SET held_for = ?, held_until = ? WHERE id = ?", one.id, until, slot.id)
        await deliver(await _offer(event, slot, one, until))
        return


async def _still(one: Waits) -> bool:
    """Whether this adult decides for the child still."""
    deciding = await guardians_of([one.child])
    return any(g.adult == one.person and one.child in g.children for g in deciding)


async def _offer(event: Event, slot: Slot, one: Waits, until: int) -> list[Word]:
    language = (await languages_of([one.person]))[one.person]
    said = language.text
    values = {
        "title": event.title, "host": (await names([slot.person])).get(slot.person, ""),
        "when": await wording.when(slot, language), "until": language.moment(until, (await school()).timezone),
    }  # fmt: skip
    lines = [
        said(_("A time with %(host)s became free: %(when)s."), **values),
        said(_("It is kept for you until %(until)s. Book it in the portal under “Meetings”."), **values),
        said(_("If it does not suit you, you need not do anything.")),
    ]
    return [Word(one.person, said(_("A time became free: %(title)s"), **values), "\n\n".join(lines))]


@atomic
async def pass_on(number: int, give: Give) -> None:
    """An offer that nobody took goes to the next; whoever let it pass waits behind all others. Where nobody else
    waits, anybody may have it."""
    slot = await loading.slot(number)
    now = clock.now()
    if slot is None or not slot.held_for or slot.held_until > now:
        return
    await db.run("UPDATE meetings_waiting SET at = ? WHERE id = ?", now, slot.held_for)
    event = await loading.event(slot.event)
    assert event is not None  # its slot is there
    await freed(event, slot, give, besides=slot.held_for)
