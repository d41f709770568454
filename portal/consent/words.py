"""The words for rungs, purposes and ways in which a decision reached the school. All are msgids."""

from __future__ import annotations

from portal.consent import notices, purposes
from portal.i18n import _
from portal.kinds import ACCOUNT, PHOTO, VIDEO, Rung

RUNGS = {
    Rung.NOBODY: _("Nobody"),
    Rung.FAMILY: _("Our family"),
    Rung.CLASS: _("The class"),
    Rung.SCHOOL: _("The whole school"),
    Rung.PUBLIC: _("The public website"),
}
PURPOSES = {PHOTO: _("Photos"), VIDEO: _("Videos"), ACCOUNT: _("Own account")}
ALLOWED = {True: _("Allowed"), False: _("Not allowed")}
WAYS = {"account": _("In the portal"), "paper": _("On paper"), "import": _("Taken over from before")}


GONE = _("A permission that a plugin asked for")  # by a plugin that is not there to name it


def purpose(key: str) -> str:
    """What a line of the ledger is about; a plugin's purpose by its title."""
    asked = purposes.known(key)
    return PURPOSES.get(key) or (asked.title if asked else GONE)


def answer(key: str, rung: Rung) -> str:
    """What was chosen: a rung's name; whether an own account, or what a plugin asked for, is allowed."""
    return RUNGS[rung] if key in (PHOTO, VIDEO) else ALLOWED[rung >= Rung.FAMILY]


def notice(key: str) -> str:
    """The kind of the text under which this is decided, as in `/privacy/KIND/VERSION`."""
    return {PHOTO: notices.PHOTO, VIDEO: notices.PHOTO, ACCOUNT: notices.PRIVACY}.get(key, key)
