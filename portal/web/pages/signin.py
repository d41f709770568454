"""Signing in and out."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.response.redirect import Redirect

from portal import i18n
from portal.identity import sessions, throttle
from portal.identity.actions import sign_in
from portal.identity.devices import device_name
from portal.identity.throttle import Throttled
from portal.kinds import Access, Viewer
from portal.settings import Settings
from portal.visibility.facts import snapshot
from portal.web.gate import CookieNames
from portal.web.shell import local_path, page, redirect
from portal.web.waiting import what_waits
from portal.web.who import Who, who

Req = Request[Any, Any, Any]
KEPT_S = sessions.LONGEST // 1_000_000


@get("/sign-in", access=Access.PUBLIC)
async def form(request: Req) -> Response[Any]:
    """Asks for login and password."""
    target = request.query_params.get("next", "")
    if who(request).session is not None:
        return Redirect(local_path(target), status_code=303)
    return _form(request, target)


def _form(request: Req, target: str, status: int = 200, **typed: Any) -> Response[Any]:
    here = "/sign-in" + (f"?{urlencode({'next': target})}" if target else "")
    values: dict[str, Any] = {"login": "", "keep": True, "wrong": False, "throttled": None} | typed
    return page(request, "signin/signin.html", status, next=target, here=here, contact=who(request).school.contact,
                **values)


@post("/sign-in", access=Access.PUBLIC, status_code=303)
async def enter(request: Req) -> Response[Any]:
    """Signs in. Why it did not work is told to nobody."""
    data = await request.form()
    target, login = str(data.get("next", "")), str(data.get("login", ""))
    keep = data.get("keep") == "yes"
    person = who(request)
    try:
        done = await sign_in(
            login,
            str(data.get("password", "")),
            client_address(request),
            device(request),
            allowed=person.facts.account_allowed,
            shared=not keep,
        )
    except Throttled as failure:
        answer = _form(request, target, 429, login=login, keep=keep, throttled=failure)
        answer.headers["Retry-After"] = str(failure.wait)
        return answer
    if done is None:
        return _form(request, target, 422, login=login, keep=keep, wrong=True)
    token, entered = done
    if person.session is not None:  # somebody else was signed in here
        await sessions.close(person.session.token)
    answer = Redirect(await first_page(entered, target), status_code=303)
    give_session(request, answer, token, keep=keep)
    return answer


@post("/sign-out", access=Access.PUBLIC, status_code=303)
async def leave(request: Req) -> Response[Any]:
    """Ends this session, on the server and in the browser."""
    session = who(request).session
    if session is not None:
        await sessions.close(session.token)
    answer = redirect(request, "/sign-in", i18n._("You are signed out."))
    _cookie(request, answer, "", 0)
    return answer


async def first_page(person: int, target: str = "") -> str:
    """Where somebody goes after signing in: to what waits for an answer, else to `target`, else home."""
    facts = await snapshot()
    standing = await facts.viewer(person)
    waits = await what_waits(Who(Viewer(person), standing, facts, i18n.language("en"), ""))
    return "/waiting" if waits else local_path(target)


def settings_of(request: Req) -> Settings:
    found: Settings = request.app.state.settings
    return found


def client_address(request: Req) -> str:
    """The visitor's network address, as far as it can be believed."""
    peer = request.client.host if request.client else ""
    return throttle.client_address(peer, request.headers, settings_of(request).proxies)


def device(request: Req) -> str:
    return device_name(request.headers.get("user-agent", ""))


def give_session(request: Req, answer: Response[Any], token: str, *, keep: bool = True) -> None:
    """Puts a session's token into the browser; without `keep` until the browser is closed."""
    _cookie(request, answer, token, KEPT_S if keep else None)


def _cookie(request: Req, answer: Response[Any], value: str, max_age: int | None) -> None:
    secure = settings_of(request).secure
    answer.set_cookie(
        Cookie(
            key=CookieNames(secure).session,
            value=value,
            max_age=max_age,
            path="/",
            httponly=True,
            samesite="lax",
            secure=secure,
        )
    )


ROUTES = [form, enter, leave]
