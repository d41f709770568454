"""PostgreSQL through asyncpg: a pool, serializable write transactions."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import asyncpg

from portal.db.backend import Conflict, Retry, Row, to_end, unfit
from portal.errors import TooBusy
from portal.i18n import _

READ_LIMIT_S = 5.0
WRITE_LIMIT_MS = 60_000  # of one statement


@contextlib.contextmanager
def _meaning() -> Iterator[None]:
    """The driver's failures as ours. Raises Retry, Conflict, or PortalError for a value that fits no column."""
    try:
        yield
    except (asyncpg.SerializationError, asyncpg.DeadlockDetectedError) as failure:
        raise Retry(str(failure)) from None
    except asyncpg.IntegrityConstraintViolationError as failure:
        raise Conflict(str(failure)) from None
    except asyncpg.CharacterNotInRepertoireError:
        raise unfit() from None
    except asyncpg.DataError as failure:
        if isinstance(failure.__cause__, (OverflowError, UnicodeEncodeError)):
            raise unfit() from None
        raise


@lru_cache(maxsize=2048)
def numbered(sql: str) -> str:
    """`?` placeholders as PostgreSQL's `$1 $2 …`. The project's SQL holds no question mark in a literal."""
    if "?" not in sql:
        return sql
    head, *rest = sql.split("?")
    return head + "".join(f"${number}{part}" for number, part in enumerate(rest, 1))


class Postgres:
    """A PostgreSQL database, e.g. `postgresql://portal@localhost/portal`."""

    dialect = "postgres"

    def __init__(self, url: str, *, connections: int = 8) -> None:
        self._url = url
        self._connections = connections
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def pool(self) -> asyncpg.Pool[asyncpg.Record]:
        loop = asyncio.get_running_loop()
        if self._pool is None or self._loop is not loop:
            self._loop = loop
            self._pool = await asyncpg.create_pool(
                self._url,
                min_size=1,
                max_size=self._connections,
                server_settings={"statement_timeout": str(WRITE_LIMIT_MS)},
            )
        return self._pool

    async def read(self, sql: str, args: Sequence[Any]) -> list[Row]:
        return [tuple(record) for record in await self._fetch(sql, args)]

    async def read_named(self, sql: str, args: Sequence[Any]) -> list[dict[str, Any]]:
        return [dict(record) for record in await self._fetch(sql, args)]

    async def _fetch(self, sql: str, args: Sequence[Any]) -> list[asyncpg.Record]:
        pool = self._pool if self._loop is asyncio.get_running_loop() else None
        pool = pool or await self.pool()
        try:
            with _meaning():
                return list(await pool.fetch(numbered(sql), *args, timeout=READ_LIMIT_S))
        except (TimeoutError, asyncpg.QueryCanceledError):
            raise TooBusy(_("This took too long. Please try again, or ask for less at once.")) from None

    async def begin(self) -> PostgresTransaction:
        pool = await self.pool()
        connection = await pool.acquire()
        transaction = PostgresTransaction(pool, connection, connection.transaction(isolation="serializable"))
        try:
            await transaction.start()
        except BaseException:
            await transaction.rollback()
            raise
        return transaction

    async def enforce_references(self, yes: bool) -> None:
        """Always on: here tables are altered, not rebuilt."""

    async def close(self) -> None:
        if self._pool is not None and self._loop is asyncio.get_running_loop():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._pool.close(), 10)
        self._pool = None


class PostgresTransaction:
    """An open transaction on a connection of its own; ended once, by `commit` or `rollback`."""

    def __init__(self, pool: Any, connection: Any, transaction: Any) -> None:
        self._pool = pool
        self._connection = connection
        self._transaction = transaction
        self._released = False

    async def start(self) -> None:
        await to_end(self._transaction.start())

    async def execute(self, sql: str, args: Sequence[Any]) -> list[Row]:
        return [tuple(record) for record in await self._fetch(sql, args)]

    async def execute_named(self, sql: str, args: Sequence[Any]) -> list[dict[str, Any]]:
        return [dict(record) for record in await self._fetch(sql, args)]

    async def _fetch(self, sql: str, args: Sequence[Any]) -> list[Any]:
        with _meaning():
            if not args and ";" in sql.rstrip().rstrip(";"):
                await self._connection.execute(sql)  # a script of several statements
                return []
            return list(await self._connection.fetch(numbered(sql), *args))

    async def execute_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        with _meaning():
            await self._connection.executemany(numbered(sql), rows)

    async def commit(self) -> None:
        await to_end(self._commit())

    async def _commit(self) -> None:
        with _meaning():
            await self._transaction.commit()
        await self._release()

    async def rollback(self) -> None:
        if not self._released:  # else it was cancelled when its commit had begun
            await to_end(self._rollback())

    async def _rollback(self) -> None:
        try:
            # A transaction that never began, or whose connection is gone, needs no end.
            with contextlib.suppress(asyncpg.InterfaceError, asyncpg.PostgresConnectionError, OSError):
                await self._transaction.rollback()
        finally:
            await self._release()

    async def _release(self) -> None:
        self._released = True
        await self._pool.release(self._connection)
