"""For the demo school: its own words, and a teacher who reads Spanish."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.sdk import Viewer
from portal_translation import correcting, glossary

WORDS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("Form tutor", "en", {"de": "Klassenlehrkraft", "es": "tutora de la clase", "ar": "مربّي الصف",
                          "uk": "класний керівник"}),
    ("PE kit", "en", {"de": "Sportzeug", "es": "ropa de deporte", "ar": "ملابس الرياضة", "uk": "спортивна форма"}),
    ("Golden Hour", "", {}),
    ("Lesenest", "", {}),
)  # fmt: skip


async def fill(school: Any, progress: Callable[[str, int, int], None]) -> None:
    """Fills the glossary of a `portal.demo` school."""
    teacher = Viewer(school.people["teacher"])
    for done, (term, language, fixed) in enumerate(WORDS):
        progress("Translation", done, len(WORDS))
        await glossary.save(teacher, None, term, language, fixed)
    await correcting.choose(teacher, off=False, reads=("en", "es"))
    progress("Translation", len(WORDS), len(WORDS))
