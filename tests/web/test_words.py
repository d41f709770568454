"""Word on paper: what the office prints and passes on."""

from __future__ import annotations

import re

import httpx
import pytest

from portal.db import db
from portal.delivery import actions, queries
from portal.delivery.actions import Word
from portal.people import actions as people
from portal.testing import Browser, TestSchool, run

PAGE = "/office/words"


@pytest.fixture
async def school(school: TestSchool) -> TestSchool:
    """parent reads Arabic and wants paper, other wants it too, neighbour has mail, noors_parent wants nothing."""
    for name, channel in (("parent", "paper"), ("other", "paper"), ("noors_parent", "none")):
        await actions.wish(school.ids[name], channel=channel)
    await actions.wish(school.ids["parent"], language="ar")
    people_ = ("parent", "other", "neighbour", "noors_parent")
    words = [Word(school.ids[name], f"To {name}", f"Dear {name} <b>\n\nline one\nline two") for name in people_]
    assert await actions.deliver(words) == 3
    return school


def sheets(answer: httpx.Response) -> list[str]:
    return re.findall(r'<article class="card word".*?</article>', answer.text, re.DOTALL)


def ids(answer: httpx.Response) -> str:
    found = re.search(r'name="ids" value="([^"]*)"', answer.text)
    return found[1] if found else ""


async def waiting() -> set[str]:
    return {sheet.subject for sheet in await queries.on_paper()}


async def hand_out(browser: Browser, chosen: str, **more: str) -> httpx.Response:
    return await browser.post(PAGE, {"ids": chosen} | more)


async def test_each_sheet_is_in_its_reader_s_language(school: TestSchool) -> None:
    answer = await (await school.browser("office")).get(PAGE)
    arabic, english = sheets(answer)
    assert 'lang="ar" dir="rtl"' in arabic
    assert "To parent" in arabic
    assert "Parent Test" in arabic
    assert 'lang="en" dir="ltr"' in english
    assert "Dear other &lt;b&gt;" in english
    assert "line one<br>line two" in english
    assert "To neighbour" not in answer.text  # by mail
    assert "To noors_parent" not in answer.text  # in the portal only
    assert "2 sheets wait to be printed." in answer.text


@pytest.mark.parametrize("member", ["parent", "teacher", "safeguarding", "mia", "anonymous"])
async def test_it_is_for_the_office(school: TestSchool, member: str) -> None:
    browser, office = await school.browser(member), await school.browser("office")
    assert (await browser.get(PAGE)).status_code == (303 if member == "anonymous" else 404)
    answer = await hand_out(browser, ids(await office.get(PAGE)), confirmed="1")
    assert answer.status_code == (401 if member == "anonymous" else 404)
    assert len(await waiting()) == 2
    if member == "safeguarding":
        assert PAGE not in (await browser.get("/office")).text


async def test_the_start_page_counts(school: TestSchool) -> None:
    office = await school.browser("office")
    assert "2 sheets wait to be printed." in (await office.get("/office")).text
    await hand_out(office, ids(await office.get(PAGE)), confirmed="1")
    assert "Nothing waits." in (await office.get("/office")).text


async def test_handed_out_is_asked_and_takes_what_was_shown(school: TestSchool) -> None:
    office = await school.browser("office")
    shown = ids(await office.get(PAGE))
    asked = await hand_out(office, shown)
    assert asked.status_code == 200
    assert "Have you printed these and passed them on?" in asked.text
    assert ids(asked) == shown
    assert len(await waiting()) == 2
    await actions.deliver([Word(school.ids["other"], "Came meanwhile", "Text")])
    assert (await hand_out(office, shown, confirmed="1")).status_code == 303
    assert await waiting() == {"Came meanwhile"}
    assert await db.value("SELECT COUNT(*) FROM outgoing WHERE channel = 'paper' AND state = 'sent' AND body = ''") == 2
    assert (await hand_out(office, shown, confirmed="1")).status_code == 303  # a button pressed twice
    assert await db.value("SELECT COUNT(*) FROM outgoing WHERE channel = 'email' AND state = 'waiting'") == 1
    assert "Came meanwhile" in (await office.get(PAGE)).text


@pytest.mark.parametrize("chosen", ["", "x", "1,2,3", "9" * 40, ",", "-1", "½"])
async def test_other_numbers_take_nothing(school: TestSchool, chosen: str) -> None:
    office = await school.browser("office")
    assert (await hand_out(office, chosen, confirmed="1")).status_code == 303
    assert len(await waiting()) == 2


async def test_a_mail_is_not_handed_out(school: TestSchool) -> None:
    mail = await db.value("SELECT id FROM outgoing WHERE channel = 'email'")
    await hand_out(await school.browser("office"), str(mail), confirmed="1")
    assert await db.value("SELECT state FROM outgoing WHERE id = ?", mail) == "waiting"


async def test_nothing_about_a_child_from_whom_one_is_kept(school: TestSchool) -> None:
    office, admin = await school.browser("office"), await school.browser("admin")
    everything = ids(await admin.get(PAGE))
    await people.block(school.ids["office"], school.ids["lea"])
    answer = await office.get(PAGE)
    assert "To other" not in answer.text
    assert "1 sheet waits to be printed." in (await office.get("/office")).text
    await hand_out(office, everything, confirmed="1")
    assert await waiting() == {"To other"}
    assert "To other" in (await admin.get(PAGE)).text


async def test_the_oldest_so_many_as_one_prints_at_once(school: TestSchool) -> None:
    words = [Word(school.ids["other"], f"Number {number}", "Text") for number in range(205)]
    await actions.deliver(words)
    office = await school.browser("office")
    answer = await office.get(PAGE)
    assert len(sheets(answer)) == 200
    assert "207 sheets wait to be printed. Here are the oldest 200 of them." in answer.text
    assert (await hand_out(office, ids(answer), confirmed="1")).status_code == 303
    assert len(await waiting()) == 7


async def test_nothing_waits(school: TestSchool) -> None:
    await run("UPDATE outgoing SET state = 'sent'")
    answer = await (await school.browser("office")).get(PAGE)
    assert "Nothing waits to be printed" in answer.text
    assert "Printed and handed out" not in answer.text
