"""What the office looks up about people."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from portal.db import db, marks

SHOWN = 60


@dataclass(frozen=True, slots=True)
class Entry:
    """A person in a list. `groups` are the names of classes that have not ended."""

    id: int
    kind: str
    name: str
    active: bool
    groups: str


@dataclass(frozen=True, slots=True)
class Person:
    """A person's own record."""

    id: int
    kind: str
    given_name: str
    family_name: str
    email: str | None
    phone: str | None
    language: str
    active: bool
    born: str | None
    held: bool
    source: str

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True, slots=True)
class Tie:
    """A link as seen from one of its two people. Days are ISO texts."""

    other: int
    name: str
    decides: bool
    sees: bool
    relation: str
    starts: str | None
    ends: str | None
    current: bool


@dataclass(frozen=True, slots=True)
class Group:
    id: int
    name: str
    until: str | None
    children: int = 0


def plain(text: str) -> str:
    """Text for comparing: without case and accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


async def find(words: str, kind: str, today: str, hidden: Collection[int] = ()) -> tuple[list[Entry], int]:
    """People whose names hold all the words, in order of their names, and how many there are.

    A school's few thousand names are compared here, because databases differ in what they think of case and accents.
    """
    rows = await db.rows(
        "SELECT id, kind, given_name, family_name, active FROM person WHERE ? = '' OR kind = ?", kind, kind
    )
    wanted = plain(words).split()
    found = [
        (plain(f"{family} {given}"), person, kind_, f"{given} {family}".strip(), bool(active))
        for person, kind_, given, family, active in rows
        if person not in hidden and all(word in plain(f"{given} {family}") for word in wanted)
    ]
    found.sort()
    first = found[:SHOWN]
    groups = await group_names([person for _, person, *_ in first], today)
    entries = [Entry(number, of, name, active, groups.get(number, "")) for _, number, of, name, active in first]
    return entries, len(found)


async def names(people: Collection[int]) -> dict[int, str]:
    """Given and family names. Show a name only to people who may know that person."""
    if not people:
        return {}
    sql = f"SELECT id, given_name, family_name FROM person WHERE id IN ({marks(len(people))})"
    return {person: f"{given} {family}".strip() for person, given, family in await db.rows(sql, *people)}


async def group_names(people: list[int], today: str) -> dict[int, str]:
    """The classes of children and staff, as one text for each person."""
    if not people:
        return {}
    names: dict[int, list[str]] = {}
    for person, name in await db.rows(
        f"SELECT m.child, g.name FROM membership m JOIN school_group g ON g.id = m.group_id"
        f" WHERE m.child IN ({marks(len(people))}) AND g.kind = 'homeroom' AND (g.until IS NULL OR g.until >= ?)"
        " AND (m.starts IS NULL OR m.starts <= ?) AND (m.ends IS NULL OR m.ends >= ?)"
        f" UNION SELECT s.adult, g.name FROM staff s JOIN school_group g ON g.id = s.group_id"
        f" WHERE s.adult IN ({marks(len(people))}) AND g.kind = 'homeroom' AND (g.until IS NULL OR g.until >= ?)"
        " ORDER BY 2",
        *(*people, today, today, today, *people, today),
    ):
        names.setdefault(person, []).append(name)
    return {person: ", ".join(sorted(found)) for person, found in names.items()}


async def person(number: int) -> Person | None:
    """One person's record, or None."""
    row = await db.row(
        "SELECT id, kind, given_name, family_name, email, phone, language, active, born, safeguarding_hold, source"
        " FROM person WHERE id = ?",
        number,
    )
    if row is None:
        return None
    id_, kind, given, family, email, phone, language, active, born, held, source = row
    return Person(id_, kind, given, family, email, phone, language, bool(active), born, bool(held), source)


async def ties(number: int, kind: str, today: str) -> list[Tie]:
    """The links of a child to its guardians, or of an adult to children, current ones first."""
    mine, other = ("child", "adult") if kind == "child" else ("adult", "child")
    rows = await db.rows(
        f"SELECT p.id, p.given_name, p.family_name, l.decides, l.sees, l.relation, l.starts, l.ends FROM link l"
        f" JOIN person p ON p.id = l.{other} WHERE l.{mine} = ?",
        number,
    )
    found = [
        Tie(p, f"{given} {family}".strip(), bool(decides), bool(sees), relation, starts, ends,
            (starts is None or starts <= today) and (ends is None or ends >= today))
        for p, given, family, decides, sees, relation, starts, ends in rows
    ]
    return sorted(found, key=lambda tie: (not tie.current, tie.ends or "", tie.name))


async def blocks(number: int, kind: str) -> list[tuple[int, str]]:
    """The other side of each no-contact order of this person: id and name."""
    mine, other = ("child", "adult") if kind == "child" else ("adult", "child")
    rows = await db.rows(
        f"SELECT p.id, p.given_name, p.family_name FROM block b JOIN person p ON p.id = b.{other}"
        f" WHERE b.{mine} = ? ORDER BY p.family_name",
        number,
    )
    return [(other_id, f"{given} {family}".strip()) for other_id, given, family in rows]


async def groups_of(number: int, kind: str, today: str) -> list[Group]:
    """The classes that a child is in today, or of which an adult is staff and which have not ended."""
    if kind == "child":
        rows = await db.rows(
            "SELECT DISTINCT g.id, g.name, g.until FROM membership m JOIN school_group g ON g.id = m.group_id"
            " WHERE m.child = ? AND (m.starts IS NULL OR m.starts <= ?) AND (m.ends IS NULL OR m.ends >= ?)"
            " AND (g.until IS NULL OR g.until >= ?) ORDER BY g.name",
            *(number, today, today, today),
        )
    else:
        rows = await db.rows(
            "SELECT g.id, g.name, g.until FROM staff s JOIN school_group g ON g.id = s.group_id"
            " WHERE s.adult = ? AND (g.until IS NULL OR g.until >= ?) ORDER BY g.name",
            *(number, today),
        )
    return [Group(*row) for row in rows]


async def groups(today: str) -> list[Group]:
    """All form classes that have not ended, with how many children they have today."""
    rows = await db.rows(
        "SELECT g.id, g.name, g.until, (SELECT count(DISTINCT m.child) FROM membership m WHERE m.group_id = g.id"
        " AND (m.starts IS NULL OR m.starts <= ?) AND (m.ends IS NULL OR m.ends >= ?)) FROM school_group g"
        " WHERE g.kind = 'homeroom' AND (g.until IS NULL OR g.until >= ?) ORDER BY g.name",
        *(today, today, today),
    )
    return [Group(*row) for row in rows]


async def roles(number: int) -> list[str]:
    """The school roles of an adult."""
    return sorted(role for (role,) in await db.rows("SELECT role FROM role WHERE person = ?", number))


async def counts() -> dict[str, int]:
    """How many active children and adults there are."""
    rows = await db.rows("SELECT kind, count(*) FROM person WHERE active GROUP BY kind")
    return {"child": 0, "adult": 0} | dict(rows)
