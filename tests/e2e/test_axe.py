"""Every main page, as the fitting member of the cast: axe finds nothing, nothing scrolls sideways, no script fails."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from .browser import DESKTOP, PHONE, findings, overflow
from .site import VISITS, Visit, go, sign_in, site, speak

STORIES = 14


@pytest.fixture(scope="module")
def address(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with site(tmp_path_factory.mktemp("site") / "data", STORIES) as served:
        yield served


@pytest.fixture(scope="module")
def people(browser: Browser, address: str) -> Iterator[dict[str, BrowserContext]]:
    """Each visitor's browser, signed in once."""
    contexts = {}
    for who in dict.fromkeys(visit.who for visit in VISITS):
        contexts[who] = browser.new_context()
        if who:
            sign_in(contexts[who], address, who)
        page = contexts[who].new_page()
        speak(page, address, "en")
        page.close()
    yield contexts
    for context in contexts.values():
        context.close()


@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: visit.name)
def test_pages_are_open_to_everyone(people: dict[str, BrowserContext], address: str, visit: Visit) -> None:
    page = people[visit.who].new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text) if "Content Security" in message.text else None)
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    assert go(page, address, visit) == visit.status
    assert findings(page) == []
    assert overflow(page) <= 0
    page.set_viewport_size(DESKTOP)
    page.emulate_media(color_scheme="dark")
    assert findings(page) == []
    assert overflow(page) <= 0
    assert said == []
    assert page.locator("h1").count() == 1
    page.close()


@pytest.mark.parametrize("visit", [v for v in VISITS if v.who == "parent"], ids=lambda visit: visit.name)
def test_pages_from_right_to_left(people: dict[str, BrowserContext], address: str, visit: Visit) -> None:
    page = people["parent"].new_page()
    speak(page, address, "ar")
    page.set_viewport_size({"width": 320, "height": 640})
    try:
        go(page, address, visit)
        assert page.evaluate("document.documentElement.dir") == "rtl"
        assert findings(page) == []
        assert overflow(page) <= 0
    finally:
        speak(page, address, "en")
        page.close()


def test_a_reading_page_weighs_little(people: dict[str, BrowserContext], address: str) -> None:
    """What a phone loads before the photos: page, styles, scripts, as they come over the line."""
    page = people["parent"].new_page()
    sizes: dict[str, int] = {}
    page.on(
        "response",
        lambda answer: (
            sizes.update({answer.url: len(answer.body())})
            if answer.request.resource_type in ("document", "stylesheet", "script")
            else None
        ),
    )
    page.goto(f"{address}/stories")
    page.wait_for_load_state("load")
    assert page.locator(".story").count() >= 5
    assert sum(sizes.values()) < 60_000, sizes
    page.close()
