"""Puts messages into the outbox, and writes down what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal import clock
from portal.db import atomic, db, marks
from portal.delivery import queries
from portal.errors import BadInput
from portal.i18n import LANGUAGES, _
from portal.kinds import new_id

EMAIL = "email"
PAPER = "paper"
NONE = "none"
CHANNELS = (EMAIL, PAPER, NONE)
LEASE = 10 * clock.MINUTE  # how long a claimed message is left to the worker that claimed it
PAUSES = tuple(n * clock.MINUTE for n in (1, 5, 20, 60, 180, 480, 960))  # before the second try, the third …


@atomic
async def enqueue(person: int, subject: str, body: str, now: int | None = None) -> None:
    """An e-mail to a person, in plain text, to be sent as soon as may be. `now` in microseconds UTC."""
    await enqueue_many([(person, subject, body)], now)


@atomic
async def enqueue_many(messages: Sequence[tuple[int, str, str]], now: int | None = None) -> None:
    """E-mails as (person, subject, body)."""
    at = clock.now() if now is None else now
    await _put_out([(person, EMAIL, subject, body, "") for person, subject, body in messages], at)


async def _put_out(messages: Sequence[tuple[int, str, str, str, str]], at: int) -> None:
    await db.run_many(
        "INSERT INTO outgoing (id, person, channel, subject, body, calendar, state, tries, next_at, created_at,"
        " sent_at, problem) VALUES (?, ?, ?, ?, ?, ?, 'waiting', 0, ?, ?, NULL, NULL)",
        [(new_id(), *message, at, at) for message in messages],
    )


@dataclass(frozen=True, slots=True)
class Word:
    """Something to say to one person, in that person's language and in plain text.

    `calendar`: an iCalendar object (RFC 5545) with a METHOD, which an e-mail brings along (RFC 6047). In it,
    `mailto:reader@portal.invalid` and `mailto:school@portal.invalid` stand for the addresses of the two.
    """

    person: int
    subject: str
    body: str
    calendar: str = ""


@atomic
async def deliver(words: Sequence[Word]) -> int:
    """Sends each by the way its reader has chosen; returns how many go out. Who wants none reads it in the portal.

    What goes on paper waits for the office to print it.
    """
    ways = await queries.ways({word.person for word in words})
    going = [
        (w.person, ways[w.person], w.subject, w.body, w.calendar if ways[w.person] == EMAIL else "")
        for w in words
        if ways.get(w.person, NONE) != NONE
    ]
    await _put_out(going, clock.now())
    return len(going)


@atomic
async def wish(person: int, channel: str | None = None, language: str | None = None) -> None:
    """How a person wants to be reached, and in which language. None leaves it as it is. Raises BadInput."""
    if channel is not None:
        if channel not in CHANNELS:
            raise BadInput("channel", _("Please choose one of the ways offered."))
        await db.run(
            "INSERT INTO reach (person, channel, changed_at) VALUES (?, ?, ?) ON CONFLICT (person) DO UPDATE"
            " SET channel = excluded.channel, changed_at = excluded.changed_at",
            *(person, channel, clock.now()),
        )
    if language is not None:
        if language not in LANGUAGES:
            raise BadInput("language", _("Please choose one of the languages offered."))
        await db.run("UPDATE person SET language = ? WHERE id = ?", language, person)


@atomic
async def handed_out(messages: Iterable[int]) -> None:
    """The office has printed these and passed them on; their texts are kept no longer."""
    wanted = sorted(set(messages))
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        await db.run(
            "UPDATE outgoing SET state = 'sent', sent_at = ?, body = '', calendar = '' WHERE state = 'waiting'"
            f" AND channel = ? AND id IN ({marks(len(part))})",
            *(clock.now(), PAPER, *part),
        )


@atomic
async def claim(now: int, most: int) -> list[int]:
    """Takes due messages for this worker: no other gets them before the lease is over. Counts the try."""
    due = [
        found
        for (found,) in await db.rows(
            "SELECT id FROM outgoing WHERE state = 'waiting' AND next_at <= ? AND channel = ?"
            " ORDER BY next_at, id LIMIT ?",
            *(now, EMAIL, most),
        )
    ]
    if due:
        await db.run(
            f"UPDATE outgoing SET next_at = ?, tries = tries + 1 WHERE id IN ({marks(len(due))})", now + LEASE, *due
        )
    return due


@atomic
async def release(ids: Sequence[int], now: int) -> None:
    """Gives back claimed messages that were not tried after all."""
    if ids:
        await db.run(
            f"UPDATE outgoing SET next_at = ?, tries = tries - 1 WHERE state = 'waiting' AND id IN ({marks(len(ids))})",
            *(now, *ids),
        )


@atomic
async def sent(message: int, now: int) -> None:
    """It is on its way; its text, which may hold a code, is kept no longer."""
    await db.run(
        "UPDATE outgoing SET state = 'sent', sent_at = ?, body = '', calendar = '', problem = NULL WHERE id = ?",
        *(now, message),
    )


@atomic
async def failed(message: int, problem: str, now: int, *, for_good: bool) -> None:
    """It could not be sent. Tried again later, unless `for_good` or tried often enough; then its text is emptied.

    `problem` is a word of `queries.PROBLEMS`, with the server's three digits where there are any; never an address.
    """
    tries = await db.value("SELECT tries FROM outgoing WHERE id = ?", message)
    if for_good or tries is None or tries > len(PAUSES):
        await db.run(
            "UPDATE outgoing SET state = 'failed', body = '', calendar = '', problem = ? WHERE id = ?",
            *(problem, message),
        )
    else:
        await db.run(
            "UPDATE outgoing SET problem = ?, next_at = ? WHERE id = ? AND state = 'waiting'",
            *(problem, now + PAUSES[max(tries, 1) - 1], message),
        )
