"""Opening, reminding and closing, by hand and when the day has come."""

from __future__ import annotations

import asyncio

import pytest
from asking import COMING, HEALTH, WHY, answer, asked, audience_of, crowd, load, opened, written
from portal_surveys import actions, running
from portal_surveys.rules import Frame

from portal import plugins
from portal.plugins import jobs
from portal.sdk import NotVisible, Refused, clock, db
from portal.testing import TestSchool, run

BERLIN = "Europe/Berlin"


async def _written_to() -> list[tuple[int, str, str]]:
    return [(row[0], row[1], row[2]) for row in await db.rows("SELECT person, subject, body FROM outgoing")]


# ---- Opening ----


async def test_what_stands_in_the_way_of_opening_is_told_at_once(school: TestSchool) -> None:
    await school.use("surveys")
    viewer = school.viewer("colleague")
    survey = await actions.create(viewer, "t")
    yesterday = clock.add_days(clock.present(BERLIN).today, -1)
    await run("UPDATE surveys_survey SET deadline = ?, groups = ''", yesterday)
    told = [str(problem) for problem in await running.problems(viewer, survey)]
    assert told == [
        "Please give the survey a title.", "Please add a question.", "Please choose whom the survey asks.",
        "The last day has passed. Please choose a later one, or none.",
    ]  # fmt: skip
    with pytest.raises(Refused) as failure:
        await running.open_survey(viewer, survey)
    assert str(failure.value) == told[0]
    assert (await load(survey)).state == "draft"


@pytest.mark.parametrize("name", ["colleague", "office", "parent", "anonymous"])
async def test_nobody_else_opens_closes_or_reminds(sqlite_school: TestSchool, name: str) -> None:
    survey, viewer = await written(sqlite_school), sqlite_school.viewer(name)
    for act in (running.problems, running.audience_size, running.open_survey, running.close, running.reopen,
                running.remind):  # fmt: skip
        with pytest.raises(NotVisible):
            await act(viewer, survey)
        with pytest.raises(NotVisible):
            await act(viewer, 5)
    assert (await load(survey)).state == "draft"


async def test_opening_twice_is_opening_once(school: TestSchool) -> None:
    survey, viewer = await written(school, anonymous=True, audience="school"), school.viewer("teacher")
    await asyncio.gather(*(running.open_survey(viewer, survey) for _ in range(3)))
    found = await load(survey)
    assert (found.state, found.asked) == ("open", 5)
    assert found.secret
    assert await answer(school.viewer("parent"), survey, 1) == "kept"


async def test_an_anonymous_survey_of_fewer_than_five_is_not_opened(school: TestSchool) -> None:
    survey, viewer = await written(school, anonymous=True), school.viewer("teacher")
    with pytest.raises(Refused) as failure:
        await running.open_survey(viewer, survey)
    assert "Only 3" in str(failure.value)
    assert (await load(survey)).secret == 0
    await crowd(school, 2)
    await running.open_survey(viewer, survey)
    assert (await load(survey)).asked == 5


async def test_sensitive_questions_about_single_children_are_not_anonymous(school: TestSchool) -> None:
    await crowd(school, 5)
    for per, possible in (("child", False), ("family", True)):
        survey = await written(school, HEALTH, anonymous=True, per=per)
        found = await running.problems(school.viewer("teacher"), survey)
        assert [str(problem)[:8] for problem in found] == ([] if possible else ["“Which a"])


async def test_what_a_form_forged_into_an_anonymous_survey_is_not_opened(school: TestSchool) -> None:
    await crowd(school, 5)
    survey = await written(school, COMING, WHY, anonymous=True)
    await run("UPDATE surveys_question SET kind = 'signature' WHERE kind = 'text'")
    await run("UPDATE surveys_question SET feeds = 'channel' WHERE kind = 'choice'")
    assert len(await running.problems(school.viewer("teacher"), survey)) == 2


# ---- Reminding ----


async def test_the_opening_is_told_to_those_who_are_asked_unless_the_school_is_against_it(school: TestSchool) -> None:
    asked = {school.ids[name] for name in ("parent", "coparent", "other")}
    survey = await written(school)
    await running.open_survey(school.viewer("teacher"), survey)
    told = await _written_to()
    assert {person for person, _subject, _body in told} == asked
    assert "The school asks you: “The fete”" in told[0][2]
    await running.open_survey(school.viewer("teacher"), survey)  # a double click
    assert len(await _written_to()) == len(asked)
    await plugins.choose("surveys", {"announce": False})
    await running.open_survey(school.viewer("teacher"), await written(school))
    assert len(await _written_to()) == len(asked)


async def test_only_those_who_have_not_answered_are_reminded(school: TestSchool) -> None:
    survey, viewer = await opened(school), school.viewer("teacher")
    await answer(school.viewer("parent"), survey, 1)
    assert await running.remind(viewer, survey) == 2
    written_to = await _written_to()
    assert {person for person, _subject, _body in written_to} == {school.ids["coparent"], school.ids["other"]}
    assert "The fete" in written_to[0][1]
    with pytest.raises(Refused):  # not again on the same day
        await running.remind(viewer, survey)
    with clock.frozen(clock.now() + clock.DAY):
        await answer(school.viewer("other"), survey, 1)
        assert await running.remind(viewer, survey) == 1
    await running.close(viewer, survey)
    with clock.frozen(clock.now() + 2 * clock.DAY), pytest.raises(Refused):
        await running.remind(viewer, survey)


async def test_a_family_that_has_answered_is_left_in_peace(school: TestSchool) -> None:
    survey = await opened(school, per="family")
    await answer(school.viewer("parent"), survey, 1)
    assert await running.remind(school.viewer("teacher"), survey) == 1
    assert [person for person, _s, _b in await _written_to()] == [school.ids["other"]]


async def test_in_an_anonymous_survey_too(school: TestSchool) -> None:
    survey = await opened(school, anonymous=True, audience="school")
    await answer(school.viewer("parent"), survey, 1)
    assert await running.remind(school.viewer("teacher"), survey) == 4
    assert school.ids["parent"] not in {person for person, _s, _b in await _written_to()}


async def test_the_reminder_goes_out_once_when_its_day_has_come(school: TestSchool) -> None:
    today = clock.present(BERLIN).today
    survey = await opened(school, deadline=clock.add_days(today, 5), remind_days=2)
    await opened(school, deadline=clock.add_days(today, 5))
    await running.remind_due({})
    assert await _written_to() == []
    with clock.frozen(clock.now() + 3 * clock.DAY):
        await asyncio.gather(*(running.remind_due({}) for _ in range(3)))
        await running.remind_due({})
    assert len(await _written_to()) == 3
    assert (await load(survey)).reminded_at is not None


# ---- Closing ----


async def test_the_last_day_ends_it(school: TestSchool) -> None:
    today = clock.present(BERLIN).today
    survey, other = await opened(school, deadline=today), await opened(school)
    await running.close_due({})
    assert (await load(survey)).state == "open"
    with clock.frozen(clock.present(BERLIN).day_ends):
        await asyncio.gather(*(running.close_due({}) for _ in range(3)))
    assert ((await load(survey)).state, (await load(other)).state) == ("closed", "open")
    viewer = school.viewer("teacher")
    with clock.frozen(clock.present(BERLIN).day_ends):
        with pytest.raises(Refused):
            await running.reopen(viewer, survey)
        later = clock.add_days(clock.present(BERLIN).today, 1)
        await actions.save_frame(
            viewer, survey, Frame("The fete", "", audience_of(school, "3a"), "guardian", False, later, 0, ("en",))
        )
        await running.reopen(viewer, survey)
        assert await answer(school.viewer("parent"), survey, 1) == "kept"


async def test_an_anonymous_survey_stays_closed(school: TestSchool) -> None:
    survey = await opened(school, anonymous=True, audience="school")
    await running.close(school.viewer("teacher"), survey)
    with pytest.raises(Refused):
        await running.reopen(school.viewer("teacher"), survey)
    with pytest.raises(Refused):
        await running.open_survey(school.viewer("teacher"), survey)


async def test_one_that_cannot_be_closed_keeps_none_of_the_others_open(
    school: TestSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = clock.present(BERLIN).today
    bad, good = await opened(school, deadline=today), await opened(school, deadline=today)
    close = running._close

    async def failing(found: object) -> None:
        if getattr(found, "id", 0) == bad:
            raise ValueError("a defect")
        await close(found)  # type: ignore[arg-type]

    monkeypatch.setattr(running, "_close", failing)
    with clock.frozen(clock.present(BERLIN).day_ends), pytest.raises(ValueError, match="a defect"):
        await running.close_due({})
    assert ((await load(bad)).state, (await load(good)).state) == ("open", "closed")


async def test_the_portal_runs_the_jobs(school: TestSchool) -> None:
    """As the portal's own worker does, which lets the plugin use no table but its own."""
    today = clock.present(BERLIN).today
    survey = await opened(school, deadline=today, remind_days=1)
    crowded = await crowd(school, 12)
    hidden = await opened(school, anonymous=True)
    (question,) = await asked(hidden)
    for viewer in crowded:
        assert await answer(viewer, hidden, 1) == "kept"
    await jobs.run_due(clock.now())
    assert len(await _written_to()) == 3 + 12
    assert await db.value("SELECT n FROM surveys_tally WHERE question = ? AND code = '1'", question.id) == 7
    with clock.frozen(clock.present(BERLIN).day_ends + clock.HOUR):
        await jobs.run_due(clock.now())
    assert (await load(survey)).state == "closed"
    assert await jobs.given_up() == {}
