"""Jitsi tokens, read by a server's eyes: one room, one person, around the meeting."""

from __future__ import annotations

import json
import threading
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

import jwt
import pytest
from portal_meetings import jitsi

from portal.sdk import PortalError, Unreachable, clock
from tests.quiet import QuietServer

SECRET = "a secret of at least thirty-two letters"
SERVER = jitsi.Server("https://meet.linden.example", "linden", SECRET)
ROOM = "0f3a5c7e9b1d2f4a6c8e0b2d4f6a8c0e"


def token(**other: Any) -> str:
    now = clock.now()
    given: dict[str, Any] = {"host": False, "opens": now - clock.MINUTE, "closes": now + 20 * clock.MINUTE} | other
    return jitsi.token(given.pop("server", SERVER), given.pop("room", ROOM), given.pop("name", "Parent Test"), **given)


def admitted(text: str, room: str = ROOM, secret: str = SECRET) -> dict[str, Any]:
    """What Prosody's token authentication checks: signature, issuer, audience, times, room."""
    found: dict[str, Any] = jwt.decode(
        text, secret, algorithms=["HS256"], issuer="linden", audience="jitsi",
        options={"require": ["exp", "nbf", "iss", "aud", "sub"]},
    )  # fmt: skip
    if found["room"] not in (room, "*"):
        raise jwt.InvalidTokenError("another room")
    return found


def test_it_opens_this_room_for_this_person() -> None:
    found = admitted(token())
    assert found["sub"] == "meet.linden.example"
    assert found["context"]["user"] == {"name": "Parent Test", "moderator": False, "affiliation": "member"}
    assert set(found) == {"aud", "iss", "sub", "room", "iat", "nbf", "exp", "context"}, "nothing else"


def test_a_host_is_the_moderator() -> None:
    assert admitted(token(host=True))["context"]["user"] == {
        "name": "Parent Test", "moderator": True, "affiliation": "owner",
    }  # fmt: skip


def test_no_other_room_no_other_secret_and_no_changed_letter() -> None:
    text = token()
    with pytest.raises(jwt.InvalidTokenError):
        admitted(text, room=ROOM[::-1])
    with pytest.raises(jwt.InvalidSignatureError):
        admitted(text, secret="another secret of thirty-two letters")
    head, body, signature = text.split(".")
    claims = json.loads(urlsafe_b64decode(body + "=="))
    claims["context"]["user"]["moderator"] = True
    forged = jwt.encode(claims, "guess" * 8, algorithm="HS256").split(".")[1]
    for other in (f"{head}.{forged}.{signature}", f"{head}.{body}.", jwt.encode(claims, None, algorithm="none")):
        with pytest.raises(jwt.InvalidTokenError):
            admitted(other)
    assert SECRET not in urlsafe_b64decode(body + "==").decode()


def test_it_holds_around_the_meeting_alone() -> None:
    now = clock.now()
    with pytest.raises(jwt.ImmatureSignatureError):
        admitted(token(opens=now + 5 * clock.MINUTE))
    with pytest.raises(jwt.ExpiredSignatureError):
        admitted(token(opens=now - clock.HOUR, closes=now - clock.MINUTE))
    found = admitted(token(opens=now - clock.MINUTE, closes=now + clock.HOUR))
    assert found["exp"] - found["nbf"] == 61 * 60


@pytest.mark.parametrize(
    ("host", "allowed", "records"),
    [(True, True, True), (True, False, False), (False, True, False), (False, False, False)],
)
def test_only_a_host_records_and_only_with_everybodys_yes(host: bool, allowed: bool, records: bool) -> None:
    features = admitted(token(host=host, recording=allowed))["context"]["features"]
    assert features.pop("recording") is records
    assert not any(features.values())


def test_names_of_all_writings() -> None:
    for name in ("ليلى حسن", 'O\'Neill "<b>" \\', "Олена"):
        assert admitted(token(name=name))["context"]["user"]["name"] == name


def test_the_address_leads_to_the_room() -> None:
    text = token()
    address = f"https://meet.linden.example/{ROOM}?jwt={text}"
    assert jitsi.join_address(SERVER, ROOM, text, recording=True) == address
    assert jitsi.join_address(SERVER, ROOM, text) == f"{address}#config.localRecording.disable=true"


def test_it_is_there_when_all_is_filled_in() -> None:
    full = {"jitsi_address": "https://meet.linden.example", "jitsi_app": "linden", "jitsi_secret": SECRET}
    assert jitsi.server(full) == SERVER
    for name in full:
        assert jitsi.server(full | {name: ""}) is None


# ---- Trying the connection ----


@contextmanager
def answering(status: int, body: bytes) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = status if self.path == "/config.js" else 404
            self.send_response(found)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            pass

    server = QuietServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


async def test_trying_a_server() -> None:
    config = b"var config = {\n    hosts: {\n        domain: 'meet.linden.example',\n    },\n};"
    with answering(200, config) as address:
        assert (await jitsi.works(jitsi.Server(address, "linden", SECRET))).startswith("Jitsi answers.")
        assert "could be guessed" in await jitsi.works(jitsi.Server(address, "linden", "short"))
    for status, body in ((200, b"<html>hello"), (404, config), (500, b"")):
        with answering(status, body) as address, pytest.raises(PortalError, match="not as Jitsi does"):
            await jitsi.works(jitsi.Server(address, "linden", SECRET))
    with pytest.raises(Unreachable):
        await jitsi.works(jitsi.Server("http://127.0.0.1:9", "linden", SECRET))
