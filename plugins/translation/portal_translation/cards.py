"""The card on the home page."""

from __future__ import annotations

from collections.abc import Sequence

from portal.sdk import Card, Who, _, ngettext
from portal_translation import correcting


async def waiting(person: Who) -> Sequence[Card]:
    """Reported translations that this member of staff can correct."""
    if not person.is_staff:
        return []
    number = await correcting.waiting_for(person.standing)
    if not number:
        return []
    text = person.language.plural(
        *ngettext("%(num)s translation was reported as wrong.", "%(num)s translations were reported as wrong.", number)
    )
    return [Card(person.language.text(_("Translations to look at")), text, "/translation", icon="globe", count=number)]
