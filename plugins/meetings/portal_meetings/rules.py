"""What a meeting is, who handles one, who may book, and how large it may be. No database: plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.sdk import Standing, _, clock

MOST_TITLE = 200  # characters
MOST_INFO = 2_000
MOST_NOTE = 500
MOST_PLACE = 200
MOST_SLOTS = 3_000  # of an event
MOST_HOSTS = 200
MOST_WINDOWS = 6  # that are added at a time
MOST_PLACES = 500  # families in one slot
LONGEST = 12 * 60  # minutes of a slot
FARTHEST = 2 * 366 * clock.DAY  # from now to the end of a slot
OFFERED = 12 * clock.HOUR  # how long a freed slot is held for a family that wants to be asked

KINDS: Mapping[str, str] = {
    "evening": _("Parents' evening"),
    "visit": _("Visit or coffee chat"),
    "family": _("Appointment with one family"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """What families are asked to; as `meetings_event` has it."""

    id: int
    kind: str
    title: str
    info: str
    state: str
    author: int
    opens_at: int
    closes_at: int
    change_hours: int
    gap_minutes: int
    record: bool
    told_at: int
    reminded_at: int
    last_at: int
    classes: tuple[int, ...] = ()
    children: tuple[int, ...] = ()

    def bookable(self, now: int) -> bool:
        """Whether families can book at this instant."""
        return self.state == "open" and self.opens_at <= now and not (self.closes_at and now >= self.closes_at)

    def changeable(self, starts_at: int, now: int) -> bool:
        """Whether a family can still change or cancel what begins then."""
        return now < starts_at - self.change_hours * clock.HOUR


@dataclass(frozen=True, slots=True)
class Host:
    """Who receives families at an event. `person` is 0 once they were erased."""

    id: int
    event: int
    person: int
    everyone: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """One time of a host: one appointment. `host` is the row of `Host`, `person` who that is."""

    id: int
    event: int
    host: int
    person: int
    starts_at: int
    ends_at: int
    state: str = "on"
    places: int = 1
    place: str = ""
    provider: str = ""  # "" at school, "link", "jitsi" or "bbb"
    link: str = ""
    room: str = ""
    sequence: int = 0
    changed_at: int = 0
    held_for: int = 0
    held_until: int = 0
    taken: int = 0  # places that are booked

    @property
    def virtual(self) -> bool:
        return bool(self.provider)


@dataclass(frozen=True, slots=True)
class Booking:
    """A family's place in a slot."""

    id: int
    event: int
    slot: int
    host: int
    seat: int
    state: str
    person: int
    party: int
    child: int
    note: str
    starts_at: int
    ends_at: int
    uid: str
    sequence: int
    booked_at: int
    changed_at: int
    outcome: str = ""


def is_office(person: Standing) -> bool:
    return bool(person.roles & {"office", "admin"})


def may_make(person: Standing) -> bool:
    """Who may ask families to meetings."""
    return person.person is not None and person.is_staff and not person.is_child


def handles(person: Standing, event: Event) -> bool:
    """Who may change the event as a whole, and sees all of its bookings: the office, and its author while they are
    staff of all classes that are asked."""
    own = event.author == person.person and person.staff_of.issuperset(event.classes)
    return may_make(person) and (is_office(person) or own)


def hosts(person: Standing, slots: Iterable[Host]) -> set[int]:
    """The rows among these that are this person, while they are staff."""
    return {host.id for host in slots if may_make(person) and host.person and host.person == person.person}


def overlaps(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two times have a moment in common; one may begin when the other ends."""
    return one[0] < other[1] and other[0] < one[1]
