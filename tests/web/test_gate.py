"""The gate: declared access, whose session it is, Origin and CSRF. What is not declared open is closed."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest
from litestar import Litestar, get, websocket
from litestar.handlers import asgi

from portal import clock
from portal.db import atomic, db
from portal.errors import UnsafeToStart
from portal.i18n import language
from portal.identity import sessions
from portal.kinds import ANONYMOUS, Access, Rung, Viewer
from portal.main import check_access
from portal.people import actions as people
from portal.people.school import School
from portal.testing import CAST, TestSchool
from portal.visibility.facts import Snapshot
from portal.visibility.rule import NOBODY_KNOWN
from portal.web.who import Who, admits, csrf_token
from tests.web.raw import Raw, declared

# ---- Declared access ----

SIGNED_IN = set(CAST) - {"anonymous"}
ADMITTED = {
    Access.PUBLIC: set(CAST),
    Access.SIGNED_IN: SIGNED_IN,
    Access.FAMILY: {
        "parent", "coparent", "grandparent", "blocked", "other", "neighbour", "noors_parent", "mia", "ben", "lea",
        "tom", "noor",
    },
    Access.STAFF: {"teacher", "colleague", "admin", "office", "safeguarding"},
    Access.RECORDS: {"admin", "office", "safeguarding"},
    Access.OFFICE: {"admin", "office"},
    Access.ADMIN: {"admin"},
    Access.SAFEGUARDING: {"safeguarding"},
}  # fmt: skip


async def test_each_access_admits_exactly_whom_it_says(sqlite_school: TestSchool) -> None:
    """Here everybody but the visitor holds a session: what the access alone lets through."""
    assert set(ADMITTED) == set(Access), "a new kind of access: say here whom it admits"
    facts = Snapshot(0, School(timezone="Europe/Berlin"))
    for name in CAST:
        token = await sessions.begin(sqlite_school.ids.get(name, 0), "Test", staff=False) if name in SIGNED_IN else ""
        viewer = sqlite_school.viewer(name)
        standing = await facts.viewer(viewer.person)
        session = await sessions.find(token) if token else None
        person = Who(viewer, standing, facts, language("en"), session=session)
        for access in Access:
            if name == "outsider" and session is None:  # whose account is closed
                assert admits(access, person) is (access is Access.PUBLIC)
            else:
                assert admits(access, person) is (name in ADMITTED[access]), (name, access)


def test_without_a_session_only_what_is_public_is_open() -> None:
    facts = Snapshot(0, School())
    nobody = Who(ANONYMOUS, NOBODY_KNOWN, facts, language("en"))
    claims = Who(Viewer(1), NOBODY_KNOWN, facts, language("en"))
    for access in Access:
        assert admits(access, nobody) is admits(access, claims) is (access is Access.PUBLIC)
    assert not admits("public", nobody)  # type: ignore[arg-type]
    assert not admits(None, nobody)  # type: ignore[arg-type]


@get("/declared", access=Access.PUBLIC, sync_to_thread=False)
def _declared() -> str:
    return ""


@get("/undeclared", sync_to_thread=False)
def _undeclared() -> str:
    return ""


@get("/text", access="public", sync_to_thread=False)
def _text() -> str:
    return ""


@asgi("/mounted")
async def _mounted(scope: Any, receive: Any, send: Any) -> None:
    """An application within the application."""


@websocket("/socket")
async def _socket(socket: Any) -> None:
    await socket.accept()


def test_a_route_that_declares_its_access_starts() -> None:
    check_access(Litestar([_declared], openapi_config=None))


@pytest.mark.parametrize("handler", [_undeclared, _text, _mounted, _socket])
def test_a_route_that_does_not_refuses_to_start(handler: Any) -> None:
    with pytest.raises(UnsafeToStart, match="declares no access"):
        check_access(Litestar([_declared, handler], openapi_config=None))


def test_the_framework_s_own_pages_would_be_noticed() -> None:
    """`/schema` is public unless somebody turns it off."""
    with pytest.raises(UnsafeToStart):
        check_access(Litestar([_declared]))


# ---- Origin and CSRF ----


async def languages(school: TestSchool) -> list[str]:
    return [row[0] for row in await db.rows("SELECT language FROM person WHERE id = ?", school.ids["parent"])]


FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:8001"},
    {"Origin": "https://127.0.0.1:8000"},
    {"Origin": "http://127.0.0.1:8000.evil.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "whatever"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8000"},
]


async def test_the_own_page_s_form_is_taken(sqlite_school: TestSchool) -> None:
    """The deny twins below send the same form."""
    for headers in ({}, {"Origin": sqlite_school.settings.origin}, {"Sec-Fetch-Site": "same-origin"}):
        browser = await sqlite_school.browser("parent")
        answer = await browser.http.post(
            "/language", data={"lang": "de", "next": "/", "csrf_token": browser.csrf}, headers=headers
        )
        assert answer.status_code == 303
    assert await languages(sqlite_school) == ["de"]
    answer = await browser.http.post("/language", data={"lang": "es"}, headers={"X-CSRF-Token": browser.csrf})
    assert answer.status_code == 303
    assert await languages(sqlite_school) == ["es"]


@pytest.mark.parametrize("headers", FOREIGN)
async def test_a_form_from_elsewhere_is_refused(sqlite_school: TestSchool, headers: dict[str, str]) -> None:
    browser = await sqlite_school.browser("parent")
    for name in ("csrf_token", "X-CSRF-Token"):
        form = {"lang": "de", "next": "/"} | ({name: browser.csrf} if name == "csrf_token" else {})
        sent = headers | ({name: browser.csrf} if name != "csrf_token" else {})
        answer = await browser.http.post("/language", data=form, headers=sent)
        assert answer.status_code == 403
    assert await languages(sqlite_school) == ["en"]


async def test_a_missing_wrong_or_borrowed_token_is_refused(sqlite_school: TestSchool) -> None:
    browser, other = await sqlite_school.browser("parent"), await sqlite_school.browser("coparent")
    again = await sqlite_school.browser("parent")  # the same person in another session
    guest = await sqlite_school.browser()
    await guest.get("/sign-in")
    tokens = ["", "x", browser.csrf + "x", browser.csrf[:-1], browser.csrf.swapcase(), other.csrf, again.csrf]
    tokens += [guest.csrf, csrf_token(""), "é", "\u0000"]
    for token in tokens:
        answer = await browser.post("/language", {"lang": "de"}, csrf=token)
        assert answer.status_code == 403, token
    assert (await browser.http.post("/language", data={"lang": "de"})).status_code == 403
    assert (await browser.http.post("/language?csrf_token=" + browser.csrf)).status_code == 403  # never in an address
    assert await languages(sqlite_school) == ["en"]


async def test_a_visitor_s_form_needs_the_visitor_s_own_token(sqlite_school: TestSchool) -> None:
    mine, other = await sqlite_school.browser(), await sqlite_school.browser()
    await mine.get("/sign-in")
    await other.get("/sign-in")
    assert (await mine.post("/language", {"lang": "de"}, csrf=other.csrf)).status_code == 403
    assert (await mine.post("/language", {"lang": "de"})).status_code == 303
    bare = await sqlite_school.browser()  # no cookie at all: there is no token that could fit
    for token in ("", csrf_token("")):
        sent = await bare.http.post("/language", data={"lang": "de", "csrf_token": token})
        assert sent.status_code == 403
        bare.http.cookies.clear()


async def test_every_form_on_every_page_holds_the_token(sqlite_school: TestSchool) -> None:
    for name in ("admin", "teacher", "parent", "anonymous"):
        browser = await sqlite_school.browser(name)
        for method, path in declared(sqlite_school):
            if method == "GET" and "{" not in path:
                page = (await browser.get(path)).text
                for form in re.findall(r"<form\b.*?</form>", page, re.S):
                    if re.search(r'<form\b[^>]*method="post"', form):
                        assert f'name="csrf_token" value="{browser.csrf}"' in form, (name, path, form[:200])
                    else:
                        assert "csrf_token" not in form, f"{path}: a token would go into an address"


async def test_of_whom_the_gate_does_not_admit_no_body_is_read(sqlite_school: TestSchool) -> None:
    """So a large upload of a visitor costs nothing."""
    form = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n'
    for name, status, read in (("anonymous", 401, False), ("parent", 404, False), ("admin", 422, True)):
        raw = Raw(sqlite_school, await sqlite_school.browser(name))
        answer = await raw.ask("POST", "/office/roster", body=form, kind="multipart/form-data; boundary=x")
        assert (answer.status, answer.read) == (status, read), name


# ---- Whose session it is ----


async def parent_page(school: TestSchool, token: str) -> bool:
    """Whether this cookie opens a page of somebody who is signed in."""
    answer = await Raw(school).ask("GET", "/account", cookie=f"portal={token}".encode())
    assert answer.status in (200, 303)
    return answer.status == 200


async def test_a_session_opens_and_a_made_up_one_does_not(sqlite_school: TestSchool) -> None:
    token = await sessions.begin(sqlite_school.ids["parent"], "Test", staff=False)
    assert await parent_page(sqlite_school, token)
    before = await db.value("SELECT count(*) FROM session")
    key = (await db.rows("SELECT token FROM session"))[0][0]
    for made_up in ("", "x", token[:-1], token + "x", token.swapcase(), "a" * 43, "a" * 100_000, key.hex(), "ü", "\0"):
        assert not await parent_page(sqlite_school, made_up), made_up[:60]
    answer = await Raw(sqlite_school).ask("GET", "/account", cookie=b"portal=" + b"a" * 43)
    assert not any(value.startswith("portal=") for value in answer.all("set-cookie"))  # nor is it handed back
    assert await db.value("SELECT count(*) FROM session") == before


async def test_the_first_of_two_cookies_counts_and_the_hash_alone_opens_nothing(sqlite_school: TestSchool) -> None:
    token = await sessions.begin(sqlite_school.ids["parent"], "Test", staff=False)
    raw = Raw(sqlite_school)
    for cookie, opens in (
        (f"portal={token}; portal=x", True), (f"portal=x; portal={token}", False), (f"Portal={token}", False),
        (f"xportal={token}", False), (f"__Host-portal={token}", False), (f"guest={token}", False),
        (f"a=b;portal={token}", True), (f"portal =x; portal={token}", True), (f"portal={token};;;=;", True),
    ):  # fmt: skip
        answer = await raw.ask("GET", "/account", cookie=cookie.encode())
        assert (answer.status == 200) is opens, cookie


async def test_sessions_end_idle_and_for_good(sqlite_school: TestSchool) -> None:
    began = clock.now()
    for staff, shared, idle, longest in (
        (False, False, sessions.IDLE, sessions.LONGEST),
        (True, False, sessions.STAFF_IDLE, sessions.STAFF_LONGEST),
        (False, True, sessions.SHARED_IDLE, sessions.SHARED_LONGEST),
    ):
        with clock.frozen(began):
            unused = await sessions.begin(sqlite_school.ids["parent"], "Test", staff=staff, shared=shared)
            used = await sessions.begin(sqlite_school.ids["parent"], "Test", staff=staff, shared=shared)
        with clock.frozen(began + idle - clock.SECOND):
            assert await parent_page(sqlite_school, unused)
            await _put_back(unused, began)
        with clock.frozen(began + idle + clock.SECOND):
            assert not await parent_page(sqlite_school, unused)
        now = began
        while now < began + longest - idle // 2:  # in use all the time
            now += idle // 2
            with clock.frozen(min(now, began + longest - clock.SECOND)):
                assert await parent_page(sqlite_school, used), (staff, shared, now)
        with clock.frozen(began + longest + clock.SECOND):
            assert not await parent_page(sqlite_school, used)


@atomic
async def _put_back(token: str, at: int) -> None:
    """As if the last look had not been noted."""
    await db.run(
        "UPDATE session SET idle_until = idle_until - (seen_at - ?), seen_at = ? WHERE token = ?",
        *(at, at, sessions.digest(token)),
    )


async def test_who_is_no_longer_active_is_out_at_once(school: TestSchool) -> None:
    token = await sessions.begin(school.ids["parent"], "Test", staff=False)
    assert await parent_page(school, token)
    await _deactivate(school.ids["parent"])
    assert not await parent_page(school, token)


@atomic
async def _deactivate(person: int) -> None:
    """Without the sessions: the gate itself must notice."""
    await db.run("UPDATE person SET active = ? WHERE id = ?", False, person)


async def test_a_child_is_out_when_the_allowance_is_taken_back(school: TestSchool) -> None:
    browser = await school.browser("mia")
    assert (await browser.get("/account")).status_code == 200
    await school.decide("coparent", "mia", Rung.NOBODY, "account")
    assert (await browser.get("/account")).status_code == 303
    assert await db.value("SELECT count(*) FROM session WHERE person = ?", school.ids["mia"]) == 0
    await school.decide("coparent", "mia", Rung.FAMILY, "account")
    assert (await browser.get("/account")).status_code == 303  # and the old session stays closed


async def test_a_child_s_birthday_opens_and_a_lost_decider_closes(sqlite_school: TestSchool) -> None:
    """ben may not; allowed by a decider he may; when the link of that decider ends he may no longer."""
    browser = await sqlite_school.browser("ben")
    assert (await browser.get("/account")).status_code == 303
    await sqlite_school.decide("parent", "ben", Rung.FAMILY, "account")
    browser = await sqlite_school.browser("ben")
    assert (await browser.get("/account")).status_code == 200
    today = clock.present("Europe/Berlin").today
    ids = sqlite_school.ids
    await people.link(ids["parent"], ids["ben"], decides=False, sees=False, relation="", today=today)
    assert (await browser.get("/account")).status_code == 303


async def test_a_slow_request_does_not_bring_a_closed_session_back(school: TestSchool) -> None:
    """The request found the session; it is closed; then the request notes that the session is in use."""
    token = await sessions.begin(school.ids["parent"], "Test", staff=False)
    found = await sessions.find(token)
    assert found is not None
    await sessions.close(found.token)
    await sessions.touch(found)
    assert await sessions.find(token) is None
    assert await db.value("SELECT count(*) FROM session") == 0


async def test_touching_never_outlives_the_absolute_end(sqlite_school: TestSchool) -> None:
    began = clock.now()
    token = await sessions.begin(sqlite_school.ids["parent"], "Test", staff=False)
    with clock.frozen(began + sessions.IDLE - clock.HOUR):
        found = await sessions.find(token)
        assert found is not None
        await sessions.touch(found)
        await sessions.touch(found)
    ends, idle = (await db.rows("SELECT ends_at, idle_until FROM session"))[0]
    assert abs(ends - began - sessions.LONGEST) < clock.MINUTE
    assert abs(idle - began - 2 * sessions.IDLE + clock.HOUR) < clock.MINUTE  # counted once


async def test_many_requests_at_once_stay_apart(school: TestSchool) -> None:
    """Each page is that of whoever asked, in their language, however the requests are mixed."""
    names = ("parent", "other", "teacher", "admin", "neighbour", "anonymous")
    browsers = {name: await school.browser(name) for name in names}
    with clock.frozen(clock.now() + sessions.TOUCH + clock.MINUTE):  # so that each also writes
        work = [(name, browsers[name].get("/privacy")) for _ in range(8) for name in names]
        answers = await asyncio.gather(*(request for _, request in work))
    for (name, _), answer in zip(work, answers, strict=True):
        assert answer.status_code == 200
        for other in names:
            shown = f">{other.capitalize()} Test<" in answer.text
            assert shown is (other == name and name != "anonymous"), (name, other)


async def test_what_is_not_there_says_so_in_the_readers_language(sqlite_school: TestSchool) -> None:
    visitor = await sqlite_school.browser()
    for path in ("/stories/5", "/nothing", "/office"):
        answer = await visitor.get(path, **{"Accept-Language": "de", "Accept": "text/html"})
        if answer.status_code != 303:
            assert "Diese Seite gibt es nicht, oder sie ist nicht für Sie." in answer.text
    assert answer.status_code == 303  # the last one leads to the sign-in
