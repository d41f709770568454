"""Stories for the demo school, told the way teachers tell them: drafted, photographed, tagged, looked at, posted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from portal.sdk import clock, new_id
from portal_stories import actions, posting, queries
from portal_stories.forms import Change, Seen, Statement
from portal_stories.rules import Text

AHEAD = 6  # pictures drawn before they are needed, so that drawing and taking in go on at the same time


async def tell(school: Any, progress: Callable[[str, int, int], None]) -> None:
    """Tells the stories of a `portal.demo` school, each at its own time."""
    stories: Sequence[Any] = school.stories
    total, done = sum(len(story.pictures) for story in stories), 0
    progress("Pictures", done, total)
    drawn = _drawn_ahead(stories)
    now = clock.now()
    for story in stories:
        files = [await next(drawn) for _picture in story.pictures]
        with clock.frozen(min(story.at, now)):
            await _tell(story, files, story.at if story.at > now else None)
        done += len(files)
        progress("Pictures", done, total)


def _drawn_ahead(stories: Sequence[Any]) -> Iterator[asyncio.Task[bytes]]:
    """The pictures in their order, a few of them drawn ahead."""
    waiting: list[asyncio.Task[bytes]] = []
    for picture in (picture for story in stories for picture in story.pictures):
        waiting.append(asyncio.create_task(picture.jpeg()))
        if len(waiting) > AHEAD:
            yield waiting.pop(0)
    yield from waiting


async def _tell(story: Any, files: Sequence[bytes], later: int | None) -> None:
    draft = await actions.create(story.teller, str(new_id()), story.group)
    taken = await asyncio.gather(
        *(actions.add_photo(story.teller, draft, file, str(at)) for at, file in enumerate(files))
    )
    photos = tuple(one.photo for one in taken)
    found = await queries.load(draft)
    assert found is not None
    change = Change(
        text=Text(story.title, story.body, story.audience),
        classes=(story.group,),
        photos=photos,
        alts={photo: picture.alt for photo, picture in zip(photos, story.pictures, strict=True)},
        tags={photo: picture.children for photo, picture in zip(photos, story.pictures, strict=True)},
        offered=frozenset().union(*(picture.children for picture in story.pictures)),
        seen=Seen(found.version, new_id()),
        language="en",
    )
    await actions.save(story.teller, draft, change)
    if story.posted:
        looked_at = await queries.editor(story.teller, draft)
        await posting.post(story.teller, draft, Statement(looked_at.fingerprint, True), later)
