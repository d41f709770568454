"""Reads about accounts, devices and invitations."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from portal import clock
from portal.db import db, in_portions, marks


@dataclass(frozen=True, slots=True)
class Account:
    """How a person signs in. `created_at` in microseconds UTC."""

    person: int
    login: str
    password: str | None
    created_at: int


@dataclass(frozen=True, slots=True)
class Device:
    """A browser in which a person is signed in. Instants in microseconds UTC."""

    id: str  # names the session without being of use to anybody else
    name: str
    created_at: int
    seen_at: int
    here: bool


def normal_login(login: str) -> str:
    """A login as it is stored: NFKC, lower case, without spaces around it."""
    return unicodedata.normalize("NFKC", login[:400]).strip().lower()[:200]


async def account(person: int) -> Account | None:
    """The account of a person, if there is one."""
    row = await db.row("SELECT person, login, password, created_at FROM account WHERE person = ?", person)
    return Account(*row) if row else None


async def accounts(people: Sequence[int]) -> dict[int, int]:
    """Since when (microseconds UTC) those of these people who have an account have had it."""
    return dict(await in_portions("SELECT person, created_at FROM account WHERE person IN ({})", people))


async def is_staff(person: int) -> bool:
    """Whether the person holds a role or is named as staff of a group."""
    return bool(
        await db.value(
            "SELECT 1 WHERE EXISTS (SELECT 1 FROM role WHERE person = ?)"
            " OR EXISTS (SELECT 1 FROM staff WHERE adult = ?)",
            *(person, person),
        )
    )


async def with_roles(roles: Sequence[str]) -> set[int]:
    """Everybody who holds one of these roles."""
    sql = f"SELECT person FROM role WHERE role IN ({marks(len(roles))})"
    return {person for (person,) in await db.rows(sql, *roles)}


async def devices(person: int, here: bytes = b"") -> list[Device]:
    """Where the person is signed in, the latest first. `here`: the token hash of the session that asks."""
    now = clock.now()
    return [
        Device(bytes(token).hex()[:24], name, created_at, seen_at, bytes(token) == here)
        for token, name, created_at, seen_at in await db.rows(
            "SELECT token, device, created_at, seen_at FROM session WHERE person = ? AND idle_until > ? AND ends_at > ?"
            " ORDER BY seen_at DESC",
            *(person, now, now),
        )
    ]


async def free_login(person: int, email: str | None, name: str) -> str:
    """A login to suggest: the e-mail address if nobody else uses it, else the name with a number where needed."""
    if email and not await taken(email, person):
        return normal_login(email)
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss")).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    base = re.sub(r"[^\w]+", ".", plain).strip("._")[:60] or "family"
    number = 1
    while True:
        login = base if number == 1 else f"{base}{number}"
        if len(login) >= 3 and not await taken(login, person):
            return login
        number += 1


async def taken(login: str, person: int) -> bool:
    """Whether somebody other than `person` signs in with this login."""
    return bool(await db.value("SELECT 1 FROM account WHERE login = ? AND person <> ?", normal_login(login), person))
