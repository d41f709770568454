"""The work of imports: look at what was sent, write it, fetch from a service, let go of what waited too long."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace
from typing import Any

from portal.sdk import Job, NotVisible, Refused, Unreachable, Viewer, clock, school, settings
from portal_grades import importing, importing_match, importing_plan, intake, mapping_plan, oneroster, service
from portal_grades.importing import Upload
from portal_grades.importing_plan import PORTION, Plan, Tally
from portal_grades.importing_problems import Problems
from portal_grades.intake import Batch, ItemIn

Step = Callable[[int, int], Awaitable[None]]
LIMIT_S = 600
ITEMS = 1000  # line items of one transaction
SAMPLE = 10


async def plan_of(upload: Upload, problems: Problems) -> Plan:
    """What an import wants: read anew each time, because the school may have changed since."""
    sent = await importing.files(upload)
    if upload.kind == "sheet":
        return await mapping_plan.plan_of(upload, sent, problems)
    book = await asyncio.to_thread(oneroster.read, sent, problems, (await school()).timezone)
    sent.clear()
    if problems.fatal:
        return Plan(importing_match.SOURCE)
    return await importing_match.plan_of(book, await _viewer(upload), problems)


async def _viewer(upload: Upload) -> Viewer | None:
    """For whom an import is: whoever sent it. A schedule's is for the school, and needs nobody."""
    if upload.kind == "service" and not upload.person:
        return None
    viewer = Viewer(upload.person or None)
    await importing.may(viewer, upload.kind, upload.group)
    return viewer


# ---- Looking ----


async def look(upload: Upload) -> str:
    """Counts what an import would change, and writes that down. Returns the state that the import is in then."""
    problems = Problems()
    tally = Tally()
    plan = await plan_of(upload, problems)
    sample = [[item.title, item.group, item.due_on] for item in list(plan.items.values())[:SAMPLE]]
    if not problems.fatal:
        tally = await importing_plan.compare(plan)
    state = "refused" if problems.fatal else "ready"
    summary = {
        "tally": asdict(tally), "problems": problems.as_json(), "classes": plan.classes, "students": plan.students,
        "read": plan.read, "whole": plan.whole, "first": not plan.there, "sample": sample,
    }  # fmt: skip
    await importing.move(upload.id, state, before=("waiting", "mapping", "ready"), summary=summary)
    return state


async def look_or_fail(upload: Upload) -> None:
    """The same for somebody who waits: what cannot be is told on the import's own page."""
    await _or_failed(upload, look(upload))


async def check(payload: dict[str, Any]) -> None:
    """The job that looks at a large import."""
    upload = await importing.load(int(payload["upload"]))
    if upload is not None and upload.state == "waiting":
        await _or_failed(upload, look(upload))


async def _or_failed(upload: Upload, work: Awaitable[Any]) -> None:
    """What people can be told ends an import; anything else is tried again."""
    try:
        await work
    except (Refused, NotVisible, Unreachable) as failure:
        problems = Problems()
        problems.stop("", 0, "", failure.message, **failure.values)
        await importing.move(upload.id, "failed", summary={**upload.summary, "problems": problems.as_json()})


# ---- Writing ----


async def write(payload: dict[str, Any]) -> None:
    """The job that writes an import to which somebody said yes. It may be run again where it was cut off."""
    upload = await importing.load(int(payload["upload"]))
    if upload is not None and await importing.move(upload.id, "writing", before=("queued", "writing")):
        await _or_failed(upload, put_in(upload))


async def put_in(upload: Upload) -> None:
    """Writes an import: line items that nobody sees yet, then results, and at the end all are released."""
    problems, tally = Problems(), Tally()
    viewer = await _viewer(upload)
    plan = await plan_of(upload, problems)
    if problems.fatal:
        await importing.move(upload.id, "refused", summary={**upload.summary, "problems": problems.as_json()})
        return
    wanted = upload.wanted
    quiet = not wanted.get("word")
    items = importing_plan.items_changed(plan, tally)
    if "new" not in wanted:
        wanted = {**wanted, "new": [item.sourced_id for item in items if item.sourced_id not in plan.there]}
        await importing.move(upload.id, "writing", wanted=wanted)
    if wanted.get("missed") and plan.whole:
        items += importing_plan.without(await importing_plan.missed_items(plan))
    done, total = 0, len(plan.rows) or 1
    await importing.progress(upload.id, 0, total)
    await _put_items(viewer, plan, items, quiet)
    async for results in importing_plan.changes(plan, tally, missed=bool(wanted.get("missed"))):
        for some in importing_plan.portions(results, PORTION):
            await intake.take_in(viewer, Batch(plan.source, results=some, quiet=quiet))
        done = total - len(plan.rows)
        await importing.progress(upload.id, min(done, total), total)
    if wanted.get("release"):
        for sids in importing_plan.portions(wanted["new"], ITEMS):
            await intake.release(viewer, plan.source, sids, clock.now())
    if upload.kind == "service":
        await service.taken(upload)
    await importing.forget_files(upload)
    await importing.move(upload.id, "done")


async def _put_items(viewer: Viewer | None, plan: Plan, items: list[ItemIn], quiet: bool) -> None:
    if plan.categories or plan.scales:
        await intake.take_in(viewer, Batch(plan.source, categories=plan.categories, scales=plan.scales))
    for some in importing_plan.portions(items, ITEMS):
        await intake.take_in(viewer, Batch(plan.source, items=some, quiet=quiet))


# ---- The service ----


async def fetch(payload: dict[str, Any]) -> None:
    """Fetches from the service: for somebody who then looks at it, or by schedule."""
    upload = await importing.load(int(payload["upload"]))
    if upload is None or upload.state != "waiting":
        return
    await _or_failed(upload, _fetch(upload))


async def _fetch(upload: Upload) -> None:
    await service.fetch(upload)
    found = await importing.load(upload.id)
    if found is None or found.state != "waiting":
        return
    state = await look(found)
    if upload.person or state != "ready":
        return
    wanted = {**found.wanted, "release": (await settings("grades"))["release_imported"], "word": True}
    if await importing.move(upload.id, "writing", before=("ready",), wanted=wanted):
        await put_in(replace(found, wanted=wanted))


async def nightly(_payload: dict[str, Any]) -> None:
    """What changed at the service since: only where somebody once looked at its gradebook and said yes."""
    if (await settings("grades"))["service_nightly"] and await service.in_use():
        upload = await service.begin(0)
        await fetch({"upload": upload})


async def sweep(_payload: dict[str, Any]) -> None:
    await importing.sweep()


JOBS = [
    Job("check", check, limit_s=LIMIT_S),
    Job("write", write, limit_s=LIMIT_S),
    Job("fetch", fetch, limit_s=LIMIT_S),
    Job("fetch_nightly", nightly, every=clock.DAY, limit_s=LIMIT_S),
    Job("sweep_imports", sweep, every=clock.HOUR),
]
