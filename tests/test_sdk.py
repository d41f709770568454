"""What a plugin may import: whole, and no wider than the portal itself."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from portal import sdk
from portal.errors import NotVisible
from portal.kinds import Audience, AudienceKind, Rung
from portal.testing import TestSchool
from portal.web.who import Who

ROOT = Path(__file__).parents[1]


def test_everything_offered_exists_and_is_told_about() -> None:
    for name in sdk.__all__:
        assert getattr(sdk, name) is not None
    for function in (getattr(sdk, name) for name in sdk.__all__):
        if getattr(function, "__module__", "").startswith("portal.sdk"):
            assert function.__doc__, function


def imports(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("file", sorted(ROOT.glob("plugins/*/portal_*/**/*.py")), ids=lambda file: file.stem)
def test_plugins_import_nothing_else_of_the_portal(file: Path) -> None:
    own = file.relative_to(ROOT / "plugins").parts[1]
    foreign = {name for name in imports(file) if name.startswith("portal") and name.split(".")[0] != own}
    assert foreign <= {"portal.sdk", "portal.testing"}


async def person(school: TestSchool, name: str) -> Who:
    """As the gate would make them."""
    from portal.i18n import language
    from portal.visibility.facts import snapshot

    facts = await snapshot()
    viewer = school.viewer(name)
    return Who(viewer, await facts.viewer(viewer.person), facts, language("en"), "")


async def test_children_of_a_class_are_for_its_staff(school: TestSchool) -> None:
    three_a = school.groups["3a"]
    for name, allowed in {
        "teacher": True, "admin": True, "office": True, "colleague": False, "parent": False, "safeguarding": False,
        "mia": False, "anonymous": False, "outsider": False,
    }.items():
        if allowed:
            found = await sdk.children_of(school.viewer(name), [three_a])
            assert [child.name for child in found] == ["Lea Test", "Mia Test"]
        else:
            with pytest.raises(NotVisible):
                await sdk.children_of(school.viewer(name), [three_a])
    with pytest.raises(NotVisible):
        await sdk.children_of(school.viewer("teacher"), [three_a, school.groups["3b"]])
    assert await sdk.children_of(school.viewer("teacher"), []) == []


async def test_my_children_and_my_classes(school: TestSchool) -> None:
    assert [child.name for child in await sdk.my_children(await person(school, "parent"))] == ["Ben Test", "Mia Test"]
    for name in ("blocked", "former", "teacher", "anonymous"):
        assert await sdk.my_children(await person(school, name)) == []
    assert [group.name for group in await sdk.my_groups(school.viewer("teacher"))] == ["3a"]
    assert await sdk.my_groups(school.viewer("parent")) == []


async def test_names_follow_their_people(school: TestSchool) -> None:
    mia = school.ids["mia"]
    assert await sdk.names([mia, 5]) == {mia: "Mia Test"}

    @sdk.atomic
    async def rename() -> None:
        await sdk.db.run("UPDATE person SET given_name = 'Maja' WHERE id = ?", mia)

    await rename()
    assert await sdk.names([mia]) == {mia: "Maja Test"}


async def test_streams_offer_what_the_rule_offers(school: TestSchool) -> None:
    for name in ("parent", "other", "neighbour", "teacher", "admin", "former", "mia", "noor", "anonymous"):
        who = await person(school, name)
        for audience in (
            Audience(AudienceKind.GROUPS, (school.groups["3a"],)), Audience(AudienceKind.SCHOOL),
            Audience(AudienceKind.PUBLIC),
        ):  # fmt: skip
            photo = await school.photo((), ("3a",), kind=audience.kind)
            offered = not set(sdk.streams(who)).isdisjoint(audience.streams)
            assert offered == (photo in await sdk.visible_pictures(who, [photo])), (name, audience.kind)


async def test_pictures_come_through_the_door(school: TestSchool) -> None:
    mia, lea, nobody = [await school.photo(children) for children in (("mia",), ("lea",), ())]
    found = await sdk.visible_pictures(await person(school, "parent"), [lea, nobody, mia], downloads=True)
    assert set(found) == {mia, nobody}
    assert found[mia].download == f"/photos/{mia}/download"
    assert found[nobody].download == ""
    await school.decide("parent", "mia", Rung.FAMILY)
    assert set(await sdk.visible_pictures(await person(school, "other"), [mia, lea, nobody])) == {nobody}
    assert await sdk.visible_pictures(await person(school, "other"), []) == {}


async def test_no_download_of_a_picture_in_which_the_child_cannot_be_recognised(school: TestSchool) -> None:
    from portal.visibility import index

    photo = await school.photo(("mia",))
    await index.add_redaction(photo, [school.ids["mia"]], approved=True)
    await school.decide("parent", "mia", Rung.NOBODY)
    found = await sdk.visible_pictures(await person(school, "parent"), [photo], downloads=True)
    assert found[photo].download == ""
    await school.decide("parent", "mia", Rung.FAMILY)
    found = await sdk.visible_pictures(await person(school, "parent"), [photo], downloads=True)
    assert found[photo].download


async def test_changing_photos_takes_their_handler(school: TestSchool) -> None:
    photo = await school.photo(("mia",), state="draft", reviewed=False)
    verbs = (
        lambda viewer: sdk.tag_photo(viewer, photo, [school.ids["lea"]]),
        lambda viewer: sdk.describe_photo(viewer, photo, "x"),
        lambda viewer: sdk.offer_photos(viewer, [photo], Audience(AudienceKind.SCHOOL)),
        lambda viewer: sdk.review_photos(viewer, [photo]),
        lambda viewer: sdk.publish_photos(viewer, [photo]),
        lambda viewer: sdk.hide_photos(viewer, [photo]),
        lambda viewer: sdk.erase_photos(viewer, [photo]),
    )
    before = await sdk.db.row("SELECT * FROM photo WHERE id = ?", photo)
    for name in ("parent", "colleague", "office", "mia", "anonymous", "outsider", "blocked"):
        assert await sdk.handled_photos(school.viewer(name), [photo]) == {}
        for verb in verbs:
            with pytest.raises(NotVisible):
                await verb(school.viewer(name))
    assert await sdk.db.row("SELECT * FROM photo WHERE id = ?", photo) == before
    for audience in (Audience(AudienceKind.PUBLIC), Audience(AudienceKind.GROUPS, (school.groups["3b"],))):
        with pytest.raises(NotVisible):  # handling a photo is not enough to address just anybody
            await sdk.offer_photos(school.viewer("teacher"), [photo], audience)
    known = (await sdk.handled_photos(school.viewer("teacher"), [photo]))[photo]
    assert (known.children, known.state, known.reviewed) == ({school.ids["mia"]}, "draft", False)
    for verb in verbs:
        await verb(school.viewer("teacher"))
    assert await sdk.handled_photos(school.viewer("teacher"), [photo]) == {}


async def test_what_falls_due_is_published_only_with_its_statement(school: TestSchool) -> None:
    stated, not_stated, hidden = [
        await school.photo((), state=state, reviewed=reviewed)
        for state, reviewed in (("draft", True), ("draft", False), ("hidden", True))
    ]
    await sdk.publish_due_photos([stated, not_stated, hidden])
    assert set(await sdk.visible_pictures(await person(school, "parent"), [stated, not_stated, hidden])) == {stated}


async def test_only_children_are_tagged(school: TestSchool) -> None:
    photo = await school.photo(("mia",))
    viewer, reader = school.viewer("teacher"), await person(school, "parent")
    for wrong in (school.ids["parent"], school.groups["3a"], 5, 0):
        with pytest.raises(NotVisible):
            await sdk.tag_photo(viewer, photo, [school.ids["mia"], wrong])
        assert set(await sdk.visible_pictures(reader, [photo])) == {photo}
    await sdk.tag_photo(viewer, photo, [school.ids["mia"], school.ids["tom"]])
    assert (await sdk.handled_photos(viewer, [photo]))[photo].children == {school.ids["mia"], school.ids["tom"]}
    await sdk.tag_photo(viewer, photo, [])
    assert (await sdk.handled_photos(viewer, [photo]))[photo].children == frozenset()
