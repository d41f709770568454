"""`create_app`: the one place that wires everything."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from typing import Any

import structlog
from litestar import Litestar, Router
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.middleware import DefineMiddleware
from litestar.types import ASGIApp

from portal import clock, logs, outside, plugins
from portal.db import db
from portal.db.migrate import CORE, App, pending
from portal.delivery import outbox
from portal.errors import PortalError, UnsafeToStart
from portal.hooks.host import host
from portal.hooks.specs import Job
from portal.hooks.watch import Watch
from portal.kinds import Access
from portal.people import school as schools
from portal.people.roster import uploads
from portal.photos import actions as photos
from portal.photos import connected, documents
from portal.plugins import jobs, keeping, orphans
from portal.settings import Settings, load
from portal.visibility import facts
from portal.web import failures, shell, static
from portal.web.gate import Gate
from portal.web.headers import Headers
from portal.web.pages import ROUTES
from portal.web.requests import FORM_LIMIT, Request

log = structlog.get_logger("portal")
TICK_S = 30


def apps() -> list[App]:
    """Whose migrations run: the core's, then each loaded plugin's."""
    return [CORE, *host.apps()]


async def behind() -> bool:
    """Whether a migration of the core, or of a plugin in use, has not run."""
    return bool(await pending([CORE]) or await pending(host.apps((await schools.load()).plugins)))


def connect(settings: Settings, *, durable: bool = True) -> None:
    """Connects the database and the photo vault of these settings, and loads the installed plugins once."""
    logs.configure()  # before anything of a person could reach a log
    db.connect(settings.database, durable=durable)
    facts.forget()
    outside.settle(settings.url)
    connected.connect(settings.photos, settings.keys, settings.master_key)
    if not host.plugins:
        host.load_installed()
    shell.forget()
    static.load({"": static.HERE} | {p.about.name: p.about.folder / "static" for p in host.plugins.values()})


def create_app(settings: Settings | None = None, *, background: bool = True, durable: bool = True) -> ASGIApp:
    """The application. Raises UnsafeToStart if a route declares no access or a migration has not run.

    `background=False` leaves out what runs beside requests, `durable=False` does not wait for the disk: for tests and
    replays.
    """
    settings = settings or load()
    connect(settings, durable=durable)
    theirs = [
        Router("/", route_handlers=list(plugin.answers.routes), opt={"plugin": name})
        for name, plugin in host.plugins.items()
    ]

    @contextlib.asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        if await behind():
            raise UnsafeToStart("The database is older than this portal: run `portal migrate` first.")
        await plugins.settle()
        beside = asyncio.create_task(_ticking(settings)) if background else None
        watch = Watch(host)
        watch.start()
        try:
            yield
        finally:
            watch.stop()
            if beside is not None:
                beside.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await beside
            await db.close()

    app = Litestar(
        route_handlers=[*ROUTES, *theirs],
        middleware=[DefineMiddleware(Gate, settings=settings)],
        exception_handlers={
            PortalError: failures.portal_error,
            HTTPException: failures.http_error,
            Exception: failures.unexpected,
        },
        lifespan=[lifespan],
        openapi_config=None,
        request_class=Request,
        request_max_body_size=FORM_LIMIT,
        signature_namespace={},
        logging_config=None,
        debug=False,
    )
    app.state.settings = settings
    check_access(app)
    return Headers(app, secure=settings.secure)


def check_access(app: Litestar) -> None:
    """Raises UnsafeToStart if any route does not say who may use it."""
    for route in app.routes:
        for handler in _handlers(route):
            if not isinstance(handler.opt.get("access"), Access):
                raise UnsafeToStart(f"The route {route.path} declares no access.")


def _handlers(route: Any) -> list[HTTPRouteHandler]:
    """The handlers of a route, without the one for OPTIONS that the framework adds; the gate lets nobody reach it."""
    handlers = list(route.route_handlers) if hasattr(route, "route_handlers") else [route.route_handler]
    return [handler for handler in handlers if getattr(handler, "http_methods", None) != {"OPTIONS"}]


# The core's own jobs.
JOBS = {keeping.DESTROY: Job(keeping.DESTROY, documents.destroy)}


async def _ticking(settings: Settings) -> None:
    """What falls due by time: jobs of plugins, waiting mail; and once a day what an interruption left undone."""
    swept = 0
    while True:
        now = clock.now()
        rounds: list[Coroutine[Any, Any, Any]] = [
            jobs.run_due(now, JOBS), outbox.send_due(settings, now), uploads.sweep(),
        ]  # fmt: skip
        daily = now - swept > clock.DAY
        if daily:
            rounds += [photos.finish_erasing(), keeping.expire(now), orphans.sweep(now)]
        ended = await asyncio.gather(*rounds, return_exceptions=True)
        failures = [failure for failure in ended if isinstance(failure, Exception)]
        for failure in failures:
            log.error("a round of due work failed", exc_info=failure)
        if daily and not failures:  # else once more with the next round
            swept = now
        await asyncio.sleep(TICK_S)
