"""The cast in browsers of their own, signed in once, and what a teacher does to write a story."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pillow_heif
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect

from .browser import DESKTOP, PHONE
from .site import sign_in

OFFICE = ("office", "admin", "safeguarding")
SIZES = ("small", "medium", "large")


def picture(name: str = "river.jpg", colour: tuple[int, int, int] = (60, 120, 160)) -> FilePayload:
    """A photo as a phone would send it."""
    out = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


def phone_picture() -> FilePayload:
    """The same in the format of newer phones."""
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (640, 480), (160, 90, 60))).save(out)
    return {"name": "phone.heic", "mimeType": "image/heic", "buffer": out.getvalue()}


def broken_picture() -> FilePayload:
    """A photo of which the line kept only a part."""
    whole = picture()["buffer"]
    return {"name": "broken.jpg", "mimeType": "image/jpeg", "buffer": whole[: len(whole) // 3]}


@dataclass
class Cast:
    """The people of the demo school, each in a browser of their own: a phone, or the office's desktop."""

    browser: Browser
    address: str
    contexts: dict[str, BrowserContext] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    """What scripts complained about on any page."""

    def context(self, who: str = "", *, scripts: bool = True) -> BrowserContext:
        """A fresh browser; `who` is signed in if given (with the session of their first visit)."""
        context = self.browser.new_context(
            viewport=DESKTOP if who in OFFICE else PHONE,
            reduced_motion="reduce",
            java_script_enabled=scripts,
            storage_state=self._known(who).storage_state() if who else None,
        )
        context.set_default_timeout(15_000)
        context.on("weberror", lambda failure: self.said.append(str(failure.error)))
        return context

    def _known(self, who: str) -> BrowserContext:
        if who not in self.contexts:
            self.contexts[who] = context = self.browser.new_context(locale="en-GB")
            if who:
                sign_in(context, self.address, who)
        return self.contexts[who]

    def forget(self, who: str) -> None:
        """Their session has ended: the next visit signs in anew."""
        self.contexts.pop(who).close()

    @contextmanager
    def page(self, who: str = "", path: str = "", *, scripts: bool = True) -> Iterator[Page]:
        """A page of this person, at `path` if given."""
        with self.context(who, scripts=scripts) as context:
            page = context.new_page()
            if path:
                page.goto(self.address + path)
            yield page

    def status(self, who: str, path: str) -> int:
        """What this person's browser is answered there; with '' for a visitor's."""
        return self._known(who).request.get(self.address + path).status

    def statuses(self, who: str, photo: str) -> set[int]:
        """What this person's browser is answered for every size of a photo."""
        return {self.status(who, f"/photos/{photo}/{size}") for size in SIZES}

    def close(self) -> None:
        for context in self.contexts.values():
            context.close()


@dataclass(frozen=True)
class Posted:
    """A story: its path, and the ids of its photos in order, as its teacher knows them."""

    path: str
    photos: tuple[str, ...]


def begin(page: Page, title: str, body: str = "We looked for snails.") -> None:
    """From the feed: opens a new story of class 3a and writes its text."""
    page.get_by_role("button", name="Write a story").first.click()
    page.get_by_label("Title").fill(title)
    page.locator("[name=body]").fill(body)


def arrived(page: Page, count: int) -> None:
    """Waits until so many photos have been taken in."""
    expect(page.locator(".shot .pic img[src*='/photos/']")).to_have_count(count)


def tag(page: Page, shot: int, *names: str) -> None:
    """Says who can be recognised on a photo, counted from 0."""
    for name in names:
        page.locator(".shot").nth(shot).locator(".chips").get_by_text(name, exact=True).click()


def preview(page: Page) -> None:
    """Goes on to the page that says who will see it."""
    page.get_by_role("button", name="Next: who sees it").click()
    page.wait_for_url("**/preview")


def finish(page: Page, button: str = "Post now") -> str:
    """States that all are tagged and posts; the story's path."""
    sure = page.locator("[name=sure]")
    if sure.count():
        sure.check()
    page.get_by_role("button", name=button).click()
    page.wait_for_url(re.compile(r"/stories/\d+$"))
    return urlsplit(page.url).path

