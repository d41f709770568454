"""One appointment as joining, calendars and the feed know it, whatever kind it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Appointment:
    """A time at which people are expected. `provider` is '' for a place in the school, 'link', 'jitsi' or 'bbb'."""

    id: int
    title: str
    place: str
    starts_at: int
    ends_at: int
    hosts: frozenset[int]
    guests: frozenset[int]  # adults, and children with an account of their own
    children: frozenset[int]  # whom it is about
    accounts: frozenset[int] = frozenset()  # those of the people who are children
    families: int = 1
    provider: str = ""
    link: str = ""
    room: str = ""
    record: bool = False  # whether the host would like to record
    sequence: int = 0
    changed_at: int = 0
    cancelled: bool = False
    uid: str = ""  # of the calendar entry; '' where it is the appointment's own

    @property
    def people(self) -> frozenset[int]:
        """Everybody who is expected."""
        return self.hosts | self.guests
