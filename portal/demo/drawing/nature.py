"""The outdoors: sky and weather, hills, trees, flowers, and the school house seen from the yard."""

from __future__ import annotations

from portal.demo.drawing.svg import Paper, at, circ, curve, dark, light, line, mix, n, oval, path, poly, rect


def cloud(x: float, y: float, s: float, fill: str = "#ffffff", o: float = 0.9) -> str:
    puffs = ((-70, 0, 38), (-26, -22, 50), (32, -12, 44), (76, 4, 32))
    return at(
        x,
        y,
        f'<g opacity="{o:.2f}">'
        + "".join(circ(a, b, r, fill) for a, b, r in puffs)
        + rect(-108, 0, 216, 36, fill, 18)
        + "</g>",
        s,
    )


SKIES = {
    "clear": ("#7cc4ea", "#d8f0f7"),
    "cloudy": ("#a9c4d6", "#e3ebee"),
    "sunset": ("#f7a072", "#fde3b0"),
    "rain": ("#8496a9", "#c3ccd3"),
    "snow": ("#b5c9dc", "#eef3f7"),
    "night": ("#1e2350", "#4b4a8a"),
    "dusk": ("#3d3a78", "#e48f7b"),
}


LEAVES = {
    "spring": ("#8cc152", "#a8d36c", "#f3b6c6"),
    "summer": ("#4f9d4f", "#6bb25a", "#3f8a56"),
    "autumn": ("#e07a3f", "#f2b34a", "#c8503c"),
    "winter": ("#dfe9f1", "#c9d9e6", "#f4f8fb"),
}


GROUND = {
    "spring": ("#a8d36c", "#7fb950"),
    "summer": ("#8cc152", "#5f9e44"),
    "autumn": ("#c9b458", "#a68a3f"),
    "winter": ("#ffffff", "#d9e6f0"),
}


def outdoors(p: Paper, sky: str, season: str, horizon: float, hills: bool = True) -> None:
    """Sky with its weather, hills, and ground from `horizon` (0..1 of the height) down."""
    top, low = SKIES[sky]
    y, r = p.h * horizon, p.r
    p.put(rect(0, 0, p.w, y + 40, p.fade(top, low)))
    if sky in ("night", "dusk"):
        p.put(
            *(
                circ(r.random() * p.w, r.random() * y * 0.8, r.uniform(1.5, 4), "#fff8dc", r.uniform(0.4, 1))
                for _ in range(60)
            )
        )
        mx = p.w * r.uniform(0.15, 0.85)
        p.put(
            circ(mx, y * 0.24, 190, p.glow("#fff3c4", 0.35)),
            circ(mx, y * 0.24, 58, "#fff3c4"),
            circ(mx + 22, y * 0.24 - 12, 48, mix(top, low, 0.2), 0.9),
        )
    elif sky in ("clear", "sunset"):
        sx = p.w * r.uniform(0.1, 0.9)
        p.put(
            circ(sx, y * 0.3, 260, p.glow("#fff7d1", 0.8)),
            circ(sx, y * 0.3, 66, "#fff0a8" if sky == "clear" else "#ffd07a"),
        )
    if sky not in ("night", "dusk"):
        shade = "#ffffff" if sky in ("clear", "sunset", "snow") else "#f2f5f7"
        for i in range(r.randint(2, 4) + (3 if sky in ("cloudy", "rain") else 0)):
            p.put(
                cloud(
                    p.w * (i * 0.31 + r.uniform(-0.1, 0.2)) % (p.w * 1.1),
                    y * r.uniform(0.1, 0.55),
                    r.uniform(0.8, 1.9),
                    shade,
                    0.8,
                )
            )
    near, far = GROUND[season]
    if hills:
        for i in range(3):
            lift = (3 - i) * p.h * 0.05
            spots = [(-60 + k * p.w / 4, y - lift * r.uniform(0.3, 1.3)) for k in range(6)]
            tint = mix(mix(far, "#3f7d6e", 0.3), low, 0.62 - i * 0.18)
            p.put(path(curve(spots) + f"L{p.w + 400} {n(y + 60)}L-60 {n(y + 60)}Z", tint))
    p.put(rect(0, y, p.w, p.h - y, p.fade(far, near)))
    if season != "winter":
        for _ in range(46):
            gx, gy = r.random() * p.w, y + (p.h - y) * r.random() ** 0.8
            s = 0.5 + (gy - y) / (p.h - y)
            p.put(
                path(
                    f"M{n(gx)} {n(gy)}l{n(-6 * s)} {n(-20 * s)}M{n(gx)} {n(gy)}l{n(2 * s)}"
                    f" {n(-26 * s)}M{n(gx)} {n(gy)}l{n(9 * s)} {n(-18 * s)}",
                    stroke=dark(far, 0.12),
                    width=4 * s,
                    o=0.55,
                )
            )
    if season == "spring":
        flowers(p, y + 30, p.h, 40)


def flowers(p: Paper, top: float, low: float, count: int) -> None:
    for _ in range(count):
        y = p.r.uniform(top, low)
        s = 0.5 + (y - top) / (low - top) * 0.9
        p.put(
            flower(p.r.random() * p.w, y, s * 0.5, p.r.choice(("#fffdf6", "#f6c85f", "#ef7f7f", "#d66ba0", "#8e5ea2")))
        )


def flower(x: float, y: float, s: float, colour: str, stem: float = 0) -> str:
    out = line([(0, 0), (0, stem)], "#4f8f4a", 6) + oval(-12, stem * 0.6, 14, 6, "#5fa052", turn=30) if stem else ""
    petals = "".join(at(0, 0, oval(0, -14, 9, 13, colour), 1, i * 72) for i in range(5))
    return at(x, y, out + petals + circ(0, 0, 8, "#f6c85f" if colour != "#f6c85f" else "#c8703c"), s)


def tree(p: Paper, x: float, y: float, s: float, season: str, kind: str = "") -> str:
    """A tree whose foot is at (x, y), about 520 units high."""
    r, greens = p.r, LEAVES[season]
    kind = kind or r.choice(("round", "tall", "pine", "birch") if season != "autumn" else ("round", "tall", "birch"))
    bark = "#f1ece2" if kind == "birch" else "#7d5a43"
    if kind == "pine":
        green = "#3f7d5e" if season != "winter" else "#5d8f83"
        out = rect(-16, -80, 32, 84, "#6d4c3a", 6)
        for i, half in enumerate((150, 122, 90, 56)):
            top = -70 - i * 96
            out += poly([(-half, top), (half, top), (0, top - 170)], mix(green, "#ffffff", i * 0.05))
            if season == "winter":
                out += poly([(-half * 0.5, top - 86), (half * 0.45, top - 94), (0, top - 170)], "#f6fafc")
        return at(x, y, oval(0, 0, 120, 14, "#1d1b3a", 0.12) + out, s)
    out = oval(0, 0, 110, 14, "#1d1b3a", 0.12) + path(
        "M-20 4C-12 -90 -16 -180 -10 -300L10 -300C14 -180 14 -90 22 4Z", bark
    )
    out += line([(0, -200), (60, -290)], bark, 12) + line([(0, -160), (-56, -250)], bark, 12)
    if kind == "birch":
        out += "".join(rect(r.uniform(-12, 0), -30 - i * 44, 14, 7, "#3d3a3a", 3) for i in range(6))
    if season == "winter":
        twigs = "".join(
            line([(0, -260), (a, b)], bark, 9)
            for a, b in ((-90, -380), (80, -400), (0, -440), (130, -320), (-130, -300))
        )
        return at(
            x,
            y,
            out + twigs + "".join(oval(a, b, 34, 8, "#ffffff") for a, b in ((-90, -386), (80, -406), (60, -296))),
            s,
        )
    wide, high = (150, 130) if kind == "round" else (110, 180)
    for i in range(9):
        cx, cy = r.uniform(-0.62, 0.62) * wide, -330 + r.uniform(-0.62, 0.5) * high
        out += circ(cx, cy, r.uniform(0.5, 0.7) * wide, greens[i % 2 if i < 6 else 0], 1 if i < 6 else 0.6)
    for _ in range(12):
        out += circ(r.uniform(-0.9, 0.9) * wide, -330 + r.uniform(-0.9, 0.7) * high, 9, light(greens[1], 0.35), 0.6)
    if season == "spring":
        out += "".join(
            circ(r.uniform(-0.9, 0.9) * wide, -330 + r.uniform(-0.9, 0.7) * high, 11, "#f3b6c6") for _ in range(16)
        )
    return at(x, y, out, s)


def trees(p: Paper, y: float, season: str, count: int, size: float = 0.7) -> None:
    """A row of trees along y, with gaps that differ."""
    for i in range(count):
        p.put(
            tree(
                p,
                p.w * (i + p.r.uniform(0.1, 0.9)) / count,
                y + p.r.uniform(-14, 14),
                size * p.r.uniform(0.75, 1.2),
                season,
            )
        )


def falling(p: Paper, what: str, count: int) -> None:
    """Snow, rain, leaves or confetti in the air."""
    r = p.r
    for _ in range(count):
        x, y, s = r.random() * p.w, r.random() * p.h, r.uniform(0.5, 1.5)
        if what == "snow":
            p.put(circ(x, y, 6 * s, "#ffffff", 0.9))
        elif what == "rain":
            p.put(line([(x, y), (x - 9 * s, y + 34 * s)], "#e8f1f5", 3, 0.6))
        elif what == "leaves":
            p.put(
                at(
                    x,
                    y,
                    path("M0 -14C12 -8 12 8 0 16C-12 8 -12 -8 0 -14Z", r.choice(LEAVES["autumn"])),
                    s,
                    r.uniform(0, 360),
                )
            )
        else:
            colour = r.choice(("#e4572e", "#f6c85f", "#17a2b8", "#76b041", "#d66ba0", "#8e5ea2"))
            p.put(
                at(
                    x,
                    y,
                    rect(-8, -5, 16, 10, colour, 3) if r.random() < 0.6 else circ(0, 0, 7, colour),
                    s,
                    r.uniform(0, 180),
                )
            )


def school(x: float, y: float, s: float, wall: str = "#e8b98a", roof: str = "#b5533c") -> str:
    """A school house seen from the yard; its doorstep is at (x, y)."""
    out = rect(-420, -300, 840, 300, wall) + poly([(-460, -300), (460, -300), (380, -410), (-380, -410)], roof)
    out += rect(-110, -380, 220, 380, light(wall, 0.3)) + poly([(-140, -380), (140, -380), (0, -500)], dark(roof, 0.12))
    out += (
        circ(0, -410, 34, "#fffdf6")
        + line([(0, -410), (0, -432)], "#3d4257", 5)
        + line([(0, -410), (16, -402)], "#3d4257", 5)
    )
    for i in (-370, -270, -190, 140, 220, 320):
        for j in (-265, -135):
            out += (
                rect(i - 8, j - 8, 66, 96, "#fffdf6", 6)
                + rect(i, j, 50, 80, "#9fd0e6", 4)
                + rect(i + 22, j, 6, 80, "#fffdf6")
            )
    out += (
        rect(-62, -170, 124, 170, "#7d4f3a", 10)
        + rect(-52, -158, 48, 158, "#a66a4a", 6)
        + rect(4, -158, 48, 158, "#a66a4a", 6)
    )
    return at(x, y, out + circ(-12, -76, 6, "#f6c85f") + rect(-90, -6, 180, 12, "#d8cdbd", 4), s)
