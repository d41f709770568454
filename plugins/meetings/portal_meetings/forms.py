"""What people send, made into values. Nothing is refused here: what is wrong is said where it is kept, so that a page
can show again what was typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from litestar.datastructures import FormMultiDict

from portal.sdk import PortalError, Who, clock
from portal_meetings.making import Frame, Times
from portal_meetings.planning import Window, Wish
from portal_meetings.rules import Event

WINDOWS = 3  # on the form
_NUMBER = re.compile(r"\d{1,19}", re.ASCII)


def number(value: object) -> int | None:
    """A number or an id, or None for anything else."""
    text = value.strip() if isinstance(value, str) else ""
    return int(text) if _NUMBER.fullmatch(text) and int(text) < 2**63 else None


def clean(value: object) -> str:
    """Text of several lines, without control characters."""
    text = value if isinstance(value, str) else ""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in text if sign in "\n\t" or sign >= " ").strip()


def line(value: object) -> str:
    """Text of one line: other white space becomes spaces."""
    return " ".join(clean(value).split())


def ids(form: FormMultiDict, name: str) -> list[int]:
    return [found for value in form.getall(name, []) if (found := number(value)) is not None]


def frame(form: FormMultiDict) -> Frame:
    """An event without its times."""
    return Frame(
        line(form.get("title")), clean(form.get("info")), line(form.get("opens_day")), line(form.get("opens_time")),
        line(form.get("closes_day")), line(form.get("closes_time")), number(form.get("change_hours")),
        number(form.get("gap_minutes")), bool(form.get("record")),
    )  # fmt: skip


def framed(event: Event, zone: str) -> Frame:
    """A stored event as its own form shows it."""
    opens, closes = _local(event.opens_at, zone), _local(event.closes_at, zone)
    return Frame(event.title, event.info, *opens, *closes, event.change_hours, event.gap_minutes, event.record)


def _local(at: int, zone: str) -> tuple[str, str]:
    return (clock.day(at, zone), f"{clock.moment(at, zone):%H:%M}") if at else ("", "")


def times(form: FormMultiDict) -> Times:
    """Windows; those without a day and times are left out, but never the first."""
    found = [window(form, at) for at in range(WINDOWS)]
    last = max((at for at, one in enumerate(found) if one.day or one.begins or one.ends), default=0)
    return Times(
        tuple(found[: last + 1]), number(form.get("minutes")), number(form.get("buffer")), number(form.get("places")),
        bool(form.get("confirmed")),
    )  # fmt: skip


def window(form: FormMultiDict, at: int) -> Window:
    def said(name: str) -> str:
        return line(form.get(f"w{at}-{name}"))

    return Window(
        said("day"), said("begins"), said("ends"), said("place"), said("provider"), said("link"), said("breaks")
    )


def padded(windows: Sequence[Window]) -> list[Window]:
    """The windows of a form: those that were filled in, and empty ones."""
    return [*windows, *[Window("", "", "")] * (WINDOWS - len(windows))]


def wish(form: FormMultiDict | Any, event: Event, zone: str) -> tuple[Wish, dict[str, str]]:
    """When a family would like to come, on the event's last day. What is no time is left out."""
    given = {name: line(form.get(name)) for name in ("after", "before", "where")}
    day = clock.day(event.last_at, zone)

    def at(name: str) -> int:
        try:
            return clock.local_instant(day, given[name], zone, name) if given[name] else 0
        except PortalError:
            return 0

    return Wish(at("after"), at("before"), given["where"] if given["where"] in ("school", "video") else ""), given


def told(person: Who, wrong: PortalError) -> dict[str, str]:
    """What is wrong, in the reader's language, by field."""
    field = getattr(wrong, "field", "") or "slot"
    return {field: person.language.text(wrong.message, **wrong.values)}
