"""Heads and faces. A head is drawn around (0, 0) and about 84 wide."""

from __future__ import annotations

from typing import Literal

from portal.demo.drawing.hair import front_hair
from portal.demo.drawing.hats import Hat, draw_hat
from portal.demo.drawing.looks import SKINS, Look
from portal.demo.drawing.svg import circ, dark, light, line, n, oval, path, ring

Mood = Literal["smile", "laugh", "happy", "calm", "wow"]


INK = "#35262b"


def head(look: Look, mood: Mood, turn: float, back: bool, hat: Hat | None) -> str:
    skin = look.skin
    if back:
        return _from_behind(look, hat)
    shape = path("M-42 -6C-44 -58 44 -58 42 -6C42 28 24 44 0 44C-24 44 -42 28 -42 -6Z", skin)
    ears = "" if look.style in ("scarf", "bob", "long", "waves") else "".join(
        circ(side * 42, 4, 9, skin) + circ(side * 43, 4, 4, dark(skin, 0.14)) for side in (-1, 1)
    )  # fmt: skip
    return ears + shape + _beard(look) + _face(look, mood, turn) + front_hair(look, hat) + draw_hat(hat)


def _beard(look: Look) -> str:
    if not look.beard:
        return ""
    hair = look.hair if look.style != "turban" else "#2b2125"
    return path(
        "M-43 2C-40 20 -28 14 -16 12C-6 8 6 8 16 12C28 14 40 20 43 2C44 36 24 52 0 52C-24 52 -44 36 -43 2Z", hair
    )


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
        out += path(
            f"M{n(ex - 6)} {n(-9 + lift)}Q{n(ex)} {n(-13 + lift)} {n(ex + 6)} {n(-9 + lift)}",
            stroke=brow,
            width=2.8,
            o=0.8,
        )
    out += path(f"M{n(x * 1.3 - 3)} 12Q{n(x * 1.3)} 15 {n(x * 1.3 + 3)} 12", stroke=dark(look.skin, 0.32), width=2.8)
    if mood in ("laugh", "happy"):
        out += path(
            f"M{n(x - 12)} 21Q{n(x)} 23 {n(x + 12)} 21Q{n(x + 10)} 35 {n(x)} 35Q{n(x - 10)} 35 {n(x - 12)} 21Z",
            "#8c2f39",
        )
        out += path(f"M{n(x - 10)} 22Q{n(x)} 24 {n(x + 10)} 22L{n(x + 9)} 26Q{n(x)} 27 {n(x - 9)} 26Z", "#ffffff")
    elif mood == "wow":
        out += oval(x, 26, 5.5, 6.5, "#8c2f39")
    else:
        deepness = 31 if mood == "smile" else 27
        out += path(f"M{n(x - 10)} 22Q{n(x)} {deepness} {n(x + 10)} 22", stroke="#8c2f39", width=3.4)
    if look.freckles:
        out += "".join(
            circ(x + a, b, 1.3, "#c77b4a") for a, b in ((-30, 13), (-24, 11), (-20, 15), (20, 15), (24, 11), (30, 13))
        )
    if look.glasses:
        out += "".join(ring(x + side * 16, 4, 13, look.glasses, 3.2) for side in (-1, 1))
        out += line([(x - 3, 3), (x + 3, 3)], look.glasses, 3.2)
    return out


def _from_behind(look: Look, hat: Hat | None) -> str:
    skin, hair, style = look.skin, look.hair, look.style
    ears = "" if style == "scarf" else "".join(circ(side * 41, 4, 8, skin) for side in (-1, 1))
    base = path(
        "M-42 -6C-44 -58 44 -58 42 -6C42 28 24 44 0 44C-24 44 -42 28 -42 -6Z", skin if style != "scarf" else hair
    )
    drop = 30 if style in ("short", "side", "crop", "spiky", "curly", "afro", "turban") else 44
    cover = path(
        f"M-44 -6C-48 -62 48 -62 44 -6C44 {drop - 12} 28 {drop} 0 {drop}C-28 {drop} -44 {drop - 12} -44 -6Z", hair
    )
    swirl = path("M-16 -24Q0 -36 14 -22", stroke=light(hair, 0.3), width=4, o=0.5)
    return ears + base + cover + swirl + draw_hat(hat)
