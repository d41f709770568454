"""Bigger things that stand in a scene, from an easel to a bus. Each stands on (0, 0)."""

from __future__ import annotations

from random import Random

from portal.demo.drawing.svg import at, circ, dark, light, line, mix, n, oval, path, poly, rect, ring, star
from portal.demo.drawing.things import BRIGHT


def easel(canvas: str, s: float = 1) -> str:
    """An easel standing at (0, 0) with a painting on it."""
    legs = (
        line([(-70, 0), (-8, -330)], "#b07d4f", 13)
        + line([(70, 0), (8, -330)], "#b07d4f", 13)
        + line([(0, -20), (0, -330)], "#8f6238", 11)
    )
    return at(0, 0, legs + canvas + rect(-92, -128, 184, 14, "#8f6238", 4), s)


def easel_art(dice: Random) -> str:
    base = dice.choice(("#fffdf6", "#dff1f7", "#fdf1c9"))
    out = rect(-84, -296, 168, 168, "#fffdf6", 4) + rect(-76, -288, 152, 152, base)
    for _ in range(7):
        colour, x, y = dice.choice(BRIGHT), dice.uniform(-54, 54), dice.uniform(-266, -160)
        out += dice.choice(
            (
                circ(x, y, dice.uniform(9, 24), colour, 0.9),
                path(f"M{n(x - 24)} {n(y)}q12 -26 24 0t24 0", stroke=colour, width=10, o=0.9),
                star(x, y, 18, colour),
            )
        )
    return out


def cake(s: float = 1, candles: int = 6, colour: str = "#f2b5c4") -> str:
    out = oval(0, 4, 150, 22, "#d8cdbd") + rect(-120, -96, 240, 96, "#e8b878", 12) + rect(-120, -60, 240, 16, "#fffdf6")
    drip = (
        "M-122 -98Q-122 -122 -100 -122L100 -122Q122 -122 122 -98L122 -74Q110 -54 98 -76Q84 -92 70 -72Q56 -50"
        " 42 -74Q28 -94 14 -72Q0 -48 -14 -74Q-28 -94 -42 -72Q-56 -50 -70 -74Q-84 -92 -98 -72Q-112 -54 -122"
        " -74Z"
    )
    out += path(drip, colour) + "".join(circ(-90 + k * 30, -22, 8, BRIGHT[k % 8]) for k in range(7))
    for k in range(candles):
        x = -84 + k * 168 / max(candles - 1, 1)
        out += (
            rect(x - 5, -168, 10, 48, BRIGHT[(k * 3) % 8], 3)
            + path(f"M{n(x)} -198Q{n(x + 12)} -178 {n(x)} -172Q{n(x - 12)} -178 {n(x)} -198Z", "#f6a821")
            + circ(x, -180, 26, "#fff3c4", 0.35)
        )
    return at(0, 0, out, s)


def computer(screen: str, s: float = 1) -> str:
    """A screen seen from behind would be dull: this one faces us."""
    out = (
        rect(-14, -46, 28, 44, "#8d97a8")
        + rect(-52, -8, 104, 10, "#8d97a8", 5)
        + rect(-112, -196, 224, 154, "#3d4257", 12)
    )
    return at(0, 0, out + rect(-100, -184, 200, 126, "#dff1f7", 6) + at(0, -121, screen), s)


def screens(dice: Random) -> str:
    """What can be seen on a screen: a game, blocks of code, a drawing."""
    kind = dice.randrange(4)
    if kind == 0:
        return "".join(
            rect(-84 + dice.choice((0, 18, 36)), -52 + k * 20, dice.uniform(50, 110), 14, dice.choice(BRIGHT), 5)
            for k in range(5)
        )
    if kind == 1:
        return (
            rect(-100, 30, 200, 33, "#8cc152")
            + circ(60, -34, 16, "#f6c85f")
            + rect(-60, -4, 38, 38, "#e4572e", 6)
            + star(20, 4, 18, "#f2a541")
        )
    if kind == 2:
        return "".join(at(0, 0, oval(0, -28, 13, 26, BRIGHT[k]), 1, k * 60) for k in range(6)) + circ(
            0, 0, 12, "#f6c85f"
        )
    return poly([(-90, 50), (-30, -30), (10, 20), (40, -10), (90, 50)], "#5aa9c9") + circ(50, -38, 14, "#f6c85f")


def robot(colour: str, s: float = 1) -> str:
    out = (
        rect(-48, -18, 30, 18, "#3d4257", 8)
        + rect(18, -18, 30, 18, "#3d4257", 8)
        + rect(-50, -92, 100, 80, colour, 16)
        + rect(-34, -150, 68, 54, light(colour, 0.35), 14)
    )
    out += (
        circ(-14, -124, 9, "#fffdf6")
        + circ(14, -124, 9, "#fffdf6")
        + circ(-13, -123, 5, "#35262b")
        + circ(15, -123, 5, "#35262b")
        + rect(-14, -110, 28, 5, "#35262b", 2)
    )
    out += (
        line([(0, -150), (0, -176)], "#8d97a8", 5)
        + circ(0, -180, 9, "#e4572e")
        + circ(-18, -58, 9, "#f6c85f")
        + circ(8, -58, 9, "#76b041")
        + rect(-30, -40, 60, 10, dark(colour, 0.2), 5)
    )
    return at(0, 0, out + line([(-50, -70), (-76, -48)], "#8d97a8", 9) + line([(50, -70), (76, -90)], "#8d97a8", 9), s)


def bicycle(colour: str, s: float = 1) -> str:
    """A bicycle standing at (0, 0), riding to the right; the saddle is at (-34, -150)."""
    wheels = "".join(
        ring(x, -62, 56, "#3d4257", 10)
        + ring(x, -62, 8, "#8d97a8", 6)
        + "".join(at(x, -62, line([(0, -50), (0, 50)], "#b8c0cc", 2), 1, k * 36) for k in range(5))
        for x in (-104, 104)
    )
    frame = path(
        "M-104 -62L-40 -128L64 -132L4 -62L-104 -62M4 -62L-46 -148M64 -132L104 -62M64 -132L58 -170",
        stroke=colour,
        width=11,
    )
    return at(
        0,
        0,
        oval(0, 0, 160, 11, "#1d1b3a", 0.13)
        + wheels
        + frame
        + rect(-66, -160, 50, 14, "#3d4257", 7)
        + path("M40 -168L74 -176L86 -162", stroke="#3d4257", width=9)
        + circ(4, -62, 13, dark(colour, 0.3)),
        s,
    )


def tent(colour: str, s: float = 1) -> str:
    out = (
        oval(0, 0, 240, 16, "#1d1b3a", 0.2)
        + poly([(-220, 0), (220, 0), (0, -240)], colour)
        + poly([(0, -240), (220, 0), (130, 0)], dark(colour, 0.15))
    )
    return at(
        0,
        0,
        out
        + poly([(-66, 0), (66, 0), (0, -150)], "#3a2f4a")
        + poly([(-66, 0), (-20, 0), (0, -150)], light(colour, 0.35))
        + line([(0, -240), (0, -262)], "#6d4c3a", 6),
        s,
    )


def fire(s: float = 1, glow: str = "") -> str:
    out = circ(0, -60, 330, glow) if glow else ""
    out += "".join(at(0, 0, rect(-90, -14, 180, 26, "#6d4c3a", 12), 1, turn) for turn in (-14, 14))
    for size, colour in ((1, "#e4572e"), (0.72, "#f2a541"), (0.44, "#fbe08a")):
        out += at(
            0,
            -8,
            path(
                "M0 -170C30 -120 66 -96 60 -44C56 -8 28 0 0 0C-28 0 -56 -8 -60 -44C-62 -82 -34 -84 -28"
                " -118C-14 -104 -10 -120 0 -170Z",
                colour,
            ),
            size,
        )
    return at(0, 0, out, s)


def bus(colour: str, s: float = 1) -> str:
    """A school bus without its passengers; wheels on (0, 0), windows from -330 to -190."""
    out = (
        oval(0, 0, 520, 22, "#1d1b3a", 0.15)
        + rect(-500, -370, 1000, 340, colour, 46)
        + rect(-500, -150, 1000, 22, dark(colour, 0.18))
        + rect(-470, -350, 880, 18, light(colour, 0.45), 9)
    )
    out += (
        "".join(rect(-452 + k * 156, -322, 132, 146, "#cfe8f5", 16) for k in range(5))
        + rect(344, -322, 134, 282, "#cfe8f5", 16)
        + line([(411, -318), (411, -44)], dark(colour, 0.2), 7)
    )
    for x in (-300, 250):
        out += circ(x, -34, 68, dark(colour, 0.25)) + circ(x, -34, 56, "#3d4257") + circ(x, -34, 25, "#c9d1dc")
    return at(0, 0, out + circ(484, -92, 17, "#fff3c4") + rect(-508, -76, 26, 30, "#e4572e", 8), s)


def globe(s: float = 1) -> str:
    land = path(
        "M-50 -34Q-20 -60 4 -44Q10 -24 -14 -16Q-26 8 -48 -6ZM14 0Q40 -16 58 6Q50 44 24 52Q6 30 14 0ZM20"
        " -62Q44 -60 54 -40Q36 -30 24 -42Z",
        "#76b041",
    )
    return at(
        0,
        0,
        path("M-30 0Q0 -20 30 0Z", "#8f6238")
        + rect(-44, -4, 88, 12, "#8f6238", 6)
        + path("M-64 -46A78 78 0 0 0 64 -46", stroke="#b07d4f", width=10)
        + at(0, -98, circ(0, 0, 70, "#5aa9c9") + land + oval(-24, -28, 16, 24, "#ffffff", 0.25, 30)),
        s,
    )


def cone_marker(s: float = 1) -> str:
    return at(
        0,
        0,
        rect(-32, -8, 64, 10, "#c8442a", 3)
        + poly([(-22, -8), (22, -8), (6, -74), (-6, -74)], "#e4572e")
        + poly([(-16, -30), (16, -30), (11, -50), (-11, -50)], "#fffdf6"),
        s,
    )


def backpack(colour: str, s: float = 1) -> str:
    out = (
        rect(-42, -96, 84, 96, colour, 24)
        + rect(-32, -44, 64, 38, dark(colour, 0.15), 10)
        + rect(-32, -88, 64, 30, light(colour, 0.25), 12)
        + rect(-6, -62, 12, 22, "#f6c85f", 4)
    )
    return at(0, 0, path("M-18 -94Q0 -122 18 -94", stroke=dark(colour, 0.3), width=8) + out, s)


def snowman(s: float = 1, scarf: str = "#e4572e") -> str:
    out = (
        oval(0, 0, 130, 18, "#5b7db1", 0.2)
        + circ(0, -90, 100, "#ffffff")
        + circ(0, -236, 74, "#ffffff")
        + circ(0, -352, 56, "#ffffff")
    )
    out += path("M-90 -60A100 100 0 0 0 60 -10A110 110 0 0 1 -90 -60Z", "#b8cfe4", o=0.5) + "".join(
        circ(0, y, 9, "#35262b") for y in (-272, -236, -200)
    )
    out += (
        circ(-18, -366, 7, "#35262b")
        + circ(18, -366, 7, "#35262b")
        + poly([(0, -356), (0, -340), (58, -344)], "#f2842f")
        + "".join(circ(x, y, 4.5, "#35262b") for x, y in ((-22, -330), (-10, -322), (4, -320), (17, -325)))
    )
    out += (
        rect(-62, -312, 124, 24, scarf, 10)
        + rect(24, -306, 28, 84, dark(scarf, 0.1), 8)
        + rect(-50, -412, 100, 14, "#3d4257", 5)
        + rect(-34, -474, 68, 66, "#3d4257", 5)
        + rect(-34, -426, 68, 12, scarf)
    )
    return at(
        0,
        0,
        line([(-66, -250), (-150, -310), (-170, -350)], "#6d4c3a", 10)
        + line([(66, -250), (150, -300), (190, -300)], "#6d4c3a", 10)
        + out,
        s,
    )


def block(size: float, colour: str) -> str:
    """A building block whose lower left front corner is at (0, 0)."""
    lift = size * 0.26
    return (
        rect(0, -size, size, size, colour, 4)
        + poly([(0, -size), (lift, -size - lift), (size + lift, -size - lift), (size, -size)], light(colour, 0.35))
        + poly([(size, 0), (size + lift, -lift), (size + lift, -size - lift), (size, -size)], dark(colour, 0.18))
    )


def tower(dice: Random, count: int, size: float) -> str:
    return "".join(
        at(
            dice.uniform(-0.12, 0.12) * size - size / 2,
            -k * size,
            block(size, BRIGHT[(k * 3 + dice.randrange(2)) % 8]),
        )
        for k in range(count)
    )


def cushion(colour: str, s: float = 1) -> str:
    return at(
        0,
        0,
        path("M-100 0C-130 -50 -70 -96 0 -92C70 -96 130 -50 100 0Q0 18 -100 0Z", colour)
        + path("M-70 -30Q0 -10 70 -34", stroke=mix(colour, "#1d1b3a", 0.15), width=4, o=0.6),
        s,
    )
