"""Opens a roster: a folder, a zip, or uploaded files. Trusts nothing that a file says about itself.

Everything is read into memory within fixed limits; nothing is ever unpacked onto the disk.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from portal.i18n import _
from portal.people.roster import archive
from portal.people.roster.limits import MAX_FILE, MAX_FILES, Budget, TooBig, is_csv, is_junk, too_big
from portal.people.roster.problems import Problems


@dataclass(frozen=True, slots=True)
class RawFile:
    """One CSV file as it came. `name` is its bare name, for messages."""

    name: str
    data: bytes


Files = dict[str, RawFile]  # by bare name in lower case


def open_roster(path: Path, problems: Problems) -> Files:
    """The CSV files of a folder or zip. Problems are reported with the bare file name, never with a whole path."""
    from_zip = path.suffix.lower() == ".zip"
    try:
        if path.is_dir():
            return _folder(path, problems)
        if not path.exists():
            problems.error(path.name, 0, "", _("There is no such file or folder. Check the path."))
            return {}
        if from_zip:
            data = _read(path, Budget())
    except TooBig:
        too_big(path.name, problems)
        return {}
    except OSError:
        problems.error(path.name, 0, "", _("This cannot be read. Check its permissions."))
        return {}
    if from_zip:
        return open_zip(path.name, data, problems)
    problems.error(path.name, 0, "", _("Give the folder that holds the CSV files, or a zip of them."))
    return {}


def open_zip(name: str, data: bytes, problems: Problems) -> Files:
    """The CSV files of a zip that is in memory."""
    return pick(name, archive.entries(name, data, problems), problems)


def from_uploads(uploads: Sequence[tuple[str, bytes]], problems: Problems) -> Files:
    """The CSV files of an upload: one zip, or several CSV files."""
    named = [(PurePosixPath(name.replace("\\", "/")), data) for name, data in uploads if name]
    if len(named) == 1 and (named[0][1][:4] == b"PK\x03\x04" or named[0][0].suffix.lower() == ".zip"):
        return open_zip(named[0][0].name, named[0][1], problems)
    budget = Budget()
    found: list[tuple[PurePosixPath, bytes]] = []
    for path, data in named:
        try:
            budget.take(len(data))
        except TooBig:
            too_big(path.name, problems)
            return {}
        found.append((PurePosixPath(path.name), data))
    return pick(_("upload"), found, problems)


def pick(origin: str, entries: Sequence[tuple[PurePosixPath, bytes]], problems: Problems) -> Files:
    """The CSV files among `entries`, which must lie in one folder and differ in name."""
    files: Files = {}
    folders: set[PurePosixPath] = set()
    for path, data in entries:
        if is_junk(path):
            continue
        if not is_csv(path.name):
            text = _("This is not a CSV file and was not read. A spreadsheet is saved as “CSV UTF-8”.")
            problems.warning(path.name, 0, "", text)
            continue
        folders.add(path.parent)
        if path.name.lower() in files:
            text = _("Two files have this name, perhaps in other letters (users.csv, Users.csv). Keep one of them.")
            problems.error(path.name, 0, "", text)
        files[path.name.lower()] = RawFile(path.name, data)
    if len(folders) > 1:
        text = _("There are CSV files in several folders. Put those of one roster into one folder.")
        problems.error(origin, 0, "", text)
    if not files and not problems.errors:
        text = _(
            "There is no CSV file here. Choose the zip, or all its CSV files together (on the command line, their"
            " folder)."
        )
        problems.error(origin, 0, "", text)
    return files


def _folder(path: Path, problems: Problems) -> Files:
    """CSV files directly in the folder, or in its only sub-folder that has some."""
    found = _listing(path, problems)
    if not any(is_csv(file.name) for file in found):
        below = [
            _listing(Path(entry.path), problems)
            for entry in sorted(os.scandir(path), key=lambda entry: entry.name)
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith(".")
        ]
        found += [file for files in below for file in files]
    budget = Budget()
    entries: list[tuple[PurePosixPath, bytes]] = []
    for file in found:
        data = _read(file, budget) if is_csv(file.name) else b""
        entries.append((PurePosixPath(file.relative_to(path).as_posix()), data))
    return pick(path.name, entries, problems)


def _listing(path: Path, problems: Problems) -> list[Path]:
    files: list[Path] = []
    for entry in sorted(os.scandir(path), key=lambda entry: entry.name):
        if entry.is_symlink() and is_csv(entry.name):
            problems.error(entry.name, 0, "", _("This is a link to another place. Put the file itself here."))
        elif entry.is_file(follow_symlinks=False):
            files.append(Path(entry.path))
        elif is_csv(entry.name) and not entry.is_dir(follow_symlinks=False):
            problems.error(entry.name, 0, "", _("This is not an ordinary file. Put the file itself here."))
        if len(files) > MAX_FILES:
            raise TooBig
    return files


def read_file(path: Path) -> bytes:
    """One file within the limits. Raises TooBig, OSError."""
    return _read(path, Budget())


def _read(path: Path, budget: Budget) -> bytes:
    """The whole file. Raises TooBig, OSError."""
    # O_NONBLOCK: a pipe in place of a file must not hold us up.
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError("not an ordinary file")
        data = file.read(min(MAX_FILE, budget.left) + 1)
    if len(data) > MAX_FILE:
        raise TooBig
    budget.take(len(data))
    return data
