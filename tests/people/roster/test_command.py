"""The command line: what it prints and its exit status."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal import clock
from portal.people.roster.command import run
from portal.testing import TestSchool

from .kit import NOON, SHEETS, SMALL, Texts, edit, everything, zipped


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


def folder(path: Path, files: Texts) -> Path:
    path.mkdir(exist_ok=True)
    for name, text in files.items():
        (path / name).write_text(text)
    return path


async def test_the_json_has_exactly_its_keys(sqlite_school: TestSchool, tmp_path: Path) -> None:
    out = io.StringIO()
    assert await run(folder(tmp_path / "r", SMALL), as_json=True, out=out) == 0
    printed = json.loads(out.getvalue())
    assert list(printed) == ["people", "groups", "enrolments", "links", "errors", "warnings"]
    for what in ("people", "groups", "enrolments", "links"):
        assert list(printed[what]) == ["new", "changed", "unchanged", "gone"]
    assert printed["people"] == {"new": 7, "changed": 0, "unchanged": 0, "gone": 0}
    assert out.getvalue().count("\n") == 1


async def test_refused_is_status_2_and_says_where(sqlite_school: TestSchool, tmp_path: Path) -> None:
    out = io.StringIO()
    path = folder(tmp_path / "r", edit(SMALL, "enrollments.csv", ",s-2,", ",s-9,"))
    before = await everything()
    assert await run(path, as_json=True, out=out) == 2
    printed = json.loads(out.getvalue())
    assert [{k: e[k] for k in ("file", "line", "field")} for e in printed["errors"]] == [
        {"file": "enrollments.csv", "line": 3, "field": "userSourcedId"}
    ]
    assert list(printed["errors"][0]) == ["file", "line", "field", "message"]
    assert await everything() == before
    people = io.StringIO()
    assert await run(path, out=people) == 2
    assert "enrollments.csv:3 (userSourcedId)" in people.getvalue()
    assert "Nothing was changed" in people.getvalue()


async def test_a_trial_says_what_would_be(sqlite_school: TestSchool, tmp_path: Path) -> None:
    before = await everything()
    out = io.StringIO()
    (tmp_path / "r.zip").write_bytes(zipped(SMALL, "export/"))
    assert await run(tmp_path / "r.zip", dry_run=True, out=out) == 0
    assert "nothing was changed" in out.getvalue()
    assert await everything() == before
    assert await run(tmp_path / "r.zip", out=out) == 0
    assert out.getvalue().endswith("Imported.\n")
    assert await everything() != before


async def test_a_shrinking_roster_needs_the_word_also_in_a_trial(sqlite_school: TestSchool, tmp_path: Path) -> None:
    assert await run(folder(tmp_path / "r", SHEETS), as_json=True, out=io.StringIO()) == 0
    less = folder(tmp_path / "less", edit(edit(SHEETS, "children.csv", "3,Lea,Herbst,,3a\n", ""), "guardians.csv",
                  "3,Cleo,Herbst,cleo@families.example,uk,yes,no,guardian\n", ""))  # fmt: skip
    for trial in (True, False):
        out = io.StringIO()
        assert await run(less, dry_run=trial, as_json=True, out=out) == 2
        assert "--confirm-shrink" in json.loads(out.getvalue())["errors"][0]["message"]
        assert json.loads(out.getvalue())["people"]["gone"] == 2
    assert await run(less, as_json=True, confirm_shrink=True, out=io.StringIO()) == 0


async def test_households_that_are_not_there(sqlite_school: TestSchool, tmp_path: Path) -> None:
    out = io.StringIO()
    path = folder(tmp_path / "r", SMALL)
    before = await everything()
    assert await run(path, households=tmp_path / "no.csv", as_json=True, out=out) == 2
    assert json.loads(out.getvalue())["errors"][0]["file"] == "no.csv"
    assert await everything() == before


async def test_no_names_on_the_terminal(
    sqlite_school: TestSchool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = io.StringIO()
    await run(folder(tmp_path / "r", SMALL), out=out)
    await run(folder(tmp_path / "r", edit(SMALL, "users.csv", "Lea,Herbst", "Leah,Herbst")), out=out)
    shown = out.getvalue() + capsys.readouterr().err
    assert shown
    assert not any(name in shown for name in ("Mia", "Lea", "Winter", "@"))
