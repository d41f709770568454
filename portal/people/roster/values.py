"""A roster as plain values, whichever format it came in. Days are ISO texts, both ends included, open ends None."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["child", "adult"]
Mode = Literal["bulk", "delta", "absent"]

# A roster that a school's software wrote, and one that a secretary wrote.
ONEROSTER = "oneroster"
SHEET = "sheet"


@dataclass(frozen=True, slots=True)
class Where:
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Person:
    """None for what the file does not say; an import never empties what the portal knows."""

    id: str
    kind: Kind
    given_name: str
    family_name: str
    where: Where
    email: str | None = None
    phone: str | None = None
    language: str | None = None
    born: str | None = None
    enabled: bool = True
    roles: tuple[str, ...] = ()  # the format's own words; they decide what a link may do, never what an adult may do


@dataclass(frozen=True, slots=True)
class Group:
    """A class. `starts` and `until` are its school year's, as far as the file says."""

    id: str
    name: str
    kind: Literal["homeroom", "course"]
    where: Where
    starts: str | None = None
    until: str | None = None
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A child in a class, or (`staff`) an adult who teaches it."""

    id: str
    person: str
    group: str
    staff: bool
    where: Where
    starts: str | None = None
    ends: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """`sides`: whose row says so, 'c' the child's, 'a' the adult's, or both; a partial file restates one side."""

    adult: str
    child: str
    decides: bool
    sees: bool
    relation: str
    sides: frozenset[str]
    where: Where


@dataclass(frozen=True, slots=True)
class Term:
    id: str
    starts: str
    until: str


@dataclass(frozen=True, slots=True)
class Member:
    person: str
    contact_order: int | None
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Household:
    id: str
    members: tuple[Member, ...]


@dataclass
class Roster:
    """Everything a roster says. A mode is 'bulk' (what is missing has gone), 'delta' (only what is named) or 'absent'.

    `gone_*` holds identifiers that a delta names as deleted.
    """

    source: str
    people: dict[str, Person] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    enrolments: dict[str, Enrolment] = field(default_factory=dict)
    links: dict[tuple[str, str], Link] = field(default_factory=dict)  # by (adult, child)
    terms: dict[str, Term] = field(default_factory=dict)
    households: list[Household] | None = None
    people_mode: Mode = "bulk"
    groups_mode: Mode = "bulk"
    enrolments_mode: Mode = "bulk"
    gone_people: set[str] = field(default_factory=set)
    gone_groups: set[str] = field(default_factory=set)
    gone_enrolments: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class KnownPerson:
    kind: Kind
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnownGroup:
    name: str
    kind: Literal["homeroom", "course"]
    starts: str | None
    until: str | None
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """What earlier imports from the same source have brought, for files that refer to it without repeating it."""

    people: dict[str, KnownPerson] = field(default_factory=dict)
    groups: dict[str, KnownGroup] = field(default_factory=dict)
    terms: dict[str, Term] = field(default_factory=dict)
