"""Appointments for people's own calendars (RFC 5545, 5546): invitation, change, cancellation, and a feed.

Times are written in UTC, which no change of the clocks touches; each calendar shows them in its reader's zone. What
leaves the school this way says little: no address and no name of another family, no child's name, and never the link of
a meeting, only the portal's page that shows it to whoever is signed in.

A plugin does not know e-mail addresses. `READER` and `SCHOOL` stand for those of whoever gets the mail and of the
school; the portal puts them in when it sends it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from portal.sdk import Language, clock

READER = "reader@portal.invalid"
SCHOOL = "school@portal.invalid"
MAKER = "-//Family portal//Meetings//EN"
LONGEST = 2000  # characters of a text


@dataclass(frozen=True, slots=True)
class Entry:
    """One appointment as one person may know it. Texts are in that person's language already."""

    uid: str
    sequence: int
    starts_at: int
    ends_at: int
    title: str
    place: str
    details: str
    address: str  # of the portal's page about it; '' where the portal does not know its own address
    changed_at: int
    cancelled: bool = False


def uid(appointment: int, kind: str = "") -> str:
    """The name of an appointment in all calendars, the same for ever. It says nothing about the room."""
    return f"{kind}{appointment}@meetings.portal"


def invitation(
    entry: Entry, school: str, language: Language, *, method: str = "REQUEST", remind: Sequence[int] = ()
) -> str:
    """What goes along with a mail. `method` is REQUEST, for a change too, or CANCEL; `remind` in minutes before."""
    made = _calendar(method)
    cancelled = method == "CANCEL" or entry.cancelled
    event = _event(entry, language, clock.now(), cancelled, () if cancelled else remind)
    organizer = vCalAddress(f"mailto:{SCHOOL}")
    organizer.params["CN"] = vText(_line(school))
    event["ORGANIZER"] = organizer
    attendee = vCalAddress(f"mailto:{READER}")
    for name, value in (
        ("CUTYPE", "INDIVIDUAL"), ("ROLE", "REQ-PARTICIPANT"), ("RSVP", "FALSE"),
        ("PARTSTAT", "DECLINED" if cancelled else "ACCEPTED"),
    ):  # fmt: skip
        attendee.params[name] = vText(value)
    event.add("ATTENDEE", attendee, encode=False)
    made.add_component(event)
    return bytes(made.to_ical()).decode()


def feed(entries: Iterable[Entry], name: str, language: Language, zone: str, remind: Sequence[int] = ()) -> bytes:
    """All appointments of one person. The same appointments are the same bytes, whenever it is asked for."""
    made = _calendar("")
    made.add("NAME", _line(name))
    made.add("X-WR-CALNAME", _line(name))
    made.add("X-WR-TIMEZONE", zone)
    for key in ("REFRESH-INTERVAL", "X-PUBLISHED-TTL"):
        made.add(key, timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for entry in sorted(entries, key=lambda one: (one.starts_at, one.uid)):
        made.add_component(_event(entry, language, entry.changed_at, entry.cancelled, remind))
    return bytes(made.to_ical())


def _calendar(method: str) -> Calendar:
    """One without a method is nothing between people (RFC 5546), so it needs no organizer."""
    made = Calendar()
    for name, value in (("PRODID", MAKER), ("VERSION", "2.0"), ("CALSCALE", "GREGORIAN"), ("METHOD", method)):
        if value:
            made.add(name, value)
    return made


def _event(entry: Entry, language: Language, stamp: int, cancelled: bool, remind: Sequence[int]) -> Event:
    event = Event()
    event.add("UID", entry.uid)
    event.add("SEQUENCE", entry.sequence)
    event.add("DTSTAMP", _utc(stamp))
    event.add("LAST-MODIFIED", _utc(entry.changed_at))
    event.add("DTSTART", _utc(entry.starts_at))
    event.add("DTEND", _utc(max(entry.ends_at, entry.starts_at + clock.MINUTE)))
    _say(event, "SUMMARY", _line(entry.title), language)
    if entry.place:
        _say(event, "LOCATION", _line(entry.place), language)
    details = _text(entry.details)
    if entry.address and not cancelled:
        event.add("URL", entry.address)
        details = f"{details}\n\n{entry.address}".strip()
    if details:
        _say(event, "DESCRIPTION", details, language)
    event.add("STATUS", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("CLASS", "PRIVATE")
    event.add("TRANSP", "TRANSPARENT" if cancelled else "OPAQUE")
    for minutes in () if cancelled else remind:
        alarm = Alarm()
        alarm.add("ACTION", "DISPLAY")
        _say(alarm, "DESCRIPTION", _line(entry.title), language)
        alarm.add("TRIGGER", timedelta(minutes=-minutes))
        event.add_component(alarm)
    return event


def _say(component: Any, name: str, text: str, language: Language) -> None:
    component.add(name, text, parameters={"LANGUAGE": language.code})


def _utc(at: int) -> datetime:
    return clock.moment(at).replace(microsecond=0)


def _text(text: str) -> str:
    """Text without control characters, which no calendar may hold."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(" " if unicodedata.category(sign) == "Zs" else sign for sign in text)
    return "".join(sign for sign in text if sign in "\n\t" or sign.isprintable() or sign in _JOINERS)[:LONGEST].strip()


_JOINERS = "\u200c\u200d\u200e\u200f"  # signs of Persian and others, and marks of direction, which belong to a text


def _line(text: str) -> str:
    return " ".join(_text(text).split())[:300]
