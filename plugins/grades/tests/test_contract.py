"""What every plugin keeps to, with assignments, results that changed, missing work, lessons, and word wished for."""

from __future__ import annotations

from bookkeeping import on_their_way
from marking import enter, given
from portal_grades import actions, alerts, intake

from portal.sdk import clock
from portal.sdk import school as the_school
from portal.testing import TestSchool, axe
from portal.testing.contract import problems


async def fill(school: TestSchool, count: int) -> list[str]:
    """Assignments of a class with results for two children, released, changed, missing; each `count` times."""
    teacher, group, mia = school.viewer("teacher"), school.groups["3a"], school.ids["mia"]
    today = clock.present((await the_school()).timezone).today
    addresses = [f"/grades/classes/{group}", f"/grades/classes/{group}/new", f"/grades/classes/{group}/children/{mia}"]
    addresses += [f"/grades/children/{mia}", f"/grades/import?group={group}", f"/grades/export?group={group}"]
    addresses += [f"/grades/export.zip?group={group}&version=1.2", *await on_their_way(school)]
    lessons = []
    for number in range(count):
        due = clock.add_days(today, number % 5)
        done = await given(school, title=f"Fractions {number}", due_on=due, category="Test", description="Page 5")
        await enter(school, done, "mia", result="12", comment="Well tried, look at page 5 again.")
        await enter(school, done, "lea", result="15")
        await actions.release(teacher, done)
        await enter(school, done, "mia", result="14")
        owed = await given(school, title=f"Poem {number}", marked="letters", highest="", due_on=due)
        await enter(school, owed, "mia", state="missing")
        await actions.release(teacher, owed)
        out = await given(school, title=f"Taken out {number}")
        await actions.remove(teacher, out)
        addresses += [f"/grades/assignments/{done}", f"/grades/assignments/{done}/edit"]
        lessons.append(intake.LessonIn(group, mia, clock.add_days(today, -number), "late", "1"))
    await intake.take_in(None, intake.Batch("test", lessons=lessons))
    await alerts.choose(school.viewer("parent"), "each")
    return addresses


async def test_contract() -> None:
    assert await problems("grades", fill) == []


async def test_pages_are_open_to_everyone() -> None:
    readers = ("teacher", "parent", "admin")  # a child's own pages are its family's, and nothing is open to visitors
    assert await axe.problems("grades", fill, readers) == []
