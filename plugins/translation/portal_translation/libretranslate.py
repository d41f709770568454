"""LibreTranslate: a service over HTTP, the school's own or another's."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from portal.sdk import Reply, Unreachable, ask
from portal_translation.engine import Pair, Trouble
from portal_translation.protect import Numbers

AT_ONCE, LONGEST = 20, 4000  # texts, and characters, of one request
TIMEOUT_S = 25
LONGEST_WAIT = 3600  # seconds
_NEAR = (".local", ".internal", ".lan", ".home.arpa")


class LibreTranslate:
    """Every text goes with a number on its first line, which has to come back with it: so an answer that belongs to
    somebody else's text is never taken for this one's."""

    name = "libretranslate"
    title = "LibreTranslate"
    brackets = "[]"

    def __init__(self, address: str, key: str = "", *, own: bool = False) -> None:
        self._address = address.rstrip("/")
        self._key = key
        self._own = own

    @property
    def outside(self) -> bool:
        """Whether texts leave the school: not for a machine of its own network, or one that the school calls its
        own."""
        return not self._own and not is_near(self._address)

    async def pairs(self) -> frozenset[Pair]:
        answer = (await self._ask("GET", "languages")).json()
        try:
            known = {str(each["code"]): each.get("targets") for each in answer}
            return frozenset(
                (source, str(target))
                for source, targets in known.items()
                for target in (known if targets is None else targets)
                if target != source
            )
        except (TypeError, KeyError, AttributeError):
            raise Unreachable("answer") from None

    async def translate(
        self, texts: Sequence[str], source: str, target: str, _people: Mapping[str, bool], /
    ) -> list[str | None]:
        found: list[str | None] = []
        for part in _parts(texts):
            found += await self._some(part, source, target)
        return found

    async def _some(self, texts: Sequence[str], source: str, target: str) -> list[str | None]:
        numbers = Numbers(texts)
        edges = [numbers.next() for _text in texts]
        given = [f"{edge}\n{text}" for edge, text in zip(edges, texts, strict=True)]
        asked = {"q": given, "source": source, "target": target, "format": "text"}
        reply = await self._ask("POST", "translate", asked | ({"api_key": self._key} if self._key else {}))
        if reply.status == 400:  # too much for this server, or a pair that it does not have
            if len(texts) == 1:
                return [None]
            return [(await self._some([text], source, target))[0] for text in texts]
        answer = reply.json()
        said = answer.get("translatedText") if isinstance(answer, dict) else None
        if not isinstance(said, list) or len(said) != len(texts) or not all(isinstance(one, str) for one in said):
            raise Unreachable("answer")
        return [_behind(one, edge) for one, edge in zip(said, edges, strict=True)]

    async def _ask(self, method: str, path: str, given: Any = None) -> Reply:
        if not self._address:
            raise Trouble("nowhere")
        reply = await ask(method, f"{self._address}/{path}", json=given, timeout_s=TIMEOUT_S)
        if reply.status in (200, 400):
            return reply
        if reply.status in (401, 403):
            raise Trouble("key")
        if reply.status == 429:
            asked = reply.headers.get("retry-after", "")
            raise Trouble("busy", min(int(asked), LONGEST_WAIT) if asked.isascii() and asked.isdecimal() else 0)
        raise Trouble("busy" if reply.status == 503 else "answer")


def _parts(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Texts, so many and so long that one request carries them."""
    start, length = 0, 0
    for at, text in enumerate(texts):
        if at > start and (at - start >= AT_ONCE or length + len(text) > LONGEST):
            yield texts[start:at]
            start, length = at, 0
        length += len(text)
    if texts[start:]:
        yield texts[start:]


def _behind(said: str, edge: str) -> str | None:
    """What stands behind the number, if it is there."""
    first, _break, rest = said.lstrip().partition("\n")
    digits = "".join(str(int(sign)) for sign in first if sign.isdecimal())
    return rest if digits == edge and not any(sign.isalpha() for sign in first) else None


def is_near(address: str) -> bool:
    """Whether an address is of this machine or of a network of one's own, by its name or number alone."""
    host = (urlsplit(address).hostname or "").rstrip(".").lower()
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or (bool(host) and "." not in host) or host.endswith(_NEAR)
    return number.is_loopback or number.is_private
