"""Which class tells which story on which day, with which pictures, and who is tagged in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from portal import clock
from portal.demo.drawing.scenes import SCENES
from portal.demo.made import Made
from portal.demo.pictures import children_in
from portal.demo.texts import TEXTS, Text
from portal.kinds import PHOTO, Rung

SPAN = 90  # days in which the stories happened
_OLDER = {"science", "computers", "football", "sports", "music", "museum", "theatre", "space", "maps", "sea", "camp"}
"""Scenes that suit fifteen-year-olds."""
_SHARES = {"3a": 17, "1a": 9, "2a": 9, "2b": 8, "4a": 10, "9b": 7}
"""About how many stories each class tells."""
_NEWEST = ("The class band rehearses", "Curtain up")
"""What families of class 3a see first."""
_BY_LANGUAGE = {
    "de": ("1a", "teacher-1a"),
    "es": ("2b", "teacher-2b"),
    "uk": ("2a", "teacher-2a"),
    "ar": ("2a", "teacher-music"),
}
_OFTEN = {"mila": 0.5, "sami": 0.3, "emma": 0.2, "daryna": 0.3, "suji": 0.3, "jonas": 0.3, "child": 0.3}
"""Children of the cast, and how likely they are in a picture of their class."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture of a story: its number, and the keys of the children who can be recognised."""

    index: int
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A story to be told. `at` in microseconds UTC: when it is or was posted. `to` as in `Text`."""

    text: Text
    group: str
    author: str
    at: int
    shots: tuple[Shot, ...]


def plan(made: Made, now: int, zone: str, seed: int = 1) -> list[Plan]:
    """All stories, the oldest first; the draft and the scheduled one at the end."""
    dice = Random(f"stories {seed}")  # noqa: S311 -- made-up stories, not secrets
    texts = _in_order(dice)
    shots = _pictures_of(TEXTS)
    reach = _reach(made, now, zone)
    plans = []
    held_shown = False
    told: Counter[str] = Counter()
    for text, at in zip(texts, _moments(len(texts), now, zone, dice), strict=True):
        group, author = _teller(made, text, told, dice)
        told[group] += 1
        pictures = []
        for index in shots[text]:
            tags = _tags(made, reach, group, text, children_in(index), dice)
            if group == "4a" and tags and not held_shown and text.to == "":
                tags, held_shown = (*tags, "finn"), True  # one photo for the safeguarding lead alone
            pictures.append(Shot(index, tags))
        plans.append(Plan(text, group, author, at, tuple(pictures)))
    return plans


def _in_order(dice: Random) -> list[Text]:
    """What comes first in a school year comes first; then anything; what is not posted yet comes last."""
    waiting = sorted((text for text in TEXTS if text.to in ("draft", "scheduled")), key=lambda text: text.to)
    first = [text for text in TEXTS if text.scene == "first_day"]
    newest = [text for text in TEXTS if text.title in _NEWEST]
    rest = [text for text in TEXTS if text not in (*waiting, *first, *newest)]
    dice.shuffle(rest)
    return [*first, *rest, *newest, *waiting]


def _pictures_of(texts: Sequence[Text]) -> dict[Text, list[int]]:
    """Shares the pictures of each scene out; what is public takes those without children first."""
    names = list(SCENES)
    found: dict[Text, list[int]] = {text: [] for text in texts}
    for at, scene in enumerate(names):
        left = [at + take * len(names) for take in range(5)]
        for text in sorted((t for t in texts if t.scene == scene), key=lambda t: t.to != "public"):
            if text.to == "public":
                left.sort(key=lambda index: (children_in(index) > 0, index))
            found[text], left = left[: text.pictures], sorted(left[text.pictures :])
    return found


def _moments(count: int, now: int, zone: str, dice: Random) -> list[int]:
    """School days in the afternoon, spread evenly, the newest this morning or yesterday; the last one is to come."""
    today = clock.moment(now, zone).date()
    found = []
    for i in range(count - 1):
        day = today - timedelta(days=round(SPAN * (1 - i / (count - 2))))
        found.append(_instant(_school_day(day), dice.randrange(11 * 60, 16 * 60), zone))
    found = sorted(min(at, now - (count - i) * clock.MINUTE * 7) for i, at in enumerate(found))
    return [*found, _instant(_school_day(today + timedelta(days=3)), 8 * 60, zone)]


def _school_day(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - 4))


def _instant(day: date, minute: int, zone: str) -> int:
    return clock.instant(datetime.combine(day, time(minute // 60, minute % 60), ZoneInfo(zone)))


def _teller(made: Made, text: Text, told: Counter[str], dice: Random) -> tuple[str, str]:
    if text.to in ("draft", "scheduled") or text.scene == "portrait" or text.title in _NEWEST:
        return "3a", "teacher"
    if text.scene == "first_day":
        return "1a", "teacher-1a"
    if text.language in _BY_LANGUAGE:
        group, author = _BY_LANGUAGE[text.language]
    else:
        fitting = [group for group in _SHARES if group != "9b" or text.scene in _OLDER]
        group = min(fitting, key=lambda one: (told[one] + dice.random()) / _SHARES[one])
        tellers = [adult for adult, theirs in made.staff if theirs == group]
        author = tellers[0] if dice.random() < 0.7 else dice.choice(tellers)
    return group, "office" if text.to == "public" else author


def _reach(made: Made, now: int, zone: str) -> Mapping[str, Rung]:
    """About how far each child's photos may travel; only to choose likely tags, the portal's rule decides."""
    today = clock.day(now, zone)
    latest = {(answer.child, answer.by): answer.rung for answer in made.answers if answer.purpose == PHOTO}
    found = {}
    for child in made.children:
        rungs = [
            latest[child.key, tie.adult]
            for tie in made.ties
            if tie.child == child.key
            and tie.decides
            and (tie.ends or today) >= today
            and (child.key, tie.adult) in latest
        ]
        found[child.key] = min(rungs) if rungs else Rung.NOBODY
    return found


def _tags(made: Made, reach: Mapping[str, Rung], group: str, text: Text, count: int, dice: Random) -> tuple[str, ...]:
    """Children of the class. Teachers know whose families say no, and mostly turn the camera elsewhere."""
    if text.to == "public":
        return ()
    wanted = Rung.SCHOOL if text.to == "school" else Rung.CLASS
    careful = dice.random() < 0.75 or count > 8
    pool = [c for c in made.members[group] if c != "finn" and (not careful or reach[c] >= wanted)]
    dice.shuffle(pool)
    sure = ("mila",) if text.title in _NEWEST else ()
    pool.sort(key=lambda child: child not in sure and dice.random() >= _OFTEN.get(child, 0))
    return tuple(pool[:count])
