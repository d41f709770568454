"""Days for templates."""

from __future__ import annotations

from collections.abc import Callable

from portal import clock
from portal.web.who import Who


def on(person: Who) -> Callable[[int], str]:
    """A function that tells the local day of an instant (microseconds UTC) in the reader's words."""
    zone, language = person.school.timezone, person.language
    return lambda at: language.day(clock.day(at, zone))
