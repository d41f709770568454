"""Which sealed files exist for a photo."""

from __future__ import annotations

from piccolo.columns import BigInt, ForeignKey, Integer, OnDelete, Text

from portal.db.piccolo import Table
from portal.visibility.tables import Photo


class Rendition(Table, tablename="rendition"):
    """One stored size of a photo or of a redaction of it (`redaction` 0 is the original picture)."""

    id = BigInt(primary_key=True)
    photo = ForeignKey(Photo, null=False, on_delete=OnDelete.cascade)
    redaction = BigInt()
    name = Text()  # 'small', 'medium', 'large', 'print'
    format = Text()
    width = Integer()
    height = Integer()
    size = Integer()  # bytes before sealing
