"""The one way by which results change: with a history of what families had seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.sdk import clock, db, in_portions, marks, new_id
from portal_grades.rules import EMPTY, Shown, Value

VALUE = "status, score, grade, comment, missing, late, incomplete"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a result is to say from now on."""

    assignment: int
    child: int
    value: Value
    scored_on: str = ""
    source: str = ""
    sourced_id: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """What a result says now."""

    id: int
    value: Value
    valued_at: int
    scored_on: str
    sourced_id: str
    language: str


@dataclass(slots=True)
class Written:
    """What a writing did."""

    new: int = 0
    changed: int = 0
    same: int = 0
    removed: int = 0


def as_value(row: Sequence[Any]) -> Value:
    """The columns of VALUE."""
    return Value(*row[:4], *(bool(flag) for flag in row[4:7]))


def as_columns(value: Value) -> tuple[Any, ...]:
    return (
        value.status, value.score, value.grade, value.comment, bool(value.missing), bool(value.late),
        bool(value.incomplete),
    )  # fmt: skip


async def stored(assignments: Iterable[int]) -> dict[tuple[int, int], Stored]:
    """All results of these assignments, by assignment and child."""
    rows = await in_portions(
        f"SELECT assignment, child, id, {VALUE}, valued_at, scored_on, sourced_id, language FROM grades_result"
        " WHERE assignment IN ({})",
        assignments,
    )
    return {(row[0], row[1]): Stored(row[2], as_value(row[3:10]), *row[10:]) for row in rows}


async def write(
    entries: Sequence[Entry], shown: Mapping[int, Shown], *, quiet: bool = False, language: str = ""
) -> Written:
    """Makes results say this. Inside `@atomic`. `shown` is known for each assignment. `language` is the code of the one
    in which comments are written, '' where nobody knows.

    What families have seen of a changed result stays as a line of its history. A result that says nothing any more
    goes, unless there is such a line.
    """
    now, done = clock.now(), Written()
    there = await stored(shown)
    added: list[tuple[Any, ...]] = []
    changed: list[tuple[Any, ...]] = []
    history: list[tuple[Any, ...]] = []
    dated: list[tuple[Any, ...]] = []
    emptied: list[int] = []
    touched: set[int] = set()
    for entry in entries:
        old = there.get((entry.assignment, entry.child))
        if old is None:
            if entry.value.empty:
                done.same += 1
                continue
            done.new += 1
            touched.add(entry.assignment)
            silent = quiet or not entry.value.marked  # that work was handed in is no news
            added.append(
                (
                    new_id(), entry.assignment, entry.child, *as_columns(entry.value), entry.scored_on, now, silent,
                    silent, entry.source, entry.sourced_id, language,
                )
            )  # fmt: skip
            continue
        if old.value == entry.value or (old.value.empty and entry.value.empty):
            done.same += 1
            if (old.scored_on, old.sourced_id) != (entry.scored_on, entry.sourced_id) and entry.source:
                dated.append((entry.scored_on, entry.source, entry.sourced_id, old.id))
            continue
        value = EMPTY if entry.value.empty else entry.value
        touched.add(entry.assignment)
        done.removed += value.empty
        done.changed += not value.empty
        if shown[entry.assignment].saw(old.valued_at, now) and old.value.marked:
            history.append((new_id(), old.id, now, *as_columns(old.value)))
        if value.empty:
            emptied.append(old.id)
        silent = quiet or not value.marked
        whence = (entry.source, entry.sourced_id or old.sourced_id)
        speaks = old.language if value.comment == old.value.comment else language
        changed.append((*as_columns(value), entry.scored_on, now, silent, silent, *whence, speaks, old.id))
    await db.run_many(
        f"INSERT INTO grades_result (id, assignment, child, {VALUE}, scored_on, valued_at, told, quiet, source,"
        f" sourced_id, language) VALUES ({marks(17)})",
        added,
    )
    await db.run_many(f"INSERT INTO grades_change (id, result, at, {VALUE}) VALUES ({marks(10)})", history)
    await db.run_many(
        "UPDATE grades_result SET status = ?, score = ?, grade = ?, comment = ?, missing = ?, late = ?, incomplete = ?,"
        " scored_on = ?, valued_at = ?, told = ?, quiet = ?, source = ?, sourced_id = ?, language = ? WHERE id = ?",
        changed,
    )
    await db.run_many("UPDATE grades_result SET scored_on = ?, source = ?, sourced_id = ? WHERE id = ?", dated)
    await db.run_many(
        "DELETE FROM grades_result WHERE id = ? AND NOT EXISTS (SELECT 1 FROM grades_change c WHERE c.result = ?)",
        [(result, result) for result in emptied],
    )
    await db.run_many("UPDATE grades_assignment SET updated_at = ? WHERE id = ?", [(now, one) for one in touched])
    return done
