"""What somebody was allowed to see yesterday is not there today, however often the page was made before."""

from __future__ import annotations

import io
import zipfile

from marking import enter, given, released
from portal_grades import actions, alerts

from portal.sdk import clock, db, new_id
from portal.testing import TestSchool, run


async def page_of(school: TestSchool, name: str, address: str) -> str:
    """A page as somebody gets it; '' where it is not there for them. None of them may be kept by a browser."""
    answer = await (await school.browser(name)).get(address)
    assert answer.status_code in (200, 404)
    assert "no-store" in answer.headers["cache-control"]
    return answer.text if answer.status_code == 200 else ""


async def test_a_page_that_was_seen_is_gone_with_the_right_to_see_it(grading: TestSchool) -> None:
    mia, class_3a = grading.ids["mia"], grading.groups["3a"]
    assignment = await released(grading, result="17.5", title="Fractions")
    await enter(grading, assignment, "mia", comment="Read page 5")
    hidden = await given(grading, title="Not shown yet")
    await enter(grading, hidden, "mia", result="3")
    family, staff = f"/grades/children/{mia}", f"/grades/classes/{class_3a}/children/{mia}"
    yesterday = clock.add_days(clock.present("Europe/Berlin").today, -1)
    for name in ("parent", "coparent", "grandparent", "mia"):
        assert "Read page 5" in await page_of(grading, name, family), name
    assert "Read page 5" in await page_of(grading, "teacher", staff)

    await run("UPDATE link SET ends = ? WHERE adult = ? AND child = ?", yesterday, grading.ids["coparent"], mia)
    for name in ("grandparent", "teacher"):
        await run(
            "INSERT INTO block (id, adult, child, created_at) VALUES (?, ?, ?, ?)",
            *(new_id(), grading.ids[name], mia, clock.now()),
        )
    for name in ("coparent", "grandparent"):
        assert await page_of(grading, name, family) == "", name
    assert await page_of(grading, "teacher", staff) == ""
    for address in (f"/grades/assignments/{assignment}", f"/grades/classes/{class_3a}"):
        assert "Mia" not in await page_of(grading, "teacher", address)
    await run("DELETE FROM block WHERE adult = ?", grading.ids["teacher"])

    # The child changes class: what it was shown stays its own, what was not shown is nobody's but the old class's.
    await run("UPDATE membership SET group_id = ? WHERE child = ?", grading.groups["3b"], mia)
    text = await page_of(grading, "parent", family)
    assert "Read page 5" in text
    assert "Not shown yet" not in text
    assert await page_of(grading, "teacher", staff) == ""
    assert "Mia Test" in await page_of(grading, "teacher", f"/grades/assignments/{assignment}")
    assert await page_of(grading, "colleague", f"/grades/assignments/{assignment}") == ""
    new = f"/grades/classes/{grading.groups['3b']}/children/{mia}"
    assert "Read page 5" not in await page_of(grading, "colleague", new)

    await actions.take_back(grading.viewer("teacher"), assignment)
    assert "Read page 5" not in await page_of(grading, "parent", family)
    assert "Fractions" not in await page_of(grading, "parent", family)


async def test_whoever_decides_for_a_child_and_does_not_see_it_hears_nothing(grading: TestSchool) -> None:
    await run("UPDATE link SET sees = ? WHERE adult = ?", False, grading.ids["coparent"])
    for name in ("parent", "coparent"):
        await run("INSERT INTO grades_wish (id, person, every, told_until) VALUES (?, ?, 'each', 0)",
                  *(new_id(), grading.ids[name]))  # fmt: skip
    await released(grading)
    with clock.frozen(clock.now() + clock.HOUR):
        await alerts.each_due({})
    assert len(await grading.told("parent")) == 1
    assert await grading.told("coparent") == []


async def test_a_comment_keeps_the_language_of_whoever_wrote_it(grading: TestSchool) -> None:
    await run("UPDATE person SET language = 'es' WHERE id = ?", grading.ids["teacher"])
    assignment = await released(grading, title="Fractions")
    await enter(grading, assignment, "mia", comment="Muy bien")
    await run("UPDATE person SET language = 'de' WHERE id = ?", grading.ids["teacher"])
    await enter(grading, assignment, "mia", result="13")
    assert await db.value("SELECT language FROM grades_result") == "es"
    assert 'lang="es"' in await page_of(grading, "parent", f"/grades/children/{grading.ids['mia']}")
    await enter(grading, assignment, "mia", comment="Sehr gut")
    assert await db.value("SELECT language FROM grades_result") == "de"


async def test_the_own_data_holds_what_is_released_alone(grading: TestSchool) -> None:
    """Before its time a result is no more in the download than on the page; administrators have the whole."""
    mia = grading.ids["mia"]
    assignment = await given(grading)
    await enter(grading, assignment, "mia", comment="Known to staff")

    async def reads() -> set[str]:
        own = {"parent": f"/account/data/{mia}", "coparent": f"/account/data/{mia}", "mia": "/account/data"}
        found = set()
        for name, address in own.items():
            browser = await grading.browser(name)
            told = (await browser.get(f"{address}/download")).text
            assert ("Known to staff" in told) == ("Results of a child" in (await browser.get(address)).text)
            found |= {name} if "Known to staff" in told else set()
        return found

    assert await reads() == set()
    whole = (await (await grading.browser("admin")).get("/office/plugins/grades/data")).content
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert b"Known to staff" in archive.read("grades_result.csv")
    teacher, today = grading.viewer("teacher"), clock.present("Europe/Berlin").today
    await actions.release(teacher, assignment, clock.add_days(today, 1), "08:00")
    assert await reads() == set()
    await actions.release(teacher, assignment)
    assert await reads() == {"parent", "coparent", "mia"}
    await enter(grading, assignment, "mia", comment="Another")
    assert await reads() == {"parent", "coparent", "mia"}  # what it said before, which they had seen
    await actions.take_back(teacher, assignment)
    assert await reads() == set()
    await actions.release(teacher, assignment)
    assert await reads() == {"parent", "coparent", "mia"}
    await actions.remove(teacher, assignment)
    assert await reads() == set()


async def test_a_comment_that_stood_with_the_wrong_child_can_be_deleted(grading: TestSchool) -> None:
    mia = grading.ids["mia"]
    assignment = await released(grading)
    await enter(grading, assignment, "mia", comment="Meant for Lea")
    await enter(grading, assignment, "mia", comment="Well done")
    teacher, path = await grading.browser("teacher"), f"/grades/assignments/{assignment}"
    family = f"/grades/children/{mia}"
    assert "Meant for Lea" in await page_of(grading, "parent", family)
    assert "Meant for Lea" in (await teacher.get(path)).text
    number = str(await db.value("SELECT id FROM grades_change WHERE comment <> ''"))
    for name in ("colleague", "parent", "office", "admin"):
        browser = await grading.browser(name)
        assert (await browser.post(f"{path}/forget", {"comment": number, "confirmed": "1"})).status_code == 404, name
    other = await released(grading, title="Other work")
    for wrong in ({"comment": "1"}, {"comment": "x"}, {}):
        assert (await teacher.post(f"{path}/forget", wrong | {"confirmed": "1"})).status_code == 404
    elsewhere = await teacher.post(f"/grades/assignments/{other}/forget", {"comment": number, "confirmed": "1"})
    assert elsewhere.status_code == 404
    asked = await teacher.post(f"{path}/forget", {"comment": number})
    assert "Delete this earlier comment?" in asked.text
    assert "Meant for Lea" in await page_of(grading, "parent", family)
    assert (await teacher.post(f"{path}/forget", {"comment": number, "confirmed": "1"})).status_code == 303
    text = await page_of(grading, "parent", family)
    assert "Meant for Lea" not in text
    assert "What it said before" in text
    assert "Meant for Lea" not in (await teacher.get(path)).text
