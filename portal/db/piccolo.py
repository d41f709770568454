"""Piccolo on our database: `Table` to declare what is stored, and the engine that carries its queries to `db`."""

from __future__ import annotations

import contextvars
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from piccolo import table as piccolo_table
from piccolo.engine.base import BaseAtomic, BaseBatch, Engine
from piccolo.querystring import QueryString

from portal.db import db, trespass


class PortalEngine(Engine[Any]):
    """Hands Piccolo's queries to `portal.db.db`: reads to the reader, writes into the open or an own transaction."""

    def __init__(self) -> None:  # no super().__init__: it would ask a database that is not connected yet
        self.log_queries = False
        self.log_responses = False
        self.query_id = 0
        self.min_version_number = 0
        self.current_transaction = contextvars.ContextVar("piccolo_transaction", default=None)

    @property
    def engine_type(self) -> str:  # type: ignore[override]
        return db.dialect

    async def get_version(self) -> float:
        return 0.0

    def get_version_sync(self) -> float:
        return 0.0

    async def prep_database(self) -> None:
        return None

    async def batch(self, query: Any, batch_size: int = 100, node: str | None = None) -> BaseBatch:
        raise NotImplementedError("Use pages of rows: a batch would hold a read open for long.")

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> list[dict[str, Any]]:
        sql, args = querystring.compile_string(engine_type="sqlite")  # `?` places, which `db` numbers where needed
        trespass.check(sql)
        if db.transaction() is None and sql.lstrip()[:6].upper() == "SELECT":
            return await db.backend.read_named(sql, args)
        return await db.transact(lambda: self._write(sql, args))

    async def _write(self, sql: str, args: list[Any]) -> list[dict[str, Any]]:
        transaction = db.transaction()
        assert transaction is not None
        return await transaction.execute_named(sql, args)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> list[dict[str, Any]]:
        trespass.check_shape(ddl)
        return await db.transact(lambda: self._write(ddl, []))

    @asynccontextmanager
    async def transaction(self, *args: Any, **kwargs: Any) -> AsyncIterator[None]:
        """A migration already runs inside one transaction of the migration runner."""
        yield None

    def atomic(self) -> BaseAtomic:
        raise NotImplementedError("Use portal.db.atomic.")


ENGINE = PortalEngine()


class Table(piccolo_table.Table):
    """The base of every stored table."""

    def __init_subclass__(cls, tablename: str | None = None, **kwargs: Any) -> None:
        super().__init_subclass__(tablename=tablename, db=ENGINE, **kwargs)


# Piccolo gives a table without a key of its own an `id`; this base is no table, and its subclasses would inherit it.
delattr(Table, "id")
