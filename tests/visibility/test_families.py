"""Who belongs to children and classes, and by what the roster calls them: for plugins."""

from __future__ import annotations

from portal.kinds import Rung
from portal.testing import TestSchool, run
from portal.visibility.families import (
    by_sourced_id,
    families_of,
    guardians_of,
    known_names,
    sourced_ids,
    staff_of,
)


async def families(school: TestSchool, *children: str) -> dict[str, set[str]]:
    names = {number: name for name, number in school.ids.items()}
    found = await families_of([school.ids[child] for child in children])
    return {names[child]: {names[person] for person in people} for child, people in found.items()}


async def test_a_family_is_who_sees_or_decides_today(school: TestSchool) -> None:
    """Not whose link has ended, and not the father with the order; a child only with an account."""
    assert await families(school, "mia", "lea") == {"mia": {"parent", "coparent", "grandparent"}, "lea": {"other"}}
    await run("UPDATE person SET active = ? WHERE id = ?", False, school.ids["coparent"])
    assert (await families(school, "mia"))["mia"] == {"parent", "grandparent"}
    await run("DELETE FROM block")
    assert "blocked" in (await families(school, "mia"))["mia"]
    assert await families(school) == {}


async def test_a_child_counts_while_its_account_is_allowed(school: TestSchool) -> None:
    assert (await families(school, "noor"))["noor"] == {"noors_parent"}
    await run(
        "INSERT INTO account (person, login, password, created_at) VALUES (?, 'noor', 'x', 0)",
        school.ids["noor"],
    )
    assert (await families(school, "noor"))["noor"] == {"noors_parent", "noor"}
    await school.decide("noors_parent", "noor", Rung.NOBODY, "account")
    assert (await families(school, "noor"))["noor"] == {"noors_parent"}


async def test_who_decides_for_children(school: TestSchool) -> None:
    names = {number: name for name, number in school.ids.items()}
    found = await guardians_of([school.ids["mia"], school.ids["ben"]])
    assert {names[g.adult]: sorted(names[c] for c in g.children) for g in found} == {
        "parent": ["ben", "mia"], "coparent": ["mia"],
    }  # fmt: skip
    assert await guardians_of([]) == []


async def test_the_staff_of_classes(school: TestSchool) -> None:
    mine, other, empty = (school.groups[name] for name in ("3a", "3b", "9c"))
    assert await staff_of([mine, other, empty]) == {
        mine: {school.ids["teacher"]}, other: {school.ids["colleague"]}, empty: frozenset(),
    }  # fmt: skip
    await run("UPDATE person SET active = ? WHERE id = ?", False, school.ids["teacher"])
    assert await staff_of([mine]) == {mine: frozenset()}


async def test_identifiers_of_the_roster_lead_there_and_back(school: TestSchool) -> None:
    people, groups = await by_sourced_id(["mia", "ben", "nobody"], ["3a", "none"])
    assert people == {"mia": school.ids["mia"], "ben": school.ids["ben"]}
    assert groups == {"3a": school.groups["3a"]}
    back = await sourced_ids([*people.values(), 1], [school.groups["3a"]])
    assert back == ({school.ids["mia"]: "mia", school.ids["ben"]: "ben"}, {school.groups["3a"]: "3a"})
    assert await by_sourced_id(str(n) for n in range(1200)) == ({}, {})
    await run("UPDATE person SET source = 'another', external_id = 'mia' WHERE id = ?", school.ids["tom"])
    assert await by_sourced_id(["mia", "ben"]) == ({"ben": school.ids["ben"]}, {})  # of two rosters


async def test_names_are_known_part_by_part(school: TestSchool) -> None:
    await run("UPDATE person SET given_name = 'Anna Maria' WHERE id = ?", school.ids["mia"])
    assert {"Anna", "Maria", "Ben", "Test"} <= await known_names()
