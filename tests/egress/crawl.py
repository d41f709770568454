"""A crawler: everything that one member of the cast can reach by following what the portal itself hands out."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

import httpx
import pypdf

from portal.testing import Browser

MOST = 1_500  # addresses of one crawl; more would be a loop
_PATHS = re.compile(r"""["'(\s,](/[a-z][\w\-./?=&%~]*)""")


@dataclass
class Seen:
    """One answer: its status, what it says as text, and its bytes."""

    status: int
    media_type: str
    body: bytes
    headers: str

    @property
    def text(self) -> str:
        """Everything that could be read in it, headers included."""
        return self.headers + "\n" + readable(self.media_type, self.body)


def readable(media_type: str, body: bytes) -> str:
    """The text of a page, a document, an archive, or of whatever else it is."""
    if media_type == "application/pdf" and body.startswith(b"%PDF-1.") and b"startxref" in body:
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages)
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return "\n".join(f"{name}\n{readable('', archive.read(name))}" for name in archive.namelist())
    text = body.decode("utf-8", "replace")
    return f"{text}\n{html.unescape(text)}\n{unquote(text)}"


class Addresses(HTMLParser):
    """Every address on a page, in whatever attribute or script data it stands."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.links: set[str] = set()  # those that people follow
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if not value:
                continue
            if name in ("srcset", "imagesrcset"):
                self.found |= {part.split()[0] for part in value.split(",") if part.split()}
            elif tag == "a" and name == "href":
                self.links.add(value)
            elif name in ("href", "src", "action", "formaction", "poster", "data") or value.startswith("/"):
                self.found.add(value)
            elif name == "content" and "url=" in value:
                self.found.add(value.partition("url=")[2])

    def handle_data(self, data: str) -> None:
        self.found |= set(_PATHS.findall(data))


@dataclass
class Crawl:
    """What one browser has seen, by address (path and query)."""

    browser: Browser
    seen: dict[str, Seen] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)  # what people are led to, and a page that does

    async def follow(self, starts: Iterable[str]) -> Crawl:
        waiting = list(starts)
        while waiting:
            address = waiting.pop()
            if address in self.seen:
                continue
            assert len(self.seen) < MOST, f"no end in sight: {address}"
            answer = await self.ask(address)
            waiting += [found for found in self._addresses(address, answer) if found not in self.seen]
        return self

    async def ask(self, address: str) -> httpx.Response:
        answer = await self.browser.get(address)
        kind = answer.headers.get("content-type", "").partition(";")[0]
        names = ("location", "content-disposition", "link", "set-cookie", "etag")
        headers = "\n".join(answer.headers.get(name, "") for name in names)
        self.seen[address] = Seen(answer.status_code, kind, answer.content, headers)
        return answer

    def _addresses(self, address: str, answer: httpx.Response) -> set[str]:
        found = {answer.headers["location"]} if "location" in answer.headers else set()
        kind = answer.headers.get("content-type", "")
        if "html" in kind:
            page = Addresses(answer.text)
            found |= page.found
            found |= page.links
            if answer.status_code == 200:
                for link in self._ours(address, page.links):
                    self.links.setdefault(link, address)
        elif "json" in kind:
            found |= set(_PATHS.findall(answer.text))
        return self._ours(address, found)

    def _ours(self, address: str, found: set[str]) -> set[str]:
        """Those that lead to the portal, as path and query; without its own static files."""
        return {
            parts.path + (f"?{parts.query}" if parts.query else "")
            for raw in found
            for parts in [urlsplit(urljoin(self.browser.url + address, raw))]
            if f"{parts.scheme}://{parts.netloc}" == self.browser.url and not parts.path.startswith("/static/")
        }
