"""The hooks: each typed, documented, and used by a bundled plugin. A plugin implements those it needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.hooks import spec
from portal.kinds import Access

API = 1


@dataclass(frozen=True, slots=True)
class Stored:
    """Something that a plugin keeps about people, told to the school before it uses the plugin. All are msgids."""

    what: str
    whom: str  # about whom
    kept: str  # for how long
    sent: str = ""  # to whom outside the school it is sent; '' for nobody


@dataclass(frozen=True, slots=True)
class About:
    """A plugin's introduction. `name` prefixes its tables (`stories_…`), templates and addresses (`/stories…`)."""

    name: str
    title: str  # msgid
    api: int
    package: str  # import name; holds templates/, static/, locale/, piccolo_migrations/ where the plugin has them
    folder: Path
    summary: str = ""  # msgid: one sentence for whoever decides whether to use it
    stores: tuple[Stored, ...] = ()

    def owns(self, path: str) -> bool:
        """Whether an address is the plugin's: its name, or below it."""
        return path == f"/{self.name}" or path.startswith(f"/{self.name}/")


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry of the navigation. `icon` names a symbol of the portal's sprite; `home` marks the page after sign-in."""

    label: str  # msgid
    href: str
    access: Access
    icon: str = ""
    order: int = 50
    home: bool = False


class Hooks:
    """What the portal asks of a plugin."""

    @spec
    def portal_about(self) -> About:
        """Introduces the plugin. Asked once, at start; a plugin without it, or of another `api`, is not loaded."""
        raise NotImplementedError

    @spec
    def portal_routes(self) -> Sequence[Any]:
        """The plugin's HTTP routes: Litestar route handlers, each declaring `access=`. Asked once, at start."""
        raise NotImplementedError

    @spec
    def portal_navigation(self) -> Sequence[NavItem]:
        """Entries of the navigation, each shown to those whom its `access` admits. Asked once, at start."""
        raise NotImplementedError

    @spec
    def portal_tick(self, now: int) -> Awaitable[None]:
        """Called about every half minute by every worker; `now` in microseconds UTC. For what falls due by time.

        Any number of calls at once must be fine: what is due is done by one of them, as a transaction decides.
        """
        raise NotImplementedError

    @spec
    def portal_demo(self, school: Any, progress: Callable[[str, int, int], None]) -> Awaitable[None]:
        """Fills a demo school (a `portal.demo` School) with content of this plugin; reports `progress`."""
        raise NotImplementedError
