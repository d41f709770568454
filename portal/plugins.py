"""Which plugins the school uses. What a plugin stored stays when it is no longer in use."""

from __future__ import annotations

from dataclasses import dataclass, replace

from portal.db import atomic
from portal.db.migrate import migrate
from portal.errors import Refused
from portal.hooks.host import Plugin, host
from portal.i18n import _
from portal.people import school as schools


@dataclass(frozen=True, slots=True)
class State:
    """An installed plugin. `plugin` is None where it could not be loaded, and `reason` says why, in English."""

    name: str
    plugin: Plugin | None
    used: bool
    reason: str = ""


async def states() -> list[State]:
    """All plugins that are installed or in use, by name."""
    used = (await schools.load()).plugins
    loaded = {name: State(name, plugin, name in used) for name, plugin in host.plugins.items()}
    broken = {name: State(name, None, name in used, reason) for name, reason in host.broken.items()}
    gone = {name: State(name, None, True, "It is no longer installed.") for name in used}
    return [found for _name, found in sorted((gone | broken | loaded).items())]


async def enable(name: str) -> None:
    """Takes a plugin into use, its tables made first. Raises Refused if it is not there or cannot be loaded."""
    if name in host.broken and name not in host.plugins:
        raise Refused(_("%(name)s cannot be used: %(reason)s"), name=name, reason=host.broken[name])
    if name not in host.plugins:
        raise Refused(_("There is no plugin %(name)s. Install it first."), name=name)
    try:
        await migrate([host.plugins[name].app])
    except Exception as failure:  # its own migration: whatever is wrong with it is wrong with the plugin alone
        reason = f"{type(failure).__name__}: {failure}"
        raise Refused(_("%(name)s cannot be used: %(reason)s"), name=name, reason=reason) from failure
    await _use(name, True)


async def disable(name: str) -> None:
    """Puts a plugin out of use: its pages are gone at once, what it stored stays. Raises Refused."""
    if name not in (await schools.load()).plugins:
        raise Refused(_("%(name)s is not in use."), name=name)
    await _use(name, False)


@atomic
async def _use(name: str, used: bool) -> None:
    school = await schools.load()
    others = tuple(other for other in school.plugins if other != name)
    await schools.save(replace(school, plugins=(*others, name) if used else others))
