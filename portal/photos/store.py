"""Sealed renditions as files: the store takes ciphertext only, and knows no keys."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from portal.photos import files
from portal.photos.cipher import Sealed

_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)


class Store:
    """A folder for each photo, spread over 4,096 folders; in it one file (mode 0600) for each rendition."""

    def __init__(self, folder: Path) -> None:
        """Make the folder (mode 0700) if it is not there."""
        files.make_folder(folder)
        self._folder = folder
        self._start = f"{folder}/"

    def put(self, photo_id: int, redaction_id: int, sealed: Mapping[str, Sealed]) -> None:
        """Keep renditions by name, over older ones; all are on disk when this returns.

        Raises TypeError for bytes that no cipher has sealed, ValueError for a name that is not a plain word.
        """
        for name, blob in sealed.items():
            if not isinstance(blob, Sealed):
                raise TypeError("the store takes sealed bytes only")
            if not _NAME.fullmatch(name):
                raise ValueError(f"not a rendition name: {name!r}")
        folder = self._photo(photo_id)
        files.make_folder(folder)
        for name, blob in sealed.items():
            files.replace(folder / f"{redaction_id:x}.{name}", blob)
        files.sync_folder(folder)

    def get(self, photo_id: int, redaction_id: int, name: str) -> bytes:
        """One sealed rendition as it is on disk now. Raises Missing."""
        if not _NAME.fullmatch(name):
            raise files.Missing(name)
        return files.read(f"{self._start}{files.shard(photo_id)}/{photo_id:016x}/{redaction_id:x}.{name}")

    def erase(self, photo_id: int) -> bool:
        """Remove all files of a photo. False if there were none."""
        folder = self._photo(photo_id)
        gone = folder.with_name(f"{folder.name}.{os.urandom(6).hex()}.gone")
        try:
            folder.rename(gone)  # from one moment to the next, for all readers
        except FileNotFoundError:
            return False
        shutil.rmtree(gone)
        files.sync_folder(folder.parent)
        return True

    def erase_redaction(self, photo_id: int, redaction_id: int) -> bool:
        """Remove the files of one redaction of a photo. False if there were none."""
        folder = self._photo(photo_id)
        found = list(folder.glob(f"{redaction_id:x}.*"))
        for path in found:
            path.unlink(missing_ok=True)
        if found:
            files.sync_folder(folder)
        return bool(found)

    def _photo(self, photo_id: int) -> Path:
        return self._folder / files.shard(photo_id) / f"{photo_id:016x}"
