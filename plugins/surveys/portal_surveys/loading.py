"""A survey and its questions as they are stored."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from portal.sdk import Audience, AudienceKind, NotVisible, Standing, Viewer, db, standing
from portal_surveys.rules import Condition, Option, Question, Survey, Texts, handles

SURVEY = (
    "SELECT s.id, s.author, s.title, s.intro, s.languages, s.audience, s.groups, s.per, s.anonymous, s.state,"
    " s.deadline, s.remind_days, s.version, s.asked, s.created_at, s.opened_at, s.closed_at, s.reminded_at, s.secret,"
    " s.batch, s.old_batch FROM surveys_survey s"
)
_QUESTION = (
    "SELECT id, kind, label, help, options, required, sensitive, low, high, low_label, high_label, only_question,"
    " only_option, feeds, removed_at FROM surveys_question"
)


def ids(text: str) -> tuple[int, ...]:
    """Ids of a row."""
    return tuple(map(int, text.split(","))) if text else ()


def as_survey(row: Sequence[Any]) -> Survey:
    languages = tuple(row[4].split(","))
    return Survey(
        *(row[0], row[1], Texts(languages[0], json.loads(row[2])), Texts(languages[0], json.loads(row[3])), languages),
        *(Audience(AudienceKind(row[5]), ids(row[6])), row[7], bool(row[8]), *row[9:]),
    )


def _question(row: Sequence[Any], main: str) -> Question:
    def said(text: str) -> Texts:
        return Texts(main, json.loads(text))

    return Question(
        id=row[0],
        kind=row[1],
        label=said(row[2]),
        help=said(row[3]),
        options=tuple(Option(o["id"], Texts(main, o["label"]), o["value"]) for o in json.loads(row[4])),
        required=bool(row[5]),
        sensitive=row[6],
        low=row[7],
        high=row[8],
        low_label=said(row[9]),
        high_label=said(row[10]),
        only_if=Condition(row[11], row[12]) if row[11] else None,
        feeds=row[13],
        removed_at=row[14],
    )


async def load(survey: int) -> Survey | None:
    """A survey as stored, whoever asks."""
    row = await db.row(f"{SURVEY} WHERE s.id = ?", survey)
    return as_survey(row) if row else None


async def handled(viewer: Viewer, survey: int) -> tuple[Survey, Standing]:
    """The survey and how its handler stands. Raises NotVisible for anybody else."""
    found, who = await load(survey), await standing(viewer)
    if found is None or not handles(who, found):
        raise NotVisible
    return found, who


async def questions(survey: Survey, *, removed: bool = False) -> list[Question]:
    """The questions in their order; `removed`: only those that were taken away."""
    rows = await db.rows(
        f"{_QUESTION} WHERE survey = ? AND removed_at IS {'NOT NULL' if removed else 'NULL'} ORDER BY position, id",
        survey.id,
    )
    return [_question(row, survey.main) for row in rows]


async def any_answers(survey: int) -> bool:
    """Whether answers came in, so that a question may not just be deleted."""
    return bool(
        await db.value(
            "SELECT EXISTS (SELECT 1 FROM surveys_response WHERE survey = ?)"
            " OR EXISTS (SELECT 1 FROM surveys_ticket WHERE survey = ?)"
            " OR EXISTS (SELECT 1 FROM surveys_tally WHERE survey = ?)",
            *(survey, survey, survey),
        )
    )


async def answers_of(response: int) -> dict[int, Any]:
    """The values of a response by question; of a file its id."""
    rows = await db.rows("SELECT question, value, file FROM surveys_answer WHERE response = ?", response)
    return {question: file or json.loads(value) for question, value, file in rows}
