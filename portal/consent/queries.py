"""Reads of the ledger and of the people around a child. Nothing here says what holds: that is for the rule alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from portal import clock
from portal.db import Row, db, marks
from portal.kinds import Decision, Rung
from portal.people.queries import plain


@dataclass(frozen=True, slots=True)
class Child:
    """A child as pages about consent name it. `groups` are the names of its classes today."""

    id: int
    given_name: str
    family_name: str
    born: str | None
    groups: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True, slots=True)
class Decider:
    """An adult who decides for a child today."""

    id: int
    name: str
    relation: str
    language: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the ledger with names. Instants in microseconds UTC, `until` a day."""

    id: int
    child: int
    child_name: str
    by: int
    by_name: str
    purpose: str
    rung: Rung
    at: int
    until: str | None
    way: str
    entered_by: str  # name of the member of staff, or empty
    recorded_at: int
    notice_version: int
    language: str
    scan: bool


async def children(ids: Collection[int], today: str) -> dict[int, Child]:
    """These children by name, in one query."""
    if not ids:
        return {}
    sql = f"{_CHILDREN} AND p.id IN ({marks(len(ids))}) {_BY_CLASS}"
    return _children(await db.rows(sql, today, today, today, *ids))


async def child(number: int, today: str) -> Child | None:
    """One child; None if there is none with this id."""
    return (await children([number], today)).get(number)


_CHILDREN = (
    "SELECT p.id, p.given_name, p.family_name, p.born, g.name FROM person p"
    " LEFT JOIN membership m ON m.child = p.id AND (m.starts IS NULL OR m.starts <= ?)"
    " AND (m.ends IS NULL OR m.ends >= ?)"
    " LEFT JOIN school_group g ON g.id = m.group_id AND g.kind = 'homeroom' AND (g.until IS NULL OR g.until >= ?)"
    " WHERE p.kind = 'child'"
)
_BY_CLASS = "ORDER BY p.id, g.name"  # the classes; the children themselves are put in order of their names below


def _children(rows: Iterable[Row]) -> dict[int, Child]:
    found: dict[int, Child] = {}
    for number, given, family, born, group in rows:
        known = found.get(number)
        groups = known.groups if known else ()
        if group and group not in groups:
            groups = (*groups, group)
        found[number] = Child(number, given, family, born, groups)
    # Not by the database: each has its own idea of where a name with Ç or Ş belongs.
    return {each.id: each for each in sorted(found.values(), key=lambda c: _by_name(c.family_name, c.given_name, c.id))}


def _by_name(first: str, second: str, number: int) -> tuple[str, str, int]:
    return plain(first), plain(second), number


async def find_children(words: str, today: str, hidden: Collection[int], most: int = 30) -> list[Child]:
    """Active children whose name or class holds each of the words, without those in `hidden`."""
    parts = words.casefold().split()
    found = []
    for each in _children(await db.rows(f"{_CHILDREN} AND p.active {_BY_CLASS}", today, today, today)).values():
        text = f"{each.name} {' '.join(each.groups)}".casefold()
        if each.id not in hidden and all(part in text for part in parts):
            found.append(each)
    return found[:most]


async def end_of_year(number: int, today: str) -> str | None:
    """The last day of the latest of a child's classes that have an end: the end of its school year."""
    found: str | None = await db.value(
        "SELECT max(g.until) FROM membership m JOIN school_group g ON g.id = m.group_id WHERE m.child = ?"
        " AND g.until >= ? AND (m.starts IS NULL OR m.starts <= ?) AND (m.ends IS NULL OR m.ends >= ?)",
        *(number, today, today, today),
    )
    return found


# Both ends included, an open end is NULL, as everywhere.
_IN_FORCE = "(l.starts IS NULL OR l.starts <= ?) AND (l.ends IS NULL OR l.ends >= ?)"


async def deciders(number: int, day: str) -> list[Decider]:
    """The adults whose link to the child lets them decide on a day, by name."""
    rows = await db.rows(
        "SELECT p.id, p.given_name, p.family_name, min(l.relation), p.language FROM link l"
        f" JOIN person p ON p.id = l.adult WHERE l.child = ? AND l.decides AND {_IN_FORCE}"
        " GROUP BY p.id, p.given_name, p.family_name, p.language",
        *(number, day, day),
    )
    return [
        Decider(adult, f"{given} {family}".strip(), relation, language)
        for adult, given, family, relation, language in sorted(rows, key=lambda row: _by_name(row[2], row[1], row[0]))
    ]


async def decides(adult: int, number: int, day: str) -> bool:
    """Whether a link lets this adult decide for the child on a day."""
    return bool(
        await db.value(
            f"SELECT 1 FROM link l WHERE l.adult = ? AND l.child = ? AND l.decides AND {_IN_FORCE}",
            *(adult, number, day, day),
        )
    )


_LINES = (
    "SELECT d.id, d.child, c.given_name, c.family_name, d.made_by, b.given_name, b.family_name, d.purpose, d.rung,"
    " d.at, d.until, d.way, e.given_name, e.family_name, d.recorded_at, d.notice_version, d.language, s.file"
    " FROM decision d JOIN person c ON c.id = d.child JOIN person b ON b.id = d.made_by"
    " LEFT JOIN person e ON e.id = d.entered_by LEFT JOIN scan s ON s.decision = d.id"
)


def _line(row: Row) -> Line:
    (number, child_, c_given, c_family, by, b_given, b_family, purpose, rung, at, until, way, e_given, e_family,
     recorded, version, language, scan) = row
    return Line(
        id=number,
        child=child_,
        child_name=f"{c_given} {c_family}".strip(),
        by=by,
        by_name=f"{b_given} {b_family}".strip(),
        purpose=purpose,
        rung=Rung(rung),
        at=at,
        until=until,
        way=way,
        entered_by=f"{e_given or ''} {e_family or ''}".strip(),
        recorded_at=recorded,
        notice_version=version,
        language=language,
        scan=scan is not None,
    )


async def history(number: int, by: int | None = None, most: int = 200) -> list[Line]:
    """The ledger of one child, the latest decision first; of one person's making if `by` is given."""
    where, args = ("d.child = ?", [number]) if by is None else ("d.child = ? AND d.made_by = ?", [number, by])
    rows = await db.rows(f"{_LINES} WHERE {where} ORDER BY d.at DESC, d.rung, d.id DESC LIMIT ?", *args, most)
    return [_line(row) for row in rows]


async def papers(hidden: Collection[int], most: int = 20) -> list[Line]:
    """The paper forms entered last, without those about children in `hidden`."""
    rows = await db.rows(f"{_LINES} WHERE d.way = 'paper' ORDER BY d.id DESC LIMIT ?", most + 50)
    return [line for line in map(_line, rows) if line.child not in hidden][:most]


def sheets(lines: Iterable[Line]) -> list[list[Line]]:
    """Lines that were said in one go, such as photos and videos on one form, put together; photos stand first."""
    found: dict[tuple[object, ...], list[Line]] = {}
    for line in lines:
        times = (line.at // clock.MINUTE, line.recorded_at // clock.MINUTE, line.until)
        about = (line.child, line.by, line.way, line.entered_by, line.notice_version, line.language, line.scan)
        found.setdefault((*times, *about), []).append(line)
    together: list[list[Line]] = []
    for group in found.values():
        if len({line.purpose for line in group}) == len(group):
            together.append(sorted(group, key=lambda line: line.purpose))
        else:  # somebody changed their mind within the minute
            together += [[line] for line in group]
    return together


async def scan(decision: int) -> tuple[int, int, str] | None:
    """The scan behind a decision: the child, the sealed file's id and its media type."""
    row = await db.row(
        "SELECT d.child, s.file, s.media_type FROM scan s JOIN decision d ON d.id = s.decision WHERE s.decision = ?",
        decision,
    )
    return (int(row[0]), int(row[1]), str(row[2])) if row else None


# What waits for somebody's answer: three queries, however many children.


async def unread(person: int, kind: str) -> bool:
    """Whether there is a newer version of a notice than this person has acknowledged."""
    row = await db.row(
        "SELECT (SELECT max(version) FROM notice WHERE kind = ?),"
        " (SELECT max(version) FROM notice_seen WHERE person = ? AND kind = ?)",
        *(kind, person, kind),
    )
    return row is not None and (row[0] or 0) > (row[1] or 0)


async def said_by(person: int, about: Collection[int]) -> dict[int, dict[str, list[Decision]]]:
    """What one person has ever decided for these children: by child, then by purpose."""
    found: dict[int, dict[str, list[Decision]]] = {number: {} for number in about}
    if about:
        for number, purpose, seq, rung, at, until in await db.rows(
            "SELECT child, purpose, id, rung, at, until FROM decision"
            f" WHERE made_by = ? AND child IN ({marks(len(about))})",
            *(person, *about),
        ):
            found[number].setdefault(purpose, []).append(Decision(seq, person, Rung(rung), at, until))
    return found


@dataclass(frozen=True, slots=True)
class Charge:
    """A child for whom an adult may decide, with the periods of the links that say so."""

    child: Child
    periods: tuple[tuple[str | None, str | None], ...]


async def charges(adult: int) -> dict[int, Charge]:
    """The children for whom this adult decides, or ever decided, by name, with the periods."""
    found: dict[int, Charge] = {}
    for number, given, family, born, starts, ends in await db.rows(
        "SELECT p.id, p.given_name, p.family_name, p.born, l.starts, l.ends FROM link l JOIN person p ON p.id = l.child"
        " WHERE l.adult = ? AND l.decides",
        adult,
    ):
        periods = found[number].periods if number in found else ()
        found[number] = Charge(Child(number, given, family, born), (*periods, (starts, ends)))
    by_name = sorted(found.values(), key=lambda c: _by_name(c.child.given_name, c.child.family_name, c.child.id))
    return {charge.child.id: charge for charge in by_name}
