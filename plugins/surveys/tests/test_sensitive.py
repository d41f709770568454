"""Sensitive questions: pointed out in five languages, asked about a child only as its family allows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from asking import COMING, HEALTH, SLIP, WHY, answer, asked, opened, options
from portal_surveys import actions, answering
from portal_surveys.rules import QuestionForm
from portal_surveys.sensitive import AREAS, sensitive_areas
from test_answering import picture

from portal.plugins import jobs
from portal.sdk import NotVisible, Rung, clock, db, open_file
from portal.testing import TestSchool

FOUND = {
    "politics": (
        "Which political party do you vote for?", "Welche Partei wählen Sie?", "¿A qué partido votó usted?",
        "ما هو انتماؤك السياسي؟", "За яку партію ви голосували?",
    ),
    "mind": (
        "Has your child been depressed?", "Ist Ihr Kind in psychologischer Behandlung?",
        "¿Su hijo ha sufrido depresión?", "هل لدى طفلك صعوبات نفسية؟", "Чи була у вашої дитини депресія?",
    ),
    "sex": (
        "What is your sexual orientation?", "Sind Sie schwanger?", "¿Cuál es su orientación sexual?",
        "ما هو ميولك الجنسي؟", "Яка ваша сексуальна орієнтація?",
    ),
    "crime": (
        "Have you ever been arrested?", "Trinken Sie Alkohol?", "¿Ha consumido drogas alguna vez?",
        "هل دخلت السجن من قبل؟", "Чи вживаєте ви наркотики?",
    ),
    "family": (
        "Are you divorced?", "Gibt es oft Streit in der Familie?", "¿Cómo es su matrimonio?",
        "هل أنتم مطلقون؟", "Чи ви розлучені?",
    ),
    "privileged": (
        "What did your doctor say?", "Was hat Ihr Anwalt geraten?", "¿Qué le dijo su abogado?",
        "ماذا قال المحامي؟", "Що сказав ваш адвокат?",
    ),
    "religion": (
        "Does your child go to church?", "Welche Religion hat Ihr Kind?", "¿Qué religión practican en casa?",
        "ما هي ديانتكم؟", "Яку релігію ви сповідуєте?",
    ),
    "income": (
        "What is your household income?", "Wie hoch ist Ihr Einkommen?", "¿Cuáles son sus ingresos?",
        "ما هو دخلكم الشهري؟", "Який у вас дохід?",
    ),
    "origin": (
        "What is your ethnic background?", "Welche Staatsangehörigkeit hat Ihr Kind?", "¿Cuál es su nacionalidad?",
        "هل أنتم لاجئون؟", "Яке у вас громадянство?",
    ),
    "union": (
        "Are you in a trade union?", "Sind Sie in einer Gewerkschaft?", "¿Pertenece a un sindicato?",
        "هل أنت عضو في نقابة؟", "Чи ви член профспілки?",
    ),
    "body": (
        "May we take a fingerprint?", "Dürfen wir einen Fingerabdruck nehmen?", "¿Podemos tomar su huella dactilar?",
        "هل يمكننا أخذ بصمة؟", "Чи можна взяти відбиток пальця?",
    ),
    "health": (
        "Does your child have allergies?", "Welche Krankheiten hat Ihr Kind?", "¿Tiene su hijo alergias?",
        "هل لدى طفلك حساسية؟", "Чи має дитина алергію?",
    ),
}  # fmt: skip

PLAIN = (
    "Are you coming to the summer party?", "How useful was the evening?", "Which devices are there at home?",
    "How should the school write to you?", "Was bringen Sie zum Fest mit?", "Wie fanden Sie den Elternabend?",
    "Wann erreichen wir Sie am besten?", "¿Qué día le viene mejor?", "¿Vendrá a la fiesta?", "¿Hay internet en casa?",
    "هل ستحضرون الحفل؟", "لا حاجة: أنظر في البوابة بنفسي",
    "كيف تفضلون أن نتواصل معكم؟", "متى يناسبكم الموعد؟", "Чи прийдете ви на свято?",
    "Коли вам зручно?", "Що взяти з собою?", "Good afternoon, what shall we cook?", "May your child come along?",
    "What should we know for the day?", "Do you like the new website?",
)  # fmt: skip


def test_every_area_has_its_words() -> None:
    assert FOUND.keys() == AREAS.keys()


@pytest.mark.parametrize("area", AREAS)
def test_each_area_is_pointed_out_in_five_languages(area: str) -> None:
    for text in FOUND[area]:
        assert area in sensitive_areas(text), text
        assert area in sensitive_areas(text.upper()), text


@pytest.mark.parametrize("text", PLAIN)
def test_plain_questions_are_left_alone(text: str) -> None:
    assert sensitive_areas(text) == []


# ---- Asked only as the family allows ----


async def _allow(school: TestSchool, child: str, yes: bool, by: str) -> None:
    await school.decide(by, child, Rung.FAMILY if yes else Rung.NOBODY, answering.PURPOSE)


async def test_about_a_child_they_are_asked_only_where_allowed(school: TestSchool) -> None:
    survey = await opened(school, COMING, HEALTH, per="child")
    lea, other = school.ids["lea"], school.viewer("other")
    assert len((await answering.begin(other, survey, lea)).questions) == 1  # nobody was asked yet
    seen = (await answering.begin(other, survey, lea)).fingerprint
    await _allow(school, "lea", True, "other")
    assert len((await answering.begin(other, survey, lea)).questions) == 2
    assert await answer(other, survey, 1, "Nuts", child=lea, seen=seen) == "changed"
    assert await answer(other, survey, 1, "Nuts", child=lea) == "kept"
    await _allow(school, "mia", True, "parent")
    await _allow(school, "mia", False, "coparent")
    assert len((await answering.begin(school.viewer("parent"), survey, school.ids["mia"])).questions) == 1


async def test_a_question_that_is_not_asked_is_not_answered(school: TestSchool) -> None:
    survey = await opened(school, COMING, HEALTH, per="child")
    coming, health = (question.id for question in await asked(survey))
    lea, other = school.ids["lea"], school.viewer("other")
    form = await answering.begin(other, survey, lea)
    await answering.keep_draft(other, survey, lea, {coming: 1, health: "Nuts"})
    assert (await answering.begin(other, survey, lea)).values == {coming: 1}
    assert await answering.submit(other, survey, lea, {coming: 1, health: "Nuts"}, form.fingerprint) == "kept"
    assert await db.value("SELECT count(*) FROM surveys_answer WHERE question = ?", health) == 0


async def test_of_guardians_they_are_asked_and_never_required(school: TestSchool) -> None:
    survey = await opened(school, COMING, HEALTH)
    assert len((await answering.begin(school.viewer("other"), survey)).questions) == 2
    assert await answer(school.viewer("other"), survey, 1) == "kept"


async def test_a_withdrawal_deletes_answers_drafts_and_files(school: TestSchool) -> None:
    survey = await opened(school, COMING, HEALTH, WHY, replace(SLIP, sensitive="health"), per="child")
    coming, health, why, slip = (question.id for question in await asked(survey))
    second = await opened(school, HEALTH, replace(SLIP, sensitive="health"), per="child")
    lea, other, parent, mia = school.ids["lea"], school.viewer("other"), school.viewer("parent"), school.ids["mia"]
    for child, by in (("lea", "other"), ("mia", "parent"), ("mia", "coparent")):
        await _allow(school, child, True, by)
    for viewer, child in ((other, lea), (parent, mia)):
        await answering.attach(viewer, survey, child, slip, picture())
        assert await answer(viewer, survey, 1, "Nuts", "Because", child=child) == "kept"
    waits, waiting_slip = (question.id for question in await asked(second))
    await answering.keep_draft(other, second, lea, {waits: "Nu"})
    await answering.attach(other, second, lea, waiting_slip, picture())
    files = [file for (file,) in await db.rows("SELECT file FROM surveys_answer WHERE file <> 0")]
    files += [file for (file,) in await db.rows("SELECT file FROM surveys_upload")]
    assert len(files) == 3

    await jobs.emit("consent.changed", lea, answering.PURPOSE)  # nothing has changed: nothing happens
    await jobs.run_due(clock.now())
    assert await db.value("SELECT count(*) FROM surveys_answer") == 8
    await _allow(school, "lea", False, "other")
    await jobs.emit("consent.changed", lea, answering.PURPOSE)
    await jobs.run_due(clock.now())

    rows = await db.rows(
        "SELECT a.question FROM surveys_answer a JOIN surveys_response r ON r.id = a.response WHERE r.child = ?", lea
    )
    assert {question for (question,) in rows} == {coming, why}
    assert await db.value("SELECT given FROM surveys_draft") == "{}"
    assert await db.value("SELECT count(*) FROM surveys_upload") == 0
    assert await db.value("SELECT count(*) FROM surveys_answer WHERE question = ?", health) == 1  # mia's stays
    gone = 0
    for file in files:
        try:
            await open_file("surveys", file)
        except NotVisible:
            gone += 1
    assert gone == 2


async def test_other_permissions_touch_no_answer(school: TestSchool) -> None:
    survey = await opened(school, HEALTH, per="child")
    await _allow(school, "lea", True, "other")
    await answer(school.viewer("other"), survey, "Nuts", child=school.ids["lea"])
    await school.decide("other", "lea", Rung.NOBODY)
    await jobs.emit("consent.changed", school.ids["lea"], "photo")
    await jobs.run_due(clock.now())
    assert await db.value("SELECT count(*) FROM surveys_answer") == 1


async def test_a_page_about_one_child_shows_nothing_of_what_another_may_be_asked(asking: TestSchool) -> None:
    """Untouched questions are made once for all readers; what they hang on may be hidden from some."""
    survey = await opened(
        asking, QuestionForm("choice", "Is there an illness?", options=options("Diabetes", "None"), sensitive="health"),
        WHY, per="child",
    )  # fmt: skip
    illness, why = await asked(survey)
    chained = QuestionForm("text", "Why?", only_question=illness.id, only_option=1)
    await actions.save_question(asking.viewer("teacher"), survey, why.id, chained)
    await _allow(asking, "lea", True, "other")
    family = await asking.browser("other")
    page = (await family.get(f"/surveys/{survey}/answer?child={asking.ids['lea']}")).text
    assert "Only if you answered “Diabetes”" in page
    family = await asking.browser("parent")
    page = (await family.get(f"/surveys/{survey}/answer?child={asking.ids['mia']}")).text
    assert "Why?" in page
    assert "Diabetes" not in page
    assert "data-only-question" not in page
