"""The gate: every request passes here after routing. What is not declared open is closed.

It finds the session, works out who is asking, checks the route's declared access, and for requests that change
something the Origin and the CSRF token.
"""

from __future__ import annotations

import hmac
import secrets

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from portal import clock, i18n
from portal.acting import acting
from portal.errors import NotVisible, Refused, Resting, SignInNeeded
from portal.hooks.host import host
from portal.i18n import _
from portal.identity import sessions
from portal.kinds import ANONYMOUS, Access, Viewer
from portal.settings import Settings
from portal.visibility.facts import Snapshot, snapshot
from portal.visibility.rule import NOBODY_KNOWN
from portal.web.requests import Request
from portal.web.shell import home
from portal.web.who import Who, admits

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LARGEST = 2**63 - 1  # of ids
LANGUAGE_COOKIE = "portal-language"


class Gate:
    """ASGI middleware around every route."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self.cookies = CookieNames(settings.secure)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        access: Access | None = scope["route_handler"].opt.get("access")
        if scope["type"] != ScopeType.HTTP or access is None:
            raise NotVisible
        cookies = read_cookies(scope)
        person = await self._who(scope, cookies)
        guest = cookies.get(self.cookies.guest, "") if person.session is None else ""
        if person.session is None and len(guest) < 20:
            guest = secrets.token_urlsafe(18)
            send = self._giving_guest(send, guest)
        person.cookie = cookies[self.cookies.session] if person.session else guest
        scope["state"]["who"] = person
        plugin = scope["route_handler"].opt.get("plugin")
        if plugin is not None and plugin not in person.school.plugins:
            raise NotVisible
        if not admits(access, person):  # before anything of the body is read
            raise SignInNeeded if person.session is None else NotVisible
        for value in scope["path_params"].values():
            if isinstance(value, int) and not 0 <= value <= LARGEST:  # no column of a database holds it
                raise NotVisible
        if scope["method"] not in SAFE:
            await self._check_origin(scope, receive, person)
        # Home is a plugin's page, or else the album: nobody else need ask.
        may_be_home = plugin is not None or scope["path"] == "/photos"
        if may_be_home and person.session is not None and scope["path"] == home():
            person.cards = await host.cards(person, person.school.plugins)
        if plugin is None:
            await self.app(scope, receive, send)
            return
        if host.rests(plugin):
            raise Resting
        with acting(plugin):
            await self.app(scope, receive, send)

    async def _who(self, scope: Scope, cookies: dict[str, str]) -> Who:
        token = cookies.get(self.cookies.session)
        session = await sessions.find(token) if token else None
        facts = await snapshot(session.facts if session else None)
        if session is not None and session.kind == "child" and not await facts.account_allowed(session.person):
            await sessions.close_all(session.person)
            session = None
        if session is None:
            language = i18n.language(self._guest_language(scope, cookies, facts))
            return Who(ANONYMOUS, NOBODY_KNOWN, facts, language)
        if clock.now() - session.seen_at > sessions.TOUCH:
            await sessions.touch(session)
        standing = await facts.viewer(session.person)
        return Who(Viewer(session.person), standing, facts, i18n.language(session.language), session=session)

    def _guest_language(self, scope: Scope, cookies: dict[str, str], facts: Snapshot) -> str:
        chosen = cookies.get(LANGUAGE_COOKIE, "")
        if chosen in facts.school.languages:
            return chosen
        header = next((value for name, value in scope["headers"] if name == b"accept-language"), b"")
        return i18n.preferred(header.decode("latin-1"), facts.school.languages)

    def _giving_guest(self, send: Send, guest: str) -> Send:
        async def giving(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableScopeHeaders.from_message(message)
                if headers.get("content-type", "").startswith("text/html"):  # only a page has forms
                    headers.add("Set-Cookie", self.cookies.header(self.cookies.guest, guest, None))
            await send(message)

        return giving

    async def _check_origin(self, scope: Scope, receive: Receive, person: Who) -> None:
        headers = dict(scope["headers"])
        origin = headers.get(b"origin", b"").decode("latin-1")
        site = headers.get(b"sec-fetch-site", b"").decode("latin-1")
        foreign = (origin and origin != self.settings.origin) or site not in ("", "same-origin", "none")
        token = headers.get(b"x-csrf-token", b"").decode("latin-1")
        if not token and not foreign:
            form = await Request(scope, receive).form()
            token = str(form.get("csrf_token", ""))
        if foreign or not hmac.compare_digest(token.encode(), person.csrf.encode()):
            raise Refused(_("This form is no longer valid. Please go back, reload the page and send it again."))


class CookieNames:
    """Names and attributes of cookies. On plain http, which only this machine itself may use, browsers would drop
    `__Host-` cookies, so there the prefix is left out."""

    def __init__(self, secure: bool) -> None:
        self.secure = secure
        self.session = "__Host-portal" if secure else "portal"
        self.guest = "__Host-guest" if secure else "guest"

    def header(self, name: str, value: str, max_age: int | None) -> str:
        """A Set-Cookie header; `max_age` in seconds, None for the browser's session, 0 to remove it."""
        age = "" if max_age is None else f"; Max-Age={max_age}"
        return f"{name}={value}; Path=/; HttpOnly; SameSite=Lax{'; Secure' if self.secure else ''}{age}"


def read_cookies(scope: Scope) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        if name == b"cookie":
            for part in value.decode("latin-1").split(";"):
                key, _sep, text = part.strip().partition("=")
                found.setdefault(key, text)
    return found
