"""From an invitation's code to an account, in small steps.

The code travels in a cookie that scripts cannot read and that lasts an hour, so it stands in no later address and no
referrer. Opening the address of a letter or mail changes nothing, so mail scanners use nothing up.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath
from litestar.response.redirect import Redirect

from portal.errors import BadInput, PortalError
from portal.i18n import _
from portal.identity import codes, invitable, invitations, passwords, queries, sessions
from portal.identity.actions import check_login
from portal.identity.invitable import Child
from portal.identity.invitations import Invited, NoSuchInvitation
from portal.identity.throttle import Throttled
from portal.kinds import Access
from portal.web.gate import LANGUAGE_COOKIE
from portal.web.pages.signin import client_address, device, first_page, give_session, settings_of
from portal.web.shell import page, redirect
from portal.web.who import who

Req = Request[Any, Any, Any]
CODE_S = 3600
LANGUAGE_S = 365 * 86400
CHILDREN, PASSWORD, WRONG = "/welcome/step/children", "/welcome/step/password", "/welcome/step/wrong"


@get("/welcome/{code:str}", access=Access.PUBLIC)
async def opened(request: Req, code: FromPath[str]) -> Response[Any]:
    """The address in letters and mails: takes the code out of the address, and nothing else."""
    answer = Redirect("/welcome", status_code=303)
    _remember(request, answer, codes.normal(code))
    return answer


@get("/welcome", access=Access.PUBLIC)
async def start(request: Req) -> Response[Any]:
    """Asks for the code."""
    return _start(request, _code(request))


def _start(request: Req, typed: str, status: int = 200, failure: PortalError | None = None) -> Response[Any]:
    person = who(request)
    answer = page(request, "welcome/code.html", status, code=_grouped(typed), failure=failure,
                  contact=person.school.contact)
    if isinstance(failure, Throttled):
        answer.headers["Retry-After"] = str(failure.wait)
    return answer


def _grouped(typed: str) -> str:
    """What was typed, in groups if it could be a code."""
    bare = codes.normal(typed)
    if len(bare) != codes.LENGTH:
        return typed[:40]
    return "-".join(bare[at : at + codes.GROUP] for at in range(0, codes.LENGTH, codes.GROUP))


@post("/welcome", access=Access.PUBLIC, status_code=303)
async def check(request: Req) -> Response[Any]:
    """Checks the code and goes on to the children, or to the password where there are none."""
    typed = str((await request.form()).get("code", ""))
    found = await _invited(request, typed)
    if isinstance(found, Response):
        return found
    children = await _children(request, found)
    answer = Redirect(CHILDREN if children else PASSWORD, status_code=303)
    _remember(request, answer, codes.normal(typed))
    if LANGUAGE_COOKIE not in request.cookies and found.language in who(request).school.languages:
        _set_cookie(request, answer, LANGUAGE_COOKIE, found.language, LANGUAGE_S)
    return answer


async def _invited(request: Req, code: str) -> Invited | Response[Any]:
    """Who is invited by this code; or, where it does not work, the page that says so. It does not work either for a
    child that may not have an account now."""
    try:
        found = await invitations.look_up(code, client_address(request))
        if found.kind == "child" and not await who(request).facts.account_allowed(found.person):
            raise NoSuchInvitation
        return found
    except (NoSuchInvitation, Throttled) as failure:
        answer = _start(request, code, 429 if isinstance(failure, Throttled) else 422, failure)
        _remember(request, answer, "")
        return answer


async def _children(request: Req, found: Invited) -> Sequence[Child]:
    if found.kind == "child":
        return ()
    return (await invitable.children_of([found.person], who(request).facts.now.today)).get(found.person, ())


async def _step(request: Req) -> Invited | Response[Any]:
    """The invitation behind the cookie, or the answer where there is none that works."""
    code = _code(request)
    return await _invited(request, code) if code else Redirect("/welcome", status_code=303)


@get(CHILDREN, access=Access.PUBLIC)
async def children(request: Req) -> Response[Any]:
    """Shows the children that the school has for this person."""
    found = await _step(request)
    if isinstance(found, Response):
        return found
    own = await _children(request, found)
    if not own:
        return Redirect(PASSWORD, status_code=303)
    return page(request, "welcome/children.html", invited=found, children=own)


@get(WRONG, access=Access.PUBLIC)
async def wrong(request: Req) -> Response[Any]:
    """Asks what is wrong, before the code is given up."""
    found = await _step(request)
    if isinstance(found, Response):
        return found
    return page(request, "welcome/wrong.html", contact=who(request).school.contact)


@post(WRONG, access=Access.PUBLIC, status_code=303)
async def tell(request: Req) -> Response[Any]:
    """Tells the office that something is wrong; the code works no more and there is no account."""
    found = await _step(request)
    if isinstance(found, Response):
        return found
    await invitations.report_wrong(_code(request), str((await request.form()).get("remark", "")))
    answer = page(request, "welcome/told.html", contact=who(request).school.contact)
    _remember(request, answer, "")
    return answer


@get(PASSWORD, access=Access.PUBLIC)
async def choose(request: Req) -> Response[Any]:
    """Asks for login and password."""
    found = await _step(request)
    if isinstance(found, Response):
        return found
    login = found.login or await queries.free_login(found.person, found.email, found.name)
    return await _choose(request, found, login)


async def _choose(
    request: Req, found: Invited, login: str, status: int = 200, errors: dict[str, PortalError] | None = None
) -> Response[Any]:
    children = bool(await _children(request, found))
    return page(request, "welcome/password.html", status, invited=found, login=login, children=children,
                errors=errors or {})


@post(PASSWORD, access=Access.PUBLIC, status_code=303)
async def create(request: Req) -> Response[Any]:
    """Makes the account, signs in, and goes on to the privacy notice and whatever else waits."""
    found = await _step(request)
    if isinstance(found, Response):
        return found
    data = await request.form()
    typed, password = str(data.get("login", "")), str(data.get("password", ""))
    if data.get("invited") != str(found.invitation):  # another invitation was opened in the same browser meanwhile
        return Redirect("/welcome", status_code=303)
    person = who(request)
    try:
        login = found.login or check_login(typed)
        passwords.check(password, [person.school.name, found.name, login])
        hashed = await passwords.hash_password(password)
        token = await invitations.accept(_code(request), login, hashed, person.language.code, device(request))
    except BadInput as failure:
        return await _choose(request, found, found.login or typed, 422, {failure.field: failure})
    except NoSuchInvitation as failure:
        return _start(request, "", 422, failure)
    if person.session is not None:
        await sessions.close(person.session.token)
    answer = redirect(request, await first_page(found.person), _("Welcome! Your account is ready."))
    _remember(request, answer, "")
    give_session(request, answer, token)
    return answer


def _cookie_name(request: Req) -> str:
    return "__Host-invitation" if settings_of(request).secure else "invitation"


def _code(request: Req) -> str:
    """The code on its way through the steps; empty where there is none."""
    return request.cookies.get(_cookie_name(request), "")


def _remember(request: Req, answer: Response[Any], code: str) -> None:
    """Keeps the code in the browser for the next steps; an empty one, or what can be none, removes it."""
    if len(code) != codes.LENGTH or not set(code) <= set(codes.ALPHABET):
        code = ""
    _set_cookie(request, answer, _cookie_name(request), code, CODE_S if code else 0)


def _set_cookie(request: Req, answer: Response[Any], name: str, value: str, max_age: int) -> None:
    """`max_age` in seconds, 0 to remove it."""
    secure = settings_of(request).secure
    answer.set_cookie(
        Cookie(key=name, value=value, max_age=max_age, path="/", httponly=True, samesite="lax", secure=secure)
    )


ROUTES = [opened, start, check, children, wrong, tell, choose, create]
