"""Finds people's names in what people write, so that no engine gets them.

A name is found as it is written, in other case, without its accents, with an ending of its language (“Мії”, “Mias”,
“Mia's”) or an Arabic word joined to its front; never inside another word. One that is an ordinary word, too, counts
where it looks like a name. For an engine outside of the school it counts wherever it has a capital letter, even
where the sentence would rather have the word: what leaves the school shall name nobody.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from portal_translation.beginning import acts
from portal_translation.ordinary import BEFORE_WORDS, INITIAL, MONTHS, PARTICLES, WORDS

WORD = re.compile(r"[^\W\d_]+(?:['’ʼ`][^\W\d_]+)*['’]?", re.UNICODE)
_ENDS = re.compile(r"[.!?…؟:;\n•–—]\s*[\"“”„«»'(\[]*\s*$")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
# Endings of names in Ukrainian and Russian, all cases, with those of patronymics and of adjectives used as names.
_ENDINGS_AS_WRITTEN = (
    """а я у ю і ї и ы е є о ою ею єю ой ей ом ем єм ові еві єві ів їв ов ам ям ами ями ах ях ьою ова ової овій ову
    овою ого ому им ым ій их ых его ему ія ії ію ією ией ии ию іє єві ьо ко
    ка ку ки ці кою ке йка йку йки йці йкою чик чика чику"""
)
_JOINED = ("وال", "بال", "كال", "فال", "لل", "ال", "ول", "وب", "فل", "و", "ف", "ب", "ل", "ك")
_VOWELS = "аяоеийьуюы"
SHORTEST = 3  # letters, under which a name is taken for an ordinary word


# One name, in Ukrainian and in Russian.
_CYRILLIC_ALIKE = str.maketrans("іїєґё", "ииеге")


def folded(word: str) -> str:
    """A word in one spelling: small letters, without accents where these only add to a letter."""
    text = unicodedata.normalize("NFC", word).casefold().replace("’", "'").replace("ʼ", "'").replace("`", "'")
    if _ARABIC.search(text):
        text = "".join(sign for sign in text if not "\u064b" <= sign <= "\u0652" and sign != "\u0640")
        return text.translate(str.maketrans("أإآىة", "ااايه"))
    if _CYRILLIC.search(text):
        return text.translate(_CYRILLIC_ALIKE)
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))


_ORDINARY = {code: frozenset(folded(word) for word in words.split()) for code, words in WORDS.items()}
_PARTICLES = frozenset(folded(word) for word in PARTICLES)
_ENDINGS = frozenset(folded(ending) for ending in _ENDINGS_AS_WRITTEN.split())
# Within a name. Without “and”, which stands between two.
_BETWEEN = re.compile(
    r"[ \-\u00a0](?:(?:van|von|vom|de|del|der|den|la|las|los|da|do|dos|di|du|le|ten|ter|zu|zur|al|el|bin|ibn|abu|بن"
    r"|ابن)[ \u00a0]){0,3}", re.IGNORECASE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    text: str
    folded: str
    first: bool  # of a sentence
    gap: str  # what stands between it and the next word

    @property
    def capital(self) -> bool:
        return self.text[:1] != self.text[:1].lower()


class Names:
    """The names of a school, ready to be found."""

    def __init__(self, names: Iterable[str]) -> None:
        self._whole: dict[str, list[tuple[str, ...]]] = {}  # by their first word, the longest first
        self._stems: set[str] = set()
        for name in names:
            parts = tuple(folded(part) for part in WORD.findall(name))
            for piece in {parts, *((part,) for part in parts)}:
                if any(part not in _PARTICLES and len(part) > 1 for part in piece):
                    self._add(piece)
        for found in self._whole.values():
            found.sort(key=len, reverse=True)

    def _add(self, parts: tuple[str, ...]) -> None:
        known = self._whole.setdefault(parts[0], [])
        if parts not in known:
            known.append(parts)
        if len(parts) == 1 and _CYRILLIC.search(parts[0]):
            stem = parts[0].rstrip("ьй")
            stem = stem[:-1] if stem[-1:] in _VOWELS else stem
            if len(stem) >= SHORTEST:
                self._stems.add(stem)

    def spans(self, text: str, language: str, *, strict: bool) -> list[tuple[int, int]]:
        """Where names stand in a text of this language, names of several words as one. `strict`: for an engine
        outside."""
        words = list(_words(text))
        found: list[tuple[int, int]] = []
        at = 0
        while at < len(words):
            length, end = self._length(words, at, text, language, strict)
            if length:
                found.append((words[at].start, end))
            at += length or 1
        return list(_joined(found, text))

    def _length(self, words: list[_Word], at: int, text: str, language: str, strict: bool) -> tuple[int, int]:
        """How many words make a name here, and where it ends; 0 for none."""
        for base, cut in _forms(words[at], language):
            for parts in self._whole.get(base, ()):
                if len(parts) > 1 and self._follows(words, at, parts, text):
                    return len(parts), words[at + len(parts) - 1].end
                if len(parts) == 1 and self._counts(words, at, base, language, strict):
                    return 1, words[at].end - cut
        word = words[at]
        if self._stems and _CYRILLIC.search(word.folded) and self._declined(word.folded):
            return (1, word.end) if self._counts(words, at, word.folded, language, strict) else (0, 0)
        if _ARABIC.search(word.folded):
            for joined in _JOINED:
                rest = word.folded.removeprefix(joined)
                # Without the sign of a capital letter, what is joined to a short word makes another word too easily.
                if rest != word.folded and len(rest) >= SHORTEST and (rest,) in self._whole.get(rest, ()):
                    return (1, word.end) if self._counts(words, at, rest, language, strict) else (0, 0)
        return 0, 0

    def _declined(self, word: str) -> bool:
        return any(word[:-cut] in self._stems and word[-cut:] in _ENDINGS for cut in range(1, min(5, len(word))))

    @staticmethod
    def _follows(words: list[_Word], at: int, parts: tuple[str, ...], text: str) -> bool:
        there = words[at : at + len(parts)]
        if len(there) < len(parts) or any(w.folded != part for w, part in zip(there, parts, strict=True)):
            return False
        return all(text[a.end : b.start] in (" ", "-", "\u00a0") for a, b in pairwise(there))

    def _counts(self, words: list[_Word], at: int, base: str, language: str, strict: bool) -> bool:
        """Whether a word that could be a name is one here."""
        word = words[at]
        if base in _PARTICLES:
            return False
        ordinary = len(base) < SHORTEST or base in _ORDINARY.get(language, ())
        if not ordinary:
            return True
        if _ARABIC.search(base):  # no capitals, so only what stands beside it tells
            return strict or self._known(words, at - 1, language) or self._known(words, at + 1, language)
        if not word.capital:
            return False
        if strict or self._known(words, at + 1, language) or self._known(words, at - 1, language):
            return True
        if word.first:  # where any word has a capital letter
            ordinary = base in INITIAL.get(language, ()) or base in MONTHS
            return not ordinary or acts(base, word.text, word.gap, [w.text for w in words[at + 1 : at + 3]], language)
        return words[at - 1].folded not in BEFORE_WORDS.get(language, ())

    def _known(self, words: list[_Word], at: int, language: str) -> bool:
        """Whether the word beside is a name that is no ordinary word."""
        if not 0 <= at < len(words):
            return False
        base = words[at].folded
        return base in self._whole and base not in _ORDINARY.get(language, ()) and base not in _PARTICLES


def _words(text: str) -> Iterator[_Word]:
    before = 0
    found = list(WORD.finditer(text))
    for match, following in zip_longest(found, found[1:]):
        first = before == 0 or bool(_ENDS.search(text[before : match.start()]))
        gap = text[match.end() : following.start() if following else len(text)]
        yield _Word(match.start(), match.end(), match.group(), folded(match.group()), first, gap)
        before = match.end()


def _forms(word: _Word, language: str) -> Iterator[tuple[str, int]]:
    """A word, and without its genitive; with how many letters stand behind the name then. That without an apostrophe
    belongs to the name, because nothing else marks where it ends."""
    text = word.folded
    yield text, 0
    if text.endswith("'s"):
        yield text[:-2], 2
    elif text.endswith("'"):
        yield text[:-1], 1
    elif text.endswith("s") and word.capital and len(text) > (SHORTEST if language == "de" else SHORTEST + 2):
        yield text[:-1], 0


def _joined(spans: list[tuple[int, int]], text: str) -> Iterator[tuple[int, int]]:
    """Given and family name as one."""
    last: tuple[int, int] | None = None
    for start, end in spans:
        if last and _BETWEEN.fullmatch(text[last[1] : start]):
            last = last[0], end
            continue
        if last:
            yield last
        last = start, end
    if last:
        yield last
