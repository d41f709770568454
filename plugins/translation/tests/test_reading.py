"""What readers get: the original until the translation is there, then the translation, at the price of one query."""

from __future__ import annotations

from wanting import MUSEO, MUSEUM, choose, needs_apertium, parts_of, read, reader, stored, translated, written

from portal.plugins import keeping
from portal.sdk import clock, db
from portal.testing import TestSchool, run
from portal.testing.contract_pages import counting

pytestmark = needs_apertium


async def test_the_original_shows_until_the_translation_is_there(school: TestSchool) -> None:
    await school.use("translation")
    who = await reader(school, "parent")
    (first,) = await read(who, written(MUSEUM))
    assert (first.text, first.translated, first.language, first.direction) == (MUSEUM, False, "en", "ltr")
    await school.work()
    (then,) = await read(who, written(MUSEUM))
    assert (then.text, then.original, then.translated, then.corrected) == (MUSEO, MUSEUM, True, False)
    assert (then.language, then.original_language) == ("es", "en")
    assert then.link.startswith("/translation/")
    changed = MUSEUM.replace("raincoat", "lunch")
    (again,) = await read(who, written(changed))
    assert (again.text, again.translated) == (changed, False)


async def test_both_directions_and_neighbours(translating: TestSchool) -> None:
    note = "Mi hija no puede venir mañana porque está enferma."
    teacher = await reader(translating, "teacher", "en")
    (said,) = await translated(translating, teacher, written(note, code="es"))
    assert said.text.startswith("My daughter can not come tomorrow")
    other = await reader(translating, "other", "uk")
    (said,) = await translated(translating, other, written("Завтра мы идём в школу.", code="ru"))
    assert said.text == "Завтра ми йдемо у школу."


async def test_what_nobody_can_translate_is_shown_as_it_is_and_not_kept(translating: TestSchool) -> None:
    who = await reader(translating, "parent", "ar")
    await translated(translating, who, written(MUSEUM))
    (said,) = await translated(translating, who, written(MUSEUM))
    assert (said.text, said.translated) == (MUSEUM, False)
    assert await stored() == []


async def test_a_language_that_nobody_named_is_told_from_the_text(translating: TestSchool) -> None:
    who = await reader(translating, "parent")
    texts = written(MUSEUM, code=""), written("Hola a todas las familias", code="")
    (said, own) = await translated(translating, who, *texts)
    assert said.text == MUSEO
    assert not own.translated
    assert await stored("source") == ["en"]


async def test_a_text_in_another_language_than_was_said_stays(translating: TestSchool) -> None:
    who = await reader(translating, "parent")
    polish = "Drogie rodziny, jutro razem odwiedzamy muzeum w naszym mieście."
    (said,) = await translated(translating, who, written(polish, code="en"))
    assert (said.text, said.translated) == (polish, False)
    assert await stored("reason") == ["same"]
    await read(who, written("Queridas familias, mañana visitamos el museo de la ciudad.", code="en"))
    assert await stored("source") == ["en"]  # it is in the reader's own
    (said,) = await translated(translating, await reader(translating, "other", "en"), written(MUSEUM, code="es"))
    assert (said.text, said.translated) == (MUSEUM, False)


async def test_as_many_queries_for_thirty_texts_as_for_one(school: TestSchool) -> None:
    await school.use("translation")
    who = await reader(school, "parent")
    texts = [written(f"{MUSEUM} Group {n} goes first.", school.ids["mia"]) for n in range(30)]
    await translated(school, who, *texts)
    for number in (1, 30):
        with counting() as asked:
            found = await read(who, *texts[:number])
        assert all(reading.translated for reading in found)
        assert len(asked) == 1, asked
    with counting() as asked:
        await read(await reader(school, "parent", "en"), *texts)
    assert sum("translation" in sql for sql in asked) == 0


async def test_originals_for_whoever_wants_them(translating: TestSchool) -> None:
    who = await reader(translating, "parent")
    await translated(translating, who, written(MUSEUM))
    browser = await translating.browser("parent")
    assert (await browser.post("/translation", {"off": "yes"})).status_code == 303
    assert [reading.translated for reading in await read(who, written(MUSEUM))] == [False]
    assert [r.translated for r in await read(await reader(translating, "coparent"), written(MUSEUM))] == [True]
    assert (await browser.post("/translation", {})).status_code == 303
    assert [reading.translated for reading in await read(who, written(MUSEUM))] == [True]


async def test_visitors_ask_for_nothing(translating: TestSchool) -> None:
    nobody = await reader(translating, "parent")
    nobody.viewer, nobody.standing = translating.viewer("anonymous"), type(nobody.standing)()
    (said,) = await translated(translating, nobody, written(MUSEUM))
    assert not said.translated
    assert await stored() == []
    await translated(translating, await reader(translating, "parent"), written(MUSEUM))
    (said,) = await read(nobody, written(MUSEUM))
    assert (said.text, said.link) == (MUSEO, "")


async def test_without_an_engine_nothing_new_is_wanted(translating: TestSchool) -> None:
    await choose("none")
    who = await reader(translating, "parent")
    await translated(translating, who, written(MUSEUM))
    assert await stored() == []


async def test_lines_and_what_stands_in_them_stay(translating: TestSchool) -> None:
    text = "Dear families,\n\ntomorrow we visit the museum with Mia at 14:30.\n\n- the blue bag\n- +49 30 1234567\n"
    (said,) = await translated(translating, await reader(translating, "parent"), written(text))
    lines = said.text.split("\n")
    assert [bool(line) for line in lines] == [bool(line) for line in text.split("\n")]
    assert "Mia" in lines[2]
    assert "14:30" in lines[2]
    assert lines[5] == "- +49 30 1234567"


async def test_letting_go_and_erasing(school: TestSchool) -> None:
    await school.use("translation")
    who, mia, lea = await reader(school, "parent"), school.ids["mia"], school.ids["lea"]
    texts = [written(f"{MUSEUM} One.", mia, lea), written(f"{MUSEUM} Two.", lea), written(f"{MUSEUM} Three.")]
    named = written(f"{MUSEUM} MIA's group goes first.")
    await translated(school, who, *texts, named)
    with clock.frozen(clock.now() + 30 * clock.DAY):
        await read(who, texts[2])
    await keeping.erase_person(mia)
    assert await stored("original") == [texts[1].text, texts[2].text]
    assert await db.value("SELECT count(*) FROM translation_about WHERE child = ?", mia) == 0
    await school.days_later(61)
    assert await stored("original") == [texts[2].text]


async def test_links_are_each_readers_own(translating: TestSchool) -> None:
    mine = (await translated(translating, await reader(translating, "parent"), written(MUSEUM)))[0]
    theirs = (await read(await reader(translating, "other"), written(MUSEUM)))[0]
    assert parts_of(mine)[0] == parts_of(theirs)[0]
    assert mine.link != theirs.link
    for name, link, status in (
        ("parent", mine.link, 200), ("other", theirs.link, 200), ("other", mine.link, 404), ("admin", mine.link, 404),
        ("teacher", mine.link, 404), ("parent", parts_of(mine)[0], 404), ("parent", mine.link[:-1] + "x", 404),
        ("parent", mine.link.replace("at=", "at=9"), 404), ("parent", mine.link.replace("at=", "at=x"), 404),
    ):  # fmt: skip
        browser = await translating.browser(name)
        assert (await browser.get(link)).status_code == status, (name, link)
    assert (await (await translating.browser()).get(mine.link)).status_code == 303


async def test_a_link_ends_with_the_day_and_with_how_its_reader_stands(translating: TestSchool) -> None:
    who = await reader(translating, "coparent")
    link = (await translated(translating, who, written(MUSEUM, translating.ids["mia"])))[0].link
    browser = await translating.browser("coparent")
    assert (await browser.get(link)).status_code == 200
    with clock.frozen(clock.now() + 13 * clock.HOUR):
        assert (await (await translating.browser("coparent")).get(link)).status_code == 404
    await run("UPDATE link SET ends = '2020-01-01' WHERE adult = ?", translating.ids["coparent"])
    assert (await browser.get(link)).status_code == 404
