"""Strict JSON (RFC 8259, UTF-8, no byte order mark) whose every complaint names file, place and reason."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib import resources
from typing import NoReturn

_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_INSTANT = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class BadWorld(ValueError):
    """A world file that breaks the format. `str()` of it is one printable line: file, place, reason."""

    def __init__(self, name: str, place: str, reason: str) -> None:
        super().__init__(_printable(f"{name}: {place}: {reason}"))


class _Object:
    """A JSON object as it is written, so that a key that stands twice is still seen."""

    __slots__ = ("pairs",)

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        self.pairs = pairs


@dataclass(frozen=True, slots=True)
class Node:
    """A JSON value and where it stands; each reader returns the value as its type or raises `BadWorld`."""

    name: str
    place: str
    value: object

    def fail(self, reason: str) -> NoReturn:
        raise BadWorld(self.name, self.place or "top level", reason)

    def wrong(self, wanted: str) -> NoReturn:
        self.fail(f"must be {wanted}, not {short(self.value)}")

    def keys(self) -> list[str]:
        if not isinstance(self.value, _Object):
            self.wrong("an object")
        seen: set[str] = set()
        for key, _ in self.value.pairs:
            if key in seen:
                self.fail(f"the key {short(key)} stands twice")
            seen.add(key)
        return [key for key, _ in self.value.pairs]

    def record(self, *wanted: str) -> dict[str, "Node"]:
        given = self.keys()
        assert isinstance(self.value, _Object)
        for key in given:
            if key not in wanted:
                self.fail(f"the key {short(key)} is not known")
        for key in wanted:
            if key not in given:
                self.fail(f"the key {short(key)} is missing")
        start = f"{self.place}." if self.place else ""
        return {key: Node(self.name, f"{start}{key}", value) for key, value in self.value.pairs}

    def items(self) -> list["Node"]:
        if not isinstance(self.value, list):
            self.wrong("a list")
        return [Node(self.name, f"{self.place}[{i}]", value) for i, value in enumerate(self.value)]

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            self.wrong("true or false")
        return self.value

    def whole(self) -> int:
        if isinstance(self.value, bool) or not isinstance(self.value, int) or self.value < 0:
            self.wrong("a whole number from 0")
        return self.value

    def text(self, wanted: str) -> str:
        if not isinstance(self.value, str):
            self.wrong(wanted)
        return self.value

    def id(self) -> str:
        text = self.text("a non-empty string")
        if not text:
            self.wrong("a non-empty string")
        if any("\ud800" <= char <= "\udfff" for char in text):
            self.fail("has half of a surrogate pair, which is no character")
        return text

    def reference(self, known: set[str], what: str) -> str:
        text = self.id()
        if text not in known:
            self.fail(f"there is no {what} {short(text)}")
        return text

    def one_of(self, choices: tuple[str, ...]) -> str:
        if not isinstance(self.value, str) or self.value not in choices:
            self.wrong("one of " + ", ".join(choices))
        return self.value

    def timezone(self) -> str:
        text = self.text("the name of a time zone")
        if text not in _zones():
            self.fail(f"there is no time zone {short(text)}")
        return text

    def day_or_null(self) -> str | None:
        if self.value is None:
            return None
        text = self.text("a day as YYYY-MM-DD or null")
        found = _DAY.fullmatch(text)
        if not found:
            self.wrong("a day as YYYY-MM-DD or null")
        try:
            date(*map(int, found.groups()))
        except ValueError:
            self.fail(f"there is no day {short(text)}")
        return text

    def instant(self) -> int:
        found = _INSTANT.fullmatch(self.text("an instant as YYYY-MM-DDThh:mm:ssZ"))
        if not found:
            self.wrong("an instant as YYYY-MM-DDThh:mm:ssZ")
        year, month, day, hour, minute, second = map(int, found.groups())
        try:
            apart = datetime(year, month, day, hour, minute, second, tzinfo=UTC) - _EPOCH
        except ValueError:
            self.fail(f"there is no instant {short(self.value)}")
        return (apart.days * 86_400 + apart.seconds) * 1_000_000


def read(raw: bytes, name: str) -> object:
    if raw.startswith(b"\xef\xbb\xbf"):
        raise BadWorld(name, "byte 0", "starts with a byte order mark")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadWorld(name, f"byte {error.start}", "is not UTF-8") from None
    try:
        # NaN and Infinity come out as floats, and no place of the format takes a float.
        parsed: object = json.loads(text, object_pairs_hook=_Object, parse_int=_whole)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise BadWorld(name, place, f"is not JSON: {error.msg}") from None
    except RecursionError:
        raise BadWorld(name, "top level", "is nested too deeply") from None
    return parsed


def _whole(digits: str) -> int:
    # int() refuses thousands of digits; the format does not, and beyond this all numbers mean the same.
    return int(digits) if len(digits) < 20 else int(digits[:19])


@cache
def _zones() -> frozenset[str]:
    return frozenset(resources.files("tzdata").joinpath("zones").read_text("utf-8").split())


def short(value: object) -> str:
    """How a message shows a value: what kind of thing, or its first characters."""
    if isinstance(value, _Object):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    shown = json.dumps(value, ensure_ascii=False)
    return shown if len(shown) <= 60 else shown[:57] + "..."


def _printable(text: str) -> str:
    """`text` on one line: whatever a terminal would not show as a character is written as an escape."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
