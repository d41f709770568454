"""Classes: which there are, and a new one by hand."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post

from portal.errors import BadInput
from portal.i18n import _
from portal.kinds import Access
from portal.people import actions, queries
from portal.web.pages.people import typed_day
from portal.web.shell import page, redirect
from portal.web.who import who

Req = Request[Any, Any, Any]


@get("/office/groups", access=Access.RECORDS)
async def groups(request: Req) -> Response[Any]:
    """The classes that have not ended."""
    return await _page(request, {}, {})


@post("/office/groups", access=Access.OFFICE, status_code=303)
async def add(request: Req) -> Response[Any]:
    """A new class, with the last day of its school year."""
    typed = {key: str(value).strip() for key, value in (await request.form()).multi_items()}
    try:
        await actions.add_group(typed.get("name", ""), typed_day(typed, "until"))
    except BadInput as failure:
        return await _page(request, typed, {failure.field: failure})
    return redirect(request, "/office/groups", _("Added."))


async def _page(request: Req, typed: dict[str, str], errors: dict[str, BadInput]) -> Response[Any]:
    found = await queries.groups(who(request).facts.now.today)
    return page(
        request, "office/groups.html", status=422 if errors else 200, groups=found, typed=typed, errors=errors
    )


ROUTES = [groups, add]
