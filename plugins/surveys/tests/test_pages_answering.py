"""Answering through the pages: what is kept, what is told, and who gets nothing at all."""

from __future__ import annotations

import asyncio
import io
import re
from html import unescape

import pytest
from filling import JSON, answer, ask, begin, changed, fields, form_of, frame, open_up, simple
from PIL import Image

from portal.identity.actions import create_account
from portal.sdk import db
from portal.testing import TestSchool, run
from portal.testing.school import PASSWORD


def said(answer_headers: str) -> str:
    """The message that is shown on the next page."""
    found = re.search(r"portal-flash=([^;]*)", answer_headers)
    return unescape(found.group(1)) if found else ""


async def test_a_parent_answers_looks_and_changes(asking: TestSchool) -> None:
    made = await simple(asking)
    family = await asking.browser("parent")
    assert "Waiting for your answer" in (await family.get("/surveys")).text
    values = {f"q{made['choice']}": "1", f"q{made['text']}": "We <b>bring</b> cake"}
    sent = await answer(family, made["survey"], **values)
    assert sent.status_code == 303
    assert sent.headers["location"] == "/surveys"
    assert "arrived" in said(sent.headers["set-cookie"])
    assert "Waiting for your answer" not in (await family.get("/surveys")).text
    page = (await family.get(f"/surveys/{made['survey']}/answer")).text
    assert "You have answered." in page
    assert "We &lt;b&gt;bring&lt;/b&gt; cake" in page
    form = await form_of(family, made["survey"])
    assert (f"q{made['choice']}", "1") in form
    await answer(family, made["survey"], **{f"q{made['choice']}": "2"})
    assert await db.value("SELECT count(*) FROM surveys_response") == 1
    teacher = await asking.browser("teacher")
    await teacher.post(f"/surveys/{made['survey']}/close", {"confirmed": "1"})
    over = (await family.get(f"/surveys/{made['survey']}/answer")).text
    assert "What you answered" in over
    assert "cake" in over
    assert "/answer" in (await family.get("/surveys")).text


async def test_changes_that_are_not_sent_do_not_make_an_answer_wait_again(asking: TestSchool) -> None:
    made = await simple(asking)
    family = await asking.browser("parent")
    await answer(family, made["survey"], **{f"q{made['choice']}": "1"})
    await answer(family, made["survey"], act="later", **{f"q{made['text']}": "Half a change"})
    home = (await family.get("/surveys")).text
    assert "Changes not sent" in home
    assert "Waiting for your answer" not in home
    assert "waits for you" not in (await family.get("/")).text


async def test_who_is_not_asked_gets_nothing(asking: TestSchool) -> None:
    made = await simple(asking)
    path = f"/surveys/{made['survey']}"
    values = {"child": "0", f"q{made['choice']}": "1", "fingerprint": "x"}
    for name in ("grandparent", "former", "blocked", "mia", "noor", "teacher", "admin", "outsider"):
        browser = await asking.browser(name)
        assert (await browser.get(f"{path}/answer")).status_code in (303, 404), name
        assert (await browser.post(f"{path}/answer", values)).status_code in (401, 404), name
        assert (await browser.post(f"{path}/draft", values, **JSON)).status_code in (401, 404), name
    assert await db.value("SELECT count(*) FROM surveys_response") == 0
    assert await db.value("SELECT count(*) FROM surveys_draft") == 0
    visitor = await asking.browser("anonymous")
    assert (await visitor.get(f"{path}/answer")).status_code == 303
    family = await asking.browser("parent")
    for other in (0, 7, 2**62):
        assert (await family.get(f"/surveys/{other}/answer")).status_code == 404
        assert (await family.post(f"/surveys/{other}/answer", values)).status_code == 404


async def test_a_draft_is_not_there_for_families(asking: TestSchool) -> None:
    teacher, family = await asking.browser("teacher"), await asking.browser("parent")
    survey = await begin(teacher)
    await frame(teacher, survey, title="Not yet", audience="school")
    assert (await family.get(f"/surveys/{survey}/answer")).status_code == 404
    assert (await family.post(f"/surveys/{survey}/answer")).status_code == 404


async def test_a_forged_child_is_nobodys(asking: TestSchool) -> None:
    made = await simple(asking, per="child")
    family = await asking.browser("parent")
    mine = await form_of(family, made["survey"], asking.ids["mia"])
    for forged in ("0", str(asking.ids["lea"]), str(asking.ids["parent"]), str(2**62), "x", "-1"):
        sent = changed(mine, child=forged, **{f"q{made['choice']}": "1"})
        assert (await family.post(f"/surveys/{made['survey']}/answer", sent)).status_code == 404
        assert (await family.post(f"/surveys/{made['survey']}/draft", sent, **JSON)).status_code == 404
        assert (await family.get(f"/surveys/{made['survey']}/answer?child={forged}")).status_code in (400, 404)
    assert await db.value("SELECT count(*) FROM surveys_response") == 0


async def test_for_each_child_any_one_guardian_answers(asking: TestSchool) -> None:
    made = await simple(asking, per="child")
    family, other = await asking.browser("parent"), await asking.browser("coparent")
    home = (await family.get("/surveys")).text
    assert "Mia Test" in home
    assert "Ben Test" in home
    mia = asking.ids["mia"]
    page = (await family.get(f"/surveys/{made['survey']}/answer?child={mia}")).text
    assert "Mia Test" in page
    waiting = await form_of(other, made["survey"], mia)
    values = {f"q{made['choice']}": "1", f"q{made['text']}": "Only mine to see"}
    assert (await answer(family, made["survey"], mia, **values)).status_code == 303
    told = (await other.get(f"/surveys/{made['survey']}/answer?child={mia}")).text
    assert "Another adult has answered already" in told
    assert "Only mine" not in told
    late = await other.post(f"/surveys/{made['survey']}/answer", changed(waiting, **{f"q{made['text']}": "Too late"}))
    assert late.status_code == 409
    assert "Another adult has answered already" in late.text
    assert "Too late" in late.text
    assert "Only mine" not in late.text
    assert await db.value("SELECT count(*) FROM surveys_response") == 1


async def test_what_is_missing_is_told_at_its_place(asking: TestSchool) -> None:
    made = await simple(asking)
    family = await asking.browser("parent")
    sent = await answer(family, made["survey"], **{f"q{made['text']}": "Typed \u0627 words"})
    assert sent.status_code == 422
    assert f'href="#f-q{made["choice"]}"' in sent.text
    assert f'id="f-q{made["choice"]}"' in sent.text
    assert f'aria-describedby="f-q{made["choice"]}-error"' in sent.text
    assert "Typed \u0627 words" in sent.text
    assert "data-error" in sent.text
    long = await answer(
        family, made["survey"], **{f"q{made['choice']}": "1", f"q{made['text']}": "y" * 5001}
    )
    assert long.status_code == 422
    assert "y" * 5001 in long.text
    for forged in ("7", "x", "-1", str(2**70)):
        wrong = await answer(family, made["survey"], **{f"q{made['choice']}": forged})
        assert wrong.status_code == 422
        assert "Please choose one of the answers" in wrong.text
    assert await db.value("SELECT count(*) FROM surveys_response") == 0


async def test_half_filled_forms_by_name_are_kept_on_the_server(asking: TestSchool) -> None:
    made = await simple(asking)
    family, other = await asking.browser("parent"), await asking.browser("coparent")
    form = changed(await form_of(family, made["survey"]), **{f"q{made['text']}": "Half a sent"})
    kept = await family.post(f"/surveys/{made['survey']}/draft", form, **JSON)
    assert kept.json() == {"saved": True}
    assert "Half filled" in (await family.get("/surveys")).text
    assert "Half filled" not in (await other.get("/surveys")).text
    assert "Half a sent" not in (await other.get(f"/surveys/{made['survey']}/answer")).text
    page = (await family.get(f"/surveys/{made['survey']}/answer")).text
    assert "Half a sent" in page
    assert "It is not sent yet" in page
    later = await answer(family, made["survey"], act="later", **{f"q{made['text']}": "Longer sentence"})
    assert later.headers["location"] == "/surveys"
    assert "Longer sentence" in (await family.get(f"/surveys/{made['survey']}/answer")).text
    assert (await answer(family, made["survey"], **{f"q{made['choice']}": "2"})).status_code == 303
    assert await db.value("SELECT count(*) FROM surveys_draft") == 0


async def test_the_same_form_twice_is_told_kindly(asking: TestSchool) -> None:
    made = await simple(asking)
    family = await asking.browser("parent")
    form = changed(await form_of(family, made["survey"]), **{f"q{made['choice']}": "1"})
    path = f"/surveys/{made['survey']}/answer"
    answers = await asyncio.gather(*(family.post(path, form) for _ in range(2)))
    assert [one.status_code for one in answers] == [303, 303]
    again = await family.post(path, form)
    assert "already%20there" in again.headers["set-cookie"]
    assert await db.value("SELECT count(*) FROM surveys_response") == 1
    other = await family.post(path, changed(form, **{f"q{made['text']}": "From another window"}))
    assert other.status_code == 422
    assert "changed in another window meanwhile" in other.text
    assert "From another window" in other.text
    assert (await family.post(path, fields(other.text))).status_code == 303
    assert "From another window" in (await family.get(path)).text


async def test_a_page_that_is_older_than_the_questions_is_shown_again(asking: TestSchool) -> None:
    made = await simple(asking)
    family, teacher = await asking.browser("parent"), await asking.browser("teacher")
    form = changed(await form_of(family, made["survey"]), **{f"q{made['choice']}": "1", f"q{made['text']}": "Mine"})
    await ask(teacher, made["survey"], "text", "One more thing?")
    path = f"/surveys/{made['survey']}/answer"
    stale = await family.post(path, form)
    assert stale.status_code == 422
    assert "The questions have changed" in stale.text
    assert "One more thing?" in stale.text
    assert "Mine" in stale.text
    assert (await family.post(path, fields(stale.text))).status_code == 303


async def test_a_survey_closed_meanwhile_hands_back_the_text(asking: TestSchool) -> None:
    made = await simple(asking)
    family, teacher = await asking.browser("parent"), await asking.browser("teacher")
    form = changed(await form_of(family, made["survey"]), **{f"q{made['choice']}": "2", f"q{made['text']}": "Long <i>"})
    await teacher.post(f"/surveys/{made['survey']}/close", {"confirmed": "1"})
    late = await family.post(f"/surveys/{made['survey']}/answer", form)
    assert late.status_code == 409
    assert "takes no more answers" in late.text
    assert "Long &lt;i&gt;" in late.text
    assert "data-error" in late.text
    draft = await family.post(f"/surveys/{made['survey']}/draft", form, **JSON)
    assert draft.status_code == 403
    assert draft.json()["error"]
    assert await db.value("SELECT count(*) FROM surveys_response") == 0


async def test_after_the_last_day_it_is_over(asking: TestSchool) -> None:
    made = await simple(asking)
    family = await asking.browser("parent")
    await run("UPDATE surveys_survey SET deadline = '2020-01-01' WHERE id = ?", made["survey"])
    assert "takes no more answers" in (await family.get(f"/surveys/{made['survey']}/answer")).text
    assert "Outing" not in (await family.get("/surveys")).text


# ---- Kinds ----


async def _of_kind(asking: TestSchool, kind: str, **values: str) -> tuple[int, int]:
    teacher = await asking.browser("teacher")
    survey = await begin(teacher, kind)
    await frame(teacher, survey, title="Kinds", audience="school")
    question = await ask(teacher, survey, kind, "Tell us", **values)
    await open_up(teacher, survey)
    return survey, question


@pytest.mark.parametrize(
    ("kind", "made", "good", "wrong", "value"),
    [
        ("many", {"options": "A\nB\nC"}, {"": ["1", "3"]}, {"": ["1", "9"]}, "[1, 3]"),
        ("scale", {"low": "0", "high": "10"}, {"": "7"}, {"": "11"}, "7"),
        ("scale", {"low": "0", "high": "10"}, {"": "0"}, {"": "x"}, "0"),
        ("date", {}, {"": "2026-02-28"}, {"": "2026-02-30"}, '"2026-02-28"'),
        ("ranking", {"options": "A\nB"}, {"-1": "2", "-2": "1"}, {"-1": "1", "-2": "1"}, "[2, 1]"),
        ("ranking", {"options": "A\nB"}, {"-1": "1", "-2": "2"}, {"-1": "1", "-2": ""}, "[1, 2]"),
    ],
)  # fmt: skip
async def test_kinds_of_answers(
    asking: TestSchool, kind: str, made: dict[str, str], good: dict[str, str], wrong: dict[str, str], value: str
) -> None:
    survey, question = await _of_kind(asking, kind, required="yes", **made)
    family = await asking.browser("parent")
    missing = await answer(family, survey, **{f"q{question}{end}": "" for end in wrong})
    assert missing.status_code == 422
    refused = await answer(family, survey, **{f"q{question}{end}": sent for end, sent in wrong.items()})
    assert refused.status_code == 422
    for end, typed in wrong.items():
        if kind in ("date", "ranking") and typed:
            assert (f"q{question}{end}", typed) in fields(refused.text)
    sent = await answer(family, survey, **{f"q{question}{end}": sent for end, sent in good.items()})
    assert sent.status_code == 303, sent.text
    assert await db.value("SELECT value FROM surveys_answer WHERE question = ?", question) == value
    form = await form_of(family, survey)
    for end, typed in good.items():
        for one in [typed] if isinstance(typed, str) else typed:
            assert (f"q{question}{end}", one) in form


async def test_a_file_stays_although_something_else_is_missing(asking: TestSchool) -> None:
    survey, question = await _of_kind(asking, "file", required="yes")
    teacher, family, other = [await asking.browser(name) for name in ("teacher", "parent", "coparent")]
    words = await ask(teacher, survey, "text", "And?", required="yes")
    form = await form_of(family, survey)
    path = f"/surveys/{survey}/answer"
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(out, "PNG")
    bad = await family.post(path, form, files=[(f"q{question}", ("a.exe", b"MZ no file"))])
    assert bad.status_code == 422
    assert f'href="#f-q{question}"' in bad.text
    half = await family.post(path, form, files=[(f"q{question}", ("slip.png", out.getvalue()))])
    assert half.status_code == 422
    assert "Your file is here" in half.text
    done = await family.post(path, changed(fields(half.text), **{f"q{words}": "Done"}))
    assert done.status_code == 303, done.text
    kept = await db.value("SELECT id FROM surveys_answer WHERE file <> 0")
    for browser, status in ((teacher, 200), (family, 200), (other, 404), (await asking.browser("colleague"), 404)):
        assert (await browser.get(f"/surveys/{survey}/files/{kept}")).status_code == status
    assert (await teacher.get(f"/surveys/{survey}/files/{2**62}")).status_code == 404
    again = changed(await form_of(family, survey), **{f"q{question}-away": "yes"})
    assert (await family.post(path, again)).status_code == 422  # it must be there


async def test_a_signature_needs_the_own_password(asking: TestSchool) -> None:
    survey, question = await _of_kind(asking, "signature", required="yes")
    await create_account(asking.ids["parent"], "parent", PASSWORD)
    family = await asking.browser("parent")
    assert "With your password you sign as Parent Test." in (await family.get(f"/surveys/{survey}/answer")).text
    for password in ("", "wrong password"):
        refused = await answer(family, survey, **{f"q{question}": password})
        assert refused.status_code == 422
        assert f'href="#f-q{question}"' in refused.text
        assert "wrong password" not in refused.text
    kept = await answer(family, survey, act="later", **{f"q{question}": "wrong password"})
    assert kept.status_code == 303
    assert "wrong password" not in str(await db.rows("SELECT given FROM surveys_draft"))
    signed = await answer(family, survey, **{f"q{question}": PASSWORD})
    assert signed.status_code == 303, signed.text
    assert "Parent Test" in str(await db.value("SELECT value FROM surveys_answer WHERE question = ?", question))
    teacher = await asking.browser("teacher")
    assert "Signed by Parent Test" in (await teacher.get(f"/surveys/{survey}/results")).text


async def test_conditions_hold_without_scripts(asking: TestSchool) -> None:
    made = await simple(asking)
    teacher, family = await asking.browser("teacher"), await asking.browser("parent")
    why = await ask(teacher, made["survey"], "text", "Why not?", required="yes", only_question=f"{made['choice']}:2")
    refused = await answer(family, made["survey"], **{f"q{made['choice']}": "2"})
    assert refused.status_code == 422
    assert f'href="#f-q{why}"' in refused.text
    sent = await answer(family, made["survey"], **{f"q{made['choice']}": "1", f"q{why}": "does not count"})
    assert sent.status_code == 303
    assert await db.value("SELECT count(*) FROM surveys_answer WHERE question = ?", why) == 0


async def test_answers_become_settings_only_if_agreed(asking: TestSchool) -> None:
    teacher, family = await asking.browser("teacher"), await asking.browser("parent")
    survey = await begin(teacher)
    await frame(teacher, survey, title="Contact", audience="school")
    question = await ask(teacher, survey, "choice", "How?", options="Mail\nPaper", feeds="channel")
    path = f"/surveys/{survey}/questions/{question}"
    form = fields((await teacher.get(path)).text, path)
    wrong = await teacher.post(path, changed(form, **{"value-1": "pigeon"}))
    assert wrong.status_code == 422
    meant = await teacher.post(path, changed(form, **{"value-1": "email", "value-2": "paper"}))
    assert meant.status_code == 303
    await open_up(teacher, survey)
    page = (await family.get(f"/surveys/{survey}/answer")).text
    assert re.search(r'name="agreed" value="yes">', page)  # not ticked beforehand
    assert (await answer(family, survey, **{f"q{question}": "2"})).status_code == 303
    agreed = await answer(family, survey, agreed="yes", **{f"q{question}": "2"})
    assert agreed.status_code == 303
    assert ("agreed", "yes") in await form_of(family, survey)


# ---- Anonymous ----


async def test_an_anonymous_survey_explains_itself_and_keeps_nothing_half_filled(asking: TestSchool) -> None:
    made = await simple(asking, anonymous=True)
    family = await asking.browser("parent")
    page = (await family.get(f"/surveys/{made['survey']}/answer")).text
    assert "This survey is anonymous" in page
    assert 'data-key="draft:survey:' in page
    assert "data-draft-url" not in page
    assert "Together with your name" not in page
    form = changed(await form_of(family, made["survey"]), **{f"q{made['text']}": "secret"})
    assert (await family.post(f"/surveys/{made['survey']}/draft", form, **JSON)).status_code == 404
    later = await family.post(f"/surveys/{made['survey']}/answer", [*form, ("act", "later")])
    assert later.status_code == 422  # nothing of the kind: it is looked at as if it was sent
    assert "secret" in later.text
    assert await db.value("SELECT count(*) FROM surveys_draft") == 0
    path = f"/surveys/{made['survey']}/answer"
    done = changed(form, **{f"q{made['choice']}": "1"})
    assert "arrived" in (await family.post(path, done)).headers["set-cookie"]
    again = await family.post(path, done)
    assert "already%20there" in again.headers["set-cookie"]
    after = (await family.get(path)).text
    assert "cannot be shown or changed any more" in after
    assert "secret" not in after
    assert await db.value("SELECT count(*) FROM surveys_pending") == 1


async def test_a_child_does_not_reach_the_answering_pages(asking: TestSchool) -> None:
    made = await simple(asking)
    noor = await asking.browser("noor")
    assert (await noor.get("/surveys")).status_code == 200
    assert "Outing" not in (await noor.get("/surveys")).text
    assert (await noor.get(f"/surveys/{made['survey']}/answer")).status_code == 404


async def test_readers_get_their_language_else_the_main_one(asking: TestSchool) -> None:
    teacher = await asking.browser("teacher")
    survey = await begin(teacher)
    await frame(teacher, survey, title="Outing", audience="school", languages=["ar"])
    question = await ask(teacher, survey, "text", "How are you?")
    await teacher.post(f"/surveys/{survey}/texts/ar", {f"t-label:{question}": "كيف حالكم؟"})
    await open_up(teacher, survey)
    await run("UPDATE person SET language = 'ar' WHERE id = ?", asking.ids["parent"])
    page = (await (await asking.browser("parent")).get(f"/surveys/{survey}/answer")).text
    assert 'dir="rtl"' in page
    assert "<bdi>كيف حالكم؟</bdi>" in page
    assert '<bdi lang="en">Outing</bdi>' in page
