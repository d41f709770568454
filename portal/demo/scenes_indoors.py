"""Scenes in the classroom: reading, science, music, painting, cooking, numbers, computers."""

from __future__ import annotations

from portal.demo import places, things
from portal.demo.figures import AWAY, CHAIR, CHEER, CROSS, HIPS, HOLD, KNEEL, POINT, REACH, STAND, THINK, WAVE, Held, Pose
from portal.demo.heads import some_look
from portal.demo.scene import BOLD, grown, kid, spread
from portal.demo.svg import Paper, at, circ, dark, letters, light, line, n, oval, path, poly, rect, ring, star
from portal.i18n import _


def reading(p: Paper) -> str:
    t, r = places.tone(p), p.r
    if p.take in (1, 4):
        places.room(p, t, 0.74)
        w = p.w * (0.62 if p.tall else 0.4)
        x = p.w * 0.5 - w / 2
        places.window(p, x, p.h * 0.1, w, p.h * 0.44, "rain" if p.take == 4 else "clear", t.one)
        if not p.tall:
            places.shelf(p, p.w * 0.02, p.h * 0.78, p.w * 0.2, p.h * 0.66, 5, t.wood)
            p.put(things.cushion(t.three, 1.3).replace("translate(0 0)", f"translate({n(p.w * 0.87)} {n(p.h * 0.86)})"))
        p.put(rect(x - 90, p.h * 0.64, w + 180, p.h * 0.2, t.wood, 16), rect(x - 90, p.h * 0.62, w + 180, 50, light(t.two, 0.2), 22))
        p.put(at(x - 10, p.h * 0.63, things.cushion(t.three, 1.1), 1), at(x + w + 10, p.h * 0.63, things.cushion(t.one, 1.0), 1))
        kid(p, p.w * 0.5, p.h * 0.645, p.h / 560, CROSS, "calm", held=[Held(0, things.book(r.choice(BOLD), 1.05))])
        p.put(at(x - 40, p.h * 0.97, things.pages("#e4572e"), 1.4), at(x + w * 0.9, p.h * 0.95, things.pages("#3a7ca5"), 1.2))
        return _("A child is deep in a book on the window seat, with cushions on both sides.")
    places.room(p, t, 0.62)
    if p.take == 2:
        places.board(p, p.w * 0.06, p.h * 0.1, p.w * 0.3, p.h * 0.24, "STORY TIME")
        places.shelf(p, p.w * 0.72, p.h * 0.63, p.w * 0.24, p.h * 0.5, 4, t.wood)
        places.rug(p, p.w * 0.5, p.h * 0.82, p.w * 0.44, p.h * 0.17, t.two, t.three)
        p.put(at(p.w * 0.5, p.h * 0.66, rect(-95, -150, 190, 150, t.one, 40) + rect(-125, -80, 250, 90, dark(t.one, 0.12), 30)))
        grown(p, p.w * 0.5, p.h * 0.61, p.h / 760, CHAIR, "laugh", [Held(0, things.book(t.three, 1.2))])
        for x in spread(p, 3, 0.27, 0.73):
            kid(p, x, p.h * 0.84, p.h / 720, CROSS.__class__(CROSS.left, CROSS.right, CROSS.legs, seated=True, back=True))
        kid(p, p.w * 0.13, p.h * 0.82, p.h / 700, CROSS, "wow", flip=False)
        kid(p, p.w * 0.87, p.h * 0.82, p.h / 700, CROSS, "laugh", flip=True)
        places.ambience(p)
        return _("A teacher reads a story aloud; the class sits around her on the rug and listens.")
    places.shelf(p, p.w * 0.04, p.h * 0.64, p.w * 0.28, p.h * 0.52, 4, t.wood)
    places.window(p, p.w * 0.44, p.h * 0.12, p.w * 0.22, p.h * 0.28, curtain=t.two)
    p.put(places.lamp(p.w * 0.82, p.h * 0.2, 1.3, t.one, p.glow("#fff3c4", 0.8)))
    places.rug(p, p.w * 0.52, p.h * 0.83, p.w * 0.42, p.h * 0.14, t.three, t.one)
    p.put(places.plant(p.w * 0.94, p.h * 0.68, 1.5))
    for i, x in enumerate(spread(p, 3, 0.24, 0.8)):
        p.put(at(x, p.h * (0.82 + 0.03 * (i % 2)), things.cushion(r.choice(BOLD), 1.35)))
        kid(p, x, p.h * (0.79 + 0.03 * (i % 2)), p.h / 620, CROSS, r.choice(("calm", "smile", "calm", "laugh")), held=[Held(0, things.book(r.choice(BOLD)))])
    places.ambience(p)
    return _("Children sit on cushions in the reading corner, each with a book.")


def science(p: Paper) -> str:
    t, r = places.tone(p), p.r
    goggles = ("#3d4257", "#2e8b7a", "#8e5ea2")
    places.room(p, t, 0.7)
    liquids = r.sample(("#e4572e", "#f2a541", "#76b041", "#17a2b8", "#8e5ea2", "#d66ba0", "#f6c85f"), 6)
    if p.take in (1, 3):
        p.put(rect(0, p.h * 0.64, p.w, p.h * 0.36, p.fade(light(t.wood, 0.35), t.wood)), rect(0, p.h * 0.64, p.w, 14, light(t.wood, 0.6)))
        places.board(p, p.w * 0.12, p.h * 0.08, p.w * 0.5, p.h * 0.24, "H2O" if p.take == 1 else "WHY?")
        for i, x in enumerate(spread(p, 5 if not p.tall else 3, 0.12, 0.88)):
            p.put(oval(x, p.h * (0.86 - 0.05 * (i % 2)), 150, 22, "#1d1b3a", 0.12), at(x, p.h * (0.86 - 0.05 * (i % 2)), things.flask(liquids[i], 3.1, (i + p.take) % 4)))
        return _("Glasses and flasks with bright liquids are lined up for an experiment.")
    places.board(p, p.w * 0.08, p.h * 0.08, p.w * 0.34, p.h * 0.22, "LAVA" if p.take == 0 else "1 2 3 GO")
    places.shelf(p, p.w * 0.66, p.h * 0.36, p.w * 0.28, p.h * 0.26, 2, t.wood)
    count = 2 if p.tall else 3
    for i, x in enumerate(spread(p, count, 0.2, 0.8)):
        kid(p, x, p.h * 0.98, p.h / 560, (CHEER, THINK, HIPS, WAVE)[(i + p.take) % 4], r.choice(("wow", "laugh", "wow")), lower=False, glasses=r.choice(goggles))
    p.put(rect(0, p.h * 0.8, p.w, p.h * 0.2, p.fade(light(t.wood, 0.3), t.wood)), rect(0, p.h * 0.8, p.w, 12, light(t.wood, 0.6)))
    if p.take == 4:
        for i, x in enumerate(spread(p, 4, 0.1, 0.9)):
            p.put(at(x, p.h * 0.9, things.flask(liquids[i], 1.8, i)))
        return _("Children in safety glasses watch how the liquids in their glasses change colour.")
    hill = p.w * 0.5 if p.tall else p.w * 0.36
    lava = "".join(circ(r.uniform(-90, 90), r.uniform(-420, -250), r.uniform(9, 26), r.choice(("#e4572e", "#f2a541", "#f6c85f"))) for _ in range(24))
    p.put(at(hill, p.h * 0.92, lava + poly([(-190, 0), (-44, -230), (44, -230), (190, 0)], "#8a6a54") + path("M-48 -232Q0 -256 48 -232L62 -150Q48 -120 36 -160Q20 -60 0 -140Q-16 -180 -34 -110Q-56 -130 -60 -170Z", "#e4572e")))
    p.put(at(p.w * 0.78, p.h * 0.92, things.flask(liquids[0], 1.6, 0)), at(p.w * 0.9, p.h * 0.94, things.flask(liquids[1], 1.4, 2)))
    return _("A home-made volcano erupts with red foam, and the children are amazed.")


def music(p: Paper) -> str:
    t, r = places.tone(p), p.r
    places.room(p, t, 0.66)
    notes = "".join(
        at(p.w * r.uniform(0.06, 0.94), p.h * r.uniform(0.06, 0.3), oval(0, 0, 17, 13, c, turn=-20) + rect(12, -66, 6, 68, c) + path("M15 -66Q44 -54 36 -26", stroke=c, width=8), r.uniform(0.8, 1.5), r.uniform(-15, 15))
        for c in r.sample(BOLD, 6)
    )  # fmt: skip
    if p.take == 1:
        p.put(rect(0, p.h * 0.5, p.w, p.h * 0.5, p.fade(light(t.two, 0.25), t.two)), notes)
        p.put(at(p.w * 0.5, p.h * 0.62, things.xylophone(1), p.w / 480))
        p.put(at(p.w * 0.3, p.h * 0.82, line([(0, 0), (190, -150)], "#b07d4f", 14) + circ(196, -156, 24, "#e4572e")), at(p.w * 0.74, p.h * 0.84, line([(0, 0), (-130, -180)], "#b07d4f", 14) + circ(-134, -188, 24, "#3a7ca5")))
        return _("A colourful xylophone with two mallets waits for the next song.")
    if p.take == 3:
        for row in range(2):
            p.put(rect(p.w * 0.06, p.h * (0.68 + row * 0.12), p.w * 0.88, p.h * 0.14, dark(t.wood, 0.08 * row), 8))
        for row, count in ((0, 5), (1, 4)):
            y = p.h * (0.7 + row * 0.12)
            for x in spread(p, count if not p.tall else count - 1, 0.14 + row * 0.05, 0.86 - row * 0.05, 0.008):
                kid(p, x, y + 20, p.h / 900, HOLD, r.choice(("laugh", "wow", "happy")), held=[Held(0, rect(-30, -26, 60, 44, "#2f4858", 3) + rect(-26, -22, 52, 36, "#fffdf6", 2))])
        p.put(notes)
        grown(p, p.w * 0.5, p.h * 1.12, p.h / 760, Pose(left=(110, 150), right=(110, 150), back=True))
        return _("The choir stands on two steps and sings, led by the music teacher.")
    places.window(p, p.w * 0.38, p.h * 0.1, p.w * 0.24, p.h * 0.26, curtain=t.one)
    p.put(notes)
    places.rug(p, p.w * 0.5, p.h * 0.85, p.w * 0.45, p.h * 0.12, t.one, t.three)
    s = p.h / 640
    spots = spread(p, 3 if p.tall else 4, 0.15, 0.85)
    players = r.sample((0, 1, 2, 3), len(spots))
    for x, part in zip(spots, players, strict=True):
        y = p.h * r.uniform(0.85, 0.9)
        if part == 0:
            kid(p, x, y, s, Pose(left=(24, -70), right=(36, -60)), held=[Held(0, things.guitar(r.choice(BOLD[:4]), 0.9))], flip=False)
        elif part == 1:
            kid(p, x, y - 20, s, Pose(left=(46, -30), right=(46, -30)), "laugh")
            p.put(at(x, y + 20, things.drum(r.choice(BOLD)), s))
        elif part == 2:
            kid(p, x, y, s, Pose(left=(40, -150), right=(60, -140), look=0.4), "calm", held=[Held(1, things.trumpet(0.8))], flip=False)
        else:
            kid(p, x, y, s, Pose(left=(60, 130), right=(60, 140)), "laugh", held=[Held(-1, circ(0, 0, 26, "#f2b632") + circ(0, 0, 8, "#fffdf6")), Held(1, circ(0, 0, 26, "#f2b632") + circ(0, 0, 8, "#fffdf6"))], wheels=p.take == 2)
    places.ambience(p)
    return _("Children make music together with guitar, drum, trumpet and cymbals.")


def painting(p: Paper) -> str:
    t, r = places.tone(p), p.r
    places.room(p, t, 0.68)
    if p.take == 1:
        for row in range(3 if p.tall else 2):
            y = p.h * (0.1 + row * 0.26)
            p.put(path(f"M0 {n(y)}Q{n(p.w / 2)} {n(y + 60)} {p.w} {n(y)}", stroke="#6d5a4e", width=5))
            for x in spread(p, 3 if p.tall else 5, 0.13, 0.87):
                p.put(places.drawing(r, x - 110, y + 26, 220, 180), rect(x - 8, y + 8, 16, 34, "#e0b07a", 4))
        for x in spread(p, 6, 0.1, 0.9):
            p.put(at(x, p.h * 0.95, things.jar(r.choice(BOLD), 2.2)))
        return _("Freshly painted pictures hang on a line to dry above jars of paint.")
    if p.take in (2, 4):
        places.gallery(p, p.w * 0.06, p.h * 0.09, p.w * 0.88, 3 if p.tall else 5)
        for x in spread(p, 2 if p.tall else 3, 0.22, 0.78):
            kid(p, x, p.h * 0.94, p.h / 600, Pose(left=(30, -40), right=(36, -70), tilt=6), r.choice(("smile", "laugh", "calm")), held=[Held(1, things.brush(r.choice(BOLD)))], lower=False, over=rect(-24, -30, 48, 74, light(t.three, 0.4), 6), flip=False)
        p.put(rect(0, p.h * 0.78, p.w, p.h * 0.22, p.fade("#fdf3df", "#e9d8b8")))
        for i, x in enumerate(spread(p, 2 if p.tall else 3, 0.22, 0.78)):
            p.put(poly([(x - 130, p.h * 0.84), (x + 130, p.h * 0.84), (x + 165, p.h * 0.95), (x - 165, p.h * 0.95)], "#ffffff"))
            p.put(*(oval(x + r.uniform(-100, 100), p.h * r.uniform(0.86, 0.93), r.uniform(18, 50), r.uniform(8, 18), r.choice(things.BRIGHT), 0.9) for _ in range(7)))
            p.put(at(x + 190, p.h * 0.86 + 30 * (i % 2), things.jar(r.choice(BOLD), 1.3)))
        return _("Children paint at the big table; brushes, paper and jars of colour everywhere.")
    places.window(p, p.w * 0.08, p.h * 0.1, p.w * 0.24, p.h * 0.3)
    places.gallery(p, p.w * 0.45, p.h * 0.12, p.w * 0.48, 3)
    for i, x in enumerate(spread(p, 2, 0.24, 0.7)):
        p.put(at(x + 190, p.h * 0.88, things.easel(things.easel_art(r), 1.35 + p.take * 0.05)))
        kid(p, x, p.h * (0.9 + 0.02 * i), p.h / 590, POINT, r.choice(("smile", "laugh")), held=[Held(1, things.brush(r.choice(BOLD)))], flip=False, over=rect(-24, -30, 48, 74, light(t.three, 0.45), 6))
        p.put(at(x + 60, p.h * 0.97, things.jar(r.choice(BOLD), 1.2)))
    places.ambience(p)
    return _("Two young painters stand at their easels in aprons.")


def cooking(p: Paper) -> str:
    t, r = places.tone(p), p.r
    places.room(p, t, 0.76, boards=False)
    for row in range(4):
        p.put(*(rect(k * 100, p.h * (0.34 + row * 0.085), 94, p.h * 0.08, light(t.two, 0.55 + 0.1 * ((k + row) % 2)), 4, 0.6) for k in range(p.w // 100 + 1)))
    if p.take == 1:
        p.put(rect(0, 0, p.w, p.h, p.fade(light(t.two, 0.5), light(t.two, 0.2))))
        p.put(rect(p.w * 0.08, p.h * 0.16, p.w * 0.84, p.h * 0.7, "#8d97a8", 40), rect(p.w * 0.1, p.h * 0.18, p.w * 0.8, p.h * 0.66, "#b8c0cc", 30))
        for row in range(3):
            for x in spread(p, 4, 0.2, 0.8, 0.005):
                y = p.h * (0.3 + row * 0.21)
                kind = r.randrange(4)
                base = "#d99a52"
                cookie = (circ(0, 0, 78, base) + circ(-18, -14, 9, "#35262b") + circ(18, -14, 9, "#35262b") + path("M-28 18Q0 46 28 18", stroke="#8c2f39", width=9), star(0, 0, 96, base) + star(0, 0, 60, r.choice(("#fffdf6", "#f2b5c4", "#bfe3f2"))), path("M0 84C-130 0 -70 -100 0 -40C70 -100 130 0 0 84Z", base) + path("M0 58C-92 0 -52 -70 0 -26C52 -70 92 0 0 58Z", "#ef7f7f"), circ(0, 0, 78, base) + "".join(circ(a, b, 10, r.choice(BOLD)) for a, b in ((-30, -20), (10, -36), (36, 4), (-10, 12), (-40, 24), (16, 42))))[kind]
                p.put(oval(x + 6, y + 14, 84, 80, "#1d1b3a", 0.14), at(x, y, cookie, 0.8 if p.tall else 0.95, r.uniform(-20, 20)))
        return _("Fresh biscuits on the baking tray: faces, stars, hearts and dots.")
    p.put(rect(p.w * 0.04, p.h * 0.1, p.w * 0.4, p.h * 0.05, t.wood, 6), rect(p.w * 0.56, p.h * 0.1, p.w * 0.4, p.h * 0.05, t.wood, 6))
    for i, x in enumerate(spread(p, 6, 0.09, 0.91, 0.01)):
        p.put(at(x, p.h * 0.1, (things.jar(r.choice(BOLD), 1.4), places.plant(0, 0, 0.8), things.bowl(r.choice(BOLD), "#fffdf6", 0.8))[(i + p.take) % 3]))
    p.put(*(line([(p.w * k, p.h * 0.2), (p.w * k, p.h * 0.25)], "#8d97a8", 8) + circ(p.w * k, p.h * 0.275, 34, "#8d97a8") for k in (0.46, 0.5, 0.54)))
    count = 2 if p.tall else 3 + p.take % 2
    tops = spread(p, count, 0.16, 0.84)
    for x in tops:
        kid(p, x, p.h * 0.95, p.h / 600, Pose(left=(26, -40), right=(30, -46)), r.choice(("laugh", "smile", "happy")), ("chef", r.choice(BOLD)) if r.random() < 0.75 else None, lower=False, over=rect(-25, -34, 50, 84, "#fffdf6", 8))
    p.put(rect(0, p.h * 0.8, p.w, p.h * 0.2, t.wood), rect(0, p.h * 0.79, p.w, 26, light(t.wood, 0.55), 8))
    food = ("#f6e2b8", "#e4572e", "#8cc152", "#f2a541")
    for i, x in enumerate(tops):
        p.put(at(x, p.h * 0.85, things.bowl(r.choice(BOLD), food[(i + p.take) % 4], 1.4)), at(x + 10, p.h * 0.79, rect(-6, -110, 12, 120, "#b07d4f", 6), 1, 24))
        p.put(at(x + 160, p.h * 0.86, (path("M-44 0Q-40 -34 40 -26Q60 -10 44 0Z", "#f2842f") + path("M44 -16q30 -20 40 -4q-20 2 -40 12Z", "#5fa052"), circ(0, -26, 28, "#e4572e") + path("M0 -54q14 -16 26 -8", stroke="#5fa052", width=8), rect(-40, -44, 80, 44, "#f6c85f", 6) + circ(-14, -22, 7, "#e0a93a") + circ(16, -30, 6, "#e0a93a"))[(i + p.take) % 3]))
    return _("Cooking day: children in aprons and tall hats stir their bowls at the counter.")


def numbers(p: Paper) -> str:
    t, r = places.tone(p), p.r
    places.room(p, t, 0.6)
    sums = ("3 + 4 = 7", "10 - 2 = 8", "5 + 5 = 10", "12 - 9 = 3", "6 + 3 = 9")
    places.board(p, p.w * 0.14, p.h * 0.08, p.w * 0.72, p.h * 0.26, sums[p.take])
    if p.take == 1:
        p.put(rect(0, p.h * 0.56, p.w, p.h * 0.44, p.fade(light(t.wood, 0.45), light(t.wood, 0.1))))
        for row in range(4):
            y = p.h * (0.62 + row * 0.085)
            p.put(line([(p.w * 0.14, y), (p.w * 0.86, y)], "#8f6238", 10))
            gap = r.randint(2, 8)
            p.put(*(circ(p.w * (0.18 + k * 0.045 + (0.18 if k >= gap else 0)), y, 30 if not p.tall else 24, r.choice(BOLD[row * 2 % 8 : row * 2 % 8 + 1])) for k in range(10)))
        p.put(rect(p.w * 0.11, p.h * 0.57, 34, p.h * 0.36, t.wood, 10), rect(p.w * 0.87, p.h * 0.57, 34, p.h * 0.36, t.wood, 10))
        return _("A big counting frame with coloured beads stands in front of the board.")
    if p.take == 4:
        for i, x in enumerate(spread(p, 2 if p.tall else 3, 0.2, 0.8)):
            kid(p, x, p.h * 0.95, p.h / 560, (THINK, WAVE, HOLD)[i], lower=False)
        p.put(rect(0, p.h * 0.8, p.w, p.h * 0.2, light(t.wood, 0.35)), rect(0, p.h * 0.8, p.w, 12, light(t.wood, 0.65)))
        for x in spread(p, 3, 0.16, 0.84):
            p.put(at(x, p.h * 0.9, things.pages(r.choice(BOLD), 1.6)))
        return _("A sum on the board: one child is thinking, another has the answer.")
    places.rug(p, p.w * 0.5, p.h * 0.84, p.w * 0.46, p.h * 0.14, light(t.two, 0.2), t.three)
    high = p.h / 11
    for i, x in enumerate(spread(p, 3, 0.3, 0.7, 0.03)):
        p.put(at(x, p.h * 0.8, things.tower(r, 3 + (i + p.take) % 3, high)))
    kid(p, p.w * 0.13, p.h * 0.88, p.h / 650, (REACH, KNEEL)[p.take % 2], flip=False)
    kid(p, p.w * 0.88, p.h * 0.86, p.h / 650, (KNEEL, REACH)[p.take % 2], flip=True)
    if not p.tall:
        kid(p, p.w * 0.52, p.h * 0.95, p.h / 660, CROSS, "wow", held=[Held(0, at(-25, 25, things.block(50, r.choice(BOLD))))])
    return _("Children build towers of coloured blocks and count how many they need.")


def computers(p: Paper) -> str:
    t, r = places.tone(p), p.r
    places.room(p, t, 0.7, boards=False)
    if p.take in (1, 4):
        mat = [(p.w * 0.12, p.h * 0.72), (p.w * 0.88, p.h * 0.72), (p.w * 0.98, p.h * 0.96), (p.w * 0.02, p.h * 0.96)]
        places.window(p, p.w * 0.1, p.h * 0.1, p.w * 0.26, p.h * 0.3)
        places.board(p, p.w * 0.5, p.h * 0.12, p.w * 0.4, p.h * 0.22, "GO ROBOT")
        p.put(poly(mat, "#fffdf6"), *(line([(p.w * (0.12 + k * 0.19), p.h * 0.72), (p.w * (0.02 + k * 0.24), p.h * 0.96)], "#c9d1dc", 5) for k in range(5)), *(line([(p.w * (0.12 - 0.1 * k), p.h * (0.72 + k * 0.24)), (p.w * (0.88 + 0.1 * k), p.h * (0.72 + k * 0.24))], "#c9d1dc", 5) for k in (0, 0.33, 0.66, 1)))
        kid(p, p.w * 0.2, p.h * 0.82, p.h / 660, KNEEL, "laugh", held=[Held(0, rect(-38, -26, 76, 52, "#3d4257", 6) + rect(-32, -20, 64, 40, "#bfe3f2", 3))])
        kid(p, p.w * 0.82, p.h * 0.82, p.h / 660, POINT, "wow", flip=True)
        p.put(at(p.w * 0.5, p.h * 0.88, things.robot(r.choice(BOLD)), p.h / 640))
        if not p.tall:
            p.put(at(p.w * 0.33, p.h * 0.94, things.cone_marker(1.1)), at(p.w * 0.66, p.h * 0.93, star(0, -20, 34, "#f6c85f")))
        return _("A small robot drives over the mat as the children have programmed it.")
    places.gallery(p, p.w * 0.08, p.h * 0.08, p.w * 0.84, 3 if p.tall else 5, 140)
    p.put(rect(p.w * 0.06, p.h * 0.36, p.w * 0.88, 14, light(t.wall, 0.7)))
    seats = spread(p, 2 if p.tall else 3, 0.2, 0.8, 0.01)
    for i, x in enumerate(seats):
        kid(p, x - 120, p.h * 0.9, p.h / 640, Pose(left=(26, -30), right=(30, -40), look=0.9, tilt=4), r.choice(("smile", "laugh", "wow")), lower=False, flip=False, wheels=False)
    p.put(rect(0, p.h * 0.76, p.w, p.h * 0.24, p.fade(light(t.wood, 0.4), t.wood)), rect(0, p.h * 0.76, p.w, 12, light(t.wood, 0.7)))
    for x in seats:
        p.put(at(x + 95, p.h * 0.84, things.computer(things.screens(r), 1.35 if not p.tall else 1.5)), rect(x + 10, p.h * 0.86, 180, 30, "#c9d1dc", 8), oval(x + 225, p.h * 0.875, 20, 14, "#fffdf6"))
    return _("Children sit at screens and write their first small programs.")


SCENES = {"reading": reading, "science": science, "music": music, "painting": painting, "cooking": cooking, "numbers": numbers, "computers": computers}
_UNUSED = (AWAY, STAND, letters, ring, some_look)
