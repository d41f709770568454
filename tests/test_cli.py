"""The command line as an operator uses it: a new school, its first code, rotating the keys."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

PORTAL = Path(sys.executable).with_name("portal")
SCHOOL = ["--name", "Oak School", "--admin-given-name", "Ada", "--admin-family-name", "Lee"]
SCHOOL += ["--admin-email", "A@b.example"]


def portal(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "PORTAL_DATA": str(folder)}
    return subprocess.run([str(PORTAL), *arguments], env=environment, capture_output=True, text=True, timeout=120)


def init(folder: Path) -> subprocess.CompletedProcess[str]:
    return portal(folder, "init", *SCHOOL, "--timezone", "Europe/Madrid", "--languages", "es,en")


def test_a_new_school_prints_a_code_and_is_private(tmp_path: Path) -> None:
    made = init(tmp_path / "school")
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
