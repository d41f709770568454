"""Languages: catalogues, texts, and dates as a reader of that language writes them.

`_` only marks a text for translation and returns it unchanged; it is translated where it is shown, by the
`Language` of the reader. Catalogues are the `.po` files themselves, read at first use.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Literal

from babel import Locale
from babel.dates import format_date, format_time, format_timedelta, get_datetime_format
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from portal import clock

Style = Literal["full", "long", "medium", "short"]
LANGUAGES = ("en", "de", "es", "ar", "uk")
NAMES = {"en": "English", "de": "Deutsch", "es": "Español", "ar": "العربية", "uk": "Українська"}
RIGHT_TO_LEFT = frozenset({"ar"})

# Latin digits also in Arabic: they match printed letters, class names and codes.
_LOCALES = {code: Locale.parse("ar_EG@numbers=latn" if code == "ar" else code) for code in LANGUAGES}

_folders: list[Path] = [Path(__file__).parent / "locale"]


def _(text: str) -> str:
    """Marks `text` as one that people read."""
    return text


def ngettext(one: str, many: str, number: int) -> tuple[str, str, int]:
    """Marks a text with a number; show it with `Language.plural(*ngettext(…))`."""
    return one, many, number


def add_folder(folder: Path) -> None:
    """Adds a plugin's catalogues, `folder/de.po` and so on; a text that the core has stays the core's."""
    if folder not in _folders:
        _folders.append(folder)
        language.cache_clear()


@lru_cache(maxsize=64)
def _read(file: Path, code: str, written: int) -> bytes:
    """A catalogue as gettext reads it. Kept, since those of the core are read again with each plugin that is added."""
    binary = io.BytesIO()
    with file.open("rb") as source:
        write_mo(binary, read_po(source, locale=code))
    return binary.getvalue()


def _catalogue(code: str) -> NullTranslations:
    merged: NullTranslations = NullTranslations()
    for folder in reversed(_folders):
        file = folder / f"{code}.po"
        if not file.exists():
            continue
        translations = GNUTranslations(io.BytesIO(_read(file, code, file.stat().st_mtime_ns)))
        translations.add_fallback(merged)
        merged = translations
    return merged


@dataclass(frozen=True)
class Language:
    """One reader's language. Instants are microseconds UTC; days are ISO texts."""

    code: str
    translations: NullTranslations

    @property
    def name(self) -> str:
        return NAMES[self.code]

    @property
    def direction(self) -> str:
        """'rtl' or 'ltr'."""
        return "rtl" if self.code in RIGHT_TO_LEFT else "ltr"

    def text(self, message: str, **values: object) -> str:
        """The translation, with its %(name)s places filled."""
        found = self.translations.gettext(message) if message else ""
        return found % values if values else found

    def plural(self, one: str, many: str, number: int, **values: object) -> str:
        """The translation fitting a number, which fills %(n)s and %(num)s."""
        found = self.translations.ngettext(one, many, number)
        return found % {"n": self.number(number), "num": self.number(number), **values}

    def number(self, value: float) -> str:
        return str(format_decimal(value, locale=_LOCALES[self.code]))

    def day(self, day: str | None, style: str = "long") -> str:
        """A day such as 2026-11-21 in words. `style`: 'short', 'medium', 'long' or 'full'."""
        return _day(self.code, day, style) if day else ""

    def moment(self, at: int, zone: str, style: Style = "medium") -> str:
        """An instant as local day and time."""
        return _moment(self.code, at // clock.MINUTE * clock.MINUTE, zone, style)

    def time(self, at: int, zone: str) -> str:
        """The local time of day of an instant, as in 14:05."""
        return str(format_time(clock.moment(at, zone), "short", locale=_LOCALES[self.code]))

    def ago(self, at: int, zone: str) -> str:
        """How long ago: in minutes or hours up to a day, then the day."""
        passed = clock.now() - at
        if 0 <= passed < clock.DAY:
            return _ago(self.code, passed // clock.MINUTE * 60)
        return _day(self.code, clock.day(at, zone), "long")


@lru_cache(maxsize=4096)
def _day(code: str, day: str, style: str) -> str:
    year, month, number = (int(part) for part in day.split("-"))
    return str(format_date(date(year, month, number), style, locale=_LOCALES[code]))


@lru_cache(maxsize=8192)
def _moment(code: str, at: int, zone: str, style: Style) -> str:
    # The day in the wanted length, the time always as 14:05: seconds tell nobody anything.
    local, locale = clock.moment(at, zone), _LOCALES[code]
    pattern = str(get_datetime_format(style, locale=locale)).replace("'", "")
    parts = {"{1}": format_date(local, style, locale=locale), "{0}": format_time(local, "short", locale=locale)}
    for place, text in parts.items():
        pattern = pattern.replace(place, text)
    return pattern.replace("\u202f", " ")


@lru_cache(maxsize=4096)
def _ago(code: str, seconds: int) -> str:
    return str(format_timedelta(-max(seconds, 60), add_direction=True, locale=_LOCALES[code]))


@lru_cache(maxsize=16)
def language(code: str) -> Language:
    """The language with this code; English for one the portal does not speak."""
    known = code if code in LANGUAGES else "en"
    return Language(known, _catalogue(known))


def preferred(header: str, offered: tuple[str, ...]) -> str:
    """The best of the offered languages for an Accept-Language header (RFC 9110, 12.5.4)."""
    wanted: list[tuple[float, int, str]] = []
    for part in header[:200].split(","):
        code, _sep, quality = part.strip().partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            weight = 0.0
        wanted.append((-weight, len(wanted), code.split("-")[0].lower()))
    for _weight, _order, code in sorted(wanted):
        if code in offered:
            return code
    return offered[0]
