"""A migrated, empty database of each kind, with one scratch table that a test may do with as it likes."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from portal.db import atomic, db
from portal.visibility import facts


@pytest.fixture(params=["sqlite", "postgres"])
async def database(request: pytest.FixtureRequest, tmp_path: Path, ready_sqlite: Path) -> AsyncIterator[str]:
    """Its address; it is connected."""
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url")
    else:
        shutil.copy(ready_sqlite, tmp_path / "portal.sqlite")
        url = f"sqlite:{tmp_path / 'portal.sqlite'}"
    db.connect(url, durable=False)
    facts.forget()
    await make_scratch()
    yield url
    await db.close()


@atomic
async def make_scratch() -> None:
    await db.run("CREATE TABLE scratch (id BIGINT PRIMARY KEY, n BIGINT NOT NULL)")


@atomic
async def put(number: int, n: int = 0) -> None:
    """One row of the scratch table."""
    await db.run("INSERT INTO scratch (id, n) VALUES (?, ?)", number, n)


async def stored() -> list[int]:
    """The rows that another request would find now."""
    return [row[0] for row in await db.backend.read("SELECT id FROM scratch ORDER BY id", ())]
