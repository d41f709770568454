"""Where photos may travel further than before although nobody has decided anew: the office should look at these.

That happens when a guardian's link ends whose answer was the lowest, and on a birthday from which the child's own
answer counts instead. Both take effect at the beginning of a day, so the rule is asked just before and just after
that midnight, and now.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from portal import clock
from portal.clock import Now
from portal.consent import queries
from portal.consent.queries import Child
from portal.db import db
from portal.i18n import _
from portal.kinds import PHOTO, VIDEO, Rung
from portal.visibility.facts import Snapshot, child_facts
from portal.visibility.rule import ADULT_AGE, ChildFacts, Policy, effective_rung, voice_day

DAYS = 30
LINK = _("A guardian no longer decides")
BIRTHDAY = _("A birthday")


@dataclass(frozen=True, slots=True)
class Risen:
    """A rung that rose with the beginning of `day`; `now` is what holds today. `why` is a msgid."""

    child: Child
    purpose: str
    day: str
    before: Rung
    after: Rung
    now: Rung
    why: str


async def risen(facts: Snapshot, hidden: Collection[int] = (), days: int = DAYS) -> list[Risen]:
    """What rose in the last `days` days, the latest first, without children in `hidden`."""
    now, policy = facts.now, facts.policy
    since = clock.add_days(now.today, -days)
    changes = await _ended_links(since, now.today) | await _birthdays(since, now.today, policy)
    changes = {change for change in changes if change[0] not in hidden}
    ids = sorted({number for number, _day, _why in changes})
    known, names = await child_facts(ids), await queries.children(ids, now.today)
    found = []
    for number, day, why in changes:
        child = known[number]
        before, after = _around(day, policy.timezone)
        for purpose in (PHOTO, VIDEO):
            was = effective_rung(child, purpose, policy, before)
            is_ = effective_rung(child, purpose, policy, after)
            today = effective_rung(child, purpose, policy, now)
            if is_ > was and today > was:
                found.append(Risen(names[number], purpose, day, was, is_, today, why))
    return sorted(found, key=lambda item: (item.day, item.child.name, item.purpose), reverse=True)


async def _ended_links(since: str, today: str) -> set[tuple[int, str, str]]:
    """The first days after the end of a link that let somebody decide."""
    rows = await db.rows(
        "SELECT DISTINCT child, ends FROM link WHERE decides AND ends >= ? AND ends < ?", since, today
    )
    return {(number, clock.add_days(ends, 1), LINK) for number, ends in rows}


async def _birthdays(since: str, today: str, policy: Policy) -> set[tuple[int, str, str]]:
    """Birthdays from which a child's own voice counts, or counts alone."""
    found = set()
    for number, born in await db.rows("SELECT id, born FROM person WHERE kind = 'child' AND born IS NOT NULL"):
        child = ChildFacts(id=number, born=born, hold=False)
        for day in {voice_day(child, policy), clock.birthday(born, ADULT_AGE)}:
            if day is not None and since <= day <= today:
                found.add((number, day, BIRTHDAY))
    return found


def _around(day: str, zone: str) -> tuple[Now, Now]:
    """The last microsecond before a day and its first one."""
    begins = clock.instant(_midnight(day, zone))
    ends = clock.instant(_midnight(clock.add_days(day, 1), zone))
    return Now(begins - 1, clock.add_days(day, -1), begins), Now(begins, day, ends)


def _midnight(day: str, zone: str) -> datetime:
    on = date.fromisoformat(day)
    return datetime(on.year, on.month, on.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
