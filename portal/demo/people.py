"""A made-up school: six classes, about 120 children and 200 guardians, in all the shapes families have.

The same seed and day make the same school. Days are relative to `today`, so that the school is always in its year.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from random import Random

from portal import clock
from portal.demo.cast import DAY, add_cast
from portal.demo.made import DOMAIN, Answer, Home, Human, Made, Tie
from portal.demo.names import CULTURES, GRANDFATHERS, GRANDMOTHERS, Culture
from portal.kinds import PHOTO, VIDEO, Rung

CLASSES = {"1a": 6, "2a": 7, "2b": 7, "3a": 8, "4a": 9, "9b": 14}
"""Class and the age of its youngest children."""
CLASS_SIZE = 20
ASSOCIATES = 19  # of a hundred families, those with a grandparent or the like who sees but does not decide

# How families answer, of a hundred: a whole family leans one way, and its guardians mostly agree.
_LEANING = ((Rung.NOBODY, 4), (Rung.FAMILY, 7), (Rung.CLASS, 38), (Rung.SCHOOL, 36), (Rung.PUBLIC, 15))
_SHAPES = (("together", 52), ("two homes", 20), ("one", 18), ("two mothers", 4), ("two fathers", 3), ("carers", 3))


def made_up(today: str, seed: int = 1) -> Made:
    """The school as of `today`."""
    return _Maker(today, Random(f"people {seed}")).made  # noqa: S311 -- made-up people, not secrets


class _Maker:
    def __init__(self, today: str, dice: Random) -> None:
        self.today, self.dice = today, dice
        self.made = Made(_year_end(today))
        self.used: set[str] = set()
        for name in CLASSES:
            self.made.groups[name] = name
            self.made.members[name] = []
        add_cast(self.made, today)
        self.used.update(human.name for human in self.made.people.values())
        self._fill()
        self.made.answers.sort(key=lambda answer: -answer.ago)

    def _fill(self) -> None:
        """Families until every class is full; brothers and sisters go to different classes."""
        while free := [name for name, children in self.made.members.items() if len(children) < CLASS_SIZE]:
            wanted = self.dice.choices((1, 2, 3), weights=(70, 26, 4))[0]
            self._family(sorted(self.dice.sample(free, min(wanted, len(free)))))

    def _family(self, classes: Sequence[str]) -> None:
        dice = self.dice
        culture = dice.choices(CULTURES, weights=[c.share for c in CULTURES])[0]
        other = dice.choices(CULTURES, weights=[c.share for c in CULTURES])[0] if dice.random() < 0.15 else culture
        family = dice.choice(culture.families)
        children = [self._child(culture, family, name) for name in classes]
        shape = dice.choices([s for s, _ in _SHAPES], weights=[w for _, w in _SHAPES])[0]
        women, men = {
            "together": (1, 1), "two homes": (1, 1), "one": (1, 0) if dice.random() < 0.8 else (0, 1),
            "two mothers": (2, 0), "two fathers": (0, 2), "carers": (1, 1),
        }[shape]  # fmt: skip
        adults = [self._adult(other, culture, family, shape, woman=True) for _ in range(women)]
        adults += [self._adult(culture, other, family, shape, woman=False) for _ in range(men)]
        words = ("foster carer", "foster carer") if shape == "carers" else ("mother", "father")
        for child in children:
            for adult in adults:
                self.made.ties.append(Tie(adult.key, child.key, words[0 if adult in adults[:women] else 1]))
        self._homes(shape, family, adults, children)
        if dice.randrange(100) < ASSOCIATES:
            self._associate(family, adults[0].language, children)
        for child in children:
            self._answers(child, adults)

    def _homes(self, shape: str, family: str, adults: Sequence[Human], children: Sequence[Human]) -> None:
        young = tuple(child.key for child in children)
        paper = self.dice.random() < 0.15
        if shape == "two homes":
            self.made.homes.extend(Home(adult.family, (adult.key,), young, paper) for adult in adults)
        else:
            self.made.homes.append(Home(family, tuple(adult.key for adult in adults), young, paper))

    def _child(self, culture: Culture, family: str, group: str) -> Human:
        given = self._unused(self.dice.choice((culture.girls, culture.boys)), family)
        age = CLASSES[group] * 365 + CLASSES[group] // 4 + self.dice.randrange(20, 380)
        key = f"c{len(self.made.people)}"
        child = Human(key, "child", given, family, culture.languages[0], clock.add_days(self.today, -age))
        self.made.people[key] = child
        self.made.members[group].append(key)
        return child

    def _adult(self, first: Culture, second: Culture, family: str, shape: str, *, woman: bool) -> Human:
        dice = self.dice
        own = shape in ("two homes", "two mothers", "two fathers") and dice.random() < 0.7
        surname = dice.choice(first.families if woman else second.families) if own else family
        given = self._unused(first.women if woman else first.men, surname)
        return self._enter(given, surname, dice.choice(first.languages))

    def _associate(self, family: str, language: str, children: Sequence[Human]) -> None:
        word, names = self.dice.choice((("grandmother", GRANDMOTHERS), ("grandfather", GRANDFATHERS)))
        adult = self._enter(self._unused(names, family), family, language)
        self.made.ties.extend(Tie(adult.key, child.key, word, decides=False) for child in children)

    def _enter(self, given: str, family: str, language: str) -> Human:
        key = f"a{len(self.made.people)}"
        email = f"{_plain(given)}.{_plain(family)}.{key[1:]}@{DOMAIN}"
        phone = f"+49 30 5550{self.dice.randrange(1000, 9999)}"
        human = Human(key, "adult", given, family, language, email=email, phone=phone)
        if self.dice.random() < 0.75:
            human = replace(human, login=email)
        self.made.people[key] = human
        return human

    def _unused(self, names: Sequence[str], family: str) -> str:
        """A name that nobody of this family name bears yet."""
        free = [name for name in names if f"{name} {family}" not in self.used] or list(names)
        given = self.dice.choice(free)
        self.used.add(f"{given} {family}")
        return given

    def _answers(self, child: Human, adults: Sequence[Human]) -> None:
        dice = self.dice
        lean = dice.choices([r for r, _ in _LEANING], weights=[w for _, w in _LEANING])[0]
        for adult in adults:
            if dice.random() < 0.1:
                continue  # has not answered yet
            rung = lean
            if adult is not adults[0] and dice.random() < 0.16:
                rung = Rung(max(0, lean - 1)) if dice.random() < 0.7 else Rung(min(4, lean + 1))
            self._say(child.key, adult.key, rung, paper=not adult.login)
        if self.made.class_of(child.key) == "9b" and dice.random() < 0.5:
            self._say(child.key, child.key, Rung(max(1, lean - dice.randrange(2))), paper=True)

    def _say(self, child: str, by: str, rung: Rung, *, paper: bool) -> None:
        """An answer for photos and videos; a few think again later, and some answer for this year only."""
        dice = self.dice
        ago = dice.randrange(70 * DAY, 94 * DAY)
        until = self.made.year_ends if dice.random() < 0.12 and rung is not Rung.NOBODY else None
        video = Rung(max(0, rung - (dice.random() < 0.35)))
        if dice.random() < 0.06:
            before = Rung(min(4, rung + 1))
            for purpose in (PHOTO, VIDEO):
                self.made.answers.append(Answer(child, by, purpose, before, ago, until, paper))
            ago -= dice.randrange(20 * DAY, 60 * DAY)
        self.made.answers.append(Answer(child, by, PHOTO, rung, ago, until, paper))
        self.made.answers.append(Answer(child, by, VIDEO, video, ago, until if video else None, paper))


def _year_end(today: str) -> str:
    """The last day of the school year: the next 31 July that is at least two months away."""
    end = f"{today[:4]}-07-31"
    return end if clock.days_between(today, end) >= 60 else f"{int(today[:4]) + 1}-07-31"


def _plain(name: str) -> str:
    """A name as it stands in an e-mail address: small Latin letters."""
    text = unicodedata.normalize("NFKD", name.replace("ı", "i").replace("Đ", "D").replace("đ", "d"))
    return "".join(letter for letter in text.lower() if "a" <= letter <= "z")
