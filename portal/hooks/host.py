"""Loads plugins and calls their hooks. One that does not fit or raises is named in the log and left out.

Installed, loaded and in use are three things: a distribution announces a plugin; the host loads it if it fits; and the
school chooses which of those it uses (`School.plugins`). Routes of all that are loaded stand in the application; the
gate lets nobody reach those of a plugin that is not in use.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from typing import Any

import pluggy
import structlog

from portal import i18n
from portal.db.migrate import App
from portal.hooks import NAMESPACE
from portal.hooks.specs import API, About, Hooks, NavItem
from portal.kinds import Access

log = structlog.get_logger("portal.hooks")
TICK_LIMIT_S = 60
NAME = re.compile(r"[a-z][a-z0-9_]{1,30}", re.ASCII)
TAKEN = frozenset({  # first parts of the core's own addresses
    "account", "decide", "desk", "health", "language", "office", "photos", "portal", "privacy", "static", "theme",
    "waiting", "welcome",
})  # fmt: skip


class Unfit(Exception):
    """Why a plugin is left out, in words for whoever runs the portal."""


@dataclass(frozen=True, slots=True)
class Plugin:
    """A loaded plugin. `routes` are its answer to `portal_routes`."""

    about: About
    module: Any
    hooks: Any = field(repr=False)
    routes: Sequence[Any] = ()

    @property
    def app(self) -> App:
        """Its migrations."""
        return App(self.about.name, f"{self.about.package}.piccolo_migrations")


class Host:
    """The loaded plugins, and `broken`: why others are not, by the name under which they are installed."""

    def __init__(self) -> None:
        self._manager = pluggy.PluginManager(NAMESPACE)
        self._manager.add_hookspecs(Hooks)
        self.plugins: dict[str, Plugin] = {}
        self.broken: dict[str, str] = {}

    def load_installed(self) -> None:
        """Loads every plugin that an installed distribution announces."""
        for entry in sorted(entry_points(group=NAMESPACE), key=lambda entry: (entry.name, entry.value)):
            try:
                module = entry.load()
            except Exception as failure:
                log.exception("plugin does not import", plugin=entry.name)
                self.broken[entry.name] = f"It does not import: {type(failure).__name__}: {failure}"
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
            self.broken[installed_as or name] = reason
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
        if "portal_about" not in hooks:
            raise Unfit("It does not introduce itself: portal_about is missing.")
        about = hooks["portal_about"]()
        self._check_about(about)
        routes = list(hooks["portal_routes"]()) if "portal_routes" in hooks else []
        for route in routes:
            _check_route(about, route)
        return Plugin(about, module, hooks, routes)

    def _check_about(self, about: About) -> None:
        if about.api != API:
            raise Unfit(f"It was made for api {about.api}; this portal speaks api {API}. Another version may fit.")
        if not NAME.fullmatch(about.name) or about.name in TAKEN:
            raise Unfit(f"{about.name!r} is no name for a plugin: small letters, digits, _; none of the portal's own.")
        if about.name in self.plugins:
            other = self.plugins[about.name].about.package
            raise Unfit(f"There is a plugin named {about.name!r} already ({other}). Remove one of the two.")

    def collect(self, hook: str) -> list[tuple[Plugin, Any]]:
        """What each plugin answers to a hook without arguments; one that raises is left out."""
        answers = []
        for plugin in self.plugins.values():
            if hook in plugin.hooks:
                try:
                    answers.append((plugin, plugin.hooks[hook]()))
                except Exception:
                    log.exception("plugin raised", plugin=plugin.about.name, hook=hook)
        return answers

    def navigation(self) -> list[tuple[str, NavItem]]:
        """All entries of the navigation with the plugin that brings them."""
        return [(plugin.about.name, item) for plugin, answer in self.collect("portal_navigation") for item in answer]

    async def tick(self, now: int, used: Collection[str]) -> None:
        """Lets every plugin in use do what has fallen due."""
        for plugin in self.plugins.values():
            if plugin.about.name in used and "portal_tick" in plugin.hooks:
                try:
                    await asyncio.wait_for(plugin.hooks["portal_tick"](now), TICK_LIMIT_S)
                except Exception:
                    log.exception("plugin raised", plugin=plugin.about.name, hook="portal_tick")

    def apps(self, used: Collection[str] | None = None) -> list[App]:
        """The plugins' migrations: of all that are loaded, or of those in use."""
        return [plugin.app for name, plugin in self.plugins.items() if used is None or name in used]


def _check_route(about: About, route: Any) -> None:
    """Raises Unfit for a route outside the plugin's own addresses, or that does not say who may use it."""
    paths = getattr(route, "paths", None)
    if not paths or not hasattr(route, "http_methods"):
        raise Unfit(f"{route!r} is no HTTP route handler.")
    for path in paths:
        if not about.owns(path):
            raise Unfit(f"Its route {path} is not below /{about.name}.")
        if not isinstance((route.opt or {}).get("access"), Access):
            raise Unfit(f"Its route {path} declares no access.")


host = Host()
