"""What one child has: for its family and itself, and for the staff of its classes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from portal.sdk import Child, NotVisible, Reading, Text, Who, children_of, clock, db, marks, my_children, readings
from portal_grades.loading import COLUMNS, WIDTH, Assignment, Scale, as_assignment, scales
from portal_grades.rules import Value, share
from portal_grades.writing import VALUE, as_value

SOON = 14  # days ahead
NOT_THERE = 30  # days on which a child was not in a lesson, as many as are listed


@dataclass(frozen=True, slots=True)
class Before:
    """What a result said until `at`."""

    at: int
    value: Value


@dataclass(slots=True)
class Entry:
    """An assignment with what this child has in it. `value` is None while there is nothing to show."""

    assignment: Assignment
    category: str
    value: Value | None = None
    scored_on: str = ""
    since: int = 0  # since when families see it so, microseconds
    before: list[Before] = field(default_factory=list)
    comment: Reading | None = None
    part: float | None = None  # how far on the way from the lowest to the highest

    @property
    def missing(self) -> bool:
        return self.value is not None and self.value.missing


@dataclass(frozen=True, slots=True)
class Subject:
    """A child's entries in one subject, the newest first."""

    name: str
    groups: tuple[int, ...]
    entries: list[Entry]

    @property
    def progress(self) -> list[tuple[str, float]]:
        """The results that say how far on the way they are, the oldest first: day and part."""
        return [(e.scored_on or e.assignment.due_on, e.part) for e in reversed(self.entries) if e.part is not None]


@dataclass(frozen=True, slots=True)
class Attendance:
    """A child in its lessons: how often, and the days on which it was not there as it should."""

    counts: dict[str, int]
    days: list[tuple[str, str, str]]  # day, lesson, state; the newest first

    @property
    def known(self) -> bool:
        return bool(self.counts)


@dataclass(frozen=True, slots=True)
class Sight:
    """All that somebody sees of a child's results."""

    child: Child
    subjects: list[Subject]
    soon: list[Entry]  # due within two weeks, the nearest first
    missing: list[Entry]
    newest: list[Entry]
    attendance: Attendance


async def own_child(person: Who, child: int) -> Child:
    """A child whose family this person is, or that they are themselves. Raises NotVisible."""
    for one in await my_children(person):
        if one.id == child and child not in person.standing.blocked_from:
            return one
    raise NotVisible


async def pupil(person: Who, group: int, child: int) -> Child:
    """A child of a class, for its staff. Raises NotVisible."""
    if group not in person.standing.staff_of:
        raise NotVisible
    for one in await children_of(person.viewer, [group]):
        if one.id == child:
            return one
    raise NotVisible


async def of_child(person: Who, child: Child, only: int = 0) -> Sight:
    """What families see of this child, in all classes or in one. The caller has asked whether this person may.

    The same number of queries for one result and for hundreds.
    """
    now = clock.present(person.school.timezone)
    entries = await _entries(child, now, only)
    await _comments(person, child.id, entries)
    by_subject: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_subject[entry.assignment.subject].append(entry)
    last = clock.add_days(now.today, SOON)
    soon = [e for e in entries if now.today <= e.assignment.due_on <= last and not _done(e)]
    return Sight(
        child,
        [
            Subject(name, tuple(sorted({e.assignment.group for e in found})), found)
            for name, found in sorted(by_subject.items(), key=lambda each: each[0].casefold())
        ],
        sorted(soon, key=lambda e: (e.assignment.due_on, e.assignment.id)),
        [e for e in entries if e.missing],
        sorted((e for e in entries if e.value is not None), key=lambda e: -e.since)[:5],
        await _attendance(child.id, only),
    )


def _done(entry: Entry) -> bool:
    return entry.value is not None and not entry.value.missing


async def _entries(child: Child, now: clock.Now, only: int) -> list[Entry]:
    groups = [only] if only else sorted(child.groups)
    listed = f"a.group_id IN ({marks(len(groups))})" if groups else "FALSE"
    own = "a.id IN (SELECT assignment FROM grades_result WHERE child = ?)"
    where = listed if only else f"({listed} OR {own})"
    rows = await db.rows(
        f"SELECT {COLUMNS}, COALESCE(c.title, ''), r.id, {', '.join('r.' + name for name in VALUE.split(', '))},"
        " r.scored_on, r.valued_at FROM grades_assignment a"
        " LEFT JOIN grades_result r ON r.assignment = a.id AND r.child = ?"
        " LEFT JOIN grades_category c ON c.id = a.category"
        f" WHERE a.removed_at = 0 AND a.assigned_on <= ? AND {where}"
        " ORDER BY COALESCE(NULLIF(a.due_on, ''), r.scored_on, a.assigned_on) DESC, a.id DESC",
        *(child.id, now.today, *groups, *([] if only else [child.id])),
    )
    steps = await scales(row[11] for row in rows)
    changes: dict[int, list[Before]] = defaultdict(list)
    for row in await db.rows(
        f"SELECT h.result, h.at, {', '.join('h.' + name for name in VALUE.split(', '))} FROM grades_change h"
        " JOIN grades_result r ON r.id = h.result WHERE r.child = ? ORDER BY h.at DESC, h.id DESC",
        child.id,
    ):
        changes[row[0]].append(Before(row[1], as_value(row[2:])))
    found = []
    for row in rows:
        entry = Entry(as_assignment(row), row[WIDTH])
        result = row[WIDTH + 1]
        if result is not None and entry.assignment.shown.now(now.at):
            _show(entry, as_value(row[WIDTH + 2 :]), row[WIDTH + 9], row[WIDTH + 10], steps)
            entry.before = changes.get(result, [])
        found.append(entry)
    return found


def _show(entry: Entry, value: Value, scored_on: str, valued_at: int, steps: dict[int, Scale]) -> None:
    one = entry.assignment
    entry.value, entry.scored_on = value, scored_on
    entry.since = max(valued_at, one.shown.release_at)
    if not value.missing:
        scale = steps.get(one.scale)
        entry.part = share(value.score, value.grade, one.lowest or 0, one.highest, scale.steps if scale else ())


async def _comments(person: Who, child: int, entries: Sequence[Entry]) -> None:
    commented = [e for e in entries if e.value is not None and e.value.comment]
    texts = [Text(e.value.comment, about=(child,)) for e in commented if e.value is not None]
    for entry, reading in zip(commented, await readings(person, texts), strict=True):
        entry.comment = reading


async def _attendance(child: int, only: int) -> Attendance:
    where, args = ("child = ? AND group_id = ?", (child, only)) if only else ("child = ?", (child,))
    counts = await db.rows(f"SELECT status, count(*) FROM grades_lesson WHERE {where} GROUP BY status", *args)
    days = await db.rows(
        f"SELECT day, lesson, status FROM grades_lesson WHERE {where} AND status <> 'present'"
        " ORDER BY day DESC, lesson LIMIT ?",
        *(*args, NOT_THERE),
    )
    return Attendance({row[0]: int(row[1]) for row in counts}, [(row[0], row[1], row[2]) for row in days])


async def wish_of(person: int) -> str:
    """How often somebody wants word of new results; '' as long as they have not said."""
    return await db.value("SELECT every FROM grades_wish WHERE person = ?", person) or ""


async def news_for(children: Collection[int], since: int) -> dict[int, int]:
    """How many results each of these children has that families see since then."""
    listed = sorted(children)
    if not listed:
        return {}
    now = clock.now()
    rows = await db.rows(
        "SELECT r.child, count(*) FROM grades_result r JOIN grades_assignment a ON a.id = r.assignment"
        f" WHERE r.child IN ({marks(len(listed))}) AND a.removed_at = 0 AND a.release_at > 0 AND a.release_at <= ?"
        " AND (a.release_at > ? OR r.valued_at > ?) GROUP BY r.child",
        *(*listed, now, since, since),
    )
    return {row[0]: int(row[1]) for row in rows}
