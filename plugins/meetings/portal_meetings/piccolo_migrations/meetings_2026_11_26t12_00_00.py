"""Hosts get word of what families book and cancel; an adult's own bookings are found wherever they live."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from portal.sdk import script

ID = "2026-11-26T12:00:00"
VERSION = "1.38.0"
DESCRIPTION = "When hosts had word of what is new"

COLUMNS = """
ALTER TABLE meetings_host ADD COLUMN heard_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE meetings_slot ADD COLUMN news_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX meetings_booking_person ON meetings_booking (person);
"""


async def _up() -> None:
    await script(COLUMNS)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="meetings", description=DESCRIPTION)
    manager.add_raw(_up)
    return manager
