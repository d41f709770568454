"""What the school chooses about where meetings are held, and what families are asked about recording."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from portal.sdk import PortalError, Purpose, Setting, _, settings
from portal_meetings import bbb, jitsi

RECORDING = "meetings.recording"
KINDS = ("jitsi", "bbb")
NAMES = {"jitsi": "Jitsi", "bbb": "BigBlueButton"}

SETTINGS = [
    Setting(
        "early", _("Minutes before an online meeting from which families can come in"), "number", 15, least=0, most=60,
        hint=_("Hosts can come in half an hour before, or earlier if families can."),
    ),
    Setting(
        "jitsi_address", _("Jitsi: address of your server"), "address", "",
        hint=_("Such as https://meet.our-school.org. It has to ask for tokens, or anybody could come in."), most=200,
    ),
    Setting(
        "jitsi_app", _("Jitsi: app id"), "text", "", hint=_("As in the settings of the server (JWT_APP_ID)."), most=100,
    ),
    Setting(
        "jitsi_secret", _("Jitsi: app secret"), "secret", "",
        hint=_("As in the settings of the server (JWT_APP_SECRET); at least 32 characters."), most=300,
    ),
    Setting(
        "bbb_address", _("BigBlueButton: address of your server"), "address", "",
        hint=_("The URL that bbb-conf --secret prints."), most=200,
    ),
    Setting(
        "bbb_secret", _("BigBlueButton: shared secret"), "secret", "",
        hint=_("The secret that bbb-conf --secret prints."), most=300,
    ),
    Setting(
        "bbb_checksum", _("BigBlueButton: kind of checksum"), "choice", "sha256",
        hint=_("Servers before version 2.5 know SHA-1 alone."), options=(("sha256", "SHA-256"), ("sha1", "SHA-1")),
    ),
]  # fmt: skip

PURPOSES = [
    Purpose(
        "recording",
        _("Recording of online meetings"),
        _(
            "An online meeting at which this child is expected may be recorded, if every adult who is expected agrees"
            " to it as well. If you say no, or do not answer, it is not recorded."
        ),
    )
]


async def chosen() -> Mapping[str, Any]:
    """What the school chose."""
    return await settings("meetings")


async def kinds() -> list[str]:
    """The school's own servers that are set up: 'jitsi', 'bbb', or none."""
    found = await chosen()
    there = {"jitsi": jitsi.server(found), "bbb": bbb.server(found)}
    return [kind for kind in KINDS if there[kind] is not None]


async def own_hosts() -> set[str]:
    """The hosts of the school's own servers: pasted addresses of theirs need no confirming."""
    found = await chosen()
    return {urlsplit(found[name]).hostname or "" for name in ("jitsi_address", "bbb_address")} - {""}


async def available() -> tuple[str, ...]:
    """How an appointment can be held: '' at school, 'link' with a pasted address, or on a server that is set up."""
    return ("", "link", *await kinds())


async def try_out(kind: str) -> str:
    """Tries the connection; a msgid that says what was found. Raises PortalError, whose message says what to do."""
    found = await chosen()
    there: jitsi.Server | bbb.Server | None = jitsi.server(found) if kind == "jitsi" else bbb.server(found)
    if there is None:
        raise PortalError(_("Please fill in the address and the secret first, in Office → Plugins."))
    return await (jitsi.works(there) if isinstance(there, jitsi.Server) else bbb.works(there))
