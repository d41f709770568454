"""The card on the home page."""

from __future__ import annotations

from collections.abc import Sequence

from portal.sdk import Card, Who, _, ngettext
from portal_surveys import queries


async def waiting(person: Who) -> Sequence[Card]:
    """One card for all surveys that wait for this person's answer; none if nothing waits."""
    open_ones = [one for one in await queries.waiting(person) if one.open]
    if not open_ones:
        return []
    language = person.language
    number = len({one.survey.id for one in open_ones})
    text = language.plural(*ngettext("%(num)s survey waits for you.", "%(num)s surveys wait for you.", number))
    nearest = next((one.survey.deadline for one in open_ones if one.survey.deadline), None)
    if nearest is not None:
        text += " " + language.text(_("The nearest last day is %(day)s."), day=language.day(nearest))
    return [Card(language.text(_("Surveys")), text, "/surveys", icon="surveys", count=number)]
