"""A plugin's pages in a real browser, as axe sees them on a telephone. No server and no network: they come from the
application in this process.

    from portal.testing import axe

    async def test_pages_are_open_to_everyone() -> None:
        assert await axe.problems("lost", fill) == []
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from portal.hooks.host import host
from portal.testing import contract_pages
from portal.testing.browser import Browser
from portal.testing.contract_pages import Fill, Filled, Target

# Together they come across every page: staff, family, a child, the office, somebody who has not signed in.
MEMBERS = ("teacher", "parent", "mia", "admin", "anonymous")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PHONE = {"width": 390, "height": 844}
THINGS = 3
# Ways in which a page is looked at, and axe's rules there: the dark changes nothing but colours, a language all else.
RULES: dict[tuple[str, str], dict[str, Any]] = {
    ("en", "light"): {},
    ("en", "dark"): {"runOnly": ["color-contrast"]},
    ("ar", "light"): {"rules": {"color-contrast": {"enabled": False}}},
}
# Each violation with the places where it is. The script is big: it is brought to a document once.
RUN = """options => axe.run({resultTypes: ["violations"], ...options})
    .then(found => found.violations.map(rule => [rule.id, rule.nodes.map(node => node.html)]))"""
UNTOLD = {"content-length", "content-encoding", "transfer-encoding", "set-cookie"}  # what the browser need not know


async def problems(name: str, fill: Fill, members: Sequence[str] = MEMBERS) -> list[str]:
    """What axe finds on the pages of an installed plugin, on a telephone: in light, in dark, and in Arabic; one line
    each. Pages that look alike are looked at once.

    `fill` is that of `portal.testing.contract`. Skips the test where Playwright or Chromium is missing.
    """
    if not host.plugins:
        host.load_installed()
    found: dict[str, None] = {}
    async with _chromium() as chromium:
        with tempfile.TemporaryDirectory() as folder:
            async with contract_pages.filled(host.plugins[name], fill, THINGS, Path(folder)) as filled:
                for member in members:
                    reader = await filled.school.browser(member)
                    async with _phone(chromium, reader) as phone:
                        async for target in _unlike(filled, reader, found):
                            for line in await phone.look(filled.school.settings.url + target.address):
                                found[f"GET {target.route} as {member}: {line}"] = None
    return [line for line in found if line.startswith("GET ")]


@asynccontextmanager
async def _chromium() -> AsyncIterator[Any]:
    try:
        from axe_playwright_python.async_playwright import Axe  # noqa: F401  (so that a missing one is told at once)
        from playwright.async_api import Error, async_playwright
    except ImportError as missing:
        pytest.skip(f"needs a browser: pip install playwright axe-playwright-python ({missing})")
    async with async_playwright() as playwright:
        try:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        except Error as failure:
            pytest.skip(f"needs Chromium: apt-get install chromium ({str(failure).splitlines()[0]})")
        try:
            yield browser
        finally:
            await browser.close()


async def _unlike(filled: Filled, reader: Browser, seen: dict[str, None]) -> AsyncIterator[Target]:
    """The pages that this reader gets, without those that are made of the same parts as one that was seen."""
    for target in contract_pages.targets(filled):
        if not target.address:
            continue
        answer = await reader.get(target.address)
        if answer.status_code != 200 or not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        shape = "".join(sorted(set(re.findall(r"<[a-z0-9]+(?: class=\"[^\"]*\")?", answer.text.partition("<main")[2]))))
        if shape not in seen:
            seen[shape] = None
            yield target


@dataclass
class _Phone:
    """A page in which one reader looks at one address after the other: a new one each time would begin cold."""

    page: Any
    reader: Browser
    said: list[str] = field(default_factory=list)

    async def serve(self, route: Any) -> None:
        asked, reader = route.request, self.reader
        if not asked.url.startswith(reader.url + "/"):
            self.said.append(f"asks another host: {asked.url[:80]}")
            await route.abort()
            return
        answer = await reader.http.request(asked.method, asked.url, headers={"Accept": asked.headers.get("accept", "")})
        headers = {name: value for name, value in answer.headers.items() if name not in UNTOLD}
        await route.fulfill(status=answer.status_code, headers=headers, body=answer.content)

    async def look(self, address: str) -> list[str]:
        """What is wrong there, one line each."""
        self.said = said = []
        for language, scheme in RULES:
            await self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            if scheme == "light":  # the dark needs no other page
                await self.reader.post("/language", {"lang": language, "next": "/"})
                await self.page.goto(address)
            said += [f"{line} [{language}, {scheme}]" for line in await findings(self.page, RULES[language, scheme])]
            wider = await self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if wider > 0:
                said.append(f"is {wider} pixels wider than a telephone [{language}, {scheme}]")
        await self.reader.post("/language", {"lang": "en", "next": "/"})
        return said


@asynccontextmanager
async def _phone(chromium: Any, reader: Browser) -> AsyncIterator[_Phone]:
    page = await chromium.new_page(viewport=PHONE, reduced_motion="reduce")
    phone = _Phone(page, reader)
    page.on("pageerror", lambda failure: phone.said.append(f"a script fails: {failure}"))
    page.on("console", lambda told: phone.said.append(told.text[:160]) if "Content Security" in told.text else None)
    await page.route("**/*", phone.serve)
    try:
        yield phone
    finally:
        await page.close()


async def findings(page: Any, rules: Mapping[str, Any] = MappingProxyType({})) -> list[str]:
    """What axe finds on a page of Playwright's as it stands, one line for each place; by all its rules, or as `rules`
    (options of `axe.run`) say."""
    from axe_playwright_python.base import AXE_SCRIPT

    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE_SCRIPT)
    return lines(await page.evaluate(RUN, dict(rules)))


def lines(found: Sequence[tuple[str, Sequence[str]]]) -> list[str]:
    """What `RUN` gives, in words."""
    return [f"{rule}: {html[:160]}" for rule, places in found for html in places]
