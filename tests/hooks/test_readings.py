"""Pages get translations of what people wrote from one plugin, or the originals; nobody waits, nothing fails."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from portal import i18n, plugins
from portal.hooks.host import SLOW_S, host
from portal.hooks.specs import Reading, Text
from portal.people import school as schools
from portal.sdk import readings
from portal.testing import TestSchool, run
from portal.visibility.facts import snapshot
from portal.web.who import Who

from .modules import loaded, module

HELLO = Text("Hello & <b>welcome</b>", "en")


async def reader(school: TestSchool, language: str) -> Who:
    facts = await snapshot()
    return Who(school.viewer("parent"), await facts.viewer(school.ids["parent"]), facts, i18n.language(language))


def shouting(asked: list[Sequence[Text]]) -> Any:
    """Translates by capitals, but not what says "later"."""

    async def portal_readings(person: Who, texts: Sequence[Text]) -> list[Reading | None]:
        asked.append(texts)
        code, way = person.language.code, person.language.direction
        return [
            None if "later" in t.text else
            Reading(t.text.upper(), code, way, t.text, t.language, "ltr", translated=True, link="/loud/wrong?t=1")
            for t in texts
        ]  # fmt: skip

    return portal_readings


async def test_what_is_written_in_another_language_is_asked_for_at_once(sqlite_school: TestSchool) -> None:
    asked: list[Sequence[Text]] = []
    with loaded(module("loud", portal_readings=shouting(asked))) as name:
        await plugins.enable(name)
        person = await reader(sqlite_school, "ar")
        texts = [HELLO, Text("مرحبا", "ar"), Text("later", "de"), Text("  ", "en"), Text("unknown")]
        found = await readings(person, texts)
        assert [r.text for r in found] == ["HELLO & <B>WELCOME</B>", "مرحبا", "later", "  ", "UNKNOWN"]
        assert [r.translated for r in found] == [True, False, False, False, True]
        assert [r.direction for r in found] == ["rtl", "rtl", "ltr", "ltr", "rtl"]
        assert [[t.text for t in once] for once in asked] == [[HELLO.text, "later", "unknown"]]
        await readings(person, [Text("مرحبا", "ar")])
        assert len(asked) == 1


async def test_without_a_plugin_in_use_everybody_reads_the_original(sqlite_school: TestSchool) -> None:
    asked: list[Sequence[Text]] = []
    with loaded(module("loud", portal_readings=shouting(asked))):
        (found,) = await readings(await reader(sqlite_school, "de"), [HELLO])
    assert found == Reading(HELLO.text, "en", "ltr", HELLO.text, "en", "ltr")
    assert asked == []
    (unknown,) = await readings(await reader(sqlite_school, "de"), [Text("?")])
    assert unknown.direction == "auto"


def answering(answer: Any) -> Any:
    async def portal_readings(person: Who, texts: Sequence[Text]) -> Any:
        if isinstance(answer, Exception):
            raise answer
        return answer

    return portal_readings


GOOD = Reading("Hallo", "de", "ltr", HELLO.text, "en", "ltr", translated=True)


@pytest.mark.parametrize(
    "answer",
    [
        ValueError("x"), [], [GOOD, GOOD], ["Hallo"], None, [replace(GOOD, original="Another's text")],
        [replace(GOOD, link="https://evil.example/")], [replace(GOOD, link="/photos/1")],
    ],
)  # fmt: skip
async def test_one_that_fails_or_answers_nonsense_costs_nobody_the_text(
    sqlite_school: TestSchool, answer: Any
) -> None:
    with loaded(module("loud", portal_readings=answering(answer))) as name:
        await plugins.enable(name)
        (found,) = await readings(await reader(sqlite_school, "de"), [HELLO])
        assert found.text == HELLO.text
        assert host.troubles[name].place == "portal_readings"


async def test_one_that_takes_long_is_waited_for_once(
    sqlite_school: TestSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then pages go without it for a while, its own pages stay, and it is asked again afterwards or when woken."""
    monkeypatch.setattr("portal.hooks.host.READINGS_LIMIT_S", 0.05)
    asked, slow = 0, True

    async def portal_readings(person: Who, texts: Sequence[Text]) -> Any:
        nonlocal asked
        asked += 1
        await asyncio.sleep(30 if slow else 0)
        return [GOOD]

    with loaded(module("loud", portal_readings=portal_readings)) as name:
        await plugins.enable(name)
        person = await reader(sqlite_school, "de")
        for _page in range(3):
            (found,) = await asyncio.wait_for(readings(person, [HELLO]), 5)
            assert found.text == HELLO.text
        assert (asked, host.troubles[name].kind, host.rests(name)) == (1, "TimeoutError", False)
        slow = False
        host.wake(name)
        assert [r.text for r in await readings(person, [HELLO])] == ["Hallo"]
        slow = True
        monkeypatch.setitem(SLOW_S, "portal_readings", 0.0)
        await readings(person, [HELLO])
        slow = False
        assert [r.text for r in await readings(person, [HELLO])] == ["Hallo"]
        assert asked == 4


async def test_stories_are_read_in_ones_own_language(sqlite_school: TestSchool) -> None:
    """Marked as translated, the original at hand, escaped as ever; who reads the story's language sees no change."""
    with loaded(module("loud", portal_readings=shouting([])), sqlite_school) as name:
        await plugins.enable(name)
        story, now = 77, 1_790_000_000_000_000
        await run(
            "INSERT INTO stories_story (id, author, title, body, audience, groups, state, published_at, created_at,"
            " token, version, writer, language) VALUES (?, ?, 'Our trip', ?, 'groups', ?, 'published', ?, ?, '', 1, 0,"
            " 'en')",
            *(story, sqlite_school.ids["teacher"], "We <i>saw</i> a fox.", str(sqlite_school.groups["3a"]), now, now),
        )
        await run(
            "INSERT INTO stories_stream (id, stream, at, story) VALUES (1, ?, ?, ?)", sqlite_school.groups["3a"], now,
            story,
        )
        await schools.save(replace(await schools.load(), languages=("en", "ar")))
        parent = await sqlite_school.browser("parent")
        for page in ("/stories", f"/stories/{story}"):
            assert "Machine translation" not in (await parent.get(page)).text
        await run("UPDATE person SET language = 'ar' WHERE id = ?", sqlite_school.ids["parent"])
        arabic = await sqlite_school.browser("parent")
        for page in ("/stories", f"/stories/{story}"):
            text = (await arabic.get(page)).text
            assert "OUR TRIP" in text
            assert "WE &lt;I&gt;SAW&lt;/I&gt; A FOX." in text
            assert "We &lt;i&gt;saw&lt;/i&gt; a fox." in text
            assert 'href="/loud/wrong?t=1"' in text
            assert '<div lang="en" dir="ltr">' in text
