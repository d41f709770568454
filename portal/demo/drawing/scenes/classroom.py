"""Scenes at the desks: reading, science, numbers, computers."""

from __future__ import annotations

from portal.demo.drawing import gear, rooms, things
from portal.demo.drawing.figures import CHAIR, CHEER, CROSS, HIPS, HOLD, KNEEL, POINT, REACH, THINK, WAVE, Held, Pose
from portal.demo.drawing.scene import BOLD, grown, kid, spread
from portal.demo.drawing.svg import Paper, at, circ, dark, light, line, n, oval, path, poly, rect, star
from portal.i18n import _


def reading(p: Paper) -> str:
    t, r = rooms.tone(p), p.r
    if p.take in (1, 4):
        rooms.room(p, t, 0.74)
        w = p.w * (0.62 if p.tall else 0.4)
        x = p.w * 0.5 - w / 2
        rooms.window(p, x, p.h * 0.1, w, p.h * 0.44, "rain" if p.take == 4 else "clear", t.one)
        if not p.tall:
            rooms.shelf(p, p.w * 0.02, p.h * 0.78, p.w * 0.2, p.h * 0.66, 5, t.wood)
            p.put(gear.cushion(t.three, 1.3).replace("translate(0 0)", f"translate({n(p.w * 0.87)} {n(p.h * 0.86)})"))
        p.put(
            rect(x - 90, p.h * 0.64, w + 180, p.h * 0.2, t.wood, 16),
            rect(x - 90, p.h * 0.62, w + 180, 50, light(t.two, 0.2), 22),
        )
        p.put(
            at(x - 10, p.h * 0.63, gear.cushion(t.three, 1.1), 1),
            at(x + w + 10, p.h * 0.63, gear.cushion(t.one, 1.0), 1),
        )
        kid(p, p.w * 0.5, p.h * 0.645, p.h / 560, CROSS, "calm", held=[Held(0, things.book(r.choice(BOLD), 1.05))])
        p.put(
            at(x - 40, p.h * 0.97, things.pages("#e4572e"), 1.4),
            at(x + w * 0.9, p.h * 0.95, things.pages("#3a7ca5"), 1.2),
        )
        return _("A child is deep in a book on the window seat, with cushions on both sides.")
    rooms.room(p, t, 0.62)
    p.zoom(0.9)
    if p.take == 2:
        rooms.board(p, p.w * 0.06, p.h * 0.1, p.w * 0.3, p.h * 0.24, "STORY TIME")
        rooms.shelf(p, p.w * 0.72, p.h * 0.63, p.w * 0.24, p.h * 0.5, 4, t.wood)
        rooms.rug(p, p.w * 0.5, p.h * 0.82, p.w * 0.44, p.h * 0.17, t.two, t.three)
        p.put(
            at(
                p.w * 0.5,
                p.h * 0.66,
                rect(-95, -150, 190, 150, t.one, 40) + rect(-125, -80, 250, 90, dark(t.one, 0.12), 30),
            )
        )
        grown(p, p.w * 0.5, p.h * 0.61, p.h / 760, CHAIR, "laugh", [Held(0, things.book(t.three, 1.2))])
        for x in spread(p, 3, 0.27, 0.73):
            kid(
                p,
                x,
                p.h * 0.84,
                p.h / 720,
                CROSS.__class__(CROSS.left, CROSS.right, CROSS.legs, seated=True, back=True),
            )
        kid(p, p.w * 0.13, p.h * 0.82, p.h / 700, CROSS, "wow", flip=False)
        kid(p, p.w * 0.87, p.h * 0.82, p.h / 700, CROSS, "laugh", flip=True)
        rooms.ambience(p)
        return _("A teacher reads a story aloud; the class sits on the rug and listens.")
    rooms.shelf(p, p.w * 0.04, p.h * 0.64, p.w * 0.28, p.h * 0.52, 4, t.wood)
    rooms.window(p, p.w * 0.44, p.h * 0.12, p.w * 0.22, p.h * 0.28, curtain=t.two)
    p.put(rooms.lamp(p.w * 0.82, p.h * 0.2, 1.3, t.one, p.glow("#fff3c4", 0.8)))
    rooms.rug(p, p.w * 0.52, p.h * 0.83, p.w * 0.42, p.h * 0.14, t.three, t.one)
    p.put(rooms.plant(p.w * 0.94, p.h * 0.68, 1.5))
    for i, x in enumerate(spread(p, 3, 0.24, 0.8)):
        p.put(at(x, p.h * (0.82 + 0.03 * (i % 2)), gear.cushion(r.choice(BOLD), 1.35)))
        kid(
            p,
            x,
            p.h * (0.79 + 0.03 * (i % 2)),
            p.h / 620,
            CROSS,
            r.choice(("calm", "smile", "calm", "laugh")),
            held=[Held(0, things.book(r.choice(BOLD)))],
        )
    rooms.ambience(p)
    return _("Children sit on cushions in the reading corner, each with a book.")


def science(p: Paper) -> str:
    t, r = rooms.tone(p), p.r
    goggles = ("#3d4257", "#2e8b7a", "#8e5ea2")
    rooms.room(p, t, 0.7)
    liquids = r.sample(("#e4572e", "#f2a541", "#76b041", "#17a2b8", "#8e5ea2", "#d66ba0", "#f6c85f"), 6)
    if p.take in (1, 3):
        p.put(
            rect(0, p.h * 0.64, p.w, p.h * 0.36, p.fade(light(t.wood, 0.35), t.wood)),
            rect(0, p.h * 0.64, p.w, 14, light(t.wood, 0.6)),
        )
        rooms.board(p, p.w * 0.12, p.h * 0.08, p.w * 0.5, p.h * 0.24, "H2O" if p.take == 1 else "WHY?")
        for i, x in enumerate(spread(p, 5 if not p.tall else 3, 0.13, 0.87)):
            p.put(
                oval(x, p.h * (0.86 - 0.05 * (i % 2)), 150, 22, "#1d1b3a", 0.12),
                at(x, p.h * (0.86 - 0.05 * (i % 2)), things.flask(liquids[i], 2.9, (i + p.take) % 4)),
            )
        return _("Glasses and flasks with bright liquids are lined up for an experiment.")
    rooms.board(p, p.w * 0.08, p.h * 0.08, p.w * 0.34, p.h * 0.22, "LAVA" if p.take == 0 else "1 2 3 GO")
    rooms.shelf(p, p.w * 0.66, p.h * 0.36, p.w * 0.28, p.h * 0.26, 2, t.wood)
    p.zoom(0.88)
    count = 2 if p.tall else 3
    for i, x in enumerate(spread(p, count, 0.2, 0.8)):
        kid(
            p,
            x,
            p.h * 0.98,
            p.h / 560,
            (CHEER, THINK, HIPS, WAVE)[(i + p.take) % 4],
            r.choice(("wow", "laugh", "wow")),
            lower=False,
            glasses=r.choice(goggles),
        )
    p.put(
        rect(0, p.h * 0.8, p.w, p.h * 0.2, p.fade(light(t.wood, 0.3), t.wood)),
        rect(0, p.h * 0.8, p.w, 12, light(t.wood, 0.6)),
    )
    if p.take == 4:
        for i, x in enumerate(spread(p, 4, 0.1, 0.9)):
            p.put(at(x, p.h * 0.9, things.flask(liquids[i], 1.8, i)))
        return _("Children in safety glasses watch how the liquids in their glasses change colour.")
    hill = p.w * 0.5 if p.tall else p.w * 0.36
    lava = "".join(
        circ(r.uniform(-90, 90), r.uniform(-420, -250), r.uniform(9, 26), r.choice(("#e4572e", "#f2a541", "#f6c85f")))
        for _ in range(24)
    )
    p.put(
        at(
            hill,
            p.h * 0.92,
            lava
            + poly([(-190, 0), (-44, -230), (44, -230), (190, 0)], "#8a6a54")
            + path(
                "M-48 -232Q0 -256 48 -232L62 -150Q48 -120 36 -160Q20 -60 0 -140Q-16 -180 -34 -110Q-56 -130 -60 -170Z",
                "#e4572e",
            ),
        )
    )
    p.put(
        at(p.w * 0.78, p.h * 0.92, things.flask(liquids[0], 1.6, 0)),
        at(p.w * 0.9, p.h * 0.94, things.flask(liquids[1], 1.4, 2)),
    )
    return _("A home-made volcano erupts with red foam, and the children are amazed.")


def numbers(p: Paper) -> str:
    t, r = rooms.tone(p), p.r
    rooms.room(p, t, 0.6)
    sums = ("3 + 4 = 7", "10 - 2 = 8", "5 + 5 = 10", "12 - 9 = 3", "6 + 3 = 9")
    rooms.board(p, p.w * 0.14, p.h * 0.08, p.w * 0.72, p.h * 0.26, sums[p.take])
    if p.take == 1:
        p.put(rect(0, p.h * 0.56, p.w, p.h * 0.44, p.fade(light(t.wood, 0.45), light(t.wood, 0.1))))
        for row in range(4):
            y = p.h * (0.62 + row * 0.085)
            p.put(line([(p.w * 0.14, y), (p.w * 0.86, y)], "#8f6238", 10))
            gap = r.randint(2, 8)
            p.put(
                *(
                    circ(
                        p.w * (0.18 + k * 0.045 + (0.18 if k >= gap else 0)),
                        y,
                        30 if not p.tall else 24,
                        r.choice(BOLD[row * 2 % 8 : row * 2 % 8 + 1]),
                    )
                    for k in range(10)
                )
            )
        p.put(
            rect(p.w * 0.11, p.h * 0.57, 34, p.h * 0.36, t.wood, 10),
            rect(p.w * 0.87, p.h * 0.57, 34, p.h * 0.36, t.wood, 10),
        )
        return _("A big counting frame with coloured beads stands in front of the board.")
    if p.take == 4:
        p.zoom(0.92)
        for i, x in enumerate(spread(p, 2 if p.tall else 3, 0.2, 0.8)):
            kid(p, x, p.h * 0.95, p.h / 520, (THINK, WAVE, HOLD)[i], lower=False)
        p.put(rect(0, p.h * 0.8, p.w, p.h * 0.2, light(t.wood, 0.35)), rect(0, p.h * 0.8, p.w, 12, light(t.wood, 0.65)))
        for x in spread(p, 3, 0.16, 0.84):
            p.put(at(x, p.h * 0.9, things.pages(r.choice(BOLD), 1.6)))
        return _("A sum on the board: one child is thinking, another has the answer.")
    rooms.rug(p, p.w * 0.5, p.h * 0.84, p.w * 0.46, p.h * 0.14, light(t.two, 0.2), t.three)
    high = p.h / 11
    for i, x in enumerate(spread(p, 3, 0.3, 0.7, 0.03)):
        p.put(at(x, p.h * 0.8, gear.tower(r, 3 + (i + p.take) % 3, high)))
    kid(p, p.w * 0.13, p.h * 0.88, p.h / 650, (REACH, KNEEL)[p.take % 2], flip=False)
    kid(p, p.w * 0.88, p.h * 0.86, p.h / 650, (KNEEL, REACH)[p.take % 2], flip=True)
    if not p.tall:
        kid(
            p,
            p.w * 0.52,
            p.h * 0.95,
            p.h / 660,
            CROSS,
            "wow",
            held=[Held(0, at(-25, 25, gear.block(50, r.choice(BOLD))))],
        )
    return _("Children build towers of coloured blocks and count how many they need.")


def computers(p: Paper) -> str:
    t, r = rooms.tone(p), p.r
    rooms.room(p, t, 0.7, boards=False)
    if p.take in (1, 4):
        mat = [(p.w * 0.12, p.h * 0.72), (p.w * 0.88, p.h * 0.72), (p.w * 0.98, p.h * 0.96), (p.w * 0.02, p.h * 0.96)]
        rooms.window(p, p.w * 0.1, p.h * 0.1, p.w * 0.26, p.h * 0.3)
        rooms.board(p, p.w * 0.5, p.h * 0.12, p.w * 0.4, p.h * 0.22, "GO ROBOT")
        p.put(
            poly(mat, "#fffdf6"),
            *(
                line([(p.w * (0.12 + k * 0.19), p.h * 0.72), (p.w * (0.02 + k * 0.24), p.h * 0.96)], "#c9d1dc", 5)
                for k in range(5)
            ),
            *(
                line(
                    [
                        (p.w * (0.12 - 0.1 * k), p.h * (0.72 + k * 0.24)),
                        (p.w * (0.88 + 0.1 * k), p.h * (0.72 + k * 0.24)),
                    ],
                    "#c9d1dc",
                    5,
                )
                for k in (0, 0.33, 0.66, 1)
            ),
        )
        kid(
            p,
            p.w * 0.2,
            p.h * 0.82,
            p.h / 660,
            KNEEL,
            "laugh",
            held=[Held(0, rect(-38, -26, 76, 52, "#3d4257", 6) + rect(-32, -20, 64, 40, "#bfe3f2", 3))],
        )
        kid(p, p.w * 0.82, p.h * 0.82, p.h / 660, POINT, "wow", flip=True)
        p.put(at(p.w * 0.5, p.h * 0.88, gear.robot(r.choice(BOLD)), p.h / 640))
        if not p.tall:
            p.put(
                at(p.w * 0.33, p.h * 0.94, gear.cone_marker(1.1)),
                at(p.w * 0.66, p.h * 0.93, star(0, -20, 34, "#f6c85f")),
            )
        return _("A small robot drives over the mat as the children have programmed it.")
    p.zoom(0.84)
    rooms.gallery(p, p.w * 0.1, p.h * 0.24, p.w * 0.8, 3 if p.tall else 5, 150)
    p.put(rect(p.w * 0.06, p.h * 0.42, p.w * 0.88, 14, light(t.wall, 0.7)))
    seats = spread(p, 2 if p.tall else 3, 0.2, 0.8, 0.01)
    for x in seats:
        kid(
            p,
            x - (50 if p.tall else 120),
            p.h * 0.9,
            p.h / 640,
            Pose(left=(26, -30), right=(30, -40), look=0.9, tilt=4),
            r.choice(("smile", "laugh", "wow")),
            lower=False,
            flip=False,
            wheels=False,
        )
    p.put(
        rect(0, p.h * 0.76, p.w, p.h * 0.24, p.fade(light(t.wood, 0.4), t.wood)),
        rect(0, p.h * 0.76, p.w, 12, light(t.wood, 0.7)),
    )
    for x in seats:
        p.put(
            at(x + (60 if p.tall else 95), p.h * 0.84, gear.computer(gear.screens(r), 1.35 if not p.tall else 1.1)),
            rect(x + 10, p.h * 0.86, 180, 30, "#c9d1dc", 8),
            oval(x + 225, p.h * 0.875, 20, 14, "#fffdf6"),
        )
    return _("Children sit at screens and write their first small programs.")


SCENES = {"reading": reading, "science": science, "numbers": numbers, "computers": computers}
