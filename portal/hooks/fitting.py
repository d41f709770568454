"""Whether a plugin fits: its name, its routes, and what it answers once at start. Each reason is for people."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from portal.acting import acting
from portal.hooks.specs import API, About, Answers, Job, NavItem, Purpose, Reading, Setting, Text
from portal.kinds import Access

T = TypeVar("T")
LOAD_LIMIT_S = 10.0
NAME = re.compile(r"[a-z][a-z0-9_]{1,30}", re.ASCII)
PROGRAM = re.compile(r"[a-z0-9][a-z0-9._+-]{0,60}", re.ASCII)
PART = re.compile(r"[a-z][a-z0-9_]{0,30}", re.ASCII)
TAKEN = frozenset({
    # first parts of the core's own addresses
    "account", "decide", "desk", "health", "language", "office", "photos", "portal", "privacy", "static", "theme",
    "waiting", "welcome",
    # of its templates and static files
    "css", "errors", "home", "img", "invitations", "js", "notices", "paper", "signin", "words",
    # and of its tables
    "access", "block", "decision", "fact", "household", "invitation", "job", "keeping", "kept", "link", "membership",
    "migration", "notice", "outgoing", "person", "pg", "photo", "reach", "redaction", "rendition", "role", "roster",
    "scan", "schedule", "school", "session", "sqlite", "staff", "throttle", "trouble", "withheld",
})  # fmt: skip


class Unfit(Exception):
    """Why a plugin is left out, in words for whoever runs the portal."""


def bounded(call: Callable[[], T], limit_s: float) -> T:
    """The answer of a call that nothing must wait for without end. Raises what it raises, Unfit after `limit_s`."""
    answer: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            answer.append(call())
        except BaseException as failure:
            failed.append(failure)

    thread = threading.Thread(target=run, name="plugin", daemon=True)
    thread.start()
    thread.join(limit_s)
    if failed:
        raise failed[0] if isinstance(failed[0], Exception) else Unfit(f"It ended with {type(failed[0]).__name__}.")
    if not answer:
        raise Unfit(f"It did not answer within {limit_s:.0f} seconds.")
    return answer[0]


def check_about(about: Any, others: Mapping[str, About]) -> None:
    """Raises Unfit for an introduction that cannot be."""
    if not isinstance(about, About):
        raise Unfit("portal_about must return an About.")
    if about.api != API:
        raise Unfit(f"It was made for api {about.api}; this portal speaks api {API}. Another version may fit.")
    if not NAME.fullmatch(about.name) or about.name in TAKEN:
        raise Unfit(f"{about.name!r} is no name for a plugin: small letters, digits, _; none of the portal's own.")
    if about.name in others:
        other = others[about.name].package
        raise Unfit(f"There is a plugin named {about.name!r} already ({other}). Remove one of the two.")
    for other in others:
        if about.name.startswith(f"{other}_") or other.startswith(f"{about.name}_"):
            raise Unfit(f"Its tables could be those of the plugin {other!r}: one name begins with the other.")
    for program in about.programs:
        if not PROGRAM.fullmatch(program):
            raise Unfit(f"{program!r} is no name of a program: it has no folder in it, and no options.")
    for stored in about.stores:
        for table in filter(None, (stored.table, stored.through[1] if stored.through else "")):
            if not table.startswith(f"{about.name}_"):
                raise Unfit(f"It says that it keeps something in {table}: its tables begin with {about.name}_.")


def read_answers(about: About, hooks: Mapping[str, Any]) -> Answers:
    """What the plugin answers once. Raises Unfit for what cannot be, and whatever the plugin raises."""

    def asked(hook: str, kind: type[T] | None = None) -> Sequence[T]:
        if hook not in hooks:
            return ()
        with acting(about.name):
            answer = list(bounded(hooks[hook], LOAD_LIMIT_S))
        for each in answer:
            if kind is not None and not isinstance(each, kind):
                raise Unfit(f"{hook} must return a list of {kind.__name__}.")
        return answer

    routes: Sequence[Any] = asked("portal_routes")
    for route in routes:
        _check_route(about, route)
    navigation = asked("portal_navigation", NavItem)
    for item in navigation:
        if not about.owns(item.href):
            raise Unfit(f"Its entry of the navigation leads to {item.href}, which is not below /{about.name}.")
    settings = _by_name("portal_settings", asked("portal_settings", Setting))
    jobs = _by_name("portal_jobs", asked("portal_jobs", Job))
    purposes = _by_name("portal_purposes", asked("portal_purposes", Purpose))
    return Answers(routes, navigation, settings, jobs, purposes)


def _by_name(hook: str, answer: Sequence[T]) -> dict[str, T]:
    found: dict[str, T] = {}
    for each in answer:
        name = str(getattr(each, "name", ""))
        if not PART.fullmatch(name) or name in found:
            raise Unfit(f"{hook}: {name!r} is no name, or there twice. Take small letters, digits and _.")
        found[name] = each
    return found


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


def check_readings(about: About, texts: Sequence[Text], answer: Sequence[Any]) -> None:
    """Raises Unfit for readings that cannot be those of the texts."""
    if len(answer) != len(texts):
        raise Unfit(f"portal_readings answered {len(answer)} readings for {len(texts)} texts.")
    for text, reading in zip(texts, answer, strict=True):
        if reading is None:
            continue
        if not isinstance(reading, Reading) or reading.original != text.text:
            raise Unfit("portal_readings must return the Reading of each text, in order, or None.")
        if reading.link and not about.owns(reading.link.partition("?")[0]):
            raise Unfit(f"Its reading leads to {reading.link.partition('?')[0]}, which is not below /{about.name}.")
