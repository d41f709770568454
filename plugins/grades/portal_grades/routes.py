"""HTTP. Each route says who may use it; the portal lets nobody else through."""

from __future__ import annotations

from typing import Any

from portal_grades import import_routes

ROUTES: list[Any] = [*import_routes.ROUTES]
