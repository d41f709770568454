"""Word to people can bring an appointment along."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from portal.db.migrate import script

ID = "2026-11-26T12:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Word to people can bring an appointment along"


async def _up() -> None:
    await script("ALTER TABLE outgoing ADD COLUMN calendar TEXT NOT NULL DEFAULT '';\n")


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="portal", description=DESCRIPTION)
    manager.add_raw(_up)
    return manager
