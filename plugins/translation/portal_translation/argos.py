"""Argos Translate: a library on this server, with models that the administrator installed. No text leaves the machine.

An optional extra, `portal-translation[argos]`: it is large, so it is imported only when a job needs it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from portal_translation.engine import Pair, Trouble

_one_at_a_time = asyncio.Lock()
TIMEOUT_S = 90


class Argos:
    """It works in a thread, one text after the other: it takes all the cores that it gets."""

    name = "argos"
    title = "Argos Translate"
    brackets = "[]"
    outside = False

    async def pairs(self) -> frozenset[Pair]:
        found = await asyncio.to_thread(_pairs)
        if not found:
            raise Trouble("models")
        return found

    async def translate(
        self, texts: Sequence[str], source: str, target: str, _people: Mapping[str, bool], /
    ) -> list[str | None]:
        async with _one_at_a_time:
            try:
                async with asyncio.timeout(TIMEOUT_S):
                    return await asyncio.to_thread(_translate, list(texts), source, target)
            except TimeoutError:
                raise Trouble("slow") from None


def _library() -> Any:
    try:
        from argostranslate import translate  # type: ignore[import-not-found]  # late: loading it takes seconds
    except ImportError:
        raise Trouble("missing") from None
    return translate


def _pairs() -> frozenset[Pair]:
    languages = _library().get_installed_languages()
    return frozenset(
        (one.code, other.code)
        for one in languages for other in languages
        if one.code != other.code and one.get_translation(other) is not None
    )  # fmt: skip


def _translate(texts: list[str], source: str, target: str) -> list[str | None]:
    languages = {language.code: language for language in _library().get_installed_languages()}
    if source not in languages or target not in languages:
        return [None] * len(texts)
    model = languages[source].get_translation(languages[target])
    return [None if model is None else str(model.translate(text)) for text in texts]
