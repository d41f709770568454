"""A plugin's tables: prefixed, declared as they are made, told about, and migrated without losing rows.

All of it on scratch databases. What is told about is then taken at its word by `contract_data`.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from portal.db import Conflict, atomic, db
from portal.db.migrate import CORE, App, migrate
from portal.db.piccolo import Table
from portal.hooks.host import Plugin
from portal.hooks.specs import Stored
from portal.plugins import keeping

ROWS = 3  # made up in each table before the next migration
ONE_OF = re.compile(r"\bCHECK\s*\(\s*\"?(\w+)\"?\s+IN\s*\(\s*'([^']*)'", re.I)
Columns = Mapping[str, Mapping[str, str]]  # by table: column and type


async def problems(plugin: Plugin) -> list[str]:
    """One line for each thing that is not as it must be."""
    async with _scratch():
        before = await columns()
        try:
            await migrate([plugin.app])
        except Exception as failure:
            return [f"Its migrations fail on an empty database: {type(failure).__name__}: {failure}"]
        made = {table: names for table, names in (await columns()).items() if table not in before}
        found = [*_shape(plugin, made), *_told(plugin, made), *await _borne_out(plugin, made)]
    return [*found, *await _on_filled_tables(plugin)]


@asynccontextmanager
async def _scratch() -> AsyncIterator[None]:
    """An empty database with the core's tables."""
    with tempfile.TemporaryDirectory() as folder:
        db.connect(f"sqlite:{Path(folder) / 'contract.sqlite'}", durable=False)
        try:
            await migrate([CORE])
            yield
        finally:
            await db.close()


async def columns() -> dict[str, dict[str, str]]:
    """Every table and view of the connected SQLite file, with its columns and their types."""
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in await db.rows(
        "SELECT m.name, c.name, c.type FROM sqlite_master m JOIN pragma_table_info(m.name) c"
        " WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite_%' ORDER BY m.rowid, c.cid"
    ):
        found.setdefault(table, {})[column] = kind.upper()
    return found


# ---- Shape ----


def _shape(plugin: Plugin, made: Columns) -> Iterator[str]:
    declared = {
        table._meta.tablename: {c._meta.db_column_name for c in table._meta.columns} for table in _declared(plugin)
    }
    prefix = f"{plugin.about.name}_"
    for table in made:
        if not table.startswith(prefix):
            yield f"Its migrations touch the table {table}: a plugin's tables begin with {prefix}."
    for table in sorted(made.keys() | declared.keys()):
        for column in sorted(set(made.get(table, ())) ^ declared.get(table, set())):
            where = "is declared but no migration makes it" if table not in made or column not in made[table] else (
                "is made but not declared"
            )
            yield f"{table}.{column} {where}: tables.py and the migrations must say the same."


def _declared(plugin: Plugin) -> list[type[Table]]:
    name = f"{plugin.about.package}.tables"
    if importlib.util.find_spec(name) is None:
        return []
    module = importlib.import_module(name)
    return [
        thing for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, Table) and thing.__module__ == name
    ]  # fmt: skip


# ---- What it says that it keeps ----


def _told(plugin: Plugin, made: Columns) -> Iterator[str]:
    stores = plugin.about.stores
    if made and not stores:
        yield "It keeps tables but does not say what, about whom and for how long: fill `stores` of its About."
        return
    times = Counter(stored.table for stored in stores if stored.table)
    for table in made:
        if table not in times:
            yield f"{table} stands in no Stored of its About: say what it keeps, about whom and for how long."
    for table, count in times.items():
        if count > 1:
            yield f"{table} stands in {count} Stored: say all of it in one."
    for stored in stores:
        yield from _complete(stored, {each.table: each for each in stores})


def _complete(stored: Stored, by_table: Mapping[str, Stored]) -> Iterator[str]:
    where = f"Stored of {stored.table}" if stored.table else f"Stored {stored.what!r}"
    for field in ("what", "whom", "kept"):
        if not str(getattr(stored, field)).strip():
            yield f"{where}: `{field}` says nothing. The school reads it before it uses the plugin."
    if not stored.table and (stored.people or stored.through or stored.photos or stored.files or stored.days):
        yield f"{where} names columns but no `table`."
    if stored.on_erase != "delete" and not stored.people:
        yield f"{where}: on_erase={stored.on_erase!r} needs `people`, the columns that say who it is about."
    if stored.days is not None and stored.days < 1:
        yield f"{where}: `days` is a number of days from 1 on."
    seen, above = {stored.table}, stored.through
    while above:
        if above[1] not in by_table:
            yield f"{where} belongs through {above[0]} to {above[1]}, which stands in no Stored."
            return
        if above[1] in seen:
            yield f"{where}: `through` leads in a circle."
            return
        seen.add(above[1])
        above = by_table[above[1]].through


async def _borne_out(plugin: Plugin, made: Columns) -> list[str]:
    """Whether the tables bear out what is said of them, so that the portal can erase as it is told."""
    found = []
    for stored in plugin.about.stores:
        try:
            await keeping.declare(replace(plugin, about=replace(plugin.about, stores=(stored,))))
        except Conflict as failure:
            found.append(str(failure))
        for column in (*stored.people, *stored.photos, *stored.files, *filter(None, [stored.since])):
            kind = made.get(stored.table, {}).get(column, "INT")
            if "INT" not in kind:
                found.append(f"{stored.table}.{column} is {kind}: ids and instants are whole numbers (BIGINT).")
    going = {stored.table for stored in plugin.about.stores if stored.people or stored.days is not None}
    through = {(stored.table, *stored.through) for stored in plugin.about.stores if stored.through}
    going |= {table for table, _column, parent in through if parent in going}
    for table in made:
        for parent, column, on_delete in await db.rows(
            'SELECT "table", "from", on_delete FROM pragma_foreign_key_list(?)', table
        ):
            if parent in going and on_delete not in ("CASCADE", "SET NULL") and (table, column, parent) not in through:
                found.append(
                    f'{table}.{column} refers to {parent}, whose rows end: say through=("{column}", "{parent}"),'
                    " or ON DELETE CASCADE."
                )
    return found


# ---- Migrations on filled tables ----


@dataclass(frozen=True)
class _First(App):
    """The first migrations of an app, as far as they had been released once."""

    count: int = 0

    def modules(self) -> list[str]:
        return super().modules()[: self.count]


async def _on_filled_tables(plugin: Plugin) -> list[str]:
    """Each migration after the first, on the tables before it with made-up rows."""
    modules, prefix = plugin.app.modules(), f"{plugin.about.name}_"
    if len(modules) < 2:
        return []
    async with _scratch():
        before: dict[str, int] = {}
        for number, module in enumerate(modules, 1):
            try:
                await migrate([_First(plugin.app.name, plugin.app.package, number)])
            except Exception as failure:
                return [f"Its migration {module} fails on filled tables: {type(failure).__name__}: {failure}"]
            there = [table for table in await columns() if table.startswith(prefix)]
            for table, count in before.items():
                if table in there and await _count(table) < count:
                    return [f"Its migration {module} loses rows of {table}."]
            for table in there:
                await make_up(table)
            before = {table: await _count(table) for table in there}
    return []


async def _count(table: str) -> int:
    return int(await db.value(f'SELECT COUNT(*) FROM "{table}"'))


async def make_up(table: str) -> None:
    """Fills an empty table, and those that it refers to, with a few rows of the right types; as far as it lets us."""
    if await _count(table):
        return
    there: dict[str, list[Any]] = {}  # what a column may refer to
    for parent, column, key in await db.rows('SELECT "table", "from", "to" FROM pragma_foreign_key_list(?)', table):
        if parent != table:
            await make_up(parent)
            there[column] = [row[0] for row in await db.rows(f'SELECT "{key or "rowid"}" FROM "{parent}"')]
    allowed = dict(ONE_OF.findall(await db.value("SELECT sql FROM sqlite_master WHERE name = ?", table) or ""))
    kinds = (await columns())[table]
    for number in range(1, ROWS + 1):
        row = {
            column: (there[column][number % len(there[column])] if there[column] else None) if column in there
            else allowed.get(column) or _value(kind, number)
            for column, kind in kinds.items()
        }  # fmt: skip
        try:
            await _insert(table, row)
        except Conflict:  # a rule of its own that made-up values do not know
            return


def _value(kind: str, number: int) -> Any:
    """A value of a column's type; as text a number, which is also JSON and a list of one id."""
    if "BOOL" in kind:
        return False
    if "INT" in kind or "NUM" in kind:
        return number
    if "REAL" in kind or "DOUB" in kind or "FLOA" in kind:
        return float(number)
    return b"1" if "BLOB" in kind or "BYTEA" in kind else str(number)


@atomic
async def _insert(table: str, row: Mapping[str, Any]) -> None:
    names = ", ".join(f'"{column}"' for column in row)
    await db.run(f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(row))})', *row.values())
