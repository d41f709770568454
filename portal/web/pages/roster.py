"""The roster import for administrators: upload, look at the differences, confirm, see what was done."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath

from portal.errors import BadInput, NotVisible, PortalError
from portal.i18n import _
from portal.kinds import Access
from portal.people.roster import actions, sheet_templates, uploads
from portal.people.roster.problems import Problem
from portal.people.roster.uploads import Upload
from portal.people.roster.writes import CATEGORIES, FATES, SHOWN, Change
from portal.web.shell import page, redirect
from portal.web.who import who

log = structlog.get_logger("portal.web")
Req = Request[Any, Any, Any]
HOME = "/office/roster"
MOST_CHANGES = 200  # of one kind; a first import has thousands
MOST_PROBLEMS = 200

CATEGORY_WORDS = {
    "people": _("People"),
    "groups": _("Classes"),
    "enrolments": _("In classes"),
    "links": _("Guardians"),
    "households": _("Households"),
}
FATE_WORDS = {"new": _("New"), "changed": _("Changed"), "unchanged": _("Unchanged"), "gone": _("Gone")}
FIELD_WORDS = {
    "given_name": _("given name"),
    "family_name": _("family name"),
    "email": _("e-mail address"),
    "phone": _("telephone number"),
    "language": _("language"),
    "born": _("birthday"),
    "active": _("active"),
    "name": _("name"),
    "kind": _("kind of class"),
    "until": _("last day"),
    "decides": _("may decide"),
    "sees": _("is family"),
    "relation": _("relation"),
    "contact_order": _("order of contact"),
    "channels": _("ways of contact"),
}
STEPS = {"read": 1, "compare": 2, "write": 3}

_steps: dict[int, str] = {}  # of imports that run in this process
_running: set[asyncio.Task[None]] = set()  # asyncio itself holds tasks only weakly


@get(HOME, access=Access.ADMIN)
async def start(request: Req) -> Response[Any]:
    """What to bring, the upload form, and the imports so far."""
    return await _start(request)


async def _start(request: Req, failure: BadInput | None = None) -> Response[Any]:
    person = who(request)
    await uploads.sweep()
    return page(
        request,
        "roster/start.html",
        status=422 if failure else 200,
        recent=await uploads.recent(),
        errors={failure.field: person.language.text(failure.message, **failure.values)} if failure else {},
        sheets=sheet_templates.SHEETS,
        fates=FATES,
        fate_words=FATE_WORDS,
    )


@post(HOME, access=Access.ADMIN, status_code=303, request_max_body_size=uploads.MOST_BYTES)
async def upload(request: Req) -> Response[Any]:
    """Takes the files and goes on to the preview."""
    person = who(request)
    form = await request.form()
    files = [chosen for item in form.getall("files", []) if (chosen := await _file(item))]
    try:
        if not files:
            raise BadInput("files", _("Please choose the zip, or all CSV files together."))
        kept = await uploads.keep(person.person or 0, files, await _file(form.get("households")))
    except BadInput as failure:
        return await _start(request, failure)
    return redirect(request, f"{HOME}/{kept}")


async def _file(item: Any) -> tuple[str, bytes] | None:
    """A chosen file. Browsers send an empty one without a name for a field that was left alone."""
    return (item.filename, await item.read()) if isinstance(item, UploadFile) and item.filename else None


async def _upload(number: int) -> Upload:
    """Raises NotVisible."""
    found = await uploads.find(number)
    if found is None:
        raise NotVisible
    return found


@get(HOME + "/{number:int}", access=Access.ADMIN)
async def show(request: Req, number: FromPath[int]) -> Response[Any]:
    """The preview, the progress or the result, whichever it is time for."""
    found = await _upload(number)
    if found.state == "running":
        step = STEPS.get(_steps.get(number, ""), 1)
        return page(request, "roster/running.html", upload=found, step=step)
    if found.state == "waiting":
        return await _preview(request, found)
    return page(request, "roster/result.html", upload=found, **_words())


def _words() -> dict[str, Any]:
    return {
        "categories": CATEGORIES,
        "category_words": CATEGORY_WORDS,
        "fates": FATES,
        "fate_words": FATE_WORDS,
        "field_words": FIELD_WORDS,
        "most_changes": MOST_CHANGES,
        "most_problems": MOST_PROBLEMS,
    }


async def _preview(request: Req, found: Upload, failure: PortalError | None = None) -> Response[Any]:
    language = who(request).language
    package = uploads.package(found)
    outcome = await actions.preview(package)
    shrinks = outcome.refused and [p.code for p in outcome.problems.errors] == ["shrink"]
    if shrinks:
        outcome = await actions.preview(package, confirm_shrink=True)

    def told(problems: list[Problem]) -> list[dict[str, Any]]:
        return [
            {"file": p.file, "line": p.line, "field": p.field, "text": language.text(p.text, **p.values)}
            for p in problems
        ]

    return page(
        request,
        "roster/preview.html",
        status=422 if failure else 200,
        upload=found,
        outcome=outcome,
        changes=_sorted(outcome.changes),
        problems=told(outcome.problems.errors),
        warnings=told(outcome.problems.warnings),
        shrinks=shrinks,
        gone=outcome.counts["people"]["gone"],
        nothing=not outcome.changes,
        again=bool(found.result.get("again")),
        failure=failure,
        **(_words() | {"categories": outcome.spoken_of}),
    )


def _sorted(changes: list[Change]) -> dict[str, dict[str, list[Change]]]:
    """By category and fate; new ones last, because a first import is all of them."""
    return {
        what: {
            fate: sorted((c for c in changes if (c.what, c.fate) == (what, fate)), key=lambda c: c.label.casefold())
            for fate in ("gone", "changed", "new")
        }
        for what in SHOWN
    }


@post(HOME + "/{number:int}/import", access=Access.ADMIN, status_code=303)
async def confirm(request: Req, number: FromPath[int]) -> Response[Any]:
    """Starts the import of exactly what the preview showed."""
    found = await _upload(number)
    form = await request.form()
    seen = str(form.get("seen", ""))
    if found.state != "waiting":
        return redirect(request, f"{HOME}/{number}")
    if form.get("shrinks") and form.get("confirm_shrink") != "yes":
        return await _preview(request, found, PortalError(_("Please confirm that so many people have left.")))
    if not await uploads.begin(number):
        return redirect(request, f"{HOME}/{number}")
    task = asyncio.create_task(_import(found, seen, bool(form.get("confirm_shrink"))))
    _running.add(task)
    task.add_done_callback(_running.discard)
    return redirect(request, f"{HOME}/{number}")


async def _import(found: Upload, seen: str, confirm_shrink: bool) -> None:
    """The import itself, beside the requests."""
    try:
        outcome = await actions.apply(
            uploads.package(found),
            confirm_shrink=confirm_shrink,
            only=seen,
            progress=lambda step: _steps.__setitem__(found.id, step),
        )
        if outcome.refused or outcome.fingerprint != seen:
            await uploads.wait_again(found.id)
        else:
            await uploads.finish(found.id, outcome)
            log.info("roster imported", counts=outcome.counts)
    except Exception as failure:
        # Only the kind: a database's message may repeat a person's data.
        log.error("roster import broke off", kind=type(failure).__name__)
        await uploads.fail(found.id)
    finally:
        _steps.pop(found.id, None)


@post(HOME + "/{number:int}/discard", access=Access.ADMIN, status_code=303)
async def discard(request: Req, number: FromPath[int]) -> Response[Any]:
    """Forgets an upload."""
    await _upload(number)
    await uploads.discard(number)
    return redirect(request, HOME, _("The upload was thrown away. Nothing was changed."), "info")


@get(HOME + "/template/{sheet:str}", access=Access.ADMIN)
async def template(request: Req, sheet: FromPath[str]) -> Response[bytes]:
    """An empty sheet to fill in."""
    name = sheet.removesuffix(".csv")
    if name not in sheet_templates.SHEETS:
        raise NotVisible
    data = sheet_templates.template(name, who(request).language.code)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(data, media_type="text/csv; charset=utf-8", headers=headers)


ROUTES = [start, upload, show, confirm, discard, template]
