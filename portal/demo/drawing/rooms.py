"""Rooms: walls, windows, shelves and what hangs on the wall, drawn to the edge of the paper."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from random import Random

from portal.demo.drawing.nature import SKIES, cloud, flower
from portal.demo.drawing.svg import (
    Paper,
    at,
    circ,
    curve,
    dark,
    letters,
    letters_width,
    light,
    line,
    mix,
    n,
    oval,
    path,
    poly,
    rect,
    star,
)


@dataclass(frozen=True, slots=True)
class Tone:
    """The colours of a room that belong together."""

    wall: str
    low: str
    floor: str
    wood: str
    one: str
    two: str
    three: str


TONES = (
    Tone("#f7e3c8", "#efcfa6", "#d9a873", "#b97f4e", "#e4572e", "#2e8b7a", "#f6c85f"),
    Tone("#cfe5e3", "#a9cfcd", "#e3c39a", "#c08f5f", "#ef7f7f", "#3a7ca5", "#f6c85f"),
    Tone("#f6d5cc", "#ecb8ab", "#cfa489", "#a87455", "#8e5ea2", "#2e8b7a", "#f2a541"),
    Tone("#dfe3f3", "#c1c8e6", "#d8b894", "#a9805a", "#f2a541", "#d66ba0", "#5aa9c9"),
    Tone("#e5ecd0", "#c7d6a6", "#dcb98a", "#b3824f", "#c8553d", "#4f5d95", "#f6c85f"),
    Tone("#fbeec2", "#f3d98c", "#c99b6d", "#9d6e45", "#17a2b8", "#e4572e", "#8e5ea2"),
    Tone("#d7eaf3", "#b1d3e6", "#cdb59a", "#97775a", "#e4572e", "#f2a541", "#76b041"),
    Tone("#efe1ef", "#d9c0dc", "#dab48f", "#a97f5b", "#2e8b7a", "#ef7f7f", "#f6c85f"),
)


def tone(p: Paper) -> Tone:
    return p.r.choice(TONES)


def room(p: Paper, t: Tone, floor: float, boards: bool = True) -> None:
    """Wall, skirting and floor, whose edge is at `floor` (0..1 of the height)."""
    y = p.h * floor
    p.put(rect(0, 0, p.w, y, p.fade(light(t.wall, 0.25), t.wall)))
    if p.r.random() < 0.55:
        p.put(rect(0, y * 0.62, p.w, y * 0.38, t.low, o=0.75), rect(0, y * 0.62 - 6, p.w, 12, light(t.wall, 0.6)))
    p.put(rect(0, y, p.w, p.h - y, p.fade(dark(t.floor, 0.06), light(t.floor, 0.22))))
    if boards:
        middle, deep = p.w / 2, p.h - y
        for i in range(-9, 10):
            p.put(line([(middle + i * p.w * 0.085, y), (middle + i * p.w * 0.19, p.h)], dark(t.floor, 0.16), 3, 0.45))
        for share in (0.22, 0.55):
            p.put(line([(0, y + deep * share), (p.w, y + deep * share)], dark(t.floor, 0.16), 2, 0.2))
    p.put(rect(0, y - 16, p.w, 20, light(t.wall, 0.75)), rect(0, y + 4, p.w, 5, "#1d1b3a", o=0.12))


def window(p: Paper, x: float, y: float, w: float, h: float, sky: str = "", curtain: str = "") -> None:
    """A window, what is outside, and the light it throws on the floor."""
    sky = sky or p.r.choice(("clear", "clear", "cloudy", "sunset", "rain"))
    top, low = SKIES[sky]
    glass = rect(x, y, w, h, "#fff", 8)
    view = rect(x, y, w, h, p.fade(top, low))
    for i in range(3):
        view += oval(
            x + w * (0.15 + i * 0.36),
            y + h * 1.02,
            w * 0.34,
            h * p.r.uniform(0.2, 0.42),
            mix("#76b041", low, 0.25 + i * 0.1),
        )
    if sky == "rain":
        view += "".join(
            line([(a := x + p.r.random() * w, b := y + p.r.random() * h), (a - 6, b + 22)], "#ffffff", 3, 0.5)
            for _ in range(22)
        )
    else:
        view += cloud(x + w * p.r.uniform(0.2, 0.7), y + h * 0.26, w / 420)
    p.put(rect(x - 16, y - 16, w + 32, h + 32, "#fffdf6", 12), p.clip(glass, view))
    p.put(rect(x + w / 2 - 6, y, 12, h, "#fffdf6"), rect(x, y + h * 0.42, w, 10, "#fffdf6"))
    p.put(rect(x - 30, y + h + 10, w + 60, 18, "#fffdf6", 6), rect(x - 30, y + h + 28, w + 60, 6, "#1d1b3a", 3, 0.08))
    if curtain:
        for side in (0, 1):
            a, b = (x - 44, x + w * 0.16) if side == 0 else (x + w + 44, x + w * 0.84)
            p.put(
                path(
                    f"M{n(a)} {n(y - 30)}L{n(b)} {n(y - 30)}Q{n(b)} {n(y + h * 0.5)} {n(a + (b - a) * 0.4)}"
                    f" {n(y + h * 0.95)}L{n(a)} {n(y + h + 20)}Z",
                    curtain,
                    o=0.92,
                )
            )
        p.put(rect(x - 60, y - 42, w + 120, 14, dark(curtain, 0.3), 7))
    if sky in ("clear", "sunset"):
        p.put(poly([(x, y + h), (x + w, y + h), (x + w * 1.9, p.h), (x + w * 0.5, p.h)], "#fff3c4", 0.16))


def bunting(
    p: Paper,
    y: float,
    sag: float = 70,
    colours: tuple[str, ...] = ("#e4572e", "#f6c85f", "#2e8b7a", "#5aa9c9", "#d66ba0"),
) -> None:
    """A string of flags from edge to edge."""
    count = max(9, p.w // 120)
    spots = [(p.w * i / count, y + sag * (1 - (2 * i / count - 1) ** 2)) for i in range(count + 1)]
    p.put(path(curve(spots), stroke="#6d5a4e", width=5))
    for i, ((ax, ay), (bx, by)) in enumerate(pairwise(spots)):
        p.put(
            poly([(ax + 10, ay + 2), (bx - 10, by + 2), ((ax + bx) / 2, (ay + by) / 2 + 84)], colours[i % len(colours)])
        )


def shelf(p: Paper, x: float, y: float, w: float, h: float, rows: int, wood: str) -> None:
    """A bookcase standing at y (its foot), full of books and small things."""
    r = p.r
    p.put(rect(x, y - h, w, h, wood, 8), rect(x + 14, y - h + 14, w - 28, h - 28, dark(wood, 0.35), 4))
    step = (h - 14) / rows
    for row in range(rows):
        base = y - h + (row + 1) * step
        at_x = x + 22
        while at_x < x + w - 60:
            choice = r.random()
            if choice < 0.82:
                bw, bh = r.uniform(16, 34), step * r.uniform(0.5, 0.78)
                colour = r.choice(
                    (
                        "#e4572e",
                        "#f2a541",
                        "#2e8b7a",
                        "#3a7ca5",
                        "#8e5ea2",
                        "#f4efe6",
                        "#c8553d",
                        "#76b041",
                        "#ef7f7f",
                    )
                )
                p.put(
                    rect(at_x, base - bh, bw, bh, colour, 3),
                    rect(at_x + 4, base - bh * 0.82, bw - 8, 6, light(colour, 0.6)),
                )
                at_x += bw + 3
            elif choice < 0.91:
                p.put(plant(at_x + 34, base, 0.42 * step / 100))
                at_x += 78
            else:
                p.put(circ(at_x + 26, base - 26, 26, r.choice(("#5aa9c9", "#f2a541", "#ef7f7f"))))
                at_x += 64
        p.put(rect(x, base, w, 14, wood))


def plant(x: float, y: float, s: float, pot: str = "#c8703c") -> str:
    """A pot plant standing at y."""
    leaves = "".join(
        at(0, -70, oval(0, -58, 19, 58, c), 1, turn)
        for turn, c in ((-58, "#3f8a56"), (58, "#3f8a56"), (-28, "#57a463"), (28, "#57a463"), (0, "#6bb26f"))
    )
    return at(x, y, leaves + path("M-46 -76L46 -76L34 0L-34 0Z", pot) + rect(-52, -86, 104, 22, dark(pot, 0.1), 6), s)


def board(p: Paper, x: float, y: float, w: float, h: float, words: str = "", green: str = "#37644f") -> None:
    """A chalkboard with words in chalk."""
    p.put(rect(x - 14, y - 14, w + 28, h + 28, "#b07d4f", 10), rect(x, y, w, h, green, 4))
    p.put(
        path(
            f"M{n(x + 20)} {n(y + h * 0.8)}Q{n(x + w * 0.4)} {n(y + h * 0.5)} {n(x + w - 30)} {n(y + h * 0.7)}",
            stroke="#ffffff",
            width=w * 0.06,
            o=0.05,
        )
    )
    if words:
        size = min(h * 0.4, (w * 0.86) / max(letters_width(6, words) / 6, 1))
        p.put(letters(x + (w - letters_width(size, words)) / 2, y + (h - size) / 2, size, words, "#fdf8ea", size / 9))
    p.put(
        rect(x + w * 0.1, y + h + 10, w * 0.8, 14, "#8f6238", 4),
        rect(x + w * 0.2, y + h + 4, 40, 8, "#fffdf6", 3),
        rect(x + w * 0.6, y + h + 2, 60, 12, "#5aa9c9", 3),
    )


def drawing(r: Random, x: float, y: float, w: float, h: float) -> str:
    """A sheet a child painted, hung on the wall; top left corner at (x, y)."""
    sheet = rect(-w / 2 - 8, -8, w + 16, h + 16, "#fffdf6", 4)
    sky = r.choice(("#cfe8f5", "#fdf1c9", "#f9d8d0", "#dcd6f2", "#fffdf6"))
    art = rect(-w / 2, 0, w, h, sky)
    subject = r.randrange(7)
    if subject == 0:
        art += (
            rect(-w / 2, h * 0.75, w, h * 0.25, "#8cc152")
            + rect(-w * 0.2, h * 0.42, w * 0.4, h * 0.36, "#ef7f7f")
            + poly([(-w * 0.27, h * 0.44), (w * 0.27, h * 0.44), (0, h * 0.16)], "#b5533c")
            + circ(w * 0.34, h * 0.18, h * 0.1, "#f6c85f")
        )
    elif subject == 1:
        art += circ(0, h * 0.5, h * 0.18, "#f2a541") + "".join(
            at(0, h * 0.5, line([(0, h * 0.23), (0, h * 0.36)], "#f2a541", w * 0.04), 1, k * 45) for k in range(8)
        )
    elif subject == 2:
        for k, c in enumerate(("#e4572e", "#f2a541", "#f6c85f", "#76b041", "#3a7ca5", "#8e5ea2")):
            reach = w * (0.42 - k * 0.045)
            art += path(
                f"M{n(-reach)} {n(h * 0.86)}A{n(reach)} {n(reach)} 0 0 1 {n(reach)} {n(h * 0.86)}",
                stroke=c,
                width=w * 0.045,
            )
    elif subject == 3:
        art += (
            rect(-w / 2, h * 0.7, w, h * 0.3, "#5aa9c9")
            + oval(0, h * 0.72, w * 0.24, h * 0.12, "#f2a541")
            + poly([(w * 0.2, h * 0.72), (w * 0.36, h * 0.6), (w * 0.36, h * 0.84)], "#f2a541")
            + circ(-w * 0.12, h * 0.69, w * 0.02, "#35262b")
        )
    elif subject == 4:
        art += rect(-w / 2, h * 0.8, w, h * 0.2, "#8cc152") + "".join(
            at(k * w * 0.26, h * 0.48, flower(0, 0, w / 110, c, 40), 1)
            for k, c in ((-1, "#d66ba0"), (0, "#e4572e"), (1, "#8e5ea2"))
        )
    elif subject == 5:
        art += (
            circ(0, h * 0.44, h * 0.2, "#dfa478")
            + circ(-h * 0.07, h * 0.42, h * 0.022, "#35262b")
            + circ(h * 0.07, h * 0.42, h * 0.022, "#35262b")
            + path(
                f"M{n(-h * 0.08)} {n(h * 0.5)}Q0 {n(h * 0.58)} {n(h * 0.08)} {n(h * 0.5)}",
                stroke="#8c2f39",
                width=h * 0.025,
            )
            + path(f"M{n(-h * 0.21)} {n(h * 0.42)}Q0 {n(h * 0.06)} {n(h * 0.21)} {n(h * 0.42)}", "#5e3a24")
            + path(f"M{n(-h * 0.24)} {n(h)}Q0 {n(h * 0.56)} {n(h * 0.24)} {n(h)}Z", "#3a7ca5")
        )
    else:
        art += "".join(
            circ(
                r.uniform(-0.36, 0.36) * w,
                r.uniform(0.15, 0.85) * h,
                r.uniform(0.06, 0.15) * w,
                r.choice(TONES).one,
                0.75,
            )
            for _ in range(9)
        ) + star(0, h * 0.5, h * 0.2, "#f6c85f")
    return at(x + w / 2, y, sheet + art + circ(0, 2, 7, "#e4572e"), 1, r.uniform(-4, 4))


def gallery(p: Paper, x: float, y: float, w: float, count: int, size: float = 150) -> None:
    """Drawings in a row on the wall."""
    for i in range(count):
        p.put(
            drawing(
                p.r,
                x + (w - size) * (i / max(count - 1, 1)),
                y + p.r.uniform(-16, 16),
                size * p.r.uniform(0.85, 1.05),
                size * 0.78,
            )
        )


def lamp(x: float, drop: float, s: float, colour: str, glow: str = "") -> str:
    out = line([(0, 0), (0, drop)], "#5b5048", 5) + (circ(0, drop + 60, 230, glow) if glow else "")
    return at(
        x,
        0,
        out
        + path(f"M-70 {n(drop + 60)}C-64 {n(drop - 20)} 64 {n(drop - 20)} 70 {n(drop + 60)}Z", colour)
        + oval(0, drop + 60, 70, 12, "#fff3c4"),
        s,
    )


def rug(p: Paper, x: float, y: float, rx: float, ry: float, colour: str, edge: str) -> None:
    p.put(oval(x, y + 8, rx, ry, "#1d1b3a", 0.1), oval(x, y, rx, ry, edge), oval(x, y, rx * 0.9, ry * 0.88, colour))
    p.put(
        f'<ellipse cx="{n(x)}" cy="{n(y)}" rx="{n(rx * 0.7)}" ry="{n(ry * 0.66)}" fill="none"'
        f' stroke="{light(colour, 0.5)}" stroke-width="9" stroke-dasharray="2 26" stroke-linecap="round"/>'
    )


def ambience(p: Paper, warm: bool = True) -> None:
    """The last touch: light from above, a breath of shadow in the corners."""
    p.put(circ(p.w * 0.3, -p.h * 0.1, p.w * 0.8, p.glow("#fff3d0" if warm else "#dff1ff", 0.22)))
