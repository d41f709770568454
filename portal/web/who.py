"""Who makes this request, worked out once by the gate."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from litestar import Request
from litestar.types import Scope

from portal.hooks.specs import Card
from portal.i18n import Language
from portal.identity.sessions import Session
from portal.kinds import Access, Viewer
from portal.people.school import School
from portal.visibility.facts import Snapshot
from portal.visibility.rule import Standing


@dataclass(slots=True)
class Who:
    """The person behind a request, or the anonymous visitor (`session` is None)."""

    viewer: Viewer
    standing: Standing
    facts: Snapshot
    language: Language
    cookie: str = ""  # what the CSRF token belongs to: the session's cookie, or that of a guest
    session: Session | None = None
    cards: Sequence[Card] = ()  # on the home page: what waits for this person

    @property
    def csrf(self) -> str:
        """The token that this person's forms must hold."""
        return csrf_token(self.cookie)

    @property
    def school(self) -> School:
        return self.facts.school

    @property
    def name(self) -> str:
        return f"{self.session.given_name} {self.session.family_name}".strip() if self.session else ""

    @property
    def person(self) -> int | None:
        return self.viewer.person

    @property
    def roles(self) -> frozenset[str]:
        return self.standing.roles

    @property
    def is_child(self) -> bool:
        return self.standing.is_child

    @property
    def is_staff(self) -> bool:
        return self.standing.is_staff

    @property
    def is_guardian(self) -> bool:
        return not self.is_child and bool(self.standing.family_of or self.standing.decides_for)


def csrf_token(cookie: str) -> str:
    """The token that belongs to a session's or guest's cookie. Another site can neither read nor make it."""
    mac = hmac.digest(cookie.encode(), b"portal csrf", hashlib.sha256)
    return base64.urlsafe_b64encode(mac[:18]).decode()


def who(request: Request[Any, Any, Any]) -> Who:
    """The person behind this request. Every request has passed the gate, so there always is one."""
    return of_scope(request.scope)


def of_scope(scope: Scope) -> Who:
    return cast(Who, scope["state"]["who"])


def admits(access: Access, person: Who) -> bool:
    """Whether a route that asks for `access` is open to this person."""
    if access is Access.PUBLIC:
        return True
    if person.session is None:
        return False
    standing = person.standing
    match access:
        case Access.SIGNED_IN:
            return True
        case Access.FAMILY:
            return standing.is_child or bool(standing.family_of or standing.decides_for)
        case Access.STAFF:
            return standing.is_staff
        case Access.RECORDS:
            return bool(standing.roles)
        case Access.OFFICE:
            return bool(standing.roles & {"office", "admin"})
        case Access.ADMIN:
            return "admin" in standing.roles
        case Access.SAFEGUARDING:
            return "safeguarding" in standing.roles
    return False
