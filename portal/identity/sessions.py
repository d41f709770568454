"""Sessions: a random token in a cookie, its hash in a table, gone at once when the row is gone."""

from __future__ import annotations

import hashlib
import secrets
from typing import NamedTuple

from portal import clock
from portal.db import atomic, db

IDLE = 30 * clock.DAY
LONGEST = 180 * clock.DAY
STAFF_IDLE = 3 * clock.DAY
STAFF_LONGEST = 30 * clock.DAY
SHARED_IDLE = 30 * clock.MINUTE  # on a device that others use too
SHARED_LONGEST = 12 * clock.HOUR
TOUCH = 10 * clock.MINUTE  # how often use of a session is written down


class Session(NamedTuple):
    """A valid session with what a page needs to know of the person, read in one query."""

    token: bytes
    person: int
    kind: str
    given_name: str
    family_name: str
    language: str
    seen_at: int
    facts: int  # the version of the facts at the same instant


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


@atomic
async def begin(person: int, device: str, *, staff: bool, shared: bool = False) -> str:
    """A new session; returns the token for the cookie. `device` is a short name for people, such as "Firefox".

    Sessions of staff end sooner, those on a `shared` device after half an hour without use.
    """
    token = secrets.token_urlsafe(32)
    now = clock.now()
    idle, longest = (STAFF_IDLE, STAFF_LONGEST) if staff else (IDLE, LONGEST)
    if shared:
        idle, longest = SHARED_IDLE, SHARED_LONGEST
    await db.run(
        "INSERT INTO session (token, person, created_at, seen_at, idle_until, ends_at, device)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        *(digest(token), person, now, now),
        *(now + idle, now + longest, device[:80]),
    )
    await db.run("DELETE FROM session WHERE ends_at < ?", now)
    return token


async def find(token: str) -> Session | None:
    """The session of a cookie's value, or None if there is none or it has ended."""
    key = digest(token)
    now = clock.now()
    row = await db.row(
        "SELECT s.person, p.kind, p.given_name, p.family_name, p.language, s.seen_at, v.n FROM session s"
        " JOIN person p ON p.id = s.person JOIN fact_version v ON v.id = 1"
        " WHERE s.token = ? AND s.idle_until > ? AND s.ends_at > ? AND p.active",
        *(key, now, now),
    )
    return Session(key, *row) if row else None


@atomic
async def touch(session: Session) -> None:
    """Notes that the session is in use. Only ever changes a row that is there: a closed session stays closed."""
    now = clock.now()
    await db.run(
        "UPDATE session SET idle_until = idle_until + (? - seen_at), seen_at = ? WHERE token = ?",
        *(now, now, session.token),
    )


@atomic
async def close(token: bytes) -> None:
    """Ends one session."""
    await db.run("DELETE FROM session WHERE token = ?", token)


@atomic
async def close_all(person: int, but: bytes = b"") -> None:
    """Ends every session of a person, except `but`."""
    await db.run("DELETE FROM session WHERE person = ? AND token <> ?", person, but)
