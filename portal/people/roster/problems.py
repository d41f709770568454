"""What is wrong or remarkable in a roster: where, and what to do about it.

A message never holds a name, an address or a birthday: only the file, the line, the field and identifiers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.i18n import _

MOST = 1000  # of each kind; a broken export repeats itself
ID_SHOWN = 80  # characters of an identifier that a message repeats


@dataclass(frozen=True, slots=True)
class Problem:
    """`line` counts from 1 with the header; 0 means the file as a whole. `text` is a msgid with %(name)s places."""

    file: str
    line: int
    field: str
    text: str
    values: Mapping[str, object]
    code: str = ""  # 'shrink' where a word from the administrator is enough

    @property
    def message(self) -> str:
        """The message in English."""
        return self.text % self.values if self.values else self.text

    def as_json(self) -> dict[str, Any]:
        return {"file": self.file, "line": self.line, "field": self.field, "message": self.message}


def _short(value: object) -> object:
    if isinstance(value, str) and len(value) > ID_SHOWN:
        return value[:ID_SHOWN] + "…"
    return value


@dataclass
class Problems:
    """Collects. An import with errors changes nothing; warnings ask somebody to look."""

    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def error(self, file: str, line: int, field_: str, text: str, **values: object) -> None:
        self._add(self.errors, file, line, field_, text, values)

    def unconfirmed(self, file: str, text: str, **values: object) -> None:
        """An error that goes away when the administrator confirms."""
        self.errors.append(Problem(file, 0, "", text, values, "shrink"))

    def warning(self, file: str, line: int, field_: str, text: str, **values: object) -> None:
        self._add(self.warnings, file, line, field_, text, values)

    @staticmethod
    def _add(to: list[Problem], file: str, line: int, field_: str, text: str, values: dict[str, object]) -> None:
        if len(to) < MOST:
            to.append(Problem(file, line, field_, text, {name: _short(value) for name, value in values.items()}))
        elif len(to) == MOST:
            more = _("There are more than %(most)s of these. Mend the ones above and try again to see the rest.")
            to.append(Problem(file, 0, "", more, {"most": MOST}))

    def sort(self) -> None:
        """By file and line, which is how people work through a list."""
        self.errors.sort(key=lambda problem: (problem.file, problem.line))
        self.warnings.sort(key=lambda problem: (problem.file, problem.line))
