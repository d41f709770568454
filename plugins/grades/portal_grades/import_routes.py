"""HTTP of what comes in and goes out, with its jobs and its choices of the school's."""

from __future__ import annotations

from typing import Any

from portal.sdk import Job, Setting

ROUTES: list[Any] = []
JOBS: list[Job] = []
SETTINGS: list[Setting] = []
