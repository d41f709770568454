"""Short ways for tests to write something, and to read it as one of the cast does."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from typing import Any

import pytest

from portal import plugins
from portal.i18n import language
from portal.sdk import Reading, Text, db, readings
from portal.testing import TestSchool, run
from portal.visibility.facts import snapshot
from portal.web.who import Who

# In CI a missing engine is a failure, not a reason to look away.
needs_apertium = pytest.mark.skipif(
    shutil.which("apertium") is None and not os.environ.get("CI"), reason="needs Apertium: see docs/translation.md"
)
MUSEUM = "Dear families, tomorrow we visit the museum. Please bring a raincoat."
MUSEO = "Queridas familias, mañana visitamos el museo. Por favor traer un impermeable."


async def choose(engine: str = "apertium", **others: Any) -> None:
    """What the administrator chose."""
    await plugins.choose("translation", {"engine": engine, "address": "", "api_key": "", "own": False} | others)


async def reader(school: TestSchool, name: str, code: str = "es") -> Who:
    """One of the cast, who reads the portal in this language."""
    await run("UPDATE person SET language = ? WHERE id = ?", code, school.ids[name])
    viewer, facts = school.viewer(name), await snapshot()
    return Who(viewer, await facts.viewer(viewer.person), facts, language(code), "")


def written(text: str, *children: int, code: str = "en") -> Text:
    return Text(text, code, tuple(children))


async def read(who: Who, *texts: Text) -> list[Reading]:
    """As a page gets them."""
    return await readings(who, texts)


async def translated(school: TestSchool, who: Who, *texts: Text) -> list[Reading]:
    """As a page gets them when somebody has looked at it before, and the job has run."""
    await read(who, *texts)
    await school.work()
    return await read(who, *texts)


async def stored(column: str = "state") -> Sequence[Any]:
    """A column of all texts, in the order in which they were asked for."""
    return [value for (value,) in await db.rows(f"SELECT {column} FROM translation_text ORDER BY id")]


async def due_again() -> None:
    """Time has passed: whatever waits for a later try is due."""
    await run("UPDATE translation_text SET due_at = 0 WHERE state = 'waiting'")
    await run("UPDATE translation_state SET wait_until = 0")
    await run("UPDATE job SET due_at = 0")


def path_of(reading: Reading) -> str:
    assert reading.link
    return reading.link


def parts_of(reading: Reading) -> tuple[str, dict[str, str]]:
    """The address of a translation, and what its forms send along."""
    path, _mark, query = path_of(reading).partition("?")
    return path, dict(pair.split("=", 1) for pair in query.split("&"))
