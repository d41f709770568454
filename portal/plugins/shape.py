"""Which columns a table has, on either database."""

from __future__ import annotations

import re

from portal.db import db

NAME = re.compile(r"[a-z_][a-z0-9_]*", re.ASCII)


async def columns(table: str) -> tuple[str, ...]:
    """The columns of a table in their order; none if there is no such table."""
    if not NAME.fullmatch(table):
        return ()
    if db.dialect == "sqlite":
        return tuple(name for (name,) in await db.rows("SELECT name FROM pragma_table_info(?) ORDER BY cid", table))
    return tuple(
        name
        for (name,) in await db.rows(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema()"
            " AND table_name = ? ORDER BY ordinal_position",
            table,
        )
    )
