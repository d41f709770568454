"""Word to families and hosts about appointments, each in their own language, with an entry for their calendar."""

from __future__ import annotations

from collections.abc import Iterable

from portal.sdk import Language, Word, _, clock, languages_of, names, school
from portal_meetings import feed
from portal_meetings.appointment import Appointment
from portal_meetings.rules import Booking, Event, Slot

SEE = _("You find it in the portal under “Meetings”.")


def appointment(event: Event, slot: Slot, booking: Booking | None = None, *, cancelled: bool = False) -> Appointment:
    """A booked slot for the calendar of the family; of its host without a booking. A cancelled one counts as changed
    once more."""
    return Appointment(
        slot.id, event.title, slot.place, slot.starts_at, slot.ends_at, frozenset({slot.person} - {0}),
        frozenset({booking.person}) if booking else frozenset(), frozenset({booking.child}) if booking else frozenset(),
        provider=slot.provider, link=slot.link, room=slot.room, record=event.record,
        sequence=(booking.sequence if booking else slot.sequence) + cancelled, changed_at=clock.now(),
        cancelled=cancelled, uid=booking.uid if booking else "",
    )  # fmt: skip


async def when(slot: Slot, language: Language) -> str:
    """Day and time of a slot, in words."""
    zone = (await school()).timezone
    day = language.day(clock.day(slot.starts_at, zone))
    return language.text(
        _("%(day)s, %(begins)s to %(ends)s"), day=day, begins=language.time(slot.starts_at, zone),
        ends=language.time(slot.ends_at, zone),
    )  # fmt: skip


def where(slot: Slot, language: Language) -> str:
    """Where somebody has to go."""
    if slot.virtual:
        return language.text(_("By video. The way in opens in the portal shortly before."))
    return slot.place


async def booked(event: Event, slot: Slot, booking: Booking, *, changed: bool = False) -> list[Word]:
    """The confirmation for the adult who booked."""
    language = (await languages_of([booking.person]))[booking.person]
    said = language.text
    called = await names([slot.person, booking.child])
    values = {
        "title": event.title, "host": called.get(slot.person, ""), "child": called.get(booking.child, ""),
        "when": await when(slot, language),
    }  # fmt: skip
    subject = said(_("Your appointment was changed: %(title)s") if changed else _("Your appointment: %(title)s"), **values)
    lines = [said(_("With %(host)s, about %(child)s"), **values), values["when"], where(slot, language)]
    if event.change_hours:
        until = slot.starts_at - event.change_hours * clock.HOUR
        if until > clock.now():
            at = language.moment(until, (await school()).timezone)
            lines.append(said(_("You can change or cancel it until %(at)s."), at=at))
    lines.append(said(SEE))
    calendar = await feed.invitation(appointment(event, slot, booking), language)
    return [Word(booking.person, subject, _body(lines), calendar)]


async def cancelled(event: Event, slot: Slot, booking: Booking, why: str, *more: str) -> list[Word]:
    """Tells the adult who booked that it does not take place; `why` and `more` are msgids."""
    language = (await languages_of([booking.person]))[booking.person]
    called = await names([slot.person])
    values = {"title": event.title, "host": called.get(slot.person, ""), "when": await when(slot, language)}
    lines = [language.text(line, **values) for line in (why, *more)]
    calendar = await feed.invitation(appointment(event, slot, booking, cancelled=True), language, "CANCEL")
    return [Word(booking.person, language.text(_("Cancelled: %(title)s"), **values), _body(lines), calendar)]


async def calendar_of(event: Event, slot: Slot, booking: Booking, language: Language) -> str:
    return await feed.invitation(appointment(event, slot, booking), language)


async def each(people: Iterable[int], subject: str, lines: Iterable[str], **values: str) -> list[Word]:
    """The same to several people; `subject` and `lines` are msgids."""
    return [
        Word(person, reads.text(subject, **values), _body([reads.text(line, **values) for line in lines]))
        for person, reads in sorted((await languages_of(people)).items())
    ]


def _body(lines: Iterable[str]) -> str:
    return "\n\n".join(line for line in lines if line)

