"""A teacher's sheet: what its columns are, as far as one can guess, and what its cells say."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from portal.sdk import _
from portal_grades import importing_csv
from portal_grades.importing_files import Sent
from portal_grades.importing_problems import Problems
from portal_grades.importing_values import MISSING, number
from portal_grades.mapping_words import COLUMNS, EXEMPT, LEFT_OUT, NEEDLESS, NOT_THERE, POSSIBLE, SURELY_ID
from portal_grades.rules import EXEMPT as EXEMPTED
from portal_grades.rules import GRADED, LONGEST_TITLE, LONGEST_WORD, NOT_SUBMITTED

MOST_ROWS = 5000
MOST_COLUMNS = 200

ROLES = {
    "": _("Not needed"),
    "name": _("The child's whole name"),
    "given": _("Given name"),
    "family": _("Family name"),
    "id": _("The child's identifier from the roster"),
    "result": _("Results of one assignment"),
    "comment": _("Comments, to the results before it"),
    "title": _("The assignment's title, one in each line"),
    "most": _("Points that can be had, one in each line"),
    "due": _("Due day, one in each line"),
}
WHO = {"name", "given", "family", "id"}
_BEHIND = re.compile(r"\s*(\(\d{3,}\)|\[\d{3,}\])\s*$")  # a number that some gradebooks put behind a title
_OF = re.compile(r"^(.*?)\s*[(\[/]\s*(\d+(?:[.,]\d+)?)\s*(?:points?|pts?\.?|p\.?|punkte|puntos)?\s*[)\]]?\s*$", re.I)
_DAY = re.compile(r"\d{1,2}\.\d{1,2}\.\d{2,4}|\d{4}-\d{2}-\d{2}.*|\d{1,2}[-. ]{0,2}[A-Za-zäöüéû]{3,4}\.?([- ]\d{2,4})?")
_FRACTION = re.compile(r"(\S+)\s*/\s*(\d+(?:[.,]\d+)?)")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as rows. `possible` is what can be had in each column, where a line of the sheet says so."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    possible: dict[int, int] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Finds the same kind of sheet again."""
        return hashlib.sha256(json.dumps([plain(word) for word in self.header]).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Column:
    """What a column is. `into` is an assignment of ours, 0 for a new one with this title."""

    role: str = ""
    title: str = ""
    most: int | None = None  # thousandths
    into: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says. `most` where it says that, too: 17/20."""

    status: str = GRADED
    score: int | None = None
    grade: str = ""
    flags: int = 0
    most: int | None = None


def plain(text: str) -> str:
    """Letters and digits without accents, small: for comparing."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in spread if letter.isalnum())


def read(sent: Sequence[Sent], problems: Problems) -> Sheet | None:
    """The sheet, None where it is none; the reason is told."""
    file = sent[0]
    if file.data[:2] == b"PK":
        text = _("This is not a CSV file. In your spreadsheet choose “Save as”, then “CSV UTF-8”.")
        problems.stop(file.name, 0, "", text)
        return None
    stream = importing_csv.text_of(file, problems)
    if stream is None:
        return None
    header: tuple[str, ...] = ()
    rows: list[tuple[int, tuple[str, ...]]] = []
    possible: dict[int, int] = {}
    for line, fields in importing_csv.records(file.name, stream, problems):
        cells = tuple(importing_csv.clean(cell) for cell in fields)
        if not header:
            header = cells if sum(1 for cell in cells if cell) > 1 else ()  # a line above the table is a heading
        elif any(plain(cell) in POSSIBLE for cell in cells[:3]):
            possible = {at: value for at, cell in enumerate(cells) if (value := number(cell)) is not None}
        elif not any(plain(cell) in LEFT_OUT for cell in cells[:3]):
            rows.append((line, cells + ("",) * (len(header) - len(cells))))
        if len(rows) > MOST_ROWS or len(header) > MOST_COLUMNS:
            text = _("A sheet for one class has up to %(rows)s lines and %(columns)s columns. Is it the right file?")
            problems.stop(file.name, line, "", text, rows=MOST_ROWS, columns=MOST_COLUMNS)
            return None
    if problems.fatal:
        return None
    if not header or not rows:
        text = _("There is no table here: a line that names the columns, and below it a line for each child.")
        problems.stop(file.name, 1, "", text)
        return None
    return Sheet(file.name, header, tuple(rows), possible)


def guess(sheet: Sheet) -> list[Column]:
    """What the columns could be, by their words and by what stands in them."""
    found: list[Column] = []
    surely = next((at for at, word in enumerate(sheet.header) if plain(word) in SURELY_ID), None)
    taken: set[str] = {"id"} if surely is not None else set()
    for at, word in enumerate(sheet.header):
        role = (
            "id"
            if at == surely
            else next((role for role, words in COLUMNS.items() if plain(word) in words and role not in taken), None)
        )
        if role is None:
            needless = not plain(word) or plain(word) in NEEDLESS | COLUMNS["id"]
            role = "result" if not needless and _looks_like_results(sheet, at) else ""
        if role not in ("", "result", "comment"):
            taken.add(role)
        title, most = title_of(word)
        found.append(Column(role, title, sheet.possible.get(at, most)) if role == "result" else Column(role))
    return found


def title_of(word: str) -> tuple[str, int | None]:
    """An assignment's title as a header says it, and its points where they stand behind it: "Test 1 (20)"."""
    word = _BEHIND.sub("", word).strip()
    if (found := _OF.fullmatch(word)) and found[1].strip():
        return found[1].strip()[:LONGEST_TITLE], number(found[2])
    return word[:LONGEST_TITLE], None


def _looks_like_results(sheet: Sheet, at: int) -> bool:
    cells = [cells[at] for _line, cells in sheet.rows if cells[at]]
    numbers = sum(1 for each in cells if number(each.removesuffix("%")) is not None or _FRACTION.fullmatch(each))
    short = sum(1 for each in cells if len(each) <= 3)
    return bool(cells) and (numbers * 2 >= len(cells) or short * 5 >= len(cells) * 4)


def cell(text: str) -> Cell | str | None:
    """What a cell says; None for nothing, a msgid for what cannot be right."""
    if not text or (plain(text) == "" and text.strip("-–—. ") == ""):
        return None
    word = plain(text)
    if word in EXEMPT:
        return Cell(EXEMPTED)
    if word in NOT_THERE:
        return Cell(NOT_SUBMITTED, flags=MISSING)
    if (found := number(text.removesuffix("%").rstrip())) is not None:
        return Cell(score=found, most=100_000 if text.endswith("%") else None)
    if found_of := _FRACTION.fullmatch(text):
        score, most = number(found_of[1]), number(found_of[2])
        if score is not None and most:
            return Cell(score=score, most=most)
    if _DAY.fullmatch(text):
        return _(
            "This looks like a day: spreadsheets make one of points such as 3.5. Format the column as text, and type it"
            " anew."
        )
    return Cell(grade=text[:LONGEST_WORD])


# ---- Kept as JSON ----


def as_json(columns: Sequence[Column]) -> list[list[object]]:
    return [[column.role, column.title, column.most, column.into] for column in columns]


def from_json(found: object) -> list[Column]:
    return [Column(*each) for each in found] if isinstance(found, list) else []
