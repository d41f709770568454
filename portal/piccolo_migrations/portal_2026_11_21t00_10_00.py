"""What the roster import remembers."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from portal.db.migrate import script

ID = "2026-11-21T00:10:00"
VERSION = "1.38.0"
DESCRIPTION = "What the roster import remembers"

SQL = """
CREATE TABLE roster_record (
    key TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    kind TEXT NOT NULL,
    external_id TEXT NOT NULL,
    person BIGINT REFERENCES person (id) ON DELETE CASCADE,
    local BIGINT NOT NULL,
    seen TEXT NOT NULL,
    gone BOOLEAN NOT NULL DEFAULT false
);
CREATE TABLE roster_upload (
    id BIGINT PRIMARY KEY,
    person BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    data BYTEA NOT NULL,
    result TEXT NOT NULL
);
CREATE INDEX roster_record_source ON roster_record (source);
CREATE INDEX roster_record_person ON roster_record (person);
CREATE INDEX roster_upload_person ON roster_upload (person);
"""


async def _up() -> None:
    await script(SQL)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="portal", description=DESCRIPTION)
    manager.add_raw(_up)
    return manager
