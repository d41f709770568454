"""Every main page, as the fitting member of the cast: axe finds nothing, nothing scrolls sideways, no script fails."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page
from pypdf import PdfReader

from .browser import COLOURS, DESKTOP, NO_COLOURS, PHONE, findings, overflow
from .site import VISITS, Visit, go, send, sign_in, site, speak


@pytest.fixture(scope="module")
def address(browser: Browser, made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with site(tmp_path_factory.mktemp("site") / "data", made) as served:
        yield served


@pytest.fixture(scope="module")
def people(browser: Browser, address: str) -> Iterator[dict[str, BrowserContext]]:
    """Each visitor's browser, signed in once."""
    contexts = {}
    for who in dict.fromkeys(visit.who for visit in VISITS):
        contexts[who] = browser.new_context()
        if who:
            sign_in(contexts[who], address, who)
        send(contexts[who], address, "/language", lang="en", next="/privacy")
    yield contexts
    for context in contexts.values():
        context.close()


@dataclass
class Look:
    """The page in which a visitor goes from one address to the next: a new one each time would begin cold."""

    page: Page
    said: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def looks(people: dict[str, BrowserContext]) -> dict[str, Look]:
    found = {}
    for who, context in people.items():
        found[who] = look = Look(context.new_page())
        look.page.on("pageerror", lambda error, look=look: look.said.append(str(error)))
        look.page.on(
            "console",
            lambda told, look=look: look.said.append(told.text) if "Content Security" in told.text else None,
        )
    return found


@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: visit.name)
def test_pages_are_open_to_everyone(looks: dict[str, Look], address: str, visit: Visit) -> None:
    page, said = looks[visit.who].page, looks[visit.who].said
    said.clear()
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    assert go(page, address, visit) == visit.status
    assert findings(page) == []
    assert overflow(page) <= 0
    page.set_viewport_size(DESKTOP)
    page.emulate_media(color_scheme="dark")
    assert findings(page, COLOURS) == []
    assert overflow(page) <= 0
    assert said == []
    assert page.locator("h1").count() == 1


def test_pages_from_right_to_left(people: dict[str, BrowserContext], address: str) -> None:
    page = people["parent"].new_page()
    speak(page, address, "ar")
    page.set_viewport_size({"width": 320, "height": 640})
    try:
        for visit in VISITS:
            if visit.who == "parent":
                go(page, address, visit)
                assert page.evaluate("document.documentElement.dir") == "rtl", visit.name
                assert findings(page, NO_COLOURS) == [], visit.name
                assert overflow(page) <= 0, visit.name
    finally:
        speak(page, address, "en")
        page.close()


def weight(people: dict[str, BrowserContext], address: str) -> tuple[dict[str, float], int]:
    """Bytes of page, styles and scripts as they come over the line, and how many stories are on the page."""
    page = people["parent"].new_page()
    line = people["parent"].new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    kinds: dict[str, str] = {}
    sizes: dict[str, float] = {}
    line.on("Network.responseReceived", lambda said: kinds.update({said["requestId"]: said["type"]}))
    line.on("Network.loadingFinished", lambda said: sizes.update({said["requestId"]: said["encodedDataLength"]}))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    found = dict.fromkeys(("Document", "Stylesheet", "Script"), 0.0)
    for key, kind in kinds.items():
        if kind in found:
            found[kind] += sizes[key]
    stories = page.locator(".story").count()
    page.close()
    assert all(found.values()), found
    return found, stories


def test_a_reading_page_weighs_little(people: dict[str, BrowserContext], address: str) -> None:
    """What a phone loads before the photos, for the 20 stories of a full page."""
    full, stories = weight(people, f"{address}/stories")
    frame, none = weight(people, f"{address}/stories?before=1-1")
    assert stories >= 5
    assert none == 0
    each = (full["Document"] - frame["Document"]) / stories
    assert each > 0
    assert frame["Document"] + 20 * each + full["Stylesheet"] + full["Script"] < 60_000, (full, frame)


def invitation(people: dict[str, BrowserContext], address: str) -> str:
    """The code in a letter that the office prints for the first guardian without an account."""
    page = people["office"].new_page()
    page.goto(f"{address}/office/invitations")
    form: dict[str, str | float | bool] = {
        "csrf_token": page.locator("meta[name=csrf]").get_attribute("content") or "",
        "act": "letters",
        "who": page.locator("[name=who]").first.get_attribute("value") or "",
        "replace": "yes",
        "show": "missing",
        "group": "",
    }
    letter = page.request.post(f"{address}/office/invitations", form=form, headers={"Origin": address})
    page.close()
    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(letter.body())).pages)
    found = re.search(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}\b", text)
    assert found, text
    return found[0]


def clean(page: Page) -> None:
    assert findings(page) == []
    assert overflow(page) <= 0
    assert page.locator("h1").count() == 1


def test_the_way_in_with_an_invitation(browser: Browser, people: dict[str, BrowserContext], address: str) -> None:
    code = invitation(people, address)
    page = browser.new_page(viewport=PHONE, reduced_motion="reduce")
    speak(page, address, "en")
    page.goto(f"{address}/welcome")
    page.fill("[name=code]", "AAAAA-AAAAA-AAAAA")
    page.click("main form .button")
    page.wait_for_selector(".notice.danger")
    clean(page)
    page.fill("[name=code]", code.lower())
    page.click("main form .button")
    page.wait_for_url("**/children")
    clean(page)
    page.click("a[href$='/wrong']")
    clean(page)
    page.click("a[href$='/children']")
    page.click("a[href$='/password']")
    clean(page)
    page.fill("[name=password]", "passwordpassword")
    page.click("main form .button >> nth=0")
    page.wait_for_selector("[aria-invalid]")
    clean(page)
    page.fill("[name=password]", "three snails under one lamp")
    page.click("main form .button >> nth=0")
    page.wait_for_url(lambda url: "/welcome" not in url)
    clean(page)
    page.close()


def test_a_wrong_password_is_told_without_saying_what_was_wrong(browser: Browser, address: str) -> None:
    told = []
    for login in ("parent@demo.example", "nobody@demo.example"):
        page = browser.new_page(viewport=PHONE)
        page.goto(f"{address}/sign-in")
        page.fill("[name=login]", login)
        page.fill("[name=password]", "not this one")
        page.click("main form [type=submit]")
        page.wait_for_selector(".notice.danger")
        clean(page)
        told.append(page.locator(".notice.danger").inner_text())
        page.close()
    assert told[0] == told[1]


def test_missing_answers_are_told_beside_the_question(people: dict[str, BrowserContext], address: str) -> None:
    page = people["unanswered"].new_page()
    page.set_viewport_size(PHONE)
    page.goto(f"{address}/decide")
    page.click(".card h2 a >> nth=0")
    assert page.locator(".rung :checked").count() == 0  # nothing is ticked beforehand
    page.get_by_role("button", name="Save my answers").click()
    page.wait_for_selector(".notice.danger")
    clean(page)
    page.close()


CHILDREN_CSV = "number,given name,family name,class\n1,Ada,Test,5x\n"


@pytest.mark.parametrize(
    ("name", "body"), [("children.csv", CHILDREN_CSV), ("children.csv", "nonsense\n"), ("a.zip", "no")]
)
def test_a_roster_is_judged_on_a_readable_page(
    people: dict[str, BrowserContext], address: str, name: str, body: str
) -> None:
    page = people["admin"].new_page()
    page.set_viewport_size(PHONE)
    page.goto(f"{address}/office/roster")
    file: FilePayload = {"name": name, "mimeType": "text/csv", "buffer": body.encode()}
    page.set_input_files("[name=files]", file)
    with page.expect_navigation():
        page.click("main form [type=submit]")
    clean(page)
    page.close()


def test_a_question_on_a_page_of_its_own_without_scripts(
    browser: Browser, people: dict[str, BrowserContext], address: str
) -> None:
    """Taking a story down asks first, whether or not scripts run."""
    with browser.new_context(storage_state=people["teacher"].storage_state(), java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{address}/stories/mine?show=published")
        page.click(".rows a.button >> nth=0")
        page.get_by_role("button", name="Take down").click()
        assert page.locator("[name=confirmed]").count() == 1
        assert page.locator("h1").inner_text().startswith("Take this story down?")
