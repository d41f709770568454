"""What people send in forms about consent, as plain values."""

from __future__ import annotations

from datetime import date

from portal.errors import BadInput
from portal.i18n import _
from portal.kinds import Rung


def rung(text: str, field: str) -> Rung | None:
    """A rung from its number, None where nothing was chosen. Raises BadInput for anything else."""
    if not text:
        return None
    if text not in ("0", "1", "2", "3", "4"):
        raise BadInput(field, _("Please choose one of the five answers."))
    return Rung(int(text))


def day(text: str, field: str) -> str | None:
    """A day as `YYYY-MM-DD`, None where nothing was written. Raises BadInput for what is no day."""
    text = text.strip()
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.isoformat() != text or found.year < 1900:
        raise BadInput(field, _("Please write a day, as in 2026-11-21."))
    return text
