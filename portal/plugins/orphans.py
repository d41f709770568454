"""Files of plugins that no row names: left when a process ended between sealing a file and writing its row, or between
deleting a row and erasing its file."""

from __future__ import annotations

from portal import clock
from portal.db import atomic, db
from portal.plugins import jobs, keeping
from portal.plugins.conditions import Kept

PATIENCE = clock.DAY  # a file may wait this long for its row
PORTION = 500


async def sweep(now: int) -> int:
    """Has the files erased that have waited for a day and that no declared column names. Returns how many.

    Files of a plugin whose tables are not as it declared are left alone: nobody knows what names them. `now` in
    microseconds UTC; for once a day.
    """
    count = 0
    for kept in (await keeping.all_kept()).values():
        waiting = "SELECT id FROM kept_file WHERE plugin = ? AND at < ?"
        old = {file for (file,) in await db.rows(waiting, kept.plugin, now - PATIENCE)}
        if old and (named := await _named(kept)) is not None and (left := sorted(old - named)):
            await _destroy(kept.plugin, left)
            count += len(left)
    return count


async def _named(kept: Kept) -> set[int] | None:
    """Every file that a row of the plugin names; None where that cannot be told."""
    found: set[int] = set()
    for stored in kept.stores:
        if not stored.files:
            continue
        if not set(stored.files) <= set(await keeping.columns(stored.table)):
            return None
        for column in stored.files:
            found |= {file for (file,) in await db.rows(f'SELECT "{column}" FROM {stored.table}')}
    return found


@atomic
async def _destroy(plugin: str, files: list[int]) -> None:
    for start in range(0, len(files), PORTION):
        payload = {"plugin": plugin, "photos": [], "files": files[start : start + PORTION]}
        await jobs.enqueue(jobs.CORE, keeping.DESTROY, payload)
