"""CSV as it really comes: byte order marks, other encodings, semicolons, tabs, blank lines, ragged rows.

Rows are given one at a time with the line on which each begins, so that people find it in an editor.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TextIO

from portal.sdk import _
from portal_grades.importing_files import Sent
from portal_grades.importing_problems import Problems

MOST_NULS = 20  # more are no slip of a program, but a file that is broken
_LOOK = 64 * 1024
_END = b"\x1a"  # how DOS ended files
# What UTF-8 looks like when it was read as Windows-1252 and written again.
_TWICE = re.compile(
    "[\u00c3\u00c5\u00c4\u00d0\u00d1\u00d8\u00d9][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u2018-\u2022\u20ac]"
    "|\u00e2\u20ac"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Invisible and direction-changing characters: in an identifier or a title they only make two that look alike.
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


@dataclass
class Table:
    """A file as it is read: which of our columns stands where. `rows` runs once."""

    name: str
    columns: dict[str, int]
    header: list[str]
    rows: Iterator[tuple[int, list[str]]]
    unknown: list[str] = field(default_factory=list)


def encoding(data: bytes) -> str:
    """How a file is written: by its mark, by its zeros, or by whether it is UTF-8 at all."""
    if data.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return "utf-32"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    head = data[:2000]
    if len(head) > 8 and head.count(b"\0") > len(head) // 4:
        return "utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be"
    decoder_of = "utf-8"
    try:
        for _part in io.TextIOWrapper(io.BytesIO(data), encoding=decoder_of, newline=""):
            pass
    except UnicodeDecodeError:
        return "cp1252"
    return decoder_of


def text_of(file: Sent, problems: Problems) -> TextIO | None:
    """The file as text, to be read once. None, with the reason told, for what is none."""
    found, data = encoding(file.data), file.data
    if found == "cp1252":
        text = _(
            "This file is not written in UTF-8; it was read as Windows-1252. Look whether accented letters are right,"
            " or save it again as “CSV UTF-8”."
        )
        problems.note(file.name, _first_odd_line(file.data), "", text)
    elif found.startswith("utf-8"):
        if (at := data.find(b"\0")) >= 0:
            line = data.count(b"\n", 0, at) + 1
            if data.count(b"\0") > MOST_NULS:
                text = _("There are NUL bytes here: the file is damaged. Export it again.")
                problems.stop(file.name, line, "", text)
                return None
            text = _("There is a NUL byte here, which is no text; it was passed over. Look whether the file is whole.")
            problems.note(file.name, line, "", text)
            data = data.replace(b"\0", b"")
        head = data[:_LOOK].decode("utf-8", "replace")
        if twice := _TWICE.search(head):
            text = _(
                "Letters look damaged here, as if the file had been saved in two encodings. Look at the comments, and"
                " if they are wrong export the file again as UTF-8."
            )
            problems.note(file.name, head.count("\n", 0, twice.start()) + 1, "", text)
    if found in ("utf-8", "cp1252") and _END in data[-4:]:
        data = data.rstrip(_END + b"\r\n")
    return io.TextIOWrapper(io.BytesIO(data), encoding=found, errors="replace", newline="")


def _first_odd_line(data: bytes) -> int:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as failure:
        return data.count(b"\n", 0, failure.start) + 1
    return 1


def read(
    file: Sent, problems: Problems, ours: Callable[[str], str | None], needed: tuple[str, ...] = ()
) -> Table | None:
    """The file as a table, None if it cannot be one. `ours` gives our name for a word of the header, or None for a
    column that we do not use; columns that are `needed` and missing are told."""
    stream = text_of(file, problems)
    if stream is None:
        return None
    lines = records(file.name, stream, problems)
    start, header = next(lines, (1, []))
    if not header:
        if not problems.fatal:
            problems.stop(file.name, 1, "", _("The file is empty. Its first line must name the columns."))
        return None
    columns: dict[str, int] = {}
    unknown: list[str] = []
    for at, word in enumerate(header):
        name = ours(clean(word))
        if name is None:
            unknown.append(clean(word))
        elif name in columns:
            problems.stop(file.name, start, clean(word), _("This column stands twice. Keep one of them."))
            return None
        else:
            columns[name] = at
    missing = [name for name in needed if name not in columns]
    for name in missing:
        problems.stop(file.name, start, name, _("This column is missing. Export the file again with it."))
    if missing:
        return None
    return Table(
        file.name, columns, [clean(word) for word in header], _even(file.name, lines, len(header), problems), unknown
    )


def records(name: str, stream: TextIO, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, each with the line on which it begins. A line that cannot be split is left out, and
    reading goes on with the next one: a quotation mark that was forgotten does not take the rest of the file along.
    Without a first line there is no table."""
    start, skipped = stream.read(_LOOK), 0
    stream.seek(0)
    if start[:4].lower().removeprefix("\ufeff") == "sep=":  # a line for Excel
        stream.readline()
        skipped, start = 1, start.partition("\n")[2]
    lines, sign, width = _Lines(stream), delimiter(start), 0
    reader = csv.reader(lines, delimiter=sign, strict=True)
    while True:
        line = lines.row() + skipped
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error:
            text = _(
                'A quotation mark is opened here and not closed, or stands inside a field. Write "" for one inside.'
            )
            if not width:
                problems.stop(name, line, "", text)
                return
            fields = _mended(lines.back(), sign, width)
            reader = csv.reader(lines, delimiter=sign, strict=True)
            if not fields:
                problems.skip(name, line, "", text)
                continue
            text = _("Quotation marks stand inside a field here; the line was understood all the same. Look at it.")
            problems.note(name, line, "", text)
        if any(field and not field.isspace() for field in fields):
            width = width or len(fields)
            yield line, fields


def _mended(line: str, sign: str, width: int) -> list[str]:
    """A line with quotation marks inside its fields, as it was meant: those at the edges of fields divide them. Empty
    where that does not come out."""

    def doubled(found: re.Match[str]) -> str:
        before, after = line[found.start() - 1 : found.start()], line[found.end() : found.end() + 1]
        edge = not found.start() or before == sign or after in (sign, "")
        return found[0] if edge or len(found[0]) > 1 else '""'

    line = line.rstrip("\r\n").replace('\\"', "\0")
    try:
        found = next(csv.reader([re.sub('""?', doubled, line).replace("\0", '""')], delimiter=sign, strict=True))
    except (csv.Error, StopIteration):
        return []
    return found if len(found) == width else []


class _Lines:
    """The lines of a file, which remembers those of the row that is read: it can go back to its second line."""

    def __init__(self, stream: TextIO) -> None:
        self.stream, self.waiting = iter(stream), deque[str]()
        self.read = 0
        self.held: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self.waiting.popleft() if self.waiting else next(self.stream)
        if self.read == 0:
            line = line.removeprefix("\ufeff")
        self.read += 1
        self.held.append(line)
        return line

    def row(self) -> int:
        """A new row begins; returns its line, counted from 1."""
        self.held.clear()
        return self.read + 1

    def back(self) -> str:
        """Goes back to the second line of the row; returns the first one."""
        first, *others = self.held
        self.read -= len(others)
        self.waiting.extendleft(reversed(others))
        self.held.clear()
        return first


def delimiter(text: str) -> str:
    """What divides the columns: the sign that the header holds most often, outside of quotation marks."""
    header = re.sub(r'"[^"]*"', "", re.split(r"[\r\n]", text.lstrip("\r\n\ufeff \t;,"), maxsplit=1)[0])
    best = max(",;\t|", key=header.count)
    return best if header.count(best) else ","


def _even(
    name: str, lines: Iterator[tuple[int, list[str]]], width: int, problems: Problems
) -> Iterator[tuple[int, list[str]]]:
    """Rows as wide as the header: empty fields at the end may be missing, or too many."""
    for line, fields in lines:
        if len(fields) > width and any(field.strip() for field in fields[width:]):
            text = _(
                "This line has %(found)s fields, the header has %(width)s. A field that holds the sign between columns"
                " needs quotation marks around it."
            )
            problems.skip(name, line, "", text, found=len(fields), width=width)
        else:
            yield line, fields + [""] * (width - len(fields)) if len(fields) < width else fields


def clean(value: str) -> str:
    """Without surrounding space and invisible characters, in Unicode's composed form (NFC)."""
    if value.isascii():
        return value.strip()
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", value)).strip()


def prose(value: str, most: int) -> str:
    """A text of several lines: control characters go, line ends become one kind."""
    if value.isascii() and value.isprintable():
        return value.strip()[:most]
    text = _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    return unicodedata.normalize("NFC", text).strip()[:most]
