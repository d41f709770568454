"""What is wrong with something that is imported: where, and what to do about it.

No message holds a name or a result: only file, line, column and identifiers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.sdk import Language

MOST = 500  # that are kept; a broken export repeats itself
LONGEST = 60  # characters of a value that a message repeats


@dataclass(frozen=True, slots=True)
class Problem:
    """`line` counts from 1 with the header; 0 is the file as a whole. `text` is a msgid with %(name)s places."""

    file: str
    line: int
    column: str
    text: str
    values: Mapping[str, Any]
    rows: int = 1  # left out because of it

    def told(self, language: Language) -> str:
        return language.text(self.text, **self.values)

    def as_json(self) -> list[Any]:
        return [self.file, self.line, self.column, self.text, dict(self.values), self.rows]


def _short(value: object) -> object:
    if isinstance(value, str):
        return value if len(value) <= LONGEST else value[:LONGEST] + "…"
    return value


@dataclass
class Problems:
    """Collects. `fatal` ones stop the import, `skipped` ones leave rows out, `notes` ask somebody to look."""

    fatal: list[Problem] = field(default_factory=list)
    skipped: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    left_out: int = 0  # rows

    def stop(self, file: str, line: int, column: str, text: str, **values: object) -> None:
        self._add(self.fatal, Problem(file, line, column, text, _all(values)))

    def skip(self, file: str, line: int, column: str, text: str, rows: int = 1, **values: object) -> None:
        """`rows` are left out; 0 where they are counted elsewhere."""
        self.left_out += rows
        self._add(self.skipped, Problem(file, line, column, text, _all(values), rows))

    def note(self, file: str, line: int, column: str, text: str, **values: object) -> None:
        self._add(self.notes, Problem(file, line, column, text, _all(values), 0))

    @staticmethod
    def _add(to: list[Problem], problem: Problem) -> None:
        if len(to) < MOST:
            to.append(problem)

    def as_json(self) -> dict[str, Any]:
        def listed(found: list[Problem]) -> list[list[Any]]:
            return [each.as_json() for each in sorted(found, key=lambda one: (one.file, one.line))]

        return {
            "fatal": listed(self.fatal), "skipped": listed(self.skipped), "notes": listed(self.notes),
            "left_out": self.left_out,
        }  # fmt: skip


def _all(values: Mapping[str, object]) -> dict[str, Any]:
    return {name: _short(value) for name, value in values.items()}


def from_json(found: list[list[Any]]) -> list[Problem]:
    return [Problem(*each) for each in found]
