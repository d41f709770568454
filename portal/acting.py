"""Which plugin is being run just now, so that what it asks for can be held to its own things.

Set around a plugin's routes, hooks, jobs and migrations; empty while the portal itself is at work.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Ended(Exception):
    """A plugin wanted to end the process, or was cancelled by nobody but itself."""


_plugin: ContextVar[str] = ContextVar("plugin", default="")


def current() -> str:
    """The name of the plugin that is being run; '' for none."""
    return _plugin.get()


@contextmanager
def acting(plugin: str) -> Iterator[None]:
    """Runs the block on behalf of a plugin; '' for the portal itself.

    Raises Ended for a plugin that exits, which would take the portal with it, or lets a task's cancelling out.
    """
    token = _plugin.set(plugin)
    try:
        yield
    except (SystemExit, asyncio.CancelledError) as failure:
        if not plugin or (isinstance(failure, asyncio.CancelledError) and _cancelled()):
            raise
        raise Ended(type(failure).__name__) from failure
    finally:
        _plugin.reset(token)


def _cancelled() -> bool:
    """Whether somebody else cancelled what is running."""
    try:
        task = asyncio.current_task()
    except RuntimeError:  # no event loop
        return False
    return task is not None and task.cancelling() > 0
