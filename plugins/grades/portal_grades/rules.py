"""Points, grades and states of results. Nothing here asks the database."""

from __future__ import annotations

from dataclasses import dataclass

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
