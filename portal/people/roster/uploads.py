"""Uploaded rosters between their preview and their import. Instants are microseconds UTC."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, cast

import msgspec

from portal import clock
from portal.db import atomic, db
from portal.kinds import new_id
from portal.people.roster import source
from portal.people.roster.actions import Outcome, Package
from portal.people.roster.limits import MAX_TOTAL, MIB
from portal.people.roster.problems import Problems

KEPT = clock.HOUR  # how long an upload waits for its confirmation
STUCK = 10 * clock.MINUTE  # an import that runs for longer was interrupted; it has changed nothing
MOST_BYTES = MAX_TOTAL + MIB
_LISTED = 20

State = Literal["waiting", "running", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Upload:
    """`result` is the outcome's JSON once done; `data` is empty by then."""

    id: int
    by: int
    name: str
    created_at: int
    state: State
    data: bytes
    result: dict[str, Any]


@atomic
async def keep(person: int, files: list[tuple[str, bytes]], households: tuple[str, bytes] | None) -> int:
    """Stores an upload until it is confirmed or an hour has passed. Returns its id."""
    id_ = new_id()
    await db.run(
        "INSERT INTO roster_upload (id, person, created_at, state, data, result) VALUES (?, ?, ?, 'waiting', ?, '{}')",
        *(id_, person, clock.now(), msgspec.msgpack.encode([files, households])),
    )
    return id_


def package(upload: Upload) -> Package:
    """The uploaded files, opened."""
    files, households = msgspec.msgpack.decode(
        upload.data, type=tuple[list[tuple[str, bytes]], tuple[str, bytes] | None]
    )
    problems = Problems()
    beside = source.RawFile(*households) if households else None
    return Package(source.from_uploads(files, problems), beside, problems)


async def find(id_: int) -> Upload | None:
    """One upload."""
    return next(iter(await _select("u.id = ?", id_)), None)


async def recent() -> list[Upload]:
    """The latest uploads, newest first, without their files."""
    return await _select("u.id > ?", 0, light=True)


async def _select(where: str, value: int, *, light: bool = False) -> list[Upload]:
    data = "''" if light else "u.data"
    rows = await db.rows(
        f"SELECT u.id, u.person, p.given_name, p.family_name, u.created_at, u.state, {data}, u.result"
        f" FROM roster_upload u JOIN person p ON p.id = u.person WHERE {where} ORDER BY u.id DESC LIMIT {_LISTED}",
        value,
    )
    late = clock.now() - STUCK
    return [
        Upload(
            id_,
            by,
            f"{given} {family}".strip(),
            at,
            cast(State, "failed" if state == "running" and began(result, at) < late else state),
            bytes(packed, "utf-8") if isinstance(packed, str) else bytes(packed),
            msgspec.json.decode(result),
        )
        for id_, by, given, family, at, state, packed, result in rows
    ]


def began(result: str, otherwise: int) -> int:
    """When an import began, as noted in its result."""
    return int(msgspec.json.decode(result).get("began", otherwise))


@atomic
async def begin(id_: int) -> bool:
    """Marks a waiting upload as being imported; False if it is not waiting (any more)."""
    if await db.value("SELECT state FROM roster_upload WHERE id = ?", id_) != "waiting":
        return False
    result = msgspec.json.encode({"began": clock.now()}).decode()
    await db.run("UPDATE roster_upload SET state = 'running', result = ? WHERE id = ?", result, id_)
    return True


@atomic
async def finish(id_: int, outcome: Outcome) -> None:
    """Keeps what the import did, and forgets the files."""
    result = msgspec.json.encode(outcome.as_json()).decode()
    await db.run("UPDATE roster_upload SET state = 'done', data = ?, result = ? WHERE id = ?", b"", result, id_)


@atomic
async def wait_again(id_: int) -> None:
    """Back to the preview: something has changed since it was shown."""
    await db.run("UPDATE roster_upload SET state = 'waiting', result = ? WHERE id = ?", '{"again": true}', id_)


@atomic
async def fail(id_: int) -> None:
    """The import broke off; nothing was imported."""
    await db.run("UPDATE roster_upload SET state = 'failed', data = ?, result = '{}' WHERE id = ?", b"", id_)


@atomic
async def discard(id_: int) -> None:
    """Forgets an upload that was not imported."""
    await db.run("DELETE FROM roster_upload WHERE id = ? AND state IN ('waiting', 'failed')", id_)


async def sweep() -> None:
    """Deletes what has waited for too long: the files hold a whole school's addresses. Cheap if there is nothing."""
    before = clock.now() - KEPT
    if await db.rows("SELECT 1 FROM roster_upload WHERE created_at < ? AND state <> 'done' LIMIT 1", before):
        await _delete_before(before)


@atomic
async def _delete_before(instant: int) -> None:
    await db.run("DELETE FROM roster_upload WHERE created_at < ? AND state <> 'done'", instant)
