"""Which rows of a plugin's tables are about whom, as SQL: from what the plugin declared, through the rows that they
belong to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from portal.db import marks
from portal.hooks.specs import Stored

DEEPEST = 5  # of `through` behind `through`


@dataclass(frozen=True, slots=True)
class Kept:
    """A plugin's declarations, as stored."""

    plugin: str
    title: str  # msgid
    stores: tuple[Stored, ...]
    erases: bool

    def by_table(self, table: str) -> Stored | None:
        return next((stored for stored in self.stores if stored.table == table), None)

    def fate(self, stored: Stored) -> str:
        """What becomes of rows about a person who is erased: 'delete', 'blank' (who it was) or 'keep'."""
        if stored.people or not stored.through:
            return stored.on_erase
        above = self.by_table(stored.through[1])
        return "delete" if above is not None and self.fate(above) == "delete" else "keep"


@dataclass(frozen=True, slots=True)
class Limits:
    """What is left out. `among`: what names anybody but these people; `without`: what names one of these; `at`: what
    those concerned may not read themselves at that instant (microseconds UTC). All look at the rows above as well."""

    among: Collection[int] | None = None
    without: Collection[int] = ()
    at: int | None = None


EVERYTHING = Limits()


def q(column: str) -> str:
    """A column in SQL, also one whose name is a word of SQL. It is the name of one that is there."""
    return '"' + column.replace('"', '""') + '"'


def about(kept: Kept, stored: Stored, alias: str, person: int, deepest: int = DEEPEST) -> tuple[str, list[int]]:
    """The condition for rows that are about a person; without values where a table holds nothing about people."""
    parts, values = [f"{alias}.{q(column)} = ?" for column in stored.people], [person] * len(stored.people)
    if (above := _above(kept, stored)) and deepest:
        inner, more = about(kept, above[1], f"{alias}p", person, deepest - 1)
        if more:
            parts.append(f"{alias}.{q(above[0])} IN (SELECT {alias}p.id FROM {above[1].table} {alias}p WHERE {inner})")
            values += more
    return f"({' OR '.join(parts)})", values


def within(kept: Kept, stored: Stored, alias: str, limits: Limits, deepest: int = DEEPEST) -> tuple[str, list[int]]:
    """The condition for rows within these limits."""
    parts, values = ["1 = 1"], list[int]()
    rules = [("NOT IN", sorted(limits.without))] if limits.without else []
    rules += [("IN", [0, *sorted(limits.among)])] if limits.among is not None else []
    for word, people in rules:
        for column in stored.people:
            name = f"{alias}.{q(column)}"
            parts.append(f"({name} IS NULL OR {name} {word} ({marks(len(people))}))")
            values += people
    if limits.at is not None and stored.opens:
        opens = f"{alias}.{q(stored.opens)}"
        parts.append(f"{opens} > 0 AND {opens} <= ?")
        values.append(limits.at)
    if limits.at is not None and stored.closes:
        closes = f"{alias}.{q(stored.closes)}"
        parts.append(f"({closes} = 0 OR {closes} > ?)")
        values.append(limits.at)
    if limits != EVERYTHING and (above := _above(kept, stored)) and deepest:
        inner, more = within(kept, above[1], f"{alias}p", limits, deepest - 1)
        if more:
            parts.append(
                f"NOT EXISTS (SELECT 1 FROM {above[1].table} {alias}p WHERE {alias}p.id = {alias}.{q(above[0])}"
                f" AND NOT ({inner}))"
            )
            values += more
    return " AND ".join(parts), values


def _above(kept: Kept, stored: Stored) -> tuple[str, Stored] | None:
    """The column by which rows belong to others, and what was declared about those."""
    above = kept.by_table(stored.through[1]) if stored.through else None
    return (stored.through[0], above) if stored.through and above is not None else None
