"""Results: who enters them, who sees them when, and what stays visible of a change."""

from __future__ import annotations

import asyncio

import pytest
from marking import EN, enter, given, released, row, stored
from portal_grades import actions, entering, intake, rules
from portal_grades.actions import Frame
from portal_grades.entering import Cells
from portal_grades.rules import Value

from portal.sdk import BadInput, NotVisible, Refused, clock, db, language
from portal.testing import TestSchool, run

FAMILY = ("parent", "coparent", "grandparent", "mia")
NOT_FAMILY = (
    "former", "blocked", "other", "neighbour", "noors_parent", "noor", "teacher", "colleague", "office", "admin",
    "safeguarding",
)  # fmt: skip


async def seen(school: TestSchool, name: str, child: str = "mia") -> str:
    """The page of a child as somebody gets it; '' where it is not there for them."""
    answer = await (await school.browser(name)).get(f"/grades/children/{school.ids[child]}")
    assert answer.status_code in (200, 404)
    return answer.text if answer.status_code == 200 else ""


async def test_the_family_sees_a_released_result_and_nobody_else(grading: TestSchool) -> None:
    await released(grading, result="17.5", title="Fractions")
    for name in FAMILY:
        assert "17.5 of 20 points" in await seen(grading, name), name
    for name in NOT_FAMILY:
        assert await seen(grading, name) == "", name


async def test_families_see_results_when_they_are_released_and_not_before(grading: TestSchool) -> None:
    assignment = await given(grading, title="Fractions")
    await enter(grading, assignment, "mia", result="17.5", comment="Read page 5")
    text = await seen(grading, "parent")
    assert "Fractions" in text
    assert "17.5" not in text
    assert "Read page 5" not in text
    await actions.release(grading.viewer("teacher"), assignment)
    assert "17.5 of 20" in await seen(grading, "parent")
    assert "Read page 5" in await seen(grading, "parent")
    await actions.take_back(grading.viewer("teacher"), assignment)
    assert "17.5" not in await seen(grading, "parent")


async def test_an_assignment_is_there_from_the_day_it_is_given_out(grading: TestSchool) -> None:
    today = clock.present("Europe/Berlin").today
    await given(grading, title="For tomorrow", assigned_on=clock.add_days(today, 1))
    await given(grading, title="For today", assigned_on=today)
    text = await seen(grading, "parent")
    assert "For today" in text
    assert "For tomorrow" not in text
    assert "For today" not in await seen(grading, "other", "mia")
    await released(grading, title="Marked before its day", assigned_on=clock.add_days(today, 1))
    assert "Marked before its day" in await seen(grading, "parent")
    assert "For today" in await seen(grading, "other", "lea")


async def test_release_at_a_chosen_time_in_the_zone_of_the_school(grading: TestSchool) -> None:
    assignment, teacher = await given(grading), grading.viewer("teacher")
    await enter(grading, assignment, "mia", result="12")
    day = clock.add_days(clock.present("Europe/Berlin").today, 2)
    at = await actions.release(teacher, assignment, day, "16:00")
    assert clock.moment(at, "Europe/Berlin").strftime("%H:%M") == "16:00"
    assert "12 of 20" not in await seen(grading, "parent")
    with clock.frozen(at - clock.SECOND):
        assert "12 of 20" not in await seen(grading, "parent")
    with clock.frozen(at):
        assert "12 of 20" in await seen(grading, "parent")


@pytest.mark.parametrize(
    ("day", "time"),
    [
        ("2020-01-01", "10:00"), ("2999-01-01", "10:00"), ("soon", "10:00"), ("2027-03-28", "02:30"),
        ("2027-02-30", "9:00"),
    ],
)
async def test_a_time_that_does_not_go(grading: TestSchool, day: str, time: str) -> None:
    assignment = await given(grading)
    with pytest.raises(BadInput) as wrong:
        await actions.release(grading.viewer("teacher"), assignment, day, time)
    assert wrong.value.field == "time"
    assert await stored("grades_assignment", release_at=0) == 1


async def test_a_changed_result_stays_visible_as_changed(school: TestSchool) -> None:
    await school.use("grades")
    assignment = await released(school, result="12")
    await enter(school, assignment, "mia", result="14", comment="Counted again")
    rows = await db.rows("SELECT h.score FROM grades_change h JOIN grades_result r ON r.id = h.result")
    assert rows == [(12000,)]
    text = await seen(school, "parent")
    assert "14 of 20" in text
    assert "12 of 20" in text
    assert "Changed" in text
    await enter(school, assignment, "mia", result="", comment="")  # taken out again: that is a change, too
    assert await stored("grades_change") == 2
    text = await seen(school, "parent")
    assert "Taken out again" in text
    assert "14 of 20" in text


async def test_a_change_that_no_family_could_see_leaves_nothing(grading: TestSchool) -> None:
    assignment, teacher = await given(grading), grading.viewer("teacher")
    await enter(grading, assignment, "mia", result="3")
    await enter(grading, assignment, "mia", result="13")
    assert await stored("grades_change") == 0
    await actions.release(teacher, assignment)
    await actions.take_back(teacher, assignment)
    await enter(grading, assignment, "mia", result="14")  # 13 was seen
    await enter(grading, assignment, "mia", result="15")  # 14 never was
    assert [row[0] for row in await db.rows("SELECT score FROM grades_change")] == [13000]
    await enter(grading, assignment, "lea", result="5")
    await enter(grading, assignment, "lea", result="")
    assert await stored("grades_result") == 1


async def test_only_staff_of_the_class_enter_and_release(grading: TestSchool) -> None:
    assignment = await given(grading)
    frame = Frame("Mine now", "Maths", highest="20", version=1)
    typed = await row(grading, assignment, "mia", result="20")
    for name in ("colleague", "parent", "mia", "office", "admin", "blocked"):
        viewer = grading.viewer(name)
        for act in (
            entering.sheet(viewer, assignment, EN), entering.save(viewer, assignment, [typed], EN),
            actions.release(viewer, assignment), actions.take_back(viewer, assignment),
            actions.save(viewer, assignment, frame), actions.remove(viewer, assignment),
            actions.create(viewer, grading.groups["3a"], "t", frame),
        ):  # fmt: skip
            with pytest.raises(NotVisible):
                await act
    assert await stored("grades_result") == 0
    with pytest.raises(NotVisible):  # a child of another class
        await entering.save(grading.viewer("teacher"), assignment, [_other(grading)], EN)
    await entering.save(grading.viewer("teacher"), assignment, [typed], EN)
    assert await stored("grades_result") == 1


def _other(school: TestSchool) -> entering.Typed:
    return entering.Typed(school.ids["ben"], Cells("3"), Cells(), 0)


async def test_staff_who_are_kept_from_a_child_do_not_find_it_in_the_table(grading: TestSchool) -> None:
    assignment = await released(grading, result="12")
    await enter(grading, assignment, "lea", result="11")
    await run(
        "INSERT INTO block (id, adult, child, created_at) VALUES (1, ?, ?, 1)",
        *(grading.ids["teacher"], grading.ids["mia"]),
    )
    sheet = await entering.sheet(grading.viewer("teacher"), assignment, EN)
    assert [line.child for line in sheet.lines] == [grading.ids["lea"]]
    teacher, group = await grading.browser("teacher"), grading.groups["3a"]
    assert "Mia" not in (await teacher.get(f"/grades/classes/{group}")).text
    assert (await teacher.get(f"/grades/classes/{group}/children/{grading.ids['mia']}")).status_code == 404
    assert (await teacher.get(f"/grades/classes/{group}/children/{grading.ids['lea']}")).status_code == 200


@pytest.mark.parametrize("typed", ["21", "-1", "abc", "1e3", "12.3456", "99999999", "½", "1,2,3"])
async def test_what_is_no_result_is_said_and_nothing_else_is_lost(grading: TestSchool, typed: str) -> None:
    assignment = await given(grading)
    bad = await row(grading, assignment, "mia", result=typed, comment="kept")
    good = await row(grading, assignment, "lea", result="7")
    outcome = await entering.save(grading.viewer("teacher"), assignment, [bad, good], EN)
    assert outcome.saved == 1
    assert set(outcome.problems) == {grading.ids["mia"]}
    now = entering.again(await entering.sheet(grading.viewer("teacher"), assignment, EN), [bad, good], outcome)
    lines = {line.child: line for line in now.lines}
    assert lines[grading.ids["mia"]].cells == Cells(typed, "", "kept")
    assert lines[grading.ids["lea"]].cells.result == "7"


async def test_two_who_type_at_once_notice_each_other(school: TestSchool) -> None:
    await school.use("grades")
    assignment = await given(school)
    first = await row(school, assignment, "mia", result="12")
    second = await row(school, assignment, "mia", result="15")
    untouched = await row(school, assignment, "lea")
    await asyncio.gather(*(enter(school, assignment, "lea", result="9"), entering.save(
        school.viewer("teacher"), assignment, [first], EN
    )))  # fmt: skip
    rows = [second, untouched]
    outcome = await entering.save(school.viewer("teacher"), assignment, rows, EN)
    assert outcome.conflicts == {school.ids["mia"]}
    assert await stored("grades_result", score=12000) == 1
    assert await stored("grades_result", score=9000) == 1  # a row that was not touched overwrites nothing
    now = entering.again(await entering.sheet(school.viewer("teacher"), assignment, EN), rows, outcome)
    line = next(line for line in now.lines if line.child == school.ids["mia"])
    assert (line.cells.result, line.other.result if line.other else "") == ("15", "12")
    again = entering.Typed(line.child, line.cells, line.was, line.valued_at)
    assert (await entering.save(school.viewer("teacher"), assignment, [again], EN)).saved == 1
    assert await stored("grades_result", score=15000) == 1


async def test_grades_of_a_scale_signs_and_states(grading: TestSchool) -> None:
    assignment = await given(grading, marked="own", steps="Very good، good,  not yet", highest="")
    expected = (("GOOD", "good", rules.GRADED), ("x", "", rules.EXEMPT), ("-", "", rules.NOT_SUBMITTED))
    for typed, grade, status in expected:
        outcome = await enter(grading, assignment, "mia", result=typed, state="")
        assert outcome.saved == 1, outcome
        found = await db.row("SELECT grade, status, missing FROM grades_result")
        assert found is not None
        assert (found[0], found[1], bool(found[2])) == (grade, status, typed == "-")
    outcome = await enter(grading, assignment, "mia", result="excellent")
    assert "not one of the grades" in EN.text(outcome.problems[grading.ids["mia"]].message)


async def test_what_an_import_knew_survives_a_comment(grading: TestSchool) -> None:
    item = intake.ItemIn("item", grading.groups["3a"], "Poem", highest=10000)
    value = Value(rules.PARTLY, 5000, "", "", late=True, incomplete=True)
    batch = intake.Batch("x", items=[item], results=[intake.ResultIn("item", grading.ids["mia"], value)])
    await intake.take_in(None, batch)
    assignment = int(await db.value("SELECT id FROM grades_assignment"))
    await enter(grading, assignment, "mia", comment="Nearly there")
    now = (await intake.results_now([assignment]))[assignment, grading.ids["mia"]]
    assert now == Value(rules.PARTLY, 5000, "", "Nearly there", late=True, incomplete=True)


async def test_an_assignment_that_was_taken_out_comes_back_or_is_erased(grading: TestSchool) -> None:
    assignment, teacher = await released(grading), grading.viewer("teacher")
    await actions.remove(teacher, assignment)
    assert "Fractions" not in await seen(grading, "parent")
    with pytest.raises(NotVisible):
        await actions.put_back(grading.viewer("colleague"), assignment)
    await actions.put_back(teacher, assignment)
    assert "12 of 20" in await seen(grading, "parent")
    await actions.remove(teacher, assignment)
    await grading.work()
    assert await stored("grades_result") == 1
    await grading.days_later(31)
    assert await stored("grades_assignment") == 0
    assert await stored("grades_result") == 0


async def test_what_does_not_go_with_an_assignment(grading: TestSchool) -> None:
    teacher, group = grading.viewer("teacher"), grading.groups["3a"]
    whole = {"title": "T", "subject": "S", "highest": "10"}
    for changed, field in (
        ({"title": " "}, "title"), ({"title": "x" * 201}, "title"), ({"subject": ""}, "subject"),
        ({"highest": "many"}, "highest"), ({"highest": "0"}, "highest"), ({"highest": ""}, "highest"),
        ({"due_on": "tomorrow"}, "due_on"), ({"assigned_on": "2026-11-20", "due_on": "2026-11-19"}, "due_on"),
        ({"marked": "5"}, "marked"), ({"marked": "own", "steps": "one"}, "steps"), ({"due_on": "0202-11-19"}, "due_on"),
    ):  # fmt: skip
        with pytest.raises(BadInput) as wrong:
            await actions.create(teacher, group, "", Frame(**(whole | changed)))
        assert wrong.value.field == field, changed
    assert await stored("grades_assignment") == 0
    one = await actions.create(teacher, group, "once", Frame(**whole))
    assert await actions.create(teacher, group, "once", Frame(**whole)) == one
    await enter(grading, one, "mia", result="9")
    with pytest.raises(BadInput) as lower:
        await actions.save(teacher, one, Frame(**(whole | {"highest": "8"}), version=1))
    assert lower.value.field == "highest"
    await actions.save(teacher, one, Frame(**(whole | {"title": "New"}), version=1))
    with pytest.raises(BadInput) as late:
        await actions.save(teacher, one, Frame(**(whole | {"title": "Mine"}), version=1))
    assert late.value.field == "version"
    with pytest.raises(Refused):
        await actions.take_back(teacher, one)


def test_points_as_people_type_them() -> None:
    for typed, value in (("12", 12000), ("12,5", 12500), (" 12.25 ", 12250), ("١٢٫٥", 12500), ("-0.5", -500)):
        assert rules.points(typed) == value
    for typed in ("", "1.2.3", "1,", ".", "12a", "1 2", "1234567890", "²", "1e3", "nan"):
        with pytest.raises(ValueError, match=r".*"):
            rules.points(typed)
    for code in ("en", "de", "ar", "uk", "es"):
        for value in (12500, 0, 7, 1234567, -250):
            assert rules.points(rules.typed_points(value, language(code))) == value

