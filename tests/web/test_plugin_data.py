"""What plugins keep about a person: for themselves, for those who decide for a child, and for administrators."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import pytest

from portal import clock
from portal.db import db
from portal.hooks.host import host
from portal.people import actions as people
from portal.testing import TestSchool, run
from tests.web import lost as toy

MINE = "/account/data"
CLOSED = ("anonymous", "outsider", "ben", "lea", "tom")  # without a session that counts


@pytest.fixture
async def filled(school: TestSchool, lost: None) -> TestSchool:
    """Things that parent, coparent, blocked and a teacher found, and whose they are."""
    ids = school.ids
    await toy.found("parent's own", ids["parent"], said="words of parent", days_ago=9)
    await toy.found("parent about mia", ids["parent"], ids["mia"])
    await toy.found("coparent about mia", ids["coparent"], ids["mia"], said="words of coparent")
    await toy.found("blocked about mia", ids["blocked"], ids["mia"], said="words of blocked")
    await toy.found("teacher about mia", ids["teacher"], ids["mia"])
    await toy.found("of mia alone", 0, ids["mia"], said="words about mia alone")
    await toy.found("of ben alone", 0, ids["ben"])
    await toy.found("of tom alone", 0, ids["tom"])
    await run("INSERT INTO lost_keeper (id, person, room) VALUES (1, ?, 'Hall')", ids["parent"])
    return school


async def entries(school: TestSchool, member: str, path: str) -> list[str]:
    """What stands in a download: the words of every entry, in order."""
    answer = await (await school.browser(member)).get(path)
    assert answer.status_code == 200, (member, path, answer.status_code)
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.headers["content-type"] == "application/json"
    kept: list[dict[str, Any]] = [each for each in answer.json()["kept"] if each["plugin"] == "lost"]
    found = [e.get("what") or e.get("said") or e.get("room") for each in kept for e in each["entries"]]
    return sorted(str(word) for word in found)


async def test_one_s_own(filled: TestSchool) -> None:
    browser = await filled.browser("parent")
    assert f'href="{MINE}"' in (await browser.get("/account")).text
    page = (await browser.get(MINE)).text
    for said in ("Lost things", "Found things 100 %", "Thirty days", "Words about them", "Who cares for them"):
        assert said in page, said
    day = clock.day(clock.now() - 9 * clock.DAY, "Europe/Berlin")
    assert f"{int(day[8:])}, {day[:4]}" in page  # the oldest of May 3, 2026
    assert "all of them gone by" in page
    assert await entries(filled, "parent", f"{MINE}/download") == [
        "Hall", "parent about mia", "parent's own", "words of parent",
    ]
    assert await entries(filled, "coparent", f"{MINE}/download") == ["coparent about mia", "words of coparent"]
    assert await entries(filled, "neighbour", f"{MINE}/download") == []
    assert "No plugin keeps anything" in (await (await filled.browser("neighbour")).get(MINE)).text


async def test_about_a_child_without_what_others_said_of_it(filled: TestSchool) -> None:
    """What one guardian said of a child is not for the other: it stands under their own data."""
    mia = filled.ids["mia"]
    page = (await (await filled.browser("parent")).get(f"{MINE}/{mia}")).text
    assert "What plugins keep about Mia Test" in page
    assert "Entries that name somebody else as well are not shown here." in page
    assert await entries(filled, "parent", f"{MINE}/{mia}/download") == [
        "of mia alone", "parent about mia", "words about mia alone",
    ]
    assert await entries(filled, "coparent", f"{MINE}/{mia}/download") == [
        "coparent about mia", "of mia alone", "words about mia alone", "words of coparent",
    ]
    assert await entries(filled, "parent", f"{MINE}/{filled.ids['ben']}/download") == ["of ben alone"]


async def test_a_child_reads_what_is_about_it_alone(filled: TestSchool) -> None:
    assert await entries(filled, "mia", f"{MINE}/download") == ["of mia alone", "words about mia alone"]
    page = (await (await filled.browser("mia")).get(MINE)).text
    assert "Entries that name somebody else as well are not shown here." in page


async def test_whoever_is_kept_from_a_child_reads_nothing_that_names_it(filled: TestSchool) -> None:
    """blocked found something for mia once; where it lies now is not told."""
    mia = filled.ids["mia"]
    blocked = await filled.browser("blocked")
    assert await entries(filled, "blocked", f"{MINE}/download") == []
    page = (await blocked.get(MINE)).text
    assert "Mia" not in page
    for path in (f"{MINE}/{mia}", f"{MINE}/{mia}/download"):
        assert (await blocked.get(path)).status_code == 404
    await people.lift_block(filled.ids["blocked"], mia)  # the twin
    assert await entries(filled, "blocked", f"{MINE}/download") == ["blocked about mia", "words of blocked"]
    assert "Mia" in (await blocked.get(MINE)).text


@pytest.mark.parametrize("member", ["parent", "coparent", "grandparent", "former", "other", "teacher", "admin", "mia",
                                    "noor", *CLOSED])  # fmt: skip
async def test_a_child_is_for_those_who_decide_for_it(filled: TestSchool, member: str) -> None:
    browser = await filled.browser(member)
    expected = 200 if member in ("parent", "coparent") else 303 if member in CLOSED else 404
    for path in (f"{MINE}/{filled.ids['mia']}", f"{MINE}/{filled.ids['mia']}/download"):
        assert (await browser.get(path)).status_code == expected
    for path in (MINE, f"{MINE}/download"):
        assert (await browser.get(path)).status_code == (303 if member in CLOSED else 200)
    for number in (filled.ids["teacher"], 123, 0):
        assert (await browser.get(f"{MINE}/{number}")).status_code == (303 if member in CLOSED else 404)


async def test_nobody_decides_for_one_who_is_of_age(filled: TestSchool) -> None:
    browser = await filled.browser("parent")
    await run("UPDATE person SET born = '2000-01-01' WHERE id = ?", filled.ids["mia"])
    assert (await browser.get(f"{MINE}/{filled.ids['mia']}")).status_code == 404
    assert "Mia" not in (await browser.get(MINE)).text


async def test_it_is_there_when_the_plugin_is_gone(filled: TestSchool) -> None:
    with toy.gone():
        assert "Found things 100 %" in (await (await filled.browser("parent")).get(MINE)).text
        assert "parent's own" in await entries(filled, "parent", f"{MINE}/download")


async def test_a_table_that_is_gone_or_changed_breaks_no_page(filled: TestSchool) -> None:
    await run("DROP TABLE lost_word")
    await run("ALTER TABLE lost_keeper RENAME COLUMN person TO carer")
    assert await entries(filled, "parent", f"{MINE}/download") == ["parent about mia", "parent's own"]
    admin = await filled.browser("admin")
    answer = await admin.post(f"/office/people/{filled.ids['parent']}/data/erase", {"typed": "Parent Test"})
    assert answer.status_code == 422
    assert "could not erase what it keeps, so nothing was erased" in answer.text
    assert "parent's own" in await entries(filled, "parent", f"{MINE}/download")


async def test_numbers_are_read_back_as_they_were(filled: TestSchool) -> None:
    answer = (await (await filled.browser("parent")).get(f"{MINE}/download")).json()
    (thing, *_rest) = next(each for each in answer["kept"] if each["table"] == "lost_thing")["entries"]
    assert thing["finder"] == str(filled.ids["parent"])  # beyond what a browser's numbers hold
    assert isinstance(thing["found_at"], int)
    assert answer["about"] == "Parent Test"


# ---- The office ----


def of(school: TestSchool, name: str) -> str:
    return f"/office/people/{school.ids[name]}/data"


@pytest.mark.parametrize("member", ["parent", "teacher", "office", "safeguarding", "mia"])
async def test_the_office_s_page_is_for_administrators(filled: TestSchool, member: str) -> None:
    browser = await filled.browser(member)
    for path in (of(filled, "parent"), of(filled, "parent") + "/download"):
        assert (await browser.get(path)).status_code == 404
    answer = await browser.post(of(filled, "parent") + "/erase", {"typed": "Parent Test"})
    assert answer.status_code == 404
    assert await db.value("SELECT COUNT(*) FROM lost_thing WHERE finder = ?", filled.ids["parent"]) == 2
    record = await browser.get(f"/office/people/{filled.ids['parent']}")
    assert of(filled, "parent") not in record.text


async def test_administrators_read_the_whole(filled: TestSchool) -> None:
    admin = await filled.browser("admin")
    assert f'href="{of(filled, "mia")}"' in (await admin.get(f"/office/people/{filled.ids['mia']}")).text
    page = (await admin.get(of(filled, "mia"))).text
    assert "It is erased" in page
    assert await entries(filled, "admin", of(filled, "mia") + "/download") == [
        "blocked about mia", "coparent about mia", "of mia alone", "parent about mia", "teacher about mia",
        "words about mia alone", "words of blocked", "words of coparent",
    ]
    assert "The person's name is taken out" in (await admin.get(of(filled, "parent"))).text
    assert (await admin.get("/office/people/123/data")).status_code == 404


async def test_but_nothing_of_a_child_from_whom_they_are_kept(filled: TestSchool) -> None:
    admin = await filled.browser("admin")
    await people.block(filled.ids["admin"], filled.ids["mia"])
    for path in (of(filled, "mia"), of(filled, "mia") + "/download"):
        assert (await admin.get(path)).status_code == 404
    assert (await admin.post(of(filled, "mia") + "/erase", {"typed": "Mia Test"})).status_code == 404
    assert await entries(filled, "admin", of(filled, "parent") + "/download") == [
        "Hall", "parent's own", "words of parent",
    ]


async def test_erasing_asks_for_the_name_and_takes_all_of_it(filled: TestSchool) -> None:
    admin = await filled.browser("admin")
    erase = of(filled, "parent") + "/erase"
    asked = await admin.post(erase)
    assert asked.status_code == 200
    assert "Erase what plugins keep about Parent Test?" in asked.text
    wrong = await admin.post(erase, {"typed": "Parent Tset"})
    assert wrong.status_code == 422
    assert "This is not the name." in wrong.text
    assert 'value="Parent Tset"' in wrong.text
    assert len(await entries(filled, "parent", f"{MINE}/download")) == 4
    answer = await admin.post(erase, {"typed": " parent  test"})
    assert answer.status_code == 303
    assert "Erased." in unquote(answer.cookies["portal-flash"])
    assert await entries(filled, "parent", f"{MINE}/download") == []
    assert await db.rows("SELECT person, room FROM lost_keeper") == [(0, "Hall")]
    assert "coparent about mia" in await entries(filled, "coparent", f"{MINE}/download")
    again = await admin.post(erase, {"typed": "Parent Test"})
    assert again.status_code == 303  # a button pressed twice


async def test_where_a_plugin_cannot_nothing_is_erased(school: TestSchool) -> None:
    told: list[int] = []

    async def failing(person: int) -> None:
        told.append(person)
        if len(told) == 1:
            raise RuntimeError("a defect")

    with toy.loaded(portal_erase=failing):
        await toy.use(school)
        await toy.found("parent's own", school.ids["parent"], said="words")
        admin = await school.browser("admin")
        erase = of(school, "parent") + "/erase"
        with toy.gone():
            answer = await admin.post(erase, {"typed": "Parent Test"})
            assert answer.status_code == 422
            assert "Lost things could not erase what it keeps, so nothing was erased." in answer.text
            assert 'href="/office/plugins"' in answer.text
        answer = await admin.post(erase, {"typed": "Parent Test"})
        assert answer.status_code == 422
        assert await db.value("SELECT COUNT(*) FROM lost_word") == 1
        assert host.troubles["lost"].place == "portal_erase"
        assert (await admin.post(erase, {"typed": "Parent Test"})).status_code == 303
        assert await db.value("SELECT COUNT(*) FROM lost_word") == 0
        assert told == [school.ids["parent"]] * 2
