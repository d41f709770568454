"""What a guardian or a child is told after an answer: never more than what holds, and to nobody who may not know."""

from __future__ import annotations

import html
from dataclasses import replace

import pytest

from portal.consent import notices
from portal.kinds import PHOTO, VIDEO, Rung
from portal.people import school as schools
from portal.testing import TestSchool, run
from tests.web.test_decide import flash, save


@pytest.fixture
async def school(school: TestSchool) -> TestSchool:
    await notices.publish_defaults(await schools.load())
    return school


async def shared(school: TestSchool) -> int:
    """Ben, for whom two guardians decide."""
    await run(
        "INSERT INTO link (id, adult, child, decides, sees, relation, starts, ends, source)"
        " VALUES (5, ?, ?, ?, ?, 'guardian', NULL, NULL, 'test')",
        *(school.ids["coparent"], school.ids["ben"], True, True),
    )
    return school.ids["ben"]


async def test_what_is_told_after_saving_is_what_holds(school: TestSchool) -> None:
    ben = await shared(school)
    browser = await school.browser("parent")
    await school.decide("coparent", "ben", Rung.CLASS)
    await school.decide("coparent", "ben", Rung.CLASS, VIDEO)
    told = flash(await save(browser, ben, photo="4"))
    assert told == (
        "success:Your answer about photos is kept: The public website. What holds for photos of Ben now: The class."
        " The guardians have answered differently. The lowest answer holds."
    )
    page = html.unescape((await browser.get(f"/decide/{ben}")).text)
    assert "<b>The class</b>" in page.split("What holds now")[1].split("</section>")[0], "as the page says"
    assert flash(await save(browser, ben, photo="2")) == (
        "success:Your answer is kept and counts from now on: photos of Ben – The class."
    )
    told = flash(await save(browser, ben, photo="1", video="4"))
    assert told == (
        "success:Your answer is kept and counts from now on: photos of Ben – Our family."
        " Your answer about videos is kept: The public website. What holds for videos of Ben now: The class."
        " The guardians have answered differently. The lowest answer holds."
    )


async def test_what_no_answer_of_another_guardian_holds_back_is_told(school: TestSchool) -> None:
    ben = await shared(school)
    browser = await school.browser("parent")
    told = flash(await save(browser, ben, photo="4", video="4"))
    for purpose in ("photos", "videos"):
        assert f"What holds for {purpose} of Ben now: The whole school." in told
    assert told.count("Not every guardian has answered yet. Until then the public website stays closed.") == 1
    await run("UPDATE person SET safeguarding_hold = ? WHERE id = ?", True, ben)
    told = flash(await save(browser, ben, photo="2"))
    assert "What holds for photos of Ben now: Nobody. For the time being the school shows no pictures of Ben." in told


async def test_a_child_who_speaks_is_told_what_holds(school: TestSchool) -> None:
    await school.decide("noors_parent", "noor", Rung.CLASS)
    told = flash(await save(await school.browser("noor"), school.ids["noor"], photo="4"))
    assert told == (
        "success:Your answer about photos is kept: The public website. What holds for photos of Noor now: The class."
        " This is the answer of your guardian. You have chosen more than your guardians. The lower answer holds."
    )


async def test_whoever_is_kept_away_is_not_told_what_holds(school: TestSchool) -> None:
    mia = school.ids["mia"]
    blocked = await school.browser("blocked")
    for rung in "0134":
        answer = await save(blocked, mia, photo=rung, video=rung)
        assert flash(answer) == "success:Your answer is kept. It can make the circle smaller, not wider."
    taken_back = await blocked.post(f"/decide/{mia}/withdraw", {"purpose": PHOTO})
    assert flash(taken_back) == "success:Your answer is kept. It can make the circle smaller, not wider."
    # Those who are not kept away are told.
    told = flash(await save(await school.browser("parent"), mia, photo="3"))
    assert "What holds for photos of Mia now: Nobody." in told


async def test_taking_back_what_does_not_decide_does_not_claim_it(school: TestSchool) -> None:
    noor = school.ids["noor"]
    guardian = await school.browser("noors_parent")
    done = await guardian.post(f"/decide/{noor}/withdraw", {"purpose": PHOTO})
    assert flash(done) == "success:Done. From now on nobody sees photos of Noor, old ones included."
    await schools.save(replace(await schools.load(), voice_mode="self"))
    await save(await school.browser("noor"), noor, photo="2")
    await save(guardian, noor, photo="1")
    done = await guardian.post(f"/decide/{noor}/withdraw", {"purpose": PHOTO})
    assert flash(done) == (
        "success:Your answer about photos is kept: Nobody. What holds for photos of Noor now: The class."
        " Noor is old enough to decide alone."
    )
