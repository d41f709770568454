"""What a plan will write, collected table by table so that it goes to the database in few statements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from portal.db import db

What = Literal["people", "groups", "enrolments", "links", "households"]
Fate = Literal["new", "changed", "unchanged", "gone"]

CATEGORIES: tuple[What, ...] = ("people", "groups", "enrolments", "links")
SHOWN: tuple[What, ...] = (*CATEGORIES, "households")  # to people; the JSON has no households
FATES: tuple[Fate, ...] = ("new", "changed", "unchanged", "gone")

_COLUMNS = {
    "person": "id, kind, given_name, family_name, email, phone, language, active, born, safeguarding_hold, source,"
    " external_id, created_at",
    "school_group": "id, name, kind, until, source, external_id",
    "membership": "id, child, group_id, starts, ends, source, external_id",
    "staff": "id, adult, group_id, source, external_id",
    "link": "id, adult, child, decides, sees, relation, starts, ends, source",
    "household": "id, name, source, external_id",
    "household_member": "id, household, person, contact_order, channels",
    "roster_record": "key, source, kind, external_id, person, local, seen, gone",
}
_AGAIN = (
    " ON CONFLICT (key) DO UPDATE SET person = excluded.person, local = excluded.local, seen = excluded.seen,"
    " gone = excluded.gone"
)
_MOST_PLACES = 8_000  # in one statement; both databases allow some 32,000


@dataclass(frozen=True, slots=True)
class Change:
    """One difference for people to read. `label` names the person or class, so it is shown only to the office."""

    what: What
    fate: Fate
    label: str
    fields: tuple[str, ...] = ()


@dataclass
class Writes:
    """Inserts by table, single updates and deletions, and the differences as people read them."""

    source: str
    inserts: dict[str, list[tuple[Any, ...]]] = field(default_factory=lambda: {table: [] for table in _COLUMNS})
    statements: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    counts: dict[What, dict[Fate, int]] = field(
        default_factory=lambda: {what: dict.fromkeys(FATES, 0) for what in SHOWN}
    )

    def insert(self, table: str, *row: Any) -> None:
        self.inserts[table].append(row)

    def run(self, sql: str, *args: Any) -> None:
        self.statements.append((sql, args))

    def record(self, kind: str, key: str, local: int, seen: dict[str, Any], person: int | None, gone: bool) -> None:
        """What the next import will compare with."""
        text = msgspec.json.encode(seen).decode()
        self.insert("roster_record", f"{self.source}/{kind}/{key}", self.source, kind, key, person, local, text, gone)

    def count(self, what: What, fate: Fate, label: str = "", fields: Iterable[str] = ()) -> None:
        self.counts[what][fate] += 1
        if fate != "unchanged":
            self.changes.append(Change(what, fate, label, tuple(fields)))

    async def write(self) -> None:
        """Writes everything. Only inside `@atomic`; statements first, because they free what inserts may take."""
        for sql, args in self.statements:
            await db.run(sql, *args)
        for table, rows in self.inserts.items():
            await _insert(table, rows)


async def _insert(table: str, rows: list[tuple[Any, ...]]) -> None:
    if not rows:
        return
    columns = _COLUMNS[table]
    width = len(rows[0])
    size = _MOST_PLACES // width
    again = _AGAIN if table == "roster_record" else ""
    for start in range(0, len(rows), size):
        part = rows[start : start + size]
        places = ",".join([f"({','.join('?' * width)})"] * len(part))
        sql = f"INSERT INTO {table} ({columns}) VALUES {places}{again}"
        await db.run(sql, *(value for row in part for value in row))
