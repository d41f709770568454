"""Pages about coming in, the calendar, and the school's servers for online meetings."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.sdk import (
    Access,
    NotVisible,
    PortalError,
    Refused,
    _,
    confirm,
    file_response,
    names,
    portal_address,
    redirect,
    who,
)
from portal.sdk import page as show
from portal_meetings import feed, joining, links, provider_settings

Req = Request[Any, Any, Any]
CALENDAR = "/meetings/calendar"
MEDIA = "text/calendar"


# ---- Coming in ----


@get("/meetings/join/{appointment:int}", access=Access.SIGNED_IN)
async def look(request: Req, appointment: FromPath[int]) -> Response[Any]:
    """One appointment, with the way in while it is open."""
    return await _look(request, appointment)


async def _look(request: Req, appointment: int, failure: PortalError | None = None) -> Response[Any]:
    person = who(request)
    assert person.person is not None  # signed in
    found = await joining.look(person.viewer, appointment)
    host = person.person in found.hosts
    opens, closes = await joining.hours(found, host)
    recording = await joining.recording(found)
    known = await names(found.hosts, person.facts)
    return show(
        request,
        "meetings/join.html",
        status=200 if failure is None or isinstance(failure, Refused) else 409,  # a server failed
        found=found,
        host=host,
        hosts=sorted(known.values()),
        stage=joining.stage(found, opens, closes),
        opens=opens,
        closes=closes,
        ends=person.language.time(found.ends_at, person.school.timezone),
        zone=person.school.timezone.replace("_", " "),
        service=_service(found.provider, found.link),
        recording=recording,
        asked=recording.wished and person.person in recording.asks,
        agreed=recording.wished and await joining.has_agreed(person.person, appointment),
        failure=failure,
    )


def _service(provider: str, link: str) -> str:
    """What the service is called. A host that few people know says itself."""
    if provider == "link":
        return links.NAMES.get(links.provider_of(link), "") or links.shown_host(links.host_of(link))
    return provider_settings.NAMES.get(provider, "")


@get("/meetings/join/{appointment:int}/go", access=Access.SIGNED_IN)
async def go(request: Req, appointment: FromPath[int]) -> Response[Any]:
    """On to the meeting. The link is made now, for this person, and stays in no history of the portal."""
    try:
        address = await joining.link(who(request).viewer, appointment)
    except NotVisible:
        raise
    except PortalError as failure:
        return await _look(request, appointment, failure)
    return Response(None, status_code=303, headers={"Location": address})


@post("/meetings/join/{appointment:int}/agree", access=Access.SIGNED_IN)
async def agree(request: Req, appointment: FromPath[int]) -> Response[Any]:
    """One adult's own word about the recording."""
    yes = (await request.form()).get("agree") == "yes"
    await joining.agree(who(request).viewer, appointment, yes)
    said = _("You agree that it is recorded, if all others do.") if yes else _("It is not recorded.")
    return redirect(request, f"/meetings/join/{appointment}", said)


@get("/meetings/join/{appointment:int}/calendar.ics", access=Access.SIGNED_IN)
async def one(request: Req, appointment: FromPath[int]) -> Response[Any]:
    """This appointment as a file for a calendar."""
    person = who(request)
    found = await joining.look(person.viewer, appointment)
    if found.cancelled:
        raise NotVisible
    return file_response(f"{appointment}.ics", await feed.written([found], person.language), MEDIA)


# ---- The calendar ----


@get(CALENDAR, access=Access.SIGNED_IN)
async def calendar(request: Req) -> Response[Any]:
    """Somebody's own secret address, and how to use it."""
    person = who(request)
    assert person.person is not None  # signed in
    key, asked_at = await feed.address(person.person)
    base = portal_address()
    return show(
        request, "meetings/feed.html", address=f"{base}{CALENDAR}/{key}.ics" if key else "", asked_at=asked_at,
        subscribe=f"webcal://{base.partition('://')[2]}{CALENDAR}/{key}.ics" if key else "",
    )  # fmt: skip


@post(f"{CALENDAR}/new", access=Access.SIGNED_IN)
async def renew(request: Req) -> Response[Any]:
    """A new address. If there is one already, it asks first: calendars that have the old one would stand still."""
    person = who(request)
    assert person.person is not None  # signed in
    if (await feed.address(person.person))[0] and not (await request.form()).get("confirmed"):
        return confirm(
            request, _("Make a new address?"),
            _("The old one is dead at once. Calendars that use it get nothing more until you give them the new one."),
            f"{CALENDAR}/new", _("Make a new one"), CALENDAR,
        )  # fmt: skip
    await feed.renew(person.viewer)
    return redirect(request, CALENDAR, _("This is your new address. It is for you alone."))


@post(f"{CALENDAR}/stop", access=Access.SIGNED_IN)
async def stop(request: Req) -> Response[Any]:
    """No address any more."""
    if not (await request.form()).get("confirmed"):
        return confirm(
            request, _("Switch the address off?"), _("Calendars that use it get nothing more."), f"{CALENDAR}/stop",
            _("Switch it off"), CALENDAR,
        )  # fmt: skip
    await feed.stop(who(request).viewer)
    return redirect(request, CALENDAR, _("The address is switched off."))


@get(CALENDAR + "/{file:str}", access=Access.PUBLIC)
async def fetch(request: Req, file: FromPath[str]) -> Response[Any]:
    """What calendar programs fetch. The key in the address says whose it is; nobody is signed in."""
    key, dot, ending = file.partition(".")
    if not dot or ending != "ics":
        raise NotVisible
    headers = {"Cache-Control": "private, no-store"}
    try:
        made, tag = await feed.fetch(key)
    except feed.TooOften as failure:
        text = who(request).language.text(failure.message)
        return Response(text, status_code=429, media_type="text/plain", headers=headers | {"Retry-After": "300"})
    headers["ETag"] = tag
    asked = request.headers.get("if-none-match", "")
    if tag in (part.strip().removeprefix("W/") for part in asked.split(",")):
        return Response(None, status_code=304, headers=headers)
    headers["Content-Disposition"] = 'inline; filename="meetings.ics"'
    return Response(made, media_type=MEDIA, headers=headers)


# ---- The school's servers ----


@get("/meetings/servers", access=Access.ADMIN)
async def servers(request: Req) -> Response[Any]:
    """Which servers are set up, each with a button that tries it."""
    return await _servers(request)


async def _servers(request: Req, kind: str = "", failure: PortalError | None = None) -> Response[Any]:
    there = await provider_settings.kinds()
    known = [(one, provider_settings.NAMES[one], one in there) for one in provider_settings.KINDS]
    return show(
        request, "meetings/servers.html", status=422 if failure else 200, servers=known, tried=kind, failure=failure,
        address=portal_address(),
    )  # fmt: skip


@post("/meetings/servers", access=Access.ADMIN)
async def try_out(request: Req) -> Response[Any]:
    """Tries one; whoever pressed the button waits some seconds at most."""
    kind = str((await request.form()).get("kind", ""))
    if kind not in provider_settings.KINDS:
        raise NotVisible
    try:
        said = await provider_settings.try_out(kind)
    except PortalError as failure:
        return await _servers(request, kind, failure)
    return redirect(request, "/meetings/servers", said)


ROUTES = [look, go, agree, one, calendar, renew, stop, fetch, servers, try_out]
