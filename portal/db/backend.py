"""What both database engines offer; nothing above `portal.db` knows which one runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

Row = tuple[Any, ...]


class Retry(Exception):
    """The transaction lost against another one and may be run again from its start."""


class Conflict(Exception):
    """A uniqueness or foreign-key rule of the database was broken."""


class Transaction(Protocol):
    """An open write transaction."""

    async def execute(self, sql: str, args: Sequence[Any]) -> list[Row]: ...
    async def execute_named(self, sql: str, args: Sequence[Any]) -> list[dict[str, Any]]: ...
    async def execute_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None: ...
    async def commit(self) -> None: ...
    async def rollback(self) -> None: ...


class Backend(Protocol):
    """A database that is connected."""

    dialect: str  # 'sqlite' or 'postgres', Piccolo's words

    async def read(self, sql: str, args: Sequence[Any]) -> list[Row]: ...
    async def read_named(self, sql: str, args: Sequence[Any]) -> list[dict[str, Any]]: ...
    async def begin(self) -> Transaction: ...
    async def close(self) -> None: ...
