"""Throttling: how often something may be tried. Guarded are names, addresses and pairs of both, kept as hashes only.

A few tries are free; from then on each has to wait twice as long as the one before, up to a quarter of an hour.
A try is counted before its outcome is known, so that many at the same time gain nothing; success takes it back.
With each quarter of an hour that begins, one try fades. So an address that many people share does not gather their
typing errors over days, and guessing without end stays at four tries an hour.
"""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal import clock
from portal.db import atomic, db
from portal.errors import PortalError
from portal.i18n import _

FIRST_WAIT = clock.MINUTE
LONGEST_WAIT = 15 * clock.MINUTE
FADING = 15 * clock.MINUTE  # not shorter than LONGEST_WAIT, or guessing would win by waiting
FORGOTTEN = clock.DAY

# A family's telephone, a whole school behind one address, guesses from everywhere: each has its own patience.
FREE_PAIR = 5
FREE_NAME = 20
FREE_ADDRESS = 30
FREE_CODES = 10


class Throttled(PortalError):
    """Too many tries. `wait` in seconds."""

    def __init__(self, wait: int) -> None:
        minutes = -(-wait // 60)
        super().__init__(
            _("There were too many tries. For your protection, please wait %(minutes)s min and then try again."),
            minutes=minutes,
        )
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Guard:
    """Something that may be tried `free` times at once. `forgiven`: success takes back all tries, not only its own."""

    key: bytes
    free: int
    forgiven: bool


def for_sign_in(login: str, address: str) -> list[Guard]:
    """What guards a sign-in with this (normalised) login from this client address."""
    net = network(address)
    return [
        Guard(_key("pair", login, net), FREE_PAIR, True),
        Guard(_key("name", login), FREE_NAME, True),
        Guard(_key("address", net), FREE_ADDRESS, False),
    ]


def for_codes(address: str) -> list[Guard]:
    """What guards the typing of invitation codes."""
    return [Guard(_key("codes", network(address)), FREE_CODES, False)]


@atomic
async def take(guards: Sequence[Guard]) -> None:
    """Counts one try. Raises Throttled if it comes too early; then nothing is counted."""
    now = clock.now()
    found: dict[bytes, int] = {}
    for guard in guards:
        row = await db.row("SELECT tries, since FROM throttle WHERE key = ?", guard.key)
        tries, since = row or (0, now)
        needed = pause(tries, guard.free)  # of what was not faded yet: a wait that was told is not cut short
        if (wait := min(since + needed - now, needed)) > 0:  # never longer, even if the clock was set back
            raise Throttled(-(-wait // clock.SECOND))
        found[guard.key] = faded(tries, since, now)
    for guard in guards:
        await db.run(
            "INSERT INTO throttle (key, tries, since) VALUES (?, ?, ?)"
            " ON CONFLICT (key) DO UPDATE SET tries = excluded.tries, since = excluded.since",
            *(guard.key, found[guard.key] + 1, now),
        )
    if secrets.randbelow(100) == 0:
        await db.run("DELETE FROM throttle WHERE since < ?", now - FORGOTTEN)


@atomic
async def give_back(guards: Sequence[Guard]) -> None:
    """The try was a success."""
    for guard in guards:
        if guard.forgiven:
            await db.run("DELETE FROM throttle WHERE key = ?", guard.key)
        else:
            await db.run("UPDATE throttle SET tries = tries - 1 WHERE key = ? AND tries > 0", guard.key)


def faded(tries: int, since: int, now: int) -> int:
    """What is left of tries counted at `since`. The day's quarters are counted, not the time that has passed, so that
    tries fade just as fast where each new one begins a new `since`. Instants in microseconds UTC."""
    return max(tries - max(now // FADING - since // FADING, 0), 0)


def pause(tries: int, free: int) -> int:
    """How long to wait after so many tries, in microseconds."""
    if tries < free:
        return 0
    return min(FIRST_WAIT << min(tries - free, 10), LONGEST_WAIT)


def client_address(peer: str, headers: Mapping[str, str], proxies: frozenset[str]) -> str:
    """The address of the client. X-Forwarded-For is believed only as far as trusted proxies wrote it."""
    address = peer
    chain = [part.strip() for part in headers.get("x-forwarded-for", "").split(",") if part.strip()]
    while address in proxies and chain:
        address = chain.pop()
    return address


def network(address: str) -> str:
    """What stands for one household: the address itself, for IPv6 its /64."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def _key(*parts: str) -> bytes:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()
