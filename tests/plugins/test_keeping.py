"""What plugins keep: exported, erased whole or not at all, and let go of in time, with and without the plugin."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from portal import clock, plugins
from portal.db import db
from portal.errors import NotVisible, Refused
from portal.hooks.host import host
from portal.hooks.specs import API, About, Stored
from portal.kinds import new_id
from portal.main import JOBS
from portal.photos import connected, documents
from portal.plugins import jobs, keeping, orphans
from portal.testing import TestSchool, run
from tests.hooks.modules import loaded, module

HERE = Path(__file__).parent / "lost"
STORES = (
    Stored("Things", "Finders", "A month", table="lost_thing", people=("finder",), days=30, since="found_at",
           photos=("photo",)),
    Stored("Claims", "Families", "As long as the thing", table="lost_claim", people=("person",),
           through=("thing", "lost_thing"), files=("proof",)),
    Stored("Notes", "Families", "As long as the claim", table="lost_note", through=("claim", "lost_claim")),
    Stored("Shelves", "Staff", "Always", table="lost_shelf", people=("warden",), on_erase="blank"),
)  # fmt: skip


def lost(stores: Any = STORES, **hooks: Any) -> ModuleType:
    about = About("lost", "Lost things", API, "tests.plugins.lost", HERE, stores=stores)
    return module(portal_about=about, **hooks)


@pytest.fixture
async def things(school: TestSchool) -> Iterator[dict[str, int]]:  # type: ignore[misc]
    """Two things: one found by parent and claimed by other, one found by teacher and claimed by parent."""
    with loaded(lost()) as name:
        await plugins.enable(name)
        yield await fill(school)


async def fill(school: TestSchool) -> dict[str, int]:
    proof = (await documents.keep("lost", b"%PDF-1.4 a bill")).id
    photo = await school.photo((), by="teacher")
    await run("UPDATE photo SET owner = 'lost' WHERE id = ?", photo)
    made = {"photo": photo, "proof": proof}
    for at, (finder, claimer) in enumerate((("parent", "other"), ("teacher", "parent"))):
        thing, claim = new_id(), new_id()
        shown, file = (photo, proof) if at == 0 else (0, 0)
        await run(
            "INSERT INTO lost_thing (id, what, finder, keeper, photo, found_at) VALUES (?, ?, ?, 0, ?, ?)",
            *(thing, f"thing {at}", school.ids[finder], shown, clock.now()),
        )
        await run(
            "INSERT INTO lost_claim (id, thing, person, proof) VALUES (?, ?, ?, ?)",
            *(claim, thing, school.ids[claimer], file),
        )
        await run("INSERT INTO lost_note (claim, text) VALUES (?, ?)", claim, f"note {at}")
    await run("INSERT INTO lost_shelf (id, warden) VALUES (?, ?)", new_id(), school.ids["teacher"])
    return made


async def counted() -> dict[str, int]:
    tables = ("lost_thing", "lost_claim", "lost_note", "lost_shelf")
    return {table: await db.value(f"SELECT COUNT(*) FROM {table}") for table in tables}


async def told(person: int) -> dict[str, list[Any]]:
    return {
        portion.table: [dict(zip(portion.columns, row, strict=True)) for row in portion.rows]
        for portion in await keeping.about_person(person)
        if portion.plugin == "lost"
    }


async def test_a_person_gets_what_is_theirs_and_what_hangs_on_it(school: TestSchool, things: dict[str, int]) -> None:
    found = await told(school.ids["parent"])
    assert [row["what"] for row in found["lost_thing"]] == ["thing 0"]
    assert len(found["lost_claim"]) == 2  # the own one, and that of the thing they found
    assert [row["text"] for row in found["lost_note"]] == ["note 0", "note 1"]
    assert "lost_shelf" not in found
    assert await told(school.ids["neighbour"]) == {}
    assert await told(0) == {}


async def test_the_whole_of_it_is_there_without_the_plugin(school: TestSchool) -> None:
    with loaded(lost()) as name:
        await plugins.enable(name)
        await fill(school)
        with pytest.raises(Refused, match="out of use"):
            await keeping.erase_plugin(name)
    assert "lost" not in host.plugins
    assert [state.reason for state in await plugins.states() if state.name == "lost"] == ["It is no longer installed."]
    whole = {portion.table: len(portion.rows) for portion in await keeping.whole("lost")}
    assert whole == await counted() == {"lost_thing": 2, "lost_claim": 2, "lost_note": 2, "lost_shelf": 1}
    assert [row["what"] for row in (await told(school.ids["parent"]))["lost_thing"]] == ["thing 0"]
    assert await keeping.whole("never") == []


async def test_erasing_takes_everything_about_one_and_leaves_the_others(
    school: TestSchool, things: dict[str, int]
) -> None:
    parent, teacher = school.ids["parent"], school.ids["teacher"]
    await keeping.erase_person(parent)
    assert await told(parent) == {}
    assert await counted() == {"lost_thing": 1, "lost_claim": 0, "lost_note": 0, "lost_shelf": 1}
    await jobs.run_due(clock.now(), JOBS)
    with pytest.raises(NotVisible):
        await documents.open_for("lost", things["proof"])
    assert await db.value("SELECT state FROM photo WHERE id = ?", things["photo"]) == "erased"
    await keeping.erase_person(teacher)
    assert await counted() == {"lost_thing": 0, "lost_claim": 0, "lost_note": 0, "lost_shelf": 1}
    assert await db.rows("SELECT warden FROM lost_shelf") == [(0,)]


async def test_old_rows_go_with_their_photos_and_files(school: TestSchool, things: dict[str, int]) -> None:
    assert await keeping.expire(clock.now() + 29 * clock.DAY) == 0
    assert await keeping.expire(clock.now() + 31 * clock.DAY) == 2
    assert await counted() == {"lost_thing": 0, "lost_claim": 0, "lost_note": 0, "lost_shelf": 1}
    await jobs.run_due(clock.now(), JOBS)
    assert connected.vault().secret(things["photo"]) is None  # its key is destroyed
    assert await db.rows("SELECT id FROM kept_file") == []


async def test_a_photo_under_a_hold_is_evidence(school: TestSchool, things: dict[str, int]) -> None:
    mia = school.ids["mia"]
    await run("INSERT INTO photo_stream (id, stream, photo) VALUES (?, ?, ?)", new_id(), mia, things["photo"])
    await run("UPDATE photo SET children = ? WHERE id = ?", str(mia), things["photo"])
    await run("UPDATE person SET safeguarding_hold = ? WHERE id = ?", True, mia)
    await keeping.expire(clock.now() + 31 * clock.DAY)
    await jobs.run_due(clock.now(), JOBS)
    assert await db.value("SELECT state FROM photo WHERE id = ?", things["photo"]) == "hidden"


async def test_no_photo_of_another_plugin_is_erased(school: TestSchool, things: dict[str, int]) -> None:
    story = await school.photo(("mia",))
    await run("UPDATE lost_thing SET photo = ? WHERE photo = 0", story)
    await keeping.expire(clock.now() + 31 * clock.DAY)
    await jobs.run_due(clock.now(), JOBS)
    assert await db.value("SELECT state FROM photo WHERE id = ?", story) == "published"


@pytest.mark.parametrize("failing", ["raises", "hangs", "gone"])
async def test_an_erasure_that_hangs_on_a_plugin_is_whole_or_not_at_all(
    school: TestSchool, failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    async def portal_erase(person: int) -> None:
        asked.append(person)
        if failing == "raises":
            raise KeyError
        if failing == "hangs":
            await asyncio.sleep(60)

    monkeypatch.setattr("portal.plugins.keeping.ERASE_LIMIT_S", 0.1)
    parent = school.ids["parent"]
    with loaded(lost(portal_erase=portal_erase)) as name:
        await plugins.enable(name)
        await fill(school)
        before = await counted()
        if failing != "gone":
            with pytest.raises(Refused, match="nothing was erased") as refused:
                await keeping.erase_person(parent)
            assert refused.value.values == {"plugin": "Lost things"}
            assert host.troubles[name].place == "portal_erase"
    if failing == "gone":
        with pytest.raises(Refused, match="nothing was erased"):
            await keeping.erase_person(parent)
        await plugins.disable("lost")
        await keeping.erase_plugin("lost")  # the way out when it never comes back
        await keeping.erase_person(parent)
        return
    assert await counted() == before
    assert asked == [parent]


async def test_a_plugins_data_goes_for_good_when_asked(school: TestSchool) -> None:
    with loaded(lost()) as name:
        await plugins.enable(name)
        made = await fill(school)
        await plugins.disable(name)
        await keeping.erase_plugin(name)
        assert "lost" not in await keeping.all_kept()
        await jobs.run_due(clock.now(), JOBS)
        assert await db.value("SELECT state FROM photo WHERE id = ?", made["photo"]) == "erased"
        assert await db.rows("SELECT id FROM kept_file") == []
        await plugins.enable(name)  # and it can begin anew
        assert await counted() == {"lost_thing": 0, "lost_claim": 0, "lost_note": 0, "lost_shelf": 0}
        with pytest.raises(Refused):
            await keeping.erase_plugin("stories")


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        (Stored("x", "x", "x", table="lost_nothing"), "has no such table"),
        (Stored("x", "x", "x", table="lost_thing", people=("loser",)), "lost_thing.loser"),
        (Stored("x", "x", "x", table="lost_thing", days=3), "need `since`"),
        (Stored("x", "x", "x", table="lost_thing", opens="shown_at"), "lost_thing.shown_at"),
        (Stored("x", "x", "x", table="lost_note", people=("claim",)), "no column id"),
        (Stored("x", "x", "x", table="lost_claim", through=("thing", "lost_nothing")), "belongs to lost_nothing"),
    ],
)
async def test_what_a_plugin_says_must_be_so(school: TestSchool, stored: Stored, said: str) -> None:
    with loaded(lost((stored,))) as name, pytest.raises(Refused, match="cannot be used") as refused:
        await plugins.enable(name)
    assert said in str(refused.value)
    assert "lost" not in (await plugins.schools.load()).plugins


async def test_what_touches_the_core_or_fails_half_way_leaves_nothing(school: TestSchool, tmp_path: Path) -> None:
    sys.path.insert(0, str(tmp_path))
    try:
        for package, extra in (
            ("lost_a", "ALTER TABLE person ADD COLUMN lost TEXT;\n"),
            ("lost_b", "CREATE TABLE stories_lost (id BIGINT PRIMARY KEY);\n"),
            ("lost_c", "CREATE TABEL lost_other (id BIGINT);\n"),
            ("lost_d", "UPDATE person SET active = false;\n"),
        ):
            folder = tmp_path / package / "piccolo_migrations"
            folder.mkdir(parents=True)
            (tmp_path / package / "__init__.py").touch()
            (folder / "__init__.py").touch()
            text = (HERE / "piccolo_migrations" / "first.py").read_text()
            spoiled = text.replace('\n"""\n\n\nasync def _up', f'\n{extra}"""\n\n\nasync def _up')
            (folder / "first.py").write_text(spoiled)
            about = About("lost", "Lost things", API, package, tmp_path / package)
            with loaded(module(portal_about=about)) as name, pytest.raises(Refused):
                await plugins.enable(name)
            assert await keeping.columns("lost_thing") == (), package
            assert "lost" not in await keeping.columns("person")
            assert await db.value("SELECT COUNT(*) FROM person WHERE active") > 5
    finally:
        sys.path.remove(str(tmp_path))


async def test_files_open_for_their_plugin_alone(school: TestSchool) -> None:
    kept = await documents.keep("lost", b"%PDF-1.4 a bill")
    assert await documents.open_for("lost", kept.id) == (b"%PDF-1.4 a bill", "application/pdf")
    with pytest.raises(NotVisible):
        await documents.open_for("stories", kept.id)
    await documents.erase("stories", [kept.id])
    assert (await documents.open_for("lost", kept.id))[0]
    await documents.erase("lost", [kept.id])
    with pytest.raises(NotVisible):
        await documents.open_for("lost", kept.id)


async def test_one_whose_rows_cannot_go_keeps_no_other_waiting(school: TestSchool, things: dict[str, int]) -> None:
    await run("CREATE TABLE bad_line (id BIGINT PRIMARY KEY, at BIGINT NOT NULL)")
    await run("CREATE TABLE bad_word (id BIGINT PRIMARY KEY, line BIGINT NOT NULL REFERENCES bad_line (id))")
    await run("INSERT INTO bad_line (id, at) VALUES (1, 1)")
    await run("INSERT INTO bad_word (id, line) VALUES (1, 1)")
    about = About(
        "bad", "Bad", API, "bad", HERE, stores=(Stored("Lines", "", "", table="bad_line", days=1, since="at"),)
    )
    with loaded(module("bad", portal_about=about)) as name:
        await keeping.declare(host.plugins[name])
        assert await keeping.expire(clock.now() + 31 * clock.DAY) == 2
        assert host.troubles[name].place == "expire"


async def test_columns_may_be_named_by_words_of_sql(school: TestSchool) -> None:
    for table, more in (("odd_word", ""), ("odd_note", ', "order" BIGINT NOT NULL')):
        await run(f'CREATE TABLE {table} (id BIGINT PRIMARY KEY, "from" BIGINT NOT NULL, "user" BIGINT NOT NULL{more})')
    parent, other = school.ids["parent"], school.ids["other"]
    await run('INSERT INTO odd_word (id, "from", "user") VALUES (1, ?, ?), (2, ?, 5)', parent, 5, other)
    await run('INSERT INTO odd_note (id, "from", "user", "order") VALUES (1, 0, 5, 1), (2, ?, 5, 2)', parent)
    stores = (
        Stored("Words", "", "", table="odd_word", people=("from",), days=1, since="user"),
        Stored("Notes", "", "", table="odd_note", people=("from",), through=("order", "odd_word"), on_erase="blank"),
    )
    with loaded(module("odd", portal_about=About("odd", "Odd", API, "odd", HERE, stores=stores))) as name:
        await keeping.declare(host.plugins[name])
        assert [len(portion.rows) for portion in await keeping.about_person(parent, without=(other,))] == [1, 1]
        await keeping.erase_person(parent)
        assert await db.rows('SELECT id, "from" FROM odd_note') == [(2, 0)]
        assert await keeping.expire(clock.now()) == 1


async def test_a_plugin_that_says_what_is_not_so_does_not_keep_the_portal_from_starting(
    school: TestSchool, things: dict[str, int]
) -> None:
    wrong = (*STORES[:3], Stored("Shelves", "Staff", "Always", table="lost_shelf", people=("nobody",)))
    before = (await keeping.all_kept())["lost"]
    host.unload("lost")
    with loaded(lost(wrong)):
        await plugins.settle()
        assert (await keeping.all_kept())["lost"] == before
        assert host.troubles["lost"].kind == "Conflict"
    assert host.load(lost())


async def test_files_that_no_row_names_go_after_a_day(school: TestSchool, things: dict[str, int]) -> None:
    left = (await documents.keep("lost", b"%PDF-1.4 a form never sent")).id
    assert await orphans.sweep(clock.now()) == 0
    assert await orphans.sweep(clock.now() + 2 * clock.DAY) == 1
    await jobs.run_due(clock.now(), JOBS)
    with pytest.raises(NotVisible):
        await documents.open_for("lost", left)
    assert (await documents.open_for("lost", things["proof"]))[0]


async def test_nothing_goes_where_the_tables_are_not_as_declared(school: TestSchool, things: dict[str, int]) -> None:
    await documents.keep("lost", b"%PDF-1.4 a form never sent")
    await run("ALTER TABLE lost_claim RENAME COLUMN proof TO other")
    assert await orphans.sweep(clock.now() + 2 * clock.DAY) == 0
