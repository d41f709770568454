"""Scenes where something is made: music, pictures, food."""

from __future__ import annotations

from portal.demo.drawing import gear, rooms, things
from portal.demo.drawing.figures import HOLD, POINT, Held, Pose
from portal.demo.drawing.scene import BOLD, grown, kid, spread
from portal.demo.drawing.svg import Paper, at, circ, dark, light, line, n, oval, path, poly, rect, star
from portal.i18n import _


def music(p: Paper) -> str:
    t, r = rooms.tone(p), p.r
    rooms.room(p, t, 0.66)
    notes = ""
    for c in r.sample(BOLD, 6):
        note = (
            oval(0, 0, 17, 13, c, turn=-20) + rect(12, -66, 6, 68, c) + path("M15 -66Q44 -54 36 -26", stroke=c, width=8)
        )
        spot = (p.w * r.uniform(0.06, 0.94), p.h * r.uniform(0.06, 0.3))
        notes += at(*spot, note, r.uniform(1.1, 2.0), r.uniform(-15, 15))
    if p.take == 1:
        p.put(rect(0, p.h * 0.5, p.w, p.h * 0.5, p.fade(light(t.two, 0.25), t.two)), notes)
        p.put(at(p.w * 0.5, p.h * 0.62, things.xylophone(1), p.w / (480 if p.tall else 460)))
        p.put(
            at(p.w * 0.3, p.h * 0.82, line([(0, 0), (190, -150)], "#b07d4f", 14) + circ(196, -156, 24, "#e4572e")),
            at(p.w * 0.74, p.h * 0.84, line([(0, 0), (-130, -180)], "#b07d4f", 14) + circ(-134, -188, 24, "#3a7ca5")),
        )
        return _("A colourful xylophone with two mallets waits for the next song.")
    if p.take == 3:
        for row in range(2):
            p.put(rect(p.w * 0.06, p.h * (0.68 + row * 0.12), p.w * 0.88, p.h * 0.14, dark(t.wood, 0.08 * row), 8))
        for row, count in ((0, 5), (1, 4)):
            y = p.h * (0.7 + row * 0.12)
            for x in spread(p, count if not p.tall else count - 1, 0.14 + row * 0.05, 0.86 - row * 0.05, 0.008):
                kid(
                    p,
                    x,
                    y + 20,
                    p.h / 900,
                    HOLD,
                    r.choice(("laugh", "wow", "happy")),
                    held=[Held(0, rect(-30, -26, 60, 44, "#2f4858", 3) + rect(-26, -22, 52, 36, "#fffdf6", 2))],
                )
        p.put(notes)
        grown(p, p.w * 0.5, p.h * 1.12, p.h / 760, Pose(left=(110, 150), right=(110, 150), back=True))
        return _("The choir stands on two steps and sings, led by the music teacher.")
    rooms.window(p, p.w * 0.38, p.h * 0.1, p.w * 0.24, p.h * 0.26, curtain=t.one)
    p.put(notes)
    rooms.rug(p, p.w * 0.5, p.h * 0.85, p.w * 0.45, p.h * 0.12, t.one, t.three)
    s = p.h / 640
    spots = spread(p, 3 if p.tall else 4, 0.15, 0.85)
    players = r.sample((0, 1, 2, 3), len(spots))
    for x, part in zip(spots, players, strict=True):
        y = p.h * r.uniform(0.85, 0.9)
        if part == 0:
            kid(
                p,
                x,
                y,
                s,
                Pose(left=(24, -70), right=(36, -60)),
                held=[Held(0, things.guitar(r.choice(BOLD[:4]), 0.9))],
                flip=False,
            )
        elif part == 1:
            kid(p, x, y - 20, s, Pose(left=(46, -30), right=(46, -30)), "laugh")
            p.put(at(x, y + 20, things.drum(r.choice(BOLD)), s))
        elif part == 2:
            kid(
                p,
                x,
                y,
                s,
                Pose(left=(40, -150), right=(60, -140), look=0.4),
                "calm",
                held=[Held(1, things.trumpet(0.8))],
                flip=False,
            )
        else:
            kid(
                p,
                x,
                y,
                s,
                Pose(left=(60, 130), right=(60, 140)),
                "laugh",
                held=[
                    Held(-1, circ(0, 0, 26, "#f2b632") + circ(0, 0, 8, "#fffdf6")),
                    Held(1, circ(0, 0, 26, "#f2b632") + circ(0, 0, 8, "#fffdf6")),
                ],
                wheels=p.take == 2,
            )
    rooms.ambience(p)
    return _("Children make music together with guitar, drum, trumpet and cymbals.")


def painting(p: Paper) -> str:
    t, r = rooms.tone(p), p.r
    rooms.room(p, t, 0.68)
    if p.take == 1:
        for row in range(3 if p.tall else 2):
            y = p.h * (0.1 + row * 0.26)
            p.put(path(f"M0 {n(y)}Q{n(p.w / 2)} {n(y + 60)} {p.w} {n(y)}", stroke="#6d5a4e", width=5))
            for x in spread(p, 3 if p.tall else 5, 0.13, 0.87):
                p.put(rooms.drawing(r, x - 110, y + 26, 220, 180), rect(x - 8, y + 8, 16, 34, "#e0b07a", 4))
        for x in spread(p, 6, 0.1, 0.9):
            p.put(at(x, p.h * 0.95, things.jar(r.choice(BOLD), 2.2)))
        return _("Freshly painted pictures hang on a line to dry above jars of paint.")
    p.zoom(0.9 if p.take % 2 else 0.94)
    if p.take in (2, 4):
        p.zoom(0.82)
        rooms.gallery(p, p.w * 0.1, p.h * 0.26, p.w * 0.8, 3 if p.tall else 5)
        for x in spread(p, 2 if p.tall else 3, 0.22, 0.78):
            kid(
                p,
                x,
                p.h * 0.94,
                p.h / 600,
                Pose(left=(30, -40), right=(36, -70), tilt=6),
                r.choice(("smile", "laugh", "calm")),
                held=[Held(1, things.brush(r.choice(BOLD)))],
                lower=False,
                over=rect(-24, -30, 48, 74, light(t.three, 0.4), 6),
                flip=False,
            )
        p.put(rect(0, p.h * 0.78, p.w, p.h * 0.22, p.fade("#fdf3df", "#e9d8b8")))
        for i, x in enumerate(spread(p, 2 if p.tall else 3, 0.22, 0.78)):
            p.put(
                poly(
                    [(x - 130, p.h * 0.84), (x + 130, p.h * 0.84), (x + 165, p.h * 0.95), (x - 165, p.h * 0.95)],
                    "#ffffff",
                )
            )
            p.put(
                *(
                    oval(
                        x + r.uniform(-100, 100),
                        p.h * r.uniform(0.86, 0.93),
                        r.uniform(18, 50),
                        r.uniform(8, 18),
                        r.choice(things.BRIGHT),
                        0.9,
                    )
                    for _ in range(7)
                )
            )
            p.put(at(x + 190, p.h * 0.86 + 30 * (i % 2), things.jar(r.choice(BOLD), 1.3)))
        return _("Children paint at the big table; brushes, paper and jars of colour everywhere.")
    rooms.window(p, p.w * 0.08, p.h * 0.1, p.w * 0.24, p.h * 0.3)
    rooms.gallery(p, p.w * 0.45, p.h * 0.12, p.w * 0.48, 3)
    for i, x in enumerate(spread(p, 2, 0.24, 0.7)):
        p.put(at(x + 190, p.h * 0.88, gear.easel(gear.easel_art(r), 1.35 + p.take * 0.05)))
        kid(
            p,
            x,
            p.h * (0.9 + 0.02 * i),
            p.h / 590,
            POINT,
            r.choice(("smile", "laugh")),
            held=[Held(1, things.brush(r.choice(BOLD)))],
            flip=False,
            over=rect(-24, -30, 48, 74, light(t.three, 0.45), 6),
        )
        p.put(at(x + 60, p.h * 0.97, things.jar(r.choice(BOLD), 1.2)))
    rooms.ambience(p)
    return _("Two young painters stand at their easels in aprons.")


def cooking(p: Paper) -> str:
    t, r = rooms.tone(p), p.r
    rooms.room(p, t, 0.76, boards=False)
    for row in range(4):
        p.put(
            *(
                rect(
                    k * 100,
                    p.h * (0.34 + row * 0.085),
                    94,
                    p.h * 0.08,
                    light(t.two, 0.55 + 0.1 * ((k + row) % 2)),
                    4,
                    0.6,
                )
                for k in range(p.w // 100 + 1)
            )
        )
    if p.take == 1:
        p.put(rect(0, 0, p.w, p.h, p.fade(light(t.two, 0.5), light(t.two, 0.2))))
        p.put(
            rect(p.w * 0.08, p.h * 0.16, p.w * 0.84, p.h * 0.7, "#8d97a8", 40),
            rect(p.w * 0.1, p.h * 0.18, p.w * 0.8, p.h * 0.66, "#b8c0cc", 30),
        )
        for row in range(3):
            for x in spread(p, 4, 0.2, 0.8, 0.005):
                y = p.h * (0.3 + row * 0.21)
                kind = r.randrange(4)
                base = "#d99a52"
                cookie = (
                    circ(0, 0, 78, base)
                    + circ(-18, -14, 9, "#35262b")
                    + circ(18, -14, 9, "#35262b")
                    + path("M-28 18Q0 46 28 18", stroke="#8c2f39", width=9),
                    star(0, 0, 96, base) + star(0, 0, 60, r.choice(("#fffdf6", "#f2b5c4", "#bfe3f2"))),
                    path("M0 84C-130 0 -70 -100 0 -40C70 -100 130 0 0 84Z", base)
                    + path("M0 58C-92 0 -52 -70 0 -26C52 -70 92 0 0 58Z", "#ef7f7f"),
                    circ(0, 0, 78, base)
                    + "".join(
                        circ(a, b, 10, r.choice(BOLD))
                        for a, b in ((-30, -20), (10, -36), (36, 4), (-10, 12), (-40, 24), (16, 42))
                    ),
                )[kind]
                p.put(
                    oval(x + 6, y + 14, 84, 80, "#1d1b3a", 0.14),
                    at(x, y, cookie, 0.8 if p.tall else 0.95, r.uniform(-20, 20)),
                )
        return _("Fresh biscuits on the baking tray: faces, stars, hearts and dots.")
    p.zoom(0.9, y=0.8)
    p.put(
        rect(p.w * 0.04, p.h * 0.16, p.w * 0.4, p.h * 0.04, t.wood, 6),
        rect(p.w * 0.56, p.h * 0.16, p.w * 0.4, p.h * 0.04, t.wood, 6),
    )
    for i, x in enumerate(spread(p, 6, 0.09, 0.91, 0.01)):
        p.put(
            at(
                x,
                p.h * 0.16,
                (
                    things.jar(r.choice(BOLD), 1.4),
                    rooms.plant(0, 0, 0.8),
                    things.bowl(r.choice(BOLD), "#fffdf6", 0.8),
                )[(i + p.take) % 3],
            )
        )
    p.put(
        *(
            line([(p.w * k, p.h * 0.2), (p.w * k, p.h * 0.25)], "#8d97a8", 8)
            + circ(p.w * k, p.h * 0.275, 34, "#8d97a8")
            for k in (0.46, 0.5, 0.54)
        )
    )
    count = 2 if p.tall else 3 + p.take % 2
    tops = spread(p, count, 0.16, 0.84)
    for x in tops:
        kid(
            p,
            x,
            p.h * 0.95,
            p.h / 600,
            Pose(left=(26, -40), right=(30, -46)),
            r.choice(("laugh", "smile", "happy")),
            ("chef", r.choice(BOLD)) if r.random() < 0.75 else None,
            lower=False,
            over=rect(-25, -34, 50, 84, "#fffdf6", 8),
        )
    p.put(rect(0, p.h * 0.8, p.w, p.h * 0.2, t.wood), rect(0, p.h * 0.79, p.w, 26, light(t.wood, 0.55), 8))
    food = ("#f6e2b8", "#e4572e", "#8cc152", "#f2a541")
    for i, x in enumerate(tops):
        p.put(
            at(x, p.h * 0.85, things.bowl(r.choice(BOLD), food[(i + p.take) % 4], 1.4)),
            at(x + 10, p.h * 0.79, rect(-6, -110, 12, 120, "#b07d4f", 6), 1, 24),
        )
        p.put(
            at(
                x + 160,
                p.h * 0.86,
                (
                    path("M-44 0Q-40 -34 40 -26Q60 -10 44 0Z", "#f2842f")
                    + path("M44 -16q30 -20 40 -4q-20 2 -40 12Z", "#5fa052"),
                    circ(0, -26, 28, "#e4572e") + path("M0 -54q14 -16 26 -8", stroke="#5fa052", width=8),
                    rect(-40, -44, 80, 44, "#f6c85f", 6) + circ(-14, -22, 7, "#e0a93a") + circ(16, -30, 6, "#e0a93a"),
                )[(i + p.take) % 3],
            )
        )
    return _("Cooking day: children in aprons and tall hats stir their bowls at the counter.")


SCENES = {"music": music, "painting": painting, "cooking": cooking}
