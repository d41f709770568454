"""Which plugin is being run just now, so that what it asks for can be held to its own things.

Set around a plugin's routes, hooks, jobs and migrations; empty while the portal itself is at work.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_plugin: ContextVar[str] = ContextVar("plugin", default="")


def current() -> str:
    """The name of the plugin that is being run; '' for none."""
    return _plugin.get()


@contextmanager
def acting(plugin: str) -> Iterator[None]:
    """Runs the block on behalf of a plugin; '' for the portal itself."""
    token = _plugin.set(plugin)
    try:
        yield
    finally:
        _plugin.reset(token)
