"""The lists of surveys, and what happens to a survey as a whole. Building, answering and results are in `building`,
`answer_pages` and `result_pages`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from portal.sdk import (
    Access,
    NotVisible,
    Refused,
    Viewer,
    _,
    confirm,
    groups,
    language,
    new_id,
    page,
    redirect,
    who,
)
from portal_surveys import actions, answer_pages, building, loading, queries, ready, result_pages, running, words
from portal_surveys.rules import STATES, may_write
from portal_surveys.words import told

Req = Request[Any, Any, Any]
PER_PAGE = 30


@get("/surveys", access=Access.SIGNED_IN)
async def home(request: Req) -> Response[Any]:
    """What waits for this person, and what they have answered."""
    person = who(request)
    waiting = await queries.waiting(person)
    return page(
        request,
        "surveys/home.html",
        todo=[one for one in waiting if one.open],
        done=[*(one for one in waiting if not one.open), *await queries.given(person)],
        asked=person.is_guardian,
        writes=may_write(person.standing),
    )


@get("/surveys/mine", access=Access.STAFF)
async def mine(request: Req, show: FromQuery[str] = "draft", before: FromQuery[int | None] = None) -> Response[Any]:
    """The surveys that this person wrote, and those of their classes."""
    if show not in STATES:
        raise NotVisible
    person = who(request)
    entries = await queries.mine(person.viewer, show, before, PER_PAGE)
    known = await groups(person.facts)
    return page(
        request,
        "surveys/mine.html",
        show=show,
        entries=[(entry, words.audience(entry.audience, known, person.language)) for entry in entries],
        counts=await queries.counts(person.viewer),
        newer=f"/surveys/mine?show={show}" if before is not None else "",
        older=f"/surveys/mine?show={show}&before={entries[-1].id}" if len(entries) == PER_PAGE else "",
    )


@get("/surveys/new", access=Access.STAFF)
async def choose(request: Req) -> Response[Any]:
    """Begins a survey, empty or with a template."""
    person = who(request)
    if not may_write(person.standing):
        raise NotVisible
    text = person.language.text
    blank = ("", text(_("An empty survey")), text(_("You write all questions yourself.")))
    return page(
        request,
        "surveys/new.html",
        token=new_id(),
        templates=[*((key, text(t.title), text(t.about)) for key, t in ready.TEMPLATES.items()), blank],
        languages_offered=[(code, language(code).name) for code in person.school.languages],
    )


@post("/surveys/new", access=Access.STAFF, status_code=303)
async def create(request: Req) -> Response[Any]:
    """A new survey; sent twice, it is one."""
    person = who(request)
    form = await request.form()
    code = str(form.get("language", "")) or person.language.code
    template = str(form.get("template", "")) or None
    if code not in person.school.languages or (template and template not in ready.TEMPLATES):
        raise NotVisible
    survey = await actions.create(person.viewer, str(form.get("token", "")), template=template, language=code)
    return redirect(request, f"/surveys/{survey}/edit")


# ---- Its days ----


async def _state(
    request: Req, survey: int, act: Callable[[Viewer, int], Awaitable[Any]], question: str, detail: str, yes: str,
    here: str, after: str, message: str,
) -> Response[Any]:
    """Asks, then does it. What stands in the way is told on the page one came from."""
    person = who(request)
    await loading.handled(person.viewer, survey)
    if not (await request.form()).get("confirmed"):
        return confirm(request, question, detail, request.scope["path"], yes, here)
    try:
        await act(person.viewer, survey)
    except Refused as refused:
        return redirect(request, here, told(person, refused), "warn")
    return redirect(request, after, message)


@post("/surveys/{survey:int}/open", access=Access.STAFF, status_code=303)
async def open_(request: Req, survey: FromPath[int]) -> Response[Any]:
    return await _state(
        request, survey, running.open_survey, _("Open the survey?"), _("Families find it in the portal at once."),
        _("Open the survey"), f"/surveys/{survey}/preview", f"/surveys/{survey}/results",
        _("The survey is open. Answers appear here."),
    )  # fmt: skip


@post("/surveys/{survey:int}/close", access=Access.STAFF, status_code=303)
async def close(request: Req, survey: FromPath[int]) -> Response[Any]:
    found, _standing = await loading.handled(who(request).viewer, survey)
    return await _state(
        request, survey, running.close, _("Close the survey?"), words.CLOSING[found.anonymous],
        _("Close the survey"), f"/surveys/{survey}/results", f"/surveys/{survey}/results", _("The survey is closed."),
    )  # fmt: skip


@post("/surveys/{survey:int}/reopen", access=Access.STAFF, status_code=303)
async def reopen(request: Req, survey: FromPath[int]) -> Response[Any]:
    """Nothing is lost by it, so nobody is asked."""
    person = who(request)
    try:
        await running.reopen(person.viewer, survey)
    except Refused as refused:
        return redirect(request, f"/surveys/{survey}/edit", told(person, refused), "warn")
    return redirect(request, f"/surveys/{survey}/results", _("The survey is open again."))


@post("/surveys/{survey:int}/remind", access=Access.STAFF, status_code=303)
async def remind(request: Req, survey: FromPath[int]) -> Response[Any]:
    here = f"/surveys/{survey}/results"
    return await _state(
        request, survey, running.remind, _("Send a reminder to all who have not answered?"),
        _("Each gets it in the way they have chosen: by e-mail, on paper, or only in the portal."),
        _("Remind now"), here, here, _("The reminder is on its way."),
    )  # fmt: skip


@post("/surveys/{survey:int}/erase", access=Access.STAFF, status_code=303)
async def erase(request: Req, survey: FromPath[int]) -> Response[Any]:
    return await _state(
        request, survey, actions.erase, _("Erase this survey for good?"),
        _("Its questions and all answers are gone then, and nobody can undo it."), _("Erase"),
        f"/surveys/{survey}/edit", "/surveys/mine", _("The survey is erased."),
    )  # fmt: skip


ROUTES = [
    home, mine, choose, create, open_, close, reopen, remind, erase, *building.ROUTES, *answer_pages.ROUTES,
    *result_pages.ROUTES,
]  # fmt: skip
