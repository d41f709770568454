"""Invitation letters as one PDF, a page for each person in the person's own language.

Typeset with typst from data alone: no network, no fonts of the machine, and the same bytes for the same data.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import fontpkg_ibm_plex_sans
import fontpkg_ibm_plex_sans_arabic
import msgspec
import segno
import typst

from portal import clock, i18n
from portal.delivery import wording
from portal.i18n import Language, _
from portal.identity import invitations
from portal.identity.invitable import Invitee
from portal.people.school import School

TEMPLATE = Path(__file__).parent / "letter.typ"
_FONTS = [
    Path(package.ROOT) / "files" for package in (fontpkg_ibm_plex_sans, fontpkg_ibm_plex_sans_arabic)
]
MOST = 1000  # letters in one file


def address(url: str, code: str) -> str:
    """What the square code leads to. `url` is the portal's, without a slash at the end."""
    return f"{url}/welcome/{code}"


async def letters(
    school: School, url: str, people: Sequence[Invitee], codes: Mapping[int, str], now: int
) -> bytes:
    """The PDF with a letter for each of `people`, whose codes are in `codes`. `now` in microseconds UTC."""
    return await asyncio.to_thread(_typeset, school, url, list(people), dict(codes), now)


def _typeset(school: School, url: str, people: list[Invitee], codes: dict[int, str], now: int) -> bytes:
    data = {
        "title": i18n.language(school.language).text(_("Invitations to the family portal")),
        "letters": [_letter(school, url, person, codes[person.person], now) for person in people],
    }
    pdf = typst.compile(
        TEMPLATE,
        format="pdf",
        font_paths=[*_FONTS],
        ignore_system_fonts=True,
        sys_inputs={"data": msgspec.json.encode(data).decode()},
        timestamp=now // clock.SECOND,
    )
    return bytes(pdf)


def language_of(person: Invitee, school: School) -> Language:
    """The person's own language, where the portal speaks it."""
    return i18n.language(person.language if person.language in i18n.LANGUAGES else school.language)


def last_day(school: School, now: int) -> str:
    """The last whole day on which a code of now works."""
    return clock.day(now + invitations.LASTS - clock.DAY, school.timezone)


def _letter(school: School, url: str, person: Invitee, code: str, now: int) -> dict[str, Any]:
    language = language_of(person, school)
    today = clock.day(now, school.timezone)
    text = language.text
    host = url.split("://", 1)[-1]
    where = [wording.isolated(line) for line in school.address.splitlines() if line.strip()]
    return {
        "lang": language.code,
        "rtl": language.direction == "rtl",
        "school": wording.isolated(school.name),
        "sender": " · ".join(dict.fromkeys([wording.isolated(school.name), *where])),
        "name": wording.isolated(person.name),
        "beside": [*where, *([wording.isolated(school.contact)] if school.contact else []), language.day(today)],
        "heading": text(_("Your invitation to our family portal")),
        "greeting": wording.greeting(language, person.name),
        "opening": wording.opening(language, person, school.name),
        "children": wording.names([child.name for child in person.children]) if person.kind == "adult" else [],
        "square": square(address(url, code)),
        "square_text": text(_("Square code that opens your invitation")),
        "steps": [
            text(_("Point the camera of your phone at the square, or open this address:")),
            text(_("Where you are asked for it, type this code:")),
            wording.check_step(language, person),
        ],
        "address": f"{host}/welcome",
        "code": code,
        "closing": wording.closing(language, last_day(school, now), school.contact),
        "privacy": wording.privacy(language, school.name),
    }


@lru_cache(maxsize=4)
def square(content: str) -> str:
    """A QR code (ISO/IEC 18004, correction level M, quiet zone of four modules) as SVG."""
    drawn = io.BytesIO()
    segno.make_qr(content, error="m").save(drawn, kind="svg", border=4, light="white", xmldecl=False)
    return drawn.getvalue().decode()
