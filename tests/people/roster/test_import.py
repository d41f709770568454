# ruff: noqa: E501  (rows of CSV files and cases stay on one line)
"""What an import writes, what it leaves alone, and that it writes all or nothing; on each database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from portal import clock
from portal.db import Conflict, db
from portal.people.roster import actions
from portal.testing import TestSchool, run

from .kit import (
    NOON,
    SHEETS,
    SMALL,
    TODAY,
    Texts,
    bring,
    brought,
    counts,
    edit,
    everything,
    package,
    small12,
    who,
    without,
)

YESTERDAY = "2026-11-20"


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


async def memberships(child: str) -> list[tuple[object, ...]]:
    return await db.rows(
        "SELECT g.name, m.starts, m.ends FROM membership m JOIN school_group g ON g.id = m.group_id"
        " WHERE m.child = ? ORDER BY m.id",
        await who(child),
    )


async def links(child: str) -> list[tuple[object, ...]]:
    rows = await db.rows(
        "SELECT p.external_id, l.decides, l.sees, l.relation, l.starts, l.ends FROM link l"
        " JOIN person p ON p.id = l.adult WHERE l.child = ? ORDER BY l.id",
        await who(child),
    )
    return [(adult, bool(decides), bool(sees), *rest) for adult, decides, sees, *rest in rows]


async def active(key: str) -> bool:
    return bool(await db.value("SELECT active FROM person WHERE id = ?", await who(key)))


def big(children: int = 18) -> Texts:
    """The small school with one more class of `children`, each with one parent."""
    users, enrolments = SMALL["users.csv"], SMALL["enrollments.csv"]
    for n in range(children):
        users += f"x-{n},,,true,org-1,student,x{n},,Kit{n},Moor,,,,,,y-{n},,\n"
        users += f"y-{n},,,true,org-1,parent,y{n},,Kay{n},Moor,,,,,,,,\n"
        enrolments += f"f-{n},,,c-2,org-1,x-{n},student,,,\n"
    return {**SMALL, "users.csv": users, "enrollments.csv": enrolments}


def drop(files: Texts, *keys: str) -> Texts:
    """Without these people and their enrolments; references to them are taken out too."""
    users = [line for line in files["users.csv"].splitlines() if line.split(",")[0] not in keys]
    for key in keys:
        users = [line.replace(f'"{key},p-2"', "p-2").replace(f",{key},,", ",,,") for line in users]
    enrolments = [line for line in files["enrollments.csv"].splitlines() if not set(line.split(",")) & set(keys)]
    return {**files, "users.csv": "\n".join(users) + "\n", "enrollments.csv": "\n".join(enrolments) + "\n"}


async def test_first_import(school: TestSchool) -> None:
    outcome = await brought(SMALL)
    assert [counts(outcome, what) for what in ("people", "groups", "enrolments", "links")] == [
        (7, 0, 0, 0), (2, 0, 0, 0), (4, 0, 0, 0), (4, 0, 0, 0)
    ]  # fmt: skip
    assert await links("s-1") == [("p-1", True, True, "parent", None, None), ("p-2", True, True, "parent", None, None)]
    assert await links("s-3") == [("p-3", True, True, "guardian", None, None)]
    assert await memberships("s-1") == [("3a", None, None)]
    assert await db.rows("SELECT name, kind, until FROM school_group WHERE source = 'oneroster' ORDER BY name") == [
        ("3a", "homeroom", "2027-07-16"),
        ("3b", "homeroom", "2027-07-16"),
    ]
    assert await db.rows("SELECT adult FROM staff WHERE source = 'oneroster'") == [(await who("t-1"),)]
    assert await db.rows("SELECT r.role FROM role r JOIN person p ON p.id = r.person WHERE p.source = 'oneroster'") == []


async def test_the_second_import_writes_nothing(school: TestSchool) -> None:
    await brought(SMALL)
    before = await everything()
    outcome = await brought(SMALL)
    assert [counts(outcome, what) for what in ("people", "groups", "enrolments", "links")] == [
        (0, 0, 7, 0), (0, 0, 2, 0), (0, 0, 4, 0), (0, 0, 4, 0)
    ]  # fmt: skip
    assert await everything() == before


async def test_a_trial_writes_nothing(sqlite_school: TestSchool) -> None:
    before = await everything()
    outcome = await actions.preview(package(SMALL))
    assert counts(outcome, "people") == (7, 0, 0, 0)
    assert await everything() == before
    assert (await everything()) != await _after(SMALL)


async def _after(files: Texts) -> dict[str, list[tuple[object, ...]]]:
    await brought(files)
    return await everything()


async def test_an_error_anywhere_imports_nothing(sqlite_school: TestSchool) -> None:
    before = await everything()
    outcome = await bring(edit(SMALL, "enrollments.csv", "e-4,,,c-1", "e-4,,,c-9"))
    assert outcome.refused
    assert counts(outcome, "people") == (0, 0, 0, 0)
    assert await everything() == before


async def test_a_failure_while_writing_leaves_nothing_behind(school: TestSchool) -> None:
    # Somebody stands in the way whom no import brought: the database refuses the second person of this identifier.
    await run("UPDATE person SET source = 'oneroster', external_id = 't-1' WHERE id = ?", school.ids["outsider"])
    before = await everything()
    with pytest.raises(Conflict):
        await bring(SMALL)
    assert await everything() == before


async def test_only_what_changed_is_changed(sqlite_school: TestSchool) -> None:
    await brought(SMALL)
    outcome = await brought(edit(SMALL, "users.csv", "Lea,Herbst", "Leah,Herbst"))
    assert counts(outcome, "people") == (0, 1, 6, 0)
    assert counts(outcome, "links") == (0, 0, 4, 0)
    assert [(c.fate, c.fields) for c in outcome.changes] == [("changed", ("given_name",))]
    assert await db.value("SELECT given_name FROM person WHERE id = ?", await who("s-3")) == "Leah"


async def test_what_the_school_corrected_stays_until_the_file_changes(sqlite_school: TestSchool) -> None:
    await brought(SMALL)
    await run("UPDATE person SET email = 'new@families.example' WHERE id = ?", await who("p-1"))
    assert counts(await brought(SMALL), "people") == (0, 0, 7, 0)
    assert await db.value("SELECT email FROM person WHERE id = ?", await who("p-1")) == "new@families.example"
    await brought(edit(SMALL, "users.csv", "ada@families.example", "ada@work.example"))
    assert await db.value("SELECT email FROM person WHERE id = ?", await who("p-1")) == "ada@work.example"
    await brought(edit(SMALL, "users.csv", "ada@families.example", ""))
    assert await db.value("SELECT email FROM person WHERE id = ?", await who("p-1")) == "ada@work.example"


async def test_a_child_moves_class(sqlite_school: TestSchool) -> None:
    await brought(SMALL)
    outcome = await brought(edit(SMALL, "enrollments.csv", "e-3,,,c-1", "e-9,,,c-2"))
    assert counts(outcome, "enrolments") == (1, 0, 3, 1)
    assert await memberships("s-3") == [("3a", None, YESTERDAY), ("3b", TODAY, None)]


async def test_a_child_moves_class_under_the_same_enrolment(sqlite_school: TestSchool) -> None:
    await brought(SMALL)
    outcome = await brought(edit(SMALL, "enrollments.csv", "e-3,,,c-1", "e-3,,,c-2"))
    assert counts(outcome, "enrolments") == (0, 1, 3, 0)
    assert await memberships("s-3") == [("3a", None, YESTERDAY), ("3b", TODAY, None)]


async def test_dates_of_enrolments(sqlite_school: TestSchool) -> None:
    files = edit(SMALL, "enrollments.csv", "s-1,student,,,", "s-1,student,,2026-09-07,2026-12-01")
    files = edit(files, "enrollments.csv", "s-2,student,,,", "s-2,student,,2026-09-07,2027-07-16")
    await brought(files)
    assert await memberships("s-1") == [("3a", "2026-09-07", "2026-11-30")]  # the standard's end is exclusive
    assert await memberships("s-2") == [("3b", "2026-09-07", None)]  # to the end of the class
    outcome = await brought(edit(files, "enrollments.csv", "2026-12-01", "2026-12-24"))
    assert counts(outcome, "enrolments") == (0, 1, 3, 0)
    assert await memberships("s-1") == [("3a", "2026-09-07", "2026-12-23")]


async def test_days_that_the_school_set_itself_stay(sqlite_school: TestSchool) -> None:
    await brought(SMALL)
    await run("UPDATE membership SET ends = '2026-10-01' WHERE child = ?", await who("s-1"))
    assert counts(await brought(SMALL), "enrolments") == (0, 0, 4, 0)
    outcome = await brought(edit(SMALL, "enrollments.csv", "s-1,student,,,", "s-1,student,,,2027-01-01"))
    assert await memberships("s-1") == [("3a", None, "2026-10-01")]
    assert [(p.file, p.line) for p in outcome.problems.warnings] == [("enrollments.csv", 2)]


async def test_a_teacher_before_during_and_after(sqlite_school: TestSchool) -> None:
    async def teaches(dates: str) -> bool:
        await brought(edit(SMALL, "enrollments.csv", "teacher,true,,", f"teacher,true,{dates}"))
        return bool(await db.rows("SELECT 1 FROM staff WHERE adult = ?", await who("t-1")))

    assert not await teaches("2027-01-01,")
    assert await teaches("2026-11-01,2027-01-01")
    assert await teaches("2026-11-01,2027-01-02")
    assert not await teaches("2026-09-01,2026-11-21")
    assert await teaches(",")


async def test_who_is_gone_is_deactivated_and_comes_back(school: TestSchool) -> None:
    files = big()
    await brought(files)
    outcome = await brought(drop(files, "s-3", "p-3"))
    assert counts(outcome, "people")[3] == 2
    assert counts(outcome, "enrolments")[3] == 1
    assert counts(outcome, "links")[3] == 1
    assert not await active("s-3")
    assert not await active("p-3")
    assert await active("s-1")
    assert await memberships("s-3") == [("3a", None, YESTERDAY)]
    assert [row[-1] for row in await links("s-3")] == [YESTERDAY]
    again = await brought(drop(files, "s-3", "p-3"))
    assert [counts(again, what)[i] for what in ("people", "enrolments", "links") for i in (0, 1, 3)] == [0] * 9
    back = await brought(files)
    assert counts(back, "people") == (0, 2, 41, 0)
    assert await active("s-3")
    assert await active("p-3")
    assert await memberships("s-3") == [("3a", None, YESTERDAY), ("3a", TODAY, None)]
    assert [row[4:] for row in await links("s-3")] == [(None, YESTERDAY), (TODAY, None)]


async def test_whom_the_school_deactivated_stays_so(sqlite_school: TestSchool) -> None:
    await brought(SMALL)
    await run("UPDATE person SET active = ? WHERE id = ?", False, await who("p-1"))
    assert counts(await brought(SMALL), "people") == (0, 0, 7, 0)
    await brought(edit(SMALL, "users.csv", "p-1,,,true", "p-1,,,false"), confirm=True)
    await brought(SMALL)
    assert not await active("p-1")
    await brought(edit(SMALL, "users.csv", "p-2,,,true", "p-2,,,false"), confirm=True)
    assert not await active("p-2")
    await brought(SMALL)
    assert await active("p-2")


async def test_a_shrinking_roster_waits_for_a_word(sqlite_school: TestSchool) -> None:
    files = big(14)  # 35 people: three are fewer than a tenth, four are more
    await brought(files)
    before = await everything()
    refused = await bring(drop(files, "x-1", "y-1", "x-2", "y-2"))
    assert refused.refused
    assert "--confirm-shrink" in refused.problems.errors[0].message
    assert "4 of 35" in refused.problems.errors[0].message
    assert counts(refused, "people")[3] == 4
    assert await everything() == before
    allowed = await bring(drop(files, "x-1", "y-1", "x-2"))
    assert not allowed.refused
    confirmed = await bring(drop(files, "x-1", "y-1", "x-2", "y-2", "x-3", "y-3", "x-4"), confirm=True)
    assert not confirmed.refused
    assert not await active("x-3")


async def test_exactly_a_tenth_is_not_more_than_a_tenth(sqlite_school: TestSchool) -> None:
    users = big(16)["users.csv"].replace("x-15,,,true,org-1,student,x15,,Kit15,Moor,,,,,,y-15,,\n", "")  # 38 people
    users += "z-1,,,true,org-1,teacher,z1,,Zoe,Frost,,,,,,,,\nz-2,,,true,org-1,teacher,z2,,Zac,Frost,,,,,,,,\n"
    enrolments = "\n".join(line for line in big(16)["enrollments.csv"].splitlines() if "x-15" not in line) + "\n"
    files = {**SMALL, "users.csv": users, "enrollments.csv": enrolments}
    await brought(files)
    assert not (await bring(drop(files, "x-1", "y-1", "x-2", "y-2"))).refused
    await brought(files)
    assert (await bring(drop(files, "x-1", "y-1", "x-2", "y-2", "z-1"))).refused


async def test_what_was_made_by_hand_is_never_touched(school: TestSchool) -> None:
    files = big()
    await brought(files)
    for table in ("link", "membership", "staff"):
        column = "child" if table != "staff" else "adult"
        mine = await db.rows(f"SELECT * FROM {table} WHERE source = 'test' ORDER BY id")
        assert mine, column
    block = (1, await who("p-1"), await who("s-2"), clock.now())
    await run("INSERT INTO block (id, adult, child, created_at) VALUES (?, ?, ?, ?)", *block)
    await run(
        "INSERT INTO link (id, adult, child, decides, sees, relation, starts, ends, source)"
        " VALUES (?, ?, ?, ?, ?, 'aunt', NULL, NULL, '')",
        *(2, await who("p-3"), await who("s-1"), False, True),
    )
    before = {t: await db.rows(f"SELECT * FROM {t} WHERE source = 'test' OR source = '' ORDER BY id") for t in
              ("link", "membership", "staff", "person", "school_group")}  # fmt: skip
    await brought(drop(files, "s-3", "s-2", "p-3"))
    after = {t: await db.rows(f"SELECT * FROM {t} WHERE source = 'test' OR source = '' ORDER BY id") for t in before}
    assert after == before
    assert await db.rows("SELECT * FROM block WHERE id = 1") == [block]
    assert await active("p-3")  # still an aunt by hand, so the account stays
    assert not await active("s-3")


async def test_a_link_that_the_office_ended_is_not_brought_back(sqlite_school: TestSchool) -> None:
    await brought(SMALL)
    await run("UPDATE link SET ends = ? WHERE adult = ?", YESTERDAY, await who("p-1"))
    outcome = await brought(SMALL)
    assert counts(outcome, "links") == (0, 0, 4, 0)
    assert [row[-1] for row in await links("s-1")] == [YESTERDAY, None]


async def test_a_link_that_the_office_made_by_hand_is_not_doubled(sqlite_school: TestSchool) -> None:
    files = edit(SMALL, "users.csv", '"p-1,p-2"', "p-2")
    await brought(files)
    await run(
        "INSERT INTO link (id, adult, child, decides, sees, relation, starts, ends, source)"
        " VALUES (?, ?, ?, ?, ?, 'mother', NULL, NULL, '')",
        *(2, await who("p-1"), await who("s-1"), False, True),
    )
    assert counts(await brought(SMALL), "links") == (0, 0, 4, 0)
    assert len(await links("s-1")) == 2


async def test_what_the_office_gave_a_relative_stays(sqlite_school: TestSchool) -> None:
    files = edit(SMALL, "users.csv", "org-1,guardian", "org-1,relative")
    await brought(files)
    assert await links("s-3") == [("p-3", False, False, "relative", None, None)]
    await run("UPDATE link SET sees = ? WHERE adult = ?", True, await who("p-3"))
    assert counts(await brought(files), "links") == (0, 0, 4, 0)
    assert (await links("s-3"))[0][1:3] == (False, True)


async def test_a_role_that_changes_gives_and_takes_rights(sqlite_school: TestSchool) -> None:
    files = edit(SMALL, "users.csv", "org-1,guardian", "org-1,relative")
    await brought(files)
    assert counts(await brought(SMALL), "links") == (0, 1, 3, 0)
    assert (await links("s-3"))[0][1:3] == (True, True)
    await brought(files)
    assert (await links("s-3"))[0][1:3] == (False, False)


async def test_an_administrator_is_never_locked_out(sqlite_school: TestSchool) -> None:
    files = big()
    await brought(files)
    await run("INSERT INTO role (id, person, role) VALUES (1, ?, 'admin')", await who("t-1"))
    outcome = await brought(drop(files, "t-1"))
    assert await active("t-1")
    assert any("t-1" in p.message for p in outcome.problems.warnings)
    assert await db.rows("SELECT 1 FROM staff WHERE adult = ?", await who("t-1")) == []


async def test_nobody_becomes_an_administrator_by_import(sqlite_school: TestSchool) -> None:
    roles = await db.rows("SELECT * FROM role ORDER BY id")
    files = edit(SMALL, "users.csv", "org-1,teacher", "org-1,administrator")
    await brought(files)
    assert await db.rows("SELECT * FROM role ORDER BY id") == roles


async def test_next_years_class_under_the_same_identifier_is_another_class(school: TestSchool) -> None:
    await brought(SMALL)
    old = await db.value("SELECT id FROM school_group WHERE external_id = 'c-1'")
    files = edit(SMALL, "academicSessions.csv", "term-1,,,2026-2027,schoolYear,2026-08-31,2027-07-16",
                 "term-2,,,2027-2028,schoolYear,2027-08-30,2028-07-14")  # fmt: skip
    files = {**files, "classes.csv": files["classes.csv"].replace("term-1", "term-2"),
             "courses.csv": files["courses.csv"].replace("term-1", "term-2")}  # fmt: skip
    # Last year's 3a was Mia and Lea; the new one is Ben and Lea.
    files = edit(edit(files, "enrollments.csv", "e-1,,,c-1,org-1,s-1", "e-5,,,c-2,org-1,s-1"), "enrollments.csv",
                 "e-2,,,c-2,org-1,s-2", "e-6,,,c-1,org-1,s-2")  # fmt: skip
    outcome = await brought(files)  # in November, long before: the old classes run on
    assert counts(outcome, "groups") == (2, 0, 0, 0)
    new = await db.value("SELECT id FROM school_group WHERE external_id = 'c-1'")
    assert new != old
    assert await db.row("SELECT name, until FROM school_group WHERE id = ?", old) == ("3a", "2027-07-16")
    assert await memberships("s-3") == [("3a", None, None), ("3a", "2027-08-30", None)]
    inside = "SELECT p.external_id FROM membership m JOIN person p ON p.id = m.child WHERE m.group_id = ? ORDER BY 1"
    assert await db.rows(inside, old) == [("s-1",), ("s-3",)]
    assert await db.rows(inside, new) == [("s-2",), ("s-3",)]
    before = await everything()
    again = await brought(files)
    assert counts(again, "enrolments") == (0, 0, 4, 0)
    assert await everything() == before


async def test_a_corrected_last_day_is_the_same_class(sqlite_school: TestSchool) -> None:
    await brought(SMALL)
    outcome = await brought(edit(SMALL, "academicSessions.csv", "2027-07-16", "2027-07-23"))
    assert counts(outcome, "groups") == (0, 2, 0, 0)
    assert await db.rows("SELECT DISTINCT until FROM school_group WHERE source = 'oneroster'") == [("2027-07-23",)]


async def test_last_years_classes_are_history(sqlite_school: TestSchool) -> None:
    files = edit(SMALL, "academicSessions.csv", "2026-08-31,2027-07-16", "2025-08-31,2026-07-16")
    await brought(files)
    before = {t: rows for t, rows in (await everything()).items() if t in ("membership", "school_group", "staff")}
    new = edit(SMALL, "academicSessions.csv", "term-1", "term-2")
    for name in ("classes.csv", "courses.csv", "enrollments.csv"):
        new = {**new, name: new[name].replace("term-1", "term-2").replace("c-1", "d-1").replace("c-2", "d-2")
               .replace("e-", "n-")}  # fmt: skip
    new["courses.csv"] = new["courses.csv"].replace("coursn-1", "course-1")
    new["classes.csv"] = new["classes.csv"].replace("coursn-1", "course-1")
    outcome = await brought(new)
    assert counts(outcome, "enrolments") == (4, 0, 0, 0)
    assert counts(outcome, "groups") == (2, 0, 0, 0)
    for table, rows in before.items():
        assert [row for row in (await everything())[table] if row in rows] == rows


async def test_nobody_is_added_to_a_class_that_has_ended(sqlite_school: TestSchool) -> None:
    files = edit(SMALL, "academicSessions.csv", "2026-08-31,2027-07-16", "2025-08-31,2026-07-16")
    await brought(files)
    outcome = await brought(edit(files, "enrollments.csv", "e-2,", "e-7,,,c-1,org-1,s-2,student,,2025-09-01,\ne-2,"))
    assert counts(outcome, "enrolments") == (0, 0, 5, 0)
    assert await memberships("s-2") == [("3b", None, None)]
    assert any(p.field == "classSourcedId" for p in outcome.problems.warnings)


async def test_a_class_that_goes_ends_yesterday_and_returns(sqlite_school: TestSchool) -> None:
    await brought(SMALL)
    files = edit(SMALL, "classes.csv", "c-2,,,3b,,course-1,3b,homeroom,,org-1,term-1,,,\n", "")
    files = edit(files, "enrollments.csv", "e-2,,,c-2,org-1,s-2,student,,,\n", "")
    outcome = await brought(files)
    assert counts(outcome, "groups") == (0, 0, 1, 1)
    assert await db.value("SELECT until FROM school_group WHERE name = '3b' AND source = 'oneroster'") == YESTERDAY
    outcome = await brought(SMALL)
    assert counts(outcome, "groups") == (0, 1, 1, 0)
    assert await db.rows("SELECT until FROM school_group WHERE name = '3b' AND source = 'oneroster'") == [("2027-07-16",)]


async def test_a_child_does_not_turn_into_an_adult(sqlite_school: TestSchool) -> None:
    await brought(SMALL)
    files = edit(edit(SMALL, "users.csv", "s-3,,,true,org-1,student", "s-3,,,true,org-1,teacher"), "users.csv",
                 "s-3,,\n", ",,\n")  # fmt: skip
    outcome = await bring(edit(files, "enrollments.csv", "s-3,student", "s-3,teacher"))
    assert [(p.file, p.line, p.field) for p in outcome.problems.errors] == [("users.csv", 4, "role")]


async def test_who_is_erased_leaves_no_trace_and_may_come_anew(school: TestSchool) -> None:
    await brought(SMALL)
    lea = await who("s-3")
    await run("DELETE FROM person WHERE id = ?", lea)
    assert not [row for row in await db.rows("SELECT key FROM roster_record") if "s-3" in row[0]]
    assert all("Mia" not in text and "Winter" not in text and "@" not in text for (text,) in
               await db.rows("SELECT seen FROM roster_record"))  # fmt: skip
    outcome = await brought(SMALL)
    assert counts(outcome, "people") == (1, 0, 6, 0)
    assert counts(outcome, "links") == (1, 0, 3, 0)
    assert await who("s-3") != lea


async def test_version_12_of_the_same_school(sqlite_school: TestSchool) -> None:
    await brought(SMALL)
    outcome = await brought(small12())
    assert counts(outcome, "people") == (0, 1, 6, 0)  # Mia's birthday
    assert counts(outcome, "links") == (0, 0, 4, 0)
    assert await db.row("SELECT given_name, born FROM person WHERE id = ?", await who("s-1")) == ("Mia", "2018-03-02")


async def test_the_plain_form(school: TestSchool) -> None:
    outcome = await brought(SHEETS)
    assert [counts(outcome, what) for what in ("people", "groups", "enrolments", "links")] == [
        (6, 0, 0, 0), (2, 0, 0, 0), (3, 0, 0, 0), (4, 0, 0, 0)
    ]  # fmt: skip
    assert [row[1:4] for row in await links("1")] == [(True, True, "mother"), (True, True, "father")]
    assert [row[1:4] for row in await links("3")] == [(True, False, "guardian")]
    before = await everything()
    assert counts(await brought(SHEETS), "people") == (0, 0, 6, 0)
    assert await everything() == before
    outcome = await brought(edit(SHEETS, "guardians.csv", "cleo@families.example", "cleo@work.example"))
    assert counts(outcome, "people") == (0, 1, 5, 0)  # recognised, not replaced
    assert counts(outcome, "links") == (0, 0, 4, 0)
    outcome = await brought(edit(SHEETS, "guardians.csv", "uk,yes,no", "uk,no,no"))
    assert counts(outcome, "links") == (0, 1, 3, 0)


async def test_the_plain_form_next_year(sqlite_school: TestSchool) -> None:
    await brought(SHEETS)
    rows = SHEETS["children.csv"].replace("class\n", "class,class until\n")
    for line in ("3a", "3b"):
        rows = rows.replace(f",{line}\n", f",{line},31.07.2028\n")
    outcome = await brought({**SHEETS, "children.csv": rows})
    assert counts(outcome, "groups") == (2, 0, 0, 0)
    assert await db.rows("SELECT until FROM school_group WHERE name = '3a' AND source = 'sheet' ORDER BY 1") == [
        ("2027-07-31",), ("2028-07-31",)
    ]  # fmt: skip


async def test_a_namesake_is_not_taken_for_somebody_else(sqlite_school: TestSchool) -> None:
    """Without numbers: a child of the same name but another birthday is another child."""
    named = {
        "children.csv": "given name,family name,born,class\nMia,Winter,2018-03-02,3a\n" + "".join(
            f"Kit{n},Moor,,3a\n" for n in range(30)
        ),
        "guardians.csv": "child given name,child family name,given name,family name\nMia,Winter,Ada,Winter\n",
    }  # fmt: skip
    await brought(named)
    assert counts(await brought(edit(named, "children.csv", "2018-03-02", "2017-01-01")), "people")[0] == 2
    later = edit(named, "children.csv", "Kit7,Moor,", "Kit7,Moor,2018-01-01")
    assert counts(await brought({**later, "children.csv": later["children.csv"].replace("2018-03-02", "2017-01-01")}),
                  "people") == (0, 1, 31, 0)  # fmt: skip


async def test_households(school: TestSchool) -> None:
    file = """householdId,memberSourcedId,memberRole,contactPriority,contactEmail,contactSMS,contactPhone,contactPaper
h-1,s-1,child,,,,,
h-1,p-1,adult,1,true,false,,true
h-2,s-1,child,,,,,
h-2,p-2,adult,1,true,true,true,true
"""
    await brought(SMALL, file)
    sql = (
        "SELECT h.external_id, p.external_id, m.contact_order, m.channels FROM household_member m"
        " JOIN household h ON h.id = m.household JOIN person p ON p.id = m.person ORDER BY 1, 2"
    )
    assert await db.rows(sql) == [
        ("h-1", "p-1", 1, "email,paper"),
        ("h-1", "s-1", None, ""),
        ("h-2", "p-2", 1, "email,sms,phone,paper"),
        ("h-2", "s-1", None, ""),
    ]
    before = await everything()
    await brought(SMALL, file)
    assert await everything() == before
    await brought(SMALL)  # without the file households stay
    assert await everything() == before
    await brought(SMALL, file.replace("h-2,s-1,child,,,,,\nh-2,p-2,adult,1,true,true,true,true\n", ""))
    assert {row[0] for row in await db.rows(sql)} == {"h-1"}


@pytest.mark.parametrize(
    ("old", "new", "line", "field"),
    [
        ("h-1,p-1", "h-1,p-9", 3, "memberSourcedId"),
        ("h-1,p-1", "h-1,", 3, "memberSourcedId"),
        ("h-1,p-1", ",p-1", 3, "householdId"),
        ("h-1,p-1", "h-1,s-1", 3, "memberSourcedId"),
        ("adult,1", "adult,first", 3, "contactPriority"),
        ("adult,1", "adult," + "9" * 5000, 3, "contactPriority"),
        ("adult,1", "robot,1", 3, "memberRole"),
        ("1,true", "1,perhaps", 3, "contactEmail"),
        ("memberRole", "memberRoll", 1, "memberRole"),
    ],
)
async def test_households_that_are_wrong(sqlite_school: TestSchool, old: str, new: str, line: int, field: str) -> None:
    file = "householdId,memberSourcedId,memberRole,contactPriority,contactEmail\nh-1,s-1,child,,\nh-1,p-1,adult,1,true\n"
    assert old in file
    before = await everything()
    outcome = await bring(SMALL, file.replace(old, new))
    assert (("households.csv", line, field)) in [(p.file, p.line, p.field) for p in outcome.problems.errors]
    assert await everything() == before
    await brought(SMALL, file)


async def test_what_was_previewed_and_nothing_else(sqlite_school: TestSchool) -> None:
    seen = await actions.preview(package(SMALL))
    await brought(without(SMALL))
    before = await everything()
    late = await actions.apply(package(edit(SMALL, "users.csv", "Lea", "Leah")), only=seen.fingerprint)
    assert late.fingerprint != seen.fingerprint
    assert await everything() == before
    right = await actions.preview(package(edit(SMALL, "users.csv", "Lea", "Leah")))
    await actions.apply(package(edit(SMALL, "users.csv", "Lea", "Leah")), only=right.fingerprint)
    assert await everything() != before


async def test_staff_of_the_plain_form(sqlite_school: TestSchool) -> None:
    staff = "Vorname;Nachname;E-Mail;Klassen\nDora;Frost;dora@school.example;3a, 3B\nAda;Winter;ada@families.example;3b\n"
    outcome = await brought({**SHEETS, "Lehrkräfte.csv": staff})
    assert counts(outcome, "people") == (7, 0, 0, 0)  # Ada is a mother and teaches: one person
    assert counts(outcome, "enrolments") == (6, 0, 0, 0)
    assert any("both duties" in p.message and p.line == 3 for p in outcome.problems.warnings)
    taught = await db.rows(
        "SELECT p.given_name, g.name FROM staff s JOIN person p ON p.id = s.adult"
        " JOIN school_group g ON g.id = s.group_id WHERE s.source = 'sheet' ORDER BY 1, 2"
    )
    assert taught == [("Ada", "3b"), ("Dora", "3a"), ("Dora", "3b")]
    before = await everything()
    refused = await bring({**SHEETS, "Lehrkräfte.csv": staff.replace("3a, 3B", "3a, 9z")})
    assert [(p.file, p.line, p.field) for p in refused.problems.errors] == [("Lehrkräfte.csv", 2, "Klassen")]
    assert await everything() == before


async def test_sheets_as_a_german_spreadsheet_writes_them(sqlite_school: TestSchool) -> None:
    children = "\ufeffNr;Vorname;Nachname;Geburtsdatum;Klasse;Klasse bis\r\n7;Jürgen;Groß;02.03.2018;1a;30.7.2027\r\n"
    guardians = (
        "sep=;\r\nKind Nr;Vorname;Nachname;E-Mail;Sprache;Sorgerecht;sieht\r\n7;Übül;Groß;u@x.example;Deutsch;x;x\r\n"
        "7;Oma;Groß;;;;x\r\n"
    )
    await brought({"Kinder.csv": children, "Sorgeberechtigte.csv": guardians})
    assert [row[1:3] for row in await links("7")] == [(True, True), (False, True)]
    assert await db.row("SELECT born, language FROM person WHERE id = ?", await who("7")) == ("2018-03-02", "en")
    assert await db.value("SELECT language FROM person WHERE given_name = 'Übül'") == "de"
    assert await db.value("SELECT until FROM school_group WHERE source = 'sheet'") == "2027-07-30"
