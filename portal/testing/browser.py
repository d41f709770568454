"""A browser of one person: real requests to the application in this process, with cookies and CSRF token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import httpx
from litestar.types import ASGIApp

from portal.web.who import csrf_token


class Browser:
    """Asks as one person. Redirects are not followed, so that a test sees them."""

    def __init__(self, app: ASGIApp, url: str, token: str | None = None) -> None:
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app, raise_app_exceptions=True),  # type: ignore[arg-type]
            base_url=url,
        )
        self.url = url
        if token is not None:
            self.http.cookies.set("portal", token)

    @property
    def csrf(self) -> str:
        """The token that the forms of this browser's pages hold."""
        return csrf_token(self.http.cookies.get("portal") or self.http.cookies.get("guest") or "")

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.http.get(path, headers=headers)

    async def post(
        self,
        path: str,
        data: Mapping[str, Any] | Sequence[tuple[str, Any]] = (),
        files: Any = None,
        csrf: str | None = None,
        **headers: str,
    ) -> httpx.Response:
        """Sends a form as the page would. `csrf` replaces the right token; `data` may be pairs to repeat a name."""
        if not (self.http.cookies.get("portal") or self.http.cookies.get("guest")):
            await self.get("/")
        pairs = list(data.items()) if isinstance(data, Mapping) else list(data)
        pairs.append(("csrf_token", self.csrf if csrf is None else csrf))
        headers = {"Origin": self.url, **headers}
        if files is not None:
            fields: dict[str, Any] = {}
            for key, value in pairs:
                fields.setdefault(key, []).append(str(value))
            return await self.http.post(path, data=fields, files=files, headers=headers)
        return await self.http.post(
            path,
            content=urlencode(pairs, doseq=True),
            headers={**headers, "Content-Type": "application/x-www-form-urlencoded"},
        )

    async def close(self) -> None:
        await self.http.aclose()
