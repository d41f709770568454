"""Short ways for tests to write, open and answer surveys, through the actions that the pages call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from portal_surveys import actions, answering, loading, running
from portal_surveys.rules import Frame, OptionForm, Question, QuestionForm, Survey

from portal.sdk import Audience, AudienceKind, Viewer, atomic, clock, db, new_id
from portal.testing import TestSchool, run


def options(*labels: str) -> list[OptionForm]:
    return [OptionForm(0, label) for label in labels]


COMING = QuestionForm("choice", "Are you coming?", options=options("Yes", "No"), required=True)
WHY = QuestionForm("text", "Why?")
BRING = QuestionForm("many", "What do you bring?", options=options("Cake", "Salad", "Drinks"))
MARK = QuestionForm("scale", "How was it?", low=1, high=5)
ORDER = QuestionForm("ranking", "What matters most?", options=options("Time", "Place", "Food"))
DAY = QuestionForm("date", "Which day?")
SLIP = QuestionForm("file", "Please send the slip.")
SIGN = QuestionForm("signature", "I agree.")
HEALTH = QuestionForm("text", "Which allergies does your child have?", sensitive="health")


def audience_of(school: TestSchool, audience: str) -> Audience:
    """`3a`, `3a,3b` or `school`."""
    if audience == "school":
        return Audience(AudienceKind.SCHOOL)
    return Audience(AudienceKind.GROUPS, tuple(sorted(school.groups[g] for g in audience.split(","))))


async def written(
    school: TestSchool, *forms: QuestionForm, by: str = "teacher", audience: str = "3a", per: str = "guardian",
    anonymous: bool = False, deadline: str | None = None, remind_days: int = 0, title: str = "The fete",
    languages: tuple[str, ...] = ("en",),
) -> int:
    """A draft with these questions."""
    if not await db.value("SELECT count(*) FROM keeping WHERE plugin = 'surveys'"):
        await school.use("surveys")
    viewer = school.viewer(by)
    survey = await actions.create(viewer, str(new_id()))
    frame = Frame(title, "", audience_of(school, audience), per, anonymous, deadline, remind_days, languages)
    await actions.save_frame(viewer, survey, frame)
    for form in forms or (COMING,):
        await actions.add_question(viewer, survey, form)
    return survey


async def opened(school: TestSchool, *forms: QuestionForm, by: str = "teacher", **frame: Any) -> int:
    survey = await written(school, *forms, by=by, **frame)
    await running.open_survey(school.viewer(by), survey)
    await run("DELETE FROM outgoing")  # word of the opening, so that a test sees what follows
    return survey


async def join_class(school: TestSchool, name: str, group: str) -> None:
    """Makes somebody staff of a class."""
    await run(
        "INSERT INTO staff (id, adult, group_id, source, external_id) VALUES (?, ?, ?, 'test', ?)",
        *(new_id(), school.ids[name], school.groups[group], f"{name} {group}"),
    )


async def load(survey: int) -> Survey:
    found = await loading.load(survey)
    assert found is not None
    return found


async def asked(survey: int) -> list[Question]:
    return await loading.questions(await load(survey))


def by_place(questions: Sequence[Question], values: Sequence[Any]) -> dict[int, Any]:
    """Values in the order of the questions, None for no answer."""
    return {q.id: value for q, value in zip(questions, values, strict=False) if value is not None}


async def answer(
    who: Viewer, survey: int, *values: Any, child: int = 0, agreed: bool = False, seen: str | None = None
) -> str:
    """Fills the form in and sends it; `seen` instead of the fingerprint of a form just opened."""
    form = await answering.begin(who, survey, child)
    given: Mapping[int, Any] = by_place(form.questions, values)
    return await answering.submit(who, survey, child, given, seen or form.fingerprint, agreed)


@atomic
async def _grown(school: TestSchool, number: int, group: str) -> list[int]:
    adults = []
    for at in range(number):
        adult, child = new_id(), new_id()
        for person, kind in ((adult, "adult"), (child, "child")):
            await db.run(
                "INSERT INTO person (id, kind, given_name, family_name, email, language, active, born,"
                " safeguarding_hold, source, external_id, created_at)"
                " VALUES (?, ?, ?, 'Crowd', ?, 'en', ?, ?, ?, 'test', ?, ?)",
                *(person, kind, f"{kind}{at}", f"{person}@school.example" if kind == "adult" else None, True),
                *("2015-01-01" if kind == "child" else None, False, f"crowd{person}", clock.now()),
            )
        await db.run(
            "INSERT INTO membership (id, child, group_id, starts, ends, source, external_id)"
            " VALUES (?, ?, ?, NULL, NULL, 'test', ?)",
            *(new_id(), child, school.groups[group], str(child)),
        )
        await db.run(
            "INSERT INTO link (id, adult, child, decides, sees, relation, starts, ends, source)"
            " VALUES (?, ?, ?, ?, ?, 'guardian', NULL, NULL, 'test')",
            *(new_id(), adult, child, True, True),
        )
        adults.append(adult)
    return adults


async def crowd(school: TestSchool, number: int, group: str = "3a") -> list[Viewer]:
    """More families of a class, one adult and one child each."""
    return [Viewer(adult) for adult in await _grown(school, number, group)]
