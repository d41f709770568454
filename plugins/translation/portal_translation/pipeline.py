"""From texts to their translations: line by line, with what no engine may change kept out, and each answer checked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from portal.sdk import LANGUAGES, language
from portal_translation.checking import MOST, Nonsense, check, tidied
from portal_translation.engine import Engine
from portal_translation.polish import polished
from portal_translation.protect import Guard, Mangled, Masked, Numbers, mask

_LINE = re.compile(r"(\s*(?:(?:[-–—•·*+>]|#{1,6}|\d{1,2}[.)]|[^\W\d_]\))\s)?\s*)(.*?)(\s*)", re.DOTALL)
_BREAK = re.compile(r"[\n\t]")
_SENTENCES = re.compile(r"(?<=[.!?…؟])\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Refusal:
    """There is no translation that could be shown. `kind` says why."""

    kind: str


@dataclass(slots=True)
class _Part:
    """A line or sentence on its way."""

    original: str
    masked: Masked
    done: str | None = None
    wrong: str = ""
    sentences: list[_Part] = field(default_factory=list)

    @property
    def kept_whole(self) -> bool:
        """Whether there was nothing in it to translate."""
        return not self.masked.says_something


async def translate(engine: Engine, texts: Sequence[str], guard: Guard) -> list[str | Refusal]:
    """The texts in the guard's target language. A text is whole, or it is refused; but a line of it that the engine
    leaves as it is stays so. Raises Trouble or Unreachable."""
    lines = [[_LINE.fullmatch(line) for line in _BREAK.split(text)] for text in texts]
    numbers = Numbers(texts)
    parts: dict[str, _Part] = {}
    for line in (match[2] for text in lines for match in text if match):
        if line and line not in parts:
            parts[line] = _part(line, guard, numbers, engine.brackets)
    await _send(engine, list(parts.values()), guard)
    again = [part for part in parts.values() if part.wrong]
    for part in again:
        pieces = _SENTENCES.split(part.original)
        if len(pieces) > 1:
            part.sentences = [_part(piece, guard, numbers, engine.brackets) for piece in pieces]
    await _send(engine, [sentence for part in again for sentence in part.sentences], guard)
    for part in again:
        if part.sentences and all(sentence.done is not None for sentence in part.sentences):
            part.done = " ".join(str(sentence.done) for sentence in part.sentences)
    return [
        _whole([match for match in found if match], _BREAK.findall(text), parts)
        for text, found in zip(texts, lines, strict=True)
    ]


def _part(text: str, guard: Guard, numbers: Numbers, brackets: str) -> _Part:
    try:
        part = _Part(text, mask(text, guard, numbers, brackets))
    except Mangled:
        return _Part(text, Masked(text, {}), wrong="placeholders")
    if len(text) > MOST:
        part.wrong = "length"
    elif not part.masked.says_something:
        part.done = part.masked.restored(part.masked.text, _direction(guard.target))
    return part


async def _send(engine: Engine, parts: list[_Part], guard: Guard) -> None:
    """Has those translated that need it. Each then is done, or says what is wrong with its answer."""
    asked = [part for part in parts if part.done is None and not part.wrong]
    if not asked:
        return
    people = {number: ending for part in asked for number, ending in part.masked.people.items()}
    answers = await engine.translate([part.masked.text for part in asked], guard.source, guard.target, people)
    for part, answer in zip(asked, answers, strict=True):
        try:
            if answer is None:
                raise Nonsense("another")
            text = tidied(answer)
            check(part.masked.bare(part.masked.text), part.masked.bare(text), guard.target)
            text = polished(part.original, part.masked, text, guard.target)
            part.done = part.masked.restored(text, _direction(guard.target))
        except Nonsense as nonsense:
            part.wrong = nonsense.kind
        except Mangled:
            part.wrong = "placeholders"


def _direction(code: str) -> str:
    return language(code).direction if code in LANGUAGES else "ltr"


def _whole(lines: list[re.Match[str]], breaks: Sequence[str], parts: dict[str, _Part]) -> str | Refusal:
    out: list[str] = []
    asked = [parts[match[2]] for match in lines if match[2]]
    if asked and all(part.done is None or part.kept_whole for part in asked) and any(p.wrong == "same" for p in asked):
        return Refusal("same")
    for match, gap in zip_longest(lines, breaks, fillvalue=""):
        assert not isinstance(match, str)  # there is one more line than breaks
        part = parts[match[2]] if match[2] else None
        done = "" if part is None else part.original if part.wrong == "same" and part.done is None else part.done
        if done is None:
            return Refusal(part.wrong if part else "")
        out.append(f"{match[1]}{done}{match[3]}{gap}")
    return "".join(out)
