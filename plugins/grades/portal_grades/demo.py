"""Grades for the demo school: two classes with work of ten weeks, some of it missing, some of it changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from portal.sdk import Viewer, children_of, clock, language, school
from portal_grades import actions, alerts, entering, intake
from portal_grades.actions import Frame
from portal_grades.entering import Cells, Typed

EN = language("en")
GOOD = (
    "You explained your way step by step. Keep that up!", "A big step since the last time.",
    "Neat, and with a good idea at the end.", "You helped others, too. Thank you!",
)  # fmt: skip
NOT_YET = (
    "Please look at page 24 again; we go through it together on Monday.",
    "The idea is right. Take more time at the end.",
    "Practise this a little each day, five minutes are enough.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Work:
    """An assignment of the demo. `days`: when it is due, counted from today; `shown`: 'yes', 'no' or 'tomorrow'."""

    by: str
    group: str
    subject: str
    title: str
    category: str
    days: int
    marked: str = "points"
    highest: str = "20"
    steps: str = ""
    shown: str = "yes"
    description: str = ""


WORDS = "Very good, Good, On the way, Not yet"
WORK = (
    Work("teacher", "3a", "Maths", "Times tables: 2, 5 and 10", "Quiz", -63, highest="10"),
    Work("teacher", "3a", "Maths", "Measuring the schoolyard", "Project", -47, highest="20"),
    Work("teacher", "3a", "Maths", "Times tables: 3, 4 and 6", "Quiz", -33, highest="10"),
    Work("teacher", "3a", "Maths", "Written addition", "Test", -19, highest="24"),
    Work("teacher", "3a", "Maths", "Times tables: 7, 8 and 9", "Quiz", -6, highest="10"),
    Work("teacher", "3a", "Maths", "Clock and calendar", "Test", -1, highest="20", shown="tomorrow"),
    Work("teacher", "3a", "Maths", "Worksheet on symmetry", "Homework", 4, highest="10", shown="no",
         description="Both sides. A small mirror helps. Colour in at least one of the butterflies."),
    Work("teacher", "3a", "German", "A letter to the class in Lyon", "Writing", -54, "own", "", WORDS),
    Work("teacher", "3a", "German", "Reading aloud", "Reading", -26, "own", "", WORDS),
    Work("teacher", "3a", "German", "The story of the lost glove", "Writing", -9, "own", "", WORDS),
    Work("teacher", "3a", "German", "Learn the poem “Mondnacht”", "Homework", 9, "own", "", WORDS, "no",
         "By heart, as far as you get. We speak it together on the stage."),
    Work("teacher-art", "3a", "Art", "Autumn in layers of paper", "Picture", -30, "own", "", WORDS),
    Work("teacher-science", "9b", "Physics", "Free fall: protocol", "Protocol", -40, "one-six", ""),
    Work("teacher-science", "9b", "Physics", "Forces", "Test", -21, "one-six", ""),
    Work("teacher-science", "9b", "Physics", "Pendulum: protocol", "Protocol", -5, "one-six", ""),
    Work("teacher-science", "9b", "Physics", "Energy: poster", "Project", 11, "one-six", "", shown="no",
         description="In pairs. One page, one graph of your own, your sources."),
    Work("teacher-english", "9b", "English", "Vocabulary, unit 3", "Quiz", -27, highest="30"),
    Work("teacher-english", "9b", "English", "A review of a film", "Essay", -8, highest="50"),
)  # fmt: skip


async def mark(demo: Any, progress: Callable[[str, int, int], None]) -> None:
    """Makes assignments, results, lessons and wishes of a `portal.demo` school."""
    dice = Random("grades")  # noqa: S311 -- made-up results, not secrets
    for done, work in enumerate(WORK):
        progress("Grades", done, len(WORK))
        await _work(demo, work, dice)
    await _lessons(demo, dice)
    for who, every in (("parent", alerts.EACH), ("grandparent", alerts.NONE), ("noors-father", alerts.WEEKLY)):
        await alerts.choose(Viewer(demo.people[who]), every)
    progress("Grades", len(WORK), len(WORK))


async def _work(demo: Any, work: Work, dice: Random) -> None:
    viewer, group, now = Viewer(demo.people[work.by]), demo.groups[work.group], clock.now()
    today = clock.present((await school()).timezone).today
    frame = Frame(
        work.title, work.subject, work.description, work.category, "First term", clock.add_days(today, work.days - 7),
        clock.add_days(today, work.days), work.marked, work.highest, work.steps,
    )  # fmt: skip
    with clock.frozen(now + min(work.days - 7, -2) * clock.DAY):
        assignment = await actions.create(viewer, group, f"demo {work.title}", frame)
    if work.days > 0:
        return
    given = now + min(work.days + 2, 0) * clock.DAY - clock.HOUR
    with clock.frozen(given):
        sheet = await entering.sheet(viewer, assignment, EN)
        steps = sheet.scale.steps if sheet.scale else ()
        mila = demo.people["mila"]
        rows = [Typed(x.child, _made_up(work, steps, x.child == mila, dice), x.was, 0) for x in sheet.lines]
        await entering.save(viewer, assignment, rows, EN)
    with clock.frozen(given + clock.HOUR // 2):
        if work.shown == "yes":
            await actions.release(viewer, assignment)
        elif work.shown == "tomorrow":
            await actions.release(viewer, assignment, clock.add_days(today, 1), "16:00")
    if work.title == "Written addition":
        await _corrected(viewer, assignment, demo.people["mila"], given + clock.DAY)


def _made_up(work: Work, steps: Sequence[str], mila: bool, dice: Random) -> Cells:
    """A child's row. Mila's own is told on purpose: she gets better, and owes one piece of work."""
    luck = dice.betavariate(4, 2)
    if mila:
        luck = min(0.97, 0.95 + work.days / 120)
    chance = dice.random()
    if work.title == "The story of the lost glove" and (mila or chance < 0.15):
        return Cells("", "missing")
    if chance < 0.03:
        return Cells("", "excused", "Was ill that week.")
    if steps:
        result = steps[min(len(steps) - 1, int((1 - luck) * len(steps)))]
    else:
        most = int(work.highest)
        result = f"{round(luck * most * 2) / 2:g}"
    comment = dice.choice(GOOD if luck > 0.6 else NOT_YET) if mila or dice.random() < 0.3 else ""
    return Cells(result, "late" if 0.03 <= chance < 0.08 else "", comment)


async def _corrected(viewer: Viewer, assignment: int, child: int, at: int) -> None:
    """A result that was changed after the family had seen it."""
    with clock.frozen(at):
        line = next(x for x in (await entering.sheet(viewer, assignment, EN)).lines if x.child == child)
        cells = Cells("22.5", "", "Exercise 4 was right after all. Sorry!")
        await entering.save(viewer, assignment, [Typed(child, cells, line.was, line.valued_at)], EN)


async def _lessons(demo: Any, dice: Random) -> None:
    """Whether the children of two classes were in their lessons in the last six weeks, as an import delivers it."""
    today = clock.present((await school()).timezone).today
    days = [clock.add_days(today, -n) for n in range(42)]
    lessons = [
        intake.LessonIn(group, child.id, day, _there(dice), lesson)
        for name, teacher in (("3a", "teacher"), ("9b", "teacher-science"))
        for group in (demo.groups[name],)
        for child in await children_of(Viewer(demo.people[teacher]), [group])
        for day in days
        if date.fromisoformat(day).weekday() < 5
        for lesson in ("1", "3")
    ]
    await intake.take_in(None, intake.Batch("demo", lessons=lessons))


def _there(dice: Random) -> str:
    chance = dice.random()
    return "absent" if chance < 0.005 else "excused" if chance < 0.03 else "late" if chance < 0.05 else "present"
