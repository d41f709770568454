"""Days for templates."""

from __future__ import annotations

from typing import Protocol

from portal import clock
from portal.web.who import Who


class OnDay(Protocol):
    """Tells the local day of an instant (microseconds UTC). `style` as for `Language.day`."""

    def __call__(self, at: int, style: str = "long") -> str: ...


def on(person: Who) -> OnDay:
    """A function that tells the local day of an instant in the reader's words."""
    zone, language = person.school.timezone, person.language

    def told(at: int, style: str = "long") -> str:
        return language.day(clock.day(at, zone), style)

    return told
