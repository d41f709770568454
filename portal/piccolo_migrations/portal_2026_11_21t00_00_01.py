"""The first tables of the core."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from portal.db import db
from portal.db.migrate import script

ID = "2026-11-21T00:00:01"
VERSION = "1.38.0"
DESCRIPTION = "The first tables of the core"

TABLES = """
CREATE TABLE school (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
CREATE TABLE person (
    id BIGINT PRIMARY KEY,
    kind TEXT NOT NULL,
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    email TEXT,
    phone TEXT,
    language TEXT NOT NULL,
    active BOOLEAN NOT NULL DEFAULT true,
    born TEXT,
    safeguarding_hold BOOLEAN NOT NULL DEFAULT false,
    source TEXT NOT NULL,
    external_id TEXT,
    created_at BIGINT NOT NULL
);
CREATE TABLE role (
    id BIGINT PRIMARY KEY,
    person BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    role TEXT NOT NULL
);
CREATE TABLE school_group (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    until TEXT,
    source TEXT NOT NULL,
    external_id TEXT
);
CREATE TABLE membership (
    id BIGINT PRIMARY KEY,
    child BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    group_id BIGINT NOT NULL REFERENCES school_group (id) ON DELETE CASCADE,
    starts TEXT,
    ends TEXT,
    source TEXT NOT NULL,
    external_id TEXT
);
CREATE TABLE staff (
    id BIGINT PRIMARY KEY,
    adult BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    group_id BIGINT NOT NULL REFERENCES school_group (id) ON DELETE CASCADE,
    source TEXT NOT NULL,
    external_id TEXT
);
CREATE TABLE link (
    id BIGINT PRIMARY KEY,
    adult BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    child BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    decides BOOLEAN NOT NULL DEFAULT false,
    sees BOOLEAN NOT NULL DEFAULT false,
    relation TEXT NOT NULL,
    starts TEXT,
    ends TEXT,
    source TEXT NOT NULL
);
CREATE TABLE block (
    id BIGINT PRIMARY KEY,
    adult BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    child BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL
);
CREATE TABLE household (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    external_id TEXT
);
CREATE TABLE household_member (
    id BIGINT PRIMARY KEY,
    household BIGINT NOT NULL REFERENCES household (id) ON DELETE CASCADE,
    person BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    contact_order INTEGER,
    channels TEXT NOT NULL
);
CREATE TABLE fact_version (
    id BIGINT PRIMARY KEY,
    n BIGINT NOT NULL
);
CREATE TABLE account (
    person BIGINT PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    login TEXT UNIQUE NOT NULL,
    password TEXT,
    created_at BIGINT NOT NULL
);
CREATE TABLE session (
    token BYTEA PRIMARY KEY,
    person BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    idle_until BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    device TEXT NOT NULL
);
CREATE TABLE invitation (
    id BIGINT PRIMARY KEY,
    person BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    code BYTEA UNIQUE NOT NULL,
    created_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    used_at BIGINT,
    way TEXT NOT NULL,
    made_by BIGINT,
    wrong_at BIGINT,
    remark TEXT
);
CREATE TABLE throttle (
    key BYTEA PRIMARY KEY,
    tries INTEGER NOT NULL,
    since BIGINT NOT NULL
);
CREATE TABLE notice (
    id BIGINT PRIMARY KEY,
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    language TEXT NOT NULL,
    body TEXT NOT NULL,
    changes TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    published_at BIGINT NOT NULL
);
CREATE TABLE notice_seen (
    id BIGINT PRIMARY KEY,
    person BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    language TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE TABLE decision (
    id BIGINT PRIMARY KEY,
    child BIGINT NOT NULL REFERENCES person (id) ON DELETE RESTRICT,
    made_by BIGINT NOT NULL REFERENCES person (id) ON DELETE RESTRICT,
    purpose TEXT NOT NULL,
    rung INTEGER NOT NULL,
    at BIGINT NOT NULL,
    until TEXT,
    notice_version INTEGER NOT NULL,
    notice_sha256 TEXT NOT NULL,
    language TEXT NOT NULL,
    way TEXT NOT NULL,
    entered_by BIGINT,
    recorded_at BIGINT NOT NULL
);
CREATE TABLE scan (
    decision BIGINT PRIMARY KEY REFERENCES decision (id) ON DELETE RESTRICT,
    file BIGINT NOT NULL,
    media_type TEXT NOT NULL
);
CREATE TABLE photo (
    id BIGINT PRIMARY KEY,
    uploader BIGINT NOT NULL REFERENCES person (id) ON DELETE RESTRICT,
    purpose TEXT NOT NULL,
    audience TEXT NOT NULL,
    groups TEXT NOT NULL,
    children TEXT NOT NULL,
    state TEXT NOT NULL,
    reviewed BOOLEAN NOT NULL DEFAULT false,
    redacted BOOLEAN NOT NULL DEFAULT false,
    withheld BOOLEAN NOT NULL DEFAULT false,
    owner TEXT NOT NULL,
    alt TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE TABLE photo_stream (
    id BIGINT PRIMARY KEY,
    stream BIGINT NOT NULL,
    photo BIGINT NOT NULL REFERENCES photo (id) ON DELETE CASCADE
);
CREATE TABLE redaction (
    id BIGINT PRIMARY KEY,
    photo BIGINT NOT NULL REFERENCES photo (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    approved BOOLEAN NOT NULL DEFAULT false,
    covers TEXT NOT NULL
);
CREATE TABLE access_log (
    id BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    person BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    photo BIGINT NOT NULL,
    what TEXT NOT NULL
);
CREATE TABLE rendition (
    id BIGINT PRIMARY KEY,
    photo BIGINT NOT NULL REFERENCES photo (id) ON DELETE CASCADE,
    redaction BIGINT NOT NULL,
    name TEXT NOT NULL,
    format TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    size INTEGER NOT NULL
);
CREATE TABLE outgoing (
    id BIGINT PRIMARY KEY,
    person BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    channel TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    next_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    sent_at BIGINT,
    problem TEXT
);
"""

INDEXES = """
CREATE UNIQUE INDEX person_source ON person (source, external_id);
CREATE INDEX person_email ON person (email);
CREATE UNIQUE INDEX role_once ON role (person, role);
CREATE UNIQUE INDEX group_source ON school_group (source, external_id);
CREATE INDEX membership_child ON membership (child);
CREATE INDEX membership_group ON membership (group_id);
CREATE INDEX staff_adult ON staff (adult);
CREATE INDEX staff_group ON staff (group_id);
CREATE INDEX link_adult ON link (adult);
CREATE INDEX link_child ON link (child);
CREATE INDEX block_adult ON block (adult);
CREATE INDEX block_child ON block (child);
CREATE INDEX household_member_household ON household_member (household);
CREATE INDEX household_member_person ON household_member (person);
CREATE INDEX session_person ON session (person);
CREATE INDEX session_ends ON session (ends_at);
CREATE INDEX invitation_person ON invitation (person);
CREATE UNIQUE INDEX notice_once ON notice (kind, version, language);
CREATE INDEX notice_seen_person ON notice_seen (person, kind);
CREATE INDEX decision_child ON decision (child, purpose);
CREATE INDEX decision_maker ON decision (made_by);
CREATE UNIQUE INDEX photo_stream_order ON photo_stream (stream, photo);
CREATE INDEX photo_stream_photo ON photo_stream (photo);
CREATE INDEX photo_uploader ON photo (uploader);
CREATE INDEX redaction_photo ON redaction (photo, position);
CREATE UNIQUE INDEX rendition_once ON rendition (photo, redaction, name);
CREATE INDEX access_log_photo ON access_log (photo);
CREATE INDEX access_log_person ON access_log (person);
CREATE INDEX outgoing_due ON outgoing (state, next_at);
CREATE INDEX outgoing_person ON outgoing (person);
INSERT INTO fact_version (id, n) VALUES (1, 1);
"""

# Whatever changes a fact of the rule counts this up, whoever does it; `portal.visibility.facts` compares it.
FACTS = ("school", "person", "role", "school_group", "membership", "staff", "link", "block", "decision")


def _changes(table: str, verb: str) -> str:
    """A person's address or language is no fact, and people change their language often. A name is none of the rule's
    either, but what is kept beside the facts, such as names on pages, goes by the same count."""
    counted = "UPDATE OF kind, given_name, family_name, active, born, safeguarding_hold"
    return counted if (table, verb) == ("person", "UPDATE") else verb


def _triggers() -> str:
    if db.dialect == "sqlite":
        return "\n".join(
            f"CREATE TRIGGER {table}_{verb.lower()} AFTER {_changes(table, verb)} ON {table} BEGIN"
            " UPDATE fact_version SET n = n + 1 WHERE id = 1; END;\n"
            for table in FACTS
            for verb in ("INSERT", "UPDATE", "DELETE")
        ) + "".join(
            f"CREATE TRIGGER decision_no_{verb.lower()} BEFORE {verb} ON decision BEGIN"
            " SELECT RAISE(ABORT, 'the consent ledger is only ever appended to'); END;\n"
            for verb in ("UPDATE", "DELETE")
        )
    return (
        "CREATE FUNCTION count_fact() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN UPDATE fact_version SET n = n + 1 WHERE id = 1; RETURN NULL; END';\n"
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN RAISE EXCEPTION ''the consent ledger is only ever appended to''; END';\n"
        "CREATE TRIGGER decision_append_only BEFORE UPDATE OR DELETE ON decision"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();\n"
    ) + "".join(
        f"CREATE TRIGGER {table}_counts AFTER INSERT OR {_changes(table, 'UPDATE')} OR DELETE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION count_fact();\n"
        for table in FACTS
    )


async def _up() -> None:
    await script(TABLES)
    await script(INDEXES)
    await script(_triggers())


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="portal", description=DESCRIPTION)
    manager.add_raw(_up)
    return manager
