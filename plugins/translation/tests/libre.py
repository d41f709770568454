"""A service that speaks as LibreTranslate does, on loopback: well, or in the ways in which services go wrong."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.quiet import QuietServer

CODES = ("en", "de", "es", "ar", "uk")
SPANISH = {"dear": "queridas", "families": "familias", "tomorrow": "mañana", "museum": "museo", "please": "por favor"}
_ARABIC = {chr(ord("a") + n): "ابتثجحخدذرزسشصضطظعغفقكلمنه"[n] for n in range(26)}


def said(text: str, target: str) -> str:
    """What this service makes of a text: word by word, its numbers and brackets as they are."""
    if target == "ar":
        return "".join(_ARABIC.get(sign.lower(), sign) for sign in text)
    return "\n".join(" ".join(_spanish(word) for word in line.split(" ")) for line in text.split("\n"))


def _spanish(word: str) -> str:
    known = SPANISH.get(word.strip(".,").lower(), word)
    return f"{known}o" if known == word and word[-1:].isalpha() else known


class Service:
    """`asked`: what it got. `answer` may say everything differently: it gets texts and target, and returns a status
    and a body (or None, for the usual)."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.answer: Callable[[list[str], str], tuple[int, Any] | None] = lambda _texts, _target: None
        self.languages: tuple[int, Any] = (
            200, [{"code": code, "name": code, "targets": [c for c in CODES if c != code]} for code in CODES]
        )  # fmt: skip
        self.slow_s = 0.0
        self.headers: dict[str, str] = {}

    @property
    def texts(self) -> str:
        return "\n".join(text for body in self.asked for text in body["q"])


@contextmanager
def serving() -> Iterator[tuple[Service, str]]:
    """The service and its address."""
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

        def do_GET(self) -> None:
            self._send(*service.languages)

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            service.asked.append(body)
            service.keys.append(body.get("api_key"))
            texts, target = body["q"], body["target"]
            usual = 200, {"translatedText": [said(text, target) for text in texts]}
            self._send(*(service.answer(texts, target) or usual))

        def _send(self, status: int, body: Any) -> None:
            time.sleep(service.slow_s)
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            try:
                self.send_response(status)
                for name, value in service.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
            except (BrokenPipeError, ConnectionResetError):
                pass

    server = QuietServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service, f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
