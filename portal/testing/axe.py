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
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
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
                    async for target in _unlike(filled, reader, found):
                        for line in await _look(chromium, reader, filled.school.settings.url + target.address):
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


async def _look(chromium: Any, reader: Browser, address: str) -> list[str]:
    page = await chromium.new_page(viewport=PHONE, reduced_motion="reduce")
    said: list[str] = []

    async def serve(route: Any) -> None:
        asked = route.request
        if not asked.url.startswith(reader.url + "/"):
            said.append(f"asks another host: {asked.url[:80]}")
            await route.abort()
            return
        answer = await reader.http.request(asked.method, asked.url, headers={"Accept": asked.headers.get("accept", "")})
        headers = {name: value for name, value in answer.headers.items() if name not in UNTOLD}
        await route.fulfill(status=answer.status_code, headers=headers, body=answer.content)

    page.on("pageerror", lambda failure: said.append(f"a script fails: {failure}"))
    page.on("console", lambda told: said.append(told.text[:160]) if "Content Security" in told.text else None)
    await page.route("**/*", serve)
    try:
        for language, scheme in RULES:
            await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            if scheme == "light":  # the dark needs no other page
                await reader.post("/language", {"lang": language, "next": "/"})
                await page.goto(address)
            said += [f"{line} [{language}, {scheme}]" async for line in _findings(page, RULES[language, scheme])]
        await reader.post("/language", {"lang": "en", "next": "/"})
    finally:
        await page.close()
    return said


async def _findings(page: Any, rules: Mapping[str, Any]) -> AsyncIterator[str]:
    from axe_playwright_python.async_playwright import Axe

    options = {"resultTypes": ["violations"], **rules}
    for rule in (await Axe().run(page, options=options)).response["violations"]:
        for line in _places(rule):
            yield line
    wider = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wider > 0:
        yield f"is {wider} pixels wider than a telephone"


def _places(rule: Any) -> Iterator[str]:
    for node in rule["nodes"]:
        yield f"{rule['id']}: {node['html'][:160]}"
