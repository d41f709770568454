"""Work beside requests: jobs that plugins enqueue, their schedules, and word of events.

Several workers may run this at once: each claims what it does. A worker that dies in between leaves a job to the
others after its lease. What fails is tried again, later each time, and is kept when it was given up.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from portal import clock
from portal.acting import acting
from portal.db import atomic, db, marks
from portal.hooks.host import Trouble, host
from portal.hooks.specs import Event, Job
from portal.kinds import new_id
from portal.people import school as schools

EVENT = "@event"
CORE = ""  # whose jobs the core's own are
AT_ONCE = 20
ROUND_S = 20.0  # after which a round begins nothing new
SLACK = clock.MINUTE
TRIES = 10
LONGEST_PAYLOAD = 100_000  # characters
EVENT_LIMIT_S = 20


@atomic
async def enqueue(plugin: str, name: str, payload: Mapping[str, Any], at: int | None = None) -> None:
    """A job of a plugin once, not before `at` (microseconds UTC). Raises ValueError for one that it does not have."""
    if plugin != CORE and (plugin not in host.plugins or name not in host.plugins[plugin].answers.jobs):
        raise ValueError(f"The plugin {plugin!r} has no job {name!r}.")
    await _add(plugin, name, payload, clock.now() if at is None else at)


async def _add(plugin: str, name: str, payload: Mapping[str, Any], at: int) -> None:
    text = msgspec.json.encode(payload).decode()
    if len(text) > LONGEST_PAYLOAD:
        raise ValueError("A job's payload is for ids and a few words; keep the rest in a table.")
    await db.run(
        "INSERT INTO job (id, plugin, name, payload, due_at, tries, problem) VALUES (?, ?, ?, ?, ?, 0, NULL)",
        *(new_id(), plugin, name, text, at),
    )


@atomic
async def emit(kind: str, subject: int, detail: str = "") -> None:
    """Tells every plugin that listens and is in use, after this transaction was committed; and, once it is back, every
    other that still keeps something."""
    listening = [name for name, plugin in host.plugins.items() if "portal_event" in plugin.hooks]
    if not listening:
        return
    used = {*(await schools.load()).plugins, *(name for (name,) in await db.rows("SELECT plugin FROM keeping"))}
    now = clock.now()
    event = {"id": new_id(), "kind": kind, "subject": subject, "at": now, "detail": detail}
    for name in listening:
        if name in used:
            await _add(name, EVENT, event, now)


async def run_due(now: int, core: Mapping[str, Job] | None = None) -> None:
    """Does what is due at `now`: of the plugins in use, side by side so that none waits for another's, and `core`'s."""
    used = (await schools.load()).plugins
    await _start_schedules(now, used)
    names = [CORE, *(name for name in host.plugins if name in used)]
    await asyncio.gather(*(_run_all(name, now, core or {}) for name in names if not host.rests(name)))
    await _keep_troubles()


async def _start_schedules(now: int, used: Collection[str]) -> None:
    known = {(plugin, name): at for plugin, name, at in await db.rows("SELECT plugin, name, next_at FROM schedule")}
    for plugin in host.plugins.values():
        for job in plugin.answers.jobs.values():
            key = plugin.about.name, job.name
            if job.every is not None and key[0] in used and _over(known.get(key, 0), job.every, now):
                await _start(*key, job.every, now)


def _over(next_at: int, every: int, now: int) -> bool:
    """Whether a turn is due; also when it lies further ahead than it can, because the clock was wrong."""
    return not now < next_at <= now + every


@atomic
async def _start(plugin: str, name: str, every: int, now: int) -> None:
    """Enqueues one turn of a schedule, unless another worker was faster or the last turn still waits."""
    next_at = await db.value("SELECT next_at FROM schedule WHERE plugin = ? AND name = ?", plugin, name)
    if next_at is not None and not _over(next_at, every, now):
        return
    await db.run(
        "INSERT INTO schedule (id, plugin, name, next_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (plugin, name) DO UPDATE SET next_at = excluded.next_at",
        *(new_id(), plugin, name, now + every),
    )
    if not await db.value("SELECT 1 FROM job WHERE plugin = ? AND name = ? AND payload = '{}'", plugin, name):
        await _add(plugin, name, {}, now)


async def _run_all(plugin: str, now: int, core: Mapping[str, Job]) -> None:
    """Does a plugin's due jobs one after the other."""
    ends = time.monotonic() + ROUND_S
    while time.monotonic() < ends and not host.rests(plugin):
        claimed = await _claim(plugin, now)
        if not claimed:
            return
        for number, name, payload in claimed:
            if time.monotonic() >= ends or host.rests(plugin):
                await _release(number, now)
            else:
                await _run(plugin, number, name, payload, core)


def _limit(plugin: str, name: str) -> int:
    known = host.plugins[plugin].answers.jobs.get(name) if plugin in host.plugins else None
    return known.limit_s if known else EVENT_LIMIT_S


async def _claim(plugin: str, now: int) -> list[tuple[int, str, str]]:
    due = "SELECT id FROM job WHERE plugin = ? AND due_at <= ? ORDER BY due_at, id LIMIT ?"
    return await _take(plugin, now, due) if await db.rows(due, plugin, now, 1) else []


@atomic
async def _take(plugin: str, now: int, due: str) -> list[tuple[int, str, str]]:
    ids = [number for (number,) in await db.rows(due, plugin, now, AT_ONCE)]
    if not ids:
        return []
    rows = await db.rows(f"SELECT id, name, payload FROM job WHERE id IN ({marks(len(ids))}) ORDER BY id", *ids)
    lease = now + sum(_limit(plugin, name) for _number, name, _payload in rows) * clock.SECOND + SLACK
    await db.run(f"UPDATE job SET due_at = ?, tries = tries + 1 WHERE id IN ({marks(len(ids))})", lease, *ids)
    return [(number, name, payload) for number, name, payload in rows]


@atomic
async def _release(number: int, now: int) -> None:
    await db.run("UPDATE job SET due_at = ?, tries = tries - 1 WHERE id = ?", now, number)


async def _run(plugin: str, number: int, name: str, payload: str, core: Mapping[str, Job]) -> None:
    try:
        given = msgspec.json.decode(payload)
        if name == EVENT:
            await host.ask(plugin, "portal_event", Event(**given), limit_s=EVENT_LIMIT_S)
        else:
            job = core[name] if plugin == CORE else host.plugins[plugin].answers.jobs[name]
            with acting(plugin):
                async with asyncio.timeout(job.limit_s):
                    await job.run(given)
    except Exception as failure:
        host.blame(plugin or "portal", f"job {name}" if name != EVENT else "portal_event", failure)
        await _failed(number, type(failure).__name__)
    else:
        await _done(number)


@atomic
async def _done(number: int) -> None:
    await db.run("DELETE FROM job WHERE id = ?", number)


@atomic
async def _failed(number: int, problem: str) -> None:
    """Later again: after one minute, two, four …; given up after `TRIES`. A schedule's turn simply comes again."""
    row = await db.row("SELECT plugin, name, payload, tries FROM job WHERE id = ?", number)
    if row is None:
        return
    plugin, name, payload, tries = row
    known = host.plugins[plugin].answers.jobs.get(name) if plugin in host.plugins else None
    if payload == "{}" and known is not None and known.every is not None:
        await db.run("DELETE FROM job WHERE id = ?", number)
        return
    due = None if tries >= TRIES else clock.now() + clock.MINUTE * 2 ** (tries - 1)
    await db.run("UPDATE job SET due_at = ?, problem = ? WHERE id = ?", due, problem, number)


@atomic
async def try_again(plugin: str) -> None:
    """Takes up again what was given up: after the plugin was mended."""
    await db.run("UPDATE job SET due_at = ?, tries = 0 WHERE plugin = ? AND due_at IS NULL", clock.now(), plugin)


async def given_up() -> Mapping[str, int]:
    """How many jobs of each plugin were given up."""
    return dict(await db.rows("SELECT plugin, COUNT(*) FROM job WHERE due_at IS NULL GROUP BY plugin"))


# ---- Troubles of all processes, for the administrator's page ----


_told: dict[str, Trouble] = {}  # troubles of this process that were written down; one that was read stays forgotten


def _untold() -> dict[str, Trouble]:
    return {name: trouble for name, trouble in host.troubles.items() if _told.get(name) is not trouble}


async def _keep_troubles() -> None:
    if found := _untold():
        await _write_troubles(found)
        _told.update(found)


@atomic
async def _write_troubles(found: Mapping[str, Trouble]) -> None:
    for name, trouble in found.items():
        await db.run(
            "INSERT INTO trouble (plugin, place, kind, at) VALUES (?, ?, ?, ?) ON CONFLICT (plugin) DO UPDATE"
            " SET place = excluded.place, kind = excluded.kind, at = excluded.at WHERE excluded.at > trouble.at",
            *(name, trouble.place, trouble.kind, trouble.at),
        )


async def troubles() -> Mapping[str, tuple[str, str, int]]:
    """The last failure of each plugin: place, kind, instant."""
    found = {name: (place, kind, at) for name, place, kind, at in await db.rows(
        "SELECT plugin, place, kind, at FROM trouble"
    )}
    for name, here in _untold().items():
        if name not in found or found[name][2] < here.at:
            found[name] = here.place, here.kind, here.at
    return found


@atomic
async def forget_trouble(plugin: str) -> None:
    """After the administrator has read it."""
    host.wake(plugin)
    await db.run("DELETE FROM trouble WHERE plugin = ?", plugin)


async def waiting() -> Mapping[str, int]:
    """How many jobs and events of each plugin wait to be done."""
    found: dict[str, int] = defaultdict(int)
    for plugin, count in await db.rows(
        "SELECT plugin, COUNT(*) FROM job WHERE due_at IS NOT NULL GROUP BY plugin"
    ):
        found[plugin] = count
    return found
