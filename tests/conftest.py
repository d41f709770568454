"""Fixtures: the school with its cast on each database, and a network closed but for loopback."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from portal.db import db
from portal.db.migrate import migrate
from portal.hooks.host import host
from portal.main import apps
from portal.testing import TestSchool, open_school
from portal.testing.school import prepare

# CI names the server; elsewhere a local one is used if it lets us in.
POSTGRES = os.environ.get("PORTAL_TEST_POSTGRES", "postgresql:///postgres?host=/var/run/postgresql")


@pytest.fixture(scope="session", autouse=True)
def closed_network() -> Iterator[None]:
    """Refuses every connection that leaves this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise OSError(f"The network is closed in tests: {address!r}")
        connect(self, address)  # type: ignore[arg-type]

    socket.socket.connect = guarded  # type: ignore[method-assign,assignment]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def ready_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("ready") / "ready.sqlite"
    _run(prepare(path))
    return path


def database_url(name: str) -> str:
    """The address of another database on the test server."""
    head, _, query = POSTGRES.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


def _run(work: Coroutine[Any, Any, None]) -> None:
    """Runs to the end on a thread of its own: an event loop may already run on this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


async def _statement(sql: str) -> None:
    connection = await asyncpg.connect(POSTGRES)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def ready_postgres() -> Iterator[str]:
    """The name of a migrated PostgreSQL database to copy."""
    name = f"portal_ready_{secrets.token_hex(4)}"

    async def make() -> None:
        await _statement(f"CREATE DATABASE {name}")
        if not host.plugins:
            host.load_installed()
        db.connect(database_url(name))
        await migrate(apps())
        await db.close()

    try:
        _run(make())
    except (OSError, asyncpg.PostgresError) as failure:
        if "PORTAL_TEST_POSTGRES" in os.environ:
            raise
        pytest.skip(f"no PostgreSQL server that lets us in: {type(failure).__name__}")
    yield name
    _run(_statement(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


@contextmanager
def _copy_of(ready: str) -> Iterator[str]:
    name = f"portal_test_{secrets.token_hex(6)}"
    _run(_statement(f"CREATE DATABASE {name} TEMPLATE {ready} STRATEGY FILE_COPY"))
    yield database_url(name)
    _run(_statement(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


@pytest.fixture
def postgres_url(ready_postgres: str) -> Iterator[str]:
    """A migrated, empty PostgreSQL database of this test's own."""
    with _copy_of(ready_postgres) as url:
        yield url


@pytest.fixture(scope="module")
def postgres_of_module(ready_postgres: str) -> Iterator[str]:
    """A migrated, empty PostgreSQL database that the tests of one module share."""
    with _copy_of(ready_postgres) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
async def school(request: pytest.FixtureRequest, tmp_path: Path, ready_sqlite: Path) -> AsyncIterator[TestSchool]:
    """The school with its cast, on each database."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    async with open_school(tmp_path, url, ready_sqlite) as opened:
        yield opened


@pytest.fixture
async def sqlite_school(tmp_path: Path, ready_sqlite: Path) -> AsyncIterator[TestSchool]:
    """The school on SQLite only: for what does not touch the database's kind."""
    async with open_school(tmp_path, None, ready_sqlite) as opened:
        yield opened
