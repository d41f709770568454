"""Scans of signed forms, among the sealed files."""

from __future__ import annotations

from portal.consent.actions import ScanFile
from portal.photos import documents
from portal.photos.documents import JPEG, MOST_BYTES, PDF

NAME = "scan"

__all__ = ["JPEG", "MOST_BYTES", "PDF", "drop", "keep", "read"]


async def keep(data: bytes) -> ScanFile:
    """Seals a scan (PDF, JPEG, PNG, WebP or HEIC, up to 10 MB). Raises BadInput for anything else (field `scan`)."""
    file = await documents.seal(data, NAME, NAME)
    return ScanFile(file.id, file.media_type)


def read(file: int) -> bytes:
    """A sealed scan, opened. Raises Missing or CipherError."""
    return documents.read(file, NAME)


async def drop(scan: ScanFile) -> None:
    """Erases a scan that belongs to nothing after all."""
    await documents.drop(scan.file)
