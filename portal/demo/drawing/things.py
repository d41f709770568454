"""Things children hold and play with. Each is drawn around (0, 0), standing or held there."""

from __future__ import annotations

from portal.demo.drawing.svg import at, circ, dark, light, line, n, oval, path, poly, rect, star

BRIGHT = ("#e4572e", "#f2a541", "#f6c85f", "#76b041", "#2e8b7a", "#3a7ca5", "#8e5ea2", "#d66ba0")


def book(colour: str, s: float = 1) -> str:
    """An open book, held before the chest."""
    cover = path("M-50 -34Q-24 -44 0 -32Q24 -44 50 -34L50 26Q24 18 0 28Q-24 18 -50 26Z", colour)
    spine = path("M0 -32L0 28", stroke=dark(colour, 0.3), width=4)
    picture = star(-24, -4, 11, light(colour, 0.7)) + rect(12, -12, 26, 6, light(colour, 0.7), 3)
    return at(0, 0, cover + spine + picture, s)


def pages(colour: str, s: float = 1) -> str:
    """An open book lying down, seen from the front."""
    out = path("M-60 8Q-30 -8 0 8Q30 -8 60 8L66 22Q30 8 0 24Q-30 8 -66 22Z", colour)
    out += path("M-56 2Q-28 -14 0 2Q28 -14 56 2L62 16Q30 0 0 16Q-30 0 -62 16Z", "#fffdf6")
    return at(0, 0, out + path("M0 2L0 16", stroke="#d9cfc0", width=3), s)


def ball(s: float = 1) -> str:
    dots = star(0, 0, 13, "#3d4257", 5, 0.75)
    for k in range(5):
        dots += at(
            0, 0, at(0, -27, oval(0, 0, 9, 6, "#3d4257")) + line([(0, -12), (0, -24)], "#3d4257", 2.5), 1, k * 72
        )
    return at(
        0,
        0,
        circ(0, 0, 31, "#fffdf6") + dots + path("M-28 12A31 31 0 0 0 28 12A34 34 0 0 1 -28 12Z", "#1d1b3a", o=0.15),
        s,
    )


def flask(colour: str, s: float = 1, kind: int = 0, bubbles: bool = True) -> str:
    """Laboratory glass with something colourful in it: 0 conical, 1 round, 2 beaker, 3 tube."""
    glass = "#e8f4f7"
    if kind == 0:
        out = path("M-12 -120L12 -120L12 -78L52 -6Q54 0 46 0L-46 0Q-54 0 -52 -6L-12 -78Z", glass, o=0.75)
        out += path("M-30 -44L30 -44L50 -8Q52 0 46 -1L-46 -1Q-52 0 -50 -8Z", colour)
    elif kind == 1:
        out = path("M-11 -130L11 -130L11 -92A46 46 0 1 1 -11 -92Z", glass, o=0.75) + path(
            "M-45 -46L45 -46A46 46 0 0 1 -45 -46Z", colour
        )
    elif kind == 2:
        out = path("M-40 -96L40 -96L36 -4Q36 0 30 0L-30 0Q-36 0 -36 -4Z", glass, o=0.75) + path(
            "M-38 -56L38 -56L36 -4Q36 0 30 0L-30 0Q-36 0 -36 -4Z", colour
        )
        out += "".join(line([(16, y), (30, y)], "#8fa7b3", 3) for y in (-78, -62, -46, -30))
    else:
        out = rect(-14, -110, 28, 110, glass, 14, 0.75) + rect(-14, -62, 28, 62, colour, 14)
    out += path("M-20 -60L-28 -30", stroke="#ffffff", width=5, o=0.7)
    if bubbles:
        out += (
            circ(-8, -22, 5, light(colour, 0.6))
            + circ(10, -34, 4, light(colour, 0.6))
            + circ(4, -64, 4, light(colour, 0.3), 0.8)
            + circ(-3, -140, 7, light(colour, 0.3), 0.7)
        )
    return at(0, 0, out, s)


def balloon(colour: str, s: float = 1, string: float = 180) -> str:
    out = path(
        f"M0 56Q14 {n(56 + string * 0.4)} -4 {n(56 + string * 0.6)}T0 {n(56 + string)}", stroke="#8d8496", width=2.5
    )
    out += (
        oval(0, 0, 44, 54, colour)
        + poly([(-8, 62), (8, 62), (0, 50)], dark(colour, 0.12))
        + oval(-15, -18, 9, 15, "#ffffff", 0.45, 24)
    )
    return at(0, 0, out, s)


def cone(colour: str, s: float = 1) -> str:
    """The big paper cone of sweets that children get on the first day; the tip is down, held at the middle."""
    out = poly([(-34, -70), (34, -70), (0, 86)], colour)
    out += poly([(-27, -38), (27, -38), (21, -14), (-21, -14)], light(colour, 0.55)) + star(0, 18, 12, "#f6c85f")
    ruff = path("M-36 -68Q-44 -104 -12 -112Q0 -124 12 -112Q44 -104 36 -68Z", light(colour, 0.72), o=0.95)
    bow = (
        circ(0, -76, 7, "#e4572e")
        + oval(-17, -80, 14, 8, "#e4572e", turn=16)
        + oval(17, -80, 14, 8, "#e4572e", turn=-16)
    )
    return at(0, 0, out + ruff + bow, s, 14)


def guitar(colour: str, s: float = 1) -> str:
    neck = rect(-7, -148, 14, 110, "#6d4c3a", 4) + rect(-12, -176, 24, 32, "#4a3328", 5)
    body = path(
        "M0 -52C34 -52 30 -22 24 -12C22 -4 42 8 38 34C34 64 -34 64 -38 34C-42 8 -22 -4 -24 -12C-30 -22 -34 -52 0 -52Z",
        colour,
    )
    return at(
        0,
        0,
        body
        + circ(0, 2, 13, "#3a2620")
        + neck
        + "".join(line([(x, -144), (x, 36)], "#f4efe6", 1.2) for x in (-3, 0, 3))
        + rect(-14, 32, 28, 7, "#3a2620", 2),
        s,
        62,
    )


def drum(colour: str, s: float = 1) -> str:
    out = (
        rect(-62, -76, 124, 76, colour)
        + oval(0, 0, 62, 17, dark(colour, 0.15))
        + oval(0, -76, 62, 17, "#fffdf6")
        + rect(-62, -74, 124, 10, "#f6c85f", o=0.9)
    )
    out += "".join(line([(x, -62), (x + 15, -4), (x + 30, -62)], "#fffdf6", 4) for x in (-60, -30, 0, 30))
    return at(0, 0, out + oval(0, -80, 62, 17, "#fffdf6"), s)


def trumpet(s: float = 1) -> str:
    gold = "#f2b632"
    out = (
        rect(-10, -8, 96, 13, gold, 6)
        + path("M80 -10Q112 -14 128 -40L128 38Q112 10 80 6Z", gold)
        + path("M20 4Q12 34 30 36L60 36Q76 34 68 4", stroke=dark(gold, 0.15), width=9)
    )
    return at(0, 0, out + "".join(rect(x, -24, 9, 20, "#fff3c4", 3) for x in (26, 40, 54)), s)


def xylophone(s: float = 1) -> str:
    out = poly([(-190, -16), (190, 10), (190, 36), (-190, 58)], "#8f6238")
    for k, colour in enumerate(
        ("#e4572e", "#f2a541", "#f6c85f", "#76b041", "#2e8b7a", "#5aa9c9", "#4f5d95", "#8e5ea2")
    ):
        tall = 104 - k * 8
        x = -176 + k * 45
        out += (
            rect(x, 20 - tall / 2, 36, tall, colour, 7)
            + circ(x + 18, 20 - tall / 2 + 12, 4, "#fffdf6")
            + circ(x + 18, 20 + tall / 2 - 12, 4, "#fffdf6")
        )
    return at(0, 0, out, s)


def brush(colour: str) -> str:
    return at(
        0,
        0,
        rect(-4, -62, 8, 66, "#b07d4f", 3)
        + rect(-5, -74, 10, 14, "#c9d1dc")
        + path("M-7 -74Q-8 -92 0 -100Q8 -92 7 -74Z", colour),
        1,
        18,
    )


def jar(colour: str, s: float = 1) -> str:
    return at(
        0,
        0,
        rect(-24, -56, 48, 56, "#fffdf6", 8)
        + rect(-24, -40, 48, 40, colour, 8)
        + oval(0, -56, 24, 7, light(colour, 0.4)),
        s,
    )


def bowl(colour: str, inside: str, s: float = 1) -> str:
    return at(
        0,
        0,
        path("M-72 -54L72 -54C70 -14 40 0 0 0C-40 0 -70 -14 -72 -54Z", colour)
        + oval(0, -54, 72, 15, dark(colour, 0.1))
        + oval(0, -52, 63, 11, inside)
        + rect(-52, -34, 104, 9, light(colour, 0.6), 4, 0.7),
        s,
    )


def umbrella(colour: str, s: float = 1) -> str:
    stick = line([(0, 14), (0, -150)], "#6d4c3a", 6)
    top = path(
        "M-112 -128C-104 -230 104 -230 112 -128Q92 -146 74 -128Q56 -146 37 -128Q18 -146 0 -128Q-18 -146 -37"
        " -128Q-56 -146 -74 -128Q-92 -146 -112 -128Z",
        colour,
    )
    ribs = path("M-37 -128Q-30 -190 0 -206Q30 -190 37 -128", stroke=dark(colour, 0.18), width=4)
    return at(0, 0, stick + top + ribs + line([(0, -206), (0, -220)], "#6d4c3a", 6), s)


def can(colour: str, s: float = 1) -> str:
    """A watering can, held by its handle."""
    out = path("M-20 0C-28 -30 28 -30 20 6", stroke=dark(colour, 0.2), width=8) + rect(-34, 4, 68, 58, colour, 8)
    out += path("M32 46L92 4L98 12L34 60Z", colour) + at(98, 4, oval(0, 0, 9, 18, dark(colour, 0.15)), 1, -36)
    return at(0, 0, out + rect(-34, 20, 68, 8, light(colour, 0.5), o=0.7), s)


def drops(s: float = 1) -> str:
    return at(
        0,
        0,
        "".join(
            path(f"M{x} {y}q9 16 0 20q-9 -4 0 -20Z", "#5aa9c9", o=0.85)
            for x, y in ((0, 0), (16, 16), (-6, 30), (12, 48), (28, 40))
        ),
        s,
    )


def lantern(colour: str, s: float = 1, shape: int = 0, glow: str = "") -> str:
    """A paper lantern on a stick, held at the stick's end."""
    stick = line([(0, 0), (46, -118)], "#8f6238", 7) + line([(46, -118), (46, -96)], "#fff3c4", 2)
    shine = circ(46, -48, 120, glow) if glow else ""
    if shape == 0:
        body = circ(46, -48, 46, colour) + "".join(oval(46, -48, r, 46, light(colour, 0.5), 0.35) for r in (14, 32))
    elif shape == 1:
        body = star(46, -48, 60, colour, 5, 0.5) + star(46, -48, 30, light(colour, 0.6), 5, 0.5)
    else:
        body = rect(10, -96, 72, 96, colour, 8) + "".join(
            circ(x, y, 11, light(colour, 0.65)) for x, y in ((30, -70), (62, -58), (36, -30), (64, -22))
        )
    return at(0, 0, stick + shine + body + circ(46, -48, 17, "#fff8dc", 0.85), s)
