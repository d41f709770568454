"""Short ways for tests to write and post stories, through the actions that the pages call."""

from __future__ import annotations

import io

from PIL import Image
from portal_stories import actions, posting, queries
from portal_stories.forms import Change, Seen, Statement
from portal_stories.rules import Text

from portal.sdk import Audience, AudienceKind, Viewer, new_id
from portal.testing import TestSchool


def picture(width: int = 96, height: int = 64, form: str = "JPEG") -> bytes:
    """A small real picture file, different each time."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), new_id() % 0xFFFFFF).save(out, form)
    return out.getvalue()


def audience_of(school: TestSchool, audience: str) -> Audience:
    """`3a`, `3a,3b`, `school` or `public`."""
    if audience in ("school", "public"):
        return Audience(AudienceKind(audience))
    return Audience(AudienceKind.GROUPS, tuple(sorted(school.groups[g] for g in audience.split(","))))


async def attach(school: TestSchool, story: int, *children: str, by: str = "teacher", groups: str = "3a") -> int:
    """A photo with tiny sealed files in the story, with these children tagged."""
    photo = await school.photo(children, tuple(groups.split(",")), by=by, state="draft", reviewed=False)
    await actions._attach(school.viewer(by), story, photo, str(photo), 0)
    return photo


async def written(
    school: TestSchool, title: str = "A walk", audience: str = "3a", *photos: tuple[str, ...], by: str = "teacher",
    body: str = "We went out.",
) -> int:
    """A draft with a photo for each of `photos`, which name the children in it."""
    viewer = school.viewer(by)
    story = await actions.create(viewer, str(new_id()))
    for children in photos:
        await attach(school, story, *children, by=by)
    await rewrite(viewer, story, title, body, audience_of(school, audience))
    return story


async def rewrite(viewer: Viewer, story: int, title: str, body: str, audience: Audience | None = None) -> None:
    """Saves another text."""
    work = await queries.editor(viewer, story)
    photos = work.photos
    await actions.save(
        viewer, story,
        Change(
            Text(title, body, audience or work.story.text.audience), work.story.classes, tuple(photos),
            {p: known.picture.alt for p, known in photos.items()}, {p: known.children for p, known in photos.items()},
            frozenset(), Seen(work.story.version, new_id()),
        ),
    )  # fmt: skip


async def send(viewer: Viewer, story: int, at: int | None = None) -> None:
    """Posts it with the statement that everyone is tagged."""
    await posting.post(viewer, story, Statement((await queries.editor(viewer, story)).fingerprint, True), at)


async def posted(
    school: TestSchool, title: str = "A walk", audience: str = "3a", *photos: tuple[str, ...], by: str = "teacher",
    body: str = "We went out.",
) -> int:
    """A published story."""
    story = await written(school, title, audience, *photos, by=by, body=body)
    await send(school.viewer(by), story)
    return story


async def photos_of(story: int) -> list[int]:
    return [place.photo for place in await queries.places(story)]
