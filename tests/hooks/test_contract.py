"""The contract as far as it can be read: bundled plugins keep it, each way of breaking it is named with its place."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path

import pytest
from typer.testing import CliRunner

from portal import cli
from portal.errors import PortalError
from portal.hooks import NAMESPACE
from portal.testing.contract import problems

from .small import changed, load

MIGRATION = "piccolo_migrations/first.py"
LATER = "piccolo_migrations/second.py"
HERE = "HERE = __file__"
SDK = "from portal.sdk import atomic, clock, db, marks, new_id"
STORED = 'Stored("Marks", "Finders", "With the thing", table="lost_mark", through=("thing", "lost_thing")),'
INDEX = "CREATE INDEX lost_thing_at ON lost_thing (at)"


@pytest.mark.parametrize("name", sorted({entry.name for entry in entry_points(group=NAMESPACE)}))
async def test_bundled_plugins_keep_it(name: str) -> None:
    assert await problems(name) == []


async def test_a_small_plugin_keeps_it(small: Path) -> None:
    load()
    assert await problems("lost") == []


async def told(small: Path, file: str, before: str, after: str) -> list[str]:
    changed(small, file, before, after)
    load()
    return await problems("lost")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("from portal.db import db as core", "actions.py:2 imports portal.db.db: what a plugin may use stands"),
        ("from portal import photos", "imports portal.photos"),
        ("import portal.people.queries", "imports portal.people.queries"),
        ("import portal", "imports portal:"),
        ("from portal.sdk.photos import visible_pictures", "imports portal.sdk.photos.visible_pictures"),
        ("from portal.sdk import photos", "imports portal.sdk.photos"),
        ("if 0:\n    from portal.sdk import _door", "imports portal.sdk._door"),
        ("from portal.photos import connected", "imports portal.photos.connected"),
        ("from portal.testing import TestSchool", "imports portal.testing.TestSchool"),
        ("import portal_stories.queries", "imports portal_stories.queries: plugins do not know each other"),
        ("from portal_stories import actions", "imports portal_stories.actions"),
        ("from portal import sdk\nX = sdk.people._door", "uses portal.sdk.people._door"),
        ("import portal.sdk as kit\nX = kit.photos", "uses portal.sdk.photos"),
        ("from portal import sdk\nX = lambda: sdk.db._db", "reaches into portal.sdk.db._db"),
        ("X = clock._frozen", "reaches into portal.sdk.clock._frozen"),
        ("from portal import sdk\nX = getattr(sdk, 'people')", "asks portal.sdk for something by its name"),
        ("from portal import sdk\nX = vars(sdk)", "asks portal.sdk for something by its name"),
        ("X = atomic.__globals__", "reaches into __globals__"),
        ("X = lambda: globals()['__builtins__']", "names __builtins__"),
        ("from os import *", "imports everything of os"),
        ("from portal.sdk import *", "imports everything of portal.sdk"),
        ("import importlib\nX = importlib.import_module", "uses importlib.import_module: it imports or runs code"),
        ("from importlib import import_module as bring", "uses importlib.import_module"),
        ("import sys\nX = sys.modules['portal.db']", "uses sys.modules"),
        ("X = __import__('portal.db')", "uses __import__"),
        ("X = eval('1')", "uses eval"),
        ("exec('import portal.db')", "uses exec"),
        ("import sqlite3", "uses sqlite3: it opens a database by itself"),
        ("from apsw import Connection", "uses apsw"),
        ("import asyncpg", "uses asyncpg"),
        ("import subprocess", "uses subprocess"),
        ("import os\nX = os.environ.get('HOME')", "uses os.environ: it reads the environment"),
        ("from os import getenv", "uses os.getenv"),
        ("import socket", "uses socket: it speaks to other machines"),
        ("from urllib.request import urlopen", "uses urllib.request"),
        ("from urllib import request", "uses urllib.request"),
        ("import httpx", "uses httpx"),
        ("from portal.sdk import ask\nX = lambda: ask('GET', '')", "uses portal.sdk.ask: it speaks to other machines"),
        ("import shutil", "uses shutil"),
        ("X = open('/etc/hostname')", "opens a file"),
        ("X = lambda: open(HERE, 'w')", "opens a file"),
        ("from pathlib import Path\nX = lambda: Path('a').read_text()", "reads a file that is not its own (read_text)"),
        ("from pathlib import Path\nX = lambda: Path('a').open()", "reads a file that is not its own (open)"),
        ("X = lambda path: path.write_text('')", "keeps a file (write_text)"),
        ("X = lambda path: path.unlink()", "keeps a file (unlink)"),
        ("X = lambda: db.rows('SELECT id FROM person')", "says SQL about the table person"),
        ("X = lambda: db.rows('select id from photo p')", "says SQL about the table photo"),
        ("X = lambda n: db.rows(f'SELECT id FROM lost_thing t JOIN photo p ON p.id IN ({marks(n)})')", "table photo"),
        ("OTHER = 'photo'\nX = lambda: db.rows(f'SELECT id FROM {OTHER}')", "says SQL about the table photo"),
        ("from portal.sdk import Table\nclass P(Table, tablename='person'):\n    pass", "declares the table person"),
        ("X = lambda thing: thing.raw('select given_name from person')", "says SQL about the table person"),
        ("X = 'DELETE FROM ' + 'decision'", "says SQL about the table decision"),
        ("MORE = ' JOIN person p ON p.id = t.finder'", "says SQL about the table person"),
        ("X = lambda: db.value('SELECT COUNT(*) FROM stories_story')", "says SQL about the table stories_story"),
        ("X = lambda: db.rows('PRAGMA table_info(person)')", "a statement that begins with 'pragma'"),
    ],
)
async def test_what_the_source_may_not_do(small: Path, line: str, said: str) -> None:
    found = await told(small, "actions.py", SDK, f"{SDK}\n{line}")
    assert [each for each in found if said in each and each.startswith("actions.py:")], found


@pytest.mark.parametrize(
    "line",
    [
        "from portal import sdk\nX = sdk.db",
        "import re\nX = re.compile('a')",
        "from pathlib import Path\nX = (Path(__file__).parent / 'plugin.py').read_text()",
        "from importlib.resources import files\nX = files(__package__).joinpath('plugin.py').read_text()",
        "import io\nX = io.BytesIO(b'')",
        "from urllib.parse import quote",
        "from portal.sdk import _\nX = _('SELECT one FROM this list') if 0 else ''",
        '"""SELECT id FROM person: what this does not do."""',
        "X = lambda: db.rows('WITH photo AS (SELECT id FROM lost_thing) SELECT id FROM photo')",
        "X = lambda kind: db.rows(f'SELECT id FROM lost_{kind} WHERE what = ?', 'FROM person')",
        "KEPT = ' FROM lost_thing WHERE id = ?'\nX = lambda: db.run(f'DELETE{KEPT}', 1)",
    ],
)
async def test_what_it_may_do(small: Path, line: str) -> None:
    found = await told(small, "actions.py", SDK, f"{SDK}\n{line}")
    assert [each for each in found if "is not translated" not in each] == []


async def test_who_says_to_whom_something_is_sent_may_send(small: Path) -> None:
    changed(small, "plugin.py", '"For 30 days", table', '"For 30 days", sent="The town", table')
    assert await told(small, "actions.py", SDK, f"{SDK}\nimport httpx") == []


@pytest.mark.parametrize(
    ("file", "before", "after", "said"),
    [
        ("templates/list.html", 'href="/lost/', 'href="https://tracker.example/', "list.html:4 asks another host"),
        ("templates/list.html", "<ul>", '<ul style="color:red">', "list.html:4 has an inline style or script"),
        ("templates/list.html", "<ul>", "<script>1</script><ul>", "has an inline style or script"),
        ("templates/list.html", '"Lost"', '_("Found yesterday")', "'Found yesterday' is not translated"),
        ("tables.py", "what = Text()", "what = Text()\n    who = BigInt()",
         "lost_thing.who is declared but no migration"),
        (MIGRATION, "what TEXT NOT NULL", "what TEXT NOT NULL, age BIGINT", "lost_thing.age is made but not declared"),
        (MIGRATION, "CREATE TABLE lost_m", "CREATE TABLE stories_lost (id BIGINT);\nCREATE TABLE lost_m",
         "may not touch the table stories_lost"),
        (MIGRATION, "CREATE TABLE lost_m", "ALTER TABLE person ADD COLUMN lost TEXT;\nCREATE TABLE lost_m",
         "may not touch the table person"),
        (MIGRATION, "CREATE TABLE lost_m", "DELETE FROM person;\nCREATE TABLE lost_m",
         "may not touch the table person"),
        (MIGRATION, "CREATE TABLE lost_m", "CREATE TABEL lost_m", "Its migrations fail on an empty database"),
        (LATER, INDEX, "ALTER TABLE lost_thing ADD COLUMN age BIGINT NOT NULL", "second fails on filled tables"),
        (LATER, INDEX, "CREATE UNIQUE INDEX lost_x ON lost_thing ((1))", "second fails on filled tables: Conflict"),
        (LATER, INDEX, "DELETE FROM lost_mark WHERE id > 1", "second loses rows of lost_mark"),
        (LATER, INDEX, "DROP TABLE lost_thing", "refer to nothing"),
    ],
)  # fmt: skip
async def test_what_templates_and_tables_may_not_be(
    small: Path, file: str, before: str, after: str, said: str
) -> None:
    assert any(said in line for line in await told(small, file, before, after))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (", stores=KEPT", "", "does not say what, about whom and for how long"),
        (STORED, "", "lost_mark stands in no Stored"),
        (STORED, f"{STORED} {STORED}", "lost_mark stands in 2 Stored"),
        ('"Things", "Finders", "For 30 days"', '"Things", "", "For 30 days"', "`whom` says nothing"),
        ('"For 30 days"', '" "', "`kept` says nothing"),
        ('("finder",)', '("finders",)', "something of lost_thing.finders, but has no such column"),
        ('("finder",)', '("what",)', "lost_thing.what is TEXT"),
        (', since="at"', "", "days need `since`"),
        ('since="at"', 'since="what"', "lost_thing.what is TEXT"),
        ("days=30", "days=0", "`days` is a number of days from 1 on"),
        ('people=("finder",)', 'on_erase="blank"', "on_erase='blank' needs `people`"),
        (', through=("thing", "lost_thing")', "", 'say through=("thing", "lost_thing")'),
        ('through=("thing", "lost_thing")', 'through=("thing", "lost_found")', "lost_found, which stands in no Stored"),
        ('through=("thing", "lost_thing")', 'through=("thing", "lost_mark")', "`through` leads in a circle"),
        (', table="lost_mark"', "", "names columns but no `table`"),
        ('people=("finder",)', 'people=("finder",), photos=("image",)', "lost_thing.image, but has no such column"),
    ],
)
async def test_what_it_says_that_it_keeps(small: Path, before: str, after: str, said: str) -> None:
    assert any(said in line for line in await told(small, "plugin.py", before, after))


async def test_a_navigation_that_leads_elsewhere(small: Path) -> None:
    changed(small, "plugin.py", '"/lost", Access', '"/photos", Access')
    with pytest.raises(AssertionError, match="leads to /photos"):
        load()


def test_the_command_says_the_same() -> None:
    kept = CliRunner().invoke(cli.app, ["plugin", "check", "stories"])
    assert (kept.exit_code, kept.output.strip()) == (0, "stories keeps the contract.")
    missing = CliRunner().invoke(cli.app, ["plugin", "check", "nothing"])
    assert missing.exit_code == 1
    assert "install its distribution first" in missing.output
    with pytest.raises(PortalError, match="There is no plugin nothing"):
        CliRunner().invoke(cli.app, ["plugin", "texts", "nothing"], catch_exceptions=False)
