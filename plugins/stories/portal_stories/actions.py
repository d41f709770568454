"""Writing: what staff do with a story before readers get it. Whoever may not handle a story gets NotVisible, as if it
did not exist. What readers get is changed in `posting`.
"""

from __future__ import annotations

from contextlib import suppress

from portal.sdk import (
    Audience,
    AudienceKind,
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
    languages_of,
    new_id,
    standing,
    tag_photo,
    take_in_photo,
)
from portal_stories import queries
from portal_stories.forms import Change
from portal_stories.queries import handled
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
        " writer, language) VALUES (?, ?, '', '', ?, ?, 'draft', ?, ?, 1, 0, ?)",
        *(story, viewer.person, audience.kind.value, joined(audience.groups), now, token, await _written_in(viewer)),
    )
    await keep(story, Text("", "", audience), ())
    return story


async def _written_in(viewer: Viewer) -> str:
    """The language in which somebody writes, as long as they do not say otherwise: the one in which they read."""
    return next((spoken.code for spoken in (await languages_of([viewer.person or 0])).values()), "")


async def keep(story: int, text: Text, classes: tuple[int, ...]) -> None:
    await db.run(
        "INSERT INTO stories_draft (story, title, body, audience, groups, classes, saved_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (story) DO UPDATE SET title = excluded.title, body = excluded.body,"
        " audience = excluded.audience, groups = excluded.groups, classes = excluded.classes,"
        " saved_at = excluded.saved_at",
        *(story, text.title, text.body, text.audience.kind.value, joined(text.audience.groups)),
        *(joined(classes), clock.now()),
    )


async def count_up(story: int, tab: int) -> None:
    await db.run("UPDATE stories_story SET version = version + 1, writer = ? WHERE id = ?", tab, story)


@atomic
async def save(viewer: Viewer, story: int, change: Change) -> None:
    """Keeps what is being written; readers see it only once it is posted, tags alone count at once.

    Raises Overtaken if another window has saved in between, and then changes nothing.
    """
    found, who = await handled(viewer, story)
    elsewhere = found.version != change.seen.version and found.writer != change.seen.tab
    if elsewhere and not await _same(viewer, found, change):
        raise Overtaken(found)
    wanted = change.text.audience
    if wanted.kind is AudienceKind.GROUPS:  # what a page cannot have offered is left out
        before = {*found.text.audience.groups, *found.shown.audience.groups}
        wanted = Audience(wanted.kind, tuple(g for g in wanted.groups if g in who.staff_of or g in before))
    elif not may_offer(who, wanted, found.shown.audience):
        wanted = found.text.audience
    await keep(story, Text(change.text.title, change.text.body, wanted), change.classes)
    if change.language:
        await db.run("UPDATE stories_story SET language = ? WHERE id = ?", change.language, story)
    await _arrange(story, change)
    await _describe(viewer, found, who, change)
    await count_up(story, change.seen.tab)


async def _same(viewer: Viewer, story: Story, change: Change) -> bool:
    """Whether all of it is stored already, as when a page was left while its last save was on the way."""
    present = [place.photo for place in await queries.places(story.id) if not place.removed]
    photos = await handled_photos(viewer, present)
    return (
        change.text == story.text
        and list(change.photos) == present == list(photos)
        and all(change.alts.get(p, "") == known.picture.alt for p, known in photos.items())
        and all(change.tags.get(p) == known.children for p, known in photos.items())
    )


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


# ---- Dropping ----


@atomic
async def drop_changes(viewer: Viewer, story: int) -> None:
    """Forgets changes that were not posted; photos that wait to be removed stay."""
    found, _who = await handled(viewer, story)
    if found.state != "draft":
        await db.run("DELETE FROM stories_draft WHERE story = ?", story)
        await db.run("UPDATE stories_photo SET removed = ? WHERE story = ?", False, story)
        await count_up(story, 0)


@atomic
async def sweep(now: int) -> None:
    """Removes drafts in which nothing was ever written."""
    await db.run(
        "DELETE FROM stories_story WHERE state = 'draft' AND created_at < ? AND id IN (SELECT d.story FROM"
        " stories_draft d WHERE d.title = '' AND d.body = '' AND d.saved_at < ?)"
        " AND id NOT IN (SELECT story FROM stories_photo)",
        *(now - UNUSED, now - UNUSED),
    )
