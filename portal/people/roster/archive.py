"""Reads a zip that may mean harm: caps are counted while reading, never taken from the archive's own header."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from pathlib import PurePosixPath

from portal.i18n import _
from portal.people.roster.limits import CHUNK, MAX_FILE, MAX_FILES, MIB, Budget, TooBig, is_csv, is_junk, too_big
from portal.people.roster.problems import Problems

MAX_DIRECTORY = 1 * MIB  # of the archive's table of contents, which is read whole before anything can be counted
MAX_RATIO = 100  # a table of real names shrinks to a fifth or a tenth
RATIO_FROM = 1 * MIB  # small files of one repeated line are harmless

_END = b"PK\x05\x06"
_END64_LOCATOR = b"PK\x06\x07"

Entries = list[tuple[PurePosixPath, bytes]]


def entries(name: str, data: bytes, problems: Problems) -> Entries:
    """The files of the archive with their contents; only CSV files are read. Nothing after an error."""
    damaged = _("This zip is damaged or not a zip. Make it again.")
    try:
        if not _directory_is_sane(data):
            too_big(name, problems)
            return []
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _entries(name, archive, problems)
    except TooBig:
        text = _("This zip unpacks to more than a roster can hold. Check what it holds; it was not read further.")
        problems.error(name, 0, "", text)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, struct.error, OverflowError):
        problems.error(name, 0, "", damaged)
    except NotImplementedError:
        text = _("This zip is packed in an unusual way. Make it again with your system's own tool.")
        problems.error(name, 0, "", text)
    return []


def _directory_is_sane(data: bytes) -> bool:
    """Is the table of contents small? Zip64, which a roster never needs, counts as not."""
    at = data.rfind(_END, max(0, len(data) - 22 - 0xFFFF))
    if at < 0 or at + 22 > len(data):
        raise zipfile.BadZipFile
    size: int = struct.unpack_from("<I", data, at + 12)[0]
    return size <= MAX_DIRECTORY and data[max(0, at - 20) : at][:4] != _END64_LOCATOR


def _entries(name: str, archive: zipfile.ZipFile, problems: Problems) -> Entries:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > MAX_FILES:
        raise TooBig
    honest = [_honest(name, info, problems) for info in infos]  # all of them, so that each is reported
    if not all(honest):
        return []
    budget = Budget()
    found: Entries = []
    for info in infos:
        path = PurePosixPath(info.filename)
        wanted = is_csv(path.name) and not is_junk(path)
        found.append((path, _read(archive, info, budget) if wanted else b""))
    return found


def _honest(archive: str, info: zipfile.ZipInfo, problems: Problems) -> bool:
    """May this entry be read? Reports why not."""
    raw = info.orig_filename
    path = PurePosixPath(raw.replace("\\", "/"))
    mode = info.external_attr >> 16
    if path.is_absolute() or ".." in path.parts or raw[1:2] == ":" or "\0" in raw:
        text = _("This zip names a place outside itself. That is not a roster export; do not use it.")
        problems.error(archive, 0, "", text)
    elif mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        text = _("This is a link or a device, not a file. Make the zip again with the files themselves.")
        problems.error(path.name, 0, "", text)
    elif info.flag_bits & 0x1:
        text = _("This file is locked with a password. Make the zip again without one.")
        problems.error(path.name, 0, "", text)
    else:
        return True
    return False


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> bytes:
    """Raises TooBig, NotImplementedError, and what a damaged archive raises."""
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotImplementedError
    parts: list[bytes] = []
    size = 0
    packed = max(info.compress_size, 1)
    with archive.open(info) as file:
        while part := file.read(CHUNK):
            size += len(part)
            budget.take(len(part))
            if size > MAX_FILE or (size > RATIO_FROM and size > MAX_RATIO * packed):
                raise TooBig
            parts.append(part)
    return b"".join(parts)
