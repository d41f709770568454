"""Short ways for tests to make assignments and results, through the actions that the pages call."""

from __future__ import annotations

from typing import Any

from portal_grades import actions, entering, queries
from portal_grades.actions import Frame
from portal_grades.entering import Cells, Outcome, Typed
from portal_grades.queries import Entry, Sight

from portal.sdk import Viewer, db, language, new_id
from portal.testing import TestSchool

EN = language("en")


async def given(
    school: TestSchool, *, by: str = "teacher", group: str = "3a", title: str = "Fractions", **frame: Any
) -> int:
    """An assignment of 20 points in Maths."""
    said = {"subject": "Maths", "highest": "20"} | frame
    return await actions.create(school.viewer(by), school.groups[group], str(new_id()), Frame(title=title, **said))


async def row(school: TestSchool, assignment: int, child: str, *, by: str = "teacher", **cells: str) -> Typed:
    """A row as this person would send it, typed into the table as it stands now."""
    sheet = await entering.sheet(school.viewer(by), assignment, EN)
    line = next(line for line in sheet.lines if line.child == school.ids[child])
    typed = Cells(**{name: cells.get(name, getattr(line.cells, name)) for name in Cells.__slots__})
    return Typed(line.child, typed, line.was, line.valued_at)


async def enter(school: TestSchool, assignment: int, child: str, *, by: str = "teacher", **cells: str) -> Outcome:
    """Types a result into the table and saves it."""
    return await entering.save(
        school.viewer(by), assignment, [await row(school, assignment, child, by=by, **cells)], EN
    )


async def released(school: TestSchool, child: str = "mia", *, result: str = "12", **frame: Any) -> int:
    """An assignment with a result that families see."""
    assignment = await given(school, **frame)
    await enter(school, assignment, child, result=result)
    await actions.release(school.viewer("teacher"), assignment)
    return assignment


async def stored(table: str, **where: Any) -> int:
    """How many rows there are."""
    asked = " AND ".join(f"{name} = ?" for name in where) or "TRUE"
    return int(await db.value(f"SELECT count(*) FROM {table} WHERE {asked}", *where.values()))


def entry(sight: Sight, title: str = "Fractions") -> Entry:
    """A child's entry with this title."""
    return next(e for subject in sight.subjects for e in subject.entries if e.assignment.title == title)


__all__ = ["EN", "Viewer", "enter", "entry", "given", "queries", "released", "row", "stored"]
