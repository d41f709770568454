"""The contract: bundled plugins keep it, and each way of breaking it is named with its place."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path
from textwrap import dedent

import pytest
from typer.testing import CliRunner

from portal import cli
from portal.hooks import NAMESPACE
from portal.hooks.host import host
from portal.testing.contract import problems

FILES = {
    "__init__.py": "",
    "plugin.py": """
        from pathlib import Path
        from portal.sdk import API, About, NavItem, Access, Stored, hook

        @hook
        def portal_about():
            kept = (Stored("a", "b", "c"),)
            return About("lost", "Lost things", API, "portal_lost", Path(__file__).parent, stores=kept)

        @hook
        def portal_navigation():
            return [NavItem("Lost things", "/lost", Access.SIGNED_IN)]
    """,
    "tables.py": """
        from piccolo.columns import BigInt, Text
        from portal.sdk import Table

        class Thing(Table, tablename="lost_thing"):
            id = BigInt(primary_key=True)
            what = Text()
    """,
    "piccolo_migrations/__init__.py": "",
    "piccolo_migrations/first.py": """
        from piccolo.apps.migrations.auto.migration_manager import MigrationManager
        from portal.sdk import script

        async def up():
            await script("CREATE TABLE lost_thing (id BIGINT PRIMARY KEY, what TEXT NOT NULL)")

        async def forwards():
            manager = MigrationManager(migration_id="1", app_name="lost", description="")
            manager.add_raw(up)
            return manager
    """,
    "templates/list.html": '<p><a href="/lost">…</a></p>\n',
}
STORES = ", stores=kept"
MIGRATION = "piccolo_migrations/first.py"


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a small plugin that keeps the contract; `load` brings it into the host."""
    folder = tmp_path / "portal_lost"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(dedent(text))
    monkeypatch.syspath_prepend(tmp_path)
    if not host.plugins:
        host.load_installed()
    yield folder
    if "lost" in host.plugins:
        host.unload("lost")
    for module in [name for name in sys.modules if name.startswith("portal_lost")]:
        del sys.modules[module]


async def judged(folder: Path) -> list[str]:
    import importlib

    assert host.load(importlib.import_module("portal_lost.plugin")), host.broken
    return await problems("lost")


@pytest.mark.parametrize("name", sorted({entry.name for entry in entry_points(group=NAMESPACE)}))
async def test_bundled_plugins_keep_it(name: str) -> None:
    assert await problems(name) == []


async def test_a_small_plugin_keeps_it(plugin: Path) -> None:
    assert await judged(plugin) == []


@pytest.mark.parametrize(
    ("file", "before", "after", "said"),
    [
        ("tables.py", "from portal.sdk import Table", "from portal.db.piccolo import Table",
         "tables.py:3 imports portal.db.piccolo"),
        ("tables.py", "from portal.sdk import Table", "from portal.sdk import Table\nimport portal_stories.queries",
         "imports portal_stories.queries"),
        ("tables.py", "from portal.sdk import Table", "from portal.sdk import Table\nfrom portal import photos",
         "imports portal.photos"),
        ("templates/list.html", 'href="/lost"', 'href="https://tracker.example/"', "list.html:1 asks another host"),
        ("templates/list.html", "<p>", '<p style="color:red">', "list.html:1 has an inline style or script"),
        ("templates/list.html", "<p>", "<script>1</script><p>", "has an inline style or script"),
        ("templates/list.html", "…", '{{ _("Found yesterday") }}', "'Found yesterday' is not translated"),
        ("plugin.py", '"/lost", Access', '"/photos", Access', "leads to /photos"),
        ("plugin.py", STORES, "", "does not say what, about whom"),
        ("tables.py", "what = Text()", "what = Text()\n    who = BigInt()",
         "lost_thing.who is declared but no migration"),
        (MIGRATION, "what TEXT NOT NULL", "what TEXT NOT NULL, at BIGINT", "lost_thing.at is made but not declared"),
        (MIGRATION, "CREATE TABLE lost", "CREATE TABLE stories_lost (id BIGINT);\\nCREATE TABLE lost",
         "touch the table stories_lost"),
        (MIGRATION, "CREATE TABLE lost", "ALTER TABLE person ADD COLUMN lost TEXT;\\nCREATE TABLE lost",
         "touch the table person"),
        (MIGRATION, "CREATE TABLE", "CREATE TABEL", "Its migrations fail on an empty database"),
    ],
)  # fmt: skip
async def test_each_breach_is_named(plugin: Path, file: str, before: str, after: str, said: str) -> None:
    text = (plugin / file).read_text()
    assert before in text
    (plugin / file).write_text(text.replace(before, after, 1))
    assert any(said in line for line in await judged(plugin)), host.broken


def test_the_command_says_the_same() -> None:
    kept = CliRunner().invoke(cli.app, ["plugin", "check", "stories"])
    assert (kept.exit_code, kept.output.strip()) == (0, "stories keeps the contract.")
    missing = CliRunner().invoke(cli.app, ["plugin", "check", "nothing"])
    assert missing.exit_code == 1
    assert "install its distribution first" in missing.output
