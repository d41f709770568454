"""How the plugins are: what went wrong last, and what work waits. For the administrator's page and the command line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from portal import clock
from portal.hooks.host import REST_S, host
from portal.plugins import jobs

HANGING = ("TimeoutError", "Hung")  # kinds of failure after which a plugin rests


@dataclass(frozen=True, slots=True)
class Health:
    """One plugin's. `trouble` is its last failure: place, kind, and instant in microseconds UTC."""

    trouble: tuple[str, str, int] | None = None
    rests: bool = False  # it hung a short while ago, and is not called for now
    waiting: int = 0  # jobs and events that wait to be done
    given_up: int = 0  # and those that failed too often


async def health() -> Mapping[str, Health]:
    """By the plugin's name; one of which there is nothing to tell is well."""
    troubles, waiting, given_up = await jobs.troubles(), await jobs.waiting(), await jobs.given_up()
    found: dict[str, Health] = defaultdict(Health)
    for name in {*host.plugins, *troubles, *waiting, *given_up}:
        trouble = troubles.get(name)
        found[name] = Health(
            trouble, host.rests(name) or _hung_lately(trouble), waiting.get(name, 0), given_up.get(name, 0)
        )
    return found


def _hung_lately(trouble: tuple[str, str, int] | None) -> bool:
    """Whether it rests in another process, of which only the trouble is known here."""
    return trouble is not None and trouble[1] in HANGING and clock.now() - trouble[2] < REST_S * clock.SECOND
