"""Who answers for a story later on: for what is erased, for what is scheduled, and for all of it after a breakdown."""

from __future__ import annotations

import pytest
from desk import photos_of, posted, send, written
from portal_stories import posting, queries

from portal.photos import actions as photos
from portal.photos import connected
from portal.sdk import clock, db, new_id
from portal.testing import TestSchool, run


async def _hold(school: TestSchool, child: str, hold: bool) -> None:
    await run("UPDATE person SET safeguarding_hold = ? WHERE id = ?", hold, school.ids[child])


async def test_a_story_with_a_photo_in_other_hands_is_not_erased_half(school: TestSchool) -> None:
    story = await posted(school, "Held", "3a", ("lea",), ())
    lea, other = await photos_of(story)
    await _hold(school, "lea", True)
    teacher = await school.browser("teacher")
    answer = await teacher.post(f"/stories/{story}/erase", {"confirmed": "1"})
    assert answer.status_code == 403
    assert "cannot be erased now" in answer.text
    assert (await teacher.get(f"/stories/{story}")).status_code == 200  # nothing has changed
    assert await db.value("SELECT state FROM photo WHERE id = ?", other) == "published"
    await _hold(school, "lea", False)
    assert (await teacher.post(f"/stories/{story}/erase", {"confirmed": "1"})).status_code == 303
    for photo in (lea, other):
        assert await db.value("SELECT state FROM photo WHERE id = ?", photo) == "erased"
        assert not connected.vault().erase(photo)  # neither key nor files are left


async def test_an_erasure_cut_short_is_finished(school: TestSchool, monkeypatch: pytest.MonkeyPatch) -> None:
    story = await posted(school, "Gone", "3a", ("mia",))
    (photo,) = await photos_of(story)
    await run(
        "INSERT INTO rendition (id, photo, redaction, name, format, width, height, size)"
        " VALUES (?, ?, 0, 'small', 'webp', 1, 1, 1)",
        *(new_id(), photo),
    )
    with monkeypatch.context() as broken:
        broken.setattr(connected.vault(), "_keys", None)  # the disk with the keys is away
        with pytest.raises(AttributeError):
            await photos.erase(school.viewer("teacher"), [photo])
    assert await db.value("SELECT state FROM photo WHERE id = ?", photo) == "erased"
    assert connected.vault().read(photo, 0, "small")
    await photos.finish_erasing()
    assert not connected.vault().erase(photo)
    assert await db.value("SELECT count(*) FROM rendition WHERE photo = ?", photo) == 0
    await photos.finish_erasing()


async def test_what_is_scheduled_for_the_public_needs_somebody_who_may(school: TestSchool) -> None:
    at = clock.now() + clock.HOUR
    kept = await written(school, "Kept", "public", by="office")
    lost = await written(school, "Lost", "public", by="office")
    await send(school.viewer("office"), kept, at)
    await posting.publish_due(at)
    await send(school.viewer("office"), lost, at + 1)
    await run("DELETE FROM role WHERE person = ?", school.ids["office"])
    await run(
        "INSERT INTO staff (id, adult, group_id, source, external_id) VALUES (?, ?, ?, 'test', 'o')",
        *(new_id(), school.ids["office"], school.groups["3a"]),
    )
    await posting.publish_due(at + 1)
    visitor = await school.browser()
    assert (await visitor.get(f"/stories/{kept}")).status_code == 200
    assert (await visitor.get(f"/stories/{lost}")).status_code == 404
    assert await db.value("SELECT state FROM stories_story WHERE id = ?", lost) == "draft"


async def test_who_mends_a_word_does_not_answer_for_the_audience(school: TestSchool) -> None:
    """The office schedules for everybody, the author corrects a word: it still goes out."""
    story = await written(school, "Fete", "3a")
    at = clock.now() + clock.HOUR
    await run("UPDATE stories_draft SET audience = 'public', groups = '' WHERE story = ?", story)
    await send(school.viewer("admin"), story, at)
    await send(school.viewer("teacher"), story, at + 1)
    await posting.publish_due(at + 1)
    assert (await (await school.browser()).get(f"/stories/{story}")).status_code == 200


async def test_one_that_fails_keeps_none_of_the_others_waiting(
    school: TestSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    at, viewer = clock.now() + clock.HOUR, school.viewer("teacher")
    bad, good = await written(school, "Bad", "3a"), await written(school, "Good", "3a")
    await send(viewer, bad, at)
    await send(viewer, good, at + 1)
    stand = posting._stand

    async def failing(story: int, *rest: object) -> None:
        if story == bad:
            raise RuntimeError("a defect")
        await stand(story, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(posting, "_stand", failing)
    with pytest.raises(RuntimeError):
        await posting.publish_due(at + 1)
    states = dict(await db.rows("SELECT id, state FROM stories_story"))
    assert (states[bad], states[good]) == ("scheduled", "published")


async def test_the_numbers_on_the_lists_are_those_of_the_lists(school: TestSchool) -> None:
    await posted(school, "Mine", "3a")
    shared = await posted(school, "A colleague's", "3b", by="colleague")
    both = f"{school.groups['3b']},{school.groups['3a']}"
    await run("UPDATE stories_story SET groups = ? WHERE id = ?", both, shared)
    await written(school, "A colleague's draft", "3b", by="colleague")
    viewer = school.viewer("teacher")
    found = await queries.counts(viewer)
    assert found["published"] == 2
    assert found == {name: len(await queries.mine(viewer, name)) for name in queries.LISTS}
