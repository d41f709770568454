"""Who can be invited, with what the office and the letters need to know of them. Days are the school's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from portal.db import Row, db, in_portions
from portal.people.queries import plain

# Links in force on a day, without those of a no-contact order: nobody is written to about a child they must not see.
_LINKS = (
    "SELECT l.adult, c.id, c.given_name, c.family_name FROM link l JOIN person c ON c.id = l.child"
    " WHERE (l.decides OR l.sees) AND c.active AND (l.starts IS NULL OR l.starts <= ?)"
    " AND (l.ends IS NULL OR l.ends >= ?)"
    " AND NOT EXISTS (SELECT 1 FROM block b WHERE b.adult = l.adult AND b.child = l.child)"
)


@dataclass(frozen=True, slots=True)
class Child:
    """A child as families read of it; `groups` are the names of its classes today."""

    id: int
    name: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody who can have an account: a guardian, a member of staff, or a child."""

    person: int
    kind: str
    name: str
    email: str | None
    language: str
    staff: bool
    children: tuple[Child, ...]


async def children_of(adults: Sequence[int], today: str) -> dict[int, tuple[Child, ...]]:
    """The children of each of these adults, oldest record first. Few queries for many people."""
    rows = await in_portions(f"{_LINKS} AND l.adult IN ({{}}) ORDER BY c.id", adults, today, today)
    groups = await groups_of(sorted({row[1] for row in rows}), today)
    found: dict[int, dict[int, Child]] = defaultdict(dict)
    for adult, child, given, family in rows:
        found[adult][child] = Child(child, f"{given} {family}".strip(), groups.get(child, ()))
    return {adult: tuple(children.values()) for adult, children in found.items()}


async def groups_of(children: Sequence[int], today: str) -> dict[int, tuple[str, ...]]:
    """The names of the classes in which these children are today; of courses only where there is no class."""
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for child, name, kind in await in_portions(
        "SELECT DISTINCT m.child, g.name, g.kind FROM membership m JOIN school_group g ON g.id = m.group_id"
        " WHERE (m.starts IS NULL OR m.starts <= ?) AND (m.ends IS NULL OR m.ends >= ?)"
        " AND (g.until IS NULL OR g.until >= ?) AND m.child IN ({}) ORDER BY g.name",
        children,
        *(today, today, today),
    ):
        found[child].append((name, kind))
    return {
        child: tuple(name for name, kind in named if kind == "homeroom") or tuple(name for name, _kind in named)
        for child, named in found.items()
    }


async def invitees(today: str, people: Sequence[int] | None = None, group: int | None = None) -> list[Invitee]:
    """Active people by family name: guardians with a child, staff, and children; of `people`, or of one class.

    Whether a child may have an account is not asked here; the caller asks the rule.
    """
    where, args = "p.active", []
    if group is not None:
        member = (
            "SELECT m.child FROM membership m WHERE m.group_id = ? AND (m.starts IS NULL OR m.starts <= ?)"
            " AND (m.ends IS NULL OR m.ends >= ?)"
        )
        where += (
            f" AND (p.id IN ({member}) OR p.id IN (SELECT l.adult FROM link l WHERE l.child IN ({member}))"
            " OR p.id IN (SELECT s.adult FROM staff s WHERE s.group_id = ?))"
        )
        args = [group, today, today, group, today, today, group]
    rows = await _people(where, args, people)
    adults = [row[0] for row in rows if row[1] == "adult"]
    children = await children_of(adults, today)
    groups = await groups_of([row[0] for row in rows if row[1] == "child"], today)
    staff = {person for (person,) in await db.rows("SELECT person FROM role UNION SELECT adult FROM staff")}
    found = []
    for person, kind, given, family, email, language in rows:
        name = f"{given} {family}".strip()
        own = children.get(person, ())
        if kind == "child":
            own = (Child(person, name, groups.get(person, ())),)
        if own or person in staff:
            found.append(Invitee(person, kind, name, email or None, language, person in staff, own))
    return found


async def _people(where: str, args: list[object], people: Sequence[int] | None) -> list[Row]:
    columns = "SELECT p.id, p.kind, p.given_name, p.family_name, p.email, p.language FROM person p WHERE "
    if people is None:
        rows = await db.rows(columns + where, *args)
    else:
        rows = await in_portions(f"{columns}{where} AND p.id IN ({{}})", people, *args)
    return sorted(rows, key=lambda row: (plain(row[3]), plain(row[2]), row[0]))


async def classes(today: str) -> list[tuple[int, str]]:
    """The groups that have not ended, by name: id and name; classes before courses."""
    return [
        (group, name)
        for group, name in await db.rows(
            "SELECT id, name FROM school_group WHERE until IS NULL OR until >= ? ORDER BY kind DESC, name", today
        )
    ]
