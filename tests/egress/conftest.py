"""The filled school, and what each member of the cast can reach in it: crawled once for all tests here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from portal.testing import CAST
from tests.access.world import World, open_world
from tests.egress.crawl import Crawl
from tests.web.raw import declared


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory, ready_sqlite: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path_factory.mktemp("world"), None, ready_sqlite) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def crawls(world: World) -> dict[str, Crawl]:
    """By member. Each starts from every page of the application that stands on its own, open to them or not."""
    starts = [path for method, path in declared(world.school) if method == "GET" and "{" not in path]
    return {name: await Crawl(await world.school.browser(name)).follow(starts) for name in CAST}
