# ruff: noqa: E501  (rows of CSV files stay on one line)
"""What the school ended in the portal stays ended, whatever the roster says later, and a warning says so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from portal import clock
from portal.db import db
from portal.people import actions
from portal.people.roster.actions import Outcome
from portal.testing import TestSchool, run

from .kit import NOON, SMALL, TODAY, Texts, brought, counts, delta, edit, everything, who

ENDED = ("The school has ended this link", "The school has taken this person out")
WITHOUT = edit(SMALL, "users.csv", '"p-1,p-2"', "p-2")  # p-1 is no longer named as s-1's
UNTAUGHT = edit(SMALL, "enrollments.csv", "e-4,,,c-1,org-1,t-1,teacher,true,,\n", "")
UNPLACED = edit(SMALL, "enrollments.csv", "e-1,,,c-1,org-1,s-1,student,,,\n", "")


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


def warned(outcome: Outcome) -> int:
    return sum(problem.message.startswith(ENDED) for problem in outcome.problems.warnings)


async def current(child: str) -> set[str]:
    """The adults linked to a child today."""
    sql = "SELECT p.external_id FROM link l JOIN person p ON p.id = l.adult WHERE l.child = ? AND (l.ends IS NULL OR l.ends >= ?)"
    return {key for (key,) in await db.rows(sql, await who(child), TODAY)}


async def class_of(child: str) -> set[str]:
    """The classes that a child is in today."""
    sql = "SELECT g.name FROM membership m JOIN school_group g ON g.id = m.group_id WHERE m.child = ? AND (m.ends IS NULL OR m.ends >= ?)"
    return {name for (name,) in await db.rows(sql, await who(child), TODAY)}


async def group(name: str) -> int:
    return int(await db.value("SELECT id FROM school_group WHERE name = ? AND source = 'oneroster'", name))


async def unlink(adult: str, child: str) -> None:
    await actions.link(await who(adult), await who(child), decides=False, sees=False, relation="", today=TODAY)


async def by_hand(adult: str, child: str) -> None:
    await actions.link(await who(adult), await who(child), decides=True, sees=True, relation="x", today=TODAY)


async def test_a_link_that_the_office_ended_survives_an_incomplete_roster(school: TestSchool) -> None:
    await brought(SMALL)
    await unlink("p-1", "s-1")
    same = await brought(SMALL)
    assert (counts(same, "links"), warned(same)) == ((0, 0, 4, 0), 0)  # the file says nothing new
    await brought(WITHOUT)
    back = await brought(SMALL)
    assert await current("s-1") == {"p-2"}
    assert (counts(back, "links"), warned(back)) == ((0, 0, 4, 0), 1)
    before = await everything()
    again = await brought(SMALL)
    assert (counts(again, "links"), warned(again)) == ((0, 0, 4, 0), 0)
    assert await everything() == before
    await brought(WITHOUT)  # and as often as the file forgets and remembers it
    assert warned(await brought(SMALL)) == 1
    assert await current("s-1") == {"p-2"}


async def test_a_link_that_only_the_roster_ended_comes_back(school: TestSchool) -> None:
    await brought(SMALL)
    await brought(WITHOUT)
    assert await current("s-1") == {"p-2"}
    back = await brought(SMALL)
    assert (counts(back, "links"), warned(back)) == ((0, 1, 3, 0), 0)
    assert await current("s-1") == {"p-1", "p-2"}


async def test_it_survives_the_guardian_leaving_and_returning(sqlite_school: TestSchool) -> None:
    await brought(SMALL)
    await unlink("p-1", "s-1")
    gone = edit(WITHOUT, "users.csv", "p-1,,,true,org-1,parent,p1,,Ada,Winter,,,ada@families.example,,,,,\n", "")
    await brought(gone, confirm=True)
    assert warned(await brought(SMALL)) == 1
    assert await current("s-1") == {"p-2"}


async def test_it_survives_parts(school: TestSchool) -> None:
    """The child's row restated without the guardian, and then with it, in deltas."""
    await brought(SMALL)
    await unlink("p-1", "s-1")
    row = "s-1,active,2026-11-20,true,org-1,student,s1,,Mia,Winter,,,,,,{},,\n"
    await brought(delta(users=row.format("p-2")))
    back = await brought(delta(users=row.format('"p-1,p-2"')))
    assert (counts(back, "links"), warned(back)) == ((0, 0, 2, 0), 1)
    assert await current("s-1") == {"p-2"}
    await brought(delta(users=row.format("")))  # p-2 goes by the roster alone, and may return
    await brought(delta(users=row.format("p-2")))
    assert await current("s-1") == {"p-2"}


async def test_a_link_by_hand_that_ended_stays_ended_and_is_told(school: TestSchool) -> None:
    await brought(WITHOUT)
    await by_hand("p-1", "s-1")
    silent = await brought(SMALL)
    assert (counts(silent, "links"), warned(silent)) == ((0, 0, 4, 0), 0)  # the school has done this already
    await unlink("p-1", "s-1")
    told = await brought(SMALL)
    assert (counts(told, "links"), warned(told)) == ((0, 0, 4, 0), 1)
    assert await current("s-1") == {"p-2"}
    await by_hand("p-1", "s-1")  # the school's new word
    assert warned(await brought(SMALL)) == 0
    assert await current("s-1") == {"p-1", "p-2"}


async def test_a_link_that_was_changed_and_then_ended_by_hand(sqlite_school: TestSchool) -> None:
    await brought(SMALL)
    await by_hand("p-1", "s-1")
    await unlink("p-1", "s-1")
    await brought(WITHOUT)
    assert warned(await brought(SMALL)) == 1
    assert await current("s-1") == {"p-2"}


@pytest.mark.parametrize("key", ["e-1", "e-77"])  # the same identifier again, and another one
async def test_a_child_that_the_office_took_out_of_a_class(school: TestSchool, key: str) -> None:
    await brought(SMALL)
    await actions.leave(await who("s-1"), await group("3a"), TODAY)
    same = await brought(SMALL)
    assert (counts(same, "enrolments"), warned(same)) == ((0, 0, 4, 0), 0)
    await brought(UNPLACED)
    back = await brought(edit(SMALL, "enrollments.csv", "e-1,", f"{key},"))
    assert await class_of("s-1") == set()
    assert warned(back) == 1
    assert counts(back, "enrolments") == (0, 0, 4, 0)
    # whom only the roster took out comes back
    await brought(edit(SMALL, "enrollments.csv", "e-3,,,c-1,org-1,s-3,student,,,\n", ""))
    assert await class_of("s-3") == set()
    assert counts(await brought(SMALL), "enrolments")[1] == 1
    assert await class_of("s-3") == {"3a"}


async def test_a_place_by_hand_that_ended_stays_ended_and_is_told(school: TestSchool) -> None:
    await brought(UNPLACED)
    await actions.join(await who("s-1"), await group("3a"), TODAY)
    silent = await brought(SMALL)
    assert (counts(silent, "enrolments"), warned(silent)) == ((0, 0, 4, 0), 0)
    await actions.leave(await who("s-1"), await group("3a"), TODAY)
    told = await brought(SMALL)
    assert (counts(told, "enrolments"), warned(told)) == ((0, 0, 4, 0), 1)
    assert await class_of("s-1") == set()


async def test_a_last_day_that_the_file_gave_is_not_the_schools_word(sqlite_school: TestSchool) -> None:
    dated = edit(SMALL, "enrollments.csv", "s-1,student,,,", "s-1,student,,2026-09-01,2026-10-01")
    await brought(dated)
    again = await brought(edit(UNPLACED, "enrollments.csv", "e-2,", "e-9,,,c-1,org-1,s-1,student,,2026-11-01,\ne-2,"))
    assert warned(again) == 0
    assert await class_of("s-1") == {"3a"}


async def teaches() -> bool:
    return bool(await db.value("SELECT COUNT(*) FROM staff WHERE adult = ?", await who("t-1")))


async def test_a_teacher_whom_the_office_took_out_of_a_class(school: TestSchool) -> None:
    await brought(SMALL)
    await brought(UNTAUGHT)
    await brought(SMALL)
    assert await teaches()  # the roster's own coming and going
    await actions.stop_serving(await who("t-1"), await group("3a"))
    same = await brought(SMALL)
    assert (await teaches(), warned(same)) == (False, 0)
    await brought(UNTAUGHT)
    assert warned(await brought(SMALL)) == 1
    assert not await teaches()


async def test_a_teacher_whom_the_office_took_out_and_whose_days_pass(sqlite_school: TestSchool) -> None:
    def dated(days: str) -> Texts:
        return edit(SMALL, "enrollments.csv", "t-1,teacher,true,,", f"t-1,teacher,true,{days}")

    await brought(SMALL)
    await actions.stop_serving(await who("t-1"), await group("3a"))
    await brought(dated("2026-09-01,2026-10-01"))
    assert warned(await brought(SMALL)) == 1
    assert not await teaches()


async def _session(key: str) -> None:
    row = (f"token-{key}".encode(), await who(key), NOON, NOON, NOON + clock.DAY, NOON + clock.DAY, "")
    await run("INSERT INTO session (token, person, created_at, seen_at, idle_until, ends_at, device) VALUES (?, ?, ?, ?, ?, ?, ?)", *row)


async def _signed_in() -> set[str]:
    sql = "SELECT p.external_id FROM session s JOIN person p ON p.id = s.person"
    return {key for (key,) in await db.rows(sql)}


async def test_who_is_gone_is_signed_out_for_good(school: TestSchool) -> None:
    await brought(SMALL)
    for key in ("p-1", "p-2", "p-3"):
        await _session(key)
    gone = edit(SMALL, "users.csv", "p-3,,,true,org-1,guardian,p3,,Cleo,Herbst,,,,,,s-3,,\n", "")
    await brought(edit(gone, "users.csv", "p-1,,,true", "p-1,,,false"), confirm=True)
    assert await _signed_in() == {"p-2"}
    await brought(SMALL)
    assert await db.value("SELECT COUNT(*) FROM person WHERE source = 'oneroster' AND active") == 7
    assert await _signed_in() == {"p-2"}


async def test_who_stays_stays_signed_in(sqlite_school: TestSchool) -> None:
    await brought(SMALL)
    await _session("p-3")
    await run("INSERT INTO role (id, person, role) VALUES (1, ?, 'office')", await who("p-3"))
    await brought(edit(SMALL, "users.csv", "p-3,,,true,org-1,guardian,p3,,Cleo,Herbst,,,,,,s-3,,\n", ""), confirm=True)
    assert await _signed_in() == {"p-3"}  # holds a role: the account stays, with a warning
