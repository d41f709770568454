"""What is known about photos that the door has already let through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.db import db, marks
from portal.kinds import Shown


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


async def pictures(shown: Sequence[Shown], base: str = "/photos") -> dict[int, Picture]:
    """Alt text and size of photos that the door gave. One query, however many."""
    if not shown:
        return {}
    rows = await db.rows(
        f"SELECT id, alt, width, height FROM photo WHERE id IN ({marks(len(shown))})", *(s.photo for s in shown)
    )
    return {photo: Picture(photo, alt, width, height, base) for photo, alt, width, height in rows}
