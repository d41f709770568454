"""Accounts: making one, signing in and out, changing the password."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from portal import clock
from portal.db import Conflict, atomic, db
from portal.errors import BadInput
from portal.i18n import _
from portal.identity import passwords, sessions, throttle
from portal.identity.queries import is_staff, normal_login

Allowed = Callable[[int], Awaitable[bool]]
LOGIN_TAKEN = _("Somebody else signs in with this already. Please take another one.")
_LOGIN = re.compile(r"[^\s\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069<>\"]{3,200}")


def check_login(login: str) -> str:
    """The login as it is stored. Raises BadInput('login') where it cannot be one."""
    text = normal_login(login)
    if not _LOGIN.fullmatch(text):
        raise BadInput("login", _("Please give an e-mail address, or a name of at least three letters without spaces."))
    return text


async def create_account(person: int, login: str, password: str) -> None:
    """An account for a person, or a new login and password for the one there is. Closes all sessions of the person.

    Raises BadInput for a login or password that will not do, TooBusy.
    """
    name = check_login(login)
    passwords.check(password, [name])
    await store_account(person, name, await passwords.hash_password(password))


@atomic
async def store_account(person: int, login: str, hashed: str) -> None:
    """Stores a checked login and a hashed password. Raises BadInput('login') if somebody else has that login."""
    if await db.value("SELECT 1 FROM account WHERE login = ? AND person <> ?", login, person):
        raise BadInput("login", LOGIN_TAKEN)
    try:
        await db.run(
            "INSERT INTO account (person, login, password, created_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (person) DO UPDATE SET login = excluded.login, password = excluded.password",
            *(person, login, hashed, clock.now()),
        )
    except Conflict:
        raise BadInput("login", LOGIN_TAKEN) from None
    await sessions.close_all(person)


async def sign_in(
    login: str, password: str, address: str, device: str, *, allowed: Allowed, shared: bool = False
) -> tuple[str, int] | None:
    """Signs a person in: the token for the cookie, and the person's id. None for every reason why not.

    `address` is the client's, `device` a name for people. `allowed` says whether a child may use its account now.
    Unknown people, wrong passwords, inactive people and children without allowance cannot be told apart.
    Raises Throttled, TooBusy.
    """
    name = normal_login(login)
    guards = throttle.for_sign_in(name, address)
    await throttle.take(guards)
    row = await db.row(
        "SELECT a.person, a.password, p.kind FROM account a JOIN person p ON p.id = a.person"
        " WHERE a.login = ? AND p.active",
        name,
    )
    person, stored, kind = row or (0, None, "adult")
    if not await passwords.verify(stored, password):
        return None
    if kind == "child" and not await allowed(person):
        return None
    renewed = await passwords.hash_password(password) if passwords.outdated(stored) else None
    token = await _open(person, stored, renewed, device, shared)
    if token is None:
        return None
    await throttle.give_back(guards)
    return token, person


@atomic
async def _open(person: int, stored: str, renewed: str | None, device: str, shared: bool) -> str | None:
    """A session, unless the password was changed while it was being verified."""
    if await db.value("SELECT password FROM account WHERE person = ?", person) != stored:
        return None
    if renewed:
        await db.run("UPDATE account SET password = ? WHERE person = ?", renewed, person)
    return await sessions.begin(person, device, staff=await is_staff(person), shared=shared)


async def confirm(person: int, password: str, address: str) -> None:
    """Step-up: the person gives their password once more. Raises BadInput ('password'), Throttled, TooBusy."""
    row = await db.row("SELECT login, password FROM account WHERE person = ?", person)
    login, stored = row or ("", None)
    guards = throttle.for_sign_in(login, address)
    await throttle.take(guards)
    if not await passwords.verify(stored, password):
        raise BadInput("password", _("This is not your present password."))
    await throttle.give_back(guards)


async def set_password(person: int, current: str, new: str, *, here: bytes, address: str, known: list[str]) -> None:
    """Changes the password after checking the current one; closes all sessions of the person but `here`.

    Raises BadInput ('current' or 'password'), Throttled, TooBusy.
    """
    passwords.check(new, known)
    row = await db.row("SELECT login, password FROM account WHERE person = ?", person)
    login, stored = row or ("", None)
    guards = throttle.for_sign_in(login, address)
    await throttle.take(guards)
    if not await passwords.verify(stored, current):
        raise BadInput("current", _("This is not your present password."))
    hashed = await passwords.hash_password(new)
    await _replace_password(person, stored, hashed, here)
    await throttle.give_back(guards)


@atomic
async def _replace_password(person: int, stored: str | None, hashed: str, here: bytes) -> None:
    if await db.value("SELECT password FROM account WHERE person = ?", person) != stored:
        raise BadInput("current", _("This is not your present password."))
    await db.run("UPDATE account SET password = ? WHERE person = ?", hashed, person)
    await sessions.close_all(person, but=here)


@atomic
async def close_device(person: int, device: str) -> bool:
    """Signs the person out in one browser, named as in `queries.devices`. False if there is no such one of theirs."""
    for (token,) in await db.rows("SELECT token FROM session WHERE person = ?", person):
        if bytes(token).hex()[:24] == device:
            await sessions.close(bytes(token))
            return True
    return False
