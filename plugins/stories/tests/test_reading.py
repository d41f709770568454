"""What each member of the cast finds in the feed, and on a story's page."""

from __future__ import annotations

import re

import pytest
from desk import audience_of, photos_of, posted, send, written
from portal_stories import posting

from portal.sdk import Rung, atomic, clock, db, new_id
from portal.testing import CAST, TestSchool

# Who reads a story for 3a, and one for the school. The account of outsider is inactive, former is nobody's family any
# more, blocked has no other child here, and of the children only mia's and noor's accounts are allowed.
CLASS_3A = {"parent", "coparent", "grandparent", "other", "teacher", "mia"}
SIGNED_IN = {*CLASS_3A, "neighbour", "colleague", "admin", "office", "safeguarding", "noors_parent", "noor"}


async def readers(school: TestSchool, story: int) -> set[str]:
    found = set()
    for name in CAST:
        browser = await school.browser(name)
        single = await browser.get(f"/stories/{story}")
        listed = f"/stories/{story}" in (await browser.get("/stories")).text
        assert listed == (single.status_code == 200), name
        assert single.status_code in (200, 404)
        if listed:
            found.add(name)
    return found


async def test_a_class_story_is_for_the_class(school: TestSchool) -> None:
    assert await readers(school, await posted(school)) == CLASS_3A


async def test_a_school_story_is_for_all_who_belong_to_the_school(school: TestSchool) -> None:
    assert await readers(school, await posted(school, audience="school")) == SIGNED_IN


async def test_a_public_story_is_for_everybody(school: TestSchool) -> None:
    assert await readers(school, await posted(school, audience="public", by="admin")) == set(CAST)


async def test_absent_looks_like_denied(school: TestSchool) -> None:
    story = await posted(school)
    browser = await school.browser("neighbour")
    denied, absent = await browser.get(f"/stories/{story}"), await browser.get(f"/stories/{story + 1}")
    strip = [re.sub(r'nonce="[^"]+"|\d{15,}', "", answer.text) for answer in (denied, absent)]
    assert denied.status_code == absent.status_code == 404
    assert strip[0] == strip[1]


@pytest.mark.parametrize("state", ["draft", "scheduled", "hidden", "erased"])
async def test_only_what_is_published_is_read(school: TestSchool, state: str) -> None:
    viewer = school.viewer("teacher")
    story = await written(school)
    if state == "scheduled":
        await send(viewer, story, clock.now() + clock.HOUR)
    elif state != "draft":
        await send(viewer, story)
        await (posting.take_down if state == "hidden" else posting.erase)(viewer, story)
    assert await readers(school, story) == set()


async def test_siblings_bring_no_duplicates_and_are_told_apart(school: TestSchool) -> None:
    await _staff(school, "teacher", "3b")
    both = await posted(school, "For both", "3a,3b")
    only = await posted(school, "Only 3a")
    browser = await school.browser("parent")
    page = (await browser.get("/stories")).text
    assert page.count(f'href="/stories/{both}"') == 1
    assert [re.findall(r"</span>(\w+ Test)", part) for part in page.split("<article")[1:]] == [
        ["Mia Test"], ["Ben Test", "Mia Test"],
    ]  # fmt: skip
    ben = (await browser.get(f"/stories?child={school.ids['ben']}")).text
    assert "For both" in ben
    assert "Only 3a" not in ben
    assert f"/stories/{only}" in (await browser.get(f"/stories?child={school.ids['mia']}")).text
    for stranger in (school.ids["tom"], school.ids["lea"], 5):
        assert (await browser.get(f"/stories?child={stranger}")).status_code == 404
    assert (await browser.get(f"/stories?group={school.groups['9c']}")).status_code == 404


async def _staff(school: TestSchool, adult: str, group: str) -> None:
    @atomic
    async def add() -> None:
        await db.run(
            "INSERT INTO staff (id, adult, group_id, source, external_id) VALUES (?, ?, ?, 'test', ?)",
            *(new_id(), school.ids[adult], school.groups[group], f"{adult} {group}"),
        )

    await add()


async def test_each_reader_gets_the_photos_that_consent_gives_them(school: TestSchool) -> None:
    story = await posted(school, "Three photos", "3a", ("mia",), ("lea",), ())
    mia, lea, nobody = await photos_of(story)
    for name, expected in {
        "parent": {mia, nobody}, "grandparent": {mia, nobody}, "teacher": {mia, nobody}, "other": {mia, nobody},
        "mia": {mia, nobody},
    }.items():
        browser = await school.browser(name)
        for path in ("/stories", f"/stories/{story}"):
            text = (await browser.get(path)).text
            assert {p for p in (mia, lea, nobody) if f"/photos/{p}/small" in text} == expected, (name, path)
    await school.decide("other", "lea", Rung.FAMILY)
    own = (await (await school.browser("other")).get(f"/stories/{story}")).text
    assert f"/photos/{lea}/small" in own
    assert f"/photos/{lea}/download" in own
    assert f"/photos/{mia}/download" not in own
    assert f"/photos/{lea}/" not in (await (await school.browser("parent")).get(f"/stories/{story}")).text


async def test_withdrawal_is_obeyed_by_the_next_request(school: TestSchool) -> None:
    story = await posted(school, "Withdrawn", "3a", ("mia",))
    (photo,) = await photos_of(story)
    browser = await school.browser("other")
    assert f"/photos/{photo}/small" in (await browser.get("/stories")).text
    await school.decide("coparent", "mia", Rung.NOBODY)
    for path in ("/stories", f"/stories/{story}"):
        page = await browser.get(path)
        assert "Withdrawn" in page.text
        assert str(photo) not in page.text


async def test_visitors_learn_no_names_and_see_public_photos_alone(school: TestSchool) -> None:
    story = await posted(school, "Open day", "public", ("mia",), (), by="admin")
    mia, nobody = await photos_of(story)
    page = (await (await school.browser()).get(f"/stories/{story}")).text
    assert "Admin Test" not in page
    assert str(nobody) in page
    assert str(mia) not in page
    assert "Admin Test" in (await (await school.browser("parent")).get(f"/stories/{story}")).text


async def test_a_page_of_twenty_stories_with_sixty_photos_weighs_little(sqlite_school: TestSchool) -> None:
    for number in range(20):
        story = await posted(
            sqlite_school, f"What we did in week {number}", "3a", ("mia",), (), ("mia",), body="Beans and cress. " * 18
        )
    assert story
    page = (await (await sqlite_school.browser("parent")).get("/stories")).content
    assert page.count(b"<img src=\"/photos/") == 60
    assert page.count(b"loading=\"lazy\"") == 58  # what is seen first comes first
    assert len(page) < 40_000


async def test_pages_of_twenty_without_gaps_or_repeats(sqlite_school: TestSchool) -> None:
    stories = [await posted(sqlite_school, f"Story {n}", "3a" if n % 3 else "school") for n in range(45)]
    browser = await sqlite_school.browser("parent")
    path, seen = "/stories", []
    while path:
        text = (await browser.get(path)).text
        seen.append([int(found) for found in re.findall(r'<h2[^>]*><a href="/stories/(\d+)"', text)])
        older = re.search(r'rel="next" href="([^"]+)"', text)
        path = older.group(1).replace("&amp;", "&") if older else ""
    assert [len(page) for page in seen] == [20, 20, 5]
    assert [story for page in seen for story in page] == stories[::-1]
    assert (await browser.get("/stories?before=x-1")).status_code == 404


async def test_the_same_queries_for_one_story_and_for_twenty(
    school: TestSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    rows = db.rows

    async def counted(sql: str, *args: object) -> list[tuple[object, ...]]:
        asked.append(sql)
        return await rows(sql, *args)

    monkeypatch.setattr(db, "rows", counted)
    browser = await school.browser("parent")

    async def count(path: str) -> int:
        await browser.get(path)
        asked.clear()
        assert (await browser.get(path)).status_code == 200
        return len(asked)

    first = await posted(school, "One", "3a", ("mia",))
    few = await count("/stories"), await count(f"/stories/{first}")
    for number in range(22):
        await posted(school, f"More {number}", "3a", ("mia",), ("ben",), ("lea", "mia"))
    last = await posted(school, "Last", "3a", *[("mia",), ()] * 5)
    assert (await count("/stories"), await count(f"/stories/{last}")) == few
    assert few[0] <= 6


async def test_a_colleague_of_the_class_and_an_administrator_may_edit_others_may_not(school: TestSchool) -> None:
    story = await posted(school)
    await _staff(school, "colleague", "9c")
    for name, allowed in {
        "teacher": True, "admin": True, "colleague": False, "parent": False, "office": False, "mia": False,
        "safeguarding": False, "anonymous": False,
    }.items():
        browser = await school.browser(name)
        for method, path in (
            ("get", "edit"), ("get", "preview"), ("post", "save"), ("post", "photos"), ("post", "take-down"),
            ("post", "erase"), ("post", "preview"), ("post", "drop-changes"),
        ):
            answer = await getattr(browser, method)(f"/stories/{story}/{path}")
            denied = answer.status_code in (404, 303) if name == "anonymous" and method == "get" else (
                answer.status_code in (401, 404)
            )
            assert denied != allowed, (name, path, answer.status_code)
        seen = await browser.get(f"/stories/{story}")
        assert (f"/stories/{story}/edit" in seen.text) == (name == "teacher")  # the admin is not in its audience
    assert audience_of(school, "3a").groups == (school.groups["3a"],)
    await _staff(school, "colleague", "3a")
    assert (await (await school.browser("colleague")).get(f"/stories/{story}/edit")).status_code == 200
