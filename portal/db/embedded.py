"""SQLite through APSW: reads inline on the event loop's thread, one writer on a thread of its own.

A point query takes a few microseconds, less than handing it to a thread. Writes wait for the disk
(`synchronous=FULL`), so they have a thread, and `BEGIN IMMEDIATE` so that reading first and writing then never fails.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import apsw

from portal.db.backend import Conflict, Retry, Row, to_end, unfit
from portal.errors import TooBusy, UnsafeToStart
from portal.i18n import _

T = TypeVar("T")

# Releases before this one can corrupt a WAL database (a checkpoint racing with a writer that resets the log).
SAFE_FOR_WAL = (3, 51, 3)
UNFIT = (OverflowError, UnicodeEncodeError)  # what a value raises that SQLite cannot hold
READ_LIMIT_S = 5.0
BUSY_MS = 10_000


def _version() -> tuple[int, ...]:
    return tuple(int(part) for part in apsw.sqlite_lib_version().split("."))


def _open(path: Path, durable: bool) -> apsw.Connection:
    connection = apsw.Connection(str(path))
    connection.set_busy_timeout(BUSY_MS)
    # Plans do not depend on the values bound, or a statement would be planned anew at each of its runs.
    connection.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL" if durable else "synchronous=OFF",
        "foreign_keys=ON",
        "trusted_schema=OFF",
        "recursive_triggers=ON",  # so that REPLACE meets the triggers on DELETE, which guard the ledger
        "secure_delete=ON",  # what is erased is overwritten, not just forgotten
        "temp_store=MEMORY",
        "cache_size=-16000",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


class Embedded:
    """One SQLite file. `durable=False` is for scratch databases that nobody will miss."""

    dialect = "sqlite"

    def __init__(self, path: Path, *, durable: bool = True) -> None:
        """Opens or creates the file. Raises UnsafeToStart if this SQLite could corrupt it."""
        if _version() < SAFE_FOR_WAL:
            raise UnsafeToStart("This SQLite is older than 3.51.3 and can lose data; install a newer apsw.")
        path.parent.mkdir(parents=True, exist_ok=True)
        self._writer = _open(path, durable)
        self._reader = _open(path, durable)
        self._reader.execute("PRAGMA query_only=ON")
        self._deadline = 0.0
        self._reader.set_progress_handler(self._too_long, 50_000)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="db-writer")
        self._locks: dict[asyncio.AbstractEventLoop, asyncio.Lock] = {}

    def _too_long(self) -> bool:
        return time.monotonic() > self._deadline

    def _fetch(self, sql: str, args: Sequence[Any], rows: Callable[[apsw.Cursor], list[T]]) -> list[T]:
        self._deadline = time.monotonic() + READ_LIMIT_S
        try:
            return rows(self._reader.execute(sql, args))
        except apsw.InterruptError:
            raise TooBusy(_("This took too long. Please try again, or ask for less at once.")) from None
        except UNFIT:
            raise unfit() from None

    async def read(self, sql: str, args: Sequence[Any]) -> list[Row]:
        return self._fetch(sql, args, apsw.Cursor.fetchall)

    async def read_named(self, sql: str, args: Sequence[Any]) -> list[dict[str, Any]]:
        return self._fetch(sql, args, _named)

    async def begin(self) -> EmbeddedTransaction:
        lock = self._locks.setdefault(asyncio.get_running_loop(), asyncio.Lock())
        await lock.acquire()
        try:
            await self.call(lambda: self._writer.execute("BEGIN IMMEDIATE"))
        except BaseException as failure:
            try:
                if self._writer.in_transaction:  # cancelled while it was beginning
                    await self.call(lambda: self._writer.execute("ROLLBACK"))
            finally:
                lock.release()
            if isinstance(failure, apsw.BusyError):
                raise TooBusy(_("Many people are writing just now. Please try again in a moment.")) from None
            raise
        return EmbeddedTransaction(self, self._writer, lock)

    async def enforce_references(self, yes: bool) -> None:
        """Off while a migration rebuilds tables: dropping one would delete what refers to it. Not in a transaction."""
        await self.call(lambda: self._writer.execute(f"PRAGMA foreign_keys={'ON' if yes else 'OFF'}"))

    async def call(self, work: Callable[[], T]) -> T:
        """Runs `work` on the writer's thread, to its end."""
        return await to_end(asyncio.get_running_loop().run_in_executor(self._thread, work))

    async def close(self) -> None:
        self._thread.shutdown(wait=True)
        self._reader.close()
        self._writer.close()


def _named(cursor: apsw.Cursor) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for row in cursor:
        rows.append(dict(zip((column[0] for column in cursor.get_description()), row, strict=True)))
    return rows


class EmbeddedTransaction:
    """The writer's open transaction; ended once, by `commit` or `rollback`."""

    def __init__(self, backend: Embedded, connection: apsw.Connection, lock: asyncio.Lock) -> None:
        self._backend = backend
        self._connection = connection
        self._lock = lock

    async def _run(self, work: Callable[[], T]) -> T:
        try:
            return await self._backend.call(work)
        except apsw.ConstraintError as failure:
            raise Conflict(str(failure)) from None
        except (apsw.BusyError, apsw.LockedError) as failure:
            raise Retry(str(failure)) from None
        except UNFIT:
            raise unfit() from None

    async def execute(self, sql: str, args: Sequence[Any]) -> list[Row]:
        return await self._run(lambda: self._connection.execute(sql, args).fetchall())

    async def execute_named(self, sql: str, args: Sequence[Any]) -> list[dict[str, Any]]:
        return await self._run(lambda: _named(self._connection.execute(sql, args)))

    async def execute_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        await self._run(lambda: self._connection.executemany(sql, rows).fetchall())

    async def commit(self) -> None:
        await self._run(lambda: self._connection.execute("COMMIT"))
        self._lock.release()

    async def rollback(self) -> None:
        try:
            await self._backend.call(self._undo)
        finally:
            self._lock.release()

    def _undo(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
