"""The small plugin of `tests/web/lost.py`, in use."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from portal.testing import TestSchool
from tests.web import lost as plugin


@pytest.fixture
async def lost(school: TestSchool) -> AsyncIterator[None]:
    with plugin.loaded():
        await plugin.use(school)
        yield
