"""Pages of those who receive families, and of the office: the times, who comes, and what is done with them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from portal.sdk import (
    Access,
    BadInput,
    NotVisible,
    Refused,
    Text,
    Viewer,
    _,
    clock,
    confirm,
    groups,
    names,
    readings,
    redirect,
    who,
)
from portal_meetings import desk, forms, loading, running, waiting
from portal_meetings.pages import Req, show
from portal_meetings.rules import handles, may_make


@get("/meetings/past", access=Access.STAFF)
async def past(request: Req) -> Response[Any]:
    person = who(request)
    if not may_make(person.standing):
        raise NotVisible
    return show(request, "meetings/past.html", entries=await desk.mine(person, past=True))


@get("/meetings/{event:int}/desk", access=Access.STAFF)
async def look(request: Req, event: FromPath[int]) -> Response[Any]:
    """The times of an event with who comes: all for whoever handles it, a host's own."""
    person = who(request)
    found, standing, theirs = await loading.received(person.viewer, event)
    handled = handles(standing, found)
    known = await groups(person.facts)
    _people, rest, asked = await running.missing(found) if handled else (set(), 0, 0)
    waits = await waiting.rows("WHERE event = ?", event)
    called = await names(found.children, person.facts)
    return show(
        request,
        "meetings/desk.html",
        event=found,
        handled=handled,
        places=await desk.places(person, found, theirs),
        classes=", ".join(sorted(known[number].name for number in found.classes if number in known)),
        child=", ".join(called.values()),
        asked=asked,
        booked=asked - rest,
        waits={host.id: sum(1 for one in waits if one.host == host.id) for host in theirs},
        bookable=found.bookable(clock.now()),
        now=clock.now(),
    )


@get("/meetings/slots/{slot:int}", access=Access.STAFF)
async def one(request: Req, slot: FromPath[int]) -> Response[Any]:
    return await _one(request, slot)


async def _one(request: Req, slot: int, wrong: BadInput | None = None) -> Response[Any]:
    """One time: who comes, whether they came, and what can be done with it."""
    person = who(request)
    found, time, host = await running.looked_after(person.viewer, slot)
    free = time.state == "on" and time.taken < time.places and time.starts_at > clock.now() and found.state != "draft"
    families = await running.families(person.viewer, slot) if free else []
    called = await names({host.person, *(n for pair in families for n in pair)} - {0}, person.facts)
    labels = [(f"{adult}-{child}", f"{called.get(child, '')} – {called.get(adult, '')}") for adult, child in families]
    guests = await desk.guests_of(person, time)
    notes = await readings(person, [Text(guest.note, about=(guest.booking.child,)) for guest in guests])
    return show(
        request,
        "meetings/slot.html",
        status=422 if wrong else 200,
        event=found,
        slot=time,
        host=called.get(host.person, ""),
        own=host.person == person.person,
        guests=list(zip(guests, notes, strict=True)),
        families=sorted(labels, key=lambda label: label[1]),
        over=time.starts_at <= clock.now(),
        errors=forms.told(person, wrong) if wrong else {},
    )


@get("/meetings/day", access=Access.STAFF)
async def day(request: Req, day: FromQuery[str] = "") -> Response[Any]:
    """One day of somebody who receives families, to be printed."""
    person = who(request)
    if not may_make(person.standing):
        raise NotVisible
    zone = person.school.timezone
    days = await desk.next_days(person.viewer, zone)
    wanted = day or next(iter(days), clock.present(zone).today)
    try:
        rows = await desk.day(person, wanted)
    except BadInput:
        raise NotVisible from None
    others = [one for one in days if one != wanted]
    return show(request, "meetings/day.html", wanted=wanted, rows=rows, days=others, now=clock.now())


# ---- What is done with them ----


async def _ask(
    request: Req, act: Callable[[], Awaitable[Any]], question: str, detail: str, yes: str, here: str, after: str,
    message: str,
) -> Response[Any]:
    """Asks, then does it. What stands in the way is told on the page one came from."""
    if not (await request.form()).get("confirmed"):
        return confirm(request, question, detail, request.scope["path"], yes, here)
    return await _do(request, act, here, after, message)


async def _do(
    request: Req, act: Callable[[], Awaitable[Any]], here: str, after: str, message: str
) -> Response[Any]:
    try:
        await act()
    except Refused as refused:
        return redirect(request, here, refused.message, "warn", **refused.values)
    return redirect(request, after, message)


async def _handled(request: Req, event: int) -> tuple[Viewer, str]:
    viewer = who(request).viewer
    await loading.handled(viewer, event)
    return viewer, f"/meetings/{event}/desk"


@post("/meetings/{event:int}/publish", access=Access.STAFF, status_code=303)
async def publish(request: Req, event: FromPath[int]) -> Response[Any]:
    viewer, here = await _handled(request, event)
    return await _ask(
        request, lambda: running.publish(viewer, event), _("Show it to families?"),
        _("Everybody who is asked gets word, and can choose a time as soon as booking begins."), _("Show it"), here,
        here, _("Families see it now."),
    )  # fmt: skip


@post("/meetings/{event:int}/close", access=Access.STAFF, status_code=303)
async def close(request: Req, event: FromPath[int]) -> Response[Any]:
    viewer, here = await _handled(request, event)
    return await _do(request, lambda: running.close(viewer, event), here, here, _("Nobody can book any more."))


@post("/meetings/{event:int}/reopen", access=Access.STAFF, status_code=303)
async def reopen(request: Req, event: FromPath[int]) -> Response[Any]:
    viewer, here = await _handled(request, event)
    return await _do(request, lambda: running.reopen(viewer, event), here, here, _("Families can book again."))


@post("/meetings/{event:int}/remind", access=Access.STAFF, status_code=303)
async def remind(request: Req, event: FromPath[int]) -> Response[Any]:
    viewer, here = await _handled(request, event)
    return await _ask(
        request, lambda: running.remind(viewer, event), _("Send a reminder to all who have no time yet?"),
        _("Each gets it in the way they have chosen: by e-mail, on paper, or only in the portal."), _("Remind now"),
        here, here, _("The reminder is on its way."),
    )  # fmt: skip


@post("/meetings/{event:int}/erase", access=Access.STAFF, status_code=303)
async def erase(request: Req, event: FromPath[int]) -> Response[Any]:
    viewer, here = await _handled(request, event)
    return await _ask(
        request, lambda: running.erase(viewer, event), _("Call it off and erase it?"),
        _("All its times and appointments are gone then. Families who have one ahead get word."), _("Erase"), here,
        "/meetings", _("It is erased."),
    )  # fmt: skip


@post("/meetings/{event:int}/hosts/{host:int}/withdraw", access=Access.STAFF, status_code=303)
async def withdraw_host(request: Req, event: FromPath[int], host: FromPath[int]) -> Response[Any]:
    viewer, here = who(request).viewer, f"/meetings/{event}/desk"
    _event, _standing, theirs = await loading.received(viewer, event)
    if host not in {one.id for one in theirs}:
        raise NotVisible
    return await _ask(
        request, lambda: running.withdraw_host(viewer, event, host), _("Withdraw all times of this person?"),
        _("Families who have booked one get word, and are asked to choose another."), _("Withdraw them"), here, here,
        _("The times are withdrawn."),
    )  # fmt: skip


@post("/meetings/slots/{slot:int}/withdraw", access=Access.STAFF, status_code=303)
async def withdraw(request: Req, slot: FromPath[int]) -> Response[Any]:
    viewer, here = who(request).viewer, f"/meetings/slots/{slot}"
    found, time, _host = await running.looked_after(viewer, slot)
    desk_ = f"/meetings/{found.id}/desk"
    if not time.taken:
        return await _do(request, lambda: running.withdraw(viewer, slot), here, desk_, _("The time is withdrawn."))
    return await _ask(
        request, lambda: running.withdraw(viewer, slot), _("Withdraw this time?"),
        _("The family that has booked it gets word at once, and is asked to choose another."), _("Withdraw it"), here,
        desk_, _("The time is withdrawn, and the family has word."),
    )  # fmt: skip


@post("/meetings/slots/{slot:int}/put-back", access=Access.STAFF, status_code=303)
async def put_back(request: Req, slot: FromPath[int]) -> Response[Any]:
    viewer, here = who(request).viewer, f"/meetings/slots/{slot}"
    await running.looked_after(viewer, slot)
    return await _do(request, lambda: running.put_back(viewer, slot), here, here, _("The time is offered again."))


@post("/meetings/slots/{slot:int}/give", access=Access.STAFF, status_code=303)
async def give(request: Req, slot: FromPath[int]) -> Response[Any]:
    """The school books for a family, as after a telephone call."""
    viewer, here = who(request).viewer, f"/meetings/slots/{slot}"
    await running.looked_after(viewer, slot)
    adult, _dash, child = str((await request.form()).get("family", "")).partition("-")
    try:
        if not adult:
            raise BadInput("family", _("Please choose a family."))
        await running.book_for(viewer, slot, forms.number(adult) or 0, forms.number(child) or 0)
    except BadInput as wrong:
        return await _one(request, slot, wrong)
    except Refused as refused:
        return redirect(request, here, refused.message, "warn", **refused.values)
    return redirect(request, here, _("It is booked, and the family has word."))


@post("/meetings/bookings/{number:int}/release", access=Access.STAFF, status_code=303)
async def release(request: Req, number: FromPath[int]) -> Response[Any]:
    viewer = who(request).viewer
    slot = await running.of_booking(viewer, number)
    here = f"/meetings/slots/{slot}"
    return await _ask(
        request, lambda: running.release(viewer, number), _("Cancel the appointment of this family?"),
        _("The family gets word, and the time is free again."), _("Yes, cancel it"), here, here,
        _("The appointment is cancelled, and the family has word."),
    )  # fmt: skip


@post("/meetings/bookings/{number:int}/mark", access=Access.STAFF, status_code=303)
async def mark(request: Req, number: FromPath[int]) -> Response[Any]:
    viewer = who(request).viewer
    slot = await running.of_booking(viewer, number)
    form = await request.form()
    await running.mark(viewer, number, forms.line(form.get("outcome")))
    day = forms.line(form.get("day"))
    return redirect(request, f"/meetings/day?day={day}" if day else f"/meetings/slots/{slot}", _("It is noted."))


ROUTES = [
    past, look, one, day, publish, close, reopen, remind, erase, withdraw_host, withdraw, put_back, give, release, mark,
]  # fmt: skip
