"""How the engine is doing: when it last worked, what went wrong, until when it is left alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from portal.sdk import Row, atomic, clock, db, destroy_secret, enqueue, new_id, new_secret
from portal_translation.engine import Pair

FIRST_WAIT, LONGEST_WAIT = clock.MINUTE, clock.HOUR


@dataclass(frozen=True, slots=True)
class Health:
    """What is known about one engine."""

    name: str
    pairs: frozenset[Pair] = field(default_factory=frozenset)
    pairs_at: int = 0  # 0: never asked
    ok_at: int = 0
    problem: str = ""
    problem_at: int = 0
    tries: int = 0
    wait_until: int = 0

    @property
    def ill(self) -> bool:
        """Whether the last thing that happened was a problem."""
        return self.problem_at > self.ok_at


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many texts are where."""

    done: int = 0
    waiting: int = 0
    refused: int = 0
    held: int = 0


async def health(name: str) -> Health:
    """How an engine is doing."""
    row = await db.row(
        "SELECT pairs, pairs_at, ok_at, problem, problem_at, tries, wait_until FROM translation_state WHERE name = ?",
        name,
    )
    return Health(name, _pairs(row[0]), *row[1:]) if row else Health(name)


def _pairs(text: str) -> frozenset[Pair]:
    found = [pair.partition("-") for pair in text.split()]
    return frozenset((source, target) for source, _dash, target in found)


async def waiting() -> Waiting:
    """How many texts are translated, and how many are not."""
    rows: list[Row] = await db.rows("SELECT state, COUNT(*) FROM translation_text GROUP BY state")
    return Waiting(**{state: int(count) for state, count in rows})


@atomic
async def knows(name: str, pairs: Iterable[Pair]) -> None:
    """The engine said what it translates. Texts that it cannot translate are let go of; nothing is lost by it, they
    are asked for again when they are shown."""
    said, now = " ".join(sorted(f"{source}-{target}" for source, target in pairs)), clock.now()
    await _ensure(name)
    await db.run(
        "UPDATE translation_state SET pairs = ?, pairs_at = ?, ok_at = ?, tries = 0, wait_until = 0 WHERE name = ?",
        *(said, now, now, name),
    )
    for source, target in await db.rows("SELECT DISTINCT source, target FROM translation_text WHERE state <> 'done'"):
        if f"{source}-{target}" not in said.split():
            await db.run(
                "DELETE FROM translation_text WHERE state <> 'done' AND body = '' AND corrected = '' AND source = ?"
                " AND target = ?",
                *(source, target),
            )
            await db.run(
                "UPDATE translation_text SET state = 'done' WHERE state <> 'done' AND source = ? AND target = ?",
                *(source, target),
            )


@atomic
async def fine(name: str) -> None:
    """It translated something."""
    await _ensure(name)
    await db.run(
        "UPDATE translation_state SET ok_at = ?, tries = 0, wait_until = 0 WHERE name = ?", clock.now(), name
    )


@atomic
async def failed(name: str, problem: str, wait_s: int = 0) -> int:
    """It did not: it is left alone for a minute, two, four … or for as long as it asked. Returns until when."""
    await _ensure(name)
    tries, now = int(await db.value("SELECT tries FROM translation_state WHERE name = ?", name)), clock.now()
    until: int = now + max(min(FIRST_WAIT * 2 ** min(tries, 10), LONGEST_WAIT), wait_s * clock.SECOND)
    await db.run(
        "UPDATE translation_state SET problem = ?, problem_at = ?, tries = tries + 1, wait_until = ? WHERE name = ?",
        *(problem, now, until, name),
    )
    return until


@atomic
async def noted(name: str, problem: str) -> None:
    """Something was wrong that may lie in the text as well: it goes on."""
    await _ensure(name)
    await db.run(
        "UPDATE translation_state SET problem = ?, problem_at = ? WHERE name = ?", problem, clock.now(), name
    )


@atomic
async def wake() -> None:
    """Every engine is asked again at once, and what it offers, too."""
    await db.run("UPDATE translation_state SET wait_until = 0, tries = 0, pairs_at = 0")
    await db.run(
        "UPDATE translation_text SET state = 'waiting', reason = '', tries = 0, due_at = ?"
        " WHERE state IN ('waiting', 'refused')",
        clock.now(),
    )


@atomic
async def go_on() -> None:
    """What waits is translated now."""
    await enqueue("translation", "translate", {"why": "woken"})


async def refusals() -> list[tuple[str, int]]:
    """Why answers could not be shown, and how often, the most frequent first."""
    rows = await db.rows(
        "SELECT reason, COUNT(*) AS n FROM translation_text WHERE reason <> '' AND body = '' GROUP BY reason"
        " ORDER BY n DESC, reason"
    )
    return [(reason, int(count)) for reason, count in rows]


async def _ensure(name: str, secret: int = 0) -> None:
    await db.run(
        "INSERT INTO translation_state (id, name, pairs, pairs_at, ok_at, problem, problem_at, tries, wait_until,"
        " secret) VALUES (?, ?, '', 0, 0, '', 0, 0, 0, ?) ON CONFLICT (name) DO NOTHING",
        *(new_id(), name, secret),
    )


# ---- The key of the links ----


async def signing_key() -> int:
    """The number of the key that links are signed with, made at the first time."""
    found = await _stored_key()
    if found:
        return found
    made: int = new_secret()
    await _keep_key(made)
    found = await _stored_key()
    if found != made:  # another process was faster
        destroy_secret(made)
    return found


async def _stored_key() -> int:
    found: int = await db.value("SELECT secret FROM translation_state WHERE name = ''") or 0
    return found


@atomic
async def _keep_key(number: int) -> None:
    await _ensure("", number)
