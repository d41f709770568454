"""Who would see what, before something is posted: the one rule, asked about photos as if they were published.

Nothing here decides. Each answer is `rule.verdict` on the stored photo with another state and audience; families are
households where they are known, and else those who are family of the same children.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from portal.db import db, in_portions, marks
from portal.kinds import Audience, AudienceKind, Rung, Viewer
from portal.visibility import door, index, rule
from portal.visibility.facts import snapshot
from portal.visibility.rule import ChildState, PhotoFacts, Reason, Standing


@dataclass(frozen=True, slots=True)
class Family:
    """Adults who live together, or who are family of the same children, and what at least one of them would see."""

    adults: frozenset[int]
    children: frozenset[int]  # their children in the audience
    sees: frozenset[int]


@dataclass(frozen=True, slots=True)
class Limit:
    """A child in a photo because of whom `families` families of the audience do not see it."""

    child: int
    rung: Rung  # how far this child's photos may travel
    families: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What the people of an audience would see of `photos`."""

    photos: tuple[int, ...]
    families: tuple[Family, ...]
    staff: tuple[frozenset[int], ...]  # what each member of staff in the audience would see
    beyond: int  # families outside the audience who would see a photo because their own child is in it
    visitors: frozenset[int] | None  # what people without an account would see; None if it is not for the public
    limits: Mapping[int, tuple[Limit, ...]]  # for each photo that not every family sees

    @property
    def counts(self) -> list[tuple[int, int]]:
        """Pairs (photos, families that see so many), most photos first."""
        return sorted(Counter(len(family.sees) for family in self.families).items(), reverse=True)


async def preview(viewer: Viewer, photos: Sequence[int], audience: Audience) -> Preview:
    """What would be seen if `viewer` published these photos for this audience now; only those that they handle count.

    The same number of queries for one photo and for ten, and for one family and for hundreds.
    """
    facts = await snapshot()
    handled = await door.handled(viewer, photos)
    redactions = await index.redactions(sorted(handled))
    posted = [
        replace(
            handled[photo], state="hidden" if handled[photo].withheld else "published", reviewed=True,
            audience=audience.kind, groups=frozenset(audience.groups), redactions=redactions[photo],
        )
        for photo in photos
        if photo in handled
    ]
    tagged = {child for photo in posted for child in photo.children}
    adults = await facts.viewers(await _candidates(audience, tagged))
    present = {person: who for person, who in adults.items() if who.person is not None}
    children = await facts.children(tagged.union(*(who.family_of for who in present.values())))
    sees = {person: _seen(who, posted, children) for person, who in present.items()}
    inside = {person: who for person, who in present.items() if not who.streams.isdisjoint(audience.streams)}
    related = {
        person: frozenset(child for child in who.family_of if _meant(children[child], audience))
        for person, who in inside.items()
    }
    families = await _families({person: own for person, own in related.items() if own}, sees)
    outside = {
        person: who.family_of & tagged for person, who in present.items() if person not in inside and sees[person]
    }
    public = audience.kind is AudienceKind.PUBLIC
    return Preview(
        photos=tuple(photo.id for photo in posted),
        families=tuple(families),
        staff=tuple(sees[person] for person, who in inside.items() if _on_duty(who, audience)),
        beyond=len(await _families(outside, sees)),
        visitors=_seen(rule.NOBODY_KNOWN, posted, children) if public else None,
        limits=_limits(posted, families, present, children),
    )


def _seen(who: Standing, photos: Iterable[PhotoFacts], children: Mapping[int, ChildState]) -> frozenset[int]:
    return frozenset(photo.id for photo in photos if rule.verdict(who, photo, children).redaction is not None)


def _meant(child: ChildState, audience: Audience) -> bool:
    """Whether the audience means this child, so that its family counts as one of the families addressed."""
    if audience.kind is AudienceKind.GROUPS:
        return not (child.groups_in | child.groups_to_end).isdisjoint(audience.groups)
    return child.at_school


def _on_duty(who: Standing, audience: Audience) -> bool:
    return not who.staff_of.isdisjoint(audience.groups) if audience.kind is AudienceKind.GROUPS else who.is_staff


def _limits(
    photos: Sequence[PhotoFacts], families: Sequence[Family], present: Mapping[int, Standing],
    children: Mapping[int, ChildState],
) -> dict[int, tuple[Limit, ...]]:
    """Because of which child a photo stays away from families: the rule, asked as if the child were alone in it."""
    found: dict[int, tuple[Limit, ...]] = {}
    for photo in photos:
        without = [family for family in families if photo.id not in family.sees]
        limits = []
        for child in sorted(photo.children) if without else ():
            alone = replace(photo, children=frozenset({child}), redactions=())
            count = sum(
                all(
                    rule.verdict(present[adult], alone, children).reason is Reason.NOT_PERMITTED
                    for adult in family.adults
                )
                for family in without
            )
            if count:
                limits.append(Limit(child, children[child].rungs[photo.purpose], count))
        if limits:
            found[photo.id] = tuple(limits)
    return found


async def _families(related: Mapping[int, frozenset[int]], sees: Mapping[int, frozenset[int]]) -> list[Family]:
    """Puts adults together who share a household, and the others who share a child."""
    homes: dict[int, int] = {}
    for person, household in await in_portions(
        "SELECT person, household FROM household_member WHERE person IN ({}) ORDER BY household DESC", list(related)
    ):
        homes[person] = household
    together: dict[int, set[int]] = defaultdict(set)
    for person in related:
        if person in homes:
            together[homes[person]].add(person)
    members = [*together.values(), *_sharing({p: own for p, own in related.items() if p not in homes})]
    return [
        Family(
            adults=frozenset(adults),
            children=frozenset().union(*(related[adult] for adult in adults)),
            sees=frozenset().union(*(sees[adult] for adult in adults)),
        )
        for adults in members
    ]


def _sharing(related: Mapping[int, frozenset[int]]) -> list[set[int]]:
    """Groups of adults joined by children they share, directly or through others."""
    root: dict[int, int] = {}

    def find(node: int) -> int:
        while root.setdefault(node, node) != node:
            root[node] = node = root[root[node]]
        return node

    for adult, own in related.items():
        for child in own:
            root[find(child)] = find(adult)
    groups: dict[int, set[int]] = defaultdict(set)
    for adult in related:
        groups[find(adult)].add(adult)
    return list(groups.values())


async def _candidates(audience: Audience, tagged: Iterable[int]) -> list[int]:
    """Adults who might see something; the rule sorts them out."""
    if audience.kind is not AudienceKind.GROUPS:
        rows = await db.rows(
            "SELECT adult FROM link WHERE sees UNION SELECT adult FROM staff UNION SELECT person FROM role"
        )
        return [adult for (adult,) in rows]
    groups, children = list(audience.groups), list(tagged)
    chosen, named = marks(len(groups)) or "NULL", marks(len(children)) or "NULL"
    rows = await db.rows(
        f"SELECT l.adult FROM link l JOIN membership m ON m.child = l.child WHERE l.sees AND m.group_id IN ({chosen})"
        f" UNION SELECT adult FROM staff WHERE group_id IN ({chosen})"
        f" UNION SELECT adult FROM link WHERE sees AND child IN ({named})",
        *(*groups, *groups, *children),
    )
    return [adult for (adult,) in rows]
