"""Which engine the school chose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.sdk import School, settings
from portal_translation.apertium import Apertium
from portal_translation.argos import Argos
from portal_translation.engine import Engine
from portal_translation.libretranslate import LibreTranslate

NAMES, USUAL = ("apertium", "libretranslate", "argos", "none"), "apertium"


def name_in(school: School) -> str:
    """The name of the school's engine, for pages: `settings` would ask the database whether anything has changed."""
    found = school.choices.get("translation", {}).get("engine", USUAL)
    return found if found in NAMES else USUAL


async def chosen() -> Engine | None:
    """The engine that the school chose, None where it wants none."""
    return of(await settings("translation"))


def of(choices: Mapping[str, Any]) -> Engine | None:
    """The engine of these settings."""
    match choices["engine"]:
        case "apertium":
            return Apertium()
        case "libretranslate":
            return LibreTranslate(choices["address"], choices["api_key"], own=choices["own"])
        case "argos":
            return Argos()
    return None
