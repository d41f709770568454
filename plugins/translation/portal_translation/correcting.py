"""A translation as its reader knows it: saying that it is wrong, and putting it right.

Whoever wants one brings the signed link that came with the text. Anybody else finds nothing there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.sdk import (
    LANGUAGES,
    BadInput,
    NotVisible,
    Standing,
    Viewer,
    _,
    atomic,
    clock,
    db,
    enqueue,
    marks,
    new_id,
    standing,
)
from portal_translation.health import signing_key
from portal_translation.signing import Signer, digest, signer

LONGEST, LONGEST_NOTE = 40_000, 500


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a signed link holds."""

    text: int
    at: int
    sig: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A translation for somebody who may read it."""

    id: int
    source: str
    target: str
    original: str
    body: str
    corrected: str
    engine: str
    same: str
    reported: bool  # by this person
    note: str  # of this person
    notes: Sequence[str]  # of everybody who said that it is wrong: for those who may correct it
    corrects: bool  # this person may

    @property
    def text(self) -> str:
        return self.corrected or self.body

    @property
    def seen(self) -> str:
        """By what a form tells that the translation has changed since it was opened."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]


async def show(viewer: Viewer, ticket: Ticket) -> Shown:
    """Raises NotVisible for anybody to whom this link was not given, or not as they stand now."""
    who = await standing(viewer)
    await _check(who, ticket)
    row = await db.row(
        "SELECT id, source, target, original, body, corrected, engine, same FROM translation_text WHERE id = ?"
        " AND (body <> '' OR corrected <> '')",
        ticket.text,
    )
    about = {child for (child,) in await db.rows("SELECT child FROM translation_about WHERE text = ?", ticket.text)}
    if row is None or not about.isdisjoint(who.blocked_from):
        raise NotVisible
    reports = await db.rows("SELECT person, note FROM translation_report WHERE text = ? ORDER BY at", ticket.text)
    mine = [note for person, note in reports if person == who.person]
    corrects = who.is_staff and row[2] in (await choices(viewer)).reads
    notes = [note for _person, note in reports if note] if corrects else []
    number, source, target, original, body, corrected, engine, same = row
    return Shown(
        number, source, target, original, body, corrected, engine, same, bool(mine), mine[0] if mine else "", notes,
        corrects,
    )  # fmt: skip


async def _check(who: Standing, ticket: Ticket) -> None:
    if not signer(await signing_key(), who).holds(ticket.text, ticket.at, ticket.sig):
        raise NotVisible


# ---- Saying that it is wrong ----


async def report(viewer: Viewer, ticket: Ticket, note: str = "") -> None:
    """Says that a translation is wrong, with a word why. Twice is once. Raises BadInput at `note`."""
    await show(viewer, ticket)
    said = note.replace("\r\n", "\n").strip()
    if len(said) > LONGEST_NOTE:
        raise BadInput("note", _("Please write at most %(most)s characters."), most=LONGEST_NOTE)
    await _report(ticket.text, viewer.person or 0, said)


@atomic
async def _report(text: int, person: int, note: str) -> None:
    await db.run(
        "INSERT INTO translation_report (id, text, person, note, at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (text, person) DO UPDATE SET note = excluded.note",
        *(new_id(), text, person, note, clock.now()),
    )


async def take_back(viewer: Viewer, ticket: Ticket) -> None:
    """It is not wrong after all."""
    await show(viewer, ticket)
    await _take_back(ticket.text, viewer.person or 0)


@atomic
async def _take_back(text: int, person: int) -> None:
    await db.run("DELETE FROM translation_report WHERE text = ? AND person = ?", text, person)


# ---- Putting it right ----


async def correct(viewer: Viewer, ticket: Ticket, text: str, seen: str) -> None:
    """What a person says wins over every engine, wherever the same words stand, until the original changes.

    For staff who said that they read that language. Raises BadInput at `text`.
    """
    shown = await show(viewer, ticket)
    if not shown.corrects:
        raise NotVisible
    said = text.replace("\r\n", "\n").strip()
    if not said:
        raise BadInput("text", _("Please write the translation."))
    if len(said) > LONGEST:
        raise BadInput("text", _("Please write at most %(most)s characters."), most=LONGEST)
    if seen != shown.seen:
        raise BadInput(
            "text", _("The translation has changed since you opened it. Please compare it with yours, and save again.")
        )
    await _correct(shown.same, said, viewer.person or 0)


@atomic
async def _correct(same: str, said: str, person: int) -> None:
    await db.run(
        "UPDATE translation_text SET corrected = ?, corrector = ?, corrected_at = ?, state = 'done', reason = ''"
        " WHERE same = ?",
        *(said, person, clock.now(), same),
    )
    await db.run("DELETE FROM translation_report WHERE text IN (SELECT id FROM translation_text WHERE same = ?)", same)


async def undo(viewer: Viewer, ticket: Ticket) -> None:
    """Back to what the engine said."""
    shown = await show(viewer, ticket)
    if not shown.corrects:
        raise NotVisible
    await _undo(shown.same)


@atomic
async def _undo(same: str) -> None:
    await db.run(
        "UPDATE translation_text SET corrected = '', corrector = 0, corrected_at = 0, tries = 0, due_at = ?,"
        " state = CASE WHEN body = '' THEN 'waiting' ELSE 'done' END WHERE same = ? AND corrected <> ''",
        *(clock.now(), same),
    )
    await enqueue("translation", "translate", {"why": "undone"})


# ---- What waits for those who can ----


@dataclass(frozen=True, slots=True)
class Reported:
    """A reported translation that this person may correct, with their link to it."""

    original: str
    source: str
    target: str
    times: int
    link: str


_OFFERED = (
    " FROM translation_offer o JOIN translation_text t ON t.id = o.text JOIN translation_reader p"
    " ON p.person = o.person AND p.reads LIKE '%,' || t.target || ',%' WHERE o.person = ? AND o.standing = ?"
    " AND EXISTS (SELECT 1 FROM translation_report r WHERE r.text = t.id)"
)


async def reported(viewer: Viewer, *, most: int = 50) -> list[Reported]:
    """Of the texts that this member of staff was shown as they stand now, those whose translation was reported, in
    languages that they read."""
    who = await standing(viewer)
    if not who.is_staff:
        return []
    rows = await db.rows(
        "SELECT t.id, t.original, t.source, t.target,"
        f" (SELECT COUNT(*) FROM translation_report r WHERE r.text = t.id){_OFFERED} ORDER BY o.at DESC LIMIT ?",
        *(who.person, digest(who), most),
    )
    if not rows:
        return []
    hidden = await _about_others(who, [row[0] for row in rows])
    sign: Signer = signer(await signing_key(), who)
    return [
        Reported(original, source, target, int(times), sign.link(text))
        for text, original, source, target, times in rows if text not in hidden
    ]  # fmt: skip


async def _about_others(who: Standing, texts: Sequence[int]) -> set[int]:
    """Those of the texts that are about a child kept from this person."""
    if not who.blocked_from:
        return set()
    rows = await db.rows(f"SELECT text, child FROM translation_about WHERE text IN ({marks(len(texts))})", *texts)
    return {text for text, child in rows if child in who.blocked_from}


async def waiting_for(who: Standing) -> int:
    """How many reported translations wait for this member of staff."""
    return int(await db.value(f"SELECT COUNT(*){_OFFERED}", who.person, digest(who)) or 0)


async def reports_by_language() -> dict[str, int]:
    """How many translations were reported, by the language they are in."""
    return {target: int(count) for target, count in await db.rows(
        "SELECT t.target, COUNT(DISTINCT t.id) FROM translation_report r JOIN translation_text t ON t.id = r.text"
        " GROUP BY t.target ORDER BY t.target"
    )}  # fmt: skip


# ---- What people choose for themselves ----


@dataclass(frozen=True, slots=True)
class Choices:
    """`off`: originals only. `reads`: languages that a member of staff reads and writes well."""

    off: bool = False
    reads: frozenset[str] = frozenset()


async def choices(viewer: Viewer) -> Choices:
    row = await db.row("SELECT off, reads FROM translation_reader WHERE person = ?", viewer.person)
    return Choices(bool(row[0]), frozenset(row[1].split(",")) & frozenset(LANGUAGES)) if row else Choices()


async def choose(viewer: Viewer, *, off: bool, reads: Iterable[str]) -> None:
    """For oneself. Only staff correct, so only they say which languages they read."""
    who = await standing(viewer)
    if who.person is None:
        raise NotVisible
    known = [code for code in LANGUAGES if code in set(reads)] if who.is_staff else []
    await _choose(who.person, off, f",{','.join(known)}," if known else "")


@atomic
async def _choose(person: int, off: bool, reads: str) -> None:
    await db.run(
        "INSERT INTO translation_reader (id, person, off, reads) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (person) DO UPDATE SET off = excluded.off, reads = excluded.reads",
        *(new_id(), person, off, reads),
    )
