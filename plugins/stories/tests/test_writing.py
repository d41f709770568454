"""From an empty page to a posted story, as a browser does it, with and without scripts."""

from __future__ import annotations

import asyncio

import pytest
from desk import photos_of, picture, posted, written
from forms_of import JSON, changed, fields, form_of, new, post_it, upload
from portal_stories import queries

from portal.sdk import db
from portal.testing import TestSchool


async def test_a_teacher_writes_and_the_families_read(school: TestSchool) -> None:
    teacher = await school.browser("teacher")
    story = await new(teacher, group=str(school.groups["3a"]))
    sent = (await upload(teacher, story, picture(1200, 800), "x1")).json()
    assert (sent["width"], sent["height"]) == (1200, 800)
    assert (await teacher.get(sent["src"])).headers["content-type"] == "image/webp"
    photo = int(sent["id"])
    form = changed(
        await form_of(teacher, story), title="The <bridge>", body="It held.\n\nSee https://example.org/a).", act="next",
        **{f"alt-{photo}": "A bridge of paper", f"tags-{photo}": str(school.ids["mia"])},
    )  # fmt: skip
    answer = await teacher.post(f"/stories/{story}/edit", form)
    assert answer.headers["location"] == f"/stories/{story}/preview"
    page = (await teacher.get(answer.headers["location"])).text
    assert "The &lt;bridge&gt;" in page
    assert "Mia Test" in page
    families = await school.browser("other")
    assert (await families.get(f"/stories/{story}")).status_code == 404
    assert (await post_it(teacher, story)).headers["location"] == f"/stories/{story}"
    text = (await families.get(f"/stories/{story}")).text
    assert 'href="https://example.org/a" rel="noopener noreferrer nofollow"' in text
    assert 'alt="A bridge of paper"' in text
    assert (await families.get(f"/photos/{photo}/medium")).status_code == 200
    assert (await (await school.browser("neighbour")).get(f"/photos/{photo}/medium")).status_code == 404


async def test_without_scripts_files_come_with_the_form(school: TestSchool) -> None:
    teacher = await school.browser("teacher")
    story = await new(teacher)
    form = changed(await form_of(teacher, story), title="By form")
    files = [("photo", ("a.png", picture(form="PNG"))), ("photo", ("b.txt", b"no picture"))]
    answer = await teacher.post(f"/stories/{story}/edit", [*form, ("act", "upload")], files=files)
    assert answer.status_code == 422
    assert "b.txt" in answer.text
    long = changed(await form_of(teacher, story), title="Not lost", body="x" * 100_000, language="uk")
    answer = await teacher.post(f"/stories/{story}/edit", [*long, ("act", "next")])
    assert answer.status_code == 422
    assert 'value="Not lost"' in answer.text
    assert '<option value="uk" selected' in answer.text
    (first,) = await photos_of(story)
    answer = await teacher.post(
        f"/stories/{story}/edit", [*await form_of(teacher, story), ("act", "upload")],
        files=[("photo", ("c.webp", picture(form="WEBP")))],
    )  # fmt: skip
    assert answer.status_code == 303
    _first, second = await photos_of(story)
    await teacher.post(f"/stories/{story}/edit", [*await form_of(teacher, story), ("move", f"{second}:-1")])
    assert await photos_of(story) == [second, first]
    await teacher.post(f"/stories/{story}/edit", [*await form_of(teacher, story), ("remove", str(first))])
    assert [p.photo for p in await queries.places(story) if not p.removed] == [second]
    assert (await queries.editor(school.viewer("teacher"), story)).story.text.title == "By form"


async def test_a_double_click_makes_one_draft(school: TestSchool) -> None:
    teacher = await school.browser("teacher")
    made = await asyncio.gather(*(new(teacher, "same") for _ in range(4)))
    assert len(set(made)) == 1
    assert await new(teacher, "another") != made[0]
    other = await school.browser("colleague")
    assert await new(other, "same") != made[0]
    for name in ("parent", "mia", "noor", "anonymous"):
        answer = await (await school.browser(name)).post("/stories/new", {"token": "t"})
        assert answer.status_code in (401, 404), name


async def test_a_photo_sent_again_is_kept_once(school: TestSchool) -> None:
    teacher = await school.browser("teacher")
    story = await new(teacher)
    file = picture()
    first = (await upload(teacher, story, file, "once")).json()
    assert (await upload(teacher, story, file, "once")).json()["id"] == first["id"]
    both = await asyncio.gather(*(upload(teacher, story, file, "at once") for _ in range(2)))
    assert len({answer.json()["id"] for answer in both}) == 1
    assert len(await photos_of(story)) == 2
    assert await db.value("SELECT count(*) FROM photo WHERE state <> 'erased'") == 2


async def test_what_is_no_picture_is_refused_in_words(school: TestSchool) -> None:
    teacher = await school.browser("teacher")
    story = await new(teacher)
    for file in (b"no picture", b"", picture()[:200]):
        answer = await upload(teacher, story, file)
        assert answer.status_code == 422
        assert len(answer.json()["error"]) > 10
    without = await teacher.post(f"/stories/{story}/photos", {"once": "1"}, **JSON)
    assert without.status_code == 422
    assert await photos_of(story) == []
    assert await db.value("SELECT count(*) FROM photo") == 0


async def test_no_more_than_ten_photos(school: TestSchool) -> None:
    story = await written(school, "Ten", "3a", *[()] * 10)
    teacher = await school.browser("teacher")
    answer = await upload(teacher, story, picture())
    assert answer.status_code == 422
    assert "10" in answer.json()["error"]
    assert len(await photos_of(story)) == 10


async def test_a_file_above_the_limit_is_turned_away(sqlite_school: TestSchool) -> None:
    teacher = await sqlite_school.browser("teacher")
    story = await new(teacher)
    assert (await upload(teacher, story, b"\xff\xd8\xff" + b"x" * (27 * 1024 * 1024))).status_code == 413


async def test_nothing_is_posted_without_title_audience_statement_or_look(school: TestSchool) -> None:
    teacher = await school.browser("teacher")
    story = await new(teacher, group=str(school.groups["3a"]))
    form = await form_of(teacher, story)
    without = await teacher.post(f"/stories/{story}/edit", [*form, ("act", "next")])
    assert without.status_code == 422
    assert "f-title" in without.text
    await upload(teacher, story, picture())
    await teacher.post(f"/stories/{story}/edit", changed(await form_of(teacher, story), title="T"))
    assert (await post_it(teacher, story, sure="")).status_code == 422
    assert (await post_it(teacher, story, fingerprint="0" * 24)).status_code == 422
    seen = fields((await teacher.get(f"/stories/{story}/preview")).text)
    await teacher.post(f"/stories/{story}/edit", changed(await form_of(teacher, story), body="Changed since"))
    old = await teacher.post(f"/stories/{story}/preview", [*seen, ("sure", "yes"), ("act", "now")])
    assert old.status_code == 422
    assert (await teacher.get(f"/stories/{story}")).status_code == 404
    form = [pair for pair in await form_of(teacher, story) if pair[0] != "groups"]
    nobody = await teacher.post(f"/stories/{story}/edit", [*form, ("act", "next")])
    assert nobody.status_code == 422
    assert "f-audience" in nobody.text
    raw = await teacher.post(f"/stories/{story}/preview", {"act": "now", "sure": "yes", "fingerprint": "x"})
    assert raw.status_code == 422


@pytest.mark.parametrize(
    ("by", "audience", "allowed"),
    [
        ("teacher", "3a", True), ("teacher", "3b", False), ("teacher", "school", True), ("teacher", "public", False),
        ("admin", "public", True), ("admin", "3a", False), ("office", "public", True),
        ("safeguarding", "public", False),
    ],
)  # fmt: skip
async def test_whom_somebody_may_address(sqlite_school: TestSchool, by: str, audience: str, allowed: bool) -> None:
    school = sqlite_school
    browser = await school.browser(by)
    story = await new(browser)
    form = [pair for pair in await form_of(browser, story) if pair[0] not in ("audience", "groups", "title")]
    wanted = [("audience", audience)] if audience in ("school", "public") else [
        ("audience", "groups"), ("groups", str(school.groups[audience]))
    ]  # fmt: skip
    await browser.post(f"/stories/{story}/edit", [*form, ("title", "T"), *wanted])
    answer = await browser.get(f"/stories/{story}/preview")
    if allowed:
        assert (await post_it(browser, story)).status_code == 303
    else:
        assert answer.status_code == 422 or audience not in str(
            (await queries.editor(school.viewer(by), story)).story.text.audience.kind.value
        )
    reader = await (await school.browser("anonymous")).get(f"/stories/{story}")
    assert (reader.status_code == 200) == (audience == "public" and allowed)


async def test_only_children_of_own_classes_can_be_tagged(school: TestSchool) -> None:
    teacher = await school.browser("teacher")
    story = await written(school, "Tags", "3a", ())
    (photo,) = await photos_of(story)
    tags = [(f"tags-{photo}", str(school.ids[child])) for child in ("mia", "tom", "teacher")]
    await teacher.post(f"/stories/{story}/edit", [*await form_of(teacher, story), *tags])
    assert await tagged(photo) == {school.ids["mia"]}
    text = (await teacher.get(f"/stories/{story}/edit")).text
    assert "Mia Test" in text
    assert "Tom Test" not in text


async def tagged(photo: int) -> set[int]:
    text = await db.value("SELECT children FROM photo WHERE id = ?", photo)
    return set(map(int, text.split(","))) if text else set()


async def test_a_page_does_not_untag_whom_it_did_not_offer(school: TestSchool) -> None:
    story = await written(school, "Tags", "3a", ("mia", "tom"))
    (photo,) = await photos_of(story)
    teacher = await school.browser("teacher")
    form = await form_of(teacher, story)
    assert (f"tags-{photo}", str(school.ids["tom"])) in form  # of another class, but tagged already
    offered = [pair for pair in form if pair != ("offered", str(school.ids["tom"])) and not pair[0].startswith("tags-")]
    await teacher.post(f"/stories/{story}/edit", offered)
    assert await tagged(photo) == {school.ids["tom"]}


async def test_changed_tags_take_a_photo_away_until_stated_again(school: TestSchool) -> None:
    story = await posted(school, "Tags", "3a", ("mia",))
    (photo,) = await photos_of(story)
    teacher, family = await school.browser("teacher"), await school.browser("other")
    assert (await family.get(f"/photos/{photo}/small")).status_code == 200
    form = [pair for pair in await form_of(teacher, story) if not pair[0].startswith("tags-")]
    await teacher.post(f"/stories/{story}/edit", form)
    assert (await family.get(f"/photos/{photo}/small")).status_code == 404
    assert (await post_it(teacher, story, sure="")).status_code == 422
    assert (await post_it(teacher, story)).status_code == 303
    assert (await family.get(f"/photos/{photo}/small")).status_code == 200


async def test_two_windows_lose_no_text(school: TestSchool) -> None:
    story = await written(school, "Start", "3a")
    teacher = await school.browser("teacher")
    one, two = await form_of(teacher, story), await form_of(teacher, story)
    for body in ("First line.", "First line. Second line."):  # a window does not stand in its own way
        assert (await teacher.post(f"/stories/{story}/save", changed(one, body=body), **JSON)).status_code == 200
    late = await teacher.post(f"/stories/{story}/save", changed(two, body="Other words."), **JSON)
    assert late.status_code == 409
    assert late.json()["error"]
    both = await teacher.post(f"/stories/{story}/edit", changed(two, body="Other words."))
    assert both.status_code == 409
    assert "Other words." in both.text
    assert "First line. Second line." in both.text
    assert (await queries.editor(school.viewer("teacher"), story)).story.text.body == "First line. Second line."
    chosen = changed(fields(both.text), body="First line. Second line. Other words.")
    assert (await teacher.post(f"/stories/{story}/text", chosen)).status_code == 303
    assert (await queries.editor(school.viewer("teacher"), story)).story.text.body.endswith("Other words.")
    assert (await teacher.post(f"/stories/{story}/save", changed(one, body="Again"), **JSON)).status_code == 409


async def test_a_page_left_while_it_saved_is_no_other_window(school: TestSchool) -> None:
    """The page that follows was made before the save arrived, and sends the same once more from the device's copy."""
    story = await written(school, "A walk", "3a", ("mia",))
    teacher = await school.browser("teacher")
    before, after = await form_of(teacher, story), await form_of(teacher, story)
    assert (await teacher.post(f"/stories/{story}/save", changed(before, body="Longer"), **JSON)).status_code == 200
    assert (await teacher.post(f"/stories/{story}/save", changed(after, body="Longer"), **JSON)).status_code == 200
    assert (await teacher.post(f"/stories/{story}/save", changed(after, body="Longest"), **JSON)).status_code == 200
    stale = changed(before, body="Longest")
    untagged = [pair for pair in stale if not pair[0].startswith("tags-")]
    assert (await teacher.post(f"/stories/{story}/save", untagged, **JSON)).status_code == 409


async def test_a_window_removes_only_photos_it_knew(school: TestSchool) -> None:
    story = await written(school, "Photos", "3a", ())
    (old,) = await photos_of(story)
    teacher = await school.browser("teacher")
    form = await form_of(teacher, story)
    added = int((await upload(teacher, story, picture())).json()["id"])  # by another window
    await teacher.post(f"/stories/{story}/save", form, **JSON)
    await teacher.post(f"/stories/{story}/save", [pair for pair in form if pair != ("photos", str(old))], **JSON)
    assert [p.photo for p in await queries.places(story) if not p.removed] == [added]


async def test_a_text_too_long_is_handed_back_whole(sqlite_school: TestSchool) -> None:
    story = await written(sqlite_school, "Long", "3a")
    teacher = await sqlite_school.browser("teacher")
    body = "word " * 4_001
    answer = await teacher.post(f"/stories/{story}/edit", changed(await form_of(teacher, story), body=body))
    assert answer.status_code == 422
    assert body.strip() in answer.text


def test_the_form_reader_of_these_tests_reads_forms() -> None:
    html = '<form method="post" action="/stories/1/edit"><input name="a" value="1"><input type="checkbox" name="b">'
    assert fields(html + '<textarea name="c">\nx</textarea></form>') == [("a", "1"), ("c", "x")]
