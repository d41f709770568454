"""Permissions that plugins ask for: a yes or no about a child, in the same ledger and by the same rule as photos.

A yes is the rung `family`, a no is `nobody`; what holds among several guardians and the child's own word is worked out
as for photos, so one "no" wins. The text that was agreed to is kept in versions, like a notice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from portal.consent import notices
from portal.consent.notices import Notice
from portal.db import atomic, db
from portal.hooks.host import host
from portal.hooks.specs import Purpose
from portal.i18n import LANGUAGES, language
from portal.people.school import School

KEY = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Asked:
    """A purpose of a plugin in use, with the text as it is asked in one language."""

    key: str  # PLUGIN.NAME, as it stands in the ledger
    title: str  # msgid
    notice: Notice


def known(key: str) -> Purpose | None:
    """The purpose with this key, if a plugin that is loaded declares it."""
    plugin, _dot, name = key.partition(".")
    return host.plugins[plugin].answers.purposes.get(name) if plugin in host.plugins else None


def in_use(key: str, school: School) -> bool:
    """Whether a plugin that the school uses asks for this."""
    return key in host.purposes(school.plugins)


async def asked(school: School, code: str) -> list[Asked]:
    """The purposes of the plugins in use, in this language. Their texts are stored when they are first asked for."""
    found = []
    for key in host.purposes(school.plugins):
        purpose = known(key)
        if purpose is not None:
            await _keep(key, purpose)
            notice = await notices.current(key, code, school.language)
            if notice is not None:
                found.append(Asked(key, purpose.title, notice))
    return found


async def _keep(key: str, purpose: Purpose) -> None:
    newest = await notices.current(key, "en")
    if newest is None or newest.body != notices.tidy(_text(purpose, "en")):
        await _publish(key, purpose)


@atomic
async def _publish(key: str, purpose: Purpose) -> None:
    number = int(await db.value("SELECT max(version) FROM notice WHERE kind = ?", key) or 0)
    texts = {code: notices.tidy(_text(purpose, code)) for code in LANGUAGES}
    if number and (old := await notices.version(key, number, "en")) and old.body == texts["en"]:
        return  # another request was faster
    await notices.write(key, number + 1, texts, {})


def _text(purpose: Purpose, code: str) -> str:
    return language(code).text(purpose.text)
