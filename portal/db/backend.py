"""What both database engines offer; nothing above `portal.db` knows which one runs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Any, Protocol, TypeVar

from portal.errors import PortalError

Row = tuple[Any, ...]
T = TypeVar("T")


class Retry(Exception):
    """The transaction lost against another one and may be run again from its start."""


class Conflict(Exception):
    """A uniqueness or foreign-key rule of the database was broken."""


def unfit() -> PortalError:
    """A number or text from outside that fits no column: beyond 64 bits, or with half a character in it."""
    return PortalError("The portal could not make sense of this request. Please go back and try again.")


async def to_end(work: Awaitable[T]) -> T:
    """Waits for what must not stop half way. A caller, however often it is cancelled, is so only when it has ended."""
    future = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not future.done():
        try:
            await asyncio.wait([future])
        except asyncio.CancelledError as failure:
            cancelled = failure
    if cancelled is not None:
        if not future.cancelled():
            future.exception()  # seen, so that the event loop does not report it
        raise cancelled
    return future.result()


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
    async def enforce_references(self, yes: bool) -> None: ...
    async def close(self) -> None: ...
