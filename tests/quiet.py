"""A server for tests whose callers hang up on it."""

from __future__ import annotations

from http.server import ThreadingHTTPServer
from typing import Any


class QuietServer(ThreadingHTTPServer):
    """Says nothing of a connection that its caller closed. What it would print reads source lines as `ast` does, and in
    Python 3.11 that disturbs whoever does so in another thread (CPython issue 106905)."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass
