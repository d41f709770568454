"""Scenes of feasts: birthday, theatre, carnival."""

from __future__ import annotations

from portal.demo.drawing import gear, nature, rooms, things
from portal.demo.drawing.figures import AWAY, CHEER, HIPS, JUMP, POINT, WAVE
from portal.demo.drawing.hats import Hat
from portal.demo.drawing.scene import BOLD, kid, spread
from portal.demo.drawing.svg import Paper, at, circ, dark, light, line, n, oval, path, poly, rect, star
from portal.i18n import _


def birthday(p: Paper) -> str:
    t, r = rooms.tone(p), p.r
    rooms.room(p, t, 0.7)
    rooms.bunting(p, p.h * 0.06)
    for x in spread(p, 6 if not p.tall else 4, 0.06, 0.94, 0.03):
        p.put(at(x, p.h * r.uniform(0.24, 0.38), things.balloon(r.choice(things.BRIGHT), r.uniform(1.1, 1.6))))
    shade = ("#f2b5c4", "#8c5a3c", "#bfe3f2", "#f6e2b8", "#c9e4b4")[p.take]
    if p.take in (1, 4):
        p.put(
            rect(0, p.h * 0.72, p.w, p.h * 0.28, p.fade(light(t.one, 0.6), light(t.one, 0.35))),
            at(p.w * 0.5, p.h * 0.84, gear.cake(1, 7 + p.take, shade), p.w / 380 if p.tall else p.h / 330),
        )
        nature.falling(p, "confetti", 50)
        return _("A birthday cake with burning candles, balloons and confetti.")
    count = 2 if p.tall else 4
    for i, x in enumerate(spread(p, count, 0.16, 0.84)):
        kid(
            p,
            x,
            p.h * 0.93,
            p.h / 640,
            (CHEER, WAVE, HIPS, CHEER)[i],
            r.choice(("laugh", "happy")),
            ("party", r.choice(BOLD)) if i != 1 else ("crown", "#f2b632"),
            lower=False,
        )
    p.put(
        rect(0, p.h * 0.8, p.w, p.h * 0.2, p.fade("#fffdf6", light(t.one, 0.55))),
        *(circ(x, p.h * 0.8, 30, light(t.one, 0.4)) for x in range(0, p.w, 60)),
    )
    p.put(at(p.w * 0.5, p.h * 0.9, gear.cake(1, 7 + p.take, shade), p.h / 760))
    for x in (0.14, 0.86):
        p.put(
            at(
                p.w * x,
                p.h * 0.92,
                rect(-50, -84, 100, 84, r.choice(BOLD), 6)
                + rect(-9, -84, 18, 84, "#f6c85f")
                + rect(-56, -98, 112, 26, r.choice(BOLD), 6)
                + oval(-20, -106, 22, 12, "#f6c85f", turn=20)
                + oval(20, -106, 22, 12, "#f6c85f", turn=-20),
                1.2,
            )
        )
    nature.falling(p, "confetti", 40)
    return _("Birthday in class: the birthday child wears a crown, and everyone cheers around the cake.")


def _stage(p: Paper, cloth: str, back: str) -> None:
    p.put(rect(0, 0, p.w, p.h, p.fade(dark(back, 0.2), back)))
    for x, tint in ((0.25, "#fff3c4"), (0.5, "#fdf8ea"), (0.75, "#ffe0b8")):
        p.put(
            poly(
                [(p.w * x - 24, 0), (p.w * x + 24, 0), (p.w * x + 250, p.h * 0.82), (p.w * x - 250, p.h * 0.82)],
                tint,
                0.14,
            )
        )
    p.put(
        rect(0, p.h * 0.78, p.w, p.h * 0.22, p.fade("#b97f4e", "#8f5f38")),
        *(
            line([(p.w * k / 12, p.h * 0.78), (p.w * (k / 12 - 0.5) * 1.3 + p.w / 2, p.h)], "#6d4429", 3, 0.5)
            for k in range(13)
        ),
    )


def _curtains(p: Paper, cloth: str) -> None:
    for side in (0, 1):
        edge, way = (0, 1) if side == 0 else (p.w, -1)
        for k in range(4):
            wide = p.w * 0.045
            x = edge + way * k * wide
            p.put(
                path(
                    f"M{n(x)} 0L{n(x + way * wide)} 0Q{n(x + way * wide * 1.25)} {n(p.h * 0.5)}"
                    f" {n(x + way * wide * (0.9 - k * 0.12))} {n(p.h * 0.84)}L{n(x)} {n(p.h * 0.84)}Z",
                    cloth if k % 2 else dark(cloth, 0.16),
                )
            )
    count = 8
    for k in range(count):
        w = p.w / count
        p.put(
            path(
                f"M{n(k * w)} 0L{n(k * w + w)} 0Q{n(k * w + w)} {n(p.h * 0.16)} {n(k * w + w / 2)}"
                f" {n(p.h * 0.16)}Q{n(k * w)} {n(p.h * 0.16)} {n(k * w)} 0Z",
                cloth if k % 2 else dark(cloth, 0.1),
            )
        )
    p.put(rect(0, 0, p.w, p.h * 0.035, "#f2b632"))


def theatre(p: Paper) -> str:
    r = p.r
    cloth = ("#b5303a", "#2f5d8a", "#7a3b78", "#2e7a5e", "#b5303a")[p.take]
    _stage(p, cloth, ("#3d3a78", "#2f5d62", "#7a4a66", "#4a5a8f", "#2b3a67")[p.take])
    if p.take in (1, 4):
        p.put(
            rect(p.w * 0.22, p.h * 0.24, p.w * 0.56, p.h * 0.5, "#c8553d", 16),
            rect(p.w * 0.26, p.h * 0.3, p.w * 0.48, p.h * 0.28, "#1e2350", 8),
            *(rect(p.w * (0.26 + k * 0.06), p.h * 0.6, p.w * 0.03, p.h * 0.14, "#f6c85f") for k in range(8)),
        )
        for x, c, ears in ((0.37, "#f2a541", True), (0.5, "#e9bf6b", False), (0.63, "#76b041", True)):
            body = (
                path("M-60 0Q-70 -120 0 -120Q70 -120 60 0Z", r.choice(BOLD))
                + circ(0, -150, 58, c)
                + circ(-20, -158, 7, "#35262b")
                + circ(20, -158, 7, "#35262b")
                + path("M-22 -130Q0 -110 22 -130", stroke="#8c2f39", width=6)
            )
            crown = (
                poly([(-40, -194), (-44, -240), (-20, -218), (0, -250), (20, -218), (44, -240), (40, -194)], "#f2b632")
                if not ears
                else circ(-44, -198, 22, c) + circ(44, -198, 22, c)
            )
            p.put(
                p.clip(
                    rect(p.w * 0.26, p.h * 0.26, p.w * 0.48, p.h * 0.32, "#fff"),
                    at(p.w * x, p.h * 0.58, body + crown, p.h / 1000),
                )
            )
        for x in spread(p, 4 if not p.tall else 3, 0.16, 0.84):
            kid(p, x, p.h * 1.1, p.h / 700, AWAY)
        _curtains(p, cloth)
        return _("Puppet theatre: the king and the animals play, the audience sits in front.")
    moon = p.take == 2
    p.put(*(nature.tree(p, p.w * x, p.h * 0.8, 1.0, "summer", "pine") for x in (0.2, 0.82)))
    p.put(
        circ(p.w * 0.5, p.h * 0.3, 100, "#fff3c4")
        if moon
        else at(
            p.w * 0.5,
            p.h * 0.8,
            rect(-210, -330, 420, 330, "#a9a0b5")
            + "".join(rect(a, -400, 66, 80, "#a9a0b5") for a in (-210, -90, 30, 144))
            + path("M-54 0L-54 -120Q0 -190 54 -120L54 0Z", "#4a3b5c")
            + rect(-160, -260, 46, 70, "#f6c85f", 20)
            + rect(114, -260, 46, 70, "#f6c85f", 20),
            p.h / 900,
        )
    )
    roles: list[tuple[Hat, str]] = [
        (("crown", "#f2b632"), "#b5303a"),
        (("wizard", "#4f5d95"), "#4f5d95"),
        (("cat", "#3a3236"), ""),
        (("flower", "#d66ba0"), ""),
        (("bear", "#83502f"), ""),
    ]
    for i, x in enumerate(spread(p, 3 if p.tall else 4, 0.2, 0.8)):
        hat, cape = roles[(i + p.take) % 5]
        kid(
            p,
            x,
            p.h * (0.9 + 0.02 * (i % 2)),
            p.h / 780,
            (CHEER, POINT, HIPS, WAVE)[(i + p.take) % 4],
            r.choice(("laugh", "wow", "happy")),
            hat,
            cape=cape,
            wheels=i == 2 and p.take == 3,
        )
    _curtains(p, cloth)
    return _("On stage: king, wizard and animals in the class play, in bright spotlights.")


def carnival(p: Paper) -> str:
    t, r = rooms.tone(p), p.r
    outside = p.take in (2, 3)
    if outside:
        nature.outdoors(p, "clear", "spring", 0.5)
        p.put(
            nature.school(p.w * 0.5, p.h * 0.56, p.h / 1000),
            rect(0, p.h * 0.56, p.w, p.h * 0.44, p.fade("#d8cdbd", "#e8dfd0")),
        )
    else:
        rooms.room(p, t, 0.66)
    for _k in range(5):
        x = r.random() * p.w
        p.put(path(f"M{n(x)} 0" + "q40 50 0 100q-40 50 0 100" * 2, stroke=r.choice(things.BRIGHT), width=15))
    if p.take == 1:
        p.put(rect(0, 0, p.w, p.h, p.fade(light(t.one, 0.55), light(t.two, 0.4))))
        for i, x in enumerate(spread(p, 3, 0.2, 0.8, 0)):
            for row in range(2):
                y, c = p.h * (0.3 + 0.4 * row) + 40 * (i % 2), BOLD[(i * 2 + row * 3) % 8]
                mask = (
                    path(
                        "M-190 -40Q-190 -110 -96 -96Q-30 -88 0 -60Q30 -88 96 -96Q190 -110 190 -40Q186 70 96"
                        " 66Q40 62 0 18Q-40 62 -96 66Q-186 70 -190 -40Z",
                        c,
                    )
                    + oval(-88, -12, 46, 32, "#35262b")
                    + oval(88, -12, 46, 32, "#35262b")
                    + star(0, -76, 34, "#f6c85f")
                    + "".join(
                        oval(a, -126 - abs(a) * 0.12, 17, 52, r.choice(things.BRIGHT), turn=a * 0.22)
                        for a in (-120, -60, 0, 60, 120)
                    )
                    + "".join(circ(a, 48, 8, "#fffdf6") for a in (-140, -100, 100, 140))
                )
                p.put(at(x, y, mask, 0.86 if p.tall else 1.06, r.uniform(-14, 14)))
        nature.falling(p, "confetti", 80)
        return _("Carnival masks with feathers and stars that the children made themselves.")
    p.put(
        *(
            at(p.w * x, p.h * y, things.balloon(r.choice(things.BRIGHT), 1.3))
            for x, y in ((0.07, 0.3), (0.93, 0.26), (0.5, 0.2))
        )
    )
    roles: list[tuple[Hat, str]] = [
        (("pirate", "#2b2125"), ""),
        (("wizard", "#8e5ea2"), "#4f5d95"),
        (("cat", "#f2a541"), ""),
        (("crown", "#f2b632"), "#d66ba0"),
        (("bear", "#83502f"), ""),
        (("chef", "#e4572e"), ""),
        (("flower", "#8e5ea2"), ""),
        (("party", "#17a2b8"), "#e4572e"),
    ]
    r.shuffle(roles)
    for i, x in enumerate(spread(p, 3 if p.tall else 5, 0.13, 0.87, 0.01)):
        hat, cape = roles[i]
        kid(
            p,
            x,
            p.h * (0.88 + 0.05 * (i % 2)),
            p.h / 720,
            r.choice((CHEER, JUMP, HIPS, WAVE)),
            r.choice(("laugh", "happy")),
            hat,
            cape=cape,
            wheels=i == 1 and p.take == 4,
        )
    nature.falling(p, "confetti", 130)
    return _("Carnival: pirates, cats, kings and wizards dance in the confetti.")


SCENES = {"birthday": birthday, "theatre": theatre, "carnival": carnival}
