"""`portal roster import DIR_OR_ZIP`: the command line. Needs a connected, migrated database."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TextIO

from portal.i18n import _
from portal.people.roster import actions, limits, source
from portal.people.roster.actions import Outcome, Package
from portal.people.roster.problems import Problem, Problems
from portal.people.roster.writes import FATES

IMPORTED, REFUSED = 0, 2
_STEPS = {"read": "Reading the files …", "compare": "Comparing with what is stored …", "write": "Writing …"}
_SHOWN = 40  # problems of each kind on a terminal; --json has all


async def run(
    path: Path,
    *,
    households: Path | None = None,
    dry_run: bool = False,
    as_json: bool = False,
    confirm_shrink: bool = False,
    out: TextIO | None = None,
) -> int:
    """Imports `path` (a folder or zip) and prints what happened. Returns the exit status.

    `households`: a CSV file of households. `dry_run`: compare and print only. `confirm_shrink`: accept that more than
    a tenth of the people are deactivated.
    """
    out = out or sys.stdout
    package = _open(path, households)
    progress = None if as_json else _say
    if dry_run:
        outcome = await actions.preview(package, confirm_shrink=confirm_shrink, progress=progress)
    else:
        outcome = await actions.apply(package, confirm_shrink=confirm_shrink, progress=progress)
    if as_json:
        print(json.dumps(outcome.as_json(), ensure_ascii=False), file=out)
    else:
        _report(outcome, dry_run, out)
    return REFUSED if outcome.refused else IMPORTED


def _open(path: Path, households: Path | None) -> Package:
    problems = Problems()
    package = Package(source.open_roster(path, problems), problems=problems)
    if households is not None:
        try:
            package.households = source.RawFile(households.name, source.read_file(households))
        except limits.TooBig:
            limits.too_big(households.name, problems)
        except OSError:
            text = _("This file cannot be read. Check the path and its permissions.")
            problems.error(households.name, 0, "", text)
    return package


def _say(step: str) -> None:
    print(_STEPS[step], file=sys.stderr)


def _report(outcome: Outcome, dry_run: bool, out: TextIO) -> None:
    print(f"{'':12}" + "".join(f"{fate:>11}" for fate in FATES), file=out)
    for what in outcome.spoken_of:
        print(f"{what:12}" + "".join(f"{outcome.counts[what][fate]:>11}" for fate in FATES), file=out)
    _list("warning", outcome.problems.warnings, out)
    _list("error", outcome.problems.errors, out)
    if outcome.refused:
        print("\nNothing was changed. Mend the errors above and try again.", file=out)
    elif dry_run:
        print("\nThis was a trial: nothing was changed.", file=out)
    else:
        print("\nImported.", file=out)


def _list(word: str, problems: list[Problem], out: TextIO) -> None:
    if not problems:
        return
    print(f"\n{len(problems)} {word}{'' if len(problems) == 1 else 's'}:", file=out)
    for problem in problems[:_SHOWN]:
        place = ":".join(str(part) for part in (problem.file, problem.line) if part)
        place += f" ({problem.field})" if problem.field else ""
        print(f"  {place or 'roster'}: {problem.message}", file=out)
    if len(problems) > _SHOWN:
        print(f"  … and {len(problems) - _SHOWN} more; --json lists all", file=out)
