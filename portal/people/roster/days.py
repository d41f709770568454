"""Days as people and programs write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T00:00(?::00(?:\.0+)?)?(?:Z|[+-]00:00)?)?\Z", re.ASCII)
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\Z")
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})\Z")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})\Z")
FIRST, LAST = 1900, 2199


class Ambiguous(ValueError):
    """Day and month could be either way round."""


def iso(text: str) -> str:
    """A day as ISO 8601 writes it (OneRoster), also with midnight behind it. Raises ValueError."""
    found = _ISO.match(text)
    if not found:
        raise ValueError
    return _day(*(int(part) for part in found.groups()))


def written(text: str) -> str:
    """A day as a spreadsheet writes it: 2015-03-02, 2.3.2015, 2015/3/2, 25/3/2015. Raises Ambiguous, ValueError."""
    text = "".join(str(unicodedata.digit(char)) if char.isdigit() else char for char in text)
    if _ISO.match(text):
        return iso(text)
    if found := _YEAR_FIRST.match(text):
        return _day(*(int(part) for part in found.groups()))
    if found := _DOTTED.match(text):  # with dots the day comes first everywhere
        day, month, year = (int(part) for part in found.groups())
        return _day(year, month, day)
    if found := _SLASHED.match(text):
        one, two, year = (int(part) for part in found.groups())
        if one <= 12 and two <= 12 and one != two:
            raise Ambiguous
        return _day(year, two, one) if one > 12 or one == two else _day(year, one, two)
    raise ValueError


def _day(year: int, month: int, day: int) -> str:
    if not FIRST <= year <= LAST:
        raise ValueError
    return date(year, month, day).isoformat()
