"""The real set: a whole school, as messy as it came."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest

from portal import clock
from portal.db import db
from portal.people.roster import actions
from portal.people.roster.actions import Package
from portal.people.roster.problems import Problems
from portal.people.roster.source import RawFile, open_roster
from portal.testing import TestSchool

from .kit import NOON, counts, everything

HERE = Path(__file__).resolve()
DATA = next((found for up in HERE.parents if (found := up / "shared" / "data" / "roster").is_dir()), None)
pytestmark = pytest.mark.skipif(DATA is None, reason="the folder shared/data/roster is not here")


def packed() -> Package:
    assert DATA is not None
    problems = Problems()
    file = DATA / "school-a-households.csv"
    beside = RawFile(file.name, file.read_bytes())
    return Package(open_roster(DATA / "school-a-oneroster-1.1", problems), beside, problems)


async def test_the_whole_school_comes_in_and_stays(school: TestSchool) -> None:
    with clock.frozen(NOON):
        began = time.monotonic()
        outcome = await actions.apply(packed())
        took = time.monotonic() - began
        assert not outcome.refused
        assert [counts(outcome, what) for what in ("people", "groups", "enrolments", "links")] == [
            (1096, 0, 0, 0), (257, 0, 0, 0), (4043, 0, 0, 0), (759, 0, 0, 0)
        ]  # fmt: skip
        assert took < 30  # a second or two, unless the machine is busy
        # One child has no guardian; three teachers are parents, of four children.
        found = Counter(problem.message.partition(" ")[2] for problem in outcome.problems.warnings)
        assert sorted(found.values()) == [1, 4]

        kinds = dict(await db.rows("SELECT kind, COUNT(*) FROM person WHERE source = 'oneroster' GROUP BY kind"))
        assert kinds == {"child": 391, "adult": 657 + 48}
        groups = dict(await db.rows("SELECT kind, COUNT(*) FROM school_group WHERE source = 'oneroster' GROUP BY kind"))
        assert groups == {"homeroom": 19, "course": 238}
        assert await db.value("SELECT COUNT(*) FROM membership WHERE source = 'oneroster'") == 3773
        assert await db.value("SELECT COUNT(*) FROM staff WHERE source = 'oneroster'") == 270
        assert await db.value("SELECT COUNT(*) FROM household") == 339
        assert await db.value("SELECT COUNT(*) FROM household_member") == 1051
        both = await db.value(
            "SELECT COUNT(DISTINCT l.adult) FROM link l JOIN staff s ON s.adult = l.adult WHERE l.source = 'oneroster'"
        )
        assert both > 0

        before = await everything()
        again = await actions.apply(packed())
        assert [counts(again, what) for what in ("people", "groups", "enrolments", "links")] == [
            (0, 0, 1096, 0), (0, 0, 257, 0), (0, 0, 4043, 0), (0, 0, 759, 0)
        ]  # fmt: skip
        assert await everything() == before
