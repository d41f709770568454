"""Word of new results: to whom, how often, and never twice."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from marking import enter, given, released
from portal_grades import actions, alerts

from portal.sdk import BadInput, NotVisible, clock
from portal.testing import TestSchool

BERLIN = ZoneInfo("Europe/Berlin")
EVERYBODY = ("parent", "coparent", "grandparent", "mia", "former", "blocked", "other", "teacher", "office")


def at(text: str) -> int:
    """A local time in Berlin."""
    return clock.instant(datetime.fromisoformat(text).replace(tzinfo=BERLIN))


async def told(school: TestSchool) -> dict[str, list[tuple[str, str]]]:
    """What went out to each of them."""
    found = {name: await school.told(name) for name in EVERYBODY}
    return {name: words for name, words in found.items() if words}


async def test_each_result_for_those_who_want_that(grading: TestSchool) -> None:
    for name in ("parent", "grandparent"):
        await alerts.choose(grading.viewer(name), "each")
    await alerts.choose(grading.viewer("coparent"), "none")
    with clock.frozen(at("2026-11-23T10:00")):
        assignment = await released(grading, result="3")
        await alerts.each_due({})
    assert await told(grading) == {}  # it may still be corrected
    with clock.frozen(at("2026-11-23T10:11")):
        await alerts.each_due({})
        await alerts.each_due({})
    found = await told(grading)
    assert set(found) == {"parent", "grandparent"}
    (subject, body), = found["parent"]
    assert subject == "New results for Mia Test"
    assert "Maths" in body
    assert "3 of" not in body
    assert "Fractions" not in body
    with clock.frozen(at("2026-11-23T11:00")):
        await enter(grading, assignment, "mia", result="4")
    with clock.frozen(at("2026-11-23T11:11")):
        await alerts.each_due({})
    assert len((await told(grading))["parent"]) == 2  # a change is news


async def test_nothing_goes_out_before_the_release(grading: TestSchool) -> None:
    await alerts.choose(grading.viewer("parent"), "each")
    with clock.frozen(at("2026-11-23T10:00")):
        assignment = await given(grading)
        await enter(grading, assignment, "mia", result="3")
        await actions.release(grading.viewer("teacher"), assignment, "2026-11-24", "16:00")
    with clock.frozen(at("2026-11-24T15:59")):
        await alerts.each_due({})
    assert await told(grading) == {}
    with clock.frozen(at("2026-11-24T16:00")):
        await alerts.each_due({})
    assert set(await told(grading)) == {"parent"}


async def test_once_a_week_on_friday_afternoon(grading: TestSchool) -> None:
    await alerts.choose(grading.viewer("grandparent"), "none")
    with clock.frozen(at("2026-11-24T10:00")):
        await released(grading, result="3")
        await released(grading, result="5", title="Poem", subject="English")
    for moment in ("2026-11-25T16:00", "2026-11-27T15:59"):
        with clock.frozen(at(moment)):
            await alerts.weekly_due({})
    assert await told(grading) == {}
    for moment in ("2026-11-27T16:00", "2026-11-27T17:00", "2026-11-28T12:00"):
        with clock.frozen(at(moment)):
            await alerts.weekly_due({})
    found = await told(grading)
    assert set(found) == {"parent", "coparent"}  # nobody else of the family, and not those kept away
    (subject, body), = found["parent"]
    assert subject == "This week in the grades of Mia Test"
    assert "English, Maths" in body
    for moment in ("2026-12-04T16:00", "2026-12-11T16:00"):
        with clock.frozen(at(moment)):
            await alerts.weekly_due({})
    assert len((await told(grading))["parent"]) == 1  # nothing new, so no word


async def test_who_missed_a_friday_hears_of_it_the_week_after_and_once(grading: TestSchool) -> None:
    with clock.frozen(at("2026-11-20T16:00")):
        await released(grading, title="First")
    with clock.frozen(at("2026-11-20T16:30")):
        await alerts.weekly_due({})  # the word up to now
    with clock.frozen(at("2026-11-24T10:00")):
        await released(grading, title="Second")
    with clock.frozen(at("2026-12-04T16:00")):  # the server was down on the 27th
        await alerts.weekly_due({})
    assert len((await told(grading))["parent"]) == 2


async def test_only_family_chooses(grading: TestSchool) -> None:
    with pytest.raises(BadInput):
        await alerts.choose(grading.viewer("parent"), "hourly")
    for name in ("teacher", "blocked", "former", "office", "anonymous"):
        with pytest.raises(NotVisible):
            await alerts.choose(grading.viewer(name), "none")


def test_friday_across_the_clock_change() -> None:
    zone = "Europe/Berlin"
    for now, friday in (
        ("2026-10-30T16:00", "2026-10-30T16:00"), ("2026-10-30T15:59", "2026-10-23T16:00"),
        ("2027-03-29T09:00", "2027-03-26T16:00"), ("2026-11-26T09:00", "2026-11-20T16:00"),
    ):  # fmt: skip
        assert alerts.last_friday(at(now), zone) == at(friday)
