"""A teacher writes a story on a phone: photos, tags, a lost line, two windows, the look at who sees it, posting."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect

from .browser import PHONE, findings
from .site import sign_in, site


@pytest.fixture(scope="module")
def address(browser: Browser, made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with site(tmp_path_factory.mktemp("writing") / "data", made) as served:
        yield served


@pytest.fixture(scope="module")
def teacher(browser: Browser, address: str) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE)
    sign_in(context, address, "teacher")
    yield context
    context.close()


def picture(name: str, colour: tuple[int, int, int]) -> FilePayload:
    out = io.BytesIO()
    Image.new("RGB", (1200, 800), colour).save(out, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


def start(teacher: BrowserContext, address: str, title: str) -> Page:
    page = teacher.new_page()
    page.goto(f"{address}/stories")
    page.get_by_role("button", name="Write a story").click()
    page.fill("#f-title", title)
    page.fill("#f-body", "We built a bridge of paper.")
    return page


def test_from_the_first_word_to_the_families(teacher: BrowserContext, address: str, browser: Browser) -> None:
    page = start(teacher, address, "Bridges")
    page.set_input_files("#f-photo", [picture("a.jpg", (200, 80, 60)), picture("b.jpg", (60, 140, 200))])
    expect(page.locator(".shot .pic img:visible")).to_have_count(2, timeout=30_000)
    first = page.locator(".shot").first
    first.locator("[name^=alt-]").fill("A bridge of paper")
    name = first.locator(".tick").first.inner_text()
    first.locator(".tick").first.click()
    expect(page.locator(".saved")).to_have_text("Saved", timeout=10_000)
    assert findings(page) == []

    teacher.set_offline(True)
    page.fill("#f-body", "Typed while the line was gone.")
    expect(page.locator(".saved")).to_have_text("Kept on this device until the connection is back", timeout=10_000)
    page.on("dialog", lambda dialog: dialog.accept())
    teacher.set_offline(False)
    page.reload()
    expect(page.locator("#f-body")).to_have_value("Typed while the line was gone.")
    expect(page.locator(".shot")).to_have_count(2)
    expect(page.locator(".shot input:checked")).to_have_count(1)
    expect(page.locator("[name^=alt-]").first).to_have_value("A bridge of paper")

    page.get_by_role("button", name="Next: who sees it").click()
    expect(page.get_by_role("heading", name="Who sees it")).to_be_visible()
    assert name in page.locator("main").inner_text()
    assert findings(page) == []
    page.get_by_role("button", name="Post now").click()
    expect(page.get_by_role("alert")).to_contain_text("Please confirm")
    page.check("[name=sure]")
    page.get_by_role("button", name="Post now").click()
    expect(page.get_by_role("heading", name="Bridges")).to_be_visible()

    parent = browser.new_context(viewport=PHONE)
    sign_in(parent, address, "parent")
    feed = parent.new_page()
    feed.goto(f"{address}/stories")
    assert "Typed while the line was gone." in feed.locator("main").inner_text()
    parent.close()


def test_a_title_that_is_typed_is_no_longer_missing(teacher: BrowserContext, address: str) -> None:
    page = start(teacher, address, "")
    page.get_by_role("button", name="Next: who sees it").click()
    missing = page.get_by_text("Please give the story a title.")
    expect(missing).to_have_count(2)
    page.fill("#f-body", "Other words.")
    expect(missing).to_have_count(2)
    page.fill("#f-title", "Now it has one")
    expect(missing).to_have_count(0)
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator("#f-title")).not_to_have_attribute("aria-invalid", "true")
    page.on("dialog", lambda dialog: dialog.accept())
    page.close()


def test_two_windows_show_both_texts(teacher: BrowserContext, address: str) -> None:
    one = start(teacher, address, "Twice")
    expect(one.locator(".saved")).to_have_text("Saved", timeout=10_000)
    two = teacher.new_page()
    two.goto(one.url)
    two.fill("#f-body", "Words of the second window.")
    expect(two.locator(".saved")).to_have_text("Saved", timeout=10_000)
    one.fill("#f-body", "Words of the first window.")
    expect(one.locator(".saved")).to_contain_text("open in another window", timeout=10_000)
    one.on("dialog", lambda dialog: dialog.accept())
    one.get_by_role("button", name="Next: who sees it").click()
    expect(one.locator("[name=body]")).to_have_value("Words of the first window.")
    expect(one.locator("[name=other]")).to_have_value("Words of the second window.")
    assert findings(one) == []
    one.fill("[name=body]", "Words of both windows.")
    one.get_by_role("button", name="Save your text").click()
    expect(one.locator("#f-body")).to_have_value("Words of both windows.")
    one.reload()
    expect(one.locator("#f-body")).to_have_value("Words of both windows.")


def test_without_scripts(browser: Browser, teacher: BrowserContext, address: str) -> None:
    plain = browser.new_context(viewport=PHONE, java_script_enabled=False, storage_state=teacher.storage_state())
    page = plain.new_page()
    page.goto(f"{address}/stories/new")
    page.locator("main form button").first.click()
    page.fill("#f-title", "Plain")
    page.set_input_files("#f-photo", [picture("a.jpg", (90, 180, 90))])
    page.get_by_role("button", name="Add these photos").click()
    expect(page.locator(".shot")).to_have_count(1)
    expect(page.locator("#f-title")).to_have_value("Plain")
    page.locator("#f-title").press("Enter")  # saves, and moves nothing
    expect(page.locator(".shot")).to_have_count(1)
    page.get_by_role("button", name="Next: who sees it").click()
    page.check("[name=sure]")
    page.get_by_role("button", name="Post now").click()
    expect(page.get_by_role("heading", name="Plain")).to_be_visible()
    page.get_by_role("button", name="Take down").click()
    expect(page.get_by_role("heading", name="Take this story down?")).to_be_visible()
    page.get_by_role("button", name="Take down").click()
    page.get_by_role("button", name="Put back").first.click()
    expect(page.get_by_role("heading", name="Plain")).to_be_visible()
    plain.close()
