"""A child for whom somebody decides: who may, what they have said, and whether there is something to say."""

from __future__ import annotations

from dataclasses import dataclass, replace

from portal import clock
from portal.consent import queries
from portal.consent.queries import Child
from portal.errors import NotVisible
from portal.visibility.facts import child_facts
from portal.visibility.rule import (
    ADULT_AGE,
    Answer,
    ChildFacts,
    guardian_answer,
    own_answer,
    reached,
    voice_mode,
)
from portal.web.who import Who


@dataclass(frozen=True, slots=True)
class Case:
    """A child for whom somebody decides, with everything that the rule knows."""

    child: Child
    facts: ChildFacts
    own: bool  # the child itself is asking
    blocked: bool  # who asks may not see the child; their answer can only lower


async def case_of(person: Who, number: int) -> Case:
    """Raises NotVisible unless this person decides for the child today, or is the child."""
    if person.person is None or (number != person.person and number not in person.standing.decides_for):
        raise NotVisible
    child = await queries.child(number, person.facts.now.today)
    facts = (await child_facts([number])).get(number)
    if child is None or facts is None:
        raise NotVisible
    blocked = person.person in facts.blocked
    # Whoever must keep away does not learn here where the child is.
    return Case(replace(child, groups=()) if blocked else child, facts, number == person.person, blocked)


def answer_of(person: Who, case: Case, purpose: str) -> Answer | None:
    """What this person has said, as it stands today."""
    policy, now = person.facts.policy, person.facts.now
    if case.own:
        return own_answer(case.facts, purpose, policy, now)
    return guardian_answer(case.facts, person.person or 0, purpose, policy, now)


def may_answer(person: Who, case: Case) -> bool:
    """Whether there is something to decide here: not for a child too young, nor for guardians of one who is of age."""
    policy, now = person.facts.policy, person.facts.now
    if case.own:
        return voice_mode(case.facts, policy, now) != "off"
    return not reached(clock.birthday(case.child.born, ADULT_AGE), now)
