"""Scenes of water and wide world: swimming, sea, camp, maps."""

from __future__ import annotations

from portal.demo.drawing import gear, nature, rooms, things
from portal.demo.drawing.figures import CHEER, CROSS, HIPS, HOLD, JUMP, KNEEL, POINT, REACH, THINK, WAVE, Held, Pose
from portal.demo.drawing.scene import BOLD, kid, spread
from portal.demo.drawing.svg import Paper, at, circ, curve, light, line, n, oval, path, poly, rect, star
from portal.i18n import _


def swimming(p: Paper) -> str:
    r = p.r
    wall = r.choice(("#d7eaf3", "#e5ecd0", "#fbeec2"))
    p.put(rect(0, 0, p.w, p.h * 0.4, p.fade(light(wall, 0.4), wall)))
    for k in range(p.w // 260 + 1):
        p.put(rect(k * 260 + 30, p.h * 0.06, 200, p.h * 0.2, p.fade("#9fd3ec", "#e3f3f8"), 10))
    p.put(
        *(
            rect(k * 60, p.h * 0.33, 56, p.h * 0.06, light(("#17a2b8", "#5aa9c9")[k % 2], 0.5), 4)
            for k in range(p.w // 60 + 1)
        )
    )
    p.put(
        rect(0, p.h * 0.39, p.w, p.h * 0.1, "#efe6d6"),
        rect(0, p.h * 0.47, p.w, p.h * 0.53, p.fade("#5cc4dd", "#2a93bd")),
    )
    for _k in range(26):
        x, y = r.random() * p.w, p.h * r.uniform(0.5, 0.98)
        p.put(path(f"M{n(x)} {n(y)}q30 -14 60 0t60 0", stroke="#ffffff", width=5, o=0.35))
    if p.take != 2:
        for lane in (0.6, 0.8):
            p.put(*(circ(x, p.h * lane, 17, ("#e4572e", "#fffdf6")[(x // 46) % 2]) for x in range(0, p.w, 46)))
    if p.take in (1, 4):
        for i, x in enumerate(spread(p, 3 if p.tall else 4, 0.16, 0.84)):
            kid(
                p,
                x,
                p.h * 0.47,
                p.h / 900,
                (JUMP, CHEER, HIPS, WAVE)[i],
                hat=("swim", r.choice(BOLD)),
                feet="bare",
                bottom="shorts",
                long_sleeves=False,
                glasses="",
                wheels=False,
                style="crop",
            )
        kid(
            p,
            p.w * 0.4,
            p.h * 0.86,
            p.h / 640,
            CHEER,
            "laugh",
            ("swim", r.choice(BOLD)),
            lower=False,
            glasses="",
            style="crop",
            bottom="shorts",
            long_sleeves=False,
        )
        p.put(
            rect(p.w * 0.4 - 150, p.h * 0.8, 300, p.h * 0.12, "#3aa5c9", 30, 0.75),
            path(f"M{n(p.w * 0.4 - 160)} {n(p.h * 0.8)}q40 -20 80 0t80 0t80 0t80 0", stroke="#ffffff", width=9),
        )
        return _("At the pool: children in swimming caps wait at the edge for their turn to jump.")
    for i, x in enumerate(spread(p, 3 if not p.tall else 2, 0.2, 0.8)):
        y = p.h * (0.7 + 0.12 * (i % 2))
        board = r.choice(BOLD)
        kid(
            p,
            x,
            y,
            p.h / 600,
            Pose(left=(50, -30), right=(50, -30), tilt=4),
            r.choice(("laugh", "happy", "smile")),
            ("swim", r.choice(BOLD)),
            lower=False,
            glasses="",
            bottom="shorts",
            held=(
                [Held(0, rect(-70, -22, 140, 50, board, 22) + rect(-50, -12, 100, 10, light(board, 0.5), 5))]
                if i != 1
                else ()
            ),
            style="crop",
            long_sleeves=False,
        )
        p.put(
            oval(x, y + 10, 150, 46, "#3aa5c9", 0.85),
            path(f"M{n(x - 150)} {n(y)}q38 -18 75 0t75 0t75 0t75 0", stroke="#ffffff", width=8, o=0.9),
        )
    if p.take == 2:
        for _k in range(5):
            x, y = p.w * r.uniform(0.1, 0.9), p.h * r.uniform(0.52, 0.95)
            p.put(circ(x, y, 44, r.choice(BOLD)), oval(x - 14, y - 16, 12, 8, "#ffffff", 0.5))
    return _("Swimming lesson: children float in the water with boards and goggles.")


def sea(p: Paper) -> str:
    r = p.r
    sky = ("clear", "sunset", "cloudy", "clear", "clear")[p.take]
    top, low = nature.SKIES[sky]
    p.put(rect(0, 0, p.w, p.h * 0.44, p.fade(top, low)))
    p.put(
        circ(p.w * 0.74, p.h * 0.16, 260, p.glow("#fff7d1", 0.9)),
        circ(p.w * 0.74, p.h * 0.16, 70, "#fff0a8"),
        *(nature.cloud(p.w * r.random(), p.h * r.uniform(0.05, 0.24), r.uniform(0.8, 1.6)) for _k in range(3)),
    )
    p.put(rect(0, p.h * 0.4, p.w, p.h * 0.3, p.fade("#2f8fb5", "#63c3d6")))
    boat = (
        path("M-110 0L110 0Q90 44 60 44L-60 44Q-90 44 -110 0Z", "#b5533c")
        + line([(0, 0), (0, -220)], "#6d4c3a", 9)
        + path("M10 -214Q120 -120 110 -16L10 -16Z", "#fffdf6")
        + path("M-10 -190Q-80 -90 -84 -16L-10 -16Z", "#f6c85f")
    )
    p.put(
        at(p.w * r.uniform(0.16, 0.4), p.h * 0.46, boat, p.h / 1400),
        at(
            p.w * 0.9,
            p.h * 0.43,
            rect(-26, -190, 52, 190, "#fffdf6")
            + rect(-26, -150, 52, 36, "#e4572e")
            + rect(-26, -76, 52, 36, "#e4572e")
            + rect(-34, -230, 68, 44, "#3d4257", 6)
            + circ(0, -208, 14, "#f6c85f"),
            0.8,
        ),
    )
    for _k in range(24):
        x, y = r.random() * p.w, p.h * r.uniform(0.44, 0.64)
        p.put(path(f"M{n(x)} {n(y)}q24 -12 48 0t48 0", stroke="#ffffff", width=4, o=0.4))
    shore = (
        [(-40, p.h * 0.68)]
        + [(p.w * k / 6, p.h * (0.66 + 0.025 * (k % 2))) for k in range(7)]
        + [(p.w + 40, p.h * 0.68)]
    )
    p.put(
        path(curve(shore) + f"L{p.w + 40} {p.h}L-40 {p.h}Z", "#ffffff", o=0.8),
        at(0, 16, path(curve(shore) + f"L{p.w + 40} {p.h}L-40 {p.h}Z", p.fade("#f3dca8", "#e8c583"))),
    )
    for _k in range(26):
        x, y = r.random() * p.w, p.h * r.uniform(0.74, 0.98)
        p.put(r.choice((circ(x, y, 7, "#d8b36a"), oval(x, y, 13, 9, "#fffdf6"), star(x, y, 18, "#e78a5a"))))
    castle = (
        rect(-130, -90, 260, 90, "#dcb56a", 6)
        + "".join(
            rect(a, -160, 62, 160, "#e0bd76", 5) + poly([(a - 8, -160), (a + 70, -160), (a + 31, -224)], "#c99b4d")
            for a in (-150, 88)
        )
        + rect(-34, -190, 68, 190, "#e8c583", 5)
        + poly([(-44, -190), (44, -190), (0, -262)], "#c99b4d")
        + line([(0, -262), (0, -310)], "#6d4c3a", 5)
        + poly([(0, -310), (50, -296), (0, -280)], "#e4572e")
        + path("M-22 0L-22 -46Q0 -76 22 -46L22 0Z", "#a8803f")
    )
    if p.take in (1, 4):
        p.put(
            oval(p.w * 0.5, p.h * 0.92, 300, 26, "#1d1b3a", 0.1),
            at(p.w * 0.5, p.h * 0.92, castle, p.w / 620 if p.tall else p.h / 560),
            at(
                p.w * 0.84,
                p.h * 0.95,
                path("M-50 -80L50 -80L36 0L-36 0Z", "#3a7ca5")
                + path("M-50 -80Q0 -150 50 -80", stroke="#fffdf6", width=7),
                1.3,
            ),
        )
        return _("A big sand castle with a flag on the beach.")
    p.put(at(p.w * 0.5, p.h * 0.88, castle, p.h / 860))
    kid(
        p,
        p.w * 0.22,
        p.h * 0.9,
        p.h / 700,
        (KNEEL, CHEER, HIPS, WAVE, HIPS)[p.take],
        feet="bare",
        hat=("sun", "#f6c85f"),
        bottom="shorts",
        long_sleeves=False,
    )
    kid(
        p,
        p.w * 0.8,
        p.h * 0.93,
        p.h / 700,
        (POINT, KNEEL, KNEEL, HOLD, HIPS)[p.take],
        feet="bare",
        flip=True,
        bottom="shorts",
        long_sleeves=False,
        held=[Held(0, star(0, -8, 26, "#e78a5a"))] if p.take == 3 else (),
    )
    return _("Class trip to the sea: two children have built a sand castle.")


def camp(p: Paper) -> str:
    r = p.r
    nature.outdoors(p, "night" if p.take != 3 else "dusk", "summer", 0.56)
    shade = rect(0, p.h * 0.5, p.w, p.h * 0.5, "#1e2350", o=0.42)
    nature.trees(p, p.h * 0.58, "summer", 6 if not p.tall else 4, 0.9)
    p.put(shade)
    for i, x in enumerate(spread(p, 2 if p.tall else 3, 0.16, 0.84)):
        if p.take != 1 or i != 1:
            p.put(at(x, p.h * (0.68 + 0.02 * (i % 2)), gear.tent(BOLD[(i * 3 + p.take) % 8]), p.h / 1150))
    if p.take in (1, 4):
        p.put(at(p.w * 0.5, p.h * 0.88, gear.fire(1, p.glow("#f6a24a", 0.7)), p.h / 520))
        return _("The camp fire burns bright in front of the tents under a sky full of stars.")
    p.put(at(p.w * 0.5, p.h * 0.88, gear.fire(1, p.glow("#f6a24a", 0.65)), p.h / 860))
    stick = line([(0, 0), (64, -44)], "#a8744a", 7) + oval(66, -46, 18, 13, "#f4e3c8", turn=-34)
    for i, x in enumerate(spread(p, 2 if p.tall else 4, 0.16, 0.84)):
        kid(
            p,
            x,
            p.h * (0.9 + (0.04 if i in (0, 3) else 0.0)),
            p.h / 740,
            Pose(left=CROSS.left, right=(50, 60), legs=CROSS.legs, seated=True, look=0.5),
            r.choice(("happy", "smile", "laugh")),
            held=[Held(1, stick)],
            flip=x > p.w / 2,
        )
    return _("Evening at the camp: children toast marshmallows around the fire.")


def maps(p: Paper) -> str:
    t, r = rooms.tone(p), p.r
    rooms.room(p, t, 0.72)
    mx, my, mw, mh = p.w * 0.1, p.h * 0.08, p.w * 0.8, p.h * (0.4 if not p.tall else 0.3)
    p.put(
        rect(mx - 18, my - 22, mw + 36, 26, t.wood, 10),
        rect(mx, my, mw, mh, p.fade("#bfe3f2", "#9fd0e6"), 4),
        rect(mx - 18, my + mh - 4, mw + 36, 26, t.wood, 10),
    )
    lands = (
        ((0.05, 0.2), (0.16, 0.1), (0.27, 0.14), (0.3, 0.26), (0.24, 0.36), (0.2, 0.48), (0.13, 0.4), (0.06, 0.32)),
        ((0.22, 0.54), (0.3, 0.56), (0.33, 0.66), (0.29, 0.8), (0.26, 0.94), (0.23, 0.78)),
        ((0.43, 0.16), (0.5, 0.1), (0.56, 0.16), (0.55, 0.3), (0.48, 0.34), (0.43, 0.28)),
        ((0.43, 0.42), (0.54, 0.4), (0.6, 0.5), (0.56, 0.68), (0.51, 0.84), (0.47, 0.66), (0.42, 0.54)),
        (
            (0.57, 0.12),
            (0.72, 0.06),
            (0.9, 0.14),
            (0.93, 0.28),
            (0.82, 0.42),
            (0.74, 0.54),
            (0.66, 0.42),
            (0.58, 0.32),
        ),
        ((0.8, 0.68), (0.9, 0.64), (0.94, 0.76), (0.86, 0.86), (0.79, 0.8)),
    )
    for spots, colour in zip(lands, ("#f2a541", "#76b041", "#8e5ea2", "#f6c85f", "#ef7f7f", "#2e8b7a"), strict=True):
        pts = [(mx + a * mw, my + b * mh) for a, b in spots]
        p.put(path(curve([*pts, pts[0]]) + "Z", colour))
    for _k in range(7):
        x, y = mx + mw * r.uniform(0.1, 0.9), my + mh * r.uniform(0.15, 0.8)
        p.put(
            line([(x, y), (x, y - 34)], "#3d4257", 3),
            circ(x, y - 40, 12, r.choice(("#e4572e", "#3a7ca5", "#fffdf6"))),
        )
    if p.take in (1, 4):
        if p.take == 4:
            p.zoom(0.66, 0.1)
        p.put(
            rect(0, p.h * 0.72, p.w, p.h * 0.28, p.fade(light(t.wood, 0.35), t.wood)),
            rect(0, p.h * 0.72, p.w, 12, light(t.wood, 0.7)),
        )
        p.put(
            at(p.w * 0.3, p.h * 0.9, gear.globe(1), p.h / 470 if not p.tall else 2.4),
            at(p.w * 0.7, p.h * 0.9, things.pages(t.one, p.w / 620)),
        )
        for k, x in enumerate(spread(p, 4, 0.52, 0.9, 0.005)):
            p.put(
                at(
                    x,
                    p.h * 0.8,
                    line([(0, 0), (0, -150)], "#6d4c3a", 6)
                    + rect(0, -150, 84, 18, BOLD[k])
                    + rect(0, -132, 84, 18, "#fffdf6")
                    + rect(0, -114, 84, 18, BOLD[k + 3]),
                )
            )
        return _("Globe, atlas and small flags on the table in front of the big world map.")
    p.put(
        at(p.w * 0.5, p.h * 0.88, gear.globe(1), p.h / 700),
        rect(p.w * 0.5 - 90, p.h * 0.88, 180, p.h * 0.12, t.wood, 8),
    )
    kid(p, p.w * 0.2, p.h * 0.94, p.h / 620, Pose(right=(120, 130), left=(14, 6), look=0.6), "laugh", flip=False)
    kid(p, p.w * 0.8, p.h * 0.95, p.h / 620, THINK if p.take == 2 else REACH, flip=True, wheels=p.take == 3)
    return _("Where do our families come from? Two children look for countries on the map and the globe.")


SCENES = {"swimming": swimming, "sea": sea, "camp": camp, "maps": maps}
