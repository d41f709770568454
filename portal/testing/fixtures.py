"""Fixtures for the tests of a plugin: `pytest_plugins = ["portal.testing.fixtures"]` in its conftest.py."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal.testing.school import TestSchool, open_school, prepare


@pytest.fixture(scope="session")
def ready_school(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("ready") / "ready.sqlite"
    with ThreadPoolExecutor(1) as thread:  # an event loop may run on this one already
        thread.submit(asyncio.run, prepare(path)).result()
    return path


@pytest.fixture
async def school(tmp_path: Path, ready_school: Path) -> AsyncIterator[TestSchool]:
    """A small school with its cast, on a database of this test's own. `await school.use("NAME")` enables a plugin."""
    async with open_school(tmp_path, None, ready_school) as opened:
        yield opened
