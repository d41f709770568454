"""What people send, made into values. What is wrong is said where it is kept, so that a page can show it again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from litestar.datastructures import FormMultiDict

from portal.sdk import Language, typed_id
from portal_grades.actions import Frame
from portal_grades.entering import Cells, Line, Typed
from portal_grades.loading import Assignment
from portal_grades.rules import typed_points


def clean(value: object) -> str:
    """Text of several lines, without control characters."""
    text = value if isinstance(value, str) else ""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in text if sign in "\n\t" or sign >= " ").strip()


def frame(form: FormMultiDict) -> Frame:
    """An assignment."""
    said = {name: clean(form.get(name)) for name in Frame.__slots__ if name != "version"}
    return Frame(**said, version=typed_id(clean(form.get("version"))) or 0)


def framed(found: Assignment, category: str, language: Language) -> Frame:
    """A stored assignment as its form shows it."""
    marked = str(found.scale) if found.scale else "words" if found.highest is None else "points"
    highest = typed_points(found.highest, language) if found.highest is not None else ""
    return Frame(
        found.title, found.subject, found.description, category, found.period, found.assigned_on, found.due_on, marked,
        highest, "", found.version,
    )  # fmt: skip


def packed(line: Line) -> str:
    """What stood in a row when the page was made, for its hidden field."""
    return json.dumps([line.valued_at, line.was.result, line.was.state, line.was.comment], ensure_ascii=False)


def typed(form: FormMultiDict, children: Iterable[int]) -> list[Typed]:
    """The rows of these children as they were sent; those that were not are left out."""
    found = []
    for child in children:
        was = _unpacked(form.get(f"w-{child}"))
        if was is None:
            continue
        cells = Cells(
            clean(form.get(f"r-{child}")), clean(form.get(f"s-{child}")), clean(form.get(f"c-{child}"))
        )
        found.append(Typed(child, cells, was[1], was[0]))
    return found


def sent(form: FormMultiDict) -> list[int]:
    """The children whose rows were sent."""
    return [child for name in form for child in [typed_id(name[2:])] if name.startswith("w-") and child]


def _unpacked(value: Any) -> tuple[int, Cells] | None:
    try:
        at, *cells = json.loads(value)
        return int(at), Cells(*(clean(cell) for cell in cells))
    except (TypeError, ValueError):
        return None
