"""What staff see of a class: its assignments, what is missing, who has how much."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from portal.sdk import Group, NotVisible, Viewer, Who, children_of, clock, db, groups, marks, my_groups, standing
from portal_grades.loading import COLUMNS, MARKED, WIDTH, Assignment, as_assignment

GONE_DAYS = 30  # how long an assignment that was taken out can be put back


@dataclass(frozen=True, slots=True)
class Listed:
    """An assignment in the list of its class."""

    assignment: Assignment
    category: str
    entered: int  # children with a result
    missing: int

    def state(self, now: int) -> str:
        """'released', 'planned' or 'hidden'."""
        if self.assignment.shown.now(now):
            return "released"
        return "planned" if self.assignment.shown.release_at else "hidden"


@dataclass(frozen=True, slots=True)
class Owing:
    """A child with the work of it that is missing."""

    child: int
    name: str
    work: list[Assignment]


@dataclass(frozen=True, slots=True)
class Overview:
    """A class as its staff see it."""

    group: Group
    children: list[tuple[int, str]]
    assignments: list[Listed]
    owing: list[Owing]
    removed: list[Assignment]


@dataclass(frozen=True, slots=True)
class Line:
    """A class in the list of somebody's classes."""

    group: Group
    assignments: int
    unreleased: int  # with results that no family sees yet
    missing: int


async def mine(viewer: Viewer) -> list[Line]:
    """The classes of which this person is staff."""
    own = await my_groups(viewer)
    if not own:
        return []
    listed = marks(len(own))
    ids = [group.id for group in own]
    now = clock.now()
    rows = await db.rows(
        "SELECT group_id, count(*), sum(CASE WHEN release_at = 0 AND EXISTS"
        " (SELECT 1 FROM grades_result r WHERE r.assignment = a.id) THEN 1 ELSE 0 END) FROM grades_assignment a"
        f" WHERE removed_at = 0 AND group_id IN ({listed}) AND created_at <= ? GROUP BY group_id",
        *(*ids, now),
    )
    counts = {row[0]: (int(row[1]), int(row[2])) for row in rows}
    kept = sorted((await standing(viewer)).blocked_from)
    owed = await db.rows(
        "SELECT a.group_id, count(*) FROM grades_result r JOIN grades_assignment a ON a.id = r.assignment"
        f" WHERE a.removed_at = 0 AND a.group_id IN ({listed}) AND r.missing"
        f" AND r.child NOT IN ({marks(len(kept)) or '0'}) GROUP BY a.group_id",
        *(*ids, *kept),
    )
    missing = {row[0]: int(row[1]) for row in owed}
    return [Line(group, *counts.get(group.id, (0, 0)), missing.get(group.id, 0)) for group in own]


async def overview(person: Who, group: int) -> Overview:
    """A class for its staff. Raises NotVisible. The same number of queries for one assignment and for hundreds."""
    if group not in person.standing.staff_of:
        raise NotVisible
    known = await groups(person.facts)
    children = await children_of(person.viewer, [group])
    rows = await db.rows(
        f"SELECT {COLUMNS}, COALESCE(c.title, '') FROM grades_assignment a LEFT JOIN grades_category c"
        " ON c.id = a.category WHERE a.group_id = ? AND a.removed_at = 0"
        " ORDER BY COALESCE(NULLIF(a.due_on, ''), NULLIF(a.assigned_on, ''), '9999') DESC, a.id DESC LIMIT 500",
        group,
    )
    inside = {child.id: child.name for child in children}
    entered: dict[int, int] = defaultdict(int)
    owed: dict[int, list[int]] = defaultdict(list)
    for assignment, child, missing in await db.rows(
        "SELECT r.assignment, r.child, r.missing FROM grades_result r JOIN grades_assignment a ON a.id = r.assignment"
        f" WHERE a.group_id = ? AND a.removed_at = 0 AND {MARKED}",
        group,
    ):
        if child in inside:
            entered[assignment] += 1
            if missing:
                owed[assignment].append(child)
    listed = [Listed(as_assignment(r), r[WIDTH], entered[r[0]], len(owed.get(r[0], ()))) for r in rows]
    work = {child: [x.assignment for x in listed if child in owed.get(x.assignment.id, ())] for child in inside}
    gone = await db.rows(
        f"SELECT {COLUMNS} FROM grades_assignment a WHERE a.group_id = ? AND a.removed_at > ?"
        " ORDER BY a.removed_at DESC",
        *(group, clock.now() - GONE_DAYS * clock.DAY),
    )
    return Overview(
        known[group],
        [(child.id, child.name) for child in children],
        listed,
        [Owing(child, name, work[child]) for child, name in inside.items() if work[child]],
        [as_assignment(row) for row in gone],
    )


async def words_used(group: int) -> tuple[list[str], list[str], list[str]]:
    """Subjects, kinds of work and grading periods that this class has used: to choose from while typing."""
    subjects = await db.rows(
        "SELECT DISTINCT subject FROM grades_assignment WHERE group_id = ? ORDER BY subject", group
    )
    kinds = await db.rows(
        "SELECT DISTINCT c.title FROM grades_category c JOIN grades_assignment a ON a.category = c.id"
        " WHERE a.group_id = ? ORDER BY c.title",
        group,
    )
    periods = await db.rows(
        "SELECT DISTINCT period FROM grades_assignment WHERE group_id = ? AND period <> '' ORDER BY period", group
    )
    return [row[0] for row in subjects if row[0]], [row[0] for row in kinds], [row[0] for row in periods]
