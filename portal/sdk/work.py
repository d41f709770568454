"""Work beside requests, word to people, and what the school chose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from portal import outside as _outside
from portal import plugins as _plugins
from portal.acting import current
from portal.db import db as _db
from portal.delivery import actions as _delivery
from portal.delivery.actions import Word
from portal.hooks.host import host as _host
from portal.photos.sealing import open_text as _open_text
from portal.plugins import jobs as _jobs
from portal.visibility.facts import snapshot

__all__ = ["Word", "ask", "deliver", "emit", "enqueue", "run_program", "settings", "wish"]


async def settings(plugin: str) -> Mapping[str, Any]:
    """What the school chose about a plugin, by the names of `portal_settings`, defaults filled in, secrets opened."""
    chosen = _plugins.chosen((await snapshot()).school, plugin)
    for name in _plugins.secrets(plugin):
        chosen[name] = _open_text(chosen[name])
    return chosen


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


async def ask(
    method: str, url: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None,
    json: Any = None, form: Mapping[str, str] | None = None, timeout_s: float = 10, most: int = 5_000_000,
) -> _outside.Reply:
    """Asks a service that the school chose, whatever status it answers with. Redirects are not followed; `timeout_s`
    bounds the whole, `most` the answer's bytes. https only, or http to a machine of one's own network.

    For jobs, and for pages where somebody waits knowingly; never inside `@atomic`. Raises Unreachable.
    """
    _not_while_writing()
    return await _outside.ask(
        method, url, params=params, headers=headers, json=json, form=form, timeout_s=timeout_s, most=most
    )


async def run_program(
    program: str, *arguments: str, data: bytes = b"", timeout_s: float = 10, most: int = 1_000_000
) -> bytes:
    """What a program of this machine prints for `data` on its standard input: one that `About.programs` names. No shell
    and no environment; it is ended after `timeout_s`. Never inside `@atomic`. Raises Unreachable."""
    _not_while_writing()
    plugin = current()
    if plugin and program not in _host.plugins[plugin].about.programs:
        raise ValueError(f"The About of {plugin} does not name the program {program}.")
    return await _outside.run_program(program, *arguments, data=data, timeout_s=timeout_s, most=most)


def _not_while_writing() -> None:
    if _db.transaction() is not None:
        raise ValueError("Nobody else can write meanwhile: this does not belong inside @atomic.")
