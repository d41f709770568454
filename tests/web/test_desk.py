"""The review desk: what is told about each photo there, and to whom."""

from __future__ import annotations

from portal.db import atomic, db
from portal.testing import TestSchool


@atomic
async def _confirmed(photo: int, yes: bool) -> None:
    await db.run("UPDATE photo SET reviewed = ? WHERE id = ?", yes, photo)


async def test_it_names_who_is_tagged_and_leads_to_the_large_picture(school: TestSchool) -> None:
    photo = await school.photo(("mia", "lea"))
    text = (await (await school.browser("teacher")).get("/desk")).text
    assert f'href="/desk/photos/{photo}/large"' in text
    for name in ("Mia Test", "Lea Test"):
        assert f"</span>{name}</span>" in text
    assert "On hold" not in text
    other = (await (await school.browser("colleague")).get("/desk")).text
    assert str(photo) not in other
    assert "Mia Test" not in other


async def test_what_is_not_confirmed_is_marked(school: TestSchool) -> None:
    photo = await school.photo(("mia",))
    teacher = await school.browser("teacher")
    for yes in (True, False):
        await _confirmed(photo, yes)
        text = (await teacher.get("/desk")).text
        assert ("Everyone tagged" in text) == yes
        assert ("Tags not confirmed" in text) == ('class="todo"' in text) == (not yes)


async def test_a_hold_is_told_to_those_who_look_after_it_alone(school: TestSchool) -> None:
    photo = await school.photo(("mia", "lea"))
    lead = await school.browser("safeguarding")
    assert str(photo) not in (await lead.get("/desk")).text
    await lead.post(f"/office/people/{school.ids['mia']}/hold")
    text = (await lead.get("/desk")).text
    assert str(photo) in text
    assert "On hold: Mia Test<" in text
    for name in ("teacher", "admin"):
        text = (await (await school.browser(name)).get("/desk")).text
        assert str(photo) not in text
        assert "On hold" not in text


async def test_a_name_is_told_to_those_alone_who_know_the_child(school: TestSchool) -> None:
    photo = await school.photo(("mia", "noor"))
    for name, told in (("teacher", False), ("admin", True)):
        text = (await (await school.browser(name)).get("/desk")).text
        assert str(photo) in text
        assert "Mia Test" in text
        assert ("Noor Test" in text) == told, name
