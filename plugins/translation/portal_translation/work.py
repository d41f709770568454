"""The jobs: what readers asked for is translated here, and nowhere else. Any number of processes may do it at once."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from portal.sdk import Event, Unreachable, atomic, clock, db, enqueue, known_names, marks, permits
from portal_translation import engines, glossary, health, pipeline
from portal_translation.engine import Engine, Pair, Trouble
from portal_translation.naming import Names
from portal_translation.pipeline import Refusal
from portal_translation.protect import Guard
from portal_translation.wishing import PURPOSE

BUDGET_S, LIMIT_S = 45, 600  # after the first it begins nothing new; at the second the portal would end it
AT_ONCE, CHARACTERS = 20, 8000  # texts that are taken on together, and how long they may be
MANY = 3  # answers of which none can be shown: then it is the engine rather than the text
LEASE = 15 * clock.MINUTE
ASK_AGAIN = 6 * clock.HOUR  # after which an engine is asked once more what it offers
TRIES = 3  # until a text is left as it is, whose answers could not be shown
RETRY = (10 * clock.MINUTE, 2 * clock.HOUR)


@dataclass(frozen=True, slots=True)
class _Due:
    id: int
    source: str
    target: str
    original: str
    tries: int


async def translate_due(_payload: dict[str, Any]) -> None:
    """Translates what waits, as far as the engine is well. What goes wrong is written down, and tried again later."""
    await health.signing_key()
    engine = await engines.chosen()
    if engine is None:
        return
    if not engine.outside:
        await _free_held()
    state = await health.health(engine.name)
    if state.wait_until > clock.now():
        return  # `tidy` comes again
    ends = time.monotonic() + BUDGET_S
    due: list[_Due] = []
    try:
        pairs = state.pairs
        if not pairs or state.pairs_at < clock.now() - ASK_AGAIN:
            pairs = await engine.pairs()
            await health.knows(engine.name, pairs)
        while time.monotonic() < ends and (due := await _claim()):
            await _translate(engine, pairs, due)
    except (Trouble, Unreachable) as trouble:
        until = await health.failed(engine.name, trouble.kind, getattr(trouble, "wait_s", 0))
        await _release([each.id for each in due], until)
        await enqueue("translation", "translate", {"why": "again"}, at=until)
        return
    if due:
        await enqueue("translation", "translate", {"why": "more"})


async def tidy(_payload: dict[str, Any]) -> None:
    """By schedule: what waits although nobody has asked again."""
    await translate_due({})


async def _translate(engine: Engine, pairs: frozenset[Pair], due: Sequence[_Due]) -> None:
    """Translates these texts and stores what came of it. Raises Trouble or Unreachable; what is not done waits on."""
    allowed = await _allowed(engine, due)
    by_pair: dict[Pair, list[_Due]] = defaultdict(list)
    for each in due:
        by_pair[each.source, each.target].append(each)
    names, terms = Names(await known_names()), await glossary.glossary()
    for (source, target), some in by_pair.items():
        asked = [each for each in some if each.id in allowed]
        await _hold([each.id for each in some if each.id not in allowed])
        if (source, target) not in pairs:
            await _refuse(engine, [(each, "pair") for each in asked], final=True)
            continue
        guard = Guard(names, terms, source, target, strict=engine.outside)
        answers = await pipeline.translate(engine, [each.original for each in asked], guard)
        good = [(each, answer) for each, answer in zip(asked, answers, strict=True) if isinstance(answer, str)]
        bad = [(each, answer.kind) for each, answer in zip(asked, answers, strict=True) if isinstance(answer, Refusal)]
        await _keep(engine, good)
        await _refuse(engine, bad)
        if good:
            await health.fine(engine.name)
        elif len(bad) >= MANY:
            raise Trouble("nonsense")
        elif bad:
            await health.noted(engine.name, "nonsense")


# ---- Which ----


@atomic
async def _claim() -> list[_Due]:
    """Some of those that are due, which are this process's for a while."""
    now = clock.now()
    rows = await db.rows(
        "SELECT id, source, target, original, tries FROM translation_text WHERE state = 'waiting' AND due_at <= ?"
        " AND corrected = '' ORDER BY due_at, id LIMIT ?",
        *(now, AT_ONCE),
    )
    lengths = accumulate(len(row[3]) for row in rows)
    rows = [row for at, (row, length) in enumerate(zip(rows, lengths, strict=True)) if not at or length <= CHARACTERS]
    if rows:
        await db.run(
            f"UPDATE translation_text SET due_at = ? WHERE id IN ({marks(len(rows))})",
            *(now + LEASE, *(row[0] for row in rows)),
        )
    return [_Due(*row) for row in rows]


async def _allowed(engine: Engine, due: Sequence[_Due]) -> set[int]:
    """Those of the texts that this engine may get. Outside of the school, the families of all children decide; of what
    is about none, a family that reads it and agrees."""
    ids = [each.id for each in due]
    if not engine.outside:
        return set(ids)
    silent = await db.rows(
        f"SELECT id FROM translation_text WHERE children = 0 AND NOT agreed AND id IN ({marks(len(ids))})", *ids
    )
    rows = await db.rows(f"SELECT text, child FROM translation_about WHERE text IN ({marks(len(ids))})", *ids)
    permitted = set(await permits({child for _text, child in rows}, PURPOSE)) if rows else set()
    return set(ids) - {text for (text,) in silent} - {text for text, child in rows if child not in permitted}


# ---- What came of it ----


@atomic
async def _keep(engine: Engine, good: Sequence[tuple[_Due, str]]) -> None:
    await db.run_many(
        "UPDATE translation_text SET body = ?, engine = ?, sent = ?, state = 'done', reason = '', tries = 0"
        " WHERE id = ?",
        [(text, engine.name, engine.outside, each.id) for each, text in good],
    )


@atomic
async def _refuse(engine: Engine, bad: Sequence[tuple[_Due, str]], *, final: bool = False) -> None:
    """Tried again later, and in the end left: the original is shown."""
    now = clock.now()
    await db.run_many(
        "UPDATE translation_text SET state = ?, reason = ?, engine = ?, tries = tries + 1, due_at = ? WHERE id = ?",
        [
            ("refused" if final or each.tries + 1 >= TRIES else "waiting", kind, engine.name,
             now + RETRY[min(each.tries, len(RETRY) - 1)], each.id)
            for each, kind in bad
        ],
    )  # fmt: skip


@atomic
async def _hold(texts: Sequence[int]) -> None:
    """The families do not allow it, or have not said yet."""
    await db.run_many("UPDATE translation_text SET state = 'held' WHERE id = ?", [(text,) for text in texts])


async def _free_held() -> None:
    """What waited for families' yes to an engine outside needs none for this one."""
    held = [text for (text,) in await db.rows("SELECT id FROM translation_text WHERE state = 'held' LIMIT 1000")]
    if held:
        await _free(held)


@atomic
async def _free(texts: Sequence[int]) -> None:
    now = clock.now()
    await db.run_many(
        "UPDATE translation_text SET state = 'waiting', due_at = ? WHERE id = ? AND state = 'held'",
        [(now, text) for text in texts],
    )


@atomic
async def _release(texts: Sequence[int], at: int) -> None:
    await db.run_many(
        "UPDATE translation_text SET due_at = ? WHERE id = ? AND state = 'waiting' AND reason = ''",
        [(at, text) for text in texts],
    )


# ---- When families decide ----


async def decided(event: Event) -> None:
    """What an engine outside made about a child goes once its family does not allow that any more; what waited for a
    yes is looked at again."""
    if event.kind == "consent.changed" and event.detail == PURPOSE:
        await _decided(event.subject, bool(await permits([event.subject], PURPOSE)))


@atomic
async def _decided(child: int, allowed: bool) -> None:
    about = "id IN (SELECT text FROM translation_about WHERE child = ?)"
    if allowed:
        await db.run(
            f"UPDATE translation_text SET state = 'waiting', due_at = ? WHERE state = 'held' AND {about}",
            *(clock.now(), child),
        )
        await enqueue("translation", "translate", {"why": "allowed"})
        return
    await db.run(
        f"UPDATE translation_text SET body = '', engine = '', sent = FALSE,"
        f" state = CASE WHEN corrected = '' THEN 'waiting' ELSE state END WHERE sent AND {about}",
        child,
    )
