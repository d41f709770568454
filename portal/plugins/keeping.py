"""What plugins keep about people: exported, erased and let go of by the portal itself, from what each declared.

The declarations are stored when a plugin is taken into use, so that all of this works when the plugin is gone. What
lies outside the database (photos, sealed files) is destroyed by the job `destroy` after the rows are gone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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
from portal.plugins.conditions import DEEPEST, Kept, Limits, about, q, within
from portal.plugins.shape import NAME as NAME
from portal.plugins.shape import columns as columns

PORTION = 500  # rows at a time
ERASE_LIMIT_S = 20.0
DESTROY = "destroy"  # the core's job


@dataclass(frozen=True, slots=True)
class Portion:
    """Rows of one table, for an export. `title` is a msgid; `fate` as `Kept.fate` says."""

    plugin: str
    title: str
    stored: Stored
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Any]]
    fate: str = "keep"

    @property
    def table(self) -> str:
        return self.stored.table

    def column(self, name: str) -> list[Any]:
        """What stands in one column, row by row."""
        at = self.columns.index(name)
        return [row[at] for row in self.rows]


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
    named = [*stored.people, *stored.photos, *stored.files, *([stored.through[0]] if stored.through else [])]
    named += [column for column in (stored.since, stored.opens, stored.closes) if column]
    for column in named:
        if column not in there:
            raise Conflict(f"It says something of {stored.table}.{column}, but has no such column.")
    if (stored.people or stored.days is not None or stored.photos or stored.files) and "id" not in there:
        raise Conflict(f"{stored.table} has no column id, which is needed to erase its rows.")
    if stored.days is not None and not stored.since:
        raise Conflict(f"{stored.table}: days need `since`, the column from which they count.")
    if stored.through and not await columns(stored.through[1]):
        raise Conflict(f"It says that {stored.table} belongs to {stored.through[1]}, but has no such table.")


async def all_kept() -> Mapping[str, Kept]:
    """The declarations of all plugins that ever were in use and whose data is still here, by name."""
    return {
        plugin: Kept(plugin, title, tuple(msgspec.json.decode(stores, type=list[Stored])), bool(erases))
        for plugin, title, stores, erases in await db.rows(
            "SELECT plugin, title, stores, erases FROM keeping ORDER BY plugin"
        )
    }


# ---- Export ----


async def about_person(
    person: int, *, among: Collection[int] | None = None, without: Collection[int] = (), at: int | None = None
) -> list[Portion]:
    """What plugins keep about a person, as they declared it: everything, unless less is asked for (see `Limits`)."""
    limits = Limits(among, without, at)
    found = []
    for kept in (await all_kept()).values():
        tables = await _tables(kept)
        kept = replace(kept, stores=tuple(stored for stored in kept.stores if _fits(stored, tables)))
        for stored in kept.stores:
            concerned, values = about(kept, stored, "t", person)
            if not values:
                continue
            allowed, more = within(kept, stored, "t", limits)
            names = tables[stored.table]
            sql = f"SELECT {_listed(names)} FROM {stored.table} t WHERE {concerned} AND {allowed}"
            if rows := await db.rows(sql, *values, *more):
                found.append(Portion(kept.plugin, kept.title, stored, names, rows, kept.fate(stored)))
    return found


async def whole(plugin: str, *, without: Collection[int] = ()) -> list[Portion]:
    """All rows of a plugin's tables, whether or not it is still installed; without those that name one of `without`."""
    kept = (await all_kept()).get(plugin)
    if kept is None:
        return []
    found, tables = [], await _tables(kept)
    if without:  # of a table that is no longer as declared nobody knows whom it names
        kept = replace(kept, stores=tuple(stored for stored in kept.stores if _fits(stored, tables)))
    for stored in kept.stores:
        if names := tables.get(stored.table):
            allowed, values = within(kept, stored, "t", Limits(without=without))
            rows = await db.rows(f"SELECT {_listed(names)} FROM {stored.table} t WHERE {allowed} ORDER BY 1", *values)
            found.append(Portion(plugin, kept.title, stored, names, rows, kept.fate(stored)))
    return found


async def _tables(kept: Kept) -> dict[str, tuple[str, ...]]:
    """Those of the declared tables that are there, with their columns."""
    found = {stored.table: await columns(stored.table) for stored in kept.stores if stored.table}
    return {table: names for table, names in found.items() if names}


def _fits(stored: Stored, tables: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether a table still is as it was declared: another version of the plugin may have changed it."""
    more = [*([stored.through[0]] if stored.through else []), stored.opens, stored.closes]
    named = {*stored.people, *stored.photos, *stored.files, *filter(None, more)}
    return stored.table in tables and named <= set(tables[stored.table])


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"t.{q(name)}" for name in names)


# ---- Erasing ----


@atomic
async def erase_person(person: int) -> None:
    """Erases what plugins keep about a person, all of it or nothing.

    Raises Refused, with the plugin's title, where a plugin that has a word in this cannot give it or fails.
    """
    for kept in (await all_kept()).values():
        tables = await _tables(kept)
        kept = replace(kept, stores=tuple(stored for stored in kept.stores if stored.table in tables))
        if not all(_fits(stored, tables) for stored in kept.stores):
            raise _unable(kept)
        for stored in kept.stores:
            if stored.people:
                await _erase_rows(kept, stored, person)
        if kept.erases:
            await _ask_plugin(kept, person)
    await jobs.emit("person.erased", person)


async def _erase_rows(kept: Kept, stored: Stored, person: int) -> None:
    where = " OR ".join(f"{q(column)} = ?" for column in stored.people)
    values = [person] * len(stored.people)
    if stored.on_erase == "keep":
        return
    if stored.on_erase == "blank":
        for column in stored.people:
            await db.run(f"UPDATE {stored.table} SET {q(column)} = 0 WHERE {q(column)} = ?", person)
        return
    ids = [number for (number,) in await db.rows(f"SELECT id FROM {stored.table} WHERE {where}", *values)]
    await _delete(kept, stored, ids)


def _unable(kept: Kept) -> Refused:
    return Refused(
        _(
            "%(plugin)s could not erase what it keeps, so nothing was erased. Mend or install it, or erase all of its"
            " data."
        ),
        plugin=kept.title,
    )


async def _ask_plugin(kept: Kept, person: int) -> None:
    failed = _unable(kept)
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
    where = f"{q(below.through[0])} IN ({marks(len(parents))})"
    if "id" in await columns(below.table):
        ids = [n for (n,) in await db.rows(f"SELECT id FROM {below.table} WHERE {where}", *parents)]
        await _delete(kept, below, ids, deepest)
    else:
        await db.run(f"DELETE FROM {below.table} WHERE {where}", *parents)


async def _doom(plugin: str, stored: Stored, where: str, values: Sequence[int]) -> None:
    if not (stored.photos or stored.files):
        return
    names = [*stored.photos, *stored.files]
    rows = await db.rows(f"SELECT {', '.join(map(q, names))} FROM {stored.table} WHERE {where}", *values)
    await _destroy(plugin, "photos", {n for row in rows for n in row[: len(stored.photos)] if n})
    await _destroy(plugin, "files", {n for row in rows for n in row[len(stored.photos) :] if n})


async def _destroy(plugin: str, what: str, ids: Iterable[int]) -> None:
    """Enqueues the destroying of photos or files, so many at a time that a job can hold them."""
    listed = sorted(ids)
    for start in range(0, len(listed), PORTION):
        payload: dict[str, Any] = {"plugin": plugin, "photos": [], "files": []}
        await jobs.enqueue(jobs.CORE, DESTROY, payload | {what: listed[start : start + PORTION]})


# ---- Letting go of what is too old, and of a whole plugin ----


async def expire(now: int) -> int:
    """Deletes rows that have been kept as long as their plugin said. Returns how many. `now` in microseconds UTC.

    What cannot be deleted, such as rows that others refer to, keeps nothing else waiting.
    """
    count = 0
    for kept in (await all_kept()).values():
        tables = await _tables(kept)
        kept = replace(kept, stores=tuple(stored for stored in kept.stores if _fits(stored, tables)))
        for stored in kept.stores:
            if stored.days is None or stored.since not in tables[stored.table]:
                continue
            try:
                while gone := await _expire(kept, stored, now - stored.days * clock.DAY):
                    count += gone
            except Exception as failure:
                host.blame(kept.plugin, "expire", failure)
    return count


@atomic
async def _expire(kept: Kept, stored: Stored, before: int) -> int:
    since = q(stored.since)
    rows = await db.rows(
        f"SELECT id FROM {stored.table} WHERE {since} < ? AND {since} > 0 LIMIT ?", before, PORTION
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
    tables = await _tables(kept)
    for stored in kept.stores:
        if stored.table in tables:
            await _doom(plugin, stored, "1 = 1", [])
    await _destroy(plugin, "files", [n for (n,) in await db.rows("SELECT id FROM kept_file WHERE plugin = ?", plugin)])
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
    school = await schools.load()
    await schools.save(replace(school, choices={n: said for n, said in school.choices.items() if n != plugin}))


async def _tables_of(plugin: str) -> list[str]:
    """A plugin's tables, those that refer to others first; without those of one whose name goes on after its own."""
    others = tuple(f"{name}_" for name in {*await all_kept(), *host.plugins} if name.startswith(f"{plugin}_"))
    if db.dialect == "sqlite":
        await db.run("PRAGMA defer_foreign_keys = ON")
        found = await db.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid DESC")
    else:
        found = await db.rows("SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()")
    return [
        name
        for (name,) in found
        if name.startswith(f"{plugin}_") and NAME.fullmatch(name) and not name.startswith(others)
    ]
