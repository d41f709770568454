"""What waits for an answer, one thing after the other. Everything can be left for later."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromQuery

from portal.consent import notices
from portal.kinds import Access
from portal.web.shell import page
from portal.web.waiting import what_waits
from portal.web.who import who

Req = Request[Any, Any, Any]


@get("/waiting", access=Access.SIGNED_IN)
async def waiting(request: Req, skip: FromQuery[int] = 0) -> Response[Any]:
    """The thing that comes after the first `skip` ones."""
    person = who(request)
    found = await what_waits(person)
    skip = max(0, min(skip, len(found)))
    waits = found[skip] if skip < len(found) else None
    notice = None
    if waits is not None and waits.what == "privacy":
        notice = await notices.current(notices.PRIVACY, person.language.code, person.school.language)
    return page(
        request,
        "waiting/waiting.html",
        waits=waits,
        number=skip + 1,
        count=len(found),
        notice=notice,
        first=notice is not None and not await notices.seen(person.person or 0, notices.PRIVACY),
    )


ROUTES = [waiting]
