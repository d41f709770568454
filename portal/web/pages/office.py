"""The office's start page and the school's own settings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import available_timezones

from litestar import Request, Response, get, post

from portal import i18n
from portal.delivery import queries as outbox
from portal.errors import BadInput
from portal.i18n import _
from portal.kinds import Access
from portal.people import queries
from portal.people import school as schools
from portal.people.school import School
from portal.web.shell import page, redirect
from portal.web.who import who

Req = Request[Any, Any, Any]
QUORUMS, MODES = ("answered", "all"), ("both", "self", "off")
OLDEST = {"voice_from_age": 18, "account_from_age": 18, "grace_days": 400}


@get("/office", access=Access.RECORDS)
async def office(request: Req) -> Response[Any]:
    """Everything the office does, one click away."""
    person = who(request)
    to_print = 0
    if person.roles & {"office", "admin"}:
        to_print = await outbox.count_on_paper(person.standing.blocked_from)
    return page(request, "office/start.html", counts=await queries.counts(), to_print=to_print)


@get("/office/school", access=Access.ADMIN)
async def settings(request: Req) -> Response[Any]:
    """The school's settings."""
    return _page(request, who(request).school, {})


@post("/office/school", access=Access.ADMIN, status_code=303)
async def save(request: Req) -> Response[Any]:
    """Stores the settings, all or none."""
    form = await request.form()
    typed = dict.fromkeys(School.__dataclass_fields__, "") | {"first_language": ""}
    typed |= {key: str(value).strip() for key, value in form.multi_items() if key != "languages"}
    languages = tuple(str(code) for code in form.getall("languages", []))
    try:
        school = _read(who(request).school, typed, languages)
    except BadInput as failure:
        return _page(request, typed | {"languages": languages}, {failure.field: failure})
    await schools.save(school)
    return redirect(request, "/office/school", _("Saved. It holds from now on."))


def _read(school: School, typed: dict[str, str], languages: tuple[str, ...]) -> School:
    """The settings as typed. Raises BadInput."""
    if not typed.get("name"):
        raise BadInput("name", _("Please enter the school's name."))
    if typed.get("timezone") not in available_timezones():
        raise BadInput("timezone", _("This is no time zone. One looks like Europe/Berlin."))
    chosen = tuple(code for code in i18n.LANGUAGES if code in languages)
    first = typed.get("first_language", "")
    if first not in chosen:
        raise BadInput("first_language", _("Please choose one of the languages that you offer."))
    numbers = {}
    for name, most in OLDEST.items():
        text = typed.get(name, "")
        if not text.isdecimal() or len(text) > 6 or int(text) > most:
            raise BadInput(name, _("Please enter a whole number from 0 to %(most)s."), most=most)
        numbers[name] = int(text)
    if typed.get("quorum") not in QUORUMS or typed.get("voice_mode") not in MODES:
        raise BadInput("quorum", _("Please choose one of the answers."))
    return replace(
        school,
        name=typed["name"][:200],
        timezone=typed["timezone"],
        languages=(first, *(code for code in chosen if code != first)),
        quorum=typed["quorum"],
        voice_mode=typed["voice_mode"],
        address=typed.get("address", "")[:500],
        contact=typed.get("contact", "")[:200],
        grace_days=numbers["grace_days"],
        voice_from_age=numbers["voice_from_age"],
        account_from_age=numbers["account_from_age"],
    )


def _page(request: Req, values: School | dict[str, Any], errors: dict[str, BadInput]) -> Response[Any]:
    if isinstance(values, School):
        values = {name: getattr(values, name) for name in School.__dataclass_fields__} | {
            "first_language": values.language
        }
    zones = sorted(available_timezones())
    return page(
        request, "office/school.html", status=422 if errors else 200, values=values, errors=errors, zones=zones
    )


ROUTES = [office, settings, save]
