"""What plugins keep about people: exported, erased and let go of by the portal itself, from what each declared.

The declarations are stored when a plugin is taken into use, so that all of this works when the plugin is gone. What
lies outside the database (photos, sealed files) is destroyed by the job `destroy` after the rows are gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from portal import clock
from portal.db import Conflict, atomic, db, marks
from portal.errors import Refused
from portal.hooks.host import Plugin, host
from portal.hooks.specs import Stored
from portal.i18n import _
from portal.people import school as schools
from portal.plugins import jobs

NAME = re.compile(r"[a-z_][a-z0-9_]*", re.ASCII)
PORTION = 500  # rows at a time
DEEPEST = 5  # of `through` behind `through`
ERASE_LIMIT_S = 20.0
DESTROY = "destroy"  # the core's job


@dataclass(frozen=True, slots=True)
class Kept:
    """A plugin's declarations, as stored."""

    plugin: str
    title: str  # msgid
    stores: tuple[Stored, ...]
    erases: bool

    def by_table(self, table: str) -> Stored | None:
        return next((stored for stored in self.stores if stored.table == table), None)


@dataclass(frozen=True, slots=True)
class Portion:
    """Rows of one table, for an export. `what` is a msgid."""

    plugin: str
    title: str
    what: str
    table: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Any]]


@atomic
async def declare(plugin: Plugin) -> None:
    """Stores what a plugin declares. Raises Conflict for a declaration that its tables do not bear out."""
    for stored in plugin.about.stores:
        if stored.table:
            await _check(stored)
    stores = msgspec.json.encode(plugin.about.stores).decode()
    await db.run(
        "INSERT INTO keeping (plugin, title, stores, erases) VALUES (?, ?, ?, ?) ON CONFLICT (plugin) DO UPDATE"
        " SET title = excluded.title, stores = excluded.stores, erases = excluded.erases",
        *(plugin.about.name, plugin.about.title, stores, "portal_erase" in plugin.hooks),
    )


def same(plugin: Plugin, kept: Kept | None) -> bool:
    """Whether what is stored about a plugin is what it says today."""
    about = plugin.about
    today = Kept(about.name, about.title, about.stores, "portal_erase" in plugin.hooks)
    return kept == today


async def _check(stored: Stored) -> None:
    there = await columns(stored.table)
    if not there:
        raise Conflict(f"It says that it keeps something in {stored.table}, but has no such table.")
    named = [*stored.people, *stored.photos, *stored.files, *([stored.since] if stored.since else [])]
    named += [stored.through[0]] if stored.through else []
    for column in named:
        if column not in there:
            raise Conflict(f"It says something of {stored.table}.{column}, but has no such column.")
    if (stored.people or stored.days is not None or stored.photos or stored.files) and "id" not in there:
        raise Conflict(f"{stored.table} has no column id, which is needed to erase its rows.")
    if stored.days is not None and not stored.since:
        raise Conflict(f"{stored.table}: days need `since`, the column from which they count.")
    if stored.through and not await columns(stored.through[1]):
        raise Conflict(f"It says that {stored.table} belongs to {stored.through[1]}, but has no such table.")


async def columns(table: str) -> tuple[str, ...]:
    """The columns of a table in their order; none if there is no such table."""
    if not NAME.fullmatch(table):
        return ()
    if db.dialect == "sqlite":
        return tuple(name for (name,) in await db.rows("SELECT name FROM pragma_table_info(?) ORDER BY cid", table))
    return tuple(
        name
        for (name,) in await db.rows(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema()"
            " AND table_name = ? ORDER BY ordinal_position",
            table,
        )
    )


async def all_kept() -> Mapping[str, Kept]:
    """The declarations of all plugins that ever were in use and whose data is still here, by name."""
    return {
        plugin: Kept(plugin, title, tuple(msgspec.json.decode(stores, type=list[Stored])), bool(erases))
        for plugin, title, stores, erases in await db.rows(
            "SELECT plugin, title, stores, erases FROM keeping ORDER BY plugin"
        )
    }


# ---- Export ----


async def about_person(person: int) -> list[Portion]:
    """Everything that plugins keep about a person, as they declared it."""
    found = []
    for kept in (await all_kept()).values():
        for stored in kept.stores:
            if stored.table and (chosen := _of_person(kept, stored, person)):
                names = await columns(stored.table)
                rows = await db.rows(f"SELECT {_listed(names)} FROM {stored.table} t WHERE {chosen[0]}", *chosen[1])
                if rows:
                    found.append(Portion(kept.plugin, kept.title, stored.what, stored.table, names, rows))
    return found


async def whole(plugin: str) -> list[Portion]:
    """All rows of a plugin's tables, whether or not it is still installed."""
    kept = (await all_kept()).get(plugin)
    found = []
    for stored in kept.stores if kept else ():
        if stored.table and (names := await columns(stored.table)):
            rows = await db.rows(f"SELECT {_listed(names)} FROM {stored.table} t ORDER BY 1")
            found.append(Portion(plugin, kept.title if kept else "", stored.what, stored.table, names, rows))
    return found


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f't."{name}"' for name in names)


def _of_person(kept: Kept, stored: Stored, person: int) -> tuple[str, list[int]] | None:
    """The condition for rows `t` that are about a person; None where a table holds nothing about people."""
    condition, count = _chain(kept, stored, "t", DEEPEST)
    return (condition, [person] * count) if count else None


def _chain(kept: Kept, stored: Stored, alias: str, deepest: int) -> tuple[str, int]:
    parts = [f"{alias}.{column} = ?" for column in stored.people]
    count = len(parts)
    if stored.through and deepest:
        column, parent = stored.through
        above = kept.by_table(parent)
        if above is not None:
            inner, more = _chain(kept, above, f"{alias}p", deepest - 1)
            if more:
                parts.append(f"{alias}.{column} IN (SELECT {alias}p.id FROM {parent} {alias}p WHERE {inner})")
                count += more
    return f"({' OR '.join(parts)})", count


# ---- Erasing ----


@atomic
async def erase_person(person: int) -> None:
    """Erases what plugins keep about a person, all of it or nothing.

    Raises Refused, with the plugin's title, where a plugin that has a word in this cannot give it or fails.
    """
    for kept in (await all_kept()).values():
        for stored in kept.stores:
            if stored.table and stored.people:
                await _erase_rows(kept, stored, person)
        if kept.erases:
            await _ask_plugin(kept, person)
    await jobs.emit("person.erased", person)


async def _erase_rows(kept: Kept, stored: Stored, person: int) -> None:
    where = " OR ".join(f"{column} = ?" for column in stored.people)
    values = [person] * len(stored.people)
    if stored.on_erase == "keep":
        return
    if stored.on_erase == "blank":
        for column in stored.people:
            await db.run(f"UPDATE {stored.table} SET {column} = 0 WHERE {column} = ?", person)
        return
    ids = [number for (number,) in await db.rows(f"SELECT id FROM {stored.table} WHERE {where}", *values)]
    await _delete(kept, stored, ids)


async def _ask_plugin(kept: Kept, person: int) -> None:
    failed = Refused(
        _(
            "%(plugin)s could not erase what it keeps, so nothing was erased. Mend or install it, or erase all of its"
            " data."
        ),
        plugin=kept.title,
    )
    if kept.plugin not in host.plugins or "portal_erase" not in host.plugins[kept.plugin].hooks:
        raise failed
    try:
        await host.ask(kept.plugin, "portal_erase", person, limit_s=ERASE_LIMIT_S)
    except Exception as failure:
        host.blame(kept.plugin, "portal_erase", failure)
        raise failed from failure


async def _delete(kept: Kept, stored: Stored, ids: Sequence[int], deepest: int = DEEPEST) -> None:
    """Deletes rows, first those that hang on them, and remembers which photos and files must go."""
    for start in range(0, len(ids), PORTION):
        part = ids[start : start + PORTION]
        listed = marks(len(part))
        for below in kept.stores:
            if below.table and below.through and below.through[1] == stored.table and deepest:
                await _delete_below(kept, below, part, deepest - 1)
        await _doom(kept.plugin, stored, f"id IN ({listed})", part)
        await db.run(f"DELETE FROM {stored.table} WHERE id IN ({listed})", *part)


async def _delete_below(kept: Kept, below: Stored, parents: Sequence[int], deepest: int) -> None:
    assert below.through is not None
    where = f"{below.through[0]} IN ({marks(len(parents))})"
    if "id" in await columns(below.table):
        ids = [n for (n,) in await db.rows(f"SELECT id FROM {below.table} WHERE {where}", *parents)]
        await _delete(kept, below, ids, deepest)
    else:
        await db.run(f"DELETE FROM {below.table} WHERE {where}", *parents)


async def _doom(plugin: str, stored: Stored, where: str, values: Sequence[int]) -> None:
    if not (stored.photos or stored.files):
        return
    names = [*stored.photos, *stored.files]
    rows = await db.rows(f"SELECT {', '.join(names)} FROM {stored.table} WHERE {where}", *values)
    photos = sorted({n for row in rows for n in row[: len(stored.photos)] if n})
    files = sorted({n for row in rows for n in row[len(stored.photos) :] if n})
    if photos or files:
        await jobs.enqueue(jobs.CORE, DESTROY, {"plugin": plugin, "photos": photos, "files": files})


# ---- Letting go of what is too old, and of a whole plugin ----


async def expire(now: int) -> int:
    """Deletes rows that have been kept as long as their plugin said. Returns how many. `now` in microseconds UTC."""
    count = 0
    for kept in (await all_kept()).values():
        for stored in kept.stores:
            if stored.table and stored.days is not None:
                while gone := await _expire(kept, stored, now - stored.days * clock.DAY):
                    count += gone
    return count


@atomic
async def _expire(kept: Kept, stored: Stored, before: int) -> int:
    rows = await db.rows(
        f"SELECT id FROM {stored.table} WHERE {stored.since} < ? AND {stored.since} > 0 LIMIT ?", before, PORTION
    )
    await _delete(kept, stored, [number for (number,) in rows])
    return len(rows)


@atomic
async def erase_plugin(plugin: str) -> None:
    """Erases everything that a plugin stored, its tables included. Raises Refused while it is in use."""
    if plugin in (await schools.load()).plugins:
        raise Refused(_("Put it out of use first."))
    kept = (await all_kept()).get(plugin)
    if kept is None:
        raise Refused(_("There is nothing stored of it."))
    for stored in kept.stores:
        if stored.table and await columns(stored.table):
            await _doom(plugin, stored, "1 = 1", [])
    for table in await _tables_of(plugin):
        await db.run(f"DROP TABLE {table}" + (" CASCADE" if db.dialect == "postgres" else ""))
    for statement in (
        "DELETE FROM migration WHERE app = ?",
        "DELETE FROM keeping WHERE plugin = ?",
        "DELETE FROM job WHERE plugin = ?",
        "DELETE FROM schedule WHERE plugin = ?",
        "DELETE FROM trouble WHERE plugin = ?",
    ):
        await db.run(statement, plugin)


async def _tables_of(plugin: str) -> list[str]:
    """A plugin's tables, those that refer to others first."""
    if db.dialect == "sqlite":
        await db.run("PRAGMA defer_foreign_keys = ON")
        found = await db.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid DESC")
    else:
        found = await db.rows("SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()")
    return [name for (name,) in found if name.startswith(f"{plugin}_") and NAME.fullmatch(name)]
