"""How the engine is doing, for the office."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post

from portal.sdk import Access, PortalError, Refused, Unreachable, _, page, redirect, who
from portal_translation import correcting, engines, health
from portal_translation.engine import SAID, Trouble
from portal_translation.words import REFUSED, name_of

Req = Request[Any, Any, Any]
HERE = "/translation/state"


@get("/translation/state", access=Access.OFFICE)
async def state(request: Req) -> Response[Any]:
    """When it last worked, what went wrong, how many texts wait. No text is shown here."""
    reader, engine = who(request).language, await engines.chosen()
    known = await health.health(engine.name if engine else "none")
    into: dict[str, list[str]] = {}
    for source, target in sorted(known.pairs):
        into.setdefault(name_of(source, reader), []).append(name_of(target, reader))
    return page(
        request,
        "translation/state.html",
        engine=engine,
        health=known,
        problem=SAID.get(known.problem, ""),
        waiting=await health.waiting(),
        into=into,
        refused=[(REFUSED.get(kind, kind), count) for kind, count in await health.refusals()],
        reports=[(name_of(code, reader), n) for code, n in (await correcting.reports_by_language()).items()],
    )


@post("/translation/state/check", access=Access.OFFICE, status_code=303)
async def check(request: Req) -> Response[Any]:
    """Asks the engine what it translates, while the office waits, and has everything tried again that waits."""
    engine = await engines.chosen()
    if engine is None:
        raise Refused(_("No engine is chosen."))
    await health.wake()
    try:
        await health.knows(engine.name, await engine.pairs())
    except (Trouble, Unreachable) as trouble:
        await health.failed(engine.name, trouble.kind, getattr(trouble, "wait_s", 0))
        failure: PortalError = trouble
        return redirect(request, HERE, who(request).language.text(failure.message, **failure.values), "warn")
    await health.go_on()
    return redirect(request, HERE, _("It answers. What waits is translated now."))


ROUTES = [state, check]
