"""Whether a word that begins a sentence is a name there: “Will you come?” asks, “Will came” tells of somebody."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Little words that begin sentences, and hardly ever are somebody.
_NEVER = _set("""
    i it he she we you they my your our their his her this that these those the a an in on at to up no one so is as of
    or all do he i it der die das du er es ich ihr im in sie so um wer wie wir wo zu zum zur la las los lo el en es se
    si su tu ya yo я ти ты он ми мы ви вы у в
""")
# What may be as well as people are: “Summer is here”. Here it takes a deed of somebody's to make a name of it.
_THINGS = _set("""
    art april august autumn book books church dance day days dress field fields friday garden holiday holidays home
    house ice job jobs july june key kids lunch march may mai juni juli mayo abril agosto month music park peace rain
    reading ring road room rooms school sea snow song spring star street summer sunday swim team town trip tuesday walk
    water winter abend april freitag frühling fruhling garten herbst kirche kunst montag morgen obst ostern regen schnee
    see sommer sonne sonntag tag wald wasser zeit casa domingo invierno iglesia jueves mañana mar nieve noche otoño paz
    plaza primavera sala salud sol verano viernes весна весны зима літо лето ліс лес місто ніч ночь осінь осень поле
    світ свет сніг снег сонце солнце травень червень
""")
_IS = {
    "en": _set("is was has had does did can could would will isn't wasn't hasn't can't"),
    "de": _set("ist war hat hatte kann konnte wird"),
    "es": _set("es está era fue ha tiene tenía puede estaba"),
    "uk": _set("є має може"),
    "ru": _set("есть может"),
}
_DOES: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        r"[a-z]{3,}ed|says?|said|told|likes|loves|wants|thinks|knows|went|came|got|made|took|gave|found|saw|sang|won|"
        r"drew|wrote|brought|built|ran|swam|fell|lost|sat|cannot|dug|ate|read|left|led|held|kept|met|taught"
    ),
    "de": re.compile(r"sagte?|fragte?|möchte|will|mag|malte?|spielte?|kommt|kam|ging|bringt|brachte"),
    "es": re.compile(r"\w{2,}ó|dice|dijo|quiere|hizo|vino|trajo|va|viene|lee"),
    "uk": re.compile(r"\w{2,}(?:ла|лася|лась|в|вся|ло|є|ить|ає)"),
    "ru": re.compile(r"\w{2,}(?:ла|лась|л|лся|ет|ит)"),
}
_AND = _set("and & y e und і й та и")


def acts(base: str, word: str, gap: str, behind: Sequence[str], language: str) -> bool:
    """Whether what stands behind a sentence's first word speaks for a name. `gap` is what follows it at once, `behind`
    the next words."""
    if base in _NEVER:
        return False
    sign, thing = gap.strip()[:1], base in _THINGS
    if not behind or "\n" in gap:
        return not thing and sign in ("", ",", ":")  # a line of its own: a list, or who signs
    following, capital = behind[0].casefold(), behind[0][:1].isupper()
    if sign == ":":
        return not thing
    if sign in (",", "&"):
        return capital
    if sign:
        return False
    if word.casefold().endswith(("'s", "’s")):
        return not thing
    if following in _AND:
        return len(behind) > 1 and behind[1][:1].isupper()
    if (does := _DOES.get(language)) and does.fullmatch(following):
        return True
    return not thing and following in _IS.get(language, ())
