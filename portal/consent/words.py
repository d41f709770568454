"""The words for rungs, purposes and ways in which a decision reached the school. All are msgids."""

from __future__ import annotations

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


def answer(purpose: str, rung: Rung) -> str:
    """What was chosen: a rung's name, or whether an own account is allowed."""
    return ALLOWED[rung >= Rung.FAMILY] if purpose == ACCOUNT else RUNGS[rung]
