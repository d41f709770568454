"""The secret address under which somebody's own calendar program fetches their appointments.

Whoever has the address gets what the person may see at that moment, and nothing once they may not. It is kept as a
hash, by which it is found, and sealed, so that it can be shown again; a new one ends the old at once.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from collections import OrderedDict
from typing import Any

from portal.sdk import (
    Language,
    NotVisible,
    Refused,
    School,
    Standing,
    Viewer,
    _,
    atomic,
    clock,
    db,
    families_of,
    languages_of,
    new_id,
    new_secret,
    portal_address,
    school,
    seal,
    secret,
    standing,
    unseal,
)
from portal_meetings import calendars, joining, loading
from portal_meetings.appointment import Appointment

BACK = 30 * clock.DAY  # how long what is past stays in it
REMIND = (24 * 60, 30)  # minutes before
OFTEN, WINDOW_S = 30, 300.0  # how often one address is answered within how many seconds
MOST_KNOWN = 5_000


# ---- The address ----


async def address(person: int) -> tuple[str, int]:
    """The key in this person's address, '' where there is none; and when it was last fetched, to the hour."""
    row = await db.row("SELECT sealed, secret, asked_at FROM meetings_feed WHERE person = ?", person)
    key = secret(row[1]) if row else None
    if row is None or key is None:
        return "", 0
    try:
        return unseal(key, base64.b64decode(row[0])).decode(), row[2]
    except ValueError:
        return "", 0


async def renew(viewer: Viewer) -> None:
    """A new address; the old one is dead. Raises NotVisible for somebody who could see nothing with it."""
    if viewer.person is None or not _belongs(await standing(viewer)):
        raise NotVisible
    number = await db.value("SELECT max(secret) FROM meetings_feed") or 0
    key = secret(number) if number else None
    if key is None:
        number = new_secret()
        key = secret(number)
        assert key is not None
    token = secrets.token_urlsafe(24)
    await _store(viewer.person, token, base64.b64encode(seal(key, token.encode())).decode(), number)


@atomic
async def _store(person: int, token: str, sealed: str, number: int) -> None:
    await db.run(
        "INSERT INTO meetings_feed (id, person, hash, sealed, secret, made_at, asked_at) VALUES (?, ?, ?, ?, ?, ?, 0)"
        " ON CONFLICT (person) DO UPDATE SET hash = excluded.hash, sealed = excluded.sealed, secret = excluded.secret,"
        " made_at = excluded.made_at, asked_at = 0",
        *(new_id(), person, _hash(token), sealed, number, clock.now()),
    )


@atomic
async def stop(viewer: Viewer) -> None:
    """No address any more."""
    await db.run("DELETE FROM meetings_feed WHERE person = ?", viewer.person)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


# ---- What is fetched ----


async def fetch(token: str) -> tuple[bytes, str]:
    """The calendar behind a key, and a tag that changes with it. Raises NotVisible, Refused for one that is asked for
    again and again."""
    if not 20 <= len(token) <= 80 or not token.isascii():
        raise NotVisible
    row = await db.row("SELECT person, asked_at FROM meetings_feed WHERE hash = ?", _hash(token))
    if row is None:
        raise NotVisible
    person, asked_at = row
    _slow_down(person)
    who = await standing(Viewer(person))
    if not await _counts(who):
        raise NotVisible
    found = await loading.mine(Viewer(person), since=clock.now() - BACK)
    language = (await languages_of([person]))[person]
    if clock.now() - asked_at > clock.HOUR:
        await _fetched(person)
    made = await written([one for one in found if _still(who, one)], language)
    return made, f'"{hashlib.sha256(made).hexdigest()[:32]}"'


@atomic
async def _fetched(person: int) -> None:
    await db.run("UPDATE meetings_feed SET asked_at = ? WHERE person = ?", clock.now(), person)


def _still(who: Standing, found: Appointment) -> bool:
    try:
        joining.check_still(who, found)
    except NotVisible:
        return False
    return not found.cancelled


def _belongs(who: Standing) -> bool:
    """Whether somebody is there for the school now: staff, family of a child, or a child."""
    return who.signed_in and (who.is_staff or bool(who.family_of))


async def _counts(who: Standing) -> bool:
    """The same of somebody who has not just signed in: a child only while it may use an account."""
    if who.person is None or not _belongs(who):
        return False
    return not who.is_child or who.person in (await families_of([who.person]))[who.person]


class TooOften(Refused):
    """The same address was asked for again and again."""


_asked: OrderedDict[int, tuple[float, int]] = OrderedDict()


def _slow_down(person: int) -> None:
    """Raises TooOften after `OFTEN` times within the window, in this process."""
    now = time.monotonic()
    began, times = _asked.pop(person, (now, 0))
    if now - began > WINDOW_S:
        began, times = now, 0
    _asked[person] = began, times + 1
    while len(_asked) > MOST_KNOWN:
        _asked.popitem(last=False)
    if times >= OFTEN:
        raise TooOften(_("This calendar was fetched very often just now. Please try again in a few minutes."))


# ---- In words ----


async def written(found: list[Appointment], language: Language) -> bytes:
    """Appointments as a calendar that is fetched."""
    of, base = await school(), portal_address()
    entries = [entry(one, language, of.timezone, base) for one in found]
    name = language.text(_("Appointments at %(school)s"), school=of.name)
    return calendars.feed(entries, name, language, of.timezone, REMIND)


def entry(found: Appointment, language: Language, zone: str, base: str) -> calendars.Entry:
    """One appointment in a reader's language; `base` is the portal's own address."""
    said = language.text
    times = {
        "begins": language.moment(found.starts_at, zone),
        "ends": language.time(found.ends_at, zone),
        "zone": zone.replace("_", " "),
    }
    details = said(_("At the school's time: %(begins)s to %(ends)s (%(zone)s)."), **times)
    place = found.place
    if found.provider:
        place = said(_("Online, by way of the portal"))
        details += "\n" + said(_("The way in opens in the portal shortly before it begins."))
    details += "\n" + said(_("You find the rest in the portal under “Meetings”."))
    return calendars.Entry(
        uid=found.uid or calendars.uid(found.id), sequence=found.sequence, starts_at=found.starts_at,
        ends_at=found.ends_at, title=found.title, place=place, details=details, changed_at=found.changed_at,
        cancelled=found.cancelled,
        address=f"{base}/meetings/join/{found.id}" if base else "",
    )  # fmt: skip


async def invitation(found: Appointment, language: Language, method: str = "REQUEST", remind: Any = (60,)) -> str:
    """What goes along with a mail about an appointment, in its reader's language: for `Word.calendar`."""
    return invitation_of(found, language, await school(), portal_address(), method, remind)


def invitation_of(
    found: Appointment, language: Language, of: School, base: str, method: str = "REQUEST", remind: Any = (60,)
) -> str:
    """The same for a school and an address of the portal that were looked up already."""
    made = entry(found, language, of.timezone, base)
    return calendars.invitation(made, of.name, language, method=method, remind=remind)
