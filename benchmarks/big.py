"""A big made-up school for measuring: 2,000 families, 80 classes, as many photos as asked for."""

from __future__ import annotations

import itertools
import os
from dataclasses import dataclass, field
from pathlib import Path

from portal import clock
from portal.db import atomic, db
from portal.db.migrate import migrate
from portal.identity import sessions
from portal.kinds import new_id
from portal.main import apps, connect
from portal.people import school as schools
from portal.people.school import School
from portal.photos import connected
from portal.photos.intake import Rendition
from portal.photos.keys import create_master
from portal.settings import Settings, load

FAMILIES = 2_000
CLASSES = 80
PHOTO_BYTES = 60_000
BATCH = 50_000


@dataclass
class Big:
    """What the measurements ask for."""

    settings: Settings
    groups: list[int] = field(default_factory=list)
    children: list[int] = field(default_factory=list)
    guardians: list[int] = field(default_factory=list)
    teacher: int = 0
    token: str = ""  # of a guardian with a child in the first class


async def build(folder: Path, photos: int, port: int = 8000) -> Big:
    """Makes the school in `folder`, with `photos` published photos of three children each."""
    settings = load({"PORTAL_DATA": str(folder), "PORTAL_PORT": str(port)})
    create_master(settings.master_key)
    connect(settings, durable=False)
    await migrate(apps())
    big = Big(settings)
    await _people(big)
    for start in range(0, photos, BATCH):
        await _photos(big, start, min(photos, start + BATCH))
    big.token = await sessions.begin(big.guardians[0], "bench", staff=False)
    return big


@atomic
async def _people(big: Big) -> None:
    number = itertools.count(10_000)
    now = clock.now()
    await schools.save(School(name="Big School", timezone="Europe/Berlin"))
    big.groups = [next(number) for _ in range(CLASSES)]
    big.children = [next(number) for _ in range(FAMILIES)]
    big.guardians = [next(number) for _ in range(FAMILIES * 2)]
    big.teacher = next(number)
    await db.run_many(
        "INSERT INTO school_group (id, name, kind, until, source) VALUES (?, ?, 'homeroom', '2099-07-31', 'bench')",
        [(group, f"{n // 4 + 1}{'abcd'[n % 4]}") for n, group in enumerate(big.groups)],
    )
    people = [(c, "child", f"Child{n}", None, "2017-05-05") for n, c in enumerate(big.children)]
    people += [(g, "adult", f"Guardian{n}", f"g{n}@school.example", None) for n, g in enumerate(big.guardians)]
    people.append((big.teacher, "adult", "Teacher", "t@school.example", None))
    await db.run_many(
        "INSERT INTO person (id, kind, given_name, family_name, email, language, active, born, safeguarding_hold,"
        " source, created_at) VALUES (?, ?, ?, 'Family', ?, 'en', TRUE, ?, FALSE, 'bench', 0)",
        people,
    )
    await db.run_many(
        "INSERT INTO membership (id, child, group_id, source) VALUES (?, ?, ?, 'bench')",
        [(next(number), child, big.groups[n % CLASSES]) for n, child in enumerate(big.children)],
    )
    await db.run(
        "INSERT INTO staff (id, adult, group_id, source) VALUES (?, ?, ?, 'bench')",
        *(next(number), big.teacher, big.groups[0]),
    )
    pairs = [(guardian, big.children[n // 2]) for n, guardian in enumerate(big.guardians)]
    await db.run_many(
        "INSERT INTO link (id, adult, child, decides, sees, relation, source)"
        " VALUES (?, ?, ?, TRUE, TRUE, '', 'bench')",
        [(next(number), guardian, child) for guardian, child in pairs],
    )
    await db.run_many(
        "INSERT INTO decision (id, child, made_by, purpose, rung, at, notice_version, notice_sha256, language, way,"
        " recorded_at) VALUES (?, ?, ?, ?, ?, ?, 1, '', 'en', 'account', 0)",
        [
            # one child in ten is not to be shown to the class
            (next(number), child, guardian, purpose, 1 if child % 10 == 3 else 2 + guardian % 3, now - clock.DAY)
            for guardian, child in pairs
            for purpose in ("photo", "video")
        ],
    )


@atomic
async def _photos(big: Big, start: int, end: int) -> None:
    rows, streams = [], []
    for n in range(start, end):
        group = n % CLASSES
        photo = new_id()
        children = [big.children[(group + CLASSES * ((n // CLASSES + k * 7) % 25)) % FAMILIES] for k in range(3)]
        rows.append((photo, big.teacher, str(big.groups[group]), ",".join(map(str, children))))
        streams += [(new_id(), stream, photo) for stream in (big.groups[group], *dict.fromkeys(children))]
    await db.run_many(
        "INSERT INTO photo (id, uploader, purpose, audience, groups, children, state, reviewed, redacted, owner, alt,"
        " width, height, created_at) VALUES (?, ?, 'photo', 'groups', ?, ?, 'published', TRUE, FALSE, 'stories',"
        " 'Children in the classroom', 1600, 1200, 0)",
        rows,
    )
    await db.run_many("INSERT INTO photo_stream (id, stream, photo) VALUES (?, ?, ?)", streams)


async def some_photo(big: Big) -> int:
    """A photo of the first class that its families see, with a sealed file of 60 KB for each size."""
    photo = new_id()
    child = next(c for c in big.children[::CLASSES] if c % 10 != 3)
    await _one(big, photo, child)
    body = os.urandom(PHOTO_BYTES)
    connected.vault().keep(
        photo, 0, [Rendition(name, "webp", 1600, 1200, body) for name in ("small", "medium", "large", "print")]
    )
    return photo


@atomic
async def _one(big: Big, photo: int, child: int) -> None:
    await db.run(
        "INSERT INTO photo (id, uploader, purpose, audience, groups, children, state, reviewed, redacted, owner, alt,"
        " width, height, created_at) VALUES (?, ?, 'photo', 'groups', ?, ?, 'published', TRUE, FALSE, 'stories',"
        " 'Children in the classroom', 1600, 1200, 0)",
        *(photo, big.teacher, str(big.groups[0]), str(child)),
    )
    for stream in (big.groups[0], child):
        await db.run("INSERT INTO photo_stream (id, stream, photo) VALUES (?, ?, ?)", new_id(), stream, photo)
