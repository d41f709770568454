"""What each engine promises: durable, stopped when too long, refused when unsafe."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path

import apsw
import pytest

from portal.db import atomic, db, embedded, marks, postgres
from portal.db.embedded import Embedded
from portal.errors import PortalError, TooBusy, UnsafeToStart
from tests.db.conftest import put, stored

LONG = (  # counts for minutes on both databases if nobody stops it
    "WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 2000000000)"
    " SELECT count(*) FROM counted"
)


async def test_a_read_that_takes_too_long_is_stopped(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "READ_LIMIT_S", 0.2)
    monkeypatch.setattr(postgres, "READ_LIMIT_S", 0.2)
    for read in (db.backend.read, db.backend.read_named):
        started = time.monotonic()
        with pytest.raises(TooBusy):
            await read(LONG, ())
        assert time.monotonic() - started < 20
        assert await db.value("SELECT count(*) FROM scratch") == 0  # the next one is answered


async def test_readers_cannot_write(database: str) -> None:
    """On SQLite the reading connection refuses; so a forgotten `@atomic` cannot write past the writer."""
    if db.dialect != "sqlite":
        pytest.skip("PostgreSQL's reads share the pool")
    with pytest.raises(apsw.ReadOnlyError):
        await db.rows("DELETE FROM scratch")


def _pragmas(engine: Embedded) -> list[dict[str, object]]:
    names = ("journal_mode", "synchronous", "foreign_keys", "trusted_schema")
    return [
        {name: next(iter(connection.execute(f"PRAGMA {name}")))[0] for name in names}
        for connection in (engine._writer, engine._reader)
    ]


async def test_sqlite_keeps_what_it_acknowledged_through_a_power_cut(tmp_path: Path) -> None:
    """WAL with `synchronous=FULL` (2): NORMAL (1) would lose the last commits."""
    engine = Embedded(tmp_path / "durable.sqlite")
    for pragmas in _pragmas(engine):
        assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0}
    await engine.close()
    scratch = Embedded(tmp_path / "scratch.sqlite", durable=False)
    assert [pragmas["synchronous"] for pragmas in _pragmas(scratch)] == [0, 0]
    await scratch.close()


async def test_the_default_connection_is_the_durable_one(tmp_path: Path) -> None:
    db.connect(f"sqlite:{tmp_path / 'portal.sqlite'}")
    engine = db.backend
    assert isinstance(engine, Embedded)
    assert _pragmas(engine)[0]["synchronous"] == 2
    await db.close()


@pytest.mark.parametrize(
    ("version", "safe"), [("3.7.0", False), ("3.51.2", False), ("3.51.3", True), ("3.100.0", True)]
)
async def test_an_sqlite_that_could_lose_data_is_refused(
    version: str, safe: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apsw, "sqlite_lib_version", lambda: version)
    path = tmp_path / "portal.sqlite"
    if safe:
        await Embedded(path).close()
        assert path.exists()
    else:
        with pytest.raises(UnsafeToStart):
            Embedded(path)
        assert not path.exists()


@pytest.mark.parametrize("url", ["", "mysql://x", "portal.sqlite", "SQLITE:x"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(UnsafeToStart):
        db.connect(url)


async def test_sqlite_leaves_no_threads_behind(tmp_path: Path) -> None:
    before = threading.active_count()
    for number in range(5):
        engine = Embedded(tmp_path / f"{number}.sqlite", durable=False)
        await (await engine.begin()).commit()
        await engine.close()
    assert threading.active_count() == before


async def test_two_workers_on_one_file_never_lose_a_race(tmp_path: Path) -> None:
    """Each process has a writer of its own. Reading first and writing then, one waits for the other; a deferred
    transaction would find at its first write that what it read is old."""
    engines = [Embedded(tmp_path / "shared.sqlite", durable=False) for _ in range(2)]
    first = await engines[0].begin()
    await first.execute("CREATE TABLE counted (n INTEGER)", ())
    await first.execute("INSERT INTO counted (n) VALUES (0)", ())
    await first.commit()

    async def count_up(engine: Embedded) -> None:
        transaction = await engine.begin()
        n = (await transaction.execute("SELECT n FROM counted", ()))[0][0]
        await asyncio.sleep(0.001)
        await transaction.execute("UPDATE counted SET n = ?", (n + 1,))  # Retry here would be a lost race
        await transaction.commit()

    await asyncio.gather(*(count_up(engines[number % 2]) for number in range(50)))
    assert await engines[0].read("SELECT n FROM counted", ()) == [(50,)]
    for engine in engines:
        await engine.close()


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**30])
async def test_a_number_that_fits_no_column_is_a_failure_for_people(database: str, number: int) -> None:
    """Not a defect: it came from an address or a form. Neither database keeps anything of it."""
    with pytest.raises(PortalError):
        await db.rows("SELECT id FROM scratch WHERE id = ?", number)
    with pytest.raises(PortalError):
        await put(number)
    with pytest.raises(PortalError):
        await _put_many([(1, 1), (2, number)])
    assert await stored() == []
    for fits in (2**63 - 1, -(2**63)):
        await put(fits)
    assert await stored() == [-(2**63), 2**63 - 1]


@pytest.mark.parametrize("text", ["\udc80", "a\ud800b"])
async def test_half_a_character_is_a_failure_for_people(database: str, text: str) -> None:
    with pytest.raises(PortalError):
        await db.rows("SELECT id FROM person WHERE given_name = ?", text)
    with pytest.raises(PortalError):
        await _rename(text)


async def test_nul_in_a_text_is_stored_or_refused_but_no_defect(database: str) -> None:
    try:
        await _rename("a\0b")
    except PortalError:
        assert db.dialect == "postgres"
    assert await stored() == []


@atomic
async def _rename(text: str) -> None:
    await db.run("UPDATE person SET given_name = ?", text)


@atomic
async def _put_many(rows: list[tuple[int, int]]) -> None:
    await db.run_many("INSERT INTO scratch (id, n) VALUES (?, ?)", rows)


async def test_long_lists_of_places(database: str) -> None:
    await _put_many([(number, 0) for number in range(1_000)])
    found = await db.rows(f"SELECT id FROM scratch WHERE id IN ({marks(1_000)})", *range(500, 1_500))
    assert len(found) == 500


def test_question_marks_become_numbers() -> None:
    assert postgres.numbered("SELECT 1") == "SELECT 1"
    assert postgres.numbered("a = ? AND b IN (?,?)") == "a = $1 AND b IN ($2,$3)"
