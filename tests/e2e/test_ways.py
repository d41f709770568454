"""The same jobs by other ways: keyboard alone, without scripts, offline, in another language, enlarged, on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from portal.demo.made import PASSWORD

from .browser import overflow
from .cast import Cast, arrived, begin, finish, picture, preview, tag
from .site import site, speak

FOCUSED = "(e => `${e.tagName} ${e.name || ''} ${e.type || ''}`)(document.activeElement)"


@pytest.fixture(scope="module")
def cast(browser: Browser, made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    with site(tmp_path_factory.mktemp("ways") / "data", made) as address:
        people = Cast(browser, address)
        yield people
        people.close()
        assert people.said == []


def tab_to(page: Page, wanted: str) -> None:
    """Presses Tab until the focus is there."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if re.fullmatch(wanted, page.evaluate(FOCUSED)):
            return
    raise AssertionError(f"the keyboard does not reach {wanted}")


def test_signing_in_and_deciding_with_the_keyboard_alone(cast: Cast) -> None:
    with cast.page("", "/sign-in?next=/decide") as page:
        tab_to(page, "INPUT login .*")
        page.keyboard.type("parent@demo.example")
        tab_to(page, "INPUT password .*")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/decide")
        page.get_by_role("link", name="Mila Bergmann", exact=True).focus()
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/decide/\d+"))
        tab_to(page, "INPUT photo radio")
        chosen = page.locator("[name=photo]:checked").get_attribute("value")
        page.keyboard.press("ArrowUp")
        assert page.locator("[name=photo]:checked").get_attribute("value") != chosen
        for _ in range(30):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.innerText") == "Save my answers":
                break
        page.keyboard.press("Enter")
        expect(page.get_by_role("status").first).to_contain_text("Your answer is kept")
        assert page.locator("[name=photo]:checked").get_attribute("value") != chosen


def test_everything_without_scripts(cast: Cast) -> None:
    with cast.page("", "/sign-in?next=/stories", scripts=False) as page:
        page.locator("[name=login]").fill("teacher@demo.example")
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main form [type=submit]").first.click()
        page.wait_for_url("**/stories")
        begin(page, "Without scripts")
        page.set_input_files("[name=photo]", picture())
        page.get_by_role("button", name="Add these photos").click()
        arrived(page, 1)
        tag(page, 0, "Mila Bergmann")
        preview(page)
        path = finish(page)
        page.locator(".photos a").first.click()
        page.wait_for_url(re.compile(r"/photos/\d+$"))
        expect(page.locator("main img")).to_have_count(1)
    with cast.page("parent", path, scripts=False) as page:
        expect(page.locator(".photos img")).to_have_count(1)
        page.goto(f"{cast.address}/decide")
        page.get_by_role("link", name="Mila Bergmann", exact=True).click()
        page.get_by_role("button", name="Stop showing photos of Mila").click()
        expect(page.get_by_role("status").first).to_contain_text("From now on nobody sees photos of Mila")
        page.goto(cast.address + path)
        expect(page.locator(".photos img")).to_have_count(0)


def test_what_is_written_offline_is_kept(cast: Cast) -> None:
    with cast.page("teacher", "/stories") as page:
        begin(page, "Under a bridge")
        expect(page.locator(".saved")).to_have_text("Saved")
        page.context.set_offline(True)
        page.locator("[name=body]").fill("Written where there is no line.")
        expect(page.locator(".saved")).to_contain_text("Kept on this device")
        page.context.set_offline(False)
        expect(page.locator(".saved")).to_have_text("Saved")
        page.reload()
        assert page.locator("[name=body]").input_value() == "Written where there is no line."


@pytest.mark.parametrize("language", ["ar", "uk", "de", "es", "en"])
def test_another_language_at_twice_the_size(cast: Cast, language: str) -> None:
    with cast.page("grandparent") as page:
        page.set_viewport_size({"width": 640, "height": 400})  # 1280 × 800 at 200 %
        speak(page, cast.address, language)
        titles = []
        for path in ("/stories", "/photos", "/account"):
            page.goto(cast.address + path)
            assert page.evaluate("document.documentElement.lang") == language
            assert page.evaluate("document.documentElement.dir") == ("rtl" if language == "ar" else "ltr")
            assert overflow(page) <= 0
            titles.append(page.locator("h1").inner_text())
            entries = page.locator("nav.bar > ul > li").evaluate_all(
                "all => all.map(e => e.scrollWidth - e.clientWidth)"
            )
            assert max(entries) <= 0, path  # no word runs into the next
        assert ("Stories" in titles) == (language == "en")


def test_the_form_on_paper(cast: Cast) -> None:
    with cast.page("parent", "/decide") as page:
        page.get_by_role("link", name="Mila Bergmann", exact=True).click()
        page.get_by_role("link", name="Print as a form to sign").click()
        page.wait_for_url("**/form")
        sheets = PdfReader(BytesIO(page.pdf(format="A4"))).pages
    text = " ".join("".join(sheet.extract_text() for sheet in sheets).split())
    assert "Photos and videos of Mila Bergmann" in text
    assert "Signature" in text
    assert text.count("The public website") >= 2
    assert "Print this page" not in text
    assert len(sheets) <= 4
