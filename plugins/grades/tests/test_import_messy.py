"""Gradebooks as school software really exports them: what can be understood is taken in, the rest is named."""

from __future__ import annotations

import pytest
from bookkeeping import book, item, result, send, table, words, yes, zipped
from portal_grades import alerts, oneroster
from portal_grades.importing_files import Sent
from portal_grades.importing_problems import Problems

from portal.sdk import clock, db
from portal.testing import TestSchool, run

ITEMS = ("sourcedId", "title", "dueDate", "classSourcedId", "resultValueMin", "resultValueMax")
RESULTS = ("sourcedId", "lineItemSourcedId", "studentSourcedId", "scoreStatus", "score", "scoreDate", "comment")
ITEM, ROW = b'i1,Fractions,2026-09-10,3a,0,20\r\n', b"r1,i1,mia,fully graded,17,2026-09-12,\r\n"
OLD = {"lineItems.csv": table(ITEMS, []) + ITEM, "results.csv": table(RESULTS, []) + ROW}
SCALES = b'sourcedId,title,scoreScaleValue\r\ns1,Letters,"{F:0-59},{A:90-100}"\r\n'


def rows(*more: bytes) -> dict[str, bytes]:
    """A set with these lines of results after the first one."""
    return {**OLD, "results.csv": OLD["results.csv"] + b"\r\n".join(more) + b"\r\n"}


def cell(column: str, text: str) -> dict[str, bytes]:
    """A set in which the one result has this in a column."""
    fields = {**dict(zip(RESULTS, ROW.decode().strip().split(","), strict=True)), column: text}
    return {**OLD, "results.csv": table(RESULTS, [list(fields.values())])}


@pytest.mark.parametrize(
    ("files", "taken", "told"),
    [
        # Names and manifests
        ({**OLD, "scoreScales.csv": SCALES, "resultScoreScales.csv": b"sourcedId\r\n", "users.csv": b"x"}, 1, ""),
        ({"lineItem.csv": OLD["lineItems.csv"], "result.csv": OLD["results.csv"]}, 1, ""),
        ({**OLD, "marks.csv": b"a,b"}, 1, "marks.csv 0 : is not part of a gradebook"),
        ({**OLD, "a/users.csv": b"x", "b/users.csv": b"y"}, 1, ""),
        ({"marks.csv": b"a,b"}, 0, " 0 : neither"),
        ({**OLD, "manifest.csv": b""}, 1, "manifest.csv 0 : cannot be read"),
        ({**OLD, "manifest.csv": b"oneroster.version,1.1\r\n"}, 1, "manifest.csv 0 : cannot be read"),
        ({**OLD, "manifest.csv": b"propertyName,value\r\noneroster.version,v1p1\r\n"}, 1, ""),
        ({**OLD, "manifest.csv": b"propertyName,value\r\noneroster.version,1.0\r\n"}, 0,
         "0 oneroster.version: not known"),
        # Lines
        (rows(b'r2,i1,lea,,9,,"He said "well, done" then"', b"r3,i1,ben,,9,,"), 3, "csv 3 : all the same"),
        (rows(rb'r2,i1,lea,,9,,"\"Well done\", he said"', b"r3,i1,ben,,9,,"), 3, "csv 3 : all the same"),
        (rows(b'r2,i1,lea,,9,,"Well" done', b"r3,i1,ben,,9,,"), 2, "csv 3 : quotation"),
        (rows(b'r2,i1,lea,,9,,"open', b"r3,i1,ben,,9,,", b'r4,i1,tom,,9,,"a', b'b"'), 3, "csv 3 : quotation"),
        (rows(b"r2,i1,lea,,9,,good, but late", b"r3,i1,ben,,9,,"), 2, "csv 3 : fields"),
        (rows(b"r2,i1,lea,,9,,a\0b"), 2, "csv 3 : NUL"),
        (rows(b"r2,i1,lea,,9", b"", b",,,,,,,,", b"\x1a"), 2, ""),
        (rows(b"Total: 1"), 1, "csv 3 lineItemSourcedId: empty"),
        # Scores and states
        (cell("score", "NaN"), 1, "csv 2 score: not a number"),
        (cell("score", "#DIV/0!"), 1, "csv 2 score: not a number"),
        (cell("score", "99999999999"), 0, "csv 2 score: no number that"),
        (cell("score", "1e99"), 0, "csv 2 score: no number that"),
        (cell("scoreStatus", "perhaps"), 1, "csv 2 scoreStatus: not one of"),
        (cell("scoreStatus", "n/a"), 1, ""),
        (cell("scoreDate", "9999-12-31"), 1, "csv 2 scoreDate: not a day"),
        (cell("scoreDate", "2/3/2026"), 1, "csv 2 scoreDate: not a day"),
    ],
)  # fmt: skip
def test_what_is_odd_is_named_and_the_rest_is_read(files: dict[str, bytes], taken: int, told: str) -> None:
    problems = Problems()
    found = oneroster.read([Sent("book.zip", zipped(files))], problems)
    known = [p for p in problems.notes if "There is no manifest" not in p.text]
    said = [f"{p.file} {p.line} {p.column} {p.text}" for p in (*problems.fatal, *problems.skipped, *known)]
    place, _colon, about = told.partition(": ")
    assert bool(said) == bool(told), said
    assert not told or any(f"{place} " in one and about in one for one in said), said
    assert len([] if problems.fatal else found.results) == taken, said


@pytest.mark.parametrize(
    ("column", "text", "status", "score", "flags"),
    [
        ("scoreStatus", "Fully_Graded", "fully graded", 17000, 0), ("scoreStatus", "late", "fully graded", 17000, 1),
        ("scoreStatus", "missing", "fully graded", 17000, 2), ("scoreStatus", "In Progress", "fully graded", 17000, 4),
        ("score", "EX", "exempt", None, 0), ("score", "Missing", "not submitted", None, 2),
        ("score", "null", "fully graded", None, 0), ("score", "8,5", "fully graded", 8500, 0),
    ],
)  # fmt: skip
def test_what_programs_write_where_the_standard_has_other_words(
    column: str, text: str, status: str, score: int | None, flags: int
) -> None:
    found = oneroster.read([Sent(name, data) for name, data in cell(column, text).items()], Problems()).results[0]
    assert (found.status, found.score, found.word, found.flags) == (status, score, "", flags)


def test_quotation_marks_inside_a_field_stay_what_they_are() -> None:
    files = rows(b'r2,i1,lea,,9,,"He said "well, done" then"', rb'r3,i1,ben,,9,,"\"So\", she said"')
    found = oneroster.read([Sent(name, data) for name, data in files.items()], Problems()).results
    assert [one.comment for one in found] == ["", 'He said "well, done" then', '"So", she said']


def test_days_scales_and_ranges_are_read_as_the_whole_file_means_them() -> None:
    items = b"i1,Fractions,9/10/2026,3a,0,20\r\ni2,Poem,9/28/26,3a,0,0\r\n"
    files = {**OLD, "lineItems.csv": table(ITEMS, []) + items, "scoreScales.csv": SCALES}
    found = oneroster.read([Sent(name, data) for name, data in files.items()], Problems())
    assert [one.due for one in found.items.values()] == ["2026-09-10", "2026-09-28"]
    assert [one.most for one in found.items.values()] == [20000, None]  # 0 to 0 is no range
    assert [step for step, _range in found.scales["s1"].values] == ["A", "F"]  # the best first


async def test_work_that_is_handed_in_or_missing_by_the_older_version(grading: TestSchool) -> None:
    office = await grading.browser("office")
    for name in ("parent", "other"):
        await alerts.choose(grading.viewer(name), "each")
    today = clock.present("Europe/Berlin").today
    due = {"past": clock.add_days(today, -3), "next": clock.add_days(today, 3)}
    items = table(ITEMS, [(name, f"Poem {name}", day, "3a", 0, 20) for name, day in due.items()])
    said = [("r1", "past", "mia", "not submitted", "", "", ""), ("r2", "next", "mia", "not submitted", "", "", ""),
            ("r3", "past", "lea", "submitted", "", "", "")]  # fmt: skip

    async def take_in() -> None:
        await yes(office, await send(office, zipped({"lineItems.csv": items, "results.csv": table(RESULTS, said)})))

    await take_in()
    mia = (await (await grading.browser("parent")).get(f"/grades/children/{grading.ids['mia']}")).text
    assert words(mia).count("Missing") >= 1
    assert "<h2><bdi>3a</bdi></h2>" in mia  # where the source names no subject, the class says most
    with clock.frozen(clock.now() + clock.HOUR):
        await alerts.each_due({})
    assert "Mia Test: 3a" in (await grading.told("parent"))[0][1]
    assert await grading.told("other") == []  # that work was handed in is no news
    assert await db.rows("SELECT sourced_id, missing FROM grades_result ORDER BY sourced_id") == [("r1", 1), ("r3", 0)]
    lea = await (await grading.browser("other")).get(f"/grades/children/{grading.ids['lea']}")
    assert "Handed in" in words(lea.text)
    assert "new result" not in words((await (await grading.browser("other")).get("/")).text)
    said[0] = ("r1", "past", "mia", "fully graded", 12, "", "")
    said[2] = ("r3", "past", "lea", "fully graded", 15, "", "")
    await take_in()
    assert await db.value("SELECT count(*) FROM grades_result WHERE missing") == 0
    assert await db.value("SELECT count(*) FROM grades_change") == 1  # that work came in is no earlier result


async def test_a_result_that_gets_another_identifier_stays(grading: TestSchool) -> None:
    office = await grading.browser("office")
    now = [result("r1", "i1", "mia", 17), result("r2", "i1", "lea", 9)]
    await yes(office, await send(office, zipped(book([item("i1")], now))))
    anew = [result("r1", "i1", "mia", status="tobedeleted"), result("r9", "i1", "mia", 17), now[1]]
    await yes(office, await send(office, zipped(book([item("i1")], anew))))
    stored = await db.rows("SELECT sourced_id, score FROM grades_result ORDER BY score DESC")
    assert stored == [("r9", 17000), ("r2", 9000)]
    assert await db.value("SELECT count(*) FROM grades_change") == 0
    await yes(office, await send(office, zipped(book([], [result("r1", "i1", "mia", status="tobedeleted")], "delta"))))
    assert await db.value("SELECT count(*) FROM grades_result") == 2

    # A row that is left out still stands in the file, so it is not gone.
    odd = book([item("i1")], [result("r9", "i1", "mia", 21)])
    address = await send(office, zipped(odd))
    assert "does not count as gone" in words((await office.get(address)).text)
    await yes(office, address, missed="yes")
    assert await db.value("SELECT count(*) FROM grades_result WHERE score IS NOT NULL") == 2


async def test_a_guid_is_the_same_however_it_is_written(grading: TestSchool) -> None:
    guid = "0f8fad5b-d9cb-469f-a165-70867728950e"
    await run("UPDATE person SET external_id = ? WHERE id = ?", guid, grading.ids["mia"])
    await run("UPDATE school_group SET external_id = ? WHERE id = ?", f"{{{guid.upper()}}}", grading.groups["3a"])
    office = await grading.browser("office")
    rows_ = [result("r1", "i1", f"{{{guid.upper()}}}"), result("r2", "i1", "LEA")]  # other identifiers are as they are
    await yes(office, await send(office, zipped(book([item("i1", group=guid)], rows_))))
    assert await db.rows("SELECT child FROM grades_result") == [(grading.ids["mia"],)]
