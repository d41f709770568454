"""Keeps what no engine may change or get: names, the school's own words, addresses, numbers of telephones, times.

Each becomes a placeholder with a number that stands in no text of the same asking. What comes back must hold each
exactly once, or it is no translation of this text; so an answer that belongs to another text is noticed, too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from random import SystemRandom

from portal_translation.naming import WORD, Names, folded

FSI, PDI = "\u2068", "\u2069"  # keep a run of the other direction together (UAX #9)
MOST_PLACES = 200  # in one text
_UNITS = r"kg|g|mg|km|m|cm|mm|l|ml|h|min|%|€|£|\$|°C?|грн|руб|кг|г|км|м|см|л|мл|хв|мин"
_COUNTS = r"\d+(?:st|nd|rd|th|s)\b"  # are words: 1st, 1990s
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # Each part is bounded, so that no text can be made that takes long.
        r"<[^<>\n]{0,300}>|&#?\w{1,20};",
        r"(?<!\w)(?:https?://|www\.)[^\s<>\"'\u2066-\u2069]{0,2000}[^\s<>\"'.,;:!?)\]\u2066-\u2069]",
        r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}",
        r"(?<![\w/.-])(?:[a-z0-9-]{1,63}\.){1,5}(?:org|com|net|edu|gov|info|example|school|eu|de|es|uk|ua|at|ch|fr)(?:/\S{0,500}[\w/])?(?!\w)",
        r"(?<!\w)\+?\d{1,4}[ /().-]{0,3}(?:\d[ /().-]{0,3}){5,14}(?<=\d)(?!\w)",  # a telephone number
        r"(?<!\d)\d{1,4}[./-]\d{1,2}[./-](?:\d{2,4})?(?!\d)",  # a day
        r"(?<!\d)\d{1,2}[:.]\d{2}(?:\s?[ap]\.?m\b(?:\.(?!\s+(?-i:[A-Z])))?)?(?!\d)",  # a time, or an amount
        r"(?<![\w.,])[£$€]\s?\d[\d.,\u00a0 ]{0,12}(?<=\d)(?!\d)",
        # A price, or so much of something.
        rf"(?<![\w.,])\d[\d.,\u00a0 ]{{0,12}}(?<=[\d\u00a0 ])(?<! [ \u00a0])(?:{_UNITS})(?!\w)",
        # A class: 3a, 3-Б, 3º A.
        rf"(?<!\w)(?!{_COUNTS})(?=\w{{0,6}}\d)(?=\w{{0,6}}[^\W\d_])[^\W_ªº]{{2,7}}(?!\w)",
        r"(?<!\w)\d{1,4}(?:-[^\W\d_]{1,2}|[ºª°]\s?[^\W\d_])(?!\w)",
        r"[@#]\w*|\*+",
        r"[\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2b55\ufe0f\u200d\u20e3]+",
    )
)
_NUMBER = re.compile(r"\d+")
# Where somebody lives: kept from an engine outside. It knows streets with numbers, and towns with theirs.
_LIVES = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b[A-ZÄÖÜ][\w-]{0,40}(?:straße|strasse|str\.|weg|platz|allee|gasse|damm|ufer)\s\d{1,4}\s?[a-z]?(?!\w)",
        r"\b[A-ZÄÖÜ][\w-]{0,40}\s(?:Straße|Str\.|Weg|Platz|Allee|Gasse|Damm|Ufer)\s\d{1,4}\s?[a-z]?(?!\w)",
        r"(?<!\w)\d{1,4}[a-z]?\s(?:[A-Z][\w'’-]{0,30}\s){1,3}(?:Street|St|Road|Rd|Lane|Avenue|Ave|Drive|Close|Square|Way|Court)\b",
        r"(?<!\w)(?i:calle|c/|avenida|avda\.?|plaza|paseo|camino)\s?(?:[\w.-]{1,30}\s){1,6}?(?:n\.?º\s?)?\d{1,4}(?!\w)",
        r"(?<!\w)(?i:calle|c/|avenida|avda\.?|plaza|paseo)\s?(?:[\w.-]{1,30}\s?){1,6}?,\s(?:n\.?º\s?)?\d{1,4}(?!\w)",
        r"(?<!\w)(?i:вул\.|вулиц[яіею]|просп\.|пров\.|ул\.|улиц[аеыу])\s[\w'’.-]{1,30}(?:\s[\w'’.-]{1,30})?,?\s(?:буд\.\s?|д\.\s?)?\d{1,4}(?!\w)",
        r"شارع\s\S{1,30}(?:\s\S{1,30}){0,2}?\s\d{1,4}(?!\w)",
        r"(?<![\w.,])\d{5}\s[A-ZÄÖÜÁÉÍÓÚА-ЯІЇЄҐ][\w-]{1,40}",
        r"\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b",
    )
)
_OPENS = re.compile(r"(?:^|[.!?…][\"”»)]*\s+)[\"“«(¿¡\s]*$")
_GENITIVE = re.compile(r"['’]s?$", re.IGNORECASE)
_AROUND = "[]⟦⟧(){}<>«»⁇"


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the school's own. `fixed` says it in other languages; where it does not, it stays as it is."""

    term: str
    language: str  # in which it is written; '' for any
    fixed: Mapping[str, str]


class Glossary:
    """The school's own words, ready to be found."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], Term]]] = {}
        for term in terms:
            parts = tuple(_bare(part) for part in WORD.findall(term.term))
            if parts:
                self._by_first.setdefault(parts[0], []).append((parts, term))
        for found in self._by_first.values():
            found.sort(key=lambda pair: -len(pair[0]))

    def spans(self, text: str, source: str, target: str) -> Iterator[tuple[int, int, str]]:
        """Where its terms stand, and how each is said in the target language. In another case it is the same term, but
        for capital letters alone, as in “PE”. An ending that the list does not name is no other word."""
        words = [(match.start(), match.end(), match.group()) for match in WORD.finditer(text)]
        at = 0
        while at < len(words):
            for parts, term in self._by_first.get(_bare(words[at][2]), ()):
                there = words[at : at + len(parts)]
                if term.language in ("", source) and self._is(there, parts, term, text):
                    start, end = there[0][0], there[-1][1]
                    end -= len(there[-1][2]) - len(_GENITIVE.sub("", there[-1][2]))
                    yield start, end, term.fixed.get(target) or text[start:end]
                    at += len(parts) - 1
                    break
            at += 1

    @staticmethod
    def _is(there: Sequence[tuple[int, int, str]], parts: Sequence[str], term: Term, text: str) -> bool:
        if [_bare(word) for _start, _end, word in there] != list(parts):
            return False
        if term.term.isupper() and len(term.term) <= 4 and not text[there[0][0] : there[-1][1]].isupper():
            return False  # “IT” is not “it”
        return all(not text[a[1] : b[0]].strip(" -\u00a0") for a, b in pairwise(there))


def _bare(word: str) -> str:
    return folded(_GENITIVE.sub("", word))


@dataclass(frozen=True, slots=True)
class Guard:
    """What is kept from an engine when it translates from one language into another."""

    names: Names
    glossary: Glossary
    source: str
    target: str
    strict: bool  # the engine is outside of the school

    def spans(self, text: str) -> list[tuple[int, int, str]]:
        """What is kept: from, to, and what stands there in the end. Earlier kinds win over later ones."""
        return [(start, end, said) for start, end, said, _name in self.found(text)]

    def found(self, text: str) -> list[tuple[int, int, str, bool]]:
        """The same, with whether it is a name."""
        taken: list[tuple[int, int, str, bool]] = []
        for pattern in (*_LIVES, *_PATTERNS) if self.strict else _PATTERNS:
            _take(taken, ((m.start(), m.end(), m.group()) for m in pattern.finditer(text)))
        _take(taken, self.glossary.spans(text, self.source, self.target))
        named = self.names.spans(text, self.source, strict=self.strict)
        _take(taken, ((start, end, text[start:end]) for start, end in named), name=True)
        return sorted(taken)


def _take(
    taken: list[tuple[int, int, str, bool]], found: Iterable[tuple[int, int, str]], *, name: bool = False
) -> None:
    for a, b, said in found:
        if len(taken) > MOST_PLACES:
            return  # too much anyway
        if all(b <= one[0] or one[1] <= a for one in taken):
            taken.append((a, b, said, name))


class Mangled(Exception):
    """What came back does not hold what was kept."""


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with placeholders, and what stands behind them."""

    text: str
    kept: Mapping[str, str]  # by number
    opening: frozenset[str] = frozenset()  # those said in other words, that began with a capital letter
    people: Mapping[str, bool] = field(default_factory=dict)  # names; whether they end as women's do

    @property
    def says_something(self) -> bool:
        """Whether there is anything to translate beside what is kept."""
        bare = _NUMBER.sub("", self.text) if self.kept else self.text
        return any(sign.isalpha() for sign in bare)

    def bare(self, translated: str) -> str:
        """A translation without what is kept."""
        return self._places(translated, lambda _number: " ")[0]

    def restored(self, translated: str, direction: str) -> str:
        """A translation with everything in its place. Raises Mangled if a placeholder is missing or there twice."""
        text, found = self._places(translated, lambda number: _isolated(self.kept[number], direction))
        if sorted(found) != sorted(self.kept):
            raise Mangled
        return text

    def _places(self, translated: str, put: Callable[[str], str]) -> tuple[str, list[str]]:
        """Puts something in the place of each placeholder, with the brackets that are ours: as many as stand around it
        beyond those that the text itself has there."""
        if not self.kept:
            return translated, []
        own = {number: around - 1 for _start, _end, number, around in self._found(self.text)}
        found: list[str] = []
        out: list[str] = []
        at = 0
        for start, end, number, around in self._found(translated):
            ours = min(max(0, around - own.get(number, 0)), start - at)
            found.append(number)
            out.append(translated[at : start - ours])
            said = put(number)
            if number in self.opening and _OPENS.search("".join(out)):
                said = said[:1].upper() + said[1:]
            out.append(said)
            at = end + ours
        return "".join([*out, translated[at:]]), found

    def _found(self, text: str) -> Iterator[tuple[int, int, str, int]]:
        """Where the placeholders stand: from, to, the number, and how many brackets there are on both its sides."""
        for match in _NUMBER.finditer(text):
            number = "".join(str(unicodedata.digit(sign)) for sign in match.group())  # an engine may write ٤٧
            if number in self.kept:
                around = 0
                while all(sign and sign in _AROUND for sign in (
                    text[max(0, match.start() - around - 1) : match.start() - around],
                    text[match.end() + around : match.end() + around + 1],
                )):  # fmt: skip
                    around += 1
                yield match.start(), match.end(), number, around


def _isolated(said: str, direction: str) -> str:
    """What is kept, held together where it runs against the text around it, as a telephone number in Arabic does."""
    against = "L" if direction == "rtl" else "R"
    kinds = {unicodedata.bidirectional(sign) for sign in said}
    runs_against = against in kinds or (against == "R" and "AL" in kinds)
    numbers = direction == "rtl" and "EN" in kinds and bool(kinds - {"EN"})
    return f"{FSI}{said}{PDI}" if runs_against or numbers else said


class Numbers:
    """Numbers for the placeholders of one asking: each once, and in none of its texts."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._used = {int(number) for text in texts for number in _NUMBER.findall(text) if len(number) == 4}
        self._chance = SystemRandom()
        self._left = 5000

    def next(self) -> str:
        """Raises Mangled if there are no more, which takes thousands of names."""
        self._left -= 1
        if self._left < 0 or len(self._used) > 7000:
            raise Mangled
        while (number := self._chance.randrange(2101, 9999)) in self._used:
            continue
        self._used.add(number)
        return str(number)


def mask(text: str, guard: Guard, numbers: Numbers, brackets: str) -> Masked:
    """A text for an engine. `brackets` are the two signs around a number that this engine leaves alone. Raises Mangled
    for one that holds too much."""
    kept: dict[str, str] = {}
    opening: set[str] = set()
    people: dict[str, bool] = {}
    out: list[str] = []
    at = 0
    spans = guard.found(text)
    if len(spans) > MOST_PLACES:
        raise Mangled
    for start, end, said, name in spans:
        number = numbers.next()
        kept[number] = said
        if said != text[start:end] and text[start].isupper():
            opening.add(number)
        if name:
            people[number] = said.split()[0].endswith("a")
        out += [text[at:start], brackets[0], number, brackets[1]]
        at = end
    return Masked("".join([*out, text[at:]]), kept, frozenset(opening), people)
