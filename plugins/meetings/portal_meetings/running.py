"""What happens to a meeting once it is made: families get word, book until it is closed, and hear it when a time does
not take place after all. Whoever may not gets NotVisible, as if it did not exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from portal.sdk import BadInput, NotVisible, Refused, Viewer, Word, _, atomic, clock, db, deliver, settings, standing
from portal_meetings import booking, joining, loading, parties, wording
from portal_meetings.rules import Booking, Event, Host, Slot, handles

AGAIN_AFTER = 20 * clock.HOUR
OUTCOMES = ("", "met", "missed")


@atomic
async def publish(viewer: Viewer, number: int) -> None:
    """Families find it in the portal, and get word when booking begins."""
    found, _who = await loading.handled(viewer, number)
    if found.state != "draft":
        return  # pressed twice
    if not await db.value("SELECT 1 FROM meetings_slot WHERE event = ? AND state = 'on' AND starts_at > ?",
                          *(number, clock.now())):  # fmt: skip
        raise Refused(_("It has no times that lie ahead. Please add some first."))
    await _check_enough(found)
    await db.run("UPDATE meetings_event SET state = 'open' WHERE id = ?", number)
    await announce(number)


async def _check_enough(event: Event) -> None:
    """Raises Refused where an appointment with one family has no time for each of its parties."""
    if event.kind != "family":
        return
    ahead = await loading.slots("WHERE s.event = ? AND s.state = 'on' AND s.starts_at > ?", event.id, clock.now())
    of = await parties.by_party(event)
    for number in of:
        others = await parties.for_others([event], number)
        if all(slot.id in others for slot in ahead):
            raise Refused(
                _("Parents who live apart choose from times of their own. Please offer at least %(count)s times."),
                count=len(of),
            )  # fmt: skip


@atomic
async def announce(number: int) -> None:
    """Word to everybody who is asked, once, when booking begins."""
    found = await loading.event(number)
    if found is None or found.told_at or not found.bookable(clock.now()):
        return
    await db.run("UPDATE meetings_event SET told_at = ? WHERE id = ?", clock.now(), number)
    if (await settings("meetings"))["announce"]:
        people = {one.adult for one in await parties.everybody(found)}
        await deliver(
            await wording.each(
                people, _("Please choose a time: %(title)s"),
                [_("“%(title)s”: you can choose your time now."), wording.SEE], title=found.title,
            )
        )  # fmt: skip


@atomic
async def close(viewer: Viewer, number: int) -> None:
    """Nobody can book any more; what is booked takes place."""
    found, _who = await loading.handled(viewer, number)
    if found.state == "open":
        await db.run("UPDATE meetings_event SET state = 'closed' WHERE id = ?", number)


@atomic
async def reopen(viewer: Viewer, number: int) -> None:
    """Families can book again. Raises Refused after the last day on which they can."""
    found, _who = await loading.handled(viewer, number)
    if found.closes_at and found.closes_at <= clock.now():
        raise Refused(_("The last day has passed. Please choose a later one, or none."))
    if found.state == "closed":
        await db.run("UPDATE meetings_event SET state = 'open' WHERE id = ?", number)


@atomic
async def erase(viewer: Viewer, number: int) -> None:
    """The event is gone, with everything that belongs to it. Families who have an appointment ahead get word."""
    found, _who = await loading.handled(viewer, number)
    for slot in await loading.slots("WHERE s.event = ? AND s.state = 'on' AND s.ends_at > ?", number, clock.now()):
        await _called_off(found, slot, NOT_AT_ALL)
    await db.run("DELETE FROM meetings_event WHERE id = ?", number)


# ---- Times that do not take place ----

CALLED_OFF = _("Your appointment with %(host)s cannot take place: %(when)s.")
ANOTHER = _("We are sorry. Please choose another time in the portal under “Meetings”; what you wrote is kept.")
NOT_AT_ALL = (CALLED_OFF, _("We are sorry."))
KEPT = (CALLED_OFF, ANOTHER)


async def looked_after(viewer: Viewer, number: int) -> tuple[Event, Slot, Host]:
    """A slot of this host, or of an event that this person handles. Raises NotVisible for anybody else's."""
    slot = await loading.slot(number)
    if slot is None:
        raise NotVisible
    found, _who, theirs = await loading.received(viewer, slot.event)
    host = next((host for host in theirs if host.id == slot.host), None)
    if host is None:
        raise NotVisible
    return found, slot, host


@atomic
async def withdraw(viewer: Viewer, number: int) -> int:
    """A time does not take place. Whoever booked it gets word, and can choose another; returns how many families."""
    found, slot, _host = await looked_after(viewer, number)
    return await _called_off(found, slot, KEPT)


@atomic
async def withdraw_host(viewer: Viewer, number: int, host: int) -> int:
    """All times of a host that lie ahead, such as when a teacher is ill."""
    found, _who, theirs = await loading.received(viewer, number)
    if host not in {one.id for one in theirs}:
        raise NotVisible
    ahead = await loading.slots("WHERE s.host = ? AND s.state = 'on' AND s.starts_at > ?", host, clock.now())
    return sum([await _called_off(found, slot, KEPT) for slot in ahead])


@atomic
async def host_left(host: int) -> None:
    """Times of a host who is no staff any more. Nobody is asking here."""
    for slot in await loading.slots("WHERE s.host = ? AND s.state = 'on' AND s.starts_at > ?", host, clock.now()):
        found = await loading.event(slot.event)
        if found is not None:
            await _called_off(found, slot, KEPT)


async def _called_off(event: Event, slot: Slot, why: Sequence[str]) -> int:
    if slot.state != "on":
        return 0  # pressed twice
    await db.run(
        "UPDATE meetings_slot SET state = 'off', sequence = sequence + 1, changed_at = ?, held_for = 0,"
        " held_until = 0 WHERE id = ?",
        *(clock.now(), slot.id),
    )
    booked = await loading.bookings("WHERE b.slot = ? AND b.state = 'on'", slot.id)
    await db.run(
        "UPDATE meetings_booking SET state = 'off', changed_at = ? WHERE slot = ? AND state = 'on'",
        *(clock.now(), slot.id),
    )
    if slot.starts_at > clock.now():
        for one in booked:
            await deliver(await wording.cancelled(event, slot, one, *why))
    return len(booked)


@atomic
async def put_back(viewer: Viewer, number: int) -> None:
    """Offers a withdrawn time again. Raises Refused where the host has something else then."""
    found, slot, host = await looked_after(viewer, number)
    if slot.state == "on":
        return
    if slot.starts_at <= clock.now():
        raise Refused(_("This time lies in the past."))
    if await db.value(
        "SELECT 1 FROM meetings_slot s JOIN meetings_host h ON h.id = s.host WHERE h.person = ? AND s.state = 'on'"
        " AND s.starts_at < ? AND s.ends_at > ?",
        *(host.person, slot.ends_at, slot.starts_at),
    ):
        raise Refused(_("There is another appointment at this time now."))
    await db.run(
        "UPDATE meetings_slot SET state = 'on', sequence = sequence + 1, changed_at = ?, room = ? WHERE id = ?",
        *(clock.now(), joining.new_room() if slot.virtual else "", slot.id),
    )
    await booking.offer(found, slot.id)


# ---- By the school ----


async def families(viewer: Viewer, number: int) -> list[tuple[int, int]]:
    """The adults and children for whom this slot can be booked by the school: those who have none with this host."""
    found, slot, host = await looked_after(viewer, number)
    _found, who, _theirs = await loading.received(viewer, slot.event)
    asked = [one for one in await parties.everybody(found) if not who.blocked_from.intersection(one.children)]
    receives = await parties.received_by(found, host)
    booked = {
        (one.child, one.party) for one in await loading.bookings("WHERE b.host = ? AND b.state = 'on'", slot.host)
    }
    return [
        (one.adult, child)
        for one in asked
        for child in one.children
        if one.adult != host.person and child in receives and (child, parties.party(one)) not in booked
    ]


async def book_for(viewer: Viewer, number: int, adult: int, child: int) -> None:
    """The school books for a family, as after a telephone call. Raises NotVisible, BadInput like `booking.book`."""
    _found, slot, _host = await looked_after(viewer, number)
    if (adult, child) not in await families(viewer, number):
        raise NotVisible
    await booking.book_for(Viewer(adult), slot.event, slot.id, child)


@atomic
async def release(viewer: Viewer, number: int) -> None:
    """The school cancels one family's appointment; the time is free again."""
    one = await loading.booking(number)
    if one is None or one.state != "on":
        raise NotVisible
    found, _slot, _host = await looked_after(viewer, one.slot)
    await _check_child(viewer, one)
    await booking.drop(found, [one], _("The school cancelled your appointment with %(host)s: %(when)s."), wording.SEE)


async def of_booking(viewer: Viewer, number: int) -> int:
    """The slot of a booking that this person looks after. Raises NotVisible for anybody else's, and about a child who
    is kept from them."""
    one = await loading.booking(number)
    if one is None:
        raise NotVisible
    await looked_after(viewer, one.slot)
    await _check_child(viewer, one)
    return one.slot


async def _check_child(viewer: Viewer, one: Booking) -> None:
    if one.child in (await standing(viewer)).blocked_from:
        raise NotVisible


@atomic
async def mark(viewer: Viewer, number: int, outcome: str) -> None:
    """The host's own note whether a family came. Nobody else sees it."""
    one = await loading.booking(number)
    if one is None or outcome not in OUTCOMES:
        raise NotVisible
    _found, _slot, host = await looked_after(viewer, one.slot)
    await _check_child(viewer, one)
    if host.person != viewer.person:
        raise NotVisible
    if one.starts_at > clock.now():
        raise BadInput("outcome", _("This lies ahead still."))
    await db.run("UPDATE meetings_booking SET outcome = ? WHERE id = ?", outcome, number)


# ---- Reminding ----


async def missing(event: Event) -> tuple[set[int], int, int]:
    """The adults of parties that have booked nothing, how many parties that is, and how many are asked in all."""
    asked = await parties.by_party(event)
    rows = await db.rows("SELECT DISTINCT party FROM meetings_booking WHERE event = ? AND state = 'on'", event.id)
    booked = {row[0] for row in rows}
    rest = {number: adults for number, adults in asked.items() if number not in booked}
    return {one.adult for adults in rest.values() for one in adults}, len(rest), len(asked)


@atomic
async def remind(viewer: Viewer, number: int) -> int:
    """Writes to those alone who have booked nothing; returns how many people that is.

    Raises Refused if it cannot be booked now, or if they were reminded within the last 20 hours.
    """
    found, who = await loading.handled(viewer, number)
    assert handles(who, found)
    now = clock.now()
    if not found.bookable(now):
        raise Refused(_("Families cannot book now."))
    if now - max(found.reminded_at, found.told_at) < AGAIN_AFTER:
        raise Refused(_("They had word today already. Please wait until tomorrow."))
    people, _rest, _all = await missing(found)
    await db.run("UPDATE meetings_event SET reminded_at = ? WHERE id = ?", now, number)
    await deliver(await _reminder(people, found))
    return len(people)


async def _reminder(people: Iterable[int], found: Event) -> list[Word]:
    return await wording.each(
        people, _("Please choose a time: %(title)s"),
        [_("“%(title)s”: you have no time yet. There are still some to choose from."), wording.SEE], title=found.title,
    )  # fmt: skip
