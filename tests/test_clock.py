"""Local times as instants, at the edges of summer time."""

from __future__ import annotations

import pytest

from portal import clock
from portal.errors import BadInput


@pytest.mark.parametrize(
    ("day", "time", "zone", "utc"),
    [
        ("2026-03-29", "01:59", "Europe/Berlin", "2026-03-29T00:59:00+00:00"),
        ("2026-03-29", "03:00", "Europe/Berlin", "2026-03-29T01:00:00+00:00"),
        ("2026-10-25", "02:30", "Europe/Berlin", "2026-10-25T00:30:00+00:00"),  # comes twice: the first
        ("2026-07-01", "18:00", "America/New_York", "2026-07-01T22:00:00+00:00"),
        ("2026-01-01", "00:00", "Pacific/Apia", "2025-12-31T11:00:00+00:00"),
    ],
)
def test_a_local_time_is_an_instant(day: str, time: str, zone: str, utc: str) -> None:
    at = clock.local_instant(day, time, zone, "time")
    assert clock.moment(at).isoformat() == utc
    assert clock.day(at, zone) == day


@pytest.mark.parametrize(
    ("day", "time", "zone", "said"),
    [
        ("2026-03-29", "02:30", "Europe/Berlin", "clocks go forward"),
        ("2026-03-08", "02:00", "America/New_York", "clocks go forward"),
        ("2026-02-30", "10:00", "UTC", "enter a day and a time"),
        ("2026-02-01", "24:30", "UTC", "enter a day and a time"),
        ("", "", "UTC", "enter a day and a time"),
        ("2026-02-01T05:00", "10:00", "UTC", "enter a day and a time"),
        ("2026-02-01", "10:00+01:00", "UTC", "enter a day and a time"),
    ],
)
def test_what_is_no_time_is_said_at_its_field(day: str, time: str, zone: str, said: str) -> None:
    with pytest.raises(BadInput) as failure:
        clock.local_instant(day, time, zone, "starts")
    assert failure.value.field == "starts"
    assert said in str(failure.value)
