"""Photos: what somebody sees, and what staff do with them. The rule is asked at each step; nothing here widens it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from portal.kinds import Audience, Shown, Viewer
from portal.photos import actions as _photos
from portal.photos.actions import Taken
from portal.photos.queries import Picture
from portal.photos.queries import erased as _erased
from portal.photos.queries import pictures as _pictures
from portal.photos.queries import visible as _visible
from portal.visibility import door as _door
from portal.visibility.preview import Preview
from portal.visibility.preview import preview as _preview
from portal.web.who import Who

# ---- Photos: what somebody sees ----


async def visible_pictures(person: Who, photos: Sequence[int], *, downloads: bool = False) -> dict[int, Picture]:
    """Those of the photos that this person gets now, ready for a template. The same number of queries for 1 and 30.

    `downloads` fills `Picture.download` where a child of theirs can be recognised, so that they may keep a copy.
    """
    if not (downloads and person.standing.family_of):
        return await _visible(person.viewer, photos, person.facts)
    shown = list((await _door.looks(person.viewer, photos, person.facts)).values())
    found = await _pictures(shown)
    if shown:
        for photo in await _door.with_own_child(person.viewer, shown, person.facts):
            found[photo] = replace(found[photo], download=f"/photos/{photo}/download")
    return found


# ---- Photos: what staff do with them. Each raises NotVisible for somebody who does not handle the photo ----


@dataclass(frozen=True, slots=True)
class HandledPhoto:
    """A photo as its handler knows it. `picture` leads to the review desk, where each look is written down."""

    picture: Picture
    children: frozenset[int]
    state: str  # 'draft', 'published' or 'hidden'
    reviewed: bool  # staff stated that everyone recognisable is tagged
    audience: Audience


async def handled_photos(viewer: Viewer, photos: Sequence[int]) -> dict[int, HandledPhoto]:
    """Those of the photos that this person handles, in the order given."""
    handled = await _door.handled(viewer, photos)
    known = await _pictures([Shown(photo) for photo in handled], base="/desk/photos")
    return {
        photo: HandledPhoto(
            known[photo], handled[photo].children, handled[photo].state, handled[photo].reviewed,
            Audience(handled[photo].audience, tuple(sorted(handled[photo].groups))),
        )
        for photo in photos
        if photo in handled
    }


async def take_in_photo(viewer: Viewer, file: bytes | Path, audience: Audience, *, owner: str) -> Taken:
    """Takes in an uploaded file (JPEG, PNG, WebP, HEIC) as a draft; `owner` is the plugin's name.

    Raises Refused, with a reason for people.
    """
    return await _photos.take_in(viewer, file, audience, owner=owner)


async def tag_photo(viewer: Viewer, photo: int, children: Iterable[int]) -> None:
    """Says which children can be recognised; if that changes, the statement that all are tagged is taken back."""
    await _photos.tag(viewer, photo, children)


async def describe_photo(viewer: Viewer, photo: int, alt: str) -> None:
    """Sets the text for those who cannot see the photo. Up to 500 characters are kept."""
    await _photos.describe(viewer, photo, alt)


async def offer_photos(viewer: Viewer, photos: Iterable[int], audience: Audience) -> None:
    """Changes to whom photos are offered."""
    await _photos.offer(viewer, photos, audience)


async def review_photos(viewer: Viewer, photos: Iterable[int]) -> None:
    """Records this person's statement that everyone recognisable is tagged, without publishing yet."""
    await _photos.review(viewer, photos)


async def publish_photos(viewer: Viewer, photos: Iterable[int]) -> None:
    """Publishes photos, with this person's statement that everyone recognisable is tagged."""
    await _photos.publish(viewer, photos)


async def publish_due_photos(photos: Iterable[int]) -> None:
    """Publishes those that are reviewed drafts: for jobs, where nobody is asking."""
    await _photos.due(photos)


async def hide_photos(viewer: Viewer, photos: Iterable[int]) -> None:
    """Takes photos down."""
    await _photos.hide(viewer, photos)


async def hide_photos_unseen(photos: Iterable[int]) -> None:
    """Takes photos down along with what they belong to, whoever may handle them. Only ever narrows."""
    await _photos.hide_unseen(photos)


async def erase_photos(viewer: Viewer, photos: Iterable[int]) -> None:
    """Erases photos for good. Not inside `@atomic`: files go too."""
    await _photos.erase(viewer, photos)


async def erased_photos(photos: Iterable[int]) -> frozenset[int]:
    """Those of the photos that were erased for good: nobody handles them any more."""
    return await _erased(photos)


async def preview(viewer: Viewer, photos: Sequence[int], audience: Audience) -> Preview:
    """Who would see which of these photos if they were published for this audience now. Only handled photos count."""
    return await _preview(viewer, photos, audience)


async def discard_photos(plugin: str, photos: Iterable[int]) -> None:
    """Erases those of the photos that this plugin took in, when what they belonged to is gone: for jobs, where nobody
    is asking. One under a safeguarding hold is only taken down. Not inside `@atomic`."""
    await _photos.discard(plugin, photos)
