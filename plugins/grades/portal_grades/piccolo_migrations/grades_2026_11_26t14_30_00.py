"""The language in which a comment is written."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from portal.sdk import script

ID = "2026-11-26T14:30:00"
VERSION = "1.38.0"
DESCRIPTION = "The language in which a comment is written"


async def _up() -> None:
    await script("ALTER TABLE grades_result ADD COLUMN language TEXT NOT NULL DEFAULT '';")


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="grades", description=DESCRIPTION)
    manager.add_raw(_up)
    return manager
