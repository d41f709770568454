"""What a page shows: translations that are there, in one query, and word to the job about those that are not."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from portal.sdk import LANGUAGES, Reading, Text, Who, clock, db, language, marks, secret
from portal_translation import engines, wishing
from portal_translation.keys import Wanted, origin_of, source_of, wanted
from portal_translation.signing import Signer, digest

FRESH = 7 * clock.DAY  # how old the note may be that a text was shown
MOST_NEW = 100  # texts that one page may ask for
PATIENCE_S = 0.15  # how long a page waits until it is written down what it misses

_FOUND = (
    "SELECT 'text', id, key, target, body, corrected, engine, state, shown_at FROM translation_text WHERE key IN ({})"
    " UNION ALL SELECT 'reader', id, '', '', reads, '', '', CASE WHEN off THEN 'off' ELSE '' END, person"
    " FROM translation_reader WHERE person = ?"
    " UNION ALL SELECT 'engine', id, '', '', pairs, '', name, '', secret FROM translation_state WHERE name IN (?, '')"
)
# Reported translations, into languages that this member of staff reads, of what stands on the page.
_REPORTED = (
    " UNION ALL SELECT 'reported', t.id, t.origin, t.target, coalesce(o.standing, ''), '', '', '', coalesce(o.at, 0)"
    " FROM translation_text t JOIN translation_reader p ON p.person = ? AND p.reads LIKE '%,' || t.target || ',%'"
    " LEFT JOIN translation_offer o ON o.text = t.id AND o.person = p.person"
    " WHERE t.origin IN ({}) AND EXISTS (SELECT 1 FROM translation_report r WHERE r.text = t.id)"
)


@dataclass(frozen=True, slots=True)
class _Row:
    kind: str
    id: int
    key: str
    target: str
    body: str
    corrected: str
    engine: str
    state: str
    number: int

    @property
    def text(self) -> str:
        return self.corrected or self.body


async def readings(person: Who, texts: Sequence[Text]) -> list[Reading | None]:
    """The texts in the reader's language, None where there is no translation of one yet, or none is wanted."""
    main = person.school.languages[0]
    wishes = [wanted(text, person.language.code, main) for text in texts]
    keys = list({wish.key for wish in wishes if wish})
    origins = list({_origin(text, main) for text in texts}) if person.is_staff and person.person else []
    if not keys and not origins:
        return [None] * len(texts)
    engine = engines.name_in(person.school)
    sql = _FOUND.format(marks(len(keys)) if keys else "NULL")
    arguments: list[Any] = [*keys, person.person or 0, engine]
    if origins:
        sql += _REPORTED.format(marks(len(origins)))
        arguments += [person.person, *origins]
    rows = [_Row(*row) for row in await db.rows(sql, *arguments)]
    by_key = {row.key: row for row in rows if row.kind == "text"}
    if person.person:
        await _aside(person, engine, [wish for wish in wishes if wish], rows, by_key)
    if any(row.state == "off" for row in rows if row.kind == "reader"):
        return [None] * len(texts)
    sign = _signer(person, rows)
    return [_reading(person, wish, by_key.get(wish.key), sign) if wish else None for wish in wishes]


def _origin(text: Text, main: str) -> str:
    return origin_of(source_of(text, main), tuple(sorted(set(text.about))), text.text)


def _signer(person: Who, rows: Sequence[_Row]) -> Signer | None:
    number = next((row.number for row in rows if row.kind == "engine" and row.engine == ""), 0)
    key = secret(number) if number and person.standing.signed_in else None  # as those links ask who follow them
    return Signer(key, person.standing) if key else None


def _reading(person: Who, wish: Wanted, row: _Row | None, sign: Signer | None) -> Reading | None:
    if row is None or row.text in ("", wish.text):
        return None
    here = person.language
    before = language(wish.source).direction if wish.source in LANGUAGES else "auto"
    link = sign.link(row.id) if sign else ""
    return Reading(
        row.text, here.code, here.direction, wish.text, wish.source, before, translated=True,
        corrected=bool(row.corrected), link=link,
    )  # fmt: skip


# ---- What the page misses ----

_under_way: dict[asyncio.Task[None], frozenset[str]] = {}


async def _aside(
    person: Who, engine: str, wishes: Sequence[Wanted], rows: Sequence[_Row], by_key: dict[str, _Row]
) -> None:
    """Writes down which texts are missing, were shown, or may be corrected: seldom, and nobody waits long."""
    off = any(row.state == "off" for row in rows if row.kind == "reader")
    known = next((row.body for row in rows if row.kind == "engine" and row.engine == engine), "")
    pairs = frozenset(known.split())
    wants = engine != "none" and not off
    possible = [w for w in wishes if wants and (not pairs or f"{w.source}-{w.target}" in pairs)]
    asked = {key for keys in _under_way.values() for key in keys}
    new = {wish.key: wish for wish in possible if wish.key not in by_key and wish.key not in asked}
    again = [
        row.id for row in by_key.values()
        if row.state in ("done", "refused") and not row.corrected and row.engine != engine and row.key not in asked
        and any(wish.key == row.key for wish in possible)
    ]  # fmt: skip
    now = clock.now()
    seen = [row.id for row in by_key.values() if row.number < now - FRESH and row.key not in asked]
    standing = digest(person.standing) if any(row.kind == "reported" for row in rows) else ""
    offers = [
        row.id for row in rows
        if row.kind == "reported" and (row.body != standing or row.number < now - FRESH) and row.key not in asked
    ]  # fmt: skip
    # What is about no child waits for a reader whose family lets texts leave the school.
    silent = {wish.key for wish in possible if not wish.about}
    family = person.standing.family_of
    held = [row.id for key, row in by_key.items() if family and row.state == "held" and key in silent - asked]
    if not (new or again or seen or offers or held):
        return
    touched = {*new, *(row.key for row in rows if row.id in {*again, *seen, *offers, *held})}
    await _begin(
        _note(person, list(new.values())[:MOST_NEW], again, seen, offers, held, standing), frozenset(touched)
    )


async def _note(person: Who, new: Sequence[Wanted], *ids: Any) -> None:
    agreed = await wishing.agrees(person.standing.family_of) if new or ids[3] else False
    await wishing.note(person.person or 0, new, *ids, agreed=agreed)


async def _begin(work: Coroutine[Any, Any, None], keys: frozenset[str]) -> None:
    task = asyncio.create_task(work)
    _under_way[task] = keys
    task.add_done_callback(_ended)
    await asyncio.wait({task}, timeout=PATIENCE_S)


def _ended(task: asyncio.Task[None]) -> None:
    _under_way.pop(task, None)
    if not task.cancelled():
        task.exception()  # looked at, so that nobody tells of it: what could not be written down is asked for again
