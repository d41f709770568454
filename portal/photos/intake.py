"""From a file somebody sent to renditions that hold nothing but pixels, or to a reason why not.

Size, kind (by the first bytes, never by the name) and readability are judged here; everything that needs a
decoder happens in :mod:`portal.photos.strip`, a process of its own. Whatever a file is and whatever happens
to that process, the answer is an :class:`Intake`; no file makes these functions raise.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

from portal.i18n import _
from portal.photos import strip
from portal.photos.metadata import metadata, shape

Source = bytes | bytearray | memoryview | str | os.PathLike[str]

WALL_SECONDS: Final = 60.0
"""Longest time one worker may live, in seconds; its processor time is limited further by the worker itself.
"""
MAX_ANSWER: Final = 64 * 1024 * 1024
"""Most bytes that a worker may answer with: many times what the renditions of any photo need."""
AT_ONCE: Final = min(2, os.cpu_count() or 1)
"""Photos worked on at the same time by this process; others wait for their turn."""

_MEGABYTES = strip.MAX_BYTES // (1024 * 1024)
_MEGAPIXELS = strip.MAX_PIXELS // 1_000_000

REASONS: Final = {
    "empty": _("This file is empty. Please choose the photo again."),
    "not_a_file": _("This is not a file, so it cannot be a photo."),
    "unreadable": _("This file cannot be opened."),
    "too_large": _("This file is larger than %(megabytes)s MB. Please send a smaller version of the photo."),
    "not_a_photo": _("This is not a photo we can read. Please send a JPEG, PNG, WebP or HEIC."),
    "other_format": _("%(format)s files cannot be used here. Please send the photo as JPEG, PNG, WebP or HEIC."),
    "too_many_pixels": _(
        "This photo has too many pixels (more than %(megapixels)s million, or a side longer than %(side)s). "
        "Please send a smaller version of it."
    ),
    "damaged": _("The file is damaged: a part of the photo is missing or cannot be read. Please send it again."),
    "too_hard": _("This file took too much time or memory to read. Please save the photo anew and send that."),
    "failed": _("This file could not be read safely, so it was not taken. Please save the photo anew and send that."),
}
"""Reasons by machine code, as msgids."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a photo is not taken: a machine code, and a msgid with its values for people."""

    code: str
    text: str
    values: dict[str, object]

    def __str__(self) -> str:
        """The reason in English."""
        return self.text % self.values if self.values else self.text


@dataclass(frozen=True, slots=True)
class Rendition:
    """One size of a photo. ``width`` and ``height`` in pixels, ``format`` is "webp" or "jpeg"."""

    name: str
    format: str
    width: int
    height: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Intake:
    """The verdict about one file.

    ``format_in`` is None when unknown. ``width`` and ``height`` are the uploaded picture's, in pixels, after
    orientation, None when unknown. ``reason`` is None and there are renditions exactly when the photo is
    accepted.
    """

    reason: Reason | None
    format_in: str | None = None
    width: int | None = None
    height: int | None = None
    renditions: tuple[Rendition, ...] = ()

    @property
    def accepted(self) -> bool:
        return self.reason is None


class _No(Exception):
    """Not taken. The argument is the machine code of the reason."""


_pool: ThreadPoolExecutor | None = None
_pool_lock = threading.Lock()


async def intake(source: Source) -> Intake:
    """Judge one file (bytes, or a path) and make its renditions, without blocking the event loop. Raises
    nothing.
    """
    global _pool
    with _pool_lock:
        _pool = _pool or ThreadPoolExecutor(AT_ONCE, thread_name_prefix="photo")
    return await asyncio.get_running_loop().run_in_executor(_pool, judge, source)


def judge(source: Source) -> Intake:
    """The same as :func:`intake`, in the calling thread; takes from 0.05 s to :data:`WALL_SECONDS`."""
    form: str | None = None
    size: tuple[int | None, int | None] = (None, None)
    try:
        data = _bytes(source)
        form = sniff(data)
        if form is None:
            raise _No("not_a_photo")
        if form not in _TAKEN:
            raise _No("other_format")
        head, blobs = _work(form, data)
        size = (_count(head.get("width")), _count(head.get("height")))
        if "refused" in head:
            raise _No(head["refused"] if head["refused"] in REASONS else "failed")
        return Intake(None, form, *size, _renditions(head, blobs))
    except _No as no:
        return Intake(_reason(str(no), form), form, *size)


def _reason(code: str, form: str | None) -> Reason:
    values: dict[str, dict[str, object]] = {
        "too_large": {"megabytes": _MEGABYTES},
        "other_format": {"format": _NAMES.get(form or "", (form or "").upper())},
        "too_many_pixels": {"megapixels": _MEGAPIXELS, "side": strip.MAX_SIDE},
    }
    return Reason(code, REASONS[code], values.get(code, {}))


def _bytes(source: Source) -> bytes:
    if isinstance(source, bytes | bytearray | memoryview):
        data = bytes(source) if len(source) <= strip.MAX_BYTES else b""
        if not data:
            raise _No("too_large" if len(source) else "empty")
        return data
    try:
        # Not to wait: opening a pipe that nobody writes to would otherwise never end.
        at = os.open(source, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except (OSError, ValueError) as error:  # ValueError: a name with a null character
        raise _No("unreadable") from error
    try:
        with open(at, "rb", buffering=0) as file:
            about = os.fstat(at)
            if not stat.S_ISREG(about.st_mode):
                raise _No("not_a_file")
            if about.st_size > strip.MAX_BYTES:
                raise _No("too_large")
            parts, left = [], strip.MAX_BYTES + 1  # the file may be growing, or state no size
            while left and (part := file.read(left)):
                parts.append(part)
                left -= len(part)
    except OSError as error:  # a folder is an OSError of open(), too
        raise _No("not_a_file" if isinstance(error, IsADirectoryError) else "unreadable") from error
    data = b"".join(parts)
    if not data:
        raise _No("empty")
    if len(data) > strip.MAX_BYTES:
        raise _No("too_large")
    return data


_TAKEN: Final = ("jpeg", "png", "webp", "heic")
_NAMES: Final = {
    "video": "Video",
    "postscript": "PostScript",
    "photoshop": "Photoshop",
    "zip": "ZIP",
    "raw": "RAW",
}
_STARTS: Final = (  # first bytes; what stands first wins
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "tiff"),  # DNG and most camera RAW files are TIFF inside
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
    (b"%PDF-", "pdf"),
    (b"%!PS", "postscript"),
    (b"8BPS", "photoshop"),
    (b"\xff\x0a", "jxl"),
    (b"\0\0\0\x0cJXL \r\n\x87\n", "jxl"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "jp2"),
    (b"\xff\x4f\xff\x51", "jp2"),
    (b"\x76\x2f\x31\x01", "exr"),
    (b"\0\0\1\0", "ico"),
    (b"PK\3\4", "zip"),
    (b"\x1a\x45\xdf\xa3", "video"),
    (b"FUJIFILMCCD-RAW", "raw"),
)
_HEVC: Final = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_VIDEO: Final = {b"isom", b"iso2", b"mp41", b"mp42", b"qt  ", b"M4V ", b"avc1", b"3gp4", b"3gp5"}
_HEIF: Final = {b"mif1", b"mif2", b"msf1", b"miaf", b"MiHB", b"MiHA", b"MiHE"}


def sniff(data: bytes) -> str | None:
    """The kind of a file by its first bytes, or None: one of "jpeg", "png", "webp", "heic", or one that is
    refused.
    """
    if data[:4] == b"RIFF":
        return {b"WEBP": "webp", b"AVI ": "video"}.get(data[8:12])
    if data[4:8] == b"ftyp":
        return _brand(data)
    for start, form in _STARTS:
        if data.startswith(start):
            return form
    text = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<svg", b"<?xml", b"<!--", b"<!doctype svg")) and b"<svg" in data[:65536].lower():
        return "svg"
    if data[:2] == b"BM" and data[6:10] == b"\0\0\0\0":
        return "bmp"
    return None


def _brand(data: bytes) -> str | None:
    """ISO base media files (ISO/IEC 14496-12) say what they are in a list of four-letter brands."""
    length = min(int.from_bytes(data[:4], "big"), 4096)
    major, others = data[8:12], {data[at : at + 4] for at in range(16, length - 3, 4)}
    if major in (b"avif", b"avis"):
        return "avif"
    if major in _HEVC:
        return "heic"
    if major in _HEIF:  # says "some HEIF": the others tell which
        return "heic" if others & _HEVC else "avif" if others & {b"avif", b"avis"} else "heif"
    return "video" if major in _VIDEO else None


def _work(form: str, data: bytes) -> tuple[dict[str, Any], bytes]:
    """Let a worker handle the photo. Returns its head and the bytes behind it. Raises :class:`_No`."""
    command = [sys.executable, "-I", "-B", strip.__file__, form]
    # Nothing of our own environment.
    few = {"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1", "VIPS_CONCURRENCY": "1"}
    try:
        worker = subprocess.Popen(  # noqa: S603  every word of the command is ours
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=few,
            cwd="/",
        )
    except OSError as error:
        raise _No("failed") from error
    late = threading.Event()

    def stop() -> None:
        late.set()
        worker.kill()

    timer = threading.Timer(WALL_SECONDS, stop)
    timer.daemon = True
    timer.start()
    assert worker.stdin is not None
    assert worker.stdout is not None
    try:
        try:
            # The worker answers only after it has read everything, so neither side waits for the other.
            worker.stdin.write(data)
            worker.stdin.close()
        except OSError:
            pass  # it died while reading; its exit status tells
        answer = worker.stdout.read(MAX_ANSWER + 1)
    finally:
        worker.kill()
        timer.cancel()
        status = _end(worker)
    if late.is_set() or status == -signal.SIGXCPU:
        raise _No("too_hard")
    return _head(answer)


def _end(worker: subprocess.Popen[bytes]) -> int:
    for pipe in (worker.stdin, worker.stdout):
        try:
            if pipe is not None:
                pipe.close()
        except OSError:
            pass  # unsent bytes of a worker that died
    return worker.wait()


def _head(answer: bytes) -> tuple[dict[str, Any], bytes]:
    length = int.from_bytes(answer[4:8], "big")
    if answer[:4] != strip.MAGIC or not 0 < length <= 4096 or len(answer) > MAX_ANSWER:
        raise _No("failed")
    try:
        head = json.loads(answer[8 : 8 + length])
    except (ValueError, RecursionError) as error:
        raise _No("failed") from error
    if not isinstance(head, dict):
        raise _No("failed")
    return head, answer[8 + length :]


def _count(value: object) -> int | None:
    return value if type(value) is int and 0 < value < 1 << 32 else None


def _renditions(head: dict[str, Any], blobs: bytes) -> tuple[Rendition, ...]:
    """What the worker made, looked at as if a stranger had made it: the right sizes, and pixels alone."""
    made: list[Rendition] = []
    rows = head.get("renditions")
    if not isinstance(rows, list) or len(rows) != len(strip.SIZES):
        raise _No("failed")
    at = 0
    for row, (name, side, form) in zip(rows, strip.SIZES, strict=True):
        if not isinstance(row, list) or len(row) != 5 or row[:2] != [name, form] or not all(map(_count, row[2:])):
            raise _No("failed")
        width, height, size = row[2:]
        data = blobs[at : at + size]
        at += size
        if shape(data) != (form, width, height) or max(width, height) > side or metadata(data):
            raise _No("failed")
        made.append(Rendition(name, form, width, height, data))
    if at != len(blobs) or _count(head.get("width")) is None or _count(head.get("height")) is None:
        raise _No("failed")
    return tuple(reversed(made))
