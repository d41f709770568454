"""HTTP of what goes out."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromQuery

from portal.sdk import Access, NotVisible, Refused, _, file_response, groups, my_groups, page, redirect, settings, who
from portal_grades import exporting
from portal_grades.oneroster_names import V11, V12

Req = Request[Any, Any, Any]


@get("/grades/export", access=Access.STAFF)
async def choose(request: Req, group: FromQuery[int] = 0) -> Response[Any]:
    """Asks of which class, and for which version of OneRoster."""
    person = who(request)
    roles = person.standing.roles
    everything = "admin" in roles or ("office" in roles and (await settings("grades"))["office_export"])
    offered = await my_groups(person.viewer)
    if everything:
        offered = sorted((await groups(person.facts)).values(), key=lambda one: (one.name, one.id))
    if not offered and not everything:
        raise NotVisible
    text = person.language.text
    whole = [(0, text(_("The whole school")))] if everything else []
    return page(
        request,
        "grades/export.html",
        options=[*whole, *((one.id, one.name) for one in offered)],
        chosen=group,
        versions=[(V12, text(_("OneRoster 1.2"))), (V11, text(_("OneRoster 1.1")))],
    )


@get("/grades/export.zip", access=Access.STAFF)
async def send(request: Req, group: FromQuery[int] = 0, version: FromQuery[str] = V12) -> Response[Any]:
    """The gradebook itself."""
    try:
        data = await exporting.export(who(request).viewer, group, version)
    except Refused as refused:
        return redirect(
            request, "/grades/export", who(request).language.text(refused.message, **refused.values), "warn"
        )
    return file_response("gradebook.zip", data, "application/zip")


ROUTES: list[Any] = [choose, send]
