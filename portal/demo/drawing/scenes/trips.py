"""Scenes of a day out: museum, zoo, farm, and the bus that goes there."""

from __future__ import annotations

from portal.demo.drawing import animals, gear, nature, things
from portal.demo.drawing.figures import AWAY, CHEER, CROSS, HIPS, HOLD, POINT, REACH, STAND, WAVE, Held, Pose
from portal.demo.drawing.scene import BOLD, grown, kid, spread
from portal.demo.drawing.svg import Paper, at, circ, curve, dark, light, line, n, oval, path, poly, rect
from portal.i18n import _


def museum(p: Paper) -> str:
    r = p.r
    wall = r.choice(("#3f4a6b", "#5c4a66", "#2f5d62", "#7a4a44", "#4a5a4f"))
    p.put(
        rect(0, 0, p.w, p.h * 0.7, p.fade(light(wall, 0.16), wall)),
        rect(0, p.h * 0.7, p.w, p.h * 0.3, p.fade("#c9a97e", "#e3c9a0")),
        rect(0, p.h * 0.69, p.w, 16, light(wall, 0.4)),
    )
    for x in spread(p, 4, 0.12, 0.88, 0):
        p.put(poly([(x - 20, 0), (x + 20, 0), (x + 210, p.h * 0.72), (x - 210, p.h * 0.72)], "#fff3c4", 0.09))
    if p.take in (0, 3):
        p.put(
            rect(p.w * 0.06, p.h * 0.66, p.w * 0.88, p.h * 0.06, "#efe6d6", 6),
            at(p.w * 0.48, p.h * 0.665, animals.dinosaur(1), min(p.w / 1450, p.h / 1080)),
        )
        p.put(
            path(
                f"M0 {n(p.h * 0.78)}Q{n(p.w / 4)} {n(p.h * 0.84)} {n(p.w / 2)} {n(p.h * 0.78)}T{p.w} {n(p.h * 0.78)}",
                stroke="#b5533c",
                width=11,
            ),
            *(rect(p.w * k - 8, p.h * 0.76, 16, p.h * 0.12, "#f2b632", 6) for k in (0.02, 0.5, 0.98)),
        )
        for i, x in enumerate(spread(p, 3 if p.tall else 4, 0.14, 0.86)):
            kid(
                p,
                x,
                p.h * (0.95 + 0.02 * (i % 2)),
                p.h / 820,
                (AWAY, Pose(right=(120, 150), left=(14, 6), back=True), HIPS, AWAY)[i],
                "wow",
                wheels=i == 1 and p.take == 3,
            )
        return _("In the museum the class looks up at a huge dinosaur skeleton.")
    if p.take == 2:
        for i, x in enumerate(spread(p, 3, 0.2, 0.8, 0)):
            p.put(
                rect(x - 120, p.h * 0.56, 240, p.h * 0.24, "#efe6d6", 8),
                rect(x - 134, p.h * 0.55, 268, 28, "#fffdf6", 6),
            )
            vase = (
                path(
                    "M-40 0Q-90 -70 -60 -150Q-44 -190 -30 -210L-44 -240L44 -240L30 -210Q44 -190 60 -150Q90 -70 40 0Z",
                    ("#c8703c", "#3a7ca5", "#e5b25d")[i],
                )
                + path("M-68 -110q17 -24 34 0t34 0t34 0t34 0", stroke="#fffdf6", width=9)
                + path("M-74 -80L74 -80", stroke="#35262b", width=7, o=0.5)
            )
            p.put(at(x, p.h * 0.55, vase, 1.25), rect(x - 160, p.h * 0.28, 320, p.h * 0.27, "#dff1f7", 6, 0.16))
        grown(p, p.w * 0.1, p.h * 0.95, p.h / 900, POINT)
        kid(p, p.w * 0.36, p.h * 0.97, p.h / 760, HIPS, "wow")
        kid(p, p.w * 0.64, p.h * 0.98, p.h / 760, REACH, flip=True)
        return _("Old vases behind glass: the guide explains, and two children look closely.")
    for i, x in enumerate(spread(p, 2 if p.tall else 3, 0.2, 0.8, 0)):
        w, h = p.w * (0.3 if p.tall else 0.22), p.h * (0.3 if i != 1 else 0.38)
        y = p.h * 0.36 - h / 2
        p.put(
            rect(x - w / 2 - 24, y - 24, w + 48, h + 48, "#d9a93a", 6),
            rect(x - w / 2 - 10, y - 10, w + 20, h + 20, "#8f6238", 3),
        )
        frame = rect(x - w / 2, y, w, h, "#fff")
        scene = ("#bfe3f2", "#fde3b0", "#2e3568")[(i + p.take) % 3]
        view = (
            rect(x - w / 2, y, w, h, scene)
            + path(
                curve(
                    [
                        (x - w / 2, y + h * 0.7),
                        (x - w * 0.2, y + h * 0.5),
                        (x + w * 0.1, y + h * 0.75),
                        (x + w / 2, y + h * 0.55),
                    ]
                )
                + f"L{n(x + w / 2)} {n(y + h)}L{n(x - w / 2)} {n(y + h)}Z",
                ("#2e8b7a", "#c8553d", "#4f5d95")[(i + p.take) % 3],
            )
            + circ(x + w * 0.2, y + h * 0.24, h * 0.1, "#f6c85f")
            + "".join(
                circ(
                    x + r.uniform(-0.45, 0.45) * w,
                    y + r.uniform(0.05, 0.95) * h,
                    r.uniform(6, 16),
                    r.choice(things.BRIGHT),
                    0.6,
                )
                for _k in range(16)
            )
        )
        p.put(p.clip(frame, view))
    for i, x in enumerate(spread(p, 2 if p.tall else 3, 0.2, 0.8)):
        kid(
            p,
            x,
            p.h * 0.95,
            p.h / 720,
            (AWAY, CROSS, AWAY)[i],
            "smile",
            held=(
                [
                    Held(
                        0,
                        rect(-36, -46, 72, 56, "#fffdf6", 4)
                        + line([(-20, -30), (16, -34)], "#3a7ca5", 5)
                        + circ(4, -14, 10, "#e4572e", 0.8),
                    )
                ]
                if i == 1
                else ()
            ),
        )
    return _("In the picture gallery: some look at the paintings, one child draws its own.")


def zoo(p: Paper) -> str:
    r = p.r
    nature.outdoors(p, r.choice(("clear", "cloudy")), "summer", 0.5)
    beast = (animals.giraffe, animals.elephant, animals.penguin, animals.lion, animals.giraffe)[p.take]
    nature.trees(p, p.h * 0.53, "summer", 4, 0.7)
    if beast is animals.penguin:
        p.put(
            path(
                f"M0 {n(p.h * 0.5)}L{n(p.w * 0.16)} {n(p.h * 0.3)}L{n(p.w * 0.34)}"
                f" {n(p.h * 0.42)}L{n(p.w * 0.56)} {n(p.h * 0.26)}L{n(p.w * 0.8)} {n(p.h * 0.44)}L{p.w}"
                f" {n(p.h * 0.34)}L{p.w} {n(p.h * 0.74)}L0 {n(p.h * 0.74)}Z",
                "#dfe9f1",
            ),
            oval(p.w * 0.5, p.h * 0.68, p.w * 0.5, p.h * 0.08, "#5cc4dd"),
        )
        for x in spread(p, 5, 0.14, 0.86, 0.03):
            p.put(at(x, p.h * r.uniform(0.52, 0.66), animals.penguin(1, r.uniform(-8, 8)), p.h / 1000))
        said = _("At the zoo the penguins waddle past, and the children wave to them.")
    elif beast is animals.elephant:
        p.put(at(p.w * 0.46, p.h * 0.72, animals.elephant(1), min(p.w / 900, p.h / 760)))
        said = _("The elephant at the zoo stretches out its trunk; the children stand at the fence.")
    elif beast is animals.lion:
        p.put(
            path(
                f"M{n(p.w * 0.14)} {n(p.h * 0.72)}Q{n(p.w * 0.2)} {n(p.h * 0.56)} {n(p.w * 0.5)}"
                f" {n(p.h * 0.58)}Q{n(p.w * 0.84)} {n(p.h * 0.56)} {n(p.w * 0.9)} {n(p.h * 0.72)}Z",
                "#a99c8f",
            ),
            at(p.w * 0.5, p.h * 0.6, animals.lion(1), p.h / 720),
        )
        said = _("A lion rests on its rock while the children watch from a safe distance.")
    else:
        p.put(at(p.w * (0.34 if p.take == 0 else 0.62), p.h * 0.74, animals.giraffe(1), p.h / 1050))
        if p.take == 4:
            p.put(at(p.w * 0.3, p.h * 0.7, animals.giraffe(1), p.h / 1500))
        said = _("The giraffe at the zoo is so tall that everyone has to look up.")
    p.put(rect(0, p.h * 0.74, p.w, p.h * 0.26, p.fade("#d9c3a0", "#e8d6b5")))
    p.put(
        *(rect(k * 70, p.h * 0.66, 16, p.h * 0.14, "#8f6238", 6) for k in range(p.w // 70 + 1)),
        rect(0, p.h * 0.69, p.w, 15, "#a8744a", 6),
        rect(0, p.h * 0.76, p.w, 15, "#a8744a", 6),
    )
    for i, x in enumerate(spread(p, 2 if p.tall else 3, 0.2, 0.82)):
        kid(
            p,
            x,
            p.h * 0.97,
            p.h / 820,
            (AWAY, WAVE, Pose(right=(130, 160), back=True), POINT)[(i + p.take) % 4],
            hat=("cap", r.choice(BOLD)) if i == 1 else None,
            wheels=i == 0 and p.take == 1,
        )
    return said


def farm(p: Paper) -> str:
    r = p.r
    nature.outdoors(p, "clear" if p.take != 1 else "sunset", "spring" if p.take % 2 else "summer", 0.46)
    barn = (
        rect(-220, -260, 440, 260, "#b5403a")
        + poly([(-250, -250), (250, -250), (170, -380), (0, -430), (-170, -380)], "#5b4038")
        + rect(-80, -180, 160, 180, "#fffdf6")
        + rect(-68, -168, 136, 168, "#8f2f2b")
        + line([(-68, -168), (68, 0)], "#fffdf6", 9)
        + line([(68, -168), (-68, 0)], "#fffdf6", 9)
        + circ(0, -310, 34, "#fffdf6")
    )
    p.put(at(p.w * (0.76 if p.take % 2 == 0 else 0.24), p.h * 0.52, barn, p.h / 1150))
    nature.trees(p, p.h * 0.5, "summer", 3, 0.5)
    p.put(
        *(rect(k * 130, p.h * 0.5, 15, p.h * 0.09, "#fffdf6", 4) for k in range(p.w // 130 + 1)),
        rect(0, p.h * 0.52, p.w, 11, "#fffdf6"),
        rect(0, p.h * 0.555, p.w, 11, "#fffdf6"),
    )
    if p.take in (0, 3):
        p.put(at(p.w * 0.36, p.h * 0.8, animals.cow(1), p.h / 880))
        kid(
            p,
            p.w * 0.62 if not p.tall else p.w * 0.8,
            p.h * 0.86,
            p.h / 760,
            REACH,
            held=[Held(1, "".join(line([(0, 0), (a, -60)], "#d9b95a", 5) for a in (-24, -10, 6, 20, 32)))],
            flip=True,
        )
        p.put(at(p.w * 0.8, p.h * 0.93, animals.hen(1.3)), at(p.w * 0.14, p.h * 0.94, animals.hen(1.2, "#fffdf6")))
        if not p.tall:
            kid(p, p.w * 0.88, p.h * 0.84, p.h / 760, HIPS, feet="boots")
        return _("On the farm: a child feeds hay to a cow, and hens run about.")
    if p.take == 1:
        for x in spread(p, 4 if not p.tall else 3, 0.14, 0.86, 0.03):
            p.put(at(x, p.h * r.uniform(0.66, 0.92), animals.sheep(1), min(p.h / 900, p.w / 900)))
        for x in spread(p, 3, 0.2, 0.8, 0.05):
            p.put(at(x, p.h * 0.95, animals.hen(1.2, r.choice(("#c8703c", "#fffdf6", "#8a5530")))))
        return _("Evening on the farm: sheep and hens on the meadow in front of the barn.")
    tractor = (
        circ(-110, -90, 90, "#3d4257")
        + circ(-110, -90, 46, "#f6c85f")
        + rect(-190, -210, 190, 90, "#2e8b7a", 14)
        + rect(-20, -190, 210, 110, "#2e8b7a", 16)
        + rect(-170, -340, 150, 20, "#2f4858", 8)
        + line([(-160, -330), (-160, -200)], "#2f4858", 11)
        + line([(-34, -330), (-20, -200)], "#2f4858", 11)
        + circ(140, -52, 54, "#3d4257")
        + circ(140, -52, 26, "#f6c85f")
        + rect(120, -260, 16, 76, "#3d4257", 5)
    )
    p.put(oval(p.w * 0.4, p.h * 0.87, 340, 22, "#1d1b3a", 0.14))
    k = p.h / 800
    kid(
        p,
        p.w * 0.4 - 95 * k,
        p.h * 0.87 - 190 * k,
        k * 0.62,
        Pose(left=(30, -50), right=(120, 150), seated=True),
        "laugh",
        lower=False,
        flip=False,
        hat=("cap", "#e4572e"),
    )
    p.put(at(p.w * 0.4, p.h * 0.87, tractor, k))
    kid(p, p.w * 0.76, p.h * 0.9, p.h / 720, CHEER, feet="boots", wheels=p.take == 2)
    p.put(at(p.w * 0.9, p.h * 0.94, animals.hen(1.3)))
    return _("One child may sit on the green tractor, and another cheers.")


def bus(p: Paper) -> str:
    r = p.r
    colour = ("#f6c85f", "#e4572e", "#2e8b7a", "#f2a541", "#5aa9c9")[p.take]
    nature.outdoors(p, r.choice(("clear", "cloudy", "sunset")), r.choice(("spring", "summer", "autumn")), 0.5)
    nature.trees(p, p.h * 0.54, "summer", 5 if not p.tall else 3, 0.7)
    if p.take % 2 == 0:
        p.put(nature.school(p.w * 0.24, p.h * 0.56, 0.8))
    p.put(
        rect(0, p.h * 0.72, p.w, p.h * 0.28, p.fade("#7d879b", "#69748c")),
        rect(0, p.h * 0.7, p.w, p.h * 0.03, "#d8cdbd"),
        *(rect(p.w * (0.03 + k * 0.22), p.h * 0.92, p.w * 0.12, 14, "#fffdf6", 6, 0.85) for k in range(5)),
    )
    s, x, y = p.w / (1130 if not p.tall else 1080), p.w * 0.5, p.h * 0.85
    p.put(at(x, y, gear.bus(colour), s))
    for k in range(5):
        wx = x + (-386 + k * 156) * s
        with p.within(rect(wx - 66 * s, y - 322 * s, 132 * s, 146 * s, "#fff", 16 * s)):
            kid(
                p,
                wx,
                y - 20 * s,
                s * 0.86,
                r.choice((WAVE, STAND, CHEER, HOLD)),
                r.choice(("laugh", "happy", "smile", "wow")),
                lower=False,
                style=r.choice(("short", "bob", "side", "curly", "buns", "pigtails", "scarf", "afro")),
            )
    p.put(
        *(
            rect(x + (-452 + k * 156) * s, y - 322 * s, 132 * s, 146 * s, "none", 16 * s).replace(
                'fill="none"', f'fill="none" stroke="{dark(colour, 0.2)}" stroke-width="{n(9 * s)}"'
            )
            for k in range(5)
        )
    )
    if p.tall or p.take in (2, 3):
        grown(p, p.w * 0.9, p.h * 0.95, p.h / 1100, WAVE, "laugh", flip=True)
    return _("Off on the class trip! Happy faces wave from the windows of the bus.")


SCENES = {"museum": museum, "zoo": zoo, "farm": farm, "bus": bus}
