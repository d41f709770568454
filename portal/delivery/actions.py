"""Puts messages into the outbox, and writes down what became of them."""

from __future__ import annotations

from collections.abc import Sequence

from portal import clock
from portal.db import atomic, db, marks
from portal.kinds import new_id

EMAIL = "email"
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
    await db.run_many(
        "INSERT INTO outgoing (id, person, channel, subject, body, state, tries, next_at, created_at, sent_at, problem)"
        " VALUES (?, ?, ?, ?, ?, 'waiting', 0, ?, ?, NULL, NULL)",
        [(new_id(), person, EMAIL, subject, body, at, at) for person, subject, body in messages],
    )


@atomic
async def claim(now: int, most: int) -> list[int]:
    """Takes due messages for this worker: no other gets them before the lease is over. Counts the try."""
    due = [
        found
        for (found,) in await db.rows(
            "SELECT id FROM outgoing WHERE state = 'waiting' AND next_at <= ? ORDER BY next_at, id LIMIT ?", now, most
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
        "UPDATE outgoing SET state = 'sent', sent_at = ?, body = '', problem = NULL WHERE id = ?", now, message
    )


@atomic
async def failed(message: int, problem: str, now: int, *, for_good: bool) -> None:
    """It could not be sent. Tried again later, unless `for_good` or tried often enough; then its text is emptied.

    `problem` is a word of `queries.PROBLEMS`, with the server's three digits where there are any; never an address.
    """
    tries = await db.value("SELECT tries FROM outgoing WHERE id = ?", message)
    if for_good or tries is None or tries > len(PAUSES):
        await db.run("UPDATE outgoing SET state = 'failed', body = '', problem = ? WHERE id = ?", problem, message)
    else:
        await db.run(
            "UPDATE outgoing SET problem = ?, next_at = ? WHERE id = ? AND state = 'waiting'",
            *(problem, now + PAUSES[max(tries, 1) - 1], message),
        )
