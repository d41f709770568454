"""Grades for the access matrix: an assignment for each of two classes, released; and what the matrix says of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal_grades import actions, entering, importing
from portal_grades.actions import Frame
from portal_grades.entering import Cells, Typed
from portal_grades.importing_files import Sent

from portal import plugins
from portal.i18n import language
from tests.access.table import Rule, Thing

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


async def children(world: World, member: str) -> dict[str, Thing]:
    return {name: Thing({"child": one.child}, one.family) for name, one in world.grades.items()}


async def classes(world: World, member: str) -> dict[str, Thing]:
    return {name: Thing({"group": one.group}, one.staff) for name, one in world.grades.items()}


async def pupils(world: World, member: str) -> dict[str, Thing]:
    return {name: Thing({"group": one.group, "child": one.child}, one.staff) for name, one in world.grades.items()}


async def assignments(world: World, member: str) -> dict[str, Thing]:
    return {name: Thing({"assignment": one.id}, one.staff) for name, one in world.grades.items()}


async def uploads(world: World, member: str) -> dict[str, Thing]:
    return {name: Thing({"upload": one.upload}, one.staff) for name, one in world.grades.items()}


async def nothing(world: World, member: str) -> dict[str, Thing]:
    """What is there for nobody: no assignment of these was taken out."""
    return {name: Thing({"assignment": one.id}, frozenset()) for name, one in world.grades.items()}


ONE, UPLOAD = "/grades/assignments/{assignment:int}", "/grades/import/{upload:int}"


def matrix(signed_in: frozenset[str], family: frozenset[str], staff: frozenset[str]) -> dict[tuple[str, str], Rule]:
    """The rules of the plugin's routes. `family`: whoever has a child, or is one."""
    return {
        ("GET", "/grades"): Rule(signed_in, answers=frozenset({303})),
        ("GET", "/grades/alerts"): Rule(family),
        ("POST", "/grades/alerts"): Rule(family, body={"every": "hourly"}),
        ("GET", "/grades/children/{child:int}"): Rule(things=children),
        ("GET", "/grades/classes/{group:int}"): Rule(things=classes),
        ("GET", "/grades/classes/{group:int}/new"): Rule(things=classes),
        ("POST", "/grades/classes/{group:int}/new"): Rule(things=classes, body={"title": ""}),
        ("GET", "/grades/classes/{group:int}/children/{child:int}"): Rule(things=pupils),
        ("GET", ONE): Rule(things=assignments),
        ("POST", ONE): Rule(things=assignments),
        ("GET", f"{ONE}/edit"): Rule(things=assignments),
        ("POST", f"{ONE}/edit"): Rule(things=assignments, body={"title": ""}),
        ("POST", f"{ONE}/release"): Rule(things=assignments, body={"when": "later"}),
        ("POST", f"{ONE}/take-back"): Rule(things=assignments),
        ("POST", f"{ONE}/remove"): Rule(things=assignments),
        ("POST", f"{ONE}/put-back"): Rule(things=nothing),
        ("GET", "/grades/import"): Rule(staff),
        ("POST", "/grades/import"): Rule(frozenset({"office", "admin"}), body={"kind": "oneroster"}),
        ("POST", "/grades/import/service"): Rule(frozenset({"office", "admin"})),
        ("GET", UPLOAD): Rule(things=uploads),
        ("POST", f"{UPLOAD}/columns"): Rule(things=uploads),
        ("POST", f"{UPLOAD}/children"): Rule(things=uploads),
        ("POST", f"{UPLOAD}/confirm"): Rule(things=uploads),
        ("POST", f"{UPLOAD}/discard"): Rule(things=uploads),
        ("GET", "/grades/export"): Rule(frozenset({"teacher", "colleague", "admin"})),
        ("GET", "/grades/export.zip"): Rule(frozenset({"admin"}), answers=frozenset({303})),
    }
