"""What an import would change: compared with what is there, item by item, so that no more than some thousand results
are at hand at once."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from portal.sdk import clock, db, marks
from portal_grades.importing_values import INCOMPLETE, LATE, MISSING
from portal_grades.intake import CategoryIn, ItemIn, ResultIn, ScaleIn
from portal_grades.rules import EXEMPT, NOT_SUBMITTED, SUBMITTED, Value

T = TypeVar("T")
PORTION = 5000  # results of one transaction
_IN = 500  # values of one IN list


class Row(NamedTuple):
    """One child's result; `item` is an identifier of the source, or the id of an assignment of ours."""

    item: str | int
    child: int
    status: str
    score: int | None
    grade: str
    flags: int
    comment: str
    scored: str
    sid: str


class There(NamedTuple):
    """An assignment that is there already."""

    id: int
    group: int
    release_at: int
    facts: tuple[Any, ...]  # what an import says of it


@dataclass
class Plan:
    """An import after everything was found out that can be: classes and children are ours."""

    source: str
    categories: list[CategoryIn] = field(default_factory=list)
    scales: list[ScaleIn] = field(default_factory=list)
    items: dict[str, ItemIn] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    gone_items: set[str] = field(default_factory=set)  # called deleted by the source
    gone_results: set[str] = field(default_factory=set)
    absent: frozenset[str] = frozenset()  # columns that the source does not have: 'grade', 'comment', 'flags'
    whole: bool = False  # whether what is not named is gone, should somebody wish so
    there: dict[str, There] = field(default_factory=dict)
    students: int = 0
    classes: int = 0
    read: int = 0


@dataclass
class Tally:
    """How much is new, changed, the same, gone. `seen` are changed ones that families have seen otherwise."""

    items_new: int = 0
    items_changed: int = 0
    items_same: int = 0
    items_gone: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    gone: int = 0
    seen: int = 0
    missed: int = 0  # results that a complete file no longer names
    items_missed: int = 0

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to write."""
        return not (self.items_new or self.items_changed or self.items_gone or self.new or self.changed or self.gone)


def portions(found: Sequence[T], size: int = _IN) -> Iterator[Sequence[T]]:
    for at in range(0, len(found), size):
        yield found[at : at + size]


async def present(source: str, sids: Sequence[str]) -> dict[str, There]:
    """Those of the source's line items that are there, also those that were taken out."""
    found: dict[str, There] = {}
    for some in portions(sids):
        rows = await db.rows(
            "SELECT a.sourced_id, a.id, a.group_id, a.release_at, a.title, a.description, a.subject,"
            " c.sourced_id, s.sourced_id, a.period, a.assigned_on, a.due_on, a.lowest, a.highest, a.removed_at"
            " FROM grades_assignment a LEFT JOIN grades_category c ON c.id = a.category"
            f" LEFT JOIN grades_scale s ON s.id = a.scale WHERE a.source = ? AND a.sourced_id IN ({marks(len(some))})",
            *(source, *some),
        )
        for sid, id_, group, release_at, *facts in rows:
            *kept, removed_at = facts
            texts = tuple(value if value is not None or at >= 8 else "" for at, value in enumerate(kept))
            found[sid] = There(id_, group, release_at, (*texts, bool(removed_at)))
    return found


def facts_of(item: ItemIn) -> tuple[Any, ...]:
    """The same of an item that comes in."""
    return (
        item.title, item.description, item.subject, item.category, item.scale, item.period, item.assigned_on,
        item.due_on, item.lowest, item.highest, item.removed,
    )  # fmt: skip


def value_of(row: Row) -> Value:
    return Value(
        row.status, row.score, row.grade, row.comment,
        bool(row.flags & MISSING), bool(row.flags & LATE), bool(row.flags & INCOMPLETE),
    )  # fmt: skip


async def compare(plan: Plan) -> Tally:
    """Counts, and writes nothing."""
    tally = Tally()
    items_changed(plan, tally)
    async for _changed in changes(plan, tally, counting=True):
        pass
    if plan.whole:
        tally.items_missed, more = await _missed(plan)
        tally.missed += more
    return tally


def items_changed(plan: Plan, tally: Tally) -> list[ItemIn]:
    """Those of the items that are new or otherwise than they are here."""
    found: list[ItemIn] = []
    for sid, item in plan.items.items():
        there = plan.there.get(sid)
        if there is None:
            tally.items_new += 1
        elif there.facts != facts_of(item):
            tally.items_changed += 1
        else:
            tally.items_same += 1
            continue
        found.append(item)
    gone = [sid for sid in plan.gone_items if sid in plan.there and not plan.there[sid].facts[-1]]
    tally.items_gone = len(gone)
    found += [_without(sid, plan.there[sid]) for sid in gone]
    return found


def _without(sid: str, there: There) -> ItemIn:
    return ItemIn(sid, there.group, str(there.facts[0]), removed=True)


async def changes(
    plan: Plan, tally: Tally, *, missed: bool = False, counting: bool = False
) -> AsyncIterator[list[ResultIn]]:
    """What has to be written, in portions of whole items; the plan's rows are used up. `missed` also takes out what a
    complete file no longer names; `counting` only counts."""
    if plan.gone_results:
        yield [each async for each in _gone(plan, tally)]
    now = clock.now()
    shown = {there.id: 0 < there.release_at <= now for there in plan.there.values()}
    await asyncio.to_thread(plan.rows.sort, key=_place, reverse=True)
    for some in _by_item(plan):
        yield await _differing(plan, some, shown, tally, missed=missed, counting=counting)
        await asyncio.sleep(0)  # reading may not have waited for anything, and others want to be served


def _by_item(plan: Plan) -> Iterator[dict[str | int, list[Row]]]:
    """The rows, which are sorted, by item, about as many at once as one transaction takes."""
    empty = dict.fromkeys(plan.items, True) if plan.whole else {}  # a complete file has nothing for these
    some: dict[str | int, list[Row]] = {}
    count = 0
    while plan.rows:
        row = plan.rows.pop()
        if row.item not in some:
            if count >= PORTION:
                yield some
                some, count = {}, 0
            some[row.item] = []
            empty.pop(str(row.item), None)
        some[row.item].append(row)
        count += 1
    yield some
    for sids in portions(list(empty)):
        yield {sid: [] for sid in sids}


def _place(row: Row) -> tuple[bool, str | int]:
    return isinstance(row.item, int), row.item


async def _differing(
    plan: Plan,
    some: Mapping[str | int, Sequence[Row]],
    shown: Mapping[int, bool],
    tally: Tally,
    *,
    missed: bool,
    counting: bool,
) -> list[ResultIn]:
    ours: dict[str | int, int] = {}
    ours |= {sid: plan.there[sid].id for sid in some if isinstance(sid, str) and sid in plan.there}
    ours |= {number: number for number in some if isinstance(number, int)}
    stored = await _stored(sorted(set(ours.values())))
    found: list[ResultIn] = []
    for key, rows in some.items():
        before = stored.get(ours.get(key, 0), {})
        for row in rows:
            was = before.pop(row.child, None)
            if was is not None and was[2:] != row[2:8]:
                row = _filled(row, was, plan.absent)
            if _says_nothing(*row[2:7]) and (was is None or _says_nothing(*was[2:7])):
                tally.same += 1
                continue
            if was is None or _says_nothing(*was[2:7]):
                tally.new += 1
            elif was[2:] == row[2:8]:
                tally.same += 1
                if not row.sid or row.sid == was[1] or isinstance(key, int):
                    continue  # else the source calls it otherwise from now on
            else:
                tally.changed += 1
                tally.seen += shown.get(ours[key], False)
            if not counting:
                found.append(ResultIn(row.item, row.child, value_of(row), row.scored, row.sid))
        if plan.whole and isinstance(key, str):
            for child, (source, sid, *value) in before.items():
                if source == plan.source and sid not in plan.gone_results and not _says_nothing(*value[:5]):
                    tally.missed += 1
                    if missed:
                        found.append(ResultIn(ours[key], child, Value(), sourced_id=sid, removed=True))
    return found


def _filled(row: Row, was: tuple[Any, ...], absent: frozenset[str]) -> Row:
    """What the source has no column for stays as it is here; and so does a day on which nobody says it was marked."""
    grade = was[4] if "grade" in absent and not row.grade else row.grade
    flags = row.flags
    if "flags" in absent:
        handed_in = was[2] == NOT_SUBMITTED != row.status
        flags |= was[5] & ~MISSING if handed_in else was[5]
    comment = was[6] if "comment" in absent else row.comment
    same = was[2:7] == (row.status, row.score, grade, flags, comment)
    return row._replace(grade=grade, flags=flags, comment=comment, scored="" if same and not was[7] else row.scored)


def _says_nothing(status: str, score: int | None, grade: str, flags: int | str, comment: int | str) -> bool:
    """Whether nobody has said anything yet, as `rules.Value.empty` has it."""
    return score is None and not grade and not comment and not flags and status not in (EXEMPT, SUBMITTED)


async def _stored(assignments: Sequence[int]) -> dict[int, dict[int, tuple[Any, ...]]]:
    """What is there of these assignments, by child: source and identifier, then the value."""
    found: dict[int, dict[int, tuple[Any, ...]]] = defaultdict(dict)
    for some in portions(assignments, 50):
        rows = await db.rows(
            "SELECT assignment, child, source, sourced_id, status, score, grade, comment, missing, late, incomplete,"
            f" scored_on FROM grades_result WHERE assignment IN ({marks(len(some))})",
            *some,
        )
        for assignment, child, source, sid, status, score, grade, comment, missing, late, incomplete, scored in rows:
            flags = missing * MISSING | late * LATE | incomplete * INCOMPLETE
            found[assignment][child] = (source, sid, status, score, grade, flags, comment, scored)
    return found


async def _gone(plan: Plan, tally: Tally) -> AsyncIterator[ResultIn]:
    """Results that the source calls deleted, unless it has another one of the same child in their place."""
    ids = {sid: there.id for sid, there in plan.there.items()}
    living = {(ids.get(str(row.item), row.item), row.child) for row in plan.rows}
    for some in portions(sorted(plan.gone_results)):
        rows = await db.rows(
            "SELECT assignment, child, sourced_id, status, score, grade, missing OR late OR incomplete, comment"
            f" FROM grades_result WHERE source = ? AND sourced_id IN ({marks(len(some))})",
            *(plan.source, *some),
        )
        for assignment, child, sid, *value in rows:
            if _says_nothing(*value) or (assignment, child) in living:
                continue
            tally.gone += 1
            yield ResultIn(assignment, child, Value(), sourced_id=sid, removed=True)


# ---- What a complete file no longer names ----


async def _missed(plan: Plan) -> tuple[int, int]:
    """How many line items of the file's classes it does not name, and how many results these have."""
    missing = await missed_items(plan)
    count = 0
    for some in portions([there.id for there in missing.values()]):
        count += await db.value(f"SELECT COUNT(*) FROM grades_result WHERE assignment IN ({marks(len(some))})", *some)
    return len(missing), count


async def missed_items(plan: Plan) -> dict[str, There]:
    """Line items that came by the same source, of the classes that the file is about, and stand in it no more."""
    classes = sorted({item.group for item in plan.items.values()})
    found: set[str] = set()
    for some in portions(classes):
        rows = await db.rows(
            "SELECT sourced_id FROM grades_assignment"
            f" WHERE source = ? AND removed_at = 0 AND group_id IN ({marks(len(some))})",
            *(plan.source, *some),
        )
        found.update(sid for (sid,) in rows)
    return await present(plan.source, sorted(found - plan.items.keys() - plan.gone_items))


def without(found: Mapping[str, There]) -> list[ItemIn]:
    """What takes these line items out."""
    return [_without(sid, there) for sid, there in found.items()]
