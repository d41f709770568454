"""The database: `db` reads and writes, `@atomic` makes a function one transaction, `Table` declares what is stored.

Connect once with `db.connect(url)`. Tables are Piccolo tables; queries that matter for speed are SQL with `?` places
that runs on SQLite and PostgreSQL alike.
"""

from __future__ import annotations

import asyncio
import contextvars
import functools
import random
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from portal.db.backend import Backend, Conflict, Retry, Row, Transaction
from portal.db.embedded import Embedded
from portal.db.postgres import Postgres
from portal.errors import TooBusy, UnsafeToStart
from portal.i18n import _

P = ParamSpec("P")
T = TypeVar("T")

__all__ = ["Conflict", "Database", "Row", "atomic", "db", "in_portions", "marks"]

TRIES = 8
PORTION = 500  # values of one IN list


class Database:
    """The connected database. One per process; `connect` may be called again to move to another one."""

    def __init__(self) -> None:
        self._backend: Backend | None = None
        # A task started inside a transaction inherits its context, so the task that opened it is kept beside it.
        self._open: contextvars.ContextVar[tuple[Transaction, object] | None] = contextvars.ContextVar(
            "transaction", default=None
        )

    def connect(self, url: str, *, durable: bool = True) -> None:
        """Connects to `sqlite:PATH` or `postgresql://…`. Raises UnsafeToStart for anything else."""
        if url.startswith("sqlite:"):
            self._backend = Embedded(Path(url.removeprefix("sqlite:").removeprefix("//")), durable=durable)
        elif url.startswith(("postgresql://", "postgres://")):
            self._backend = Postgres(url)
        else:
            raise UnsafeToStart("A database address begins with sqlite: or postgresql://")

    @property
    def backend(self) -> Backend:
        if self._backend is None:
            raise UnsafeToStart("No database is connected.")
        return self._backend

    @property
    def dialect(self) -> str:
        """'sqlite' or 'postgres'."""
        return self.backend.dialect

    async def close(self) -> None:
        if self._backend is not None:
            await self._backend.close()
            self._backend = None

    def transaction(self) -> Transaction | None:
        """The transaction that the current task has open, if any."""
        held = self._open.get()
        if held is None or held[1] is not asyncio.current_task():
            return None
        return held[0]

    async def rows(self, sql: str, *args: Any) -> list[Row]:
        """All rows of a query. Inside `@atomic` it sees what the transaction wrote."""
        if self._open.get() is not None and (transaction := self.transaction()) is not None:
            return await transaction.execute(sql, args)
        return await self.backend.read(sql, args)

    async def row(self, sql: str, *args: Any) -> Row | None:
        """The first row, or None."""
        found = await self.rows(sql, *args)
        return found[0] if found else None

    async def value(self, sql: str, *args: Any) -> Any:
        """The first column of the first row, or None."""
        found = await self.rows(sql, *args)
        return found[0][0] if found else None

    def _writing(self) -> Transaction:
        transaction = self.transaction()
        if transaction is None:
            raise RuntimeError("Writing needs a function decorated with @atomic.")
        return transaction

    async def run(self, sql: str, *args: Any) -> None:
        """One writing statement. Only inside `@atomic`. Raises Conflict."""
        await self._writing().execute(sql, args)

    async def run_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """The same statement for many rows. Only inside `@atomic`. Raises Conflict."""
        if rows:
            await self._writing().execute_many(sql, rows)

    async def transact(self, work: Callable[[], Awaitable[T]]) -> T:
        """Runs `work` in one transaction, or in the one already open. Raises TooBusy after several lost races."""
        if self.transaction() is not None:
            return await work()
        for attempt in range(TRIES):
            try:
                return await self._once(work)
            except Retry:
                await asyncio.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311  (spreads retries, no secret)
        raise TooBusy(_("Many people are writing just now. Please try again in a moment."))

    async def _once(self, work: Callable[[], Awaitable[T]]) -> T:
        transaction = await self.backend.begin()
        token = self._open.set((transaction, asyncio.current_task()))
        try:
            result = await work()
            await transaction.commit()
            return result
        except BaseException:
            await asyncio.shield(transaction.rollback())
            raise
        finally:
            self._open.reset(token)


db = Database()


def atomic(function: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Makes an action one write transaction; called inside another action it joins that one.

    The action may be run again if it loses against a concurrent one, so it does nothing outside the database.
    """

    @functools.wraps(function)
    async def run(*args: P.args, **kwargs: P.kwargs) -> T:
        return await db.transact(lambda: function(*args, **kwargs))

    return run


def marks(count: int) -> str:
    """Placeholders for an IN list: `?,?,?`."""
    return ",".join("?" * count)


async def in_portions(sql: str, wanted: Iterable[Any], *before: Any) -> list[Row]:
    """The rows of a query with one `IN ({})` after its other places, for however many values: in portions of 500, each
    in its own order."""
    found: list[Row] = []
    listed = sorted(set(wanted))
    for start in range(0, len(listed), PORTION):
        part = listed[start : start + PORTION]
        found += await db.rows(sql.format(marks(len(part))), *before, *part)
    return found
