"""Its tables."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from portal.sdk import script

TABLES = """
CREATE TABLE lost_thing (
    id BIGINT PRIMARY KEY,
    what TEXT NOT NULL,
    finder BIGINT NOT NULL,
    keeper BIGINT NOT NULL,
    photo BIGINT NOT NULL,
    found_at BIGINT NOT NULL
);
CREATE TABLE lost_claim (
    id BIGINT PRIMARY KEY,
    thing BIGINT NOT NULL REFERENCES lost_thing (id) ON DELETE CASCADE,
    person BIGINT NOT NULL,
    proof BIGINT NOT NULL
);
CREATE TABLE lost_note (
    claim BIGINT NOT NULL REFERENCES lost_claim (id) ON DELETE CASCADE,
    text TEXT NOT NULL
);
CREATE TABLE lost_shelf (
    id BIGINT PRIMARY KEY,
    warden BIGINT NOT NULL
);
"""


async def _up() -> None:
    await script(TABLES)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id="first", app_name="lost", description="")
    manager.add_raw(_up)
    return manager
