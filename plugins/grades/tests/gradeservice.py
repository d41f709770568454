"""A OneRoster gradebook service on this machine: it checks the token, gives pages, and knows what changed since."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.quiet import QuietServer

SCOPE = "https://purl.imsglobal.org/spec/or/v1p2/scope/gradebook.readonly"
NAMES = {"categories", "lineItems", "results", "scoreScales"}


class GradeService(QuietServer):
    """`records` by collection. What a test wants otherwise, it sets."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.records: dict[str, list[dict[str, Any]]] = {name: [] for name in NAMES}
        self.client, self.secret = "portal", "s3cret:/ä"
        self.tokens: set[str] = set()
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.most = 2  # records of a page, whatever was asked for
        self.links = True
        self.totals = True
        self.without: set[str] = set()
        self.basic = True
        self.busy = 0  # how often it asks to be left alone
        self.expire_after = 0  # requests with a token
        self.elsewhere = ""
        self.says = b""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: GradeService

    def log_message(self, *_args: Any) -> None:
        """Nothing."""

    def answer(self, status: int, found: Any, **headers: str) -> None:
        body = self.server.says or json.dumps(found).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode())
        given = (form.get("client_id", [""])[0], form.get("client_secret", [""])[0])
        head = self.headers.get("Authorization", "")
        if self.server.basic and head.startswith("Basic "):
            name, _, word = base64.b64decode(head[6:]).decode().partition(":")
            given = unquote(name), unquote(word)
        right = given == (self.server.client, self.server.secret)
        if (
            self.path != "/token"
            or not right
            or form.get("grant_type") != ["client_credentials"]
            or form.get("scope") != [SCOPE]
        ):
            self.answer(401, {"error": "invalid_client"})
            return
        token = f"token{len(self.server.tokens)}"
        self.server.tokens.add(token)
        self.answer(200, {"access_token": token, "token_type": "Bearer", "expires_in": 3600})

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.server.asked.append((parts.path, asked))
        if self.server.busy:
            self.server.busy -= 1
            self.answer(503, {}, Retry_After="0")
            return
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.server.expire_after and len(self.server.asked) == self.server.expire_after:
            self.server.tokens.clear()
        if token not in self.server.tokens:
            self.answer(401, {"imsx_codeMajor": "failure"})
            return
        name = parts.path.rsplit("/", 1)[1]
        if not parts.path.startswith("/ims/oneroster/gradebook/v1p2/") or name not in NAMES - self.server.without:
            self.answer(404, {"imsx_codeMajor": "failure"})
            return
        records = self.server.records[name]
        if "filter" in asked:
            found = re.fullmatch(r"dateLastModified>'([^']+)'", asked["filter"])
            assert found, asked["filter"]
            records = [each for each in records if each["dateLastModified"] > found[1]]
        at, limit = int(asked.get("offset", 0)), min(int(asked.get("limit", 100)), self.server.most)
        headers = {"X_Total_Count": str(len(records))} if self.server.totals else {}
        if self.server.links and at + limit < len(records):
            query = self.path.partition("?")[2].replace(f"offset={at}", f"offset={at + limit}")
            headers["Link"] = f'<{self.server.elsewhere or self.server.address}{parts.path}?{query}>; rel="next"'
        self.answer(200, {name: records[at : at + limit]}, **headers)


@contextmanager
def serving() -> Iterator[GradeService]:
    """The service while a test runs."""
    service = GradeService()
    thread = threading.Thread(target=service.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.shutdown()
        service.server_close()
        thread.join()


def line_item(sid: str, changed: str = "2026-11-01T10:00:00.000Z", **more: Any) -> dict[str, Any]:
    return {
        "sourcedId": sid, "status": "active", "dateLastModified": changed, "title": f"Work {sid}", "description": "",
        "assignDate": "2026-11-02T00:00:00Z", "dueDate": "2026-11-09T00:00:00Z",
        "class": {"href": "x", "sourcedId": "3a", "type": "class"}, "category": {"sourcedId": "c1", "type": "category"},
        "academicSession": {"sourcedId": "t1"}, "resultValueMin": 0.0, "resultValueMax": 20.0, **more,
    }  # fmt: skip


def a_result(
    sid: str, of: str, student: str, score: float, changed: str = "2026-11-01T10:00:00.000Z", **more: Any
) -> dict[str, Any]:
    return {
        "sourcedId": sid, "status": "active", "dateLastModified": changed, "lineItem": {"sourcedId": of},
        "student": {"sourcedId": student}, "scoreStatus": "fully graded", "score": score, "scoreDate": "2026-11-10",
        "comment": "", "late": True, "missing": "false", **more,
    }  # fmt: skip
