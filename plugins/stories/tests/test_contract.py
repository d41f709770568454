"""What every plugin keeps to, with stories as teachers make them."""

from __future__ import annotations

from desk import picture, rewrite, send
from portal_stories import actions

from portal.sdk import Audience, AudienceKind, clock, new_id
from portal.testing import TestSchool
from portal.testing.contract import problems


async def fill(school: TestSchool, count: int) -> list[str]:
    """A posted story with a photo, one that waits for its time, and a draft, each `count` times."""
    teacher, audience = school.viewer("teacher"), Audience(AudienceKind.GROUPS, (school.groups["3a"],))
    addresses = []
    for number in range(count):
        for state in ("posted", "waiting", "draft"):
            story = await actions.create(teacher, str(new_id()), school.groups["3a"])
            if state == "posted":
                await actions.add_photo(teacher, story, picture(), str(number))
            await rewrite(teacher, story, f"A walk {number}", "We went out.", audience)
            if state != "draft":
                await send(teacher, story, clock.now() + clock.DAY if state == "waiting" else None)
            addresses += [f"/stories/{story}/{page}".rstrip("/") for page in ("", "edit", "preview")]
    return addresses


async def test_contract() -> None:
    assert await problems("stories", fill) == []
