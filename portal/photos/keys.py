"""Where keys live: the master key in one file, and each photo's wrapped data key in a folder apart from
everything.

A photo is erased by destroying its wrapped key. That is why keys are not in the main database, whose
backups live long: this folder is backed up apart and for a short time. It is also why nothing is cached:
another process may have destroyed a key a moment ago, and reading 64 bytes from the page cache costs a few
microseconds.
"""

from __future__ import annotations

import base64
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from portal.errors import Refused, UnsafeToStart
from portal.i18n import _
from portal.photos import cipher, files

_FIRST_LINE = (
    "# Master key of the family portal. Without it no photo opens. Keep a copy in a safe, never in the backups.\n"
)


def create_master(path: Path) -> cipher.Master:
    """Make a new master key file (mode 0600), version 1. Raises FileExistsError rather than touch an older
    one.
    """
    files.make_folder(path.parent)
    files.create(path, _written({1: cipher.new_key()}))
    files.sync_folder(path.parent)
    return load_master(path)


def add_master_version(path: Path) -> cipher.Master:
    """Rotation, first step: a new version that wraps from now on; older ones stay until all keys are
    rewrapped.
    """
    versions = _read_versions(path)
    versions[max(versions) + 1] = cipher.new_key()
    files.replace(path, _written(versions))
    files.sync_folder(path.parent)
    return load_master(path)


def drop_old_master_versions(path: Path, store: KeyStore) -> cipher.Master:
    """Rotation, last step, after :meth:`KeyStore.rewrap_all`: forget all versions but the newest.

    Raises Refused while a photo's key still needs an older version.
    """
    versions = _read_versions(path)
    newest = max(versions)
    for photo_id in store.ids():
        with suppress(files.Missing):
            if cipher.wrapped_version(store.get(photo_id)) != newest:
                raise Refused(_("Some photos still need an older master key. Finish the rotation first."))
    files.replace(path, _written({newest: versions[newest]}))
    files.sync_folder(path.parent)
    return load_master(path)


def load_master(path: Path) -> cipher.Master:
    """Read the master key. Raises UnsafeToStart if it is missing, unreadable, or open to other accounts."""
    return cipher.Master(_read_versions(path))


def _written(versions: dict[int, bytes]) -> bytes:
    lines = [f"{n} {base64.b64encode(key).decode()}\n" for n, key in sorted(versions.items())]
    return (_FIRST_LINE + "".join(lines)).encode()


def _read_versions(path: Path) -> dict[int, bytes]:
    try:
        with path.open("rb") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode) or stat.S_IMODE(about.st_mode) & 0o077:
                raise UnsafeToStart(
                    _("Other accounts can read the master key. Run: chmod 600 %(path)s"), path=str(path)
                )
            lines = file.read(65536).decode("ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UnsafeToStart(_("The master key %(path)s cannot be read."), path=str(path)) from error
    versions: dict[int, bytes] = {}
    try:
        for line in lines:
            if line.strip() and not line.startswith("#"):
                number, key = line.split()
                versions[int(number)] = base64.b64decode(key, validate=True)
        cipher.Master(versions)
    except ValueError as error:
        raise UnsafeToStart(_("The master key %(path)s is damaged."), path=str(path)) from error
    return versions


class KeyStore:
    """Wrapped data keys by photo id, one small file (mode 0600) each. Safe for several processes at once."""

    def __init__(self, folder: Path) -> None:
        """Make the folder (mode 0700) if it is not there. Raises UnsafeToStart if other accounts can enter
        it.
        """
        files.make_folder(folder)
        if stat.S_IMODE(folder.stat().st_mode) & 0o077:
            raise UnsafeToStart(
                _("Other accounts can enter the folder of the keys. Run: chmod 700 %(path)s"),
                path=str(folder),
            )
        self._folder = folder
        self._start = f"{folder}/"

    def get(self, photo_id: int) -> bytes:
        """The wrapped key as it is on disk now. Raises Missing."""
        return files.read(f"{self._start}{files.shard(photo_id)}/{photo_id:016x}", 256)

    def put(self, photo_id: int, wrapped: bytes) -> None:
        """Keep a new wrapped key; on disk when this returns. Raises FileExistsError if the photo has one."""
        path = self._path(photo_id)
        with self._writing():
            files.make_folder(path.parent)
            files.create(path, wrapped)
            files.sync_folder(path.parent)

    def destroy(self, photo_id: int) -> bool:
        """Erase a photo's key for good: removed, then overwritten. False if there was none."""
        path = self._path(photo_id)
        with self._writing():
            found = False
            # A draft may be left from a process that was killed while it wrote; the lock keeps out those
            # that live.
            for old in (path, *path.parent.glob(f"{path.name}.*")):
                try:
                    with old.open("r+b", buffering=0) as file:
                        old.unlink()
                        files.sync_folder(path.parent)
                        # Where the disk writes in place the old bytes go, too; elsewhere short backups
                        # bound it.
                        file.write(os.urandom(cipher.WRAPPED_BYTES))
                        os.fsync(file.fileno())
                    found = True
                except FileNotFoundError:
                    continue
            return found

    def ids(self) -> Iterator[int]:
        """The photos that have a key, in no order."""
        for folder in os.scandir(self._folder):
            if folder.is_dir(follow_symlinks=False):
                yield from (int(file.name, 16) for file in os.scandir(folder) if "." not in file.name)

    def rewrap_all(self, master: cipher.Master) -> int:
        """Wrap every key anew that is not under the current master key; may be run again after a break. How
        many.

        Raises CipherError at a key that does not open; those before it are done.
        """
        done = 0
        for photo_id in self.ids():
            path = self._path(photo_id)
            with self._writing():  # so that a key destroyed meanwhile does not come back
                try:
                    wrapped = self.get(photo_id)
                except files.Missing:
                    continue
                if cipher.wrapped_version(wrapped) == master.current:
                    continue
                files.replace(path, cipher.rewrap(master, photo_id, wrapped))
                files.sync_folder(path.parent)
                done += 1
        return done

    def _path(self, photo_id: int) -> Path:
        return self._folder / files.shard(photo_id) / f"{photo_id:016x}"

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One writer at a time among all processes."""
        at = os.open(f"{self._start}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(at, fcntl.LOCK_EX)
            yield
        finally:
            os.close(at)
