"""A text about mia, translated, in the school of the access matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal_translation import glossary, health

from portal import plugins
from portal.db import atomic, db
from portal.kinds import new_id

if TYPE_CHECKING:
    from tests.access.world import World

BODY = "TRANSLATED-text"


async def fill_translation(world: World) -> None:
    await plugins.enable("translation")
    await health.signing_key()
    await _text(world.id("mia"))
    await glossary.save(world.school.viewer("teacher"), None, "Form tutor", "en", {"es": "tutora"})


@atomic
async def _text(mia: int) -> None:
    text = new_id()
    await db.run(
        "INSERT INTO translation_text (id, key, origin, same, source, target, original, body, engine, sent, corrected,"
        " corrector, corrected_at, children, state, reason, tries, due_at, asked_at, shown_at)"
        " VALUES (?, 'key', 'origin', 'same', 'en', 'es', 'ORIGINAL-text', ?, 'apertium', FALSE, '', 0, 0, 1, 'done',"
        " '', 0, 0, 0, 0)",
        *(text, BODY),
    )
    await db.run("INSERT INTO translation_about (id, text, child) VALUES (?, ?, ?)", new_id(), text, mia)
