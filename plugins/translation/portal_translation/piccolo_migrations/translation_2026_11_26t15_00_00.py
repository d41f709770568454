"""Texts about nobody leave the school only for a reader whose family agrees."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from portal.sdk import script

ID = "2026-11-26T15:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Who agreed to texts about nobody"

COLUMN = "ALTER TABLE translation_text ADD COLUMN agreed BOOLEAN NOT NULL DEFAULT false;"


async def _up() -> None:
    await script(COLUMN)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="translation", description=DESCRIPTION)
    manager.add_raw(_up)
    return manager
