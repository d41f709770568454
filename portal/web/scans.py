"""Scans of signed forms: pictures are written anew like photos, documents kept as they are; all lie sealed."""

from __future__ import annotations

import asyncio

from portal.consent.actions import ScanFile
from portal.errors import BadInput
from portal.i18n import _
from portal.kinds import new_id
from portal.photos import connected
from portal.photos.intake import Rendition, intake

MOST_BYTES = 10 * 1024 * 1024
PDF = "application/pdf"
JPEG = "image/jpeg"
NAME = "scan"


async def keep(data: bytes) -> ScanFile:
    """Seals a scan (PDF, JPEG, PNG, WebP or HEIC, up to 10 MB). Raises BadInput for anything else (field `scan`)."""
    if len(data) > MOST_BYTES:
        raise BadInput("scan", _("This file is too big. A scan may have up to 10 MB."))
    if data.startswith(b"%PDF-"):
        media_type, kept = PDF, Rendition(NAME, "pdf", 0, 0, data)
    else:
        judged = await intake(data)
        if not judged.accepted:
            raise BadInput("scan", _("This file could not be read. A scan is a PDF, a JPEG or a PNG."))
        picture = next(each for each in judged.renditions if each.format == "jpeg")
        media_type, kept = JPEG, Rendition(NAME, "jpeg", picture.width, picture.height, picture.data)
    file = new_id()
    # First the file, then its line in the ledger: a line never points at nothing.
    await asyncio.to_thread(connected.vault().keep, file, 0, [kept])
    return ScanFile(file, media_type)


def read(file: int) -> bytes:
    """A sealed scan, opened. Raises Missing or CipherError."""
    return connected.vault().read(file, 0, NAME)


async def drop(scan: ScanFile) -> None:
    """Erases a scan that belongs to nothing after all."""
    await asyncio.to_thread(connected.vault().erase, scan.file)
