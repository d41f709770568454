"""People for the pictures: a look, a pose, and the drawing of both.

A child is about 290 units high. The feet of a standing figure, or the seat of a sitting one, are at (0, 0), y up
is negative. Arms and legs bend by angles from straight down, positive outwards.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Literal

from portal.demo.drawing import face as faces
from portal.demo.drawing import hair as hairs
from portal.demo.drawing.face import Mood
from portal.demo.drawing.hats import Hat
from portal.demo.drawing.looks import Look
from portal.demo.drawing.svg import Point, at, circ, dark, heart, light, line, n, oval, path, rect, ring, star

Bend = tuple[float, float]
Bottom = Literal["trousers", "shorts", "skirt", "dress", "dungarees"]


@dataclass(frozen=True, slots=True)
class Pose:
    left: Bend = (14, 6)
    right: Bend = (14, 6)
    """Arms: upper and lower."""
    legs: tuple[Bend, Bend] = ((3, 2), (3, 2))
    thigh: float = 50
    """Shorter where the thigh points at the viewer."""
    seated: bool = False
    lean: float = 0
    tilt: float = 0
    look: float = 0
    """Where the face turns: -1 left … 1 right."""
    back: bool = False


STAND = Pose()
WAVE = Pose(right=(128, 168), look=0.2, tilt=4)
CHEER = Pose(left=(142, 160), right=(142, 160))
HOLD = Pose(left=(22, -58), right=(22, -58))
POINT = Pose(right=(96, 100), look=0.8, tilt=4)
REACH = Pose(right=(70, 40), left=(18, -30), look=0.7, tilt=6, lean=4)
HIPS = Pose(left=(48, -52), right=(48, -52))
THINK = Pose(left=(26, -70), right=(30, -150), tilt=-7, look=-0.3)
CROSS = Pose(left=(22, -48), right=(22, -48), legs=((76, -84), (76, -84)), seated=True)
CHAIR = Pose(left=(20, -55), right=(20, -55), legs=((12, 4), (12, 4)), thigh=22, seated=True)
KNEEL = Pose(left=(20, -30), right=(20, -30), legs=((30, -88), (30, -88)), thigh=20, seated=True, tilt=5)
RUN = Pose(left=(52, 120), right=(-30, 40), legs=((34, 84), (44, 8)), lean=10, look=0.8)
KICK = Pose(left=(70, 40), right=(58, 90), legs=((6, 10), (62, 74)), lean=-8, look=0.7)
JUMP = Pose(left=(138, 158), right=(138, 150), legs=((34, -30), (40, -10)))
AWAY = Pose(back=True)


@dataclass(frozen=True, slots=True)
class Held:
    """A thing in a hand: side -1 left, 1 right, 0 between the two; the thing's origin is where it is held."""

    side: int
    thing: str
    behind: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    look: Look
    pose: Pose = STAND
    mood: Mood = "smile"
    hat: Hat | None = None
    held: tuple[Held, ...] = ()
    cape: str = ""
    over: str = ""
    """Something worn over the chest, drawn around the middle of the torso."""
    lower: bool = True
    """Whether the legs are drawn: not for one who sits behind a table or stands in water."""
    feet: Literal["shoes", "boots", "bare"] = "shoes"
    extra: dict[str, float] = field(default_factory=dict)

    def posed(self, **changes: object) -> Figure:
        return replace(self, pose=replace(self.pose, **changes))  # type: ignore[arg-type]

    def draw(self, x: float, y: float, scale: float = 1, flip: bool = False) -> str:
        return at(x, y, _Body(self).drawn(), scale, flip=flip)


def _end(start: Point, side: int, angle: float, length: float) -> Point:
    turn = math.radians(angle)
    return start[0] + side * math.sin(turn) * length, start[1] + math.cos(turn) * length


class _Body:
    def __init__(self, figure: Figure) -> None:
        self.f, self.l, self.p = figure, figure.look, figure.pose
        grown = self.l.grown
        self.torso = 112.0 if grown else 88.0
        self.thigh = self.p.thigh * (1.42 if grown else 1)
        self.shin = 70.0 if grown else 48.0
        self.upper = 58.0 if grown else 43.0
        self.fore = 54.0 if grown else 40.0
        self.shoulder = 34.0 if grown else 27.0
        legs = [self._leg(side, bend) for side, bend in zip((-1, 1), self.p.legs, strict=True)]
        self.legs = legs
        foot = max(leg[2][1] for leg in legs) + 11
        self.hip = -18.0 if self.p.seated else -foot
        if self.l.wheels:
            self.hip = -72.0
        self.arms = [self._arm(-1, self.p.left), self._arm(1, self.p.right)]

    def _leg(self, side: int, bend: Bend) -> tuple[Point, Point, Point]:
        start = (side * 15.0, 0.0)
        knee = _end(start, side, bend[0], self.thigh)
        return start, knee, _end(knee, side, bend[1], self.shin)

    def _arm(self, side: int, bend: Bend) -> tuple[Point, Point, Point]:
        start = (side * self.shoulder, -self.torso + 12)
        elbow = _end(start, side, bend[0], self.upper)
        return start, elbow, _end(elbow, side, bend[1], self.fore)

    def drawn(self) -> str:
        shade = "" if self.p.seated or self.l.wheels else oval(0, -2, 52, 9, "#1d1b3a", 0.13)
        if not self.f.lower:
            shade = ""
        elif self.p.seated and self.p.thigh > 30 and not self.l.wheels:
            shade = oval(0, 4, 74, 10, "#1d1b3a", 0.13)
        lower = self._legs() if self.f.lower else ""
        back = front = ""
        if self.l.wheels and self.f.lower:
            back, front = _chair_back(self.l.accent), _chair_front()
        upper = self._upper()
        if self.p.lean:
            upper = f'<g transform="rotate({n(self.p.lean)})">{upper}</g>'
        behind = "".join(self._held(h) for h in self.f.held if h.behind)
        return shade + back + at(0, self.hip, behind + lower + upper) + front

    def _upper(self) -> str:
        head_at = -self.torso - (34 if self.l.grown else 33)
        head = faces.head(self.l, self.f.mood, self.p.look, self.p.back, self.f.hat)
        hair = hairs.back_hair(self.l, self.f.hat)
        size = 0.94 if self.l.grown else 1.0
        neck = rect(-10, -self.torso - 8, 20, 24, dark(self.l.skin, 0.12), 8)
        arms = [self._one_arm(0), self._one_arm(1)]
        # An arm that goes inwards passes in front of the body, one that hangs or spreads goes behind it.
        rear = "".join(a for a, b in zip(arms, (self.p.left, self.p.right), strict=True) if b[1] >= 0)
        fore = "".join(a for a, b in zip(arms, (self.p.left, self.p.right), strict=True) if b[1] < 0)
        held = "".join(self._held(h) for h in self.f.held if not h.behind)
        place = at(0, head_at, hair, size, self.p.tilt)
        face = at(0, head_at, head, size, self.p.tilt)
        over = at(0, -self.torso * 0.5, self.f.over) if self.f.over else ""
        if self.p.back:  # hair falls over the back
            return fore + rear + neck + self._torso() + over + face + place + held
        cape = (
            path(f"M-26 {n(8 - self.torso)}L-64 60Q0 84 64 60L26 {n(8 - self.torso)}Z", self.f.cape)
            if self.f.cape
            else ""
        )
        return cape + place + rear + neck + self._torso() + over + face + fore + held

    def _held(self, held: Held) -> str:
        left, right = self.arms[0][2], self.arms[1][2]
        spot = ((left[0] + right[0]) / 2, (left[1] + right[1]) / 2)
        if held.side:
            spot = left if held.side < 0 else right
        return at(*spot, held.thing)

    def _one_arm(self, which: int) -> str:
        start, elbow, hand = self.arms[which]
        skin, sleeve = self.l.skin, self.l.sleeve
        wide = 23 if self.l.grown else 20
        palm = circ(*hand, wide * 0.56, skin)
        if self.l.long_sleeves:
            cuff = (hand[0] * 0.9 + elbow[0] * 0.1, hand[1] * 0.9 + elbow[1] * 0.1)
            return palm + path(_bent(start, elbow, cuff), stroke=sleeve, width=wide)
        mid = (start[0] * 0.25 + elbow[0] * 0.75, start[1] * 0.25 + elbow[1] * 0.75)
        bare = path(_bent(start, elbow, hand), stroke=skin, width=wide - 4)
        return palm + bare + line([start, mid], sleeve, wide + 2)

    def _legs(self) -> str:
        look, out = self.l, []
        wide = 27 if look.grown else 25
        for side, (start, knee, foot) in zip((-1, 1), self.legs, strict=True):
            shoe = self._shoe(side, knee, foot)
            if look.bottom in ("trousers", "dungarees"):
                leg = path(_bent(start, knee, foot), stroke=look.low, width=wide)
            else:
                tights = look.tights or look.skin
                leg = path(_bent(start, knee, foot), stroke=tights, width=wide - 7)
                if look.bottom == "shorts":
                    leg += line(
                        [start, ((start[0] + 2 * knee[0]) / 3, (start[1] + 2 * knee[1]) / 3)], look.low, wide + 2
                    )
            boot = ""
            if self.f.feet == "boots":
                top = (knee[0] * 0.45 + foot[0] * 0.55, knee[1] * 0.45 + foot[1] * 0.55)
                boot = line([top, foot], look.shoes, wide + 1)
            out.append(leg + boot + shoe)
        return "".join(out)

    def _shoe(self, side: int, knee: Point, foot: Point) -> str:
        colour = self.l.skin if self.f.feet == "bare" else self.l.shoes
        turn = math.degrees(math.atan2(foot[0] - knee[0], foot[1] - knee[1]))
        sole = "" if self.f.feet == "bare" else rect(-17, 7, 34, 6, light(colour, 0.75), 3)
        shape = path("M-15 9C-17 -8 -8 -14 2 -12C10 -10 17 0 17 9Z", colour) + sole
        return at(foot[0] + side * 4, foot[1], shape, 1, -turn, flip=side < 0)

    def _torso(self) -> str:
        look, t = self.l, self.torso
        s, hip = self.shoulder + 6, 33 if look.grown else 31
        body = (
            f"M{n(-s + 6)} {n(-t)}Q{n(-s - 1)} {n(-t + 3)} {n(-s)} {n(-t + 18)}L{-hip} 2Q{-hip} 11 {-hip + 9}"
            f" 11L{hip - 9} 11Q{hip} 11 {hip} 2L{n(s)} {n(-t + 18)}Q{n(s + 1)} {n(-t + 3)} {n(s - 6)}"
            f" {n(-t)}Q0 {n(-t - 9)} {n(-s + 6)} {n(-t)}Z"
        )
        out = ""
        if look.bottom in ("skirt", "dress") and self.f.lower:
            colour = look.top if look.bottom == "dress" else look.low
            drop = 44 if not self.p.seated else 22
            out += path(f"M-30 -14Q-36 {drop - 20} -52 {drop}Q0 {drop + 14} 52 {drop}Q36 {drop - 20} 30 -14Z", colour)
            out += path(
                f"M-30 -14Q-36 {drop - 20} -52 {drop}Q-30 {drop + 8} -18 {drop + 8}Q-14 10 -16 -14Z",
                "#1d1b3a",
                o=0.07,
            )
        out += path(body, look.top) + self._pattern(t)
        if look.bottom in ("trousers", "shorts") and self.f.lower:
            out += path(
                f"M{-hip} -6L{hip} -6L{hip} 4Q{hip} 14 {hip - 8} 14L{-hip + 8} 14Q{-hip} 14 {-hip} 4Z", look.low
            )
        if look.bottom == "skirt" and self.f.lower:
            out += rect(-hip, -16, hip * 2, 12, look.low, 4)
        if look.bottom == "dungarees":
            bib = (
                f"M-20 {n(-t + 26)}L20 {n(-t + 26)}L24 -22L{hip} -20L{hip} 4Q{hip} 14 {hip - 8} 14L{-hip + 8}"
                f" 14Q{-hip} 14 {-hip} 4L{-hip} -20L-24 -22Z"
            )
            out += path(bib, look.low)
            for side in (-1, 1):
                out += line([(side * 18, -t + 30), (side * 22, -t + 4)], look.low, 9)
                out += circ(side * 17, -t + 33, 4, "#f7d774")
            out += rect(-11, -t + 44, 22, 16, dark(look.low, 0.12), 4)
        # A soft shadow down one side gives the flat shape its roundness.
        out += path(
            f"M{n(-s + 6)} {n(-t)}Q{n(-s - 1)} {n(-t + 3)} {n(-s)} {n(-t + 18)}L{-hip} 2Q{-hip} 11 {-hip + 9}"
            f" 11L-14 11Q-24 -40 {n(-s + 14)} {n(-t - 3)}Z",
            "#1d1b3a",
            o=0.07,
        )
        if look.style == "scarf" and not self.p.back:
            out += path(
                f"M-30 {n(-t + 4)}Q-34 {n(-t + 26)} 0 {n(-t + 30)}Q34 {n(-t + 26)} 30 {n(-t + 4)}Q0"
                f" {n(-t - 22)} -30 {n(-t + 4)}Z",
                dark(look.hair, 0.08),
            )
        elif not self.p.back and look.collar:
            out += path(f"M-16 {n(-t - 4)}L0 {n(-t + 14)}L16 {n(-t - 4)}", stroke=light(look.top, 0.7), width=7)
        return out

    def _pattern(self, t: float) -> str:
        look = self.l
        if look.bottom == "dungarees" or self.p.back:
            stripes = look.pattern == "stripes"
            return "".join(rect(-30, -t + y, 60, 7, look.accent, 2, 0.85) for y in (22, 42)) if stripes else ""
        if look.pattern == "stripes":
            return "".join(rect(-31, y, 62, 8, look.accent, 2, 0.85) for y in (-t + 22, -t + 40, -t + 58))
        if look.pattern == "band":
            return rect(-31, -t + 32, 62, 20, look.accent, 2)
        if look.pattern == "dots":
            spots = ((-18, 22), (4, 28), (20, 20), (-8, 44), (14, 48), (-22, 62), (2, 66), (22, 70))
            return "".join(circ(x, -t + y, 4, look.accent) for x, y in spots)
        if look.pattern == "star":
            return star(0, -t + 42, 17, look.accent)
        if look.pattern == "heart":
            return heart(0, -t + 42, 15, look.accent)
        if look.pattern == "sun":
            return circ(0, -t + 42, 10, look.accent) + ring(0, -t + 42, 15, look.accent, 3)
        if look.pattern == "buttons":
            opened = line([(0, -t + 6), (0, 8)], dark(look.top, 0.2), 2)
            return opened + "".join(circ(6, -t + y, 3, look.accent) for y in (24, 44, 64))
        return ""


def _bent(start: Point, joint: Point, end: Point) -> str:
    """A limb: a curve that passes near the joint, so elbows and knees are soft."""
    (ax, ay), (jx, jy), (bx, by) = start, joint, end
    one = (ax * 0.3 + jx * 0.7, ay * 0.3 + jy * 0.7)
    two = (bx * 0.3 + jx * 0.7, by * 0.3 + jy * 0.7)
    return f"M{n(ax)} {n(ay)}L{n(one[0])} {n(one[1])}Q{n(jx)} {n(jy)} {n(two[0])} {n(two[1])}L{n(bx)} {n(by)}"


def _chair_back(colour: str) -> str:
    seat = rect(-40, -140, 80, 84, colour, 14) + rect(-44, -84, 88, 22, dark(colour, 0.25), 10)
    handles = line([(-40, -132), (-54, -138)], "#3d4257", 9) + line([(40, -132), (54, -138)], "#3d4257", 9)
    return oval(0, 0, 84, 10, "#1d1b3a", 0.14) + handles + seat


def _chair_front() -> str:
    out = ""
    for side in (-1, 1):
        x = side * 54
        out += oval(x, -54, 17, 54, "#3d4257") + oval(x + side * 3, -54, 10, 44, "#c9d1dc")
        out += oval(x + side * 3, -54, 3, 10, "#3d4257") + line([(x, -100), (x, -8)], "#8d97a8", 2)
    return out + rect(-24, -8, 48, 8, "#3d4257", 4)
