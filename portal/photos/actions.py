"""What staff do with photos. Whoever may not handle a photo gets NotVisible, as if it did not exist."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from portal.db import atomic, db, marks
from portal.errors import NotVisible, Refused
from portal.kinds import PHOTO, Audience, AudienceKind, Viewer, new_id
from portal.photos import connected
from portal.photos.intake import Rendition, intake
from portal.visibility import door, index
from portal.visibility.facts import snapshot
from portal.visibility.rule import PhotoFacts, Standing


@dataclass(frozen=True, slots=True)
class Taken:
    """A photo that was taken in: width and height in pixels, after orientation."""

    photo: int
    width: int
    height: int


async def take_in(viewer: Viewer, file: bytes | Path, audience: Audience, *, owner: str, purpose: str = PHOTO) -> Taken:
    """Takes in an uploaded file as a draft photo that only its handlers see.

    Raises Refused, with a reason for people, if the file cannot be taken.
    """
    judged = await intake(file)
    if judged.reason is not None:
        raise Refused(judged.reason.text, **judged.reason.values)
    if viewer.person is None or not (await (await snapshot()).viewer(viewer.person)).is_staff:
        raise NotVisible
    photo = new_id()
    # First the files, then the row: a row never points at nothing. Files without a row can be read by nobody.
    await asyncio.to_thread(connected.vault().keep, photo, 0, judged.renditions)
    size = (judged.width or 0, judged.height or 0)
    await _write_down(viewer.person, photo, audience, owner, purpose, size, judged.renditions)
    return Taken(photo, *size)


@atomic
async def _write_down(
    uploader: int, photo: int, audience: Audience, owner: str, purpose: str, size: tuple[int, int],
    renditions: Iterable[Rendition],
) -> None:
    await index.add(uploader, audience, owner=owner, purpose=purpose, size=size, photo=photo)
    await db.run_many(
        "INSERT INTO rendition (id, photo, redaction, name, format, width, height, size)"
        " VALUES (?, ?, 0, ?, ?, ?, ?, ?)",
        [(new_id(), photo, r.name, r.format, r.width, r.height, len(r.data)) for r in renditions],
    )


async def _handled(viewer: Viewer, photos: Iterable[int]) -> dict[int, PhotoFacts]:
    wanted = list(photos)
    found = await door.handled(viewer, wanted)
    if len(found) != len(set(wanted)):
        raise NotVisible
    return found


@atomic
async def tag(viewer: Viewer, photo: int, children: Iterable[int]) -> None:
    """Says which children appear; the statement that all are tagged must be given again.

    Raises NotVisible for an id that is no child's: no list that holds the photo could be judged any more.
    """
    wanted = set(children)
    facts = (await _handled(viewer, [photo]))[photo]
    if wanted != facts.children:
        if wanted - (await (await snapshot()).children(wanted)).keys():
            raise NotVisible
        await index.tag(photo, sorted(wanted))


@atomic
async def describe(viewer: Viewer, photo: int, alt: str) -> None:
    """Sets the text that stands for the photo where it cannot be seen. Up to 500 characters are kept."""
    await _handled(viewer, [photo])
    await db.run("UPDATE photo SET alt = ? WHERE id = ?", alt.strip()[:500], photo)


@atomic
async def offer(viewer: Viewer, photos: Iterable[int], audience: Audience) -> None:
    """Changes to whom photos are offered. Raises NotVisible for an audience that this person may not address."""
    who = await (await snapshot()).viewer(viewer.person)
    for photo, facts in (await _handled(viewer, photos)).items():
        if not may_offer(who, audience, facts):
            raise NotVisible
        await index.offer(photo, audience)


def may_offer(who: Standing, audience: Audience, before: PhotoFacts | None = None) -> bool:
    """Whether this person may offer photos to an audience: classes with one of their own among them; the school, as
    staff; the public, from the office or as administrator, because what is public cannot be called back. What is so
    already may stay so. Plugins may ask for more.
    """
    if before is not None and (before.audience, before.groups) == (audience.kind, frozenset(audience.groups)):
        return True
    if audience.kind is AudienceKind.GROUPS:
        return bool(audience.groups) and ("admin" in who.roles or not who.staff_of.isdisjoint(audience.groups))
    if audience.kind is AudienceKind.SCHOOL:
        return who.is_staff
    return bool(who.roles & {"office", "admin"})


@atomic
async def publish(viewer: Viewer, photos: Iterable[int]) -> None:
    """Publishes photos with the statement that everyone recognisable in them is tagged."""
    for photo in await _handled(viewer, photos):
        await index.state_reviewed(photo)
        await index.set_state(photo, "published")


@atomic
async def review(viewer: Viewer, photos: Iterable[int]) -> None:
    """Records the statement that everyone recognisable is tagged, without publishing yet."""
    for photo in await _handled(viewer, photos):
        await index.state_reviewed(photo)


@atomic
async def hide(viewer: Viewer, photos: Iterable[int]) -> None:
    """Takes photos down; their handlers still see them in the desk."""
    for photo in await _handled(viewer, photos):
        await index.set_state(photo, "hidden")


async def erase(viewer: Viewer, photos: Iterable[int]) -> None:
    """Erases photos for good: first what the rows hold, then key and files."""
    handled = list(await _handled(viewer, photos))
    await _mark_erased(handled)
    await _destroy(handled)


@atomic
async def _mark_erased(photos: list[int]) -> None:
    for photo in photos:
        await index.forget(photo)


async def _destroy(photos: Iterable[int]) -> None:
    for photo in photos:
        await asyncio.to_thread(connected.vault().erase, photo)
        await _forget_files(photo)


@atomic
async def _forget_files(photo: int) -> None:
    await db.run("DELETE FROM rendition WHERE photo = ?", photo)


async def finish_erasing() -> None:
    """Destroys keys and files that an erasure cut short has left: rows of renditions go last.

    Reads all renditions, so it is for once a day.
    """
    left = await db.rows(
        "SELECT DISTINCT r.photo FROM rendition r JOIN photo p ON p.id = r.photo WHERE p.state = 'erased'"
    )
    await _destroy(photo for (photo,) in left)


@atomic
async def hide_unseen(photos: Iterable[int]) -> None:
    """Takes photos down along with what they belong to, whoever may handle them. Only ever narrows."""
    for photo in photos:
        await index.set_state(photo, "hidden")


async def due(photos: Iterable[int]) -> None:
    """Publishes reviewed photos whose time has come. For scheduled publication only: nobody is asking."""
    wanted = list(photos)
    if wanted:
        await _publish_reviewed(wanted)


@atomic
async def _publish_reviewed(photos: list[int]) -> None:
    await db.run(
        "UPDATE photo SET state = 'published' WHERE reviewed AND state = 'draft' AND NOT withheld"
        f" AND id IN ({marks(len(photos))})",
        *photos,
    )


async def discard(owner: str, photos: Iterable[int]) -> None:
    """Erases those of the photos that this plugin took in: what they belonged to is gone, and nobody is asking.

    One with a child under a safeguarding hold is only taken down: it may be evidence, and its handler decides.
    """
    wanted = sorted(set(photos))
    if not wanted:
        return
    going, held = await door.discardable(owner, wanted)
    await hide_unseen(held)
    await _mark_erased(going)
    await _destroy(going)
