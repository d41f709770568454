"""Paper forms: the office types in what guardians have signed. Also what rose without a new decision."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, FromQuery

from portal import i18n
from portal.consent import actions, forms, notices, queries, words
from portal.consent.actions import ScanFile
from portal.consent.notices import Reference
from portal.consent.queries import Child
from portal.errors import BadInput, NotVisible
from portal.i18n import _
from portal.kinds import Access, typed_id
from portal.photos.files import Missing
from portal.visibility.facts import child_facts
from portal.visibility.rule import voice_mode
from portal.web import scans
from portal.web.days import on
from portal.web.holding import holding
from portal.web.pages.decide import paper_form
from portal.web.risen import risen
from portal.web.shell import page, redirect
from portal.web.waiting import PURPOSES
from portal.web.who import Who, who

Req = Request[Any, Any, Any]
LARGEST = 2**63 - 1  # of ids
BODY = scans.MOST_BYTES + 256 * 1024


@get("/office/paper", access=Access.OFFICE)
async def desk(request: Req, q: FromQuery[str] = "") -> Response[Any]:
    """Find the child; below, what was entered last and what the office should look at."""
    person = who(request)
    hidden = person.standing.blocked_from
    found = await queries.find_children(q, person.facts.now.today, hidden) if q.strip() else []
    return page(
        request,
        "paper/desk.html",
        q=q,
        found=found,
        latest=queries.sheets(await queries.papers(hidden)),
        on=on(person),
        risen=await risen(person.facts, hidden),
        words=words,
    )


@get("/office/paper/{child:int}", access=Access.OFFICE)
async def entry(request: Req, child: FromPath[int]) -> Response[Any]:
    """The form about one child, with its whole ledger below."""
    return await _entry(request, await _child(who(request), child))


@post("/office/paper/{child:int}", access=Access.OFFICE, status_code=303, request_max_body_size=BODY)
async def enter(request: Req, child: FromPath[int]) -> Response[Any]:
    """Writes a signed form into the ledger."""
    person = who(request)
    known = await _child(person, child)
    data = await request.form()
    typed = {key: value for key, value in data.items() if isinstance(value, str)}
    kept: ScanFile | None = None
    try:
        answers = {
            purpose: rung for purpose in PURPOSES if (rung := forms.rung(typed.get(purpose, ""), purpose)) is not None
        }
        day = forms.day(typed.get("day", ""), "day")
        until = forms.day(typed.get("until", ""), "until")
        shown = Reference.read(typed.get("shown", ""))
        signer = typed_id(typed.get("signer", ""))
        if signer is None:
            raise BadInput("signer", _("Please choose who has signed."))
        if not answers:
            raise BadInput(PURPOSES[0], _("Please enter at least one answer."))
        if day is None:
            raise BadInput("day", _("Please enter the day of the signature."))
        if shown is None:
            raise BadInput("shown", _("Please choose the notice that the form names."))
        kept = await _scan(data.get("scan"))
        await actions.enter_paper(
            person.viewer, child, signer, answers, day, until, shown=shown, scan=kept
        )
    except BadInput as failure:
        if kept is not None:
            await scans.drop(kept)
        return await _entry(request, known, typed, failure)
    return redirect(request, "/office/paper", _("Entered: the form about %(name)s."), name=known.name)


async def _scan(upload: Any) -> ScanFile | None:
    """The file of the form, sealed; None where none was chosen. Raises BadInput."""
    if not isinstance(upload, UploadFile):
        return None
    data = await upload.read()
    return await scans.keep(data) if data else None


async def _child(person: Who, number: int) -> Child:
    """Raises NotVisible for a child that does not exist, or whom this member of staff may never see."""
    if number > LARGEST or number in person.standing.blocked_from:
        raise NotVisible
    child = await queries.child(number, person.facts.now.today)
    if child is None:
        raise NotVisible
    return child


async def _entry(
    request: Req, child: Child, typed: dict[str, str] | None = None, failure: BadInput | None = None
) -> Response[Any]:
    person = who(request)
    now, policy = person.facts.now, person.facts.policy
    facts = (await child_facts([child.id]))[child.id]
    deciders = await queries.deciders(child.id, now.today)
    ours = person.school.languages
    versions = [
        (str(Reference(version.version, code)), version, code)
        for version in await notices.versions(notices.PHOTO)
        for code in sorted(version.languages, key=lambda code: ours.index(code) if code in ours else len(ours))
    ]
    return page(
        request,
        "paper/entry.html",
        status=422 if failure else 200,
        child=child,
        deciders=deciders,
        speaks=voice_mode(facts, policy, now) != "off",
        versions=versions,
        on=on(person),
        holds=[(purpose, holding(facts, purpose, policy, now)) for purpose in PURPOSES],
        end_of_year=await queries.end_of_year(child.id, now.today),
        purposes=PURPOSES,
        ledger=queries.sheets(await queries.history(child.id)),
        typed=typed or {},
        today=now.today,
        words=words,
        errors={failure.field: person.language.text(failure.message, **failure.values)} if failure else {},
    )


@get("/office/paper/{child:int}/form", access=Access.OFFICE)
async def blank(request: Req, child: FromPath[int], language: FromQuery[str] = "") -> Response[Any]:
    """An empty form to print for a guardian, in the guardian's language."""
    person = who(request)
    known = await _child(person, child)
    if language in person.school.languages:
        person = replace(person, language=i18n.language(language))
        request.scope["state"]["who"] = person
    return await paper_form(request, known, "", person.language.code)


@get("/office/scans/{decision:int}", access=Access.OFFICE)
async def scan(request: Req, decision: FromPath[int]) -> Response[bytes]:
    """The scan behind a decision, to be saved."""
    found = await queries.scan(decision) if decision <= LARGEST else None
    if found is None or found[0] in who(request).standing.blocked_from:
        raise NotVisible
    _child_id, file, media_type = found
    try:
        data = scans.read(file)
    except Missing:
        raise NotVisible from None
    name = f"form-{decision}.{'pdf' if media_type == scans.PDF else 'jpg'}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(data, media_type=media_type, headers=headers)


ROUTES = [desk, entry, enter, blank, scan]
