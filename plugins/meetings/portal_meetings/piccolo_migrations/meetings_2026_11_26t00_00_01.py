"""The first tables of the meetings."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from portal.sdk import script

ID = "2026-11-26T00:00:01"
VERSION = "1.38.0"
DESCRIPTION = "The first tables of the meetings"

TABLES = """
CREATE TABLE meetings_event (
    id BIGINT PRIMARY KEY,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    info TEXT NOT NULL,
    state TEXT NOT NULL,
    author BIGINT NOT NULL,
    opens_at BIGINT NOT NULL,
    closes_at BIGINT NOT NULL,
    change_hours INTEGER NOT NULL,
    gap_minutes INTEGER NOT NULL,
    record BOOLEAN NOT NULL DEFAULT false,
    token TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    told_at BIGINT NOT NULL,
    reminded_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);
CREATE TABLE meetings_class (
    id BIGINT PRIMARY KEY,
    event BIGINT NOT NULL REFERENCES meetings_event (id) ON DELETE CASCADE,
    class_id BIGINT NOT NULL
);
CREATE TABLE meetings_child (
    id BIGINT PRIMARY KEY,
    event BIGINT NOT NULL REFERENCES meetings_event (id) ON DELETE CASCADE,
    child BIGINT NOT NULL
);
CREATE TABLE meetings_host (
    id BIGINT PRIMARY KEY,
    event BIGINT NOT NULL REFERENCES meetings_event (id) ON DELETE CASCADE,
    person BIGINT NOT NULL,
    everyone BOOLEAN NOT NULL DEFAULT false
);
CREATE TABLE meetings_slot (
    id BIGINT PRIMARY KEY,
    event BIGINT NOT NULL REFERENCES meetings_event (id) ON DELETE CASCADE,
    host BIGINT NOT NULL REFERENCES meetings_host (id) ON DELETE CASCADE,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    places INTEGER NOT NULL,
    place TEXT NOT NULL,
    provider TEXT NOT NULL,
    link TEXT NOT NULL,
    room TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    changed_at BIGINT NOT NULL,
    held_for BIGINT NOT NULL,
    held_until BIGINT NOT NULL
);
CREATE TABLE meetings_booking (
    id BIGINT PRIMARY KEY,
    event BIGINT NOT NULL REFERENCES meetings_event (id) ON DELETE CASCADE,
    slot BIGINT NOT NULL REFERENCES meetings_slot (id) ON DELETE CASCADE,
    host BIGINT NOT NULL,
    seat INTEGER NOT NULL,
    state TEXT NOT NULL,
    person BIGINT NOT NULL,
    party BIGINT NOT NULL,
    child BIGINT NOT NULL,
    note TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    uid TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    booked_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    reminded_at BIGINT NOT NULL,
    outcome TEXT NOT NULL
);
CREATE TABLE meetings_waiting (
    id BIGINT PRIMARY KEY,
    event BIGINT NOT NULL REFERENCES meetings_event (id) ON DELETE CASCADE,
    host BIGINT NOT NULL REFERENCES meetings_host (id) ON DELETE CASCADE,
    person BIGINT NOT NULL,
    party BIGINT NOT NULL,
    child BIGINT NOT NULL,
    note TEXT NOT NULL,
    at_once BOOLEAN NOT NULL DEFAULT false,
    at BIGINT NOT NULL
);
CREATE TABLE meetings_agreement (
    id BIGINT PRIMARY KEY,
    appointment BIGINT NOT NULL REFERENCES meetings_slot (id) ON DELETE CASCADE,
    person BIGINT NOT NULL,
    at BIGINT NOT NULL
);
CREATE TABLE meetings_feed (
    id BIGINT PRIMARY KEY,
    person BIGINT NOT NULL,
    hash TEXT NOT NULL,
    sealed TEXT NOT NULL,
    secret BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    asked_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX meetings_event_token ON meetings_event (author, token) WHERE author <> 0;
CREATE INDEX meetings_event_state ON meetings_event (state, last_at);
CREATE UNIQUE INDEX meetings_class_once ON meetings_class (event, class_id);
CREATE UNIQUE INDEX meetings_child_once ON meetings_child (event, child);
CREATE INDEX meetings_child_of ON meetings_child (child);
CREATE UNIQUE INDEX meetings_host_once ON meetings_host (event, person) WHERE person <> 0;
CREATE INDEX meetings_host_of ON meetings_host (person);
CREATE UNIQUE INDEX meetings_slot_start ON meetings_slot (host, starts_at) WHERE state = 'on';
CREATE INDEX meetings_slot_event ON meetings_slot (event, starts_at);
CREATE UNIQUE INDEX meetings_booking_seat ON meetings_booking (slot, seat) WHERE state = 'on';
CREATE UNIQUE INDEX meetings_booking_once ON meetings_booking (host, child, party);
CREATE UNIQUE INDEX meetings_booking_time ON meetings_booking (person, starts_at) WHERE state = 'on';
CREATE INDEX meetings_booking_event ON meetings_booking (event);
CREATE INDEX meetings_booking_party ON meetings_booking (party);
CREATE INDEX meetings_booking_child ON meetings_booking (child);
CREATE INDEX meetings_booking_due ON meetings_booking (starts_at);
CREATE UNIQUE INDEX meetings_waiting_once ON meetings_waiting (host, child, party);
CREATE INDEX meetings_waiting_event ON meetings_waiting (event);
CREATE INDEX meetings_waiting_person ON meetings_waiting (person);
CREATE INDEX meetings_waiting_child ON meetings_waiting (child);
CREATE UNIQUE INDEX meetings_agreement_once ON meetings_agreement (appointment, person);
CREATE INDEX meetings_agreement_person ON meetings_agreement (person);
CREATE UNIQUE INDEX meetings_feed_person ON meetings_feed (person);
CREATE UNIQUE INDEX meetings_feed_hash ON meetings_feed (hash);
"""


async def _up() -> None:
    await script(TABLES)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="meetings", description=DESCRIPTION)
    manager.add_raw(_up)
    return manager
