"""Rows of OneRoster's gradebook files as values, checked one by one. What is wrong leaves its row out, and says so."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from portal.sdk import _
from portal_grades import mapping_words
from portal_grades.importing_csv import Table, clean, prose
from portal_grades.importing_days import day
from portal_grades.importing_problems import Problems
from portal_grades.importing_values import (
    FLAGS,
    INCOMPLETE,
    MISSING,
    UNIT,
    Book,
    Category,
    Item,
    Result,
    Scale,
    is_number,
    number,
    says_nothing,
)
from portal_grades.oneroster_names import flag_of, plain, score_status, yes
from portal_grades.rules import EXEMPT, GRADED, LONGEST_TEXT, LONGEST_TITLE, LONGEST_WORD, NOT_SUBMITTED, SUBMITTED

Take = Callable[[int, list[str]], None]

LOWER_IS_BETTER = 6 * UNIT  # up to it: 1 is the best grade in many countries, and 6 the worst
_FIRST = re.compile(r"\d+([.,]\d+)?")
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
        self.cleaned, self.days, self.texts = _Memo(clean), _Memo(self._day), _Memo(_comment)
        self.numbers, self.marked = _Memo(lambda text: number(text.removesuffix("%"))), _Memo(yes)
        self.statuses = _Memo(lambda text: score_status(clean(text)))
        self.flags = [(at, 1 << bit) for bit, name in enumerate(FLAGS) if (at := self.columns.get(name)) is not None]
        if (at := self.columns.get("inProgress")) is not None:
            self.flags.append((at, INCOMPLETE))

    def _day(self, text: str) -> str | None:
        return day(clean(text), self.book.zone, self.book.month_first)

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
        if most is not None and most == (least or 0):
            return None, None  # no range at all is how programs write that they have none
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
            if is_number(typed):
                text = _("The score is no number that a result can have; this result is left out. Correct it.")
                self.problems.skip(self.file, line, "score", text)
                return
            if says_nothing(typed) or (word and word != typed):
                self.problems.note(self.file, line, "score", _("The score is not a number; it was left empty."))
                typed = ""
            word = word or typed  # a grade in letters where 1.1 has no column for it
        flags = 0
        for at, bit in self.flags:
            if self.marked[fields[at]]:
                flags |= bit
        status, flag = self.status(line, fields, score is not None or bool(word))
        if word and word == typed and plain(word) in mapping_words.EXEMPT | mapping_words.NOT_THERE:
            status, flag = (EXEMPT, 0) if plain(word) in mapping_words.EXEMPT else (NOT_SUBMITTED, MISSING)
            word = ""
        comment = self.columns.get("comment")
        self.book.results.append(
            Result(
                sid, item, student, status, score, word[:LONGEST_WORD], flags | flag,
                self.texts[fields[comment]] if comment is not None else "",
                self.day(line, fields, "scoreDate"), line,
            )
        )  # fmt: skip

    def status(self, line: int, fields: list[str], marked: bool) -> tuple[str, int]:
        """The score status, and the flag that it stands for where it is none of the standard's."""
        at = self.columns.get("scoreStatus")
        typed = fields[at] if at is not None else ""
        found: str | None = self.statuses[typed]
        if found is not None:
            return found, 0
        if flag := flag_of(typed):
            usual = NOT_SUBMITTED if flag == "missing" and not marked else GRADED if marked else SUBMITTED
            return usual, 1 << FLAGS.index(flag)
        if typed and not typed.startswith("ext:") and not says_nothing(clean(typed)):
            text = _("The score status %(value)s is not one of the standard's; it was read off the score.")
            self.problems.note(self.file, line, "scoreStatus", text, value=clean(typed))
        return GRADED if marked else SUBMITTED, 0


def _comment(text: str) -> str:
    return prose(text, LONGEST_TEXT)


def scale_values(text: str) -> tuple[tuple[str, str], ...]:
    """The pairs of a score scale: `{A:90-100},{B:80-89}`, or without brackets. The best comes first, as far as
    numbers tell."""
    pairs = _PAIR.findall(text) or [part.split(":", 1) for part in text.split(",") if ":" in part]
    found = tuple((clean(left)[:LONGEST_WORD], clean(right)[:LONGEST_WORD]) for left, right in pairs)
    bounds = [number(one[0]) if (one := _FIRST.match(right)) else None for _left, right in found]
    first, last = (bounds[0], bounds[-1]) if bounds else (None, None)
    rising = first is not None and last is not None and first < last
    return found[::-1] if rising and (last or 0) > LOWER_IS_BETTER else found


def finish(book: Book, problems: Problems) -> None:
    """What can only be said when all files are read."""
    if book.modes.get("categories") != "bulk":
        return
    lost: dict[str, int] = {}
    for item in book.items.values():
        if item.category and item.category not in book.categories:
            lost.setdefault(item.category, item.line)
    text = _("%(id)s is not in categories.csv; its line items have no category.")
    for sid, line in list(lost.items())[:20]:
        problems.note(book.files.get("lineItems", ""), line, "categorySourcedId", text, id=sid)
