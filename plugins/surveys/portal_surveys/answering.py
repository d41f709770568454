"""Answering: what a guardian fills in for themselves, their family or a child.

Whoever is not asked gets NotVisible. Answers by name may be changed while the survey is open, by whoever gave them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from portal.sdk import (
    NotVisible,
    Refused,
    Viewer,
    Who,
    _,
    atomic,
    clock,
    db,
    erase_files,
    keep_file,
    new_id,
    permits,
    wish,
)
from portal_surveys import anonymous, loading, units
from portal_surveys.checks import Unanswered, check, fingerprint, half_filled, wording
from portal_surveys.rules import Question, Survey, Unit

PURPOSE = "surveys.sensitive"
Outcome = Literal["kept", "changed", "twice"]


class Closed(Refused):
    """The survey takes no answers (any more). What was typed can still be shown to whoever typed it."""

    def __init__(self, survey: Survey) -> None:
        super().__init__(_("This survey takes no more answers."))
        self.survey = survey


@dataclass(frozen=True, slots=True)
class Form:
    """A survey as one unit fills it in. `state`: 'new', 'draft' (half filled, kept here) or 'answered'."""

    survey: Survey
    unit: Unit
    questions: Sequence[Question]
    values: Mapping[int, Any]  # by question, without files
    files: Mapping[int, int]  # sealed files by question
    state: str
    by_other: bool  # answered by another adult, whose answers nobody else sees
    agreed: bool
    fingerprint: str  # goes back with the answers: says what was asked, and which answer was there


@dataclass(frozen=True, slots=True)
class _There:
    """The answer that a unit has given by name."""

    id: int
    person: int
    updated_at: int
    agreed: bool


# ---- Reading ----


async def _asked(viewer: Viewer, survey: int, child: int) -> tuple[Survey, Unit]:
    """The survey and the unit for which this person answers. Raises NotVisible, Closed."""
    found = await loading.load(survey)
    if found is None or found.state == "draft":
        raise NotVisible
    unit = next((unit for unit in await units.units_of(viewer, found) if unit.child == child), None)
    if unit is None:
        raise NotVisible
    if not found.answerable(await units.today()):
        raise Closed(found)
    return found, unit


async def _shown(survey: Survey, child: int) -> list[Question]:
    """The questions for this unit: about a child, sensitive ones only as its family allows."""
    asked = await loading.questions(survey)
    if not child or not any(question.sensitive for question in asked):
        return asked
    allowed = bool(await permits([child], PURPOSE))
    return [question for question in asked if allowed or not question.sensitive]


async def _there(survey: Survey, unit: Unit) -> _There | None:
    row = await db.row(
        "SELECT id, person, updated_at, agreed FROM surveys_response WHERE survey = ? AND unit = ?",
        *(survey.id, unit.key),
    )
    return _There(row[0], row[1], row[2], bool(row[3])) if row else None


async def _draft(viewer: Viewer, survey: Survey, child: int) -> tuple[int, dict[int, Any]] | None:
    """The half-filled form of this person, as its row's id and values."""
    row = await db.row(
        "SELECT id, given FROM surveys_draft WHERE survey = ? AND person = ? AND child = ?",
        *(survey.id, viewer.person, child),
    )
    return (row[0], {int(question): value for question, value in json.loads(row[1]).items()}) if row else None


async def _files(draft: int | None, there: _There | None) -> dict[int, int]:
    """The sealed files by question: those answered with, as changed by what waits with the draft."""
    rows: list[Any] = []
    if there is not None:
        rows += await db.rows("SELECT question, file FROM surveys_answer WHERE response = ? AND file <> 0", there.id)
    if draft is not None:
        rows += await db.rows("SELECT question, file FROM surveys_upload WHERE draft = ?", draft)
    return {question: file for question, file in dict(rows).items() if file}


async def begin(viewer: Viewer, survey: int, child: int = 0) -> Form:
    """The form with what was answered or kept so far. `child` is 0 where the survey is not about single children.

    Raises NotVisible for whoever is not asked, Closed (a Refused) once it takes no answers.
    """
    found, unit = await _asked(viewer, survey, child)
    asked = await _shown(found, child)
    if found.anonymous:
        done = bool(await anonymous.answered([(found, unit.key)]))
        state = "answered" if done else "new"
        return Form(found, unit, asked, {}, {}, state, False, False, f"{fingerprint(asked)}.0")
    there, draft = await _there(found, unit), await _draft(viewer, found, child)
    other = there is not None and there.person != viewer.person
    if there is not None and other and await _still_asked(found, unit, there.person):
        return Form(found, unit, asked, {}, {}, "answered", True, False, _seen(asked, there))
    mine = None if other else there
    files = await _files(draft[0] if draft else None, mine)
    values = draft[1] if draft is not None else await loading.answers_of(mine.id) if mine is not None else {}
    kept = {q.id: values[q.id] for q in asked if q.id in values and q.kind not in ("file", "signature")}
    state = "draft" if draft is not None else "answered" if mine is not None else "new"
    agreed = mine is not None and mine.agreed
    return Form(found, unit, asked, kept, files, state, False, agreed, _seen(asked, there))


def _seen(asked: Sequence[Question], there: _There | None) -> str:
    return f"{fingerprint(asked)}.{there.updated_at if there else 0}"


async def _still_asked(survey: Survey, unit: Unit, person: int) -> bool:
    """Whether somebody who answered for a unit may still do so. If not, whoever may now answers anew."""
    return unit.key in {own.key for own in await units.units_of(Viewer(person), survey)}


# ---- Half-filled forms, of surveys by name ----


async def keep_draft(viewer: Viewer, survey: int, child: int, values: Mapping[int, Any]) -> None:
    """Keeps a half-filled form on the server, for this person alone. What could never be an answer is left out.

    Raises NotVisible, also for an anonymous survey, whose half-filled forms stay on the device; Closed.
    """
    found, unit = await _named(viewer, survey, child)
    await _keep(viewer, found, unit, values)


async def _named(viewer: Viewer, survey: int, child: int) -> tuple[Survey, Unit]:
    found, unit = await _asked(viewer, survey, child)
    if found.anonymous:
        raise NotVisible
    return found, unit


@atomic
async def _keep(viewer: Viewer, survey: Survey, unit: Unit, values: Mapping[int, Any] | None) -> int:
    """Keeps the values, or (None) just sees to it that there is a draft; returns its row's id."""
    if values is None:
        known = await _draft(viewer, survey, unit.child)
        if known is not None:
            return known[0]
        there = await _there(survey, unit)
        mine = there is not None and there.person == viewer.person
        values = await loading.answers_of(there.id) if there is not None and mine else {}
    kept = half_filled(await _shown(survey, unit.child), values)
    rows = await db.rows(
        "INSERT INTO surveys_draft (id, survey, person, child, given, saved_at) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (survey, person, child) DO UPDATE SET given = excluded.given, saved_at = excluded.saved_at"
        " RETURNING id",
        *(new_id(), survey.id, viewer.person, unit.child, json.dumps(kept, ensure_ascii=False), clock.now()),
    )
    return int(rows[0][0])


async def attach(viewer: Viewer, survey: int, child: int, question: int, data: bytes) -> None:
    """Keeps an uploaded file with the half-filled form, in the place of an earlier one. It is an answer once the form
    is sent. Raises BadInput for what is no picture or PDF, NotVisible for a question that takes no file; Closed."""
    found, unit = await _named(viewer, survey, child)
    asked = {q.id for q in await _shown(found, child) if q.kind == "file"}
    if question not in asked:
        raise NotVisible
    file = await keep_file("surveys", data, f"q{question}")
    try:
        before = await _attach(viewer, found, unit, question, file.id)
    except Exception:
        await erase_files("surveys", [file.id])
        raise
    await erase_files("surveys", before)


async def detach(viewer: Viewer, survey: int, child: int, question: int) -> None:
    """Takes a file away from the half-filled form; from the answer that was given once the form is sent."""
    found, unit = await _named(viewer, survey, child)
    if question in {q.id for q in await _shown(found, child) if q.kind == "file"}:
        await erase_files("surveys", await _attach(viewer, found, unit, question, 0))


@atomic
async def _attach(viewer: Viewer, survey: Survey, unit: Unit, question: int, file: int) -> list[int]:
    """Returns the file that waited there before."""
    draft = await _keep(viewer, survey, unit, None)
    before = await db.rows("SELECT file FROM surveys_upload WHERE draft = ? AND question = ?", draft, question)
    await db.run(
        "INSERT INTO surveys_upload (id, draft, question, file) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (draft, question) DO UPDATE SET file = excluded.file",
        *(new_id(), draft, question, file),
    )
    return [old for (old,) in before if old]


def signature(person: Who, question: Question) -> dict[str, Any]:
    """The value for a question of kind signature, once the person has proved with their password who they are."""
    return {"name": person.name, "at": clock.now(), "sha256": wording(question, person.language.code)}


# ---- Sending ----


async def submit(
    viewer: Viewer, survey: int, child: int, values: Mapping[int, Any], fingerprint: str, agreed: bool = False
) -> Outcome:
    """Keeps the answers of a form. 'kept': they are stored. 'changed': the questions have changed since the form was
    shown; nothing is stored. 'twice': this unit's answer is there already, or has changed since; nothing is stored.

    `agreed`: the school may use answers for how it reaches this person. Raises Unanswered (a BadInput with `errors` by
    question), NotVisible for whoever is not asked, Closed.
    """
    found, unit = await _asked(viewer, survey, child)
    today = await units.today()
    if found.anonymous:
        return await anonymous.with_keys(
            survey, lambda: _submit_anonymous(survey, unit, values, fingerprint, today)
        )
    before = await _before(viewer, found, unit)
    if before is None or fingerprint.partition(".")[2] != str(before.there.updated_at if before.there else 0):
        return "twice"
    outcome, gone = await _submit(viewer, unit, before, _Sent(values, fingerprint, agreed), today)
    await erase_files("surveys", gone)
    return outcome


async def _open_now(survey: int, today: str) -> Survey:
    """The survey as this transaction sees it. Raises Closed."""
    found = await loading.load(survey)
    if found is None:
        raise NotVisible
    if not found.answerable(today):
        raise Closed(found)
    return found


@atomic
async def _submit_anonymous(survey: int, unit: Unit, values: Mapping[int, Any], seen: str, today: str) -> Outcome:
    found = await _open_now(survey, today)
    asked = await _shown(found, unit.child)
    if seen.partition(".")[0] != fingerprint(asked):
        return "changed"
    clean, errors = check(asked, values)
    if errors:
        raise Unanswered(errors)
    return "kept" if await anonymous.take_in(found, unit, clean) else "twice"


@dataclass(frozen=True, slots=True)
class _Before:
    """What is there before somebody's answers are kept. Read ahead of the transaction, which checks that it holds: what
    many transactions read while others write makes them wait for each other."""

    survey: Survey
    there: _There | None
    mine: bool  # whether `there` is from the same person
    draft: int  # its row; 0 for none


async def _before(viewer: Viewer, survey: Survey, unit: Unit) -> _Before | None:
    """None if another adult, who may answer for this unit, has done so."""
    there, draft = await _there(survey, unit), await _draft(viewer, survey, unit.child)
    mine = there is not None and there.person == viewer.person
    if there is not None and not mine and await _still_asked(survey, unit, there.person):
        return None
    return _Before(survey, there, mine, draft[0] if draft else 0)


@dataclass(frozen=True, slots=True)
class _Sent:
    """A form as somebody sent it."""

    values: Mapping[int, Any]
    fingerprint: str
    agreed: bool


@atomic
async def _submit(
    viewer: Viewer, unit: Unit, before: _Before, sent: _Sent, today: str
) -> tuple[Outcome, list[int]]:
    """The outcome, and the files that are not needed any more."""
    found = await _open_now(before.survey.id, today)
    asked = await _shown(found, unit.child)
    if sent.fingerprint.partition(".")[0] != fingerprint(asked):
        return "changed", []
    files: Mapping[int, int] = {}
    if any(question.kind == "file" for question in asked):  # read here: another may just have taken the place of one
        files = await _files(before.draft, before.there if before.mine else None)
    clean, errors = check(asked, sent.values, files)
    if errors:
        raise Unanswered(errors)
    response = await _respond(viewer, unit, before, sent.agreed)
    if response is None:
        return "twice", []
    gone = await _clear(found, response, before, asked)
    kinds = {question.id: question.kind for question in asked}
    rows = []
    for question, value in clean.items():
        file = value if kinds[question] == "file" else 0
        text = json.dumps(None if file else value, ensure_ascii=False)
        rows.append((new_id(), response, question, text, file))
    await db.run_many("INSERT INTO surveys_answer (id, response, question, value, file) VALUES (?, ?, ?, ?, ?)", rows)
    if sent.agreed and viewer.person is not None:
        await _wish(viewer.person, asked, clean)
    kept = {row[4] for row in rows}
    return "kept", [file for file in gone if file not in kept]


async def _respond(viewer: Viewer, unit: Unit, before: _Before, agreed: bool) -> int | None:
    """The row of the response, new or changed; None if another request was faster."""
    now, there = clock.now(), before.there
    if there is not None:
        rows = await db.rows(
            "UPDATE surveys_response SET person = ?, updated_at = ?, agreed = ? WHERE id = ? AND updated_at = ?"
            " RETURNING id",
            *(viewer.person, max(now, there.updated_at + 1), agreed, there.id, there.updated_at),
        )
    else:
        rows = await db.rows(
            "INSERT INTO surveys_response (id, survey, unit, person, child, at, updated_at, agreed)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (survey, unit) DO NOTHING RETURNING id",
            *(new_id(), before.survey.id, unit.key, viewer.person, unit.child, now, now, agreed),
        )
    return int(rows[0][0]) if rows else None


async def _clear(survey: Survey, response: int, before: _Before, asked: Sequence[Question]) -> list[int]:
    """Deletes the answers that are given anew, and the half-filled form; returns the files that these named. What the
    same person answered to questions that are removed stays; of whoever answered before, nothing does."""
    files: list[Any] = []
    if before.there is not None:
        over = asked
        if not before.mine:
            over = [*await loading.questions(survey), *await loading.questions(survey, removed=True)]
        files += await db.rows(
            f"DELETE FROM surveys_answer WHERE response = ? AND question IN (0{',?' * len(over)}) RETURNING file",
            *(response, *(question.id for question in over)),
        )
    if before.draft:
        files += await db.rows("DELETE FROM surveys_upload WHERE draft = ? RETURNING file", before.draft)
        await db.run("DELETE FROM surveys_draft WHERE id = ?", before.draft)
    return [file for (file,) in files if file]


async def _wish(person: int, asked: Sequence[Question], clean: Mapping[int, Any]) -> None:
    """Makes the answers that stand for a setting the settings of whoever answered."""
    found: dict[str, str] = {}
    for question in asked:
        option = question.option(clean[question.id]) if question.feeds and question.id in clean else None
        if option is not None and option.value:
            found[question.feeds] = option.value
    if found:
        await wish(person, channel=found.get("channel"), language=found.get("language"))
