"""What every plugin keeps to, with surveys as teachers write them and families answer them."""

from __future__ import annotations

from asking import COMING, SLIP, WHY, answer, asked, opened, written
from portal_surveys import answering

from portal.sdk import db
from portal.testing import TestSchool, axe, picture
from portal.testing.contract import problems


async def fill(school: TestSchool, count: int) -> list[str]:
    """A survey about each child, half filled or answered with a file, and one that is being written; each `count`
    times."""
    parent, mia, addresses = school.viewer("parent"), school.ids["mia"], []
    for number in range(count):
        survey = await opened(school, WHY, SLIP, per="child", title=f"The trip {number}", languages=("en", "de"))
        slip = (await asked(survey))[1].id
        await answering.attach(parent, survey, mia, slip, picture())
        if number % 2 == 0:
            await answer(parent, survey, "Because", child=mia)
            file = await db.value("SELECT id FROM surveys_answer WHERE question = ?", slip)
            addresses.append(f"/surveys/{survey}/files/{file}")
        draft = await written(school, COMING, title=f"The fete {number}", languages=("en", "de"))
        question = (await asked(draft))[0].id
        pages = ("edit", "questions", "questions/new?kind=choice", f"questions/{question}", "texts/de", "preview")
        addresses += [f"/surveys/{draft}/{page}" for page in pages]
        addresses += [f"/surveys/{survey}/{page}" for page in (f"answer?child={mia}", "results", "results.csv")]
    return addresses


async def test_contract() -> None:
    assert await problems("surveys", fill) == []


async def test_pages_are_open_to_everyone() -> None:
    assert await axe.problems("surveys", fill) == []
