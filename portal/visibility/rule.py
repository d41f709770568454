"""THE rule: who may see a photo. Pure functions on plain values; the words are those of the specification.

It is read in this order: `standing_answer` and `effective_rung` (how far one child's photos may travel), `nearness`
(how near a viewer stands to a child), `offered` and `verdict` (what a viewer gets of one photo), `handles` (the review
desk). Lists and single checks both end in `verdict`; nothing else in the portal decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from portal import clock
from portal.clock import Now, birthday
from portal.kinds import PUBLIC_STREAM, SCHOOL_STREAM, AudienceKind, Decision, Rung

ADULT_AGE = 18
NONE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Policy:
    """What a school may choose. `account_from_age` is ours: from there a child's account needs nobody's word."""

    timezone: str
    quorum: str = "answered"  # or 'all'
    grace_days: int = 60
    voice_mode: str = "both"  # 'both', 'self' or 'off'
    voice_from_age: int = 14
    account_from_age: int = 16


@dataclass(frozen=True, slots=True)
class Period:
    """Something in force between two days, both included; an open end is None."""

    starts: str | None
    ends: str | None

    def holds(self, day: str) -> bool:
        return (self.starts is None or self.starts <= day) and (self.ends is None or day <= self.ends)


@dataclass(frozen=True, slots=True)
class Stay:
    """A membership: the child is in `group`, which ends with the day `until`, in a period."""

    group: int
    until: str | None
    period: Period


@dataclass(frozen=True, slots=True)
class Deciding:
    """A link that lets `adult` decide, in a period."""

    adult: int
    period: Period


@dataclass(frozen=True, slots=True)
class ChildFacts:
    """What is known about a child, as stored."""

    id: int
    born: str | None
    hold: bool
    stays: Sequence[Stay] = ()
    deciding: Sequence[Deciding] = ()
    blocked: frozenset[int] = NONE
    decisions: Mapping[str, Sequence[Decision]] = field(default_factory=dict)  # by purpose


@dataclass(frozen=True, slots=True)
class ChildState:
    """A child as the rule sees it now; true until `changes_at` (microseconds) unless a fact changes."""

    id: int
    rungs: Mapping[str, Rung]
    hold: bool
    blocked: frozenset[int]
    groups_in: frozenset[int]
    groups_to_end: frozenset[int]
    account_allowed: bool
    changes_at: int

    @property
    def at_school(self) -> bool:
        return bool(self.groups_in or self.groups_to_end)


@dataclass(frozen=True, slots=True)
class Standing:
    """A viewer as the rule sees them now. The anonymous visitor is `NOBODY_KNOWN`."""

    person: int | None = None
    is_child: bool = False
    roles: frozenset[str] = frozenset()
    staff_of: frozenset[int] = NONE
    family_of: frozenset[int] = NONE
    blocked_from: frozenset[int] = NONE
    groups_now: frozenset[int] = NONE  # children in these stand at `class`
    groups_then: frozenset[int] = NONE  # ended groups whose photos keep their class together
    signed_in: bool = False
    decides_for: frozenset[int] = NONE  # no part of the rule; what the pages about consent go by
    changes_at: int = 0

    @property
    def is_staff(self) -> bool:
        return bool(self.staff_of or self.roles)

    @property
    def offered_groups(self) -> frozenset[int]:
        return self.groups_now | self.groups_then

    @property
    def streams(self) -> frozenset[int]:
        """Every stream whose audience includes this viewer, without those of single children."""
        always = {PUBLIC_STREAM, SCHOOL_STREAM} if self.signed_in else {PUBLIC_STREAM}
        return self.offered_groups | always


NOBODY_KNOWN = Standing()


@dataclass(frozen=True, slots=True)
class RedactionFacts:
    id: int
    approved: bool
    covers: frozenset[int]


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """A photo as stored. `redactions` in their order."""

    id: int
    uploader: int
    purpose: str
    audience: AudienceKind
    groups: frozenset[int]
    children: frozenset[int]
    state: str
    reviewed: bool
    withheld: bool = False  # cannot be published; what is published is never withheld
    redactions: Sequence[RedactionFacts] = ()


class Reason(Enum):
    """Why a viewer gets what they get."""

    ALL_PERMIT = "all permit"
    NO_CHILD = "no child appears"
    REDACTED = "shown with children made unrecognisable"
    NOT_PUBLISHED = "not published"
    NOT_OFFERED = "not offered to this viewer"
    HOLD = "a child is under a safeguarding hold"
    BLOCKED = "the viewer may not see a child who appears"
    BLOCKED_PUBLIC = "a child who appears is protected from the public"
    NOT_PERMITTED = "a child's rung is too low"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a viewer gets of a photo: None nothing, 0 the original, else the id of a redaction. And why."""

    redaction: int | None
    reason: Reason


# 1. How far one child's photos may travel


@dataclass(frozen=True, slots=True)
class Answer:
    rung: Rung
    lapsed: bool


def standing_answer(
    decisions: Iterable[Decision], by: int, counts: Callable[[str], bool], now: Now, zone: str
) -> Answer | None:
    """The standing decision of one person, or None if they have not answered.

    `counts` says for a local day whether what they said on it counts; a "no" counts whenever it was said.
    """
    best: Decision | None = None
    for line in decisions:
        if line.by != by or line.at > now.at:
            continue
        if line.rung is not Rung.NOBODY and not counts(clock.day(line.at, zone)):
            continue
        if best is None or (line.at, -line.rung, line.seq) > (best.at, -best.rung, best.seq):
            best = line
    if best is None:
        return None
    if best.until is not None and best.until < now.today:
        return Answer(Rung.NOBODY, lapsed=True)
    return Answer(best.rung, lapsed=False)


def deciders(child: ChildFacts, day: str) -> frozenset[int]:
    """The adults who may decide for the child on a day."""
    return frozenset(link.adult for link in child.deciding if link.period.holds(day))


def guardians_rung(child: ChildFacts, purpose: str, policy: Policy, now: Now) -> Rung:
    """The rung on which those who decide for the child agree."""
    today = deciders(child, now.today)
    answers = {adult: guardian_answer(child, adult, purpose, policy, now) for adult in today}
    rung = min((a.rung for adult, a in answers.items() if a and adult not in child.blocked), default=Rung.NOBODY)
    if None in answers.values():
        rung = Rung.NOBODY if policy.quorum == "all" else min(rung, Rung.SCHOOL)
    for adult, answer in answers.items():
        if answer and adult in child.blocked and not answer.lapsed:
            rung = min(rung, answer.rung)
    return rung


def guardian_answer(child: ChildFacts, adult: int, purpose: str, policy: Policy, now: Now) -> Answer | None:
    """What one guardian's word is today; None if they have not answered."""

    def decided_then(day: str) -> bool:
        return any(link.adult == adult and link.period.holds(day) for link in child.deciding)

    return standing_answer(child.decisions.get(purpose, ()), adult, decided_then, now, policy.timezone)


def voice_day(child: ChildFacts, policy: Policy) -> str | None:
    """The day from which the child has a word of its own."""
    return birthday(child.born, min(policy.voice_from_age, ADULT_AGE))


def reached(day: str | None, now: Now) -> bool:
    return day is not None and day <= now.today


def own_answer(child: ChildFacts, purpose: str, policy: Policy, now: Now) -> Answer | None:
    """The child's own standing decision; None before its voice counts or if it has not answered."""
    since = voice_day(child, policy)
    if since is None or since > now.today:
        return None
    return standing_answer(
        child.decisions.get(purpose, ()), child.id, lambda day: day >= since, now, policy.timezone
    )


def voice_mode(child: ChildFacts, policy: Policy, now: Now) -> str:
    """How the child's own word counts today: 'off' (also before it may speak), 'both' or 'self'."""
    if reached(birthday(child.born, ADULT_AGE), now):
        return "self"
    return policy.voice_mode if reached(voice_day(child, policy), now) else "off"


def effective_rung(child: ChildFacts, purpose: str, policy: Policy, now: Now) -> Rung:
    """How far this child's photos (or videos) may travel now."""
    rung = guardians = guardians_rung(child, purpose, policy, now)
    mode = voice_mode(child, policy, now)
    own = own_answer(child, purpose, policy, now)
    if mode == "both" and own is not None:
        rung = min(rung, own.rung)
    elif mode == "self":
        rung = own.rung if own else Rung.NOBODY
        grown = reached(birthday(child.born, ADULT_AGE), now)
        if not grown and guardians is not Rung.PUBLIC and deciders(child, now.today):
            rung = min(rung, Rung.SCHOOL)
    if child.blocked:
        rung = min(rung, Rung.SCHOOL)
    return Rung.NOBODY if child.hold else rung


def in_groups(stays: Iterable[Stay], policy: Policy, now: Now) -> tuple[frozenset[int], frozenset[int]]:
    """The groups a child is in, and the ended ones it was in to the end."""
    inside = frozenset(s.group for s in stays if not _ended(s.until, now) and s.period.holds(now.today))
    then = frozenset(
        s.group
        for s in stays
        if s.until is not None
        and s.until < now.today
        and s.period.holds(s.until)
        and (inside or clock.days_between(s.until, now.today) <= policy.grace_days)
    )
    return inside, then


def _ended(until: str | None, now: Now) -> bool:
    return until is not None and until < now.today


def child_state(child: ChildFacts, purposes: Iterable[str], policy: Policy, now: Now) -> ChildState:
    """Everything the rule needs to know of a child, worked out for now."""
    inside, then = in_groups(child.stays, policy, now)
    coming = (line.at for lines in child.decisions.values() for line in lines if line.at > now.at)
    return ChildState(
        id=child.id,
        rungs={purpose: effective_rung(child, purpose, policy, now) for purpose in purposes},
        hold=child.hold,
        blocked=child.blocked,
        groups_in=inside,
        groups_to_end=then,
        account_allowed=account_allowed(child, policy, now),
        changes_at=min(now.day_ends, min(coming, default=now.day_ends)),
    )


def account_allowed(child: ChildFacts, policy: Policy, now: Now) -> bool:
    """Whether the child may use an account of its own: from the school's age on, or while the deciders allow it.

    An age of 0 means that the school asks nobody.
    """
    if policy.account_from_age == 0:
        return True
    if reached(birthday(child.born, min(policy.account_from_age, ADULT_AGE)), now):
        return True
    return guardians_rung(child, "account", policy, now) >= Rung.FAMILY


# 2. How near a viewer stands to a child


@dataclass(frozen=True, slots=True)
class AdultFacts:
    """What is known about an adult, as stored. `staff_of` pairs each group with the day on which it ends."""

    id: int
    active: bool
    roles: frozenset[str]
    staff_of: Sequence[tuple[int, str | None]]
    sees: frozenset[int]  # children by links in force today
    decides: frozenset[int]  # the same for links that let the adult decide
    blocked_from: frozenset[int]


def adult_standing(
    adult: AdultFacts, children: Mapping[int, ChildState], policy: Policy, now: Now
) -> Standing:
    """An adult as a viewer. `children` holds at least those whom the adult's links name."""
    if not adult.active:
        return NOBODY_KNOWN
    serving = bool(adult.roles) or any(not _ended(until, now) for _, until in adult.staff_of)
    staff_of = frozenset(
        group
        for group, until in adult.staff_of
        if serving or (until is not None and clock.days_between(until, now.today) <= policy.grace_days)
    )
    family = frozenset(adult.sees - adult.blocked_from)
    own = [children[child] for child in family]
    return Standing(
        person=adult.id,
        roles=adult.roles,
        staff_of=staff_of,
        family_of=family,
        blocked_from=adult.blocked_from,
        groups_now=staff_of.union(*(child.groups_in for child in own)),
        groups_then=staff_of.union(*(child.groups_to_end for child in own)),
        signed_in=bool(staff_of or adult.roles or any(child.at_school for child in own)),
        decides_for=adult.decides,
        changes_at=min([now.day_ends, *(child.changes_at for child in own)]),
    )


def child_standing(child: ChildState) -> Standing:
    """A child as a viewer: its own family, and a member of its groups."""
    return Standing(
        person=child.id,
        is_child=True,
        family_of=frozenset({child.id}),
        groups_now=child.groups_in,
        groups_then=child.groups_to_end,
        signed_in=child.at_school,
        changes_at=child.changes_at,
    )


def nearness(viewer: Standing, child: ChildState, photo: PhotoFacts) -> Rung:
    """The nearest rung at which the viewer stands to the child, looking at this photo."""
    if child.id in viewer.family_of:
        return Rung.FAMILY
    if not child.groups_in.isdisjoint(viewer.groups_now):
        return Rung.CLASS
    if photo.groups and not (photo.groups & child.groups_to_end).isdisjoint(viewer.groups_then):
        return Rung.CLASS
    return Rung.SCHOOL if viewer.signed_in else Rung.PUBLIC


# 3. Which photos are offered, and 4. what the viewer gets


def offered(viewer: Standing, photo: PhotoFacts) -> bool:
    """Whether the photo's audience, or a child of the viewer's in it, brings it before this viewer at all."""
    if not photo.children.isdisjoint(viewer.family_of):
        return True
    if photo.audience is AudienceKind.GROUPS:
        return not (photo.groups.isdisjoint(viewer.groups_now) and photo.groups.isdisjoint(viewer.groups_then))
    return photo.audience is AudienceKind.PUBLIC or viewer.signed_in


# A page shows many of these, so they are made once.
ORIGINAL = Verdict(0, Reason.ALL_PERMIT)
ORIGINAL_OF_NOBODY = Verdict(0, Reason.NO_CHILD)


def verdict(viewer: Standing, photo: PhotoFacts, children: Mapping[int, ChildState]) -> Verdict:
    """What the viewer gets of the photo. `children` holds at least those who appear in it."""
    if photo.state != "published" or not photo.reviewed:
        return Verdict(None, Reason.NOT_PUBLISHED)
    if not offered(viewer, photo):
        return Verdict(None, Reason.NOT_OFFERED)
    if not photo.children:
        return ORIGINAL_OF_NOBODY
    appearing = [children[child] for child in photo.children]
    for child in appearing:
        if child.hold:
            return Verdict(None, Reason.HOLD)
    if not photo.children.isdisjoint(viewer.blocked_from):
        return Verdict(None, Reason.BLOCKED)
    refusing = set()
    for child in appearing:
        near = nearness(viewer, child, photo)
        if near is Rung.PUBLIC and child.blocked:
            return Verdict(None, Reason.BLOCKED_PUBLIC)
        if child.rungs[photo.purpose] < near:
            refusing.add(child.id)
    if not refusing:
        return ORIGINAL
    fitting = [r for r in photo.redactions if r.approved and r.covers >= refusing]
    if fitting:
        return Verdict(min(fitting, key=lambda r: len(r.covers)).id, Reason.REDACTED)
    return Verdict(None, Reason.NOT_PERMITTED)


# 5. The review desk


def handles(handler: Standing, photo: PhotoFacts, children: Mapping[int, ChildState]) -> bool:
    """Whether this person may see the original in the review desk."""
    if handler.person is None or handler.is_child or photo.state == "erased":
        return False
    if not photo.children.isdisjoint(handler.blocked_from):
        return False
    if any(children[child].hold for child in photo.children):
        return "safeguarding" in handler.roles
    return (
        "admin" in handler.roles
        or (photo.uploader == handler.person and handler.is_staff)
        or (photo.audience is AudienceKind.GROUPS and not photo.groups.isdisjoint(handler.staff_of))
    )
