"""Files that somebody sent: a zip or single ones. What a file says about itself is not believed, and nothing is
unpacked onto the disk: sizes are counted while reading."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from portal.sdk import _
from portal_grades.importing_problems import Problems

MIB = 1024 * 1024
MOST_SENT = 60 * MIB  # of one upload
MOST_FILE = 120 * MIB  # unpacked
MOST_ALL = 160 * MIB
MOST_ENTRIES = 200
MOST_DIRECTORY = 1 * MIB  # of a zip's table of contents, which is read whole before anything is counted
MOST_RATIO = 200  # identifiers and scores shrink to a tenth
RATIO_FROM = 4 * MIB  # small files of one repeated line are harmless
CHUNK = 256 * 1024

_END, _END64 = b"PK\x05\x06", b"PK\x06\x07"
_JUNK = {"thumbs.db", "desktop.ini"}
_TABLES = (".csv", ".txt", ".tsv")


class _TooBig(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Sent:
    """One file as it came. `name` is its bare name."""

    name: str
    data: bytes


Files = dict[str, Sent]  # by bare name in small letters


def opened(sent: Sequence[Sent], wanted: Callable[[str], bool], problems: Problems) -> Files:
    """The CSV files among what was sent, zips opened. Of a zip only those that are `wanted` by name are read; the
    others are empty."""
    found: list[tuple[PurePosixPath, bytes]] = []
    budget = _Budget(MOST_ALL)
    for file in sent:
        path = PurePosixPath(file.name.replace("\\", "/"))
        if file.data[:4] == b"PK\x03\x04" and path.suffix.lower() == ".xlsx":
            text = _("This is an Excel workbook. Save it as “CSV UTF-8”, and send that.")
            problems.stop(path.name, 0, "", text)
        elif file.data[:2] == b"PK" or path.suffix.lower() == ".zip":
            found += _unzipped(path.name, file.data, wanted, budget, problems)
        else:
            found.append((PurePosixPath(path.name), file.data))
    return _picked(found, problems)


def _picked(found: Sequence[tuple[PurePosixPath, bytes]], problems: Problems) -> Files:
    files: Files = {}
    for path, data in found:
        if path.name.startswith(".") or path.name.lower() in _JUNK or "__MACOSX" in path.parts:
            continue
        if path.suffix.lower() not in _TABLES:
            problems.note(path.name, 0, "", _("This is not a CSV file and was not read."))
        elif there := files.get(path.name.lower()):
            if data or there.data:
                text = _("Two files have this name. Keep one of them, and send it again.")
                problems.stop(path.name, 0, "", text)
        else:
            files[path.name.lower()] = Sent(path.name, data)
    if not files and not problems.fatal:
        problems.stop("", 0, "", _("There is no CSV file here. Choose the zip, or its CSV files."))
    return files


@dataclass
class _Budget:
    left: int

    def take(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise _TooBig


def _unzipped(
    name: str, data: bytes, wanted: Callable[[str], bool], budget: _Budget, problems: Problems
) -> list[tuple[PurePosixPath, bytes]]:
    try:
        if not _has_small_directory(data):
            raise _TooBig
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return list(_entries(name, archive, wanted, budget, problems))
    except _TooBig:
        text = _(
            "This zip unpacks to more than a gradebook can hold, and was not read further. Export fewer classes or one"
            " term at a time."
        )
    except NotImplementedError:
        text = _("This zip is packed in an unusual way. Make it again with your system's own tool.")
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, struct.error, OverflowError):
        text = _("This zip is damaged or not a zip. Make it again.")
    problems.stop(name, 0, "", text)
    return []


def _has_small_directory(data: bytes) -> bool:
    """Whether the table of contents is small. Raises NotImplementedError for zip64, which no gradebook needs."""
    at = data.rfind(_END, max(0, len(data) - 22 - 0xFFFF))
    if at < 0 or at + 22 > len(data):
        raise zipfile.BadZipFile
    if data[max(0, at - 20) : at][:4] == _END64:
        raise NotImplementedError
    size: int = struct.unpack_from("<I", data, at + 12)[0]
    return size <= MOST_DIRECTORY


def _entries(
    name: str, archive: zipfile.ZipFile, wanted: Callable[[str], bool], budget: _Budget, problems: Problems
) -> Iterator[tuple[PurePosixPath, bytes]]:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > MOST_ENTRIES:
        raise _TooBig
    for info in infos:
        path = PurePosixPath(info.filename.replace("\\", "/"))
        mode = info.external_attr >> 16
        if path.is_absolute() or ".." in path.parts or info.orig_filename[1:2] == ":":
            problems.stop(name, 0, "", _("This zip names a place outside itself. That is no export; do not use it."))
        elif mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            text = _("This is a link, not a file. Make the zip again with the files themselves.")
            problems.stop(path.name, 0, "", text)
        elif info.flag_bits & 0x1:
            problems.stop(path.name, 0, "", _("This file is locked with a password. Make the zip again without one."))
        elif wanted(path.name):
            yield path, _read(archive, info, budget)
        elif path.suffix.lower() in _TABLES:
            yield path, b""  # so that it can be named as one that was not read


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: _Budget) -> bytes:
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotImplementedError
    parts, size, packed = bytearray(), 0, max(info.compress_size, 1)
    with archive.open(info) as file:
        while part := file.read(CHUNK):
            size += len(part)
            budget.take(len(part))
            if size > MOST_FILE or (size > RATIO_FROM and size > MOST_RATIO * packed):
                raise _TooBig
            parts += part
    return bytes(parts)
