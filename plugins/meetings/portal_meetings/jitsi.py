"""Rooms on a Jitsi server of the school's own, which lets in whoever shows a token that the portal signed.

The server knows one secret (its app id and app secret, as Prosody's token authentication has them). A token names one
room, holds around the time of the meeting, and shows the name under which the others know the person, nothing else.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import jwt

from portal.sdk import PortalError, _, ask, clock

AUDIENCE = "jitsi"  # what Jitsi's own server takes unless it is told otherwise
SHORTEST = 32  # bytes of a secret for HMAC with SHA-256 (RFC 7518, 3.2)


@dataclass(frozen=True, slots=True)
class Server:
    """The school's Jitsi server, as the administrator entered it."""

    address: str  # without a slash at the end
    app: str
    secret: str


def server(chosen: Mapping[str, Any]) -> Server | None:
    """The server of the settings; None while something is missing."""
    found = Server(chosen["jitsi_address"], chosen["jitsi_app"], chosen["jitsi_secret"])
    return found if found.address and found.app and found.secret else None


def token(
    server: Server, room: str, name: str, *, host: bool, opens: int, closes: int, recording: bool = False
) -> str:
    """Lets one person into one room from `opens` to `closes` (microseconds UTC). Only a host ever gets to record."""
    record = recording and host
    claims = {
        "aud": AUDIENCE,
        "iss": server.app,
        "sub": urlsplit(server.address).hostname or "*",
        "room": room,
        "iat": opens // clock.SECOND,
        "nbf": opens // clock.SECOND,
        "exp": closes // clock.SECOND,
        "context": {
            "user": {"name": name, "moderator": host, "affiliation": "owner" if host else "member"},
            "features": {
                "recording": record, "livestreaming": False, "transcription": False, "outbound-call": False,
                "sip-outbound-call": False, "inbound-call": False, "file-upload": False,
            },
        },
    }  # fmt: skip
    with warnings.catch_warnings():  # about a short secret, which `works` tells the administrator
        warnings.simplefilter("ignore")
        return jwt.encode(claims, server.secret, algorithm="HS256")


def join_address(server: Server, room: str, token: str, recording: bool = False) -> str:
    """Where a person goes. The token stands in the address because Jitsi looks for it there; behind the # stands what
    the page in the browser is told: not to offer a recording on the own device."""
    told = "" if recording else "#config.localRecording.disable=true"
    return f"{server.address}/{room}?jwt={token}{told}"


async def works(server: Server) -> str:
    """A msgid that says what a try found. Raises PortalError if there is no Jitsi. Whether app id and secret are right
    shows only when somebody joins."""
    reply = await ask("GET", f"{server.address}/config.js", timeout_s=8, most=500_000)
    if reply.status != 200 or b"hosts" not in reply.body or b"config" not in reply.body:
        raise PortalError(_("The server answers, but not as Jitsi does. Please check the address."))
    if len(server.secret.encode()) < SHORTEST:
        return _("Jitsi answers. Its secret is short and could be guessed: please choose one of 32 characters.")
    return _("Jitsi answers. Whether the app id and the secret are right shows when somebody joins.")
