"""Grades for the demo school."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


async def mark(school: Any, progress: Callable[[str, int, int], None]) -> None:
    """Makes assignments and results."""
