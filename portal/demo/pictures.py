"""The demo school's pictures: 150 illustrations of class life, drawn here and the same at every run.

They are SVG, written by `portal.demo.drawing.scenes`, and become JPEG as a camera would give it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from random import Random

import pyvips

from portal.demo.drawing.scenes import SCENES
from portal.demo.drawing.svg import Paper

pyvips.cache_set_max(0)  # every picture is drawn once: nothing of it is worth keeping
COUNT = 150
LANDSCAPE, PORTRAIT, PANORAMA = (1600, 1200), (1200, 1600), (2400, 1050)
_PANORAMAS = frozenset({("portrait", 0), ("portrait", 3), ("football", 2)})
_WRITTEN = frozenset({"numbers", "science", "computers", "first_day", "portrait", "maps", "sports", "football"})
"""Scenes with letters or numbers in them, which must not be mirrored."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One drawing. `children` is how many children can be recognised; `alt` is a msgid."""

    index: int
    scene: str
    alt: str
    children: int
    width: int
    height: int
    svg: str = field(repr=False)

    def jpeg(self, quality: int = 84) -> bytes:
        """The drawing as a JPEG file of `width` × `height` pixels."""
        image = pyvips.Image.svgload_buffer(self.svg.encode()).flatten(background=[255, 255, 255])
        data: bytes = image.jpegsave_buffer(Q=quality, keep="none")
        return data


def picture(index: int, seed: int = 1) -> Picture:
    """The picture with that number, from 0; the scenes take turns."""
    names = list(SCENES)
    scene, take = names[index % len(names)], index // len(names)
    dice = Random(f"{seed} {scene} {take}")  # noqa: S311 -- drawings, not secrets
    width, height = _shape(scene, take, index)
    paper = Paper(width, height, dice, take)
    paper.mirrored = take > 2 and scene not in _WRITTEN
    alt = SCENES[scene](paper)
    return Picture(index, scene, alt, paper.children, width, height, paper.svg())


@lru_cache(maxsize=COUNT)
def children_in(index: int, seed: int = 1) -> int:
    """How many children can be recognised in a picture."""
    return picture(index, seed).children


def pictures(seed: int = 1, count: int = COUNT) -> Iterator[Picture]:
    """All pictures, one after the other, so that only one is in memory."""
    return (picture(index, seed) for index in range(count))


def _shape(scene: str, take: int, index: int) -> tuple[int, int]:
    if (scene, take) in _PANORAMAS:
        return PANORAMA
    # Which picture of a scene stands upright moves on from scene to scene.
    return PORTRAIT if (index + 2 * take) % 7 in (1, 4) else LANDSCAPE
