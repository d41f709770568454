"""What children wear on their heads, drawn around the head at (0, 0)."""

from __future__ import annotations

from typing import Literal

from portal.demo.drawing.svg import at, circ, dark, light, line, oval, path, poly, rect, star

Kind = Literal[
    "cap",
    "wool",
    "helmet",
    "swim",
    "party",
    "chef",
    "crown",
    "wizard",
    "sun",
    "cat",
    "pirate",
    "flower",
    "bear",
    "medal",
]


Hat = tuple[Kind, str]


def draw_hat(hat: Hat | None) -> str:
    if hat is None:
        return ""
    kind, colour = hat
    low = dark(colour, 0.18)
    if kind == "cap":
        return (
            path("M-46 -16C-48 -66 48 -66 46 -16Z", colour)
            + path("M-6 -22C24 -34 60 -22 64 -12C44 -16 20 -12 -6 -12Z", low)
            + circ(0, -54, 5, low)
        )
    if kind == "wool":
        dome = path("M-47 -14C-50 -72 50 -72 47 -14Z", colour) + circ(0, -62, 14, light(colour, 0.7))
        knit = "".join(line([(x, -54 + abs(x) * 0.25), (x * 1.15, -28)], low, 3, 0.5) for x in (-26, -9, 9, 26))
        return dome + knit + rect(-50, -28, 100, 18, light(colour, 0.55), 8)
    if kind == "helmet":
        dome = path("M-50 -8C-54 -70 54 -70 50 -8Q0 -24 -50 -8Z", colour)
        vents = "".join(oval(x, -38, 5, 13, low, turn=x * 0.5) for x in (-24, 0, 24))
        return dome + vents + path("M-44 -6Q-34 34 -4 45M44 -6Q34 34 4 45", stroke="#3d4257", width=3.5)
    if kind == "swim":
        goggles = line([(-46, -20), (46, -20)], "#3d4257", 5) + "".join(
            oval(s * 17, -22, 13, 8, "#bfe3f2") + oval(s * 17, -22, 13, 8, "#2f4858", 0.25) for s in (-1, 1)
        )
        return (
            path("M-45 -6C-48 -62 48 -62 45 -6Q0 -22 -45 -6Z", colour)
            + path("M-8 -48Q0 -50 6 -18", stroke=light(colour, 0.5), width=5)
            + goggles
        )
    if kind == "party":
        return (
            poly([(-24, -38), (24, -38), (2, -104)], colour)
            + "".join(circ(x, y, 4.5, light(colour, 0.75)) for x, y in ((-8, -48), (10, -52), (0, -70)))
            + circ(2, -104, 9, "#f6c85f")
        )
    if kind == "chef":
        puff = "".join(circ(x, y, 22, "#fffdf6") for x, y in ((-26, -66), (0, -76), (26, -66)))
        return puff + rect(-34, -66, 68, 34, "#fffdf6", 4) + rect(-36, -42, 72, 14, light(colour, 0.2), 4)
    if kind == "crown":
        points = [(-36, -34), (-40, -72), (-20, -54), (0, -80), (20, -54), (40, -72), (36, -34)]
        return (
            poly(points, colour)
            + circ(0, -46, 5, "#e4572e")
            + circ(-20, -44, 4, "#3a7ca5")
            + circ(20, -44, 4, "#3a7ca5")
        )
    if kind == "wizard":
        return (
            poly([(-32, -38), (32, -38), (14, -116)], colour)
            + oval(0, -36, 58, 11, low)
            + star(2, -62, 10, "#f6c85f")
            + star(12, -88, 6, "#f6c85f")
        )
    if kind == "sun":
        return (
            oval(0, -24, 66, 13, low)
            + path("M-40 -26C-40 -68 40 -68 40 -26Q0 -18 -40 -26Z", colour)
            + path("M-40 -32Q0 -22 40 -32", stroke="#e4572e", width=6)
        )
    if kind in ("cat", "bear"):
        ear = poly([(-12, 0), (12, 0), (0, -32)], colour) + poly([(-6, -3), (6, -3), (0, -20)], "#f2b5c4")
        if kind == "bear":
            ear = circ(0, -8, 17, colour) + circ(0, -7, 9, "#e8c39e")
        return path("M-44 -14Q0 -66 44 -14", stroke=low, width=7) + at(-30, -38, ear, 1, -18) + at(30, -38, ear, 1, 18)
    if kind == "pirate":
        return (
            path("M-60 -28C-34 -44 -26 -74 0 -74C26 -74 34 -44 60 -28C24 -38 -24 -38 -60 -28Z", colour)
            + circ(0, -54, 9, "#fffdf6")
            + line([(-9, -43), (9, -39)], "#fffdf6", 3)
        )
    if kind == "flower":
        return "".join(
            circ(x, -36 - (30 - abs(x)) * 0.35, 9, c) + circ(x, -36 - (30 - abs(x)) * 0.35, 3.5, "#f6c85f")
            for x, c in ((-34, "#ef7f7f"), (-17, "#fffdf6"), (0, colour), (17, "#fffdf6"), (34, "#ef7f7f"))
        )
    return ""
