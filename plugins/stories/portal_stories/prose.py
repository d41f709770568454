"""Plain text as people typed it, made into safe HTML: escaped, in paragraphs, with its addresses as links."""

from __future__ import annotations

import re
from functools import lru_cache

from markupsafe import Markup, escape

_ADDRESS = re.compile(r"https?://[^\s<>\"'`\u200e\u200f\u202a-\u202e\u2066-\u2069]+", re.IGNORECASE)
_AFTER = ".,;:!?…،؛؟»”’"  # ends a sentence rather than an address
_PAIRS = {")": "(", "]": "[", "}": "{"}
EXCERPT = 600  # characters of a long text that the feed shows


def _trimmed(address: str) -> str:
    """The address without the punctuation of the sentence around it."""
    while address:
        last = address[-1]
        if last in _AFTER or (last in _PAIRS and address.count(last) > address.count(_PAIRS[last])):
            address = address[:-1]
        else:
            return address
    return address


def _linked(text: str) -> Markup:
    parts: list[Markup] = []
    at = 0
    for found in _ADDRESS.finditer(text):
        address = _trimmed(found.group())
        if len(address) <= len("https://"):
            continue
        end = found.start() + len(address)
        parts.append(escape(text[at : found.start()]))
        parts.append(
            Markup('<a href="{}" rel="noopener noreferrer nofollow" dir="ltr">{}</a>').format(address, address)
        )
        at = end
    parts.append(escape(text[at:]))
    return Markup("").join(parts)


@lru_cache(maxsize=512)
def prose(text: str) -> Markup:
    """The text as paragraphs; each finds its own direction, so that Arabic and English stand in one story."""
    paragraphs = re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n").strip())
    return Markup("").join(
        Markup('<p dir="auto">{}</p>').format(_linked(part).replace("\n", Markup("<br>")))
        for part in paragraphs
        if part
    )


@lru_cache(maxsize=512)
def excerpt(text: str) -> tuple[Markup, bool]:
    """The beginning of a text, and whether something was left out."""
    if len(text) <= EXCERPT + 100:
        return prose(text), False
    cut = text[:EXCERPT]
    return prose(cut[: max(cut.rfind(" "), cut.rfind("\n"), EXCERPT // 2)].rstrip() + " …"), True


def beginning(text: str) -> Markup:
    """What the feed shows of a text."""
    return excerpt(text)[0]
