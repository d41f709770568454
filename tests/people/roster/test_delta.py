# ruff: noqa: E501  (rows of CSV files and cases stay on one line)
"""Parts (delta): only what is named changes, and what a part refers to may be what is stored."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from portal import clock
from portal.db import db
from portal.testing import TestSchool

from .kit import NOON, SMALL, TODAY, bring, brought, counts, delta, edit, everything, small12, who

YESTERDAY = "2026-11-20"


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


async def current(child: str) -> set[str]:
    """The guardians linked to a child today."""
    rows = await db.rows(
        "SELECT p.external_id FROM link l JOIN person p ON p.id = l.adult"
        " WHERE l.child = ? AND (l.ends IS NULL OR l.ends >= ?)",
        *(await who(child), TODAY),
    )
    return {key for (key,) in rows}


async def test_a_new_child_with_a_known_guardian_and_class(school: TestSchool) -> None:
    await brought(SMALL)
    outcome = await brought(
        delta(
            users="s-4,active,2026-11-20,true,org-1,student,s4,,Ida,Sommer,,,,,,p-2,,\n",
            enrollments="e-9,active,2026-11-20,c-2,org-1,s-4,student,,,\n",
        )
    )
    assert [counts(outcome, what) for what in ("people", "groups", "enrolments", "links")] == [
        (1, 0, 0, 0), (0, 0, 0, 0), (1, 0, 0, 0), (1, 0, 0, 0)
    ]  # fmt: skip
    assert await current("s-4") == {"p-2"}
    assert await current("s-1") == {"p-1", "p-2"}
    assert await db.rows("SELECT starts FROM membership WHERE child = ?", await who("s-4")) == [(TODAY,)]


async def test_the_same_part_again_changes_nothing(sqlite_school: TestSchool) -> None:
    await brought(SMALL)
    part = delta(users="s-3,active,2026-11-20,true,org-1,student,s3,,Leah,Herbst,,,,,,,,\n")
    assert counts(await brought(part), "people") == (0, 1, 0, 0)
    before = await everything()
    assert counts(await brought(part), "people") == (0, 0, 1, 0)
    assert await everything() == before


async def test_who_is_named_as_deleted_goes_with_classes_and_links(school: TestSchool) -> None:
    await brought(SMALL)
    part = delta(users="s-2,tobedeleted,2026-11-20,true,org-1,student,s2,,Ben,Sommer,,,,,,,,\n")
    assert (await bring(part)).refused  # one of seven is more than a tenth
    outcome = await brought(part, confirm=True)
    assert [counts(outcome, what) for what in ("people", "enrolments", "links")] == [
        (0, 0, 0, 1), (0, 0, 0, 1), (0, 0, 0, 1)
    ]  # fmt: skip
    assert await current("s-2") == set()
    assert await db.rows("SELECT ends FROM membership WHERE child = ?", await who("s-2")) == [(YESTERDAY,)]
    assert await current("s-1") == {"p-1", "p-2"}


async def test_an_enrolment_that_is_deleted(sqlite_school: TestSchool) -> None:
    await brought(SMALL)
    outcome = await brought(delta(enrollments="e-3,tobedeleted,2026-11-20,c-1,org-1,s-3,student,,,\n"))
    assert counts(outcome, "enrolments") == (0, 0, 0, 1)
    assert await db.rows("SELECT ends FROM membership WHERE child = ?", await who("s-3")) == [(YESTERDAY,)]
    assert await db.rows("SELECT ends FROM membership WHERE child = ?", await who("s-1")) == [(None,)]


async def test_a_class_that_is_deleted(sqlite_school: TestSchool) -> None:
    await brought(SMALL)
    outcome = await brought(delta(classes="c-2,tobedeleted,2026-11-20,3b,,course-1,3b,homeroom,,org-1,term-1,,,\n"))
    assert counts(outcome, "groups") == (0, 0, 0, 1)
    rows = await db.rows("SELECT name, until FROM school_group WHERE source = 'oneroster' ORDER BY name")
    assert rows == [("3a", "2027-07-16"), ("3b", YESTERDAY)]


async def test_a_guardian_whom_the_child_no_longer_names(sqlite_school: TestSchool) -> None:
    await brought(SMALL)
    await brought(delta(users="s-1,active,2026-11-20,true,org-1,student,s1,,Mia,Winter,,,,,,p-1,,\n"))
    assert await current("s-1") == {"p-1"}


async def test_a_guardian_who_names_the_child_herself_is_not_lost_by_the_childs_row(sqlite_school: TestSchool) -> None:
    await brought(SMALL)
    await brought(delta(users="s-3,active,2026-11-20,true,org-1,student,s3,,Leah,Herbst,,,,,,,,\n"))
    assert await current("s-3") == {"p-3"}
    await brought(delta(users="p-3,active,2026-11-20,true,org-1,guardian,p3,,Cleo,Herbst,,,,,,,,\n"))
    assert await current("s-3") == set()


async def test_a_new_class_in_a_known_term(sqlite_school: TestSchool) -> None:
    await brought(SMALL)
    await brought(delta(classes="c-9,active,2026-11-20,3c,,course-1,3c,homeroom,,org-1,term-1,,,\n"))
    assert await db.value("SELECT until FROM school_group WHERE external_id = 'c-9'") == "2027-07-16"


async def test_a_term_that_is_moved_moves_its_classes(sqlite_school: TestSchool) -> None:
    await brought(SMALL)
    part = delta(academicSessions="term-1,active,2026-11-20,2026-2027,schoolYear,2026-08-31,2027-07-23,,2027\n")
    assert counts(await brought(part), "groups") == (0, 2, 0, 0)
    assert await db.rows("SELECT DISTINCT until FROM school_group WHERE source = 'oneroster'") == [("2027-07-23",)]


@pytest.mark.parametrize(
    ("rows", "file", "field"),
    [
        ({"users": "s-4,active,2026-11-20,true,org-1,student,s4,,Ida,Sommer,,,,,,p-9,,\n"}, "users.csv", "agentSourcedIds"),
        ({"enrollments": "e-9,active,2026-11-20,c-9,org-1,s-1,student,,,\n"}, "enrollments.csv", "classSourcedId"),
        ({"enrollments": "e-9,active,2026-11-20,c-1,org-1,s-9,student,,,\n"}, "enrollments.csv", "userSourcedId"),
        ({"classes": "c-9,active,2026-11-20,3c,,course-1,3c,homeroom,,org-1,term-9,,,\n"}, "classes.csv", "termSourcedIds"),
    ],
)  # fmt: skip
async def test_a_part_that_refers_to_nothing(
    sqlite_school: TestSchool, rows: dict[str, str], file: str, field: str
) -> None:
    await brought(SMALL)
    before = await everything()
    outcome = await bring(delta(**rows))
    assert [(p.file, p.line, p.field) for p in outcome.problems.errors] == [(file, 2, field)]
    assert await everything() == before


async def test_a_part_without_status_is_taken_as_active(sqlite_school: TestSchool) -> None:
    await brought(SMALL)
    outcome = await brought(delta(users="s-3,,2026-11-20,true,org-1,student,s3,,Leah,Herbst,,,,,,,,\n"))
    assert counts(outcome, "people") == (0, 1, 0, 0)
    assert [(p.line, p.field) for p in outcome.problems.warnings if p.field == "status"] == [(2, "status")]


async def test_a_part_in_version_12_needs_no_roles_of_known_people(sqlite_school: TestSchool) -> None:
    full = small12()
    await brought(full)
    manifest = full["manifest.csv"].replace(",bulk", ",absent").replace("file.users,absent", "file.users,delta")
    header = full["users.csv"].splitlines()[0]
    part = {
        "manifest.csv": manifest,
        "users.csv": f"{header}\ns-3,active,2026-11-20,true,s3,,Leah,Herbst,,,,,,,,,,,,,org-1,\n",
    }
    assert counts(await brought(part), "people") == (0, 1, 0, 0)
    assert await current("s-3") == {"p-3"}
    stranger = edit(part, "users.csv", "s-3,", "s-8,")
    assert [(p.file, p.field) for p in (await bring(stranger)).problems.errors] == [("users.csv", "sourcedId")]


async def test_people_in_part_with_complete_enrolments(sqlite_school: TestSchool) -> None:
    """Each file has its own mode."""
    await brought(SMALL)
    part = delta(users="s-3,active,2026-11-20,true,org-1,student,s3,,Leah,Herbst,,,,,,,,\n")
    part["manifest.csv"] = part["manifest.csv"].replace("file.enrollments,absent", "file.enrollments,bulk")
    part["enrollments.csv"] = SMALL["enrollments.csv"].replace("e-2,,,c-2,org-1,s-2,student,,,\n", "")
    outcome = await brought(part)
    assert counts(outcome, "people") == (0, 1, 0, 0)
    assert counts(outcome, "enrolments") == (0, 0, 3, 1)
    assert await db.rows("SELECT ends FROM membership WHERE child = ?", await who("s-2")) == [(YESTERDAY,)]
