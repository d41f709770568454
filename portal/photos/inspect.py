"""Behind ``portal photos inspect FILE...``: what the intake says about files, one JSON line each."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from typing import Any

from portal.photos.intake import Intake, judge
from portal.photos.metadata import metadata


def describe(name: str, verdict: Intake) -> dict[str, Any]:
    """The verdict about one file as plain values; sizes in pixels after orientation, ``bytes`` before
    sealing.
    """
    return {
        "file": name,
        "accepted": verdict.accepted,
        "reason": None if verdict.reason is None else str(verdict.reason),
        "format_in": verdict.format_in,
        "width": verdict.width,
        "height": verdict.height,
        "renditions": [
            {
                "name": made.name,
                "format": made.format,
                "width": made.width,
                "height": made.height,
                "bytes": len(made.data),
                "metadata": metadata(made.data),
            }
            for made in verdict.renditions
        ],
    }


def inspect_files(paths: Iterable[str | os.PathLike[str]]) -> int:
    """Print one JSON line for each path, in order, as soon as it is judged. Returns the exit status: 0,
    always.

    Names that are not text in this system's encoding are printed as ``\\udcXX`` escapes, as Python holds
    them.
    """
    for path in paths:
        sys.stdout.write(json.dumps(describe(os.fspath(path), judge(path))) + "\n")
        sys.stdout.flush()
    return 0
