"""What a finished JPEG or WebP holds besides pixels: a reader of our own, which shares no code with the
writers.

Used as the last check before a rendition is stored (it must find nothing), and shown by ``portal photos
inspect``. It reads JPEG as ITU-T T.81 and WebP as RFC 9649 describe them, and names everything that is not
needed to show the picture. It is strict: what it does not know, it names.

One marker is judged harmless and yet named: ``APP0 JFIF`` (density and, possibly, a thumbnail). The
renditions are written without it.
"""

from __future__ import annotations

import struct
from typing import Final, NamedTuple


class Shape(NamedTuple):
    """What the bytes themselves say: format ("jpeg" or "webp") and size in pixels."""

    format: str
    width: int
    height: int


_FRAMES: Final = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
_STRUCTURE: Final = _FRAMES | {0xC4, 0xCC, 0xDB, 0xDD, 0xDA}  # DHT, DAC, DQT, DRI, SOS
_APPLICATION: Final = (  # how the payload of a JPEG application segment begins, and what that is
    (0xE0, b"JFIF\0", "JFIF"),
    (0xE0, b"JFXX\0", "JFXX thumbnail"),
    (0xE1, b"Exif\0", "Exif"),
    (0xE1, b"http://ns.adobe.com/xap/1.0/\0", "XMP"),
    (0xE1, b"http://ns.adobe.com/xmp/extension/\0", "extended XMP"),
    (0xE2, b"ICC_PROFILE\0", "ICC"),
    (0xE2, b"MPF\0", "more pictures"),
    (0xEB, b"JP", "C2PA"),
    (0xED, b"Photoshop 3.0\0", "IPTC"),
    (0xEE, b"Adobe", "Adobe"),
)


def metadata(data: bytes) -> list[str]:
    """Names of everything in a JPEG or WebP that is not pixels, in the order found; empty if there is
    nothing else.

    Anything that is neither, or that cannot be walked to its end, yields a name as well ("not a JPEG or
    WebP", "damaged"): an empty list is a statement about the whole file.
    """
    if data.startswith(b"\xff\xd8"):
        return _jpeg(data)[1]
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(data)[1]
    return ["not a JPEG or WebP"]


def shape(data: bytes) -> Shape | None:
    """Format and size of a JPEG or WebP as its own bytes state them, or None if they do not."""
    if data.startswith(b"\xff\xd8"):
        size = _jpeg(data)[0]
        return Shape("jpeg", *size) if size else None
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        size = _webp(data)[0]
        return Shape("webp", *size) if size else None
    return None


def _segment_name(mark: int, payload: bytes) -> str:
    if mark == 0xFE:
        return "COM comment"
    if 0xE0 <= mark <= 0xEF:
        what = next((name for code, start, name in _APPLICATION if code == mark and payload.startswith(start)), "")
        return f"APP{mark - 0xE0} {what or 'unknown'}"
    return f"marker {mark:02X}"


def _jpeg(data: bytes) -> tuple[tuple[int, int] | None, list[str]]:
    size: tuple[int, int] | None = None
    found: list[str] = []
    at = 2
    while True:
        if data[at : at + 1] != b"\xff":
            return size, [*found, "damaged"]
        while data[at : at + 1] == b"\xff":  # a mark may be preceded by any number of fill bytes
            at += 1
        if at >= len(data):
            return size, [*found, "damaged"]
        mark = data[at]
        at += 1
        if mark == 0xD9:
            break
        length = int.from_bytes(data[at : at + 2], "big")
        payload = data[at + 2 : at + length]
        if length < 2 or len(payload) != length - 2:
            return size, [*found, "damaged"]
        at += length
        if mark not in _STRUCTURE:
            found.append(_segment_name(mark, payload))
        elif mark in _FRAMES and size is None and len(payload) >= 5:
            height, width = struct.unpack_from(">HH", payload, 1)
            size = (width, height)
        if mark == 0xDA:  # entropy-coded data: up to the next mark that is neither stuffing nor a restart
            at = data.find(b"\xff", at)
            while at >= 0 and at + 1 < len(data) and (data[at + 1] == 0 or 0xD0 <= data[at + 1] <= 0xD7):
                at = data.find(b"\xff", at + 2)
            if at < 0:
                return size, [*found, "damaged"]
    if at != len(data):
        found.append(f"{len(data) - at} bytes after the end")
    return size, found


def _webp(data: bytes) -> tuple[tuple[int, int] | None, list[str]]:
    size: tuple[int, int] | None = None
    found: list[str] = []
    stated = int.from_bytes(data[4:8], "little") + 8
    at = 12
    while at + 8 <= min(stated, len(data)):
        kind, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        payload = data[at + 8 : at + 8 + length]
        if len(payload) != length:
            return size, [*found, "damaged"]
        if kind == b"VP8 " and payload[3:6] == b"\x9d\x01\x2a" and length >= 10:
            across, down = struct.unpack_from("<HH", payload, 6)
            size = size or (across & 0x3FFF, down & 0x3FFF)
        elif kind == b"VP8L" and payload[:1] == b"\x2f" and length >= 5:
            bits = int.from_bytes(payload[1:5], "little")
            size = size or ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        elif kind == b"VP8X" and length >= 10:
            size = (int.from_bytes(payload[4:7], "little") + 1, int.from_bytes(payload[7:10], "little") + 1)
        elif kind != b"ALPH":
            found.append("chunk " + "".join(chr(c) if 32 < c < 127 else "?" if c != 32 else "" for c in kind))
        at += 8 + length + (length & 1)
    if at != stated or stated > len(data):
        found.append("damaged")
    if len(data) > stated:
        found.append(f"{len(data) - stated} bytes after the end")
    return size, found
