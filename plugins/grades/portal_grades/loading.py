"""Assignments as they are stored."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from portal.sdk import db, marks
from portal_grades.rules import Shown

COLUMNS = (  # of an assignment `a`
    "a.id, a.group_id, a.subject, a.title, a.description, a.category, a.period, a.assigned_on, a.due_on, a.lowest,"
    " a.highest, a.scale, a.release_at, a.shown_until, a.version, a.source, a.removed_at"
)
WIDTH = 17
MARKED = (  # of a result `r`, as `rules.Value.marked` has it
    "(r.missing OR r.late OR r.incomplete OR r.status = 'exempt' OR r.score IS NOT NULL OR r.grade <> ''"
    " OR r.comment <> '')"
)


@dataclass(frozen=True, slots=True)
class Assignment:
    id: int
    group: int
    subject: str
    title: str
    description: str
    category: int
    period: str
    assigned_on: str
    due_on: str
    lowest: int | None
    highest: int | None
    scale: int
    shown: Shown
    version: int
    source: str
    removed_at: int


def as_assignment(row: Sequence[Any]) -> Assignment:
    """The columns of COLUMNS."""
    first: Any = row[:12]
    last: Any = row[14:WIDTH]
    return Assignment(*(*first, Shown(row[12], row[13]), *last))


async def load(assignment: int) -> Assignment | None:
    row = await db.row(f"SELECT {COLUMNS} FROM grades_assignment a WHERE a.id = ?", assignment)
    return None if row is None else as_assignment(row)


@dataclass(frozen=True, slots=True)
class Scale:
    id: int
    title: str
    steps: tuple[str, ...]  # the best first


async def scales(wanted: Iterable[int]) -> dict[int, Scale]:
    """Scales by id."""
    listed = sorted({scale for scale in wanted if scale})
    if not listed:
        return {}
    rows = await db.rows(f"SELECT id, title, steps FROM grades_scale WHERE id IN ({marks(len(listed))})", *listed)
    return {row[0]: as_scale(row) for row in rows}


async def scales_for(group: int) -> list[Scale]:
    """The scales that a class may mark with, by title."""
    rows = await db.rows(
        "SELECT id, title, steps FROM grades_scale WHERE group_id IN (0, ?) ORDER BY title, id LIMIT 200", group
    )
    return [as_scale(row) for row in rows]


def as_scale(row: Sequence[Any]) -> Scale:
    return Scale(row[0], row[1], tuple(str(step[0]) for step in json.loads(row[2]) if step))


async def category_title(category: int) -> str:
    if not category:
        return ""
    return await db.value("SELECT title FROM grades_category WHERE id = ?", category) or ""
