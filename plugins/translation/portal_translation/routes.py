"""Pages: what a person chose, one translation with its original, the school's words, and how the engine is doing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from portal.sdk import LANGUAGES, Access, BadInput, Viewer, _, confirm, language, page, redirect, who
from portal_translation import correcting, state_pages, term_pages
from portal_translation.correcting import Shown, Ticket
from portal_translation.words import ENGINES, direction_of, name_of

Req = Request[Any, Any, Any]


@get("/translation", access=Access.SIGNED_IN)
async def home(request: Req) -> Response[Any]:
    """What this person chose, and what waits for somebody who can correct."""
    person = who(request)
    waiting = await correcting.reported(person.viewer)
    return page(
        request,
        "translation/home.html",
        choices=await correcting.choices(person.viewer),
        offered=[(code, language(code).name) for code in LANGUAGES],
        waiting=[(one, name_of(one.source, person.language), name_of(one.target, person.language)) for one in waiting],
        staff=person.is_staff,
        office=bool(person.roles & {"office", "admin"}),
        direction_of=direction_of,
    )


@post("/translation", access=Access.SIGNED_IN, status_code=303)
async def choose(request: Req) -> Response[Any]:
    form = await request.form()
    reads = [str(code) for code in form.getall("reads", [])]
    await correcting.choose(who(request).viewer, off=bool(form.get("off")), reads=reads)
    return redirect(request, "/translation", _("Saved."))


# ---- One translation ----


def _ticket(text: int, at: Any, sig: Any) -> Ticket:
    given = str(at or "")
    step = int(given) if given.isascii() and given.isdecimal() and len(given) < 12 else -1
    return Ticket(text, step, str(sig or ""))


def _here(ticket: Ticket) -> str:
    return f"/translation/{ticket.text}?at={ticket.at}&sig={ticket.sig}"


def _look(
    request: Req, shown: Shown, ticket: Ticket, failure: BadInput | None = None, typed: str | None = None,
    note: str | None = None,
) -> Response[Any]:
    person = who(request)
    errors = {failure.field: person.language.text(failure.message, **failure.values)} if failure else {}
    return page(
        request,
        "translation/text.html",
        status=422 if failure else 200,
        shown=shown,
        ticket=ticket,
        here=_here(ticket),
        errors=errors,
        typed=shown.text if typed is None else typed,
        note=shown.note if note is None else note,
        source=name_of(shown.source, person.language),
        target=name_of(shown.target, person.language),
        engine=ENGINES.get(shown.engine, ""),
        before=direction_of(shown.source),
        after=direction_of(shown.target),
        staff=person.is_staff,
    )  # fmt: skip


@get("/translation/{text:int}", access=Access.SIGNED_IN)
async def look(
    request: Req, text: FromPath[int], at: FromQuery[str] = "", sig: FromQuery[str] = ""
) -> Response[Any]:
    """Original and translation side by side, for whom this link was made."""
    ticket = _ticket(text, at, sig)
    return _look(request, await correcting.show(who(request).viewer, ticket), ticket)


async def _posted(request: Req, text: int) -> tuple[Viewer, Ticket, Any]:
    form = await request.form()
    return who(request).viewer, _ticket(text, form.get("at"), form.get("sig")), form


@post("/translation/{text:int}/wrong", access=Access.SIGNED_IN, status_code=303)
async def wrong(request: Req, text: FromPath[int]) -> Response[Any]:
    viewer, ticket, form = await _posted(request, text)
    note = str(form.get("note", ""))
    try:
        await correcting.report(viewer, ticket, note)
    except BadInput as failure:
        return _look(request, await correcting.show(viewer, ticket), ticket, failure, note=note)
    return redirect(request, _here(ticket), _("Thank you. Somebody who reads both languages can correct it now."))


async def _done(
    request: Req, text: int, act: Callable[[Viewer, Ticket], Awaitable[None]], message: str
) -> Response[Any]:
    viewer, ticket, _form = await _posted(request, text)
    await act(viewer, ticket)
    return redirect(request, _here(ticket), message)


@post("/translation/{text:int}/right", access=Access.SIGNED_IN, status_code=303)
async def right(request: Req, text: FromPath[int]) -> Response[Any]:
    """Takes back that it is wrong."""
    return await _done(request, text, correcting.take_back, _("Taken back."))


@post("/translation/{text:int}/correct", access=Access.STAFF, status_code=303)
async def correct(request: Req, text: FromPath[int]) -> Response[Any]:
    viewer, ticket, form = await _posted(request, text)
    typed = str(form.get("text", ""))
    try:
        await correcting.correct(viewer, ticket, typed, str(form.get("seen", "")))
    except BadInput as failure:
        return _look(request, await correcting.show(viewer, ticket), ticket, failure, typed=typed)
    return redirect(request, _here(ticket), _("Saved. Readers get your translation from now on."))


@post("/translation/{text:int}/undo", access=Access.STAFF, status_code=303)
async def undo(request: Req, text: FromPath[int]) -> Response[Any]:
    """Back to the machine's translation."""
    viewer, ticket, form = await _posted(request, text)
    shown = await correcting.show(viewer, ticket)
    if shown.corrects and not form.get("confirmed"):
        return confirm(
            request, _("Go back to the machine's translation?"), _("What was written by hand is deleted then."),
            f"/translation/{text}/undo", _("Go back"), _here(ticket), {"at": ticket.at, "sig": ticket.sig},
        )  # fmt: skip
    return await _done(request, text, correcting.undo, _("Readers get the machine's translation again."))


ROUTES = [home, choose, look, wrong, right, correct, undo, *term_pages.ROUTES, *state_pages.ROUTES]
