"""Importing a roster: read, compare, write; all of it in one transaction, or nothing."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from portal import clock
from portal.db import atomic
from portal.people import school
from portal.people.roster import households, oneroster, plan, queries, sheet
from portal.people.roster.problems import Problems
from portal.people.roster.source import Files, RawFile
from portal.people.roster.values import ONEROSTER, SHEET, Known, Roster
from portal.people.roster.writes import CATEGORIES, FATES, SHOWN, Change, Fate, What, Writes

Progress = Callable[[str], None]


@dataclass
class Package:
    """What somebody wants to import, and what went wrong while it was opened."""

    files: Files
    households: RawFile | None = None
    problems: Problems = field(default_factory=Problems)


@dataclass(frozen=True)
class Outcome:
    """What an import did or would do. `fingerprint` stands for exactly these differences."""

    counts: dict[What, dict[Fate, int]]
    problems: Problems
    changes: list[Change]
    fingerprint: str

    @property
    def spoken_of(self) -> tuple[What, ...]:
        """What people are told about: households only where the roster came with some, or ends some."""
        return SHOWN if any(self.counts["households"].values()) else CATEGORIES

    @property
    def refused(self) -> bool:
        return bool(self.problems.errors)

    def as_json(self) -> dict[str, Any]:
        return {
            **{what: {fate: self.counts[what][fate] for fate in FATES} for what in CATEGORIES},
            "errors": [problem.as_json() for problem in self.problems.errors],
            "warnings": [problem.as_json() for problem in self.problems.warnings],
        }


async def preview(package: Package, *, confirm_shrink: bool = False, progress: Progress | None = None) -> Outcome:
    """What an import would do. Writes nothing."""
    return (await _compare(package, confirm_shrink, progress))[0]


@atomic
async def apply(
    package: Package,
    *,
    confirm_shrink: bool = False,
    progress: Progress | None = None,
    only: str | None = None,
) -> Outcome:
    """Imports, unless there are errors. With `only` (a fingerprint), not if the differences are others by now."""
    outcome, writes = await _compare(package, confirm_shrink, progress)
    if not outcome.refused and only in (None, outcome.fingerprint):
        _tell(progress, "write")
        await writes.write()
    return outcome


def _tell(progress: Progress | None, step: str) -> None:
    if progress is not None:
        progress(step)


async def _compare(package: Package, confirm_shrink: bool, progress: Progress | None) -> tuple[Outcome, Writes]:
    settings = await school.load()
    today = clock.present(settings.timezone).today
    source = SHEET if sheet.recognised(package.files) else ONEROSTER
    stored = await queries.load(source, today)
    # An own list each time: a transaction that lost a race comes here again.
    problems = Problems(list(package.problems.errors), list(package.problems.warnings))

    def work() -> Writes:
        _tell(progress, "read")
        roster = read(package, stored.known(), today, problems)
        if problems.errors:
            return Writes(source)
        _tell(progress, "compare")
        return plan.compare(roster, stored, today, settings.language, problems, confirm_shrink=confirm_shrink)

    writes = await asyncio.to_thread(work)  # so that a large school does not hold up other visitors
    problems.sort()
    return Outcome(writes.counts, problems, writes.changes, _fingerprint(writes)), writes


def read(package: Package, known: Known, today: str, problems: Problems) -> Roster:
    """Reads a package in whichever format it is. Pure: touches no database."""
    if problems.errors:
        return Roster(ONEROSTER)
    if sheet.recognised(package.files):
        roster = sheet.read(package.files, today, problems)
    else:
        roster = oneroster.read(package.files, known, today, problems)
    if package.households is not None and not problems.errors:
        households.read(package.households, roster, known, problems)
    return roster


def _fingerprint(writes: Writes) -> str:
    parts = [repr(writes.counts), *sorted(repr(change) for change in writes.changes)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
