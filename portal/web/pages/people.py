"""People's records: looking somebody up, guardians and children, no-contact orders, holds, roles, classes."""

from __future__ import annotations

from datetime import date
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from portal import i18n
from portal.errors import BadInput, NotVisible, PortalError
from portal.i18n import _
from portal.identity import queries as identity
from portal.kinds import ROLES, Access, typed_id
from portal.people import actions, queries
from portal.people.queries import Person
from portal.visibility.index import is_withheld, withhold
from portal.web.shell import page, redirect
from portal.web.who import Who, who

Req = Request[Any, Any, Any]
KINDS = ("child", "adult")

# What is asked before it is done: question, what follows from it, and the button.
QUESTIONS = {
    "unlink": (
        _("End this link?"),
        _("From now on this adult neither decides for the child nor sees their photos. Decisions stay on record."),
        _("End the link"),
    ),
    "unblock": (
        _("Lift the no-contact order?"),
        _("From now on this adult is treated like anybody else again, also for older photos."),
        _("Lift it"),
    ),
    "release": (
        _("Lift the safeguarding hold?"),
        _("Photos with this child are shown again wherever the permissions allow it."),
        _("Lift it"),
    ),
    "deactivate": (
        _("Close this account?"),
        _("They are signed out everywhere at once and see only what everybody sees. You can open it again later."),
        _("Close the account"),
    ),
    "hide": (
        _("Take down every photo of this child?"),
        _("Nobody sees them any more but those who handle them, and no teacher can put them back before you allow it."),
        _("Take them down"),
    ),
    "admin": (  # the role; the other roles can simply be taken away again
        _("Make %(name)s an administrator?"),
        _("They can then change everything in this portal."),
        _("Make administrator"),
    ),
    "leave": (
        _("Take the child out of this class?"),
        _("From now on the class no longer sees the child's photos as classmates do."),
        _("Take out"),
    ),
}


@get("/office/people", access=Access.RECORDS)
async def people(request: Req, q: FromQuery[str] = "", kind: FromQuery[str] = "") -> Response[Any]:
    """Search by name; everybody, in order of names, where nothing was typed."""
    person = who(request)
    kind = kind if kind in KINDS else ""
    found, count = await queries.find(q[:100], kind, person.facts.now.today, person.standing.blocked_from)
    return page(request, "office/people.html", q=q[:100], kind=kind, found=found, count=count)


@get("/office/people/new", access=Access.OFFICE)
async def new(request: Req) -> Response[Any]:
    """A form for somebody whom no import brings."""
    return page(request, "office/new.html", typed={}, errors={})


@post("/office/people/new", access=Access.OFFICE, status_code=303)
async def add(request: Req) -> Response[Any]:
    """Writes a new person down."""
    typed = await _typed(request)
    try:
        if typed.get("kind") not in KINDS:
            raise BadInput("kind", _("Please choose: child or adult."))
        made = await actions.add_person(
            typed["kind"], typed.get("given_name", ""), typed.get("family_name", ""), email=_email(typed),
            language=_language(typed), born=typed_day(typed, "born"),
        )
    except BadInput as failure:
        return page(request, "office/new.html", status=422, typed=typed, errors={failure.field: failure})
    return redirect(request, f"/office/people/{made}", _("Added."))


@get("/office/people/{number:int}", access=Access.RECORDS)
async def record(request: Req, number: FromPath[int], q: FromQuery[str] = "") -> Response[Any]:
    """One person's record. `q` looks for somebody to link or block."""
    return await _record(request, await visible_person(who(request), number), q=q)


@post("/office/people/{number:int}", access=Access.OFFICE, status_code=303)
async def edit(request: Req, number: FromPath[int]) -> Response[Any]:
    """Corrects name, address, language or birthday."""
    known = await visible_person(who(request), number)
    typed = dict.fromkeys(("given_name", "family_name", "email", "language"), "") | await _typed(request)
    try:
        await actions.edit_person(
            number, typed.get("given_name", ""), typed.get("family_name", ""), email=_email(typed),
            phone=typed.get("phone", "")[:60] or None, language=_language(typed), born=typed_day(typed, "born"),
        )
    except BadInput as failure:
        return await _record(request, known, typed=typed, errors={failure.field: failure})
    return redirect(request, f"/office/people/{number}", _("Saved."))


@post("/office/people/{number:int}/{deed:str}", access=Access.RECORDS, status_code=303)
async def act(request: Req, number: FromPath[int], deed: FromPath[str]) -> Response[Any]:
    """One deed about a person; what cannot simply be undone is asked first."""
    person = who(request)
    known = await visible_person(person, number)
    typed = await _typed(request)
    if deed not in DEEDS or not _may(person, deed) or await _above(person, known, deed):
        raise NotVisible
    asked = QUESTIONS.get(typed.get("role", "") if deed == "role" else deed)
    if asked is not None and typed.get("confirmed") != "1":
        question, detail, yes = (person.language.text(text, name=known.name) for text in asked)
        fields = {key: value for key, value in typed.items() if key not in ("csrf_token", "confirmed")}
        return page(
            request, "confirm.html", question=question, detail=detail, yes=yes, fields=fields,
            action=f"/office/people/{number}/{deed}", back=f"/office/people/{number}",
        )
    try:
        await _do(deed, known, typed, person)
    except NotVisible:
        raise
    except PortalError as failure:
        return await _record(request, known, failure=failure)
    return redirect(request, f"/office/people/{number}", _("Done. It holds from now on."))


# Each deed, and the roles that may do it.
DEEDS = {
    "link": ("office", "admin"),
    "unlink": ("office", "admin"),
    "block": ("office", "admin", "safeguarding"),
    "unblock": ("admin", "safeguarding"),
    "hold": ("admin", "safeguarding"),
    "release": ("safeguarding",),
    "hide": ("admin",),
    "show": ("admin",),
    "role": ("admin",),
    "unrole": ("admin",),
    "deactivate": ("office", "admin"),
    "reactivate": ("office", "admin"),
    "join": ("office", "admin"),
    "leave": ("office", "admin"),
}


def _may(person: Who, deed: str) -> bool:
    return bool(person.roles & set(DEEDS[deed]))


async def _above(person: Who, known: Person, deed: str) -> bool:
    """Whether this would let the office decide about the account of somebody who may do more than the office."""
    ours = deed in ("deactivate", "reactivate") and "admin" not in person.roles
    return ours and not {"admin", "safeguarding"}.isdisjoint(await queries.roles(known.id))


async def _do(deed: str, known: Person, typed: dict[str, str], person: Who) -> None:
    today = person.facts.now.today
    other = typed_id(typed.get("other", "")) or 0
    child, adult = (known.id, other) if known.kind == "child" else (other, known.id)
    if deed in ("link", "unlink", "block", "unblock"):
        await visible_person(person, other)
    match deed:
        case "link":
            await actions.link(
                adult, child, decides="decides" in typed, sees="sees" in typed, relation=typed.get("relation", ""),
                today=today,
            )
        case "unlink":
            await actions.link(adult, child, decides=False, sees=False, relation="", today=today)
        case "block":
            await actions.block(adult, child)
        case "unblock":
            await actions.lift_block(adult, child)
        case "hold" | "release":
            await actions.hold(known.id, deed == "hold")
        case "hide" | "show":
            await withhold(known.id, deed == "hide")
        case "role":
            await actions.give_role(known.id, typed.get("role", ""))
        case "unrole":
            await actions.take_role(known.id, typed.get("role", ""))
        case "deactivate":
            await actions.deactivate(known.id)
        case "reactivate":
            await actions.reactivate(known.id)
        case "join" if known.kind == "child":
            await actions.join(known.id, other, today)
        case "join":
            await actions.serve(known.id, other, today)
        case "leave" if known.kind == "child":
            await actions.leave(known.id, other, today)
        case "leave":
            await actions.stop_serving(known.id, other)


async def _record(
    request: Req,
    known: Person,
    *,
    q: str = "",
    typed: dict[str, str] | None = None,
    errors: dict[str, BadInput] | None = None,
    failure: PortalError | None = None,
) -> Response[Any]:
    person = who(request)
    today = person.facts.now.today
    other_kind = "adult" if known.kind == "child" else "child"
    hidden = person.standing.blocked_from
    found = (await queries.find(q[:100], other_kind, today, hidden))[0][:12] if q.strip() else []
    ties = [tie for tie in await queries.ties(known.id, known.kind, today) if tie.other not in hidden]
    return page(
        request,
        "office/person.html",
        status=422 if errors or failure else 200,
        person=known,
        typed=typed,
        errors=errors or {},
        failure=failure,
        ties=ties,
        blocks=[block for block in await queries.blocks(known.id, known.kind) if block[0] not in hidden],
        groups=await queries.groups_of(known.id, known.kind, today),
        all_groups=await queries.groups(today),
        roles=await queries.roles(known.id),
        all_roles=ROLES,
        may={deed for deed in DEEDS if _may(person, deed) and not await _above(person, known, deed)},
        may_edit=bool(person.roles & {"office", "admin"}),
        q=q[:100],
        found=found,
        withheld=known.kind == "child" and await is_withheld(known.id),
        account=await identity.account(known.id) is not None,
    )


async def visible_person(person: Who, number: int) -> Person:
    """The person with this number, unless whoever asks may not see that child. Raises NotVisible."""
    if number in person.standing.blocked_from or not 0 < number < 2**63:
        raise NotVisible
    known = await queries.person(number)
    if known is None:
        raise NotVisible
    return known


async def _typed(request: Req) -> dict[str, str]:
    return {key: str(value).strip() for key, value in (await request.form()).multi_items()}


def _email(typed: dict[str, str]) -> str | None:
    email = typed.get("email", "").lower()
    if email and ("@" not in email[1:-1] or any(sign.isspace() for sign in email) or len(email) > 254):
        raise BadInput("email", _("This is no e-mail address. One looks like name@school.example."))
    return email or None


def _language(typed: dict[str, str]) -> str:
    code = typed.get("language", "")
    if code not in i18n.LANGUAGES:
        raise BadInput("language", _("Please choose a language."))
    return code


def typed_day(typed: dict[str, str], field: str) -> str | None:
    """A day from a form as ISO text, or None where nothing was typed. Raises BadInput."""
    text = typed.get(field, "")
    if not text:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise BadInput(field, _("Please enter the day like 2017-05-31.")) from None


ROUTES = [people, new, add, record, edit, act]
