"""The first tables of the surveys."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from portal.sdk import script

ID = "2026-11-26T00:00:01"
VERSION = "1.38.0"
DESCRIPTION = "The first tables of the surveys"

TABLES = """
CREATE TABLE surveys_survey (
    id BIGINT PRIMARY KEY,
    author BIGINT NOT NULL,
    title TEXT NOT NULL,
    intro TEXT NOT NULL,
    languages TEXT NOT NULL,
    audience TEXT NOT NULL,
    groups TEXT NOT NULL,
    per TEXT NOT NULL,
    anonymous BOOLEAN NOT NULL DEFAULT false,
    state TEXT NOT NULL,
    deadline TEXT,
    remind_days INTEGER NOT NULL,
    secret BIGINT NOT NULL,
    batch BIGINT NOT NULL,
    old_batch BIGINT NOT NULL,
    token TEXT NOT NULL,
    version INTEGER NOT NULL,
    asked INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    opened_at BIGINT,
    closed_at BIGINT,
    reminded_at BIGINT
);
CREATE TABLE surveys_question (
    id BIGINT PRIMARY KEY,
    survey BIGINT NOT NULL REFERENCES surveys_survey (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    label TEXT NOT NULL,
    help TEXT NOT NULL,
    options TEXT NOT NULL,
    required BOOLEAN NOT NULL DEFAULT false,
    sensitive TEXT NOT NULL,
    low INTEGER NOT NULL,
    high INTEGER NOT NULL,
    low_label TEXT NOT NULL,
    high_label TEXT NOT NULL,
    only_question BIGINT NOT NULL,
    only_option INTEGER NOT NULL,
    feeds TEXT NOT NULL,
    removed_at BIGINT
);
CREATE TABLE surveys_response (
    id BIGINT PRIMARY KEY,
    survey BIGINT NOT NULL REFERENCES surveys_survey (id) ON DELETE CASCADE,
    unit TEXT NOT NULL,
    person BIGINT NOT NULL,
    child BIGINT NOT NULL,
    at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    agreed BOOLEAN NOT NULL DEFAULT false
);
CREATE TABLE surveys_answer (
    id BIGINT PRIMARY KEY,
    response BIGINT NOT NULL REFERENCES surveys_response (id) ON DELETE CASCADE,
    question BIGINT NOT NULL REFERENCES surveys_question (id) ON DELETE CASCADE,
    value TEXT NOT NULL,
    file BIGINT NOT NULL
);
CREATE TABLE surveys_draft (
    id BIGINT PRIMARY KEY,
    survey BIGINT NOT NULL REFERENCES surveys_survey (id) ON DELETE CASCADE,
    person BIGINT NOT NULL,
    child BIGINT NOT NULL,
    given TEXT NOT NULL,
    saved_at BIGINT NOT NULL
);
CREATE TABLE surveys_upload (
    id BIGINT PRIMARY KEY,
    draft BIGINT NOT NULL REFERENCES surveys_draft (id) ON DELETE CASCADE,
    question BIGINT NOT NULL REFERENCES surveys_question (id) ON DELETE CASCADE,
    file BIGINT NOT NULL
);
CREATE TABLE surveys_ticket (
    id BIGINT PRIMARY KEY,
    survey BIGINT NOT NULL REFERENCES surveys_survey (id) ON DELETE CASCADE
);
CREATE TABLE surveys_pending (
    id BIGINT PRIMARY KEY,
    survey BIGINT NOT NULL REFERENCES surveys_survey (id) ON DELETE CASCADE,
    sealed TEXT NOT NULL
);
CREATE TABLE surveys_tally (
    id BIGINT PRIMARY KEY,
    survey BIGINT NOT NULL REFERENCES surveys_survey (id) ON DELETE CASCADE,
    question BIGINT NOT NULL,
    code TEXT NOT NULL,
    n INTEGER NOT NULL
);
CREATE TABLE surveys_words (
    id BIGINT PRIMARY KEY,
    survey BIGINT NOT NULL REFERENCES surveys_survey (id) ON DELETE CASCADE,
    question BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX surveys_survey_token ON surveys_survey (author, token);
CREATE INDEX surveys_survey_state ON surveys_survey (state);
CREATE INDEX surveys_question_order ON surveys_question (survey, position);
CREATE UNIQUE INDEX surveys_response_unit ON surveys_response (survey, unit);
CREATE INDEX surveys_response_person ON surveys_response (person);
CREATE INDEX surveys_response_child ON surveys_response (child);
CREATE UNIQUE INDEX surveys_answer_question ON surveys_answer (response, question);
CREATE INDEX surveys_answer_of ON surveys_answer (question);
CREATE UNIQUE INDEX surveys_draft_person ON surveys_draft (survey, person, child);
CREATE INDEX surveys_draft_of ON surveys_draft (person);
CREATE UNIQUE INDEX surveys_upload_question ON surveys_upload (draft, question);
CREATE INDEX surveys_upload_of ON surveys_upload (question);
CREATE INDEX surveys_ticket_survey ON surveys_ticket (survey);
CREATE INDEX surveys_pending_survey ON surveys_pending (survey);
CREATE UNIQUE INDEX surveys_tally_code ON surveys_tally (survey, question, code);
CREATE UNIQUE INDEX surveys_words_question ON surveys_words (survey, question);
"""


async def _up() -> None:
    await script(TABLES)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="surveys", description=DESCRIPTION)
    manager.add_raw(_up)
    return manager
