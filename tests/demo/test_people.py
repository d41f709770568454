"""The made-up school has every shape of family, is the same for the same seed, and always stands in its school year."""

from __future__ import annotations

from collections import Counter

import pytest

from portal.demo.made import PASSWORD, Made
from portal.demo.people import CLASSES, made_up
from portal.identity import passwords
from portal.kinds import PHOTO, Rung

TODAY = "2026-11-21"


@pytest.fixture(scope="module")
def made() -> Made:
    return made_up(TODAY)


def _deciders(made: Made, child: str) -> set[str]:
    return {tie.adult for tie in made.ties if tie.child == child and tie.decides and (tie.ends or TODAY) >= TODAY}


def test_the_same_seed_makes_the_same_school_and_another_seed_another_one(made: Made) -> None:
    assert made_up(TODAY) == made
    assert made_up(TODAY, seed=2) != made


def test_numbers_are_as_promised(made: Made) -> None:
    assert list(made.groups) == list(CLASSES)
    assert len(made.groups) == 6
    assert len(made.children) == 120
    assert 180 <= len(made.guardians) <= 220
    assert len({adult for adult, _group in made.staff}) == 12


def test_families_come_in_all_shapes(made: Made) -> None:
    deciders = Counter(len(_deciders(made, child.key)) for child in made.children)
    assert deciders[1] >= 10
    assert deciders[2] >= 60
    assert any(tie.sees and not tie.decides for tie in made.ties)
    assert [tie for tie in made.ties if tie.ends and tie.ends < TODAY]
    assert made.blocks == [("no-contact", "emma")]
    homes = Counter(child for home in made.homes for child in home.children)
    assert sum(count > 1 for count in homes.values()) >= 10
    assert len({tie.child for tie in made.ties if tie.adult == "parent"}) == 2
    assert [child.key for child in made.children if child.hold] == ["finn"]
    assert {adult for adult, _group in made.staff} & made.guardians == {"second-teacher"}


def test_every_child_is_in_one_class_and_has_somebody_who_decides(made: Made) -> None:
    places = Counter(child for children in made.members.values() for child in children)
    assert set(places.values()) == {1}
    assert set(places) == {child.key for child in made.children}
    assert all(_deciders(made, child.key) for child in made.children)


def test_most_have_answered_some_have_not_and_some_disagree(made: Made) -> None:
    said = {(a.child, a.by): a.rung for a in made.answers if a.purpose == PHOTO}
    asked = [(child.key, adult) for child in made.children for adult in _deciders(made, child.key)]
    missing = [pair for pair in asked if pair not in said]
    assert 0.05 < len(missing) / len(asked) < 0.16
    assert ("daryna", "unanswered") in missing
    assert said["mila", "parent"] != said["mila", "co-parent"]
    assert set(said.values()) == set(Rung)


def test_decisions_are_made_by_those_who_may_and_stand_in_order(made: Made) -> None:
    ties = {(tie.child, tie.adult) for tie in made.ties if tie.decides}
    assert all((a.child, a.by) in ties or a.child == a.by for a in made.answers)
    assert [a.ago for a in made.answers] == sorted((a.ago for a in made.answers), reverse=True)
    assert min(a.ago for a in made.answers) > 0


def test_names_are_told_apart_and_addresses_differ(made: Made) -> None:
    names = Counter(human.name for human in made.people.values())
    assert max(names.values()) == 1
    logins = [human.login for human in made.people.values() if human.login]
    assert len(set(logins)) == len(logins)
    assert all(login.endswith("@demo.example") and login.isascii() for login in logins)
    assert {human.language for human in made.people.values()} == {"en", "de", "es", "ar", "uk"}


def test_everybody_of_the_cast_can_sign_in_with_the_password(made: Made) -> None:
    parts = [member.part for member in made.cast]
    assert len(parts) == len(set(parts)) == 13
    for member in made.cast:
        human = made.people[member.key]
        assert human.login
        passwords.check(PASSWORD, [human.login, human.given, human.family])


@pytest.mark.parametrize("today", ["2026-01-05", "2026-02-28", "2028-02-29", "2026-06-15", "2026-08-01", "2026-12-31"])
def test_on_any_day_the_classes_go_on_and_ages_fit(today: str) -> None:
    made = made_up(today)
    assert made.year_ends > today
    for child in made.children:
        assert child.born is not None
        years = (int(today[:4]) - int(child.born[:4])) - (today[5:] < child.born[5:])
        youngest = CLASSES[made.class_of(child.key)]
        assert youngest - 1 <= years <= youngest + 2, child
    noor = made.people["child"]
    assert noor.born is not None
    assert (int(today[:4]) - int(noor.born[:4])) - (today[5:] < noor.born[5:]) == 15
