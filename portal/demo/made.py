"""What a made-up school consists of, as plain values: keys instead of ids, days as ISO texts, minutes before now."""

from __future__ import annotations

from dataclasses import dataclass, field

from portal.kinds import Rung

PASSWORD = "paper-kites-at-noon"  # noqa: S105 -- printed by `portal demo`, good for made-up people only
DOMAIN = "demo.example"


@dataclass(frozen=True, slots=True)
class Human:
    """A child or an adult. `login` is empty for somebody without an account."""

    key: str
    kind: str
    given: str
    family: str
    language: str
    born: str | None = None
    email: str | None = None
    phone: str | None = None
    hold: bool = False
    login: str = ""
    roles: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"


@dataclass(frozen=True, slots=True)
class Tie:
    """A link between an adult and a child."""

    adult: str
    child: str
    relation: str
    decides: bool = True
    sees: bool = True
    starts: str | None = None
    ends: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One decision. `ago` is how many minutes before now it was made."""

    child: str
    by: str
    purpose: str
    rung: Rung
    ago: int
    until: str | None = None
    paper: bool = False


@dataclass(frozen=True, slots=True)
class Home:
    """People who live together; adults in the order in which the school calls them."""

    name: str
    adults: tuple[str, ...]
    children: tuple[str, ...]
    paper: bool = False


@dataclass(frozen=True, slots=True)
class CastMember:
    """Somebody to sign in as: a part, the person, and what makes them worth trying (a sentence)."""

    part: str
    key: str
    about: str


@dataclass
class Made:
    """The whole school."""

    year_ends: str
    groups: dict[str, str] = field(default_factory=dict)
    """Classes: key and name."""
    people: dict[str, Human] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)
    """Children by class."""
    staff: list[tuple[str, str]] = field(default_factory=list)
    """Adult and class."""
    ties: list[Tie] = field(default_factory=list)
    blocks: list[tuple[str, str]] = field(default_factory=list)
    homes: list[Home] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    cast: list[CastMember] = field(default_factory=list)

    def class_of(self, child: str) -> str:
        return next(group for group, children in self.members.items() if child in children)

    @property
    def children(self) -> list[Human]:
        return [human for human in self.people.values() if human.kind == "child"]

    @property
    def guardians(self) -> set[str]:
        return {tie.adult for tie in self.ties}
