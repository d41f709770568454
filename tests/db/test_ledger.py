"""What the database itself guards: the ledger is only appended to, and every change of a fact is counted."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from portal.db import atomic, db
from portal.kinds import PHOTO, Rung
from portal.testing import TestSchool, run
from portal.visibility.facts import snapshot

TEXT = "only ever appended to"


async def lines() -> list[tuple[Any, ...]]:
    return await db.rows("SELECT * FROM decision ORDER BY id")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE decision SET rung = 4",
        "UPDATE decision SET until = NULL WHERE child = (SELECT min(child) FROM decision)",
        "DELETE FROM decision",
        "DELETE FROM decision WHERE id = (SELECT min(id) FROM decision)",
        "INSERT INTO decision SELECT * FROM decision WHERE true ON CONFLICT (id) DO UPDATE SET rung = 4",
    ],
)
async def test_the_ledger_refuses_anything_but_another_line(school: TestSchool, sql: str) -> None:
    before = await lines()
    assert before
    with pytest.raises(Exception, match=TEXT):
        await run(sql)
    assert await lines() == before
    await school.decide("parent", "mia", Rung.NOBODY)
    assert len(await lines()) == len(before) + 1


async def test_replacing_a_line_is_refused_too(sqlite_school: TestSchool) -> None:
    """SQLite's own way around an UPDATE: its triggers on DELETE run only with `recursive_triggers`."""
    before = await lines()
    columns = [row[1] for row in await db.rows("PRAGMA table_info(decision)")]
    new = ", ".join("4" if column == "rung" else column for column in columns)
    with pytest.raises(Exception, match=TEXT):
        await run(f"INSERT OR REPLACE INTO decision ({', '.join(columns)}) SELECT {new} FROM decision")
    assert await lines() == before


async def test_emptying_the_ledger_is_refused_too(school: TestSchool) -> None:
    """PostgreSQL's own way around a DELETE, which runs triggers of its own."""
    if db.dialect == "sqlite":
        pytest.skip("SQLite has no TRUNCATE")
    before = await lines()
    for sql in ("TRUNCATE decision CASCADE", "TRUNCATE person CASCADE"):
        with pytest.raises(Exception, match=TEXT):
            await run(sql)
    assert await lines() == before
    await run("TRUNCATE access_log")  # what is no ledger may be emptied


async def test_nobody_in_the_ledger_can_be_deleted(school: TestSchool) -> None:
    """Whoever is named there stays; deactivating is how people leave."""
    for name in ("parent", "mia"):
        with pytest.raises(Exception, match=r"."):
            await run("DELETE FROM person WHERE id = ?", school.ids[name])
    assert await db.value("SELECT count(*) FROM person WHERE id = ?", school.ids["mia"]) == 1


async def version() -> int:
    return int(await db.value("SELECT n FROM fact_version WHERE id = 1"))


def _verbs(school: TestSchool) -> dict[str, tuple[str, str, str]]:
    """For each table that the rule reads an INSERT, an UPDATE and a DELETE that change a row."""
    ids = school.ids
    mia, parent, group = ids["mia"], ids["parent"], school.groups["3a"]
    return {
        "school": (
            "INSERT INTO school (key, value) VALUES ('odd', '1')",
            "UPDATE school SET value = '2' WHERE key = 'odd'",
            "DELETE FROM school WHERE key = 'odd'",
        ),
        "person": (
            "INSERT INTO person (id, kind, given_name, family_name, language, source, created_at)"
            " VALUES (77, 'adult', 'New', 'One', 'en', 'test', 1)",
            "UPDATE person SET active = false WHERE id = 77",
            "DELETE FROM person WHERE id = 77",
        ),
        "role": (
            f"INSERT INTO role (id, person, role) VALUES (77, {parent}, 'office')",
            "UPDATE role SET role = 'admin' WHERE id = 77",
            "DELETE FROM role WHERE id = 77",
        ),
        "school_group": (
            "INSERT INTO school_group (id, name, kind, source) VALUES (77, 'x', 'course', 'test')",
            "UPDATE school_group SET until = '2020-01-01' WHERE id = 77",
            "DELETE FROM school_group WHERE id = 77",
        ),
        "membership": (
            f"INSERT INTO membership (id, child, group_id, source) VALUES (77, {mia}, {group}, 'test')",
            "UPDATE membership SET ends = '2020-01-01' WHERE id = 77",
            "DELETE FROM membership WHERE id = 77",
        ),
        "staff": (
            f"INSERT INTO staff (id, adult, group_id, source) VALUES (77, {parent}, {group}, 'test')",
            f"UPDATE staff SET adult = {ids['other']} WHERE id = 77",
            "DELETE FROM staff WHERE id = 77",
        ),
        "link": (
            "INSERT INTO link (id, adult, child, decides, sees, relation, source)"
            f" VALUES (77, {ids['other']}, {mia}, true, true, 'guardian', 'test')",
            "UPDATE link SET sees = false WHERE id = 77",
            "DELETE FROM link WHERE id = 77",
        ),
        "block": (
            f"INSERT INTO block (id, adult, child, created_at) VALUES (77, {ids['other']}, {mia}, 1)",
            "UPDATE block SET created_at = 2 WHERE id = 77",
            "DELETE FROM block WHERE id = 77",
        ),
    }


async def test_every_change_of_a_fact_is_counted(school: TestSchool) -> None:
    for table, verbs in _verbs(school).items():
        for sql in verbs:
            before, kept = await version(), await snapshot()
            await run(sql)
            assert await version() > before, f"{table}: not counted: {sql}"
            assert await snapshot() is not kept
    before = await version()
    await school.decide("parent", "mia", Rung.NOBODY, PHOTO)
    assert await version() > before


async def test_a_change_that_is_rolled_back_is_not_counted(school: TestSchool) -> None:
    before, kept = await version(), await snapshot()

    @atomic
    async def half() -> None:
        await db.run("DELETE FROM block")
        assert await version() > before
        assert (await snapshot()) is not kept  # what it wrote counts for itself
        raise ValueError

    with pytest.raises(ValueError):
        await half()
    assert await version() == before
    assert await snapshot() is kept


async def test_every_table_that_the_rule_reads_is_counted(sqlite_school: TestSchool) -> None:
    """A new fact table needs triggers in a migration: the tables that `facts.py` reads are those with triggers."""
    source = (Path(__file__).parents[2] / "portal/visibility/facts.py").read_text()
    read = set(re.findall(r"(?:FROM|JOIN) ([a-z_]+)", source)) - {"fact_version"} | {"school"}
    assert read <= {*_verbs(sqlite_school), "decision"}, "add the new table to the triggers and to _verbs above"
    for table in read:
        for verb in ("insert", "update", "delete"):
            assert await db.value(
                "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ? AND name = ?",
                *(table, f"{table}_{verb}"),
            ), f"{table} is a fact of the rule: its migration needs a trigger on {verb} that counts up fact_version"
