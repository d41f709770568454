"""The demo school as plugins get it in `portal_demo`: who has which id, and the stories that could be told."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from portal.demo.pictures import picture
from portal.kinds import Audience, Viewer


@dataclass(frozen=True, slots=True)
class DemoPicture:
    """A picture to be taken in: `alt` in the story's language, `children` by id."""

    index: int
    alt: str
    children: frozenset[int]

    async def jpeg(self) -> bytes:
        """Draws it, beside the event loop."""
        return await asyncio.get_running_loop().run_in_executor(_pen, _draw, self.index)


_pen = ThreadPoolExecutor(1, thread_name_prefix="pen")  # one picture at a time: a canvas takes many megabytes


def _draw(index: int) -> bytes:
    return picture(index).jpeg()


@dataclass(frozen=True, slots=True)
class DemoStory:
    """Something a teacher tells. `at` in microseconds UTC, in the future for what is scheduled."""

    teller: Viewer
    group: int
    """The class whose children are in the pictures."""
    audience: Audience
    title: str
    body: str
    at: int
    posted: bool
    """False: it stays a draft."""
    pictures: Sequence[DemoPicture]


@dataclass(frozen=True, slots=True)
class DemoSchool:
    """What a plugin needs to fill the demo school. `people` by key (the cast's parts), `groups` by name."""

    people: Mapping[str, int]
    groups: Mapping[str, int]
    stories: Sequence[DemoStory]
