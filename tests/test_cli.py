"""The command line as an operator uses it: a new school, its first code, rotating the keys."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from tests import commands

pytestmark = pytest.mark.usefixtures("forked_commands")
PORTAL = Path(sys.executable).with_name("portal")
SCHOOL = ["--name", "Oak School", "--admin-given-name", "Ada", "--admin-family-name", "Lee"]
SCHOOL += ["--admin-email", "A@b.example"]


def portal(folder: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return commands.portal(*arguments, environment={"PORTAL_DATA": str(folder)})


def init(folder: Path) -> subprocess.CompletedProcess[str]:
    return portal(folder, "init", *SCHOOL, "--timezone", "Europe/Madrid", "--languages", "es,en")


def test_a_new_school_prints_a_code_and_is_private(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "PORTAL_DATA": str(tmp_path / "school")}
    command = [str(PORTAL), "init", *SCHOOL, "--timezone", "Europe/Madrid", "--languages", "es,en"]
    made = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert made.returncode == 0, made.stderr
    assert "/welcome" in made.stdout
    for path in (tmp_path / "school").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    again = init(tmp_path / "school")
    assert again.returncode == 2
    assert "school in this database already" in again.stderr


def test_bad_answers_are_refused_in_one_line(tmp_path: Path) -> None:
    for extra in (["--timezone", "Mars", "--languages", "en"], ["--timezone", "UTC", "--languages", "xx"]):
        refused = portal(tmp_path / "none", "init", *SCHOOL, *extra)
        assert refused.returncode == 2
        assert len(refused.stderr.strip().splitlines()) == 1


def test_a_lost_administrator_gets_a_new_code(tmp_path: Path) -> None:
    init(tmp_path / "school")
    given = portal(tmp_path / "school", "invite", "a@B.example")
    assert given.returncode == 0
    assert len(given.stdout.strip().split("-")) == 3
    assert portal(tmp_path / "school", "invite", "nobody@b.example").returncode == 2


def test_keys_rotate(tmp_path: Path) -> None:
    init(tmp_path / "school")
    before = (tmp_path / "school/secrets/master.key").read_text()
    rotated = portal(tmp_path / "school", "keys", "rotate")
    assert rotated.returncode == 0, rotated.stderr
    after = (tmp_path / "school/secrets/master.key").read_text()
    assert after != before
    assert after.splitlines()[-1].startswith("2 ")


def test_nothing_runs_on_a_database_that_is_not_ready(tmp_path: Path) -> None:
    (tmp_path / "school").mkdir()
    assert portal(tmp_path / "school", "roster", "import", str(tmp_path)).returncode == 2


def change(folder: Path, sql: str) -> None:
    """What no command does: straight into the school's database."""
    with closing(sqlite3.connect(folder / "portal.sqlite")) as database, database:
        database.execute(sql)


def test_plugins_are_listed_taken_out_and_erased(tmp_path: Path) -> None:
    school, made = tmp_path / "school", tmp_path / "stories.zip"
    init(school)
    assert portal(school, "plugin", "enable", "stories").returncode == 0
    listed = portal(school, "plugin", "list")
    assert "stories  Class stories  (in use)" in listed.stdout
    change(school, "INSERT INTO trouble VALUES ('stories', 'portal_event', 'ValueError', 1790000000000000)")
    change(school, "INSERT INTO job VALUES (1, 'stories', 'x', '{}', NULL, 10, 'ValueError')")
    listed = portal(school, "plugin", "list")
    assert "portal_event failed on 2026-09-21 14:13 UTC (ValueError)" in listed.stdout
    assert "1 jobs failed too often" in listed.stdout

    written = portal(school, "plugin", "export", "stories", str(made))
    assert written.returncode == 0, written.stderr
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    with zipfile.ZipFile(made) as archive:
        assert {"contents.csv", "stories_story.csv"} <= set(archive.namelist())
    for target, said in ((made, "is there already"), (tmp_path / "no/where.zip", "cannot be written")):
        refused = portal(school, "plugin", "export", "stories", str(target))
        assert refused.returncode == 2
        assert said in refused.stderr
        assert len(refused.stderr.strip().splitlines()) == 1
    assert "There is nothing stored" in portal(school, "plugin", "export", "nothing", str(tmp_path / "x.zip")).stderr
    assert not (tmp_path / "x.zip").exists()

    refused = portal(school, "plugin", "erase", "stories", "--yes")
    assert refused.returncode == 2
    assert "Put it out of use first." in refused.stderr
    portal(school, "plugin", "disable", "stories")
    asked = portal(school, "plugin", "erase", "stories")  # nobody answers
    assert asked.returncode == 1
    assert portal(school, "plugin", "export", "stories", str(tmp_path / "again.zip")).returncode == 0
    erased = portal(school, "plugin", "erase", "stories", "--yes")
    assert erased.returncode == 0, erased.stderr
    assert portal(school, "plugin", "export", "stories", str(tmp_path / "gone.zip")).returncode == 2
    assert portal(school, "plugin", "erase", "stories", "--yes").returncode == 2
    assert portal(school, "plugin", "enable", "stories").returncode == 0


def test_without_a_school_one_line_says_what_is_missing(tmp_path: Path) -> None:
    ended = portal(tmp_path, "plugin", "list")
    assert ended.returncode == 2
    assert "cannot be read" in ended.stderr
    assert "never awaited" not in ended.stderr
