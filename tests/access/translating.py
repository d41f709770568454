"""Translations in the school of the access matrix and the crawls: a text about mia, and stories in another language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal_translation import glossary, health

from portal import plugins
from portal.db import atomic, db
from portal.kinds import new_id

if TYPE_CHECKING:
    from tests.access.world import World

BODY = "TRANSLATED-text"
ADMIN = frozenset({"admin"})
ASK = {"3a": "parent", "3b": "neighbour", "school": "parent", "public": "parent"}  # a reader of each story


async def fill_translation(world: World) -> None:
    await plugins.enable("translation")
    await health.signing_key()
    await _text(world.id("mia"))
    await glossary.save(world.school.viewer("teacher"), None, "Form tutor", "en", {"es": "tutora"})
    await _written_in_spanish()
    for story, reader in ASK.items():
        browser = await world.school.browser(reader)
        assert (await browser.get(f"/stories/{world.stories[story].id}")).status_code == 200
    await _translated()


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


@atomic
async def _written_in_spanish() -> None:
    await db.run("UPDATE stories_story SET language = 'es'")


@atomic
async def _translated() -> None:
    """What those readers asked for is there now."""
    await db.run(
        "UPDATE translation_text SET state = 'done', engine = 'apertium', body = 'TOLD-' || original"
        " WHERE original LIKE 'BODY-%'"
    )


def marks(world: World) -> dict[str, frozenset[str]]:
    """Translations with those who read the story, and who takes out all that the plugin keeps."""
    told = {f"TOLD-{world.stories[name].body}": world.stories[name].read | ADMIN for name in ASK}
    return {**told, BODY: ADMIN}
