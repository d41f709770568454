"""Pages on which staff make meetings and their times."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from portal.sdk import Access, BadInput, NotVisible, Who, _, children_of, names, new_id, redirect, who
from portal_meetings import forms, links, loading, making, provider_settings
from portal_meetings.making import Frame, Times
from portal_meetings.pages import Req, show
from portal_meetings.planning import Window
from portal_meetings.rules import KINDS, is_office, may_make

STARTS = {  # what the form for each kind begins with: minutes, buffer, places
    "evening": (10, 0, 1),
    "visit": (60, 0, 10),
    "family": (30, 0, 1),
}


@get("/meetings/new", access=Access.STAFF)
async def new(request: Req, kind: FromQuery[str] = "") -> Response[Any]:
    """Begins a meeting: first of what kind it is, then the form."""
    person = who(request)
    if not may_make(person.standing):
        raise NotVisible
    if kind not in KINDS:
        return show(request, "meetings/kinds.html")
    minutes, buffer, places = STARTS[kind]
    title = person.language.text(KINDS[kind]) if kind != "family" else ""
    times = Times((Window("", "", ""),), minutes, buffer, places)
    return await _new(request, kind, str(new_id()), Frame(title), times, [], 0, [])


async def _new(
    request: Req, kind: str, token: str, frame: Frame, times: Times, classes: list[int], child: int, hosts: list[int],
    wrong: BadInput | None = None,
) -> Response[Any]:
    person = who(request)
    own = await making.my_classes(person.viewer)
    if len(own) == 1 and not wrong:
        classes = list(own)
    return show(
        request,
        "meetings/new.html",
        status=422 if wrong else 200,
        kind=kind,
        token=token,
        frame=frame,
        classes=own,
        chosen=classes,
        children=[(one.id, one.name) for one in await children_of(person.viewer, own)] if kind == "family" else [],
        child=child,
        teachers=await making.teachers(person.viewer) if is_office(person.standing) and kind != "family" else {},
        hosts=hosts,
        **await _times(person, times, wrong),
    )


async def _times(person: Who, times: Times, wrong: BadInput | None) -> dict[str, Any]:
    """What the fields for times need."""
    return {
        "times": replace(times, windows=tuple(forms.padded(times.windows))),
        "ways": [
            ("", person.language.text(_("At school"))),
            ("link", person.language.text(_("By video, with a link that you paste"))),
            *((kind, provider_settings.NAMES[kind]) for kind in await provider_settings.kinds()),
        ],
        "unknown": isinstance(wrong, links.Unknown) or times.confirmed,
        "errors": forms.told(person, wrong) if wrong else {},
    }


@post("/meetings/new", access=Access.STAFF, status_code=303)
async def create(request: Req) -> Response[Any]:
    """A new meeting, not yet shown to families; sent twice, it is one."""
    person = who(request)
    form = await request.form()
    kind, token = forms.line(form.get("kind")), forms.line(form.get("token"))
    if kind not in KINDS:
        raise NotVisible
    frame, times = forms.frame(form), forms.times(form)
    classes, hosts = forms.ids(form, "classes"), forms.ids(form, "hosts")
    child = forms.number(form.get("child")) or 0
    try:
        event = await making.create(
            person.viewer, token, kind, frame, times, classes, child if kind == "family" else 0, hosts
        )
    except BadInput as wrong:
        return await _new(request, kind, token, frame, times, classes, child, hosts, wrong)
    said = _("It is ready. Please look at the times, then show it to families.")
    return redirect(request, f"/meetings/{event}/desk", said)


# ---- Later ----


@get("/meetings/{event:int}/edit", access=Access.STAFF)
async def edit(request: Req, event: FromPath[int]) -> Response[Any]:
    person = who(request)
    found, _standing = await loading.handled(person.viewer, event)
    return _edit(request, event, found.title, forms.framed(found, person.school.timezone))


def _edit(request: Req, event: int, title: str, frame: Frame, wrong: BadInput | None = None) -> Response[Any]:
    errors = forms.told(who(request), wrong) if wrong else {}
    return show(
        request, "meetings/edit.html", status=422 if wrong else 200, event=event, title=title, frame=frame,
        errors=errors,
    )  # fmt: skip


@post("/meetings/{event:int}/edit", access=Access.STAFF, status_code=303)
async def save(request: Req, event: FromPath[int]) -> Response[Any]:
    person = who(request)
    found, _standing = await loading.handled(person.viewer, event)
    frame = forms.frame(await request.form())
    try:
        await making.save(person.viewer, event, frame)
    except BadInput as wrong:
        return _edit(request, event, found.title, frame, wrong)
    return redirect(request, f"/meetings/{event}/desk", _("It is saved."))


@get("/meetings/{event:int}/times", access=Access.STAFF)
async def more(request: Req, event: FromPath[int]) -> Response[Any]:
    """More times for an event."""
    found, _standing, _theirs = await loading.received(who(request).viewer, event)
    minutes, buffer, places = STARTS[found.kind]
    return await _more(request, event, Times((Window("", "", ""),), minutes, buffer, places), [])


async def _more(
    request: Req, event: int, times: Times, hosts: list[int], wrong: BadInput | None = None
) -> Response[Any]:
    person = who(request)
    found, _standing, theirs = await loading.received(person.viewer, event)
    named = await names([host.person for host in theirs if host.person], person.facts)
    return show(
        request,
        "meetings/times.html",
        status=422 if wrong else 200,
        event=found,
        theirs=sorted(((host.id, named.get(host.person, "")) for host in theirs), key=lambda one: (one[1], one[0])),
        hosts=hosts or [host.id for host in theirs if host.person == person.person or len(theirs) == 1],
        **await _times(person, times, wrong),
    )


@post("/meetings/{event:int}/times", access=Access.STAFF, status_code=303)
async def add(request: Req, event: FromPath[int]) -> Response[Any]:
    person = who(request)
    await loading.received(person.viewer, event)
    form = await request.form()
    times, hosts = forms.times(form), forms.ids(form, "hosts")
    try:
        await making.add_times(person.viewer, event, hosts, times)
    except BadInput as wrong:
        return await _more(request, event, times, hosts, wrong)
    return redirect(request, f"/meetings/{event}/desk", _("The times are added."))


ROUTES = [new, create, edit, save, more, add]
