"""The core's pages. Each module has its routes in `ROUTES`."""

from __future__ import annotations

from typing import Any

from portal.web.pages import (
    account,
    decide,
    desk,
    groups,
    home,
    invitations,
    notices,
    office,
    paper,
    people,
    photos,
    plugin_data,
    plugins,
    purposes,
    roster,
    signin,
    waiting,
    welcome,
    words,
)
from portal.web.static import static_file

MODULES = (
    *(home, signin, welcome, account, photos, desk, decide, purposes, waiting),
    *(notices, paper, invitations, roster, office, people, groups, plugins),
    *(plugin_data, words),
)
ROUTES: list[Any] = [static_file, *(route for module in MODULES for route in module.ROUTES)]
