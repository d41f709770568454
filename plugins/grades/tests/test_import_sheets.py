"""A teacher's sheet: its columns, whose its lines are, and what becomes of them."""

from __future__ import annotations

from bookkeeping import send, words, yes

from portal.sdk import db, new_id
from portal.testing import Browser, TestSchool, run

SHEET = "Name;Test 1 (20);Comment;Effort\nTest, Mia;17,5;Well done;A\nLea Test;9;;B\n"


async def columns(browser: Browser, address: str, **changed: str) -> str:
    """Says yes to the columns as they are guessed; returns the page that follows."""
    text = (await browser.get(address)).text
    fields = {"subject": "Mathematics", "due": "2026-11-09"}
    for at, role in enumerate(("name", "result", "comment", "result")):
        fields |= {f"role-{at}": role, f"into-{at}": "0", f"title-{at}": ("", "Test 1", "", "Effort")[at]}
    fields["most-1"] = "20"
    assert 'name="role-3"' in text
    answer = await browser.post(f"{address}/columns", {**fields, **changed})
    if answer.status_code != 303:
        return answer.text
    return (await browser.get(str(answer.headers["location"]))).text


async def sheet(
    school: TestSchool, text: str = SHEET, by: str = "teacher", group: str = "3a", how: str = "utf-8"
) -> tuple[Browser, str]:
    browser = await school.browser(by)
    return browser, await send(browser, text.encode(how), "marks.csv", "sheet", school.groups[group])


async def found() -> list[tuple[object, ...]]:
    return await db.rows(
        "SELECT a.title, a.subject, r.child, r.score, r.grade, r.comment, a.release_at > 0 FROM grades_result r"
        " JOIN grades_assignment a ON a.id = r.assignment ORDER BY a.title DESC, r.score DESC, r.grade"
    )


async def test_a_sheet_from_beginning_to_end(grading: TestSchool) -> None:
    browser, address = await sheet(grading, how="utf-16")
    text = (await browser.get(address)).text
    assert "For example: 17,5" in text
    assert 'value="Test 1"' in text
    preview = words(await columns(browser, address))
    assert "Mia Test Test 1 17.5 Well done" in preview
    assert await db.value("SELECT COUNT(*) FROM grades_assignment") == 0
    assert "are imported" in await yes(browser, address, release="later")
    mia, lea = grading.ids["mia"], grading.ids["lea"]
    assert await found() == [
        ("Test 1", "Mathematics", mia, 17500, "", "Well done", False),
        ("Test 1", "Mathematics", lea, 9000, "", "", False),
        ("Effort", "Mathematics", mia, None, "A", "", False), ("Effort", "Mathematics", lea, None, "B", "", False),
    ]  # fmt: skip

    # The same sheet again: its columns are remembered, and nothing is changed.
    browser, again = await sheet(grading)
    assert 'value="17,5"' not in (await browser.get(again)).text
    assert "is in the portal already" in await columns(browser, again)
    assert len(await found()) == 4


async def test_columns_are_remembered_by_their_header(grading: TestSchool) -> None:
    browser, address = await sheet(grading)
    await columns(browser, address, **{"role-3": ""})
    browser, again = await sheet(grading, "Name;Test 1 (20);Comment;Effort\nLea Test;1;;C\n")
    text = (await browser.get(again)).text
    chosen = text.split('name="role-3"')[1].split("</select>")[0]
    assert '<option value="" selected>' in chosen
    browser, other = await sheet(grading, "Name;Test 1 (20);Comment;Oral\nLea Test;1;;C\n")
    chosen = (await browser.get(other)).text.split('name="role-3"')[1].split("</select>")[0]
    assert '<option value="result" selected>' in chosen


async def test_a_name_that_two_children_have_is_asked_about(grading: TestSchool) -> None:
    twin = new_id()
    await run(
        "INSERT INTO person (id, kind, given_name, family_name, language, active, born, safeguarding_hold, source,"
        " external_id, created_at) VALUES (?, 'child', 'Mia', 'Test', 'en', ?, '2018-01-01', ?, 'test', 'mia2', 1)",
        *(twin, True, False),
    )
    await run(
        "INSERT INTO membership (id, child, group_id, starts, ends, source, external_id)"
        " VALUES (?, ?, ?, NULL, NULL, 'test', 'mia2')",
        *(new_id(), twin, grading.groups["3a"]),
    )
    text = "Name;Test 1;Comment;Effort\nMia Test;17;;A\nLea;9;;B\nNobody Known;1;;C\n"
    browser, address = await sheet(grading, text)
    page = await columns(browser, address)
    assert "Which child is it?" in page
    mia_line, lea_line, last = (part.split("</select>")[0] for part in page.split("<select")[1:4])
    assert str(twin) in mia_line
    assert "selected" not in mia_line
    assert f'<option value="{grading.ids["lea"]}" selected>' in lea_line  # a likely one, but not a certain one
    assert "selected" not in last
    answer = await browser.post(
        f"{address}/children",
        {"line-2": str(twin), "line-3": str(grading.ids["lea"]), "line-4": str(grading.ids["tom"])},
    )
    preview = (await browser.get(str(answer.headers["location"]))).text
    assert "No child of the class was chosen for this line" in preview
    await yes(browser, address)
    assert {row[2] for row in await found()} == {twin, grading.ids["lea"]}


async def test_who_may(grading: TestSchool) -> None:
    _browser, address = await sheet(grading)
    for name in ("colleague", "parent", "office", "admin", "blocked", "noor"):
        other = await grading.browser(name)
        assert (await other.get(address)).status_code == 404, name
        for act in ("columns", "children", "confirm", "discard"):
            assert (await other.post(f"{address}/{act}", {"confirmed": "1"})).status_code == 404, (name, act)
        files = {"files": ("marks.csv", SHEET.encode())}
        fields = {"kind": "sheet", "group": str(grading.groups["3a"])}
        assert (await other.post("/grades/import", fields, files=files)).status_code == 404, name


async def test_a_child_kept_from_the_teacher_is_not_there(grading: TestSchool) -> None:
    await run(
        "INSERT INTO block (id, adult, child, created_at) VALUES (?, ?, ?, 1)",
        *(new_id(), grading.ids["teacher"], grading.ids["mia"]),
    )
    browser, address = await sheet(grading)
    page = await columns(browser, address)
    assert "Which child is it?" in page
    assert str(grading.ids["mia"]) not in page
    answer = await browser.post(f"{address}/children", {"line-2": str(grading.ids["mia"])})
    await browser.get(str(answer.headers["location"]))
    await yes(browser, address)
    assert {row[2] for row in await found()} == {grading.ids["lea"]}


async def test_what_is_wrong_in_cells(grading: TestSchool) -> None:
    text = "Name;Test 1 (20);Comment;Effort\nMia Test;21;;A\nLea Test;08.05.2026;;B\nMia Test;3;;C\n"
    browser, address = await sheet(grading, text)
    said = words(await columns(browser, address))
    for part in (
        "marks.csv line 2 Test 1 (20) There are more or fewer points",
        "marks.csv line 3 Test 1 (20) This looks like a day",
        "marks.csv line 4 Effort Line 2 has a result of the same child already",
    ):
        assert part in said
    await yes(browser, address)
    assert [(row[0], row[3], row[4]) for row in await found()] == [
        ("Test 1", 3000, ""), ("Effort", None, "A"), ("Effort", None, "B")
    ]  # fmt: skip


async def test_columns_that_do_not_go_keep_what_was_typed(grading: TestSchool) -> None:
    browser, address = await sheet(grading)
    for changed, said in (
        ({"role-0": ""}, "holds the children"),
        ({"role-1": "", "role-3": ""}, "holds results"),
        ({"role-1": "name"}, "said to be the same"),
        ({"title-1": ""}, "Give each new assignment a title"),
        ({"due": "soon"}, "This is no day"),
        ({"into-1": "5"}, "is not there any more"),
    ):
        text = await columns(browser, address, subject="Sums", **changed)
        assert said in text, changed
        assert 'value="Sums"' in text


async def test_a_long_sheet_with_one_line_for_each_result(grading: TestSchool) -> None:
    text = "Student ID;Assignment;Points;Out of\nmia;Poem;7;10\nmia;Sums;4,5;5\nlea;Poem;11;10\n"
    browser = await grading.browser("teacher")
    address = await send(browser, text.encode(), "marks.csv", "sheet", grading.groups["3a"])
    page = (await browser.get(address)).text
    for at, role in enumerate(("id", "title", "result", "most")):
        assert f'<option value="{role}" selected>' in page.split(f'name="role-{at}"')[1].split("</select>")[0], role
    fields = {"role-0": "id", "role-1": "title", "role-2": "result", "role-3": "most", "title-2": "Points"}
    answer = await browser.post(f"{address}/columns", fields)
    assert "marks.csv line 4 Points There are more or fewer points" in words(
        (await browser.get(str(answer.headers["location"]))).text
    )
    await yes(browser, address)
    assert [row[0] for row in await found()] == ["Sums", "Poem"]


async def test_into_an_assignment_that_is_there(grading: TestSchool) -> None:
    browser, address = await sheet(grading)
    await columns(browser, address)
    await yes(browser, address)
    there = await db.value("SELECT id FROM grades_assignment WHERE title = 'Test 1'")
    browser, address = await sheet(grading, "Name;test 1;Comment;Effort\nMia Test;18;Better;\n")
    page = (await browser.get(address)).text
    assert f'<option value="{there}" selected>' in page.split('name="into-1"')[1].split("</select>")[0]
    await columns(browser, address, **{"into-1": str(there), "role-3": ""})
    await yes(browser, address)
    assert await db.value("SELECT COUNT(*) FROM grades_assignment") == 2
    assert await db.row(
        "SELECT score, comment FROM grades_result WHERE assignment = ? AND child = ?", there, grading.ids["mia"]
    ) == (18000, "Better")


async def test_no_table_at_all(grading: TestSchool) -> None:
    for data in (b"hello", b"PK\x03\x04 workbook", b"Name;Test\n"):
        browser = await grading.browser("teacher")
        address = await send(browser, data, "marks.csv", "sheet", grading.groups["3a"])
        answer = await browser.get(address)
        answer = await browser.get(str(answer.headers["location"])) if answer.status_code == 303 else answer
        assert "This cannot be imported" in answer.text
