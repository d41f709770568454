"""The first tables of the grades."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from portal.sdk import script

ID = "2026-11-26T00:00:01"
VERSION = "1.38.0"
DESCRIPTION = "The first tables of the grades"

TABLES = """
CREATE TABLE grades_category (
    id BIGINT PRIMARY KEY,
    title TEXT NOT NULL,
    source TEXT NOT NULL,
    sourced_id TEXT NOT NULL
);
CREATE TABLE grades_scale (
    id BIGINT PRIMARY KEY,
    title TEXT NOT NULL,
    steps TEXT NOT NULL,
    group_id BIGINT NOT NULL,
    source TEXT NOT NULL,
    sourced_id TEXT NOT NULL
);
CREATE TABLE grades_assignment (
    id BIGINT PRIMARY KEY,
    group_id BIGINT NOT NULL,
    subject TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    category BIGINT NOT NULL,
    period TEXT NOT NULL,
    assigned_on TEXT NOT NULL,
    due_on TEXT NOT NULL,
    lowest BIGINT,
    highest BIGINT,
    scale BIGINT NOT NULL,
    release_at BIGINT NOT NULL,
    shown_until BIGINT NOT NULL,
    version INTEGER NOT NULL,
    token TEXT NOT NULL,
    source TEXT NOT NULL,
    sourced_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    removed_at BIGINT NOT NULL
);
CREATE TABLE grades_result (
    id BIGINT PRIMARY KEY,
    assignment BIGINT NOT NULL REFERENCES grades_assignment (id) ON DELETE CASCADE,
    child BIGINT NOT NULL,
    status TEXT NOT NULL,
    score BIGINT,
    grade TEXT NOT NULL,
    comment TEXT NOT NULL,
    missing BOOLEAN NOT NULL DEFAULT false,
    late BOOLEAN NOT NULL DEFAULT false,
    incomplete BOOLEAN NOT NULL DEFAULT false,
    scored_on TEXT NOT NULL,
    valued_at BIGINT NOT NULL,
    told BOOLEAN NOT NULL DEFAULT false,
    quiet BOOLEAN NOT NULL DEFAULT false,
    source TEXT NOT NULL,
    sourced_id TEXT NOT NULL
);
CREATE TABLE grades_change (
    id BIGINT PRIMARY KEY,
    result BIGINT NOT NULL REFERENCES grades_result (id) ON DELETE CASCADE,
    at BIGINT NOT NULL,
    status TEXT NOT NULL,
    score BIGINT,
    grade TEXT NOT NULL,
    comment TEXT NOT NULL,
    missing BOOLEAN NOT NULL DEFAULT false,
    late BOOLEAN NOT NULL DEFAULT false,
    incomplete BOOLEAN NOT NULL DEFAULT false
);
CREATE TABLE grades_lesson (
    id BIGINT PRIMARY KEY,
    group_id BIGINT NOT NULL,
    child BIGINT NOT NULL,
    day TEXT NOT NULL,
    lesson TEXT NOT NULL,
    status TEXT NOT NULL,
    source TEXT NOT NULL,
    sourced_id TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE TABLE grades_wish (
    id BIGINT PRIMARY KEY,
    person BIGINT NOT NULL,
    every TEXT NOT NULL,
    told_until BIGINT NOT NULL
);
CREATE TABLE grades_upload (
    id BIGINT PRIMARY KEY,
    person BIGINT NOT NULL,
    group_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    key BIGINT NOT NULL,
    state TEXT NOT NULL,
    mapping TEXT NOT NULL,
    wanted TEXT NOT NULL,
    summary TEXT NOT NULL,
    done INTEGER NOT NULL,
    total INTEGER NOT NULL,
    made_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE TABLE grades_upload_part (
    id BIGINT PRIMARY KEY,
    upload BIGINT NOT NULL REFERENCES grades_upload (id) ON DELETE CASCADE,
    file TEXT NOT NULL,
    position INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE TABLE grades_upload_line (
    id BIGINT PRIMARY KEY,
    upload BIGINT NOT NULL REFERENCES grades_upload (id) ON DELETE CASCADE,
    line INTEGER NOT NULL,
    child BIGINT NOT NULL
);
CREATE TABLE grades_mapping (
    id BIGINT PRIMARY KEY,
    person BIGINT NOT NULL,
    header TEXT NOT NULL,
    columns TEXT NOT NULL,
    used_at BIGINT NOT NULL
);
CREATE TABLE grades_fetched (
    id BIGINT PRIMARY KEY,
    source TEXT NOT NULL,
    since BIGINT NOT NULL,
    at BIGINT NOT NULL,
    failure TEXT NOT NULL
);
CREATE UNIQUE INDEX grades_category_sourced ON grades_category (source, sourced_id) WHERE source <> '';
CREATE UNIQUE INDEX grades_category_title ON grades_category (title) WHERE source = '';
CREATE UNIQUE INDEX grades_scale_sourced ON grades_scale (source, sourced_id) WHERE source <> '';
CREATE UNIQUE INDEX grades_assignment_sourced ON grades_assignment (source, sourced_id) WHERE source <> '';
CREATE UNIQUE INDEX grades_assignment_token ON grades_assignment (group_id, token) WHERE token <> '';
CREATE INDEX grades_assignment_group ON grades_assignment (group_id, due_on);
CREATE UNIQUE INDEX grades_result_child ON grades_result (assignment, child);
CREATE INDEX grades_result_of ON grades_result (child);
CREATE INDEX grades_result_sourced ON grades_result (source, sourced_id) WHERE source <> '';
CREATE INDEX grades_result_untold ON grades_result (assignment) WHERE NOT told;
CREATE INDEX grades_change_result ON grades_change (result);
CREATE UNIQUE INDEX grades_lesson_once ON grades_lesson (child, group_id, day, lesson);
CREATE INDEX grades_lesson_group ON grades_lesson (group_id, day);
CREATE UNIQUE INDEX grades_wish_person ON grades_wish (person);
CREATE INDEX grades_upload_person ON grades_upload (person);
CREATE UNIQUE INDEX grades_upload_part_order ON grades_upload_part (upload, position);
CREATE UNIQUE INDEX grades_upload_line_once ON grades_upload_line (upload, line);
CREATE UNIQUE INDEX grades_mapping_header ON grades_mapping (person, header);
CREATE UNIQUE INDEX grades_fetched_source ON grades_fetched (source);
"""


async def _up() -> None:
    await script(TABLES)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="grades", description=DESCRIPTION)
    manager.add_raw(_up)
    return manager
