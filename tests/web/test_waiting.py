"""What waits for an answer."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from portal import clock, i18n
from portal.consent import notices
from portal.consent.notices import Reference
from portal.db import db
from portal.kinds import PHOTO, VIDEO, Rung, new_id
from portal.people import school as schools
from portal.testing import TestSchool, run
from portal.visibility.facts import snapshot
from portal.web.waiting import Waits, what_waits
from portal.web.who import Who


@pytest.fixture
async def school(school: TestSchool) -> TestSchool:
    await notices.publish_defaults(await schools.load())
    return school


async def waits(school: TestSchool, name: str) -> list[Waits]:
    facts = await snapshot()
    viewer = school.viewer(name)
    return await what_waits(Who(viewer, await facts.viewer(viewer.person), facts, i18n.language("en"), ""))


async def told(school: TestSchool, name: str) -> list[tuple[str, ...]]:
    found = await waits(school, name)
    return [(each.what, each.name, *each.missing, *(f"-{lapsed}" for lapsed in each.lapsed)) for each in found]


async def test_each_is_asked_for_what_only_they_can_say(school: TestSchool) -> None:
    for name in ("parent", "coparent", "noors_parent", "teacher", "grandparent", "former", "mia"):
        assert await told(school, name) == [("privacy", "")], name
    assert await told(school, "other") == [("privacy", ""), ("child", "Lea Test", "photo", "video")]
    assert await told(school, "noor") == [("privacy", ""), ("own", "Noor Test", "photo", "video")]
    assert await waits(school, "anonymous") == []


async def test_who_may_not_see_a_child_is_asked_only_where_nothing_is_shown_without_them(school: TestSchool) -> None:
    assert await told(school, "blocked") == [("privacy", "")]
    await schools.save(replace(await schools.load(), quorum="all"))
    assert await told(school, "blocked") == [("privacy", ""), ("child", "Mia Test", "photo", "video")]


async def test_what_was_answered_waits_no_longer(school: TestSchool) -> None:
    await notices.acknowledge(school.viewer("other"), "privacy", Reference(1, "en"))
    await school.decide("other", "lea", Rung.NOBODY, PHOTO)
    assert await told(school, "other") == [("child", "Lea Test", "video")]
    await school.decide("other", "lea", Rung.CLASS, VIDEO)
    assert await told(school, "other") == []
    await notices.publish(
        school.viewer("admin"), "privacy", {"en": "New."}, {"en": "All."}, after=1, school=await schools.load()
    )
    assert await told(school, "other") == [("privacy", "")]


async def test_a_lapsed_answer_waits_again(school: TestSchool) -> None:
    today = clock.present("Europe/Berlin").today
    await school.decide("other", "lea", Rung.CLASS, VIDEO)
    await run(
        "INSERT INTO decision (id, child, made_by, purpose, rung, at, until, notice_version, notice_sha256, language,"
        " way, entered_by, recorded_at) VALUES (?, ?, ?, 'photo', 2, ?, ?, 1, '', 'en', 'account', NULL, 0)",
        *(new_id(), school.ids["lea"], school.ids["other"], clock.now() - clock.DAY, today),
    )
    assert await told(school, "other") == [("privacy", "")]
    with clock.frozen(clock.now() + clock.DAY):
        assert await told(school, "other") == [("privacy", ""), ("child", "Lea Test", "-photo")]


async def test_an_answer_given_while_not_deciding_does_not_count(school: TestSchool) -> None:
    today = clock.present("Europe/Berlin").today
    await run("UPDATE link SET starts = ? WHERE adult = ?", today, school.ids["noors_parent"])
    assert ("child", "Noor Test", "photo", "video") in await told(school, "noors_parent")


async def test_nobody_is_asked_for_a_child_who_decides_alone(school: TestSchool) -> None:
    await run("UPDATE person SET born = '2000-01-01' WHERE id = ?", school.ids["lea"])
    assert await told(school, "other") == [("privacy", "")]
    assert await told(school, "lea") == [("privacy", ""), ("own", "Lea Test", "photo", "video")]


async def test_three_queries_for_one_child_and_for_ten(school: TestSchool, monkeypatch: pytest.MonkeyPatch) -> None:
    async def count() -> int:
        facts = await snapshot()
        viewer = school.viewer("other")
        person = Who(viewer, await facts.viewer(viewer.person), facts, i18n.language("en"), "")
        seen = 0
        read = db.backend.read

        async def counting(sql: str, args: Any) -> Any:
            nonlocal seen
            seen += 1
            return await read(sql, args)

        with monkeypatch.context() as patch:
            patch.setattr(db.backend, "read", counting)
            await what_waits(person)
        return seen

    assert await count() <= 3
    for number in range(9):
        child = new_id()
        await run(
            "INSERT INTO person (id, kind, given_name, family_name, language, source, created_at)"
            " VALUES (?, 'child', ?, 'Test', 'en', 'test', 0)",
            *(child, f"Child {number}"),
        )
        await run(
            "INSERT INTO link (id, adult, child, decides, sees, relation, source) VALUES (?, ?, ?, ?, ?, '', 'test')",
            *(new_id(), school.ids["other"], child, True, True),
        )
    assert len(await waits(school, "other")) == 11
    assert await count() <= 3


async def test_one_thing_after_the_other_and_each_can_wait(school: TestSchool) -> None:
    browser = await school.browser("other")
    first = await browser.get("/waiting")
    assert "1 of 2" in first.text
    assert 'href="/waiting?skip=1"' in first.text
    second = await browser.get("/waiting?skip=1")
    assert "How far may pictures of Lea Test travel?" in second.text
    assert f'href="/decide/{school.ids["lea"]}?waiting=1"' in second.text
    assert 'href="/waiting?skip=2"' not in second.text, "the last thing that may wait leads on to the portal"
    assert re.search(r'href="(/photos|/stories)">Later</a>', second.text)
    for page in (first, second, await browser.get("/waiting?skip=2"), await browser.get("/waiting?skip=99")):
        assert page.status_code == 200
        assert "Go on to the portal" in page.text
    read = await browser.post("/privacy/seen", {"shown": "1:en", "next": "/waiting?skip=0"})
    assert (read.status_code, read.headers["location"]) == (303, "/waiting?skip=0")
    kept = await browser.post(
        f"/decide/{school.ids['lea']}", {"shown": "1:en", "photo": "2", "video": "2", "waiting": "0"}
    )
    assert kept.headers["location"] == "/waiting?skip=0"
    assert "Nothing waits for your answer" in (await browser.get("/waiting?skip=0")).text
    assert (await (await school.browser()).get("/waiting")).status_code == 303


async def test_answering_later_closes_nothing_else(school: TestSchool) -> None:
    photo = await school.photo(("mia",))
    browser = await school.browser("other")  # has read nothing, answered nothing
    assert (await browser.get(f"/photos/{photo}")).status_code == 200
