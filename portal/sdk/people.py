"""People and classes, as far as the one who asks may know them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from portal.db import db, marks
from portal.delivery import queries as _delivery
from portal.errors import NotVisible
from portal.i18n import Language, language
from portal.kinds import Viewer
from portal.people import queries as _people
from portal.people.school import School
from portal.visibility import door as _door
from portal.visibility.facts import Snapshot, snapshot
from portal.visibility.rule import Standing
from portal.web.who import Who


@dataclass(frozen=True, slots=True)
class Group:
    """A class. `until` is its last day, None while that is open."""

    id: int
    name: str
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Child:
    """A child with the classes it is in, or was in to their end."""

    id: int
    name: str
    groups: frozenset[int]


class _Kept:
    """What was read about people, for as long as the facts it was read with are the present ones."""

    def __init__(self) -> None:
        self.groups: dict[int, Group] | None = None
        self.names: dict[int, str] = {}


_kept: WeakKeyDictionary[Snapshot, _Kept] = WeakKeyDictionary()


def _notes(facts: Snapshot) -> _Kept:
    notes = _kept.get(facts)
    if notes is None:
        notes = _kept[facts] = _Kept()
    return notes


async def school() -> School:
    """The school's name, `timezone`, `languages` (its main one first) and other settings. In a page the same is at hand
    as `who(request).school`."""
    return (await snapshot()).school


async def standing(viewer: Viewer) -> Standing:
    """How this person stands now: `roles`, `staff_of` (active), `family_of`, `signed_in` …  For actions; in a page the
    same is at hand as `who(request).standing`."""
    return await _door.standing(viewer)


def streams(person: Who) -> list[int]:
    """Whom something must be offered to so that this person is among them: group ids and the streams of the school
    and the public. Compare with `Audience.streams`; what a plugin lists by these is offered exactly like a photo."""
    return sorted(person.standing.streams)


async def groups(facts: Snapshot | None = None) -> Mapping[int, Group]:
    """All classes of the school by id. `facts` (`who(request).facts`) spares the query while nothing has changed."""
    notes = _notes(facts or await snapshot())
    if notes.groups is None:
        notes.groups = {row[0]: Group(*row) for row in await db.rows("SELECT id, name, until FROM school_group")}
    return notes.groups


async def names(people: Iterable[int], facts: Snapshot | None = None) -> Mapping[int, str]:
    """Given and family names. Show a name only to people who may know that person."""
    kept = _notes(facts or await snapshot()).names
    wanted = set(people)
    if missing := sorted(wanted - kept.keys()):
        kept.update(await _people.names(missing))
    return {person: kept[person] for person in wanted if person in kept}


async def my_children(person: Who) -> list[Child]:
    """The children whose family this person is, themselves included for a child; by name."""
    own = person.standing.family_of
    if not own:
        return []
    known, states = await names(own, person.facts), await person.facts.children(own)
    found = [Child(c, known[c], states[c].groups_in | states[c].groups_to_end) for c in own if c in known]
    return sorted(found, key=lambda child: (child.name, child.id))


async def my_groups(viewer: Viewer) -> list[Group]:
    """The classes of which this person is active staff; by name."""
    known = await groups()
    staff_of = (await standing(viewer)).staff_of
    return sorted((known[group] for group in staff_of if group in known), key=lambda group: (group.name, group.id))


async def children_of(viewer: Viewer, wanted: Iterable[int]) -> list[Child]:
    """The children of these classes, by name: for active staff of each of them, and for office and administrators.
    Without children who are kept from this person; see `keeps_children_from`.

    Raises NotVisible for anybody else.
    """
    chosen = sorted(set(wanted))
    facts = await snapshot()
    asking = await facts.viewer(viewer.person)
    if not (asking.roles & {"office", "admin"} or asking.staff_of.issuperset(chosen)):
        raise NotVisible
    if not chosen:
        return []
    rows = await db.rows(f"SELECT child FROM membership WHERE group_id IN ({marks(len(chosen))})", *chosen)
    states = await facts.children({child for (child,) in rows})
    inside = {c: state.groups_in | state.groups_to_end for c, state in states.items()}
    meant = [c for c, theirs in inside.items() if not theirs.isdisjoint(chosen) and c not in asking.blocked_from]
    known = await names(meant, facts)
    return sorted((Child(c, known[c], inside[c]) for c in meant), key=lambda child: (child.name, child.id))


async def keeps_children_from(viewer: Viewer, wanted: Iterable[int]) -> bool:
    """Whether a no-contact order keeps a child of these classes from this person, who then cannot tag everybody."""
    facts = await snapshot()
    asking = await facts.viewer(viewer.person)
    states = await facts.children(asking.blocked_from)
    chosen = frozenset(wanted)
    return any(not chosen.isdisjoint(state.groups_in | state.groups_to_end) for state in states.values())


async def languages_of(people: Iterable[int]) -> dict[int, Language]:
    """The language in which each of these people reads."""
    return {person: language(code) for person, code in (await _delivery.languages(people)).items()}
