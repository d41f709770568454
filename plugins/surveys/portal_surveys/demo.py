"""Three surveys for the demo school: how to reach families (by name), a parents' evening (anonymous, closed), and the
permission for a trip."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

from portal.sdk import Audience, AudienceKind, Viewer, clock, names
from portal_surveys import actions, answering, running, units
from portal_surveys.checks import wording
from portal_surveys.loading import load
from portal_surveys.rules import Frame, Question, Survey, applies

WORDS = (
    "Thank you, the stations were a good idea.", "Please begin a little later, many of us work until five.",
    "More time to talk with each other.", "Danke für den schönen Abend!", "Me gustaría tener un intérprete.",
    "It was too loud in the hall.", "Bitte die Folien ins Portal stellen.", "The children's choir was lovely.",
)  # fmt: skip


async def ask(school: Any, progress: Callable[[str, int, int], None]) -> None:
    """Makes the surveys of a `portal.demo` school, with some of the answers."""
    dice = Random("surveys")  # noqa: S311 -- made-up answers, not secrets
    teacher, office = Viewer(school.people["teacher"]), Viewer(school.people["office"])
    own, now = Audience(AudienceKind.GROUPS, (school.groups["3a"],)), clock.now()
    progress("Surveys", 0, 3)
    with clock.frozen(now - 6 * clock.DAY):
        contact = await _opened(office, "contact", Audience(AudienceKind.SCHOOL), 14)
        await _answers(contact, dice, 0.2)
    progress("Surveys", 1, 3)
    with clock.frozen(now - 20 * clock.DAY):
        evening = await _opened(teacher, "evening", own, None)
        await _answers(evening, dice, 0.8)
    with clock.frozen(now - 9 * clock.DAY):
        await running.close(teacher, evening.id)
    progress("Surveys", 2, 3)
    with clock.frozen(now - 2 * clock.DAY):
        slip = await _opened(teacher, "slip", own, 7)
        await _answers(slip, dice, 0.4)
    progress("Surveys", 3, 3)


async def _opened(viewer: Viewer, template: str, audience: Audience, days: int | None) -> Survey:
    survey = await actions.create(viewer, f"demo {template}", template=template)
    made = await _loaded(survey)
    last = clock.add_days(await units.today(), days) if days is not None else None
    texts = made.title.text("en"), made.intro.text("en")
    frame = Frame(*texts, audience, made.per, made.anonymous, last, 3 if last else 0, made.languages)
    await actions.save_frame(viewer, survey, frame)
    await running.open_survey(viewer, survey)
    return await _loaded(survey)


async def _loaded(survey: int) -> Survey:
    found = await load(survey)
    assert found is not None
    return found


async def _answers(survey: Survey, dice: Random, share: float) -> None:
    """A share of those asked answers."""
    everybody = await units.everybody(survey.audience, survey.per)
    called = await names(unit.adults[0] for unit in everybody.values())
    for unit in everybody.values():
        if dice.random() >= share:
            continue
        viewer = Viewer(unit.adults[0])
        child = min(unit.children) if survey.per == "child" else 0
        form = await answering.begin(viewer, survey.id, child)
        values = _made_up(form.questions, called[unit.adults[0]], dice)
        await answering.submit(viewer, survey.id, child, values, form.fingerprint)


def _made_up(questions: Sequence[Question], name: str, dice: Random) -> Mapping[int, Any]:
    values: dict[int, Any] = {}
    for question in questions:
        if not applies(question, values):
            continue
        options = [option.id for option in question.options]
        match question.kind:
            case "choice":
                values[question.id] = options[0] if dice.random() < 0.6 else dice.choice(options)
            case "many":
                values[question.id] = sorted(dice.sample(options, dice.randint(1, 2)))
            case "ranking":
                values[question.id] = dice.sample(options, len(options))
            case "scale":
                values[question.id] = min(question.high, dice.randint(2, question.high + 1))
            case "text" if dice.random() < 0.3 and question.only_if is None:
                values[question.id] = dice.choice(WORDS)
            case "signature":
                values[question.id] = {"name": name, "at": clock.now(), "sha256": wording(question, "en")}
    return values
