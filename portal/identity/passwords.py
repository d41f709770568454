"""Passwords: argon2id (RFC 9106) with OWASP's lower memory setting, and the few rules a password must keep.

Hashing takes about 20 ms of one core, so it runs in a small pool of threads, never on the event loop, and only so many
people wait for it at a time.
"""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

from portal.errors import BadInput, TooBusy
from portal.i18n import _

T = TypeVar("T")

SHORTEST = 10
LONGEST = 200
LONGEST_TYPED = 4 * LONGEST + 1  # NFKC makes at most four code points one, so what is cut here is too long anyway
THREADS = 2
WAITING_AT_MOST = 200  # about two seconds' work; beyond it people are asked to come again

TOO_SHORT = _(
    "Please take at least %(least)s characters. Three or four unconnected words are easy to remember and hard to guess."
)
TOO_LONG = _("Please take at most %(most)s characters.")
TOO_COMMON = _(
    "This password is among those that are tried first. Please take another one, such as four unconnected words."
)
TOO_NEAR = _(
    "This password is made of a name that others know. Please take another one, such as four unconnected words."
)

_hasher = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_pool = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="passwords")
_waiting = 0

# Stands in for the hash of a person who does not exist, so that the answer takes as long as for one who does.
_NOBODY = _hasher.hash("nobody's")

# The words that people reach for in the portal's languages. Digits and signs around them, and 0 for o and the like,
# make them no better. Compared after `_bare`.
_COMMON = frozenset((Path(__file__).parent / "common_words.txt").read_text("utf-8").split())
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "qwertzuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm",
         "йцукенгшщзхї", "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя")
_LOOKS_LIKE = str.maketrans("013457@$!€", "oieastasie")


def normal(password: str) -> str:
    """The form that is hashed: NFKC, so that every keyboard's way of typing an umlaut gives the same password.

    Of absurd lengths only the beginning, still longer than `LONGEST`, so that nobody makes the portal work for long.
    """
    return unicodedata.normalize("NFKC", password[:LONGEST_TYPED])


def check(password: str, known: Iterable[str] = ()) -> None:
    """Raises BadInput('password') if this is no password to rely on. `known`: names that anyone would try first.

    Length counts, not the kinds of signs in it (NIST SP 800-63B).
    """
    text = normal(password)
    if len(text) < SHORTEST:
        raise BadInput("password", TOO_SHORT, least=SHORTEST)
    if len(text) > LONGEST:
        raise BadInput("password", TOO_LONG, most=LONGEST)
    if _guessable(text):
        raise BadInput("password", TOO_COMMON)
    bare = _bare(text)
    for name in known:
        for part in [name, *re.split(r"[\s@.,_-]+", name)]:
            word = _bare(part)
            if len(word) >= 4 and word in bare and len(bare) - len(word) < 6:
                raise BadInput("password", TOO_NEAR)


def _guessable(text: str) -> bool:
    lower = text.lower()
    if len(set(lower)) < 5:
        return True
    period = next((n for n in range(1, 6) if lower == (lower[:n] * len(lower))[: len(lower)]), 0)
    if period or _runs(lower):
        return True
    bare = _bare(text)
    return bare in _COMMON or _made_of_common(bare) or (len(bare) < 4 and _dated(lower))


def _runs(text: str) -> bool:
    """Whether nearly all of it is typed along a row of keys or the alphabet, forwards or backwards."""
    steps = sum(
        any(pair in row or pair[::-1] in row for row in _ROWS)
        for pair in (text[at : at + 2] for at in range(len(text) - 1))
    )
    return steps >= (len(text) - 1) * 0.8


def _dated(text: str) -> bool:
    """Hardly any letters: telephone numbers and dates."""
    return sum(letter.isdecimal() for letter in text) >= len(text) - 4


def _made_of_common(bare: str) -> bool:
    """Whether common words alone, one after the other, make the whole."""
    ends = {0}
    for at in range(len(bare)):
        if at in ends:
            ends |= {at + len(word) for word in _COMMON if bare.startswith(word, at)}
    return bool(bare) and len(bare) in ends and len(bare) < 20


def _bare(text: str) -> str:
    """Lower case, signs that stand for letters read as these, without what is put around a word."""
    lower = unicodedata.normalize("NFKC", text).lower()
    core = lower.strip("0123456789!?.,;:-_*+#$%&/()=<>@€ ")
    return "".join(letter for letter in core.translate(_LOOKS_LIKE) if letter.isalpha())


async def hash_password(password: str) -> str:
    """The argon2id hash to store. Raises TooBusy."""
    return await _in_pool(lambda: _hasher.hash(normal(password)))


async def verify(stored: str | None, password: str) -> bool:
    """Whether the password fits. Takes as long where nothing is stored. Raises TooBusy."""
    return await _in_pool(lambda: _fits(stored or _NOBODY, normal(password)) and stored is not None)


def outdated(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def _fits(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


async def _in_pool(work: Callable[[], T]) -> T:
    global _waiting
    if _waiting >= WAITING_AT_MOST:
        raise TooBusy(_("Many people are signing in just now. Please try again in a moment."))
    _waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_pool, work)
    finally:
        _waiting -= 1
