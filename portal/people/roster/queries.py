"""What earlier imports left behind, and the stored rows that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec

from portal.db import db
from portal.people.roster.values import Known, KnownGroup, KnownPerson, Term

Seen = dict[str, Any]
Place = tuple[int, int | None, str]  # in a household: person, order of contact, channels
Tie = tuple[str, int, int]  # 'membership', 'staff' or 'link'; the child, or the adult of the others; group or child


@dataclass(frozen=True, slots=True)
class Record:
    """One row of `roster_record`."""

    id: str
    local: int
    seen: Seen
    gone: bool


@dataclass(frozen=True, slots=True)
class PersonRow:
    kind: str
    given_name: str
    family_name: str
    email: str | None
    phone: str | None
    language: str
    born: str | None
    active: bool

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True, slots=True)
class GroupRow:
    name: str
    kind: str
    until: str | None

    def ended(self, today: str) -> bool:
        return self.until is not None and self.until < today


@dataclass(frozen=True, slots=True)
class Span:
    starts: str | None
    ends: str | None


@dataclass(frozen=True, slots=True)
class LinkRow:
    decides: bool
    sees: bool
    relation: str
    starts: str | None
    ends: str | None


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    id: int
    members: frozenset[Place]


@dataclass
class Stored:
    """Everything that a plan compares with, for one source."""

    people: dict[str, Record] = field(default_factory=dict)
    groups: dict[str, Record] = field(default_factory=dict)
    enrolments: dict[str, Record] = field(default_factory=dict)
    links: dict[str, Record] = field(default_factory=dict)
    terms: dict[str, Record] = field(default_factory=dict)
    person_rows: dict[int, PersonRow] = field(default_factory=dict)
    group_rows: dict[int, GroupRow] = field(default_factory=dict)
    membership_rows: dict[int, Span] = field(default_factory=dict)
    staff_rows: set[int] = field(default_factory=set)
    link_rows: dict[int, LinkRow] = field(default_factory=dict)
    households: dict[str, HouseholdRow] = field(default_factory=dict)
    by_hand: set[Tie] = field(default_factory=set)  # in force now
    ended_by_hand: set[Tie] = field(default_factory=set)  # were once; of staff nothing is left
    kept: set[int] = field(default_factory=set)  # adults who have something that no import gave them

    def known(self) -> Known:
        """What a file may refer to without repeating it."""
        return Known(
            {
                key: KnownPerson("child" if row.kind == "child" else "adult", tuple(record.seen.get("roles", ())))
                for key, record in self.people.items()
                if not record.gone and (row := self.person_rows.get(record.local))
            },
            {
                key: KnownGroup(
                    group.name,
                    "homeroom" if group.kind == "homeroom" else "course",
                    record.seen.get("starts"),
                    group.until,
                    tuple(record.seen.get("terms", ())),
                )
                for key, record in self.groups.items()
                if not record.gone and (group := self.group_rows.get(record.local))
            },
            {key: Term(key, record.seen["starts"], record.seen["until"]) for key, record in self.terms.items()},
        )


async def load(source: str, today: str) -> Stored:
    """Reads what is stored for one source; `today` is the school's day."""
    stored = Stored()
    by_kind = {
        "person": stored.people,
        "group": stored.groups,
        "enrolment": stored.enrolments,
        "link": stored.links,
        "term": stored.terms,
    }
    for kind, key, local, seen, gone in await db.rows(
        "SELECT kind, external_id, local, seen, gone FROM roster_record WHERE source = ?", source
    ):
        by_kind[kind][key] = Record(key, local, msgspec.json.decode(seen), bool(gone))
    for id_, kind, given, family, email, phone, language, born, active in await db.rows(
        "SELECT id, kind, given_name, family_name, email, phone, language, born, active FROM person WHERE source = ?",
        source,
    ):
        stored.person_rows[id_] = PersonRow(kind, given, family, email, phone, language, born, bool(active))
    groups = await db.rows("SELECT id, name, kind, until FROM school_group WHERE source = ?", source)
    stored.group_rows = {id_: GroupRow(name, kind, until) for id_, name, kind, until in groups}
    await _ties(stored, source, today)
    await _households(stored, source)
    return stored


async def _ties(stored: Stored, source: str, today: str) -> None:
    for id_, child, group, starts, ends, from_ in await db.rows(
        "SELECT id, child, group_id, starts, ends, source FROM membership"
    ):
        if from_ == source:
            stored.membership_rows[id_] = Span(starts, ends)
        elif ends is None or ends >= today:
            stored.by_hand.add(("membership", child, group))
        else:
            stored.ended_by_hand.add(("membership", child, group))
    for id_, adult, group, from_ in await db.rows("SELECT id, adult, group_id, source FROM staff"):
        if from_ == source:
            stored.staff_rows.add(id_)
        else:
            stored.by_hand.add(("staff", adult, group))
            stored.kept.add(adult)
    for id_, adult, child, decides, sees, relation, starts, ends, from_ in await db.rows(
        "SELECT id, adult, child, decides, sees, relation, starts, ends, source FROM link"
    ):
        if from_ == source:
            stored.link_rows[id_] = LinkRow(bool(decides), bool(sees), relation, starts, ends)
        elif ends is None or ends >= today:
            stored.by_hand.add(("link", adult, child))
            stored.kept.add(adult)
        else:
            stored.ended_by_hand.add(("link", adult, child))
    stored.kept.update(person for (person,) in await db.rows("SELECT DISTINCT person FROM role"))


async def _households(stored: Stored, source: str) -> None:
    members: dict[int, set[Place]] = {}
    for household, person, order, channels in await db.rows(
        "SELECT m.household, m.person, m.contact_order, m.channels FROM household_member m"
        " JOIN household h ON h.id = m.household WHERE h.source = ?",
        source,
    ):
        members.setdefault(household, set()).add((person, order, channels))
    for id_, key in await db.rows("SELECT id, external_id FROM household WHERE source = ?", source):
        stored.households[key or ""] = HouseholdRow(id_, frozenset(members.get(id_, ())))
