"""What goes out: for whom, in which form, and that the portal reads it again without a change."""

from __future__ import annotations

from bookkeeping import book, item, result, send, table, unzipped, words, yes, zipped
from portal_grades import importing
from portal_grades.oneroster_names import COLUMNS

from portal.sdk import db, new_id
from portal.testing import TestSchool, run

ITEMS = [item("i1"), item("i2", "Spelling", most="")]
RESULTS = [
    result("r1", "i1", "mia", 17.25, 'Well "done",\nreally'), result("r2", "i1", "lea", 9, late="true"),
    result("r3", "i2", "mia", "", word="A-"),
]  # fmt: skip


async def filled(school: TestSchool) -> None:
    browser = await school.browser("office")
    await yes(browser, await send(browser, zipped(book(ITEMS, RESULTS))))
    teacher = await school.browser("teacher")
    address = await send(teacher, b"Name;Oral\nMia Test;12\n", "marks.csv", "sheet", school.groups["3a"])
    fields = {"role-0": "name", "role-1": "result", "title-1": "Oral", "into-1": "0"}
    assert (await teacher.post(f"{address}/columns", fields)).status_code == 303
    await yes(teacher, address)


def address(school: TestSchool, group: str = "3a", version: str = "1.2") -> str:
    return f"/grades/export.zip?group={school.groups[group] if group else 0}&version={version}"


async def test_a_class_goes_out_as_the_standard_has_it(grading: TestSchool) -> None:
    await filled(grading)
    teacher = await grading.browser("teacher")
    answer = await teacher.get(address(grading))
    assert answer.headers["content-type"] == "application/zip"
    files = unzipped(answer.content)
    assert list(files["results.csv"][0]) == list(COLUMNS["1.2"]["results"])
    assert list(files["lineItems.csv"][0]) == list(COLUMNS["1.2"]["lineItems"])
    by_sid = {row["sourcedId"]: row for row in files["results.csv"]}
    assert {row["studentSourcedId"] for row in files["results.csv"]} == {"mia", "lea"}
    assert by_sid["r1"]["score"] == "17.25"
    assert by_sid["r1"]["comment"] == 'Well "done",\nreally'
    assert by_sid["r2"]["late"] == "true"
    assert by_sid["r3"]["textScore"] == "A-"
    assert files["lineItems.csv"][0]["classSourcedId"] == "3a"
    stated = {row["propertyName"]: row["value"] for row in files["manifest.csv"]}
    assert stated["oneroster.version"] == "1.2"
    assert stated["file.results"] == "bulk"
    assert stated["file.users"] == "absent"
    older = unzipped((await teacher.get(address(grading, version="1.1"))).content)
    assert list(older["results.csv"][0]) == list(COLUMNS["1.1"]["results"])
    assert "scoreScales.csv" not in older


async def test_what_went_out_comes_in_again_without_a_change(grading: TestSchool) -> None:
    await filled(grading)
    admin = await grading.browser("admin")
    before = await db.rows("SELECT * FROM grades_result ORDER BY id")
    items = await db.rows("SELECT * FROM grades_assignment ORDER BY id")
    for version in ("1.1", "1.2"):
        data = (await admin.get(address(grading, "", version))).content
        found = await send(admin, data)
        text = (await admin.get(found)).text
        assert "is in the portal already" in text, words(text)
        upload = await importing.load(int(found.rsplit("/", 1)[1]))
        assert upload is not None
        assert upload.summary["tally"]["same"] == 4
        assert upload.summary["problems"]["left_out"] == 0
    assert await db.rows("SELECT * FROM grades_result ORDER BY id") == before
    assert await db.rows("SELECT * FROM grades_assignment ORDER BY id") == items


async def test_who_gets_it(grading: TestSchool) -> None:
    await filled(grading)
    for name, group, status in (
        ("teacher", "3a", 200),
        ("teacher", "3b", 404),
        ("teacher", "", 404),
        ("colleague", "3a", 404),
        ("admin", "3a", 200),
        ("admin", "", 200),
        ("office", "3a", 404),
        ("safeguarding", "3a", 404),
        ("parent", "3a", 404),
        ("blocked", "3a", 404),
        ("mia", "3a", 404),
        ("noor", "9c", 404),
    ):
        assert (await (await grading.browser(name)).get(address(grading, group))).status_code == status, (name, group)
    for name, status in (("teacher", 200), ("office", 404), ("parent", 404), ("admin", 200)):
        assert (await (await grading.browser(name)).get("/grades/export")).status_code == status, name
    assert (await (await grading.browser("teacher")).get(address(grading, version="9"))).status_code == 404
    admin = await grading.browser("admin")
    fields = {"office_export": "yes", "service_version": "1.2", "alerts": "weekly"}
    assert (await admin.post("/office/plugins/grades/settings", fields)).status_code == 303
    assert (await (await grading.browser("office")).get(address(grading))).status_code == 200


async def test_a_child_kept_from_the_teacher_stays_out(grading: TestSchool) -> None:
    await filled(grading)
    teacher = await grading.browser("teacher")
    assert b"results.csv" in (await teacher.get(address(grading))).content
    await run(
        "INSERT INTO block (id, adult, child, created_at) VALUES (?, ?, ?, 1)",
        *(new_id(), grading.ids["teacher"], grading.ids["mia"]),
    )
    files = unzipped((await teacher.get(address(grading))).content)
    assert {row["studentSourcedId"] for row in files["results.csv"]} == {"lea"}


async def test_scales_go_out_and_come_in(grading: TestSchool) -> None:
    scales = table(
        ("sourcedId", "title", "type", "scoreScaleValue"), [("s1", "Letters", "letters", "{A:90-100},{B:80-89}")]
    )
    links = table(("sourcedId", "lineItemSourcedId", "scoreScaleSourcedId"), [("l1", "i1", "s1")])
    admin = await grading.browser("admin")
    await yes(admin, await send(admin, zipped(book(ITEMS, RESULTS, scoreScales=scales, lineItemScoreScales=links))))
    data = (await admin.get(address(grading, ""))).content
    files = unzipped(data)
    assert files["scoreScales.csv"][0]["scoreScaleValue"] == "{A:90-100},{B:80-89}"
    assert files["lineItemScoreScales.csv"][0]["lineItemSourcedId"] == "i1"
    assert "is in the portal already" in (await admin.get(await send(admin, data))).text
