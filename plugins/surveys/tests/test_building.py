"""Building a survey: who may, what fits, conditions, languages, and questions taken away."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from asking import BRING, COMING, SIGN, WHY, answer, asked, audience_of, join_class, load, opened, options, written
from portal_surveys import actions, loading, queries, ready
from portal_surveys.rules import (
    MOST_OPTIONS,
    MOST_QUESTIONS,
    MOST_RANKED,
    Condition,
    Frame,
    OptionForm,
    QuestionForm,
    places,
)

from portal.sdk import LANGUAGES, BadInput, NotVisible, Refused, new_id
from portal.testing import TestSchool, run


def _frame(school: TestSchool, **changed: object) -> Frame:
    frame = Frame("Title", "Intro", audience_of(school, "3a"), "guardian", False, None, 0, ("en",))
    return replace(frame, **changed)  # type: ignore[arg-type]


# ---- Who may ----


@pytest.mark.parametrize("name", ["colleague", "office", "parent", "grandparent", "mia", "outsider", "anonymous"])
async def test_nobody_else_touches_a_survey(sqlite_school: TestSchool, name: str) -> None:
    school = sqlite_school
    survey = await written(school, COMING, WHY)
    question = (await asked(survey))[0].id
    viewer = school.viewer(name)
    for refused in (
        actions.save_frame(viewer, survey, _frame(school)),
        actions.add_question(viewer, survey, WHY),
        actions.save_question(viewer, survey, question, COMING),
        actions.move(viewer, survey, question, False),
        actions.remove(viewer, survey, question, True),
        actions.put_back(viewer, survey, question),
        actions.translate(viewer, survey, "de", {}),
        actions.erase(viewer, survey),
        loading.handled(viewer, survey),
    ):
        with pytest.raises(NotVisible):
            await refused
    assert len(await asked(survey)) == 2


async def test_author_staff_of_the_class_and_administrators_do(school: TestSchool) -> None:
    survey = await written(school)
    await join_class(school, "colleague", "3a")
    for name in ("teacher", "colleague", "admin"):
        await actions.add_question(school.viewer(name), survey, WHY)
    assert len(await asked(survey)) == 4
    await run("DELETE FROM staff WHERE adult = ?", school.ids["teacher"])
    with pytest.raises(NotVisible):  # an author who is no staff any more
        await actions.add_question(school.viewer("teacher"), survey, WHY)


@pytest.mark.parametrize("name", ["parent", "mia", "anonymous", "outsider"])
async def test_only_staff_write_surveys(sqlite_school: TestSchool, name: str) -> None:
    with pytest.raises(NotVisible):
        await actions.create(sqlite_school.viewer(name), "t")
    with pytest.raises(NotVisible):
        await queries.mine(sqlite_school.viewer(name), "draft")


async def test_a_double_click_makes_one_survey(school: TestSchool) -> None:
    made = await asyncio.gather(*(actions.create(school.viewer("teacher"), "same") for _ in range(4)))
    assert len(set(made)) == 1
    assert await actions.create(school.viewer("colleague"), "same") != made[0]
    assert (await load(made[0])).audience.groups == (school.groups["3a"],)


async def test_another_class_is_not_for_this_teacher_to_ask(school: TestSchool) -> None:
    survey = await written(school)
    with pytest.raises(BadInput) as failure:
        await actions.save_frame(school.viewer("teacher"), survey, _frame(school, audience=audience_of(school, "3b")))
    assert failure.value.field == "audience"
    for allowed in ("3a", "school"):
        audience = audience_of(school, allowed)
        await actions.save_frame(school.viewer("teacher"), survey, _frame(school, audience=audience))
        assert (await load(survey)).audience == audience


async def test_lists_and_their_numbers(school: TestSchool) -> None:
    drafts = [await written(school) for _ in range(3)]
    running = await opened(school, by="colleague", audience="3b")
    await join_class(school, "office", "3a")
    shared = await opened(school, by="office", audience="3a")
    await run("DELETE FROM staff WHERE adult = ?", school.ids["office"])
    viewer = school.viewer("teacher")
    assert [entry.id for entry in await queries.mine(viewer, "draft")] == drafts[::-1]
    assert [entry.id for entry in await queries.mine(viewer, "draft", before=drafts[2], limit=1)] == [drafts[1]]
    assert [(entry.id, entry.mine) for entry in await queries.mine(viewer, "open")] == [(shared, False)]
    assert await queries.counts(viewer) == {"draft": 3, "open": 1, "closed": 0}
    assert running not in {entry.id for entry in await queries.mine(viewer, "open")}
    await answer(school.viewer("parent"), shared, 1)
    (entry,) = await queries.mine(viewer, "open")
    assert (entry.answered, entry.asked) == (1, 3)


async def test_two_windows_notice_each_other(school: TestSchool) -> None:
    survey, viewer = await written(school), school.viewer("teacher")
    seen = (await load(survey)).version
    await actions.save_frame(viewer, survey, _frame(school, title="First", version=seen))
    with pytest.raises(BadInput) as failure:
        await actions.save_frame(viewer, survey, _frame(school, title="Second", version=seen))
    assert failure.value.field == "version"
    assert (await load(survey)).title.text("en") == "First"
    await actions.save_frame(viewer, survey, _frame(school, title="Second", version=(await load(survey)).version))
    assert (await load(survey)).title.text("en") == "Second"


async def test_once_open_whom_it_asks_stays(school: TestSchool) -> None:
    survey, viewer = await opened(school), school.viewer("teacher")
    for changed in ({"anonymous": True}, {"per": "child"}, {"audience": audience_of(school, "school")}):
        with pytest.raises(BadInput):
            await actions.save_frame(viewer, survey, _frame(school, **changed))
    await actions.save_frame(viewer, survey, _frame(school, title="Better words"))
    assert (await load(survey)).title.text("en") == "Better words"


# ---- What fits ----


async def test_ten_thousand_options_are_too_many(school: TestSchool) -> None:
    survey, viewer = await written(school), school.viewer("teacher")
    form = QuestionForm("choice", "Which?", options=options(*(f"Answer {n}" for n in range(10_000))))
    for attempt in (
        actions.add_question(viewer, survey, form),
        actions.save_question(viewer, survey, (await asked(survey))[0].id, form),
    ):
        with pytest.raises(BadInput) as failure:
            await attempt
        assert failure.value.field == "options"
        assert "10000" in str(failure.value)
        assert "100" in str(failure.value)
    most = replace(form, options=form.options[:MOST_OPTIONS])
    await actions.add_question(viewer, survey, most)
    assert [len(q.options) for q in await asked(survey)] == [2, MOST_OPTIONS]
    ranked = replace(most, kind="ranking", options=most.options[: MOST_RANKED + 1])  # a page holds their square
    with pytest.raises(BadInput, match="20"):
        await actions.add_question(viewer, survey, ranked)
    await actions.add_question(viewer, survey, replace(ranked, options=ranked.options[:MOST_RANKED]))


async def test_so_many_questions_and_no_more(sqlite_school: TestSchool) -> None:
    school = sqlite_school
    survey, viewer = await written(school), school.viewer("teacher")
    for _ in range(MOST_QUESTIONS - 1):
        await actions.add_question(viewer, survey, WHY)
    with pytest.raises(BadInput):
        await actions.add_question(viewer, survey, WHY)
    assert len(await asked(survey)) == MOST_QUESTIONS


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (QuestionForm("riddle", "What?"), "kind"),
        (QuestionForm("text", "  "), "label"),
        (QuestionForm("text", "x" * 501), "label"),
        (QuestionForm("text", "x", help="x" * 501), "help"),
        (QuestionForm("choice", "Which?", options=options("One", " ")), "options"),
        (QuestionForm("many", "Which?", options=options("One", "x" * 501)), "options"),
        (QuestionForm("scale", "How?", low=5, high=5), "high"),
        (QuestionForm("scale", "How?", low=0, high=11), "high"),
        (QuestionForm("text", "How?", sensitive="health", required=True), "required"),
        (QuestionForm("text", "How?", sensitive="nonsense"), "sensitive"),
        (QuestionForm("text", "How?", feeds="channel"), "feeds"),
        (QuestionForm("choice", "How?", options=[OptionForm(0, "a", "fax"), OptionForm(0, "b")], feeds="channel"),
         "options"),
        (QuestionForm("text", "How?", only_question=77, only_option=1), "only_question"),
    ],
)  # fmt: skip
async def test_what_does_not_fit_names_its_place(sqlite_school: TestSchool, form: QuestionForm, field: str) -> None:
    survey = await written(sqlite_school)
    with pytest.raises(BadInput) as failure:
        await actions.add_question(sqlite_school.viewer("teacher"), survey, form)
    assert failure.value.field == field
    assert len(await asked(survey)) == 1


async def test_an_anonymous_survey_asks_for_no_name(school: TestSchool) -> None:
    survey = await written(school, COMING, anonymous=True)
    for form in (SIGN, QuestionForm("file", "A picture?"), QuestionForm(
        "choice", "How?", options=[OptionForm(0, "Mail", "email"), OptionForm(0, "Paper", "paper")], feeds="channel"
    )):  # fmt: skip
        with pytest.raises(BadInput):
            await actions.add_question(school.viewer("teacher"), survey, form)


# ---- Conditions ----


def kept(form: QuestionForm) -> QuestionForm:
    """The form as a page shows it again: with the numbers that its options were given."""
    return replace(form, options=[replace(option, id=at) for at, option in enumerate(form.options, 1)])


async def _hanging(school: TestSchool) -> tuple[int, list[int]]:
    survey = await written(school, COMING, WHY)
    first, second = await asked(survey)
    await actions.save_question(
        school.viewer("teacher"), survey, second.id, replace(WHY, only_question=first.id, only_option=2)
    )
    return survey, [first.id, second.id]


async def test_a_question_hangs_on_an_earlier_answer(school: TestSchool) -> None:
    survey, (first, second) = await _hanging(school)
    assert [q.only_if for q in await asked(survey)] == [None, Condition(first, 2)]
    for option in (3, 0, -1):
        form = replace(WHY, only_question=first, only_option=option)
        with pytest.raises(BadInput) as failure:
            await actions.save_question(school.viewer("teacher"), survey, second, form)
        assert failure.value.field == "only_option"


async def test_a_circle_is_refused_and_names_both(school: TestSchool) -> None:
    survey, viewer = await written(school, COMING, BRING), school.viewer("teacher")
    first, second = (question.id for question in await asked(survey))
    await actions.save_question(viewer, survey, second, replace(BRING, only_question=first, only_option=1))
    for own, other in ((first, second), (first, first), (second, second)):
        form = replace(kept(COMING if own == first else BRING), only_question=other, only_option=1)
        with pytest.raises(BadInput) as failure:
            await actions.save_question(viewer, survey, own, form)
        assert failure.value.field == "only_question"
        if own != other:
            assert "Are you coming?" in str(failure.value)
            assert "What do you bring?" in str(failure.value)


async def test_moving_a_question_above_what_it_hangs_on_is_refused(school: TestSchool) -> None:
    survey, (first, second) = await _hanging(school)
    viewer = school.viewer("teacher")
    for question, up in ((second, True), (first, False)):
        with pytest.raises(Refused) as failure:
            await actions.move(viewer, survey, question, up)
        assert "Why?" in str(failure.value)
        assert "Are you coming?" in str(failure.value)
    third = await actions.add_question(viewer, survey, BRING)
    await actions.move(viewer, survey, third, True)
    await actions.move(viewer, survey, third, True)
    await actions.move(viewer, survey, third, True)  # at the top already
    assert [q.id for q in await asked(survey)] == [third, first, second]


async def test_a_circle_forged_into_the_database_opens_nothing(school: TestSchool) -> None:
    from portal_surveys import running

    survey, (first, second) = await _hanging(school)
    await run("UPDATE surveys_question SET only_question = ?, only_option = 1 WHERE id = ?", second, first)
    with pytest.raises(Refused) as failure:
        await running.open_survey(school.viewer("teacher"), survey)
    assert "Why?" in str(failure.value)
    await run("UPDATE surveys_survey SET state = 'open'")
    assert await answer(school.viewer("parent"), survey, 1, "x") == "kept"  # and asking comes to an end


async def test_what_others_hang_on_stays(school: TestSchool) -> None:
    survey, (first, _second) = await _hanging(school)
    viewer = school.viewer("teacher")
    with pytest.raises(Refused):
        await actions.remove(viewer, survey, first)
    with pytest.raises(BadInput):
        await actions.save_question(viewer, survey, first, replace(kept(COMING), kind="ranking"))
    with pytest.raises(BadInput):  # the answer “No” is gone
        await actions.save_question(
            viewer, survey, first, replace(COMING, options=[OptionForm(1, "Yes"), OptionForm(0, "Maybe")])
        )
    assert [len(q.options) for q in await asked(survey)] == [2, 0]


# ---- Questions taken away ----


async def test_before_answers_a_question_is_deleted_after_them_it_is_kept(school: TestSchool) -> None:
    survey, viewer = await opened(school, COMING, WHY, BRING), school.viewer("teacher")
    _coming, why, bring = (question.id for question in await asked(survey))
    assert await actions.remove(viewer, survey, bring)
    with pytest.raises(NotVisible):
        await actions.put_back(viewer, survey, bring)
    await answer(school.viewer("parent"), survey, 1, "Because")
    assert not await actions.remove(viewer, survey, why)  # somebody has to be asked first
    assert len(await asked(survey)) == 2
    assert await actions.remove(viewer, survey, why, sure=True)
    assert len(await asked(survey)) == 1
    await answer(school.viewer("parent"), survey, 2)  # changing the rest keeps what was said to it
    await actions.put_back(viewer, survey, why)
    from portal_surveys import answering

    form = await answering.begin(school.viewer("parent"), survey)
    assert form.values == {form.questions[0].id: 2, why: "Because"}


async def test_after_answers_nothing_is_lost_by_changing_a_question(school: TestSchool) -> None:
    survey, viewer = await opened(school, COMING), school.viewer("teacher")
    (coming,) = await asked(survey)
    await answer(school.viewer("parent"), survey, 2)
    for form in (
        replace(COMING, kind="many"),
        replace(COMING, options=[OptionForm(1, "Yes"), OptionForm(0, "Perhaps")]),
    ):
        with pytest.raises(BadInput):
            await actions.save_question(viewer, survey, coming.id, form)
    more = replace(COMING, options=[OptionForm(2, "No, sorry"), OptionForm(1, "Yes"), OptionForm(0, "Perhaps")])
    await actions.save_question(viewer, survey, coming.id, more)
    (coming,) = await asked(survey)
    assert [(o.id, o.label.text("en")) for o in coming.options] == [(2, "No, sorry"), (1, "Yes"), (3, "Perhaps")]


async def test_putting_back_needs_room_and_what_it_hangs_on(school: TestSchool) -> None:
    survey, (first, second) = await _hanging(school)
    viewer = school.viewer("teacher")
    await run("UPDATE surveys_survey SET state = 'open'")
    await answer(school.viewer("parent"), survey, 2, "x")
    await actions.remove(viewer, survey, second, sure=True)
    await actions.remove(viewer, survey, first, sure=True)
    with pytest.raises(Refused):
        await actions.put_back(viewer, survey, second)
    await actions.put_back(viewer, survey, first)
    await actions.put_back(viewer, survey, second)
    assert [q.id for q in await asked(survey)] == [first, second]


# ---- Languages and templates ----


async def test_texts_in_several_languages_fall_back_to_the_main_one(school: TestSchool) -> None:
    survey, viewer = await written(school, languages=("de", "en", "ar")), school.viewer("teacher")
    (question,) = await asked(survey)
    keys = places(await load(survey), [question])
    assert set(keys) == {"title", f"label:{question.id}", f"option:{question.id}:1", f"option:{question.id}:2"}
    await actions.translate(
        viewer, survey, "ar", {"title": " الحفل ", f"option:{question.id}:2": "لا", "label:99": "?"}
    )
    found, (question,) = await load(survey), await asked(survey)
    assert (found.title.text("ar"), found.title.text("uk")) == ("الحفل", "The fete")
    assert (question.label.text("ar"), question.label.lang("ar")) == ("Are you coming?", "de")
    assert [option.label.text("ar") for option in question.options] == ["Yes", "لا"]
    await actions.translate(viewer, survey, "ar", {"title": ""})
    assert (await load(survey)).title.by == {"de": "The fete"}
    for lang in ("de", "uk", "xx"):
        with pytest.raises(NotVisible):
            await actions.translate(viewer, survey, lang, {"title": "x"})
    with pytest.raises(BadInput) as failure:
        await actions.translate(viewer, survey, "ar", {"title": "x" * 501})
    assert failure.value.field == "title"


@pytest.mark.parametrize("template", ready.TEMPLATES)
async def test_templates_come_in_every_language(sqlite_school: TestSchool, template: str) -> None:
    viewer = sqlite_school.viewer("teacher")
    survey = await actions.create(viewer, str(new_id()), template=template, language="de")
    found, questions = await load(survey), await asked(survey)
    assert found.main == "de"
    assert set(found.languages) == set(LANGUAGES)
    texts = places(found, questions).values()
    assert all(set(text.by) == set(LANGUAGES) for text in texts)
    assert questions
    assert [q.id for q in questions] == sorted(q.id for q in questions)


async def test_an_unknown_template_makes_nothing(sqlite_school: TestSchool) -> None:
    with pytest.raises(NotVisible):
        await actions.create(sqlite_school.viewer("teacher"), "t", template="nonsense")
    assert await queries.mine(sqlite_school.viewer("teacher"), "draft") == []


async def test_erasing_leaves_nothing(school: TestSchool) -> None:
    from portal.sdk import db

    survey = await opened(school, COMING, WHY)
    await answer(school.viewer("parent"), survey, 1, "x")
    await actions.erase(school.viewer("teacher"), survey)
    for table in ("survey", "question", "response", "answer", "draft"):
        assert await db.value(f"SELECT count(*) FROM surveys_{table}") == 0
