"""Keys, cipher and store as one thing: what is kept comes back true, or not at all.

Whoever reads must have asked the door first: the vault decides nothing about viewers.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from portal.photos import cipher, files
from portal.photos.intake import Rendition
from portal.photos.keys import KeyStore, load_master
from portal.photos.store import Store


class Vault:
    """All photos of a school. Every method is synchronous; reads take tens of microseconds, writes wait for
    the disk.
    """

    def __init__(self, root: Path, keys: Path, master: Path) -> None:
        """``root`` holds sealed files, ``keys`` wrapped keys, ``master`` is the master key file.

        Raises UnsafeToStart if the master key or the keys are missing or open to other accounts.
        """
        self._master_path = master
        self._master = load_master(master)
        self._keys = KeyStore(keys)
        self._store = Store(root)

    def keep(self, photo_id: int, redaction_id: int, renditions: Iterable[Rendition]) -> None:
        """Seal and store renditions of a photo, or of a redaction of it (0 is the original picture).

        All is on disk when this returns. A second call for the same place replaces what was there. The
        first call for a photo makes its key. Ids are never used again after :meth:`erase`.
        """
        key = self._key_or_new(photo_id)
        sealed = {r.name: cipher.seal(key, photo_id, r.name, r.data, redaction_id) for r in renditions}
        self._store.put(photo_id, redaction_id, sealed)

    def read(self, photo_id: int, redaction_id: int, rendition: str) -> bytes:
        """One rendition, decrypted and proven whole. Raises Missing (never kept, or erased) or CipherError."""
        key = self._key(photo_id)
        return cipher.open_(key, photo_id, rendition, self._store.get(photo_id, redaction_id, rendition), redaction_id)

    def erase(self, photo_id: int) -> bool:
        """Erase a photo for good, with all its redactions: first its key, then its files. False if it was
        not there.
        """
        had_key = self._keys.destroy(photo_id)
        had_files = self._store.erase(photo_id)
        return had_key or had_files

    def erase_redaction(self, photo_id: int, redaction_id: int) -> bool:
        """Remove one redaction's files; the photo and its key stay. False if there were none."""
        return self._store.erase_redaction(photo_id, redaction_id)

    def secret(self, number: int, *, make: bool = False) -> bytes | None:
        """A key under which no file lies, for sealing elsewhere: 32 bytes; None where there is none (any more)."""
        try:
            return self._key_or_new(number) if make else self._key(number)
        except files.Missing:
            return None

    def rotate(self) -> int:
        """Wrap all keys with the newest version of the master key in its file. How many were wrapped anew.

        Other processes that hold the older version go on working: they read the file again when they need it.
        """
        self._master = load_master(self._master_path)
        return self._keys.rewrap_all(self._master)

    def _key(self, photo_id: int) -> bytes:
        wrapped = self._keys.get(photo_id)
        try:
            return cipher.unwrap(self._master, photo_id, wrapped)
        except cipher.UnknownVersion:
            self._master = load_master(self._master_path)
            return cipher.unwrap(self._master, photo_id, wrapped)

    def _key_or_new(self, photo_id: int) -> bytes:
        try:
            return self._key(photo_id)
        except files.Missing:
            pass
        key = cipher.new_key()
        self._master = load_master(self._master_path)  # it may have been rotated since
        try:
            self._keys.put(photo_id, cipher.wrap(self._master, photo_id, key))
        except FileExistsError:  # another process was faster
            return self._key(photo_id)
        return key
