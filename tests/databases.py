"""Databases for tests, migrated once in a process: a SQLite file to copy, and PostgreSQL ones as good as new."""

from __future__ import annotations

import asyncio
import functools
import os
import secrets
import tempfile
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import asyncpg

from portal.db import db
from portal.db.migrate import migrate
from portal.hooks.host import host
from portal.main import apps
from portal.testing.school import prepare

T = TypeVar("T")

# CI names the server; elsewhere a local one is used if it lets us in.
POSTGRES = os.environ.get("PORTAL_TEST_POSTGRES", "postgresql:///postgres?host=/var/run/postgresql")
TABLES = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
# Changes with every change of tables, columns, indexes, triggers and functions, and with nothing else.
CATALOGUES = ("pg_class", "pg_attribute", "pg_constraint", "pg_trigger", "pg_proc", "pg_namespace")
SHAPE = " UNION ALL ".join(
    f"SELECT '{name}', count(*), max(xmin::text::bigint) FROM {name}" for name in CATALOGUES
)  # fmt: skip
OTHERS = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)


def database_url(name: str) -> str:
    """The address of another database on the test server."""
    head, _, query = POSTGRES.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


@functools.cache
def ready_sqlite() -> Path:
    """A migrated SQLite file to copy."""
    folder = tempfile.TemporaryDirectory()
    _kept.append(folder)
    path = Path(folder.name) / "ready.sqlite"
    with ThreadPoolExecutor(1) as thread:  # an event loop may run on this one already
        thread.submit(asyncio.run, prepare(path)).result()
    return path


_kept: list[object] = []  # gone with the process


class Server:
    """The test server. Its databases are migrated, and empty but for what migrations leave.

    Works in a loop and on a thread of its own: an event loop may already run where it is asked. Raises OSError and
    asyncpg.PostgresError if it is not let in.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="databases")
        self._loop = asyncio.new_event_loop()
        self._ready = ""
        self._used: Used | None = None

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._thread.submit(self._loop.run_until_complete, work).result()

    def copy(self) -> str:
        """The name of a database of one's own, to be dropped."""
        return self._run(self._copy())

    def drop(self, name: str) -> None:
        self._run(self._drop(name))

    def as_new(self) -> str:
        """The address of the database that tests use one after the other."""
        return self._run(self._as_new())

    def close(self) -> None:
        """Leaves nothing on the server. May be used again."""
        self._run(self._leave())

    async def _copy(self) -> str:
        if not self._ready:
            name = f"portal_ready_{secrets.token_hex(4)}"
            await _statement(f"CREATE DATABASE {name}")
            self._ready = name
            if not host.plugins:
                host.load_installed()
            db.connect(database_url(name))
            await migrate(apps())
            await db.close()
        name = f"portal_test_{secrets.token_hex(6)}"
        await _statement(f"CREATE DATABASE {name} TEMPLATE {self._ready} STRATEGY FILE_COPY")
        return name

    async def _drop(self, name: str) -> None:
        await _statement(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    async def _as_new(self) -> str:
        if self._used is not None and not await self._used.emptied():
            await self._give_up()
        if self._used is None:
            self._used = Used(await self._copy())
            await self._used.remember()
        return database_url(self._used.name)

    async def _give_up(self) -> None:
        if self._used is not None:
            name, self._used = self._used.name, None
            await self._drop(name)

    async def _leave(self) -> None:
        await self._give_up()
        if self._ready:
            name, self._ready = self._ready, ""
            await self._drop(name)


class Used:
    """A database that is emptied between tests, which takes a hundredth of the time of a copy."""

    def __init__(self, name: str) -> None:
        self.name = name

    async def remember(self) -> None:
        """What belongs in it."""
        self._asked = await asyncpg.connect(database_url(self.name))
        self._tables = [row[0] for row in await self._asked.fetch(TABLES)]
        self._rows = {
            table: rows for table in self._tables if (rows := await self._asked.fetch(f"SELECT * FROM {table}"))
        }
        self._shape = await self._asked.fetch(SHAPE)

    async def emptied(self) -> bool:
        """Whether it is as it was: tables of a test are dropped, rows deleted. Not where a test changed a table, or
        where we may not go past the triggers that keep the consent ledger."""
        try:
            await self._asked.execute(OTHERS)
            async with self._asked.transaction():
                await self._asked.execute("SET LOCAL session_replication_role = replica; SET LOCAL lock_timeout = 5000")
                for row in await self._asked.fetch(TABLES):
                    if row[0] not in self._tables:
                        await self._asked.execute(f"DROP TABLE {row[0]} CASCADE")
                if await self._asked.fetch(SHAPE) != self._shape:
                    return False
                filled = [f"(SELECT '{table}' FROM {table} LIMIT 1)" for table in self._tables]
                for row in await self._asked.fetch(" UNION ALL ".join(filled)):
                    await self._asked.execute(f"DELETE FROM {row[0]}")
                for table, rows in self._rows.items():
                    await self._asked.copy_records_to_table(table.strip('"'), records=rows)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return False
        return True


async def _statement(sql: str) -> None:
    connection = await asyncpg.connect(POSTGRES)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


server = Server()
