"""Random worlds that keep the format and are dense with coincidences.

Few people, few groups, and days and instants taken from a small pool around today, midnight and birthdays, so that
one world meets many clauses at once. `random_world` needs only a seeded generator, `worlds` is the same for
hypothesis, and `shrink` makes a world smaller while something stays true of it.
"""

import copy
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from .naive import birthday, local_day, year_month_day

Json = dict[str, Any]
T = TypeVar("T")

RUNGS = ["nobody", "family", "class", "school", "public"]
# Far east and west, half hours, clocks that change at midnight, a zone that skipped a whole day.
ZONES = [
    "UTC", "Europe/Berlin", "America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu",
    "America/St_Johns", "Asia/Beirut", "Pacific/Apia", "America/Sao_Paulo", "Australia/Lord_Howe", "Africa/Cairo",
]  # fmt: skip
# An ordinary day, clock changes, leap and common Februaries, a day that Samoa never had, New Year, the calendar's ends.
TODAYS = [
    "2026-11-21", "2026-03-29", "2026-10-25", "2028-02-29", "2027-02-28", "2027-03-01", "2026-11-01", "2011-12-31",
    "2027-01-01", "2018-11-04", "0001-01-02", "9999-12-30",
]  # fmt: skip


class Chooser(Protocol):
    """The two questions a generator asks; the first of `choices` is the plainest."""

    def pick(self, choices: Sequence[T]) -> T: ...

    def chance(self, percent: int) -> bool: ...


class Dice:
    def __init__(self, source: random.Random) -> None:
        self.source = source

    def pick(self, choices: Sequence[T]) -> T:
        return choices[int(self.source.random() * len(choices))]

    def chance(self, percent: int) -> bool:
        return self.source.random() * 100 < percent


class Drawn:
    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self.draw = draw

    def pick(self, choices: Sequence[T]) -> T:
        chosen: T = choices[self.draw(_below(len(choices)))]
        return chosen

    def chance(self, percent: int) -> bool:
        # Counted from the top, so that what shrinks to 0 is "no".
        return bool(self.draw(_below(100)) >= 100 - percent)


@cache
def _below(count: int) -> st.SearchStrategy[int]:
    return st.integers(0, count - 1)


def random_world(source: random.Random, size: int = 3) -> Json:
    """A world from a seeded generator; `size` bounds how many there are of each kind of thing."""
    return _Maker(Dice(source), size).world()


@st.composite
def worlds(draw: Callable[[st.SearchStrategy[Any]], Any], size: int = 2) -> Json:
    """The same worlds for hypothesis, which makes them small again when it finds something."""
    return _Maker(Drawn(draw), size).world()


class _Maker:
    def __init__(self, chooser: Chooser, size: int) -> None:
        self.pick, self.chance, self.size = chooser.pick, chooser.chance, size

    def count(self, least: int, most: int) -> range:
        return range(self.pick(range(least, most + 1)))

    def world(self) -> Json:
        size = self.size
        self.odd = self.pick([3, 10, 25])  # how often, in percent, something is out of the ordinary
        self.zone = self.pick(ZONES)
        self.today = date.fromisoformat(self.pick(TODAYS if self.chance(50) else TODAYS[:1])).toordinal()
        now = self.instant([self.today])
        self.today = local_day(now, self.zone)
        self.grace = self.pick([0, 1, 2, 60, 10**12])
        self.from_age = self.pick([14, 14, 14, 14, 0, 12, 16, 18, 25, 10**9])
        voice = {"mode": self.pick(["both", "self", "off", "both", "self"]), "from_age": self.from_age}
        self.groups = [self.group(f"g{n}") for n in self.count(1, size + 1)]
        self.children = [self.child(f"c{n}") for n in self.count(1, size + 1)]
        self.adults = [self.adult(f"a{n}") for n in self.count(1, size + 2)]
        self.links = list(self.some_links())
        adults = [adult["id"] for adult in self.adults]
        children = [child["id"] for child in self.children]
        self.blocks = [
            {"adult": self.pick(adults), "child": self.pick(children)} for _ in range(size) if self.chance(self.odd)
        ]  # fmt: skip
        if self.chance(2 * self.odd):  # a guardian who is blocked, which is what blocks are for
            link = self.pick(self.links) if self.links else {"adult": adults[0], "child": children[0]}
            self.blocks.append({"adult": link["adult"], "child": link["child"]})
        everybody = [*adults, *children, "anonymous"]
        viewers = everybody if self.chance(80) else [self.pick(everybody) for _ in self.count(0, 4)]
        return {
            "now": now,
            "timezone": self.zone,
            "policy": {
                "quorum": self.pick(["answered", "answered", "all"]),
                "grace_days": self.grace,
                "child_voice": voice,
            },
            "groups": self.groups,
            "children": self.children,
            "adults": self.adults,
            "links": self.links,
            "blocks": self.blocks,
            "decisions": list(self.some_decisions()),
            "photos": [self.photo(f"p{n}", adults, children) for n in self.count(1, size + 1)],
            "viewers": viewers,
        }

    # ---- Days and instants

    def day(self, *around: int) -> str | None:
        """A day close to today or to one of `around`; null where there is none in years 1 to 9999."""
        away = self.pick([0, -1, 1, -2, 2, -60, 60, -61, 400, -400])
        number = self.pick([self.today, *around]) + away
        return date.fromordinal(number).isoformat() if 1 <= number <= date.max.toordinal() else None

    def near(self, away: int) -> str:
        """The day so many days after today, as far as the calendar goes."""
        return date.fromordinal(min(max(self.today + away, 1), date.max.toordinal())).isoformat()

    def instant(self, days: Sequence[int]) -> str:
        """An instant on or next to one of these local days, often within a second of its midnight."""
        if self.chance(1):
            return self.pick(["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
        number = min(max(self.pick(days), 2), date.max.toordinal() - 1)
        day = date.fromordinal(number)
        seconds = self.pick([12 * 3600, 0, -1, 1, 86_399, 3600, 7200, -3600])
        safe = day.replace(year=2026, day=min(day.day, 28)) if not 1800 < day.year < 9000 else day
        offset = datetime(safe.year, safe.month, safe.day, tzinfo=ZoneInfo(self.zone)).utcoffset()
        assert offset is not None
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        try:
            moment = midnight - timedelta(seconds=int(offset.total_seconds())) + timedelta(seconds=seconds)
        except OverflowError:
            moment = midnight
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")

    # ---- People

    def group(self, name: str) -> Json:
        if self.chance(40):
            return {"id": name, "until": self.pick([None, self.near(200)])}
        grace = min(self.grace, 400)
        return {
            "id": name,
            "until": self.near(-self.pick([1, 1, 2, grace, grace, grace + 1, 60, 61, 400, 0, -1])),
        }

    def child(self, name: str) -> Json:
        memberships = []
        for _ in self.count(1, 2):
            group = self.pick(self.groups)
            ends = [date.fromisoformat(group["until"]).toordinal()] if group["until"] else []
            start = self.day(*ends) if self.chance(self.odd) else None
            end = self.day(*ends) if self.chance(2 * self.odd) else None
            memberships.append({"group": group["id"], "from": start, "to": end})
        if self.chance(self.odd):
            memberships = []
        hold = self.chance(self.odd // 4)
        return {"id": name, "born": self.born(), "safeguarding_hold": hold, "groups": memberships}

    def born(self) -> str | None:
        """Most turn an age that matters within two days of today."""
        if self.chance(8):
            return None
        if self.chance(8):
            return self.pick(["2012-02-29", "2008-02-29", "2010-02-28", "0001-01-01", "9999-12-31"])
        age = self.pick([min(self.from_age, 18), min(self.from_age, 18), 10, 17, 18])
        year, month, day = year_month_day(self.today)
        born = f"{min(max(year - age, 1), 9999):04}-{month:02}-{day:02}"
        try:
            number = date.fromisoformat(born).toordinal()
        except ValueError:  # 29 February of a common year
            number = date.fromisoformat(born[:8] + "28").toordinal() + 1
        number += self.pick([0, -1, 1, -2, -20, -100])
        return date.fromordinal(min(max(number, 1), date.max.toordinal())).isoformat()

    def adult(self, name: str) -> Json:
        named = [self.pick(self.groups)["id"] for _ in self.count(1, 2)] if self.chance(35) else []
        roles = [self.pick(["admin", "safeguarding", "office"]) for _ in self.count(1, 2)] if self.chance(20) else []
        return {"id": name, "active": not self.chance(self.odd // 2), "staff_of": named, "roles": roles}

    def some_links(self) -> Iterator[Json]:
        for child in self.children:
            for _ in self.count(1, self.size + 1) if self.chance(90) else []:
                yield {
                    "adult": self.pick(self.adults)["id"],
                    "child": child["id"],
                    "decides": self.chance(80),
                    "sees": self.chance(80),
                    "from": self.near(-self.pick([30, 2, 1, 0, -1])) if self.chance(2 * self.odd) else None,
                    "to": self.near(self.pick([30, 2, 1, 0, -1])) if self.chance(self.odd) else None,
                }

    # ---- Decisions

    def some_decisions(self) -> Iterator[Json]:
        """Per child: its deciders mostly answer, the child often, anybody at times; some answer again."""
        for child in self.children:
            for link in self.links:
                if link["child"] == child["id"] and self.chance(88):
                    yield from self.answers(child, link["adult"])
            if self.chance(85):
                yield from self.answers(child, child["id"])
            if self.chance(self.odd):
                yield from self.answers(child, self.pick(self.adults)["id"])

    def answers(self, child: Json, by: str) -> Iterator[Json]:
        days = [self.today, self.today - 1, self.today - 30]
        for link in self.links:
            if (link["adult"], link["child"]) == (by, child["id"]):
                days += [date.fromisoformat(link[end]).toordinal() - 1 for end in ("from", "to") if link[end]]
        if by == child["id"] and child["born"]:
            year, month, day = birthday(child["born"], min(self.from_age, 18))
            if year <= 9999:
                days += [date(year, month, day).toordinal(), date(year, month, day).toordinal() - 1]
        lapses = 50 if {"adult": by, "child": child["id"]} in self.blocks else self.odd + 4
        at = self.instant(days)
        for _ in self.count(1, 3):
            yield {
                "child": child["id"],
                "by": by,
                "purpose": "video" if self.chance(self.odd) else "photo",
                "rung": self.pick(
                    ["public", "school", "public", "class", "public", "school", "public", "family", "nobody"]
                ),
                "at": at,
                "until": self.near(self.pick([0, -1, -1, 1, 60])) if self.chance(lapses) else None,
            }
            if self.chance(60):  # otherwise once more at the same instant
                at = self.instant(days)

    # ---- Photos

    def photo(self, name: str, adults: list[str], children: list[str]) -> Json:
        shown = [self.pick(children) for _ in range(self.pick([1, 1, 1, 1, 2, 3]))]
        if self.chance(5):
            shown = []
        groups = [self.pick(self.groups)["id"] for _ in self.count(1, 2)]
        return {
            "id": name,
            "by": self.pick(adults),
            "purpose": "video" if self.chance(self.odd) else "photo",
            "audience": self.pick([{"groups": groups}, {"school": True}, {"public": True}]),
            "state": self.pick(["draft", "hidden", "erased"]) if self.chance(self.odd // 2) else "published",
            "reviewed": not self.chance(self.odd // 2),
            "children": shown,
            "redactions": [self.redaction(f"r{n}", shown) for n in self.count(0, 3)],
        }

    def redaction(self, name: str, shown: list[str]) -> Json:
        covers = list(shown) if self.chance(25) else [self.pick(shown) for _ in self.count(0, 4) if shown]
        if covers and self.chance(20):
            covers = [*covers, covers[0], covers[0]]
        return {"id": name, "approved": not self.chance(max(self.odd, 10)), "covers": covers}


# ---- Making a world smaller


def shrink(world: Json, still: Callable[[Json], bool]) -> Json:
    """The smallest world found by leaving things out, and making them plain, while `still` is true of it."""
    smaller = True
    while smaller:
        smaller = False
        for candidate in _smaller(world):
            if still(candidate):
                world, smaller = candidate, True
                break
    return world


def _smaller(world: Json) -> Iterator[Json]:
    for path, value in list(_places(world)):
        if isinstance(value, list):
            for position in range(len(value)):
                yield from _valid(world, (*path, position), None)
    for path, value in list(_places(world)):
        for plain in _plainer(path[-1] if path else "", value):
            yield from _valid(world, path, plain)


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    yield path, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from _places(item, (*path, key))


def _plainer(key: Any, value: Any) -> list[Any]:
    plain = {
        "from": None, "to": None, "until": None, "born": None, "timezone": "UTC", "purpose": "photo", "grace_days": 0,
        "quorum": "answered", "mode": "off", "from_age": 14, "audience": {"public": True}, "state": "published",
        "safeguarding_hold": False, "active": True, "reviewed": True,
    }  # fmt: skip
    return [plain[key]] if key in plain and value != plain[key] else []


def _valid(world: Json, path: tuple[Any, ...], plain: Any) -> Iterator[Json]:
    """`world` without the item at `path`, or with something plainer there, and without what then dangles."""
    smaller = copy.deepcopy(world)
    place: Any = smaller
    for key in path[:-1]:
        place = place[key]
    if isinstance(path[-1], int):
        del place[path[-1]]
    else:
        place[path[-1]] = plain
    groups = {group["id"] for group in smaller["groups"]}
    children = {child["id"] for child in smaller["children"]}
    adults = {adult["id"] for adult in smaller["adults"]}
    for child in smaller["children"]:
        child["groups"] = [item for item in child["groups"] if item["group"] in groups]
    for adult in smaller["adults"]:
        adult["staff_of"] = [group for group in adult["staff_of"] if group in groups]
    for kind in ("links", "blocks"):
        smaller[kind] = [item for item in smaller[kind] if item["adult"] in adults and item["child"] in children]
    smaller["decisions"] = [
        line for line in smaller["decisions"] if line["child"] in children and line["by"] in adults | children
    ]
    smaller["viewers"] = [viewer for viewer in smaller["viewers"] if viewer in adults | children | {"anonymous"}]
    smaller["photos"] = [photo for photo in smaller["photos"] if photo["by"] in adults]
    for photo in smaller["photos"]:
        photo["children"] = [child for child in photo["children"] if child in children]
        for redaction in photo["redactions"]:
            redaction["covers"] = [child for child in redaction["covers"] if child in photo["children"]]
        if "groups" in photo["audience"]:
            photo["audience"]["groups"] = [group for group in photo["audience"]["groups"] if group in groups]
            if not photo["audience"]["groups"]:
                return
    yield smaller
