"""A small plugin that keeps the contract, written into a folder of its own so that a test can break it in one place."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent
from types import ModuleType

from portal.hooks.host import host

FILES = {
    "__init__.py": "",
    "plugin.py": """
        from pathlib import Path
        from portal.sdk import API, About, Access, Card, Job, NavItem, Purpose, Setting, Stored, clock, db, hook
        from portal_lost import routes

        KEPT = (
            Stored("Things", "Finders", "For 30 days", table="lost_thing", people=("finder",), days=30, since="at"),
            Stored("Marks", "Finders", "With the thing", table="lost_mark", through=("thing", "lost_thing")),
        )

        @hook
        def portal_about():
            return About("lost", "Lost things", API, "portal_lost", Path(__file__).parent, stores=KEPT)

        @hook
        def portal_routes():
            return routes.ROUTES

        @hook
        def portal_navigation():
            return [NavItem("Lost things", "/lost", Access.SIGNED_IN)]

        @hook
        async def portal_cards(person):
            return [Card("Something was found", "", "/lost")]

        async def count(payload):
            await db.value("SELECT COUNT(*) FROM lost_thing")

        @hook
        def portal_jobs():
            return [Job("count", count, every=clock.HOUR)]

        @hook
        def portal_settings():
            return [Setting("place", "Where things are", "text", "")]

        @hook
        def portal_purposes():
            return [Purpose("names", "Names", "The name may stand beside the thing.")]

        @hook
        async def portal_event(event):
            pass

        @hook
        async def portal_erase(person):
            pass
    """,
    "tables.py": """
        from piccolo.columns import BigInt, Text
        from portal.sdk import Table

        class Thing(Table, tablename="lost_thing"):
            id = BigInt(primary_key=True)
            what = Text()
            finder = BigInt()
            photo = BigInt()
            at = BigInt()

        class Mark(Table, tablename="lost_mark"):
            id = BigInt(primary_key=True)
            thing = BigInt()
    """,
    "actions.py": """
        from portal.sdk import atomic, clock, db, marks, new_id

        HERE = __file__

        @atomic
        async def add(viewer, what, photo=0):
            thing, finder = new_id(), viewer.person
            await db.run(
                "INSERT INTO lost_thing (id, what, finder, photo, at) VALUES (?, ?, ?, ?, ?)",
                *(thing, what, finder, photo, clock.now()),
            )
            await db.run("INSERT INTO lost_mark (id, thing) VALUES (?, ?)", new_id(), thing)
            return thing

        async def things():
            rows = await db.rows("SELECT id, what FROM lost_thing ORDER BY at")
            ids = [row[0] for row in rows]
            return rows, await db.rows(f"SELECT id FROM lost_mark WHERE thing IN ({marks(len(ids))})", *ids)
    """,
    "routes.py": """
        from typing import Any
        from litestar import Request, Response, get
        from litestar.params import FromPath
        from portal.sdk import Access, NotVisible, page
        from portal_lost import actions

        @get("/lost", access=Access.SIGNED_IN)
        async def home(request: Request[Any, Any, Any]) -> Response[Any]:
            rows, _marks = await actions.things()
            return page(request, "lost/list.html", things=rows)

        @get("/lost/{thing:int}", access=Access.SIGNED_IN)
        async def single(request: Request[Any, Any, Any], thing: FromPath[int]) -> Response[Any]:
            rows = [row for row in (await actions.things())[0] if row[0] == thing]
            if not rows:
                raise NotVisible
            return page(request, "lost/list.html", things=rows)

        ROUTES = [home, single]
    """,
    "piccolo_migrations/__init__.py": "",
    "piccolo_migrations/first.py": """
        from piccolo.apps.migrations.auto.migration_manager import MigrationManager
        from portal.sdk import script

        MADE = '''
        CREATE TABLE lost_thing (
            id BIGINT PRIMARY KEY, what TEXT NOT NULL, finder BIGINT NOT NULL, photo BIGINT NOT NULL, at BIGINT NOT NULL
        );
        CREATE TABLE lost_mark (
            id BIGINT PRIMARY KEY, thing BIGINT NOT NULL REFERENCES lost_thing (id)
        );
        '''

        async def up():
            await script(MADE)

        async def forwards():
            manager = MigrationManager(migration_id="1", app_name="lost", description="")
            manager.add_raw(up)
            return manager
    """,
    "piccolo_migrations/second.py": """
        from piccolo.apps.migrations.auto.migration_manager import MigrationManager
        from portal.sdk import script

        async def up():
            await script("CREATE INDEX lost_thing_at ON lost_thing (at)")

        async def forwards():
            manager = MigrationManager(migration_id="2", app_name="lost", description="")
            manager.add_raw(up)
            return manager
    """,
    "templates/list.html": """
        {% extends "base.html" %}
        {% block title %}Lost{% endblock %}
        {% block main %}{{ ui.page_head("Lost") }}
        <ul>{% for id, what in things %}<li><a href="/lost/{{ id }}">{{ what }}</a></li>{% endfor %}</ul>
        {% endblock %}
    """,
}


@contextmanager
def written(folder: Path) -> Iterator[Path]:
    """The plugin's package in `folder`, where Python finds it; forgotten again at the end."""
    package = folder / "portal_lost"
    for name, text in FILES.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(dedent(text).lstrip("\n"))
    sys.path.insert(0, str(folder))
    if not host.plugins:
        host.load_installed()
    try:
        yield package
    finally:
        sys.path.remove(str(folder))
        forget()


def changed(package: Path, file: str, before: str, after: str) -> None:
    """Replaces a piece of one file that stands in it."""
    text = (package / file).read_text()
    assert before in text, f"{file} does not hold {before!r}"
    (package / file).write_text(text.replace(before, after, 1))


def load() -> ModuleType:
    """Brings it into the host, as if it were installed."""
    importlib.invalidate_caches()
    module = importlib.import_module("portal_lost.plugin")
    assert host.load(module), host.broken
    return module


def forget() -> None:
    if "lost" in host.plugins:
        host.unload("lost")
    host.broken.pop("portal_lost.plugin", None)
    host.wake("lost")
    for module in [name for name in sys.modules if name.split(".")[0] == "portal_lost"]:
        del sys.modules[module]
