"""What all pages of meetings have at hand."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response

from portal.sdk import clock, page, who

Req = Request[Any, Any, Any]


def show(request: Req, template: str, status: int = 200, **context: Any) -> Response[Any]:
    """A page, with `clock_of` (the time of day of an instant) and `day_of` (its day) for its template."""
    person = who(request)
    language, zone = person.language, person.school.timezone
    return page(
        request,
        template,
        status,
        clock_of=lambda at: language.time(at, zone),
        day_of=lambda at: language.day(clock.day(at, zone)),
        **context,
    )
