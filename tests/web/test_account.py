"""The account page."""

from __future__ import annotations

import re

import pytest

from portal import clock
from portal.db import db
from portal.delivery import queries as delivery
from portal.identity import actions, queries, sessions
from portal.testing import Browser, TestSchool, run

PASSWORD = "correct horse battery"
NEW = "quiet green river"


@pytest.fixture
async def browser(school: TestSchool) -> Browser:
    await actions.create_account(school.ids["parent"], "amina@mail.example", PASSWORD)
    return await school.browser("parent")


async def change(browser: Browser, current: str, password: str) -> tuple[int, str]:
    answer = await browser.post("/account/password", {"current": current, "password": password})
    return answer.status_code, answer.text


async def test_the_page_shows_one_s_own(school: TestSchool, browser: Browser) -> None:
    await sessions.begin(school.ids["other"], "Someone else's phone", staff=False)
    await sessions.begin(school.ids["parent"], "Firefox, Android", staff=False)
    text = (await browser.get("/account")).text
    assert "Parent Test" in text
    assert "amina@mail.example" in text
    assert "Firefox, Android" in text
    assert "Someone else" not in text
    assert (await (await school.browser()).get("/account")).status_code == 303


async def test_a_new_password_signs_out_everywhere_else(school: TestSchool, browser: Browser) -> None:
    there = await school.browser("parent")
    assert (await change(browser, "wrong horse", NEW))[0] == 422
    assert (await there.get("/account")).status_code == 200
    assert (await change(browser, PASSWORD, NEW))[0] == 303
    assert (await browser.get("/account")).status_code == 200
    assert (await there.get("/account")).status_code == 303


@pytest.mark.parametrize(("password", "says"), [("short", "at least 10"), ("password123", "tried first"),
                                                ("Parent Test 1", "name"), ("lindenschool7", "name")])
async def test_a_weak_password_is_refused_kindly(browser: Browser, password: str, says: str) -> None:
    status, text = await change(browser, PASSWORD, password)
    assert status == 422
    assert says in text
    assert password not in text


async def test_guessing_the_present_password_is_slowed_down(browser: Browser) -> None:
    with clock.frozen(clock.now()):
        outcomes = [(await change(browser, f"wrong horse {n}", NEW))[0] for n in range(6)]
        outcomes.append((await change(browser, PASSWORD, NEW))[0])
    assert outcomes == [422] * 5 + [429] * 2


async def test_one_device_is_signed_out_after_a_question(school: TestSchool, browser: Browser) -> None:
    there = await school.browser("parent")
    third = await school.browser("parent")
    key = sessions.digest(there.http.cookies["portal"]).hex()[:24]
    asked = await browser.post(f"/account/devices/{key}")
    assert asked.status_code == 200
    assert 'name="confirmed" value="1"' in asked.text
    assert (await there.get("/account")).status_code == 200
    assert (await browser.post(f"/account/devices/{key}", {"confirmed": "1"})).status_code == 303
    assert (await there.get("/account")).status_code == 303
    assert (await third.get("/account")).status_code == 200
    assert (await browser.post(f"/account/devices/{key}", {"confirmed": "1"})).status_code == 404


async def test_nobody_signs_out_somebody_else(school: TestSchool, browser: Browser) -> None:
    other = await school.browser("other")
    (device,) = await queries.devices(school.ids["other"])
    assert (await browser.post(f"/account/devices/{device.id}", {"confirmed": "1"})).status_code == 404
    assert (await other.get("/account")).status_code == 200


async def test_all_others_are_signed_out(school: TestSchool, browser: Browser) -> None:
    there, other = await school.browser("parent"), await school.browser("other")
    await browser.post("/account/devices/others")
    assert (await there.get("/account")).status_code == 200, "asked first"
    assert (await browser.post("/account/devices/others", {"confirmed": "1"})).status_code == 303
    assert [(await who.get("/account")).status_code for who in (browser, there, other)] == [200, 303, 200]


async def test_the_language_is_kept_with_the_person(school: TestSchool, browser: Browser) -> None:
    answer = await browser.post("/language", {"lang": "de", "next": "/account"})
    assert answer.headers["location"] == "/account"
    assert '<html lang="de"' in (await browser.get("/account")).text
    assert await db.value("SELECT language FROM person WHERE id = ?", school.ids["parent"]) == "de"


async def reached(number: int) -> str:
    return (await delivery.ways([number])).get(number, "")


async def test_how_word_reaches_one_is_told_and_chosen(school: TestSchool, browser: Browser) -> None:
    me = school.ids["parent"]
    page = (await browser.get("/account")).text
    assert "You have not chosen yet. Word from the school reaches you by e-mail." in page
    assert "To parent@school.example" in page
    assert 'value="email" checked' not in page
    answer = await browser.post("/account/reach", {"channel": "paper"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert await reached(me) == "paper"
    assert re.search(r'value="paper" checked', (await browser.get("/account")).text)
    await browser.post("/account/reach", {"channel": "paper"})  # a button pressed twice
    assert await db.value("SELECT COUNT(*) FROM reach") == 1
    await browser.post("/account/reach", {"channel": "none"})
    assert await reached(me) == "none"
    assert await reached(school.ids["other"]) == "email", "of nobody else"


async def test_without_an_address_word_comes_on_paper(school: TestSchool, browser: Browser) -> None:
    await run("UPDATE person SET email = NULL WHERE id = ?", school.ids["parent"])
    page = (await browser.get("/account")).text
    assert "Word from the school reaches you on paper." in page
    assert "The school knows no e-mail address of yours yet." in page
    await browser.post("/account/reach", {"channel": "email"})
    page = (await browser.get("/account")).text
    assert "The school knows no e-mail address of yours, so word reaches you on paper." in page


@pytest.mark.parametrize("channel", ["", "pigeon", "email\x00"])
async def test_no_other_way_is_taken(school: TestSchool, browser: Browser, channel: str) -> None:
    answer = await browser.post("/account/reach", {"channel": channel})
    assert answer.status_code == 422
    assert 'id="f-channel-error"' in answer.text
    assert await db.value("SELECT COUNT(*) FROM reach") == 0


async def test_only_who_is_signed_in_chooses(school: TestSchool) -> None:
    for name in ("anonymous", "outsider", "ben"):
        answer = await (await school.browser(name)).post("/account/reach", {"channel": "none"})
        assert answer.status_code == 401
    assert await db.value("SELECT COUNT(*) FROM reach") == 0
