"""A route of a thoughtless plugin, in a folder of its own because the watch goes by folders."""

from __future__ import annotations

import time

from litestar import get

from portal.kinds import Access


@get("/lost/sleeps", access=Access.SIGNED_IN)
async def sleeps() -> str:
    time.sleep(20)  # noqa: ASYNC251
    return "awake"
