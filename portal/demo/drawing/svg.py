"""A small SVG vocabulary: each function returns one element, and a Paper gathers them into a picture.

No text elements: which fonts a machine has would change the picture. Letters are strokes of our own.
Colours are `#rrggbb`, lengths pixels, angles degrees clockwise.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from random import Random

Point = tuple[float, float]


def n(value: float) -> str:
    """A number as short as a pixel needs it."""
    return f"{value:.1f}".removesuffix(".0")


def mix(first: str, second: str, share: float) -> str:
    """The colour `share` (0..1) of the way from first to second."""
    a, b = (tuple(int(c[i : i + 2], 16) for i in (1, 3, 5)) for c in (first, second))
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in zip(a, b, strict=True))


def dark(colour: str, share: float = 0.15) -> str:
    # Towards deep blue, not black: shadows that stay friendly.
    return mix(colour, "#1d1b3a", share)


def light(colour: str, share: float = 0.3) -> str:
    return mix(colour, "#fffdf6", share)


def _o(opacity: float) -> str:
    return "" if opacity >= 1 else f' opacity="{opacity:.2f}"'


def rect(x: float, y: float, w: float, h: float, fill: str, rx: float = 0, o: float = 1) -> str:
    return (
        f'<rect x="{n(x)}" y="{n(y)}" width="{n(w)}" height="{n(h)}" fill="{fill}"'
        + (f' rx="{n(rx)}"' if rx else "")
        + _o(o)
        + "/>"
    )


def circ(x: float, y: float, r: float, fill: str, o: float = 1) -> str:
    return f'<circle cx="{n(x)}" cy="{n(y)}" r="{n(r)}" fill="{fill}"{_o(o)}/>'


def ring(x: float, y: float, r: float, stroke: str, width: float, o: float = 1) -> str:
    return (
        f'<circle cx="{n(x)}" cy="{n(y)}" r="{n(r)}" fill="none" stroke="{stroke}" stroke-width="{n(width)}"{_o(o)}/>'
    )


def oval(x: float, y: float, rx: float, ry: float, fill: str, o: float = 1, turn: float = 0) -> str:
    spin = f' transform="rotate({n(turn)} {n(x)} {n(y)})"' if turn else ""
    return f'<ellipse cx="{n(x)}" cy="{n(y)}" rx="{n(rx)}" ry="{n(ry)}" fill="{fill}"{_o(o)}{spin}/>'


def path(d: str, fill: str = "none", stroke: str = "", width: float = 0, o: float = 1) -> str:
    line = (
        f' stroke="{stroke}" stroke-width="{n(width)}" stroke-linecap="round" stroke-linejoin="round"' if stroke else ""
    )
    return f'<path d="{d}" fill="{fill}"{line}{_o(o)}/>'


def line(points: Iterable[Point], stroke: str, width: float, o: float = 1) -> str:
    return path("M" + "L".join(f"{n(x)} {n(y)}" for x, y in points), "none", stroke, width, o)


def poly(points: Iterable[Point], fill: str, o: float = 1) -> str:
    return path("M" + "L".join(f"{n(x)} {n(y)}" for x, y in points) + "Z", fill, o=o)


def curve(points: Sequence[Point]) -> str:
    """Path data of a smooth open line through the points (Catmull-Rom as Béziers)."""
    p = [points[0], *points, points[-1]]
    d = f"M{n(points[0][0])} {n(points[0][1])}"
    for i in range(1, len(p) - 2):
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = p[i - 1 : i + 3]
        d += (
            f"C{n(x1 + (x2 - x0) / 6)} {n(y1 + (y2 - y0) / 6)}"
            f" {n(x2 - (x3 - x1) / 6)} {n(y2 - (y3 - y1) / 6)} {n(x2)} {n(y2)}"
        )
    return d


def star(x: float, y: float, r: float, fill: str, points: int = 5, inner: float = 0.45, o: float = 1) -> str:
    corners = []
    for i in range(points * 2):
        reach = r if i % 2 == 0 else r * inner
        turn = math.pi * i / points - math.pi / 2
        corners.append((x + reach * math.cos(turn), y + reach * math.sin(turn)))
    return poly(corners, fill, o)


def heart(x: float, y: float, s: float, fill: str) -> str:
    return at(x, y, path("M0 10C-16 -2 -10 -13 0 -5C10 -13 16 -2 0 10Z", fill), s / 10)


def at(x: float, y: float, content: str, scale: float = 1, turn: float = 0, flip: bool = False) -> str:
    """The content moved to (x, y), turned, scaled and perhaps mirrored."""
    moves = f"translate({n(x)} {n(y)})"
    if turn:
        moves += f" rotate({n(turn)})"
    if scale != 1 or flip:
        moves += f" scale({-scale if flip else scale:.3f} {scale:.3f})"
    return f'<g transform="{moves}">{content}</g>'


# Strokes on a field 4 wide and 6 high: "x y x y" runs, separated by commas.
_GLYPHS = {
    "A": "062046,1434",
    "B": "00063645443303,3342413000",
    "C": "4130100105163645",
    "D": "00062645412000",
    "E": "40000646,0333",
    "F": "400006,0333",
    "G": "41301001051636454424",
    "H": "0006,4046,0343",
    "I": "2026",
    "J": "4045361605",
    "K": "0006,4003,0346",
    "L": "000646",
    "M": "0600234046",
    "N": "06004640",
    "O": "103041453616050110",
    "P": "06003041423303",
    "Q": "103041453616050110,2446",
    "R": "06003041423303,2346",
    "S": "413010010213334445361605",
    "T": "0040,2026",
    "U": "000516364540",
    "V": "002640",
    "W": "0016233640",
    "X": "0046,4006",
    "Y": "002340,2326",
    "Z": "00400646",
    "0": "103041453616050110",
    "1": "112026",
    "2": "01103041420646",
    "3": "011030414233,13334445361605",
    "4": "36300444",
    "5": "400003334445361605",
    "6": "4130100105163645443303",
    "7": "004016",
    "8": "103041423313020110,1304051636454433",
    "9": "45361605,43331302011030414345",
    "+": "2125,0343",
    "-": "0343",
    "=": "0242,0444",
    "!": "2024,2526",
    "?": "01103041422324,2526",
    " ": "",
}


def letters(x: float, y: float, size: float, words: str, stroke: str, width: float = 0) -> str:
    """Words in capital strokes; (x, y) is the top left corner, size the height of a letter."""
    unit, out = size / 6, []
    for i, letter in enumerate(words):
        left = x + i * unit * 5.6
        for run in _GLYPHS[letter].replace(" ", "").split(","):
            spots = [(int(run[k]), int(run[k + 1])) for k in range(0, len(run) - 1, 2)]
            if spots:
                out.append(line([(left + a * unit, y + b * unit) for a, b in spots], stroke, width or size / 7))
    return "".join(out)


def letters_width(size: float, words: str) -> float:
    return (len(words) * 5.6 - 1.6) * size / 6


class Paper:
    """One picture being drawn: its size, its own dice and what lies on it so far."""

    def __init__(self, width: int, height: int, dice: Random, take: int = 0) -> None:
        self.w, self.h, self.r = width, height, dice
        self.take = take
        """Which of a scene's pictures this is, from 0: scenes change their composition with it."""
        self.children = 0
        """How many children can be recognised."""
        self.recent: list[tuple[str, str]] = []
        """Hair and clothes of those drawn so far, so that neighbours differ."""
        self._parts: list[str] = []
        self._defs: list[str] = []
        self.mirrored = False
        """Whether the finished picture is turned left to right."""
        self._view = (0.0, 0.0, float(width), float(height))

    @property
    def tall(self) -> bool:
        return self.h > self.w

    def zoom(self, share: float, x: float = 0.5, y: float = 1) -> None:
        """Shows only `share` of the paper, from the middle (0.5), from the left or top (0), the right or bottom (1)."""
        w, h = self.w * share, self.h * share
        self.mirrored = False
        """Whether the finished picture is turned left to right."""
        self._view = ((self.w - w) * x, (self.h - h) * y, w, h)

    def put(self, *elements: str) -> None:
        self._parts.extend(elements)

    def fade(self, *colours: str, across: bool = False) -> str:
        """A fill that fades from colour to colour, downwards or across."""
        name = f"f{len(self._defs)}"
        stops = "".join(
            f'<stop offset="{i / (len(colours) - 1):.2f}" stop-color="{c}"/>' for i, c in enumerate(colours)
        )
        way = 'x2="1" y2="0"' if across else 'x2="0" y2="1"'
        self._defs.append(f'<linearGradient id="{name}" x1="0" y1="0" {way}>{stops}</linearGradient>')
        return f"url(#{name})"

    def glow(self, colour: str, strength: float = 0.5) -> str:
        """A round fill that is `colour` in the middle and nothing at the edge."""
        name = f"f{len(self._defs)}"
        self._defs.append(
            f'<radialGradient id="{name}"><stop offset="0" stop-color="{colour}"'
            f' stop-opacity="{strength:.2f}"/><stop offset="1" stop-color="{colour}"'
            ' stop-opacity="0"/></radialGradient>'
        )
        return f"url(#{name})"

    def clip(self, shape: str, content: str) -> str:
        """The content where it lies within the shape."""
        name = f"f{len(self._defs)}"
        self._defs.append(f'<clipPath id="{name}">{shape}</clipPath>')
        return f'<g clip-path="url(#{name})">{content}</g>'

    @contextmanager
    def within(self, shape: str) -> Iterator[None]:
        """What is put meanwhile shows only within the shape."""
        before, self._parts = self._parts, []
        try:
            yield
        finally:
            inside, self._parts = "".join(self._parts), before
            self.put(self.clip(shape, inside))

    def svg(self) -> str:
        content = "".join(self._parts)
        if self.mirrored:
            content = f'<g transform="translate({self.w} 0) scale(-1 1)">{content}</g>'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.w}" height="{self.h}"'
            f' viewBox="{" ".join(n(v) for v in self._view)}"><defs>{"".join(self._defs)}</defs>{content}</svg>'
        )
