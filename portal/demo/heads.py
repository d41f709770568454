"""Faces, hair and hats. A head is drawn around (0, 0) and about 84 wide."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Literal

from portal.demo.svg import at, circ, dark, light, line, n, oval, path, poly, rect, ring, star

Mood = Literal["smile", "laugh", "happy", "calm", "wow"]
Style = Literal[
    "short", "side", "crop", "spiky", "curly", "afro", "bob", "long", "pony", "pigtails", "braids", "bun", "buns",
    "waves", "scarf", "turban",
]  # fmt: skip
Kind = Literal[
    "cap", "wool", "helmet", "swim", "party", "chef", "crown", "wizard", "sun", "cat", "pirate", "flower", "bear", "medal"
]
Hat = tuple[Kind, str]

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
INK = "#35262b"


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
        tights=dice.choice(("", dark(accent, 0.2), "#4a4e69", "#f4efe6")) if bottom in ("skirt", "dress") else "",
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


_FRINGES = {
    "short": "M-45 4C-50 -64 50 -64 45 4C42 -10 38 -22 22 -26C4 -20 -14 -20 -30 -24C-38 -18 -42 -8 -45 4Z",
    "side": "M-45 4C-52 -64 50 -66 45 6C43 -12 34 -24 8 -30C-4 -16 -24 -10 -39 -10C-42 -6 -44 0 -45 4Z",
    "crop": "M-43 -6C-46 -60 46 -60 43 -6C40 -26 22 -32 0 -32C-22 -32 -40 -26 -43 -6Z",
    "full": "M-46 8C-52 -64 52 -64 46 8L40 -6C38 -16 34 -19 27 -19L-27 -19C-34 -19 -38 -16 -40 -6Z",
    "parted": "M-46 8C-52 -66 52 -66 46 8C43 -12 26 -24 2 -35C-22 -26 -42 -14 -46 8Z",
}


def back_hair(look: Look, hat: Hat | None) -> str:
    """What of the hair lies behind the head (or, seen from behind, over the back)."""
    colour, low = look.hair, dark(look.hair, 0.13)
    style = look.style
    if style == "scarf":
        return path("M-50 -4C-52 -62 52 -62 50 -4C54 24 46 46 34 56L-34 56C-46 46 -54 24 -50 -4Z", low)
    if hat and hat[0] in ("swim", "helmet"):
        return ""
    if style == "bob":
        return path("M-50 0C-52 -58 52 -58 50 0L50 26C50 38 40 40 30 38L-30 38C-40 40 -50 38 -50 26Z", low)
    if style == "long":
        return path("M-49 0C-52 -58 52 -58 49 0C54 40 54 70 46 84Q24 92 0 88Q-24 92 -46 84C-54 70 -54 40 -49 0Z", low)
    if style == "waves":
        return path(
            "M-47 -4C-50 -56 50 -56 47 -4C62 8 54 22 60 34C66 48 54 56 54 66C40 78 22 70 0 72C-22 70 -40 78 -54 66"
            "C-54 56 -66 48 -60 34C-54 22 -62 8 -47 -4Z",
            low,
        )
    if style == "pony":
        tail = path("M30 -34C66 -44 84 -8 72 34C66 48 58 46 58 36C60 12 52 -8 30 -12Z", low)
        return tail + circ(40, -26, 8, look.accent)
    if style == "pigtails":
        one = path("M0 0C26 -8 34 24 22 44C14 52 6 48 6 38C8 24 4 12 0 8Z", low) + circ(2, 3, 7, look.accent)
        return at(40, -2, one) + at(-40, -2, one, flip=True)
    if style == "braids":
        out = ""
        for side in (-1, 1):
            out += "".join(oval(side * (44 + i * 2), 16 + i * 16, 11 - i * 0.6, 11, low) for i in range(5))
            out += circ(side * 54, 92, 6, look.accent)
        return out
    if style == "bun":
        return circ(0, -54, 22, low) + circ(-5, -60, 7, light(low, 0.15))
    if style == "buns":
        return "".join(circ(side * 34, -42, 20, low) + circ(side * 36, -47, 6, light(low, 0.15)) for side in (-1, 1))
    if style == "afro":
        return circ(0, -14, 60, low) + "".join(circ(x, y, 20, low) for x, y in ((-48, 12), (48, 12), (-44, -44), (44, -44), (0, -62)))
    if style == "curly":
        return "".join(circ(x, y, 17, low) for x, y in ((-44, -8), (-40, -32), (-20, -48), (4, -52), (26, -46), (42, -28), (45, -6)))
    return ""


def head(look: Look, mood: Mood, turn: float, back: bool, hat: Hat | None) -> str:
    skin, hair = look.skin, look.hair
    if back:
        return _from_behind(look, hat)
    shape = path("M-42 -6C-44 -58 44 -58 42 -6C42 28 24 44 0 44C-24 44 -42 28 -42 -6Z", skin)
    ears = "" if look.style in ("scarf", "bob", "long", "waves") else "".join(
        circ(side * 42, 4, 9, skin) + circ(side * 43, 4, 4, dark(skin, 0.14)) for side in (-1, 1)
    )  # fmt: skip
    return ears + shape + _beard(look) + _face(look, mood, turn) + _front_hair(look, hat) + _hat(hat, hair)


def _beard(look: Look) -> str:
    if not look.beard:
        return ""
    hair = look.hair if look.style != "turban" else "#2b2125"
    return path("M-43 2C-40 20 -28 14 -16 12C-6 8 6 8 16 12C28 14 40 20 43 2C44 36 24 52 0 52C-24 52 -44 36 -43 2Z", hair)


def _face(look: Look, mood: Mood, turn: float) -> str:
    x = turn * 9
    deep = look.skin in SKINS[5:]
    brow = dark(look.hair, 0.3) if look.style not in ("scarf", "turban") else INK
    blush = "#e8505b" if not deep else "#d9483b"
    out = "".join(oval(x + side * 26, 17, 9, 6.5, blush, 0.28) for side in (-1, 1))
    for side in (-1, 1):
        ex = x + side * 16
        if mood == "happy":
            out += path(f"M{n(ex - 6)} 6Q{n(ex)} -4 {n(ex + 6)} 6", stroke=INK, width=3.6)
        elif mood == "calm":
            out += path(f"M{n(ex - 6)} 4Q{n(ex)} 10 {n(ex + 6)} 4", stroke=INK, width=3.4)
        else:
            out += oval(ex, 3, 4.6, 6 if mood != "wow" else 7, INK) + circ(ex + 1.6, 0.6, 1.6, "#ffffff")
        lift = -4 if mood == "wow" else 0
        out += path(f"M{n(ex - 6)} {n(-9 + lift)}Q{n(ex)} {n(-13 + lift)} {n(ex + 6)} {n(-9 + lift)}", stroke=brow, width=2.8, o=0.8)
    out += path(f"M{n(x * 1.3 - 3)} 12Q{n(x * 1.3)} 15 {n(x * 1.3 + 3)} 12", stroke=dark(look.skin, 0.32), width=2.8)
    if mood in ("laugh", "happy"):
        out += path(f"M{n(x - 12)} 21Q{n(x)} 23 {n(x + 12)} 21Q{n(x + 10)} 35 {n(x)} 35Q{n(x - 10)} 35 {n(x - 12)} 21Z", "#8c2f39")
        out += path(f"M{n(x - 10)} 22Q{n(x)} 24 {n(x + 10)} 22L{n(x + 9)} 26Q{n(x)} 27 {n(x - 9)} 26Z", "#ffffff")
    elif mood == "wow":
        out += oval(x, 26, 5.5, 6.5, "#8c2f39")
    else:
        deepness = 31 if mood == "smile" else 27
        out += path(f"M{n(x - 10)} 22Q{n(x)} {deepness} {n(x + 10)} 22", stroke="#8c2f39", width=3.4)
    if look.freckles:
        out += "".join(circ(x + a, b, 1.3, "#c77b4a") for a, b in ((-30, 13), (-24, 11), (-20, 15), (20, 15), (24, 11), (30, 13)))
    if look.glasses:
        out += "".join(ring(x + side * 16, 4, 13, look.glasses, 3.2) for side in (-1, 1))
        out += line([(x - 3, 3), (x + 3, 3)], look.glasses, 3.2)
    return out


def _front_hair(look: Look, hat: Hat | None) -> str:
    hair, style = look.hair, look.style
    if style == "scarf":
        return _scarf(look)
    if style == "turban":
        wrap = path("M-46 -8C-58 -70 58 -70 46 -8C30 -30 12 -30 0 -40C-12 -30 -30 -30 -46 -8Z", hair)
        folds = path("M-44 -20C-24 -50 6 -56 30 -58M44 -20C24 -46 0 -50 -24 -56", stroke=dark(hair, 0.15), width=3)
        return wrap + folds
    if hat and hat[0] in ("swim", "helmet"):
        return ""
    kind = {"pony": "parted", "pigtails": "parted", "braids": "parted", "bob": "full", "long": "parted", "waves": "side", "bun": "side", "buns": "full"}.get(style, style)
    shine = path("M-28 -34Q-14 -46 6 -46", stroke=light(hair, 0.35), width=4, o=0.5)
    if style == "spiky":
        return path("M-45 2L-48 -22L-40 -28L-42 -46L-28 -42L-24 -60L-8 -50L4 -64L14 -50L30 -56L31 -42L44 -42L41 -26L48 -18L45 2C40 -16 32 -24 20 -22L8 -16L-2 -24L-14 -16L-26 -22C-36 -20 -42 -10 -45 2Z", hair)
    if style in ("curly", "afro"):
        rows = ((-38, -18), (-26, -32), (-10, -37), (8, -37), (24, -32), (38, -18), (-16, -24), (2, -27), (18, -23))
        return "".join(circ(x, y - 4, 12.5, hair) for x, y in rows)
    return path(_FRINGES[kind], hair) + shine


def _scarf(look: Look) -> str:
    # The cloth frames the face: a ring around it, falling to the shoulders.
    cloth, fold = look.hair, dark(look.hair, 0.14)
    frame = "M-50 -2C-54 -66 54 -66 50 -2C54 24 46 48 30 58L-30 58C-46 48 -54 24 -50 -2ZM-35 0C-34 30 -16 41 0 41C16 41 34 30 35 0C34 -34 16 -39 0 -39C-16 -39 -34 -34 -35 0Z"
    shape = f'<path d="{frame}" fill="{cloth}" fill-rule="evenodd"/>'
    return shape + path("M-44 14C-38 40 -18 50 6 50M38 24C32 40 22 48 8 52", stroke=fold, width=3)


def _from_behind(look: Look, hat: Hat | None) -> str:
    skin, hair, style = look.skin, look.hair, look.style
    ears = "" if style == "scarf" else "".join(circ(side * 41, 4, 8, skin) for side in (-1, 1))
    base = path("M-42 -6C-44 -58 44 -58 42 -6C42 28 24 44 0 44C-24 44 -42 28 -42 -6Z", skin if style != "scarf" else hair)
    drop = 30 if style in ("short", "side", "crop", "spiky", "curly", "afro", "turban") else 44
    cover = path(f"M-44 -6C-48 -62 48 -62 44 -6C44 {drop - 12} 28 {drop} 0 {drop}C-28 {drop} -44 {drop - 12} -44 -6Z", hair)
    swirl = path("M-16 -24Q0 -36 14 -22", stroke=light(hair, 0.3), width=4, o=0.5)
    return ears + base + cover + swirl + _hat(hat, hair)


def _hat(hat: Hat | None, hair: str) -> str:
    if hat is None:
        return ""
    kind, colour = hat
    low = dark(colour, 0.18)
    if kind == "cap":
        return path("M-46 -16C-48 -66 48 -66 46 -16Z", colour) + path("M-6 -22C24 -34 60 -22 64 -12C44 -16 20 -12 -6 -12Z", low) + circ(0, -54, 5, low)
    if kind == "wool":
        dome = path("M-47 -14C-50 -72 50 -72 47 -14Z", colour) + circ(0, -62, 14, light(colour, 0.7))
        knit = "".join(line([(x, -54 + abs(x) * 0.25), (x * 1.15, -28)], low, 3, 0.5) for x in (-26, -9, 9, 26))
        return dome + knit + rect(-50, -28, 100, 18, light(colour, 0.55), 8)
    if kind == "helmet":
        dome = path("M-50 -8C-54 -70 54 -70 50 -8Q0 -24 -50 -8Z", colour)
        vents = "".join(oval(x, -38, 5, 13, low, turn=x * 0.5) for x in (-24, 0, 24))
        return dome + vents + path("M-44 -6Q-34 34 -4 45M44 -6Q34 34 4 45", stroke="#3d4257", width=3.5)
    if kind == "swim":
        goggles = line([(-46, -20), (46, -20)], "#3d4257", 5) + "".join(oval(s * 17, -22, 13, 8, "#bfe3f2") + oval(s * 17, -22, 13, 8, "#2f4858", 0.25) for s in (-1, 1))
        return path("M-45 -6C-48 -62 48 -62 45 -6Q0 -22 -45 -6Z", colour) + path("M-8 -48Q0 -50 6 -18", stroke=light(colour, 0.5), width=5) + goggles
    if kind == "party":
        return poly([(-24, -38), (24, -38), (2, -104)], colour) + "".join(circ(x, y, 4.5, light(colour, 0.75)) for x, y in ((-8, -48), (10, -52), (0, -70))) + circ(2, -104, 9, "#f6c85f")
    if kind == "chef":
        puff = "".join(circ(x, y, 22, "#fffdf6") for x, y in ((-26, -66), (0, -76), (26, -66)))
        return puff + rect(-34, -66, 68, 34, "#fffdf6", 4) + rect(-36, -42, 72, 14, light(colour, 0.2), 4)
    if kind == "crown":
        points = [(-36, -34), (-40, -72), (-20, -54), (0, -80), (20, -54), (40, -72), (36, -34)]
        return poly(points, colour) + circ(0, -46, 5, "#e4572e") + circ(-20, -44, 4, "#3a7ca5") + circ(20, -44, 4, "#3a7ca5")
    if kind == "wizard":
        return poly([(-32, -38), (32, -38), (14, -116)], colour) + oval(0, -36, 58, 11, low) + star(2, -62, 10, "#f6c85f") + star(12, -88, 6, "#f6c85f")
    if kind == "sun":
        return oval(0, -24, 66, 13, low) + path("M-40 -26C-40 -68 40 -68 40 -26Q0 -18 -40 -26Z", colour) + path("M-40 -32Q0 -22 40 -32", stroke="#e4572e", width=6)
    if kind in ("cat", "bear"):
        ear = poly([(-12, 0), (12, 0), (0, -32)], colour) + poly([(-6, -3), (6, -3), (0, -20)], "#f2b5c4")
        if kind == "bear":
            ear = circ(0, -8, 17, colour) + circ(0, -7, 9, "#e8c39e")
        return path("M-44 -14Q0 -66 44 -14", stroke=low, width=7) + at(-30, -38, ear, 1, -18) + at(30, -38, ear, 1, 18)
    if kind == "pirate":
        return path("M-60 -28C-34 -44 -26 -74 0 -74C26 -74 34 -44 60 -28C24 -38 -24 -38 -60 -28Z", colour) + circ(0, -54, 9, "#fffdf6") + line([(-9, -43), (9, -39)], "#fffdf6", 3)
    if kind == "flower":
        return "".join(circ(x, -36 - (30 - abs(x)) * 0.35, 9, c) + circ(x, -36 - (30 - abs(x)) * 0.35, 3.5, "#f6c85f") for x, c in ((-34, "#ef7f7f"), (-17, "#fffdf6"), (0, colour), (17, "#fffdf6"), (34, "#ef7f7f")))
    return ""
