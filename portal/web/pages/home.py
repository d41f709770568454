"""The front door: welcome page, choice of language, a sign of life for monitoring."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.response.redirect import Redirect

from portal import i18n
from portal.db import atomic, db
from portal.kinds import Access
from portal.web.gate import LANGUAGE_COOKIE
from portal.web.shell import cookie_flags, home, local_path, page, redirect
from portal.web.who import who

Req = Request[Any, Any, Any]


@get("/", access=Access.PUBLIC)
async def front(request: Req) -> Response[Any]:
    """Welcome for visitors; people who are signed in go on to their own page."""
    if who(request).session is not None:
        return Redirect(home(), status_code=303)
    return page(request, "home/welcome.html")


@post("/language", access=Access.PUBLIC, status_code=303)
async def choose_language(request: Req) -> Response[Any]:
    """Changes the language of the account, or of this browser."""
    form = await request.form()
    person = who(request)
    code = str(form.get("lang", ""))
    answer = redirect(request, local_path(str(form.get("next", ""))))
    if code in i18n.LANGUAGES:
        if person.person is not None:
            await _remember(person.person, code)
        answer.headers["Set-Cookie"] = f"{LANGUAGE_COOKIE}={code}; Path=/; Max-Age=31536000{cookie_flags(request)}"
    return answer


@atomic
async def _remember(person: int, code: str) -> None:
    await db.run("UPDATE person SET language = ? WHERE id = ?", code, person)


@get("/health", access=Access.PUBLIC)
async def health() -> Response[str]:
    """Answers `ok` where the database answers."""
    await db.value("SELECT n FROM fact_version WHERE id = 1")
    return Response("ok", media_type="text/plain")


ROUTES = [front, choose_language, health]
