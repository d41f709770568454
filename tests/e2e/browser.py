"""A real browser for tests and screenshots: Debian's Chromium, or the one that Playwright brought."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from portal.testing.axe import RUN, lines

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
COLOURS = {"runOnly": ["color-contrast"]}  # all that differs between light and dark
NO_COLOURS = {"rules": {"color-contrast": {"enabled": False}}}  # they do not differ between languages
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}


@contextmanager
def chromium() -> Iterator[Browser]:
    """Starts Chromium. Raises playwright's Error if there is none."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def findings(page: Page, rules: Mapping[str, object] = MappingProxyType({})) -> list[str]:
    """What axe finds on the page as it stands, one line for each place; by all its rules, or as `rules` say."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return lines(page.evaluate(RUN, dict(rules)))


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))
