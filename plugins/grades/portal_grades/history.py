"""Comments that results had before. Families go on reading them, so one that stood with the wrong child can be deleted;
that the result was changed stays visible."""

from __future__ import annotations

from dataclasses import dataclass

from portal.sdk import NotVisible, Viewer, atomic, db
from portal_grades.actions import handled
from portal_grades.entering import Sheet


@dataclass(frozen=True, slots=True)
class Earlier:
    """A comment as it stood until `at`, microseconds UTC."""

    id: int
    child: int
    name: str
    at: int
    comment: str


async def comments(sheet: Sheet) -> list[Earlier]:
    """Of the children in a table, by child in its order, the latest first."""
    rows = await db.rows(
        "SELECT c.id, r.child, c.at, c.comment FROM grades_change c JOIN grades_result r ON r.id = c.result"
        " WHERE r.assignment = ? AND c.comment <> '' ORDER BY c.at DESC, c.id DESC",
        sheet.assignment.id,
    )
    return [
        Earlier(number, child, line.name, at, comment)
        for line in sheet.lines for number, child, at, comment in rows if child == line.child
    ]  # fmt: skip


@atomic
async def forget(viewer: Viewer, sheet: Sheet, number: int) -> None:
    """Deletes an earlier comment. Raises NotVisible for one that is not in this table."""
    await handled(viewer, sheet.assignment.id)
    if number not in {one.id for one in await comments(sheet)}:
        raise NotVisible
    await db.run("UPDATE grades_change SET comment = '' WHERE id = ?", number)
