"""The cards on the home page."""

from __future__ import annotations

from collections.abc import Sequence

from portal.sdk import Card, Who, _, clock, ngettext
from portal_meetings import desk, queries

SOON = 7 * clock.DAY


async def waiting(person: Who) -> Sequence[Card]:
    """What waits for a family's choice, its next appointment, and for hosts the next day on which families come."""
    found: list[Card] = []
    language, zone = person.language, person.school.timezone
    if person.is_guardian and not person.is_child:
        to_choose, urgent, begins = await queries.waiting_card(person)
        if urgent:
            text = language.plural(
                *ngettext("%(num)s time needs your answer.", "%(num)s times need your answer.", urgent)
            )
            found.append(Card(language.text(_("Meetings")), text, "/meetings", icon="bell", count=urgent))
        elif to_choose:
            text = language.plural(
                *ngettext("You can choose a time for %(num)s meeting.", "You can choose times for %(num)s meetings.",
                          to_choose)
            )  # fmt: skip
            found.append(Card(language.text(_("Meetings")), text, "/meetings", icon="clock", count=to_choose))
        if begins and begins < clock.now() + SOON:
            text = language.moment(begins, zone)
            found.append(Card(language.text(_("Your next appointment")), text, "/meetings", icon="clock"))
    if person.is_staff and not person.is_child:
        days = await desk.next_days(person.viewer, zone)
        if days and days[0] <= clock.add_days(clock.present(zone).today, 7):
            coming = await desk.coming(person.viewer, days[0], zone)
            text = day = language.day(days[0])
            if coming:
                families = ngettext("%(day)s: %(num)s family", "%(day)s: %(num)s families", coming)
                text = language.plural(*families, day=day)
            title = language.text(_("Families come to you"))
            found.append(Card(title, text, f"/meetings/day?day={days[0]}", icon="people", count=coming))
    return found
