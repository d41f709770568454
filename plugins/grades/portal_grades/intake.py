"""What comes from elsewhere: taken in once, changed when it comes again, with a history of what families have seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from portal_grades.rules import Value


@dataclass(frozen=True, slots=True)
class CategoryIn:
    sourced_id: str
    title: str


@dataclass(frozen=True, slots=True)
class ScaleIn:
    sourced_id: str
    title: str
    steps: tuple[tuple[str, str], ...]  # the best first; what stands second is the source's remark
    group: int = 0  # our class; 0 for the whole school


@dataclass(frozen=True, slots=True)
class ItemIn:
    """A line item. `category` and `scale` are identifiers of the same source, '' for none."""

    sourced_id: str
    group: int
    title: str
    description: str = ""
    subject: str = ""
    category: str = ""
    scale: str = ""
    period: str = ""
    assigned_on: str = ""
    due_on: str = ""
    lowest: int | None = None  # thousandths
    highest: int | None = None
    removed: bool = False  # 'tobedeleted'


@dataclass(frozen=True, slots=True)
class ResultIn:
    """A result of the item with this identifier, or of the assignment with this id of ours."""

    item: str | int
    child: int
    value: Value
    scored_on: str = ""
    sourced_id: str = ""
    removed: bool = False


@dataclass(frozen=True, slots=True)
class LessonIn:
    group: int
    child: int
    day: str
    status: str  # see `rules.LESSON_STATES`
    lesson: str = ""
    sourced_id: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Up to some thousand results at a time; categories, scales and items in a batch of their own before them."""

    source: str
    categories: Sequence[CategoryIn] = ()
    scales: Sequence[ScaleIn] = ()
    items: Sequence[ItemIn] = ()
    results: Sequence[ResultIn] = ()
    lessons: Sequence[LessonIn] = ()
    release_at: int = 0  # for items that are new: 0 for not yet, else from when on families see results
    quiet: bool = False  # families get no word of these


@dataclass(slots=True)
class Counts:
    """What a batch did."""

    new: int = 0
    changed: int = 0
    same: int = 0
    removed: int = 0
    unknown: int = 0  # results whose item is not there
    kept: list[str] = field(default_factory=list)  # identifiers of items that this person may not change
