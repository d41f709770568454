"""Grades for the access matrix and the crawls: work of two classes, released, and a sheet that waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal_grades import actions, entering, importing
from portal_grades.actions import Frame
from portal_grades.entering import Cells, Typed
from portal_grades.importing_files import Sent

from portal import plugins
from portal.i18n import language

if TYPE_CHECKING:
    from tests.access.world import World

SHEET = b"Name,Result\nMia Test,12\n"


@dataclass(frozen=True)
class Marked:
    """An assignment of a class with one child's result, and who may see what."""

    id: int
    group: int
    child: int
    comment: str
    family: frozenset[str]
    staff: frozenset[str]
    upload: int  # a sheet that waits to be imported, of the one who sent it


async def fill_grades(world: World) -> None:
    await plugins.enable("grades")
    mias = frozenset({"parent", "coparent", "grandparent", "mia"})
    await _mark(world, "3a", "mia", "teacher", mias)
    await _mark(world, "3b", "tom", "colleague", frozenset({"neighbour"}))


async def _mark(world: World, group: str, child: str, by: str, family: frozenset[str]) -> None:
    viewer, en = world.school.viewer(by), language("en")
    ids = world.school.groups[group], world.id(child)
    assignment = await actions.create(viewer, ids[0], "matrix", Frame(f"WORK-{group}", "Maths", highest="20"))
    comment = f"MARK-{child}-{assignment % 99991}"
    await entering.save(viewer, assignment, [Typed(ids[1], Cells("12", "", comment), Cells(), 0)], en)
    await actions.release(viewer, assignment)
    upload = await importing.keep(viewer, [Sent("sheet.csv", SHEET)], "sheet", ids[0])
    await importing.move(upload, "mapping")
    world.grades[group] = Marked(assignment, *ids, comment, family, frozenset({by}), upload)


def marks(world: World) -> dict[str, frozenset[str]]:
    """Comments with those who may read them."""
    return {one.comment: one.family | one.staff for one in world.grades.values()}
