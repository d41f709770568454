"""Pages of families: what they can book, what they have booked."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from portal.sdk import (
    Access,
    BadInput,
    NotVisible,
    PortalError,
    Refused,
    Text,
    _,
    clock,
    confirm,
    readings,
    redirect,
    who,
)
from portal_meetings import booking, desk, forms, loading, planning, queries, waiting
from portal_meetings.pages import Req, show
from portal_meetings.queries import Line, Sheet
from portal_meetings.rules import handles, may_make

HOME = "/meetings"


@get(HOME, access=Access.SIGNED_IN)
async def home(request: Req) -> Response[Any]:
    """A family's appointments and what it can book; for staff their meetings."""
    person = who(request)
    own = await queries.sheets(person)
    return show(
        request,
        "meetings/home.html",
        sheets=own,
        upcoming=queries.upcoming(own),
        now=clock.now(),
        family=person.is_guardian and not person.is_child,
        makes=may_make(person.standing),
        admin="admin" in person.standing.roles,
        entries=await desk.mine(person),
        days=await desk.next_days(person.viewer, person.school.timezone) if may_make(person.standing) else [],
    )


@get("/meetings/{event:int}", access=Access.SIGNED_IN)
async def look(request: Req, event: FromPath[int]) -> Response[Any]:
    """What a family has and can book at one event. Staff who are not asked go on to theirs."""
    try:
        return await _sheet(request, event)
    except NotVisible:
        await loading.received(who(request).viewer, event)
        return redirect(request, f"/meetings/{event}/desk")


async def _sheet(
    request: Req, event: int, wrong: PortalError | None = None, at: tuple[int, int] = (0, 0), note: str = "",
    slot: int = 0,
) -> Response[Any]:
    """The page; `at` names the host and the child at whose form something was wrong, with what was typed there."""
    person = who(request)
    own = await queries.sheet(person, event)
    now, zone = clock.now(), person.school.timezone
    times = [(line.booking.starts_at, line.booking.ends_at) for line in own.booked if line.booking]
    tried = await loading.slot(slot) if slot else None
    line = next((one for one in own.lines if (one.host.id, one.child) == at), None)
    near = planning.nearest(line.free, tried.starts_at) if line and tried and tried.event == event else []
    found = own.event
    return show(
        request,
        "meetings/sheet.html",
        status=422 if wrong else 200,
        own=own,
        event=found,
        bookable=found.bookable(now),
        changeable={b.id: found.changeable(b.starts_at, now) for b in (x.booking for x in own.booked) if b},
        beside=planning.beside([s for x in own.missing for s in x.free], times, found.gap_minutes),
        days=[(x, _by_day(x, zone)) for x in own.lines],
        info=(await readings(person, [Text(found.info)]))[0] if found.info else None,
        errors=forms.told(person, wrong) if wrong else {},
        at=at,
        note=note,
        near=near,
        now=now,
        can_plan=len([x for x in own.missing if x.free]) > 1,
        staff=handles(person.standing, found),
    )  # fmt: skip


def _by_day(line: Line, zone: str) -> list[tuple[str, list[Any]]]:
    """The free slots by day."""
    found: dict[str, list[Any]] = {}
    for slot in line.free:
        found.setdefault(clock.day(slot.starts_at, zone), []).append(slot)
    return list(found.items())


@post("/meetings/{event:int}/book", access=Access.SIGNED_IN, status_code=303)
async def book(request: Req, event: FromPath[int]) -> Response[Any]:
    """Takes a time, or moves to it. Whoever comes second sees the page again, with what they typed and times nearby."""
    person = who(request)
    form = await request.form()
    slot, child = forms.number(form.get("slot")) or 0, forms.number(form.get("child")) or 0
    host, note = forms.number(form.get("host")) or 0, forms.clean(form.get("note"))
    try:
        own = await queries.sheet(person, event) if not slot else None
        line = next((x for x in own.booked if (x.host.id, x.child) == (host, child)), None) if own else None
        if line is not None and line.slot is not None:  # what they wrote is changed, and nothing else
            await booking.book(person.viewer, event, line.slot.id, child, note)
            return redirect(request, f"/meetings/{event}", _("It is saved."))
        if not slot:
            raise BadInput("slot", _("Please choose a time."))
        await booking.book(person.viewer, event, slot, child, note)
    except (BadInput, Refused) as wrong:
        return await _sheet(request, event, wrong, (host, child), note, slot)
    return redirect(request, f"/meetings/{event}", _("It is booked. We look forward to seeing you."))


# ---- One after another ----


@get("/meetings/{event:int}/plan", access=Access.SIGNED_IN)
async def plan(
    request: Req, event: FromPath[int], after: FromQuery[str] = "", before: FromQuery[str] = "",
    where: FromQuery[str] = "",
) -> Response[Any]:
    """A plan for all appointments that are missing, one after another."""
    return await _plan(request, event, {"after": after, "before": before, "where": where})


async def _plan(
    request: Req, event: int, given: dict[str, str], wrong: PortalError | None = None, note: str = ""
) -> Response[Any]:
    person = who(request)
    own = await queries.sheet(person, event)
    found, zone = own.event, person.school.timezone
    wish, given = forms.wish(given, found, zone)
    made = _planned(own, wish)
    return show(
        request,
        "meetings/plan.html",
        status=422 if wrong else 200,
        own=own,
        event=found,
        planned=sorted(((x, made[(x.host.id, x.child)]) for x in own.missing if (x.host.id, x.child) in made),
                       key=lambda pair: pair[1].starts_at),
        left=[x for x in own.missing if (x.host.id, x.child) not in made],
        given=given,
        virtual=any(slot.virtual for x in own.lines for slot in x.free),
        bookable=found.bookable(clock.now()),
        errors=forms.told(person, wrong) if wrong else {},
        note=note,
    )  # fmt: skip


def _planned(own: Sheet, wish: planning.Wish) -> dict[planning.Key, Any]:
    needs = [(line.host.id, line.child) for line in own.missing]
    return planning.plan(needs, queries.by_host(own), own.busy, own.event.gap_minutes, wish)


@post("/meetings/{event:int}/plan", access=Access.SIGNED_IN, status_code=303)
async def book_plan(request: Req, event: FromPath[int]) -> Response[Any]:
    """Books the whole plan. If one of its times is gone meanwhile, nothing is booked and another plan is shown."""
    person = who(request)
    form = await request.form()
    pairs = [str(value).partition("-") for value in form.getall("pair", [])]
    wanted = [(forms.number(slot) or 0, forms.number(child) or 0) for slot, _dash, child in pairs][:50]
    note = forms.clean(form.get("note"))
    given = {name: forms.line(form.get(name)) for name in ("after", "before", "where")}
    await queries.sheet(person, event)
    try:
        if not wanted:
            raise BadInput("slot", _("There is nothing to book."))
        await booking.book_all(person.viewer, event, wanted, note)
    except booking.Taken:
        gone = BadInput(
            "slot", _("One of these times was booked just now, so nothing is booked yet. Here is a new plan.")
        )
        return await _plan(request, event, given, gone, note)
    except (BadInput, Refused) as wrong:
        return await _plan(request, event, given, wrong, note)
    return redirect(request, f"/meetings/{event}", _("All of them are booked. We look forward to seeing you."))


# ---- Cancelling and waiting ----


@post("/meetings/bookings/{number:int}/cancel", access=Access.SIGNED_IN, status_code=303)
async def cancel(request: Req, number: FromPath[int]) -> Response[Any]:
    """Cancels, after it was asked whether that is meant."""
    person = who(request)
    event, found = await booking.own(person.viewer, number)
    here = f"/meetings/{event.id}"
    if not (await request.form()).get("confirmed") and found.state == "on":
        return confirm(
            request, _("Cancel this appointment?"),
            _("%(when)s. The time is free for others then, and you may not get it back."),
            f"/meetings/bookings/{number}/cancel", _("Yes, cancel it"), here,
            when=person.language.moment(found.starts_at, person.school.timezone),
        )  # fmt: skip
    try:
        await booking.cancel(person.viewer, number)
    except Refused as refused:
        return redirect(request, here, refused.message, "warn", **refused.values)
    return redirect(request, here, _("The appointment is cancelled."))


@post("/meetings/{event:int}/wait", access=Access.SIGNED_IN, status_code=303)
async def wait(request: Req, event: FromPath[int]) -> Response[Any]:
    """Waits for a time with a host."""
    form = await request.form()
    host, child = forms.number(form.get("host")) or 0, forms.number(form.get("child")) or 0
    note = forms.clean(form.get("note"))
    try:
        await waiting.join(who(request).viewer, event, host, child, note, at_once=bool(form.get("at_once")))
    except (BadInput, Refused) as wrong:
        return await _sheet(request, event, wrong, (host, child), note)
    said = _("You are on the waiting list. We tell you when a time becomes free.")
    return redirect(request, f"/meetings/{event}", said)


@post("/meetings/waiting/{number:int}/leave", access=Access.SIGNED_IN, status_code=303)
async def leave(request: Req, number: FromPath[int]) -> Response[Any]:
    event = await waiting.leave(who(request).viewer, number, booking.give)
    return redirect(request, f"/meetings/{event.id}", _("You are not on the waiting list any more."))


ROUTES = [home, look, book, plan, book_plan, cancel, wait, leave]
