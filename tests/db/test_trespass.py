"""A plugin's SQL names the plugin's own tables, and is told of any other."""

from __future__ import annotations

import pytest

from portal import sdk
from portal.acting import acting
from portal.db.trespass import Trespass, check, foreign
from portal.testing import TestSchool

OWN = [
    "SELECT id FROM lost_thing WHERE finder = ?",
    "SELECT t.id FROM lost_thing t, lost_claim AS c WHERE c.thing = t.id ORDER BY t.id",
    "SELECT count(*) FROM (SELECT DISTINCT what FROM lost_thing) things",
    "WITH mine AS (SELECT id FROM lost_thing), old (n) AS (SELECT 1) SELECT * FROM mine JOIN old ON old.n = mine.id",
    "WITH RECURSIVE up AS (SELECT 1 UNION SELECT n + 1 FROM up) SELECT * FROM up",
    "INSERT INTO lost_thing (id, what) VALUES (?, 'from person') ON CONFLICT (id) DO UPDATE SET what = excluded.what",
    "UPDATE lost_thing SET what = (SELECT max(what) FROM lost_claim) WHERE id IN (SELECT thing FROM lost_claim)",
    "DELETE FROM \"lost_thing\" -- FROM person\n WHERE id = ? /* JOIN person */",
    "SELECT a IS DISTINCT FROM b FROM lost_thing",
    "SELECT id FROM lost_thing FOR UPDATE",
    "SELECT EXTRACT(hour FROM at), trim(both ' ' from title), a, b FROM lost_thing WHERE x IN (1, person)",
    "SELECT a, (SELECT max(b), c FROM lost_claim) FROM lost_thing t JOIN lost_claim c ON c.id = t.id AND c.x IN (1, 2)",
    "UPDATE lost_thing SET person = 1, role = 2 WHERE id = 3",
    "INSERT INTO lost_thing (id, person) SELECT id, person FROM lost_claim ORDER BY person, role",
]
OTHERS = {
    "SELECT id FROM person": "person",
    "SELECT t.id FROM lost_thing t, person p": "person",
    "SELECT t.id FROM lost_thing t JOIN decision d ON d.child = t.id": "decision",
    "SELECT 1 FROM lost_thing WHERE id IN (SELECT photo FROM photo_stream)": "photo_stream",
    "SELECT id FROM \"photo\"": "photo",
    "SELECT id FROM 'photo'": "the table '",
    "SELECT 1 FROM (SELECT id FROM lost_thing) a, person": "person",
    "SELECT 1 FROM lost_thing a JOIN lost_claim b ON a.id = b.id, person": "person",
    "SELECT 1 FROM lost_thing a JOIN lost_claim b USING (id), person p": "person",
    "DELETE FROM lost_thing WHERE id IN (SELECT id FROM (SELECT id FROM lost_claim), decision)": "decision",
    "SELECT id FROM [photo]": "photo",
    "SELECT id FROM main.photo": "main.photo",
    "SELECT id FROM main.lost_thing": "main.lost_thing",
    "SELECT id FROM lostandfound": "lostandfound",
    "INSERT INTO decision (id) VALUES (1)": "decision",
    "REPLACE INTO person (id) VALUES (1)": "'replace'",
    "INSERT OR REPLACE INTO person (id) VALUES (1)": "person",
    "UPDATE OR IGNORE person SET active = 1": "person",
    "UPDATE person SET active = 0": "person",
    "DELETE FROM session": "session",
    "WITH lost_x AS (SELECT 1) SELECT * FROM lost_x, school": "school",
    "SELECT * FROM sqlite_master": "sqlite_master",
    "SELECT id FROM lost_thing UNION SELECT id FROM stories_story": "stories_story",
    "SELECT id FROM lost_thing; DELETE FROM person": "several statements",
    "PRAGMA query_only = OFF": "'pragma'",
    "ATTACH 'other.sqlite' AS other": "'attach'",
    "DROP TABLE lost_thing": "'drop'",
    "": "''",
}


@pytest.mark.parametrize("sql", OWN)
def test_own_tables_are_fine(sql: str) -> None:
    assert foreign(sql, "lost") == ""


@pytest.mark.parametrize("sql", OTHERS)
def test_others_are_named(sql: str) -> None:
    assert OTHERS[sql] in foreign(sql, "lost")


def test_nobody_is_held_while_no_plugin_acts() -> None:
    check("SELECT id FROM person")
    with acting("lost"), pytest.raises(Trespass, match="lost may not use the table person"):
        check("SELECT id FROM person")
    with acting("lost"), acting(""):
        check("SELECT id FROM person")


async def test_every_way_to_the_database_is_held(school: TestSchool) -> None:
    @sdk.atomic
    async def write(many: bool) -> None:
        if many:
            await sdk.db.run_many("UPDATE person SET active = ?", [(False,)])
        else:
            await sdk.db.run("UPDATE person SET active = ?", False)

    sql = "SELECT active FROM person WHERE NOT active"
    before = await sdk.db.rows(sql)
    with acting("lost"):
        for read in (sdk.db.rows, sdk.db.row, sdk.db.value):
            with pytest.raises(Trespass):
                await read(sql)
        for many in (True, False):
            with pytest.raises(Trespass):
                await write(many)
        with pytest.raises(Trespass):
            await sdk.script("CREATE TABLE lost_x (id BIGINT PRIMARY KEY);\nDROP TABLE person;\n")
    assert await sdk.db.rows(sql) == before


class Stranger(sdk.Table, tablename="person"):
    """What a plugin could declare, if it wanted another's table."""


async def test_a_table_object_is_no_way_around(school: TestSchool) -> None:
    with acting("lost"):
        for asking in (Stranger.raw("SELECT id FROM person"), Stranger.count(), Stranger.raw("DELETE FROM session")):
            with pytest.raises(Trespass):
                await asking
    assert await Stranger.count() > 5


async def test_the_sdk_itself_still_knows_people(school: TestSchool) -> None:
    with acting("lost"):
        assert await sdk.names([school.ids["mia"]]) == {school.ids["mia"]: "Mia Test"}
        assert [group.name for group in await sdk.my_groups(school.viewer("teacher"))] == ["3a"]
