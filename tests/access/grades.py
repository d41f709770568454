"""What the access matrix says of grades."""

from __future__ import annotations

from tests.access.table import Rule, Thing
from tests.access.world import World


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
    """What is there for nobody: no assignment of these was taken out, and no comment was another before."""
    return {name: Thing({"assignment": one.id}, frozenset()) for name, one in world.grades.items()}


ONE, UPLOAD = "/grades/assignments/{assignment:int}", "/grades/import/{upload:int}"


def matrix(signed_in: frozenset[str], family: frozenset[str], staff: frozenset[str]) -> dict[tuple[str, str], Rule]:
    """The rules of the plugin's routes. `family`: whoever has a child, or is one."""
    return {
        ("GET", "/grades"): Rule(signed_in, answers=frozenset({200, 303})),
        ("GET", "/grades/alerts"): Rule(family - {"blocked"}),
        ("POST", "/grades/alerts"): Rule(family - {"blocked"}, body={"every": "hourly"}),
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
        ("POST", f"{ONE}/forget"): Rule(things=nothing, body={"comment": "1"}),
        ("POST", f"{ONE}/take-back"): Rule(things=assignments),
        ("POST", f"{ONE}/remove"): Rule(things=assignments),
        ("POST", f"{ONE}/put-back"): Rule(things=nothing),
        ("GET", "/grades/import"): Rule(staff - {"safeguarding"}),
        ("POST", "/grades/import"): Rule(frozenset({"office", "admin"}), body={"kind": "oneroster"}),
        ("POST", "/grades/import/service"): Rule(frozenset({"office", "admin"})),
        ("GET", UPLOAD): Rule(things=uploads),
        ("POST", f"{UPLOAD}/columns"): Rule(things=uploads),
        ("POST", f"{UPLOAD}/children"): Rule(things=uploads),
        ("POST", f"{UPLOAD}/confirm"): Rule(things=uploads),
        ("POST", f"{UPLOAD}/discard"): Rule(things=uploads),
        ("GET", "/grades/export"): Rule(frozenset({"teacher", "colleague", "admin"})),
        ("GET", "/grades/export.zip"): Rule(frozenset({"admin"}), answers=frozenset({200, 303})),
    }
