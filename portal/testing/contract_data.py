"""What a plugin keeps about people, tried on a filled school: named, exported, erased, and let go of in time."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal import clock
from portal.db import db, marks
from portal.errors import Refused
from portal.hooks.host import Plugin, host
from portal.hooks.specs import Stored
from portal.kinds import PHOTO
from portal.plugins import jobs, keeping
from portal.testing.contract_pages import Filled
from portal.testing.contract_tables import columns

LONG = re.compile(r"\d{15,19}")  # an id within a text
PLAUSIBLE = 20 * 366 * clock.DAY  # an instant in microseconds lies no farther from now


@dataclass
class Held:
    """The values of one column that are ids of something known."""

    people: set[int] = field(default_factory=set)
    photos: set[int] = field(default_factory=set)
    files: set[int] = field(default_factory=set)
    in_text: bool = False


async def problems(of: Filled) -> list[str]:
    """One line for each thing that is wrong with what is kept. The school is a heap of ruins afterwards."""
    found = []
    tables = await _tables(of.plugin)
    held = {place: each async for place, each in _held(of, tables)}
    found += list(_unnamed(of.plugin, held))
    found += await _untried(of.plugin)
    found += [line async for line in _work(of)]
    found += [line async for line in _erasing(of, tables, held)]
    return found


async def _tables(plugin: Plugin) -> dict[str, dict[str, str]]:
    prefix = f"{plugin.about.name}_"
    return {table: kinds for table, kinds in (await columns()).items() if table.startswith(prefix)}


def _by_table(plugin: Plugin) -> dict[str, Stored]:
    return {stored.table: stored for stored in plugin.about.stores}


# ---- What the columns hold ----


async def _held(of: Filled, tables: Mapping[str, Iterable[str]]) -> AsyncIterator[tuple[tuple[str, str], Held]]:
    people, stores = set(of.school.ids.values()), _by_table(of.plugin)
    photos = {photo for (photo,) in await db.rows("SELECT id FROM photo")}
    files = {file for (file,) in await db.rows("SELECT id FROM kept_file")}
    for table, names in tables.items():
        held = {column: Held() for column in names}
        stored = stores.get(table)
        for values in await db.rows(f"SELECT {', '.join(names)} FROM {table}"):
            row = dict(zip(names, values, strict=True))
            going = {row[column] for column in stored.people} if stored and stored.on_erase == "delete" else set()
            for column, value in row.items():
                if isinstance(value, int):
                    held[column].people |= {value} & people
                    held[column].photos |= {value} & photos
                    held[column].files |= {value} & files
                elif isinstance(value, str) and {int(n) for n in LONG.findall(value)} & people - going:
                    held[column].in_text = True  # of somebody with whom this row does not go
        for column, each in held.items():
            yield (table, column), each


def _unnamed(plugin: Plugin, held: Mapping[tuple[str, str], Held]) -> Iterator[str]:
    stores = _by_table(plugin)
    for (table, column), each in held.items():
        stored = stores.get(table)
        if each.in_text:
            yield (
                f"{table}.{column} holds ids of people within a text, where nothing can erase them: give them a table"
                " with a column of their own."
            )
        elif each.people and (stored is None or column not in stored.people):
            yield f"{table}.{column} holds ids of people, but no Stored names it in `people`."
        if each.photos and (stored is None or column not in stored.photos):
            yield f"{table}.{column} holds ids of photos, but no Stored names it in `photos`: they would stay for ever."
        if each.files and (stored is None or column not in stored.files):
            yield f"{table}.{column} holds ids of kept files, but no Stored names it in `files`: they would stay."


async def _untried(plugin: Plugin) -> list[str]:
    found = []
    for stored in plugin.about.stores:
        if stored.table and (stored.people or stored.days) and not await _count(stored.table):
            found.append(f"{stored.table} is empty after `fill`: nothing could be tried with it.")
    return found


async def _count(table: str) -> int:
    return int(await db.value(f'SELECT COUNT(*) FROM "{table}"'))


# ---- Jobs and events ----


async def _work(of: Filled) -> AsyncIterator[str]:
    """Does what is due, with word of something that was decided."""
    name = of.plugin.about.name
    host.wake(name)
    purposes = [f"{name}.{purpose}" for purpose in of.plugin.answers.purposes] or [PHOTO]
    for purpose in purposes:
        await jobs.emit("consent.changed", of.school.ids["mia"], purpose)
    await of.school.work()
    if (trouble := host.troubles.get(name)) is not None:
        yield f"Its {trouble.place} fails with {trouble.kind}; the log says more."
        host.wake(name)


# ---- Erasing ----


async def _erasing(
    of: Filled, tables: Mapping[str, Iterable[str]], held: Mapping[tuple[str, str], Held]
) -> AsyncIterator[str]:
    stores = _by_table(of.plugin)
    named = {
        place: each.people for place, each in held.items()
        if each.people and place[0] in stores and place[1] in stores[place[0]].people
    }  # fmt: skip
    kept = {place for place in named if stores[place[0]].on_erase == "keep"}
    theirs = {(stored.table, column) for stored in stores.values() for column in stored.photos}
    photos = {photo for place, each in held.items() if place in theirs for photo in each.photos}
    name = of.plugin.about.name
    for person in sorted(set().union(*named.values())):
        told = {portion.table for portion in await keeping.about_person(person) if portion.plugin == name}
        for (table, column), people in named.items():
            if person in people and await _holds(table, column, person) and table not in told:
                yield f"{table}.{column}: what is kept about a person is not in the person's export."
        try:
            await keeping.erase_person(person)
        except Exception as failure:
            cause = host.troubles.get(name)
            reason = f"{cause.place}: {cause.kind}" if cause and isinstance(failure, Refused) else _short(failure)
            yield f"Erasing a person fails ({reason}), so nothing about them would be erased."
            return
        for table, names in tables.items():
            for column in names:
                if (table, column) in named and (table, column) not in kept and await _holds(table, column, person):
                    yield f"{table}.{column} holds the id of somebody who was erased."
                    return
    async for line in _work(of):
        yield line
    async for line in _photos_gone(of, photos, stores):
        yield line


async def _holds(table: str, column: str, person: int) -> bool:
    return bool(await db.rows(f'SELECT 1 FROM "{table}" WHERE "{column}" = ? LIMIT 1', person))


async def _photos_gone(of: Filled, photos: set[int], stores: Mapping[str, Stored]) -> AsyncIterator[str]:
    """Photos whose rows went must be gone, too."""
    still: set[int] = set()
    for stored in stores.values():
        for column in stored.photos:
            still |= {photo for (photo,) in await db.rows(f'SELECT DISTINCT "{column}" FROM "{stored.table}"')}
    gone = sorted(photos - still)
    name = of.plugin.about.name
    left = await db.rows(
        f"SELECT owner FROM photo WHERE state <> 'erased' AND id IN ({marks(len(gone))})", *gone
    ) if gone else []  # fmt: skip
    if any(owner != name for (owner,) in left):
        yield f"Its photos are another's: say owner={name!r} to take_in_photo, or they are not erased with its rows."
    elif left:
        yield "Photos stay although the rows that named them are gone."


# ---- Letting go ----


async def expired(of: Filled) -> list[str]:
    """Whether rows go when they are as old as was said."""
    found = []
    for stored in of.plugin.about.stores:
        if stored.days is None or not stored.table:
            continue
        where, now = f"{stored.table}.{stored.since}", clock.now()
        instants = [at for (at,) in await db.rows(f'SELECT "{stored.since}" FROM "{stored.table}"') if at]
        if any(abs(at - now) > PLAUSIBLE for at in instants):
            found.append(f"{where} is no instant in microseconds UTC: store clock.now().")
            continue
        later = max(instants, default=now) + stored.days * clock.DAY + 1
        try:
            await keeping.expire(later)
        except Exception as failure:
            found.append(f"Letting go of {stored.table} after {stored.days} days fails: {_short(failure)}")
            continue
        if await db.value(f'SELECT 1 FROM "{stored.table}" WHERE "{stored.since}" > 0 LIMIT 1'):
            found.append(f"{stored.table} holds rows that are older than {stored.days} days.")
    return [*found, *[line async for line in _work(of)]]


def _short(failure: Any) -> str:
    return f"{type(failure).__name__}: {failure}"
