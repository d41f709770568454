"""What the portal exports, erases and lets go of by the plugin's declarations; the card; the demo."""

from __future__ import annotations

from types import SimpleNamespace

from asking import COMING, SLIP, WHY, answer, asked, crowd, load, opened
from portal_surveys import answering, cards, demo, queries, results, running, tables
from portal_surveys.plugin import HALF_A_YEAR, TWO_YEARS, portal_about
from test_answering import picture, who

from portal.main import JOBS
from portal.plugins import jobs, keeping
from portal.sdk import NotVisible, Table, atomic, clock, db, open_file
from portal.testing import TestSchool, run


@atomic
async def erase(person: int) -> None:
    await keeping.erase_person(person)


async def _counts(*names: str) -> list[int]:
    return [await db.value(f"SELECT count(*) FROM surveys_{name}") for name in names]


async def _file_is_there(file: int) -> bool:
    try:
        return bool(await open_file("surveys", file))
    except NotVisible:
        return False


def test_each_table_is_declared_once() -> None:
    declared = sorted(stored.table for stored in portal_about().stores)
    made = sorted(
        thing._meta.tablename
        for thing in vars(tables).values()
        if isinstance(thing, type) and issubclass(thing, Table) and thing is not Table
    )
    assert declared == made


async def _filled(school: TestSchool) -> list[int]:
    """Two answers and a half-filled form, each with a file. The files in this order."""
    survey = await opened(school, COMING, WHY, SLIP, per="child")
    slip, mia, lea = (await asked(survey))[2].id, school.ids["mia"], school.ids["lea"]
    for name, child in (("parent", mia), ("other", lea)):
        await answering.attach(school.viewer(name), survey, child, slip, picture())
        await answer(school.viewer(name), survey, 1, f"said by {name}", child=child)
    await answering.attach(school.viewer("parent"), survey, mia, slip, picture())
    rows = await db.rows("SELECT file FROM surveys_answer WHERE file <> 0 ORDER BY id")
    rows += await db.rows("SELECT file FROM surveys_upload")
    return [file for (file,) in rows]


async def test_an_export_holds_what_somebody_said_and_nothing_of_others(school: TestSchool) -> None:
    await _filled(school)
    for name, own, other in (("parent", "parent", "other"), ("mia", "parent", "other"), ("other", "other", "parent")):
        told = await keeping.about_person(school.ids[name])
        text = str([portion.rows for portion in told])
        assert f"said by {own}" in text
        assert f"said by {other}" not in text
    assert not any(portion.rows for portion in await keeping.about_person(school.ids["neighbour"]))


async def test_erasing_somebody_takes_answers_drafts_and_files(school: TestSchool) -> None:
    files = await _filled(school)
    await erase(school.ids["parent"])
    await jobs.run_due(clock.now(), JOBS)
    assert await _counts("response", "answer", "draft", "upload") == [1, 3, 0, 0]
    assert [await _file_is_there(file) for file in files] == [False, True, False]
    await erase(school.ids["lea"])
    await jobs.run_due(clock.now(), JOBS)
    assert await _counts("response", "answer", "draft", "upload") == [0, 0, 0, 0]
    assert not await _file_is_there(files[1])


async def test_the_survey_of_an_erased_author_stays_without_the_name(school: TestSchool) -> None:
    survey = await opened(school)
    await answer(school.viewer("parent"), survey, 1)
    await erase(school.ids["teacher"])
    found = await load(survey)
    assert (found.author, found.state) == (0, "open")
    assert (await results.results(school.viewer("admin"), survey)).answered == 1


async def test_old_answers_and_forms_go(school: TestSchool) -> None:
    await _filled(school)
    survey = await opened(school)
    later = clock.now() + (HALF_A_YEAR + 1) * clock.DAY
    await keeping.expire(later)
    assert await _counts("response", "answer", "draft", "upload") == [2, 6, 0, 0]
    await keeping.expire(clock.now() + (TWO_YEARS + 1) * clock.DAY)
    assert await _counts("response", "answer") == [0, 0]
    assert (await load(survey)).state == "open"


# ---- The card ----


async def test_the_card_counts_what_waits(school: TestSchool) -> None:
    parent = await who(school, "parent")
    assert await cards.waiting(parent) == []
    first = await opened(school, deadline=clock.add_days(clock.present("Europe/Berlin").today, 3))
    second = await opened(school, per="child")
    (card,) = await cards.waiting(parent)
    assert (card.count, card.href) == (2, "/surveys")
    assert "2 surveys wait for you." in card.text
    assert await answer(school.viewer("parent"), first, 1) == "kept"
    (card,) = await cards.waiting(parent)
    assert card.text == "1 survey waits for you."
    assert await answer(school.viewer("parent"), second, 1, child=school.ids["mia"]) == "kept"
    assert await cards.waiting(parent) == []
    for name in ("teacher", "mia", "grandparent", "blocked"):
        assert await cards.waiting(await who(school, name)) == []


async def test_what_was_answered_stays_readable_for_whoever_answered(school: TestSchool) -> None:
    survey = await opened(school, COMING, WHY, per="child")
    mia = school.ids["mia"]
    await answer(school.viewer("parent"), survey, 1, "Because", child=mia)
    await running.close(school.viewer("teacher"), survey)
    parent = await who(school, "parent")
    assert [(one.survey.id, one.unit.child_name) for one in await queries.given(parent)] == [(survey, "Mia Test")]
    assert [value for _q, value in (await queries.own(parent, survey, mia)).answers] == [1, "Because"]
    assert await queries.given(await who(school, "coparent")) == []
    await run(
        "INSERT INTO block (id, adult, child, created_at) VALUES (?, ?, ?, 0)", 1, school.ids["parent"], mia
    )
    assert await queries.given(await who(school, "parent")) == []


# ---- The demo ----


async def test_the_demo_has_three_surveys(school: TestSchool) -> None:
    await school.use("surveys")
    await crowd(school, 18)
    told: list[tuple[str, int, int]] = []
    made = SimpleNamespace(people=school.ids, groups=school.groups)
    await demo.ask(made, lambda *step: told.append(step))
    assert told[-1][1:] == (3, 3)
    viewer = school.viewer("admin")
    assert await queries.counts(school.viewer("teacher")) == {"draft": 0, "open": 1, "closed": 1}
    shown = {}
    for (survey,) in await db.rows("SELECT id FROM surveys_survey ORDER BY id"):
        found = await results.results(viewer, survey)
        shown[found.survey.title.text("en")] = (found.survey.state, found.answered > 0, found.hidden)
        assert found.answered < found.asked
    assert shown == {
        "Technology and contact at home": ("open", True, False),
        "How was the parents' evening?": ("closed", True, False),
        "Permission for a trip": ("open", True, False),
    }
    evening = await db.value("SELECT n FROM surveys_tally WHERE question = 0")
    assert evening >= 12


async def test_no_id_of_an_erased_child_stays_in_the_key_of_its_family(school: TestSchool) -> None:
    survey = await opened(school, COMING, per="family", audience="school")
    await answer(school.viewer("parent"), survey, 1)  # mia's and ben's
    await answer(school.viewer("other"), survey, 1)  # lea's
    await keeping.erase_person(school.ids["mia"])
    units = [unit for (unit,) in await db.rows("SELECT unit FROM surveys_response ORDER BY id")]
    assert str(school.ids["mia"]) not in " ".join(units)
    assert units[1] == f"f{school.ids['lea']}"
    assert len(await db.rows("SELECT id FROM surveys_answer")) == 2
