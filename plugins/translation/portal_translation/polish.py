"""What an engine leaves undone at the edges of sentences: capital letters, and in Spanish the marks that open them."""

from __future__ import annotations

import re

from portal_translation.protect import Masked

_CLOSE, _OPEN = "\"”»')\\]", "\"“«('\\["
_START = re.compile(rf"[.!?…](?P<quote>[{_CLOSE}]*)\s+[{_OPEN}¿¡]*(?P<letter>[^\W\d_])")
_FIRST = re.compile(r"[^\W_]")
_SENTENCE = re.compile(rf".+?(?:[.!?…]+[{_CLOSE}]*(?=\s|$)|$)", re.DOTALL)
_ASKS = re.compile(rf"([?!]+)([{_CLOSE}]*)$")
_LEADING = re.compile(rf"(?:\s|[{_OPEN}]|\[\d+\]|⟦\d+⟧)*")
_PLACE = re.compile(r"\d+")
# Of a language in which these are always written with a capital letter.
_ENGLISH = """
    i monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december english spanish german arabic ukrainian russian french mr mrs ms dr
"""
_CAPITALS = frozenset(_ENGLISH.split())


def polished(original: str, masked: Masked, said: str, target: str) -> str:
    """A translation that begins its sentences as the original does. Both with placeholders, but for `original`."""
    if target == "es" and ("?" in said or "!" in said):
        said = "".join(_opened(match[0], masked) for match in _SENTENCE.finditer(said))
    if _loud(masked.text):
        return said.upper()
    return _inner(original, _begun(original, masked, said, target))


def _loud(text: str) -> bool:
    """Whether all of it is in capital letters."""
    return text.isupper() and sum(sign.isalpha() for sign in text) > 6 and " " in text.strip()


# ---- Capital letters ----


def _begun(original: str, masked: Masked, said: str, target: str) -> str:
    there, here = _FIRST.search(original), _FIRST.search(said)
    if not there or not here or not there[0].isalpha() or not here[0].isalpha():
        return said
    word = re.split(r"\W", said[here.start() :], maxsplit=1)[0]
    if there[0].isupper():
        return _put(said, here.start(), here[0].upper())
    lower = there[0].islower() and not masked.text[there.start() :][:1].isdigit()
    if lower and not (len(word) > 1 and word.isupper()) and not (target == "en" and word.casefold() in _CAPITALS):
        return _put(said, here.start(), here[0].lower())
    return said


def _inner(original: str, said: str) -> str:
    """Within the text: as the original does it everywhere. After a quotation a sentence may go on."""
    for quoted in (False, True):
        letters = [m["letter"] for m in _START.finditer(original) if bool(m["quote"]) is quoted]
        upper = bool(letters) and all(letter.isupper() for letter in letters)
        lower = quoted and bool(letters) and all(letter.islower() for letter in letters)
        for match in _START.finditer(said) if upper or lower else ():
            if bool(match["quote"]) is quoted:
                letter = match["letter"]
                said = _put(said, match.start("letter"), letter.upper() if upper else letter.lower())
    return said


def _put(text: str, at: int, sign: str) -> str:
    return text[:at] + sign + text[at + 1 :] if len(sign) == 1 else text


# ---- Marks ----


def _opened(sentence: str, masked: Masked) -> str:
    """A Spanish sentence that asks or calls, with the mark at its beginning."""
    found = _ASKS.search(sentence)
    if found is None:
        return sentence
    mark = "¿" if "?" in found[1] else "¡"
    marks = mark * min(3, found[1].count("?" if mark == "¿" else "!"))
    inside = sentence[: found.start()]
    if mark in inside or not any(sign.isalpha() for sign in inside):
        return sentence
    at = max((inside.rfind(sign) for sign in _openers(found[2])), default=-1) + 1 or _leading(sentence, masked)
    return f"{sentence[:at]}{marks}{sentence[at:]}"


def _openers(closers: str) -> str:
    return "".join({")": "(", "]": "[", "»": "«", "”": "“", '"': '"'}.get(sign, "") for sign in closers)


def _leading(sentence: str, masked: Masked) -> int:
    """Where the sentence begins, behind what is no word."""
    match = _LEADING.match(sentence)
    at = match.end() if match else 0
    for place in _PLACE.finditer(sentence[:at]):
        kept = masked.kept.get(place[0], "")
        if any(sign.isalnum() for sign in kept):
            at = place.start() - 1
            break
    return at
