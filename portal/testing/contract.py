"""The contract that every plugin keeps to, checked on the plugin as it is installed.

    from portal.testing import TestSchool
    from portal.testing.contract import problems

    async def fill(school: TestSchool, count: int) -> list[str]:
        # makes `count` things through the plugin's own actions, and returns addresses of pages about them
        ...

    async def test_contract() -> None:
        assert await problems("lost", fill) == []

`portal plugin check NAME` prints what can be said without `fill`. Each line names the place and what to do.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from portal import messages
from portal.hooks.host import Plugin, host
from portal.testing import contract_code, contract_data, contract_pages, contract_tables
from portal.testing.contract_pages import Fill

OTHER_HOST = re.compile(r"""(?:src|srcset|href|action|poster|@import|url\()\s*=?\s*["'(]?\s*(?:https?:)?//""", re.I)
INLINE = re.compile(r"""<[a-z][^>]*\s(style|on[a-z]+)\s*=|<style\b|<script(?![^>]*\b(?:src|nonce)=)""", re.I)
MANY = 30


async def problems(name: str, fill: Fill | None = None) -> list[str]:
    """What the installed plugin of this name breaks, one line each; empty for one that keeps the contract.

    With `fill` its pages, erasing and letting go are tried, in two schools of their own: with one thing and with
    thirty. `fill` returns addresses of pages that have an id in them, or None. What it raises is raised. The process
    has one database, so a test that calls this has no school of its own.
    """
    if not host.plugins:
        host.load_installed()
    if name not in host.plugins:
        return [host.broken.get(name, f"There is no plugin {name!r}: install its distribution first.")]
    plugin = host.plugins[name]
    found = [*contract_code.problems(plugin), *_files(plugin), *messages.problems(plugin.about.folder)]
    tables = await contract_tables.problems(plugin)
    unmade = any(line.startswith("Its migration") for line in tables)
    return [*found, *tables, *(await _filled(plugin, fill) if fill is not None and not unmade else [])]


def _files(plugin: Plugin) -> Iterator[str]:
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


async def _filled(plugin: Plugin, fill: Fill) -> list[str]:
    """The same plugin in two schools."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        try:
            async with contract_pages.filled(plugin, fill, 1, place) as few:
                found, before = await contract_pages.look(few)
                found += await contract_data.expired(few)
            async with contract_pages.filled(plugin, fill, MANY, place) as many:
                more, after = await contract_pages.look(many)
                found += [*more, *contract_pages.compared(before, after, MANY)]
                found += await contract_data.problems(many)
        except contract_pages.Unusable as failure:
            return [str(failure)]
    return list(dict.fromkeys(found))
