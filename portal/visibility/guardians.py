"""Whom something about children is asked: the adults who decide for them. Nobody is looking here, so no names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from portal.db import db, in_portions, marks
from portal.kinds import Audience, AudienceKind, Viewer
from portal.visibility.facts import Snapshot, snapshot
from portal.visibility.rule import ChildState


@dataclass(frozen=True, slots=True)
class Guardian:
    """An adult who decides today for these of the children. `household` is 0 where none is known."""

    adult: int
    children: tuple[int, ...]
    household: int = 0


async def guardians(audience: Audience, facts: Snapshot | None = None) -> list[Guardian]:
    """The adults who decide for children of an audience: in its classes now, or at the school.

    Active adults only, and without the children whom a no-contact order keeps from them. The same number of queries
    however many there are (in portions of 500).
    """
    facts = facts or await snapshot()
    if audience.kind is AudienceKind.GROUPS:
        groups = list(audience.groups)
        if not groups:
            return []
        rows = await db.rows(f"SELECT DISTINCT child FROM membership WHERE group_id IN ({marks(len(groups))})", *groups)
    else:
        rows = await db.rows("SELECT DISTINCT child FROM membership")
    states = await facts.children([child for (child,) in rows])
    wanted = {child: state.blocked for child, state in states.items() if _meant(state, audience)}
    return await of_children(wanted, facts.now.today)


async def of_children(wanted: Mapping[int, Collection[int]], today: str) -> list[Guardian]:
    """The active adults who decide for these children, each given with those who must not see it."""
    children: dict[int, set[int]] = defaultdict(set)
    for adult, child in await in_portions(
        "SELECT l.adult, l.child FROM link l JOIN person p ON p.id = l.adult WHERE l.decides AND p.active"
        " AND (l.starts IS NULL OR l.starts <= ?) AND (l.ends IS NULL OR l.ends >= ?) AND l.child IN ({})",
        wanted,
        today,
        today,
    ):
        if adult not in wanted[child]:
            children[adult].add(child)
    households: dict[int, int] = dict(
        await in_portions(
            "SELECT person, MIN(household) FROM household_member WHERE person IN ({}) GROUP BY person", children
        )
    )
    return [
        Guardian(adult, tuple(sorted(children[adult])), households.get(adult, 0)) for adult in sorted(children)
    ]


async def asked(viewer: Viewer, audiences: Sequence[Audience], facts: Snapshot | None = None) -> list[Guardian | None]:
    """What `guardians` says of this one person, for each of the audiences; None where they are not asked.

    The same number of queries for one audience and for many.
    """
    facts = facts or await snapshot()
    who = await facts.viewer(viewer.person)
    if who.person is None or who.is_child or not (deciding := who.decides_for - who.blocked_from):
        return [None] * len(audiences)
    states = await facts.children(deciding)
    household = int(
        await db.value("SELECT MIN(household) FROM household_member WHERE person = ?", who.person) or 0
    )
    found: list[Guardian | None] = []
    for audience in audiences:
        children = sorted(child for child in deciding if child in states and _meant(states[child], audience))
        found.append(Guardian(who.person, tuple(children), household) if children else None)
    return found


def _meant(state: ChildState, audience: Audience) -> bool:
    if audience.kind is AudienceKind.GROUPS:
        return not state.groups_in.isdisjoint(audience.groups)
    return state.at_school
