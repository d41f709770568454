"""A gradebook as plain values, whichever way it came in. Days are ISO texts, '' where there is none.

Scores are whole thousandths: 7.5 points are 7500. So nothing is lost on the way through a database.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from portal_grades.rules import LARGEST

Mode = Literal["bulk", "delta"]

UNIT = 1000  # parts of a point
FLAGS = ("late", "missing", "incomplete")  # of OneRoster 1.2, in the order of their bits
LATE, MISSING, INCOMPLETE = (1 << at for at in range(3))

_NUMBER = re.compile(r"[+-]?(\d{1,12}([.,]\d*)?|[.,]\d+)([eE][+-]?\d{1,2})?")
_NOTHING = re.compile(r"|null|none|n/a|nan|undefined|[-–—.]+|[+-]?inf(inity)?|#[a-z0-9/]+[!?]?", re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?|[+-]?\d{1,3}(\.\d{3})+,\d*")


class Category(NamedTuple):
    sid: str
    title: str
    weight: int | None
    line: int


class Scale(NamedTuple):
    """`values`: pairs of what stands in the source (90-100) and what it means (A)."""

    sid: str
    title: str
    values: tuple[tuple[str, str], ...]
    line: int


class Item(NamedTuple):
    """Something that is graded. `least` and `most` are thousandths, None where the source does not say."""

    sid: str
    title: str
    description: str
    assigned: str
    due: str
    group: str  # the class's sourcedId
    category: str
    term: str
    least: int | None
    most: int | None
    scale: str
    line: int


class Result(NamedTuple):
    """One child's result in one item; `item` and `student` are sourcedIds."""

    sid: str
    item: str
    student: str
    status: str
    score: int | None
    word: str
    flags: int
    comment: str
    scored: str
    line: int


@dataclass
class Book:
    """What one import brings. `gone` are sourcedIds that the source calls deleted."""

    version: str = ""
    zone: str = "UTC"  # of the school
    month_first: bool | None = None  # how 2/3/2026 is meant, where the files tell
    source: str = ""  # 'files', 'service' or 'sheet'
    modes: dict[str, Mode] = field(default_factory=dict)  # by file
    files: dict[str, str] = field(default_factory=dict)  # the names under which they came, for messages
    terms: dict[str, str] = field(default_factory=dict)  # titles of terms and grading periods
    categories: dict[str, Category] = field(default_factory=dict)
    scales: dict[str, Scale] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    results: list[Result] = field(default_factory=list)
    gone: dict[str, set[str]] = field(default_factory=dict)  # by 'items', 'results', 'categories', 'scales'
    absent: frozenset[str] = frozenset()  # what results have no column for: 'grade', 'comment', 'flags'
    read: int = 0  # rows of results


def number(text: str) -> int | None:
    """A number as thousandths, with a point or a comma, rounded to them; None for what is no number."""
    typed = text.strip().replace("\u00a0", "").replace("\u202f", "").replace("\u2212", "-").replace("'", "")
    typed = typed.replace("\u066b", ".").replace("\u066c", "").replace(" ", "")  # as Arabic writes them
    if not typed:
        return None
    if _GROUPED.fullmatch(typed) and ("." in typed) + ("," in typed) == 2:
        point = "." if typed.rindex(".") > typed.rindex(",") else ","
        typed = typed.replace("," if point == "." else ".", "").replace(point, ".")
    elif _NUMBER.fullmatch(typed):
        typed = typed.replace(",", ".")
    else:
        return None
    value = round(float(typed) * UNIT)
    return value if abs(value) <= LARGEST else None


def says_nothing(text: str) -> bool:
    """Whether this is how programs write that there is no number: null, NaN, #DIV/0!"""
    return _NOTHING.fullmatch(text) is not None


def is_number(text: str) -> bool:
    """Whether this is a number, though it may be one that is too large for `number`."""
    return _NUMBER.fullmatch(text) is not None or text.lstrip("+-").isdecimal()


def written(thousandths: int) -> str:
    """The shortest way to write it with a point, as files want it."""
    sign, value = ("-" if thousandths < 0 else ""), abs(thousandths)
    whole, part = divmod(value, UNIT)
    return f"{sign}{whole}" + (f".{part:03d}".rstrip("0") if part else "")
