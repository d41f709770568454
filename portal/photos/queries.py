"""What is known about photos that the door has already let through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from portal.db import db, marks
from portal.kinds import Shown, Viewer
from portal.visibility import door
from portal.visibility.facts import Snapshot


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo ready for a template. Sizes in pixels of the large rendition; addresses are decided anew when asked."""

    id: int
    alt: str
    width: int
    height: int
    base: str = "/photos"
    download: str = ""  # where a copy to keep can be had, if at all

    @property
    def src_small(self) -> str:
        return f"{self.base}/{self.id}/small"

    @property
    def src_medium(self) -> str:
        return f"{self.base}/{self.id}/medium"

    @property
    def src_large(self) -> str:
        return f"{self.base}/{self.id}/large"

    @property
    def href(self) -> str:
        return f"{self.base}/{self.id}"


async def visible(viewer: Viewer, photos: Sequence[int], facts: Snapshot | None = None) -> dict[int, Picture]:
    """Those of the photos that this viewer gets now. The same number of queries for 1 and for 60."""
    return {told[0]: _picture(*told, "/photos") for told in await door.described(viewer, photos, facts)}


async def pictures(shown: Sequence[Shown], base: str = "/photos") -> dict[int, Picture]:
    """Photos that the door gave, with alt text and size. One query at most, however many."""
    untold = [one.photo for one in shown if not one.width]
    known = {}
    if untold:
        sql = f"SELECT id, alt, width, height FROM photo WHERE id IN ({marks(len(untold))})"
        known = {row[0]: row for row in await db.rows(sql, *untold)}
    found = {}
    for one in shown:
        if one.width:
            found[one.photo] = _picture(one.photo, one.alt, one.width, one.height, base)
        elif row := known.get(one.photo):  # the alt text is of the original
            found[one.photo] = _picture(one.photo, "" if one.redaction else row[1], row[2], row[3], base)
    return found


@lru_cache(maxsize=4096)
def _picture(photo: int, alt: str, width: int, height: int, base: str) -> Picture:
    """One and the same picture for the same values, so that a page of sixty need not build them anew."""
    return Picture(photo, alt, width, height, base)


async def erased(photos: Iterable[int]) -> frozenset[int]:
    """Those of the photos that were erased."""
    wanted = list(photos)
    if not wanted:
        return frozenset()
    sql = f"SELECT id FROM photo WHERE state = 'erased' AND id IN ({marks(len(wanted))})"
    return frozenset(photo for (photo,) in await db.rows(sql, *wanted))
