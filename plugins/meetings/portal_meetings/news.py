"""Word to hosts of what families booked and cancelled: together once a day, and sooner where it begins soon.

It says times alone: who comes stands in the portal, for whoever may see it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.sdk import Language, Word, _, atomic, clock, db, deliver, languages_of, school
from portal_meetings import loading, wording
from portal_meetings.rules import Slot

HOUR_OF_DAY = "16:00"  # of the school
SOON, VERY_SOON = clock.DAY, 2 * clock.HOUR


@dataclass(frozen=True, slots=True)
class _News:
    """A slot of which its host does not know yet."""

    slot: Slot
    title: str
    heard_at: int
    news_at: int
    closes_at: int


async def tell(_payload: dict[str, Any]) -> None:
    """Tells each host whatever they do not know yet, if it is time for that."""
    await _tell()


@atomic
async def _tell() -> None:
    now, zone = clock.now(), (await school()).timezone
    today = clock.local_instant(clock.day(now, zone), HOUR_OF_DAY, zone, "")
    daily = today if today <= now else today - clock.DAY
    found: dict[int, list[_News]] = defaultdict(list)
    for one in await _all(now):
        found[one.slot.person].append(one)
    due = {person: news for person, news in found.items() if any(_due(one, now, daily) for one in news)}
    hosts = {one.slot.host for news in due.values() for one in news}
    await db.run_many("UPDATE meetings_host SET heard_at = ? WHERE id = ?", [(now, host) for host in sorted(hosts)])
    reads = await languages_of(due)
    await deliver([_word(person, due[person], reads[person], zone) for person in sorted(due) if person in reads])


async def _all(now: int) -> list[_News]:
    rows = await db.rows(
        "SELECT s.id, e.title, h.heard_at, s.news_at, e.closes_at FROM meetings_slot s JOIN meetings_host h"
        " ON h.id = s.host JOIN meetings_event e ON e.id = s.event WHERE s.state = 'on' AND s.starts_at > ?"
        " AND s.news_at > h.heard_at AND h.person <> 0 AND e.state <> 'draft'",
        now,
    )
    if not rows:
        return []
    more = {row[0]: row for row in rows}
    slots = await loading.slots("WHERE s.state = 'on' AND s.starts_at > ? AND s.news_at > h.heard_at", now)
    return [_News(slot, *more[slot.id][1:]) for slot in slots if slot.id in more]


def _due(one: _News, now: int, daily: int) -> bool:
    """Whether this cannot wait any more. `daily`: when it was last time for everything."""
    if one.news_at <= daily or (one.closes_at and one.news_at <= one.closes_at <= now):
        return True
    left = one.slot.starts_at - now
    return left < VERY_SOON or (left < SOON and now - one.heard_at >= clock.HOUR)


def _word(person: int, news: Sequence[_News], language: Language, zone: str) -> Word:
    said, lines, last = language.text, list[str](), ""
    for one in news:
        if one.title != last:
            lines.append(said(_("“%(title)s”:"), title=one.title))
            last = one.title
        when = wording.span(one.slot, language, zone)
        if one.slot.places > 1:
            lines.append(said(_("%(when)s: %(have)s of %(all)s booked"), when=when,
                              have=language.number(one.slot.taken), all=language.number(one.slot.places)))  # fmt: skip
        else:
            lines.append(said(_("%(when)s: booked") if one.slot.taken else _("%(when)s: free again"), when=when))
    lines.append(said(_("Who comes, and what they would like to talk about, stands in the portal under “Meetings”.")))
    return Word(person, said(_("What families booked with you")), "\n\n".join(lines))
