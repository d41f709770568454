"""The stories: which class tells which, when, and who is in the pictures."""

from __future__ import annotations

from collections import Counter

import pytest

from portal import clock
from portal.demo.drawing.scenes import SCENES
from portal.demo.made import Made
from portal.demo.people import made_up
from portal.demo.pictures import COUNT, children_in
from portal.demo.plan import Plan, plan
from portal.demo.texts import TEXTS

ZONE = "Europe/Berlin"
NOW = 1_795_250_000_000_000  # a Saturday in November 2026


@pytest.fixture(scope="module")
def made() -> Made:
    return made_up(clock.day(NOW, ZONE))


@pytest.fixture(scope="module")
def plans(made: Made) -> list[Plan]:
    return plan(made, NOW, ZONE)


def test_sixty_stories_show_every_picture_once(plans: list[Plan]) -> None:
    assert len(plans) == len(TEXTS) == 60
    shown = Counter(shot.index for one in plans for shot in one.shots)
    assert sorted(shown) == list(range(COUNT))
    assert set(shown.values()) == {1}


def test_pictures_fit_their_story(plans: list[Plan]) -> None:
    names = list(SCENES)
    assert all(names[shot.index % len(names)] == one.text.scene for one in plans for shot in one.shots)


def test_tagged_are_children_of_the_class_never_more_than_can_be_recognised(plans: list[Plan], made: Made) -> None:
    for one in plans:
        for shot in one.shots:
            assert set(shot.tags) <= set(made.members[one.group])
            assert len(shot.tags) == len(set(shot.tags)) <= children_in(shot.index) + ("finn" in shot.tags)


def test_one_picture_alone_shows_the_child_on_hold_and_none_is_public(plans: list[Plan]) -> None:
    assert sum("finn" in shot.tags for one in plans for shot in one.shots) == 1
    public = [one for one in plans if one.text.to == "public"]
    assert len(public) == 3
    assert all(children_in(shot.index) == 0 for one in public for shot in one.shots)
    assert {one.author for one in public} == {"office"}


def test_they_happened_on_school_days_of_three_months_and_one_is_to_come(plans: list[Plan]) -> None:
    times = [one.at for one in plans]
    assert times == sorted(times)
    assert [one.text.to for one in plans if one.at > NOW] == ["scheduled"]
    assert NOW - 95 * clock.DAY < times[0] < NOW - 85 * clock.DAY
    assert all(clock.moment(at, ZONE).weekday() < 5 for at in times)


def test_tellers_teach_the_class(plans: list[Plan], made: Made) -> None:
    assert all((one.author, one.group) in made.staff for one in plans if one.text.to != "public")
    assert min(Counter(one.group for one in plans).values()) >= 5


@pytest.mark.parametrize("hour", [0, 6, 12, 23])
def test_at_any_hour_nothing_but_the_scheduled_one_lies_ahead(made: Made, hour: int) -> None:
    now = NOW + hour * clock.HOUR + 3 * clock.DAY
    ahead = [one.text.to for one in plan(made, now, ZONE) if one.at > now]
    assert ahead == ["scheduled"]
