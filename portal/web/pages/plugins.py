"""Plugins: what is installed, what each keeps about whom, and which of them the school uses."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal import plugins
from portal.errors import NotVisible
from portal.i18n import _
from portal.kinds import Access
from portal.web.shell import page, redirect
from portal.web.who import who

Req = Request[Any, Any, Any]
HOME = "/office/plugins"
OFF = _("Put this plugin out of use?")
OFF_DETAIL = _(
    "Its pages are gone at once, for everybody. What it stored is kept, and is there again when you use it again."
)


@get(HOME, access=Access.ADMIN)
async def overview(request: Req) -> Response[Any]:
    """Every plugin with its state."""
    return page(request, "office/plugins.html", states=await plugins.states())


@post("/office/plugins/{name:str}", access=Access.ADMIN, status_code=303)
async def change(request: Req, name: FromPath[str]) -> Response[Any]:
    """Takes a plugin into use or out of it; asks first where something would disappear."""
    known = {state.name: state for state in await plugins.states()}
    if name not in known:
        raise NotVisible
    form = await request.form()
    if form.get("act") == "enable":
        await plugins.enable(name)
        return redirect(request, HOME, _("It is in use."))
    if not form.get("confirmed"):
        text = who(request).language.text
        return page(
            request, "confirm.html", question=text(OFF), detail=text(OFF_DETAIL), action=f"{HOME}/{name}",
            yes=text(_("Put out of use")), back=HOME, fields={"act": "disable"},
        )  # fmt: skip
    await plugins.disable(name)
    return redirect(request, HOME, _("It is no longer in use. What it stored is kept."))


ROUTES = [overview, change]
