"""Files that are either wholly there or not at all, readable by the portal's own account alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class Missing(LookupError):
    """Nothing is stored under this name (any more)."""


_DIRECT = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW


def shard(number: int) -> str:
    """One of 4,096 folder names for an id. Ids are ordered by time, so neighbours are spread by a
    multiplication.
    """
    return f"{number * 0x9E3779B97F4A7C15 >> 52 & 0xFFF:03x}"


def read(path: str, expected: int = 1 << 16) -> bytes:
    """The whole file; links are not followed. ``expected`` bytes are asked for at first. Raises Missing,
    OSError.
    """
    try:
        at = os.open(path, _DIRECT)
    except (FileNotFoundError, NotADirectoryError):
        raise Missing(os.path.basename(path)) from None
    try:
        data = os.read(at, expected)
        if len(data) < expected:
            return data
        parts = [data]
        while part := os.read(at, 1 << 20):
            parts.append(part)
        return b"".join(parts)
    finally:
        os.close(at)


def make_folder(path: Path) -> None:
    """A folder with mode 0700 and those above it, each of which outlives a power cut."""
    if path.is_dir():
        return
    make_folder(path.parent)
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        return
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Make names added to and removed from a folder outlive a power cut."""
    at = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(at)
    finally:
        os.close(at)


@contextmanager
def _draft(path: Path, data: bytes) -> Iterator[str]:
    """The data in a file of its own beside ``path``, on disk; it is gone at the end unless it was renamed."""
    name = f"{path}.{os.urandom(6).hex()}.tmp"
    at = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        with open(at, "wb", buffering=0) as file:
            left = memoryview(data)
            while left:
                left = left[file.write(left) :]
            os.fsync(at)
        yield name
    finally:
        with suppress(FileNotFoundError):
            os.unlink(name)


def replace(path: Path, data: bytes) -> None:
    """Write a file (mode 0600), over an older one if there is one. Not lasting before :func:`sync_folder`."""
    with _draft(path, data) as draft:
        os.replace(draft, path)


def create(path: Path, data: bytes) -> None:
    """Write a new file (mode 0600). Raises FileExistsError. Not lasting before :func:`sync_folder`."""
    with _draft(path, data) as draft:
        os.link(draft, path)
