"""Writes down which texts readers would rather have in another language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from portal.sdk import Row, atomic, clock, db, enqueue, marks, names, new_id, permits
from portal_translation.keys import Wanted
from portal_translation.naming import Names

PURPOSE = "translation.outside"


async def agrees(family_of: Iterable[int]) -> bool:
    """Whether a family lets texts leave the school for one of its children. It says so for what it reads itself."""
    return bool(await permits(family_of, PURPOSE)) if family_of else False


@atomic
async def note(
    person: int, new: Sequence[Wanted], again: Sequence[int], seen: Sequence[int], offers: Sequence[int],
    held: Sequence[int], standing: str, *, agreed: bool,
) -> None:
    """Texts that are new, to be translated again by another engine, were shown, or may be corrected by this person;
    and those that waited for somebody whose family agrees."""
    now = clock.now()
    if new:
        await _add(new, now, agreed=agreed)
    if held and agreed:
        await db.run(
            f"UPDATE translation_text SET agreed = TRUE, state = 'waiting', due_at = ? WHERE id IN ({marks(len(held))})"
            " AND children = 0 AND state = 'held'",
            *(now, *held),
        )
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
    if new or again or (held and agreed):
        await enqueue("translation", "translate", {"why": "asked"})


async def _add(new: Sequence[Wanted], now: int, *, agreed: bool) -> None:
    keys = [wish.key for wish in new]
    there = {key for (key,) in await db.rows(
        f"SELECT key FROM translation_text WHERE key IN ({marks(len(keys))})", *keys
    )}  # fmt: skip
    missing = [wish for wish in new if wish.key not in there]
    corrections = await _corrections([wish.same for wish in missing])
    ids = {wish.key: new_id() for wish in missing}
    await db.run_many(
        "INSERT INTO translation_text (id, key, origin, same, source, target, original, body, engine, sent, corrected,"
        " corrector, corrected_at, children, agreed, state, reason, tries, due_at, asked_at, shown_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, '', '', FALSE, ?, ?, ?, ?, ?, ?, '', 0, ?, ?, ?)",
        [
            (
                ids[wish.key], wish.key, wish.origin, wish.same, wish.source, wish.target, wish.text,
                *(corrections.get(wish.same) or ("", 0, 0)), len(wish.about), agreed and not wish.about,
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
    """Texts about a child who is erased: `translation_about` does not name it any more. And those that name a person,
    whoever they are about; where they are still shown, they are translated again."""
    await db.run(
        "DELETE FROM translation_text WHERE children > 0 AND children >"
        " (SELECT COUNT(*) FROM translation_about a WHERE a.text = translation_text.id)"
    )
    called = (await names({person})).get(person, "").split()
    if not called:
        return
    stem = called[0][: max(3, len(called[0]) - 2)]  # in other cases, the end is another
    escaped = stem.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    rows = await db.rows(
        "SELECT id, source, original FROM translation_text WHERE lower(original) LIKE lower(?) ESCAPE '\\'",
        f"%{escaped}%",
    )
    found = Names(called[:1])
    for number, source, original in rows:
        if found.spans(original, source, strict=True):
            await db.run("DELETE FROM translation_text WHERE id = ?", number)
