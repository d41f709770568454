"""Work beside requests, word to people, and what the school chose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from portal import plugins as _plugins
from portal.acting import current
from portal.delivery import actions as _delivery
from portal.delivery.actions import Word
from portal.plugins import jobs as _jobs
from portal.visibility.facts import snapshot


async def settings(plugin: str) -> Mapping[str, Any]:
    """What the school chose about a plugin, by the names of `portal_settings`, defaults filled in."""
    return _plugins.chosen((await snapshot()).school, plugin)


async def enqueue(plugin: str, job: str, payload: Mapping[str, Any] | None = None, at: int | None = None) -> None:
    """Asks for a job of the plugin once, not before `at`. In a transaction it counts only if that is committed.

    Raises ValueError for a job that `portal_jobs` does not name, or a payload of more than 100,000 characters of JSON.
    """
    await _jobs.enqueue(plugin, job, payload or {}, at)


async def emit(kind: str, subject: int) -> None:
    """Tells other plugins that something happened, after commit. Raises ValueError for a kind not of this plugin."""
    if current() and not kind.startswith(f"{current()}."):
        raise ValueError(f"The events of {current()} begin with {current()}.")
    await _jobs.emit(kind, subject)


async def deliver(words: Sequence[Word]) -> int:
    """Word to people, in their own languages (`languages_of`), each by the way they have chosen: e-mail, paper that the
    office prints, or none. Returns how many go out."""
    return await _delivery.deliver(words)


async def wish(person: int, channel: str | None = None, language: str | None = None) -> None:
    """Sets how this person is reached (one of `CHANNELS`) and in which language; only with that person's agreement.

    None leaves it as it is. Raises BadInput at `channel` or `language`.
    """
    await _delivery.wish(person, channel, language)
