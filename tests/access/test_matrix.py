"""Every route × every member of the cast × (absent, theirs, others')."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from litestar import Litestar

from portal.db import db
from portal.testing import CAST, Browser
from portal.web.shell import FLASH_COOKIE
from tests.access.matrix import MATRIX
from tests.access.table import ABSENT, PARAM, Params, Rule, Thing, place
from tests.access.world import EVERYBODY, SIGNED_IN, World

pytestmark = pytest.mark.asyncio(loop_scope="module")

# The rest is the same on both databases: who somebody is and which things are theirs, through every query.
ON_BOTH = frozenset({"parent", "noor", "teacher", "office", "anonymous"})
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
DONE = {False: frozenset({200}), True: frozenset({200, 303, 422, 429})}


def application(world: World) -> Litestar:
    app: Any = world.school.app
    while not isinstance(app, Litestar):
        app = app.app
    return app


def routes(world: World) -> set[tuple[str, str]]:
    """Every route of the application, plugins included. OPTIONS is the framework's and closed, HEAD goes with GET."""
    return {
        (method, route.path)
        for route in application(world).routes
        for handler in route.route_handlers
        for method in handler.http_methods
        if method not in ("OPTIONS", "HEAD")
    }


def absent(path: str, thing: Thing) -> Params:
    """The same address for something that was never there. Words that choose a page or a size stay as they are."""
    names = dict(PARAM.findall(path))
    numbers = [name for name, kind in names.items() if kind == "int"]
    return {
        name: ABSENT[kind] if not numbers or name in numbers[:1] else thing.params[name] for name, kind in names.items()
    }


def normal(answer: httpx.Response, path: str) -> tuple[int, str, str]:
    """An answer without what differs between any two requests: nonce, CSRF token, and the address itself."""
    text = re.sub(r'nonce="[^"]+"', 'nonce=""', answer.text)
    text = re.sub(r'name="csrf_token" value="[^"]*"| aria-current="[a-z]+"', "", text)
    text = text.replace(f'name="next" value="{path}"', "HERE")  # of the form that changes the language
    where = answer.headers.get("location", "").replace(quote(path, safe="/"), "HERE")
    return answer.status_code, where, text


@dataclass
class Ask:
    """One member of the cast asking one route, reading or writing."""

    world: World
    browser: Browser
    method: str
    path: str
    rule: Rule

    async def of(self, params: Params, fields: Any = (), csrf: str | None = None) -> httpx.Response:
        where = place(self.path, params)
        if self.method == "GET":
            answer = await self.browser.get(where)
        else:
            answer = await self.browser.post(where, {**self.rule.body, **dict(fields)}, csrf=csrf)
        if FLASH_COOKIE in self.browser.http.cookies:  # else the next page would say that this one was done
            self.browser.http.cookies.delete(FLASH_COOKIE)
        return answer

    def done(self, answer: httpx.Response) -> bool:
        to_sign_in = answer.headers.get("location", "").startswith("/sign-in?next")
        expected = self.rule.answers | (DONE[True] if self.method in WRITES else frozenset())
        return answer.status_code in (expected or DONE[False]) and not to_sign_in


async def test_the_matrix_knows_every_route(world: World) -> None:
    for method, path in sorted(routes(world) - MATRIX.keys()):
        pytest.fail(f"the access matrix does not know {method} {path}: add it to tests/access/matrix.py")
    for method, path in sorted(MATRIX.keys() - routes(world)):
        pytest.fail(f"the access matrix knows {method} {path}, which is no route any more: remove it")


async def test_every_rule_can_fail() -> None:
    """Who is let in is always somebody; and unless it is open to everybody there is somebody who is not."""
    for (method, path), rule in MATRIX.items():
        assert rule.members or rule.things, f"{method} {path} is for nobody: then it needs no route"
        assert bool(rule.things) is bool(PARAM.search(path)) or rule.things, f"{method} {path} needs things"


@pytest.mark.parametrize("member", CAST)
async def test_who_may_use_what(world: World, member: str) -> None:
    """Theirs are answered; others' look like what was never there, and like any page that is not for them."""
    if db.dialect == "postgres" and member not in ON_BOTH:
        pytest.skip("asked on SQLite")
    reader = await _browser(world, member)
    denied_here = 0
    for (method, path), rule in sorted(MATRIX.items(), key=lambda item: (item[0][0] != "GET", item[0])):
        # A browser for each route that writes, since some of them end the session or count tries.
        browser = reader if method == "GET" else await _browser(world, member)
        ask = Ask(world, browser, method, path, rule)
        denied_here += await (_open if rule.things is None else _things)(ask, member)
    assert denied_here or member == "admin"
    for browser in world.school.browsers:
        await browser.close()
    world.school.browsers.clear()


async def _browser(world: World, member: str) -> Browser:
    browser = await world.school.browser(member)
    if member not in SIGNED_IN:
        await _is_a_visitor(browser)
    return browser


async def _is_a_visitor(browser: Browser) -> None:
    """With or without a session that counts for nothing; like a browser it goes on with the cookie of a guest."""
    assert (await browser.get("/account")).headers["location"].startswith("/sign-in?next=")
    if "portal" in browser.http.cookies:
        browser.http.cookies.delete("portal")


async def _open(ask: Ask, member: str) -> int:
    answer = await ask.of({})
    if member in ask.rule.members:
        assert ask.done(answer), f"{member} {ask.method} {ask.path}: {answer.status_code} {answer.text[:300]}"
        return 0
    await _looks_denied(ask, member, answer, ask.path)
    return 1


async def _things(ask: Ask, member: str) -> int:
    assert ask.rule.things is not None
    denied = 0
    nothings: dict[str, httpx.Response] = {}
    for name, thing in (await ask.rule.things(ask.world, member)).items():
        said = f"{member} {ask.method} {ask.path}, {name}"
        answer = await ask.of(thing.params, thing.fields)
        nowhere = place(ask.path, absent(ask.path, thing))
        if nowhere not in nothings or thing.fields:
            nothings[nowhere] = await ask.of(absent(ask.path, thing), thing.fields)
        nothing = nothings[nowhere]
        if not ask.rule.absent_too:
            assert not ask.done(nothing), f"{said}: answers for what is not there with {nothing.status_code}"
        if member in thing.members:
            assert ask.done(answer), f"{said}: theirs is not given: {answer.status_code} {answer.text[:300]}"
            continue
        assert not ask.done(answer), f"{said}: others' is given: {answer.status_code} {answer.text[:300]}"
        theirs = normal(answer, place(ask.path, thing.params))
        assert theirs == normal(nothing, nowhere), f"{said}: differs from absent"
        denied += 1
    for nowhere, nothing in nothings.items():
        if not ask.rule.absent_too:
            await _looks_denied(ask, member, nothing, nowhere)
    return denied


async def _looks_denied(ask: Ask, member: str, answer: httpx.Response, path: str) -> None:
    """Those who are not signed in may be asked to; for others every door that is not theirs is no door."""
    said = f"{member} {ask.method} {ask.path}"
    if member not in SIGNED_IN and answer.status_code != 404:
        assert answer.status_code == (303 if ask.method == "GET" else 401), said
        if ask.method == "GET":
            assert answer.headers["location"].startswith("/sign-in?next="), said
        return
    assert answer.status_code == 404, f"{said}: {answer.status_code}"
    nowhere = f"/photos/{ABSENT['int']}"
    assert normal(answer, path) == normal(await ask.browser.get(nowhere), nowhere), f"{said}: a different 404"


@pytest.mark.parametrize("member", ["admin", "parent", "anonymous"])
async def test_nothing_is_written_without_the_right_token(world: World, member: str) -> None:
    if db.dialect == "postgres":
        pytest.skip("the token is asked for before anything else is")
    browser = await world.school.browser(member)
    await browser.get("/health")
    stranger = await world.school.browser("teacher")
    for (method, path), rule in MATRIX.items():
        if method not in WRITES:
            continue
        ask = Ask(world, browser, method, path, rule)
        things = (await rule.things(world, member)) if rule.things else {"": Thing({}, EVERYBODY)}
        params = next(iter(things.values()), Thing({"device": "x"}, EVERYBODY)).params
        for token in ("", "x" * 24, stranger.csrf, browser.csrf[:-1]):
            answer = await ask.of(params, csrf=token)
            assert answer.status_code in (401, 403, 404), f"{member} {method} {path} was done with the token {token!r}"
    assert (await browser.get("/account")).status_code == (303 if member == "anonymous" else 200)  # still signed in


@pytest.mark.parametrize("member", ["admin", "parent", "anonymous"])
async def test_no_other_method_opens_a_door(world: World, member: str) -> None:
    """What a route does not declare is not there, whoever asks and whatever lies behind it. HEAD is a GET without the
    body, and decided like one."""
    if db.dialect == "postgres":
        pytest.skip("routes are the same whatever lies behind them")
    browser = await world.school.browser(member)
    await browser.get("/health")
    declared = routes(world)
    headers = {"Origin": browser.url, "X-CSRF-Token": browser.csrf}
    for path in sorted({path for _, path in declared}):
        rule = next(rule for (_, known), rule in MATRIX.items() if known == path)
        things = (await rule.things(world, member)) if rule.things else {}
        params = next(iter(things.values()), Thing({"device": "x"}, EVERYBODY)).params
        for method in ("OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "POST", "GET"):
            if (method, path) in declared:
                continue
            answer = await browser.http.request(method, place(path, params), headers=headers)
            said = f"{member} {method} {path}: {answer.status_code}"
            assert answer.status_code in (401, 404, 405), said
            assert "ORIGINAL-" not in answer.text, said
        head = await browser.http.request("HEAD", place(path, params))
        assert head.content == b"", path
        if ("GET", path) in declared and "desk" not in path:
            assert head.status_code == (await browser.get(place(path, params))).status_code, path
        else:
            assert head.status_code in (200, 303, 401, 404, 405), path
