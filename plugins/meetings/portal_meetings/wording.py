"""Word to families and hosts about appointments, each in their own language, with an entry for their calendar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.sdk import Language, School, Word, _, clock, languages_of, names, portal_address, school
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


@dataclass(frozen=True, slots=True)
class Reader:
    """What word to one adult needs, looked up beforehand."""

    person: int
    language: Language
    names: Mapping[int, str]
    school: School
    address: str  # of the portal

    def when(self, slot: Slot) -> str:
        """Day and time of a slot, in words."""
        return span(slot, self.language, self.school.timezone)

    def invitation(self, found: Appointment, method: str = "REQUEST") -> str:
        """The entry for this adult's calendar."""
        return feed.invitation_of(found, self.language, self.school, self.address, method)


async def reader(person: int, people: Iterable[int] = ()) -> Reader:
    """`people`: those of whom is spoken."""
    language = (await languages_of([person]))[person]
    known = await names({one for one in people if one})
    return Reader(person, language, known, await school(), portal_address())


def span(slot: Slot, language: Language, zone: str) -> str:
    return language.text(
        _("%(day)s, %(begins)s to %(ends)s"), day=language.day(clock.day(slot.starts_at, zone)),
        begins=language.time(slot.starts_at, zone), ends=language.time(slot.ends_at, zone),
    )  # fmt: skip


async def when(slot: Slot, language: Language) -> str:
    """Day and time of a slot, in words."""
    return span(slot, language, (await school()).timezone)


def where(slot: Slot, language: Language) -> str:
    """Where somebody has to go."""
    if slot.virtual:
        return language.text(_("By video. The way in opens in the portal shortly before."))
    return slot.place


def booked(event: Event, slot: Slot, booking: Booking, to: Reader, *, changed: bool = False) -> list[Word]:
    """The confirmation for the adult who booked."""
    said = to.language.text
    values = {
        "title": event.title, "host": to.names.get(slot.person, ""), "child": to.names.get(booking.child, ""),
        "when": to.when(slot),
    }  # fmt: skip
    subject = _("Your appointment was changed: %(title)s") if changed else _("Your appointment: %(title)s")
    lines = [said(_("With %(host)s, about %(child)s"), **values), values["when"], where(slot, to.language)]
    until = slot.starts_at - event.change_hours * clock.HOUR
    if event.change_hours and until > clock.now():
        at = to.language.moment(until, to.school.timezone)
        lines.append(said(_("You can change or cancel it until %(at)s."), at=at))
    lines.append(said(SEE))
    calendar = to.invitation(appointment(event, slot, booking))
    return [Word(booking.person, said(subject, **values), _body(lines), calendar)]


async def cancelled(event: Event, slot: Slot, booking: Booking, why: str, *more: str) -> list[Word]:
    """Tells the adult who booked that it does not take place; `why` and `more` are msgids."""
    to = await reader(booking.person, [slot.person])
    values = {"title": event.title, "host": to.names.get(slot.person, ""), "when": to.when(slot)}
    lines = [to.language.text(line, **values) for line in (why, *more)]
    calendar = to.invitation(appointment(event, slot, booking, cancelled=True), "CANCEL")
    return [Word(booking.person, to.language.text(_("Cancelled: %(title)s"), **values), _body(lines), calendar)]


async def each(people: Iterable[int], subject: str, lines: Iterable[str], **values: str) -> list[Word]:
    """The same to several people; `subject` and `lines` are msgids."""
    return [
        Word(person, reads.text(subject, **values), _body([reads.text(line, **values) for line in lines]))
        for person, reads in sorted((await languages_of(people)).items())
    ]


def _body(lines: Iterable[str]) -> str:
    return "\n\n".join(line for line in lines if line)

