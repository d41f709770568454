"""The one clock. Instants are whole microseconds since 1970-01-01T00:00:00Z; days are ISO texts in a time zone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall_time
from functools import lru_cache
from zoneinfo import ZoneInfo

from portal.errors import BadInput, _

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_US = timedelta(microseconds=1)
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

# The days on which a time zone can carry an instant over the calendar's edge, the day before 1 January 1 and
# 1 January 10000, written so that as texts they sort before and after every day.
BEFORE_ALL = "0000-12-31"
AFTER_ALL = "9999-12-32"

_frozen: int | None = None


def now() -> int:
    """The present instant in microseconds, UTC."""
    return _frozen if _frozen is not None else time.time_ns() // 1000


@contextmanager
def frozen(instant: int) -> Iterator[None]:
    """Holds the clock at `instant` (microseconds UTC): for replays and tests."""
    global _frozen
    before, _frozen = _frozen, instant
    try:
        yield
    finally:
        _frozen = before


def instant(moment: datetime) -> int:
    """An aware datetime as microseconds UTC."""
    return (moment - _EPOCH) // _US


def moment(at: int, zone: str = "UTC") -> datetime:
    """An instant as an aware datetime in `zone`; clamped to the years 1 to 9999."""
    try:
        return (_EPOCH + timedelta(microseconds=at)).astimezone(_zone(zone))
    except OverflowError:
        edge = datetime.max if at > 0 else datetime.min
        return edge.replace(tzinfo=UTC)


def day(at: int, zone: str) -> str:
    """The local day of an instant, as `YYYY-MM-DD`; `BEFORE_ALL` or `AFTER_ALL` outside the years 1 to 9999."""
    try:
        return (_EPOCH + timedelta(microseconds=at)).astimezone(_zone(zone)).date().isoformat()
    except OverflowError:
        return AFTER_ALL if at > 0 else BEFORE_ALL


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@dataclass(frozen=True, slots=True)
class Now:
    """One request's time: the instant, the school's day, and the instant at which that day ends."""

    at: int
    today: str
    day_ends: int


_today: Now | None = None
_today_zone = ""


def present(zone: str) -> Now:
    """The present in the school's time zone. Cheap: the day is worked out once per day."""
    global _today, _today_zone
    at = now()
    known = _today
    if known is not None and zone == _today_zone and known.at <= at < known.day_ends:
        return Now(at, known.today, known.day_ends)
    today = day(at, zone)
    try:
        tomorrow = moment(at, zone).date() + timedelta(days=1)
        ends = instant(datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=_zone(zone)).astimezone(UTC))
    except OverflowError:
        ends = at + 1
    if today in (BEFORE_ALL, AFTER_ALL):
        ends = at + 1
    _today, _today_zone = Now(at, today, ends), zone
    return _today


def days_between(earlier: str, later: str) -> int:
    """Whole days from one day to another; negative if `later` is before `earlier`."""
    return _number(later) - _number(earlier)


def _number(day_: str) -> int:
    edges = {BEFORE_ALL: 0, AFTER_ALL: date.max.toordinal() + 1}
    return edges[day_] if day_ in edges else date.fromisoformat(day_).toordinal()


def local_instant(day_: str, time_: str, zone: str, field: str) -> int:
    """A local day and time (`2026-03-29`, `14:30`) as an instant. Of an hour that comes twice, the first (RFC 5545,
    3.3.5). Raises BadInput at `field` for what is no time, as in the hour that summer time leaves out."""
    try:
        hour = wall_time.fromisoformat(time_)
        if hour.tzinfo is not None:
            raise ValueError
        naive = datetime.combine(date.fromisoformat(day_), hour.replace(second=0, microsecond=0))
        found = instant(naive.replace(tzinfo=_zone(zone)).astimezone(UTC))
    except (ValueError, OverflowError):
        raise BadInput(field, _("Please enter a day and a time, such as 14:30.")) from None
    if moment(found, zone).replace(tzinfo=None) != naive:
        raise BadInput(field, _("The clocks go forward then, so there is no such time that day. Choose another."))
    return found


def add_days(day_: str, days: int) -> str:
    """The day `days` after (or before) `day_`."""
    return (date.fromisoformat(day_) + timedelta(days=days)).isoformat()


def birthday(born: str | None, age: int) -> str | None:
    """The day on which somebody turns `age`; None without a birth date. 29 February: 1 March in common years."""
    if born is None:
        return None
    day_ = date.fromisoformat(born)
    year = day_.year + age
    if year > date.max.year:
        return AFTER_ALL if (year, day_.month, day_.day) == (date.max.year + 1, 1, 1) else None
    try:
        return day_.replace(year=year).isoformat()
    except ValueError:
        return date(year, 3, 1).isoformat()
