"""Days as other programs write them, as ISO texts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

FIRST, LAST = 1990, 2100  # years; 0001, 1899 and 9999 are what programs write for "never"
LOOKED_AT = 4 * 1024 * 1024  # bytes

_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ].*)?|(\d{4})(\d{2})(\d{2})")
_LOCAL = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|(?<!-)\d{2})(?:[T ].*)?")
_IN_FILE = re.compile(rb'(?<![^,;\t|"\r\n])(\d{1,2})[/-](\d{1,2})[/-]\d{2,4}(?![^ T,;\t|"\r\n])')
_INSTANT = re.compile(r"(?P<at>[^T ]+[T ][\d:]+)(?:\.\d+)?(?P<zone>Z|[+-]\d\d:?\d\d)", re.IGNORECASE)


def day(text: str, zone: str = "UTC", month_first: bool | None = None) -> str | None:
    """A day as an ISO text, '' for none, None for what is no day or could be two.

    `zone` is the school's, for a day that was written as an instant. `month_first` says how 2/3/2026 is meant.
    """
    if not text or text.casefold() == "null":
        return ""
    if found := _ISO.fullmatch(text):
        year, month, day_ = (int(part) for part in found.groups() if part)
    elif found := _LOCAL.fullmatch(text):
        first, sign, second, year = int(found[1]), found[2], int(found[3]), int(found[4])
        year += 2000 if year < 100 else 0
        if sign != "." and first <= 12 and second <= 12 and first != second and month_first is None:
            return None
        month, day_ = (first, second) if sign != "." and (month_first or second > 12) else (second, first)
    else:
        return None
    try:
        there = date(year, month, day_)
    except ValueError:
        return None
    if not FIRST <= year <= LAST:
        return None
    return _local(text, there, zone).isoformat()


def _local(text: str, there: date, zone: str) -> date:
    """The school's day of an instant. Midnight is how programs write a day alone, so it stays the day that it is."""
    found = _INSTANT.fullmatch(text)
    if found is None:
        return there
    try:
        at = datetime.fromisoformat(found["at"] + found["zone"].upper())
    except ValueError:
        return there
    if at.timetz().replace(tzinfo=None) == datetime.min.time() and at.utcoffset() == UTC.utcoffset(None):
        return there
    return at.astimezone(ZoneInfo(zone)).date()


def month_first(files: Iterable[bytes]) -> bool | None:
    """Whether files write the month before the day, as far as the beginnings of them tell: 11/22/2026. None where they
    do not, or contradict each other."""
    found = {int(one[2]) > 12 for data in files for one in _IN_FILE.finditer(data, 0, LOOKED_AT)
             if (int(one[1]) > 12) != (int(one[2]) > 12)}
    return found.pop() if len(found) == 1 else None
