"""The filled school, opened once for all tests that only look."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.access.world import World, open_world


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["sqlite", "postgres"])
async def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, ready_sqlite: Path
) -> AsyncIterator[World]:
    """The filled school on each database."""
    url = request.getfixturevalue("postgres_of_module") if request.param == "postgres" else None
    async with open_world(tmp_path_factory.mktemp("world"), url, ready_sqlite) as opened:
        yield opened
