"""Others' things named in a form or a query: they are left out, or look like what is not there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from portal.db import db
from tests.access.table import ABSENT
from tests.access.test_matrix import normal
from tests.access.world import World, open_world


@pytest.fixture
async def world(tmp_path: Path, ready_sqlite: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path, None, ready_sqlite) as opened:
        yield opened


async def photo_row(world: World, name: str) -> tuple[Any, ...]:
    return (await db.rows("SELECT * FROM photo WHERE id = ?", world.photos[name].id))[0]


async def everything(*tables: str) -> list[Any]:
    return [await db.rows(f"SELECT * FROM {table} ORDER BY 1") for table in tables]


def story_form(world: World, *, groups: str = "3a", photo: str = "draft", tags: tuple[str, ...] = ("mia",)) -> Any:
    number = world.photos[photo].id
    children = ("mia", "lea", "ben", "tom", "noor")
    return [
        ("title", "New title"), ("body", "New body"), ("audience", "groups"), ("groups", world.school.groups[groups]),
        ("seen", "999999.5"), ("photos", number), (f"alt-{number}", "New words"),
        *((f"tags-{number}", world.id(child)) for child in tags),
        *(("offered", world.id(child)) for child in children),
        *(("classes", world.school.groups[group]) for group in ("3a", "3b", "9c")),
        ("act", "save"),
    ]  # fmt: skip


async def _save(world: World, member: str, form: Any) -> None:
    """Saves over whatever version there is: the form claims to have seen it."""
    story = world.stories["writing"].id
    version = await db.value("SELECT version FROM stories_story WHERE id = ?", story)
    form = [(key, f"{version}.5" if key == "seen" else value) for key, value in form]
    browser = await world.school.browser(member)
    answer = await browser.post(f"/stories/{story}/save", form)
    assert answer.status_code == 200, answer.text


async def test_a_teacher_changes_the_own_story(world: World) -> None:
    """The twin of what follows."""
    await _save(world, "teacher", story_form(world, tags=("mia", "lea")))
    title, groups = (await db.rows("SELECT title, groups FROM stories_draft"))[-1]
    assert title == "New title"
    assert groups == str(world.school.groups["3a"])
    alt, children = (await db.rows("SELECT alt, children FROM photo WHERE id = ?", world.photos["draft"].id))[0]
    assert alt == "New words"
    assert set(children.split(",")) == {str(world.id("mia")), str(world.id("lea"))}


async def test_a_teacher_tags_no_child_of_other_classes(world: World) -> None:
    for child in ("tom", "ben", "noor"):
        await _save(world, "teacher", story_form(world, tags=("mia", child)))
        tagged = await db.value("SELECT children FROM photo WHERE id = ?", world.photos["draft"].id)
        assert tagged == str(world.id("mia")), child


async def test_a_story_takes_no_photo_of_somebody_else(world: World) -> None:
    for name in ("tom", "noor", "hidden", "lea-hold"):  # two of others, two of the own that stand elsewhere or are held
        before = await photo_row(world, name)
        await _save(world, "teacher", story_form(world, photo=name))
        assert await photo_row(world, name) == before, name
        placed = await db.rows("SELECT story FROM stories_photo WHERE photo = ?", world.photos[name].id)
        assert (world.stories["writing"].id,) not in placed, name


@pytest.mark.parametrize("audience", ["3b", "public", "3a,3b"])
async def test_a_story_goes_to_no_class_of_somebody_else(world: World, audience: str) -> None:
    story = world.stories["writing"].id
    form = [pair for pair in story_form(world) if pair[0] not in ("audience", "groups")]
    if audience == "public":
        form.append(("audience", "public"))
    else:
        form += [("audience", "groups"), *(("groups", world.school.groups[group]) for group in audience.split(","))]
    await _save(world, "teacher", form)
    kind, groups = (await db.rows("SELECT audience, groups FROM stories_draft WHERE story = ?", story))[0]
    assert kind == "groups"
    for other in ("3b", "9c"):
        assert str(world.school.groups[other]) not in groups.split(",")
    browser = await world.school.browser("teacher")
    await browser.post(f"/stories/{story}/preview", {"fingerprint": "x", "sure": "1", "act": "now"})
    assert await db.value("SELECT state FROM stories_story WHERE id = ?", story) == "draft"


async def test_a_new_story_begins_in_no_class_of_somebody_else(world: World) -> None:
    browser = await world.school.browser("teacher")
    answer = await browser.post("/stories/new", {"token": "t", "group": str(world.school.groups["3b"])})
    assert answer.status_code == 303
    story = int(answer.headers["location"].split("/")[2])
    assert str(world.school.groups["3b"]) not in await db.value("SELECT groups FROM stories_story WHERE id = ?", story)


async def test_the_office_ties_nothing_to_a_child_it_must_not_see(world: World) -> None:
    office = await world.school.browser("office")
    before = await everything("link", "block", "membership")
    for deed in ("link", "unlink", "block"):
        path = f"/office/people/{world.id('parent')}/{deed}"
        answers = []
        for other in (world.id("noor"), ABSENT["int"]):
            form = {"other": str(other), "decides": "1", "sees": "1", "confirmed": "1"}
            answers.append(normal(await office.post(path, form), path))
        assert answers[0] == answers[1], deed
    assert await everything("link", "block", "membership") == before


async def test_paper_counts_only_for_who_decides(world: World) -> None:
    office = await world.school.browser("office")
    before = await everything("decision", "scan")
    for signer in ("neighbour", "grandparent", "former", "mia", "office"):
        form = {"signer": str(world.id(signer)), "photo": "0", "day": "2026-01-01", "shown": "1:en"}
        answer = await office.post(f"/office/paper/{world.id('mia')}", form)
        assert answer.status_code == 422, signer
    assert await everything("decision", "scan") == before


async def test_queries_find_nobody_else_s(world: World) -> None:
    """A child or class in an address: others' is like one that was never there."""
    for member in ("parent", "neighbour", "colleague", "noor", "former", "anonymous"):
        await _queries(world, member)


async def _queries(world: World, member: str) -> None:
    browser = await world.school.browser(member)
    own = {"parent": {"mia", "ben"}, "neighbour": {"tom"}, "noor": {"noor"}}.get(member, set())
    nothing = normal(await browser.get(f"/stories?child={ABSENT['int']}"), "/stories")
    for child in ("mia", "ben", "lea", "tom", "noor", "teacher"):
        answer = await browser.get(f"/stories?child={world.id(child)}")
        if child in own:
            assert answer.status_code == 200, child
        else:
            assert normal(answer, "/stories") == nothing, child
            assert answer.status_code == 404
    classes = {"parent": {"3a", "3b"}, "neighbour": {"3b"}, "colleague": {"3b"}, "noor": {"9c"}}.get(member, set())
    nothing = normal(await browser.get(f"/stories?group={ABSENT['int']}"), "/stories")
    for group in ("3a", "3b", "9c"):
        answer = await browser.get(f"/stories?group={world.school.groups[group]}")
        assert (answer.status_code == 200) is (group in classes), group
        assert group in classes or normal(answer, "/stories") == nothing, group


TARGETS = ["//evil.example", "https://evil.example", "/\\evil.example", "\\/evil.example", "/\n/evil.example",
           "evil.example", "javascript:alert(1)", "/\t/evil.example", " //evil.example"]  # fmt: skip


async def test_nothing_leads_to_other_sites(world: World) -> None:
    browser = await world.school.browser("parent")
    for target in TARGETS:
        for path, form in (("/language", {"lang": "en"}), ("/privacy/seen", {"shown": "1:en"})):
            where = (await browser.post(path, {**form, "next": target})).headers["location"]
            assert where.startswith("/"), where
            assert not where.startswith(("//", "/\\")), where
            assert "evil" not in where, where
        sent = target.replace("\n", "%0a").replace("\t", "%09")
        where = (await browser.get("/sign-in?next=" + sent)).headers["location"]
        assert where.startswith("/"), where
        assert "evil" not in where, where
