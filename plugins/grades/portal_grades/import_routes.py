"""HTTP of what comes in and goes out, with its jobs and its choices of the school's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, FromQuery

from portal.sdk import (
    Access,
    BadInput,
    NotVisible,
    Refused,
    Setting,
    Who,
    _,
    clock,
    confirm,
    groups,
    my_groups,
    page,
    redirect,
    settings,
    typed_id,
    who,
)
from portal_grades import export_routes, import_jobs, importing, importing_problems, mapping_routes, service
from portal_grades.importing import SMALL, Upload
from portal_grades.importing_files import MOST_SENT, Sent
from portal_grades.importing_plan import PORTION

Req = Request[Any, Any, Any]
HOME = "/grades/import"
MOST_TOLD = 100  # problems of one kind on a page
AGAIN = 2 * clock.MINUTE  # after which a job takes up a small import that was cut off

STATE_WORDS = {
    "waiting": _("is being looked at"),
    "mapping": _("waits for its columns"),
    "ready": _("waits for your yes"),
    "queued": _("is being imported"),
    "writing": _("is being imported"),
    "done": _("imported"),
    "refused": _("cannot be imported"),
    "failed": _("broke off"),
}


def _is_office(person: Who) -> bool:
    return bool(person.standing.roles & {"office", "admin"})


@get(HOME, access=Access.STAFF)
async def home(request: Req, group: FromQuery[int] = 0) -> Response[Any]:
    """Where gradebooks and sheets are sent."""
    return await _home(request, group)


async def _home(request: Req, group: int = 0, kind: str = "", failure: BadInput | None = None) -> Response[Any]:
    person = who(request)
    own = await my_groups(person.viewer)
    if not own and not _is_office(person):
        raise NotVisible
    chosen = next((one.id for one in own if one.id == group), own[0].id if own else 0)
    asked_at, trouble, values = await service.last()
    return page(
        request,
        "grades/import_home.html",
        status=422 if failure else 200,
        classes=[(one.id, one.name) for one in own],
        chosen=chosen,
        office=_is_office(person),
        kind=kind,
        errors={failure.field: person.language.text(failure.message, **failure.values)} if failure else {},
        sheets=await importing.recent(person.viewer, chosen) if chosen else [],
        gradebooks=await importing.recent(person.viewer) if _is_office(person) else [],
        states=STATE_WORDS,
        service=_is_office(person) and await service.chosen() is not None,
        asked_at=asked_at,
        trouble=person.language.text(trouble, **values) if trouble else "",
    )


@post(HOME, access=Access.STAFF, status_code=303, request_max_body_size=MOST_SENT + 1024 * 1024)
async def send(request: Req) -> Response[Any]:
    """Takes what was sent and goes on: to its columns, to the preview, or to the page that waits for it."""
    person = who(request)
    form = await request.form()
    sheet = form.get("kind") == "sheet"
    group = (typed_id(str(form.get("group", ""))) if sheet else None) or 0
    kind = "sheet" if sheet else "oneroster"
    try:
        sent = [
            await _file(item) for item in form.getall("files", []) if isinstance(item, UploadFile) and item.filename
        ]
        upload = await importing.keep(person.viewer, sent, kind, group)
    except BadInput as failure:
        return await _home(request, group, kind, failure)
    found = await importing.find(person.viewer, upload)
    if sheet:
        await importing.move(upload, "mapping")
    elif _is_small(sent):
        await import_jobs.look_or_fail(found)
    else:
        await importing.move(upload, "waiting", job="check")
    return redirect(request, f"{HOME}/{upload}")


def _is_small(sent: Sequence[Sent]) -> bool:
    """Whether files are looked at while somebody waits. What is in a zip is larger."""
    return sum(len(file.data) * (8 if file.data[:2] == b"PK" else 1) for file in sent) <= SMALL


async def _file(item: UploadFile) -> Sent:
    try:
        return Sent(item.filename[-200:], await item.read())
    finally:
        await item.close()


@post(HOME + "/service", access=Access.STAFF, status_code=303)
async def fetch(request: Req) -> Response[Any]:
    """Asks the gradebook service now; what it answers is looked at first."""
    form = await request.form()
    try:
        upload = await service.fetch_now(who(request).viewer, form.get("all") == "yes")
    except Refused as refused:
        return redirect(request, HOME, who(request).language.text(refused.message, **refused.values), "warn")
    return redirect(request, f"{HOME}/{upload}")


@get(HOME + "/{upload:int}", access=Access.STAFF)
async def show(request: Req, upload: FromPath[int]) -> Response[Any]:
    """The columns, the preview, the progress or the result, whichever it is time for."""
    found = await importing.find(who(request).viewer, upload)
    if found.state in ("waiting", "queued", "writing"):
        return page(request, "grades/import_running.html", upload=found, writing=found.state != "waiting")
    if found.state == "mapping":
        return await mapping_routes.columns_page(request, found)
    return await _summary(request, found)


async def _summary(request: Req, upload: Upload) -> Response[Any]:
    person = who(request)
    found = upload.summary
    told: dict[str, list[dict[str, Any]]] = {}
    for kind in ("fatal", "skipped", "notes"):
        listed = importing_problems.from_json(found.get("problems", {}).get(kind, []))
        told[kind] = [
            {"file": p.file, "line": p.line, "column": p.column, "text": p.told(person.language)} for p in listed
        ]
    known = await groups(person.facts)
    sample = [
        (title, known[group].name if group in known else "", due) for title, group, due in found.get("sample", [])
    ]
    chosen = await settings("grades")
    return page(
        request,
        "grades/import_preview.html" if upload.state == "ready" else "grades/import_result.html",
        upload=upload,
        tally=found.get("tally", {}),
        summary=found,
        problems=told,
        left_out=found.get("problems", {}).get("left_out", 0),
        most=MOST_TOLD,
        sample=sample,
        rows=await mapping_routes.sample(person, upload) if upload.kind == "sheet" and upload.state == "ready" else [],
        group=known.get(upload.group),
        release=upload.kind != "sheet" and chosen["release_imported"],
        nothing=_nothing(found.get("tally", {})),
    )


def _nothing(tally: dict[str, int]) -> bool:
    """Whether everything in the file is here already."""
    return not any(tally.get(name) for name in ("items_new", "items_changed", "items_gone", "new", "changed", "gone"))


@post(HOME + "/{upload:int}/confirm", access=Access.STAFF, status_code=303)
async def accept(request: Req, upload: FromPath[int]) -> Response[Any]:
    """Imports what the preview showed."""
    found = await importing.find(who(request).viewer, upload)
    form = await request.form()
    wanted = {"release": form.get("release") == "now"} | {name: form.get(name) == "yes" for name in ("word", "missed")}
    tally = found.summary.get("tally", {})
    small = tally.get("new", 0) + tally.get("changed", 0) + tally.get("missed", 0) <= PORTION
    small = small and tally.get("same", 0) <= 4 * PORTION
    moved = await importing.move(
        upload, "queued", before=("ready",), wanted={**found.wanted, **wanted}, job="write", later=AGAIN if small else 0
    )
    if moved and small:
        await import_jobs.write({"upload": upload})
    return redirect(request, f"{HOME}/{upload}")


@post(HOME + "/{upload:int}/discard", access=Access.STAFF, status_code=303)
async def discard(request: Req, upload: FromPath[int]) -> Response[Any]:
    """Throws away what was sent."""
    person = who(request)
    found = await importing.find(person.viewer, upload)
    if not (await request.form()).get("confirmed"):
        question, detail = _("Throw this file away?"), _("Nothing of it was imported. You can send it again.")
        return confirm(request, question, detail, f"{HOME}/{upload}/discard", _("Throw away"), f"{HOME}/{upload}")
    await importing.discard(person.viewer, upload)
    return redirect(request, f"{HOME}?group={found.group}", _("It was thrown away. Nothing was changed."), "info")


ROUTES: list[Any] = [home, send, fetch, show, accept, discard, *mapping_routes.ROUTES, *export_routes.ROUTES]
JOBS = import_jobs.JOBS
SETTINGS = [
    Setting(
        "release_imported", _("Families see imported results at once"), "bool", True,
        hint=_("Otherwise the class's staff release each assignment."),
    ),
    Setting("service", _("Gradebook service (OneRoster): address"), "address", "",
            hint=_("For example: https://gradebook.example/ims/oneroster/gradebook/v1p2")),
    Setting("service_token", _("Gradebook service: address for tokens"), "address", "",
            hint=_("Where the service gives out tokens (OAuth 2).")),
    Setting("service_client", _("Gradebook service: name of the client"), "text", "", most=300),
    Setting("service_secret", _("Gradebook service: secret of the client"), "secret", ""),
    Setting(
        "service_version", _("Gradebook service: version of OneRoster"), "choice", "1.2",
        options=(("1.2", _("OneRoster 1.2")), ("1.1", _("OneRoster 1.1"))),
    ),
    Setting(
        "service_nightly", _("Fetch what has changed from the gradebook service once a day"), "bool", True,
        hint=_("It begins after somebody has looked at the first results and imported them."),
    ),
    Setting(
        "office_export", _("The office may export results"), "bool", False,
        hint=_("Administrators may, and the staff of a class those of their own class."),
    ),
]  # fmt: skip
