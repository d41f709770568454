"""The school's own settings, kept in the database as one JSON value for each key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import msgspec

from portal.db import atomic, db


@dataclass(frozen=True, slots=True)
class School:
    """What a school chooses for itself. Ages in years; `languages` in the order in which they are offered."""

    name: str = ""
    timezone: str = "UTC"
    languages: tuple[str, ...] = ("en", "de", "es", "ar", "uk")
    quorum: str = "answered"
    grace_days: int = 60
    voice_mode: str = "both"
    voice_from_age: int = 14
    account_from_age: int = 16
    address: str = ""  # printed on letters
    contact: str = ""  # whom families ask: an e-mail address or telephone number
    plugins: tuple[str, ...] = ("stories",)  # those in use, by name
    choices: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # about plugins: by plugin, by setting

    @property
    def language(self) -> str:
        """The language used where nothing is known about the reader."""
        return self.languages[0]


async def load() -> School:
    """The settings as stored; defaults where a key is missing."""
    stored = {key: msgspec.json.decode(value) for key, value in await db.rows("SELECT key, value FROM school")}
    known = {key: value for key, value in stored.items() if key in School.__dataclass_fields__}
    for key in ("languages", "plugins"):
        if key in known:
            known[key] = tuple(known[key])
    return School(**known)


@atomic
async def save(school: School) -> None:
    """Stores all settings."""
    for key, value in asdict(school).items():
        await db.run(
            "INSERT INTO school (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            key,
            msgspec.json.encode(value).decode(),
        )
