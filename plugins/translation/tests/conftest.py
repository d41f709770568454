"""The portal's own fixtures serve the plugin's tests: the school with its cast, on each database."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from portal.testing import TestSchool

sys.path.insert(0, str(Path(__file__).parent))  # for what the tests share

_file = Path(__file__).parents[3] / "tests" / "conftest.py"
_spec = importlib.util.spec_from_file_location("portal_fixtures", _file)
assert _spec is not None
assert _spec.loader is not None
_fixtures = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_fixtures)
globals().update({name: value for name, value in vars(_fixtures).items() if not name.startswith("__")})


@pytest.fixture
async def translating(sqlite_school: TestSchool) -> TestSchool:
    """The school, with translation in use, for pages: on one kind of database, the actions are tried on both."""
    await sqlite_school.use("translation")
    return sqlite_school
