"""Results of surveys by name: pictures, tables, who is missing, and who may not know which child."""

from __future__ import annotations

from dataclasses import replace

import pytest
from asking import (
    BRING,
    COMING,
    DAY,
    MARK,
    ORDER,
    SIGN,
    SLIP,
    WHY,
    answer,
    asked,
    crowd,
    join_class,
    opened,
    written,
)
from portal_surveys import actions, answering, results, running
from test_answering import picture, who

from portal.sdk import NotVisible, clock, db, language, new_id
from portal.testing import TestSchool, run


async def _filled(school: TestSchool) -> int:
    survey = await opened(school, COMING, BRING, MARK, WHY, ORDER, DAY)
    await answer(school.viewer("parent"), survey, 1, [1, 3], 5, "We like it", [3, 1, 2], "2026-12-24")
    await answer(school.viewer("coparent"), survey, 1, [1], 2, None, [3, 2, 1], "2026-12-06")
    await answer(school.viewer("other"), survey, 2, None, 2, "Away")
    return survey


async def test_pictures_of_each_kind(school: TestSchool) -> None:
    found = await results.results(school.viewer("teacher"), await _filled(school))
    coming, bring, mark, why, order, day = found.questions
    assert (found.asked, found.answered, found.hidden) == (3, 3, False)

    def bars(result: results.Result) -> list[tuple[str, int, float]]:
        return [(bar.label.text("en") if bar.label else bar.code, bar.n, round(bar.share, 2)) for bar in result.bars]

    assert bars(coming) == [("Yes", 2, 0.67), ("No", 1, 0.33)]
    assert (bring.answered, bars(bring)) == (2, [("Cake", 2, 1.0), ("Salad", 0, 0.0), ("Drinks", 1, 0.5)])
    assert (mark.mean, bars(mark)[1], len(mark.bars)) == (3.0, ("2", 2, 0.67), 5)
    assert list(why.texts) == ["Away", "We like it"]
    assert bars(order) == [("Food", 6, 1.0), ("Time", 3, 0.5), ("Place", 3, 0.5)]
    assert bars(day) == [("2026-12-06", 1, 0.5), ("2026-12-24", 1, 0.5)]


async def test_nothing_answered_is_no_error(school: TestSchool) -> None:
    found = await results.results(school.viewer("teacher"), await opened(school, COMING, MARK, WHY, ORDER, DAY, SIGN))
    assert (found.answered, found.questions[1].mean) == (0, None)
    assert all(bar.share == 0 for result in found.questions for bar in result.bars)


@pytest.mark.parametrize("name", ["parent", "colleague", "office", "mia", "anonymous"])
async def test_nobody_else_sees_results(sqlite_school: TestSchool, name: str) -> None:
    survey, viewer = await opened(sqlite_school), sqlite_school.viewer(name)
    await answer(sqlite_school.viewer("parent"), survey, 1)
    for look in (results.results, results.responses, results.missing):
        with pytest.raises(NotVisible):
            await look(viewer, survey)
    with pytest.raises(NotVisible):
        await results.rows(viewer, survey, language("en"))


async def test_a_question_taken_away_still_shows_what_was_said(school: TestSchool) -> None:
    survey, viewer = await _filled(school), school.viewer("teacher")
    why = (await asked(survey))[3]
    await actions.remove(viewer, survey, why.id, sure=True)
    found = await results.results(viewer, survey)
    assert [result.question.id for result in found.removed] == [why.id]
    assert list(found.removed[0].texts) == ["Away", "We like it"]
    assert "We like it" in str(await results.rows(viewer, survey, language("en")))
    await actions.put_back(viewer, survey, why.id)
    found = await results.results(viewer, survey)
    assert (len(found.questions), len(found.removed)) == (6, 0)


async def test_a_line_for_each_answer(school: TestSchool) -> None:
    survey = await opened(school, COMING, BRING, ORDER, DAY, SIGN, WHY, per="child")
    parent = await who(school, "parent")
    sign = (await asked(survey))[4]
    signed = answering.signature(parent, sign)
    mia = school.ids["mia"]
    await answer(parent.viewer, survey, 1, [1, 3], [3, 1, 2], "2026-12-24", signed, "=1+1", child=mia)
    header, lines = await results.rows(school.viewer("teacher"), survey, language("en"))
    assert header == ["Answered by", "Child", "When", *(question.text("en") for question in await asked(survey))]
    (line,) = lines
    assert line[:2] == ["Parent Test", "Mia Test"]
    assert line[3:7] == ["Yes", "Cake, Drinks", "1. Food, 2. Time, 3. Place", "December 24, 2026"]
    assert line[7].startswith("Signed by ")
    assert line[8] == "=1+1"  # made safe where the file is written
    assert len(line) == len(header)


async def test_who_has_not_answered(school: TestSchool) -> None:
    survey = await opened(school, per="child")
    teacher = school.viewer("teacher")
    found = await results.missing(teacher, survey)
    assert [(list(one.adults), list(one.children)) for one in found] == [
        (["Other Test"], ["Lea Test"]), (["Coparent Test", "Parent Test"], ["Mia Test"]),
    ]  # fmt: skip
    await answer(school.viewer("parent"), survey, 1, child=school.ids["mia"])
    assert [list(one.children) for one in await results.missing(teacher, survey)] == [["Lea Test"]]


async def test_of_an_anonymous_survey_nobody_is_missing_or_named(school: TestSchool) -> None:
    survey = await opened(school, anonymous=True, audience="school")
    await answer(school.viewer("parent"), survey, 1)
    for look in (results.missing, results.responses):
        with pytest.raises(NotVisible):
            await look(school.viewer("teacher"), survey)


@pytest.mark.parametrize("per", ["child", "guardian", "family"])
async def test_a_child_kept_from_a_teacher_is_in_none_of_it(school: TestSchool, per: str) -> None:
    survey = await opened(school, COMING, WHY, SLIP, per=per)
    slip = (await asked(survey))[2].id
    for name, child, text in (("parent", "mia", "About mia"), ("other", "lea", "About lea")):
        about = school.ids[child] if per == "child" else 0
        await answering.attach(school.viewer(name), survey, about, slip, picture())
        assert await answer(school.viewer(name), survey, 1, text, child=about) == "kept"
    await join_class(school, "colleague", "3a")
    await run(
        "INSERT INTO block (id, adult, child, created_at) VALUES (?, ?, ?, ?)",
        *(new_id(), school.ids["colleague"], school.ids["mia"], clock.now()),
    )
    files = dict(await db.rows("SELECT r.person, a.id FROM surveys_answer a JOIN surveys_response r"
                               " ON r.id = a.response WHERE a.file <> 0"))  # fmt: skip
    for name, sees in (("teacher", True), ("colleague", False)):
        viewer = school.viewer(name)
        told = repr(
            (
                [result.texts for result in (await results.results(viewer, survey)).questions],
                await results.responses(viewer, survey),
                await results.rows(viewer, survey, language("en")),
                await results.missing(viewer, survey),
            )
        )
        assert "About lea" in told
        assert ("About mia" in told) == sees
        assert sees or "Mia Test" not in told
        assert ("Coparent" in told) == (sees and per == "guardian")
        assert (await results.open_answer_file(viewer, survey, files[school.ids["other"]]))[0]
        if sees:
            assert (await results.open_answer_file(viewer, survey, files[school.ids["parent"]]))[0]
        else:
            with pytest.raises(NotVisible):
                await results.open_answer_file(viewer, survey, files[school.ids["parent"]])


async def test_a_file_is_for_its_sender_and_the_survey_s_staff(school: TestSchool) -> None:
    survey = await opened(school, replace(SLIP, required=True))
    (slip,) = await asked(survey)
    await answering.attach(school.viewer("parent"), survey, 0, slip.id, picture())
    await answer(school.viewer("parent"), survey)
    (file,) = (await results.results(school.viewer("teacher"), survey)).questions[0].files
    assert file[1] == "Parent Test"
    for name in ("teacher", "admin", "parent"):
        assert (await results.open_answer_file(school.viewer(name), survey, file[0]))[1].startswith("image/")
    for name in ("coparent", "other", "colleague", "office", "anonymous"):
        with pytest.raises(NotVisible):
            await results.open_answer_file(school.viewer(name), survey, file[0])
    for number in (0, 5, 2**62):
        with pytest.raises(NotVisible):
            await results.open_answer_file(school.viewer("teacher"), survey, number)


async def test_results_cost_as_many_queries_for_many_answers(
    sqlite_school: TestSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.db import db as core

    school = sqlite_school
    crowded = await crowd(school, 30)
    survey = await opened(school, COMING, WHY)
    asked_, read = 0, core.rows

    async def counted(sql: str, *args: object) -> list[tuple[object, ...]]:
        nonlocal asked_
        asked_ += 1
        return await read(sql, *args)

    async def cost() -> int:
        nonlocal asked_
        for _ in range(2):  # the second time, what is known of people is at hand
            asked_ = 0
            await results.results(school.viewer("teacher"), survey)
            await results.rows(school.viewer("teacher"), survey, language("en"))
        return asked_

    monkeypatch.setattr(core, "rows", counted)
    await answer(crowded[0], survey, 1, "x")
    first = await cost()
    for viewer in crowded[1:]:
        await answer(viewer, survey, 1, "x")
    assert await cost() == first


async def test_a_closed_survey_remembers_how_many_were_asked(school: TestSchool) -> None:
    survey = await opened(school)
    await running.close(school.viewer("teacher"), survey)
    await crowd(school, 4)
    assert (await results.results(school.viewer("teacher"), survey)).asked == 3
    assert (await results.results(school.viewer("teacher"), await written(school))).asked == 7


async def test_a_file_about_a_child_whom_one_must_not_see_any_more_stays_closed(school: TestSchool) -> None:
    survey = await opened(school, replace(SLIP, required=True), per="child")
    (slip,) = await asked(survey)
    parent, mia = school.viewer("parent"), school.ids["mia"]
    await answering.attach(parent, survey, mia, slip.id, picture())
    await answer(parent, survey, child=mia)
    ((file, _whose),) = (await results.results(school.viewer("teacher"), survey)).questions[0].files
    assert (await results.open_answer_file(parent, survey, file))[0]
    await run("INSERT INTO block (id, adult, child, created_at) VALUES (?, ?, ?, 0)", new_id(), parent.person, mia)
    with pytest.raises(NotVisible):
        await results.open_answer_file(parent, survey, file)
