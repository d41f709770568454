"""The first tables of the translations."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from portal.sdk import script

ID = "2026-11-26T00:00:01"
VERSION = "1.38.0"
DESCRIPTION = "The first tables of the translations"

TABLES = """
CREATE TABLE translation_text (
    id BIGINT PRIMARY KEY,
    key TEXT NOT NULL,
    origin TEXT NOT NULL,
    same TEXT NOT NULL,
    source TEXT NOT NULL,
    target TEXT NOT NULL,
    original TEXT NOT NULL,
    body TEXT NOT NULL,
    engine TEXT NOT NULL,
    sent BOOLEAN NOT NULL DEFAULT false,
    corrected TEXT NOT NULL,
    corrector BIGINT NOT NULL,
    corrected_at BIGINT NOT NULL,
    children INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    tries INTEGER NOT NULL,
    due_at BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    shown_at BIGINT NOT NULL
);
CREATE TABLE translation_about (
    id BIGINT PRIMARY KEY,
    text BIGINT NOT NULL REFERENCES translation_text (id) ON DELETE CASCADE,
    child BIGINT NOT NULL
);
CREATE TABLE translation_report (
    id BIGINT PRIMARY KEY,
    text BIGINT NOT NULL REFERENCES translation_text (id) ON DELETE CASCADE,
    person BIGINT NOT NULL,
    note TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE TABLE translation_offer (
    id BIGINT PRIMARY KEY,
    text BIGINT NOT NULL REFERENCES translation_text (id) ON DELETE CASCADE,
    person BIGINT NOT NULL,
    standing TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE TABLE translation_reader (
    id BIGINT PRIMARY KEY,
    person BIGINT NOT NULL,
    off BOOLEAN NOT NULL DEFAULT false,
    reads TEXT NOT NULL
);
CREATE TABLE translation_term (
    id BIGINT PRIMARY KEY,
    term TEXT NOT NULL,
    language TEXT NOT NULL,
    fixed TEXT NOT NULL
);
CREATE TABLE translation_state (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    pairs TEXT NOT NULL,
    pairs_at BIGINT NOT NULL,
    ok_at BIGINT NOT NULL,
    problem TEXT NOT NULL,
    problem_at BIGINT NOT NULL,
    tries INTEGER NOT NULL,
    wait_until BIGINT NOT NULL,
    secret BIGINT NOT NULL
);
CREATE UNIQUE INDEX translation_text_once ON translation_text (key);
CREATE INDEX translation_text_origin ON translation_text (origin);
CREATE INDEX translation_text_same ON translation_text (same);
CREATE INDEX translation_text_state ON translation_text (state, due_at);
CREATE INDEX translation_text_shown ON translation_text (shown_at);
CREATE INDEX translation_text_corrector ON translation_text (corrector);
CREATE UNIQUE INDEX translation_about_child ON translation_about (text, child);
CREATE INDEX translation_about_of ON translation_about (child);
CREATE UNIQUE INDEX translation_report_person ON translation_report (text, person);
CREATE INDEX translation_report_of ON translation_report (person);
CREATE UNIQUE INDEX translation_offer_person ON translation_offer (text, person);
CREATE INDEX translation_offer_of ON translation_offer (person);
CREATE UNIQUE INDEX translation_reader_person ON translation_reader (person);
CREATE UNIQUE INDEX translation_term_term ON translation_term (term, language);
CREATE UNIQUE INDEX translation_state_name ON translation_state (name);
"""


async def _up() -> None:
    await script(TABLES)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="translation", description=DESCRIPTION)
    manager.add_raw(_up)
    return manager
