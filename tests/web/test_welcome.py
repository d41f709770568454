"""From the code in a letter to an account, through the pages."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from portal import clock
from portal.db import atomic, db
from portal.identity import actions, codes, invitations, sessions
from portal.kinds import ACCOUNT, Rung
from portal.main import create_app
from portal.testing import Browser, TestSchool

PASSWORD = "correct horse battery"
CHILDREN, CHOOSE, WRONG = "/welcome/step/children", "/welcome/step/password", "/welcome/step/wrong"


async def code_for(school: TestSchool, name: str) -> str:
    made = invitations.fresh([school.ids[name]])
    await invitations.record(made, invitations.LETTER, by=None)
    return made[school.ids[name]]


async def number(school: TestSchool, name: str) -> str:
    found = await db.value("SELECT MAX(id) FROM invitation WHERE person = ?", school.ids[name])
    return str(found)


async def choose(school: TestSchool, browser: Browser, name: str, login: str = "amina.haddad", **more: str):  # type: ignore[no-untyped-def]
    data = {"invited": await number(school, name), "login": login, "password": PASSWORD} | more
    return await browser.post(CHOOSE, data)


async def test_the_whole_way(school: TestSchool) -> None:
    code = await code_for(school, "other")
    browser = await school.browser()
    opened = await browser.get(f"/welcome/{code}")
    assert (opened.status_code, opened.headers["location"]) == (303, "/welcome")
    start = await browser.get("/welcome")
    assert code in start.text
    answer = await browser.post("/welcome", {"code": code})
    assert answer.headers["location"] == CHILDREN
    page = await browser.get(CHILDREN)
    assert "Lea Test" in page.text
    assert "3a" in page.text
    assert "Mia" not in page.text
    assert code not in page.text
    page = await browser.get(CHOOSE)
    assert 'value="other@school.example"' in page.text
    answer = await choose(school, browser, "other", "Leas.Mother")
    assert (answer.status_code, answer.headers["location"]) == (303, "/waiting")
    assert "invitation" not in browser.http.cookies
    assert (await browser.get("/account")).status_code == 200
    assert "leas.mother" in (await browser.get("/account")).text
    for path in ("/welcome", CHILDREN, CHOOSE):
        assert code not in str((await browser.get(path)).headers)
    again = await school.browser()
    answer = await again.post("/sign-in", {"login": "leas.mother", "password": PASSWORD, "keep": "yes"})
    assert answer.status_code == 303


async def test_the_code_stands_in_no_later_address(school: TestSchool) -> None:
    code = await code_for(school, "other")
    browser = await school.browser()
    places = [(await browser.get(f"/welcome/{code}")).headers["location"]]
    places.append((await browser.post("/welcome", {"code": code})).headers["location"])
    places.append((await choose(school, browser, "other")).headers["location"])
    bare = codes.normal(code)
    assert not any(bare in codes.normal(place) for place in places)


async def test_opening_the_address_changes_nothing(school: TestSchool) -> None:
    """As mail scanners do, many times and from anywhere."""
    code = await code_for(school, "other")
    before = await db.rows("SELECT * FROM invitation")
    for _ in range(6):
        scanner = await school.browser()
        for path in (f"/welcome/{code}", "/welcome", CHILDREN, CHOOSE, WRONG):
            assert (await scanner.get(path)).status_code in (200, 303)
    assert await db.rows("SELECT * FROM invitation") == before
    browser = await school.browser()
    assert (await browser.post("/welcome", {"code": code})).headers["location"] == CHILDREN


async def test_staff_have_no_children_to_check(school: TestSchool) -> None:
    browser = await school.browser()
    answer = await browser.post("/welcome", {"code": await code_for(school, "teacher")})
    assert answer.headers["location"] == CHOOSE
    assert (await browser.get(CHILDREN)).headers["location"] == CHOOSE
    assert (await choose(school, browser, "teacher")).status_code == 303
    (idle,) = (await db.row("SELECT ends_at - created_at FROM session")) or (0,)
    assert idle == sessions.STAFF_LONGEST


async def test_a_child_comes_in_only_while_allowed(school: TestSchool) -> None:
    code = await code_for(school, "mia")
    browser = await school.browser()
    assert (await browser.post("/welcome", {"code": code})).headers["location"] == CHOOSE
    await school.decide("parent", "mia", Rung.NOBODY, ACCOUNT)
    assert (await choose(school, browser, "mia")).status_code == 422
    assert await db.value("SELECT COUNT(*) FROM account") == 0
    refused = await (await school.browser()).post("/welcome", {"code": await code_for(school, "ben")})
    assert refused.status_code == 422
    await school.decide("parent", "mia", Rung.FAMILY, ACCOUNT)
    assert (await browser.post("/welcome", {"code": code})).status_code == 303
    assert (await choose(school, browser, "mia", "mia.test")).status_code == 303


@pytest.mark.parametrize("typed", ["", "BCDFG-HJKMN-PQRST", "x" * 5000, "مرحبا", "\x00", "'; DROP TABLE invitation"])
async def test_a_wrong_code_says_so_and_sets_nothing(school: TestSchool, typed: str) -> None:
    browser = await school.browser()
    answer = await browser.post("/welcome", {"code": typed})
    assert answer.status_code == 422
    assert "This code does not work" in answer.text
    assert (await browser.get(CHILDREN)).headers["location"] == "/welcome"
    assert (await choose(school, browser, "parent")).headers["location"] == "/welcome"
    assert await db.value("SELECT COUNT(*) FROM account") == 0


async def test_used_old_and_unknown_codes_look_the_same(school: TestSchool) -> None:
    used = await code_for(school, "other")
    await invitations.accept(used, "leas.mother", "x", "en", "")
    replaced = await code_for(school, "parent")
    await code_for(school, "parent")
    texts = set()
    for code in (used, replaced, codes.make()):
        answer = await (await school.browser()).post("/welcome", {"code": code})
        assert answer.status_code == 422
        texts.add(answer.text.split('role="alert"')[1].split("</div>")[0])
    assert len(texts) == 1


async def test_strange_addresses_do_no_harm(school: TestSchool) -> None:
    browser = await school.browser()
    for path in ("/welcome/%D9%85%D8%B1", "/welcome/%0d%0aSet-Cookie:x=y", "/welcome/" + "B" * 3000, "/welcome/;a=b"):
        answer = await browser.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"] == "/welcome"
        assert "x=y" not in str(answer.headers.get_list("set-cookie"))


async def test_guessing_codes_is_slowed_down_on_every_page(school: TestSchool) -> None:
    with clock.frozen(clock.now()):
        browser = await school.browser()
        outcomes = [(await browser.post("/welcome", {"code": codes.make()})).status_code for _ in range(8)]
        for _ in range(4):
            browser.http.cookies.set("invitation", codes.normal(codes.make()), domain="127.0.0.1")
            outcomes.append((await browser.get(CHILDREN)).status_code)
    assert outcomes == [422] * 10 + [429] * 2


async def test_something_is_wrong_ends_the_code_and_tells_the_office(school: TestSchool) -> None:
    code = await code_for(school, "other")
    browser = await school.browser()
    await browser.post("/welcome", {"code": code})
    assert (await browser.get(WRONG)).status_code == 200
    assert (await db.value("SELECT wrong_at FROM invitation")) is None, "only looking tells nobody"
    answer = await browser.post(WRONG, {"remark": "Lea <b>is</b> not mine"})
    assert answer.status_code == 200
    assert (await browser.get(CHILDREN)).headers["location"] == "/welcome"
    assert (await browser.post("/welcome", {"code": code})).status_code == 422
    assert await db.value("SELECT COUNT(*) FROM account") == 0
    page = (await (await school.browser("office")).get("/office/invitations?show=wrong")).text
    assert "Lea &lt;b&gt;is&lt;/b&gt; not mine" in page
    assert "Other Test" in page
    assert "Neighbour" not in page


@pytest.mark.parametrize(
    ("login", "password", "says"),
    [("ab", PASSWORD, "at least three"), ("fine.name", "short", "at least 10"), ("fine.name", "lindenschool1", "name"),
     ("fine.name", "other test 12", "name"), ("taken", PASSWORD, "Somebody else")],
)
async def test_what_does_not_fit_is_said_beside_it_and_uses_nothing_up(
    school: TestSchool, login: str, password: str, says: str
) -> None:
    await actions.create_account(school.ids["parent"], "taken", PASSWORD)
    browser = await school.browser()
    await browser.post("/welcome", {"code": await code_for(school, "other")})
    answer = await choose(school, browser, "other", login, password=password)
    assert answer.status_code == 422
    assert says in answer.text
    assert f'value="{login}"' in answer.text
    assert password not in answer.text
    assert (await choose(school, browser, "other", "fine.name")).status_code == 303


async def test_a_second_invitation_in_the_same_browser_is_not_mixed_up(school: TestSchool) -> None:
    """Two guardians at one computer: the page of the first must not set the password of the second."""
    first, second = await code_for(school, "other"), await code_for(school, "neighbour")
    browser = await school.browser()
    await browser.post("/welcome", {"code": first})
    await browser.get(f"/welcome/{second}")
    answer = await choose(school, browser, "other")
    assert answer.headers["location"] == "/welcome"
    assert await db.value("SELECT COUNT(*) FROM account") == 0


async def test_a_new_letter_gives_a_new_password(school: TestSchool) -> None:
    await actions.create_account(school.ids["other"], "leas.mother", PASSWORD)
    old = await school.browser("other")
    browser = await school.browser()
    await browser.post("/welcome", {"code": await code_for(school, "other")})
    assert "leas.mother" in (await browser.get(CHOOSE)).text
    answer = await choose(school, browser, "other", "another", password="quiet green river")
    assert answer.status_code == 303
    assert (await old.get("/account")).status_code == 303
    fresh = await school.browser()
    assert (await fresh.post("/sign-in", {"login": "leas.mother", "password": PASSWORD})).status_code == 422
    assert (await fresh.post("/sign-in", {"login": "leas.mother", "password": "quiet green river"})).status_code == 303


@atomic
async def _speaks(person: int, language: str) -> None:
    await db.run("UPDATE person SET language = ? WHERE id = ?", language, person)


async def test_pages_speak_the_person_s_language_unless_another_was_chosen(school: TestSchool) -> None:
    await _speaks(school.ids["other"], "ar")
    browser = await school.browser()
    await browser.post("/welcome", {"code": await code_for(school, "other")})
    assert '<html lang="ar" dir="rtl"' in (await browser.get(CHILDREN)).text
    chooser = await school.browser()
    await chooser.post("/language", {"lang": "uk", "next": "/welcome"})
    await chooser.post("/welcome", {"code": await code_for(school, "other")})
    assert '<html lang="uk"' in (await chooser.get(CHILDREN)).text
    await choose(school, chooser, "other")
    assert await db.value("SELECT language FROM person WHERE id = ?", school.ids["other"]) == "uk"


async def test_through_tls_every_cookie_travels_by_tls_only(sqlite_school: TestSchool) -> None:
    await _speaks(sqlite_school.ids["other"], "ar")
    app = create_app(replace(sqlite_school.settings, url="https://p.example"), background=False, durable=False)
    browser = Browser(app, "https://p.example")
    sqlite_school.browsers.append(browser)
    first = await browser.get("/welcome")
    token = re.search(r'name="csrf_token" value="([^"]+)"', first.text)
    assert token
    answer = await browser.post("/welcome", {"code": await code_for(sqlite_school, "other")}, csrf=token[1])
    cookies = {line.partition("=")[0]: line.lower() for line in answer.headers.get_list("set-cookie")}
    assert set(cookies) == {"__Host-invitation", "portal-language"}
    for line in cookies.values():
        assert "; secure" in line
        assert "; httponly" in line
        assert "; samesite=lax" in line


async def test_on_this_machine_the_language_is_remembered_without_tls(sqlite_school: TestSchool) -> None:
    await _speaks(sqlite_school.ids["other"], "ar")
    browser = await sqlite_school.browser()
    answer = await browser.post("/welcome", {"code": await code_for(sqlite_school, "other")})
    (line,) = [line for line in answer.headers.get_list("set-cookie") if line.startswith("portal-language=ar")]
    assert "secure" not in line.lower()
    assert "max-age=31536000" in line.lower()


async def test_whoever_was_signed_in_before_is_not_any_more(school: TestSchool) -> None:
    browser = await school.browser("teacher")
    token = browser.http.cookies["portal"]
    await browser.post("/welcome", {"code": await code_for(school, "other")})
    assert (await choose(school, browser, "other")).status_code == 303
    assert await sessions.find(token) is None
