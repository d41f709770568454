"""Whether what an engine returned can be the translation of what it got. Nothing is believed."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

_TAG = re.compile(r"<\s*/?\s*[a-zA-Z!][^<>]*>|&(?:#\d+|[a-z]+);")
_HIDDEN = re.compile(
    r"[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)
_NUMBER = re.compile(r"\d+(?:[.,\u00a0 ]\d{3})*")
_SCRIPTS = {"ar": "ARABIC", "uk": "CYRILLIC", "ru": "CYRILLIC", "en": "LATIN", "de": "LATIN", "es": "LATIN"}
LONGER, SLACK = 4.0, 30  # how many times longer a translation may be, and how many characters more
UNKNOWN = 0.6  # the share of words that an engine may leave as they are
MOST = 40_000  # characters


class Nonsense(Exception):
    """It cannot be a translation. `kind` says why: 'empty', 'html', 'length', 'numbers', 'script', 'same'."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def tidied(text: str) -> str:
    """Without signs that nobody sees, and without spaces that an engine left."""
    text = _HIDDEN.sub("", unicodedata.normalize("NFC", text))
    text = re.sub(r"[ \t]{2,}", " ", text).strip()
    return re.sub(r" +([,.;:!?…؟،؛])(?=\s|$)", r"\1", text)


def check(source: str, result: str, target: str) -> None:
    """Raises Nonsense. Both without what was kept from the engine."""
    if not any(sign.isalpha() for sign in result):
        raise Nonsense("empty")
    if Counter(_TAG.findall(result)) - Counter(_TAG.findall(source)):
        raise Nonsense("html")
    if len(result) > len(source) * LONGER + SLACK or len(source) > len(result) * LONGER + SLACK:
        raise Nonsense("length")
    before, after = _numbers(source), _numbers(result)
    if Counter(n for n in before.elements() if len(n) > 1) - after or any(len(n) > 2 for n in after - before):
        raise Nonsense("numbers")
    if len(words := source.split()) >= 4 and _plain(source) == _plain(result) and len(set(words)) > 2:
        raise Nonsense("same")
    if (script := _SCRIPTS.get(target)) and not _written_in(result, script):
        raise Nonsense("script")


def _numbers(text: str) -> Counter[str]:
    plain = "".join(str(unicodedata.digit(sign)) if sign.isdigit() and sign.isdecimal() else sign for sign in text)
    return Counter(re.sub(r"\D", "", number) for number in _NUMBER.findall(plain))


def _plain(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _written_in(text: str, script: str) -> bool:
    letters = [sign for sign in text if sign.isalpha()]
    fitting = sum(unicodedata.name(sign, "").startswith(script) for sign in letters)
    return fitting * 2 >= len(letters)
