"""A gradebook of the school: sent, looked at, imported; who may, what is refused; twice is the same as once."""

from __future__ import annotations

import pytest
from bookkeeping import book, item, result, send, table, words, yes, zipped
from portal_grades import import_jobs, importing, importing_files, intake

from portal.sdk import NotVisible, clock, db
from portal.testing import Browser, TestSchool, run

ITEMS = [item("i1"), item("i2", "Spelling", most="")]
RESULTS = [
    result("r1", "i1", "mia", 17, "Well done"),
    result("r2", "i1", "lea", 9),
    result("r3", "i2", "mia", "", word="A-"),
]


async def count(table_: str) -> int:
    return int(await db.value(f"SELECT COUNT(*) FROM {table_}"))


async def office(school: TestSchool) -> Browser:
    return await school.browser("office")


async def imported(browser: Browser, files: dict[str, bytes], **wanted: str) -> str:
    return await yes(browser, await send(browser, zipped(files)), **wanted)


async def tally(address: str) -> dict[str, int]:
    found = await importing.load(int(address.rsplit("/", 1)[1]))
    assert found is not None
    return dict(found.summary["tally"])


async def test_a_gradebook_on_each_database(school: TestSchool) -> None:
    await school.use("grades")
    browser = await office(school)
    address = await send(browser, zipped(book(ITEMS, RESULTS)))
    assert await count("grades_assignment") == 0
    text = (await browser.get(address)).text
    assert "Fractions" in text
    assert "Mia" not in text
    assert "Well done" not in text
    assert "are imported" in await yes(browser, address)
    rows = await db.rows("SELECT child, score, grade, comment FROM grades_result ORDER BY child, score")
    mia, lea = school.ids["mia"], school.ids["lea"]
    assert sorted(rows, key=str) == sorted(
        [(mia, 17000, "", "Well done"), (mia, None, "A-", ""), (lea, 9000, "", "")], key=str
    )
    shown = await db.rows("SELECT title, group_id, due_on, highest, release_at FROM grades_assignment ORDER BY title")
    assert [row[:4] for row in shown] == [
        ("Fractions", school.groups["3a"], "2026-11-09", 20000), ("Spelling", school.groups["3a"], "2026-11-09", None)
    ]  # fmt: skip
    assert all(0 < row[4] <= clock.now() for row in shown)

    # The same again changes nothing; what differs is changed, and families see that.
    before = await db.rows("SELECT id, valued_at, scored_on FROM grades_result ORDER BY id")
    again = await send(browser, zipped(book(ITEMS, RESULTS)))
    assert "is in the portal already" in (await browser.get(again)).text
    assert await db.rows("SELECT id, valued_at, scored_on FROM grades_result ORDER BY id") == before
    changed = await send(browser, zipped(book(ITEMS, [result("r1", "i1", "mia", 18, "Well done"), *RESULTS[1:]])))
    assert (await tally(changed))["changed"] == (await tally(changed))["seen"] == 1
    await yes(browser, changed)
    assert await db.rows("SELECT score FROM grades_change") == [(17000,)]

    # A part with something deleted
    part = book(
        [item("i2", "Spelling", most="", status="tobedeleted")],
        [result("r2", "i1", "lea", status="tobedeleted")],
        "delta",
    )
    await imported(browser, part)
    assert await db.value("SELECT removed_at FROM grades_assignment WHERE title = 'Spelling'") > 0
    assert await db.value("SELECT score FROM grades_result WHERE child = ?", lea) is None


async def test_who_may(grading: TestSchool) -> None:
    address = await send(await office(grading), zipped(book(ITEMS, RESULTS)))
    for name in ("teacher", "parent", "blocked", "safeguarding", "noor"):
        browser = await grading.browser(name)
        assert (await browser.get(address)).status_code == 404, name
        assert (await browser.post(f"{address}/confirm", {"release": "now"})).status_code == 404, name
        assert (await browser.post(f"{address}/discard", {"confirmed": "1"})).status_code == 404, name
        answer = await browser.post("/grades/import", {"kind": "oneroster"}, files={"files": ("a.zip", b"PK")})
        assert answer.status_code == 404, name
        assert (await browser.post("/grades/import/service")).status_code == 404, name
    for name, status in (("teacher", 200), ("parent", 404), ("safeguarding", 404), ("admin", 200)):
        assert (await (await grading.browser(name)).get("/grades/import")).status_code == status, name
    assert (await (await grading.browser("admin")).get(address)).status_code == 200
    visitor = await (await grading.browser()).get("/grades/import")
    assert visitor.status_code == 303
    with pytest.raises(NotVisible):
        await importing.find(grading.viewer("parent"), int(address.rsplit("/", 1)[1]))


async def test_the_office_does_not_see_results_by_importing(grading: TestSchool) -> None:
    browser = await office(grading)
    pages = [await imported(browser, book(ITEMS, RESULTS))]
    pages.append((await browser.get("/grades/import")).text)
    for text in pages:
        assert "Well done" not in text
        assert "Mia" not in text
    assert (await browser.get(f"/grades/children/{grading.ids['mia']}")).status_code == 404


async def test_rows_that_cannot_be_are_left_out_with_their_line_and_a_remedy(grading: TestSchool) -> None:
    rows = [
        *RESULTS, result("r4", "i1", "stranger", 3), result("r5", "i9", "mia", 3), result("r6", "i1", "ben", 21),
        result("r7", "i1", "teacher", 3), result("r8", "i3", "mia", 3),
    ]  # fmt: skip
    browser = await office(grading)
    address = await send(browser, zipped(book([*ITEMS, item("i3", group="9z")], rows)))
    text = words((await browser.get(address)).text)
    for said in (
        "results.csv line 5 studentSourcedId The student stranger",
        "results.csv line 6 lineItemSourcedId The line item i9",
        "results.csv line 7 score The score is outside",
        "results.csv line 8 studentSourcedId The student teacher",
        "lineItems.csv line 4 classSourcedId The class 9z",
    ):
        assert said in text
    assert "Import the roster first." in text
    await yes(browser, address)
    assert await count("grades_result") == 3
    assert await count("grades_assignment") == 2


async def test_another_schools_file_is_refused(grading: TestSchool) -> None:
    browser = await office(grading)
    foreign = [result(f"x{n}", "i1", f"alien{n}", 3) for n in range(8)]
    address = await send(browser, zipped(book(ITEMS, [*RESULTS, *foreign])))
    text = words((await browser.get(address)).text)
    assert "8 of the 10 students in this file are not in the portal" in text
    assert (await browser.post(f"{address}/confirm", {"release": "now"})).status_code == 303
    assert await count("grades_assignment") == 0
    address = await send(browser, zipped(book([item("i1", group="x")], [])))
    assert "None of the classes" in (await browser.get(address)).text


async def test_what_a_complete_file_no_longer_names_goes_only_where_that_is_said(grading: TestSchool) -> None:
    browser = await office(grading)
    await imported(browser, book(ITEMS, RESULTS))
    less = book(ITEMS[:1], RESULTS[:1])
    address = await send(browser, zipped(less))
    assert (await tally(address))["missed"] == 2
    assert (await tally(address))["items_missed"] == 1
    await yes(browser, address)
    assert await count("grades_result") == 3
    await imported(browser, less, missed="yes")
    assert await db.value("SELECT COUNT(*) FROM grades_result WHERE score IS NOT NULL") == 1
    assert await db.value("SELECT removed_at FROM grades_assignment WHERE title = 'Spelling'") > 0
    part = await send(browser, zipped(book(ITEMS[:1], [], "delta")))
    assert (await tally(part))["missed"] == 0


async def test_results_can_wait_for_their_release(grading: TestSchool) -> None:
    browser = await office(grading)
    await imported(browser, book(ITEMS, RESULTS), release="later")
    assert await db.value("SELECT SUM(release_at) FROM grades_assignment") == 0
    await run("UPDATE grades_assignment SET release_at = 5 WHERE title = 'Spelling'")
    # A later import releases its own new assignments alone.
    await imported(browser, book([*ITEMS, item("i3", "Poem")], [*RESULTS, result("r9", "i3", "lea", 3)]))
    found = dict(await db.rows("SELECT title, release_at FROM grades_assignment"))
    assert found["Fractions"] == 0
    assert found["Spelling"] == 5
    assert found["Poem"] > 5


async def test_a_large_one_is_worked_on_beside_requests(grading: TestSchool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal_grades.import_routes.SMALL", 100)
    monkeypatch.setattr("portal_grades.import_routes.PORTION", 1)
    browser = await office(grading)
    address = await send(browser, zipped(book(ITEMS, RESULTS)))
    assert "is being looked at" in words((await browser.get(address)).text)
    await grading.work()
    assert "What would change" in (await browser.get(address)).text
    assert "are being imported" in await yes(browser, address)
    assert await count("grades_result") == 0
    await grading.work()
    assert "are imported" in (await browser.get(address)).text
    assert await count("grades_result") == 3


async def test_one_that_is_cut_off_shows_nothing_new_and_goes_on(
    grading: TestSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = await office(grading)
    address = await send(browser, zipped(book(ITEMS, RESULTS)))
    upload = int(address.rsplit("/", 1)[1])
    await importing.move(upload, "queued", wanted={"release": True, "word": True})
    release = intake.release

    async def cut_off(*_args: object) -> None:
        raise OSError("the machine went down")

    monkeypatch.setattr(intake, "release", cut_off)
    with pytest.raises(OSError, match="went down"):
        await import_jobs.write({"upload": upload})
    assert await count("grades_result") == 3
    assert await db.value("SELECT SUM(release_at) FROM grades_assignment") == 0
    parent = await grading.browser("parent")
    assert "17" not in words((await parent.get(f"/grades/children/{grading.ids['mia']}")).text)
    monkeypatch.setattr(intake, "release", release)
    await import_jobs.write({"upload": upload})
    assert await count("grades_result") == 3
    assert await db.value("SELECT COUNT(*) FROM grades_assignment WHERE release_at > 0") == 2


async def test_a_file_is_kept_sealed_and_for_a_day(grading: TestSchool) -> None:
    browser = await office(grading)
    address = await send(browser, book(ITEMS, RESULTS)["results.csv"], "results.csv")
    await send(browser, zipped(book(ITEMS, RESULTS)))
    bodies = [body for (body,) in await db.rows("SELECT body FROM grades_upload_part")]
    assert bodies
    assert not any("mia" in body or "Well" in body for body in bodies)
    with clock.frozen(clock.now() + 25 * clock.HOUR):
        await importing.sweep()
    assert await count("grades_upload_part") == 0
    assert "waited for too long" in (await browser.get(address)).text
    assert (await browser.post(f"{address}/discard")).status_code == 200
    assert (await browser.post(f"{address}/discard", {"confirmed": "1"})).status_code == 303
    assert (await browser.get(address)).status_code == 404


async def test_nothing_chosen_or_too_much(grading: TestSchool, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = await office(grading)
    answer = await browser.post("/grades/import", {"kind": "oneroster"})
    assert answer.status_code == 422
    assert "choose the file" in answer.text
    monkeypatch.setattr(importing, "MOST_SENT", 10)
    answer = await browser.post("/grades/import", {"kind": "oneroster"}, files={"files": ("a.csv", b"x" * 20)})
    assert answer.status_code == 422
    assert "more than can be imported at once" in answer.text
    assert importing_files.MOST_SENT > 10**7


async def test_of_a_result_that_stands_twice_the_first_counts(grading: TestSchool) -> None:
    browser = await office(grading)
    await imported(browser, book(ITEMS[:1], [*RESULTS[:1], result("r8", "i1", "mia", 3), result("r1", "i1", "lea", 4)]))
    assert await db.rows("SELECT child, score FROM grades_result") == [(grading.ids["mia"], 17000)]


async def test_an_older_version_does_not_empty_what_it_has_no_column_for(grading: TestSchool) -> None:
    browser = await office(grading)
    await imported(browser, book(ITEMS, RESULTS))
    old = table(
        ("sourcedId", "lineItemSourcedId", "studentSourcedId", "scoreStatus", "score", "scoreDate"),
        [("r1", "i1", "mia", "fully graded", 18, "2026-11-10"), ("r3", "i2", "mia", "fully graded", "", "2026-11-10")],
    )
    await imported(browser, {"results.csv": old})
    rows = await db.rows(
        "SELECT score, grade, comment FROM grades_result WHERE child = ? ORDER BY grade", grading.ids["mia"]
    )
    assert rows == [(18000, "", "Well done"), (None, "A-", "")]


async def test_single_files_instead_of_a_zip(grading: TestSchool) -> None:
    browser = await office(grading)
    files = [("files", (name, data)) for name, data in book(ITEMS, RESULTS).items()]
    answer = await browser.post("/grades/import", {"kind": "oneroster"}, files=files)
    await yes(browser, str(answer.headers["location"]))
    assert await count("grades_result") == 3
    twice = [*files[:1], *files[:1]]
    assert (await browser.post("/grades/import", {"kind": "oneroster"}, files=twice)).status_code == 422


async def test_terms_are_named_and_what_the_source_does_not_know_stays(grading: TestSchool) -> None:
    browser = await office(grading)
    terms = table(("sourcedId", "status", "title", "type"), [("t1", "active", "Autumn term", "term")])
    await imported(browser, book(ITEMS, RESULTS, academicSessions=terms))
    await run("UPDATE grades_assignment SET subject = 'Mathematics' WHERE sourced_id = 'i1'")
    again = await send(browser, zipped(book(ITEMS, RESULTS)))
    assert "is in the portal already" in (await browser.get(again)).text
    await imported(browser, book([item("i1", "Sums"), *ITEMS[1:]], RESULTS))
    row = await db.row("SELECT title, subject, period FROM grades_assignment WHERE sourced_id = 'i1'")
    assert row == ("Sums", "Mathematics", "Autumn term")


async def test_results_without_line_items_go_to_those_that_are_there(grading: TestSchool) -> None:
    browser = await office(grading)
    await imported(browser, book(ITEMS, RESULTS))
    rows = table(("sourcedId", "lineItemSourcedId", "studentSourcedId", "scoreStatus", "score"),
                 [("r2", "i1", "lea", "fully graded", 10), ("r9", "i1", "mia", "fully graded", 99)])  # fmt: skip
    address = await send(browser, rows.replace(b"\r\n", b"\r"), "results.csv")
    text = words((await browser.get(address)).text)
    assert "results.csv line 3 score The score is outside" in text
    await yes(browser, address)
    assert await db.value("SELECT score FROM grades_result WHERE child = ?", grading.ids["lea"]) == 10000
