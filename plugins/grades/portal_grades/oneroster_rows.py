"""Rows of OneRoster's gradebook files as values, checked one by one. What is wrong leaves its row out, and says so."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from portal.sdk import _
from portal_grades.importing_csv import Table, clean, prose
from portal_grades.importing_problems import Problems
from portal_grades.importing_values import (
    FLAGS,
    INCOMPLETE,
    Book,
    Category,
    Item,
    Result,
    Scale,
    number,
)
from portal_grades.oneroster_names import score_status, yes
from portal_grades.rules import GRADED, LONGEST_TEXT, LONGEST_TITLE, LONGEST_WORD, SUBMITTED

Take = Callable[[int, list[str]], None]

_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_OTHER_DAY = re.compile(r"(\d{1,2})([./-])(\d{1,2})[./-](\d{4})(?:[T ].*)?")
_PAIR = re.compile(r"\{([^{}]*?):([^{}]*)\}")


def reader(kind: str, table: Table, book: Book, problems: Problems) -> Take:
    """What takes a row of this kind of file into the book."""
    rows = _Rows(table, book, problems)
    takes: dict[str, Take] = {
        "academicSessions": rows.term,
        "categories": rows.category, "scoreScales": rows.scale, "lineItems": rows.item, "results": rows.result,
        "lineItemScoreScales": rows.scale_of_item,
    }  # fmt: skip
    if kind == "results":
        held = {"grade": ("textScore",), "comment": ("comment",), "flags": (*FLAGS, "inProgress")}
        book.absent = frozenset(name for name, words in held.items() if not table.columns.keys() & set(words))
    rows.gone = book.gone.setdefault(kind, set())
    return takes[kind]


def day(text: str) -> str | None:
    """A day as an ISO text, '' for none, None for what is no day or could be two."""
    if not text:
        return ""
    if found := _DAY.fullmatch(text):
        year, month, day_ = (int(part) for part in found.groups())
    elif found := _OTHER_DAY.fullmatch(text):
        first, sign, second, year = int(found[1]), found[2], int(found[3]), int(found[4])
        if sign == "." or first > 12:
            month, day_ = second, first
        elif second > 12 or first == second:
            month, day_ = first, second
        else:
            return None
    else:
        return None
    try:
        return date(year, month, day_).isoformat()
    except ValueError:
        return None


class _Memo(dict[str, Any]):
    """What a function makes of texts that stand in a file again and again."""

    def __init__(self, made: Callable[[str], Any]) -> None:
        super().__init__()
        self.made = made

    def __missing__(self, text: str) -> Any:
        found = self[text] = self.made(text)
        return found


class _Rows:
    def __init__(self, table: Table, book: Book, problems: Problems) -> None:
        self.file, self.columns, self.book, self.problems = table.name, table.columns, book, problems
        self.gone: set[str] = set()
        self.lines: dict[str, int] = {}  # where each identifier stood first
        self.pairs: dict[str, dict[str, int]] = {}  # line of each result, by item and student
        self.cleaned, self.days, self.texts = _Memo(clean), _Memo(lambda text: day(clean(text))), _Memo(_comment)
        self.numbers, self.marked = _Memo(lambda text: number(text.removesuffix("%"))), _Memo(yes)
        self.statuses = _Memo(lambda text: score_status(clean(text)))
        self.flags = [(at, 1 << bit) for bit, name in enumerate(FLAGS) if (at := self.columns.get(name)) is not None]
        if (at := self.columns.get("inProgress")) is not None:
            self.flags.append((at, INCOMPLETE))

    def get(self, fields: list[str], column: str) -> str:
        """A field without surrounding space; '' where there is no such column."""
        at = self.columns.get(column)
        return self.cleaned[fields[at]] if at is not None and fields[at] else ""

    def key(self, line: int, fields: list[str]) -> str | None:
        """The identifier of a row that is to be taken; None for one that is not, for which everything is told."""
        sid = clean(fields[self.columns["sourcedId"]])
        if not sid:
            self.problems.skip(self.file, line, "sourcedId", _("The identifier is missing. Every row needs one."))
            return None
        if (first := self.lines.setdefault(sid, line)) != line:
            text = _("The identifier %(id)s stands on line %(first)s already. Every row needs its own.")
            self.problems.skip(self.file, line, "sourcedId", text, id=sid, first=first)
            return None
        status = self.get(fields, "status").casefold()
        if status in ("", "active"):
            return sid
        if status in ("tobedeleted", "deleted", "inactive"):
            self.gone.add(sid)
        else:
            text = _("The status %(status)s is not known. Write active or tobedeleted.")
            self.problems.skip(self.file, line, "status", text, status=status)
        return None

    def day(self, line: int, fields: list[str], column: str) -> str:
        at = self.columns.get(column)
        if at is None or not fields[at]:
            return ""
        found: str | None = self.days[fields[at]]
        if found is None:
            text = _("%(value)s is not a day that is understood; it was left empty. Write it as 2026-11-24.")
            self.problems.note(self.file, line, column, text, value=clean(fields[at]))
            return ""
        return found

    # ---- One for each file ----

    def term(self, line: int, fields: list[str]) -> None:
        if sid := self.get(fields, "sourcedId"):
            self.book.terms[sid] = self.get(fields, "title")[:LONGEST_TITLE]

    def category(self, line: int, fields: list[str]) -> None:
        if sid := self.key(line, fields):
            weight = number(self.get(fields, "weight"))
            title = self.get(fields, "title")[:LONGEST_TITLE] or sid
            self.book.categories[sid] = Category(sid, title, None if weight is None else weight // 1000, line)

    def scale(self, line: int, fields: list[str]) -> None:
        if sid := self.key(line, fields):
            text = self.get(fields, "scoreScaleValue")
            pairs = scale_values(text)
            if not pairs:
                told = _("These values are not understood. They are written as {A:90-100},{B:80-89}.")
                self.problems.note(self.file, line, "scoreScaleValue", told)
            self.book.scales[sid] = Scale(sid, self.get(fields, "title")[:LONGEST_TITLE] or sid, pairs, line)

    def scale_of_item(self, line: int, fields: list[str]) -> None:
        if self.get(fields, "status").casefold() == "tobedeleted":
            return
        item = self.book.items.get(self.get(fields, "lineItemSourcedId"))
        scale = self.get(fields, "scoreScaleSourcedId")
        if item is not None and scale:
            self.book.items[item.sid] = item._replace(scale=scale)

    def item(self, line: int, fields: list[str]) -> None:
        sid = self.key(line, fields)
        if sid is None:
            return
        least, most = self.range(line, fields)
        if not self.get(fields, "classSourcedId"):
            self.problems.skip(self.file, line, "classSourcedId", _("This field is empty. Every row needs it."))
            return
        title = self.get(fields, "title")
        if not title:
            self.problems.note(self.file, line, "title", _("The title is missing; the identifier stands for it."))
        at = self.columns.get("description")
        self.book.items[sid] = Item(
            sid, (title or sid)[:LONGEST_TITLE], prose(fields[at], LONGEST_TEXT) if at is not None else "",
            self.day(line, fields, "assignDate"), self.day(line, fields, "dueDate"),
            self.get(fields, "classSourcedId"), self.get(fields, "categorySourcedId"),
            self.get(fields, "academicSessionSourcedId") or self.get(fields, "gradingPeriodSourcedId"),
            least, most, "", line,
        )  # fmt: skip

    def range(self, line: int, fields: list[str]) -> tuple[int | None, int | None]:
        found: list[int | None] = []
        for column in ("resultValueMin", "resultValueMax"):
            typed = self.get(fields, column)
            found.append(number(typed))
            if typed and found[-1] is None:
                text = _("%(value)s is not a number; it was left empty.")
                self.problems.note(self.file, line, column, text, value=typed)
        least, most = found
        if least is not None and most is not None and least > most:
            text = _(
                "The lowest score is above the highest; neither was taken. Correct them where the file comes from."
            )
            self.problems.note(self.file, line, "resultValueMin", text)
            return None, None
        return least, most

    def result(self, line: int, fields: list[str]) -> None:
        self.book.read += 1
        sid = self.key(line, fields)
        if sid is None:
            return
        item, student = self.get(fields, "lineItemSourcedId"), self.get(fields, "studentSourcedId")
        for column, value in (("lineItemSourcedId", item), ("studentSourcedId", student)):
            if not value:
                self.problems.skip(self.file, line, column, _("This field is empty. Every row needs it."))
                return
        if (first := self.pairs.setdefault(item, {}).setdefault(student, line)) != line:
            text = _(
                "Line %(first)s holds a result of the same student for the same line item already, and counts. Keep the"
                " right one of the two."
            )
            self.problems.skip(self.file, line, "studentSourcedId", text, first=first)
            return
        typed, word = self.get(fields, "score"), self.get(fields, "textScore")
        score: int | None = self.numbers[typed] if typed else None
        if typed and score is None:
            if word and word != typed:
                text = _("%(value)s is not a number; it was left empty.")
                self.problems.note(self.file, line, "score", text, value=typed)
            word = word or typed  # a grade in letters where 1.1 has no column for it
        flags = 0
        for at, bit in self.flags:
            if self.marked[fields[at]]:
                flags |= bit
        comment = self.columns.get("comment")
        self.book.results.append(
            Result(
                sid, item, student, self.status(line, fields, score is not None or bool(word)), score,
                word[:LONGEST_WORD], flags, self.texts[fields[comment]] if comment is not None else "",
                self.day(line, fields, "scoreDate"), line,
            )
        )  # fmt: skip

    def status(self, line: int, fields: list[str], marked: bool) -> str:
        at = self.columns.get("scoreStatus")
        typed = fields[at] if at is not None else ""
        found: str | None = self.statuses[typed]
        if found is not None:
            return found
        if typed and not typed.startswith("ext:"):
            text = _("The score status %(value)s is not one of the standard's; it was read off the score.")
            self.problems.note(self.file, line, "scoreStatus", text, value=clean(typed))
        return GRADED if marked else SUBMITTED


def _comment(text: str) -> str:
    return prose(text, LONGEST_TEXT)


def scale_values(text: str) -> tuple[tuple[str, str], ...]:
    """The pairs of a score scale: `{A:90-100},{B:80-89}`, or without brackets."""
    pairs = _PAIR.findall(text) or [part.split(":", 1) for part in text.split(",") if ":" in part]
    return tuple((clean(left)[:LONGEST_WORD], clean(right)[:LONGEST_WORD]) for left, right in pairs)


def finish(book: Book, problems: Problems) -> None:
    """What can only be said when all files are read."""
    known = book.modes.get("categories") == "bulk"
    lost = {item.category for item in book.items.values() if item.category} - book.categories.keys()
    if known and lost:
        text = _("%(id)s is not in categories.csv; its line items have no category.")
        for sid in sorted(lost)[:20]:
            problems.note(book.files.get("lineItems", ""), 0, "categorySourcedId", text, id=sid)
