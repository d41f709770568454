"""Taking down every photo of a child: those there and later ones, alone and with others, until it is lifted."""

from __future__ import annotations

import importlib

import pytest

from portal.db import atomic, db
from portal.db.migrate import CORE, migrate
from portal.kinds import new_id
from portal.main import apps
from portal.photos import actions
from portal.testing import TestSchool, run
from portal.visibility import index

MIGRATION = "portal_2026_11_21t00_20_00"


async def down(school: TestSchool, name: str, withheld: bool = True) -> None:
    await index.withhold(school.ids[name], withheld)


async def state(photo: int) -> tuple[str, bool]:
    """A photo's state, and whether it is withheld."""
    row = await db.row("SELECT state, withheld FROM photo WHERE id = ?", photo)
    assert row is not None
    return row[0], bool(row[1])


async def put_back(school: TestSchool, photo: int) -> str:
    """The teacher publishes the photo; what it is then."""
    await actions.publish(school.viewer("teacher"), [photo])
    return (await state(photo))[0]


async def test_only_photos_of_that_child_go_and_come_back_by_hand(school: TestSchool) -> None:
    mias, both, leas, nobodys = [await school.photo(names) for names in (("mia",), ("mia", "lea"), ("lea",), ())]
    draft = await school.photo(("mia",), state="draft")
    parent = await school.browser("parent")
    assert (await parent.get(f"/photos/{mias}")).status_code == 200
    await down(school, "mia")
    assert [await state(photo) for photo in (mias, both)] == [("hidden", True)] * 2
    assert await state(draft) == ("draft", True)
    assert [await state(photo) for photo in (leas, nobodys)] == [("published", False)] * 2
    assert (await parent.get(f"/photos/{mias}")).status_code == 404
    for photo in (mias, both, draft):
        assert await put_back(school, photo) != "published"
    await actions.due([draft])
    assert (await state(draft))[0] == "draft", "a time that comes publishes it neither"
    await down(school, "mia", False)
    assert await state(mias) == ("hidden", False), "lifting it shows nothing by itself"
    for photo in (mias, both, draft):
        assert await put_back(school, photo) == "published"
    assert (await parent.get(f"/photos/{mias}")).status_code == 200


@pytest.mark.parametrize("order", [("mia", "lea"), ("lea", "mia")])
async def test_lifting_it_for_one_child_frees_no_photo_of_another(school: TestSchool, order: tuple[str, str]) -> None:
    photo = await school.photo(("mia", "lea"))
    await down(school, "mia")
    await down(school, "lea")
    first, second = order
    await down(school, first, False)
    assert await state(photo) == ("hidden", True)
    assert await put_back(school, photo) == "hidden"
    await down(school, second, False)
    assert await put_back(school, photo) == "published"


async def test_lifting_what_was_never_taken_down_frees_nothing(school: TestSchool) -> None:
    photo = await school.photo(("mia", "lea"))
    await down(school, "mia")
    await down(school, "mia")  # twice is once
    await down(school, "lea", False)
    assert await put_back(school, photo) == "hidden"
    await down(school, "mia", False)
    assert await put_back(school, photo) == "published"


async def test_a_photo_without_the_child_any_more_is_free(school: TestSchool) -> None:
    teacher = school.viewer("teacher")
    mistaken, empty, still = [await school.photo(("mia", "lea")) for _ in range(3)]
    await down(school, "mia")
    await actions.tag(teacher, mistaken, [school.ids["lea"]])
    await actions.tag(teacher, empty, [])
    await actions.tag(teacher, still, [school.ids["mia"]])
    for photo in (mistaken, empty):
        assert await state(photo) == ("hidden", False)
        assert await put_back(school, photo) == "published"
    assert await put_back(school, still) == "hidden"


async def test_a_photo_in_which_the_child_is_tagged_later_is_taken_down_too(school: TestSchool) -> None:
    teacher = school.viewer("teacher")
    shown, draft, other = [
        await school.photo(("lea",), state=state) for state in ("published", "draft", "published")
    ]
    await down(school, "mia")
    for photo in (shown, draft):
        await actions.tag(teacher, photo, [school.ids["lea"], school.ids["mia"]])
    await actions.tag(teacher, other, [school.ids["lea"], school.ids["tom"]])
    assert await state(shown) == ("hidden", True)
    assert await state(draft) == ("draft", True)
    for photo in (shown, draft):
        assert await put_back(school, photo) != "published"
    assert await put_back(school, other) == "published"
    new = await school.photo(("mia",), state="published")
    assert await state(new) == ("hidden", True), "nor does a new photo come out published"
    await down(school, "mia", False)
    for photo in (shown, draft, new):
        assert await put_back(school, photo) == "published"


async def test_it_outlasts_leaving_a_class_and_ends_with_the_person(school: TestSchool) -> None:
    photo = await school.photo(("lea",))
    await down(school, "lea")
    await run("UPDATE membership SET ends = '2020-01-01' WHERE child = ?", school.ids["lea"])
    assert await put_back(school, photo) == "hidden"
    await run("DELETE FROM person WHERE id = ?", school.ids["lea"])
    assert await db.rows("SELECT child FROM withheld_child") == []
    await index.tag(photo, [])
    assert await state(photo) == ("hidden", False)


async def test_an_adult_is_not_taken_down(school: TestSchool) -> None:
    await down(school, "parent")
    assert await db.rows("SELECT child FROM withheld_child") == []


async def test_erased_photos_stay_as_they_are(school: TestSchool) -> None:
    photo = await school.photo(("mia",))
    await down(school, "mia")
    await actions.erase(school.viewer("teacher"), [photo])
    await down(school, "mia", False)
    assert (await state(photo))[0] == "erased"


# What an older database knows is only that photos are withheld.


@atomic
async def _go_back(withheld: list[int]) -> None:
    """The database as it was before the migration, with these photos withheld."""
    await db.run("DROP TABLE withheld_child")
    if db.dialect == "postgres":
        await db.run("DROP TRIGGER decision_not_emptied ON decision")
    await db.run("DELETE FROM migration WHERE app = 'portal' AND name = ?", MIGRATION)
    for photo in withheld:
        await db.run("UPDATE photo SET withheld = ?, state = 'hidden' WHERE id = ?", True, photo)


async def _carried_over(school: TestSchool, withheld: list[int]) -> set[str]:
    """Who is taken down after the migration."""
    importlib.import_module(f"{CORE.package}.{MIGRATION}")
    await _go_back(withheld)
    assert await migrate(apps()) == [f"portal/{MIGRATION}"]
    names = {number: name for name, number in school.ids.items()}
    return {names[number] for (number,) in await db.rows("SELECT child FROM withheld_child")}


async def test_an_older_database_takes_down_whoever_was(school: TestSchool) -> None:
    alone, both, later = [await school.photo(names) for names in (("mia",), ("mia", "lea"), ("mia", "tom"))]
    leas, nobodys = await school.photo(("lea",)), await school.photo(())
    assert await _carried_over(school, [alone, both, nobodys]) == {"mia"}
    assert [await state(photo) for photo in (alone, both)] == [("hidden", True)] * 2
    assert await state(later) == ("hidden", True), "tagged after the take-down, and covered from now on"
    assert await state(leas) == ("published", False)
    assert await state(nobodys) == ("hidden", False), "nobody is in it for whom it could be lifted"


async def test_among_several_it_is_whoever_is_shown_nowhere(school: TestSchool) -> None:
    both, leas = await school.photo(("mia", "lea")), await school.photo(("lea",))
    assert await _carried_over(school, [both]) == {"mia"}
    assert await state(both) == ("hidden", True)
    assert await state(leas) == ("published", False)


async def test_where_it_cannot_be_told_nobody_becomes_visible(school: TestSchool) -> None:
    both = await school.photo(("mia", "lea"))
    others = [await school.photo((name,)) for name in ("mia", "lea", "tom")]
    assert await _carried_over(school, [both]) == {"mia", "lea"}
    assert [await state(photo) for photo in (both, *others[:2])] == [("hidden", True)] * 3
    assert await state(others[2]) == ("published", False)


async def test_with_nothing_withheld_nobody_is_taken_down(school: TestSchool) -> None:
    photo = await school.photo(("mia", "lea"))
    erased = await school.photo(("tom",))
    await index.forget(erased)
    await run("UPDATE photo SET withheld = ? WHERE id = ?", True, erased)
    assert await _carried_over(school, []) == set()
    assert await state(photo) == ("published", False)
    await run("INSERT INTO withheld_child (child) VALUES (?)", school.ids["mia"])
    with pytest.raises(Exception, match=r"."):  # the reference to a person is there
        await run("INSERT INTO withheld_child (child) VALUES (?)", new_id())
