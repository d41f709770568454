"""By what a translation is found again: hashes of the text and its languages, so that a changed text is another."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

from portal.sdk import LANGUAGES, Text
from portal_translation.telling import another, language_of

LONGEST = 20_000  # characters of a text that is translated


@dataclass(frozen=True)
class Wanted:
    """A text that a reader would rather have in another language."""

    text: str
    source: str
    target: str
    about: tuple[int, ...]

    @cached_property
    def key(self) -> str:
        """Of this text about these children in this language. Texts that are equal and about other children have rows
        of their own: what is known about the one says nothing about the other."""
        return _hash(self.source, self.target, *map(str, self.about), "", self.text)

    @property
    def origin(self) -> str:
        """Of this text about these children, in whatever language."""
        return origin_of(self.source, self.about, self.text)

    @property
    def same(self) -> str:
        """Of the words alone: a correction counts wherever they stand."""
        return _hash(self.source, self.target, "same", self.text)


def origin_of(source: str, about: tuple[int, ...], text: str) -> str:
    return _hash(source, "origin", *map(str, about), "", text)


def wanted(text: Text, reader: str, main: str) -> Wanted | None:
    """What a reader of a language wants of a text; None where it is in their language, or too long."""
    source = source_of(text, main)
    if source == reader or not text.text.strip() or len(text.text) > LONGEST or reader not in LANGUAGES:
        return None
    return Wanted(text.text, source, reader, tuple(sorted(set(text.about))))


def source_of(text: Text, main: str) -> str:
    """The language in which it was written, as its writer said or as it looks. Who writes in another language than
    usual may forget to say so."""
    said = text.language.partition("-")[0].lower()
    return another(text.text, said) or said if said else language_of(text.text, main)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
