"""The demo school has meetings, as people would have made and booked them."""

from __future__ import annotations

from types import SimpleNamespace

from portal_meetings import demo, loading

from portal.sdk import db
from portal.testing import TestSchool


async def test_the_demo_school_is_lively(meeting: TestSchool) -> None:
    people = {name: meeting.ids[name] for name in ("teacher", "office")}
    steps: list[tuple[int, int]] = []
    await demo.meet(
        SimpleNamespace(people=people, groups=meeting.groups), lambda _what, done, of: steps.append((done, of))
    )
    assert steps[-1] == (3, 3)
    assert [event.kind for event in await loading.events("ORDER BY e.id")] == ["evening", "visit", "family"]
    assert await db.value("SELECT count(*) FROM meetings_event WHERE state = 'open'") == 3
    assert await db.value("SELECT count(*) FROM meetings_booking WHERE state = 'on'") > 0
    for name, path in (("parent", "/meetings"), ("teacher", "/meetings")):
        assert (await (await meeting.browser(name)).get(path)).status_code == 200
