"""Writes the made-up people down: bulk rows into an empty database, as an import would have left them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal import clock
from portal.consent import notices
from portal.db import atomic, db
from portal.demo.made import Made
from portal.identity import invitations
from portal.kinds import new_id
from portal.people import school as schools
from portal.people.school import School

SOURCE = "demo"
AWAKE = (7 * 60 + 30, 21 * 60)  # minutes of the day in which families sit down to this
OFFICE = (8 * 60, 15 * 60)
NOON = 12 * 60


@dataclass
class Ids:
    """The ids that keys got."""

    people: dict[str, int] = field(default_factory=dict)
    groups: dict[str, int] = field(default_factory=dict)


@atomic
async def write(made: Made, school: School, hashes: Mapping[str, str]) -> Ids:
    """Everything about people in one transaction. `hashes` are stored passwords by person's key."""
    ids = Ids()
    await schools.save(school)
    await _people(made, ids)
    await _groups(made, ids)
    await _families(made, ids)
    await _accounts(made, ids, hashes, school.timezone)
    return ids


async def _people(made: Made, ids: Ids) -> None:
    began = clock.now() - 400 * clock.DAY
    ids.people = {key: new_id() for key in made.people}
    await db.run_many(
        "INSERT INTO person (id, kind, given_name, family_name, email, phone, language, active, born,"
        " safeguarding_hold, source, external_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                *(ids.people[key], one.kind, one.given, one.family, one.email, one.phone, one.language),
                *(True, one.born, one.hold, SOURCE, key, began),
            )
            for key, one in made.people.items()
        ],
    )
    await db.run_many(
        "INSERT INTO role (id, person, role) VALUES (?, ?, ?)",
        [(new_id(), ids.people[key], role) for key, one in made.people.items() for role in one.roles],
    )


async def _groups(made: Made, ids: Ids) -> None:
    ids.groups = {key: new_id() for key in made.groups}
    await db.run_many(
        "INSERT INTO school_group (id, name, kind, until, source, external_id) VALUES (?, ?, 'homeroom', ?, ?, ?)",
        [(ids.groups[key], name, made.year_ends, SOURCE, key) for key, name in made.groups.items()],
    )
    await db.run_many(
        "INSERT INTO membership (id, child, group_id, starts, ends, source, external_id)"
        " VALUES (?, ?, ?, NULL, NULL, ?, NULL)",
        [
            (new_id(), ids.people[child], ids.groups[group], SOURCE)
            for group, children in made.members.items()
            for child in children
        ],
    )
    await db.run_many(
        "INSERT INTO staff (id, adult, group_id, source, external_id) VALUES (?, ?, ?, ?, NULL)",
        [(new_id(), ids.people[adult], ids.groups[group], SOURCE) for adult, group in made.staff],
    )


async def _families(made: Made, ids: Ids) -> None:
    who = ids.people
    await db.run_many(
        "INSERT INTO link (id, adult, child, decides, sees, relation, starts, ends, source)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                new_id(),
                who[tie.adult],
                who[tie.child],
                tie.decides,
                tie.sees,
                tie.relation,
                tie.starts,
                tie.ends,
                SOURCE,
            )
            for tie in made.ties
        ],
    )
    await db.run_many(
        "INSERT INTO block (id, adult, child, created_at) VALUES (?, ?, ?, ?)",
        [(new_id(), who[adult], who[child], clock.now() - 300 * clock.DAY) for adult, child in made.blocks],
    )
    homes: list[tuple[object, ...]] = []
    members: list[tuple[object, ...]] = []
    for at, home in enumerate(made.homes):
        number = new_id()
        homes.append((number, home.name, SOURCE, f"home{at}"))
        channels = "paper" if home.paper else "email"
        for order, adult in enumerate(home.adults, 1):
            members.append((new_id(), number, who[adult], order, channels))
        members.extend((new_id(), number, who[child], None, "") for child in home.children)
    await db.run_many("INSERT INTO household (id, name, source, external_id) VALUES (?, ?, ?, ?)", homes)
    await db.run_many(
        "INSERT INTO household_member (id, household, person, contact_order, channels) VALUES (?, ?, ?, ?, ?)", members
    )


def at_hours(at: int, hours: tuple[int, int], zone: str) -> int:
    """The same local day, or the next on which the office is open, but within these minutes of it.

    What comes earlier on a day stays earlier. Instants in microseconds UTC; never later than now.
    """
    local = clock.moment(at, zone)
    first, last = hours
    minute = first + (local.hour * 60 + local.minute) * (last - first) // (24 * 60)
    day = local.date()
    if hours == OFFICE:  # closed on Saturdays and Sundays
        day += timedelta(days=7 - day.weekday() if day.weekday() > 4 else 0)
    return min(clock.now(), clock.instant(datetime.combine(day, time(minute // 60, minute % 60), ZoneInfo(zone))))


async def _accounts(made: Made, ids: Ids, hashes: Mapping[str, str], zone: str) -> None:
    began = at_hours(clock.now() - 95 * clock.DAY, AWAKE, zone)
    await db.run_many(
        "INSERT INTO account (person, login, password, created_at) VALUES (?, ?, ?, ?)",
        [(ids.people[key], one.login, hashes[key], began) for key, one in made.people.items() if one.login],
    )


async def decide(made: Made, ids: Ids, zone: str) -> None:
    """Writes the ledger, under the photo notice as each person read it, in the order in which people decided."""
    texts = {}
    for language in {one.language for one in made.people.values()}:
        notice = await notices.current(notices.PHOTO, language)
        if notice is not None:
            texts[language] = notice
    now = clock.now()
    lines = []
    for said in made.answers:
        # A paper form counts from noon of its day.
        at = at_hours(now - said.ago * clock.MINUTE, (NOON, NOON) if said.paper else AWAKE, zone)
        notice = texts[made.people[said.by].language]
        way, entered, recorded = "account", None, at
        if said.paper:
            arrived = now - said.ago * clock.MINUTE + 2 * clock.DAY
            way, entered, recorded = "paper", ids.people["office"], at_hours(arrived, OFFICE, zone)
        lines.append(
            (
                *(new_id(), ids.people[said.child], ids.people[said.by], said.purpose, int(said.rung), at, said.until),
                *(notice.version, notice.sha256, notice.language, way, entered, recorded),
            )
        )
    await _ledger(lines)


@atomic
async def _ledger(lines: Sequence[tuple[object, ...]]) -> None:
    await db.run_many(
        "INSERT INTO decision (id, child, made_by, purpose, rung, at, until, notice_version, notice_sha256, language,"
        " way, entered_by, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        lines,
    )


@atomic
async def read_notices(made: Made, ids: Ids, unread: frozenset[str]) -> None:
    """Everybody with an account has read the notices of the first version; most have read the newest one too."""
    newest = {kind: found[0] for kind in notices.KINDS if (found := await notices.versions(kind))}
    cast = {member.key for member in made.cast}
    rows = []
    for place, (key, one) in enumerate(made.people.items()):
        if not one.login:
            continue
        for kind, latest in newest.items():
            behind = key in unread or (place % 4 == 3 and key not in cast)
            seen = 1 if behind else latest.version
            language = one.language if one.language in latest.languages else latest.languages[0]
            rows.append((new_id(), ids.people[key], kind, seen, language, clock.now() - 9 * clock.DAY))
    await db.run_many(
        "INSERT INTO notice_seen (id, person, kind, version, language, at) VALUES (?, ?, ?, ?, ?, ?)", rows
    )


async def invite(made: Made, ids: Ids, zone: str) -> None:
    """Half of the guardians without an account have a letter that nobody has answered yet."""
    waiting = [key for key in made.people if key in made.guardians and not made.people[key].login]
    codes = invitations.fresh([ids.people[key] for key in waiting[::2]])
    printed = at_hours(clock.now() - 12 * clock.DAY, OFFICE, zone)
    await invitations.record(codes, invitations.LETTER, by=ids.people["office"], now=printed)
