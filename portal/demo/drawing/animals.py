"""Animals of the zoo, the farm and the museum. Each stands on (0, 0)."""

from __future__ import annotations

from portal.demo.drawing.svg import at, circ, dark, light, line, oval, path, poly, rect


def giraffe(s: float = 1) -> str:
    coat, spot = "#f2c14e", "#b5702f"
    legs = "".join(rect(x, -190, 26, 190, coat, 10) + rect(x, -16, 26, 16, "#6d4c3a", 4) for x in (-92, -56, 46, 80))
    body = oval(0, -230, 130, 72, coat) + path("M50 -250L96 -560L150 -560L128 -210Z", coat)
    head = path("M92 -560Q90 -620 140 -620L214 -574Q222 -552 196 -546L128 -546Z", coat) + oval(
        198, -560, 22, 15, "#e0a93a"
    )
    horns = (
        line([(116, -616), (110, -652)], spot, 8)
        + circ(110, -654, 9, spot)
        + line([(138, -616), (140, -652)], spot, 8)
        + circ(140, -654, 9, spot)
    )
    spots = "".join(
        oval(x, y, a, b, spot, 0.85, t)
        for x, y, a, b, t in (
            (-70, -250, 26, 20, 10),
            (-20, -262, 24, 18, -8),
            (-34, -206, 22, 16, 0),
            (30, -226, 26, 20, 20),
            (84, -262, 18, 22, 0),
            (96, -330, 14, 22, 0),
            (116, -400, 14, 20, 0),
            (108, -462, 12, 18, 0),
            (124, -520, 12, 14, 0),
            (72, -200, 18, 14, 0),
        )
    )
    face = (
        circ(148, -588, 6, "#35262b")
        + path("M184 -552Q196 -544 206 -550", stroke="#8f6238", width=4)
        + path("M92 -600Q70 -612 66 -596Q76 -586 94 -590Z", coat)
    )
    return at(
        0,
        0,
        oval(0, 0, 150, 14, "#1d1b3a", 0.15)
        + legs
        + body
        + spots
        + head
        + horns
        + face
        + line([(-126, -240), (-150, -160)], coat, 9)
        + circ(-152, -152, 11, spot),
        s,
    )


def elephant(s: float = 1) -> str:
    grey, low = "#9aa5b8", "#8592a8"
    legs = "".join(
        rect(x, -130, 60, 130, c, 16) + "".join(circ(x + 14 + k * 16, -8, 7, "#e6ebf1") for k in range(3))
        for x, c in ((-130, low), (-70, grey), (36, low), (84, grey))
    )
    body = path("M-160 -150Q-170 -330 0 -330Q160 -330 160 -150Q160 -100 0 -100Q-160 -100 -160 -150Z", grey)
    head = circ(170, -270, 96, grey) + path("M220 -250Q280 -210 262 -100Q258 -66 284 -70", stroke=grey, width=46)
    ear = path("M120 -340Q40 -350 50 -240Q66 -170 132 -210Q160 -280 120 -340Z", low) + path(
        "M112 -318Q70 -318 74 -246Q90 -204 124 -226Z", "#d9b5b9", o=0.6
    )
    return at(
        0,
        0,
        oval(20, 0, 220, 18, "#1d1b3a", 0.15)
        + legs
        + body
        + head
        + ear
        + circ(206, -296, 8, "#35262b")
        + path("M212 -214Q250 -196 268 -214", stroke="#fffdf6", width=14)
        + line([(-160, -220), (-190, -150)], low, 10),
        s,
    )


def penguin(s: float = 1, turn: float = 0) -> str:
    out = (
        oval(0, 0, 50, 9, "#1d1b3a", 0.15)
        + oval(-20, -4, 22, 9, "#f2a541")
        + oval(20, -4, 22, 9, "#f2a541")
        + path("M-54 -40C-60 -150 -40 -184 0 -184C40 -184 60 -150 54 -40Q40 -4 0 -4Q-40 -4 -54 -40Z", "#2f3a52")
    )
    out += (
        path("M-36 -40C-40 -110 -30 -136 0 -132C30 -136 40 -110 36 -40Q26 -12 0 -12Q-26 -12 -36 -40Z", "#fffdf6")
        + oval(-58, -84, 12, 42, "#2f3a52", turn=14)
        + oval(58, -84, 12, 42, "#2f3a52", turn=-14)
    )
    return at(
        0,
        0,
        out
        + circ(-15, -150, 6, "#fffdf6")
        + circ(15, -150, 6, "#fffdf6")
        + circ(-14, -149, 3.5, "#35262b")
        + circ(16, -149, 3.5, "#35262b")
        + poly([(-11, -140), (11, -140), (0, -122)], "#f2a541"),
        s,
        turn,
    )


def lion(s: float = 1) -> str:
    coat, mane = "#e8b45a", "#b5652b"
    out = (
        oval(0, 0, 170, 15, "#1d1b3a", 0.15)
        + path("M-150 -10Q-170 -140 -30 -140L60 -130L60 0L-140 0Z", coat)
        + path("M-150 -40Q-220 -50 -210 -120", stroke=coat, width=16)
        + circ(-210, -124, 20, mane)
    )
    out += (
        rect(20, -90, 44, 90, dark(coat, 0.06), 16)
        + rect(70, -90, 44, 90, coat, 16)
        + "".join(at(70, -170, oval(0, -70, 26, 40, mane), 1, k * 30) for k in range(12))
        + circ(70, -170, 72, mane)
        + circ(70, -166, 56, coat)
    )
    out += (
        circ(28, -218, 15, coat)
        + circ(112, -218, 15, coat)
        + circ(50, -176, 6, "#35262b")
        + circ(90, -176, 6, "#35262b")
        + oval(70, -142, 26, 18, light(coat, 0.6))
        + poly([(60, -156), (80, -156), (70, -144)], "#6d4329")
    )
    return at(0, 0, out + path("M70 -144L70 -136M56 -132Q70 -122 84 -132", stroke="#6d4329", width=4), s)


def cow(s: float = 1) -> str:
    legs = "".join(
        rect(x, -100, 30, 100, "#fffdf6", 8) + rect(x, -18, 30, 18, "#4a3b36", 4) for x in (-120, -80, 60, 98)
    )
    body = (
        rect(-140, -230, 280, 150, "#fffdf6", 60)
        + oval(-70, -190, 50, 34, "#4a3b36")
        + oval(40, -140, 46, 32, "#4a3b36")
        + oval(80, -214, 30, 18, "#4a3b36")
        + oval(30, -82, 30, 17, "#f2b5c4")
    )
    head = (
        rect(120, -300, 96, 116, "#fffdf6", 34)
        + oval(168, -196, 48, 30, "#f2b5c4")
        + circ(152, -196, 6, "#b56576")
        + circ(184, -196, 6, "#b56576")
        + circ(148, -256, 7, "#35262b")
        + circ(188, -256, 7, "#35262b")
    )
    ears = (
        oval(110, -280, 26, 13, "#4a3b36", turn=18)
        + oval(226, -280, 26, 13, "#4a3b36", turn=-18)
        + path("M136 -300Q124 -330 138 -344M200 -300Q212 -330 198 -344", stroke="#d8cdbd", width=11)
    )
    return at(
        0,
        0,
        oval(10, 0, 180, 15, "#1d1b3a", 0.15)
        + legs
        + body
        + head
        + ears
        + line([(-138, -200), (-176, -110)], "#fffdf6", 9)
        + circ(-178, -104, 12, "#4a3b36"),
        s,
    )


def sheep(s: float = 1) -> str:
    wool = "".join(
        circ(x, y, 42, "#fdf8ea")
        for x, y in ((-70, -110), (-30, -140), (20, -142), (62, -112), (40, -84), (-10, -78), (-56, -80), (0, -110))
    )
    legs = "".join(rect(x, -50, 18, 50, "#4a3b36", 6) for x in (-60, -32, 20, 46))
    return at(
        0,
        0,
        oval(0, 0, 110, 11, "#1d1b3a", 0.15)
        + legs
        + wool
        + oval(98, -132, 32, 40, "#4a3b36")
        + circ(90, -138, 5, "#fffdf6")
        + circ(110, -138, 5, "#fffdf6")
        + oval(66, -148, 20, 9, "#4a3b36", turn=-14)
        + circ(94, -168, 20, "#fdf8ea"),
        s,
    )


def hen(s: float = 1, colour: str = "#c8703c") -> str:
    out = (
        oval(0, 0, 46, 7, "#1d1b3a", 0.15)
        + line([(-8, -30), (-8, 0)], "#f2a541", 6)
        + line([(12, -30), (12, 0)], "#f2a541", 6)
        + path("M-62 -86Q-40 -60 -10 -78Q20 -84 24 -118Q34 -140 50 -126Q60 -60 20 -34Q-20 -20 -48 -50Z", colour)
    )
    return at(
        0,
        0,
        out
        + path("M30 -132Q28 -150 38 -146Q42 -158 50 -146Q60 -148 54 -130Z", "#e4572e")
        + poly([(56, -122), (76, -114), (56, -106)], "#f2a541")
        + circ(44, -120, 4, "#35262b")
        + path("M-30 -64Q0 -84 14 -56Q-6 -40 -30 -64Z", dark(colour, 0.15)),
        s,
    )


def dinosaur(s: float = 1, bone: str = "#f4ead2") -> str:
    """A long-necked skeleton, as museums show it."""
    spine = path(
        "M-520 -120Q-400 -300 -190 -330Q20 -360 130 -330Q260 -300 330 -480Q370 -590 450 -610", stroke=bone, width=24
    )
    ribs = "".join(
        path(f"M{x} {-330 + abs(x + 30) // 9}Q{x - 46} -220 {x - 6} -140", stroke=bone, width=13)
        for x in range(-150, 130, 38)
    )
    legs = (
        line([(-170, -320), (-210, -170), (-170, -10)], bone, 24)
        + line([(-120, -320), (-90, -170), (-130, -10)], dark(bone, 0.12), 22)
        + line([(110, -320), (150, -170), (110, -10)], bone, 24)
        + line([(150, -320), (190, -180), (210, -10)], dark(bone, 0.12), 22)
    )
    feet = "".join(oval(x, -6, 40, 12, bone) for x in (-160, -122, 118, 220))
    skull = (
        path("M426 -650Q470 -684 520 -650L590 -610Q590 -586 560 -588L440 -586Z", bone)
        + circ(484, -630, 13, "#4a3b36")
        + path("M460 -596L580 -596", stroke="#4a3b36", width=5)
    )
    knots = "".join(
        circ(x, y, 17, bone)
        for x, y in (
            (-450, -214),
            (-380, -270),
            (-300, -310),
            (-60, -346),
            (60, -344),
            (290, -400),
            (340, -510),
            (396, -590),
        )
    )
    return at(0, 0, legs + spine + ribs + feet + knots + skull, s)
