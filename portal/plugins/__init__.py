"""Which plugins the school uses, and what it chose about them. What a plugin stored stays when it is not in use.

Beside this: `jobs` does their work beside requests, `keeping` exports and erases what they store.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from portal.db import atomic
from portal.db.migrate import migrate
from portal.errors import BadInput, Refused
from portal.hooks.host import Plugin, host
from portal.hooks.specs import Setting, Stored
from portal.i18n import _
from portal.outside import service_address
from portal.people import school as schools
from portal.people.school import School
from portal.plugins import jobs, keeping
from portal.plugins.conditions import Kept

GONE = _("It is no longer installed.")


@dataclass(frozen=True, slots=True)
class State:
    """A plugin that is installed, in use, or left data behind.

    `plugin` is None where it could not be loaded, and `reason` says why, in English (or is the msgid `GONE`). `kept` is
    what it declared when it was taken into use last.
    """

    name: str
    plugin: Plugin | None
    used: bool
    reason: str = ""
    kept: Kept | None = None

    @property
    def title(self) -> str:
        """A msgid, or the bare name of one that never was loaded."""
        if self.plugin:
            return self.plugin.about.title
        return self.kept.title if self.kept else self.name

    @property
    def gone(self) -> bool:
        """Whether nothing of it is installed any more."""
        return self.reason == GONE

    @property
    def stores(self) -> tuple[Stored, ...]:
        """What it keeps, as it says itself, or said when it was there."""
        if self.plugin:
            return self.plugin.about.stores
        return self.kept.stores if self.kept else ()


async def states() -> list[State]:
    """All plugins that are installed, in use, or left data behind, by name."""
    used, kept = (await schools.load()).plugins, await keeping.all_kept()
    loaded = {name: State(name, plugin, name in used, "", kept.get(name)) for name, plugin in host.plugins.items()}
    broken = {n: State(n, None, n in used, reason, kept.get(n)) for n, reason in host.broken.items()}
    absent = {n: State(n, None, n in used, GONE, kept.get(n)) for n in {*used, *kept}}
    return [found for _name, found in sorted((absent | broken | loaded).items())]


async def settle() -> None:
    """Stores what the plugins in use say that they keep: at start, because a newer version may keep something else.

    Of one that says what is not so, the card tells; what it said before still holds.
    """
    used, stored = (await schools.load()).plugins, await keeping.all_kept()
    for name in used:
        if name in host.plugins and not keeping.same(host.plugins[name], stored.get(name)):
            try:
                await keeping.declare(host.plugins[name])
            except Exception as failure:
                host.blame(name, "portal_about", failure)


async def enable(name: str) -> None:
    """Takes a plugin into use, its tables made first. Raises Refused if it is not there or cannot be loaded."""
    if name in host.broken and name not in host.plugins:
        raise Refused(_("%(name)s cannot be used: %(reason)s"), name=name, reason=host.broken[name])
    if name not in host.plugins:
        raise Refused(_("There is no plugin %(name)s. Install it first."), name=name)
    try:
        await migrate([host.plugins[name].app])
        await keeping.declare(host.plugins[name])
    except Exception as failure:  # its own migration: whatever is wrong with it is wrong with the plugin alone
        reason = f"{type(failure).__name__}: {failure}"
        raise Refused(_("%(name)s cannot be used: %(reason)s"), name=name, reason=reason) from failure
    await _use(name, True)
    host.wake(name)
    await jobs.try_again(name)


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


# ---- What the school chose about a plugin ----


def chosen(school: School, name: str) -> dict[str, Any]:
    """The school's choices about a plugin by name, defaults filled in; only those that it knows."""
    stored = school.choices.get(name, {})
    known = host.plugins[name].answers.settings if name in host.plugins else {}
    return {
        setting.name: value if _fits(setting, value := stored.get(setting.name)) else setting.default
        for setting in known.values()
    }


def secrets(name: str) -> list[str]:
    """The names of a plugin's settings that are kept sealed."""
    known = host.plugins[name].answers.settings if name in host.plugins else {}
    return [setting.name for setting in known.values() if setting.kind == "secret"]


def _fits(setting: Setting, value: Any) -> bool:
    match setting.kind:
        case "bool":
            return isinstance(value, bool)
        case "number":
            least = setting.least if setting.least is not None else -(2**53)
            most = setting.most if setting.most is not None else 2**53
            return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
        case "choice":
            return value in {option for option, _label in setting.options}
        case "text":
            return isinstance(value, str) and len(value) <= (setting.most or 1000)
        case "address" | "secret":
            return isinstance(value, str) and len(value) <= 2000
    return False


def read_choices(name: str, typed: Mapping[str, str]) -> dict[str, Any]:
    """Choices out of a form. Raises BadInput, whose field is the setting's name, for one that cannot be."""
    found: dict[str, Any] = {}
    for setting in host.plugins[name].answers.settings.values():
        text = typed.get(setting.name, "").strip()
        value: Any = text
        if setting.kind == "bool":
            value = bool(text)
        elif setting.kind == "number":
            value = int(text) if re.fullmatch(r"-?\d{1,15}", text, re.ASCII) else None
        elif setting.kind == "address":
            value = service_address(text, setting.name)
        if not _fits(setting, value):
            if setting.kind == "number" and setting.least is not None and setting.most is not None:
                said = _("Please enter a whole number from %(least)s to %(most)s.")
                raise BadInput(setting.name, said, least=setting.least, most=setting.most)
            if setting.kind == "number":
                raise BadInput(setting.name, _("Please enter a whole number."))
            raise BadInput(setting.name, _("Please choose one of these, or write less."))
        found[setting.name] = value
    return found


@atomic
async def choose(name: str, choices: Mapping[str, Any]) -> None:
    """Stores the school's choices about a plugin."""
    school = await schools.load()
    await schools.save(replace(school, choices={**school.choices, name: dict(choices)}))
