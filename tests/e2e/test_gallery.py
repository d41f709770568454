"""The building blocks in a real browser: axe, reflow, keyboard, lightbox, uploader, tags, questions before a loss."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, FilePayload, Page, ViewportSize, expect

from .browser import COLOURS, DESKTOP, PHONE, findings, overflow
from .gallery import PHOTO, Desk, gallery


@pytest.fixture(scope="module")
def served() -> Iterator[Desk]:
    with gallery() as desk:
        yield desk


@pytest.fixture
def desk(served: Desk) -> Desk:
    served.answers.clear()
    served.uploads.clear()
    served.saves.clear()
    return served


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    """One page for all tests: a new one each time would begin cold."""
    with browser.new_context(viewport=DESKTOP) as context:
        page = context.new_page()
        page.on("dialog", lambda dialog: dialog.accept())  # leave, whatever was typed
        yield page


@pytest.fixture
def page(tab: Page, desk: Desk) -> Iterator[Page]:
    tab.goto(f"{desk.address}photos/0/small")
    tab.evaluate("localStorage.clear(), sessionStorage.clear()")
    tab.context.clear_cookies()
    failures: list[str] = []

    def failed(error: object) -> None:
        failures.append(str(error))

    def told(said: ConsoleMessage) -> None:
        if "Content Security" in said.text:
            failures.append(said.text)

    tab.on("pageerror", failed)
    tab.on("console", told)
    tab.goto(desk.address)
    desk.saves.clear()  # what the page before sent when it was left
    yield tab
    assert failures == []
    tab.remove_listener("pageerror", failed)
    tab.remove_listener("console", told)
    tab.unroute_all()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing(browser: Browser, desk: Desk, size: ViewportSize, language: str) -> None:
    page = browser.new_page(viewport=size, color_scheme="light", reduced_motion="reduce")
    page.goto(f"{desk.address}?lang={language}")
    assert findings(page) == []
    assert overflow(page) <= 0
    page.emulate_media(color_scheme="dark")
    assert findings(page, COLOURS) == []
    page.close()


def test_axe_would_find_something(page: Page) -> None:
    page.evaluate("document.querySelector('.rung img').removeAttribute('alt')")
    assert [line.split(":")[0] for line in findings(page)] == ["image-alt"]


def test_a_narrow_window_does_not_scroll_sideways(browser: Browser, desk: Desk) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 640})  # 1280 px at 400 %
    page.goto(desk.address)
    assert overflow(page) <= 0
    page.close()


def test_targets_can_be_hit_with_a_thumb(browser: Browser, desk: Desk) -> None:
    page = browser.new_page(viewport=PHONE)
    page.goto(desk.address)
    small = page.evaluate(
        """[...document.querySelectorAll(
        'button,summary,.button,select,.bar a,label.choice,label.rung,label.chip,.tabs a')]
        .filter(e => e.checkVisibility()).map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
        .filter(([, r]) => r.width < 44 || r.height < 44).map(([html]) => html)"""
    )
    assert small == []
    page.close()


def test_theme_is_kept_for_the_server(page: Page) -> None:
    page.get_by_role("button", name="Light or dark").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert "theme=dark" in page.evaluate("document.cookie")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 32, 29)"


def test_menus_close_with_escape(page: Page) -> None:
    page.locator("summary", has_text="More").click()
    assert findings(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("details[open]")).to_have_count(0)
    expect(page.locator("summary", has_text="More")).to_be_focused()


def test_lightbox_goes_through_the_photos_of_one_story(page: Page) -> None:
    box, count = page.locator("#lightbox"), page.locator("#lightbox .count")
    page.locator(".photos.n3 a").first.click()
    expect(box).to_be_visible()
    expect(count).to_have_text("1 / 3")
    expect(box.get_by_text("Download")).to_be_visible()  # only the first photo may be kept
    page.keyboard.press("ArrowRight")
    expect(count).to_have_text("2 / 3")
    expect(box.get_by_text("Download")).to_be_hidden()
    expect(box.locator("figcaption")).to_have_text("Drawing number 1")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(count).to_have_text("3 / 3")
    assert findings(page) == []


def test_the_lightbox_leads_to_the_page_of_a_photo_that_has_one(page: Page) -> None:
    box, first = page.locator("#lightbox"), page.locator(".photos.n3 a").first
    first.click()
    expect(box.get_by_role("link", name="Open this photo's page")).to_have_attribute("href", re.compile("/photos/0$"))
    page.keyboard.press("Escape")
    first.evaluate("link => { link.dataset.large = link.href; }")  # one that leads to the file itself
    first.click()
    expect(box.get_by_text("Open this photo's page")).to_be_hidden()


def test_a_photo_without_a_description_has_no_caption(page: Page) -> None:
    first, caption = page.locator(".photos.n3 a").first, page.locator("#lightbox figcaption")
    first.click()
    expect(caption).not_to_be_empty()
    page.keyboard.press("Escape")
    first.locator("img").evaluate("image => { image.alt = 'Photo'; }")
    first.click()
    expect(caption).to_be_empty()


def test_back_and_escape_leave_the_lightbox_and_not_the_page(page: Page) -> None:
    for leave in (page.go_back, lambda: page.keyboard.press("Escape")):
        page.locator(".photos.n3 a").first.click()
        expect(page.locator("#lightbox")).to_be_visible()
        leave()
        expect(page.locator("#lightbox")).to_be_hidden()
        expect(page.locator(".photos.n3 a").first).to_be_focused()
        for _ in range(100):  # not by wait_for_function: the page lets nobody make code of words
            if not page.evaluate("history.state?.lightbox"):
                break
            page.wait_for_timeout(50)
        assert not page.evaluate("history.state?.lightbox")
    assert page.get_by_role("heading", name="Building blocks", level=1).is_visible()


def test_arrows_follow_the_direction_of_reading(page: Page, desk: Desk) -> None:
    page.goto(f"{desk.address}?lang=ar")
    page.locator(".photos.n3 a").first.click()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#lightbox .count")).to_have_text("2 / 3")


def test_a_question_comes_before_a_loss(page: Page) -> None:
    ask = page.locator("dialog.dialog[open]")
    page.locator(".rung input").nth(0).check()
    page.get_by_role("button", name="Keep this answer").click()
    expect(ask).to_contain_text("Shall the photos of Mila be seen by nobody")
    expect(ask.get_by_role("button", name="Cancel")).to_be_focused()
    assert findings(page) == []
    ask.get_by_role("button", name="Cancel").click()
    expect(ask).to_have_count(0)
    page.get_by_role("button", name="Keep this answer").click()
    with page.expect_request(lambda request: request.method == "POST") as sent:
        ask.get_by_role("button", name="Keep this answer").click()
    assert "confirmed=1" in (sent.value.post_data or "")


def picture(name: str) -> FilePayload:
    return {"name": name, "mimeType": "image/jpeg", "buffer": b"a picture"}


def test_a_photo_arrives_although_the_line_drops(page: Page, desk: Desk) -> None:
    desk.answers[:] = [502]
    page.set_input_files("#f-photo", [picture("one.jpg")])
    new = page.locator(".shot").nth(2)
    expect(new.locator(".state")).to_contain_text("We keep trying")
    expect(new.locator(".pic img")).to_be_visible()
    assert new.locator("[name=photos]").input_value() == PHOTO
    assert new.locator(f"[name=alt-{PHOTO}]").count() == 1
    first, second = desk.uploads
    assert first[0] == second[0] == "a-token"
    once = [body.split(b'name="once"')[1].split(b"--")[0] for _, body in desk.uploads]
    assert once[0] == once[1] != b""


def test_a_refused_photo_says_why_and_can_be_tried_again(page: Page, desk: Desk) -> None:
    page.set_input_files("#f-photo", [picture("bad.jpg")])
    new = page.locator(".shot").nth(2)
    expect(new.locator(".state")).to_have_text("bad.jpg: This is not a picture.")
    assert new.locator("[name=photos]").is_disabled()
    assert findings(page) == []
    new.get_by_role("button", name="Try again").click()
    expect(new.get_by_role("button", name="Try again")).to_be_visible()
    assert len(desk.uploads) == 2


def test_more_than_ten_photos_are_not_taken(page: Page, desk: Desk) -> None:
    page.set_input_files("#f-photo", [picture(f"{n}.jpg") for n in range(12)])
    expect(page.locator(".shot")).to_have_count(10)


def test_order_and_text_are_saved(page: Page, desk: Desk) -> None:
    page.locator(".shot").nth(1).locator("[name^=alt-]").fill("A snail")
    page.locator(".shot").nth(1).get_by_role("button", name="Move forward").click()
    expect(page.locator(".saved")).to_have_text("Saved")
    assert desk.saves[-1]["photos"] == ["1", "0"]
    assert desk.saves[-1]["alt-1"] == ["A snail"]
    assert page.evaluate("localStorage.length") == 0


def test_a_removed_photo_can_be_put_back_with_its_tags(page: Page, desk: Desk) -> None:
    first = page.locator(".shot").nth(0)
    first.get_by_text("Amir Haddad").click()
    first.get_by_role("button", name="Remove photo").focus()
    page.keyboard.press("Enter")
    back = page.get_by_role("button", name="Put it back")
    expect(back).to_be_focused()
    expect(back).to_have_accessible_description("Photo removed.")
    expect(page.locator(".shot")).to_have_count(1)
    expect(page.locator(".saved")).to_have_text("Saved")
    assert desk.saves[-1]["photos"] == ["1"]
    assert "tags-0" not in desk.saves[-1]
    assert findings(page) == []
    page.keyboard.press("Enter")
    expect(page.locator(".shot").nth(0).get_by_role("button", name="Remove photo")).to_be_focused()
    expect(page.locator(".gone")).to_have_count(0)
    expect(page.locator(".saved")).to_have_text("")
    expect(page.locator(".saved")).to_have_text("Saved")
    assert desk.saves[-1]["photos"] == ["0", "1"]
    assert desk.saves[-1]["tags-0"] == ["2"]


def test_a_photo_removed_while_it_waits_is_sent_once_it_is_back(page: Page, desk: Desk) -> None:
    page.route("**/upload", lambda route: route.abort())
    page.set_input_files("#f-photo", [picture("one.jpg"), picture("two.jpg")])
    page.locator(".shot").nth(3).get_by_role("button", name="Remove photo").click()
    page.locator(".shot").nth(2).get_by_role("button", name="Remove photo").click()
    expect(page.locator(".gone")).to_have_count(2)
    page.unroute("**/upload")
    page.wait_for_timeout(2500)  # the try that was under way ends, and the rest of the queue with it
    assert desk.uploads == []
    for left in (1, 0):
        page.get_by_role("button", name="Put it back").first.click()
        expect(page.locator(".gone")).to_have_count(left)
    expect(page.locator(".shot .pic img:visible")).to_have_count(4)
    assert len(desk.uploads) == 2


def test_no_more_than_ten_photos_come_back(page: Page, desk: Desk) -> None:
    page.locator(".shot").nth(0).get_by_role("button", name="Remove photo").click()
    page.set_input_files("#f-photo", [picture(f"{n}.jpg") for n in range(12)])
    expect(page.locator(".shot")).to_have_count(10)
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator(".saved")).to_contain_text("up to 10 photos")
    expect(page.locator(".shot")).to_have_count(10)


def test_a_photo_moves_past_one_that_was_removed(page: Page, desk: Desk) -> None:
    page.set_input_files("#f-photo", [picture("one.jpg")])
    expect(page.locator(".shot .pic img:visible")).to_have_count(3)
    page.locator(".shot").nth(1).get_by_role("button", name="Remove photo").click()
    page.locator(".shot").nth(1).get_by_role("button", name="Move forward").click()
    assert page.locator(".shot").evaluate_all("shots => shots.map(shot => shot.dataset.shot)") == [PHOTO, "0"]


def test_text_and_tags_survive_a_lost_connection_and_a_reload(page: Page, desk: Desk) -> None:
    page.route("**/save", lambda route: route.abort())
    page.locator(".shot").nth(0).locator("[name^=alt-]").fill("Kept")
    page.locator(".shot").nth(0).get_by_text("Amir Haddad").click()
    expect(page.locator(".saved")).to_contain_text("Kept on this device")
    page.reload()
    expect(page.locator(".saved")).to_contain_text("What you wrote before is back")
    assert page.locator(".shot").nth(0).locator("[name^=alt-]").input_value() == "Kept"
    assert page.locator("[name=tags-0]:checked").count() == 1
    assert desk.saves == []
    page.unroute("**/save")
    expect(page.locator(".saved")).to_have_text("Saved", timeout=15_000)
    assert desk.saves[-1]["tags-0"] == ["2"]


def test_tagging_by_typing_and_from_the_photo_before(page: Page) -> None:
    first, second = page.locator(".shot").nth(0), page.locator(".shot").nth(1)
    first.locator("[data-filter]").fill("lea")
    expect(first.locator(".tick:visible")).to_have_count(1)  # Léa, whatever the accent
    expect(first.locator("[data-none]")).to_be_empty()
    first.locator("[data-filter]").fill("leander")
    expect(first.locator(".tick:visible")).to_have_count(0)
    expect(first.locator("[data-none]")).to_have_text("No child of that name in these classes.")
    first.locator("[data-filter]").fill("lea")
    first.locator("[data-filter]").press("Enter")
    expect(first.locator("[data-count]")).to_have_text("1")
    expect(first.locator(".tick:visible")).to_have_count(6)
    expect(first.get_by_role("button", name="Same as the photo before")).to_be_hidden()
    second.get_by_role("button", name="Same as the photo before").click()
    assert second.locator(":checked").evaluate_all("boxes => boxes.map(box => box.value)") == ["3"]
    second.locator("[type=checkbox]").nth(2).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    assert second.locator(":checked").evaluate_all("boxes => boxes.map(box => box.value)") == ["3", "4"]


def test_the_page_works_without_scripts(browser: Browser, desk: Desk) -> None:
    with browser.new_context(java_script_enabled=False, viewport=PHONE) as context:
        page = context.new_page()
        page.goto(desk.address)
        page.locator("summary", has_text="More").click()
        assert page.get_by_role("link", name="Letters").is_visible()
        assert page.get_by_role("button", name="Add these photos").is_visible()
        assert not page.get_by_role("button", name="Light or dark").is_visible()
        page.locator(".photos.n1 a").first.click()
        page.wait_for_url("**/photos/0")
