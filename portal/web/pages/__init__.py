"""The core's pages. Each module has its routes in `ROUTES`."""

from __future__ import annotations

from typing import Any

from portal.web.pages import desk, home, photos
from portal.web.static import static_file

ROUTES: list[Any] = [static_file, *home.ROUTES, *photos.ROUTES, *desk.ROUTES]
