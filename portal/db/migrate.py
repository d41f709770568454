"""Runs the migrations of the core and of each plugin, forward, each in one transaction.

A migration is a module in Piccolo's format (`ID`, `VERSION`, `DESCRIPTION`, `async def forwards()` that returns a
MigrationManager). Their `manager.add_raw` steps call `script` with SQL for both databases.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import io
import os
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from portal import clock
from portal.acting import acting
from portal.db import Conflict, Row, atomic, db

# Piccolo asks this module for the engine while it runs a migration.
os.environ["PICCOLO_CONF"] = "portal.db.piccolo_conf"

_LEDGER = (
    "CREATE TABLE IF NOT EXISTS migration (app TEXT NOT NULL, name TEXT NOT NULL, ran_at BIGINT NOT NULL,"
    " PRIMARY KEY (app, name))"
)


@dataclass(frozen=True)
class App:
    """Somebody's migrations: a name, and the package that holds the modules."""

    name: str
    package: str

    def modules(self) -> list[str]:
        """Names of the migration modules in the order in which they run."""
        try:
            spec = importlib.util.find_spec(self.package)
        except ModuleNotFoundError:  # whose tables these would be is a single module, and has none
            return []
        if spec is None or not spec.submodule_search_locations:
            return []
        folder = Path(next(iter(spec.submodule_search_locations)))
        return sorted(file.stem for file in folder.glob("*.py") if not file.stem.startswith("_"))


CORE = App("portal", "portal.piccolo_migrations")


async def script(sql: str) -> None:
    """Runs DDL statements, separated by `;` at line ends, on whichever database is connected.

    Written for PostgreSQL; on SQLite a BIGINT primary key becomes the rowid.
    """
    for statement in _statements(sql):
        if db.dialect == "sqlite":
            statement = statement.replace("BIGINT PRIMARY KEY", "INTEGER PRIMARY KEY")
        await db.run(statement)


def _statements(sql: str) -> list[str]:
    return [part for part in (piece.strip() for piece in sql.split(";\n")) if part]


async def _shape() -> set[Row]:
    """Every table with its columns, indexes and triggers, as rows that begin with the table's name."""
    if db.dialect == "sqlite":
        return set(
            await db.rows("SELECT tbl_name, type, name, sql FROM sqlite_master WHERE tbl_name NOT LIKE 'sqlite_%'")
        )
    found = await db.rows(
        "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns"
        " WHERE table_schema = current_schema()"
    )
    found += await db.rows(
        "SELECT tablename, indexname, indexdef, '' FROM pg_indexes WHERE schemaname = current_schema()"
    )
    found += await db.rows(
        "SELECT event_object_table, trigger_name, event_manipulation, action_statement"
        " FROM information_schema.triggers WHERE trigger_schema = current_schema()"
    )
    return set(found)


async def pending(apps: list[App]) -> list[tuple[App, str]]:
    """What has not run yet, in order."""
    await _prepare()
    done = set(await db.rows("SELECT app, name FROM migration"))
    return [(app, name) for app in apps for name in app.modules() if (app.name, name) not in done]


@atomic
async def _prepare() -> None:
    await db.run(_LEDGER)


async def migrate(apps: list[App]) -> list[str]:
    """Runs what is pending. Returns what ran, as `app/name`. A migration that fails leaves nothing behind.

    On SQLite a column is altered by a rebuild: a new table, the rows copied, the old one dropped, the new one renamed,
    indexes and triggers made again. References are checked at the end of each migration.
    """
    ran = []
    waiting = await pending(apps)
    await db.backend.enforce_references(False)
    try:
        for app, name in waiting:
            await _forward(app, name)
            ran.append(f"{app.name}/{name}")
    finally:
        await db.backend.enforce_references(True)
    return ran


@atomic
async def _forward(app: App, name: str) -> None:
    module: ModuleType = importlib.import_module(f"{app.package}.{name}")
    before = await _shape()
    with acting("" if app is CORE else app.name):
        manager: Any = await module.forwards()
        with contextlib.redirect_stdout(io.StringIO()):  # Piccolo reports progress on standard output
            await manager.run()
    if app is not CORE:
        touched = {table for table, *_rest in before ^ await _shape()}
        if foreign := sorted(table for table in touched if not table.startswith(f"{app.name}_")):
            raise Conflict(f"{app.name}/{name} touches the table {foreign[0]}: its tables begin with {app.name}_.")
    if db.dialect == "sqlite" and (dangling := await db.rows("PRAGMA foreign_key_check")):
        raise Conflict(f"{app.name}/{name} leaves rows that refer to nothing: {dangling[:3]}")
    await db.run("INSERT INTO migration (app, name, ran_at) VALUES (?, ?, ?)", app.name, name, clock.now())
