"""What was taken out is erased some time later."""

from __future__ import annotations

from typing import Any

from portal.sdk import atomic, clock, db
from portal_grades.classes import GONE_DAYS


@atomic
async def clear_due(_payload: dict[str, Any]) -> None:
    """Erases assignments that were taken out too long ago to be put back, with their results."""
    await db.run(
        "DELETE FROM grades_assignment WHERE removed_at > 0 AND removed_at <= ?",
        clock.now() - GONE_DAYS * clock.DAY,
    )
