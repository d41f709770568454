"""Scenes of special days: lanterns, the first day, space day, the class photo."""

from __future__ import annotations

from portal.demo.drawing import gear, nature, rooms, things
from portal.demo.drawing.figures import CHEER, CROSS, HIPS, HOLD, KNEEL, POINT, STAND, WAVE, Held, Pose
from portal.demo.drawing.scene import BOLD, grown, kid, spread
from portal.demo.drawing.svg import (
    Paper,
    at,
    circ,
    dark,
    letters,
    letters_width,
    light,
    line,
    n,
    oval,
    path,
    rect,
    ring,
    star,
)
from portal.i18n import _


def lanterns(p: Paper) -> str:
    r = p.r
    sky = "dusk" if p.take % 2 else "night"
    nature.outdoors(p, sky, "autumn", 0.56)
    nature.trees(p, p.h * 0.58, "autumn", 5 if not p.tall else 3, 0.9)
    if p.take in (0, 3):
        p.put(nature.school(p.w * 0.66, p.h * 0.62, p.h / 1300).replace("#9fd0e6", "#f6d77a"))
    p.put(rect(0, p.h * 0.4, p.w, p.h * 0.6, "#1e2350", o=0.38))
    p.put(
        path(f"M0 {n(p.h * 0.72)}Q{n(p.w * 0.5)} {n(p.h * 0.66)} {p.w} {n(p.h * 0.74)}L{p.w} {p.h}L0 {p.h}Z", "#6d6488")
    )
    if p.take == 1:
        p.put(path(f"M0 {n(p.h * 0.16)}Q{n(p.w / 2)} {n(p.h * 0.3)} {p.w} {n(p.h * 0.16)}", stroke="#3a2f4a", width=6))
        for i, x in enumerate(spread(p, 5 if not p.tall else 3, 0.14, 0.86, 0)):
            y = p.h * (0.2 + 0.07 * (1 - abs(x / p.w - 0.5) * 2))
            c = BOLD[i]
            p.put(
                line([(x, y - 20), (x, y + 90)], "#fff3c4", 4),
                circ(x, y + 210, 330, p.glow("#ffcf70", 0.55)),
                (
                    (
                        circ(x, y + 210, 128, c)
                        + "".join(oval(x, y + 210, q, 128, light(c, 0.5), 0.35) for q in (40, 88))
                    )
                    if i % 2 == 0
                    else star(x, y + 210, 150, c, 5, 0.52) + star(x, y + 210, 74, light(c, 0.6), 5, 0.52)
                ),
                circ(x, y + 210, 40, "#fff8dc", 0.85),
            )
        return _("Paper lanterns that the children made shine on a line in the dark.")
    for i, x in enumerate(spread(p, 2 if p.tall else 4 if p.w < 2000 else 5, 0.12, 0.8)):
        y = p.h * (0.88 + 0.06 * (i % 2))
        kid(
            p,
            x,
            y,
            p.h / 740,
            Pose(left=(14, 6), right=(70, 150), look=0.4),
            r.choice(("smile", "happy", "smile")),
            ("wool", r.choice(BOLD)) if i % 2 else None,
            held=[Held(1, things.lantern(r.choice(BOLD[:6]), 1.15, (i + p.take) % 3, p.glow("#ffcf70", 0.7)))],
            flip=False,
            long_sleeves=True,
            feet="boots",
            wheels=i == 2 and p.take == 4,
        )
    return _("Lantern walk: children carry their shining lanterns through the evening.")


def first_day(p: Paper) -> str:
    t, r = rooms.tone(p), p.r
    if p.take == 1:
        rooms.room(p, t, 0.56)
        rooms.board(p, p.w * 0.1, p.h * 0.08, p.w * 0.8, p.h * 0.26, "WELCOME")
        p.put(
            rect(0, p.h * 0.66, p.w, p.h * 0.34, p.fade(light(t.wood, 0.4), t.wood)),
            rect(0, p.h * 0.66, p.w, 12, light(t.wood, 0.7)),
        )
        for i, x in enumerate(spread(p, 3 if p.tall else 4, 0.16, 0.84)):
            p.put(at(x, p.h * (0.76 + 0.03 * (i % 2)), things.cone(BOLD[(i * 3) % 8], 2.0)))
        return _("Colourful school cones lie ready under the word WELCOME on the board.")
    if p.take == 4:
        rooms.room(p, t, 0.62)
        rooms.board(p, p.w * 0.16, p.h * 0.08, p.w * 0.68, p.h * 0.24, "ABC")
        for i, x in enumerate(spread(p, 2 if p.tall else 3, 0.22, 0.78)):
            kid(
                p,
                x,
                p.h * 0.95,
                p.h / 580,
                (WAVE, HOLD, CHEER)[i],
                r.choice(("laugh", "happy", "smile")),
                lower=False,
            )
        p.put(
            rect(0, p.h * 0.82, p.w, p.h * 0.18, p.fade(light(t.wood, 0.4), t.wood)),
            rect(0, p.h * 0.82, p.w, 12, light(t.wood, 0.7)),
        )
        for i, x in enumerate(spread(p, 3, 0.1, 0.9)):
            p.put(at(x, p.h * 0.94, gear.backpack(BOLD[i * 2], 1.4)))
        return _("The first lesson: new children wave from their desks.")
    nature.outdoors(p, "clear", "summer" if p.take else "autumn", 0.5)
    p.put(
        nature.school(
            p.w * 0.5,
            p.h * 0.66,
            p.h / 840,
            *(("#e8b98a", "#b5533c"), ("#d8dfe8", "#4f5d75"), ("#f3dfb0", "#8f6238"), ("#e7c7bd", "#7a4a44"))[
                p.take % 4 : p.take % 4 + 1
            ][0],
        )
    )
    p.put(
        *(nature.tree(p, p.w * x, p.h * 0.68, p.h / 1500, "summer", "round") for x in (0.04, 0.96)),
        rect(0, p.h * 0.66, p.w, p.h * 0.34, p.fade("#d8cdbd", "#eadfcd")),
    )
    rooms.bunting(p, p.h * 0.04)
    for i, x in enumerate(spread(p, 2 if p.tall else 4, 0.16, 0.84)):
        kid(
            p,
            x,
            p.h * (0.9 + 0.03 * (i % 2)),
            p.h / 660,
            Pose(left=(24, -34), right=(22, -20)),
            r.choice(("laugh", "happy", "smile")),
            held=[Held(0, at(16, 34, things.cone(BOLD[(i * 3 + p.take) % 8], 0.86)))],
            wheels=i == 2 and p.take == 2,
        )
    nature.falling(p, "confetti", 24)
    return _("The first day of school: children stand before the school house with their big cones.")


def space(p: Paper) -> str:
    r = p.r
    p.put(rect(0, 0, p.w, p.h, p.fade("#141a3c", "#2f2a66", "#4b3a7a")))
    p.put(
        *(
            circ(r.random() * p.w, r.random() * p.h, r.uniform(1.5, 4.5), "#fff8dc", r.uniform(0.4, 1))
            for _k in range(130)
        )
    )
    planets = (
        ("#f2a541", 86, False),
        ("#5aa9c9", 64, False),
        ("#e4572e", 50, False),
        ("#e8c583", 98, True),
        ("#8e5ea2", 70, True),
        ("#76b041", 54, False),
    )
    spots = spread(p, 4 if p.tall else 6, 0.08, 0.92, 0.02)
    for i, x in enumerate(spots):
        colour, size, ringed = planets[(i + p.take) % 6]
        y = p.h * (0.16 + 0.16 * ((i * 7 + p.take) % 3) / 2)
        p.put(
            line([(x, 0), (x, y)], "#c9d1dc", 2, 0.6),
            circ(x, y, size * 1.8, p.glow(colour, 0.35)),
            circ(x, y, size, colour),
            oval(x - size * 0.3, y - size * 0.34, size * 0.3, size * 0.2, "#ffffff", 0.3, -30),
            p.clip(
                circ(x, y, size, "#fff"),
                rect(x - size, y + size * 0.1, size * 2, size * 0.18, dark(colour, 0.2), o=0.6)
                + rect(x - size, y + size * 0.5, size * 2, size * 0.12, light(colour, 0.3), o=0.6),
            ),
        )
        if ringed:
            p.put(
                path(
                    f"M{n(x - size * 1.7)} {n(y + 12)}Q{n(x)} {n(y + size * 0.9)} {n(x + size * 1.7)} {n(y - 16)}",
                    stroke="#f6e2b8",
                    width=13,
                )
            )
    rocket = (
        path("M0 -330C70 -260 80 -150 70 -40L-70 -40C-80 -150 -70 -260 0 -330Z", "#fffdf6")
        + path("M0 -330C34 -296 52 -256 60 -216L-60 -216C-52 -256 -34 -296 0 -330Z", "#e4572e")
        + circ(0, -150, 34, "#5aa9c9")
        + ring(0, -150, 34, "#8d97a8", 9)
        + path("M-70 -110Q-130 -70 -124 0L-66 -40Z", "#e4572e")
        + path("M70 -110Q130 -70 124 0L66 -40Z", "#e4572e")
        + rect(-44, -44, 88, 24, "#8d97a8", 6)
    )
    flame = path("M-36 -20Q0 130 36 -20Z", "#f2a541") + path("M-18 -20Q0 70 18 -20Z", "#fbe08a")
    if p.take in (1, 4):
        p.put(at(p.w * 0.5, p.h * 0.86, flame + rocket, p.h / 640, 16 if p.take == 1 else -20))
        return _("The cardboard rocket of the space project flies between hanging planets.")
    p.put(
        oval(p.w * 0.5, p.h * 1.06, p.w * 0.7, p.h * 0.26, "#b8b4cc"),
        *(
            oval(p.w * r.random(), p.h * r.uniform(0.9, 0.98), r.uniform(30, 80), r.uniform(9, 18), "#9a95b5")
            for _k in range(9)
        ),
    )
    p.put(at(p.w * 0.5, p.h * 0.9, rocket, p.h / 860))
    helmet = circ(0, -88, 60, "#dff1f7", 0.28) + ring(0, -88, 60, "#fffdf6", 9)
    for i, x in enumerate(spread(p, 2, 0.2, 0.8)):
        kid(
            p,
            x,
            p.h * 0.92,
            p.h / 720,
            (WAVE, CHEER, HIPS, POINT)[(i * 2 + p.take) % 4],
            r.choice(("laugh", "wow", "happy")),
            top="#eef1f5",
            accent="#e4572e",
            low="#dfe4ea",
            pattern="band",
            bottom="trousers",
            long_sleeves=True,
            shoes="#8d97a8",
            feet="boots",
            style=r.choice(("short", "side", "curly", "crop", "bun", "bob")),
            over=at(0, -2, helmet),
            flip=i == 1,
        )
    return _("Space day: two young astronauts stand on the moon beside their rocket.")


def portrait(p: Paper) -> str:
    place = p.take % 3
    if place == 0:
        nature.outdoors(p, "clear", ("summer", "autumn", "spring")[p.take // 2], 0.5)
        p.put(nature.school(p.w * 0.5, p.h * 0.62, p.h / 880))
        p.put(rect(0, p.h * 0.62, p.w, p.h * 0.38, p.fade("#a8c48a", "#8fb86a")))
    elif place == 1:
        rooms.room(p, rooms.tone(p), 0.62)
        rooms.gallery(p, p.w * 0.05, p.h * 0.07, p.w * 0.9, 4 if p.tall else 8)
    else:
        nature.outdoors(p, "sunset", "summer", 0.46)
        nature.trees(p, p.h * 0.5, "summer", 6, 0.9)
    counts = (4, 4, 3) if p.tall else (7, 7, 6) if p.w > 2000 else (6, 5, 5)
    s = p.h / (900 if p.w < 2000 else 780)
    rows = (
        (0.66, counts[0], (STAND, WAVE, STAND, CHEER)),
        (0.8, counts[1], (STAND, HIPS, HOLD)),
        (0.93, counts[2], (CROSS, KNEEL, CROSS)),
    )
    for k, (y, count, poses) in enumerate(rows):
        if k < 2:
            (
                p.put(rect(p.w * 0.06, p.h * y - 4, p.w * 0.88, p.h * 0.09, dark("#b97f4e", 0.1 * k), 6))
                if k == 0
                else None
            )
        edge = 0.1 + 0.035 * (k % 2)
        for i, x in enumerate(spread(p, count, edge, 1 - edge, 0.006)):
            kid(p, x, p.h * y, s, poses[i % len(poses)], wheels=k == 2 and i == 0 and p.take % 2 == 0)
    grown(p, p.w * 0.955 if not p.tall else p.w * 0.93, p.h * 0.84, s, STAND)
    word = ("HELLO", "1A", "WE", "HURRAY", "2B")[p.take]
    width = letters_width(44, word) + 70
    p.put(
        rect(p.w / 2 - width / 2, p.h * 0.93, width, 84, "#37644f", 10),
        letters(p.w / 2 - width / 2 + 35, p.h * 0.93 + 20, 44, word, "#fdf8ea"),
    )
    return _("Our class photo: everyone together in three rows, with the teacher at the side.")


SCENES = {"lanterns": lanterns, "first_day": first_day, "space": space, "portrait": portrait}
