"""What happens to a story from the moment it is posted: changes, time, taking down, erasing."""

from __future__ import annotations

import asyncio

import pytest
from desk import photos_of, posted, send, written
from forms_of import JSON, changed, form_of, new, post_it
from portal_stories import actions, posting

from portal.sdk import Refused, Rung, atomic, clock, db, new_id
from portal.testing import TestSchool, run


async def test_editing_what_families_see_reaches_them_when_posted(school: TestSchool) -> None:
    story = await posted(school, "Before", "3a")
    teacher, family = await school.browser("teacher"), await school.browser("other")
    form = changed(await form_of(teacher, story), title="After")
    assert (await teacher.post(f"/stories/{story}/save", form, **JSON)).status_code == 200
    await teacher.post(f"/stories/{story}/edit", changed(await form_of(teacher, story), body="Half a sen"))
    assert "Before" in (await family.get(f"/stories/{story}")).text
    assert "After" in (await teacher.get(f"/stories/{story}/edit")).text
    at = await db.value("SELECT published_at FROM stories_story WHERE id = ?", story)
    await post_it(teacher, story)
    text = (await family.get(f"/stories/{story}")).text
    assert "After" in text
    assert "changed" in text
    assert await db.value("SELECT published_at FROM stories_story WHERE id = ?", story) == at


async def test_a_narrower_audience_counts_for_text_and_photos(school: TestSchool) -> None:
    story = await posted(school, "School", "school", ())
    (photo,) = await photos_of(story)
    reader = await school.browser("neighbour")
    for path in (f"/stories/{story}", f"/photos/{photo}/small"):
        assert (await reader.get(path)).status_code == 200
    teacher = await school.browser("teacher")
    form = changed(await form_of(teacher, story), audience="groups", groups=str(school.groups["3a"]))
    await teacher.post(f"/stories/{story}/edit", form)
    await post_it(teacher, story)
    for path in (f"/stories/{story}", f"/photos/{photo}/small"):
        assert (await reader.get(path)).status_code == 404
        assert (await (await school.browser("other")).get(path)).status_code == 200


async def test_scheduled_stories_appear_in_time_whoever_publishes_them(school: TestSchool) -> None:
    viewer, family = school.viewer("teacher"), await school.browser("other")
    story = await written(school, "Later", "3a", ("mia",))
    (photo,) = await photos_of(story)
    at = clock.now() + clock.HOUR
    await send(viewer, story, at)
    await posting.publish_due(at - 1)
    assert (await family.get(f"/stories/{story}")).status_code == 404
    assert (await family.get(f"/photos/{photo}/small")).status_code == 404
    await asyncio.gather(*(posting.publish_due(at) for _ in range(4)))
    await posting.publish_due(at + 1)
    assert (await family.get("/stories")).text.count(f'href="/stories/{story}"') == 1
    assert (await family.get(f"/photos/{photo}/small")).status_code == 200
    assert await db.value("SELECT published_at FROM stories_story WHERE id = ?", story) == at


async def test_scheduled_but_consent_withdrawn_or_tags_changed(school: TestSchool) -> None:
    viewer, family = school.viewer("teacher"), await school.browser("other")
    story = await written(school, "Later", "3a", ("mia",), ())
    mia, untagged = await photos_of(story)
    at = clock.now() + clock.HOUR
    await send(viewer, story, at)
    await school.decide("parent", "mia", Rung.FAMILY)
    teacher = await school.browser("teacher")
    form = [*await form_of(teacher, story), (f"tags-{untagged}", str(school.ids["lea"]))]
    await teacher.post(f"/stories/{story}/edit", form)
    await posting.publish_due(at)
    text = (await family.get(f"/stories/{story}")).text
    assert "Later" in text
    assert str(mia) not in text
    assert str(untagged) not in text  # its statement was taken back with the tags
    assert await db.value("SELECT state FROM photo WHERE id = ?", untagged) == "draft"


async def test_a_scheduled_story_can_be_called_back(school: TestSchool) -> None:
    story = await written(school, "Later", "3a")
    at = clock.now() + clock.HOUR
    await send(school.viewer("teacher"), story, at)
    teacher = await school.browser("teacher")
    assert f"/stories/{story}/to-draft" in (await teacher.get("/stories/mine?show=scheduled")).text
    assert (await teacher.post(f"/stories/{story}/to-draft")).status_code == 303
    await posting.publish_due(at + 1)
    assert (await teacher.get(f"/stories/{story}")).status_code == 404
    assert "Later" in (await teacher.get("/stories/mine")).text


async def test_scheduling_by_form_in_the_schools_time(school: TestSchool) -> None:
    story = await written(school, "Later", "3a")
    teacher = await school.browser("teacher")
    day = clock.add_days(clock.present("Europe/Berlin").today, 2)
    past = await post_it(teacher, story, act="schedule", day="2020-01-01", time="08:00")
    assert past.status_code == 422
    answer = await post_it(teacher, story, act="schedule", day=day, time="08:00")
    assert answer.headers["location"] == "/stories/mine?show=scheduled"
    at = await db.value("SELECT publish_at FROM stories_story WHERE id = ?", story)
    assert clock.moment(at, "Europe/Berlin").isoformat()[:16] == f"{day}T08:00"


async def test_taken_down_asked_first_and_put_back(school: TestSchool) -> None:
    story = await posted(school, "Down", "3a", ("mia",), ())
    mia, other = await photos_of(story)
    teacher, family = await school.browser("teacher"), await school.browser("other")
    asked = await teacher.post(f"/stories/{story}/take-down")
    assert 'name="confirmed"' in asked.text
    assert (await family.get(f"/stories/{story}")).status_code == 200
    await teacher.post(f"/stories/{story}/take-down", {"confirmed": "1"})
    for path in (f"/stories/{story}", f"/photos/{mia}/small", f"/photos/{other}/large"):
        assert (await family.get(path)).status_code == 404
    assert f"/stories/{story}/put-back" in (await teacher.get("/stories/mine?show=hidden")).text
    form = [*await form_of(teacher, story), (f"tags-{other}", str(school.ids["mia"]))]
    await teacher.post(f"/stories/{story}/save", form)
    assert (await teacher.post(f"/stories/{story}/put-back")).status_code == 303
    for path, status in ((f"/stories/{story}", 200), (f"/photos/{mia}/small", 200), (f"/photos/{other}/large", 404)):
        assert (await family.get(path)).status_code == status, path


async def test_a_photo_under_a_safeguarding_hold_leaves_its_writer(school: TestSchool) -> None:
    story = await written(school, "Hold", "3a", ("lea",), ())
    lea, other = await photos_of(story)
    await _hold(school.ids["lea"], True)
    teacher = await school.browser("teacher")
    page = (await teacher.get(f"/stories/{story}/edit")).text
    assert str(lea) not in page
    assert str(other) in page
    await teacher.post(f"/stories/{story}/save", await form_of(teacher, story), **JSON)
    assert len(await photos_of(story)) == 2
    await post_it(teacher, story)
    await _hold(school.ids["lea"], False)
    await school.decide("other", "lea", Rung.PUBLIC)
    text = (await (await school.browser("parent")).get(f"/stories/{story}")).text
    assert str(other) in text
    assert str(lea) not in text  # nobody has stated anything about it


async def _hold(child: int, held: bool) -> None:

    @atomic
    async def write() -> None:
        await db.run("UPDATE person SET safeguarding_hold = ? WHERE id = ?", held, child)

    await write()


async def test_erased_for_good(school: TestSchool) -> None:
    story = await posted(school, "Erase me", "3a", ("mia",), body="secret words")
    (photo,) = await photos_of(story)
    teacher = await school.browser("teacher")
    asked = await teacher.post(f"/stories/{story}/erase")
    assert 'name="confirmed"' in asked.text
    assert (await teacher.post(f"/stories/{story}/erase", {"confirmed": "1"})).status_code == 303
    assert await db.row("SELECT title, body, state FROM stories_story WHERE id = ?", story) == ("", "", "erased")
    assert await db.value("SELECT state FROM photo WHERE id = ?", photo) == "erased"
    for path in ("edit", "preview"):
        assert (await teacher.get(f"/stories/{story}/{path}")).status_code == 404
    assert (await teacher.get(f"/desk/photos/{photo}/small")).status_code == 404


async def test_a_removed_photo_stays_until_the_change_is_posted(school: TestSchool) -> None:
    story = await posted(school, "Fewer", "3a", (), ())
    keep, drop = await photos_of(story)
    teacher, family = await school.browser("teacher"), await school.browser("other")
    form = [pair for pair in await form_of(teacher, story) if pair != ("photos", str(drop))]
    await teacher.post(f"/stories/{story}/edit", form)
    assert str(drop) in (await family.get(f"/stories/{story}")).text
    assert (await teacher.post(f"/stories/{story}/drop-changes")).status_code == 303
    assert str(drop) in (await teacher.get(f"/stories/{story}/edit")).text
    await teacher.post(f"/stories/{story}/edit", [p for p in await form_of(teacher, story) if p[1] != str(drop)])
    await post_it(teacher, story)
    assert str(drop) not in (await family.get(f"/stories/{story}")).text
    assert await photos_of(story) == [keep]
    assert await db.value("SELECT state FROM photo WHERE id = ?", drop) == "erased"


async def test_empty_drafts_do_not_pile_up(school: TestSchool) -> None:
    teacher = await school.browser("teacher")
    empty, begun = await new(teacher, "1"), await written(school, "Begun")
    later = clock.now() + 2 * clock.DAY
    await actions.sweep(clock.now())
    assert (await teacher.get(f"/stories/{empty}/edit")).status_code == 200
    await actions.sweep(later)
    assert (await teacher.get(f"/stories/{empty}/edit")).status_code == 404
    assert (await teacher.get(f"/stories/{begun}/edit")).status_code == 200


async def test_lists_hold_ones_own(school: TestSchool) -> None:
    await written(school, "My draft")
    await posted(school, "My story")
    for name, expected in {"teacher": True, "colleague": False, "admin": False}.items():
        browser = await school.browser(name)
        assert ("My draft" in (await browser.get("/stories/mine")).text) == expected
        assert ("My story" in (await browser.get("/stories/mine?show=published")).text) == expected
    assert (await (await school.browser("parent")).get("/stories/mine")).status_code == 404
    assert (await (await school.browser("teacher")).get("/stories/mine?show=x")).status_code == 404


async def test_a_story_of_the_class_may_go_to_the_whole_school_by_another_teacher(school: TestSchool) -> None:
    """With the new audience the photos pass into the hands of those who brought them, and not before."""
    story = await posted(school, "Ours", "3a", ("mia",), by="teacher")
    (photo,) = await photos_of(story)
    await _teaches(school, "colleague", "3a")
    colleague, family = await school.browser("colleague"), await school.browser("neighbour")
    form = changed(await form_of(colleague, story), audience="school")
    await colleague.post(f"/stories/{story}/edit", form)
    assert (await family.get(f"/stories/{story}")).status_code == 404
    assert (await post_it(colleague, story)).status_code == 303
    assert (await family.get(f"/stories/{story}")).status_code == 200
    assert await db.value("SELECT audience FROM photo WHERE id = ?", photo) == "school"
    assert (await colleague.get(f"/stories/{story}/edit")).status_code == 404


@atomic
async def _teaches(school: TestSchool, adult: str, group: str) -> None:
    await db.run(
        "INSERT INTO staff (id, adult, group_id, source, external_id) VALUES (?, ?, ?, 'test', ?)",
        *(new_id(), school.ids[adult], school.groups[group], adult),
    )


async def test_a_scheduled_story_of_somebody_who_left_waits_for_another_look(school: TestSchool) -> None:
    story = await written(school, "Later", "3a")
    at = clock.now() + clock.HOUR
    await send(school.viewer("teacher"), story, at)
    await run("UPDATE person SET active = ? WHERE id = ?", False, school.ids["teacher"])
    await posting.publish_due(at)
    assert (await (await school.browser("other")).get(f"/stories/{story}")).status_code == 404
    await run("UPDATE person SET active = ? WHERE id = ?", True, school.ids["teacher"])
    assert (await (await school.browser("teacher")).get(f"/stories/{story}/edit")).status_code == 200


async def test_who_must_not_see_a_child_neither_reads_its_name_nor_posts_photos(school: TestSchool) -> None:
    story = await written(school, "Outside", "3a", ("mia",))
    teacher = await school.browser("teacher")
    assert "Lea Test" in (await teacher.get(f"/stories/{story}/edit")).text
    await run(
        "INSERT INTO block (id, adult, child, created_at) VALUES (?, ?, ?, 0)",
        *(new_id(), school.ids["teacher"], school.ids["lea"]),
    )
    page = (await teacher.get(f"/stories/{story}/edit")).text
    assert "Lea Test" not in page
    assert "Mia Test" in page
    with pytest.raises(Refused):
        await send(school.viewer("teacher"), story)
    words = await written(school, "Only words", "3a")
    await send(school.viewer("teacher"), words)
    assert (await (await school.browser("other")).get(f"/stories/{words}")).status_code == 200
