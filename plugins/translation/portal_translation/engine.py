"""What translates. Each engine is behind the same small interface; nothing that it answers is believed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from portal.sdk import PortalError, _

Pair = tuple[str, str]  # codes of languages: from, into


class Trouble(PortalError):
    """An engine did not do its work. `kind` is one of `SAID`; `wait_s` how long it asked to be left alone."""

    def __init__(self, kind: str, wait_s: int = 0) -> None:
        super().__init__(SAID[kind])
        self.kind = kind
        self.wait_s = wait_s


SAID: Mapping[str, str] = {
    "missing": _("It is not installed on this server."),
    "models": _("It is installed, but has no languages yet."),
    "nowhere": _("Its address is missing in the settings."),
    "address": _("Its address cannot be used. It begins with https://, and holds no password."),
    "refused": _("It could not be reached. Is it running, and is its address right?"),
    "slow": _("It did not answer in time."),
    "large": _("It answered with more than the portal takes."),
    "answer": _("It answered something that is no translation. Is its address right?"),
    "key": _("It wants another API key."),
    "busy": _("It has too much to do just now."),
    "nonsense": _("What it answered could not be the translation of what it was asked."),
}


class Engine(Protocol):
    """`brackets` stand around the number of a placeholder; `outside`: texts leave the school."""

    name: str
    title: str
    brackets: str

    @property
    def outside(self) -> bool: ...

    async def pairs(self) -> frozenset[Pair]:
        """What it translates from and into. Raises Trouble or Unreachable."""
        ...

    async def translate(
        self, texts: Sequence[str], source: str, target: str, people: Mapping[str, bool], /
    ) -> list[str | None]:
        """The translations in order; None for one that it cannot do, or whose answer is surely another's. `people`:
        which placeholders are names, and whether they end as women's names do. Raises Trouble or Unreachable if it
        did none of them."""
        ...
