"""For the demo school: its own words, a teacher who reads Spanish, and its stories in the languages of the engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.sdk import LANGUAGES, Text, Viewer, db
from portal_translation import correcting, glossary, wishing, work
from portal_translation.keys import wanted

WORDS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("Form tutor", "en", {"de": "Klassenlehrkraft", "es": "tutora de la clase", "ar": "مربّي الصف",
                          "uk": "класний керівник"}),
    ("PE kit", "en", {"de": "Sportzeug", "es": "ropa de deporte", "ar": "ملابس الرياضة", "uk": "спортивна форма"}),
    ("Golden Hour", "", {}),
    ("Lesenest", "", {}),
)  # fmt: skip


NEWEST = 30  # stories that are there in other languages at the first look; the others come when they are read
ROUNDS = 8  # of some texts each


async def fill(school: Any, progress: Callable[[str, int, int], None]) -> None:
    """Fills the glossary of a `portal.demo` school."""
    person = school.people["teacher"]
    teacher = Viewer(person)
    for done, (term, language, fixed) in enumerate(WORDS):
        progress("Translation", done, len(WORDS))
        await glossary.save(teacher, None, term, language, fixed)
    await correcting.choose(teacher, off=False, reads=("en", "es"))
    progress("Translation", len(WORDS), len(WORDS))
    await _translate(school, person, progress)


async def _translate(school: Any, person: int, progress: Callable[[str, int, int], None]) -> None:
    """What readers will want. Without Apertium nothing comes of it, and the pages show originals."""
    newest = sorted((story for story in school.stories if story.posted), key=lambda story: -story.at)[:NEWEST]
    texts = [Text(said) for story in newest for said in (story.title, story.body)]
    wishes = [wish for text in texts for code in LANGUAGES if (wish := wanted(text, code, "en"))]
    await wishing.note(person, list({wish.key: wish for wish in wishes}.values()), (), (), (), (), "", agreed=False)
    before = 0
    for done in range(ROUNDS):
        progress("Translation of stories", done, ROUNDS)
        await work.translate_due({})
        waiting = int(await db.value("SELECT COUNT(*) FROM translation_text WHERE state = 'waiting'"))
        if waiting in (0, before):
            break
        before = waiting
    progress("Translation of stories", ROUNDS, ROUNDS)
