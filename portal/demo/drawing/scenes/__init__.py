"""What the pictures show. Each scene draws one moment of class life; a paper's `take` changes the composition."""

from __future__ import annotations

from portal.demo.drawing.scene import Scene
from portal.demo.drawing.scenes import away, classroom, feasts, meadow, occasions, trips, workshop, yard

_ALL: dict[str, Scene] = {}
for _part in (classroom, yard, workshop, trips, meadow, feasts, away, occasions):
    _ALL.update(_part.SCENES)
SCENES = _ALL
