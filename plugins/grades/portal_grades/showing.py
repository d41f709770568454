"""A child's results as its page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal.sdk import Who, fragment
from portal_grades import words
from portal_grades.queries import Bundle, Sight


def of(person: Who, sight: Sight, named: Sequence[tuple[int, str]]) -> dict[str, Any]:
    """What the template needs. `named`: the classes, where their names tell something."""
    zone, code, known = person.school.timezone, person.language.code, tuple(named)

    def part(bundle: Bundle) -> words.Part:
        return words.part(code, zone, known, bundle)

    parts = [part(bundle) for bundle in sight.subjects]
    return {
        "child": sight.child,
        "subjects": [p.name for p in parts],
        "sections": [fragment(person, "grades/parts.html", "section", p, n) for n, p in enumerate(parts, 1)],
        "missing": [fragment(person, "grades/parts.html", "alone", part(bundle)) for bundle in sight.missing],
        "soon": [fragment(person, "grades/parts.html", "alone", part(bundle)) for bundle in sight.soon],
        "attends": sight.attendance.known,
        "attendance": words.attendance(sight.attendance, person.language) if sight.attendance.known else ([], []),
    }
