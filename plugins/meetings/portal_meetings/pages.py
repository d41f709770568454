"""What all pages of meetings have at hand."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from litestar import Request, Response

from portal.sdk import Language, clock, page, who

Req = Request[Any, Any, Any]


@lru_cache(maxsize=8192)
def _clock(language: Language, at: int, zone: str) -> str:
    """The time of day; a page of free times says the same ones to every family."""
    return language.time(at, zone)


def show(request: Req, template: str, status: int = 200, **context: Any) -> Response[Any]:
    """A page, with `clock_of` (the time of day of an instant) and `day_of` (its day) for its template."""
    person = who(request)
    language, zone = person.language, person.school.timezone
    return page(
        request,
        template,
        status,
        clock_of=lambda at: _clock(language, at, zone),
        day_of=lambda at: language.day(clock.day(at, zone)),
        **context,
    )
