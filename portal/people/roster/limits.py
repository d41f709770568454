"""How big a roster may be, and which files belong to one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from portal.i18n import _
from portal.people.roster.problems import Problems

MIB = 1024 * 1024
MAX_FILE = 20 * MIB
MAX_TOTAL = 50 * MIB
MAX_FILES = 200
CHUNK = 64 * 1024

_JUNK = {"thumbs.db", "desktop.ini"}


class TooBig(Exception):
    """A limit was passed while reading."""


@dataclass
class Budget:
    """How much may still be read, over all files."""

    left: int = MAX_TOTAL

    def take(self, count: int) -> None:
        """Raises TooBig."""
        self.left -= count
        if self.left < 0:
            raise TooBig


def is_junk(path: PurePosixPath) -> bool:
    """What operating systems leave behind in folders and archives."""
    return path.name.startswith(".") or path.name.lower() in _JUNK or "__MACOSX" in path.parts


def is_csv(name: str) -> bool:
    return name.lower().endswith(".csv")


def too_big(name: str, problems: Problems) -> None:
    text = _("This is bigger than a roster can be (%(most)s MB in all). Check what it holds.")
    problems.error(name, 0, "", text, most=MAX_TOTAL // MIB)
