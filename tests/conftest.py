"""Fixtures: the school with its cast on each database, and a network closed but for loopback."""

from __future__ import annotations

import os
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from portal.testing import TestSchool, open_school
from tests import commands, databases
from tests.databases import Server, database_url


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
def ready_sqlite() -> Path:
    """A migrated SQLite file to copy."""
    return databases.ready_sqlite()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The PostgreSQL server of the tests."""
    try:
        databases.server.as_new()
    except (OSError, asyncpg.PostgresError) as failure:
        if "PORTAL_TEST_POSTGRES" in os.environ:
            raise
        pytest.skip(f"no PostgreSQL server that lets us in: {type(failure).__name__}")
    yield databases.server
    databases.server.close()


@pytest.fixture
def postgres_url(postgres: Server) -> str:
    """A migrated, empty PostgreSQL database for this test."""
    return postgres.as_new()


@pytest.fixture(scope="module")
def postgres_of_module(postgres: Server) -> Iterator[str]:
    """A migrated, empty PostgreSQL database that the tests of one module share."""
    name = postgres.copy()
    yield database_url(name)
    postgres.drop(name)


@pytest.fixture(scope="module")
def forked_commands() -> Iterator[None]:
    """For tests that call `commands.portal`: what it starts ends with them."""
    yield
    commands.end()


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
