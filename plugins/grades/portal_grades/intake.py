"""What comes from elsewhere: taken in once, changed when it comes again, with a history of what families have seen."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.sdk import NotVisible, Viewer, atomic, clock, db, in_portions, new_id, standing
from portal_grades import writing
from portal_grades.rules import EMPTY, Shown, Value


@dataclass(frozen=True, slots=True)
class CategoryIn:
    sourced_id: str
    title: str


@dataclass(frozen=True, slots=True)
class ScaleIn:
    sourced_id: str
    title: str
    steps: tuple[tuple[str, str], ...]  # the best first; what stands second is the source's remark
    group: int = 0  # our class; 0 for the whole school


@dataclass(frozen=True, slots=True)
class ItemIn:
    """A line item. `category` and `scale` are identifiers of the same source, '' for none."""

    sourced_id: str
    group: int
    title: str
    description: str = ""
    subject: str = ""
    category: str = ""
    scale: str = ""
    period: str = ""
    assigned_on: str = ""
    due_on: str = ""
    lowest: int | None = None  # thousandths
    highest: int | None = None
    removed: bool = False  # 'tobedeleted'


@dataclass(frozen=True, slots=True)
class ResultIn:
    """A result of the item with this identifier, or of the assignment with this id of ours."""

    item: str | int
    child: int
    value: Value
    scored_on: str = ""
    sourced_id: str = ""
    removed: bool = False


@dataclass(frozen=True, slots=True)
class LessonIn:
    group: int
    child: int
    day: str
    status: str  # see `rules.LESSON_STATES`
    lesson: str = ""
    sourced_id: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Up to some thousand results at a time; categories, scales and items in a batch of their own before them."""

    source: str
    categories: Sequence[CategoryIn] = ()
    scales: Sequence[ScaleIn] = ()
    items: Sequence[ItemIn] = ()
    results: Sequence[ResultIn] = ()
    lessons: Sequence[LessonIn] = ()
    release_at: int = 0  # for items that are new: 0 for not yet, else from when on families see results
    quiet: bool = False  # families get no word of these


@dataclass(slots=True)
class Counts:
    """What a batch did."""

    new: int = 0
    changed: int = 0
    same: int = 0
    removed: int = 0
    unknown: int = 0  # results whose item is not there
    kept: list[str] = field(default_factory=list)  # identifiers of items that this person may not change


@dataclass(frozen=True, slots=True)
class Present:
    """An imported assignment that is there already."""

    id: int
    group: int
    shown: Shown
    removed: bool


async def present(source: str, items: Iterable[str]) -> dict[str, Present]:
    """Those of a source's items that are there, by their identifiers."""
    rows = await in_portions(
        "SELECT sourced_id, id, group_id, release_at, shown_until, removed_at FROM grades_assignment"
        " WHERE source = ? AND sourced_id IN ({})",
        *(items, source),
    )
    return {row[0]: Present(row[1], row[2], Shown(row[3], row[4]), row[5] > 0) for row in rows}


async def results_now(assignments: Iterable[int]) -> dict[tuple[int, int], Value]:
    """What results say now, by assignment and child. For comparing, not for showing."""
    return {key: one.value for key, one in (await writing.stored(assignments)).items()}


@atomic
async def take_in(viewer: Viewer | None, batch: Batch) -> Counts:
    """Takes in what an import delivers; the same again changes nothing. `viewer` is None for jobs.

    The office and administrators take in for all classes, others for those whose staff they are. Raises NotVisible
    where the batch names another one.
    """
    may = await _may(viewer)
    if may is not None and not {x.group for x in batch.items} | {x.group for x in batch.lessons} <= may:
        raise NotVisible
    if may is not None and (batch.categories or batch.scales) and not may:
        raise NotVisible
    counts = Counts()
    await _categories(batch, counts)
    await _scales(batch, counts)
    await _items(batch, may, counts)
    await _results(batch, may, counts)
    await _lessons(batch, counts)
    return counts


@atomic
async def release(viewer: Viewer | None, source: str, items: Sequence[str], at: int, quiet: bool = False) -> int:
    """Shows families the results of these items from an instant on, where nobody has released or planned that yet;
    returns of how many. With `quiet` families get no word of them. Raises NotVisible as `take_in` does."""
    may = await _may(viewer)
    rows = await in_portions(
        "SELECT id, group_id FROM grades_assignment WHERE source = ? AND release_at = 0 AND removed_at = 0"
        " AND sourced_id IN ({})",
        *(items, source),
    )
    if may is not None and not {group for _id, group in rows} <= may:
        raise NotVisible
    await db.run_many(
        "UPDATE grades_assignment SET release_at = ?, updated_at = ? WHERE id = ?",
        [(at, clock.now(), assignment) for assignment, _group in rows],
    )
    if quiet:
        await db.run_many(
            "UPDATE grades_result SET told = ?, quiet = ? WHERE assignment = ?",
            [(True, True, assignment) for assignment, _group in rows],
        )
    return len(rows)


async def _may(viewer: Viewer | None) -> frozenset[int] | None:
    """The classes for which this person takes in results; None for all."""
    if viewer is None:
        return None
    who = await standing(viewer)
    if who.roles & {"office", "admin"}:
        return None
    if not who.staff_of:
        raise NotVisible
    return frozenset(who.staff_of)


async def _ids(table: str, source: str, sourced: Iterable[str]) -> dict[str, tuple[Any, ...]]:
    columns = {"grades_category": "id, title", "grades_scale": "id, title, steps, group_id"}[table]
    rows = await in_portions(
        f"SELECT sourced_id, {columns} FROM {table} WHERE source = ? AND sourced_id IN ({{}})", sourced, source
    )
    return {row[0]: tuple(row[1:]) for row in rows}


async def _categories(batch: Batch, counts: Counts) -> None:
    there = await _ids("grades_category", batch.source, (c.sourced_id for c in batch.categories))
    for one in {c.sourced_id: c for c in batch.categories}.values():
        old = there.get(one.sourced_id)
        if old is None:
            counts.new += 1
            await db.run(
                "INSERT INTO grades_category (id, title, source, sourced_id) VALUES (?, ?, ?, ?)",
                *(new_id(), one.title, batch.source, one.sourced_id),
            )
        elif old[1] != one.title:
            counts.changed += 1
            await db.run("UPDATE grades_category SET title = ? WHERE id = ?", one.title, old[0])
        else:
            counts.same += 1


async def _scales(batch: Batch, counts: Counts) -> None:
    there = await _ids("grades_scale", batch.source, (s.sourced_id for s in batch.scales))
    for one in {s.sourced_id: s for s in batch.scales}.values():
        said = (one.title, json.dumps(one.steps, ensure_ascii=False), one.group)
        old = there.get(one.sourced_id)
        if old is None:
            counts.new += 1
            await db.run(
                "INSERT INTO grades_scale (id, title, steps, group_id, source, sourced_id) VALUES (?, ?, ?, ?, ?, ?)",
                *(new_id(), *said, batch.source, one.sourced_id),
            )
        elif old[1:] != said:
            counts.changed += 1
            await db.run("UPDATE grades_scale SET title = ?, steps = ?, group_id = ? WHERE id = ?", *said, old[0])
        else:
            counts.same += 1


FRAME = "group_id, subject, title, description, category, period, assigned_on, due_on, lowest, highest, scale"


async def _items(batch: Batch, may: frozenset[int] | None, counts: Counts) -> None:
    items = {item.sourced_id: item for item in batch.items}
    rows = await in_portions(
        f"SELECT sourced_id, id, removed_at, {FRAME} FROM grades_assignment WHERE source = ? AND sourced_id IN ({{}})",
        *(items, batch.source),
    )
    there = {row[0]: row for row in rows}
    categories = await _ids("grades_category", batch.source, {i.category for i in items.values() if i.category})
    scales = await _ids("grades_scale", batch.source, {i.scale for i in items.values() if i.scale})
    now, added, changed = clock.now(), [], []
    for one in items.values():
        frame = (
            one.group, one.subject, one.title, one.description, categories.get(one.category, (0,))[0], one.period,
            one.assigned_on, one.due_on, one.lowest, one.highest, scales.get(one.scale, (0,))[0],
        )  # fmt: skip
        old = there.get(one.sourced_id)
        if old is None:
            if one.removed:
                counts.same += 1
                continue
            counts.new += 1
            added.append((new_id(), *frame, batch.release_at, batch.source, one.sourced_id, now, now))
        elif may is not None and old[3] not in may:
            counts.kept.append(one.sourced_id)
        elif tuple(old[3:]) == frame and (old[2] > 0) == one.removed:
            counts.same += 1
        else:
            counts.removed += one.removed
            counts.changed += not one.removed
            changed.append((*frame, now, now if one.removed else 0, old[1]))
    await db.run_many(
        f"INSERT INTO grades_assignment (id, {FRAME}, release_at, source, sourced_id, created_at, updated_at,"
        " shown_until, version, token, removed_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 1, '', 0)",
        added,
    )
    assigned = ", ".join(f"{column} = ?" for column in FRAME.split(", "))
    await db.run_many(
        f"UPDATE grades_assignment SET {assigned}, updated_at = ?, version = version + 1, removed_at = ? WHERE id = ?",
        changed,
    )


async def _results(batch: Batch, may: frozenset[int] | None, counts: Counts) -> None:
    if not batch.results:
        return
    by_identifier = await present(batch.source, {r.item for r in batch.results if isinstance(r.item, str)})
    known: Mapping[str | int, tuple[int, int, Shown]] = {
        **{sourced: (one.id, one.group, one.shown) for sourced, one in by_identifier.items() if not one.removed},
        **await _ours({r.item for r in batch.results if isinstance(r.item, int)}),
    }
    entries: dict[tuple[int, int], writing.Entry] = {}
    shown: dict[int, Shown] = {}
    for one in batch.results:
        found = known.get(one.item)
        if found is None:
            counts.unknown += 1
            continue
        assignment, group, seen = found
        if may is not None and group not in may:
            raise NotVisible
        shown[assignment] = seen
        value = EMPTY if one.removed else one.value
        entries[assignment, one.child] = writing.Entry(
            assignment, one.child, value, one.scored_on, batch.source, one.sourced_id
        )
    done = await writing.write(list(entries.values()), shown, quiet=batch.quiet)
    counts.new += done.new
    counts.changed += done.changed
    counts.same += done.same
    counts.removed += done.removed


async def _ours(assignments: Iterable[int]) -> dict[str | int, tuple[int, int, Shown]]:
    rows = await in_portions(
        "SELECT id, group_id, release_at, shown_until FROM grades_assignment WHERE removed_at = 0 AND id IN ({})",
        assignments,
    )
    return {row[0]: (row[0], row[1], Shown(row[2], row[3])) for row in rows}


async def _lessons(batch: Batch, counts: Counts) -> None:
    lessons = {(one.child, one.group, one.day, one.lesson): one for one in batch.lessons}
    rows = await in_portions(
        "SELECT child, group_id, day, lesson, status FROM grades_lesson WHERE child IN ({})",
        {key[0] for key in lessons},
    )
    there = {(row[0], row[1], row[2], row[3]): row[4] for row in rows}
    now, taken = clock.now(), []
    for key, one in lessons.items():
        old = there.get(key)
        counts.new += old is None
        counts.same += old == one.status
        counts.changed += old not in (None, one.status)
        if old != one.status:
            taken.append((new_id(), *key, one.status, batch.source, one.sourced_id, now))
    await db.run_many(
        "INSERT INTO grades_lesson (id, child, group_id, day, lesson, status, source, sourced_id, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (child, group_id, day, lesson)"
        " DO UPDATE SET status = excluded.status, at = excluded.at",
        taken,
    )
