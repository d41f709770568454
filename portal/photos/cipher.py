"""Sealing of renditions: AES-256-GCM (NIST SP 800-38D) in chunks, under a fresh data key for each photo.

A sealed rendition is a 9-byte head (format version, mark, 7 random bytes) and chunks of 64 KiB, each
followed by its 16-byte tag; only the last may be shorter. The nonce of a chunk is the 7 random bytes, a
counter of 4 bytes and one byte that is 1 for the last chunk and 0 for the others: the STREAM construction
(Hoang, Reyhanitabar, Rogaway, Vizár, 2015). Photo id, redaction id and rendition name are associated data.
So a file that is swapped for another, cut, extended, reordered or changed in any bit does not open.

A data key seals a handful of renditions, so 7 random bytes never repeat in practice. The data key itself is
kept only wrapped: AES-256-GCM under the school's master key, with the master key's version and the photo id
as associated data. Rotation of the master key wraps anew (:func:`rewrap`) and touches no picture.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

CHUNK: Final = 64 * 1024
"""Plain bytes in each chunk but the last."""
_TAG: Final = 16
_SEALED_CHUNK: Final = CHUNK + _TAG
_MARK: Final = b"\x01P"
_HEAD: Final = len(_MARK) + 7
KEY_BYTES: Final = 32
WRAPPED_BYTES: Final = 4 + 12 + KEY_BYTES + _TAG


class CipherError(Exception):
    """These bytes were not sealed for this place with this key, or have been changed since. Never wrong
    bytes.
    """


class UnknownVersion(CipherError):
    """A key is wrapped with a version of the master key that this process has not read (yet, or any more)."""


class Sealed(bytes):
    """Ciphertext made by :func:`seal` or :func:`seal_stream`. The store takes nothing else."""

    __slots__ = ()


class Master:
    """The school's master key in all its versions; the highest version is the one that wraps."""

    __slots__ = ("_versions", "current")

    def __init__(self, versions: Mapping[int, bytes]) -> None:
        """``versions`` maps a version number from 1 to 32 bytes. Raises ValueError if there is none, or a
        bad one.
        """
        if not versions or any(len(key) != KEY_BYTES or not 0 < n < 1 << 32 for n, key in versions.items()):
            raise ValueError("a master key has at least one version, of 32 bytes each")
        self._versions = {n: AESGCM(key) for n, key in versions.items()}
        self.current = max(versions)

    def __repr__(self) -> str:
        return f"<Master versions {sorted(self._versions)}>"  # never the keys

    def version(self, number: int) -> AESGCM:
        """Raises UnknownVersion."""
        try:
            return self._versions[number]
        except KeyError:
            raise UnknownVersion(f"no version {number} of the master key") from None


def new_key() -> bytes:
    """A fresh data key, 32 random bytes."""
    return AESGCM.generate_key(256)


def _wrap_data(version: int, photo_id: int) -> bytes:
    return struct.pack(">8sIq", b"portal:k", version, photo_id)


def wrap(master: Master, photo_id: int, key: bytes) -> bytes:
    """The data key of a photo, closed with the current master key: version (4 bytes), nonce (12),
    ciphertext, tag.
    """
    if len(key) != KEY_BYTES:
        raise ValueError("a data key has 32 bytes")
    nonce = os.urandom(12)
    closed = master.version(master.current).encrypt(nonce, key, _wrap_data(master.current, photo_id))
    return master.current.to_bytes(4, "big") + nonce + closed


def unwrap(master: Master, photo_id: int, wrapped: bytes) -> bytes:
    """The data key of a photo. Raises CipherError if the wrapped key is another photo's, changed or too
    old.
    """
    if len(wrapped) != WRAPPED_BYTES:
        raise CipherError("a wrapped key of the wrong length")
    version = int.from_bytes(wrapped[:4], "big")
    try:
        return master.version(version).decrypt(wrapped[4:16], wrapped[16:], _wrap_data(version, photo_id))
    except InvalidTag:
        raise CipherError("a wrapped key that does not open") from None


def wrapped_version(wrapped: bytes) -> int:
    """The version of the master key that closed this wrapped key, as it states."""
    return int.from_bytes(wrapped[:4], "big")


def rewrap(master: Master, photo_id: int, wrapped: bytes) -> bytes:
    """The same data key under the current version of the master key. Raises CipherError like
    :func:`unwrap`.
    """
    return wrap(master, photo_id, unwrap(master, photo_id, wrapped))


def _place(photo_id: int, rendition: str, redaction_id: int) -> bytes:
    # The name comes last and the numbers have a fixed length, so no two places share their bytes.
    return struct.pack(">8sqq", b"portal:r", photo_id, redaction_id) + rendition.encode()


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    if number >= 1 << 32:
        raise CipherError("too long for one sealed file")
    return prefix + number.to_bytes(4, "big") + (b"\1" if last else b"\0")


def seal(key: bytes, photo_id: int, rendition: str, data: bytes, redaction_id: int = 0) -> Sealed:
    """Close one rendition for its place: photo, redaction (0 is the original picture), rendition name."""
    return Sealed(b"".join(seal_stream(key, photo_id, rendition, (data,), redaction_id)))


def seal_stream(
    key: bytes, photo_id: int, rendition: str, parts: Iterable[bytes], redaction_id: int = 0
) -> Iterator[Sealed]:
    """Like :func:`seal` for what does not fit into memory: parts of any length in, sealed pieces out."""
    cipher, place, prefix = AESGCM(key), _place(photo_id, rendition, redaction_id), os.urandom(7)
    yield Sealed(_MARK + prefix)
    for number, (chunk, last) in enumerate(_regroup(parts, CHUNK)):
        yield Sealed(cipher.encrypt(_nonce(prefix, number, last), chunk, place))


def open_(key: bytes, photo_id: int, rendition: str, blob: bytes, redaction_id: int = 0) -> bytes:
    """The rendition that was sealed for exactly this place with this key. Raises CipherError for anything
    else.
    """
    if len(blob) < _HEAD + _TAG or not blob.startswith(_MARK):
        raise CipherError("not a sealed file")
    prefix = blob[len(_MARK) : _HEAD]
    place = _place(photo_id, rendition, redaction_id)
    view = memoryview(blob)
    final = max(0, (len(blob) - _HEAD - 1) // _SEALED_CHUNK)
    cipher = AESGCM(key)
    try:
        if not final:
            return cipher.decrypt(_nonce(prefix, 0, True), view[_HEAD:], place)
        pieces = []
        for number in range(final + 1):
            start = _HEAD + number * _SEALED_CHUNK
            nonce = _nonce(prefix, number, number == final)
            pieces.append(cipher.decrypt(nonce, view[start : start + _SEALED_CHUNK], place))
        return b"".join(pieces)
    except InvalidTag:
        raise CipherError("a sealed file that does not open") from None


def open_stream(
    key: bytes, photo_id: int, rendition: str, parts: Iterable[bytes], redaction_id: int = 0
) -> Iterator[bytes]:
    """Like :func:`open_`, chunk by chunk. Every chunk that comes out is true and in its place; that none is
    missing is known only when the iterator ends without CipherError.
    """
    cipher, place = AESGCM(key), _place(photo_id, rendition, redaction_id)
    head, rest = _split_head(iter(parts))
    for number, (chunk, last) in enumerate(_regroup(rest, _SEALED_CHUNK)):
        try:
            yield cipher.decrypt(_nonce(head, number, last), chunk, place)
        except InvalidTag:
            raise CipherError("a sealed file that does not open") from None


def _split_head(parts: Iterator[bytes]) -> tuple[bytes, Iterable[bytes]]:
    """The random bytes of the head, and all parts after it."""
    start = b""
    while len(start) < _HEAD + _TAG:
        part = next(parts, None)
        if part is None:
            raise CipherError("not a sealed file")
        start += part
    if not start.startswith(_MARK):
        raise CipherError("not a sealed file")

    def rest() -> Iterator[bytes]:
        yield start[_HEAD:]
        yield from parts

    return start[len(_MARK) : _HEAD], rest()


def _regroup(parts: Iterable[bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    """Pieces of ``size`` bytes and whether it is the last, which alone may be shorter (empty only if all is
    empty).
    """
    held = bytearray()
    for part in parts:
        at = 0
        while at < len(part):
            if len(held) == size:  # more follows, so this one is not the last
                yield bytes(held), False
                held.clear()
            step = min(size - len(held), len(part) - at)
            held += part[at : at + step]
            at += step
    yield bytes(held), True
