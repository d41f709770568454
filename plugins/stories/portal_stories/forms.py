"""What people send, made into values. Raises BadInput with the field's name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from litestar.datastructures import FormMultiDict

from portal.sdk import LANGUAGES, Audience, AudienceKind, BadInput, _, clock
from portal_stories.rules import MOST_ALT, MOST_BODY, MOST_PHOTOS, MOST_TITLE, Text

LONGEST_AHEAD = 400 * clock.DAY
_ID = re.compile(r"\d{1,19}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Statement:
    """What a person states when posting: what they looked at, and that everyone recognisable is tagged."""

    fingerprint: str
    everyone_tagged: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """Which version a page of the editor began from, and the page itself."""

    version: int
    tab: int


@dataclass(frozen=True, slots=True)
class Change:
    """A form of the editor as it was sent."""

    text: Text
    classes: tuple[int, ...]
    photos: tuple[int, ...]  # in their order
    alts: Mapping[int, str]
    tags: Mapping[int, frozenset[int]]
    offered: frozenset[int]  # the children that the page offered for tagging
    seen: Seen
    language: str = ""  # in which it is written; '' where the form does not say


def number(value: object) -> int | None:
    """An id, or None for anything else."""
    return int(value) if isinstance(value, str) and _ID.fullmatch(value) and int(value) < 2**63 else None


def _numbers(form: FormMultiDict, name: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(n for value in form.getall(name, []) if (n := number(value)) is not None))


def _line(value: object, most: int) -> str:
    """Text of one line: other white space and control characters become spaces."""
    return " ".join(_clean(value).split())[:most].strip()


def _clean(value: object) -> str:
    text = value if isinstance(value, str) else ""
    return "".join(c for c in text.replace("\r\n", "\n").replace("\r", "\n") if c == "\n" or c == "\t" or c >= " ")


def seen(form: FormMultiDict) -> Seen:
    version, _sep, tab = str(form.get("seen", "")).partition(".")
    return Seen(number(version) or 0, number(tab) or 0)


def audience(form: FormMultiDict) -> Audience:
    """Who may see it. Nobody is chosen where the form does not say; posting asks for it."""
    kind = form.get("audience")
    if kind in (AudienceKind.SCHOOL.value, AudienceKind.PUBLIC.value):
        return Audience(AudienceKind(kind))
    return Audience(AudienceKind.GROUPS, tuple(sorted(_numbers(form, "groups"))))


def change(form: FormMultiDict) -> Change:
    """The editor's form. Raises BadInput for a text that is too long: nothing of it is cut off silently."""
    body = _clean(form.get("body"))
    if len(body) > MOST_BODY:
        raise BadInput("body", _("This text is longer than %(most)s characters. Please shorten it."), most=MOST_BODY)
    photos = _numbers(form, "photos")[: 4 * MOST_PHOTOS]
    return Change(
        text=Text(_line(form.get("title"), MOST_TITLE), body.strip(), audience(form)),
        classes=tuple(sorted(_numbers(form, "classes"))),
        photos=photos,
        alts={photo: _line(form.get(f"alt-{photo}"), MOST_ALT) for photo in photos},
        tags={photo: frozenset(_numbers(form, f"tags-{photo}")) for photo in photos},
        offered=frozenset(_numbers(form, "offered")),
        seen=seen(form),
        language=spoken(form),
    )


def move(photos: tuple[int, ...], order: str) -> tuple[int, ...]:
    """The photos with one of them a place earlier or later; `order` is `ID:-1` or `ID:1`."""
    text, _sep, step = order.partition(":")
    photo = number(text)
    if photo not in photos or step not in ("1", "-1"):
        return photos
    at = photos.index(photo)
    to = min(max(at + int(step), 0), len(photos) - 1)
    rest = [p for p in photos if p != photo]
    return (*rest[:to], photo, *rest[to:])


def spoken(form: FormMultiDict) -> str:
    """The language that was chosen, or '' where the form does not say."""
    return str(form["language"]) if form.get("language") in LANGUAGES else ""


def moment(day: object, hour: object, zone: str, now: int) -> int:
    """A day and a time of day in the school's zone as an instant to come. Raises BadInput."""
    at = clock.local_instant(str(day), str(hour), zone, "day")
    if at <= now:
        raise BadInput("day", _("This is in the past. Please choose a time that is still to come."))
    if at > now + LONGEST_AHEAD:
        raise BadInput("day", _("This is more than a year away. Please choose a nearer day."))
    return at
