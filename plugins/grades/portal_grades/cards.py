"""The card on the home page."""

from __future__ import annotations

from collections.abc import Sequence

from portal.sdk import Card, Who, _, clock, db, marks, ngettext
from portal_grades.loading import MARKED

NEW = 2 * clock.DAY


async def waiting(person: Who) -> Sequence[Card]:
    """One card for a family where work is missing, or results have just come; none otherwise."""
    children = sorted(person.standing.family_of - person.standing.blocked_from)
    if not children:
        return []
    now = clock.now()
    row = await db.row(
        "SELECT sum(CASE WHEN r.missing THEN 1 ELSE 0 END),"
        f" sum(CASE WHEN NOT r.missing AND {MARKED} AND (a.release_at > ? OR r.valued_at > ?) THEN 1 ELSE 0 END)"
        " FROM grades_result r JOIN grades_assignment a ON a.id = r.assignment"
        f" WHERE r.child IN ({marks(len(children))}) AND a.removed_at = 0 AND a.release_at > 0 AND a.release_at <= ?",
        *(now - NEW, now - NEW, *children, now),
    )
    missing, new = (int(value or 0) for value in row or (0, 0))
    if not missing and not new:
        return []
    plural = person.language.plural
    said = [plural(*ngettext("%(num)s new result.", "%(num)s new results.", new))] if new else []
    if missing:
        said.append(
            plural(*ngettext("%(num)s piece of work is missing.", "%(num)s pieces of work are missing.", missing))
        )
    href = f"/grades/children/{children[0]}" if len(children) == 1 else "/grades"
    return [Card(person.language.text(_("Grades")), " ".join(said), href, icon="list", count=new + missing)]
