"""What waits for somebody's answer: used after sign-in, as a reminder on the home page, and by the page `/waiting`."""

from __future__ import annotations

from dataclasses import dataclass

from portal.consent import notices, queries
from portal.kinds import PHOTO, VIDEO
from portal.visibility.rule import (
    ChildFacts,
    Deciding,
    Period,
    guardian_answer,
    own_answer,
    voice_mode,
)
from portal.web.who import Who

PURPOSES = (PHOTO, VIDEO)


@dataclass(frozen=True, slots=True)
class Waits:
    """One thing that waits. `what` is 'privacy' (a notice to read), 'child' (a guardian's answer) or 'own' (the
    child's own). `missing` and `lapsed` hold purposes."""

    what: str
    child: int = 0
    name: str = ""
    missing: tuple[str, ...] = ()
    lapsed: tuple[str, ...] = ()

    @property
    def href(self) -> str:
        """Where it is answered."""
        return "/privacy" if self.what == "privacy" else f"/decide/{self.child}"


async def what_waits(person: Who) -> list[Waits]:
    """Everything that waits for this person's answer: three queries at most, however many children."""
    if person.person is None:
        return []
    found = [Waits("privacy")] if await queries.unread(person.person, notices.PRIVACY) else []
    found += await (_own(person, person.person) if person.is_child else _children(person, person.person))
    return found


async def _children(person: Who, me: int) -> list[Waits]:
    policy, now = person.facts.policy, person.facts.now
    about = person.standing.decides_for
    if not about:
        return []
    said = await queries.said_by(me, about)
    found = []
    for number, charge in (await queries.charges(me)).items():
        if number not in about:
            continue
        # Whoever may not see the child can only lower; they are asked only where nothing is shown without them.
        if number in person.standing.blocked_from and policy.quorum != "all":
            continue
        # As much of the child as the answer of this one guardian hangs on.
        child = ChildFacts(
            id=number,
            born=charge.child.born,
            hold=False,
            deciding=[Deciding(me, Period(*period)) for period in charge.periods],
            decisions=said[number],
        )
        if voice_mode(child, policy, now) == "self":
            continue
        answers = {purpose: guardian_answer(child, me, purpose, policy, now) for purpose in PURPOSES}
        missing = tuple(purpose for purpose, answer in answers.items() if answer is None)
        lapsed = tuple(purpose for purpose, answer in answers.items() if answer is not None and answer.lapsed)
        if missing or lapsed:
            found.append(Waits("child", number, charge.child.name, missing, lapsed))
    return found


async def _own(person: Who, me: int) -> list[Waits]:
    policy, now = person.facts.policy, person.facts.now
    known = await queries.child(me, now.today)
    if known is None:
        return []
    child = ChildFacts(id=me, born=known.born, hold=False)
    if voice_mode(child, policy, now) == "off":
        return []
    child = ChildFacts(id=me, born=known.born, hold=False, decisions=(await queries.said_by(me, [me]))[me])
    answers = {purpose: own_answer(child, purpose, policy, now) for purpose in PURPOSES}
    missing = tuple(purpose for purpose, answer in answers.items() if answer is None)
    lapsed = tuple(purpose for purpose, answer in answers.items() if answer is not None and answer.lapsed)
    return [Waits("own", me, known.name, missing, lapsed)] if missing or lapsed else []
