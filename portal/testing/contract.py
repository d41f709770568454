"""The contract that every plugin keeps to, checked on the plugin as it is installed.

    from portal.testing.contract import problems

    async def test_contract() -> None:
        assert await problems("lost") == []

`portal plugin check NAME` prints the same lines. Each names the place and what to do.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from portal import messages
from portal.db import db
from portal.db.migrate import CORE, migrate
from portal.db.piccolo import Table
from portal.hooks.host import Plugin, host

ALLOWED = ("portal.sdk", "portal.testing")
OTHER_HOST = re.compile(r"""(?:src|srcset|href|action|poster|@import|url\()\s*=?\s*["'(]?\s*(?:https?:)?//""", re.I)
INLINE = re.compile(r"""<[a-z][^>]*\s(style|on[a-z]+)\s*=|<style\b|<script(?![^>]*\b(?:src|nonce)=)""", re.I)


async def problems(name: str) -> list[str]:
    """What the installed plugin of this name breaks, one line each; empty for one that keeps the contract."""
    if not host.plugins:
        host.load_installed()
    if name not in host.plugins:
        return [host.broken.get(name, f"There is no plugin {name!r}: install its distribution first.")]
    plugin = host.plugins[name]
    found = [*_imports(plugin), *_pages(plugin), *messages.problems(plugin.about.folder)]
    return [*found, *await _tables(plugin)]


def _imports(plugin: Plugin) -> Iterator[str]:
    """A plugin knows the portal by its sdk alone, and no other plugin."""
    for file in sorted(plugin.about.folder.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module] if node.module != "portal" else [f"portal.{a.name}" for a in node.names]
            for name in names:
                first = name.partition(".")[0]
                foreign = first == "portal" and not name.startswith(ALLOWED)
                if foreign or (first.startswith("portal_") and first != plugin.about.package.partition(".")[0]):
                    place = f"{file.relative_to(plugin.about.folder)}:{getattr(node, 'lineno', 0)}"
                    yield f"{place} imports {name}: what a plugin may use stands in portal.sdk."


def _pages(plugin: Plugin) -> Iterator[str]:
    """Nothing from other hosts, nothing inline: the browser would refuse it anyway."""
    for pattern in ("templates/**/*.html", "static/**/*"):
        for file in sorted(plugin.about.folder.glob(pattern)):
            if file.suffix not in {".html", ".css", ".js", ".svg"}:
                continue
            for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
                place = f"{file.relative_to(plugin.about.folder)}:{number}"
                if OTHER_HOST.search(line):
                    yield f"{place} asks another host: bring the file along in static/."
                if file.suffix == ".html" and INLINE.search(line):
                    yield f"{place} has an inline style or script: put it into static/."


async def _tables(plugin: Plugin) -> list[str]:
    """Its tables as they come out of its migrations on an empty database: prefixed, declared, and told about."""
    with tempfile.TemporaryDirectory() as folder:
        db.connect(f"sqlite:{Path(folder) / 'contract.sqlite'}", durable=False)
        try:
            await migrate([CORE])
            before = set(await _columns())
            try:
                await migrate([plugin.app])
            except Exception as failure:
                return [f"Its migrations fail on an empty database: {type(failure).__name__}: {failure}"]
            columns = set(await _columns()) - before
        finally:
            await db.close()
    made = {table for table, _column in columns}
    declared = {
        table._meta.tablename: {c._meta.db_column_name for c in table._meta.columns} for table in _declared(plugin)
    }
    prefix = f"{plugin.about.name}_"
    found = [
        f"Its migrations touch the table {table}: a plugin's tables begin with {prefix}."
        for table in sorted(made) if not table.startswith(prefix)
    ]  # fmt: skip
    for table in sorted(made | declared.keys()):
        there = {column for owner, column in columns if owner == table}
        for column in sorted(there ^ declared.get(table, set())):
            where = "is declared but no migration makes it" if column not in there else "is made but not declared"
            found.append(f"{table}.{column} {where}: tables.py and the migrations must say the same.")
    if made and not plugin.about.stores:
        found.append("It keeps tables but does not say what, about whom and for how long: fill `stores` of its About.")
    return found


async def _columns() -> list[tuple[str, str]]:
    return [
        (table, column)
        for table, column in await db.rows(
            "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c"
            " WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite_%'"
        )
    ]


def _declared(plugin: Plugin) -> list[type[Table]]:
    name = f"{plugin.about.package}.tables"
    if importlib.util.find_spec(name) is None:
        return []
    module = importlib.import_module(name)
    return [
        thing for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, Table) and thing.__module__ == name
    ]  # fmt: skip
