"""Plugins made on the spot, for tests of what the portal does with them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from portal.hooks import hook
from portal.hooks.host import host
from portal.hooks.specs import API, About
from portal.main import create_app
from portal.testing import TestSchool

NOWHERE = Path(__file__).parent / "nothing"


def module(name: str = "lost", api: int = API, folder: Path = NOWHERE, stores: Any = (), **hooks: Any) -> ModuleType:
    """A plugin module with these answers to hooks; a callable among them is the hook itself."""
    made = ModuleType(f"portal_{name}")
    hooks = {"portal_about": About(name, "Lost things", api, f"portal_{name}", folder, stores=stores)} | hooks
    for key, answer in hooks.items():
        function = answer if callable(answer) else (lambda answer=answer: answer)
        function.__name__ = key
        setattr(made, key, hook(function))
    return made


@contextmanager
def loaded(plugin: ModuleType, school: TestSchool | None = None) -> Iterator[str]:
    """The plugin in the portal's own host, and with its routes in the school's application."""
    assert host.load(plugin), host.broken
    name = list(host.plugins)[-1]
    try:
        if school is not None:
            school.app = create_app(school.settings, background=False, durable=False)
        yield name
    finally:
        host.unload(name)
        host.wake(name)
