"""Migrations forward on a filled database, each whole or not at all."""

from __future__ import annotations

import asyncio
import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent, indent

import pytest

from portal.db import Conflict, atomic, db
from portal.db.migrate import App, migrate, pending
from portal.errors import UnsafeToStart
from portal.main import apps, create_app
from portal.testing import TestSchool

Write = Callable[[str, str], None]

FIRST = """
await script('''
CREATE TABLE tried_home (
    id BIGINT PRIMARY KEY,
    street TEXT NOT NULL
);
CREATE TABLE tried_pet (
    id BIGINT PRIMARY KEY,
    owner BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    home BIGINT NOT NULL REFERENCES tried_home (id) ON DELETE CASCADE,
    age TEXT NOT NULL
);
CREATE INDEX tried_pet_owner ON tried_pet (owner);
''')
"""

# Columns are altered where the database can, and by a rebuild on SQLite, parents of filled tables included.
REBUILD = """
if db.dialect == "sqlite":
    await script('''
CREATE TABLE tried_new (
    id BIGINT PRIMARY KEY,
    owner BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    home BIGINT NOT NULL REFERENCES tried_home (id) ON DELETE CASCADE,
    age INTEGER NOT NULL
);
INSERT INTO tried_new (id, owner, home, age) SELECT id, owner, home, CAST(age AS INTEGER) FROM tried_pet;
DROP TABLE tried_pet;
ALTER TABLE tried_new RENAME TO tried_pet;
CREATE INDEX tried_pet_owner ON tried_pet (owner);
CREATE TABLE tried_new (
    id BIGINT PRIMARY KEY,
    street TEXT
);
INSERT INTO tried_new (id, street) SELECT id, street FROM tried_home;
DROP TABLE tried_home;
ALTER TABLE tried_new RENAME TO tried_home;
''')
else:
    await script('''
ALTER TABLE tried_pet ALTER COLUMN age TYPE INTEGER USING age::INTEGER;
ALTER TABLE tried_home ALTER COLUMN street DROP NOT NULL;
''')
"""

FAILING = """
await script('''
CREATE TABLE tried_more (
    id BIGINT PRIMARY KEY
);
DELETE FROM tried_pet;
INSERT INTO tried_more (id) VALUES (1);
INSERT INTO tried_more (id) VALUES (1);
''')
"""


@pytest.fixture
def write(tmp_path: Path) -> Iterator[Write]:
    """Writes a migration of an app of this test's own."""
    folder = tmp_path / "tried_app" / "piccolo_migrations"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").touch()
    (folder / "__init__.py").touch()
    sys.path.insert(0, str(tmp_path))

    def writing(name: str, body: str) -> None:
        (folder / f"{name}.py").write_text(
            dedent(
                """
                from piccolo.apps.migrations.auto.migration_manager import MigrationManager
                from portal.db import db
                from portal.db.migrate import script

                ID, VERSION, DESCRIPTION = __name__, "1", "For a test"

                async def _up():
                """
            )
            + indent(body, "    ")
            + dedent(
                """
                async def forwards():
                    manager = MigrationManager(migration_id=ID, app_name="tried", description=DESCRIPTION)
                    manager.add_raw(_up)
                    return manager
                """
            )
        )
        importlib.invalidate_caches()

    yield writing
    sys.path.remove(str(tmp_path))
    for name in [name for name in sys.modules if name.startswith("tried_app")]:
        del sys.modules[name]


TRIED = App("tried", "tried_app.piccolo_migrations")


@atomic
async def _fill(school: TestSchool) -> None:
    await db.run("INSERT INTO tried_home (id, street) VALUES (1, 'Linden Street')")
    await db.run_many(
        "INSERT INTO tried_pet (id, owner, home, age) VALUES (?, ?, 1, ?)",
        [(number, owner, str(number * 10)) for number, owner in enumerate(school.ids.values(), 1)],
    )


async def _counts() -> dict[str, int]:
    tables = ("person", "membership", "link", "decision", "session", "photo", "photo_stream")
    return {table: await db.value(f"SELECT count(*) FROM {table}") for table in tables}


async def test_a_filled_database_keeps_its_rows(school: TestSchool, write: Write) -> None:
    await school.photo(("mia",))
    write("a_first", FIRST)
    before = await _counts()
    assert await migrate([*apps(), TRIED]) == ["tried/a_first"]
    await _fill(school)
    write("b_rebuild", REBUILD)
    assert await pending([*apps(), TRIED]) == [(TRIED, "b_rebuild")]
    assert await migrate([*apps(), TRIED]) == ["tried/b_rebuild"]
    assert await migrate([*apps(), TRIED]) == []
    rows = await db.rows("SELECT id, owner, age FROM tried_pet ORDER BY id")
    assert rows == [(number, owner, number * 10) for number, owner in enumerate(school.ids.values(), 1)]
    assert await _counts() == before
    with pytest.raises(Conflict):  # references are enforced again
        await _stray_pet()
    browser = await school.browser("parent")
    assert (await browser.get("/photos")).status_code == 200


@atomic
async def _stray_pet() -> None:
    await db.run("INSERT INTO tried_pet (id, owner, home, age) VALUES (99, 12345, 1, 3)")


async def test_one_that_fails_half_way_leaves_nothing(school: TestSchool, write: Write) -> None:
    write("a_first", FIRST)
    await migrate([TRIED])
    await _fill(school)
    pets = await db.value("SELECT count(*) FROM tried_pet")
    write("b_failing", FAILING)
    write("c_after", "await script('CREATE TABLE tried_after (id BIGINT PRIMARY KEY);')")
    with pytest.raises(Conflict):
        await migrate([TRIED])
    assert await db.value("SELECT count(*) FROM tried_pet") == pets
    for table in ("tried_more", "tried_after"):
        with pytest.raises(Exception, match=table):
            await db.rows(f"SELECT * FROM {table}")
    assert [name for _, name in await pending([TRIED])] == ["b_failing", "c_after"]
    # Mended, it runs, and what waited behind it too.
    del sys.modules["tried_app.piccolo_migrations.b_failing"]
    write("b_failing", FAILING.replace("INSERT INTO tried_more (id) VALUES (1);\n", "", 1))
    assert await migrate([TRIED]) == ["tried/b_failing", "tried/c_after"]


async def test_rows_that_would_refer_to_nothing_stop_a_rebuild(sqlite_school: TestSchool, write: Write) -> None:
    """While a table is rebuilt SQLite's references are off, so they are checked before the migration is kept."""
    write("a_first", FIRST)
    await migrate([TRIED])
    await _fill(sqlite_school)
    write("b_losing", "await script('DELETE FROM tried_home;')")
    with pytest.raises(Conflict):
        await migrate([TRIED])
    assert await db.value("SELECT count(*) FROM tried_home") == 1


async def test_running_twice_at_once_does_it_once(school: TestSchool, write: Write) -> None:
    write("a_first", FIRST)
    results = await asyncio.gather(migrate([TRIED]), migrate([TRIED]), return_exceptions=True)
    assert ["tried/a_first"] in results
    assert await pending([TRIED]) == []


async def test_the_portal_refuses_to_serve_an_older_database(school: TestSchool) -> None:
    @atomic
    async def forget_one() -> None:
        await db.run("DELETE FROM migration WHERE name = (SELECT max(name) FROM migration WHERE app = 'portal')")

    async def start() -> list[str]:
        """The server's word to the application, and its answers."""
        answers: list[str] = []
        asked = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

        async def receive() -> dict[str, str]:
            return next(asked)

        async def send(message: dict[str, str]) -> None:
            answers.append(message["type"])

        app = create_app(school.settings, background=False, durable=False)
        await app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send)  # type: ignore[arg-type]
        return answers

    assert "lifespan.startup.complete" in await start()
    db.connect(school.settings.database, durable=False)
    await forget_one()
    with pytest.raises(ExceptionGroup) as failure:
        await start()
    assert failure.group_contains(UnsafeToStart, match="portal migrate")
    await db.close()
