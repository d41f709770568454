"""Loads plugins and calls their hooks. One that does not fit, raises or hangs is named in the log and left out.

Installed, loaded and in use are three things: a distribution announces a plugin; the host loads it if it fits; and the
school chooses which of those it uses (`School.plugins`). Routes of all that are loaded stand in the application; the
gate lets nobody reach those of a plugin that is not in use.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from inspect import signature
from typing import Any

import pluggy
import structlog

from portal import clock, i18n
from portal.acting import acting
from portal.db.migrate import App
from portal.hooks import NAMESPACE
from portal.hooks.fitting import LOAD_LIMIT_S, Unfit, bounded, check_about, check_readings, read_answers
from portal.hooks.specs import About, Answers, Card, Hooks, NavItem, Reading, Text

log = structlog.get_logger("portal.hooks")
REST_S = 300.0  # how long a plugin that hung is left alone
SLOW_S = {"portal_cards": REST_S, "portal_readings": 60.0}  # how long a hook that was slow is left out
CARD_LIMIT_S = 1.0
READINGS_LIMIT_S = 0.5
MOST_CARDS = 5  # of one plugin


@dataclass(frozen=True, slots=True)
class Plugin:
    """A loaded plugin, with what it answered once at start."""

    about: About
    module: Any
    hooks: Mapping[str, Any] = field(repr=False)
    answers: Answers = field(default_factory=Answers)

    @property
    def app(self) -> App:
        """Its migrations."""
        return App(self.about.name, f"{self.about.package}.piccolo_migrations")


class Hung(TimeoutError):
    """The plugin held up everybody else."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """The last thing that went wrong in a plugin: where, and the kind of failure. `at` in microseconds UTC."""

    place: str
    kind: str
    at: int


class Host:
    """The loaded plugins; `broken`: why others are not, by the name under which they are installed; `troubles`: what
    went wrong in those that are, in this process."""

    def __init__(self) -> None:
        self._manager = pluggy.PluginManager(NAMESPACE)
        self._manager.add_hookspecs(Hooks)
        self.plugins: dict[str, Plugin] = {}
        self.broken: dict[str, str] = {}
        self.troubles: dict[str, Trouble] = {}
        self._resting: dict[str, float] = {}
        self._slow: dict[tuple[str, str], float] = {}  # plugin and hook: until when it is not asked

    # ---- Loading ----

    def load_installed(self) -> None:
        """Loads every plugin that an installed distribution announces."""
        for entry in sorted(entry_points(group=NAMESPACE), key=lambda entry: (entry.name, entry.value)):
            try:
                module = bounded(entry.load, LOAD_LIMIT_S)
            except Exception as failure:
                reason = str(failure) if isinstance(failure, Unfit) else f"{type(failure).__name__}: {failure}"
                log.exception("plugin does not import", plugin=entry.name, reason=reason)
                self.broken[entry.name] = f"It does not import: {reason}"
                continue
            self.load(module, entry.name)

    def load(self, module: Any, installed_as: str = "") -> bool:
        """Loads one plugin module. False where it does not fit; the reason stands in the log and in `broken`."""
        name = getattr(module, "__name__", repr(module))
        try:
            plugin = self._fitting(module, name)
        except Exception as failure:
            reason = str(failure) if isinstance(failure, Unfit) else f"{type(failure).__name__}: {failure}"
            log.error("plugin left out", plugin=installed_as or name, reason=reason)
            # A second of one name stands beside the first, where the school reads which of the two is left out.
            self.broken[f"{installed_as} ({name})" if installed_as in self.plugins else installed_as or name] = reason
            if self._manager.has_plugin(name):
                self._manager.unregister(name=name)
            return False
        i18n.add_folder(plugin.about.folder / "locale")
        self.plugins[plugin.about.name] = plugin
        return True

    def unload(self, name: str) -> None:
        """Forgets a loaded plugin."""
        plugin = self.plugins.pop(name)
        self._manager.unregister(plugin.module)

    def _fitting(self, module: Any, name: str) -> Plugin:
        hooks = {key: getattr(module, key) for key in dir(module) if key.startswith("portal_")}
        known = {key for key in dir(Hooks) if key.startswith("portal_")}
        if unknown := sorted(hooks.keys() - known):
            raise Unfit(f"There is no hook {unknown[0]}. The hooks are: {', '.join(sorted(known))}.")
        self._manager.register(module, name)
        self._manager.check_pending()
        for key, function in hooks.items():
            wanted = list(signature(getattr(Hooks, key)).parameters)[1:]
            try:
                signature(function).bind(*wanted)
            except TypeError:
                raise Unfit(f"{key} must take these parameters: ({', '.join(wanted)}).") from None
        if "portal_about" not in hooks:
            raise Unfit("It does not introduce itself: portal_about is missing.")
        about = bounded(hooks["portal_about"], LOAD_LIMIT_S)
        check_about(about, {other: plugin.about for other, plugin in self.plugins.items()})
        return Plugin(about, module, hooks, read_answers(about, hooks))

    # ---- Trouble ----

    def blame(self, name: str, place: str, failure: BaseException, *, rest: bool = True) -> None:
        """Writes down that a plugin failed at a hook, job or route. One that took too long rests for a while, unless
        told otherwise."""
        log.error("plugin failed", plugin=name, place=place, exc_info=failure)
        self.troubles[name] = Trouble(place, type(failure).__name__, clock.now())
        if rest and isinstance(failure, TimeoutError):
            self._resting[name] = time.monotonic() + REST_S

    def rests(self, name: str) -> bool:
        """Whether a plugin hung a short while ago, and is not called for now."""
        return bool(self._resting) and self._resting.get(name, 0.0) > time.monotonic()

    def wake(self, name: str) -> None:
        """Lets a plugin that rests go on at once, its troubles forgotten."""
        self._resting.pop(name, None)
        for slow in [key for key in self._slow if key[0] == name]:
            del self._slow[slow]
        self.troubles.pop(name, None)

    async def ask(self, name: str, hook: str, *arguments: Any, limit_s: float) -> Any:
        """One plugin's answer to an asynchronous hook. Raises what it raises, TimeoutError after `limit_s`."""
        with acting(name):
            async with asyncio.timeout(limit_s):
                return await self.plugins[name].hooks[hook](*arguments)

    # ---- What all of them bring ----

    def having(self, hook: str, used: Collection[str]) -> list[str]:
        """The plugins in use that implement a hook and are not resting."""
        return [name for name, p in self.plugins.items() if name in used and hook in p.hooks and not self.rests(name)]

    def navigation(self) -> list[tuple[str, NavItem]]:
        """All entries of the navigation with the plugin that brings them."""
        return [(name, item) for name, plugin in self.plugins.items() for item in plugin.answers.navigation]

    def _quick(self, hook: str, used: Collection[str]) -> list[str]:
        """Those of `having` that were not too slow with this hook a short while ago."""
        return [name for name in self.having(hook, used) if self._slow.get((name, hook), 0.0) <= time.monotonic()]

    def _blame_page(self, name: str, hook: str, failure: Exception) -> None:
        """Of a hook that pages wait for. One that is slow, as on a busy morning, is not asked for a while: else every
        page would wait as long. The plugin's own pages may be fine all the same."""
        slow = isinstance(failure, TimeoutError) and not isinstance(failure, Hung)
        if slow:
            self._slow[name, hook] = time.monotonic() + SLOW_S[hook]
        self.blame(name, hook, failure, rest=not slow)

    async def cards(self, person: Any, used: Collection[str]) -> list[Card]:
        """What waits for this person; a plugin that fails brings none."""
        found: list[Card] = []
        for name in self._quick("portal_cards", used):
            try:
                cards = list(await self.ask(name, "portal_cards", person, limit_s=CARD_LIMIT_S))[:MOST_CARDS]
                about = self.plugins[name].about
                if foreign := [card.href for card in cards if not about.owns(card.href.partition("?")[0])]:
                    raise Unfit(f"Its card leads to {foreign[0]}.")
                found += cards
            except Exception as failure:
                self._blame_page(name, "portal_cards", failure)
        return found

    async def readings(self, person: Any, texts: Sequence[Text], used: Collection[str]) -> Sequence[Reading | None]:
        """Translations by the first plugin in use that makes any; None for each where it fails."""
        for name in self._quick("portal_readings", used):
            try:
                answer = list(await self.ask(name, "portal_readings", person, texts, limit_s=READINGS_LIMIT_S))
                check_readings(self.plugins[name].about, texts, answer)
            except Exception as failure:
                self._blame_page(name, "portal_readings", failure)
            else:
                return answer
        return [None] * len(texts)

    def purposes(self, used: Collection[str] | None = None) -> list[str]:
        """The purposes of all plugins that are loaded, or of those in use, as PLUGIN.NAME."""
        return [
            f"{name}.{purpose}"
            for name, plugin in self.plugins.items()
            if used is None or name in used
            for purpose in plugin.answers.purposes
        ]

    def apps(self, used: Collection[str] | None = None) -> list[App]:
        """The plugins' migrations: of all that are loaded, or of those in use."""
        return [plugin.app for name, plugin in self.plugins.items() if used is None or name in used]


host = Host()
