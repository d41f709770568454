"""Apertium: a program of this server, by rules and dictionaries. No text leaves the machine."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise

from portal.sdk import Unreachable, program_there, run_program
from portal_translation import modes
from portal_translation.checking import UNKNOWN
from portal_translation.engine import Pair, Trouble
from portal_translation.phrases import phrases
from portal_translation.protect import Numbers

PROGRAM = "apertium"
# ISO 639-3 as most of its modes say it, 639-1 as older ones do.
_CODES = {"eng": "en", "deu": "de", "spa": "es", "ara": "ar", "ukr": "uk", "rus": "ru", "fra": "fr", "ita": "it",
          "por": "pt", "pol": "pl", "cat": "ca", "ron": "ro"}  # fmt: skip
# Before a word that it does not know, or could not put into its form. Such signs of the text's own are kept from it.
_MARK = re.compile(r"[*#@]")
TIMEOUT_S = 30
# A number in brackets is no subject, and has no genitive. Names that its dictionaries know stand in for those that it
# must not get, so that “Mia's mother” becomes “la madre de Mia”.
_STAND_INS = {
    True: ("Susan", "Laura", "Sandra", "Diana", "Carmen", "Helena", "Barbara"),
    False: ("Peter", "Thomas", "Robert", "Martin", "Daniel", "Richard", "Albert"),
}
_STANDING_IN = frozenset({("en", "es"), ("es", "en")})
_OWNER = re.compile(r"⟦(\d+)⟧(?=['’]s\b)")
_OWNED = re.compile(r"(⟦\d+⟧)['’]s(?=\s*(?:[.,;:!?)]|$))")  # “It is Mia's.”
_OWNERS = re.compile(r"(⟦\d+⟧)['’]s(?=(?:, ⟦\d+⟧(?:['’]s)?)* and ⟦\d+⟧['’]s\b)")


@dataclass(frozen=True, slots=True)
class _Given:
    """A text as Apertium gets it, and what takes the place of what in its answer."""

    text: str
    back: Mapping[str, str]

    def answer(self, said: str | None) -> str | None:
        """None where something was lost or doubled."""
        for stand_in, place in self.back.items():
            found = None if said is None else list(re.finditer(rf"(?<!\w){re.escape(stand_in)}(?!\w)", said))
            if said is None or found is None or len(found) != 1:
                return None
            said = said[: found[0].start()] + place + said[found[0].end() :]
        return said


class Apertium:
    """Knows only the pairs of languages that are installed, and none over a third language: that would be no help."""

    name = "apertium"
    title = "Apertium"
    brackets = "⟦⟧"
    outside = False

    async def pairs(self) -> frozenset[Pair]:
        found = frozenset(await self._modes())
        if not found:
            raise Trouble("models")
        return found

    async def _modes(self) -> dict[Pair, str]:
        """The mode for each pair; the plain one where there are variants, such as `spa-eng` and `spa-eng_US`."""
        if not program_there(PROGRAM):
            raise Trouble("missing")
        listed = (await run_program(PROGRAM, "-l", timeout_s=TIMEOUT_S)).decode("utf-8", "replace")
        found: dict[Pair, str] = {}
        for mode in sorted(listed.split()):
            source, dash, target = mode.partition("-")
            codes = _CODES.get(source, source), _CODES.get(target, target)
            if dash and all(len(code) == 2 and code.isalpha() for code in codes):
                found.setdefault(codes, mode)
        return found

    async def translate(
        self, texts: Sequence[str], source: str, target: str, people: Mapping[str, bool], /
    ) -> list[str | None]:
        """All in one run: as well as it can be said, and beside it with nothing put into it, for what gets lost."""
        mode = (await self._modes()).get((source, target))
        if mode is None:
            return [None] * len(texts)
        numbers = Numbers(texts)
        pieces = {text: _pieces(text, source) for text in texts}
        parts = list(dict.fromkeys(piece for some in pieces.values() for piece, _gap in some if piece))
        better = {part: _given(part, source, target, people, numbers) for part in parts}
        asked = list(dict.fromkeys([*parts, *(given.text for given in better.values())]))
        said = dict(zip(asked, await self._run(mode, asked, numbers), strict=True))
        if target == "es":
            said = {part: _polite(part, one) for part, one in said.items()}
        done = {part: better[part].answer(said[better[part].text]) or said[part] for part in parts} | {"": ""}
        if target != "en":  # after a quotation the sentence goes on
            done |= {
                part: one[0].lower() + one[1:] for part, one in done.items() if one and part[0].islower()
            }
        return [
            None if any(done[piece] is None for piece, _gap in pieces[text])
            else "".join(f"{done[piece]}{gap}" for piece, gap in pieces[text])
            for text in texts
        ]  # fmt: skip

    async def _run(self, mode: str, texts: Sequence[str], numbers: Numbers) -> list[str | None]:
        """Divided by numbers on lines of their own: what does not stand between its two is lost. One text on which it
        breaks off takes along what is behind it, so what is lost is tried again in halves."""
        edges = [numbers.next() for _text in range(len(texts) + 1)]
        given = f"⟦{edges[0]}⟧\n\n" + "".join(
            f"{text}\n\n⟦{edge}⟧\n\n" for text, edge in zip(texts, edges[1:], strict=True)
        )
        said = await self._said(mode, given.encode())
        try:
            answer = said.decode()
        except UnicodeDecodeError:
            raise Unreachable("answer") from None
        found = [_between(answer, *pair, text) for pair, text in zip(pairwise(edges), texts, strict=True)]
        lost = [at for at, one in enumerate(found) if one is None]
        if lost and len(texts) > 1:
            half = (len(lost) + 1) // 2
            for part in (lost[:half], lost[half:]):
                again = await self._run(mode, [texts[at] for at in part], numbers) if part else []
                for at, one in zip(part, again, strict=True):
                    found[at] = one
        return found

    @staticmethod
    async def _said(mode: str, given: bytes) -> bytes:
        if mode in modes.MENDED:
            with suppress(Unreachable):
                return await modes.said(mode, given, TIMEOUT_S)
        return await run_program(PROGRAM, mode, data=given, timeout_s=TIMEOUT_S)


_SPEECH = re.compile(r"(\s*[\"“«]\s*)([^\"“”«»]{2,500}?[,.!?…])(\s*[\"”»]\s*)")
_SAID = re.compile(r"^(said|asked|answered|shouted|cried|called) (⟦\d+⟧)(?=\W|$)")


def _pieces(text: str, source: str) -> list[tuple[str, str]]:
    """A text in pieces, each with what stands behind it: what somebody says, and what stands around it. In one piece it
    would mix up who says what."""
    found: list[tuple[str, str]] = []
    at = 0
    for match in _SPEECH.finditer(text):
        found += [(text[at : match.start()], match[1]), (match[2], match[3])]
        at = match.end()
    found.append((text[at:], ""))
    if source == "en":
        found = [(_SAID.sub(r"\2 \1", piece), gap) for piece, gap in found]
    return [(piece, gap) for piece, gap in found if piece or gap]


def _given(text: str, source: str, target: str, people: Mapping[str, bool], numbers: Numbers) -> _Given:
    back: dict[str, str] = {}
    out, at = [], 0
    for start, end, said in phrases(text, source, target):
        place = f"⟦{numbers.next()}⟧"
        back[place] = said
        out += [text[at:start], place]
        at = end
    changed = "".join([*out, text[at:]])
    if (source, target) in _STANDING_IN:
        changed = _OWNED.sub(r"the one of \1", _OWNERS.sub(r"\1", changed))
        owners = {match[1] for match in _OWNER.finditer(changed)}
        free = {ends: iter([name for name in names if name not in text]) for ends, names in _STAND_INS.items()}
        for place in re.findall(r"⟦\d+⟧", changed):
            number = place[1:-1]
            if (number in people or number in owners) and (name := next(free[people.get(number, False)], None)):
                changed = changed.replace(place, name)
                back[name] = place
    return _Given(changed, back)


def _between(answer: str, start: str, end: str, text: str) -> str | None:
    """What is said between two numbers; None where nothing is; the text itself, where that was in another language than
    somebody said."""
    found = re.search(rf"⟦{start}⟧\s*(.*?)\s*⟦{end}⟧", answer, re.DOTALL)
    if found is None:
        return None
    marks, words = len(_MARK.findall(found[1])), len(re.findall(r"[^\W\d_]+", found[1]))
    return text if marks > max(1, words * UNKNOWN) else _tidied(text, _MARK.sub("", found[1]))


_INNER = re.compile(r"(?<=[^.!?…:\s\"“”«»(] )[^\W\d_]+")
_ENGLISH = """
    I Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August
    September October November December English Spanish Catalan French German Christmas Easter
"""
_CAPITALS = frozenset(_ENGLISH.split()) | {name for names in _STAND_INS.values() for name in names}


def _tidied(text: str, said: str) -> str:
    """Its brackets in order, and no capital letters within a sentence where the text has none."""
    said = re.sub(r"⟦\s*(\d+)(\s*)⟧(?=(\w?))", lambda m: f"⟦{m[1]}⟧{' ' if m[2] and m[3] else ''}", said)
    said = re.sub(r"\bprpers\b ?", "", said)  # a pronoun for which it found no place
    whole = set(re.findall(r"⟦\d+⟧", said))
    said = re.sub(r"⟦\d+⟧|[⟦⟧]", lambda match: match[0] if match[0] in whole else "", said)
    if any(word[0].isupper() and word not in _CAPITALS for word in _INNER.findall(text)):
        return said
    return _INNER.sub(
        lambda word: word[0].lower() if word[0].istitle() and word[0] not in _CAPITALS else word[0], said
    )  # fmt: skip


_PLEASE = re.compile(r"\bplease\b", re.IGNORECASE)
_COMPLACER = re.compile(r"\bcomplacer\b", re.IGNORECASE)


def _polite(text: str, said: str | None) -> str | None:
    """“Please” is a verb to it; but where that is kept from it, it takes what follows for a noun."""
    if said is None or len(_PLEASE.findall(text)) != len(_COMPLACER.findall(said)):
        return said
    return _COMPLACER.sub(lambda word: ("P" if word[0][0].isupper() else "p") + "or favor", said)
