"""The schema that the migrations make is the one that the tables declare, on both databases, plugins included."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from typing import Any

import pytest
from piccolo.columns import BigInt, Boolean, Bytea, Column, ForeignKey, Integer, Text

from portal.db import db
from portal.db.migrate import pending
from portal.db.piccolo import Table
from portal.hooks.host import host
from portal.main import apps

# Written once for PostgreSQL; `script` turns the key of a table into SQLite's rowid.
TYPES = {BigInt: "bigint", Integer: "integer", Text: "text", Boolean: "boolean", Bytea: "bytea"}


@dataclass(frozen=True)
class Shape:
    """A column as a database has it."""

    type: str
    nullable: bool
    key: bool


@dataclass(frozen=True)
class Reference:
    table: str
    on_delete: str


def declared_tables() -> dict[str, type[Table]]:
    """Every table of the core and of the loaded plugins, by its name in the database."""
    for package in ("portal", *(plugin.about.package for plugin in host.plugins.values())):
        root = importlib.import_module(package)
        for module in pkgutil.walk_packages(root.__path__, f"{package}."):
            if module.name.endswith(".tables"):
                importlib.import_module(module.name)
    packages = ("portal.", *(f"{plugin.about.package}." for plugin in host.plugins.values()))
    found: dict[str, type[Table]] = {}
    for table in Table.__subclasses__():
        if table.__module__.startswith(packages):
            assert table._meta.tablename not in found, f"{table._meta.tablename} is declared twice"
            found[table._meta.tablename] = table
    return found


def _type(column: Column) -> str:
    if isinstance(column, ForeignKey):
        return "bigint"
    return TYPES[type(column)]


def declared(table: type[Table]) -> dict[str, Shape]:
    return {
        column._meta.name: Shape(_type(column), column._meta.null, column._meta.primary_key)
        for column in table._meta.columns
    }


def declared_references(table: type[Table]) -> dict[str, Reference]:
    return {
        column._meta.name: Reference(
            column._foreign_key_meta.resolved_references._meta.tablename, column._foreign_key_meta.on_delete.value
        )
        for column in table._meta.foreign_key_columns
    }


async def stored_tables() -> set[str]:
    if db.dialect == "sqlite":
        rows = await db.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    else:
        rows = await db.rows("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
    return {row[0] for row in rows} - {"scratch", "migration"}


async def stored(table: str) -> dict[str, Shape]:
    if db.dialect == "sqlite":
        rows = await db.rows(f"PRAGMA table_info({table})")
        return {
            name: Shape("bigint" if key and kind == "INTEGER" else kind.lower(), not (required or key), bool(key))
            for _, name, kind, required, _, key in rows
        }
    keys = {
        row[0]
        for row in await db.rows(
            "SELECT k.column_name FROM information_schema.table_constraints c"
            " JOIN information_schema.key_column_usage k ON k.constraint_name = c.constraint_name"
            " AND k.table_name = c.table_name WHERE c.constraint_type = 'PRIMARY KEY' AND c.table_name = ?",
            table,
        )
    }
    rows = await db.rows(
        "SELECT column_name, data_type, is_nullable FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = ?",
        table,
    )
    return {name: Shape(kind, nullable == "YES", name in keys) for name, kind, nullable in rows}


async def stored_defaults(table: str) -> dict[str, str]:
    if db.dialect == "sqlite":
        return {row[1]: row[4] for row in await db.rows(f"PRAGMA table_info({table})") if row[4] is not None}
    rows = await db.rows(
        "SELECT column_name, column_default FROM information_schema.columns"
        " WHERE table_name = ? AND column_default IS NOT NULL",
        table,
    )
    return dict(rows)


async def stored_references(table: str) -> dict[str, Reference]:
    if db.dialect == "sqlite":
        rows = await db.rows(f"PRAGMA foreign_key_list({table})")
        return {row[3]: Reference(row[2], row[6]) for row in rows}
    rows = await db.rows(
        "SELECT k.column_name, u.table_name, r.delete_rule FROM information_schema.referential_constraints r"
        " JOIN information_schema.key_column_usage k ON k.constraint_name = r.constraint_name"
        " JOIN information_schema.constraint_column_usage u ON u.constraint_name = r.constraint_name"
        " WHERE k.table_name = ?",
        table,
    )
    return {column: Reference(target, rule) for column, target, rule in rows}


async def stored_unique(table: str) -> set[tuple[str, ...]]:
    """Columns that are unique together, keys left out."""
    found = set()
    if db.dialect == "sqlite":
        for _, name, unique, origin, *_ in await db.rows(f"PRAGMA index_list({table})"):
            if unique and origin != "pk":
                found.add(tuple(row[2] for row in await db.rows(f"PRAGMA index_info({name})")))
        return found
    for (columns,) in await db.rows(
        "SELECT array_agg(a.attname::text ORDER BY k.n) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
        " CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(number, n)"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number"
        " WHERE c.relname = ? AND i.indisunique AND NOT i.indisprimary GROUP BY i.indexrelid",
        table,
    ):
        found.add(tuple(columns))
    return found


async def test_nothing_is_missing_and_nothing_is_left_over(database: str) -> None:
    assert await stored_tables() == set(declared_tables())
    assert await pending(apps()) == []


async def test_columns_types_nulls_and_keys(database: str) -> None:
    for name, table in declared_tables().items():
        assert await stored(name) == declared(table), f"{name}: the migration and {table.__module__} differ"


async def test_references_and_what_happens_when_they_go(database: str) -> None:
    tables = declared_tables()
    for name, table in tables.items():
        wanted, found = declared_references(table), await stored_references(name)
        if not table.__module__.startswith("portal."):
            # A plugin cannot import the core's tables, so what refers to them is declared as a plain number.
            theirs = {column for column, to in found.items() if tables[to.table].__module__.startswith("portal.")}
            found = {column: to for column, to in found.items() if column not in theirs - wanted.keys()}
        assert found == wanted, f"{name}: the migration and {table.__module__} differ"


async def test_unique_columns(database: str) -> None:
    for name, table in declared_tables().items():
        found = await stored_unique(name)
        for column in table._meta.columns:
            if column._meta.unique and not column._meta.primary_key:
                assert (column._meta.name,) in found, f"{name}.{column._meta.name} is declared unique"


async def test_defaults_of_the_database_are_the_declared_ones(database: str) -> None:
    words: dict[Any, set[str]] = {True: {"true", "1"}, False: {"false", "0"}}
    for name, table in declared_tables().items():
        for column, text in (await stored_defaults(name)).items():
            default = table._meta.get_column_by_name(column)._meta.params.get("default")
            texts = {f"'{default}'", f"'{default}'::text"} if isinstance(default, str) else {str(default)}
            assert text.lower() in words.get(default, texts), f"{name}.{column}: {text} but {default} declared"


async def test_indexes_are_the_same_on_both_databases(ready_sqlite: object, database: str) -> None:
    """One script makes them; this holds if somebody writes two."""
    if db.dialect == "sqlite":
        pytest.skip("compared from PostgreSQL's side")
    rows = await db.rows("SELECT tablename, indexname FROM pg_indexes WHERE schemaname = 'public'")
    postgres = {(table, name) for table, name in rows if not name.endswith(("_pkey", "_key"))}
    await db.close()
    db.connect(f"sqlite:{ready_sqlite}", durable=False)
    rows = await db.rows("SELECT tbl_name, name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
    assert {(table, name) for table, name in rows} == postgres


async def test_every_reference_has_an_index(database: str) -> None:
    """Without one, deleting a person reads whole tables."""
    if db.dialect == "postgres":
        pytest.skip("the indexes are the same on both")
    for name in declared_tables():
        first = set()
        for index in await db.rows(f"PRAGMA index_list({name})"):
            first.add((await db.rows(f"PRAGMA index_info({index[1]})"))[0][2])
        keys = {column for column, shape in (await stored(name)).items() if shape.key}
        for column in await stored_references(name):
            assert column in first | keys, f"{name}.{column} refers to another table but begins no index"


def test_a_plugin_keeps_to_its_own_names() -> None:
    for plugin in host.plugins.values():
        for name, table in declared_tables().items():
            if table.__module__.startswith(f"{plugin.about.package}."):
                assert name.startswith(f"{plugin.about.name}_")
