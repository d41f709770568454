"""Picture files for tests."""

from __future__ import annotations

import io

from PIL import Image

from portal.kinds import new_id


def picture(width: int = 96, height: int = 64, form: str = "JPEG") -> bytes:
    """A small real picture file, different each time."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), new_id() % 0xFFFFFF).save(out, form)
    return out.getvalue()
