"""Recognises people of the plain form whose row was corrected.

Without a number a person is known by a fingerprint of names and birthday or e-mail address. When one of these is
corrected the fingerprint changes; the person is recognised all the same where only one can be meant: the same name
once among those who seem new and once among those who seem gone, and for an adult a child in common.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from portal.people.roster.queries import Stored
from portal.people.roster.sheet import FINGERPRINT
from portal.people.roster.ties import BETWEEN
from portal.people.roster.values import Link, Person, Roster

_Name = tuple[str, str, str]


def recognise(roster: Roster, stored: Stored) -> Roster:
    """The roster with recognised people under the identifiers by which they are stored."""
    children = _pairs(roster, stored, "child")
    born = {key: stored.person_rows[stored.people[key].local].born for key in children.values()}
    children = {
        new: old
        for new, old in children.items()
        if roster.people[new].born is None or born[old] is None or roster.people[new].born == born[old]
    }
    before: dict[str, set[str]] = {}
    for key in stored.links:
        adult, _between, child = key.partition(BETWEEN)
        before.setdefault(adult, set()).add(child)
    now: dict[str, set[str]] = {}
    for adult, child in roster.links:
        now.setdefault(adult, set()).add(children.get(child, child))
    adults = {
        new: old for new, old in _pairs(roster, stored, "adult").items() if now.get(new, set()) & before.get(old, set())
    }
    return _renamed(roster, children | adults)


def _pairs(roster: Roster, stored: Stored, kind: str) -> dict[str, str]:
    """New identifiers and the stored ones of the same name, where both names occur once."""
    new = {
        key: _name(kind, person.given_name, person.family_name)
        for key, person in roster.people.items()
        if person.kind == kind and key.startswith(FINGERPRINT) and key not in stored.people
    }
    old = {
        key: _name(kind, row.given_name, row.family_name)
        for key, record in stored.people.items()
        if key.startswith(FINGERPRINT) and key not in roster.people and not record.gone
        if (row := stored.person_rows.get(record.local)) is not None and row.kind == kind
    }
    once_new, once_old = _once(new), _once(old)
    return {once_new[name]: once_old[name] for name in once_new.keys() & once_old.keys()}


def _name(kind: str, given: str, family: str) -> _Name:
    return kind, " ".join(given.casefold().split()), " ".join(family.casefold().split())


def _once(names: dict[str, _Name]) -> dict[_Name, str]:
    count = Counter(names.values())
    return {name: key for key, name in names.items() if count[name] == 1}


def _renamed(roster: Roster, names: dict[str, str]) -> Roster:
    def of(key: str) -> str:
        return names.get(key, key)

    people: dict[str, Person] = {of(key): replace(person, id=of(key)) for key, person in roster.people.items()}
    links: dict[tuple[str, str], Link] = {
        (of(adult), of(child)): replace(link, adult=of(adult), child=of(child))
        for (adult, child), link in roster.links.items()
    }
    enrolments = {}
    for enrolment in roster.enrolments.values():
        key = f"{enrolment.group} {of(enrolment.person)}"
        enrolments[key] = replace(enrolment, id=key, person=of(enrolment.person))
    return replace(roster, people=people, links=links, enrolments=enrolments)
