"""Whether what a plugin asks for about a child is allowed now: by the rule that photos go by."""

from __future__ import annotations

from collections.abc import Iterable

from portal.kinds import Rung
from portal.visibility.facts import Snapshot, snapshot


async def permits(children: Iterable[int], purpose: str, facts: Snapshot | None = None) -> frozenset[int]:
    """Those of the children for whom `purpose` (as PLUGIN.NAME) is allowed now.

    One "no" among the people whose word counts wins; nobody's answer is a no; a purpose of no plugin in use is allowed
    for nobody.
    """
    facts = facts or await snapshot()
    if purpose.partition(".")[0] not in facts.school.plugins:
        return frozenset()
    states = await facts.children(children)
    return frozenset(child for child, state in states.items() if state.rungs.get(purpose, Rung.NOBODY) >= Rung.FAMILY)
