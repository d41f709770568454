"""Answering by name: half-filled forms, files, signatures, sending twice, changes meanwhile, and surveys that are
closed."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace
from typing import Any

import pytest
from asking import BRING, COMING, DAY, MARK, ORDER, SIGN, SLIP, WHY, answer, asked, by_place, load, opened
from PIL import Image
from portal_surveys import actions, answering, queries, running
from portal_surveys.checks import Unanswered, check, wording
from portal_surveys.rules import MOST_TEXT, Condition, Option, OptionForm, Question, QuestionForm, Texts

from portal.photos import connected
from portal.sdk import BadInput, Conflict, NotVisible, Refused, Who, clock, db, language, open_file
from portal.testing import TestSchool, run
from portal.visibility.facts import snapshot


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), 0x3366CC).save(out, "JPEG")
    return out.getvalue()


async def who(school: TestSchool, name: str) -> Who:
    facts, viewer = await snapshot(), school.viewer(name)
    return Who(viewer, await facts.viewer(viewer.person), facts, language("en"))


# ---- Checking a form ----


def q(number: int, kind: str, *, required: bool = False, only_if: Condition | None = None) -> Question:
    choices = tuple(Option(at, Texts("en", {"en": str(at)})) for at in (1, 2, 3))
    return Question(number, kind, Texts(), options=choices, required=required, only_if=only_if)


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        ("choice", [1, 3], [4, -1, "1", [1], True, 1.0, {"a": 1}, 2**70]),
        ("many", [[1], [3, 1]], [[4], [1, 1], 1, "1", [True], ["1"], {"1": 1}]),
        ("ranking", [[3, 1, 2]], [[1, 2], [1, 2, 2], [1, 2, 3, 4], "123", 1]),
        ("scale", [1, 5], [6, -1, "3", 2.5, [3], True]),
        ("text", ["x", "y" * MOST_TEXT], ["y" * (MOST_TEXT + 1), 5, ["x"]]),
        ("date", ["2026-02-28"], ["2026-02-30", "20260228", "tomorrow", 5, "2026-2-1"]),
        ("signature", [{"name": "A", "at": 1, "sha256": "x"}], ["A", {"name": "A"}, 5, [1]]),
    ],
)
def test_values_of_each_kind(kind: str, right: list[object], wrong: list[object]) -> None:
    for value in right:
        assert check([q(1, kind)], {1: value}) == ({1: value}, {})
    for value in wrong:
        values, errors = check([q(1, kind)], {1: value})
        assert not values
        assert errors.keys() == {1}
    for nothing in (None, "", " ", [], {}):
        assert check([q(1, kind)], {1: nothing}) == ({}, {})
        assert check([q(1, kind, required=True)], {1: nothing})[1].keys() == {1}


def test_a_scale_may_begin_at_zero() -> None:
    scale = replace(q(1, "scale", required=True), low=0)
    assert check([scale], {1: 0}) == ({1: 0}, {})


def test_what_is_not_asked_is_not_answered() -> None:
    chain = [
        q(1, "choice"),
        q(2, "many", required=True, only_if=Condition(1, 2)),
        q(3, "text", required=True, only_if=Condition(2, 3)),
    ]
    assert check(chain, {1: 1, 2: [3], 3: "x"}) == ({1: 1}, {})
    assert check(chain, {1: 2, 2: [1], 3: "x"}) == ({1: 2, 2: [1]}, {})
    assert check(chain, {1: 2, 2: [1, 3], 3: "x"}) == ({1: 2, 2: [1, 3], 3: "x"}, {})
    assert check(chain, {1: 2})[1].keys() == {2}
    assert check(chain, {1: 2, 2: [3]})[1].keys() == {3}


def test_no_form_names_a_file() -> None:
    assert check([q(1, "file")], {1: 77}) == ({}, {})
    assert check([q(1, "file")], {1: 77}, {1: 5}) == ({1: 5}, {})


# ---- Sending ----


async def test_answers_are_kept_and_may_be_changed(school: TestSchool) -> None:
    survey = await opened(school, COMING, WHY, BRING, MARK, ORDER, DAY)
    parent = school.viewer("parent")
    assert await answer(parent, survey, 1, " Because ", [1, 3], 4, [2, 1, 3], "2026-12-01") == "kept"
    form = await answering.begin(parent, survey)
    assert form.state == "answered"
    assert list(form.values.values()) == [1, "Because", [1, 3], 4, [2, 1, 3], "2026-12-01"]
    assert await answer(parent, survey, 2) == "kept"
    assert list((await answering.begin(parent, survey)).values.values()) == [2]
    assert await db.value("SELECT count(*) FROM surveys_response") == 1
    own = await queries.own(await who(school, "parent"), survey)
    assert [value for _q, value in own.answers] == [2]
    with pytest.raises(NotVisible):
        await queries.own(await who(school, "coparent"), survey)


async def test_what_is_missing_is_named_and_nothing_kept(school: TestSchool) -> None:
    survey = await opened(school, COMING, WHY)
    coming, why = (question.id for question in await asked(survey))
    form = await answering.begin(school.viewer("parent"), survey)
    with pytest.raises(Unanswered) as failure:
        await answering.submit(school.viewer("parent"), survey, 0, {why: "x" * 6000}, form.fingerprint)
    assert failure.value.errors.keys() == {coming, why}
    assert await db.value("SELECT count(*) FROM surveys_response") == 0


async def test_the_same_form_twice_is_one_answer(school: TestSchool) -> None:
    survey = await opened(school, COMING)
    parent = school.viewer("parent")
    seen = (await answering.begin(parent, survey)).fingerprint
    assert await answer(parent, survey, 1, seen=seen) == "kept"
    assert await answer(parent, survey, 2, seen=seen) == "twice"
    assert list((await answering.begin(parent, survey)).values.values()) == [1]
    changing = (await answering.begin(parent, survey)).fingerprint
    assert await answer(parent, survey, 2, seen=changing) == "kept"
    assert await answer(parent, survey, 1, seen=changing) == "twice"


async def test_two_at_once_are_one_answer(school: TestSchool) -> None:
    survey = await opened(school, COMING, per="family")
    forms = [(name, await answering.begin(school.viewer(name), survey)) for name in ("parent", "coparent") * 3]
    outcomes = await asyncio.gather(
        *(
            answering.submit(school.viewer(name), survey, 0, by_place(form.questions, [1]), form.fingerprint)
            for name, form in forms
        )
    )
    assert sorted(outcomes) == ["kept", *["twice"] * 5]
    assert await db.value("SELECT count(*) FROM surveys_response") == 1
    assert await db.value("SELECT count(*) FROM surveys_answer") == 1


async def test_questions_that_changed_meanwhile_are_shown_again(school: TestSchool) -> None:
    survey = await opened(school, COMING)
    parent, teacher = school.viewer("parent"), school.viewer("teacher")
    (coming,) = await asked(survey)
    seen = (await answering.begin(parent, survey)).fingerprint
    same = replace(COMING, options=[OptionForm(1, "Yes"), OptionForm(2, "No")])
    await actions.save_question(teacher, survey, coming.id, same)  # nothing is different
    await actions.save_question(teacher, survey, coming.id, replace(same, label="Are you not coming?"))
    assert await answer(parent, survey, 1, seen=seen) == "changed"
    await actions.save_question(teacher, survey, coming.id, same)
    added = await actions.add_question(teacher, survey, WHY)
    assert await answer(parent, survey, 1, seen=seen) == "changed"
    await actions.remove(teacher, survey, added)
    assert await db.value("SELECT count(*) FROM surveys_response") == 0
    assert await answer(parent, survey, 1, seen=seen) == "kept"


@pytest.mark.parametrize("seen", ["", ".", "x.y", "0.0", "x" * 5000, ".0"])
async def test_a_forged_fingerprint_stores_nothing(sqlite_school: TestSchool, seen: str) -> None:
    survey = await opened(sqlite_school, COMING)
    parent = sqlite_school.viewer("parent")
    (coming,) = await asked(survey)
    assert await answering.submit(parent, survey, 0, {coming.id: 1}, seen) in ("changed", "twice")
    assert await db.value("SELECT count(*) FROM surveys_response") == 0


# ---- Closed ----


async def test_a_closed_survey_says_so_to_those_who_were_asked(school: TestSchool) -> None:
    survey = await opened(school, COMING)
    parent = school.viewer("parent")
    form = await answering.begin(parent, survey)
    await running.close(school.viewer("teacher"), survey)
    values = by_place(form.questions, [1])
    for attempt in (
        answering.begin(parent, survey),
        answering.submit(parent, survey, 0, values, form.fingerprint),
        answering.keep_draft(parent, survey, 0, values),
    ):
        with pytest.raises(answering.Closed):
            await attempt
    with pytest.raises(NotVisible):
        await answering.begin(school.viewer("neighbour"), survey)
    assert await db.value("SELECT count(*) FROM surveys_response") == 0


async def test_the_last_day_is_included_in_the_school_s_time_zone(school: TestSchool) -> None:
    today = clock.present("Europe/Berlin").today
    survey = await opened(school, COMING, deadline=today)
    ends = clock.present("Europe/Berlin").day_ends
    with clock.frozen(ends - 1):
        assert await answer(school.viewer("parent"), survey, 1) == "kept"
        form = await answering.begin(school.viewer("other"), survey)
    with clock.frozen(ends):
        with pytest.raises(answering.Closed):
            await answering.submit(
                school.viewer("other"), survey, 0, by_place(form.questions, [1]), form.fingerprint
            )
        waiting = await queries.waiting(await who(school, "parent"))
        assert waiting == []
        assert [one.survey.id for one in await queries.given(await who(school, "parent"))] == [survey]


async def test_a_draft_is_nobody_s_to_answer(school: TestSchool) -> None:
    survey = await opened(school, COMING)
    await run("UPDATE surveys_survey SET state = 'draft'")
    with pytest.raises(NotVisible):
        await answering.begin(school.viewer("parent"), survey)


# ---- Half-filled ----


async def test_a_half_filled_form_waits_for_its_writer_alone(school: TestSchool) -> None:
    survey = await opened(school, COMING, WHY, BRING, per="family")
    coming, why, bring = (question.id for question in await asked(survey))
    parent = school.viewer("parent")
    await answering.keep_draft(parent, survey, 0, {why: "I am not su", bring: [2, 99], coming: "x", 77: 5})
    form = await answering.begin(parent, survey)
    assert (form.state, form.values) == ("draft", {why: "I am not su", bring: [2]})
    (waiting,) = await queries.waiting(await who(school, "parent"))
    assert waiting.state == "draft"
    form = await answering.begin(school.viewer("coparent"), survey)
    assert (form.state, form.values) == ("new", {})
    await answering.keep_draft(parent, survey, 0, {coming: 1})
    assert (await answering.begin(parent, survey)).values == {coming: 1}
    assert await answer(parent, survey, 1) == "kept"
    assert await db.value("SELECT count(*) FROM surveys_draft") == 0


async def test_a_half_changed_answer_counts_once_it_is_sent(school: TestSchool) -> None:
    survey = await opened(school, COMING)
    (coming,) = await asked(survey)
    parent = school.viewer("parent")
    await answer(parent, survey, 1)
    await answering.keep_draft(parent, survey, 0, {coming.id: 2})
    own = await queries.own(await who(school, "parent"), survey)
    assert [value for _q, value in own.answers] == [1]
    form = await answering.begin(parent, survey)
    assert (form.state, form.values) == ("draft", {coming.id: 2})
    assert await answer(parent, survey, 2) == "kept"


# ---- Files and signatures ----


async def test_a_file_is_an_answer_once_the_form_is_sent(school: TestSchool) -> None:
    survey = await opened(school, COMING, SLIP)
    slip = (await asked(survey))[1].id
    parent = school.viewer("parent")
    await answering.attach(parent, survey, 0, slip, picture())
    first = (await answering.begin(parent, survey)).files[slip]
    await answering.attach(parent, survey, 0, slip, picture())
    second = (await answering.begin(parent, survey)).files[slip]
    with pytest.raises(NotVisible):  # the one before is gone
        await open_file("surveys", first)
    assert await answer(parent, survey, 1) == "kept"
    form = await answering.begin(parent, survey)
    assert form.files == {slip: second}
    assert (await open_file("surveys", second))[0]
    assert await answer(parent, survey, 2) == "kept"  # and it stays with a changed answer
    assert (await answering.begin(parent, survey)).files == {slip: second}
    await answering.detach(parent, survey, 0, slip)
    assert await db.value("SELECT max(file) FROM surveys_answer") == second  # until that is sent, too
    assert (await answering.begin(parent, survey)).files == {}
    assert await answer(parent, survey, 2) == "kept"
    assert await db.value("SELECT max(file) FROM surveys_answer") == 0
    with pytest.raises(NotVisible):
        await open_file("surveys", second)


async def test_nobody_sends_somebody_else_s_file(school: TestSchool) -> None:
    survey = await opened(school, SLIP)
    (slip,) = await asked(survey)
    await answering.attach(school.viewer("parent"), survey, 0, slip.id, picture())
    file = (await answering.begin(school.viewer("parent"), survey)).files[slip.id]
    assert await answer(school.viewer("other"), survey, file) == "kept"
    assert (await answering.begin(school.viewer("other"), survey)).files == {}
    assert await db.value("SELECT count(*) FROM surveys_answer") == 0


async def test_only_files_where_a_file_is_asked_for(school: TestSchool) -> None:
    survey = await opened(school, COMING, SLIP)
    coming, slip = (question.id for question in await asked(survey))
    parent = school.viewer("parent")
    for question in (coming, 77):
        with pytest.raises(NotVisible):
            await answering.attach(parent, survey, 0, question, picture())
    with pytest.raises(BadInput) as failure:
        await answering.attach(parent, survey, 0, slip, b"<script>")
    assert failure.value.field == f"q{slip}"
    with pytest.raises(NotVisible):
        await answering.attach(school.viewer("neighbour"), survey, 0, slip, picture())


async def test_a_signature_says_who_when_and_what(school: TestSchool) -> None:
    survey = await opened(school, COMING, replace(SIGN, required=True))
    sign = (await asked(survey))[1]
    parent = await who(school, "parent")
    with pytest.raises(Unanswered):
        await answer(parent.viewer, survey, 1)
    with clock.frozen(clock.now() + 5):
        signed = answering.signature(parent, sign)
        assert signed == {"name": parent.name, "at": clock.now(), "sha256": wording(sign, "en")}
        assert await answer(parent.viewer, survey, 1, signed) == "kept"
    assert sign.id not in (await answering.begin(parent.viewer, survey)).values
    with pytest.raises(Unanswered):  # what is changed is signed anew
        await answer(parent.viewer, survey, 2)


# ---- Settings ----


def _feeding() -> tuple[QuestionForm, QuestionForm]:
    channel = [OptionForm(0, "By mail", "email"), OptionForm(0, "On paper", "paper"), OptionForm(0, "Whatever")]
    code = [OptionForm(0, "Deutsch", "de"), OptionForm(0, "Another")]
    return (
        QuestionForm("choice", "How?", options=channel, feeds="channel"),
        QuestionForm("choice", "In which language?", options=code, feeds="language"),
    )


async def _wished(school: TestSchool, name: str) -> tuple[str, str]:
    from portal.delivery import queries as delivery

    person = school.ids[name]
    ways = await delivery.ways([person])
    return ways[person], (await delivery.languages([person]))[person]


async def test_answers_become_settings_only_where_somebody_agreed(school: TestSchool) -> None:
    survey = await opened(school, *_feeding())
    before = await _wished(school, "parent")
    assert await answer(school.viewer("parent"), survey, 2, 1) == "kept"
    assert await _wished(school, "parent") == before == ("email", "en")
    assert await answer(school.viewer("parent"), survey, 2, 1, agreed=True) == "kept"
    assert await _wished(school, "parent") == ("paper", "de")
    assert await answer(school.viewer("other"), survey, 3, 2, agreed=True) == "kept"  # answers that stand for nothing
    assert await _wished(school, "other") == ("email", "en")
    assert await _wished(school, "coparent") == ("email", "en")


async def test_other_questions_feed_nothing(school: TestSchool) -> None:
    survey = await opened(school, replace(COMING, options=[OptionForm(0, "Paper", "paper"), OptionForm(0, "No")]))
    assert await answer(school.viewer("parent"), survey, 1, agreed=True) == "kept"
    assert (await _wished(school, "parent"))[0] == "email"


# ---- Running ----


async def test_closing_and_opening_again(school: TestSchool) -> None:
    survey, teacher = await opened(school, COMING), school.viewer("teacher")
    await answer(school.viewer("parent"), survey, 1)
    await running.close(teacher, survey)
    with pytest.raises(Refused):
        await running.close(teacher, survey)
    await running.reopen(teacher, survey)
    with pytest.raises(Refused):
        await running.reopen(teacher, survey)
    assert await answer(school.viewer("other"), survey, 1) == "kept"
    assert (await load(survey)).asked == 3


async def test_a_file_that_found_no_place_is_not_left_behind(
    school: TestSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey = await opened(school, SLIP)
    slip = (await asked(survey))[0].id

    async def refuse(*_given: Any) -> list[int]:
        raise Conflict("The survey was erased meanwhile.")

    monkeypatch.setattr(answering, "_attach", refuse)
    with pytest.raises(Conflict):
        await answering.attach(school.viewer("parent"), survey, 0, slip, picture())
    assert await db.value("SELECT count(*) FROM surveys_upload") == 0
    assert not list(connected.vault()._keys.ids())  # its key is destroyed


async def test_a_form_with_a_file_sent_twice_at_once_keeps_a_file(
    school: TestSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey = await opened(school, COMING, SLIP)
    question, slip = await asked(survey)
    parent = school.viewer("parent")
    real = answering._submit

    async def late(*given: Any) -> Any:
        monkeypatch.setattr(answering, "_submit", real)
        await answering.attach(parent, survey, 0, slip.id, picture())  # the other half of the double click
        return await real(*given)

    await answering.attach(parent, survey, 0, slip.id, picture())
    form = await answering.begin(parent, survey)
    monkeypatch.setattr(answering, "_submit", late)
    assert await answering.submit(parent, survey, 0, {question.id: 1}, form.fingerprint) == "kept"
    kept = (await answering.begin(parent, survey)).files[slip.id]
    assert (await open_file("surveys", kept))[0]
