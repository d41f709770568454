"""Loads what the rule reads, and keeps it ready for as long as nothing has changed.

Triggers in the database count up `fact_version` with every change to people, links, blocks, groups, decisions and
settings. A `Snapshot` belongs to one value of it: whoever asks first reads the number (one tiny query) and gets the
kept snapshot, or a new empty one. So the next request after a withdrawal obeys it, in every process, and an unchanged
school is not worked out again and again. Photos are not kept; they are read each time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from portal import clock
from portal.clock import Now
from portal.db import db, in_portions
from portal.hooks.host import host
from portal.kinds import PHOTO, VIDEO, Decision, Rung
from portal.people import school as schools
from portal.people.school import School
from portal.visibility.rule import (
    NOBODY_KNOWN,
    AdultFacts,
    ChildFacts,
    ChildState,
    Deciding,
    Period,
    Policy,
    Standing,
    Stay,
    adult_standing,
    child_standing,
    child_state,
)

PURPOSES = (PHOTO, VIDEO)
KEPT_AT_MOST = 20_000  # states in memory; beyond it the snapshot starts anew


class Snapshot:
    """The facts at one version. Its answers are those for the request's own now."""

    def __init__(self, version: int, school: School) -> None:
        self.version = version
        self.school = school
        self.policy = Policy(
            timezone=school.timezone,
            quorum=school.quorum,
            grace_days=school.grace_days,
            voice_mode=school.voice_mode,
            voice_from_age=school.voice_from_age,
            account_from_age=school.account_from_age,
        )
        self._children: dict[int, tuple[int, ChildState]] = {}
        self._viewers: dict[int, tuple[int, Standing]] = {}

    @property
    def now(self) -> Now:
        return clock.present(self.school.timezone)

    async def children(self, ids: Iterable[int]) -> Mapping[int, ChildState]:
        """The states of these children. Five queries, however many are missing."""
        at = clock.now()
        found: dict[int, ChildState] = {}
        missing = []
        for child in ids:
            kept = self._children.get(child)
            if kept is not None and kept[0] <= at < kept[1].changes_at:
                found[child] = kept[1]
            else:
                missing.append(child)
        if missing:
            now, purposes = self.now, (*PURPOSES, *host.purposes())
            if len(self._children) > KEPT_AT_MOST:
                self._children.clear()
            for facts in (await child_facts(missing)).values():
                state = child_state(facts, purposes, self.policy, now)
                found[facts.id] = state
                self._children[facts.id] = (now.at, state)
        return found

    async def account_allowed(self, child: int) -> bool:
        """Whether this child may use an account of its own now. False for whoever is no child."""
        states = await self.children([child])
        return child in states and states[child].account_allowed

    async def viewer(self, person: int | None) -> Standing:
        """How this person stands; the anonymous visitor if there is no such person or the account is inactive."""
        if person is None:
            return NOBODY_KNOWN
        now_at = clock.now()
        kept = self._viewers.get(person)
        if kept is not None and kept[0] <= now_at < kept[1].changes_at:
            return kept[1]
        return (await self.viewers([person])).get(person, NOBODY_KNOWN)

    async def viewers(self, ids: Iterable[int]) -> Mapping[int, Standing]:
        """How these people stand. The same number of queries for one and for hundreds."""
        now = self.now
        wanted = list(ids)
        kinds: dict[int, str] = dict(await in_portions("SELECT id, kind FROM person WHERE id IN ({})", wanted))
        adults = await adult_facts([p for p in wanted if kinds.get(p) == "adult"], now.today)
        children = {p for p in wanted if kinds.get(p) == "child"}
        for adult in adults.values():
            children |= adult.sees
        states = await self.children(children)
        found: dict[int, Standing] = {}
        for person in wanted:
            if person in adults:
                found[person] = adult_standing(adults[person], states, self.policy, now)
            elif kinds.get(person) == "child":
                found[person] = child_standing(states[person])
        if len(self._viewers) > KEPT_AT_MOST:
            self._viewers.clear()
        self._viewers.update({person: (now.at, standing) for person, standing in found.items()})
        return found


_kept: Snapshot | None = None


def forget() -> None:
    """Drops the kept snapshot: after connecting to another database."""
    global _kept
    _kept = None


def latest() -> Snapshot:
    """The snapshot read last: good enough for the school's name on an error page, not for a decision."""
    return _kept or Snapshot(0, School())


async def snapshot(version: int | None = None) -> Snapshot:
    """The facts as they are now. `version` spares the query where the caller has just read it."""
    global _kept
    if version is None:
        version = await db.value("SELECT n FROM fact_version WHERE id = 1")
    kept = _kept
    if db.transaction() is not None:  # inside an action: what it wrote must count, and be kept by nobody
        return Snapshot(-1, await schools.load())
    if kept is None or kept.version != version:
        kept = _kept = Snapshot(version or 0, await schools.load())
    return kept


async def child_facts(ids: list[int]) -> dict[int, ChildFacts]:
    """What is stored about these children, for the rule."""
    stays = defaultdict(list)
    for child, group, until, starts, ends in await in_portions(
        "SELECT m.child, m.group_id, g.until, m.starts, m.ends FROM membership m"
        " JOIN school_group g ON g.id = m.group_id WHERE m.child IN ({})",
        ids,
    ):
        stays[child].append(Stay(group, until, Period(starts, ends)))
    deciding = defaultdict(list)
    for child, adult, starts, ends in await in_portions(
        "SELECT child, adult, starts, ends FROM link WHERE decides AND child IN ({})", ids
    ):
        deciding[child].append(Deciding(adult, Period(starts, ends)))
    blocked = defaultdict(set)
    for child, adult in await in_portions("SELECT child, adult FROM block WHERE child IN ({})", ids):
        blocked[child].add(adult)
    decisions: dict[int, dict[str, list[Decision]]] = defaultdict(lambda: defaultdict(list))
    for child, purpose, seq, by, rung, at, until in await in_portions(
        "SELECT child, purpose, id, made_by, rung, at, until FROM decision WHERE child IN ({})", ids
    ):
        decisions[child][purpose].append(Decision(seq, by, Rung(rung), at, until))
    return {
        child: ChildFacts(
            id=child,
            born=born,
            hold=bool(hold),
            stays=stays[child],
            deciding=deciding[child],
            blocked=frozenset(blocked[child]),
            decisions=decisions[child],
        )
        for child, born, hold in await in_portions(
            "SELECT id, born, safeguarding_hold FROM person WHERE kind = 'child' AND id IN ({})", ids
        )
    }


async def adult_facts(ids: list[int], today: str) -> dict[int, AdultFacts]:
    """What is stored about these adults, for the rule, with the links in force `today`."""
    roles = defaultdict(set)
    for person, role in await in_portions("SELECT person, role FROM role WHERE person IN ({})", ids):
        roles[person].add(role)
    staff = defaultdict(list)
    for adult, group, until in await in_portions(
        "SELECT s.adult, s.group_id, g.until FROM staff s JOIN school_group g ON g.id = s.group_id"
        " WHERE s.adult IN ({})",
        ids,
    ):
        staff[adult].append((group, until))
    sees, decides = defaultdict(set), defaultdict(set)
    for adult, child, may_see, may_decide, starts, ends in await in_portions(
        "SELECT adult, child, sees, decides, starts, ends FROM link WHERE adult IN ({})", ids
    ):
        if Period(starts, ends).holds(today):
            if may_see:
                sees[adult].add(child)
            if may_decide:
                decides[adult].add(child)
    blocks = defaultdict(set)
    for adult, child in await in_portions("SELECT adult, child FROM block WHERE adult IN ({})", ids):
        blocks[adult].add(child)
    return {
        adult: AdultFacts(
            id=adult,
            active=bool(active),
            roles=frozenset(roles[adult]),
            staff_of=staff[adult],
            sees=frozenset(sees[adult]),
            decides=frozenset(decides[adult]),
            blocked_from=frozenset(blocks[adult]),
        )
        for adult, active in await in_portions("SELECT id, active FROM person WHERE kind = 'adult' AND id IN ({})", ids)
    }
