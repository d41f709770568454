"""A PostgreSQL database for a whole module: the demo school is made once and looked at many times."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import asyncpg
import pytest

from ..conftest import POSTGRES, database_url


@pytest.fixture(scope="module")
def module_postgres(ready_postgres: str) -> Iterator[str]:
    name = f"portal_demo_{secrets.token_hex(4)}"

    async def run(sql: str) -> None:
        connection = await asyncpg.connect(POSTGRES)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    def on_a_thread(sql: str) -> None:
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, run(sql)).result()

    on_a_thread(f"CREATE DATABASE {name} TEMPLATE {ready_postgres} STRATEGY FILE_COPY")
    yield database_url(name)
    on_a_thread(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
