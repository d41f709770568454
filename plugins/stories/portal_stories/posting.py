"""What readers get: posting a story, taking it down, erasing it. Whoever may not handle a story gets NotVisible."""

from __future__ import annotations

from collections.abc import Sequence

from portal.sdk import (
    Audience,
    BadInput,
    Refused,
    Standing,
    Viewer,
    _,
    atomic,
    clock,
    db,
    emit,
    erase_photos,
    erased_photos,
    handled_photos,
    hide_photos_unseen,
    keeps_children_from,
    marks,
    new_id,
    offer_photos,
    publish_due_photos,
    publish_photos,
    review_photos,
    standing,
)
from portal_stories import queries
from portal_stories.actions import count_up, keep
from portal_stories.forms import Statement
from portal_stories.queries import Place, handled
from portal_stories.rules import Story, joined, may_offer, may_still_offer

PUBLISHED = "stories.published"  # the event; its subject is the story, new or changed
OTHER_HANDS = _(
    "Somebody else has to answer for a photo of this story, so it cannot be erased now. Take it down instead: then"
    " nobody sees it."
)


# ---- Posting ----


async def post(viewer: Viewer, story: int, said: Statement, at: int | None = None) -> None:
    """Posts what was written, or changes to it: now, or at the instant `at` if it was never published before.

    Raises BadInput for what is missing, Refused if something changed since it was looked at.
    """
    gone = await _post(viewer, story, said, at)
    if gone:
        await erase_photos(viewer, gone)
        await _forget(gone)


@atomic
async def _post(viewer: Viewer, story: int, said: Statement, at: int | None) -> list[int]:
    work = await queries.editor(viewer, story)
    found, who, text = work.story, await standing(viewer), work.story.text
    _check(work, who, said)
    if work.photos and await keeps_children_from(viewer, {*text.audience.groups, *found.classes}):
        raise Refused(
            _(
                "You do not see all children of this class, so you cannot say who is in a photo. Please ask a"
                " colleague to post the photos."
            )
        )
    places = await queries.places(story)
    if found.published_at is not None:
        at = None
    await _pass_on(viewer, work, places, text.audience, at is None)
    now = clock.now()
    if at is not None:
        state, published_at, publish_at = "scheduled", None, at
    else:
        state, published_at, publish_at = "published", found.published_at or now, None
    await db.run(
        "UPDATE stories_story SET title = ?, body = ?, audience = ?, groups = ?, state = ?, published_at = ?,"
        " publish_at = ?, edited_at = ?, scheduler = ? WHERE id = ?",
        *(text.title, text.body, text.audience.kind.value, joined(text.audience.groups), state, published_at),
        *(publish_at, now if found.published_at else None, _scheduler(viewer, found), story),
    )
    await db.run("DELETE FROM stories_draft WHERE story = ?", story)
    await _stand(story, text.audience, published_at if state == "published" else None)
    await count_up(story, 0)
    if state == "published":
        await emit(PUBLISHED, story)
    present = await handled_photos(viewer, [place.photo for place in places if place.removed])
    return list(present)


def _scheduler(viewer: Viewer, found: Story) -> int | None:
    """Who answers for the audience when the time comes: who chose it, not who mended a word later."""
    if found.state == "scheduled" and found.text.audience == found.shown.audience:
        return found.scheduler
    return viewer.person


def _check(work: queries.Editor, who: Standing, said: Statement) -> None:
    text = work.story.text
    if not text.title:
        raise BadInput("title", _("Please give the story a title."))
    if not may_offer(who, text.audience, work.story.shown.audience if work.story.state != "draft" else None):
        raise BadInput("audience", _("Please choose who may see this story."))
    if said.fingerprint != work.fingerprint:
        raise Refused(_("The story has changed since you looked at it. Please look once more, then post it."))
    if work.photos and not said.everyone_tagged:
        raise BadInput("sure", _("Please confirm that everyone who can be recognised is tagged."))


async def _pass_on(
    viewer: Viewer, work: queries.Editor, places: Sequence[Place], audience: Audience, now: bool
) -> None:
    """The photos follow their story: the same audience, published with it. What somebody else must answer for stays
    away from readers."""
    photos = list(work.photos)
    if now:
        await publish_photos(viewer, photos)
    else:
        await review_photos(viewer, photos)
    # Last, because with another audience the photos may pass into other hands.
    await offer_photos(viewer, [p for p in photos if work.photos[p].audience != audience], audience)
    await hide_photos_unseen([place.photo for place in places if place.photo not in work.photos])


async def _stand(story: int, audience: Audience, at: int | None) -> None:
    """Places a story in its streams, or (`at` None) nowhere."""
    await db.run("DELETE FROM stories_stream WHERE story = ?", story)
    if at is not None:
        await db.run_many(
            "INSERT INTO stories_stream (id, stream, at, story) VALUES (?, ?, ?, ?)",
            [(new_id(), stream, at, story) for stream in audience.streams],
        )


@atomic
async def _forget(photos: Sequence[int]) -> None:
    await db.run(f"DELETE FROM stories_photo WHERE photo IN ({marks(len(photos))})", *photos)


async def publish_due(now: int) -> None:
    """Publishes what is scheduled for `now` or earlier. Any number of processes may do so at the same time."""
    failed: Exception | None = None
    for (story,) in await db.rows(
        "SELECT id FROM stories_story WHERE state = 'scheduled' AND publish_at <= ? ORDER BY publish_at LIMIT 200", now
    ):
        try:
            await _publish(story, now)
        except Exception as failure:  # the next ones are due all the same
            failed = failure
    if failed is not None:
        raise failed


@atomic
async def _publish(story: int, now: int) -> None:
    found = await queries.load(story)
    if found is None or found.state != "scheduled" or found.publish_at is None or found.publish_at > now:
        return  # another process was faster, or its writer has just changed their mind
    if not may_still_offer(await standing(Viewer(found.scheduler or found.author)), found.shown.audience):
        await _draft_again(found)  # whoever promised it may no longer: somebody else must look at it first
        return
    await db.run(
        "UPDATE stories_story SET state = 'published', published_at = ?, publish_at = NULL WHERE id = ?", now, story
    )
    await _stand(story, found.shown.audience, now)
    await publish_due_photos([place.photo for place in await queries.places(story) if not place.removed])
    await emit(PUBLISHED, story)


# ---- Taking back ----


@atomic
async def take_down(viewer: Viewer, story: int) -> None:
    """Nobody sees the story or its photos any more; it can be put back."""
    found, _who = await handled(viewer, story)
    if found.state != "published":
        raise Refused(_("This story is not published."))
    await db.run("UPDATE stories_story SET state = 'hidden' WHERE id = ?", story)
    await _stand(story, found.shown.audience, None)
    # All of them, also those that somebody else must answer for.
    await hide_photos_unseen([place.photo for place in await queries.places(story)])
    await count_up(story, 0)


@atomic
async def put_back(viewer: Viewer, story: int) -> None:
    """Undoes `take_down`. A photo whose tags changed meanwhile stays away until someone states again that they are
    complete."""
    found, _who = await handled(viewer, story)
    if found.state != "hidden":
        raise Refused(_("This story is not taken down."))
    await db.run("UPDATE stories_story SET state = 'published' WHERE id = ?", story)
    await _stand(story, found.shown.audience, found.published_at)
    photos = await handled_photos(viewer, [place.photo for place in await queries.places(story)])
    await publish_photos(viewer, [p for p, known in photos.items() if known.reviewed and known.state == "hidden"])
    await count_up(story, 0)


@atomic
async def back_to_draft(viewer: Viewer, story: int) -> None:
    """A scheduled story waits for its writer again."""
    found, _who = await handled(viewer, story)
    if found.state != "scheduled":
        raise Refused(_("This story is not scheduled."))
    await _draft_again(found)


async def _draft_again(found: Story) -> None:
    await keep(found.id, found.text, found.classes)
    await db.run("UPDATE stories_story SET state = 'draft', publish_at = NULL WHERE id = ?", found.id)
    await count_up(found.id, 0)


async def erase(viewer: Viewer, story: int) -> None:
    """Erases the text for good, and the photos with their keys. Raises Refused while a photo is in other hands."""
    photos = await _erase(viewer, story)
    if photos:
        await erase_photos(viewer, photos)
        await _forget(photos)


@atomic
async def _erase(viewer: Viewer, story: int) -> list[int]:
    found, _who = await handled(viewer, story)
    photos = [place.photo for place in await queries.places(story)]
    mine = list(await handled_photos(viewer, photos))
    if set(photos) - set(mine) - await erased_photos(photos):
        raise Refused(OTHER_HANDS)  # nobody could erase these later: the story that leads to them would be gone
    await hide_photos_unseen(mine)
    await _stand(story, found.shown.audience, None)
    await db.run("DELETE FROM stories_draft WHERE story = ?", story)
    await db.run(
        "UPDATE stories_story SET state = 'erased', title = '', body = '', publish_at = NULL, version = version + 1,"
        " writer = 0 WHERE id = ?",
        story,
    )
    return mine
