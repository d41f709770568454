"""What holds for a child now, and why, in words for the people concerned. The rule decides; this only tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.clock import Now, birthday
from portal.i18n import _
from portal.kinds import Rung
from portal.visibility.rule import (
    ADULT_AGE,
    Answer,
    ChildFacts,
    Policy,
    deciders,
    effective_rung,
    guardian_answer,
    guardians_rung,
    own_answer,
    reached,
    voice_mode,
)

# To a guardian (or the office) and to the child itself. %(name)s is the child's given name.
TOLD = {
    "hold": (
        _("For the time being the school shows no pictures of %(name)s. The office can tell you more."),
        _("For the time being the school shows no pictures of you. The office can tell you more."),
    ),
    "grown": (_("%(name)s is of age and decides alone."), _("You are of age and decide alone.")),
    "self": (_("%(name)s is old enough to decide alone."), _("You are old enough to decide alone.")),
    "own missing": (
        _("%(name)s has not answered yet. Until then nobody sees anything."),
        _("You have not answered yet. Until then nobody sees anything."),
    ),
    "own lapsed": (
        _("The answer of %(name)s has run out. Until there is a new one, nobody sees anything."),
        _("Your answer has run out. Until you answer again, nobody sees anything."),
    ),
    "own public": (
        _("Until %(name)s is 18, the public website also needs the yes of all guardians."),
        _("Until you are 18, the public website also needs the yes of all your guardians."),
    ),
    "own lower": (
        _("%(name)s has a say as well and has chosen less. The lower answer holds."),
        _("Your own answer is lower than that of your guardians. The lower answer holds."),
    ),
    "own higher": (
        _("%(name)s has chosen more than the guardians. The lower answer holds."),
        _("You have chosen more than your guardians. The lower answer holds."),
    ),
    "no decider": (
        _("Nobody is entered as deciding for %(name)s. Please ask the office."),
        _("Nobody is entered as deciding for you. Please ask the office."),
    ),
    "none answered": (
        _("No guardian has answered yet. Until then nobody sees anything."),
        _("None of your guardians has answered yet. Until then nobody sees anything."),
    ),
    "all needed": (
        _("Not every guardian has answered yet. At this school nobody sees anything until all have."),
        _("Not all your guardians have answered yet. At this school nobody sees anything until all have."),
    ),
    "public needs all": (
        _("Not every guardian has answered yet. Until then the public website stays closed."),
        _("Not all your guardians have answered yet. Until then the public website stays closed."),
    ),
    "lapsed": (
        _("An answer has run out. Until that guardian answers again, it counts as “nobody”."),
        _("The answer of a guardian has run out. Until there is a new one, it counts as “nobody”."),
    ),
    "differ": (
        _("The guardians have answered differently. The lowest answer holds."),
        _("Your guardians have answered differently. The lowest answer holds."),
    ),
    "agree": (_("All guardians have given this answer."), _("All your guardians have given this answer.")),
    "alone": (_("This is the answer of the one guardian who decides."), _("This is the answer of your guardian.")),
    "protected": (
        _("To protect %(name)s, pictures go no further than the whole school."),
        _("To protect you, pictures go no further than the whole school."),
    ),
}


@dataclass(frozen=True, slots=True)
class Holding:
    """The rung that holds now, and the reasons as msgids with a place for %(name)s."""

    rung: Rung
    reasons: tuple[str, ...]


def holding(child: ChildFacts, purpose: str, policy: Policy, now: Now, *, to_child: bool = False) -> Holding:
    """What holds for a child, told to a guardian or to the child itself."""
    rung = effective_rung(child, purpose, policy, now)
    codes = reasons(child, purpose, policy, now, rung)
    return Holding(rung, tuple(TOLD[code][1 if to_child else 0] for code in codes))


def reasons(child: ChildFacts, purpose: str, policy: Policy, now: Now, rung: Rung) -> list[str]:
    """Why `rung` is what holds: keys of `TOLD`, and of whatever tells it in other words."""
    if child.hold:
        return ["hold"]
    mode = voice_mode(child, policy, now)
    own = own_answer(child, purpose, policy, now)
    guardians = guardians_rung(child, purpose, policy, now)
    found = []
    if mode == "self":
        grown = reached(birthday(child.born, ADULT_AGE), now)
        found = ["grown" if grown else "self"]
        if own is None or own.lapsed:
            return [*found, "own missing" if own is None else "own lapsed"]
        if not grown and own.rung is Rung.PUBLIC and guardians is not Rung.PUBLIC and deciders(child, now.today):
            found.append("own public")
        before = own.rung
    else:
        answers = {each: guardian_answer(child, each, purpose, policy, now) for each in deciders(child, now.today)}
        found = _guardians(answers, policy)
        before = guardians
        if mode == "both" and own is not None and own.rung != guardians:
            if own.rung < guardians:  # then it is not the guardians' answer that holds
                found = [code for code in found if code not in ("agree", "alone")]
            found.append("own lower" if own.rung < guardians else "own higher")
            before = min(guardians, own.rung)
    if child.blocked and rung < before:
        found = [*(code for code in found if code not in ("agree", "alone")), "protected"]
    return found


def _guardians(answers: Mapping[int, Answer | None], policy: Policy) -> list[str]:
    given = [answer for answer in answers.values() if answer is not None]
    if not answers:
        return ["no decider"]
    if not given:
        return ["none answered"]
    lowest = min(answer.rung for answer in given)
    found = []
    if len(given) < len(answers):
        if policy.quorum == "all":
            return ["all needed"]
        if lowest is Rung.PUBLIC:
            found.append("public needs all")
    if any(answer.lapsed for answer in given):
        found.append("lapsed")
    elif len({answer.rung for answer in given}) > 1:
        found.append("differ")
    elif len(given) == len(answers):
        found.append("agree" if len(answers) > 1 else "alone")
    return found
