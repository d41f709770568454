"""Failures as HTTP, in one place. Denied and absent give the same answer."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import structlog
from litestar import Request, Response
from litestar.exceptions import (
    HTTPException,
    MethodNotAllowedException,
    NotFoundException,
    ValidationException,
)
from litestar.response.redirect import Redirect

from portal import i18n
from portal.errors import BadInput, NotVisible, PortalError, Refused, Resting, SignInNeeded, TooBusy
from portal.hooks.host import host
from portal.i18n import _
from portal.kinds import ANONYMOUS
from portal.visibility.facts import latest
from portal.visibility.rule import NOBODY_KNOWN
from portal.web.shell import page
from portal.web.who import Who

log = structlog.get_logger("portal.web")
Req = Request[Any, Any, Any]
STATUS = {NotVisible: 404, Refused: 403, BadInput: 422, TooBusy: 503, Resting: 503}
TOO_LARGE = _("This is larger than can be taken in. Please choose something smaller.")
UNCLEAR = _("The portal could not make sense of this request. Please go back and try again.")
BROKEN = _("Something went wrong on our side. Nothing was lost; please try again in a moment.")


def portal_error(request: Req, failure: PortalError) -> Response[Any]:
    """Our own failures."""
    if isinstance(failure, SignInNeeded):
        if request.method == "GET" and not _wants_json(request):
            # Not `request.url`: it cannot hold a query that is no UTF-8.
            query = request.scope["query_string"].decode("utf-8", "replace")
            target = request.scope["path"] + (f"?{query}" if query else "")
            return Redirect("/sign-in?next=" + quote(target, safe="/"), status_code=303)
        return _answer(request, 401, failure)
    return _answer(request, next((s for kind, s in STATUS.items() if isinstance(failure, kind)), 400), failure)


def http_error(request: Req, failure: HTTPException) -> Response[Any]:
    """Failures of the framework: no such route, wrong method, unreadable input."""
    if isinstance(failure, NotFoundException | MethodNotAllowedException):
        return _answer(request, 404, NotVisible())
    if failure.status_code == 413:
        return _answer(request, 413, PortalError(TOO_LARGE))
    if isinstance(failure, ValidationException) or failure.status_code < 500:
        return _answer(request, 400, PortalError(UNCLEAR))
    return unexpected(request, failure)


def unexpected(request: Req, failure: Exception) -> Response[Any]:
    """A defect: written to the log with its place but without the person's data."""
    place = request.scope.get("path_template", "")
    handler = request.scope.get("route_handler")
    plugin = handler.opt.get("plugin") if handler is not None else None
    if plugin:
        host.blame(plugin, place, failure)
    else:
        log.error("defect", path=place, exc_info=failure)
    return _answer(request, 500, PortalError(BROKEN))


def _wants_json(request: Req) -> bool:
    return "application/json" in request.headers.get("accept", "")


def _answer(request: Req, status: int, failure: PortalError) -> Response[Any]:
    if "who" not in request.scope["state"]:  # failed before the gate, as for an address that does not exist
        facts = latest()
        language = i18n.preferred(request.headers.get("accept-language", ""), facts.school.languages)
        request.scope["state"]["who"] = Who(ANONYMOUS, NOBODY_KNOWN, facts, i18n.language(language))
    if _wants_json(request):
        language_ = request.scope["state"]["who"].language
        text = language_.text(failure.message, **failure.values)
        return Response({"error": text}, status_code=status, media_type="application/json")
    return page(request, "errors/error.html", status=status, status_code=status, failure=failure)
