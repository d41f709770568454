"""Whose photos are taken down, and a ledger that cannot be emptied either."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from portal.db import db
from portal.db.migrate import script

ID = "2026-11-21T00:20:00"
VERSION = "1.38.0"
DESCRIPTION = "Whose photos are taken down"

TABLE = """
CREATE TABLE withheld_child (
    child BIGINT PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE
);
"""

# So far only the photos were marked, so whose mark it was is worked out, in this order: a child who is alone in a
# marked photo; in photos that this leaves open, whoever is in no photo without a mark; and where that tells nothing,
# all who are in it. Rather a child too many, whom an administrator lets go again with one button, than one too few.
APPEARS = (
    "(SELECT s.photo, s.stream AS child, p.withheld FROM photo_stream s JOIN photo p ON p.id = s.photo"
    " JOIN person c ON c.id = s.stream WHERE c.kind = 'child' AND p.state <> 'erased')"
)
OPEN = "NOT EXISTS (SELECT 1 FROM photo_stream k JOIN withheld_child w ON w.child = k.stream WHERE k.photo = a.photo)"
WHOSE = (
    f"a.photo IN (SELECT o.photo FROM {APPEARS} o GROUP BY o.photo HAVING count(*) = 1)",
    f"{OPEN} AND a.child NOT IN (SELECT o.child FROM {APPEARS} o WHERE NOT o.withheld)",
    OPEN,
)
CARRY_OVER = "".join(
    f"INSERT INTO withheld_child (child) SELECT DISTINCT a.child FROM {APPEARS} a WHERE a.withheld AND {which};\n"
    for which in WHOSE
)
MARK = """
UPDATE photo SET withheld = false WHERE withheld;
UPDATE photo SET withheld = true WHERE state <> 'erased'
    AND id IN (SELECT s.photo FROM photo_stream s JOIN withheld_child w ON w.child = s.stream);
UPDATE photo SET state = 'hidden' WHERE withheld AND state = 'published';
"""

# The trigger of the first migration sees UPDATE and DELETE. SQLite knows no TRUNCATE.
LEDGER = (
    "CREATE TRIGGER decision_not_emptied BEFORE TRUNCATE ON decision"
    " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();\n"
)


async def _up() -> None:
    await script(TABLE + CARRY_OVER + MARK)
    if db.dialect == "postgres":
        await script(LEDGER)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="portal", description=DESCRIPTION)
    manager.add_raw(_up)
    return manager
