"""Who is asked: each guardian, family or child once, and nobody who may not decide for the child."""

from __future__ import annotations

import pytest
from asking import COMING, answer, audience_of, load, opened
from portal_surveys import answering, queries, units

from portal.sdk import NotVisible, new_id
from portal.testing import TestSchool, run


async def _keys(school: TestSchool, audience: str, per: str) -> dict[frozenset[str], frozenset[str]]:
    """Adults of each unit and the children it is about, by the names of the cast."""
    called = {number: name for name, number in school.ids.items()}
    found = await units.everybody(audience_of(school, audience), per)
    return {
        frozenset(called[a] for a in unit.adults): frozenset(called[c] for c in unit.children)
        for unit in found.values()
    }


async def test_each_guardian_who_decides_today_and_is_not_kept_away(school: TestSchool) -> None:
    found = await _keys(school, "3a", "guardian")
    assert set(found) == {frozenset({"parent"}), frozenset({"coparent"}), frozenset({"other"})}
    whole = await _keys(school, "school", "guardian")
    assert set(whole) == {*found, frozenset({"neighbour"}), frozenset({"noors_parent"})}


async def test_adults_of_the_same_children_are_one_family(school: TestSchool) -> None:
    assert frozenset({"parent", "coparent"}) in await _keys(school, "3a", "family")
    # In the whole school they decide for different children, so they are asked apart.
    whole = await _keys(school, "school", "family")
    assert whole[frozenset({"parent"})] == {"mia", "ben"}
    assert whole[frozenset({"coparent"})] == {"mia"}


async def test_two_homes_are_two_families(school: TestSchool) -> None:
    for name in ("parent", "coparent"):
        home = new_id()
        await run("INSERT INTO household (id, name, source) VALUES (?, ?, 'test')", home, name)
        await run(
            "INSERT INTO household_member (id, household, person, channels) VALUES (?, ?, ?, 'email')",
            *(new_id(), home, school.ids[name]),
        )
    found = await _keys(school, "3a", "family")
    assert {frozenset({"parent"}), frozenset({"coparent"})} <= set(found)


async def test_once_for_each_child_by_any_one_guardian(school: TestSchool) -> None:
    assert await _keys(school, "3a", "child") == {
        frozenset({"parent", "coparent"}): frozenset({"mia"}), frozenset({"other"}): frozenset({"lea"}),
    }  # fmt: skip
    survey = await opened(school, audience="school", per="child", by="admin")
    own = await units.units_of(school.viewer("parent"), await load(survey))
    assert [unit.child_name for unit in own] == ["Ben Test", "Mia Test"]
    assert await answer(school.viewer("parent"), survey, 1, child=school.ids["mia"]) == "kept"
    assert (await answering.begin(school.viewer("coparent"), survey, school.ids["mia"])).by_other
    assert (await answering.begin(school.viewer("parent"), survey, school.ids["ben"])).state == "new"


@pytest.mark.parametrize(
    "name", ["grandparent", "former", "blocked", "neighbour", "outsider", "teacher", "office", "mia", "anonymous"]
)
@pytest.mark.parametrize("per", ["guardian", "family", "child"])
async def test_nobody_else_is_asked(sqlite_school: TestSchool, name: str, per: str) -> None:
    school = sqlite_school
    survey = await opened(school, COMING, per=per)
    viewer = school.viewer(name)
    for child in (0, school.ids["mia"], school.ids["tom"], 2**62):
        with pytest.raises(NotVisible):
            await answering.begin(viewer, survey, child)
        with pytest.raises(NotVisible):
            await answering.submit(viewer, survey, child, {}, "x.0")
        with pytest.raises(NotVisible):
            await answering.keep_draft(viewer, survey, child, {})


async def test_an_answer_for_another_child_is_refused(school: TestSchool) -> None:
    """A guardian of mia sends lea's id, or none, or the id of a survey about nobody's child."""
    survey = await opened(school, per="child")
    for child in (school.ids["lea"], school.ids["ben"], 0, 5):
        with pytest.raises(NotVisible):
            await answer(school.viewer("parent"), survey, 1, child=child)
    plain = await opened(school)
    with pytest.raises(NotVisible):
        await answer(school.viewer("parent"), plain, 1, child=school.ids["mia"])
    assert await answer(school.viewer("parent"), plain, 1) == "kept"


async def test_once_a_guardian_is_kept_away_another_answers_anew(school: TestSchool) -> None:
    survey = await opened(school, per="child")
    mia = school.ids["mia"]
    assert await answer(school.viewer("coparent"), survey, 2, child=mia) == "kept"
    form = await answering.begin(school.viewer("parent"), survey, mia)
    assert (form.by_other, dict(form.values)) == (True, {})
    assert await answer(school.viewer("parent"), survey, 1, child=mia) == "twice"
    await run("DELETE FROM link WHERE adult = ?", school.ids["coparent"])
    form = await answering.begin(school.viewer("parent"), survey, mia)
    assert (form.by_other, form.state, dict(form.values)) == (False, "new", {})
    assert await answer(school.viewer("parent"), survey, 1, child=mia) == "kept"
    with pytest.raises(NotVisible):
        await answering.begin(school.viewer("coparent"), survey, mia)


async def test_what_waits_costs_as_many_queries_for_thirty_as_for_one(
    sqlite_school: TestSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.db import db
    from portal.sdk import Who, language
    from portal.visibility.facts import snapshot

    school = sqlite_school
    asked = 0
    read = db.rows

    async def counted(sql: str, *args: object) -> list[tuple[object, ...]]:
        nonlocal asked
        asked += 1
        return await read(sql, *args)

    async def cost() -> tuple[int, int]:
        nonlocal asked
        facts = await snapshot()
        viewer = school.viewer("parent")
        person = Who(viewer, await facts.viewer(viewer.person), facts, language("en"))
        asked = 0
        found = len(await queries.waiting(person))
        return found, asked

    monkeypatch.setattr(db, "rows", counted)
    await opened(school, per="child", audience="3a")
    await opened(school, per="guardian", audience="school", anonymous=True)
    await cost()
    few, first = await cost()
    for number in range(14):
        await opened(school, per="child", audience="3a" if number % 2 else "school")
        await opened(school, per="family", audience="school", by="admin", anonymous=True)
    await cost()
    many, second = await cost()
    assert (few, many) == (2, 30 + 7)  # the parent has two children in the school, one in 3a
    assert first == second
