"""Results: who sees them, what stays hidden, and the table for spreadsheets."""

from __future__ import annotations

import csv
import io
import re

from filling import answer, ask, begin, simple

from portal.sdk import new_id
from portal.testing import Browser, TestSchool, run

GUARDIANS = ("parent", "coparent", "other", "neighbour", "noors_parent")


async def _answered(asking: TestSchool, made: dict[str, int], people: tuple[str, ...], text: str = "") -> None:
    for number, name in enumerate(people):
        browser = await asking.browser(name)
        values = {f"q{made['choice']}": str(number % 2 + 1), f"q{made['text']}": f"{text or 'said by'} {name}"}
        assert (await answer(browser, made["survey"], **values)).status_code == 303


async def _results(browser: Browser, survey: int) -> str:
    answer = await browser.get(f"/surveys/{survey}/results")
    assert answer.status_code == 200
    return answer.text


async def test_results_by_name_as_pictures_and_tables(asking: TestSchool) -> None:
    made = await simple(asking)
    teacher = await asking.browser("teacher")
    empty = await _results(teacher, made["survey"])
    assert "0 of 5 have answered" in empty
    assert "5 have not answered" in empty
    await _answered(asking, made, GUARDIANS[:3])
    page = await _results(teacher, made["survey"])
    assert "3 of 5 have answered" in page
    assert page.count('class="amount"') == 2
    assert 'width="66.7"' in page
    assert "style=" not in page
    assert "said by parent" in page
    missing = page[page.index("2 have not answered") :]
    assert "Neighbour Test" in missing
    assert "Parent Test" not in missing.split("</details>")[0]


async def test_a_stranger_to_a_child_sees_neither_answer_nor_name(asking: TestSchool) -> None:
    made = await simple(asking, per="child")
    for name, child in (("parent", "mia"), ("other", "lea")):
        browser = await asking.browser(name)
        values = {f"q{made['choice']}": "1", f"q{made['text']}": f"about {child}"}
        await answer(browser, made["survey"], asking.ids[child], **values)
    for child in ("mia", "tom"):
        await run(
            "INSERT INTO block (id, adult, child, created_at) VALUES (?, ?, ?, 0)",
            *(new_id(), asking.ids["teacher"], asking.ids[child]),
        )
    teacher = await asking.browser("teacher")
    page = await _results(teacher, made["survey"])
    table = (await teacher.get(f"/surveys/{made['survey']}/results.csv")).text
    for text in (page, table):
        assert "about lea" in text
        assert "about mia" not in text
        assert "Mia Test" not in text
        assert "Tom Test" not in text
    assert "Ben Test" in page


async def test_anonymous_results_show_nothing_under_five(asking: TestSchool) -> None:
    made = await simple(asking, anonymous=True)
    teacher = await asking.browser("teacher")
    await _answered(asking, made, GUARDIANS[:4], "hidden words")
    page = await _results(teacher, made["survey"])
    assert "4 of 5 have answered" in page
    assert "at least five" in page
    assert "hidden words" not in page
    assert "amount" not in page
    for name in GUARDIANS:
        assert name.capitalize() not in page
    table = (await teacher.get(f"/surveys/{made['survey']}/results.csv")).text
    assert "hidden words" not in table
    await teacher.post(f"/surveys/{made['survey']}/close", {"confirmed": "1"})
    closed = await _results(teacher, made["survey"])
    assert "thrown away unread" in closed
    assert "hidden words" not in closed
    assert "Open again" not in closed


async def test_anonymous_results_of_five_once_it_is_closed(asking: TestSchool) -> None:
    made = await simple(asking, anonymous=True)
    teacher = await asking.browser("teacher")
    await _answered(asking, made, GUARDIANS, "mixed words")
    assert "mixed words" not in await _results(teacher, made["survey"])
    await teacher.post(f"/surveys/{made['survey']}/close", {"confirmed": "1"})
    page = await _results(teacher, made["survey"])
    assert page.count("mixed words") == 5
    assert "Answer by answer" not in page
    assert "have not answered" not in page


async def test_the_table_is_safe_against_formulas(asking: TestSchool) -> None:
    made = await simple(asking)
    teacher = await asking.browser("teacher")
    formulas = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", " =HYPERLINK(1)")
    for name, formula in zip(GUARDIANS, formulas, strict=True):
        browser = await asking.browser(name)
        await answer(browser, made["survey"], **{f"q{made['choice']}": "1", f"q{made['text']}": formula})
    await ask(teacher, made["survey"], "text", "=Dangerous question?")
    file = await teacher.get(f"/surveys/{made['survey']}/results.csv")
    assert file.headers["content-type"].startswith("text/csv")
    assert file.headers["content-disposition"].startswith("attachment")
    lines = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert len(lines) == 6
    for line in lines:
        for cell in line:
            assert not re.match(r"\s*[=+\-@]", cell), cell
    assert any("=1+1" in cell for line in lines for cell in line)


async def test_a_draft_has_no_results(asking: TestSchool) -> None:
    teacher = await asking.browser("teacher")
    survey = await begin(teacher)
    for path in ("results", "results.csv"):
        assert (await teacher.get(f"/surveys/{survey}/{path}")).status_code == 404


async def test_all_kinds_have_their_place(asking: TestSchool) -> None:
    made = await simple(asking)
    teacher, family = await asking.browser("teacher"), await asking.browser("parent")
    survey = made["survey"]
    many = await ask(teacher, survey, "many", "What?", options="A\nB\nC")
    scale = await ask(teacher, survey, "scale", "How?", low="1", high="5")
    order = await ask(teacher, survey, "ranking", "First?", options="X\nY")
    date = await ask(teacher, survey, "date", "When?")
    values = {
        f"q{made['choice']}": "1", f"q{many}": ["1", "2"], f"q{scale}": "4", f"q{order}-1": "2", f"q{order}-2": "1",
        f"q{date}": "2026-05-04",
    }  # fmt: skip
    assert (await answer(family, survey, **values)).status_code == 303
    page = await _results(teacher, survey)
    assert "on average 4" in page
    assert "May 4, 2026" in page
    assert "Points" in page
    assert page.count("card result") == 6
    table = (await teacher.get(f"/surveys/{survey}/results.csv")).text
    assert "A, B" in table
    assert "1. Y, 2. X" in table
