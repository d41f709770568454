"""`@atomic` on both databases: all or nothing, joined where nested, never leaked into another task."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from portal.db import Conflict, atomic, db
from portal.db.backend import Retry
from portal.errors import TooBusy
from tests.db.conftest import put, stored

pytestmark = pytest.mark.usefixtures("database")


async def test_what_returns_is_kept_and_what_raises_is_not() -> None:
    await put(1)

    @atomic
    async def half() -> None:
        await put(2)
        raise ValueError

    with pytest.raises(ValueError):
        await half()
    assert await stored() == [1]


async def test_an_action_inside_an_action_joins_it() -> None:
    @atomic
    async def outer(fail: bool) -> None:
        await put(3 if fail else 4)
        if fail:
            raise ValueError

    @atomic
    async def whole() -> None:
        await put(5)
        assert await db.value("SELECT count(*) FROM scratch") == 1  # it sees what it wrote itself,
        assert await stored() == []  # and nobody else does yet
        await outer(fail=False)

    with pytest.raises(ValueError):
        await outer(fail=True)
    await whole()
    assert await stored() == [4, 5]


async def test_writing_needs_a_transaction() -> None:
    with pytest.raises(RuntimeError):
        await db.run("INSERT INTO scratch (id, n) VALUES (1, 1)")
    with pytest.raises(RuntimeError):
        await db.run_many("INSERT INTO scratch (id, n) VALUES (?, ?)", [(1, 1)])
    assert await stored() == []


async def test_a_broken_rule_of_the_database_is_a_conflict() -> None:
    await put(1)
    with pytest.raises(Conflict):
        await put(1)
    with pytest.raises(Conflict):
        await _role_of_nobody()
    await put(2)  # and it goes on
    assert await stored() == [1, 2]


@atomic
async def _role_of_nobody() -> None:
    await db.run("INSERT INTO role (id, person, role) VALUES (1, 12345, 'admin')")


async def test_a_task_started_inside_a_transaction_stands_outside_it() -> None:
    """Context variables are inherited by tasks; the transaction is not."""
    left: list[asyncio.Task[None]] = []
    seen: list[bool] = []

    async def beside() -> None:
        seen.append(db.transaction() is None)
        with pytest.raises(RuntimeError):
            await db.run("INSERT INTO scratch (id, n) VALUES (8, 8)")
        await put(9)

    @atomic
    async def work() -> None:
        await put(7)
        left.append(asyncio.create_task(beside()))
        await asyncio.sleep(0.02)
        raise ValueError

    with pytest.raises(ValueError):
        await work()
    await left[0]
    assert seen == [True]
    assert await stored() == [9]  # its own write is kept although the transaction around its birth was not


async def test_a_helper_task_must_not_join() -> None:
    """`asyncio.gather` makes tasks, so what they do is not part of the transaction: reads see what is committed."""
    await put(1)

    async def count() -> int:
        return int(await db.value("SELECT count(*) FROM scratch"))

    @atomic
    async def work() -> list[int]:
        await put(2)
        return [await count(), *await asyncio.gather(count(), count())]

    assert await work() == [2, 1, 1]


async def test_fifty_that_read_first_and_write_then_all_succeed() -> None:
    """Deferred transactions on SQLite fail at this; on PostgreSQL the losers are run again from their start."""
    await put(1)
    runs = 0

    @atomic
    async def count_up() -> None:
        nonlocal runs
        runs += 1
        n = await db.value("SELECT n FROM scratch WHERE id = 1")
        await asyncio.sleep(0)
        await db.run("UPDATE scratch SET n = ? WHERE id = 1", n + 1)

    async def persistent() -> None:
        for _ in range(20):  # whoever is told to try again in a moment does so
            try:
                return await count_up()
            except TooBusy:
                await asyncio.sleep(0.01)
        raise TooBusy("never")

    await asyncio.gather(*(persistent() for _ in range(50)))
    assert await db.value("SELECT n FROM scratch WHERE id = 1") == 50
    if db.dialect == "sqlite":
        assert runs == 50  # one writer at a time: nothing was lost and run again


async def test_a_lost_race_is_run_again_and_at_some_point_given_up() -> None:
    tries = 0

    @atomic
    async def losing(times: int) -> str:
        nonlocal tries
        tries += 1
        await put(tries)
        if tries <= times:
            raise Retry("lost")
        return "won"

    assert await losing(2) == "won"
    assert await stored() == [3]  # the lost tries left nothing
    with pytest.raises(TooBusy):
        await losing(10_000)
    assert await stored() == [3]


async def _begin() -> None:
    await put(100)


async def _in_the_middle() -> None:
    @atomic
    async def work() -> None:
        await put(100)
        await asyncio.sleep(0.003)
        await put(101)
        await db.run_many("INSERT INTO scratch (id, n) VALUES (?, 0)", [(n,) for n in range(200, 260)])

    await work()


@pytest.mark.parametrize("work", [_begin, _in_the_middle])
@pytest.mark.parametrize("times", [1, 2, 3])
async def test_cancelling_at_any_moment_leaves_no_lock_and_no_half(
    work: Callable[[], Awaitable[None]], times: int
) -> None:
    """Cancelled once or again while it is clearing up, after each number of turns of the event loop."""
    whole = {0, 1} if work is _begin else {0, 62}
    for turns in range(60):
        task = asyncio.ensure_future(work())
        for _ in range(turns):
            await asyncio.sleep(0 if turns < 40 else 0.0004)
        for _ in range(times):
            task.cancel()
            await asyncio.sleep(0)
        await asyncio.wait([task], timeout=5)
        assert task.done(), turns
        assert task.cancelled() or task.exception() is None, (turns, task.exception())
        async with asyncio.timeout(5):  # the lock is free again
            await put(1_000)
            await _emptied(whole)


@atomic
async def _emptied(whole: set[int]) -> None:
    assert await db.value("SELECT count(*) FROM scratch WHERE id < 1000") in whole
    assert await db.value("SELECT count(*) FROM scratch WHERE id >= 1000") == 1
    await db.run("DELETE FROM scratch")


async def test_cancelling_those_who_wait_for_the_writer() -> None:
    """A queue of writers of which every other one goes away: the rest is written."""

    @atomic
    async def slow(number: int) -> None:
        await put(number)
        await asyncio.sleep(0.002)

    tasks = [asyncio.ensure_future(slow(number)) for number in range(30)]
    await asyncio.sleep(0.005)
    for task in tasks[1::2]:
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    kept = [number for number, result in enumerate(results) if result is None]
    there = set(await stored())
    assert there >= set(kept)
    assert len(there - set(kept)) <= 1  # one may have been cancelled when its commit had begun
    assert len(kept) >= 15
    await put(1_000)
