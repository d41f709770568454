"""The pages: what people see and send on them, and what the office reads about the engine."""

from __future__ import annotations

from html import unescape

import pytest
from portal_translation import glossary
from wanting import MUSEO, MUSEUM, choose, needs_apertium, parts_of, read, reader, stored, translated, written

from portal.sdk import BadInput, NotVisible
from portal.testing import Browser, TestSchool, run

STRANGE = 'Dear families, <script>alert(1)</script> & "quotes" tomorrow we visit the museum.'


async def _form(school: TestSchool, name: str, text: str = MUSEUM) -> tuple[Browser, str, dict[str, str]]:
    (said,) = await translated(school, await reader(school, name), written(text))
    return await school.browser(name), *parts_of(said)


@needs_apertium
async def test_original_and_translation_side_by_side(translating: TestSchool) -> None:
    browser, path, fields = await _form(translating, "parent")
    page = (await browser.get(f"{path}?at={fields['at']}&sig={fields['sig']}")).text
    assert f'lang="en" dir="ltr">{MUSEUM}<' in page
    assert f'lang="es" dir="ltr">{MUSEO}<' in page
    assert "Apertium" in page
    assert "/correct" not in page


@needs_apertium
async def test_saying_that_it_is_wrong_and_taking_it_back(translating: TestSchool) -> None:
    browser, path, fields = await _form(translating, "parent")
    bad = await browser.post(f"{path}/wrong", fields | {"note": "y" * 501})
    assert bad.status_code == 422
    assert "y" * 501 in bad.text
    told = await browser.post(f"{path}/wrong", fields | {"note": "<b>no</b>"})
    assert told.status_code == 303
    page = (await browser.get(told.headers["location"])).text
    assert "&lt;b&gt;no&lt;/b&gt;" in page
    assert (await browser.post(f"{path}/right", fields)).status_code == 303
    for other in ("other", "teacher", "blocked"):
        stranger = await translating.browser(other)
        for deed in ("wrong", "right", "correct", "undo"):
            assert (await stranger.post(f"{path}/{deed}", fields | {"text": "x"})).status_code == 404


@needs_apertium
async def test_correcting_on_the_page(translating: TestSchool) -> None:
    browser, path, fields = await _form(translating, "teacher")
    link = f"{path}?at={fields['at']}&sig={fields['sig']}"
    assert "/correct" not in (await browser.get(link)).text
    await browser.post("/translation", {"reads": "es"})
    page = (await browser.get(link)).text
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    empty = await browser.post(f"{path}/correct", fields | {"text": " ", "seen": seen})
    assert empty.status_code == 422
    late = await browser.post(f"{path}/correct", fields | {"text": "Lo que sé", "seen": "old"})
    assert late.status_code == 422
    assert "Lo que sé" in late.text
    assert (await browser.post(f"{path}/correct", fields | {"text": "Lo que sé", "seen": seen})).status_code == 303
    assert await stored("corrected") == ["Lo que sé"]
    asked = await browser.post(f"{path}/undo", fields)
    assert asked.status_code == 200
    assert await stored("corrected") == ["Lo que sé"]
    assert (await browser.post(f"{path}/undo", fields | {"confirmed": "1"})).status_code == 303
    assert await stored("corrected") == [""]


@needs_apertium
async def test_what_people_write_is_text_and_stays_text(translating: TestSchool) -> None:
    browser, path, fields = await _form(translating, "parent", STRANGE)
    page = (await browser.get(f"{path}?at={fields['at']}&sig={fields['sig']}")).text
    assert "<script>alert" not in page
    assert STRANGE in unescape(page)
    assert unescape(page).count("<script>") == 2  # in the translation it is as much a text


async def test_the_schools_words(translating: TestSchool) -> None:
    browser = await translating.browser("teacher")
    assert "No words yet" in (await browser.get("/translation/words")).text
    for wrong in ({"term": ""}, {"term": "123"}, {"term": "x" * 81}, {"term": "PE", "language": "xx"},
                  {"term": "PE", "in-es": "y" * 81}):  # fmt: skip
        answer = await browser.post("/translation/words/new", wrong)
        assert answer.status_code == 422, wrong
        assert wrong["term"] in answer.text
    typed = {"term": " PE   kit ", "language": "en", "in-es": "ropa de deporte", "in-xx": "no"}
    assert (await browser.post("/translation/words/new", typed)).status_code == 303
    assert (await browser.post("/translation/words/new", typed)).status_code == 422
    (term,) = await glossary.terms()
    assert (term.term, term.language, dict(term.fixed)) == ("PE kit", "en", {"es": "ropa de deporte"})
    assert "ropa de deporte" in (await browser.get(f"/translation/words/{term.id}")).text
    assert (await browser.post(f"/translation/words/{term.id}", {"term": "PE kit"})).status_code == 303
    assert "stays as it is" in (await browser.get("/translation/words")).text
    for name in ("parent", "mia", "noor", "anonymous"):
        stranger = await translating.browser(name)
        for path in ("words", "words/new", f"words/{term.id}"):
            assert (await stranger.get(f"/translation/{path}")).status_code in (303, 404)
            assert (await stranger.post(f"/translation/{path}", {"term": "Mine"})).status_code in (303, 401, 403, 404)
    with pytest.raises(NotVisible):
        await glossary.save(translating.viewer("parent"), None, "Mine", "", {})
    assert [one.term for one in await glossary.terms()] == ["PE kit"]
    assert (await browser.post(f"/translation/words/{term.id}/remove", {})).status_code == 200
    assert (await browser.post(f"/translation/words/{term.id}/remove", {"confirmed": "1"})).status_code == 303
    assert (await browser.post(f"/translation/words/{term.id}/remove", {"confirmed": "1"})).status_code == 404
    assert await glossary.terms() == []


@needs_apertium
async def test_a_new_word_is_used_in_what_was_translated_before(school: TestSchool) -> None:
    await school.use("translation")
    who, text = await reader(school, "parent"), written("Please bring the PE kit tomorrow.")
    (before,) = await translated(school, who, text)
    other = written(MUSEUM)
    await translated(school, who, other)
    term = await glossary.save(school.viewer("teacher"), None, "PE kit", "en", {"es": "ropa de deporte"})
    assert await stored() == ["waiting", "done"]
    assert (await read(who, text))[0].text == before.text
    await school.work()
    assert "ropa de deporte" in (await read(who, text))[0].text
    with pytest.raises(BadInput):
        await glossary.save(school.viewer("teacher"), None, "PE kit", "en", {})
    await glossary.remove(school.viewer("office"), term)
    await school.work()
    assert (await read(who, text))[0].text == before.text


@needs_apertium
async def test_the_office_reads_how_the_engine_is_doing(translating: TestSchool) -> None:
    office = await translating.browser("office")
    assert "has not been asked yet" in (await office.get("/translation/state")).text
    await translated(translating, await reader(translating, "parent"), written(MUSEUM))
    page = (await office.get("/translation/state")).text
    assert "It works." in page
    assert MUSEUM not in page
    assert "English" in page
    await choose("argos")
    assert (await office.post("/translation/state/check", {})).status_code == 303
    page = (await office.get("/translation/state")).text
    assert "It is not installed on this server." in page
    await choose("libretranslate", address="http://127.0.0.1:9")
    assert (await office.post("/translation/state/check", {})).status_code == 303
    assert "It could not be reached" in (await office.get("/translation/state")).text
    await choose()
    assert (await office.post("/translation/state/check", {})).status_code == 303
    assert "It works." in (await office.get("/translation/state")).text
    await choose("none")
    assert "No engine is chosen" in (await office.get("/translation/state")).text
    assert (await office.post("/translation/state/check", {})).status_code == 403
    for name in ("teacher", "parent", "safeguarding", "anonymous"):
        stranger = await translating.browser(name)
        assert (await stranger.get("/translation/state")).status_code in (303, 404)
        assert (await stranger.post("/translation/state/check", {})).status_code in (303, 401, 403, 404)


@needs_apertium
async def test_a_card_tells_who_can_correct(translating: TestSchool) -> None:
    from portal_translation.cards import waiting
    from portal_translation.plugin import portal_readings

    browser, path, fields = await _form(translating, "parent")
    await browser.post(f"{path}/wrong", fields)
    teacher = await reader(translating, "teacher", "en")
    assert await waiting(teacher) == []
    await (await translating.browser("teacher")).post("/translation", {"reads": ["en", "es"]})
    await portal_readings(teacher, [written(MUSEUM)])
    (card,) = await waiting(teacher)
    assert (card.count, card.href) == (1, "/translation")
    page = (await (await translating.browser("teacher")).get("/translation")).text
    assert MUSEUM in page
    assert await waiting(await reader(translating, "parent")) == []
    await run("DELETE FROM translation_report")
    assert await waiting(teacher) == []
