"""A small plugin for tests: found things with finder and child, what was said about them, and who cares for them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from portal import clock, plugins
from portal.db import atomic, db
from portal.hooks import hook
from portal.hooks.host import host
from portal.hooks.specs import API, About, Job, Purpose, Setting, Stored
from portal.kinds import new_id
from portal.testing import TestSchool

NAME = "lost"
TABLES = (
    "CREATE TABLE lost_thing (id BIGINT PRIMARY KEY, finder BIGINT, child BIGINT, what TEXT, found_at BIGINT,"
    " file BIGINT)",
    "CREATE TABLE lost_word (id BIGINT PRIMARY KEY, thing BIGINT NOT NULL REFERENCES lost_thing (id), said TEXT)",
    "CREATE TABLE lost_keeper (id BIGINT PRIMARY KEY, person BIGINT, room TEXT)",
)
STORES = (
    Stored(
        "Found things 100 %", "Whoever found or lost them", "Thirty days", table="lost_thing",
        people=("finder", "child"), days=30, since="found_at", files=("file",),
    ),
    Stored("Words about them", "Whoever lost them", "As long as the thing", table="lost_word",
           through=("thing", "lost_thing")),
    Stored("Who cares for them", "Staff", "For ever", "the town hall", table="lost_keeper", people=("person",),
           on_erase="blank"),
)  # fmt: skip
SETTINGS = (
    Setting("open", "Open to families", "bool", False, hint="Otherwise only staff look."),
    Setting("days", "Days until it is given away", "number", 30, least=1, most=60),
    Setting("room", "Where things lie", "text", "Cellar", most=20),
    Setting("way", "How it is told", "choice", "card", options=(("card", "By a card"), ("none", "Not at all"))),
)
PURPOSES = (
    Purpose("names", "Names beside found things, 100 %", "Beside a found thing stands the child's name.\n\n- in class"),
    Purpose("calls", "Calls about found things", "Somebody calls when a thing was found."),
)
OF_CHILD, OF_OTHERS = "lost.names", "lost.calls"


async def _nothing(_payload: dict[str, Any]) -> None:
    pass


def module(**hooks: Any) -> ModuleType:
    """The plugin's module; `hooks` replace its own answers or add to them."""
    about = About(NAME, "Lost things", API, "portal_lost", Path(__file__).parent / "nothing", "Finds owners.", STORES)
    made = ModuleType("portal_lost")
    known: dict[str, Any] = {
        "portal_about": about, "portal_settings": SETTINGS, "portal_purposes": PURPOSES,
        "portal_jobs": [Job("tidy", _nothing)],
    }  # fmt: skip
    for key, answer in (known | hooks).items():
        function = answer if callable(answer) else (lambda answer=answer: answer)
        function.__name__ = key
        setattr(made, key, hook(function))
    return made


@contextmanager
def loaded(**hooks: Any) -> Iterator[None]:
    """The plugin in the portal's own host, until the block ends."""
    if NAME not in host.plugins:
        assert host.load(module(**hooks)), host.broken
    try:
        yield
    finally:
        if NAME in host.plugins:
            host.unload(NAME)
        host.wake(NAME)


@contextmanager
def gone() -> Iterator[None]:
    """As if it had been uninstalled, until the block ends."""
    plugin = host.plugins.pop(NAME)
    try:
        yield
    finally:
        host.plugins[NAME] = plugin


@atomic
async def make_tables() -> None:
    for table in TABLES:
        await db.run(table if db.dialect == "postgres" else table.replace("BIGINT PRIMARY KEY", "INTEGER PRIMARY KEY"))


async def use(school: TestSchool) -> None:
    """Its tables, and in use."""
    await make_tables()
    await plugins.enable(NAME)


@atomic
async def found(
    what: str, finder: int = 0, child: int = 0, *, said: str = "", days_ago: int = 1, file: int = 0
) -> int:
    """A found thing, with something said about it."""
    number = new_id()
    at = clock.now() - days_ago * clock.DAY
    await db.run("INSERT INTO lost_thing VALUES (?, ?, ?, ?, ?, ?)", number, finder, child, what, at, file)
    if said:
        await db.run("INSERT INTO lost_word VALUES (?, ?, ?)", new_id(), number, said)
    return number
