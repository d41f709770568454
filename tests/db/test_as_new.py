"""The database that PostgreSQL tests use one after the other: nothing of one test reaches the next."""

from __future__ import annotations

from typing import Any

import asyncpg

from tests.databases import TABLES, Server

LEFT = (
    "INSERT INTO person (id, kind, given_name, family_name, language, active, safeguarding_hold, source, created_at)"
    " VALUES (1, 'adult', 'A', 'B', 'en', true, false, 'test', 0)",
    "INSERT INTO decision (id, child, made_by, purpose, rung, at, notice_version, notice_sha256, language, way,"
    " recorded_at) VALUES (1, 1, 1, 'photo', 0, 0, 1, '', 'en', 'account', 0)",
    "DELETE FROM migration",
    "CREATE TABLE left_over (id BIGINT PRIMARY KEY, whose BIGINT REFERENCES person (id))",
    "INSERT INTO left_over VALUES (1, 1)",
)


async def everything(url: str) -> dict[str, list[Any]]:
    """Every row of every table."""
    connection = await asyncpg.connect(url)
    tables = [row[0] for row in await connection.fetch(TABLES)]
    found = {table: await connection.fetch(f"SELECT * FROM {table}") for table in tables}
    await connection.close()
    return found


async def test_what_a_test_leaves_is_gone_with_it(postgres: Server) -> None:
    """Rows of the ledger, rows that are missing, tables, and a transaction that nobody ended."""
    url = postgres.as_new()
    new = await everything(url)
    assert len(new["migration"]) > 5
    connection = await asyncpg.connect(url)
    for statement in LEFT:
        await connection.execute(statement)
    await connection.execute("BEGIN")
    await connection.execute("LOCK TABLE person")
    assert postgres.as_new() == url
    assert await everything(url) == new


async def test_one_whose_tables_were_changed_is_not_used_again(postgres: Server) -> None:
    for change in (
        "ALTER TABLE person ADD COLUMN more TEXT",
        "ALTER TABLE decision DISABLE TRIGGER decision_append_only",
        "DROP INDEX person_email",
        "DROP TABLE role",
    ):
        url = postgres.as_new()
        connection = await asyncpg.connect(url)
        await connection.execute(change)
        await connection.close()
        assert postgres.as_new() != url, change
