"""Scenes in the green: garden, autumn wood, snow, picnic."""

from __future__ import annotations

from portal.demo.drawing import gear, nature, rooms, things
from portal.demo.drawing.figures import CHEER, CROSS, HIPS, HOLD, JUMP, KNEEL, REACH, WAVE, Held, Pose
from portal.demo.drawing.scene import BOLD, kid, spread
from portal.demo.drawing.svg import Paper, at, circ, line, n, oval, path, poly, rect
from portal.i18n import _

CARRY = Pose(left=(20, 10), right=(58, 70), look=0.5)


def garden(p: Paper) -> str:
    r = p.r
    if p.take in (1, 4):
        p.put(
            rect(0, 0, p.w, p.h, p.fade("#d8f0f7", "#f4f7dc")),
            circ(p.w * 0.8, p.h * 0.16, 240, p.glow("#fff3b0", 0.9)),
        )
        if p.take == 1:
            p.put(rect(0, p.h * 0.74, p.w, p.h * 0.26, p.fade("#8a5a3c", "#6b432c")))
            for x in spread(p, 5 if not p.tall else 4, 0.1, 0.9, 0.01):
                colour = r.choice(("#f6c85f", "#f2a541", "#f2b632"))
                top = p.h * r.uniform(0.2, 0.42)
                p.put(line([(x, p.h * 0.78), (x, top)], "#4f8f4a", 22))
                p.put(
                    *(
                        oval(x + side * 70, p.h * y, 74, 26, "#5fa052", turn=side * -24)
                        for side, y in ((-1, 0.62), (1, 0.56), (-1, 0.5))
                    )
                )
                p.put(
                    at(
                        x,
                        top,
                        "".join(at(0, 0, oval(0, -96, 26, 58, colour), 1, k * 24) for k in range(15))
                        + circ(0, 0, 66, "#6d4329")
                        + "".join(
                            circ(a, b, 6, "#8f6238")
                            for a, b in ((-30, -20), (10, -34), (34, 6), (-8, 18), (-36, 24), (18, 38))
                        ),
                        r.uniform(0.9, 1.2),
                    )
                )
            return _("Sunflowers, taller than the whole class, bloom in the school garden.")
        p.put(rect(0, p.h * 0.62, p.w, p.h * 0.38, p.fade("#c08f5f", "#9d6e45")))
        for row in range(2):
            for x in spread(p, 5 - row if not p.tall else 3, 0.12, 0.88, 0.01):
                y = p.h * (0.72 + row * 0.2)
                p.put(
                    oval(x, y, 100, 14, "#1d1b3a", 0.15),
                    at(
                        x,
                        y,
                        path("M-62 -96L62 -96L46 0L-46 0Z", r.choice(("#c8703c", "#d98a52", "#5aa9c9", "#f2c6b4")))
                        + rect(-70, -116, 140, 28, "#a8572b", 6)
                        + oval(0, -116, 58, 9, "#5a3a28")
                        + line([(0, -116), (0, -190)], "#5fa052", 10)
                        + oval(-28, -196, 34, 15, "#76b041", turn=24)
                        + oval(28, -200, 34, 15, "#8cc152", turn=-24),
                        1.1 + row * 0.25,
                    ),
                )
        return _("Seedlings in pots on a table: the first green leaves are out.")
    nature.outdoors(
        p, ("clear", "clear", "cloudy", "clear", "clear")[p.take], "spring" if p.take == 0 else "summer", 0.5
    )
    nature.trees(p, p.h * 0.53, "summer", 5, 0.6)
    if p.take == 3:
        x, y = p.w * 0.68, p.h * 0.72
        p.put(
            rect(x - 330, y - 330, 660, 330, "#cfe8f5", o=0.75),
            poly([(x - 360, y - 330), (x + 360, y - 330), (x, y - 520)], "#dff1f7", 0.85),
        )
        p.put(
            *(line([(x - 330 + k * 132, y), (x - 330 + k * 132, y - 330)], "#ffffff", 12) for k in range(6)),
            line([(x - 360, y - 330), (x, y - 520), (x + 360, y - 330)], "#ffffff", 14),
        )
        p.put(*(rooms.plant(x - 260 + k * 130, y, 1.0 + 0.2 * (k % 2)) for k in range(5)))
    for row in range(2):
        y = p.h * (0.7 + row * 0.2)
        bed = p.w * 0.84
        p.put(
            poly([(p.w * 0.08, y), (p.w * 0.92, y), (p.w * 0.96, y + 70), (p.w * 0.04, y + 70)], "#6b432c"),
            rect(p.w * 0.04, y + 60, bed + p.w * 0.08, 52, "#b97f4e", 8),
        )
        for k, x in enumerate(spread(p, 9, 0.12, 0.88, 0.005)):
            kind = (k + row + p.take) % 4
            p.put(
                nature.flower(x, y + 20, 0.9, r.choice(BOLD), 60)
                if kind == 0
                else (
                    at(
                        x,
                        y + 40,
                        "".join(
                            at(0, 0, oval(0, -30, 15, 34, g), 1, turn)
                            for turn, g in ((-50, "#5fa052"), (50, "#5fa052"), (0, "#8cc152"))
                        ),
                    )
                    if kind == 1
                    else (
                        at(
                            x,
                            y + 36,
                            line([(0, 0), (0, -90)], "#4f8f4a", 7)
                            + "".join(circ(a, b, 14, "#e4572e") for a, b in ((-14, -34), (14, -54), (-8, -80))),
                        )
                        if kind == 2
                        else at(x, y + 40, oval(0, -22, 44, 34, "#8fbf6a") + oval(0, -26, 30, 24, "#b5d99a"))
                    )
                )
            )
        if row == 0:
            kid(
                p,
                p.w * 0.26,
                y + p.h * 0.17,
                p.h / 640,
                CARRY,
                held=[Held(1, things.can(r.choice(BOLD), 1.1) + at(112, 30, things.drops(1.4)))],
                flip=False,
                hat=("sun", "#f6c85f") if p.take else None,
                feet="boots",
            )
            kid(p, p.w * 0.6, y + p.h * 0.17, p.h / 640, KNEEL, r.choice(("smile", "happy")), wheels=p.take == 2)
            if not p.tall:
                kid(
                    p,
                    p.w * 0.84,
                    y + p.h * 0.16,
                    p.h / 660,
                    HOLD,
                    held=[
                        Held(
                            0,
                            rect(-44, -30, 88, 56, "#b97f4e", 6)
                            + circ(-20, -36, 17, "#e4572e")
                            + circ(14, -38, 17, "#f2a541")
                            + oval(0, -52, 12, 22, "#76b041"),
                        )
                    ],
                    feet="boots",
                )
    return _("Children water the raised beds and look after flowers and vegetables.")


def autumn(p: Paper) -> str:
    r = p.r
    if p.take == 1:
        p.put(rect(0, 0, p.w, p.h, p.fade("#c99b6d", "#a8744a")))
        for _k in range(90):
            p.put(
                at(
                    r.random() * p.w,
                    r.random() * p.h,
                    path(
                        "M0 -56C44 -34 44 30 0 60C-44 30 -44 -34 0 -56Z",
                        r.choice(nature.LEAVES["autumn"] + ("#a8442f", "#d98f2b")),
                    )
                    + line([(0, -40), (0, 84)], "#7d4a2a", 5),
                    r.uniform(0.8, 1.5),
                    r.uniform(0, 360),
                )
            )
        for _k in range(9):
            x, y = r.uniform(0.14, 0.86) * p.w, r.uniform(0.14, 0.86) * p.h
            p.put(
                oval(x + 8, y + 22, 66, 50, "#1d1b3a", 0.25),
                circ(x, y, 58, "#7a3b1e"),
                oval(x, y + 34, 34, 18, "#d9b184"),
                oval(x - 20, y - 22, 14, 20, "#ffffff", 0.35, 40),
            )
        return _("Chestnuts and coloured leaves that the class has gathered.")
    rainy = p.take == 2
    nature.outdoors(p, "rain" if rainy else r.choice(("clear", "sunset")), "autumn", 0.5)
    nature.trees(p, p.h * 0.53, "autumn", 6 if not p.tall else 4, 0.95)
    p.put(
        path(
            f"M{n(p.w * 0.45)} {n(p.h * 0.5)}Q{n(p.w * 0.62)} {n(p.h * 0.66)} {n(p.w * 0.3)}"
            f" {n(p.h)}L{n(p.w * 0.86)} {n(p.h)}Q{n(p.w * 0.8)} {n(p.h * 0.68)} {n(p.w * 0.49)}"
            f" {n(p.h * 0.5)}Z",
            "#d9b98a",
        )
    )
    if rainy:
        p.put(
            *(
                oval(p.w * a, p.h * b, 120, 20, "#8fb4c9", 0.9) + oval(p.w * a - 20, p.h * b - 4, 60, 8, "#ffffff", 0.4)
                for a, b in ((0.3, 0.94), (0.72, 0.9), (0.5, 0.8))
            )
        )
        for i, x in enumerate(spread(p, 2 if p.tall else 3, 0.2, 0.8)):
            kid(
                p,
                x,
                p.h * (0.9 + 0.02 * (i % 2)),
                p.h / 620,
                Pose(left=(16, 6), right=(40, -165)),
                r.choice(("laugh", "happy", "smile")),
                held=[Held(1, things.umbrella(r.choice(BOLD), 1.25), True)],
                feet="boots",
                top=r.choice(("#f6c85f", "#e4572e", "#5aa9c9")),
                long_sleeves=True,
                flip=i % 2 == 1,
                pattern="buttons",
                wheels=False,
            )
        nature.falling(p, "rain", 130)
        return _("Rain does not matter: children with umbrellas and rubber boots jump between the puddles.")
    if p.take == 4:
        p.put(nature.tree(p, p.w * 0.82, p.h * 0.9, 1.9, "autumn", "round"))
    for i, x in enumerate(spread(p, 2 if p.tall else 3 + (p.take == 3), 0.16, 0.72)):
        kid(
            p,
            x,
            p.h * (0.9 + 0.03 * (i % 2)),
            p.h / 640,
            (CHEER, HOLD, WAVE, REACH)[i],
            hat=("wool", r.choice(BOLD)) if i % 2 == 0 else None,
            held=(
                [
                    Held(
                        0,
                        "".join(
                            at(a, -10, path("M0 -26C20 -14 20 14 0 28C-20 14 -20 -14 0 -26Z", c), 1, a * 1.6)
                            for a, c in ((-24, "#e07a3f"), (0, "#f2b34a"), (24, "#c8503c"))
                        ),
                    )
                ]
                if i == 1
                else ()
            ),
            feet="boots",
            long_sleeves=True,
        )
    nature.falling(p, "leaves", 46)
    rooms.ambience(p)
    return _("Autumn walk in the wood: children throw leaves into the air and show what they found.")


def snow(p: Paper) -> str:
    r = p.r
    nature.outdoors(p, r.choice(("snow", "clear")), "winter", 0.46)
    nature.trees(p, p.h * 0.49, "winter", 5 if not p.tall else 3, 0.8)
    warm: dict[str, object] = {"long_sleeves": True, "bottom": "trousers", "pattern": "band"}
    if p.take in (1, 4):
        p.put(
            poly([(0, p.h * 0.5), (p.w, p.h * 0.86), (p.w, p.h), (0, p.h)], "#f7fafc"),
            line([(0, p.h * 0.5), (p.w, p.h * 0.86)], "#d3e0ec", 10),
        )
        for i, x in enumerate(spread(p, 2 if p.tall else 3, 0.2, 0.78)):
            y = p.h * 0.5 + x / p.w * p.h * 0.36
            sled = (
                path("M-130 8L110 8Q150 4 156 -34", stroke="#b5533c", width=13)
                + rect(-120, -34, 220, 18, "#b97f4e", 8)
                + "".join(line([(a, -20), (a, 6)], "#b5533c", 10) for a in (-90, 70))
            )
            p.put(at(x, y - 12, sled, p.h / 800, 17))
            kid(
                p,
                x - 10,
                y - 44,
                p.h / 820,
                Pose(
                    left=(120, 150) if i % 2 == 0 else (30, 60),
                    right=(110, 140),
                    legs=((30, 60), (70, 74)),
                    thigh=34,
                    seated=True,
                    tilt=8,
                ),
                r.choice(("laugh", "happy", "wow")),
                ("wool", r.choice(BOLD)),
                flip=False,
                feet="boots",
                wear=warm,
            )
        nature.falling(p, "snow", 70)
        return _("Down the hill: children in woolly hats race on their sledges.")
    if p.take == 3:
        for i, x in enumerate(spread(p, 4 if not p.tall else 3, 0.14, 0.86)):
            kid(
                p,
                x,
                p.h * (0.86 + 0.05 * (i % 2)),
                p.h / 680,
                (Pose(left=(30, 20), right=(130, 170)), HOLD, JUMP, Pose(left=(120, 60), right=(40, 10)))[i],
                "laugh",
                ("wool", r.choice(BOLD)),
                held=(
                    [Held(1 if i != 1 else 0, circ(0, -8, 24, "#ffffff") + circ(6, -2, 16, "#d9e6f0", 0.7))]
                    if i < 3
                    else ()
                ),
                feet="boots",
                wear=warm,
            )
        p.put(*(circ(p.w * r.uniform(0.2, 0.8), p.h * r.uniform(0.34, 0.56), 20, "#ffffff") for _k in range(4)))
        nature.falling(p, "snow", 90)
        return _("A friendly snowball fight in the white school yard.")
    p.put(at(p.w * 0.5, p.h * 0.9, gear.snowman(p.h / 780 * (1 if p.tall else 1.2), r.choice(BOLD))))
    kid(
        p,
        p.w * 0.2,
        p.h * 0.92,
        p.h / 660,
        (HIPS, CHEER)[p.take // 2],
        hat=("wool", r.choice(BOLD)),
        feet="boots",
        wear=warm,
    )
    kid(p, p.w * 0.81, p.h * 0.92, p.h / 660, REACH, hat=("wool", r.choice(BOLD)), feet="boots", flip=True, wear=warm)
    nature.falling(p, "snow", 110)
    return _("The first snow: two children have built a snowman with a carrot nose.")


_FOOD = (
    things.bowl("#5aa9c9", "#e4572e", 1.1),
    path("M-70 0Q-74 -54 0 -58Q74 -54 70 0Z", "#d99a52")
    + line([(-30, -40), (-20, -20)], "#f3d9a8", 6)
    + line([(6, -46), (14, -24)], "#f3d9a8", 6),
    circ(0, -34, 36, "#e4572e") + path("M0 -66q16 -22 30 -10", stroke="#5fa052", width=9),
    path("M-80 -40A80 80 0 0 0 80 -40Z", "#5fa052")
    + path("M-70 -40A70 70 0 0 0 70 -40Z", "#ef7f7f")
    + "".join(oval(a, b, 5, 8, "#35262b") for a, b in ((-40, -24), (-10, -8), (20, -26), (44, -20))),
    rect(-26, -110, 52, 110, "#f6c85f", 12) + rect(-16, -128, 32, 22, "#e4572e", 5) + circ(0, -54, 17, "#f2842f"),
    oval(0, -6, 80, 20, "#fffdf6")
    + oval(0, -10, 58, 12, "#dfe6ee")
    + poly([(-40, -16), (40, -16), (10, -64)], "#f3d9a8")
    + rect(-36, -30, 66, 9, "#8cc152", 4),
)
"""Bowl, bread, apple, melon, juice, sandwich."""


def picnic(p: Paper) -> str:
    r = p.r
    season = "spring" if p.take % 2 else "summer"
    nature.outdoors(p, "clear", season, 0.44)
    nature.trees(p, p.h * 0.47, season, 5 if not p.tall else 3, 0.75)
    if p.take == 3:
        p.put(rect(0, 0, p.w, p.h, p.fade("#a8d36c", "#7fb950")))
        nature.flowers(p, 0, p.h, 60)
    cloth = [(p.w * 0.2, p.h * 0.68), (p.w * 0.8, p.h * 0.68), (p.w * 0.97, p.h * 0.93), (p.w * 0.03, p.h * 0.93)]
    if p.take == 3:
        cloth = [(p.w * 0.12, p.h * 0.14), (p.w * 0.9, p.h * 0.1), (p.w * 0.92, p.h * 0.88), (p.w * 0.08, p.h * 0.9)]
    colour = r.choice(("#e4572e", "#3a7ca5", "#2e8b7a"))
    shape = poly(cloth, "#fffdf6")
    checks = "".join(
        rect(k * 90, 0, 45, p.h, colour, o=0.45) + rect(0, k * 66, p.w, 33, colour, o=0.45) for k in range(28)
    )
    p.put(shape, p.clip(shape, checks))
    if p.take == 3:
        for row in range(3):
            for x in spread(p, 3, 0.24, 0.76, 0.03):
                y = p.h * (0.3 + row * 0.23)
                p.put(oval(x, y + 4, 130, 34, "#1d1b3a", 0.12), at(x, y, r.choice(_FOOD), 2.0))
        return _("A picnic on the checked blanket: melon, bread, apples and sandwiches.")
    for i, x in enumerate(spread(p, 3 if p.tall else 4, 0.17, 0.83)):
        kid(
            p,
            x,
            p.h * (0.75 + (0.07 if i in (0, 3) or (p.tall and i == 2) else 0)),
            p.h / 700,
            CROSS.__class__(left=(30, -120), right=CROSS.right, legs=CROSS.legs, seated=True),
            r.choice(("happy", "laugh", "smile")),
            held=[Held(-1, circ(0, -10, 18, r.choice(("#e4572e", "#8cc152", "#f6c85f"))))],
        )
    for i, x in enumerate(spread(p, 4, 0.24, 0.76, 0.02)):
        p.put(at(x, p.h * (0.88 + 0.02 * (i % 2)), _FOOD[(i + p.take) % 6], 1.1))
    return _("Picnic on the meadow: children sit around the blanket and share what they brought.")


SCENES = {"garden": garden, "autumn": autumn, "snow": snow, "picnic": picnic}
