"""Data on its way out: tables as CSV that is safe against formulas, and everything that a plugin stored as one zip."""

from __future__ import annotations

import base64
import csv
import io
import zipfile
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any
from urllib.parse import quote

from litestar import Response

from portal.errors import NotVisible
from portal.photos import documents
from portal.plugins.keeping import Portion

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")  # what a spreadsheet takes for the beginning of a formula (OWASP)
EXACT = 2**53  # beyond it a number is not read back as itself by everybody
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg"}


def cell(value: object) -> object:
    """A value as it may stand in a spreadsheet; bytes in base64."""
    value = _without_bytes(value)
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(RISKY) else value


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table as CSV (RFC 4180, UTF-8 with a mark so that spreadsheets know it)."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([cell(value) for value in header])
    writer.writerows([cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def plain(value: object) -> object:
    """A value of the database as JSON can hold it: large numbers, such as ids, as text."""
    value = _without_bytes(value)
    return str(value) if isinstance(value, int) and abs(value) > EXACT else value


def _without_bytes(value: object) -> object:
    if isinstance(value, bytes | bytearray | memoryview):
        return "base64:" + base64.b64encode(bytes(value)).decode()
    return value


def download(name: str, data: bytes, media_type: str) -> Response[bytes]:
    """Bytes to be saved under a name (RFC 6266); never shown as a page of the portal, never kept by caches."""
    return Response(data, media_type=media_type, headers=attachment(name))


def attachment(name: str) -> dict[str, str]:
    """The header with which an answer is saved under a name."""
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}


class _Pipe(io.RawIOBase):
    """Where a zip is written to, so that it can be sent while it is made: nothing of it lies on a disk."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.pieces.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken, self.pieces = b"".join(self.pieces), []
        return taken


async def archive(portions: Sequence[Portion]) -> AsyncIterator[bytes]:
    """What one plugin stored as a zip, piece by piece: a CSV file for each table, `contents.csv` that says what they
    are, and the sealed files that the rows name, opened."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as made:
        stored = [(p.table, p.stored.what, p.stored.whom, p.stored.kept, p.stored.sent) for p in portions]
        made.writestr("contents.csv", csv_bytes(("table", "what", "about whom", "how long", "sent to"), stored))
        for portion in portions:
            made.writestr(f"{portion.table}.csv", csv_bytes(portion.columns, portion.rows))
            yield pipe.take()
            files = {file for column in portion.stored.files for file in portion.column(column) if file}
            for file in sorted(files):
                try:
                    data, media_type = await documents.open_for(portion.plugin, file)
                except NotVisible:  # erased, or about to be
                    continue
                made.writestr(f"files/{file}.{ENDINGS.get(media_type, 'bin')}", data)
                yield pipe.take()
    yield pipe.take()
