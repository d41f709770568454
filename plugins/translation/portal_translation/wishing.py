"""Writes down which texts readers would rather have in another language."""

from __future__ import annotations

from collections.abc import Sequence

from portal.sdk import Row, atomic, clock, db, enqueue, marks, new_id
from portal_translation.keys import Wanted


@atomic
async def note(
    person: int, new: Sequence[Wanted], again: Sequence[int], seen: Sequence[int], offers: Sequence[int], standing: str
) -> None:
    """Texts that are new, to be translated again by another engine, were shown, or may be corrected by this person."""
    now = clock.now()
    if new:
        await _add(new, now)
    if again:
        await db.run(
            f"UPDATE translation_text SET state = 'waiting', reason = '', tries = 0, due_at = ?"
            f" WHERE id IN ({marks(len(again))}) AND state IN ('done', 'refused') AND corrected = ''",
            *(now, *again),
        )
    if seen:
        await db.run(f"UPDATE translation_text SET shown_at = ? WHERE id IN ({marks(len(seen))})", now, *seen)
    for text in offers:
        await db.run(
            "INSERT INTO translation_offer (id, text, person, standing, at) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (text, person) DO UPDATE SET standing = excluded.standing, at = excluded.at",
            *(new_id(), text, person, standing, now),
        )
    if new or again:
        await enqueue("translation", "translate", {"why": "asked"})


async def _add(new: Sequence[Wanted], now: int) -> None:
    keys = [wish.key for wish in new]
    there = {key for (key,) in await db.rows(
        f"SELECT key FROM translation_text WHERE key IN ({marks(len(keys))})", *keys
    )}  # fmt: skip
    missing = [wish for wish in new if wish.key not in there]
    corrections = await _corrections([wish.same for wish in missing])
    ids = {wish.key: new_id() for wish in missing}
    await db.run_many(
        "INSERT INTO translation_text (id, key, origin, same, source, target, original, body, engine, sent, corrected,"
        " corrector, corrected_at, children, state, reason, tries, due_at, asked_at, shown_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, '', '', FALSE, ?, ?, ?, ?, ?, '', 0, ?, ?, ?)",
        [
            (
                ids[wish.key], wish.key, wish.origin, wish.same, wish.source, wish.target, wish.text,
                *(corrections.get(wish.same) or ("", 0, 0)), len(wish.about),
                "done" if wish.same in corrections else "waiting", now, now, now,
            )
            for wish in missing
        ],
    )  # fmt: skip
    await db.run_many(
        "INSERT INTO translation_about (id, text, child) VALUES (?, ?, ?)",
        [(new_id(), ids[wish.key], child) for wish in missing for child in wish.about],
    )


async def _corrections(same: Sequence[str]) -> dict[str, Row]:
    """What people said of the same words before."""
    if not same:
        return {}
    rows = await db.rows(
        "SELECT same, corrected, corrector, corrected_at FROM translation_text"
        f" WHERE corrected <> '' AND same IN ({marks(len(same))}) ORDER BY corrected_at",
        *same,
    )
    return {row[0]: row[1:] for row in rows}


async def forget(person: int) -> None:
    """Texts about a child who is erased: `translation_about` does not name it any more."""
    await db.run(
        "DELETE FROM translation_text WHERE children > 0 AND children >"
        " (SELECT COUNT(*) FROM translation_about a WHERE a.text = translation_text.id)"
    )
