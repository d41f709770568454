"""Requests that no proper browser would send: bytes straight into the application, as a server hands them on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from litestar import Litestar

from portal.testing import Browser, TestSchool
from portal.web.who import csrf_token

Headers = list[tuple[bytes, bytes]]


@dataclass
class Answer:
    status: int = 0
    headers: Headers = field(default_factory=list)
    body: bytes = b""
    read: bool = False  # whether the body of the request was asked for

    def header(self, name: str) -> str:
        return next((value.decode("latin-1") for key, value in self.headers if key.lower() == name.encode()), "")

    def all(self, name: str) -> list[str]:
        return [value.decode("latin-1") for key, value in self.headers if key.lower() == name.encode()]

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


class Raw:
    """Asks as one person, or as a visitor with a guest's cookie."""

    def __init__(self, school: TestSchool, browser: Browser | None = None) -> None:
        self.school = school
        cookies = browser.http.cookies if browser else {}
        self.session = cookies.get("portal", "") if browser else ""
        self.guest = "g" * 24
        self.csrf = csrf_token(self.session or self.guest)

    @property
    def cookie(self) -> bytes:
        return (f"portal={self.session}" if self.session else f"guest={self.guest}").encode()

    async def ask(
        self, method: str, path: str, *, query: bytes = b"", headers: Headers | None = None, body: bytes = b"",
        kind: str = "", csrf: bool = True, raw_path: bytes | None = None, cookie: bytes | None = None,
    ) -> Answer:
        """`csrf` sends the right token in a header; `cookie` replaces the right one."""
        sent: Headers = [(b"host", b"127.0.0.1:8000"), (b"cookie", self.cookie if cookie is None else cookie)]
        if csrf:
            sent.append((b"x-csrf-token", self.csrf.encode()))
        if kind:
            sent += [(b"content-type", kind.encode("latin-1")), (b"content-length", str(len(body)).encode())]
        scope: dict[str, Any] = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": method,
            "scheme": "http", "path": path, "raw_path": path.encode("utf-8", "surrogatepass") if raw_path is None else
            raw_path, "query_string": query, "root_path": "", "headers": [*sent, *(headers or [])],
            "client": ("127.0.0.1", 50_000), "server": ("127.0.0.1", 8000), "extensions": {},
        }  # fmt: skip
        answer, waiting = Answer(), [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> Any:
            answer.read = True
            return waiting.pop() if waiting else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                answer.status, answer.headers = message["status"], list(message["headers"])
            elif message["type"] == "http.response.body":
                answer.body += message.get("body", b"")

        await self.school.app(scope, receive, send)  # type: ignore[arg-type]
        return answer


def litestar(school: TestSchool) -> Litestar:
    """The application behind its outer layers."""
    app: Any = school.app
    while not isinstance(app, Litestar):
        app = app.app
    return app


def declared(school: TestSchool) -> list[tuple[str, str]]:
    """Method and path of every route, plugins included."""
    return sorted(
        (method, route.path)
        for route in litestar(school).routes
        for handler in route.route_handlers
        for method in handler.http_methods - {"OPTIONS", "HEAD"}
    )
