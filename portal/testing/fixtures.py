"""Fixtures for the tests of a plugin: `pytest_plugins = ["portal.testing.fixtures"]` in its conftest.py."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from portal.testing.school import TestSchool, open_school


@pytest.fixture
async def school(tmp_path: Path) -> AsyncIterator[TestSchool]:
    """A small school with its cast, on a database of this test's own. `await school.use("NAME")` enables a plugin."""
    async with open_school(tmp_path) as opened:
        yield opened
