"""Households are differences like any other: counted, named, and part of what was previewed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal import clock
from portal.people.roster import actions
from portal.people.roster.actions import Outcome
from portal.people.roster.command import run
from portal.testing import TestSchool

from .kit import NOON, SMALL, brought, everything, package

HOUSEHOLDS = """householdId,memberSourcedId,memberRole,contactPriority,contactEmail
h-1,s-1,child,,
h-1,p-1,adult,1,true
h-2,s-1,child,,
h-2,p-2,adult,1,true
"""
FEWER = HOUSEHOLDS.replace("h-1,p-1,adult,1,true\n", "")


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


def named(outcome: Outcome) -> set[tuple[str, str, tuple[str, ...]]]:
    return {(c.fate, c.label, c.fields) for c in outcome.changes if c.what == "households"}


async def test_every_difference_is_named(school: TestSchool) -> None:
    await brought(SMALL)
    outcome = await brought(SMALL, HOUSEHOLDS)
    assert named(outcome) == {
        ("new", "Mia Winter → h-1", ()), ("new", "Ada Winter → h-1", ()),
        ("new", "Mia Winter → h-2", ()), ("new", "Bo Sommer → h-2", ()),
    }  # fmt: skip
    same = await brought(SMALL, HOUSEHOLDS)
    assert same.changes == []
    assert same.counts["households"] == {"new": 0, "changed": 0, "unchanged": 4, "gone": 0}
    assert named(await brought(SMALL, FEWER)) == {("gone", "Ada Winter → h-1", ())}
    other = await brought(SMALL, FEWER.replace("p-2,adult,1,true", "p-2,adult,2,false"))
    assert named(other) == {("changed", "Bo Sommer → h-2", ("contact_order", "channels"))}
    left = await brought(SMALL, "householdId,memberSourcedId,memberRole\nh-2,p-2,adult\n")
    assert named(left) == {
        ("gone", "Mia Winter → h-1", ()), ("gone", "Mia Winter → h-2", ()),
        ("changed", "Bo Sommer → h-2", ("contact_order",)),
    }  # fmt: skip
    assert (await brought(SMALL)).changes == []  # without the file households are not spoken of


async def test_what_was_previewed_includes_households(school: TestSchool) -> None:
    await brought(SMALL, HOUSEHOLDS)
    nothing = await actions.preview(package(SMALL, HOUSEHOLDS))
    fewer = await actions.preview(package(SMALL, FEWER))
    assert nothing.fingerprint != fewer.fingerprint
    before = await everything()
    await actions.apply(package(SMALL, FEWER), only=nothing.fingerprint)
    assert await everything() == before
    await actions.apply(package(SMALL, FEWER), only=fewer.fingerprint)
    assert await everything() != before


async def test_a_first_preview_is_still_what_is_imported(sqlite_school: TestSchool) -> None:
    seen = await actions.preview(package(SMALL, HOUSEHOLDS))
    before = await everything()
    await actions.apply(package(SMALL, HOUSEHOLDS), only=seen.fingerprint)
    assert await everything() != before


async def test_the_json_keeps_its_keys_and_the_terminal_counts_households(
    sqlite_school: TestSchool, tmp_path: Path
) -> None:
    roster, file = tmp_path / "r", tmp_path / "households.csv"
    roster.mkdir()
    for name, text in SMALL.items():
        (roster / name).write_text(text)
    file.write_text(HOUSEHOLDS)
    outcome = await actions.preview(package(SMALL, HOUSEHOLDS))
    assert list(outcome.as_json()) == ["people", "groups", "enrolments", "links", "errors", "warnings"]
    out = io.StringIO()
    assert await run(roster, households=file, dry_run=True, out=out) == 0
    line = next(line for line in out.getvalue().splitlines() if line.startswith("households"))
    assert line.split() == ["households", "4", "0", "0", "0"]
    out = io.StringIO()
    assert await run(roster, dry_run=True, out=out) == 0
    assert "households" not in out.getvalue()
