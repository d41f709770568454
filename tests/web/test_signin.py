"""Signing in and out through the pages."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from types import SimpleNamespace

import httpx
import pytest

from portal import clock
from portal.db import atomic, db
from portal.identity import actions, passwords, sessions
from portal.kinds import ACCOUNT, Rung
from portal.main import create_app
from portal.settings import Settings
from portal.testing import Browser, TestSchool

PASSWORD = "correct horse battery"
LOGINS = {"parent": "amina@mail.example", "teacher": "tom.teacher", "mia": "mia.test", "noor": "noor.test"}


@pytest.fixture
async def accounts(school: TestSchool) -> TestSchool:
    for name, login in LOGINS.items():
        await actions.create_account(school.ids[name], login, PASSWORD)
    return school


async def enter(browser: Browser, login: str, password: str = PASSWORD, **more: str) -> httpx.Response:
    return await browser.post("/sign-in", {"login": login, "password": password, "keep": "yes"} | more)


def cookie(answer: httpx.Response, name: str = "portal") -> str:
    """The Set-Cookie header of one cookie."""
    return next((line for line in answer.headers.get_list("set-cookie") if line.startswith(f"{name}=")), "")


async def test_the_right_password_opens_and_sign_out_closes_for_good(accounts: TestSchool) -> None:
    browser = await accounts.browser()
    assert (await browser.get("/account")).headers["location"] == "/sign-in?next=/account"
    answer = await enter(browser, " Amina@MAIL.example")
    assert answer.status_code == 303
    assert (await browser.get("/account")).status_code == 200
    token = browser.http.cookies["portal"]
    left = await browser.post("/sign-out")
    assert (left.status_code, left.headers["location"]) == (303, "/sign-in")
    assert "Max-Age=0" in cookie(left)
    assert await sessions.find(token) is None
    again = Browser(accounts.app, accounts.settings.url, token)
    accounts.browsers.append(again)
    assert (await again.get("/account")).status_code == 303, "the old token opens nothing any more"


@pytest.mark.parametrize("who", ["unknown", "wrong", "inactive", "child", "empty"])
async def test_why_it_did_not_work_is_told_to_nobody(accounts: TestSchool, who: str) -> None:
    """Text, status, headers are the same for all of them; a child's account without allowance is among them."""
    await actions.create_account(accounts.ids["outsider"], "outsider.test", PASSWORD)
    await actions.create_account(accounts.ids["ben"], "ben.test", PASSWORD)  # 10, and nobody allowed it
    attempts = {
        "unknown": ("nobody.here", PASSWORD), "wrong": ("amina@mail.example", "wrong horse battery"),
        "inactive": ("outsider.test", PASSWORD), "child": ("ben.test", PASSWORD), "empty": ("", ""),
    }
    login, password = attempts[who]
    browser = await accounts.browser()
    answer = await enter(browser, login, password)
    baseline = await enter(browser, "xxxx.yyyy", "zzzzzzzzzzzz")
    assert answer.status_code == baseline.status_code == 422
    assert await db.value("SELECT COUNT(*) FROM session") == 0

    def bare(found: httpx.Response, typed: str) -> str:
        text = re.sub(r'nonce="[^"]*"|name="csrf[^>]*content="[^"]*"|value="[^"]{24}"', "", found.text)
        return text.replace(f'value="{typed}"', 'value=""')

    assert bare(answer, login) == bare(baseline, "xxxx.yyyy")
    assert "That did not work." in answer.text
    assert sorted(set(answer.headers) - {"content-length"}) == sorted(set(baseline.headers) - {"content-length"})


async def test_unknown_people_cost_as_much_as_wrong_passwords(
    sqlite_school: TestSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One password hash of the same cost each; all else is a fraction of that. Times would tell only of the machine."""
    await actions.create_account(sqlite_school.ids["parent"], "amina", PASSWORD)
    verified: list[str] = []
    verify = passwords._hasher.verify

    def counting(kept: str, tried: str) -> bool:
        verified.append(kept)
        return verify(kept, tried)

    monkeypatch.setattr(passwords, "_hasher", SimpleNamespace(verify=counting))

    async def always(_child: int) -> bool:
        return True

    for login in ("amina", "nobody"):
        assert await actions.sign_in(login, "wrong horse", "198.51.100.1", "", allowed=always) is None
    known, unknown = verified
    assert known != unknown
    assert known.split("$")[:4] == unknown.split("$")[:4]  # kind, version, memory and rounds


async def test_too_many_tries_are_told_to_wait_and_even_the_right_password_is_not_tried(accounts: TestSchool) -> None:
    with clock.frozen(clock.now()) as _:
        browser = await accounts.browser()
        for _n in range(5):
            assert (await enter(browser, LOGINS["parent"], "wrong horse battery")).status_code == 422
        for password in ("wrong horse battery", PASSWORD):
            answer = await enter(browser, LOGINS["parent"], password)
            assert answer.status_code == 429
            assert answer.headers["retry-after"] == "60"
            assert "please wait 1 min" in answer.text
            assert "portal" not in browser.http.cookies
        assert (await enter(browser, LOGINS["teacher"])).status_code == 303, "another person comes in all the same"
    with clock.frozen(clock.now() + 61 * clock.SECOND):
        browser = await accounts.browser()
        assert (await enter(browser, LOGINS["parent"])).status_code == 303


async def test_unknown_names_are_slowed_down_just_the_same(accounts: TestSchool) -> None:
    with clock.frozen(clock.now()):
        browser = await accounts.browser()
        outcomes = [(await enter(browser, "nobody.here")).status_code for _ in range(6)]
    assert outcomes == [422] * 5 + [429]


async def test_many_guesses_at_the_same_time(accounts: TestSchool) -> None:
    with clock.frozen(clock.now()):
        browser = await accounts.browser()
        await browser.get("/sign-in")
        answers = await asyncio.gather(*(enter(browser, LOGINS["parent"], f"wrong horse {n}") for n in range(9)))
    assert sorted(answer.status_code for answer in answers) == [422] * 5 + [429] * 4


async def test_the_cookie_is_out_of_reach(accounts: TestSchool) -> None:
    answer = await enter(await accounts.browser(), LOGINS["parent"])
    flags = cookie(answer).lower()
    assert "httponly" in flags
    assert "samesite=lax" in flags
    assert "path=/" in flags
    assert "domain" not in flags
    assert int(re.search(r"max-age=(\d+)", flags)[1]) == 180 * 86400  # type: ignore[index]
    shared = await enter(await accounts.browser(), LOGINS["parent"], keep="")
    assert "max-age" not in cookie(shared).lower()
    assert await db.value("SELECT MIN(ends_at - created_at) FROM session") == sessions.SHARED_LONGEST


async def test_through_tls_it_is_a_host_cookie(sqlite_school: TestSchool) -> None:
    await actions.create_account(sqlite_school.ids["teacher"], "tom.teacher", PASSWORD)
    settings: Settings = sqlite_school.settings
    secure = replace(settings, url="https://p.example")
    app = create_app(secure, background=False, durable=False)
    browser = Browser(app, "https://p.example")
    sqlite_school.browsers.append(browser)
    first = await browser.get("/sign-in")
    token = re.search(r'name="csrf_token" value="([^"]+)"', first.text)
    assert token
    answer = await browser.post("/sign-in", {"login": "tom.teacher", "password": PASSWORD}, csrf=token[1])
    assert answer.status_code == 303
    line = cookie(answer, "__Host-portal")
    assert "; secure" in line.lower()
    assert "Path=/" in line


async def test_a_planted_session_is_never_adopted(accounts: TestSchool) -> None:
    """Session fixation: whatever value the browser brings, the session after signing in has a new one."""
    planted = "A" * 43
    browser = Browser(accounts.app, accounts.settings.url, planted)
    accounts.browsers.append(browser)
    await browser.get("/sign-in")
    page = await browser.get("/sign-in")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token
    answer = await browser.post("/sign-in", {"login": LOGINS["parent"], "password": PASSWORD}, csrf=token[1])
    assert answer.status_code == 303
    assert planted not in cookie(answer)
    assert await sessions.find(planted) is None


async def test_signing_in_as_somebody_else_ends_the_session_before(accounts: TestSchool) -> None:
    browser = await accounts.browser("teacher")
    before = browser.http.cookies["portal"]
    answer = await enter(browser, LOGINS["parent"])
    assert answer.status_code == 303
    assert await sessions.find(before) is None
    assert (await sessions.find(re.match(r"portal=([^;]+)", cookie(answer))[1])).person == accounts.ids["parent"]  # type: ignore[index,union-attr]


@pytest.mark.parametrize("csrf", ["", "AAAAAAAAAAAAAAAAAAAAAAAA"])
async def test_a_foreign_form_signs_nobody_in(accounts: TestSchool, csrf: str) -> None:
    browser = await accounts.browser()
    form = {"login": LOGINS["parent"], "password": PASSWORD}
    answer = await browser.post("/sign-in", form, csrf=csrf)
    assert answer.status_code == 403
    answer = await browser.post("/sign-in", form, Origin="https://evil.example")
    assert answer.status_code == 403
    assert await db.value("SELECT COUNT(*) FROM session") == 0


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
     "/\t/evil.example", "/\r\nSet-Cookie: x=y", "evil.example", "http:/evil.example", ""],
)
async def test_next_leads_nowhere_else(accounts: TestSchool, target: str) -> None:
    for browser in (await accounts.browser(), await accounts.browser("teacher")):
        answer = (
            await enter(browser, LOGINS["teacher"], next=target)
            if "portal" not in browser.http.cookies
            else await browser.http.get("/sign-in", params={"next": target})
        )
        assert answer.status_code == 303
        place = answer.headers["location"]
        assert place.startswith("/")
        assert not place.startswith(("//", "/\\"))
        assert "evil" not in place
        assert "x=y" not in str(answer.headers.get_list("set-cookie"))


async def test_next_leads_on_where_nothing_waits(accounts: TestSchool) -> None:
    answer = await enter(await accounts.browser(), LOGINS["teacher"], next="/photos?before=5")
    assert answer.headers["location"] == "/photos?before=5"
    page = await (await accounts.browser()).get("/sign-in?next=/photos")
    assert 'name="next" value="/photos"' in page.text


async def test_what_waits_comes_first(accounts: TestSchool) -> None:
    await actions.create_account(accounts.ids["other"], "leas.mother", PASSWORD)  # has not answered for lea
    answer = await enter(await accounts.browser(), "leas.mother", next="/photos")
    assert answer.headers["location"] == "/waiting"


async def test_a_child_comes_in_while_a_guardian_allows_it_and_is_out_at_once(accounts: TestSchool) -> None:
    browser = await accounts.browser()
    answer = await enter(browser, LOGINS["mia"])
    assert answer.status_code == 303
    assert (await browser.get("/account")).status_code == 200
    await accounts.decide("parent", "mia", Rung.NOBODY, ACCOUNT)
    assert (await browser.get("/account")).headers["location"].startswith("/sign-in")
    assert (await enter(await accounts.browser(), LOGINS["mia"])).status_code == 422
    await accounts.decide("parent", "mia", Rung.FAMILY, ACCOUNT)
    assert (await browser.get("/account")).headers["location"].startswith("/sign-in"), "the old session stays closed"
    assert (await enter(await accounts.browser(), LOGINS["mia"])).status_code == 303


@atomic
async def _deactivate(person: int) -> None:
    await db.run("UPDATE person SET active = ? WHERE id = ?", False, person)


async def test_an_inactive_person_is_out_at_once(accounts: TestSchool) -> None:
    browser = await accounts.browser("teacher")
    assert (await browser.get("/account")).status_code == 200
    await _deactivate(accounts.ids["teacher"])
    assert (await browser.get("/account")).status_code == 303
    assert (await enter(await accounts.browser(), LOGINS["teacher"])).status_code == 422


async def test_signing_out_twice_and_as_nobody_does_no_harm(accounts: TestSchool) -> None:
    anonymous = await accounts.browser()
    assert (await anonymous.post("/sign-out")).status_code == 303
    browser = await accounts.browser("teacher")
    bystander = await accounts.browser("teacher")
    assert (await browser.post("/sign-out")).status_code == 303
    assert (await bystander.get("/account")).status_code == 200, "only this browser is signed out"
    assert (await bystander.get("/sign-out")).status_code == 404
    assert (await bystander.get("/account")).status_code == 200
