"""Runs the application under Granian, in one or more worker processes."""

from __future__ import annotations

import gc
import multiprocessing
import os

from granian import Granian
from granian.constants import Interfaces
from litestar.types import ASGIApp

from portal.main import create_app
from portal.settings import Settings, environment


def run(settings: Settings) -> None:
    """Serves until it is stopped."""
    os.environ.update(environment(settings))  # the workers are new processes and load the settings anew
    # A forked worker would inherit pools whose threads stay behind: what was asked of them would never be answered.
    multiprocessing.set_start_method("spawn", force=True)
    server = Granian(
        "portal.serving:application",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.workers,
        factory=True,
        websockets=False,
        log_access=False,
        respawn_failed_workers=True,
        backlog=1024,
    )
    server.serve()


def application() -> ASGIApp:
    """The application of a worker."""
    os.umask(0o077)
    app = create_app()
    # What was made at start stays for good, so it need not be looked through again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    return app
