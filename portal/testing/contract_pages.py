"""A plugin's pages as each member of the cast gets them: they answer, let nobody else in, and ask for little."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from portal import plugins
from portal.db import db
from portal.errors import Refused
from portal.hooks.host import Plugin, host
from portal.kinds import Access
from portal.people import school as schools
from portal.testing.school import CAST, TestSchool, open_school, prepare
from portal.visibility.facts import snapshot
from portal.web import shell

Fill = Callable[[TestSchool, int], Awaitable[Iterable[str] | None]]
Counts = Mapping[tuple[str, str], int]  # by route and member: queries
FIELDS = ("input", "select", "textarea")
UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
FETCHED = {"src", "srcset", "poster", "data", "background"}  # by the browser itself


class Unusable(Exception):
    """The plugin cannot be taken into use; says why."""


@dataclass(frozen=True)
class Filled:
    """A school that uses the plugin alone, with things made by its tests' `fill`, and the addresses that it gave."""

    school: TestSchool
    plugin: Plugin
    addresses: tuple[str, ...]


@asynccontextmanager
async def filled(plugin: Plugin, fill: Fill, count: int, folder: Path) -> AsyncIterator[Filled]:
    """Opens a school in `folder` and fills it. Raises Unusable, and what `fill` raises."""
    ready = folder / "ready.sqlite"
    if not ready.exists():
        await prepare(ready)
    place = folder / str(count)
    place.mkdir()
    async with open_school(place, None, ready) as school:
        for other in (await schools.load()).plugins:
            await plugins.disable(other)
        try:
            await school.use(plugin.about.name)
        except Refused as failure:
            raise Unusable(str(failure)) from failure
        await snapshot()  # the plugins in use are part of what it knows
        yield Filled(school, plugin, tuple(await fill(school, count) or ()))


@dataclass(frozen=True)
class Target:
    """An address to look at, and the route that it belongs to."""

    route: str
    address: str
    access: Access


def targets(of: Filled) -> list[Target]:
    """Every page of the plugin that can be asked for, and the home page if it has cards; a route that nothing leads
    to has no address ('')."""
    found = []
    for handler in of.plugin.answers.routes:
        if "GET" not in handler.http_methods:
            continue
        for path in sorted(handler.paths):
            pattern = re.sub(r"\\{[^}]*?(:path)?\\}", lambda m: ".+" if m[1] else "[^/]+", re.escape(path))
            fitting = [a for a in of.addresses if re.fullmatch(pattern, a.partition("?")[0])]
            if "{" not in path:
                fitting.insert(0, path)
            last = dict.fromkeys([*fitting[:1], *fitting[-1:]])  # the first and the last are enough
            found += [Target(path, address, handler.opt["access"]) for address in last or [""]]
    if "portal_cards" in of.plugin.hooks:
        found.append(Target(shell.home(), shell.home(), Access.PUBLIC))
    return found


async def look(of: Filled) -> tuple[list[str], Counts]:
    """What is wrong with the pages, and how many queries each asks."""
    found: dict[str, None] = {}
    counts: dict[tuple[str, str], int] = {}
    got: set[str] = set()
    name = of.plugin.about.name
    host.wake(name)
    wanted = targets(of)
    for target in wanted:
        if not target.address:
            found[f"GET {target.route} was not looked at: let `fill` return an address of it."] = None
    for number, member in enumerate(CAST):
        browser = await of.school.browser(member)
        for target in filter(lambda target: target.address, wanted):
            if number == 0:
                await browser.get(target.address)  # what is remembered after the first time is not counted
            with counting() as asked:
                answer = await browser.get(target.address)
            counts[target.route, member] = len(asked)
            said = list(_answer(target, member, answer.status_code))
            if (trouble := host.troubles.get(name)) is not None:
                said.append(f"fails at {trouble.place} with {trouble.kind}; the log says more")
                host.wake(name)
            if answer.status_code == 200 and (member != "anonymous" or target.access is Access.PUBLIC):
                got.add(target.route)
            if answer.status_code == 200 and answer.headers.get("content-type", "").startswith("text/html"):
                said += Html(answer.text, of.school.settings.url).problems()
            found |= dict.fromkeys(f"GET {target.route} {each}." for each in said)
    for target in wanted:
        if target.address and target.route not in got:
            found[f"GET {target.route} was not looked at: nobody of the cast gets {target.address}."] = None
    return list(found), counts


def _answer(target: Target, member: str, status: int) -> Iterator[str]:
    if status >= 500:
        yield f"answers {status}"
    if member == "anonymous" and target.access is not Access.PUBLIC and status == 200:
        yield "lets in visitors who have not signed in"


def compared(few: Counts, many: Counts, count: int) -> Iterator[str]:
    """Pages that ask more where there is more."""
    told = set()
    for (route, member), queries in many.items():
        before = few.get((route, member))
        if before is not None and queries > before and route not in told:
            told.add(route)
            yield (
                f"GET {route} as {member} asks {before} queries for one thing and {queries} for {count}:"
                " read what belongs to all of them at once, with IN."
            )


@contextmanager
def counting() -> Iterator[list[str]]:
    """The queries that are asked meanwhile."""
    asked: list[str] = []
    rows = db.rows

    async def counted(sql: str, *args: Any) -> Any:
        asked.append(sql)
        return await rows(sql, *args)

    vars(db)["rows"] = counted
    try:
        yield asked
    finally:
        del vars(db)["rows"]


class Html(HTMLParser):
    """A page, read for what the portal promises about each of its pages."""

    def __init__(self, text: str, url: str) -> None:
        super().__init__()
        self.url = url
        self.lang = ""
        self.h1 = 0
        self.wrong: dict[str, None] = {}
        self._named: set[str] = set()  # ids that a label is for
        self._unnamed: list[tuple[str, str]] = []
        self._inside_label = 0
        self._post: str | None = None  # the form that is open, while it holds no token
        self.feed(text)

    def problems(self) -> Iterator[str]:
        """In words that follow "The page …"."""
        if not self.lang:
            yield "says no language (<html lang=…>): let its template extend base.html"
        if self.h1 != 1:
            yield f"has {self.h1} headings <h1>: use ui.page_head once"
        yield from self.wrong
        for number, said in self._unnamed:
            if number not in self._named:
                yield f"has a field without label ({said}): use ui.field and its like"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.lang = given.get("lang", "")
        self.h1 += tag == "h1"
        for name, value in given.items():
            fetched = name in FETCHED or (name == "href" and tag in ("link", "use")) or (name == "action")
            if fetched and re.search(r"(?:^|,\s*)(?:[a-z]+:)?//", value, re.I) and not value.startswith(self.url):
                self.wrong[f"asks another host ({value[:60]}): bring the file along in static/"] = None
            if name == "style" or name.startswith("on"):
                self.wrong[f"has an inline {name}= on <{tag}>: put it into static/"] = None
        if tag == "style" or (tag == "script" and "src" not in given and given.get("type") != "application/json"):
            self.wrong[f"has an inline <{tag}>: put it into static/"] = None
        if tag == "img" and "alt" not in given:
            self.wrong["has a picture without alt: say what it shows, or alt=\"\" where it only adorns"] = None
        if tag == "form" and given.get("method", "get").lower() == "post":
            self._post = given.get("action", "")
        if tag == "label":
            self._inside_label += 1
            self._named.add(given.get("for", ""))
        if tag in FIELDS:
            self._field(tag, given)

    def _field(self, tag: str, given: Mapping[str, str]) -> None:
        if given.get("name") == "csrf_token":
            self._post = None
        named = self._inside_label or given.get("aria-label") or given.get("aria-labelledby")
        if given.get("type") not in UNLABELLED and "hidden" not in given and not named:
            self._unnamed.append((given.get("id", "none"), f"<{tag} name={given.get('name')}>"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self._inside_label -= 1
        if tag == "form" and self._post is not None:
            self.wrong["has a form that posts without ui.csrf_field(): it would be refused"] = None
            self._post = None
