"""Building a survey through its pages, on the way a browser without scripts takes."""

from __future__ import annotations

import asyncio
import re

import pytest
from filling import answer, ask, begin, changed, fields, frame, open_up, simple
from portal_surveys import loading

from portal.sdk import db
from portal.testing import TestSchool, run


async def test_a_permission_slip_from_nothing_to_the_families(asking: TestSchool) -> None:
    teacher = await asking.browser("teacher")
    survey = await begin(teacher)
    group = str(asking.groups["3a"])
    saved = await frame(
        teacher, survey, title="A <trip>", intro="One line.\nAnother.", audience="groups", groups=group, per="child",
        deadline="2099-05-01", remind_days="2", act="next",
    )  # fmt: skip
    assert saved.headers["location"] == f"/surveys/{survey}/questions"
    first = await ask(teacher, survey, "choice", "May your child come?", options="Yes\n\n  No  \n", required="yes")
    second = await ask(teacher, survey, "text", "Why not?", only_question=f"{first}:2")
    await ask(teacher, survey, "signature", "I agree.")
    page = (await teacher.get(f"/surveys/{survey}/questions")).text
    assert "only after question 1" in page
    preview = (await teacher.get(f"/surveys/{survey}/preview")).text
    assert "A &lt;trip&gt;" in preview
    assert "Only if you answered “No” to question 1." in preview
    assert "The families of 2 children will be asked." in preview
    assert f'data-only-question="{first}"' in preview
    assert f'name="q{second}"' in preview
    family, other = await asking.browser("parent"), await asking.browser("neighbour")
    assert "trip" not in (await family.get("/surveys")).text
    asked = await teacher.post(f"/surveys/{survey}/open")
    assert 'name="confirmed"' in asked.text
    assert "trip" not in (await family.get("/surveys")).text
    await open_up(teacher, survey)
    assert "A &lt;trip&gt;" in (await family.get("/surveys")).text
    assert "trip" not in (await other.get("/surveys")).text


async def test_a_double_click_makes_one_survey(asking: TestSchool) -> None:
    teacher = await asking.browser("teacher")
    made = await asyncio.gather(*(begin(teacher, "same") for _ in range(3)))
    assert len(set(made)) == 1
    assert await begin(teacher, "another") != made[0]


@pytest.mark.parametrize("template", ["contact", "evening", "slip"])
async def test_templates_are_ready_to_open(asking: TestSchool, template: str) -> None:
    admin = await asking.browser("admin")
    survey = await begin(admin, template=template)
    await frame(admin, survey, audience="school")
    assert "Everything is ready" in (await admin.get(f"/surveys/{survey}/preview")).text
    await open_up(admin, survey)


async def test_what_is_no_template_or_language_is_refused(asking: TestSchool) -> None:
    teacher = await asking.browser("teacher")
    for values in ({"template": "x"}, {"language": "xx"}, {"token": ""}):
        assert (await teacher.post("/surveys/new", {"token": "t", **values})).status_code == 404


def _addresses(survey: int, question: int) -> list[tuple[str, str]]:
    base = f"/surveys/{survey}"
    return [
        *(("get", f"{base}/{page}") for page in ("edit", "questions", "questions/new", "preview", "results")),
        *(("get", f"{base}/{page}") for page in ("results.csv", "texts/de", f"questions/{question}")),
        *(("post", f"{base}/{act}") for act in ("edit", "open", "close", "reopen", "remind", "erase", "texts/de")),
        *(("post", f"{base}/{act}") for act in ("questions/new", f"questions/{question}")),
        *(("post", f"{base}/questions/{question}/{act}") for act in ("move", "remove", "put-back", "mark")),
    ]


async def test_pages_of_a_survey_are_for_those_who_handle_it(asking: TestSchool) -> None:
    made = await simple(asking)
    found = _addresses(made["survey"], made["choice"])
    for name in ("colleague", "office", "parent", "mia", "noor", "former"):
        browser = await asking.browser(name)
        for method, path in found:
            got = await getattr(browser, method)(path)
            assert got.status_code == 404, (name, method, path)
    visitor = await asking.browser("anonymous")
    for method, path in found:
        assert (await getattr(visitor, method)(path)).status_code in (303, 401), (method, path)
    for name in ("teacher", "admin"):
        browser = await asking.browser(name)
        for method, path in found:
            if method == "get" and "texts" not in path:
                assert (await browser.get(path)).status_code == 200, (name, path)
    teacher = await asking.browser("teacher")
    nothing = 2**62
    for method, path in _addresses(nothing, made["choice"]):
        assert (await getattr(teacher, method)(path)).status_code == 404, (method, path)
    for act in ("move", "remove", "put-back", "mark"):
        assert (await teacher.post(f"/surveys/{made['survey']}/questions/{nothing}/{act}")).status_code == 404


async def test_questions_of_another_survey_cannot_be_reached_through_ones_own(asking: TestSchool) -> None:
    theirs = await simple(asking, by="colleague")
    teacher = await asking.browser("teacher")
    own = await begin(teacher)
    path = f"/surveys/{own}/questions/{theirs['choice']}"
    assert (await teacher.get(path)).status_code == 404
    for act in ("", "/move", "/remove", "/mark", "/put-back"):
        got = await teacher.post(path + act, {"label": "Mine", "confirmed": "1", "area": "health"})
        assert got.status_code == 404
    assert await db.value("SELECT count(*) FROM surveys_question WHERE survey = ?", theirs["survey"]) == 2


async def test_lists_and_new_are_for_staff(asking: TestSchool) -> None:
    for name, status in {"teacher": 200, "admin": 200, "office": 200, "parent": 404, "mia": 404}.items():
        browser = await asking.browser(name)
        for path in ("/surveys/mine", "/surveys/new"):
            assert (await browser.get(path)).status_code == status, (name, path)
    teacher = await asking.browser("teacher")
    for show in ("draft", "open", "closed"):
        assert "Nothing here" in (await teacher.get(f"/surveys/mine?show={show}")).text
    assert (await teacher.get("/surveys/mine?show=erased")).status_code == 404
    made = await simple(asking)
    assert "Outing" in (await teacher.get("/surveys/mine?show=open")).text
    assert "0 of 5 answered" in (await teacher.get("/surveys/mine?show=open")).text
    assert "Outing" not in (await (await asking.browser("colleague")).get("/surveys/mine?show=open")).text
    assert (await teacher.get(f"/surveys/mine?show=open&before={made['survey']}")).status_code == 200


async def test_a_frame_that_is_not_right_comes_back_as_typed(asking: TestSchool) -> None:
    teacher = await asking.browser("teacher")
    survey = await begin(teacher)
    for wrong, field in (
        ({"title": "t" * 501}, "title"), ({"intro": "i" * 5001}, "intro"), ({"per": "nobody"}, "per"),
        ({"deadline": "soon"}, "deadline"), ({"remind_days": "99", "deadline": "2099-01-01"}, "remind_days"),
        ({"remind_days": "2"}, "remind_days"), ({"languages": ["xx"]}, "languages"),
        ({"audience": "groups", "groups": str(asking.groups["3b"])}, "audience"),
    ):  # fmt: skip
        got = await frame(teacher, survey, **{"title": "Kept title", **wrong})
        assert got.status_code == 422, wrong
        assert f'href="#f-{field}"' in got.text, wrong
        assert f'id="f-{field}"' in got.text, wrong
        sent = dict(fields(got.text))
        assert sent["title"] == wrong.get("title", "Kept title")
        if "intro" in wrong:
            assert wrong["intro"] in got.text
    assert (await frame(teacher, survey, title="Fine")).status_code == 303


async def test_another_window_is_noticed(asking: TestSchool) -> None:
    teacher = await asking.browser("teacher")
    survey = await begin(teacher)
    old = fields((await teacher.get(f"/surveys/{survey}/edit")).text)
    await frame(teacher, survey, title="First")
    late = await teacher.post(f"/surveys/{survey}/edit", changed(old, title="Second"))
    assert late.status_code == 422
    assert 'value="Second"' in late.text
    again = await teacher.post(f"/surveys/{survey}/edit", changed(fields(late.text)))
    assert again.status_code == 303
    found = await loading.load(survey)
    assert found is not None
    assert found.title.text("en") == "Second"


async def test_ten_thousand_answers_come_back_as_typed(asking: TestSchool) -> None:
    teacher = await asking.browser("teacher")
    survey = await begin(teacher)
    lines = "\n".join(f"Answer number {number}" for number in range(10_000))
    form = {"kind": "choice", "label": "Which?", "options": lines}
    got = await teacher.post(f"/surveys/{survey}/questions/new", form)
    assert got.status_code == 422
    assert 'href="#f-options"' in got.text
    assert lines in got.text
    assert "Which?" in got.text


@pytest.mark.parametrize(
    ("kind", "wrong", "field"),
    [
        ("choice", {"label": ""}, "label"), ("choice", {"options": "One"}, "options"),
        ("choice", {"label": "x" * 501}, "label"), ("choice", {"options": f"{'x' * 501}\nb"}, "options"),
        ("text", {"help": "x" * 501}, "help"), ("scale", {"low": "5", "high": "2"}, "high"),
        ("scale", {"low": "x"}, "high"), ("text", {"sensitive": "nothing"}, "sensitive"),
        ("text", {"sensitive": "health", "required": "yes"}, "required"), ("choice", {"feeds": "wrong"}, "feeds"),
        ("many", {"feeds": "channel"}, "feeds"), ("text", {"only_question": "5:1"}, "only_question"),
    ],
)  # fmt: skip
async def test_a_question_that_is_not_right_comes_back_as_typed(
    asking: TestSchool, kind: str, wrong: dict[str, str], field: str
) -> None:
    teacher = await asking.browser("teacher")
    survey = await begin(teacher)
    form = {"kind": kind, "label": "Typed question", "options": "One\nTwo", **wrong}
    got = await teacher.post(f"/surveys/{survey}/questions/new", form)
    assert got.status_code == 422, got.headers
    assert f'href="#f-{field}"' in got.text
    assert f'id="f-{field}"' in got.text or field == "feeds"
    assert form["label"] in got.text
    assert await db.value("SELECT count(*) FROM surveys_question WHERE survey = ?", survey) == 0


async def test_kinds_that_are_none(asking: TestSchool) -> None:
    teacher = await asking.browser("teacher")
    survey = await begin(teacher)
    assert (await teacher.get(f"/surveys/{survey}/questions/new?kind=x")).status_code == 404
    assert (await teacher.post(f"/surveys/{survey}/questions/new", {"kind": "x"})).status_code == 404
    await frame(teacher, survey, anonymous="yes")
    for kind in ("file", "signature"):
        assert (await teacher.get(f"/surveys/{survey}/questions/new?kind={kind}")).status_code == 404
        forged = await teacher.post(f"/surveys/{survey}/questions/new", {"kind": kind, "label": "x"})
        assert forged.status_code == 422


async def test_options_keep_who_they_are(asking: TestSchool) -> None:
    teacher = await asking.browser("teacher")
    survey = await begin(teacher)
    question = await ask(teacher, survey, "choice", "Which?", options="One\nTwo\nThree")
    path = f"/surveys/{survey}/questions/{question}"
    form = fields((await teacher.get(path)).text, path)
    sent = changed(form, **{"option-1": "First", "option-2": "", "options": "Four", "kind": "many"})
    assert (await teacher.post(path, sent)).status_code == 303
    found = await loading.load(survey)
    assert found is not None
    (stored,) = await loading.questions(found)
    assert stored.kind == "many"
    assert [(o.id, o.label.text("en")) for o in stored.options] == [(1, "First"), (3, "Three"), (4, "Four")]
    for up, order in (("4", [1, 4, 3]), ("4", [4, 1, 3]), ("4", [4, 1, 3]), ("9", [4, 1, 3]), ("x", [4, 1, 3])):
        answer = await teacher.post(path, [*fields((await teacher.get(path)).text, path), ("up", up)])
        assert answer.headers["location"] == path
        (stored,) = await loading.questions(found)
        assert [o.id for o in stored.options] == order


async def test_order_and_conditions(asking: TestSchool) -> None:
    teacher = await asking.browser("teacher")
    survey = await begin(teacher)
    first = await ask(teacher, survey, "choice", "Alpha?", options="Yes\nNo")
    second = await ask(teacher, survey, "choice", "Beta?", options="Yes\nNo", only_question=f"{first}:1")
    path = f"/surveys/{survey}/questions"
    refused = await teacher.post(f"{path}/{second}/move", {"way": "up"})
    assert refused.status_code == 422
    assert "“Beta?” cannot hang on “Alpha?”" in refused.text
    form = fields((await teacher.get(f"{path}/{first}")).text, f"{path}/{first}")
    circle = await teacher.post(f"{path}/{first}", changed(form, only_question=f"{second}:1"))
    assert circle.status_code == 422
    assert "“Alpha?” cannot hang on “Beta?”" in circle.text
    third = await ask(teacher, survey, "text", "Gamma?")
    assert (await teacher.post(f"{path}/{third}/move", {"way": "up"})).status_code == 303
    page = (await teacher.get(path)).text
    assert page.index("Alpha?") < page.index("Gamma?") < page.index("Beta?")
    assert (await teacher.post(f"{path}/{first}/move", {"way": "up"})).status_code == 303  # it is the first already
    needed = await teacher.post(f"{path}/{first}/remove", {"confirmed": "1"})
    assert needed.status_code == 422
    assert "Beta?" in needed.text


async def test_removing_asks_first_and_loses_no_answers(asking: TestSchool) -> None:
    made = await simple(asking)
    teacher, family = await asking.browser("teacher"), await asking.browser("parent")
    path = f"/surveys/{made['survey']}/questions"
    asked = await teacher.post(f"{path}/{made['text']}/remove")
    assert "gone for good" in asked.text
    values = {f"q{made['choice']}": "1", f"q{made['text']}": "Some words"}
    assert (await answer(family, made["survey"], **values)).status_code == 303
    asked = await teacher.post(f"{path}/{made['text']}/remove")
    assert asked.status_code == 200
    assert "answers that came in are kept" in asked.text
    assert (await teacher.post(f"{path}/{made['text']}/remove", {"confirmed": "1"})).status_code == 303
    page = (await teacher.get(path)).text
    assert "Removed questions" in page
    results = (await teacher.get(f"/surveys/{made['survey']}/results")).text
    assert results.index("Removed questions") < results.index("Some words")
    assert "Anything else?" not in (await family.get(f"/surveys/{made['survey']}/answer")).text
    assert (await teacher.post(f"{path}/{made['text']}/put-back")).status_code == 303
    assert "Some words" in (await family.get(f"/surveys/{made['survey']}/answer")).text


async def test_sensitive_questions_are_pointed_out_and_marked(asking: TestSchool) -> None:
    teacher = await asking.browser("teacher")
    survey = await begin(teacher)
    question = await ask(teacher, survey, "text", "Which church do you belong to?", required="yes")
    page = (await teacher.get(f"/surveys/{survey}/questions")).text
    assert "This may touch a protected area: Religion and beliefs." in page
    assert "This may touch" in (await teacher.get(f"/surveys/{survey}/questions/{question}")).text
    path = f"/surveys/{survey}/questions/{question}/mark"
    assert (await teacher.post(path, {"area": "nonsense"})).status_code in (303, 404, 422)
    assert (await teacher.post(path, {"area": "religion"})).status_code == 303
    page = (await teacher.get(f"/surveys/{survey}/questions")).text
    assert "Sensitive: Religion and beliefs" in page
    assert "This may touch" not in page
    assert "must be answered" not in page
    assert "You may leave it out" in (await teacher.get(f"/surveys/{survey}/preview")).text


async def test_translations_side_by_side(asking: TestSchool) -> None:
    teacher = await asking.browser("teacher")
    survey = await begin(teacher)
    assert (await frame(teacher, survey, title="Outing", languages=["de", "ar"])).status_code == 303
    question = await ask(teacher, survey, "choice", "Coming?", options="Yes\nNo")
    assert "4 texts are missing" in (await teacher.get(f"/surveys/{survey}/questions")).text
    path = f"/surveys/{survey}/texts/de"
    page = (await teacher.get(path)).text
    assert re.search(r'class="main"[^>]*lang="en"[^>]*>Coming\?<', page)
    typed = {"t-title": "Ausflug", f"t-label:{question}": "Kommen Sie?", f"t-option:{question}:1": "Ja"}
    long = await teacher.post(path, changed(fields(page, path), **typed, **{f"t-option:{question}:2": "x" * 501}))
    assert long.status_code == 422
    assert f'href="#f-option:{question}:2"' in long.text
    assert "Kommen Sie?" in long.text
    assert (await teacher.post(path, changed(fields(page, path), **typed))).status_code == 303
    assert "1 text is missing" in (await teacher.get(f"/surveys/{survey}/questions")).text
    await run("UPDATE person SET language = 'de' WHERE id = ?", asking.ids["teacher"])
    german = (await (await asking.browser("teacher")).get(f"/surveys/{survey}/preview")).text
    assert "Kommen Sie?" in german
    assert '<bdi lang="en">No</bdi>' in german
    for code in ("en", "es", "xx"):
        assert (await teacher.get(f"/surveys/{survey}/texts/{code}")).status_code == 404
        assert (await teacher.post(f"/surveys/{survey}/texts/{code}", {"t-title": "x"})).status_code == 404


async def test_what_stands_in_the_way_of_opening_is_told(asking: TestSchool) -> None:
    teacher = await asking.browser("teacher")
    survey = await begin(teacher)
    page = (await teacher.get(f"/surveys/{survey}/preview")).text
    assert "Please give the survey a title." in page
    assert "Please add a question." in page
    assert "/open" not in page
    refused = await teacher.post(f"/surveys/{survey}/open", {"confirmed": "1"})
    assert refused.headers["location"] == f"/surveys/{survey}/preview"
    assert (await loading.load(survey)).state == "draft"  # type: ignore[union-attr]


async def test_an_anonymous_survey_of_few_is_not_opened(asking: TestSchool) -> None:
    teacher = await asking.browser("teacher")
    survey = await begin(teacher)
    await frame(teacher, survey, title="Few", audience="groups", groups=str(asking.groups["3a"]), anonymous="yes")
    await ask(teacher, survey, "text", "What?")
    assert "at least 5" in (await teacher.get(f"/surveys/{survey}/preview")).text
    await teacher.post(f"/surveys/{survey}/open", {"confirmed": "1"})
    assert (await loading.load(survey)).state == "draft"  # type: ignore[union-attr]


async def test_closing_opening_again_and_erasing(asking: TestSchool) -> None:
    made = await simple(asking)
    survey = made["survey"]
    teacher, family = await asking.browser("teacher"), await asking.browser("parent")
    assert 'name="confirmed"' in (await teacher.post(f"/surveys/{survey}/close")).text
    assert (await family.get(f"/surveys/{survey}/answer")).status_code == 200
    assert (await teacher.post(f"/surveys/{survey}/close", {"confirmed": "1"})).status_code == 303
    assert "takes no more answers" in (await family.get(f"/surveys/{survey}/answer")).text
    assert "Open again" in (await teacher.get(f"/surveys/{survey}/results")).text
    assert (await teacher.post(f"/surveys/{survey}/reopen")).status_code == 303
    assert "Will you come?" in (await family.get(f"/surveys/{survey}/answer")).text
    again = await teacher.post(f"/surveys/{survey}/reopen")
    assert again.headers["location"].endswith("/edit")
    assert 'name="confirmed"' in (await teacher.post(f"/surveys/{survey}/erase")).text
    assert (await teacher.post(f"/surveys/{survey}/erase", {"confirmed": "1"})).headers["location"] == "/surveys/mine"
    for path in ("edit", "results", "answer"):
        assert (await teacher.get(f"/surveys/{survey}/{path}")).status_code == 404


async def test_reminding_asks_first_and_only_once_a_day(asking: TestSchool) -> None:
    made = await simple(asking)
    teacher = await asking.browser("teacher")
    path = f"/surveys/{made['survey']}/remind"
    assert 'name="confirmed"' in (await teacher.post(path)).text
    await teacher.post(path, {"confirmed": "1"})
    second = await teacher.post(path, {"confirmed": "1"})
    assert "today%20already" in second.headers["set-cookie"]


async def test_what_an_opened_survey_asks_of_whom_stays(asking: TestSchool) -> None:
    made = await simple(asking)
    teacher = await asking.browser("teacher")
    page = (await teacher.get(f"/surveys/{made['survey']}/edit")).text
    assert 'name="per"' not in page
    forged = {"title": "Still", "per": "child", "anonymous": "yes", "audience": "groups", "groups": "1"}
    await frame(teacher, made["survey"], **forged)
    found = await loading.load(made["survey"])
    assert found is not None
    assert (found.title.text("en"), found.per, found.anonymous, found.audience.kind.value) == (
        "Still", "guardian", False, "school",
    )  # fmt: skip
