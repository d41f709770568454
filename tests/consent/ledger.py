"""What the ledger says, for tests of deciding and of paper forms."""

from __future__ import annotations

from portal.consent import queries
from portal.consent.notices import Reference
from portal.kinds import PHOTO, Rung
from portal.testing import TestSchool
from portal.visibility.facts import child_facts, snapshot
from portal.visibility.rule import effective_rung

SHOWN = Reference(1, "en")


async def lines(school: TestSchool, child: str, by: str) -> list[queries.Line]:
    return await queries.history(school.ids[child], school.ids[by])


async def rung(school: TestSchool, child: str, purpose: str = PHOTO) -> Rung:
    facts = await snapshot()
    return effective_rung((await child_facts([school.ids[child]]))[school.ids[child]], purpose, facts.policy, facts.now)
