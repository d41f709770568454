"""Who chose the audience of a scheduled story."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from portal.sdk import script

ID = "2026-11-22T00:00:01"
VERSION = "1.38.0"
DESCRIPTION = "Who chose the audience of a scheduled story"


async def _up() -> None:
    await script("ALTER TABLE stories_story ADD COLUMN scheduler BIGINT;")


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="stories", description=DESCRIPTION)
    manager.add_raw(_up)
    return manager
