"""What staff do with stories. Whoever may not handle a story gets NotVisible, as if it did not exist."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from portal.sdk import (
    Audience,
    AudienceKind,
    BadInput,
    Conflict,
    NotVisible,
    Refused,
    Standing,
    Taken,
    Viewer,
    _,
    atomic,
    children_of,
    clock,
    db,
    describe_photo,
    erase_photos,
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
    tag_photo,
    take_in_photo,
)
from portal_stories import queries
from portal_stories.forms import Change, Statement
from portal_stories.queries import Place, handled
from portal_stories.rules import MOST_PHOTOS, Story, Text, joined, may_offer, may_write

UNUSED = 1 * clock.DAY  # an empty draft that nobody touched for so long is removed
TOO_MANY = _("A story can have up to 10 photos. This one was left out.")


class Overtaken(Exception):
    """Another window has saved this story in between. Holds what is stored now."""

    def __init__(self, story: Story) -> None:
        super().__init__("saved elsewhere")
        self.story = story


# ---- Writing ----


async def create(viewer: Viewer, token: str, group: int | None = None) -> int:
    """A new draft, for a class of the writer's; the same `token` gives the same draft. Returns its id."""
    with suppress(Conflict):  # the other half of a double click came first
        return await _create(viewer, token[:64], group)
    return await _create(viewer, token[:64], group)


@atomic
async def _create(viewer: Viewer, token: str, group: int | None) -> int:
    who = await standing(viewer)
    if not may_write(who) or not token:
        raise NotVisible
    known = await db.value("SELECT id FROM stories_story WHERE author = ? AND token = ?", viewer.person, token)
    if known is not None:
        return int(known)
    if group is None and len(who.staff_of) == 1:
        group = next(iter(who.staff_of))
    audience = Audience(AudienceKind.GROUPS, (group,) if group in who.staff_of and group is not None else ())
    story, now = new_id(), clock.now()
    await db.run(
        "INSERT INTO stories_story (id, author, title, body, audience, groups, state, created_at, token, version,"
        " writer) VALUES (?, ?, '', '', ?, ?, 'draft', ?, ?, 1, 0)",
        *(story, viewer.person, audience.kind.value, joined(audience.groups), now, token),
    )
    await _keep(story, Text("", "", audience), ())
    return story


async def _keep(story: int, text: Text, classes: tuple[int, ...]) -> None:
    await db.run(
        "INSERT INTO stories_draft (story, title, body, audience, groups, classes, saved_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (story) DO UPDATE SET title = excluded.title, body = excluded.body,"
        " audience = excluded.audience, groups = excluded.groups, classes = excluded.classes,"
        " saved_at = excluded.saved_at",
        *(story, text.title, text.body, text.audience.kind.value, joined(text.audience.groups)),
        *(joined(classes), clock.now()),
    )


async def _count_up(story: int, tab: int) -> None:
    await db.run("UPDATE stories_story SET version = version + 1, writer = ? WHERE id = ?", tab, story)


@atomic
async def save(viewer: Viewer, story: int, change: Change) -> None:
    """Keeps what is being written; readers see it only once it is posted, tags alone count at once.

    Raises Overtaken if another window has saved in between, and then changes nothing.
    """
    found, who = await handled(viewer, story)
    if found.version != change.seen.version and found.writer != change.seen.tab:
        raise Overtaken(found)
    wanted = change.text.audience
    if wanted.kind is AudienceKind.GROUPS:  # what a page cannot have offered is left out
        before = {*found.text.audience.groups, *found.shown.audience.groups}
        wanted = Audience(wanted.kind, tuple(g for g in wanted.groups if g in who.staff_of or g in before))
    elif not may_offer(who, wanted, found.shown.audience):
        wanted = found.text.audience
    await _keep(story, Text(change.text.title, change.text.body, wanted), change.classes)
    await _arrange(story, change)
    await _describe(viewer, found, who, change)
    await _count_up(story, change.seen.tab)


async def _arrange(story: int, change: Change) -> None:
    """Order and removal. A page that leaves out a photo removes it only if it can have known of it: another window
    may have added it since. Ids are ordered by time, so what is older than the page was on it."""
    tab = change.seen.tab
    order = {photo: position for position, photo in enumerate(change.photos)}
    for place in await queries.places(story):
        if place.photo in order:
            await db.run(
                "UPDATE stories_photo SET position = ?, tab = ?, removed = ? WHERE id = ?",
                *(order[place.photo], tab, False, place.link),
            )
        elif place.tab == tab or place.link < tab:
            await db.run("UPDATE stories_photo SET removed = ? WHERE id = ?", True, place.link)


async def _describe(viewer: Viewer, story: Story, who: Standing, change: Change) -> None:
    """Alt texts and tags of the photos that the page listed and this person handles."""
    photos = await handled_photos(viewer, [place.photo for place in await queries.places(story.id)])
    every = bool(who.roles & {"office", "admin"})
    wanted = {*change.classes, *change.text.audience.groups, *story.text.audience.groups, *story.classes}
    offered = {c.id for c in await children_of(viewer, [g for g in wanted if every or g in who.staff_of])}
    for photo, known in photos.items():
        if photo not in change.alts:
            continue
        if change.alts[photo] != known.picture.alt:
            await describe_photo(viewer, photo, change.alts[photo])
        # Whom the page did not offer it cannot have meant to leave out.
        tags = (change.tags[photo] & (offered | known.children)) | (known.children - change.offered)
        if tags != known.children:  # last, because with a tag the photo may pass into other hands
            await tag_photo(viewer, photo, tags)


# ---- Photos ----


async def add_photo(viewer: Viewer, story: int, file: bytes, once: str, tab: int = 0) -> Taken:
    """Takes a picture into the story, from the page `tab`; the same `once` is the same picture.

    Raises Refused, with a reason for people.
    """
    found, _who = await handled(viewer, story)
    once = once[:64] or str(new_id())
    if (known := await _sent_before(viewer, story, once)) is not None:
        return known
    if await _count(story) >= MOST_PHOTOS:
        raise Refused(TOO_MANY)
    taken = await take_in_photo(viewer, file, found.text.audience, owner="stories")
    try:
        await _attach(viewer, story, taken.photo, once, tab)
    except (Conflict, Refused, NotVisible) as lost:
        await erase_photos(viewer, [taken.photo])
        if isinstance(lost, Conflict) and (known := await _sent_before(viewer, story, once)) is not None:
            return known
        raise
    return taken


async def _sent_before(viewer: Viewer, story: int, once: str) -> Taken | None:
    photo = await db.value("SELECT photo FROM stories_photo WHERE story = ? AND once = ?", story, once)
    known = (await handled_photos(viewer, [photo])).get(photo) if photo is not None else None
    return Taken(photo, known.picture.width, known.picture.height) if known is not None else None


async def _count(story: int) -> int:
    return int(await db.value("SELECT count(*) FROM stories_photo WHERE story = ? AND NOT removed", story))


@atomic
async def _attach(viewer: Viewer, story: int, photo: int, once: str, tab: int) -> None:
    await handled(viewer, story)  # a lost right or an erased story counts, however long the picture took
    if await _count(story) >= MOST_PHOTOS:
        raise Refused(TOO_MANY)
    last = await db.value("SELECT COALESCE(max(position), -1) FROM stories_photo WHERE story = ?", story)
    await db.run(
        "INSERT INTO stories_photo (id, story, photo, position, once, tab, removed) VALUES (?, ?, ?, ?, ?, ?, ?)",
        *(new_id(), story, photo, last + 1, once, tab, False),
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
        " publish_at = ?, edited_at = ? WHERE id = ?",
        *(text.title, text.body, text.audience.kind.value, joined(text.audience.groups), state, published_at),
        *(publish_at, now if found.published_at else None, story),
    )
    await db.run("DELETE FROM stories_draft WHERE story = ?", story)
    await _stand(story, text.audience, published_at if state == "published" else None)
    await _count_up(story, 0)
    present = await handled_photos(viewer, [place.photo for place in places if place.removed])
    return list(present)


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
    for (story,) in await db.rows(
        "SELECT id FROM stories_story WHERE state = 'scheduled' AND publish_at <= ? ORDER BY publish_at LIMIT 200", now
    ):
        await _publish(story, now)


@atomic
async def _publish(story: int, now: int) -> None:
    found = await queries.load(story)
    if found is None or found.state != "scheduled" or found.publish_at is None or found.publish_at > now:
        return  # another process was faster, or its writer has just changed their mind
    if not (await standing(Viewer(found.author))).is_staff:
        await _draft_again(found)  # whoever promised it has left: somebody else must look at it first
        return
    await db.run(
        "UPDATE stories_story SET state = 'published', published_at = ?, publish_at = NULL WHERE id = ?", now, story
    )
    await _stand(story, found.shown.audience, now)
    await publish_due_photos([place.photo for place in await queries.places(story) if not place.removed])


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
    await _count_up(story, 0)


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
    await _count_up(story, 0)


@atomic
async def back_to_draft(viewer: Viewer, story: int) -> None:
    """A scheduled story waits for its writer again."""
    found, _who = await handled(viewer, story)
    if found.state != "scheduled":
        raise Refused(_("This story is not scheduled."))
    await _draft_again(found)


async def _draft_again(found: Story) -> None:
    await _keep(found.id, found.text, found.classes)
    await db.run("UPDATE stories_story SET state = 'draft', publish_at = NULL WHERE id = ?", found.id)
    await _count_up(found.id, 0)


@atomic
async def drop_changes(viewer: Viewer, story: int) -> None:
    """Forgets changes that were not posted; photos that wait to be removed stay."""
    found, _who = await handled(viewer, story)
    if found.state != "draft":
        await db.run("DELETE FROM stories_draft WHERE story = ?", story)
        await db.run("UPDATE stories_photo SET removed = ? WHERE story = ?", False, story)
        await _count_up(story, 0)


async def erase(viewer: Viewer, story: int) -> None:
    """Erases the text for good, and the photos with their keys."""
    photos = await _erase(viewer, story)
    if photos:
        await erase_photos(viewer, photos)
        await _forget(photos)


@atomic
async def _erase(viewer: Viewer, story: int) -> list[int]:
    found, _who = await handled(viewer, story)
    await _stand(story, found.shown.audience, None)
    await db.run("DELETE FROM stories_draft WHERE story = ?", story)
    await db.run(
        "UPDATE stories_story SET state = 'erased', title = '', body = '', publish_at = NULL, version = version + 1,"
        " writer = 0 WHERE id = ?",
        story,
    )
    photos = [place.photo for place in await queries.places(story)]
    await hide_photos_unseen(photos)
    return list(await handled_photos(viewer, photos))


@atomic
async def sweep(now: int) -> None:
    """Removes drafts in which nothing was ever written."""
    await db.run(
        "DELETE FROM stories_story WHERE state = 'draft' AND created_at < ? AND id IN (SELECT d.story FROM"
        " stories_draft d WHERE d.title = '' AND d.body = '' AND d.saved_at < ?)"
        " AND id NOT IN (SELECT story FROM stories_photo)",
        *(now - UNUSED, now - UNUSED),
    )
