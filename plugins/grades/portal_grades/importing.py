"""Imports on their way: what was sent lies sealed until somebody said yes or a day has passed.

A small one is looked at while its sender waits; a large one by a job, with a page that says how far it is. Results are
written in portions, and new line items are released at the very end: nobody sees half an import, and one that was cut
off goes on where it stopped.
"""

from __future__ import annotations

import asyncio
import base64
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.sdk import (
    BadInput,
    NotVisible,
    Refused,
    Viewer,
    _,
    atomic,
    clock,
    db,
    destroy_secret,
    enqueue,
    new_id,
    new_secret,
    seal,
    secret,
    standing,
    unseal,
)
from portal_grades.importing_files import MOST_SENT, Sent

STATES = ("waiting", "mapping", "ready", "queued", "writing", "done", "refused", "failed")
SMALL = 400_000  # bytes, which are looked at at once
PIECE = 512 * 1024
KEPT = clock.DAY
SHOWN = 20
_TOO_MUCH = _("This is more than can be imported at once. Export fewer classes or one term at a time.")


@dataclass(frozen=True, slots=True)
class Upload:
    """One import. `summary` holds counts and problems; nothing in it names anybody."""

    id: int
    person: int
    group: int
    kind: str
    name: str
    key: int
    state: str
    mapping: dict[str, Any]
    wanted: dict[str, Any]
    summary: dict[str, Any]
    done: int
    total: int
    made_at: int
    changed_at: int


_COLUMNS = "id, person, group_id, kind, name, key, state, mapping, wanted, summary, done, total, made_at, changed_at"


async def keep(viewer: Viewer, sent: Sequence[Sent], kind: str, group: int = 0) -> int:
    """Puts files away until they are imported. Raises BadInput at `files`, NotVisible."""
    await may(viewer, kind, group)
    if not sent or not any(file.data for file in sent):
        raise BadInput("files", _("Please choose the file. It must not be empty."))
    if sum(len(file.data) for file in sent) > MOST_SENT:
        raise BadInput("files", _TOO_MUCH)
    if len({file.name.lower() for file in sent}) < len(sent):
        raise BadInput("files", _("Two files have the same name. Please choose each once."))
    key = new_secret()
    pieces = await asyncio.to_thread(_sealed, key, sent)
    return await _write_down(viewer.person or 0, kind, group, sent[0].name if len(sent) == 1 else "", key, pieces)


async def may(viewer: Viewer, kind: str, group: int) -> None:
    """Gradebooks are for office and administrators, a sheet is for staff of its class. Raises NotVisible."""
    asking = await standing(viewer)
    allowed = group in asking.staff_of if kind == "sheet" else bool(asking.roles & {"office", "admin"})
    if viewer.person is None or not allowed:
        raise NotVisible


def _sealed(key: int, sent: Sequence[Sent]) -> list[tuple[str, int, str]]:
    opened = secret(key)
    assert opened is not None
    found: list[tuple[str, int, str]] = []
    for file in sent:
        packed = zlib.compress(file.data, 1)
        for at in range(0, len(packed), PIECE):
            found.append((file.name, len(found), base64.b64encode(seal(opened, packed[at : at + PIECE])).decode()))
    return found


@atomic
async def _write_down(
    person: int, kind: str, group: int, name: str, key: int, pieces: Sequence[tuple[str, int, str]]
) -> int:
    upload, now = new_id(), clock.now()
    await db.run(
        f"INSERT INTO grades_upload ({_COLUMNS})"
        " VALUES (?, ?, ?, ?, ?, ?, 'waiting', '{}', '{}', '{}', 0, 0, ?, ?)",
        *(upload, person, group, kind, name[:200], key, now, now),
    )
    await _add_pieces(upload, pieces)
    return upload


async def _add_pieces(upload: int, pieces: Sequence[tuple[str, int, str]]) -> None:
    await db.run_many(
        "INSERT INTO grades_upload_part (id, upload, file, position, body) VALUES (?, ?, ?, ?, ?)",
        [(new_id(), upload, file, position, body) for file, position, body in pieces],
    )


@atomic
async def put_in(upload: int, pieces: Sequence[tuple[str, int, str]]) -> None:
    """The files of an import that had none yet: what a service answered."""
    await db.run("DELETE FROM grades_upload_part WHERE upload = ?", upload)
    await _add_pieces(upload, pieces)


async def seal_up(upload: Upload, sent: Sequence[Sent]) -> list[tuple[str, int, str]]:
    return await asyncio.to_thread(_sealed, upload.key, sent)


@atomic
async def awaited(person: int, name: str, key: int) -> int:
    """An import whose files are still to be fetched from the service."""
    return await _write_down(person, "service", 0, name, key, ())


async def files(upload: Upload) -> list[Sent]:
    """What was sent. Raises Refused where it is gone."""
    opened = secret(upload.key) if upload.key else None
    rows = await db.rows("SELECT file, body FROM grades_upload_part WHERE upload = ? ORDER BY position", upload.id)
    if opened is None or not rows:
        raise Refused(_("The file is gone: it is kept for a day. Please send it again."))

    def unsealed() -> list[Sent]:
        packed: dict[str, bytearray] = {}
        for name, body in rows:
            packed.setdefault(name, bytearray()).extend(unseal(opened, base64.b64decode(body)))
        rows.clear()
        return [Sent(name, zlib.decompress(packed.pop(name))) for name in list(packed)]

    return await asyncio.to_thread(unsealed)


# ---- Looking at imports ----


async def find(viewer: Viewer, upload: int) -> Upload:
    """An import that this person may see. Raises NotVisible."""
    found = await load(upload)
    if found is None or (found.kind == "sheet" and found.person != viewer.person):
        raise NotVisible
    await may(viewer, found.kind, found.group)
    return found


async def load(upload: int) -> Upload | None:
    rows = await _select("id = ?", upload)
    return rows[0] if rows else None


async def recent(viewer: Viewer, group: int = 0) -> list[Upload]:
    """This person's latest sheets for a class, or the whole school's latest gradebooks; who may see them was asked."""
    if group:
        return await _select("group_id = ? AND person = ?", group, viewer.person)
    return await _select("group_id = ?", 0)


async def _select(where: str, *values: int | None) -> list[Upload]:
    sql = f"SELECT {_COLUMNS} FROM grades_upload WHERE {where} ORDER BY id DESC LIMIT {SHOWN}"
    return [
        Upload(*row[:7], *(json.loads(text) for text in row[7:10]), *row[10:]) for row in await db.rows(sql, *values)
    ]


# ---- From one state to the next ----


@atomic
async def move(
    upload: int,
    state: str,
    *,
    before: Sequence[str] = STATES,
    summary: dict[str, Any] | None = None,
    wanted: dict[str, Any] | None = None,
    mapping: dict[str, Any] | None = None,
    job: str = "",
    later: int = 0,
) -> bool:
    """Takes an import into another state, if it is in one of those `before`; with a job that is then asked for."""
    if await db.value("SELECT state FROM grades_upload WHERE id = ?", upload) not in before:
        return False
    await db.run("UPDATE grades_upload SET state = ?, changed_at = ? WHERE id = ?", state, clock.now(), upload)
    for column, value in (("summary", summary), ("wanted", wanted), ("mapping", mapping)):
        if value is not None:
            await db.run(f"UPDATE grades_upload SET {column} = ? WHERE id = ?", json.dumps(value), upload)
    if job:
        await enqueue("grades", job, {"upload": upload}, clock.now() + later)
    return True


@atomic
async def progress(upload: int, done: int, total: int) -> None:
    await db.run(
        "UPDATE grades_upload SET done = ?, total = ?, changed_at = ? WHERE id = ?", done, total, clock.now(), upload
    )


async def forget_files(upload: Upload) -> None:
    """The files are not needed any more: their key first, so that nothing can open what may linger."""
    if upload.key:
        destroy_secret(upload.key)
    await _forget(upload.id)


@atomic
async def _forget(upload: int) -> None:
    await db.run("DELETE FROM grades_upload_part WHERE upload = ?", upload)
    await db.run("DELETE FROM grades_upload_line WHERE upload = ?", upload)
    await db.run("UPDATE grades_upload SET key = 0, mapping = '{}' WHERE id = ?", upload)


async def discard(viewer: Viewer, upload: int) -> None:
    """Throws an import away that was not written. Raises NotVisible."""
    found = await find(viewer, upload)
    if found.state in ("queued", "writing", "done"):
        return
    await forget_files(found)
    await _delete(upload)


@atomic
async def _delete(upload: int) -> None:
    await db.run("DELETE FROM grades_upload WHERE id = ?", upload)


async def sweep() -> None:
    """Lets go of files that waited for a day."""
    old = await db.rows("SELECT id FROM grades_upload WHERE key <> 0 AND made_at < ?", clock.now() - KEPT)
    for (upload,) in old:
        found = await load(upload)
        if found is not None:
            await forget_files(found)
            await move(upload, "failed", before=("waiting", "mapping", "ready", "queued", "writing"))
