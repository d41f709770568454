"""Scenes of play and sport: football, playground, bicycles, sports day."""

from __future__ import annotations

from portal.demo.drawing import gear, nature, rooms, things
from portal.demo.drawing.figures import CHEER, CROSS, HIPS, JUMP, KICK, KNEEL, POINT, RUN, STAND, WAVE, Pose
from portal.demo.drawing.scene import BOLD, grown, kid, spread
from portal.demo.drawing.svg import Paper, at, circ, line, n, oval, path, poly, rect, star
from portal.i18n import _


def _kit(top: str, low: str) -> dict[str, object]:
    return {
        "top": top,
        "low": low,
        "accent": "#fffdf6",
        "bottom": "shorts",
        "pattern": "band",
        "long_sleeves": False,
        "tights": "",
    }


def football(p: Paper) -> str:
    r = p.r
    red, blue = r.sample(
        (("#e4572e", "#fffdf6"), ("#3a7ca5", "#2f4858"), ("#f6c85f", "#2e8b7a"), ("#8e5ea2", "#fffdf6")), 2
    )
    nature.outdoors(p, r.choice(("clear", "cloudy", "sunset")), "summer", 0.42, hills=False)
    nature.trees(p, p.h * 0.44, "summer", 7 if p.w > 1400 else 4, 0.55)
    y = p.h * 0.42
    for k in range(8):
        p.put(
            poly(
                [
                    (p.w * (k / 8), y),
                    (p.w * ((k + 0.5) / 8), y),
                    (p.w * (k / 6 - 0.16 + 0.083), p.h),
                    (p.w * (k / 6 - 0.16), p.h),
                ],
                "#ffffff",
                0.08,
            )
        )
    goal_x, gw, gh = p.w * (0.5 if p.take in (2, 4) else 0.78), p.h * 0.56, p.h * 0.27
    net = "".join(
        line(
            [(goal_x - gw / 2 + k * gw / 14, y + 60 - gh), (goal_x - gw / 2 + k * gw / 14, y + 60)],
            "#ffffff",
            2,
            0.55,
        )
        for k in range(15)
    ) + "".join(
        line([(goal_x - gw / 2, y + 60 - k * gh / 8), (goal_x + gw / 2, y + 60 - k * gh / 8)], "#ffffff", 2, 0.55)
        for k in range(9)
    )
    p.put(
        net,
        path(
            f"M{n(goal_x - gw / 2)} {n(y + 64)}L{n(goal_x - gw / 2)} {n(y + 60 - gh)}L{n(goal_x + gw / 2)}"
            f" {n(y + 60 - gh)}L{n(goal_x + gw / 2)} {n(y + 64)}",
            stroke="#ffffff",
            width=16,
        ),
    )
    p.put(line([(0, y + 66), (p.w, y + 66)], "#ffffff", 8, 0.8))
    if p.take == 1:
        p.put(
            oval(p.w / 2, p.h * 0.8, 330, 40, "#1d1b3a", 0.16),
            at(p.w / 2, p.h * 0.66, things.ball(1), 6.4 if p.tall else 5.6),
            nature.flower(p.w * 0.14, p.h * 0.88, 1.2, "#fffdf6", 50),
            nature.flower(p.w * 0.86, p.h * 0.92, 1.4, "#f6c85f", 50),
        )
        return _("The football lies on the grass in front of an empty goal.")
    if p.take in (2, 4):
        p.zoom(0.84 if p.w > 2000 else 1)
        rows = ((4, 0.74, 0.2), (3 if p.tall else 5, 0.92, 0.16))
        for count, at_y, start in rows:
            for i, x in enumerate(spread(p, count if not p.tall else 3, start, 1 - start, 0.006)):
                kid(
                    p,
                    x,
                    p.h * at_y,
                    p.h / 760,
                    (
                        KNEEL
                        if at_y > 0.9 and i % 2
                        else r.choice((STAND, HIPS, CHEER) if at_y < 0.9 else (CROSS, KNEEL))
                    ),
                    wear=_kit(*red),
                )
        p.put(at(p.w * 0.5, p.h * 0.955, things.ball(1.2)))
        if p.take == 4:
            p.put(
                at(
                    p.w * 0.12,
                    p.h * 0.93,
                    path("M-40 -150L40 -150Q40 -70 0 -66Q-40 -70 -40 -150Z", "#f2b632")
                    + rect(-8, -70, 16, 40, "#f2b632")
                    + rect(-34, -34, 68, 34, "#6d4c3a", 6)
                    + path("M-40 -136Q-78 -130 -40 -92M40 -136Q78 -130 40 -92", stroke="#f2b632", width=10),
                    1.1,
                )
            )
        return _("The class football team poses for a photo in front of the goal.")
    kid(
        p,
        goal_x,
        y + 130,
        p.h / 1150,
        Pose(left=(100, 130), right=(100, 130)),
        "wow",
        wear={**_kit("#76b041", "#2f4858"), "long_sleeves": True},
    )
    kid(p, p.w * 0.58, p.h * 0.7, p.h / 900, RUN, flip=True, wear=_kit(*blue))
    kid(p, p.w * 0.2, p.h * 0.88, p.h / 600, KICK, "laugh", flip=False, wear=_kit(*red))
    if not p.tall:
        kid(p, p.w * 0.82, p.h * 0.9, p.h / 640, RUN, flip=True, wear=_kit(*blue))
    p.put(
        oval(p.w * 0.45, p.h * 0.87, 50, 9, "#1d1b3a", 0.18),
        at(p.w * 0.45, p.h * (0.8 if p.take else 0.62), things.ball(1.6)),
    )
    return _("A shot at goal: two teams of the class play football, and the keeper stretches.")


def playground(p: Paper) -> str:
    r = p.r
    nature.outdoors(p, "clear" if p.take % 2 == 0 else "cloudy", "spring" if p.take < 3 else "summer", 0.48)
    p.put(
        nature.school(
            p.w * 0.5,
            p.h * 0.52,
            p.w / 2600 * (1.5 if p.tall else 1.1),
            *r.choice((("#e8b98a", "#b5533c"), ("#d8dfe8", "#4f5d75"), ("#f3dfb0", "#8f6238"))),
        )
    )
    s, y = p.h / 1200, p.h * 0.86
    if p.take in (1, 3):
        bars = "".join(
            line([(a, 0), (a + 40 * side, -520)], "#e4572e", 18)
            for a, side in ((-330, 1), (-230, -1), (230, 1), (330, -1))
        ) + line([(-290, -520), (290, -520)], "#e4572e", 20)
        p.put(at(p.w * 0.5, y, oval(0, 0, 420, 26, "#1d1b3a", 0.12) + bars, s * (0.9 if p.tall else 1.25)))
        k = s * (0.9 if p.tall else 1.25)
        for side, swing in ((-1, 9), (1, -9)):
            x = p.w * 0.5 + side * 128 * k
            p.put(
                at(
                    x,
                    y - 510 * k,
                    line([(-44, 0), (-44, 330)], "#6d5a4e", 6)
                    + line([(44, 0), (44, 330)], "#6d5a4e", 6)
                    + rect(-60, 326, 120, 16, "#3a7ca5", 6),
                    k,
                    swing,
                )
            )
            kid(
                p,
                x + side * 52 * k,
                y - 186 * k,
                k * 0.95,
                Pose(left=(70, 170), right=(70, 170), legs=((22, 30), (22, 30)), thigh=34, seated=True),
                r.choice(("laugh", "happy")),
                wheels=False,
            )
        return _("Two children swing as high as they can in the school yard.")
    slide = (
        line([(-200, 0), (-200, -420)], "#8f6238", 20)
        + line([(-70, 0), (-70, -420)], "#8f6238", 20)
        + "".join(line([(-200, -70 - a * 70), (-70, -70 - a * 70)], "#b97f4e", 14) for a in range(5))
        + path("M-70 -420Q60 -400 180 -180Q240 -60 360 -50L360 -14Q220 -14 140 -150Q40 -340 -70 -380Z", "#f2a541")
        + poly([(-230, -540), (-40, -540), (-135, -640)], "#2e8b7a")
        + line([(-210, -420), (-210, -540)], "#2e8b7a", 12)
        + line([(-60, -420), (-60, -540)], "#2e8b7a", 12)
    )
    k = s * (0.95 if p.tall else 1.2)
    p.put(at(p.w * 0.42, y, oval(60, 0, 380, 24, "#1d1b3a", 0.12) + slide, k))
    kid(
        p,
        p.w * 0.42 + 70 * k,
        y - 262 * k,
        k * 0.9,
        Pose(left=(130, 150), right=(130, 150), legs=((60, 50), (60, 56)), seated=True, thigh=30, lean=10),
        "laugh",
        flip=False,
        wheels=False,
    )
    kid(p, p.w * 0.85, p.h * 0.93, p.h / 700, WAVE, flip=True)
    kid(p, p.w * 0.13, p.h * 0.94, p.h / 700, (JUMP, RUN, HIPS)[p.take // 2], flip=False, wheels=p.take == 4)
    return _("Break time in the yard: down the slide and off again.")


def bicycles(p: Paper) -> str:
    r = p.r
    nature.outdoors(p, r.choice(("clear", "cloudy")), "summer", 0.42)
    nature.trees(p, p.h * 0.45, "summer", 5 if not p.tall else 3, 0.6)
    p.put(
        rect(0, p.h * 0.58, p.w, p.h * 0.42, p.fade("#8d97a8", "#74809a")),
        *(rect(p.w * (0.02 + k * 0.2), p.h * 0.78, p.w * 0.1, 16, "#fffdf6", 6, 0.85) for k in range(5)),
    )
    s = p.h / 900
    if p.take == 1:
        p.put(at(p.w * 0.5, p.h * 0.88, gear.bicycle(r.choice(BOLD)), p.w / 420 if p.tall else p.h / 470))
        p.put(
            at(
                p.w * 0.85,
                p.h * 0.95,
                path("M-100 0C-108 -150 108 -150 100 0Q0 -34 -100 0Z", "#f6c85f")
                + "".join(oval(a, -62, 12, 32, "#d9a93a") for a in (-48, 0, 48)),
                0.9 if p.tall else 1.3,
            )
        )
        return _("A bicycle and a yellow helmet, ready for the cycling test.")
    p.put(*(at(p.w * k, p.h * 0.68, gear.cone_marker(1.5)) for k in (0.12, 0.5, 0.88)))
    sign = p.w * 0.9
    p.put(
        rect(sign - 7, p.h * 0.3, 14, p.h * 0.34, "#8d97a8"),
        poly([(sign - 74, p.h * 0.3), (sign + 74, p.h * 0.3), (sign, p.h * 0.3 + 128)], "#e4572e"),
        poly([(sign - 48, p.h * 0.3 + 15), (sign + 48, p.h * 0.3 + 15), (sign, p.h * 0.3 + 98)], "#fffdf6"),
    )
    riders = spread(p, 1 if p.tall else 2, 0.3, 0.7 if not p.tall else 0.6)
    for i, x in enumerate(riders):
        y = p.h * (0.9 - 0.06 * i)
        p.put(at(x, y, gear.bicycle(r.choice(BOLD)), s * 1.15))
        kid(
            p,
            x - 34 * s * 1.15,
            y - 138 * s * 1.15,
            s * 1.05,
            Pose(left=(60, 64), right=(62, 66), legs=((-16, 6), (34, -14)), seated=True, lean=8, look=0.7),
            r.choice(("laugh", "smile", "happy")),
            ("helmet", r.choice(BOLD)),
            flip=False,
            wheels=False,
            bottom="trousers",
        )
    if p.take in (0, 3):
        kid(p, p.w * 0.13, p.h * 0.72, s * 0.9, POINT, hat=("helmet", r.choice(BOLD)), wheels=p.take == 3, flip=False)
    else:
        grown(p, p.w * 0.13, p.h * 0.76, s * 0.85, POINT, "smile")
    return _("Cycling lesson: children with helmets ride around the cones in the yard.")


def sports(p: Paper) -> str:
    r = p.r
    nature.outdoors(p, "clear" if p.take != 3 else "cloudy", "summer", 0.4, hills=p.take % 2 == 0)
    nature.trees(p, p.h * 0.43, "summer", 6 if not p.tall else 4, 0.55)
    rooms.bunting(p, p.h * 0.05)
    if p.take in (1, 4):
        p.put(
            rect(p.w * 0.5 - 150, p.h * 0.66, 300, p.h * 0.26, "#f6c85f", 10),
            rect(p.w * 0.5 - 450, p.h * 0.74, 300, p.h * 0.18, "#c9d1dc", 10),
            rect(p.w * 0.5 + 150, p.h * 0.79, 300, p.h * 0.13, "#d99a6c", 10),
        )
        for i, (dx, y, word) in enumerate(((0, 0.66, "1"), (-300, 0.74, "2"), (300, 0.79, "3"))):
            p.put(
                at(
                    p.w * 0.5 + dx - 20,
                    p.h * (y + 0.04),
                    (
                        line([(20, 0), (20, 60)], "#fffdf6", 14)
                        if word == "1"
                        else path(
                            (
                                "M2 12Q20 -12 38 12Q38 28 2 60L40 60"
                                if word == "2"
                                else "M4 6Q34 -10 36 16Q34 28 18 28Q40 30 38 48Q30 70 2 56"
                            ),
                            stroke="#fffdf6",
                            width=13,
                        )
                    ),
                )
            )
            medal = (
                line([(-16, -44), (0, 0), (16, -44)], "#e4572e", 7)
                + circ(0, 6, 17, ("#f2b632", "#c9d1dc", "#d99a6c")[i])
                + star(0, 6, 9, "#fffdf6")
            )
            kid(
                p,
                p.w * 0.5 + dx,
                p.h * y,
                p.h / 760,
                (CHEER, WAVE, HIPS)[i],
                ("laugh", "happy", "smile")[i],
                over=medal,
                wheels=i == 2 and p.take == 4,
                bottom="shorts",
            )
        nature.falling(p, "confetti", 60)
        return _("On the podium: three winners of the sports day with their medals.")
    p.put(rect(0, p.h * 0.56, p.w, p.h * 0.44, p.fade("#d9795d", "#c4603f")))
    p.put(*(line([(0, p.h * (0.56 + k * 0.11)), (p.w, p.h * (0.56 + k * 0.11))], "#fffdf6", 7, 0.85) for k in range(5)))
    if p.take == 3:
        for i, x in enumerate(spread(p, 2 if p.tall else 3, 0.2, 0.8)):
            y = p.h * (0.74 + 0.1 * (i % 2))
            kid(p, x, y - 60, p.h / 760, Pose(left=(34, -30), right=(34, -30), lean=4), "laugh", wheels=False)
            p.put(
                at(
                    x,
                    y - 40,
                    path("M-62 -110Q0 -92 62 -110L54 20Q0 34 -54 20Z", "#c9a36c")
                    + path("M-62 -110Q0 -92 62 -110", stroke="#8f6238", width=9),
                    p.h / 760,
                )
            )
        return _("Sack race: the children hop towards the finishing line.")
    p.put(
        rect(p.w * 0.86, p.h * 0.3, 16, p.h * 0.4, "#3d4257"),
        *(
            rect(
                p.w * 0.86 + 16 + (a % 2) * 30,
                p.h * 0.3 + (a // 2) * 30,
                30,
                30,
                "#3d4257" if (a % 2 + a // 2) % 2 else "#fffdf6",
            )
            for a in range(8)
        ),
    )
    for i, x in enumerate(spread(p, 3 if not p.tall else 2, 0.16, 0.74)):
        kid(
            p,
            x,
            p.h * (0.66 + 0.115 * i),
            p.h / 760,
            RUN,
            r.choice(("laugh", "happy", "wow")),
            flip=False,
            wheels=i == 1 and p.take == 2,
            bottom="shorts",
            top=BOLD[(i * 3 + p.take) % 8],
            pattern="band",
        )
    return _("Sports day: children run towards the finishing flag under coloured pennants.")


SCENES = {"football": football, "playground": playground, "bicycles": bicycles, "sports": sports}
