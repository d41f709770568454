"""PostgreSQL through asyncpg: a pool, serializable write transactions."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import asyncpg

from portal.db.backend import Conflict, Retry, Row

READ_LIMIT_MS = 5_000


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
                server_settings={"statement_timeout": str(READ_LIMIT_MS * 12)},
            )
        return self._pool

    async def read(self, sql: str, args: Sequence[Any]) -> list[Row]:
        pool = self._pool if self._loop is asyncio.get_running_loop() else None
        pool = pool or await self.pool()
        return [tuple(record) for record in await pool.fetch(numbered(sql), *args)]

    async def read_named(self, sql: str, args: Sequence[Any]) -> list[dict[str, Any]]:
        pool = await self.pool()
        return [dict(record) for record in await pool.fetch(numbered(sql), *args)]

    async def begin(self) -> PostgresTransaction:
        pool = await self.pool()
        connection = await pool.acquire()
        transaction = connection.transaction(isolation="serializable")
        try:
            await transaction.start()
        except BaseException:
            await asyncio.shield(pool.release(connection))
            raise
        return PostgresTransaction(pool, connection, transaction)

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

    async def execute(self, sql: str, args: Sequence[Any]) -> list[Row]:
        return [tuple(record) for record in await self._fetch(sql, args)]

    async def execute_named(self, sql: str, args: Sequence[Any]) -> list[dict[str, Any]]:
        return [dict(record) for record in await self._fetch(sql, args)]

    async def _fetch(self, sql: str, args: Sequence[Any]) -> list[Any]:
        try:
            if not args and ";" in sql.rstrip().rstrip(";"):
                await self._connection.execute(sql)  # a script of several statements
                return []
            return list(await self._connection.fetch(numbered(sql), *args))
        except (asyncpg.SerializationError, asyncpg.DeadlockDetectedError) as failure:
            raise Retry(str(failure)) from None
        except asyncpg.IntegrityConstraintViolationError as failure:
            raise Conflict(str(failure)) from None

    async def execute_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        try:
            await self._connection.executemany(numbered(sql), rows)
        except (asyncpg.SerializationError, asyncpg.DeadlockDetectedError) as failure:
            raise Retry(str(failure)) from None
        except asyncpg.IntegrityConstraintViolationError as failure:
            raise Conflict(str(failure)) from None

    async def commit(self) -> None:
        try:
            await self._transaction.commit()
        except (asyncpg.SerializationError, asyncpg.DeadlockDetectedError) as failure:
            raise Retry(str(failure)) from None
        await self._pool.release(self._connection)

    async def rollback(self) -> None:
        try:
            if not self._connection.is_closed():
                with contextlib.suppress(asyncpg.InterfaceError):
                    await asyncio.shield(self._transaction.rollback())
        finally:
            await asyncio.shield(self._pool.release(self._connection))
