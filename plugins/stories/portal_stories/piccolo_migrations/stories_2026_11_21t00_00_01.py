"""The first tables of the stories."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from portal.sdk import script

ID = "2026-11-21T00:00:01"
VERSION = "1.38.0"
DESCRIPTION = "The first tables of the stories"

TABLES = """
CREATE TABLE stories_story (
    id BIGINT PRIMARY KEY,
    author BIGINT NOT NULL REFERENCES person (id) ON DELETE RESTRICT,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    audience TEXT NOT NULL,
    groups TEXT NOT NULL,
    state TEXT NOT NULL,
    publish_at BIGINT,
    published_at BIGINT,
    edited_at BIGINT,
    created_at BIGINT NOT NULL,
    token TEXT NOT NULL,
    version INTEGER NOT NULL,
    writer BIGINT NOT NULL
);
CREATE TABLE stories_draft (
    story BIGINT PRIMARY KEY REFERENCES stories_story (id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    audience TEXT NOT NULL,
    groups TEXT NOT NULL,
    classes TEXT NOT NULL,
    saved_at BIGINT NOT NULL
);
CREATE TABLE stories_photo (
    id BIGINT PRIMARY KEY,
    story BIGINT NOT NULL REFERENCES stories_story (id) ON DELETE CASCADE,
    photo BIGINT NOT NULL REFERENCES photo (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    once TEXT NOT NULL,
    tab BIGINT NOT NULL,
    removed BOOLEAN NOT NULL DEFAULT false
);
CREATE TABLE stories_stream (
    id BIGINT PRIMARY KEY,
    stream BIGINT NOT NULL,
    at BIGINT NOT NULL,
    story BIGINT NOT NULL REFERENCES stories_story (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX stories_story_token ON stories_story (author, token);
CREATE INDEX stories_story_due ON stories_story (state, publish_at);
CREATE UNIQUE INDEX stories_photo_once ON stories_photo (story, once);
CREATE INDEX stories_photo_order ON stories_photo (story, position);
CREATE UNIQUE INDEX stories_photo_photo ON stories_photo (photo);
CREATE UNIQUE INDEX stories_stream_order ON stories_stream (stream, at, story);
CREATE INDEX stories_stream_story ON stories_stream (story);
"""


async def _up() -> None:
    await script(TABLES)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="stories", description=DESCRIPTION)
    manager.add_raw(_up)
    return manager
