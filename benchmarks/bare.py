"""The yardstick: a bare Litestar application under the same server, which renders the same template from ready data
and sends the same bytes from memory."""

from __future__ import annotations

import os
import pickle
from typing import Any

from jinja2 import Environment
from litestar import Litestar, Response, get

from portal.hooks.host import host
from portal.web import shell, static


def application() -> Litestar:
    """Made in the server's worker. `BENCH_READY` names a pickle with the template's name and its context."""
    host.load_installed()
    static.load({"": static.HERE} | {p.about.name: p.about.folder / "static" for p in host.plugins.values()})
    with open(os.environ["BENCH_READY"], "rb") as file:
        ready: dict[str, Any] = pickle.load(file)
    environment: Environment = shell.environment("en")
    template = environment.get_template(ready["template"]) if ready.get("template") else None
    context = ready.get("context", {})
    body = os.urandom(60_000)

    @get("/page")
    async def page() -> Response[str]:
        assert template is not None
        return Response(template.render(**context), media_type="text/html; charset=utf-8")

    @get("/photo")
    async def photo() -> Response[bytes]:
        return Response(body, media_type="image/webp")

    return Litestar([page, photo], openapi_config=None, logging_config=None)
