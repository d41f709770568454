"""The yardstick: a bare Litestar application under the same server. It renders the very template that the portal
renders, from the very data, gathered once at start; and it sends the same number of bytes from memory."""

from __future__ import annotations

import os
from typing import Any

import httpx
import jinja2
from litestar import Litestar, Response, get

from portal.main import create_app
from portal.settings import load


async def captured(path: str, cookie: str) -> tuple[jinja2.Template, dict[str, Any]]:
    """The template and the data with which the portal answers one request."""
    seen: list[tuple[jinja2.Template, dict[str, Any]]] = []
    render = jinja2.Template.render

    def recording(self: jinja2.Template, **context: Any) -> str:
        seen.append((self, context))
        return render(self, **context)

    jinja2.Template.render = recording  # type: ignore[method-assign,assignment]
    try:
        settings = load()
        app = create_app(settings, background=False)
        transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url=settings.url, headers={"Cookie": cookie}) as http:
            answer = await http.get(path)
            if answer.status_code != 200:
                raise RuntimeError(f"{path} answered {answer.status_code}")
    finally:
        jinja2.Template.render = render  # type: ignore[method-assign]
    return seen[-1]


def application() -> Litestar:
    """Made in the server's worker; BENCH_PATH and BENCH_COOKIE say which page to render."""
    body = os.urandom(60_000)
    ready: list[tuple[jinja2.Template, dict[str, Any]]] = []

    async def prepare() -> None:
        ready.append(await captured(os.environ["BENCH_PATH"], os.environ["BENCH_COOKIE"]))

    @get("/page")
    async def page() -> Response[str]:
        template, context = ready[0]
        return Response(template.render(**context), media_type="text/html")

    @get("/photo")
    async def photo() -> Response[bytes]:
        return Response(body, media_type="image/webp")

    @get("/health")
    async def health() -> Response[str]:
        return Response("ok", media_type="text/plain")

    return Litestar([page, photo, health], on_startup=[prepare], openapi_config=None, logging_config=None)
