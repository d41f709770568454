"""The school's own words: which they are, and who writes them down."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from portal.sdk import (
    LANGUAGES,
    BadInput,
    Conflict,
    NotVisible,
    Viewer,
    _,
    atomic,
    clock,
    db,
    enqueue,
    new_id,
    standing,
)
from portal_translation.naming import WORD
from portal_translation.protect import Glossary
from portal_translation.protect import Term as Found

LONGEST, MOST = 80, 500


@dataclass(frozen=True, slots=True)
class Term:
    """One of them. `fixed` says it in other languages; where it does not, it stays as it is."""

    id: int
    term: str
    language: str
    fixed: Mapping[str, str]


async def glossary() -> Glossary:
    """All of them, ready to be found in texts."""
    return Glossary(Found(term.term, term.language, term.fixed) for term in await terms())


async def terms() -> list[Term]:
    """All of them, by name."""
    rows = await db.rows("SELECT id, term, language, fixed FROM translation_term")
    found = [Term(number, term, language, json.loads(fixed)) for number, term, language, fixed in rows]
    return sorted(found, key=lambda term: (term.term.casefold(), term.id))


async def one(term: int) -> Term:
    """Raises NotVisible if there is none."""
    row = await db.row("SELECT id, term, language, fixed FROM translation_term WHERE id = ?", term)
    if row is None:
        raise NotVisible
    return Term(row[0], row[1], row[2], json.loads(row[3]))


async def save(viewer: Viewer, term: int | None, text: str, language: str, fixed: Mapping[str, str]) -> int:
    """Adds a term, or changes one. For staff. Raises BadInput."""
    if not (await standing(viewer)).is_staff:
        raise NotVisible
    text = " ".join(text.split())
    said = {code: " ".join(fixed[code].split()) for code in LANGUAGES if fixed.get(code, "").strip()}
    if not WORD.search(text):
        raise BadInput("term", _("Please write the word or words."))
    if len(text) > LONGEST:
        raise BadInput("term", _("Please write at most %(most)s characters."), most=LONGEST)
    if language not in ("", *LANGUAGES):
        raise BadInput("language", _("Please choose one of these languages."))
    for code, words in said.items():
        if len(words) > LONGEST:
            raise BadInput(f"in-{code}", _("Please write at most %(most)s characters."), most=LONGEST)
    try:
        return await _save(term, text, language, said)
    except Conflict:
        raise BadInput("term", _("This word is in the list already.")) from None


@atomic
async def _save(term: int | None, text: str, language: str, fixed: Mapping[str, str]) -> int:
    told = json.dumps(fixed, ensure_ascii=False)
    if term is None:
        if int(await db.value("SELECT COUNT(*) FROM translation_term")) >= MOST:
            raise BadInput("term", _("The list holds as many words as it can. Please remove one first."))
        term = new_id()
        await db.run(
            "INSERT INTO translation_term (id, term, language, fixed) VALUES (?, ?, ?, ?)", term, text, language, told
        )
    else:
        before = await one(term)
        await _again(before.term)
        await db.run(
            "UPDATE translation_term SET term = ?, language = ?, fixed = ? WHERE id = ?", text, language, told, term
        )
    await _again(text)
    return term


async def remove(viewer: Viewer, term: int) -> None:
    """For staff."""
    if not (await standing(viewer)).is_staff:
        raise NotVisible
    await _remove(term)


@atomic
async def _remove(term: int) -> None:
    await _again((await one(term)).term)
    await db.run("DELETE FROM translation_term WHERE id = ?", term)


async def _again(term: str) -> None:
    """Texts with this term are translated once more; what they say now is shown until then."""
    escaped = term.lower().replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    await db.run(
        "UPDATE translation_text SET state = 'waiting', tries = 0, due_at = ? WHERE state IN ('done', 'refused')"
        " AND corrected = '' AND lower(original) LIKE ? ESCAPE '\\'",
        *(clock.now(), f"%{escaped}%"),
    )
    await enqueue("translation", "translate", {"why": "words"})
