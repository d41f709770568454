"""Notices: the texts that people read before they decide, in versions and languages.

A version is never changed once it is published; its text's SHA-256 goes into every decision made under it. Texts are
written by people: where a language is missing, another one is shown and the page says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from portal import clock
from portal.db import Row, atomic, db
from portal.errors import BadInput, NotVisible
from portal.i18n import LANGUAGES, _
from portal.kinds import Viewer, new_id
from portal.people.school import School

PRIVACY = "privacy"
PHOTO = "photo"
KINDS = {PRIVACY: _("Privacy notice"), PHOTO: _("Photo notice")}
TEXTS = Path(__file__).parent / "texts"
LONGEST = 40_000  # characters of one text
LONGEST_SUMMARY = 600

_COLUMNS = "kind, version, language, body, changes, sha256, published_at"
# The reader's language, else the school's, else English, else any.
_BEST = "CASE language WHEN ? THEN 0 WHEN ? THEN 1 WHEN 'en' THEN 2 ELSE 3 END, language"


@dataclass(frozen=True, slots=True)
class Notice:
    """One version of a notice in one language. `published_at` in microseconds UTC."""

    kind: str
    version: int
    language: str
    body: str
    changes: str
    sha256: str
    published_at: int

    @property
    def shown(self) -> Reference:
        return Reference(self.version, self.language)

    @property
    def blocks(self) -> list[tuple[str, list[str]]]:
        """The body for a page: ('heading' | 'paragraph' | 'list', lines)."""
        found: list[tuple[str, list[str]]] = []
        for part in self.body.split("\n\n"):
            lines = [line.strip() for line in part.splitlines() if line.strip()]
            if not lines:
                continue
            if all(line.startswith("- ") for line in lines):
                found.append(("list", [line[2:] for line in lines]))
            elif len(lines) == 1 and lines[0].startswith("# "):
                found.append(("heading", [lines[0][2:]]))
            else:
                found.append(("paragraph", lines))
        return found


@dataclass(frozen=True, slots=True)
class Reference:
    """Which version of a notice somebody had before them, and in which language. Travels in forms as `3:de`."""

    version: int
    language: str

    def __str__(self) -> str:
        return f"{self.version}:{self.language}"

    @classmethod
    def read(cls, text: str) -> Reference | None:
        version, _sep, language = text.partition(":")
        if not version.isdecimal() or len(version) > 9 or language not in LANGUAGES:
            return None
        return cls(int(version), language)


@dataclass(frozen=True, slots=True)
class Version:
    """A published version: its day of publication and the languages in which it exists."""

    version: int
    published_at: int
    languages: tuple[str, ...]


def _notice(row: Row | None) -> Notice | None:
    return Notice(*row) if row else None


async def current(kind: str, language: str, fallback: str = "en") -> Notice | None:
    """The newest version in `language`, else in the language that comes nearest. None before the first one."""
    return _notice(
        await db.row(
            f"SELECT {_COLUMNS} FROM notice WHERE kind = ?"
            f" AND version = (SELECT max(version) FROM notice WHERE kind = ?) ORDER BY {_BEST} LIMIT 1",
            *(kind, kind, language, fallback),
        )
    )


async def version(kind: str, number: int, language: str, fallback: str = "en") -> Notice | None:
    """A certain version in `language`, else in the language that comes nearest. None if there never was one."""
    return _notice(
        await db.row(
            f"SELECT {_COLUMNS} FROM notice WHERE kind = ? AND version = ? ORDER BY {_BEST} LIMIT 1",
            *(kind, number, language, fallback),
        )
    )


async def exactly(kind: str, shown: Reference) -> Notice | None:
    """The text that a reference names, and no other."""
    return _notice(
        await db.row(
            f"SELECT {_COLUMNS} FROM notice WHERE kind = ? AND version = ? AND language = ?",
            *(kind, shown.version, shown.language),
        )
    )


async def versions(kind: str) -> list[Version]:
    """All published versions, the newest first."""
    found: dict[int, Version] = {}
    for number, language, at in await db.rows(
        "SELECT version, language, published_at FROM notice WHERE kind = ? ORDER BY version DESC, language", kind
    ):
        known = found.get(number, Version(number, at, ()))
        found[number] = Version(number, known.published_at, (*known.languages, language))
    return list(found.values())


async def seen(person: int, kind: str) -> int:
    """The newest version that this person has acknowledged; 0 for none."""
    newest = await db.value("SELECT max(version) FROM notice_seen WHERE person = ? AND kind = ?", person, kind)
    return int(newest or 0)


@atomic
async def acknowledge(viewer: Viewer, kind: str, shown: Reference) -> bool:
    """Notes that the viewer has read a notice. False if a newer version has appeared since the page was shown.

    Raises NotVisible for somebody who is not signed in, or a notice that never was.
    """
    if viewer.person is None or await exactly(kind, shown) is None:
        raise NotVisible
    newest = await db.value("SELECT max(version) FROM notice WHERE kind = ?", kind)
    if shown.version != newest:
        return False
    if await seen(viewer.person, kind) < shown.version:
        await db.run(
            "INSERT INTO notice_seen (id, person, kind, version, language, at) VALUES (?, ?, ?, ?, ?, ?)",
            *(new_id(), viewer.person, kind, shown.version, shown.language, clock.now()),
        )
    return True


def tidy(text: str) -> str:
    """A text as it is stored: one kind of line end, no blanks at line ends, one empty line between paragraphs."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    parts = "\n".join(lines).split("\n\n")
    return "\n\n".join(part.strip("\n") for part in parts if part.strip())


def digest(body: str) -> str:
    """SHA-256 of a text in UTF-8, hexadecimal."""
    return hashlib.sha256(body.encode()).hexdigest()


@atomic
async def publish(
    viewer: Viewer, kind: str, texts: Mapping[str, str], changes: Mapping[str, str], *, after: int, school: School
) -> int:
    """An administrator publishes the next version: texts by language, and what is new in it; returns its number.

    `after` is the version that the administrator started from. Raises NotVisible for anybody else; BadInput if a text
    in the school's main language or the summary is missing, or somebody has published meanwhile (field `after`).
    """
    if kind not in KINDS or not await _is_administrator(viewer):
        raise NotVisible
    texts = {language: body for language, text in texts.items() if language in LANGUAGES and (body := tidy(text))}
    if school.language not in texts:
        raise BadInput(f"text-{school.language}", _("The text in the school's main language is needed."))
    for language, body in texts.items():
        if len(body) > LONGEST:
            raise BadInput(f"text-{language}", _("This text is too long."))
    newest = int(await db.value("SELECT max(version) FROM notice WHERE kind = ?", kind) or 0)
    if newest != after:
        raise BadInput("after", _("Somebody has published another version meanwhile. Compare it with yours first."))
    summaries = {language: " ".join(changes.get(language, "").split())[:LONGEST_SUMMARY] for language in texts}
    if newest and not summaries[school.language]:
        raise BadInput(f"changes-{school.language}", _("Say in a sentence or two what is new."))
    await write(kind, newest + 1, texts, summaries)
    return newest + 1


async def _is_administrator(viewer: Viewer) -> bool:
    sql = "SELECT 1 FROM role r JOIN person p ON p.id = r.person WHERE p.id = ? AND p.active AND r.role = 'admin'"
    return viewer.person is not None and bool(await db.value(sql, viewer.person))


async def write(kind: str, number: int, texts: Mapping[str, str], changes: Mapping[str, str]) -> None:
    """Stores a version of a notice, or of the text of a plugin's purpose. Inside a transaction."""
    now = clock.now()
    await db.run_many(
        "INSERT INTO notice (id, kind, version, language, body, changes, sha256, published_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (new_id(), kind, number, language, body, changes.get(language, ""), digest(body), now)
            for language, body in texts.items()
        ],
    )


@atomic
async def publish_defaults(school: School) -> None:
    """Publishes our own texts as version 1 of each notice that has none yet. For a new school."""
    for kind in KINDS:
        if not await db.value("SELECT 1 FROM notice WHERE kind = ?", kind):
            await write(kind, 1, {language: default(kind, language, school) for language in LANGUAGES}, {})


def default(kind: str, language: str, school: School) -> str:
    """Our own text of a notice for this school. What speaks of something unknown is left out, with its heading."""
    lines = [line.strip() for line in school.address.splitlines() if line.strip()]
    if lines[:1] == [school.name.strip()]:  # the notice has just named the school
        del lines[0]
    values = {
        "{school}": school.name,
        "{reach}": ", ".join(part for part in (*lines, school.contact.strip()) if part),
        "{voice}": "" if school.voice_mode == "off" else str(min(school.voice_from_age, 18)),
    }
    parts = []
    for part in (TEXTS / f"{kind}.{language}.txt").read_text(encoding="utf-8").split("\n\n"):
        if all(value or place not in part for place, value in values.items()):
            for place, value in values.items():
                part = part.replace(place, value)
            parts.append(part)
    told = [part for part, after in zip(parts, [*parts[1:], "# "], strict=True) if not part.startswith("# ")
            or not after.startswith("# ")]
    return tidy("\n\n".join(told))
