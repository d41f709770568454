"""The lists: of those who write surveys, and of those who are asked."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.sdk import Audience, AudienceKind, NotVisible, Standing, Viewer, Who, clock, db, marks, names, standing
from portal_surveys import anonymous, units
from portal_surveys.loading import SURVEY, answers_of, as_survey, ids, load, questions
from portal_surveys.rules import Question, Survey, Texts, Unit

NEWEST = 2**62

# ---- For those who write ----


@dataclass(frozen=True, slots=True)
class Entry:
    """A line in the lists of those who write. `at`: when it was written, opened or closed, microseconds UTC."""

    id: int
    title: Texts
    state: str
    per: str
    anonymous: bool
    audience: Audience
    deadline: str | None
    at: int
    answered: int
    asked: int
    mine: bool


ANSWERED = (  # of a survey `s`; of a closed anonymous one the tickets are gone, and its results say it
    "(SELECT count(*) FROM surveys_response r WHERE r.survey = s.id)"
    " + CASE WHEN s.anonymous AND s.state = 'closed' THEN"
    " (SELECT COALESCE(sum(t.n), 0) FROM surveys_tally t WHERE t.survey = s.id AND t.question = 0)"
    " ELSE (SELECT count(*) FROM surveys_ticket k WHERE k.survey = s.id) END"
)


def _listed(who: Standing) -> tuple[str, list[Any]]:
    """Which surveys `s` stand in somebody's lists: the own ones, and of their classes those that are no drafts."""
    groups = sorted(who.staff_of)
    shared = " OR ".join(["',' || s.groups || ',' LIKE ?"] * len(groups)) or "FALSE"
    where = f"(s.author = ? OR (s.state <> 'draft' AND s.audience = 'groups' AND ({shared})))"
    return where, [who.person, *(f"%,{group},%" for group in groups)]


async def mine(viewer: Viewer, state: str, before: int | None = None, limit: int = 30) -> list[Entry]:
    """The surveys in this state that this person wrote, and those of their classes that were opened; newest first.

    `before` is the last id of the page before. Raises NotVisible for whoever is no staff.
    """
    who = await _writer(viewer)
    theirs, args = _listed(who)
    rows = await db.rows(
        "SELECT s.id, s.title, s.languages, s.state, s.per, s.anonymous, s.audience, s.groups, s.deadline,"
        f" COALESCE(s.closed_at, s.opened_at, s.created_at), {ANSWERED}, s.asked, s.author FROM surveys_survey s"
        f" WHERE s.state = ? AND s.id < ? AND {theirs} ORDER BY s.id DESC LIMIT ?",
        *(state, before or NEWEST, *args, limit),
    )
    return [
        Entry(
            *(row[0], Texts(row[2].partition(",")[0], json.loads(row[1])), row[3], row[4], bool(row[5])),
            *(Audience(AudienceKind(row[6]), ids(row[7])), row[8], row[9], int(row[10]), row[11]),
            mine=row[12] == viewer.person,
        )
        for row in rows
    ]


async def counts(viewer: Viewer) -> Mapping[str, int]:
    """How many surveys each of the lists holds, by state. Raises NotVisible for whoever is no staff."""
    theirs, args = _listed(await _writer(viewer))
    rows = await db.rows(f"SELECT s.state, count(*) FROM surveys_survey s WHERE {theirs} GROUP BY s.state", *args)
    return {"draft": 0, "open": 0, "closed": 0} | dict(rows)


async def _writer(viewer: Viewer) -> Standing:
    who = await standing(viewer)
    if not who.is_staff or who.is_child:
        raise NotVisible
    return who


# ---- For those who are asked ----


@dataclass(frozen=True, slots=True)
class Waiting:
    """A survey for one unit of this person. `state`: 'new', 'draft' (half filled, kept here), 'answered' or 'changed'
    (answered, with changes that are kept here and not sent)."""

    survey: Survey
    unit: Unit
    state: str

    @property
    def open(self) -> bool:
        return self.state in ("new", "draft")


async def waiting(person: Who) -> list[Waiting]:
    """What asks this person now, answered or not; the nearest deadline first, then the newest.

    The same number of queries for one survey and for thirty.
    """
    if person.person is None or person.is_child or not person.is_guardian:
        return []
    today = clock.present(person.school.timezone).today
    rows = await db.rows(f"{SURVEY} WHERE s.state = 'open' ORDER BY s.deadline IS NULL, s.deadline, s.id DESC")
    surveys = [survey for survey in map(as_survey, rows) if survey.answerable(today)]
    theirs = await units.units_of_each(person.viewer, surveys)
    asked = [(survey, unit) for survey, units_ in zip(surveys, theirs, strict=True) for unit in units_]
    if not asked:
        return []
    keys = sorted({unit.key for _survey_, unit in asked})
    answered = set(
        await db.rows(f"SELECT survey, unit FROM surveys_response WHERE unit IN ({marks(len(keys))})", *keys)
    )
    drafts = set(await db.rows("SELECT survey, child FROM surveys_draft WHERE person = ?", person.person))
    answered |= await anonymous.answered([(s, unit.key) for s, unit in asked if s.anonymous])
    return [
        Waiting(s, unit, _state((s.id, unit.key) in answered, (s.id, unit.child) in drafts)) for s, unit in asked
    ]


def _state(answered: bool, draft: bool) -> str:
    if answered:
        return "changed" if draft else "answered"
    return "draft" if draft else "new"


async def given(person: Who, limit: int = 30) -> list[Waiting]:
    """The surveys by name that take no more answers and that this person answered; newest first."""
    if person.person is None:
        return []
    today = clock.present(person.school.timezone).today
    rows = await db.rows(
        f"{SURVEY.replace('SELECT', 'SELECT r.unit, r.child,', 1)} JOIN surveys_response r ON r.survey = s.id"
        " WHERE r.person = ? ORDER BY r.id DESC LIMIT ?",
        *(person.person, 2 * limit),
    )
    called = await names({row[1] for row in rows if row[1]} - person.standing.blocked_from, person.facts)
    found = [
        Waiting(as_survey(row[2:]), Unit(row[0], row[1], called.get(row[1], "")), "answered")
        for row in rows
        if not row[1] or row[1] in called
    ]
    return [one for one in found if not one.survey.answerable(today)][:limit]


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody answered. `at` in microseconds UTC."""

    survey: Survey
    unit: Unit
    at: int
    answers: Sequence[tuple[Question, Any]]


async def own(person: Who, survey: int, child: int = 0) -> Given:
    """What this person answered by name, also after closing. Raises NotVisible if they did not."""
    found = await load(survey)
    row = await db.row(
        "SELECT id, unit, updated_at FROM surveys_response WHERE survey = ? AND person = ? AND child = ?",
        *(survey, person.person or 0, child),
    )
    if found is None or row is None or child in person.standing.blocked_from:
        raise NotVisible
    called = await names([child] if child else [], person.facts)
    values = await answers_of(row[0])
    asked = [*await questions(found), *await questions(found, removed=True)]
    unit = Unit(row[1], child, called.get(child, ""))
    return Given(found, unit, row[2], [(q, values[q.id]) for q in asked if q.id in values])
