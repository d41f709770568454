"""Apertium: a program of this server, by rules and dictionaries. No text leaves the machine."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from portal.sdk import Unreachable, program_there, run_program
from portal_translation.checking import UNKNOWN
from portal_translation.engine import Pair, Trouble
from portal_translation.protect import Numbers

PROGRAM = "apertium"
# ISO 639-3 as most of its modes say it, 639-1 as older ones do.
_CODES = {"eng": "en", "deu": "de", "spa": "es", "ara": "ar", "ukr": "uk", "rus": "ru", "fra": "fr", "ita": "it",
          "por": "pt", "pol": "pl", "cat": "ca", "ron": "ro"}  # fmt: skip
_MARK = re.compile(r"[*#@](?=\w)")  # before a word that it does not know, or could not put into its form
TIMEOUT_S = 30
# A number in brackets has no genitive. Names that its dictionary knows have one: they stand in for those that it must
# not get, so that “Mia's mother” becomes “la madre de Mia”.
_OWNER = re.compile(r"⟦(\d+)⟧(?=['’]s\b)")
_STAND_INS = ("Susan", "Peter", "Helena", "Thomas", "Sandra", "Robert", "Barbara", "Diana", "Carmen", "Laura")


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

    async def translate(self, texts: Sequence[str], source: str, target: str) -> list[str | None]:
        """All in one run, divided by numbers on lines of their own: what does not stand between its two is lost."""
        mode = (await self._modes()).get((source, target))
        if mode is None:
            return [None] * len(texts)
        owners = [_with_owners(text) if source == "en" else None for text in texts]
        said = await self._run(mode, [*texts, *(owner[0] for owner in owners if owner)])
        better = iter(said[len(texts) :])
        return [
            (_without_owners(next(better), owner[1]) or plain) if owner else plain
            for plain, owner in zip(said, owners, strict=False)
        ]

    @staticmethod
    async def _run(mode: str, texts: Sequence[str]) -> list[str | None]:
        numbers = Numbers(texts)
        edges = [numbers.next() for _text in range(len(texts) + 1)]
        given = f"⟦{edges[0]}⟧\n\n" + "".join(
            f"{text}\n\n⟦{edge}⟧\n\n" for text, edge in zip(texts, edges[1:], strict=True)
        )
        said = await run_program(PROGRAM, mode, data=given.encode(), timeout_s=TIMEOUT_S)
        try:
            answer = said.decode()
        except UnicodeDecodeError:
            raise Unreachable("answer") from None
        return [_between(answer, *pair) for pair in pairwise(edges)]


def _with_owners(text: str) -> tuple[str, dict[str, str]] | None:
    """The text with a stand-in for each name in the genitive, and whose place each takes; None without any."""
    free = iter([name for name in _STAND_INS if name not in text])
    taken: dict[str, str] = {}

    def put(match: re.Match[str]) -> str:
        name = next(free, None)
        if name is None or match[0] in taken.values():
            return match[0]
        taken[name] = match[0]
        return name

    changed = _OWNER.sub(put, text)
    return (changed, taken) if taken else None


def _without_owners(text: str | None, taken: dict[str, str]) -> str | None:
    """The names' places again; None where one of them was lost or doubled."""
    for name, place in taken.items():
        if text is None or len(re.findall(rf"\b{name}\b", text)) != 1:
            return None
        text = text.replace(name, place)
    return text


def _between(answer: str, start: str, end: str) -> str | None:
    found = re.search(rf"⟦{start}⟧\s*(.*?)\s*⟦{end}⟧", answer, re.DOTALL)
    if found is None:
        return None
    text = found[1]
    marks, words = len(_MARK.findall(text)), len(re.findall(r"[^\W\d_]+", text))
    if marks > max(1, words * UNKNOWN):  # it was another language than somebody said
        return None
    return _MARK.sub("", text)
