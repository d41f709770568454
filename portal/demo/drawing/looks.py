"""Who the pictured children are: skin, hair and clothes, thrown by dice so that they are as varied as any class."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Literal

from portal.demo.drawing.svg import dark

Style = Literal[
    "short", "side", "crop", "spiky", "curly", "afro", "bob", "long", "pony", "pigtails", "braids", "bun", "buns",
    "waves", "scarf", "turban",
]  # fmt: skip


SKINS = ("#fbdcc4", "#f7cba8", "#efbb93", "#dfa478", "#c78a5c", "#a66c43", "#83502f", "#633c24")


FAIR_HAIR = ("#e9bf6b", "#c98a3f", "#b5562c", "#8a5530", "#5e3a24", "#3a2620", "#f0d48f", "#2b2125")


DARK_HAIR = ("#2b2125", "#3a2620", "#1f1a20", "#4a2f22")


CLOTHES = (
    "#e4572e", "#f2a541", "#f6c85f", "#76b041", "#2e8b7a", "#17a2b8", "#3a7ca5", "#4f5d95", "#8e5ea2", "#d66ba0",
    "#ef7f7f", "#f4efe6", "#5aa9c9", "#a3c9a8", "#c8553d", "#f2c6b4",
)  # fmt: skip


LOWS = ("#3b4a6b", "#4f5d75", "#6b705c", "#7d5a50", "#2f4858", "#a4553d", "#56688a", "#394150", "#8a6f9e")


SHOES = ("#e4572e", "#f4efe6", "#3d4257", "#2e8b7a", "#d66ba0", "#f2a541", "#6d4c41")


SCARVES = ("#7a9e9f", "#b56576", "#5b7db1", "#e5b25d", "#8e7dbe", "#3f7d6e", "#d88c9a", "#f0ead8")


_SHORT: tuple[Style, ...] = ("short", "side", "crop", "spiky", "curly", "short", "side")


_LONG: tuple[Style, ...] = ("bob", "long", "pony", "pigtails", "braids", "bun", "waves", "bob", "long", "buns")


@dataclass(frozen=True, slots=True)
class Look:
    skin: str
    hair: str
    style: Style
    top: str
    accent: str
    low: str
    shoes: str
    pattern: str = ""
    bottom: str = "trousers"
    tights: str = ""
    long_sleeves: bool = True
    collar: bool = False
    glasses: str = ""
    freckles: bool = False
    wheels: bool = False
    grown: bool = False
    beard: bool = False
    sleeves: str = ""

    @property
    def sleeve(self) -> str:
        return self.sleeves or dark(self.top, 0.07)


def some_look(dice: Random, **fixed: object) -> Look:
    """A child as any class has one; `fixed` settles fields."""
    tone = dice.choices(range(8), weights=(5, 6, 5, 4, 4, 4, 4, 3))[0]
    hair = dice.choice(FAIR_HAIR if tone < 3 else DARK_HAIR)
    longer = dice.random() < 0.52
    style: Style = dice.choice(_LONG if longer else _SHORT)
    if tone >= 5 and dice.random() < 0.55:
        style = dice.choice(("afro", "buns", "braids") if longer else ("afro", "crop", "curly"))
    if longer and 1 <= tone <= 6 and dice.random() < 0.17:
        style, hair = "scarf", dice.choice(SCARVES)
    elif not longer and 2 <= tone <= 5 and dice.random() < 0.05:
        style, hair = "turban", dice.choice(SCARVES[:6])
    top, accent = dice.sample(CLOTHES, 2)
    bottom = dice.choices(
        ("trousers", "shorts", "skirt", "dress", "dungarees"), weights=(6, 2, 3, 3, 2) if longer else (8, 4, 0, 0, 2)
    )[0]
    if style == "scarf":
        bottom = dice.choice(("trousers", "skirt", "dress"))
    look = Look(
        skin=SKINS[tone],
        hair=hair,
        style=style,
        top=top,
        accent=accent,
        low=dice.choice([low for low in LOWS if low != top]),
        shoes=dice.choice(SHOES),
        pattern=dice.choice(("", "", "stripes", "band", "dots", "star", "heart", "sun", "buttons")),
        bottom=bottom,
        tights=(dice.choice(("", dark(accent, 0.2), "#4a4e69", "#f4efe6")) if bottom in ("skirt", "dress") else ""),
        long_sleeves=dice.random() < 0.6 or style == "scarf",
        collar=dice.random() < 0.2,
        glasses=dice.choice(("#3d4257", "#c8553d", "#3a7ca5", "#8e5ea2")) if dice.random() < 0.18 else "",
        freckles=tone < 2 and dice.random() < 0.3,
    )
    if style == "scarf" and not look.tights:
        look = replace(look, tights="#4a4e69")
    return replace(look, **fixed)  # type: ignore[arg-type]


def some_teacher(dice: Random, **fixed: object) -> Look:
    look = some_look(dice, grown=True, shoes="#4a3b36", pattern=dice.choice(("", "buttons", "")), freckles=False)
    if look.bottom in ("shorts", "dungarees"):
        look = replace(look, bottom="trousers")
    if look.style in ("pigtails", "buns", "spiky"):
        look = replace(look, style=dice.choice(("bun", "bob", "side")))
    if look.style in ("short", "side", "crop", "turban"):
        look = replace(look, beard=dice.random() < 0.6)
    return replace(look, **fixed)  # type: ignore[arg-type]
