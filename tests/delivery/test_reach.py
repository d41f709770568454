"""Word reaches people by the way each has chosen."""

from __future__ import annotations

import pytest

from portal.db import db
from portal.delivery import actions, queries
from portal.delivery.actions import Word
from portal.errors import BadInput
from portal.testing import TestSchool, run


async def waiting() -> list[tuple[int, str]]:
    return await db.rows("SELECT person, channel FROM outgoing WHERE state = 'waiting' ORDER BY id")


async def test_each_gets_it_in_their_own_way(school: TestSchool) -> None:
    parent, coparent, other, teacher, former = (
        school.ids[name] for name in ("parent", "coparent", "other", "teacher", "former")
    )
    await run("UPDATE person SET email = 'someone@school.example' WHERE id <> ?", other)
    await run("UPDATE person SET email = NULL WHERE id = ?", other)
    await run("UPDATE person SET active = ? WHERE id = ?", False, former)
    await actions.wish(coparent, channel="paper")
    await actions.wish(teacher, channel="none")
    count = await actions.deliver([Word(p, "Hello", "Text") for p in (parent, coparent, other, teacher, former)])
    assert count == 3
    assert await waiting() == [(parent, "email"), (coparent, "paper"), (other, "paper")]
    await actions.wish(coparent, channel="email")
    assert await queries.ways([coparent]) == {coparent: "email"}
    assert await queries.chosen_way(coparent) == "email"
    assert await queries.chosen_way(parent) == ""


async def test_paper_is_printed_by_the_office_and_never_mailed(school: TestSchool) -> None:
    parent = school.ids["parent"]
    await actions.wish(parent, channel="paper")
    await actions.deliver([Word(parent, "Hello", "Come at three.")])
    assert await actions.claim(2**60, 10) == []
    (sheet,) = await queries.on_paper()
    assert (sheet.name, sheet.subject, sheet.body) == ("Parent Test", "Hello", "Come at three.")
    await actions.handed_out([sheet.id, 5])
    assert await queries.on_paper() == []
    assert await db.row("SELECT state, body FROM outgoing WHERE id = ?", sheet.id) == ("sent", "")


async def test_mail_is_not_handed_out(school: TestSchool) -> None:
    parent = school.ids["parent"]
    await actions.enqueue(parent, "Hello", "Text")
    (mail,) = await actions.claim(2**60, 10)
    await actions.handed_out([mail])
    assert await db.row("SELECT state, body FROM outgoing WHERE id = ?", mail) == ("waiting", "Text")


async def test_wishes_are_of_those_offered(school: TestSchool) -> None:
    parent = school.ids["parent"]
    await actions.wish(parent, language="ar")
    assert await db.value("SELECT language FROM person WHERE id = ?", parent) == "ar"
    for wish in ({"channel": "pigeon"}, {"language": "tlh"}):
        with pytest.raises(BadInput):
            await actions.wish(parent, **wish)
    assert await queries.chosen_way(parent) == ""
    assert await queries.languages([parent, school.ids["teacher"]]) == {parent: "ar", school.ids["teacher"]: "en"}
