"""Meetings on a BigBlueButton server. Each call carries a checksum over its name, its query and the shared secret.

The server gets a name to show, an id that says nothing, and whether somebody is the host. Everybody's link is made for
them at the moment they join, and belongs to the one run of the meeting: it does not open the next.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from portal.sdk import PortalError, _, ask

ALGORITHMS = {"sha256": hashlib.sha256, "sha1": hashlib.sha1}  # the latter for servers before 2.5
TIMEOUT_S = 8.0
MOST = 500_000  # bytes of an answer
LONGEST_NAME = 60


class Failed(PortalError):
    """The server answered, and did not do it. `key` is its own word for why, such as 'checksumError'."""

    def __init__(self, key: str, message: str, **values: object) -> None:
        super().__init__(message, **values)
        self.key = key


@dataclass(frozen=True, slots=True)
class Server:
    """The school's BigBlueButton server, as the administrator entered it."""

    address: str
    secret: str
    algorithm: str = "sha256"

    @property
    def api(self) -> str:
        """Where its calls begin. Administrators paste what `bbb-conf --secret` prints, with or without `api`."""
        base = self.address.rstrip("/").removesuffix("/api")
        return f"{base}/api" if urlsplit(base).path else f"{base}/bigbluebutton/api"


@dataclass(frozen=True, slots=True)
class Info:
    """A meeting as the server knows it."""

    running: bool
    recorded: bool  # whether it can be recorded, which it was opened with
    created: str  # its own time, which says which run it is


def server(chosen: Mapping[str, Any]) -> Server | None:
    """The server of the settings; None while something is missing."""
    found = Server(chosen["bbb_address"], chosen["bbb_secret"], chosen["bbb_checksum"])
    return found if found.address and found.secret else None


# ---- Calls ----


def signed(server: Server, call: str, **parameters: str) -> str:
    """The address of a call with its checksum. Everything but letters, digits and `-_.~` is escaped, so that nobody on
    the way writes the query differently: the checksum is of its very letters."""
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in parameters.items())
    told = ALGORITHMS[server.algorithm](f"{call}{query}{server.secret}".encode()).hexdigest()
    return f"{server.api}/{call}?{query}{'&' if query else ''}checksum={told}"


def passwords(server: Server, room: str) -> tuple[str, str]:
    """Those of the host and of the others: made from the room, so that they are the same each time and kept nowhere."""
    return _made(server, "host", room), _made(server, "guest", room)


def _made(server: Server, *of: str) -> str:
    """Letters that nobody guesses who does not know the secret; the same each time."""
    return hmac.new(server.secret.encode(), " ".join(of).encode(), hashlib.sha256).hexdigest()[:24]


async def create(server: Server, room: str, name: str, *, minutes: int, recorded: bool, back: str = "") -> str:
    """Opens the meeting unless it is open; returns which run of it that is."""
    host, guest = passwords(server, room)
    given = {
        "name": _short(name).ljust(2, "–"),  # servers take none that is shorter
        "meetingID": room,
        "moderatorPW": host,
        "attendeePW": guest,
        "record": _said(recorded),
        "autoStartRecording": "false",
        "allowStartStopRecording": _said(recorded),
        "duration": str(max(1, minutes)),
        "muteOnStart": "true",
    }
    if back:
        given["logoutURL"] = back
    return _text(await _call(server, "create", **given), "createTime")


def join_address(server: Server, room: str, name: str, run: str, *, host: bool, person: int = 0) -> str:
    """The link of one person into one run of a meeting. For the server a person is another one in each room."""
    given = {
        "fullName": _short(name) or "–",
        "meetingID": room,
        "role": "MODERATOR" if host else "VIEWER",
        "password": passwords(server, room)[0 if host else 1],  # what servers before 2.4 go by
        "redirect": "true",
    }
    if run:
        given["createTime"] = run
    if person:
        given["userID"] = _made(server, "person", room, str(person))
    return signed(server, "join", **given)


async def is_running(server: Server, room: str) -> bool:
    """Whether somebody is in the meeting now."""
    return _text(await _call(server, "isMeetingRunning", meetingID=room), "running") == "true"


async def info(server: Server, room: str) -> Info | None:
    """What the server knows of the meeting; None if it is not there."""
    try:
        answer = await _call(server, "getMeetingInfo", meetingID=room, password=passwords(server, room)[0])
    except Failed as failure:
        if failure.key == "notFound":
            return None
        raise
    running = _text(answer, "running") == "true" and _text(answer, "hasBeenForciblyEnded") != "true"
    return Info(running, _text(answer, "recording") == "true", _text(answer, "createTime"))


async def end(server: Server, room: str) -> None:
    """Ends the meeting for everybody. One that is not there is ended already."""
    try:
        await _call(server, "end", meetingID=room, password=passwords(server, room)[0])
    except Failed as failure:
        if failure.key != "notFound":
            raise


async def works(server: Server) -> str:
    """A msgid that says what a try found: the server is there, and the secret is right. Raises PortalError if not."""
    await _call(server, "getMeetings")
    return _("BigBlueButton answers, and the secret is right.")


# ---- Answers ----

NOT_AS_BBB = _(
    "The server answers, but not as BigBlueButton does. Please check its address in the settings of the plugin."
)
REASONS = {
    "checksumError": _(
        "BigBlueButton does not accept the portal's signature. Please check the shared secret and the kind of checksum"
        " in the settings of the plugin."
    ),
    "idNotUnique": _("BigBlueButton has another meeting under this number. Please wait until it has ended."),
    "notFound": _("BigBlueButton does not know this meeting. Please open it once more."),
    "maxConcurrent": _("BigBlueButton has too many meetings at the moment. Please try again in a few minutes."),
}


async def _call(server: Server, call: str, **parameters: str) -> Element:
    """The answer to a call. Raises Unreachable, Failed."""
    reply = await ask("GET", signed(server, call, **parameters), timeout_s=TIMEOUT_S, most=MOST)
    try:
        answer: Element = fromstring(reply.body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise Failed("answer", NOT_AS_BBB) from None
    code = _text(answer, "returncode")
    if answer.tag != "response" or code not in ("SUCCESS", "FAILED"):
        raise Failed("answer", NOT_AS_BBB)
    if code == "FAILED":
        key = "".join(re.findall(r"[A-Za-z0-9]", _text(answer, "messageKey")))[:40]
        said = REASONS.get(key, _("BigBlueButton refused: %(reason)s. Please try again, or tell the office."))
        raise Failed(key, said, reason=key or "–")
    return answer


def _text(answer: Element, name: str) -> str:
    return (answer.findtext(name) or "").strip()


def _said(value: bool) -> str:
    return "true" if value else "false"


def _short(name: str) -> str:
    """A name without what would break a line or a page."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())[:LONGEST_NAME]
