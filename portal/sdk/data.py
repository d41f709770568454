"""A plugin's own tables, files and keys."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any, ParamSpec, TypeVar

from portal.db import Row, trespass
from portal.db import db as _db
from portal.db.migrate import script as _script
from portal.photos import documents
from portal.photos.documents import File, destroy_secret, new_secret, secret
from portal.photos.sealing import seal, unseal

P = ParamSpec("P")
T = TypeVar("T")
TRANSACTION_LIMIT_S = 20.0

__all__ = [
    "atomic", "db", "destroy_secret", "erase_files", "keep_file", "new_secret", "open_file", "script", "seal", "secret",
    "unseal",
]  # fmt: skip


class Own:
    """The database, for a plugin's own tables: another table is a `Trespass` while the portal runs the plugin.

    Reads work anywhere; writing needs a function decorated with `@atomic`. `?` is the placeholder on both databases.
    """

    @property
    def dialect(self) -> str:
        """'sqlite' or 'postgres'."""
        return _db.dialect

    async def rows(self, sql: str, *args: Any) -> list[Row]:
        """All rows of a query. Inside `@atomic` it sees what the transaction wrote."""
        trespass.check(sql)
        return await _db.rows(sql, *args)

    async def row(self, sql: str, *args: Any) -> Row | None:
        """The first row, or None."""
        trespass.check(sql)
        return await _db.row(sql, *args)

    async def value(self, sql: str, *args: Any) -> Any:
        """The first column of the first row, or None."""
        trespass.check(sql)
        return await _db.value(sql, *args)

    async def run(self, sql: str, *args: Any) -> None:
        """One writing statement. Only inside `@atomic`. Raises Conflict."""
        trespass.check(sql)
        await _db.run(sql, *args)

    async def run_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """The same statement for many rows. Only inside `@atomic`. Raises Conflict."""
        trespass.check(sql)
        await _db.run_many(sql, rows)


db = Own()


def atomic(function: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Makes an action one write transaction; called inside another action it joins that one.

    The action may be run again if it loses against a concurrent one, so it does nothing outside the database. Raises
    TimeoutError, and undoes it all, after 20 seconds: nobody else can write meanwhile.
    """

    @functools.wraps(function)
    async def run(*args: P.args, **kwargs: P.kwargs) -> T:
        async with asyncio.timeout(TRANSACTION_LIMIT_S):
            return await _db.transact(lambda: function(*args, **kwargs))

    return run


async def script(sql: str) -> None:
    """Runs the statements of a migration, divided by `;` at line ends, on whichever database is connected.

    Written for PostgreSQL; on SQLite a BIGINT primary key becomes the rowid. Only the plugin's own tables.
    """
    for statement in sql.split(";\n"):
        if statement.strip():
            trespass.check_shape(statement)
    await _script(sql)


# ---- Files ----


async def keep_file(plugin: str, data: bytes, field: str = "file") -> File:
    """Keeps a file sealed: a PDF as it is, a picture (JPEG, PNG, WebP, HEIC) written anew without hidden data. Name it
    in a column that `Stored.files` declares. Raises BadInput at `field`. Not inside `@atomic`."""
    return await documents.keep(plugin, data, field)


async def open_file(plugin: str, file: int) -> tuple[bytes, str]:
    """A kept file and its media type. Whoever asks has checked who may have it. Raises NotVisible if there is none."""
    return await documents.open_for(plugin, file)


async def erase_files(plugin: str, files: Iterable[int]) -> None:
    """Erases kept files. Not inside `@atomic`."""
    await documents.erase(plugin, files)
