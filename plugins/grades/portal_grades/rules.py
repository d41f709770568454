"""Points, grades and states of results. Nothing here asks the database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from portal.sdk import Language

STATUSES = ("exempt", "fully graded", "not submitted", "partially graded", "submitted")  # as OneRoster names them
EXEMPT, GRADED, NOT_SUBMITTED, PARTLY, SUBMITTED = STATUSES
LESSON_STATES = ("present", "absent", "excused", "late")

LONGEST_TITLE, LONGEST_TEXT, LONGEST_WORD = 200, 4000, 100  # characters
LARGEST = 10**9  # thousandths: a million points


@dataclass(frozen=True, slots=True)
class Value:
    """What a result says, without whose it is."""

    status: str = GRADED
    score: int | None = None  # thousandths
    grade: str = ""
    comment: str = ""
    missing: bool = False
    late: bool = False
    incomplete: bool = False

    @property
    def empty(self) -> bool:
        """Whether nobody has said anything yet."""
        return not (self.marked or self.status == SUBMITTED)

    @property
    def marked(self) -> bool:
        """Whether it says more than that the work was handed in."""
        state = self.missing or self.late or self.incomplete or self.status == EXEMPT
        return bool(state or self.score is not None or self.grade or self.comment)


EMPTY = Value(status=NOT_SUBMITTED)


@dataclass(frozen=True, slots=True)
class Shown:
    """Since when, and until when, families see the results of an assignment."""

    release_at: int  # 0 for not released
    shown_until: int  # how long an earlier release lasted

    def now(self, at: int) -> bool:
        """Whether they see them at this instant."""
        return 0 < self.release_at <= at

    def saw(self, valued_at: int, at: int) -> bool:
        """Whether they have seen what stands since `valued_at`."""
        return self.now(at) or self.shown_until > valued_at


_POINTS = re.compile(r"(-?)(\d{1,7})(?:[.,٫](\d{1,3}))?")


def points(text: str) -> int:
    """Typed points as thousandths: `12,5`, `12.5`, in the digits of any script. Raises ValueError."""
    plain = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text.strip().replace("−", "-"))
    found = _POINTS.fullmatch(plain)
    if found is None:
        raise ValueError(text)
    value = int(found[2]) * 1000 + int((found[3] or "").ljust(3, "0"))
    if value > LARGEST:
        raise ValueError(text)
    return -value if found[1] else value


def plain_points(value: int) -> str:
    """Thousandths as somebody types them, with a point: 12500 is `12.5`."""
    whole, rest = divmod(abs(value), 1000)
    return ("-" if value < 0 else "") + (f"{whole}.{rest:03}".rstrip("0") if rest else str(whole))


def shown_points(value: int, language: Language) -> str:
    """Thousandths as a reader writes them."""
    return language.number(value // 1000 if value % 1000 == 0 else value / 1000)


def typed_points(value: int, language: Language) -> str:
    """Thousandths for a field: as the reader writes them, as far as `points` reads that again."""
    plain = plain_points(value)
    return plain.replace(".", ",") if language.number(1.5) == "1,5" else plain


def share(score: int | None, grade: str, lowest: int, highest: int | None, steps: Sequence[str]) -> float | None:
    """How far a result is on its way from the lowest to the highest, 0 to 1; None where that says nothing."""
    if steps and grade in steps:
        return 1 - steps.index(grade) / (len(steps) - 1) if len(steps) > 1 else None
    if score is None or highest is None or highest <= lowest:
        return None
    return min(1.0, max(0.0, (score - lowest) / (highest - lowest)))


READY = {  # scales at hand, the best grade first, by the word that forms send
    "letters": ("A – F", ("A", "B", "C", "D", "E", "F")),
    "letters-fine": ("A+ – F", ("A+", "A", "A-", "B+", "B", "B-", "C+", "C", "C-", "D+", "D", "D-", "F")),
    "one-six": ("1 – 6", ("1", "2", "3", "4", "5", "6")),
    "one-six-fine": (
        "1+ – 6",
        ("1+", "1", "1-", "2+", "2", "2-", "3+", "3", "3-", "4+", "4", "4-", "5+", "5", "5-", "6"),
    ),
    "twelve": ("12 – 1", tuple(str(step) for step in range(12, 0, -1))),
}
