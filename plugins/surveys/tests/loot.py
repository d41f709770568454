"""The attacker's tools: a SQLite file and its write-ahead log read as bytes, without asking SQLite.

Format: https://sqlite.org/fileformat2.html. Whoever has the file sees more than rows: where in a page a row lies tells
when it was written, and the log tells which rows came in one transaction.
"""

from __future__ import annotations

import base64
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BASE64 = re.compile(rb"[A-Za-z0-9+/]+={0,2}")


@dataclass(frozen=True)
class Cell:
    """A row as it lies in a page: `offset` falls with each row written to the page."""

    rowid: int
    offset: int
    payload: bytes


class Loot:
    """A copy of the database's files as they are on the disk now."""

    def __init__(self, path: Path) -> None:
        self.main = path.read_bytes()
        log = path.with_name(f"{path.name}-wal")
        self.log = log.read_bytes() if log.exists() else b""
        self.size = int.from_bytes(self.main[16:18]) or 65536
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as reader:
            self.roots: dict[str, int] = dict(
                reader.execute("SELECT name, rootpage FROM sqlite_master WHERE type = 'table'")
            )
            self.tables: dict[str, list[tuple[object, ...]]] = {
                name: list(reader.execute(f'SELECT * FROM "{name}"')) for name in self.roots if name[:7] != "sqlite_"
            }
            self.columns: dict[str, list[str]] = {
                name: [row[1] for row in reader.execute(f'PRAGMA table_info("{name}")')] for name in self.tables
            }

    @property
    def bytes(self) -> bytes:
        return self.main + self.log

    def holds(self, text: str | bytes) -> bool:
        """Whether a text stands anywhere, in any usual writing of it."""
        raw = text.encode() if isinstance(text, str) else text
        writings = [raw, raw.hex().encode(), raw.hex().upper().encode()]
        writings += [base64.b64encode(bytes(skip) + raw)[4 * bool(skip) : -4] for skip in range(3)]
        if isinstance(text, str):
            writings += [text.encode("utf-16-le"), text.encode("utf-16-be"), ascii(text)[1:-1].encode()]
        return any(writing in self.bytes for writing in writings if len(writing) >= 8)

    def sealed(self) -> set[bytes]:
        """Every sealed answer in every state that the log still holds."""
        cells = {cell.payload for snapshot in self.snapshots() for cell in self.cells("surveys_pending", snapshot)}
        found = [match.group() for payload in cells for match in BASE64.finditer(payload)]
        # The byte before it, of a number, may look like one of its letters; their count is always a multiple of four.
        return {text[len(text) % 4 :] for text in found if len(text) > 5000}

    # ---- Pages ----

    def pages(self, table: str, current: dict[int, bytes]) -> list[bytes]:
        """The leaf pages of a table in one of the `snapshots`."""
        return [current[number] for number in self._leaves(current, self.roots[table])]

    def _leaves(self, current: dict[int, bytes], number: int) -> Iterator[int]:
        page = current[number]
        start = 100 if number == 1 else 0
        if page[start] == 13:
            yield number
        elif page[start] == 5:
            for at in range(int.from_bytes(page[start + 3 : start + 5])):
                cell = int.from_bytes(page[start + 12 + 2 * at : start + 14 + 2 * at])
                yield from self._leaves(current, int.from_bytes(page[cell : cell + 4]))
            yield from self._leaves(current, int.from_bytes(page[start + 8 : start + 12]))

    def cells(self, table: str, snapshot: dict[int, bytes] | None = None) -> list[Cell]:
        """The rows of a table in the order in which they were written, as pages tell; now, or in a state before."""
        current, found = snapshot if snapshot is not None else self.snapshots()[-1], []
        for page in self.pages(table, current):
            cells = []
            for at in range(int.from_bytes(page[3:5])):
                offset = int.from_bytes(page[8 + 2 * at : 10 + 2 * at])
                size, after = _varint(page, offset)
                rowid, start = _varint(page, after)
                cells.append(Cell(rowid, offset, self._payload(current, page, start, size)))
            found += sorted(cells, key=lambda cell: -cell.offset)
        return found

    def _payload(self, current: dict[int, bytes], page: bytes, start: int, size: int) -> bytes:
        """What a row holds, also where it goes on in other pages."""
        if size <= self.size - 35:
            return page[start : start + size]
        least = (self.size - 12) * 32 // 255 - 23
        here = least + (size - least) % (self.size - 4)
        here = here if here <= self.size - 35 else least
        found, following = page[start : start + here], int.from_bytes(page[start + here : start + here + 4])
        while following:
            found += current[following][4:]
            following = int.from_bytes(current[following][:4])
        return found[:size]

    def snapshots(self) -> list[dict[int, bytes]]:
        """The pages after each transaction that the log still holds; the first is the file without the log."""
        pages = {
            at // self.size + 1: self.main[at : at + self.size] for at in range(0, len(self.main), self.size)
        }
        found, salt = [dict(pages)], self.log[16:24]
        at = 32
        while at + 24 + self.size <= len(self.log):
            head = self.log[at : at + 24]
            if head[8:16] != salt:
                break
            pages[int.from_bytes(head[:4])] = self.log[at + 24 : at + 24 + self.size]
            if int.from_bytes(head[4:8]):  # the last page of a transaction
                found.append(dict(pages))
            at += 24 + self.size
        return found

    def together(self, *tables: str) -> list[tuple[set[int], ...]]:
        """For each transaction in the log the rows that it added to these tables."""
        before: list[set[int]] = [set() for _ in tables]
        found = []
        for snapshot in self.snapshots():
            now = [{cell.rowid for cell in self.cells(table, snapshot)} for table in tables]
            added = tuple(new - old for new, old in zip(now, before, strict=True))
            if any(added):
                found.append(added)
            before = now
        return found


def _varint(page: bytes, at: int) -> tuple[int, int]:
    value = 0
    for taken in range(8):
        value = value << 7 | page[at + taken] & 0x7F
        if page[at + taken] < 0x80:
            return value, at + taken + 1
    return value << 8 | page[at + 8], at + 9
