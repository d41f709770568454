"""How a scene puts its children on the paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from portal.demo.drawing import looks
from portal.demo.drawing.face import Mood
from portal.demo.drawing.figures import CHAIR, STAND, Figure, Held, Pose
from portal.demo.drawing.hats import Hat
from portal.demo.drawing.looks import Look
from portal.demo.drawing.svg import Paper

Scene = Callable[[Paper], str]
"""Draws on the paper and returns what can be seen, as a sentence for those who cannot see it."""

MOODS: tuple[Mood, ...] = ("smile", "smile", "laugh", "happy", "smile", "laugh")
BOLD = ("#e4572e", "#f2a541", "#2e8b7a", "#3a7ca5", "#8e5ea2", "#d66ba0", "#17a2b8", "#76b041")


def fresh_look(p: Paper, **fixed: object) -> Look:
    """A child that looks like none of those drawn just before."""
    for _ in range(8):
        look = looks.some_look(p.r, **fixed)
        if all(
            (look.style != style and look.top != top) or ("top" in fixed and look.style != style)
            for style, top in p.recent[-3:]
        ):
            break
    p.recent.append((look.style, look.top))
    return look


def kid(
    p: Paper,
    x: float,
    y: float,
    s: float,
    pose: Pose = STAND,
    mood: Mood | None = None,
    hat: Hat | None = None,
    held: Sequence[Held] = (),
    flip: bool | None = None,
    look: Look | None = None,
    lower: bool = True,
    feet: str = "shoes",
    cape: str = "",
    over: str = "",
    wear: Mapping[str, object] | None = None,
    **fixed: object,
) -> None:
    """One child on the paper, and counted unless only its back can be seen. `wear` and `fixed` settle its look."""
    look = look or fresh_look(p, **{**(wear or {}), **fixed})
    if look.wheels and not pose.seated:
        pose = Pose(pose.left, pose.right, CHAIR.legs, CHAIR.thigh, True, 0, pose.tilt, pose.look, pose.back)
    figure = Figure(look, pose, mood or p.r.choice(MOODS), hat, tuple(held), cape, over, lower, feet)  # type: ignore[arg-type]
    p.put(figure.draw(x, y, s, p.r.random() < 0.5 if flip is None else flip))
    if not pose.back:
        p.children += 1


def grown(
    p: Paper, x: float, y: float, s: float, pose: Pose = STAND, mood: Mood = "smile", held: Sequence[Held] = (),
    flip: bool = False, lower: bool = True, hat: Hat | None = None, **fixed: object,
) -> None:  # fmt: skip
    """A teacher on the paper."""
    p.put(Figure(looks.some_teacher(p.r, **fixed), pose, mood, hat, tuple(held), lower=lower).draw(x, y, s, flip))


def spread(p: Paper, count: int, start: float = 0.12, end: float = 0.88, jitter: float = 0.02) -> list[float]:
    """x positions for `count` figures between two shares of the width."""
    if p.tall and count < 4:  # an upright paper is narrow: keep off its edges
        start, end = start + 0.05, end - 0.05
    if count == 1:
        return [p.w * (start + end) / 2]
    return [p.w * (start + (end - start) * i / (count - 1) + p.r.uniform(-jitter, jitter)) for i in range(count)]
