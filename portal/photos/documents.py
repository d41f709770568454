"""Files that are no photos of children: scans of forms, and what families attach. All lie sealed in the vault.

Pictures are written anew like photos, PDF documents kept as they are. Whoever reads has decided who may.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from portal import clock
from portal.db import atomic, db, marks
from portal.errors import BadInput, NotVisible
from portal.i18n import _
from portal.kinds import new_id
from portal.photos import actions, connected, files
from portal.photos.intake import Rendition, intake

MOST_BYTES = 10 * 1024 * 1024
PDF = "application/pdf"
JPEG = "image/jpeg"
NAME = "file"


@dataclass(frozen=True, slots=True)
class File:
    """A sealed file: its id, media type, and size in bytes."""

    id: int
    media_type: str
    size: int


async def seal(data: bytes, field: str, name: str = NAME) -> File:
    """Seals a PDF, JPEG, PNG, WebP or HEIC of up to 10 MB. Raises BadInput for anything else, at `field`."""
    if len(data) > MOST_BYTES:
        raise BadInput(field, _("This file is too big. It may have up to 10 MB."))
    if data.startswith(b"%PDF-"):
        media_type, kept = PDF, Rendition(name, "pdf", 0, 0, data)
    else:
        judged = await intake(data)
        if not judged.accepted:
            raise BadInput(field, _("This file could not be read. Please choose a PDF, a JPEG or a PNG."))
        picture = next(each for each in judged.renditions if each.format == "jpeg")
        media_type, kept = JPEG, Rendition(name, "jpeg", picture.width, picture.height, picture.data)
    file = new_id()
    # First the file, then whatever row names it: a row never points at nothing.
    await asyncio.to_thread(connected.vault().keep, file, 0, [kept])
    return File(file, media_type, len(kept.data))


def read(file: int, name: str = NAME) -> bytes:
    """A sealed file, opened. Raises Missing or CipherError."""
    return connected.vault().read(file, 0, name)


async def drop(file: int) -> None:
    """Erases a sealed file that belongs to nothing after all."""
    await asyncio.to_thread(connected.vault().erase, file)


# ---- Those of plugins ----


async def keep(plugin: str, data: bytes, field: str = NAME) -> File:
    """Seals a file that this plugin alone can open. Raises BadInput at `field`."""
    file = await seal(data, field)
    await _write_down(plugin, file)
    return file


@atomic
async def _write_down(plugin: str, file: File) -> None:
    await db.run(
        "INSERT INTO kept_file (id, plugin, media_type, size, at) VALUES (?, ?, ?, ?, ?)",
        *(file.id, plugin, file.media_type, file.size, clock.now()),
    )


async def open_for(plugin: str, file: int) -> tuple[bytes, str]:
    """A plugin's file with its media type. Raises NotVisible if it keeps no such file."""
    media_type = await db.value("SELECT media_type FROM kept_file WHERE id = ? AND plugin = ?", file, plugin)
    if media_type is None:
        raise NotVisible
    try:
        return await asyncio.to_thread(read, file), str(media_type)
    except files.Missing:
        raise NotVisible from None


async def erase(plugin: str, wanted: Iterable[int]) -> None:
    """Erases those of the files that this plugin keeps."""
    listed = sorted(set(wanted))
    if not listed:
        return
    found = await db.rows(
        f"SELECT id FROM kept_file WHERE plugin = ? AND id IN ({marks(len(listed))})", plugin, *listed
    )
    for (file,) in found:
        await drop(file)
        await _forget(file)


@atomic
async def _forget(file: int) -> None:
    await db.run("DELETE FROM kept_file WHERE id = ?", file)


async def destroy(payload: dict[str, Any]) -> None:
    """The job that follows when rows of a plugin were erased: their files and photos go, too."""
    await erase(payload["plugin"], payload["files"])
    await actions.discard(payload["plugin"], payload["photos"])


# ---- Keys that must not lie in the database ----


def new_secret() -> int:
    """A new random key outside the database; returns the id under which it is found."""
    number = new_id()
    connected.vault().secret(number, make=True)
    return number


def secret(number: int) -> bytes | None:
    """The key of 32 bytes; None once it was destroyed."""
    return connected.vault().secret(number)


def destroy_secret(number: int) -> None:
    """Destroys a key: what was sealed with it can be opened by nobody any more."""
    connected.vault().erase(number)
