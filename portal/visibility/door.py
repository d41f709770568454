"""The door: the only way to photos. Lists and single looks both ask the one rule.

Whoever wants photos for a viewer calls `listing`, `look`, `looks` or `described`; `own_children` and `with_own_child`
say in which of those shown the viewer's own child can be recognised. The review desk has `desk`, `desk_look` and
`handled`. Nobody else selects from the photo tables for a viewer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace

from portal import clock
from portal.db import Row, atomic, db, marks
from portal.kinds import Shown, Viewer, new_id
from portal.visibility import index, rule
from portal.visibility.facts import Snapshot, snapshot
from portal.visibility.rule import PhotoFacts, Reason, Standing, Verdict

NEWEST = 2**63 - 1
SCAN_LIMIT = 5_000  # candidates looked at for one page of a list, so that no list can hold up the server
MANY_STREAMS = 100  # from here on one IN list is better than a merge of single streams


Description = tuple[int, str, int, int]  # a photo's id, alt text, width and height


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of photos, newest first. `before` continues it; None when there is no more."""

    photos: Sequence[Shown]
    before: int | None


async def standing(viewer: Viewer, facts: Snapshot | None = None) -> Standing:
    """How the viewer stands now."""
    facts = facts or await snapshot()
    return await facts.viewer(viewer.person)


async def look(viewer: Viewer, photo: int, facts: Snapshot | None = None) -> Shown | None:
    """The photo as this viewer gets it; None if absent or not for them, which look the same."""
    facts = facts or await snapshot()
    shown = await _shown(facts, await facts.viewer(viewer.person), await _rows([photo]))
    return shown[0] if shown else None


async def looks(viewer: Viewer, photos: Sequence[int], facts: Snapshot | None = None) -> dict[int, Shown]:
    """Those of the photos that this viewer gets. The same number of queries for 1 and for 30."""
    facts = facts or await snapshot()
    who = await facts.viewer(viewer.person)
    return {shown.photo: shown for shown in await _shown(facts, who, await _rows(photos))}


async def described(viewer: Viewer, photos: Sequence[int], facts: Snapshot | None = None) -> list[Description]:
    """Alt text and size of those of the photos that this viewer gets: what a page of many pictures needs."""
    facts = facts or await snapshot()
    who = await facts.viewer(viewer.person)
    rows = await _rows(photos)
    return [
        (row[0], "" if verdict.redaction else row[9], row[10], row[11])  # the alt text is of the original
        for row, (_photo, verdict) in zip(rows, await _judge(facts, who, rows), strict=True)
        if verdict.redaction is not None
    ]


async def listing(
    viewer: Viewer,
    limit: int = 20,
    before: int | None = None,
    within: int | None = None,
    facts: Snapshot | None = None,
) -> Listing:
    """The newest photos that this viewer gets, older than the photo `before`.

    `within` narrows the list to one stream: a group's, or that of a child who appears.
    """
    facts = facts or await snapshot()
    who = await facts.viewer(viewer.person)
    streams = [within] if within is not None else sorted(who.streams | who.family_of)

    async def candidates(below: int, count: int) -> list[Row]:
        return await _newest(streams, below, count)

    async def judge(rows: list[Row]) -> list[Shown]:
        return await _shown(facts, who, rows)

    return await _page(candidates, judge, limit, before)


async def _page(
    candidates: Callable[[int, int], Awaitable[list[Row]]],
    judge: Callable[[list[Row]], Awaitable[list[Shown]]],
    limit: int,
    before: int | None,
) -> Listing:
    """Reads candidates newest first until `limit` of them were judged to be shown."""
    found: list[Shown] = []
    below, looked, count = before or NEWEST, 0, limit + limit // 2 + 2
    while looked < SCAN_LIMIT:
        rows = await candidates(below, count)
        found += await judge(rows)
        if len(found) > limit:
            return Listing(found[:limit], found[limit - 1].photo)
        if len(rows) < count:
            return Listing(found, None)
        below, looked, count = rows[-1][0], looked + count, min(count * 2, 500)
    return Listing(found, below)


async def _rows(photos: Sequence[int]) -> list[Row]:
    if not photos:
        return []
    return await db.rows(f"SELECT {index.COLUMNS} FROM photo p WHERE p.id IN ({marks(len(photos))})", *photos)


async def _newest(streams: Sequence[int], below: int, count: int) -> list[Row]:
    """The newest photos of these streams, each stream read in index order and no further than needed."""
    if len(streams) > MANY_STREAMS:
        ids = f"SELECT DISTINCT photo FROM photo_stream WHERE stream IN ({marks(len(streams))}) AND photo < ?"
        args: list[int] = [*streams, below]
    else:
        ids = " UNION ".join(
            "SELECT photo FROM (SELECT photo FROM photo_stream WHERE stream = ? AND photo < ?"
            f" ORDER BY photo DESC LIMIT ?) AS s{number}"
            for number in range(len(streams))
        )
        args = [value for stream in streams for value in (stream, below, count)]
    return await db.rows(
        f"SELECT {index.COLUMNS} FROM (SELECT photo FROM ({ids}) AS found ORDER BY photo DESC LIMIT ?) AS newest"
        " JOIN photo p ON p.id = newest.photo ORDER BY p.id DESC",
        *args,
        count,
    )


async def _judge(facts: Snapshot, who: Standing, rows: Sequence[Row]) -> list[tuple[PhotoFacts, Verdict]]:
    """The rule's verdict on each row, in their order. Redactions are read only where one could help."""
    photos = [index.facts(row) for row in rows]
    children = await facts.children({child for photo in photos for child in photo.children})
    judged = [(photo, rule.verdict(who, photo, children)) for photo in photos]
    helped = {
        photo.id
        for row, (photo, verdict) in zip(rows, judged, strict=True)
        if row[8] and verdict.reason is Reason.NOT_PERMITTED
    }
    if not helped:
        return judged
    redactions = await index.redactions(sorted(helped))
    return [
        (photo, rule.verdict(who, replace(photo, redactions=redactions[photo.id]), children))
        if photo.id in helped
        else (photo, verdict)
        for photo, verdict in judged
    ]


async def _shown(facts: Snapshot, who: Standing, rows: Sequence[Row]) -> list[Shown]:
    # The alt text describes the original and may name whom a redaction hides, so it goes with the original alone.
    return [
        Shown(row[0], verdict.redaction, "" if verdict.redaction else row[9], row[10], row[11])
        for row, (_photo, verdict) in zip(rows, await _judge(facts, who, rows), strict=True)
        if verdict.redaction is not None
    ]


# The review desk


async def desk(viewer: Viewer, limit: int = 20, before: int | None = None, owner: str | None = None) -> Listing:
    """The photos that this person handles, newest first. Listing is no look; `desk_look` is."""
    facts = await snapshot()
    who = await facts.viewer(viewer.person)
    if who.person is None or who.is_child:
        return Listing([], None)

    async def candidates(below: int, count: int) -> list[Row]:
        where, args = _desk_candidates(who)
        return await db.rows(
            f"SELECT {index.COLUMNS} FROM photo p WHERE {where} AND p.id < ?"
            " AND (? = '' OR p.owner = ?) ORDER BY p.id DESC LIMIT ?",
            *(*args, below, owner or "", owner or "", count),
        )

    async def judge(rows: list[Row]) -> list[Shown]:
        return [Shown(photo.id) for photo in await _handled(facts, who, rows)]

    return await _page(candidates, judge, limit, before)


def _desk_candidates(who: Standing) -> tuple[str, list[int]]:
    if who.roles & {"admin", "safeguarding"}:
        return "p.state <> 'erased'", []
    groups = sorted(who.staff_of)
    staffed = f" OR p.id IN (SELECT photo FROM photo_stream WHERE stream IN ({marks(len(groups))}))"
    return f"(p.uploader = ?{staffed if groups else ''})", [who.person or 0, *groups]


async def _handled(facts: Snapshot, who: Standing, rows: Sequence[Row]) -> list[PhotoFacts]:
    photos = [index.facts(row) for row in rows]
    children = await facts.children({child for photo in photos for child in photo.children})
    return [photo for photo in photos if rule.handles(who, photo, children)]


async def handled(viewer: Viewer, photos: Collection[int]) -> dict[int, PhotoFacts]:
    """Those of the photos that this person handles, with what is stored about them (tags, state, audience)."""
    facts = await snapshot()
    who = await facts.viewer(viewer.person)
    return {photo.id: photo for photo in await _handled(facts, who, await _rows(list(photos)))}


@atomic
async def desk_look(viewer: Viewer, photo: int, what: str) -> bool:
    """Whether this person may see the original in the desk now; a look that is granted is written down first."""
    if photo not in await handled(viewer, [photo]):
        return False
    await db.run(
        "INSERT INTO access_log (id, at, person, photo, what) VALUES (?, ?, ?, ?, ?)",
        *(new_id(), clock.now(), viewer.person, photo, what),
    )
    return True


async def discardable(owner: str, photos: Collection[int]) -> tuple[list[int], list[int]]:
    """Of the photos that a plugin took in: those that may go when nobody is asking, and those held as evidence."""
    rows = await db.rows(
        f"SELECT {index.COLUMNS} FROM photo p WHERE p.owner = ? AND p.state <> 'erased'"
        f" AND p.id IN ({marks(len(photos))})",
        *(owner, *photos),
    )
    found = [index.facts(row) for row in rows]
    children = await (await snapshot()).children({child for photo in found for child in photo.children})
    held = [photo.id for photo in found if any(children[c].hold for c in photo.children if c in children)]
    return [photo.id for photo in found if photo.id not in held], held


async def own_children(viewer: Viewer, shown: Shown, facts: Snapshot | None = None) -> frozenset[int]:
    """The viewer's own children who can be recognised in what the viewer was shown."""
    return (await with_own_child(viewer, [shown], facts)).get(shown.photo, rule.NONE)


async def with_own_child(
    viewer: Viewer, shown: Collection[Shown], facts: Snapshot | None = None
) -> dict[int, frozenset[int]]:
    """Those photos in which children of the viewer's own can be recognised, with these children."""
    facts = facts or await snapshot()
    who = await facts.viewer(viewer.person)
    covering = [look.photo for look in shown if look.redaction]
    known = await index.redactions(covering)
    covered = {redaction.id: redaction.covers for of in known.values() for redaction in of}
    redactions = {look.photo: look.redaction for look in shown}
    found = {}
    for photo in map(index.facts, await _rows(list(redactions))):
        if own := (photo.children & who.family_of) - covered.get(redactions[photo.id], rule.NONE):
            found[photo.id] = own
    return found
