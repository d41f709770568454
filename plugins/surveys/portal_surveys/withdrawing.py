"""What goes when a family does not allow sensitive questions about a child any more, or when a person is erased."""

from __future__ import annotations

import json

from portal.sdk import Event, atomic, db, erase_files, marks, permits, secret
from portal_surveys import anonymous
from portal_surveys.answering import PURPOSE


async def withdrawn(event: Event) -> None:
    """Deletes a child's answers to sensitive questions once its family does not allow them any more."""
    if event.kind == "consent.changed" and event.detail == PURPOSE and not await permits([event.subject], PURPOSE):
        await erase_files("surveys", await _forget_sensitive(event.subject))


@atomic
async def _forget_sensitive(child: int) -> list[int]:
    """Returns the files that went with them."""
    marked = {number for (number,) in await db.rows("SELECT id FROM surveys_question WHERE sensitive <> ''")}
    theirs = " FROM surveys_answer WHERE response IN (SELECT id FROM surveys_response WHERE child = ?)"
    waiting = " FROM surveys_upload WHERE draft IN (SELECT id FROM surveys_draft WHERE child = ?)"
    sensitive = " AND question IN (SELECT id FROM surveys_question WHERE sensitive <> '')"
    files = await db.rows(f"SELECT file{theirs}{sensitive} UNION SELECT file{waiting}{sensitive}", child, child)
    await db.run(f"DELETE{theirs}{sensitive}", child)
    await db.run(f"DELETE{waiting}{sensitive}", child)
    for draft, given in await db.rows("SELECT id, given FROM surveys_draft WHERE child = ?", child):
        kept = {question: value for question, value in json.loads(given).items() if int(question) not in marked}
        await db.run("UPDATE surveys_draft SET given = ? WHERE id = ?", json.dumps(kept, ensure_ascii=False), draft)
    return [file for (file,) in files if file]


async def forget_person(person: int) -> None:
    """What the declarations cannot say about somebody who is erased: their tickets in open anonymous surveys, and their
    id in the key of a family that answered by name."""
    for survey, key_id in await db.rows(
        "SELECT id, secret FROM surveys_survey WHERE anonymous AND state = 'open' AND secret <> 0"
    ):
        key = secret(key_id)
        if key is not None:
            tickets = [anonymous.ticket(key, f"{kind}{person}") for kind in "gcf"]
            await db.run(
                f"DELETE FROM surveys_ticket WHERE survey = ? AND id IN ({marks(len(tickets))})", survey, *tickets
            )
    for response, unit in await db.rows("SELECT id, unit FROM surveys_response WHERE unit LIKE 'f%'"):
        if str(person) in unit[1:].split("-"):
            await db.run("UPDATE surveys_response SET unit = ? WHERE id = ?", f"erased{response}", response)
