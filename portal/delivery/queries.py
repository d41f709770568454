"""Reads about the outbox. Instants in microseconds UTC."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from portal.db import db, in_portions, marks
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
    calendar: str = ""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a message: `state` is 'waiting', 'sent' or 'failed'; `problem` a msgid."""

    state: str
    sent_at: int | None
    problem: str


async def message(found: int) -> Message | None:
    """A waiting message with the present name and address of its reader; None if it is waiting no more."""
    row = await db.row(
        "SELECT p.given_name, p.family_name, p.email, p.language, o.subject, o.body, o.calendar FROM outgoing o"
        " JOIN person p ON p.id = o.person WHERE o.id = ? AND o.state = 'waiting'",
        found,
    )
    if row is None:
        return None
    given, family, email, language, subject, body, calendar = row
    return Message(found, f"{given} {family}".strip(), email or None, language, subject, body, calendar)


async def ways(people: Collection[int]) -> dict[int, str]:
    """How word reaches each of these people: 'email', 'paper' or 'none'. Without those whose account is closed."""
    rows = await in_portions(
        "SELECT p.id, p.email, r.channel FROM person p LEFT JOIN reach r ON r.person = p.id"
        " WHERE p.active AND p.id IN ({})",
        people,
    )
    return {
        person: ("email" if email else "paper") if chosen in (None, "email") else chosen
        for person, email, chosen in rows
    }


async def languages(people: Iterable[int]) -> dict[int, str]:
    """The code of the language in which each of these people reads."""
    return dict(await in_portions("SELECT id, language FROM person WHERE id IN ({})", people))


async def chosen_way(person: int) -> str:
    """The way that a person has chosen; '' where they have not."""
    return str(await db.value("SELECT channel FROM reach WHERE person = ?", person) or "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A message that waits to be printed. `written_at` in microseconds UTC."""

    id: int
    name: str
    language: str
    subject: str
    body: str
    written_at: int


# Whom somebody must not meet, they write no word about: without those who are family of a child that is hidden.
_ON_PAPER = (
    " FROM outgoing o JOIN person p ON p.id = o.person WHERE o.state = 'waiting' AND o.channel = 'paper'"
    " AND NOT (p.id IN ({0})) AND NOT EXISTS (SELECT 1 FROM link l WHERE l.adult = p.id AND l.child IN ({0}))"
)


async def on_paper(hidden: Collection[int] = (), most: int = 200) -> list[Sheet]:
    """What the office still has to print, the oldest first; without what goes to families of children in `hidden`."""
    left_out = sorted({*hidden, 0})
    return [
        Sheet(number, f"{given} {family}".strip(), language, subject, body, at)
        for number, given, family, language, subject, body, at in await db.rows(
            "SELECT o.id, p.given_name, p.family_name, p.language, o.subject, o.body, o.created_at"
            f"{_ON_PAPER.format(marks(len(left_out)))} ORDER BY o.id LIMIT ?",
            *(*left_out, *left_out, most),
        )
    ]


async def count_on_paper(hidden: Collection[int] = ()) -> int:
    """How many of these there are."""
    left_out = sorted({*hidden, 0})
    return int(await db.value(f"SELECT COUNT(*){_ON_PAPER.format(marks(len(left_out)))}", *left_out, *left_out))


async def fates(people: Sequence[int]) -> dict[tuple[int, int], Fate]:
    """What became of the messages to these people, by person and the instant at which they were written."""
    found: dict[tuple[int, int], Fate] = {}
    rows = await in_portions(
        "SELECT person, created_at, state, sent_at, problem FROM outgoing WHERE person IN ({}) ORDER BY id", people
    )
    for person, created_at, state, sent_at, problem in rows:
        word = (problem or "").split(" ")[0]
        found[person, created_at] = Fate(state, sent_at, PROBLEMS.get(word, PROBLEMS["not-sent"]) if word else "")
    return found


async def progress(since: int) -> tuple[int, int, int]:
    """How many messages written since an instant are waiting, sent, failed."""
    counted: dict[str, int] = dict(
        await db.rows("SELECT state, COUNT(*) FROM outgoing WHERE created_at >= ? GROUP BY state", since)
    )
    return counted.get("waiting", 0), counted.get("sent", 0), counted.get("failed", 0)
