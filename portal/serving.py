"""Runs the application under Granian, in one or more worker processes."""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from litestar.types import ASGIApp

from portal.main import create_app
from portal.settings import Settings, check

_HANDED_OVER = "PORTAL_HANDED_OVER"  # settings for the workers, which are new processes


def run(settings: Settings) -> None:
    """Serves until it is stopped."""
    values = dataclasses.asdict(settings) | {"proxies": sorted(settings.proxies)}
    os.environ[_HANDED_OVER] = json.dumps(values, default=str)
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
    values: dict[str, Any] = json.loads(os.environ[_HANDED_OVER])
    for name in ("data", "secrets", "keys"):
        values[name] = Path(values[name])
    values["proxies"] = frozenset(values["proxies"])
    settings = Settings(**values)
    check(settings)
    return create_app(settings)
