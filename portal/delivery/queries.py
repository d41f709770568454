"""Reads about the outbox. Instants in microseconds UTC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.db import db, marks
from portal.i18n import _

# What the office reads when a mail did not arrive, by the first word of `outgoing.problem`.
PROBLEMS = {
    "no-address": _("There is no e-mail address."),
    "bad-address": _("The e-mail address is not one that mail can be sent to."),
    "refused": _("The mail server of this address refused the mail."),
    "unreachable": _("Our mail server could not be reached."),
    "login": _("Our mail server did not accept the portal's sign-in."),
    "not-sent": _("The mail could not be sent."),
}


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it is sent."""

    id: int
    name: str
    email: str | None
    language: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a message: `state` is 'waiting', 'sent' or 'failed'; `problem` a msgid."""

    state: str
    sent_at: int | None
    problem: str


async def message(found: int) -> Message | None:
    """A waiting message with the present name and address of its reader; None if it is waiting no more."""
    row = await db.row(
        "SELECT p.given_name, p.family_name, p.email, p.language, o.subject, o.body FROM outgoing o"
        " JOIN person p ON p.id = o.person WHERE o.id = ? AND o.state = 'waiting'",
        found,
    )
    if row is None:
        return None
    given, family, email, language, subject, body = row
    return Message(found, f"{given} {family}".strip(), email or None, language, subject, body)


async def fates(people: Sequence[int]) -> dict[tuple[int, int], Fate]:
    """What became of the messages to these people, by person and the instant at which they were written."""
    found: dict[tuple[int, int], Fate] = {}
    for start in range(0, len(people), 500):
        part = people[start : start + 500]
        for person, created_at, state, sent_at, problem in await db.rows(
            "SELECT person, created_at, state, sent_at, problem FROM outgoing"
            f" WHERE person IN ({marks(len(part))}) ORDER BY id",
            *part,
        ):
            word = (problem or "").split(" ")[0]
            found[person, created_at] = Fate(state, sent_at, PROBLEMS.get(word, PROBLEMS["not-sent"]) if word else "")
    return found


async def progress(since: int) -> tuple[int, int, int]:
    """How many messages written since an instant are waiting, sent, failed."""
    counted: dict[str, int] = dict(
        await db.rows("SELECT state, COUNT(*) FROM outgoing WHERE created_at >= ? GROUP BY state", since)
    )
    return counted.get("waiting", 0), counted.get("sent", 0), counted.get("failed", 0)
