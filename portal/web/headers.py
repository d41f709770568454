"""Headers that every response carries, whatever made it, errors included."""

from __future__ import annotations

from litestar.enums import HttpMethod, ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

FIXED = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (
        b"permissions-policy",
        b"camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=(), interest-cohort=()",
    ),
]
TLS_ONLY = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
STRICTEST = b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
PRIVATE = (b"cache-control", b"private, no-store")


def content_policy(nonce: str) -> str:
    """The Content-Security-Policy of a page: scripts by nonce, nothing inline, no other host."""
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'self'; img-src 'self' blob:;"
        " connect-src 'self'; font-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    )


class Headers:
    """Outermost ASGI layer."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self.app = app
        self.fixed = [*FIXED, TLS_ONLY] if secure else FIXED

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return

        only_head = scope["method"] == "HEAD"
        if only_head:  # the same answer as to GET, without its body (RFC 9110, 9.3.2)
            scope = {**scope, "method": HttpMethod.GET}

        async def sending(message: Message) -> None:
            if only_head and message["type"] == "http.response.body":
                if message.get("more_body"):
                    return
                message["body"] = b""
            if message["type"] == "http.response.start":
                headers = list(message["headers"])
                names = {name for name, _ in headers}
                headers += self.fixed
                if b"content-security-policy" not in names:
                    headers.append((b"content-security-policy", STRICTEST))
                if b"cache-control" not in names:
                    headers.append(PRIVATE)
                message["headers"] = headers
            await send(message)

        await self.app(scope, receive, sending)
