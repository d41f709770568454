"""The jobs that the portal is for, done in a browser by the people who do them, and what others do not get.

The parts are those of the demo school: parent (Anna) and coparent (Tomas) decide for Mila (3a), otherparent (Layla) for
Sami (3a); nocontact must not see Emma (3a); unanswered has a child in another class; former's link has ended.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from .browser import overflow
from .cast import Cast, Posted, arrived, begin, broken_picture, finish, phone_picture, picture, preview, tag
from .site import site

OTHERS = ("former", "nocontact", "unanswered", "child", "secondteacher", "office", "")


@pytest.fixture(scope="module")
def cast(browser: Browser, made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    with site(tmp_path_factory.mktemp("jobs") / "data", made) as address:
        people = Cast(browser, address)
        yield people
        people.close()
        assert people.said == []


@pytest.fixture(scope="module")
def story(cast: Cast) -> Posted:
    """What the teacher posts: a photo of Mila and Sami, and one of Sami alone; a third file is broken."""
    with cast.page("teacher", "/stories") as page:
        begin(page, "A walk to the river", "We looked for snails.\n\nhttps://example.org/snails")
        page.set_input_files("[name=photo]", [picture(), phone_picture(), broken_picture()])
        arrived(page, 2)
        expect(page.locator(".shot.failed .state")).to_contain_text("broken.jpg")
        page.locator(".shot.failed").get_by_role("button", name="Remove photo").click()
        tag(page, 0, "Mila Bergmann", "Sami Haddad")
        tag(page, 1, "Sami Haddad")
        page.locator("[name^=alt-]").first.fill("Two children by the river")
        preview(page)
        said = page.locator("section", has=page.get_by_role("heading", name="Families")).inner_text()
        assert re.search(r"All \d+ families see|\d+ of \d+ families see", said), said
        page.get_by_role("button", name="Post now").click()  # without saying that all are tagged
        expect(page.get_by_role("alert")).to_be_visible()
        path = finish(page)
        links = page.locator(".photos a").evaluate_all("all => all.map(a => a.pathname)")
        expect(page.get_by_role("link", name="https://example.org/snails")).to_be_visible()
    assert len(links) == 2
    return Posted(path, tuple(link.rsplit("/", 1)[1] for link in links))


def decide(page: Page, child: str) -> None:
    """From the permissions to the page of one child."""
    page.get_by_role("link", name=child, exact=True).click()
    page.wait_for_url(re.compile(r"/decide/\d+"))


def answer(cast: Cast, who: str, child: str, rung: int) -> None:
    with cast.page(who, "/decide") as page:
        decide(page, child)
        page.locator(f"[name=photo][value='{rung}']").check()
        page.locator("form[action^='/decide/'] .actions [type=submit]").first.click()
        expect(page.get_by_role("status").first).not_to_be_empty()


def test_families_see_the_story_and_others_do_not_even_learn_of_it(cast: Cast, story: Posted) -> None:
    for who in ("parent", "coparent", "grandparent", "otherparent"):
        with cast.page(who, "/stories") as page:
            shown = page.locator(".story", has=page.get_by_role("link", name="A walk to the river"))
            expect(shown.locator(".photos img")).to_have_count(2)
            picture_shown = shown.locator(".photos img").first
            picture_shown.scroll_into_view_if_needed()
            assert picture_shown.get_attribute("alt") == "Two children by the river"
        assert cast.statuses(who, story.photos[0]) == {200}
    for who in OTHERS:
        assert not who or cast.status(who, "/account") == 200  # signed in, and yet
        assert cast.status(who, story.path) == 404, who
        assert {status for photo in story.photos for status in cast.statuses(who, photo)} == {404}, who
        with cast.page(who, "/stories") as page:
            expect(page.get_by_text("A walk to the river")).to_have_count(0)


def test_a_family_keeps_photos_of_its_own_child_only(cast: Cast, story: Posted) -> None:
    both, sami = story.photos
    with cast.page("parent", story.path) as page:
        page.locator(".photos a").first.click()
        expect(page.locator("dialog.lightbox")).to_be_visible()
        with page.expect_download() as kept:
            page.get_by_role("link", name="Download").click()
        page.keyboard.press("Escape")
        expect(page.locator("dialog.lightbox")).to_be_hidden()
        file = kept.value.path()
        assert Image.open(file).format == "JPEG"
        page.locator(".photos a").nth(1).click()
        expect(page.locator("dialog.lightbox")).to_be_visible()
        expect(page.get_by_role("link", name="Download")).to_have_count(0)
    assert cast.status("parent", f"/photos/{sami}/download") == 404  # seen, but not of her own child
    assert cast.status("otherparent", f"/photos/{both}/download") == 200
    assert cast.status("teacher", f"/photos/{both}/download") == 404


def test_a_withdrawal_holds_with_the_next_request_of_anyone(cast: Cast, story: Posted) -> None:
    both, sami = story.photos
    with cast.page("otherparent", story.path) as watching, cast.page("parent", "/decide") as page:
        expect(watching.locator(".photos img")).to_have_count(2)
        decide(page, "Mila Bergmann")
        page.get_by_role("button", name="Stop showing photos of Mila").click()  # one press, as to give
        expect(page.get_by_role("status").first).to_contain_text("From now on nobody sees photos of Mila")
        for who in ("otherparent", "parent", "coparent", "teacher"):
            assert cast.statuses(who, both) == {404}, who
            assert cast.status(who, f"/photos/{both}/download") == 404, who
        assert cast.statuses("otherparent", sami) == {200}
        watching.reload()
        expect(watching.locator(".photos img")).to_have_count(1)
        watching.go_back()
        watching.go_forward()
        assert watching.request.get(f"{cast.address}/photos/{both}/medium").status == 404
        watching.goto(f"{cast.address}/stories")
        expect(watching.locator(f"img[src*='{both}']")).to_have_count(0)
        expect(watching.locator(f"img[src*='{sami}']")).to_have_count(1)
        page.reload()  # the answer is no form to be sent twice
        expect(page.locator("main .rows li", has_text="Photos: Nobody")).to_have_count(1)
    answer(cast, "parent", "Mila Bergmann", 3)
    assert cast.statuses("otherparent", both) == {200}
    answer(cast, "coparent", "Mila Bergmann", 1)  # the lower answer holds
    assert cast.statuses("otherparent", both) == {404}
    assert cast.statuses("parent", both) == {200}
    answer(cast, "coparent", "Mila Bergmann", 2)
    assert cast.statuses("otherparent", both) == {200}


def test_a_story_is_taken_down_and_put_back(cast: Cast, story: Posted) -> None:
    with cast.page("teacher", story.path) as page:
        page.get_by_role("button", name="Take down").click()
        question = page.get_by_role("dialog")
        question.get_by_role("button", name="Cancel").click()
        assert cast.status("parent", story.path) == 200
        page.get_by_role("button", name="Take down").click()
        question.get_by_role("button", name="Take down").click()
        page.wait_for_url("**/stories/mine?show=hidden")
        assert cast.status("parent", story.path) == 404
        assert cast.statuses("parent", story.photos[0]) == {404}
        page.get_by_role("button", name="Put back").click()
        page.wait_for_url(f"**{story.path}")
        assert cast.status("parent", story.path) == 200
        assert cast.statuses("parent", story.photos[0]) == {200}


def test_an_edit_is_seen_only_once_it_is_posted(cast: Cast, story: Posted) -> None:
    with cast.page("teacher", f"{story.path}/edit") as page, cast.page("parent", story.path) as reader:
        page.locator("[name=body]").fill("We found a snail.")
        page.get_by_role("button", name="Next: who sees it").click()
        page.wait_for_url("**/preview")
        reader.reload()
        expect(reader.get_by_text("We found a snail.")).to_have_count(0)
        finish(page, "Post the changes")
        reader.reload()
        expect(reader.get_by_text("We found a snail.")).to_be_visible()


def test_a_scheduled_story_waits(cast: Cast) -> None:
    with cast.page("teacher", "/stories") as page:
        begin(page, "On Monday we bake")
        preview(page)
        page.get_by_text("Post it later").click()
        page.get_by_label("Day", exact=True).fill((date.today() - timedelta(days=2)).isoformat())
        page.get_by_label("Time", exact=True).fill("08:00")
        page.get_by_role("button", name="Post at this time").click()
        expect(page.get_by_role("alert")).to_be_visible()  # not in the past
        page.get_by_label("Day", exact=True).fill((date.today() + timedelta(days=3)).isoformat())
        page.get_by_role("button", name="Post at this time").click()
        page.wait_for_url("**/stories/mine?show=scheduled")
        path = page.get_by_role("link", name="On Monday we bake").get_attribute("href")
        assert path
    seen = path.removesuffix("/edit")
    assert cast.status("parent", seen) == 404
    assert cast.status("teacher", f"{seen}/edit") == 200
    assert cast.status("secondteacher", f"{seen}/edit") == 404


def test_from_the_letter_to_the_first_answer(cast: Cast) -> None:
    with cast.page("office", "/office/invitations") as page:
        page.locator("[name=who]").first.check()
        page.get_by_label("Replace codes that still work").check()
        with page.expect_download() as download:
            page.get_by_role("button", name="Letters for those ticked").click()
        sheets = PdfReader(download.value.path()).pages
    found = re.search(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}\b", "".join(sheet.extract_text() for sheet in sheets))
    assert found
    with cast.page("", "/welcome") as page:
        page.locator("[name=code]").fill(found[0].replace("-", " ").lower())
        page.keyboard.press("Enter")
        page.wait_for_url("**/children")
        assert page.locator("main .rows li").count() >= 1
        page.locator("a[href$='/password']").click()
        page.locator("[name=password]").fill("three snails under one lamp")
        page.keyboard.press("Enter")
        page.wait_for_url("**/waiting")
        page.locator("form[action='/privacy/seen'] [type=submit]").click()
        page.wait_for_url("**/waiting?skip=0")
        page.goto(f"{cast.address}/stories")
        assert page.locator("h1").count() == 1
    with cast.page("", "/welcome") as page:  # the code has been used
        page.locator("[name=code]").fill(found[0])
        page.keyboard.press("Enter")
        expect(page.locator(".notice.danger")).to_be_visible()


def test_a_child_of_15_has_a_voice_and_its_account_ends_with_the_permission(cast: Cast) -> None:
    with cast.page("child", "/decide") as own, cast.page("noorsfather", "/decide") as father:
        own.locator("[name=photo][value='1']").check()
        own.locator("form[action^='/decide/'] .actions [type=submit]").first.click()
        expect(own.get_by_role("status").first).not_to_be_empty()
        decide(father, "Noor Rahimi")
        held = father.locator(".rung-now img").first.get_attribute("src")
        assert held
        assert "rung-1" in held  # the child's answer is narrower than the father's
        assert own.request.get(f"{cast.address}/account").url.endswith("/account")
        father.locator("[name=allowed][value=no]").click()
        expect(father.get_by_role("status").first).not_to_be_empty()
        own.goto(f"{cast.address}/account")
        assert "/sign-in" in own.url
        own.locator("[name=login]").fill("child@demo.example")
        own.locator("[name=password]").fill("paper-kites-at-noon")
        own.keyboard.press("Enter")
        expect(own.locator(".notice.danger")).to_be_visible()
        father.locator("[name=allowed][value=yes]").click()
        expect(father.locator("[name=allowed][value=no]")).to_be_visible()
        own.locator("[name=password]").fill("paper-kites-at-noon")
        own.keyboard.press("Enter")
        own.wait_for_url(lambda url: "/sign-in" not in url)
    cast.forget("child")


def test_what_waits_comes_first_and_may_wait(cast: Cast) -> None:
    with cast.page("unanswered", "/waiting") as page:
        page.locator("a[href^='/decide/']").click()
        assert page.locator(".rung :checked").count() == 0
        page.locator("a[href^='/waiting?skip=']").click()
        page.goto(f"{cast.address}/stories")
        assert page.locator("h1").count() == 1
        assert overflow(page) <= 0
