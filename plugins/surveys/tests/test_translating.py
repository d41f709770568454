"""Questions in a language that nobody wrote them in, and answers in the reader's: by another plugin, never of what is
signed, and of nothing anonymous."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from asking import COMING, SIGN, WHY, answer, asked, opened

from portal.hooks.host import host
from portal.sdk import API, About, Reading, Text, Who, hook
from portal.testing import TestSchool, run


@pytest.fixture
async def shouting(asking: TestSchool) -> AsyncIterator[list[Text]]:
    """Something that translates into capitals; gives what it was asked for."""
    seen: list[Text] = []
    made = ModuleType("portal_loud")

    @hook
    def portal_about() -> About:
        return About("loud", "Loud", API, "portal_loud", Path(__file__).parent)

    @hook
    async def portal_readings(person: Who, texts: Sequence[Text]) -> list[Reading]:
        seen.extend(texts)
        own = person.language
        return [Reading(t.text.upper(), own.code, own.direction, t.text, t.language, "ltr", translated=True)
                for t in texts]  # fmt: skip

    made.portal_about, made.portal_readings = portal_about, portal_readings  # type: ignore[attr-defined]
    assert host.load(made), host.broken
    await asking.use("loud")
    yield seen
    host.unload("loud")


async def speaks(school: TestSchool, name: str, code: str) -> Any:
    await run("UPDATE person SET language = ? WHERE id = ?", code, school.ids[name])
    return await school.browser(name)


async def test_questions_are_read_in_ones_own_language(asking: TestSchool, shouting: list[Text]) -> None:
    survey = await opened(asking, WHY, COMING, title="The fete")
    page = (await (await asking.browser("parent")).get(f"/surveys/{survey}/answer")).text
    assert "translated by a machine" not in page
    parent = await speaks(asking, "parent", "ar")
    page = (await parent.get(f"/surveys/{survey}/answer")).text
    question = (await asked(survey))[0].label.text("en")
    assert question.upper() in page
    assert "THE FETE" in page
    assert "?child=0&amp;original" in page
    original = (await parent.get(f"/surveys/{survey}/answer?child=0&original")).text
    assert question in original
    assert question.upper() not in original
    assert {text.language for text in shouting} == {"en"}


async def test_what_is_signed_is_read_as_it_was_written(asking: TestSchool, shouting: list[Text]) -> None:
    survey = await opened(asking, SIGN, title="The trip", per="child")
    parent = await speaks(asking, "parent", "ar")
    page = (await parent.get(f"/surveys/{survey}/answer?child={asking.ids['mia']}")).text
    assert "THE TRIP" not in page
    assert "The trip" in page
    assert shouting == []


async def test_answers_are_read_in_the_language_of_whoever_reads_them(
    asking: TestSchool, shouting: list[Text]
) -> None:
    survey = await opened(asking, WHY, per="child")
    await speaks(asking, "parent", "de")
    await answer(asking.viewer("parent"), survey, "Weil wir <b>verreisen</b>", child=asking.ids["mia"])
    page = (await (await asking.browser("teacher")).get(f"/surveys/{survey}/results")).text
    assert "WEIL WIR &lt;B&gt;VERREISEN&lt;/B&gt;" in page
    assert "Weil wir &lt;b&gt;verreisen&lt;/b&gt;" in page  # the original, one tap away
    assert Text("Weil wir <b>verreisen</b>", "de", (asking.ids["mia"],)) in shouting


async def test_what_was_said_anonymously_goes_nowhere_else(asking: TestSchool, shouting: list[Text]) -> None:
    survey = await opened(asking, WHY, anonymous=True, by="admin", audience="school")
    page = await (await asking.browser("admin")).get(f"/surveys/{survey}/results")
    assert page.status_code == 200
    assert shouting == []
