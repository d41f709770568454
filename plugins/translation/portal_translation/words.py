"""Words that several pages say."""

from __future__ import annotations

from collections.abc import Mapping

from portal.sdk import LANGUAGES, Language, _, language

LANGUAGE: Mapping[str, str] = {
    "en": _("English"), "de": _("German"), "es": _("Spanish"), "ar": _("Arabic"), "uk": _("Ukrainian"),
    "ru": _("Russian"), "fr": _("French"), "it": _("Italian"), "pt": _("Portuguese"), "pl": _("Polish"),
    "ca": _("Catalan"), "ro": _("Romanian"), "tr": _("Turkish"),
}  # fmt: skip
ENGINES: Mapping[str, str] = {
    "apertium": "Apertium", "libretranslate": "LibreTranslate", "argos": "Argos Translate",
}  # fmt: skip
REFUSED: Mapping[str, str] = {
    "pair": _("The engine does not translate between these languages."),
    "placeholders": _("Names or the school's words got lost."),
    "another": _("The answer belonged to another text, or there was none."),
    "html": _("The answer was a web page."),
    "empty": _("The answer was empty."),
    "length": _("The answer was much too long or too short."),
    "numbers": _("Numbers got lost, or came from nowhere."),
    "script": _("The answer was in another script."),
    "same": _("The answer was the original, or the text is in another language."),
}


def name_of(code: str, reader: Language) -> str:
    """What a language is called in the reader's own."""
    return reader.text(LANGUAGE[code]) if code in LANGUAGE else code


def direction_of(code: str) -> str:
    return language(code).direction if code in LANGUAGES else "auto"
