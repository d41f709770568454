"""Sends what waits in the outbox."""

from __future__ import annotations

from portal.settings import Settings


async def send_due(settings: Settings, now: int) -> None:
    """Sends the messages that are due at `now` (microseconds UTC)."""
