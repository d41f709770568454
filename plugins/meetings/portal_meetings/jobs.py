"""Work beside requests: word when booking begins, reminders, offers that nobody took, and who must not come any more.

Each piece is a transaction of its own, and looks again whether there is anything to do: it may run twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

from portal.sdk import (
    Conflict,
    PortalError,
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
    settings,
    standing,
)
from portal_meetings import booking, loading, parties, running, waiting, wording
from portal_meetings.rules import may_make

PORTION = 100  # bookings that are reminded of in one transaction


async def tick(_payload: dict[str, Any]) -> None:
    """What cannot wait: booking that begins, and offers whose time is over."""
    now = clock.now()
    due = await db.rows(
        "SELECT id FROM meetings_event WHERE state = 'open' AND told_at = 0 AND opens_at <= ? AND last_at > ?", now, now
    )
    await _each((event for (event,) in due), running.announce)
    over = await db.rows("SELECT id FROM meetings_slot WHERE held_for <> 0 AND held_until <= ?", now)
    await _each((slot for (slot,) in over), lambda slot: waiting.pass_on(slot, booking.give))


# ---- Reminders ----


async def remind(_payload: dict[str, Any]) -> None:
    """Reminds families of their appointments once, as many hours before as the school chose."""
    hours = (await settings("meetings"))["remind_hours"]
    if not hours:
        return
    while await _remind(clock.now() + hours * clock.HOUR):
        pass


@atomic
async def _remind(until: int) -> bool:
    """One portion; whether there may be more."""
    now = clock.now()
    # Whoever booked just now has had the confirmation; a reminder within the hour would say the same again.
    due = await loading.bookings(
        "WHERE b.state = 'on' AND b.reminded_at = 0 AND b.starts_at > ? AND b.starts_at <= ? AND b.changed_at < ?"
        f" AND b.id IN (SELECT id FROM meetings_booking WHERE state = 'on' AND reminded_at = 0 AND starts_at > ?"
        f" AND starts_at <= ? AND changed_at < ? ORDER BY starts_at LIMIT {PORTION})",
        *(now, until, now - clock.HOUR, now, until, now - clock.HOUR),
    )
    if not due:
        return False
    await db.run_many("UPDATE meetings_booking SET reminded_at = ? WHERE id = ?", [(now, one.id) for one in due])
    deciding = {(g.adult, child) for g in await guardians_of({one.child for one in due}) for child in g.children}
    ids = sorted({one.slot for one in due})
    slots = {s.id: s for s in await loading.slots(f"WHERE s.id IN ({','.join('?' * len(ids))})", *ids)}
    titles: dict[int, str] = dict(await db.rows("SELECT id, title FROM meetings_event"))
    reads = await languages_of({one.person for one in due})
    called = await names({s.person for s in slots.values()} | {one.child for one in due})
    words = []
    for one in due:
        slot, language = slots[one.slot], reads.get(one.person)
        if language is None or (one.person, one.child) not in deciding:
            continue
        values = {
            "title": titles[one.event], "host": called.get(slot.person, ""), "child": called.get(one.child, ""),
            "when": await wording.when(slot, language),
        }  # fmt: skip
        lines = [language.text(_("With %(host)s, about %(child)s"), **values), values["when"]]
        lines += [wording.where(slot, language), language.text(wording.SEE)]
        subject = language.text(_("Reminder of your appointment: %(title)s"), **values)
        words.append(Word(one.person, subject, "\n\n".join(line for line in lines if line)))
    await deliver(words)
    return len(due) == PORTION


# ---- Who must not come any more ----


async def tidy(_payload: dict[str, Any]) -> None:
    """Takes back bookings of adults who do not decide for the child any more or are kept from it, and times of hosts
    who are no staff any more. Who lives in another household since has their bookings alone."""
    now = clock.now()
    ahead = await loading.bookings("WHERE b.state = 'on' AND b.starts_at > ?", now)
    deciding = await guardians_of({one.child for one in ahead})
    fits = {(g.adult, child) for g in deciding for child in g.children}
    gone = [one.id for one in ahead if (one.person, one.child) not in fits]
    await _each(gone, _take_back)
    waits = await waiting.rows("")
    lives = {g.adult: parties.party(g) for g in [*deciding, *await guardians_of({one.child for one in waits})]}
    for table, some in (("meetings_booking", ahead), ("meetings_waiting", waits)):
        moved = [(lives[one.person], one.id) for one in some if lives.get(one.person, one.party) != one.party]
        if moved:
            await _follow(table, moved)
    rows = await db.rows(
        "SELECT DISTINCT h.person, h.id FROM meetings_slot s JOIN meetings_host h ON h.id = s.host"
        " WHERE s.state = 'on' AND s.starts_at > ?",
        now,
    )
    by_person: dict[int, list[int]] = defaultdict(list)
    for person, host in rows:
        by_person[person].append(host)
    for person, hosts in by_person.items():
        if not person or not may_make(await standing(Viewer(person))):
            await _each(hosts, running.host_left)


@atomic
async def _follow(table: str, moved: Sequence[tuple[int, int]]) -> None:
    """Rows go with the adult who booked or waits, unless the new household has such a one already."""
    for party, number in moved:
        await db.run(
            f"UPDATE {table} SET party = ? WHERE id = ? AND NOT EXISTS (SELECT 1 FROM {table} o WHERE"
            f" o.host = {table}.host AND o.child = {table}.child AND o.party = ?)",
            *(party, number, party),
        )


@atomic
async def _take_back(number: int) -> None:
    one = await loading.booking(number)
    event = await loading.event(one.event) if one else None
    if one is None or event is None:
        return
    if any(one.child in g.children and g.adult == one.person for g in await guardians_of([one.child])):
        return
    await booking.drop(event, [one], _("The school cancelled your appointment with %(host)s: %(when)s."),
                       _("If you have questions, please ask the office."))  # fmt: skip


async def _each(things: Iterable[int], work: Callable[[int], Awaitable[object]]) -> None:
    """Does it for each; one that fails keeps none of the others waiting."""
    failed: Exception | None = None
    for thing in things:
        try:
            await work(thing)
        except (PortalError, Conflict, OSError, ValueError) as failure:
            failed = failure
    if failed is not None:
        raise failed
