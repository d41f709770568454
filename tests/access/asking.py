"""Surveys for the access matrix and the crawls: by name, for two classes, and a draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal_surveys import actions, answering, loading, running
from portal_surveys.rules import Frame, OptionForm, QuestionForm

from portal import plugins
from portal.db import db
from portal.kinds import Audience, AudienceKind, new_id

if TYPE_CHECKING:
    from tests.access.world import World

NOBODY: frozenset[str] = frozenset()
SLIP = b"%PDF-1.4 SLIP %%EOF"


@dataclass(frozen=True)
class Asked:
    """A survey with its texts, those who are asked or have answered, and those who handle it."""

    id: int
    question: int
    title: str
    asked: frozenset[str]
    handled: frozenset[str]
    answers: dict[str, int]  # with a file, by who answered
    said: dict[str, str]  # texts, by who wrote them
    open: bool = True


async def fill_surveys(world: World) -> None:
    await plugins.enable("surveys")
    teacher, colleague = frozenset({"teacher", "admin"}), frozenset({"colleague", "admin"})
    await _ask(world, "3a", "3a", "teacher", frozenset({"parent", "coparent", "other"}), teacher, ("parent", "other"))
    await _ask(world, "3b", "3b", "colleague", frozenset({"parent", "neighbour"}), colleague, ("neighbour",))
    await _ask(world, "writing", "3a", "teacher", NOBODY, teacher, (), opened=False)


async def _ask(
    world: World, name: str, group: str, by: str, asked: frozenset[str], handled: frozenset[str],
    answering_: tuple[str, ...], *, opened: bool = True,
) -> None:
    viewer = world.school.viewer(by)
    survey = await actions.create(viewer, str(new_id()))
    title = f"SURVEY-{name}-{survey % 99991}"
    audience = Audience(AudienceKind.GROUPS, (world.school.groups[group],))
    await actions.save_frame(viewer, survey, Frame(title, "", audience, "guardian", False, None, 0, ("en", "de")))
    options = [OptionForm(0, "Yes"), OptionForm(0, "No")]
    question = await actions.add_question(viewer, survey, QuestionForm("choice", "Are you coming?", options=options))
    await actions.add_question(viewer, survey, QuestionForm("text", "Why?"))
    await actions.add_question(viewer, survey, QuestionForm("file", "Please send the slip."))
    found = Asked(survey, question, title, asked, handled, {}, {}, opened)
    if opened:
        await running.open_survey(viewer, survey)
        for who in answering_:
            await _answer(world, found, who)
    world.surveys[name] = found


async def _answer(world: World, survey: Asked, who: str) -> None:
    viewer = world.school.viewer(who)
    form = await answering.begin(viewer, survey.id)
    choice, text, file = form.questions
    await answering.attach(viewer, survey.id, 0, file.id, SLIP)
    survey.said[who] = f"SAID-{who}-{survey.id % 99991}"
    await answering.submit(viewer, survey.id, 0, {choice.id: 1, text.id: survey.said[who]}, form.fingerprint)
    survey.answers[who] = await db.value(
        "SELECT max(a.id) FROM surveys_answer a JOIN surveys_response r ON r.id = a.response"
        " WHERE r.survey = ? AND r.person = ? AND a.file <> 0",
        *(survey.id, world.id(who)),
    )
    assert await loading.load(survey.id) is not None


def marks(world: World) -> dict[str, frozenset[str]]:
    """Texts with those who may read them: a title whoever is asked and who handles it, an answer who gave it, too."""
    found: dict[str, frozenset[str]] = {}
    for survey in world.surveys.values():
        found[survey.title] = survey.asked | survey.handled
        for who, said in survey.said.items():
            found[said] = survey.handled | {who}
    return found
