"""The contract as far as it is tried out, on schools that the plugin's own `fill` has filled."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from portal.sdk import Audience, AudienceKind, take_in_photo
from portal.testing import TestSchool, contract, contract_pages, picture
from portal.testing.contract import problems

from .small import changed, forget, load

PAGE = """
<html><head><script>1</script></head><body>
<h1>One</h1><h1>Two</h1><img src="//tracker.example/a.png"><p style="color:red" onclick="x()">.</p>
<form method="post"><input name="what"></form>
<label>Who <input name="who"></label><input name="token" type="hidden">
<a href="https://elsewhere.example/">a link that people may follow</a>
</body></html>
"""
FINDER = "thing, finder = new_id(), viewer.person"


async def fill(school: TestSchool, count: int) -> list[str]:
    actions = importlib.import_module("portal_lost.actions")
    return [f"/lost/{await actions.add(school.viewer('teacher'), f'Thing {number}')}" for number in range(count)]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer people and things, where that shows the same."""
    monkeypatch.setattr(contract, "MANY", 3)
    monkeypatch.setattr(contract_pages, "CAST", ("teacher", "mia", "anonymous"))


async def told(*changes: tuple[str, str, str], package: Path, fill: contract.Fill = fill) -> list[str]:
    for file, before, after in changes:
        changed(package, file, before, after)
    load()
    return await problems("lost", fill)


async def test_a_small_plugin_keeps_it(small: Path) -> None:
    assert await told(package=small) == []


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("plugin.py", 'people=("finder",)', 'people=("finder",), on_erase="blank"'),
        ("plugin.py", 'people=("finder",)', 'people=("finder",), on_erase="keep"'),
        ("actions.py", FINDER, "thing, finder = new_id(), 0"),
        ("actions.py", "(thing, what, finder", "(thing, f'{what} of {finder}', finder"),  # it goes with the row
    ],
)
async def test_other_ways_that_keep_it(small: Path, file: str, before: str, after: str) -> None:
    assert await told((file, before, after), package=small) == []


@pytest.mark.usefixtures("quick")
async def test_a_page_that_is_none_of_the_portals(small: Path) -> None:
    (small / "templates/list.html").write_text(PAGE)
    found = [line for line in await told(package=small) if line.startswith("GET /lost ")]
    for said in (
        "says no language", "has 2 headings <h1>", "asks another host (//tracker.example/a.png)",
        "has an inline style= on <p>", "has an inline onclick= on <p>", "has an inline <script>",
        "has a picture without alt", "has a field without label (<input name=what>)", "posts without ui.csrf_field()",
    ):  # fmt: skip
        assert [line for line in found if said in line], (said, found)
    assert len(found) == 9, found


@pytest.mark.usefixtures("quick")
async def test_pages_that_fail_for_somebody_or_ask_more_where_there_is_more(small: Path) -> None:
    found = await told(
        ("routes.py", "rows, _marks = await actions.things()",
         "rows, _marks = await actions.things()\n    for row in rows:\n        await actions.things()\n"
         "    if not who(request).is_staff:\n        raise KeyError"),
        ("routes.py", "NotVisible, page", "NotVisible, page, who"),
        package=small,
    )  # fmt: skip
    assert "GET /lost answers 500." in found
    assert [line for line in found if line.startswith("GET /lost fails at /lost with KeyError")]
    assert [line for line in found if line.startswith("GET /lost as teacher asks 5 queries for one thing and 9 for 3:")]


@pytest.mark.usefixtures("quick")
async def test_pages_that_nothing_leads_to(small: Path) -> None:
    async def silent(school: TestSchool, count: int) -> None:
        await fill(school, count)

    found = await told(("routes.py", "if not rows", "if True"), package=small)
    assert [line for line in found if line.startswith("GET /lost/{thing:int} was not looked at: nobody of the cast")]
    found = await problems("lost", silent)
    assert "GET /lost/{thing:int} was not looked at: let `fill` return an address of it." in found


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([("plugin.py", 'people=("finder",), ', "")], "lost_thing.finder holds ids of people, but no Stored names it"),
        ([("actions.py", "(thing, what, finder", "(thing, f'{what} of {finder}', finder"),
          ("plugin.py", 'people=("finder",)', 'people=("finder",), on_erase="blank"')],
         "lost_thing.what holds ids of people within a text"),
        ([("actions.py", "await db.run(", "return thing\n    await db.run(")],
         "lost_thing is empty after `fill`"),
        ([("actions.py", "photo, clock.now()", "photo, clock.now() // 10**6")], "lost_thing.at is no instant"),
        ([("plugin.py", "async def portal_erase(person):\n    pass",
           "async def portal_erase(person):\n    raise RuntimeError")],
         "Erasing a person fails (portal_erase: RuntimeError)"),
        ([("plugin.py", "async def portal_erase(person):\n    pass",
           "async def portal_erase(person):\n    await db.run('INSERT INTO lost_thing (id, what, finder, photo, at)"
           " VALUES (?, ?, ?, 0, 0)', clock.now(), '', person)")],
         "lost_thing.finder holds the id of somebody who was erased"),
        ([("plugin.py", 'return [Card("Something was found", "", "/lost")]', "raise LookupError")],
         "GET /photos fails at portal_cards with LookupError"),
        ([("plugin.py", "SELECT COUNT(*) FROM lost_thing", "SELECT COUNT(*) FROM lost_thin")], "Its job count fails"),
        ([("plugin.py", "async def portal_event(event):\n    pass", "async def portal_event(event):\n    1 / 0")],
         "Its portal_event fails with ZeroDivisionError"),
    ],
)  # fmt: skip
async def test_what_shows_only_with_data(small: Path, changes: list[tuple[str, str, str]], said: str) -> None:
    found = await told(*changes, package=small)
    assert any(line.startswith(said) for line in found), found


@pytest.mark.usefixtures("quick")
async def test_photos_go_with_the_rows_that_name_them(small: Path) -> None:
    everybody = Audience(AudienceKind.SCHOOL)

    async def borrowed(school: TestSchool, count: int) -> list[str]:
        actions, teacher = importlib.import_module("portal_lost.actions"), school.viewer("teacher")
        photos = [await school.photo() for _number in range(count)]
        return [f"/lost/{await actions.add(teacher, 'Thing', photo)}" for photo in photos]

    async def own(school: TestSchool, count: int) -> list[str]:
        actions, teacher = importlib.import_module("portal_lost.actions"), school.viewer("teacher")
        taken = [await take_in_photo(teacher, picture(), everybody, owner="lost") for _number in range(count)]
        return [f"/lost/{await actions.add(teacher, 'Thing', one.photo)}" for one in taken]

    found = await told(package=small, fill=borrowed)
    assert [line for line in found if line.startswith("lost_thing.photo holds ids of photos, but no Stored names it")]
    forget()
    found = await told(("plugin.py", 'since="at")', 'since="at", photos=("photo",))'), package=small, fill=borrowed)
    assert [line[:67] for line in found] == ["Its photos are another's: say owner='lost' to take_in_photo, or the"]
    assert await problems("lost", own) == []


@pytest.mark.usefixtures("quick")
async def test_one_that_cannot_be_used_says_why(small: Path) -> None:
    broken = ("piccolo_migrations/second.py", "CREATE INDEX", "CREATE INDEXES")
    assert [line for line in await told(broken, package=small) if line.startswith("Its migrations fail")]
