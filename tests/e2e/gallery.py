"""Serves the gallery of building blocks with the real templates, files and policy, and no database."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from PIL import Image

from portal.web import shell, static
from portal.web.headers import content_policy
from tests.quiet import QuietServer

NONCE = "nonce-of-the-gallery"
PHOTO = "123456789012345"


@dataclass
class Desk:
    """What the page sent, and how the next uploads are to be answered: a status other than 200 is a failing line."""

    address: str = ""
    answers: list[int] = field(default_factory=list)
    uploads: list[tuple[str | None, bytes]] = field(default_factory=list)
    saves: list[dict[str, list[str]]] = field(default_factory=list)


def _photos() -> list[SimpleNamespace]:
    return [
        SimpleNamespace(
            id=str(n),
            src_small=f"/photos/{n}/small",
            src_medium=f"/photos/{n}/medium",
            src_large=f"/photos/{n}/large",
            href=f"/photos/{n}",
            download=f"/photos/{n}/download" if n == 0 else "",
            width=1600,
            height=1200 if n % 3 else 2000,
            alt=f"Drawing number {n}",
        )
        for n in range(8)
    ]


def html(language: str, signed_in: bool) -> str:
    """The gallery page in a language, for a teacher or for a visitor."""
    labels = ("Stories", "Photos", "Desk", "Permissions", "People", "Letters")
    entries = tuple((label, f"/{label}", "page", label == "Stories") for label in labels)
    return (
        shell.environment(language)
        .get_template("gallery.html")
        .render(
            school="Linden School",
            school_languages=("en", "ar"),
            who=SimpleNamespace(name="Anna Keller") if signed_in else None,
            nav=shell.fragment(language, "menu.html", "menu", entries) if signed_in else "",
            home="/",
            path="/",
            csrf="a-token",
            nonce=NONCE,
            flashes=[{"kind": "success", "text": "Saved"}],
            photos=_photos(),
        )
    )


def _jpeg(number: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), (40 * number % 255, 120, 90)).save(out, "JPEG")
    return out.getvalue()


@contextmanager
def gallery() -> Iterator[Desk]:
    """Serves until the block ends, on a free port of this machine."""
    desk = Desk()
    static.load({"": static.HERE})

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

        def answer(self, body: bytes, kind: str, status: int = 200) -> None:
            self.send_response(status)
            for name, value in {
                "Content-Type": kind,
                "Content-Length": str(len(body)),
                "Content-Security-Policy": content_policy(NONCE),
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            query = parse_qs(url.query)
            if url.path.startswith("/static/"):
                found = static._files[url.path.split("/", 3)[3]]
                self.answer(found.body, found.media_type)
            elif url.path.startswith(("/photos/", "/desk/")):
                self.answer(_jpeg(int(url.path.split("/")[2]) % 97), "image/jpeg")
            elif url.path == "/":
                page = html(query.get("lang", ["en"])[0], "out" not in query)
                self.answer(page.encode(), "text/html; charset=utf-8")
            else:
                self.answer(b"", "text/plain", 404)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/upload":
                desk.uploads.append((self.headers["X-CSRF-Token"], body))
                status = desk.answers.pop(0) if desk.answers else 200
                said = (
                    {"error": "This is not a picture."}
                    if b"bad.jpg" in body
                    else {
                        "id": PHOTO,
                        "src": "/photos/5/small",
                        "width": 1600,
                        "height": 1200,
                    }
                )
                self.answer(json.dumps(said).encode() if status == 200 else b"", "application/json", status)
            else:
                desk.saves.append(parse_qs(body.decode(), keep_blank_values=True))
                self.answer(b"{}", "application/json")

    server = QuietServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    desk.address = f"http://127.0.0.1:{server.server_port}/"
    try:
        yield desk
    finally:
        server.shutdown()
        server.server_close()
