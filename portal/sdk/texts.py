"""What people wrote, as each reader gets it."""

from __future__ import annotations

from collections.abc import Sequence

from portal.hooks.host import host as _host
from portal.hooks.specs import Reading, Text
from portal.i18n import LANGUAGES as _LANGUAGES
from portal.i18n import language as _language
from portal.web.who import Who

__all__ = ["readings"]


async def readings(person: Who, texts: Sequence[Text]) -> list[Reading]:
    """The texts in this reader's language, in order; the originals where nothing translates, or has not yet.

    Never waits for an engine, and costs one query however many texts there are. Show them with `reading.html`. Not for
    texts that somebody consents to or signs: those are read as they were written.
    """
    # Staff who read a text as it was written may be those who correct its translations.
    wanted = [t for t in texts if t.text.strip() and (t.language != person.language.code or person.is_staff)]
    found = iter(await _host.readings(person, wanted, person.school.plugins) if wanted else ())
    asked = {id(text) for text in wanted}
    return [(next(found) if id(text) in asked else None) or _original(text) for text in texts]


def _original(text: Text) -> Reading:
    direction = _language(text.language).direction if text.language in _LANGUAGES else "auto"
    return Reading(text.text, text.language, direction, text.text, text.language, direction)
