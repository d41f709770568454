"""Loads plugins and calls their hooks. One that raises is named in the log and left out; the portal stays."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from typing import Any

import pluggy
import structlog

from portal import i18n
from portal.db.migrate import App
from portal.hooks import NAMESPACE
from portal.hooks.specs import API, About, Hooks, NavItem

log = structlog.get_logger("portal.hooks")
TICK_LIMIT_S = 60


@dataclass(frozen=True, slots=True)
class Plugin:
    about: About
    module: Any
    hooks: Any = field(repr=False)

    @property
    def app(self) -> App:
        """Its migrations."""
        return App(self.about.name, f"{self.about.package}.piccolo_migrations")


class Host:
    """The loaded plugins."""

    def __init__(self) -> None:
        self._manager = pluggy.PluginManager(NAMESPACE)
        self._manager.add_hookspecs(Hooks)
        self.plugins: dict[str, Plugin] = {}

    def load_installed(self) -> None:
        """Loads every plugin that an installed distribution announces."""
        for entry in sorted(entry_points(group=NAMESPACE), key=lambda entry: entry.name):
            try:
                module = entry.load()
            except Exception:
                log.exception("plugin does not import", plugin=entry.name)
                continue
            self.load(module)

    def load(self, module: Any) -> bool:
        """Loads one plugin module. False, with the reason in the log, where it does not fit."""
        name = getattr(module, "__name__", repr(module))
        try:
            self._manager.register(module, name)
            self._manager.check_pending()
            about = module.portal_about()
        except Exception:
            log.exception("plugin does not fit", plugin=name)
            return self._leave_out(name)
        if about.api != API or about.name in self.plugins or not about.name.isidentifier():
            log.error("plugin left out", plugin=name, api=about.api, wanted=API, name_taken=about.name in self.plugins)
            return self._leave_out(name)
        i18n.add_folder(about.folder / "locale")
        hooks = {key: getattr(module, key) for key in dir(module) if key.startswith("portal_")}
        self.plugins[about.name] = Plugin(about, module, hooks)
        return True

    def _leave_out(self, name: str) -> bool:
        if self._manager.has_plugin(name):
            self._manager.unregister(name=name)
        return False

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

    def navigation(self) -> list[NavItem]:
        """All entries of the navigation in order."""
        items = [item for _, answer in self.collect("portal_navigation") for item in answer]
        return sorted(items, key=lambda item: item.order)

    async def tick(self, now: int) -> None:
        """Lets every plugin do what has fallen due."""
        for plugin in self.plugins.values():
            if "portal_tick" in plugin.hooks:
                try:
                    await asyncio.wait_for(plugin.hooks["portal_tick"](now), TICK_LIMIT_S)
                except Exception:
                    log.exception("plugin raised", plugin=plugin.about.name, hook="portal_tick")

    @property
    def apps(self) -> list[App]:
        """The plugins' migrations."""
        return [plugin.app for plugin in self.plugins.values()]


host = Host()
