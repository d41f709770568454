"""Writes a world file's people, decisions and photos into an empty database."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from portal.db import atomic, db
from portal.kinds import Audience, AudienceKind
from portal.people import school as schools
from portal.people.school import School
from portal.visibility.index import joined
from portal.visibility.world import World

LONG_AGO = 10_000_000  # days; more than lie between any two dates


@dataclass(frozen=True, slots=True)
class Loaded:
    """How the world's names map to ids; redactions by photo and name."""

    persons: dict[str, int]
    photos: dict[str, int]
    redactions: dict[tuple[str, str], int]


@atomic
async def load(world: World) -> Loaded:
    """Writes everything. Ids grow in the file's order, because the order of the ledger and of redactions matters."""
    number = itertools.count(1000)
    groups = {group.id: next(number) for group in world.groups}
    persons = {name: next(number) for name in (*(c.id for c in world.children), *(a.id for a in world.adults))}
    photos = {photo.id: next(number) for photo in world.photos}
    redactions = {(photo.id, r.id): next(number) for photo in world.photos for r in photo.redactions}
    await schools.save(
        School(
            name="World",
            timezone=world.timezone,
            quorum=world.policy.quorum,
            grace_days=min(world.policy.grace_days, LONG_AGO),
            voice_mode=world.policy.mode,
            voice_from_age=min(world.policy.from_age, 18),
            account_from_age=0,
        )
    )
    await db.run_many(
        "INSERT INTO school_group (id, name, kind, until, source) VALUES (?, 'group', 'homeroom', ?, 'world')",
        [(groups[group.id], group.until) for group in world.groups],
    )
    await _people(world, persons, groups, number)
    await db.run_many(
        "INSERT INTO decision (id, child, made_by, purpose, rung, at, until, notice_version, notice_sha256, language,"
        " way, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, 1, '', 'en', 'import', 0)",
        [
            (next(number), persons[d.child], persons[d.by], d.purpose, d.rung, d.at, d.until)
            for d in world.decisions
        ],
    )
    await _photos(world, Loaded(persons, photos, redactions), groups, number)
    return Loaded(persons, photos, redactions)


async def _people(
    world: World, persons: dict[str, int], groups: dict[str, int], number: itertools.count[int]
) -> None:
    await db.run_many(
        "INSERT INTO person (id, kind, given_name, family_name, language, active, born, safeguarding_hold, source,"
        " created_at) VALUES (?, ?, 'Person', '', 'en', ?, ?, ?, 'world', 0)",
        [
            *((persons[c.id], "child", True, c.born, c.safeguarding_hold) for c in world.children),
            *((persons[a.id], "adult", a.active, None, False) for a in world.adults),
        ],
    )
    await db.run_many(
        "INSERT INTO membership (id, child, group_id, starts, ends, source) VALUES (?, ?, ?, ?, ?, 'world')",
        [
            (next(number), persons[child.id], groups[stay.group], stay.start, stay.end)
            for child in world.children
            for stay in child.groups
        ],
    )
    await db.run_many(
        "INSERT INTO role (id, person, role) VALUES (?, ?, ?)",
        [(next(number), persons[a.id], role) for a in world.adults for role in dict.fromkeys(a.roles)],
    )
    await db.run_many(
        "INSERT INTO staff (id, adult, group_id, source) VALUES (?, ?, ?, 'world')",
        [(next(number), persons[a.id], groups[group]) for a in world.adults for group in dict.fromkeys(a.staff_of)],
    )
    await db.run_many(
        "INSERT INTO link (id, adult, child, decides, sees, relation, starts, ends, source)"
        " VALUES (?, ?, ?, ?, ?, '', ?, ?, 'world')",
        [
            (next(number), persons[k.adult], persons[k.child], k.decides, k.sees, k.start, k.end)
            for k in world.links
        ],
    )
    await db.run_many(
        "INSERT INTO block (id, adult, child, created_at) VALUES (?, ?, ?, 0)",
        [(next(number), persons[b.adult], persons[b.child]) for b in world.blocks],
    )


async def _photos(world: World, loaded: Loaded, groups: dict[str, int], number: itertools.count[int]) -> None:
    rows: list[Sequence[object]] = []
    streams: list[tuple[int, int, int]] = []
    for photo in world.photos:
        audience = Audience(AudienceKind(photo.audience), tuple(groups[g] for g in photo.groups))
        children = [loaded.persons[child] for child in photo.children]
        key = loaded.photos[photo.id]
        rows.append(
            (
                *(key, loaded.persons[photo.by], photo.purpose, photo.audience),
                *(joined(audience.groups), joined(children), photo.state, photo.reviewed, bool(photo.redactions)),
            )
        )
        streams += [(next(number), stream, key) for stream in dict.fromkeys([*audience.streams, *children])]
    await db.run_many(
        "INSERT INTO photo (id, uploader, purpose, audience, groups, children, state, reviewed, redacted, owner, alt,"
        " width, height, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'world', '', 40, 30, 0)",
        rows,
    )
    await db.run_many("INSERT INTO photo_stream (id, stream, photo) VALUES (?, ?, ?)", streams)
    await db.run_many(
        "INSERT INTO redaction (id, photo, position, approved, covers) VALUES (?, ?, ?, ?, ?)",
        [
            (
                loaded.redactions[photo.id, redaction.id],
                loaded.photos[photo.id],
                position,
                redaction.approved,
                joined(loaded.persons[child] for child in redaction.covers),
            )
            for photo in world.photos
            for position, redaction in enumerate(photo.redactions)
        ],
    )
