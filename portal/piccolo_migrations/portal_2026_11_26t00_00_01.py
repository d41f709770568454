"""What plugins need of the core: jobs, declarations of what they keep, sealed files; and how people are reached."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from portal.db.migrate import script

ID = "2026-11-26T00:00:01"
VERSION = "1.38.0"
DESCRIPTION = "Jobs, keepings and files of plugins; how people are reached"

TABLES = """
CREATE TABLE job (
    id BIGINT PRIMARY KEY,
    plugin TEXT NOT NULL,
    name TEXT NOT NULL,
    payload TEXT NOT NULL,
    due_at BIGINT,
    tries INTEGER NOT NULL,
    problem TEXT
);
CREATE INDEX job_due ON job (due_at);
CREATE TABLE schedule (
    id BIGINT PRIMARY KEY,
    plugin TEXT NOT NULL,
    name TEXT NOT NULL,
    next_at BIGINT NOT NULL,
    UNIQUE (plugin, name)
);
CREATE TABLE keeping (
    plugin TEXT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    stores TEXT NOT NULL,
    erases BOOLEAN NOT NULL
);
CREATE TABLE trouble (
    plugin TEXT NOT NULL PRIMARY KEY,
    place TEXT NOT NULL,
    kind TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE TABLE kept_file (
    id BIGINT PRIMARY KEY,
    plugin TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    at BIGINT NOT NULL
);
CREATE TABLE reach (
    person BIGINT PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    channel TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);
"""


async def _up() -> None:
    await script(TABLES)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="portal", description=DESCRIPTION)
    manager.add_raw(_up)
    return manager
