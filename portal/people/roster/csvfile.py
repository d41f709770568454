"""Decodes a CSV file and splits it into rows (RFC 4180), with line numbers that people find again in an editor."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from portal.i18n import _
from portal.people.roster.problems import Problems
from portal.people.roster.source import RawFile

MAX_FIELD = 10_000  # characters; the standard's lists of identifiers fit many times
MAX_ROWS = 500_000

_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
# What UTF-8 looks like when it was read as Windows-1252 and written again.
_TWICE = re.compile(
    "[\u00c3\u00c5\u00c4\u00d0\u00d1][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u2018-\u2022\u20ac]|\u00e2\u20ac"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# Invisible and direction-changing characters: they carry nothing, and can make a name look like another.
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Line:
    """One record: the line on which it begins, and its fields by column."""

    number: int
    values: dict[str, str]

    def get(self, column: str) -> str:
        """The field without surrounding space; empty if the column is not there."""
        return self.values.get(column, "")


@dataclass
class Table:
    """A file as rows. `columns` maps our names for the columns to the words in the file's own header."""

    name: str
    columns: dict[str, str]
    lines: list[Line] = field(default_factory=list)

    def label(self, column: str) -> str:
        """The column as the file's header writes it, for messages."""
        return self.columns.get(column, column)


def decode(file: RawFile, problems: Problems) -> str | None:
    """The text of the file, which must be UTF-8 (a byte order mark is welcome). Reports anything else."""
    data = file.data
    save = _("This file is not written in UTF-8 but in UTF-16. Save it again as “CSV UTF-8 (comma delimited)”.")
    head = data[:2000]
    if data.startswith(_BOMS) or (len(head) > 8 and head.count(b"\0") > len(head) // 4):
        problems.error(file.name, 1, "", save)
        return None
    if (at := data.find(b"\0")) >= 0:
        text = _("There is a NUL byte here: the file is damaged. Export it again.")
        problems.error(file.name, _line_at(data, at), "", text)
        return None
    try:
        decoded = data.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        text = _(
            "From this line on the file is not UTF-8; accented letters were probably saved as Windows-1252 or Latin-1."
            " Save it again as “CSV UTF-8 (comma delimited)”."
        )
        problems.error(file.name, _line_at(data, failure.start), "", text)
        return None
    if (at := decoded.find("\ufffd")) >= 0:
        text = _("A letter was lost here on the way (it shows as �). Correct it where the file comes from.")
        problems.warning(file.name, decoded.count("\n", 0, at) + 1, "", text)
    if found := _TWICE.search(decoded):
        text = _(
            "Letters look damaged here, as if the file had been saved in two encodings. Look at the names, and if they"
            " are wrong export the file again as UTF-8."
        )
        problems.warning(file.name, decoded.count("\n", 0, found.start()) + 1, "", text)
    return decoded


def _line_at(data: bytes, at: int) -> int:
    """The number of the line that holds byte `at`."""
    return len((data[:at] + b"x").splitlines())


def read(
    file: RawFile, problems: Problems, canonical: Callable[[str], str | None], delimiters: str = ","
) -> Table | None:
    """The file as a table, or None if it cannot be one; every reason is reported.

    `canonical` gives our name for a header word, or None for a column that we do not use. `delimiters` holds the
    allowed separators; which of them the file uses is read off its header.
    """
    text = decode(file, problems)
    if text is None:
        return None
    skipped = 0
    if ";" in delimiters and text[:4].lower() == "sep=":  # a line that Excel understands
        text, skipped = text.partition("\n")[2], 1
    delimiter = _delimiter(text, delimiters)
    if delimiter not in delimiters:
        wrong = _(
            "The columns are divided by “%(found)s” instead of a comma. Save the file again as “CSV UTF-8 (comma"
            " delimited)”."
        )
        problems.error(file.name, 1, "", wrong, found=delimiter if delimiter != "\t" else "TAB")
        return None
    records = _records(file.name, text, delimiter, skipped, problems)
    start, header = next(records, (1, []))
    columns = _header(file.name, start, header, canonical, problems)
    if columns is None:
        return None
    table = Table(file.name, {ours: header[at].strip() for ours, at in columns.items()})
    for number, fields in records:
        if (line := _line(table, number, fields, len(header), columns, problems)) is not None:
            table.lines.append(line)
        if len(table.lines) > MAX_ROWS:
            problems.error(file.name, number, "", _("There are more rows than any school has people. Check the file."))
            return None
    return table


def _delimiter(text: str, allowed: str) -> str:
    header = re.sub(r'"[^"]*"', "", re.split(r"[\r\n]", text.lstrip("\r\n"), maxsplit=1)[0])
    best = max(",;\t", key=header.count)
    return best if header.count(best) else allowed[0]


def _records(name: str, text: str, delimiter: str, skipped: int, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    """Records that are not blank, each with the line on which it begins. Stops at the first that cannot be split."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        start = reader.line_num + 1 + skipped
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error:
            text_ = _(
                'A quotation mark is opened here and not closed, or stands inside a field. Write "" for one inside.'
            )
            problems.error(name, start, "", text_)
            return
        if any(field.strip() for field in fields):
            yield start, fields


def _header(
    name: str, line: int, header: list[str], canonical: Callable[[str], str | None], problems: Problems
) -> dict[str, int] | None:
    if not header:
        if not any(problem.file == name for problem in problems.errors):
            problems.error(name, 1, "", _("The file is empty. Its first line must name the columns."))
        return None
    columns: dict[str, int] = {}
    for at, word in enumerate(header):
        ours = canonical(clean(word))
        if ours is None:
            continue
        if ours in columns:
            problems.error(name, line, clean(word), _("This column stands twice. Keep one of them."))
            return None
        columns[ours] = at
    return columns


def _line(
    table: Table, number: int, fields: list[str], width: int, columns: dict[str, int], problems: Problems
) -> Line | None:
    if len(fields) != width:
        text = _(
            "This line has %(found)s fields, the header has %(width)s. A field that holds a comma needs quotation marks"
            " around it; a missing field leaves two commas."
        )
        problems.error(table.name, number, "", text, found=len(fields), width=width)
        return None
    values: dict[str, str] = {}
    for column, at in columns.items():
        value = fields[at]
        if not value:
            continue
        value = clean(value)
        if "\n" in value or "\r" in value:
            text = _("There is a line break inside this field; probably a quotation mark is missing near here.")
        elif _CONTROL.search(value):
            text = _("There is a control character in this field. Type the field anew where the file comes from.")
        elif len(value) > MAX_FIELD:
            text = _("This field is longer than any can be; probably a quotation mark is missing near here.")
        else:
            values[column] = value
            continue
        problems.error(table.name, number, table.label(column), text)
        return None
    return Line(number, values)


def clean(value: str) -> str:
    """Without surrounding space and invisible characters, in Unicode's composed form (NFC)."""
    if value.isascii():
        return value.strip()
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", value)).strip()
