"""The school's gradebook service: what was chosen about it, and how far it was fetched."""

from __future__ import annotations

import json
from typing import Any

from portal.sdk import Refused, Unreachable, Viewer, _, atomic, clock, db, new_id, new_secret, settings
from portal_grades import importing, rest
from portal_grades.importing import Upload
from portal_grades.importing_problems import Problems

SOURCE = "service"


async def chosen() -> rest.Service | None:
    """The service as the school chose it; None where none is."""
    found = await settings("grades")
    if not found["service"] or not found["service_token"] or not found["service_client"]:
        return None
    return rest.Service(
        found["service"], found["service_token"], found["service_client"], found["service_secret"],
        found["service_version"],
    )  # fmt: skip


async def in_use() -> bool:
    """Whether there is one, and somebody has said yes to what it had the first time."""
    return await chosen() is not None and bool(await _since())


async def _since() -> int:
    return await db.value("SELECT since FROM grades_fetched WHERE source = ?", SOURCE) or 0


async def begin(person: int) -> int:
    """An import from the service that has yet to be fetched. Returns its id."""
    return await importing.awaited(person, "", new_secret())


async def fetch_now(viewer: Viewer, all_of_it: bool) -> int:
    """Asks for a fetch that this person then looks at. Raises NotVisible, Refused."""
    await importing.may(viewer, "service", 0)
    if await chosen() is None:
        raise Refused(_("No gradebook service is entered. An administrator does that in Office → Plugins."))
    upload = await begin(viewer.person or 0)
    await importing.move(upload, "waiting", wanted={"all": all_of_it}, job="fetch")
    return upload


async def fetch(upload: Upload) -> None:
    """Asks the service, and puts its answer where files lie. Raises Refused with what is wrong."""
    found = await chosen()
    if found is None:
        raise Refused(_("No gradebook service is entered. An administrator does that in Office → Plugins."))
    since = 0 if upload.wanted.get("all") else await _since()
    started = clock.now()
    try:
        sent = await rest.fetch(found, since or None, Problems(), lambda count: importing.progress(upload.id, count, 0))
    except rest.Declined as failure:
        await _failed(failure.text, failure.values)
        raise Refused(failure.text, **failure.values) from None
    except Unreachable as failure:
        await _failed(failure.message, failure.values)
        raise Refused(failure.message, **failure.values) from None
    await importing.put_in(upload.id, await importing.seal_up(upload, sent))
    await importing.move(upload.id, "waiting", wanted={**upload.wanted, "started": started})


@atomic
async def _failed(text: str, values: dict[str, Any]) -> None:
    await _note()
    await db.run("UPDATE grades_fetched SET failure = ? WHERE source = ?", json.dumps([text, values]), SOURCE)


@atomic
async def taken(upload: Upload) -> None:
    """What the service had at that time is here."""
    await _note()
    await db.run(
        "UPDATE grades_fetched SET since = ?, failure = '' WHERE source = ? AND since < ?",
        *(upload.wanted["started"], SOURCE, upload.wanted["started"]),
    )


async def _note() -> None:
    await db.run(
        "INSERT INTO grades_fetched (id, source, since, at, failure) VALUES (?, ?, 0, ?, '')"
        " ON CONFLICT (source) DO UPDATE SET at = excluded.at",
        *(new_id(), SOURCE, clock.now()),
    )


async def last() -> tuple[int, str, dict[str, Any]]:
    """When it was last asked, and what went wrong: a msgid with its values, '' for nothing."""
    row = await db.row("SELECT at, failure FROM grades_fetched WHERE source = ?", SOURCE)
    if row is None:
        return 0, "", {}
    text, values = json.loads(row[1]) if row[1] else ("", {})
    return row[0], text, values
