"""Times out of windows, and a family's appointments one after another."""

from __future__ import annotations

import pytest
from portal_meetings.planning import Window, Wish, beside, cut, nearest, plan
from portal_meetings.rules import Slot

from portal.sdk import BadInput, clock

ZONE = "Europe/Berlin"
DAY = "2026-12-10"
MINUTE = clock.MINUTE


def times(window: Window, minutes: int = 10, buffer: int = 0) -> list[str]:
    return [
        f"{clock.moment(a, ZONE):%H:%M}-{clock.moment(b, ZONE):%H:%M}" for a, b in cut(window, minutes, buffer, ZONE)
    ]


def wrong(window: Window, minutes: int = 10, buffer: int = 0) -> tuple[str, str]:
    with pytest.raises(BadInput) as failure:
        cut(window, minutes, buffer, ZONE, "w0-")
    return failure.value.field, failure.value.message


def test_a_window_is_cut_with_buffers_and_breaks() -> None:
    assert times(Window(DAY, "16:00", "16:30")) == ["16:00-16:10", "16:10-16:20", "16:20-16:30"]
    assert times(Window(DAY, "16:00", "16:30"), 10, 5) == ["16:00-16:10", "16:15-16:25"]
    paused = Window(DAY, "16:00", "17:00", breaks="16:15–16:30; 16:40-16:45")
    assert times(paused) == ["16:00-16:10", "16:30-16:40", "16:45-16:55"]


def test_what_is_no_time_is_said_at_its_field() -> None:
    assert wrong(Window(DAY, "16:00", "16:00"))[0] == "w0-ends"
    assert wrong(Window(DAY, "16:00", "16:05"))[0] == "w0-ends"
    assert wrong(Window(DAY, "25:00", "26:00"))[0] == "w0-begins"
    assert wrong(Window("2026-13-01", "16:00", "17:00"))[0] == "w0-begins"
    assert wrong(Window(DAY, "16:00", "17:00", breaks="16:30"))[0] == "w0-breaks"
    assert wrong(Window(DAY, "16:00", "17:00", breaks="16:30-16:20"))[0] == "w0-breaks"
    assert wrong(Window(DAY, "16:00", "17:00"), 0)[0] == "minutes"
    assert wrong(Window(DAY, "16:00", "17:00"), 10, -1)[0] == "buffer"


def test_when_the_clocks_change() -> None:
    field, message = wrong(Window("2027-03-28", "02:30", "04:00"))
    assert (field, "clocks go forward" in message) == ("w0-begins", True)
    # The hour that comes twice is two hours long; one that spans the gap has an hour less.
    assert len(cut(Window("2027-10-31", "02:00", "03:30"), 30, 0, ZONE)) == 5
    assert len(cut(Window("2027-03-28", "01:00", "03:30"), 30, 0, ZONE)) == 3


def slot(number: int, host: int, begins: int, minutes: int = 10, provider: str = "", taken: int = 0) -> Slot:
    start = begins * MINUTE
    return Slot(number, 1, host, 9, start, start + minutes * MINUTE, provider=provider, taken=taken)


def test_siblings_come_one_after_another_with_enough_between() -> None:
    free = {
        1: [slot(1, 1, 0), slot(2, 1, 10), slot(3, 1, 60)],
        2: [slot(4, 2, 0), slot(5, 2, 10), slot(6, 2, 15), slot(7, 2, 80)],
    }
    made = plan([(1, 100), (2, 200)], free, [], 5)
    assert {key: found.id for key, found in made.items()} == {(1, 100): 1, (2, 200): 6}
    # Two children with the same teacher are two appointments.
    twins = plan([(1, 100), (1, 101)], free, [], 0)
    assert sorted(found.id for found in twins.values()) == [1, 2]


def test_a_plan_keeps_clear_of_what_is_booked_and_of_what_is_wished() -> None:
    free = {1: [slot(1, 1, 0), slot(2, 1, 30), slot(3, 1, 60, provider="link")]}
    assert plan([(1, 100)], free, [(0, 10 * MINUTE)], 5)[(1, 100)].id == 2
    assert plan([(1, 100)], free, [], 5, Wish(after=40 * MINUTE))[(1, 100)].id == 3
    assert plan([(1, 100)], free, [], 5, Wish(where="video"))[(1, 100)].id == 3
    assert plan([(1, 100)], free, [], 5, Wish(before=5 * MINUTE)) == {}
    assert plan([(1, 100)], {}, [], 5) == {}


def test_a_plan_books_as_many_as_can_be() -> None:
    free = {1: [slot(1, 1, 0)], 2: [slot(2, 2, 0), slot(3, 2, 90)], 3: []}
    made = plan([(1, 100), (2, 100), (3, 100)], free, [], 5)
    assert {key[0]: found.id for key, found in made.items()} == {1: 1, 2: 3}


def test_what_is_near() -> None:
    slots = [slot(number, 1, number * 10) for number in range(10)]
    assert [found.id for found in nearest(slots, 52 * MINUTE)] == [4, 5, 6]
    assert beside(slots, [(40 * MINUTE, 50 * MINUTE)], 5) == {2, 6}
