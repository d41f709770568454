"""Assignments: made, changed, released, taken out. Only staff of the class may; for others they do not exist."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.sdk import (
    BadInput,
    NotVisible,
    Refused,
    Standing,
    Viewer,
    _,
    atomic,
    clock,
    db,
    new_id,
    school,
    standing,
)
from portal_grades.loading import Assignment, load
from portal_grades.rules import LONGEST_TEXT, LONGEST_TITLE, LONGEST_WORD, READY, points

CHANGED = _("Somebody else has changed this meanwhile. What you typed is still here: look at it and save again.")
FARTHEST = 400 * clock.DAY  # how far ahead a release may be planned


@dataclass(frozen=True, slots=True)
class Frame:
    """An assignment as a form sends it. `marked`: 'points', 'words', 'own', the key of a ready-made scale, or the id
    of a scale."""

    title: str = ""
    subject: str = ""
    description: str = ""
    category: str = ""
    period: str = ""
    assigned_on: str = ""
    due_on: str = ""
    marked: str = "points"
    highest: str = ""
    steps: str = ""  # of an own scale, the best first, separated by commas
    version: int = 0


async def staff(viewer: Viewer, group: int) -> Standing:
    """How staff of a class stand. Raises NotVisible for everybody else."""
    who = await standing(viewer)
    if group not in who.staff_of:
        raise NotVisible
    return who


async def handled(viewer: Viewer, assignment: int, *, removed: bool = False) -> Assignment:
    """An assignment of a class whose staff this person is. Raises NotVisible."""
    found = await load(assignment)
    if found is None or (found.removed_at > 0) != removed:
        raise NotVisible
    await staff(viewer, found.group)
    return found


@atomic
async def create(viewer: Viewer, group: int, token: str, frame: Frame) -> int:
    """A new assignment of a class; sent twice, it is one. Raises BadInput at a field."""
    await staff(viewer, group)
    token = token[:64]
    there = await db.value("SELECT id FROM grades_assignment WHERE group_id = ? AND token = ?", group, token)
    if there is not None and token:
        return int(there)
    columns = await _columns(group, frame, 0)
    assignment, now = new_id(), clock.now()
    await db.run(
        "INSERT INTO grades_assignment (id, group_id, title, subject, description, category, period, assigned_on,"
        " due_on, highest, scale, lowest, release_at, shown_until, version, token, source, sourced_id, created_at,"
        " updated_at, removed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, 0, 0, 1, ?, '', '', ?, ?, 0)",
        *(assignment, group, *columns, token, now, now),
    )
    return assignment


@atomic
async def save(viewer: Viewer, assignment: int, frame: Frame) -> None:
    """Changes what an assignment says. Raises BadInput, at `version` where somebody else was faster."""
    found = await handled(viewer, assignment)
    if frame.version != found.version:
        raise BadInput("version", CHANGED)
    columns = await _columns(found.group, frame, assignment)
    await db.run(
        "UPDATE grades_assignment SET title = ?, subject = ?, description = ?, category = ?, period = ?,"
        " assigned_on = ?, due_on = ?, highest = ?, scale = ?, version = version + 1, updated_at = ? WHERE id = ?",
        *(*columns, clock.now(), assignment),
    )


async def _columns(group: int, frame: Frame, assignment: int) -> tuple[object, ...]:
    """Title, subject, description, category, period, days, highest and scale; with what is new made on the way."""
    title, subject = _line(frame.title, LONGEST_TITLE, "title"), _line(frame.subject, LONGEST_WORD, "subject")
    if not title:
        raise BadInput("title", _("Please say what the work is."))
    if not subject:
        raise BadInput("subject", _("Please name the subject. Families find the assignment under it."))
    if len(frame.description) > LONGEST_TEXT:
        raise BadInput("description", _("That is too long: %(most)s characters at most."), most=LONGEST_TEXT)
    period, category = _line(frame.period, LONGEST_WORD, "period"), _line(frame.category, LONGEST_WORD, "category")
    assigned_on, due_on = _day(frame.assigned_on, "assigned_on"), _day(frame.due_on, "due_on")
    if assigned_on and due_on and due_on < assigned_on:
        raise BadInput("due_on", _("It is due before it is given out. Please change one of the two days."))
    highest = _highest(frame)
    if assignment and highest is not None:
        over = await db.value("SELECT max(score) FROM grades_result WHERE assignment = ?", assignment)
        if over is not None and over > highest:
            raise BadInput("highest", _("A result is already higher than this. Change that first."))
    scale = await _scale(group, frame)
    return title, subject, frame.description, await _category(category), period, assigned_on, due_on, highest, scale


def _line(text: str, most: int, field: str) -> str:
    found = " ".join(text.split())
    if len(found) > most:
        raise BadInput(field, _("That is too long: %(most)s characters at most."), most=most)
    return found


def _day(text: str, field: str) -> str:
    if not text.strip():
        return ""
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(field, _("Please enter a day, such as 2026-11-21.")) from None
    if not 1990 <= found.year <= 2100:
        raise BadInput(field, _("Please look at the year."))
    return found.isoformat()


def _highest(frame: Frame) -> int | None:
    if frame.marked != "points":
        return None
    if not frame.highest.strip():
        raise BadInput("highest", _("Please say how many points there are at most."))
    try:
        found = points(frame.highest)
    except ValueError:
        raise BadInput("highest", _("Please enter a number, such as 20 or 12.5.")) from None
    if found <= 0:
        raise BadInput("highest", _("The most points are more than 0."))
    return found


async def _scale(group: int, frame: Frame) -> int:
    if frame.marked in ("points", "words"):
        return 0
    if frame.marked in READY:
        return await _made_scale(group, *READY[frame.marked])
    if frame.marked == "own":
        steps = [" ".join(step.split()) for step in re.split(r"[,،\n]", frame.steps)]
        steps = list(dict.fromkeys(step for step in steps if step))
        if len(steps) < 2 or len(steps) > 60 or max(map(len, steps)) > LONGEST_WORD:
            raise BadInput("steps", _("Please write at least two grades, the best first, with commas between them."))
        return await _made_scale(group, f"{steps[0]} – {steps[-1]}", steps)
    scale = int(frame.marked) if frame.marked.isascii() and frame.marked.isdigit() and len(frame.marked) < 19 else 0
    if await db.value("SELECT id FROM grades_scale WHERE id = ? AND group_id IN (0, ?)", scale, group) is None:
        raise BadInput("marked", _("Please choose how it is marked."))
    return scale


async def _made_scale(group: int, title: str, steps: Sequence[str]) -> int:
    said = json.dumps([[step, ""] for step in steps], ensure_ascii=False)
    there = await db.value("SELECT id FROM grades_scale WHERE steps = ? AND group_id IN (0, ?)", said, group)
    if there is not None:
        return int(there)
    scale = new_id()
    await db.run(
        "INSERT INTO grades_scale (id, title, steps, group_id, source, sourced_id) VALUES (?, ?, ?, ?, '', '')",
        *(scale, title, said, group),
    )
    return scale


async def _category(title: str) -> int:
    if not title:
        return 0
    there = await db.value("SELECT min(id) FROM grades_category WHERE title = ?", title)
    if there is not None:
        return int(there)
    category = new_id()
    await db.run(
        "INSERT INTO grades_category (id, title, source, sourced_id) VALUES (?, ?, '', '')", category, title
    )
    return category


# ---- Release ----


@atomic
async def release(viewer: Viewer, assignment: int, day: str = "", time: str = "") -> int:
    """Shows the results to families now, or from a local day and time on; returns the instant.

    Raises BadInput at `time` for what is no time of the school's, or lies behind.
    """
    found = await handled(viewer, assignment)
    now = clock.now()
    at = now
    if day.strip() or time.strip():
        at = clock.local_instant(day.strip(), time.strip(), (await school()).timezone, "time")
        if at <= now:
            raise BadInput("time", _("That time is over. Choose a later one, or release the results now."))
        if at > now + FARTHEST:
            raise BadInput("time", _("That is more than a year away. Please look at the day."))
    until = now if found.shown.now(now) else found.shown.shown_until
    if at == now and found.shown.now(now):
        return found.shown.release_at
    await _show(assignment, at, until)
    return at


@atomic
async def take_back(viewer: Viewer, assignment: int) -> None:
    """Families see the results no longer, or not at the time that was planned."""
    found = await handled(viewer, assignment)
    if not found.shown.release_at:
        raise Refused(_("These results are not released."))
    now = clock.now()
    await _show(assignment, 0, now if found.shown.now(now) else found.shown.shown_until)


async def _show(assignment: int, at: int, until: int) -> None:
    await db.run(
        "UPDATE grades_assignment SET release_at = ?, shown_until = ?, updated_at = ? WHERE id = ?",
        *(at, until, clock.now(), assignment),
    )


@atomic
async def remove(viewer: Viewer, assignment: int) -> None:
    """Takes an assignment out, with its results; it can be put back for a while."""
    await handled(viewer, assignment)
    await db.run("UPDATE grades_assignment SET removed_at = ? WHERE id = ?", clock.now(), assignment)


@atomic
async def put_back(viewer: Viewer, assignment: int) -> None:
    """Undoes that."""
    await handled(viewer, assignment, removed=True)
    await db.run("UPDATE grades_assignment SET removed_at = 0 WHERE id = ?", assignment)
