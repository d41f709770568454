"""A BigBlueButton for tests: an HTTP server on this machine that checks each checksum and keeps meetings as one does.

Built from its documentation: the checksum is a hash of the call's name, the query as it came without the checksum, and
the shared secret. What may be answered instead (a page, nonsense, nothing) is chosen with `instead`.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, unquote_plus
from xml.sax.saxutils import escape

from tests.quiet import QuietServer

SECRET = "639259d4-9dd8-4b25-bf01-95f9567eaf4b"
HASHES = {40: "sha1", 64: "sha256", 96: "sha384", 128: "sha512"}


@dataclass
class Running:
    """A meeting as the server holds it."""

    given: dict[str, str]
    created: str
    people: list[tuple[str, str]] = field(default_factory=list)  # name, role


@dataclass
class BigBlueButton:
    """What the server knows, and how it answers. `calls` are the names of those with a right checksum."""

    secret: str = SECRET
    supported: tuple[str, ...] = ("sha256",)
    meetings: dict[str, Running] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    instead: Any = None  # a function of the handler that answers in its place
    address: str = ""
    _runs: int = 1_780_000_000_000

    def answer(self, call: str, raw: str) -> tuple[int, str, str]:
        """Status, body, and where it leads."""
        pairs = [part for part in raw.split("&") if not part.startswith("checksum=")]
        sent = next((part[9:] for part in raw.split("&") if part.startswith("checksum=")), "")
        kind = HASHES.get(len(sent), "")
        if kind not in self.supported:
            return self._failed("checksumError", "You did not pass the checksum security check")
        right = hashlib.new(kind, (call + "&".join(pairs) + self.secret).encode()).hexdigest()
        if sent != right:
            return self._failed("checksumError", "You did not pass the checksum security check")
        self.calls.append(call)
        given = {name: values[0] for name, values in parse_qs("&".join(pairs), keep_blank_values=True).items()}
        known = getattr(self, f"_{call}", None)
        return known(given) if known else self._failed("unsupportedRequest", "This request is not supported.")

    def _create(self, given: dict[str, str]) -> tuple[int, str, str]:
        room = given.get("meetingID", "")
        if not room or not 2 <= len(given.get("name", "")) <= 256:
            return self._failed("validationError", "A parameter is missing.")
        found = self.meetings.get(room)
        if found and any(found.given[n] != given[n] for n in ("attendeePW", "moderatorPW")):
            return self._failed("idNotUnique", "A meeting already exists with that meeting ID.")
        if not found:
            self._runs += 1
            found = self.meetings[room] = Running(given, str(self._runs))
        return self._said(f"<meetingID>{escape(room)}</meetingID><createTime>{found.created}</createTime>")

    def _join(self, given: dict[str, str]) -> tuple[int, str, str]:
        found = self.meetings.get(given["meetingID"])
        if found is None:
            return self._failed("notFound", "We could not find a meeting with that meeting ID.")
        if given.get("createTime", found.created) != found.created:
            return self._failed("mismatchCreateTimeParam", "The createTime parameter does not match.")
        by_password = {found.given["moderatorPW"]: "MODERATOR", found.given["attendeePW"]: "VIEWER"}
        role = by_password.get(given.get("password", ""))
        if role is None or given.get("role") != role:
            return self._failed("invalidPassword", "You either did not supply a password or it is not right.")
        found.people.append((given["fullName"], role))
        return 302, "", f"{self.address}/html5client/join?sessionToken={len(found.people)}"

    def _isMeetingRunning(self, given: dict[str, str]) -> tuple[int, str, str]:  # noqa: N802
        found = self.meetings.get(given["meetingID"])
        return self._said(f"<running>{str(bool(found and found.people)).lower()}</running>")

    def _getMeetingInfo(self, given: dict[str, str]) -> tuple[int, str, str]:  # noqa: N802
        found = self.meetings.get(given["meetingID"])
        if found is None:
            return self._failed("notFound", "We could not find a meeting with that meeting ID.")
        return self._said(
            f"<meetingName>{escape(found.given['name'])}</meetingName><createTime>{found.created}</createTime>"
            f"<running>{str(bool(found.people)).lower()}</running><recording>{found.given['record']}</recording>"
            "<hasBeenForciblyEnded>false</hasBeenForciblyEnded>"
        )

    def _end(self, given: dict[str, str]) -> tuple[int, str, str]:
        found = self.meetings.get(given["meetingID"])
        if found is None:
            return self._failed("notFound", "We could not find a meeting with that meeting ID.")
        if given["password"] != found.given["moderatorPW"]:
            return self._failed("invalidPassword", "The moderator password is not right.")
        del self.meetings[given["meetingID"]]
        return self._said("<messageKey>sentEndMeetingRequest</messageKey>")

    def _getMeetings(self, given: dict[str, str]) -> tuple[int, str, str]:  # noqa: N802
        return self._said("<meetings/><messageKey>noMeetings</messageKey>")

    def _said(self, inside: str) -> tuple[int, str, str]:
        return 200, f"<response><returncode>SUCCESS</returncode>{inside}</response>", ""

    def _failed(self, key: str, message: str) -> tuple[int, str, str]:
        return 200, (
            f"<response><returncode>FAILED</returncode><messageKey>{key}</messageKey><message>{message}</message></response>"
        ), ""


@contextmanager
def bigbluebutton(**given: Any) -> Iterator[BigBlueButton]:
    """The server, running."""
    bbb = BigBlueButton(**given)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if bbb.instead is not None:
                bbb.instead(self)
                return
            path, _mark, raw = self.path.partition("?")
            before, _slash, call = path.rpartition("/")
            status, body, location = bbb.answer(call, raw) if before == "/bigbluebutton/api" else (404, "<html>", "")
            send(self, status, body.encode(), location=location)

        def log_message(self, *_args: Any) -> None:
            pass

    server = QuietServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    bbb.address = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield bbb
    finally:
        server.shutdown()
        server.server_close()


def send(handler: BaseHTTPRequestHandler, status: int, body: bytes, kind: str = "text/xml", location: str = "") -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    if location:
        handler.send_header("Location", location)
    handler.end_headers()
    handler.wfile.write(body)


def page(handler: BaseHTTPRequestHandler) -> None:
    send(handler, 200, b"<!doctype html><html><body><p>Sign in &nbsp; <br></body></html>", "text/html")


def broken(handler: BaseHTTPRequestHandler) -> None:
    send(handler, 502, b"<html><h1>502 Bad Gateway</h1></html>", "text/html")


def nothing(handler: BaseHTTPRequestHandler) -> None:
    send(handler, 200, b"")


def nonsense(handler: BaseHTTPRequestHandler) -> None:
    send(handler, 200, bytes(range(256)) * 4)


def other_xml(handler: BaseHTTPRequestHandler) -> None:
    send(handler, 200, b"<feed><returncode>SUCCESS</returncode></feed>")


def half(handler: BaseHTTPRequestHandler) -> None:
    send(handler, 200, b"<response><returncode>SUCCESS</returncode><running>tr")


def bomb(handler: BaseHTTPRequestHandler) -> None:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    inside = "<response><returncode>&l9;</returncode></response>"
    send(handler, 200, f'<!DOCTYPE r [<!ENTITY l0 "ha">{lines}]>{inside}'.encode())


def thief(handler: BaseHTTPRequestHandler) -> None:
    send(handler, 200, b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><response><returncode>SUCCESS</returncode>'
         b"<createTime>&x;</createTime></response>")  # fmt: skip


def huge(handler: BaseHTTPRequestHandler) -> None:
    send(handler, 200, b"<response>" + b"x" * 2_000_000)


def elsewhere(handler: BaseHTTPRequestHandler) -> None:
    send(handler, 302, b"", location="https://evil.example/")


def slow(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(1.5)
    page(handler)


def name_in(url: str) -> str:
    """The name that a join link shows."""
    return unquote_plus(url.partition("fullName=")[2].partition("&")[0])
