"""Invitations: a person gets a one-time code, by letter or e-mail, and makes an account with it.

A person who has an account chooses a new password with it instead: the way back in for those who forgot theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal import clock
from portal.db import atomic, db, in_portions, marks
from portal.errors import PortalError
from portal.i18n import _
from portal.identity import codes, sessions, throttle
from portal.identity.actions import store_account
from portal.identity.queries import is_staff
from portal.kinds import new_id

LASTS = 60 * clock.DAY
LETTER, EMAIL = "letter", "email"


class NoSuchInvitation(PortalError):
    """The code is unknown, used, replaced or too old; which of these is nobody's business."""

    def __init__(self) -> None:
        super().__init__(
            _("This code does not work: it may be mistyped, used already, replaced by a newer letter or too old."
              " Please compare it with the letter, or ask the school for a new one.")
        )


@dataclass(frozen=True, slots=True)
class Invited:
    """The person behind a valid code."""

    invitation: int
    person: int
    kind: str
    name: str
    email: str | None
    language: str
    login: str | None  # of the account there is, or None


@dataclass(frozen=True, slots=True)
class State:
    """The latest invitation of a person. Instants in microseconds UTC."""

    person: int
    created_at: int
    ends_at: int
    used_at: int | None
    way: str
    wrong_at: int | None
    remark: str | None

    @property
    def open(self) -> bool:
        """Whether its code still works."""
        return self.used_at is None and self.wrong_at is None and clock.now() < self.ends_at


def fresh(people: Iterable[int]) -> dict[int, str]:
    """A new code for each of these people; none of them works before `record`."""
    return {person: codes.make() for person in people}


@atomic
async def record(made: Mapping[int, str], way: str, *, by: int | None, now: int | None = None) -> None:
    """Makes these codes valid for `LASTS`, and every earlier one of the same people invalid.

    `way` is LETTER or EMAIL, `by` the member of staff (None on the command line), `now` in microseconds UTC.
    """
    at = clock.now() if now is None else now
    people = list(made)
    for start in range(0, len(people), 500):
        part = people[start : start + 500]
        await db.run(
            "UPDATE invitation SET ends_at = ? WHERE used_at IS NULL AND ends_at > ?"
            f" AND person IN ({marks(len(part))})",
            *(at, at, *part),
        )
    await db.run_many(
        "INSERT INTO invitation (id, person, code, created_at, ends_at, used_at, way, made_by, wrong_at,"
        " remark) VALUES (?, ?, ?, ?, ?, NULL, ?, ?, NULL, NULL)",
        [(new_id(), person, codes.digest(code), at, at + LASTS, way, by) for person, code in made.items()],
    )


async def look_up(code: str, address: str) -> Invited:
    """Whom a code invites. Changes nothing but the count of failed tries. Raises NoSuchInvitation, Throttled."""
    guards = throttle.for_codes(address)
    await throttle.take(guards)
    found = await _find(code)
    if found is None:
        raise NoSuchInvitation
    await throttle.give_back(guards)
    return found


async def _find(code: str) -> Invited | None:
    row = await db.row(
        "SELECT i.id, p.id, p.kind, p.given_name, p.family_name, p.email, p.language, a.login FROM invitation i"
        " JOIN person p ON p.id = i.person LEFT JOIN account a ON a.person = p.id"
        " WHERE i.code = ? AND i.used_at IS NULL AND i.wrong_at IS NULL AND i.ends_at > ? AND p.active",
        *(codes.digest(code), clock.now()),
    )
    if row is None:
        return None
    invitation, person, kind, given, family, email, language, login = row
    return Invited(invitation, person, kind, f"{given} {family}".strip(), email, language, login)


@atomic
async def accept(code: str, login: str, hashed: str, language: str, device: str) -> str:
    """Uses up the code: stores the account and opens a session; returns the token for its cookie.

    `login` is checked, `hashed` an argon2id hash. Raises NoSuchInvitation, and BadInput('login') if it is taken.
    """
    found = await _find(code)
    if found is None:
        raise NoSuchInvitation
    await store_account(found.person, found.login or login, hashed)
    await db.run("UPDATE invitation SET used_at = ? WHERE id = ?", clock.now(), found.invitation)
    await db.run("UPDATE person SET language = ? WHERE id = ?", language, found.person)
    return await sessions.begin(found.person, device, staff=await is_staff(found.person))


@atomic
async def report_wrong(code: str, remark: str) -> None:
    """The person says that the children are not theirs: the code ends, and the office finds the remark."""
    found = await _find(code)
    if found is None:
        raise NoSuchInvitation
    await db.run(
        "UPDATE invitation SET wrong_at = ?, remark = ? WHERE id = ?",
        *(clock.now(), remark.replace("\0", "").strip()[:1000] or None, found.invitation),
    )


async def states(people: Sequence[int]) -> dict[int, State]:
    """The latest invitation of each of these people who have had one."""
    rows = await in_portions(
        "SELECT person, created_at, ends_at, used_at, way, wrong_at, remark FROM invitation"
        " WHERE person IN ({}) ORDER BY id",
        people,
    )
    return {row[0]: State(*row) for row in rows}
