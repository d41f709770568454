"""The own account: name, language, how word reaches one, password, and where one is signed in."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.delivery import actions as delivery
from portal.delivery import queries as outbox
from portal.errors import BadInput, NotVisible
from portal.i18n import _
from portal.identity import actions, queries, sessions
from portal.identity.throttle import Throttled
from portal.kinds import Access
from portal.people import queries as people
from portal.web.pages.signin import client_address
from portal.web.shell import page, redirect
from portal.web.who import Who, who

Req = Request[Any, Any, Any]


@get("/account", access=Access.SIGNED_IN)
async def account(request: Req) -> Response[Any]:
    """Everything about the own account on one page."""
    return await _page(request)


async def _page(request: Req, status: int = 200, **found: Any) -> Response[Any]:
    person = who(request)
    mine = await queries.account(_me(person))
    known = await people.person(_me(person))
    return page(
        request,
        "account/account.html",
        status,
        email=known.email if known and known.email else "",
        chosen=await outbox.chosen_way(_me(person)),
        reached=(await outbox.ways([_me(person)])).get(_me(person), delivery.NONE),
        login=mine.login if mine else "",
        has_password=mine is not None and mine.password is not None,
        devices=await queries.devices(_me(person), person.session.token if person.session else b""),
        contact=person.school.contact,
        **({"errors": {}, "throttled": None} | found),
    )


def _me(person: Who) -> int:
    if person.person is None:
        raise NotVisible
    return person.person


@post("/account/reach", access=Access.SIGNED_IN, status_code=303)
async def reach(request: Req) -> Response[Any]:
    """Chooses how word from the school reaches this person."""
    try:
        await delivery.wish(_me(who(request)), channel=str((await request.form()).get("channel", "")))
    except BadInput as failure:
        return await _page(request, 422, errors={failure.field: failure})
    return redirect(request, "/account", _("Saved. From now on word reaches you this way."))


@post("/account/password", access=Access.SIGNED_IN, status_code=303)
async def password(request: Req) -> Response[Any]:
    """Changes the password; every other device is signed out."""
    person = who(request)
    data = await request.form()
    mine = await queries.account(_me(person))
    try:
        await actions.set_password(
            _me(person),
            str(data.get("current", "")),
            str(data.get("password", "")),
            here=person.session.token if person.session else b"",
            address=client_address(request),
            known=[person.school.name, person.name, mine.login if mine else ""],
        )
    except BadInput as failure:
        return await _page(request, 422, errors={failure.field: failure})
    except Throttled as failure:
        answer = await _page(request, 429, throttled=failure)
        answer.headers["Retry-After"] = str(failure.wait)
        return answer
    return redirect(request, "/account", _("Your password is changed. All other devices are signed out."))


@post("/account/devices/others", access=Access.SIGNED_IN, status_code=303)
async def close_others(request: Req) -> Response[Any]:
    """Signs out everywhere but here."""
    person = who(request)
    if (await request.form()).get("confirmed") != "1":
        return page(
            request,
            "confirm.html",
            question=_translated(person, _("Sign out on all other devices?")),
            detail=_translated(person, _("You stay signed in here. The other devices need your password again.")),
            action="/account/devices/others",
            fields={},
            yes=_translated(person, _("Sign out there")),
            back="/account",
        )
    await sessions.close_all(_me(person), but=person.session.token if person.session else b"")
    return redirect(request, "/account", _("All other devices are signed out."))


@post("/account/devices/{device:str}", access=Access.SIGNED_IN, status_code=303)
async def close(request: Req, device: FromPath[str]) -> Response[Any]:
    """Signs out on one device."""
    person = who(request)
    known = {found.id: found for found in await queries.devices(_me(person))}
    if device not in known:
        raise NotVisible
    if (await request.form()).get("confirmed") != "1":
        return page(
            request,
            "confirm.html",
            question=_translated(person, _("Sign out on this device?")),
            detail=known[device].name,
            action=f"/account/devices/{device}",
            fields={},
            yes=_translated(person, _("Sign out there")),
            back="/account",
        )
    await actions.close_device(_me(person), device)
    return redirect(request, "/account", _("That device is signed out."))


def _translated(person: Who, message: str) -> str:
    return person.language.text(message)


ROUTES = [account, reach, password, close_others, close]
