"""`portal visibility replay`, as a person or a program calls it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from typer.main import get_command

from portal.cli import app
from tests.commands import portal

from . import naive
from .cases import CASES
from .test_world_format import BAD, GOOD

pytestmark = pytest.mark.usefixtures("forked_commands")
PORTAL = Path(sys.executable).parent / "portal"
WAYS = ("list", "single", "http")
COMMAND = get_command(app)


def run(*arguments: str | Path, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    return portal("visibility", "replay", *arguments, folder=folder)


def written(folder: Path, name: str, world: object) -> Path:
    path = folder / name
    path.write_bytes(world if isinstance(world, bytes) else json.dumps(world).encode())
    return path


@pytest.mark.parametrize("through", WAYS)
@pytest.mark.parametrize("desk", [False, True])
def test_prints_every_viewer_and_photo(tmp_path: Path, through: str, desk: bool) -> None:
    good = written(tmp_path, "good.json", GOOD)
    other = written(tmp_path, "other.json", CASES[0].world)
    done = run(good, other, "--through", through, *(["--desk"] if desk else []))
    rows = [{"world": str(path)} | row for path, world in ((good, GOOD), (other, CASES[0].world))
            for row in naive.replay(world, desk)]  # fmt: skip
    assert [json.loads(line) for line in done.stdout.splitlines()] == rows
    assert [list(json.loads(line)) for line in done.stdout.splitlines()] == [
        ["world", "viewer", "photo", "show"]
    ] * len(rows)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("what", BAD)
def test_one_bad_world_refuses_all(tmp_path: Path, what: str) -> None:
    raw, place, reason = BAD[what]
    good, bad = written(tmp_path, "good.json", GOOD), written(tmp_path, "bad.json", raw)
    for files in ([good, bad, good], [bad]):
        done = CliRunner().invoke(COMMAND, ["visibility", "replay", *map(str, files), "--through", "list"])
        assert (done.exit_code, done.stdout) == (2, "")
        (line,) = done.stderr.splitlines()
        assert line.startswith(f"{bad}: {place}")
        assert reason in line


def test_one_bad_world_refuses_all_of_a_process(tmp_path: Path) -> None:
    good, bad = written(tmp_path, "good.json", GOOD), written(tmp_path, "bad.json", BAD["nested deeply"][0])
    command = [str(PORTAL), "visibility", "replay", str(good), str(bad), "--through", "list"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)


def test_the_path_is_printed_as_given(tmp_path: Path) -> None:
    written(tmp_path, "good.json", GOOD)
    written(tmp_path, "bad.json", b"{}")
    for given in ("./good.json", "../" + tmp_path.name + "//good.json", str(tmp_path / "good.json")):
        done = run(given, "--through", "list", folder=tmp_path)
        assert {json.loads(line)["world"] for line in done.stdout.splitlines()} == {given}
    assert run("./bad.json", folder=tmp_path).stderr.startswith("./bad.json: ")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    good = written(tmp_path, "good.json", GOOD)
    for missing in (tmp_path / "missing.json", tmp_path):
        done = run(good, missing, "--through", "list")
        assert (done.returncode, done.stdout) == (2, "")
        assert str(missing) in done.stderr


def test_the_same_world_twice(tmp_path: Path) -> None:
    good = written(tmp_path, "good.json", GOOD)
    once, twice = run(good, "--through", "list"), run(good, good, "--through", "list")
    assert twice.stdout == once.stdout * 2


def test_characters_of_every_kind(tmp_path: Path) -> None:
    renamed = json.loads(json.dumps(GOOD).replace('"mum"', '"m\\u0000\\u202e\\ud83d\\ude00 ü\\n"'))
    done = run(written(tmp_path, "wörld.json", renamed), "--through", "list")
    assert json.loads(done.stdout.split("\n")[0])["viewer"] == "m\0\u202e\U0001f600 ü\n"
    assert done.returncode == 0
