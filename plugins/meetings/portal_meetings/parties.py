"""Who is asked, and whom each host receives. A party is a household, or the adult where none is known: so separated
parents are two parties, each with appointments of its own. Everything comes from the adults who decide for a child
today and are not kept from it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal.sdk import Audience, AudienceKind, Guardian, Viewer, asked, db, guardians, guardians_of, marks, staff_of
from portal_meetings.rules import Booking, Event, Host


@dataclass(frozen=True, slots=True)
class Need:
    """One child that this adult may talk about with one host."""

    event: int
    host: int
    child: int


@dataclass(frozen=True, slots=True)
class Asked:
    """An adult as the events ask them."""

    person: int = 0
    party: int = 0
    needs: tuple[Need, ...] = ()
    children: frozenset[int] = frozenset()  # for whom they decide, in these classes or not

    def has(self, host: int, child: int) -> bool:
        return any(need.host == host and need.child == child for need in self.needs)


def party(one: Guardian) -> int:
    return one.household or one.adult


async def asked_by(viewer: Viewer, events: Sequence[Event], hosts: Iterable[Host]) -> Asked:
    """What these events ask this person. The same number of queries for one event and for thirty."""
    classes = sorted({number for event in events for number in event.classes})
    audiences = [Audience(AudienceKind.SCHOOL), *(Audience(AudienceKind.GROUPS, (number,)) for number in classes)]
    of_school, *of_classes = await asked(viewer, audiences)
    if of_school is None:
        return Asked()
    children = {number: one.children if one else () for number, one in zip(classes, of_classes, strict=True)}
    staff = await staff_of(number for number in classes if children[number])
    at_school = frozenset(of_school.children)
    others = [host for host in hosts if host.person != of_school.adult]  # nobody receives themselves
    needs = _needs(events, others, {number: frozenset(theirs) for number, theirs in children.items()}, at_school, staff)
    return Asked(of_school.adult, party(of_school), tuple(needs), at_school)


def _needs(
    events: Sequence[Event], hosts: Iterable[Host], children: Mapping[int, frozenset[int]], at_school: frozenset[int],
    staff: Mapping[int, frozenset[int]],
) -> list[Need]:
    by_event: dict[int, list[Host]] = defaultdict(list)
    for host in hosts:
        by_event[host.event].append(host)
    found: list[Need] = []
    for event in events:
        inside = {child for number in event.classes for child in children[number]}
        for host in by_event[event.id]:
            met = at_school.intersection(event.children)
            if host.everyone:
                met |= inside
            else:
                met |= {c for n in event.classes if host.person in staff.get(n, ()) for c in children[n]}
            if event.kind == "visit":  # a family comes once, however many of its children are in the class
                met = frozenset(sorted(met)[:1])
            found += [Need(event.id, host.id, child) for child in sorted(met)]
    return found


async def everybody(event: Event) -> list[Guardian]:
    """All adults that an event asks now. Nobody is asking here: filter before anybody sees a name."""
    if event.kind == "family":
        return await guardians_of(event.children)
    return await guardians(Audience(AudienceKind.GROUPS, event.classes)) if event.classes else []


async def by_party(event: Event) -> dict[int, list[Guardian]]:
    """The same, by party."""
    found: dict[int, list[Guardian]] = defaultdict(list)
    for one in await everybody(event):
        found[party(one)].append(one)
    return dict(found)


async def for_others(events: Sequence[Event], party_: int) -> frozenset[int]:
    """The slots of appointments with one family that are for another of its parties than this.

    Each party has every second (third …) time for itself. Otherwise those that are left would tell separated parents
    whether the other comes, and when. The same number of queries for one event and for thirty.
    """
    alone = [event for event in events if event.kind == "family"]
    if not alone:
        return frozenset()
    deciding = await guardians_of({child for event in alone for child in event.children})
    rows = await db.rows(
        f"SELECT event, host, id FROM meetings_slot WHERE event IN ({marks(len(alone))}) ORDER BY id",
        *(event.id for event in alone),
    )
    slots: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, host, slot in rows:
        slots[number][host].append(slot)
    found: set[int] = set()
    for event in alone:
        all_of = sorted({party(one) for one in deciding if set(event.children).intersection(one.children)})
        for theirs in slots[event.id].values():
            found.update(slot for at, slot in enumerate(theirs) if all_of and all_of[at % len(all_of)] != party_)
    return frozenset(found)


async def received_by(event: Event, host: Host) -> frozenset[int]:
    """The children about whom this host receives families."""
    everyone = {child for one in await everybody(event) for child in one.children}
    if host.everyone or event.kind == "family":
        return frozenset(everyone)
    staff = await staff_of(event.classes)
    own = tuple(number for number in event.classes if host.person in staff[number])
    if not own:
        return frozenset()
    inside = {child for one in await guardians(Audience(AudienceKind.GROUPS, own)) for child in one.children}
    return frozenset(inside & everyone)


async def adults_of(bookings: Sequence[Booking]) -> dict[int, frozenset[int]]:
    """Who may come to each of these bookings, by its id: whoever booked, and the others of the party who decide for the
    child today. Nobody is asking here."""
    deciding = await guardians_of({one.child for one in bookings}) if bookings else []
    return {
        one.id: frozenset({one.person} | {
            of.adult for of in deciding if one.child in of.children and party(of) == one.party
        })
        for one in bookings
    }  # fmt: skip
