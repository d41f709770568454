"""What one child has: for its family and itself, and for the staff of its classes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from portal.sdk import (
    Child,
    NotVisible,
    Reading,
    Row,
    Text,
    Who,
    children_of,
    clock,
    db,
    groups,
    marks,
    my_children,
    readings,
)
from portal_grades.loading import COLUMNS, WIDTH, Assignment, Scale, as_assignment, scales
from portal_grades.rules import EXEMPT, Value, share
from portal_grades.writing import VALUE, as_value

SOON = 14  # days ahead
# Columns of what `_rows` reads.
GROUP, SUBJECT, DUE, SCALE, RESULT = 1, 2, 8, 11, WIDTH + 1
COMMENT, MISSING, LANGUAGE = RESULT + 4, RESULT + 5, RESULT + 8
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
    before: list[Before] = field(default_factory=list)
    comment: Reading | None = None
    part: float | None = None  # how far on the way from the lowest to the highest


@dataclass(frozen=True, slots=True)
class Bundle:
    """A child's assignments in one subject as they were read, the newest first, with all that is said of them.

    It can be compared, so that what was made of it once serves again as long as nothing has changed.
    """

    subject: str
    rows: tuple[Row, ...]
    changes: tuple[Row, ...]
    comments: tuple[tuple[int, Reading], ...]  # by result
    scales: tuple[Scale, ...]

    def entries(self) -> list[Entry]:
        steps = {scale.id: scale.steps for scale in self.scales}
        comments = dict(self.comments)
        before: dict[int, list[Before]] = defaultdict(list)
        for row in self.changes:
            before[row[0]].append(Before(row[1], as_value(row[2:])))
        found = []
        for row in self.rows:
            one, result = as_assignment(row), row[RESULT]
            entry = Entry(one, row[WIDTH])
            if result is not None:
                entry.value = value = as_value(row[RESULT + 1 :])
                entry.before, entry.comment = before[result], comments.get(result)
                if not value.missing and value.status != EXEMPT:
                    scale = steps.get(one.scale, ())
                    entry.part = share(value.score, value.grade, one.lowest or 0, one.highest, scale)
            found.append(entry)
        return found


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
    subjects: list[Bundle]
    missing: list[Bundle]  # each of one assignment
    soon: list[Bundle]  # due within two weeks, the nearest first
    groups: frozenset[int]  # the classes whose assignments these are
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
    rows = await _rows(child, now, only)
    changes: dict[int, list[Row]] = defaultdict(list)
    for row in await db.rows(
        f"SELECT h.result, h.at, {', '.join('h.' + name for name in VALUE.split(', '))} FROM grades_change h"
        " JOIN grades_result r ON r.id = h.result WHERE r.child = ? ORDER BY h.at DESC, h.id DESC",
        child.id,
    ):
        changes[row[0]].append(row)
    commented = [row for row in rows if row[COMMENT]]
    said = await readings(person, [Text(row[COMMENT], row[LANGUAGE], (child.id,)) for row in commented])
    comments = {row[RESULT]: reading for row, reading in zip(commented, said, strict=True)}
    steps = await scales(row[SCALE] for row in rows)

    def bundle(subject: str, some: list[Row]) -> Bundle:
        results = [row[RESULT] for row in some if row[RESULT] is not None]
        return Bundle(
            subject, tuple(some),
            tuple(change for result in results if result in changes for change in changes[result]),
            tuple((result, comments[result]) for result in results if result in comments),
            tuple(steps[scale] for scale in sorted({row[SCALE] for row in some}) if scale),
        )  # fmt: skip

    known = await groups(person.facts)

    def subject(row: Row) -> str:
        """Where an import does not say, the class tells it best."""
        return row[SUBJECT] or (known[row[GROUP]].name if row[GROUP] in known else "")

    subjects: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        subjects[subject(row)].append(row)
    last = clock.add_days(now.today, SOON)
    soon = [row for row in rows if now.today <= row[DUE] <= last and (row[RESULT] is None or row[MISSING])]
    return Sight(
        child,
        [bundle(*each) for each in sorted(subjects.items(), key=lambda each: each[0].casefold())],
        [bundle(subject(row), [row]) for row in rows if row[MISSING]],
        [bundle(subject(row), [row]) for row in sorted(soon, key=lambda row: (row[DUE], row[0]))],
        frozenset(row[GROUP] for row in rows),
        await _attendance(child.id, only),
    )


async def _rows(child: Child, now: clock.Now, only: int) -> list[Row]:
    """Its assignments that are given out, with its results where they are released; the newest first. Where a result is
    released, the day of giving out does not matter. Of a class that it has left, only what has such a result."""
    inside = [only] if only else sorted(child.groups)
    listed = f"a.group_id IN ({marks(len(inside))})" if inside else "FALSE"
    own = f"({listed} OR a.id IN (SELECT assignment FROM grades_result WHERE child = ?))"
    own += f" AND ({listed} OR r.id IS NOT NULL)"
    where = listed if only else own
    return await db.rows(
        f"SELECT {COLUMNS}, COALESCE(c.title, ''), r.id, {', '.join('r.' + name for name in VALUE.split(', '))},"
        " r.language FROM grades_assignment a LEFT JOIN grades_category c ON c.id = a.category"
        " LEFT JOIN grades_result r ON r.assignment = a.id AND r.child = ? AND a.release_at > 0 AND a.release_at <= ?"
        f" WHERE a.removed_at = 0 AND (a.assigned_on <= ? OR r.id IS NOT NULL) AND {where}"
        " ORDER BY COALESCE(NULLIF(a.due_on, ''), r.scored_on, a.assigned_on) DESC, a.id DESC",
        *(child.id, now.at, now.today, *inside, *([] if only else [child.id, *inside])),
    )


async def _attendance(child: int, only: int) -> Attendance:
    where, args = ("child = ? AND group_id = ?", (child, only)) if only else ("child = ?", (child,))
    counts = await db.rows(f"SELECT status, count(*) FROM grades_lesson WHERE {where} GROUP BY status", *args)
    if not counts:
        return Attendance({}, [])
    days = await db.rows(
        f"SELECT day, lesson, status FROM grades_lesson WHERE {where} AND status <> 'present'"
        " ORDER BY day DESC, lesson LIMIT ?",
        *(*args, NOT_THERE),
    )
    return Attendance({row[0]: int(row[1]) for row in counts}, [(row[0], row[1], row[2]) for row in days])


async def wish_of(person: int) -> str:
    """How often somebody wants word of new results; '' as long as they have not said."""
    return await db.value("SELECT every FROM grades_wish WHERE person = ?", person) or ""
