"""Photos as rows: how a photo is written down, and read back as the rule's facts.

A photo stands in the stream of each group or child, or of the school or the public; lists read the streams in the
order of their index. A stream only says where to look, the rule alone decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from portal import clock
from portal.db import Row, atomic, db, marks
from portal.kinds import PHOTO, Audience, AudienceKind, new_id
from portal.visibility.rule import PhotoFacts, RedactionFacts

COLUMNS = (
    "p.id, p.uploader, p.purpose, p.audience, p.groups, p.children, p.state, p.reviewed, p.redacted,"
    " p.alt, p.width, p.height, p.withheld"
)


def joined(ids: Iterable[int]) -> str:
    """Ids as they stand in a row."""
    return ",".join(map(str, dict.fromkeys(ids)))


def split(text: str) -> frozenset[int]:
    """Ids of a row."""
    return frozenset(map(int, text.split(","))) if text else frozenset()


@lru_cache(maxsize=4096)
def facts(row: Row) -> PhotoFacts:
    """A row of `COLUMNS` as the rule reads it, still without redactions. The same row is always the same facts."""
    photo, uploader, purpose, audience, groups, children, state, reviewed, *_, withheld = row
    return PhotoFacts(
        id=photo,
        uploader=uploader,
        purpose=purpose,
        audience=AudienceKind(audience),
        groups=split(groups),
        children=split(children),
        state=state,
        reviewed=bool(reviewed),
        withheld=bool(withheld),
    )


async def redactions(photos: Sequence[int]) -> dict[int, list[RedactionFacts]]:
    """The redactions of these photos in their order."""
    found: dict[int, list[RedactionFacts]] = {photo: [] for photo in photos}
    if photos:
        for photo, redaction, approved, covers in await db.rows(
            "SELECT photo, id, approved, covers FROM redaction"
            f" WHERE photo IN ({marks(len(photos))}) ORDER BY photo, position",
            *photos,
        ):
            found[photo].append(RedactionFacts(redaction, bool(approved), split(covers)))
    return found


@atomic
async def add(
    uploader: int,
    audience: Audience,
    *,
    owner: str,
    purpose: str = PHOTO,
    children: Iterable[int] = (),
    state: str = "draft",
    reviewed: bool = False,
    alt: str = "",
    size: tuple[int, int] = (0, 0),
    photo: int | None = None,
) -> int:
    """Writes a new photo down and returns its id. `size` is width and height after orientation."""
    photo = photo or new_id()
    children = list(dict.fromkeys(children))
    await db.run(
        "INSERT INTO photo (id, uploader, purpose, audience, groups, children, state, reviewed, redacted, owner,"
        " alt, width, height, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        *(photo, uploader, purpose, audience.kind.value, joined(audience.groups), joined(children)),
        *(state, reviewed, False, owner, alt, size[0], size[1], clock.now()),
    )
    await _place(photo, audience.streams, children)
    return photo


async def _place(photo: int, streams: Iterable[int], children: Iterable[int]) -> None:
    await db.run("DELETE FROM photo_stream WHERE photo = ?", photo)
    places = dict.fromkeys([*streams, *children])
    await db.run_many(
        "INSERT INTO photo_stream (id, stream, photo) VALUES (?, ?, ?)",
        [(new_id(), stream, photo) for stream in places],
    )
    await _mark_withheld("id = ?", photo)


async def _mark_withheld(which: str, number: int) -> None:
    """Works out for some photos whether they are withheld: while a child appears who is. Such are not published."""
    await db.run(
        "UPDATE photo SET withheld = EXISTS (SELECT 1 FROM photo_stream s JOIN withheld_child w ON w.child = s.stream"
        f" WHERE s.photo = photo.id) WHERE {which}",
        number,
    )
    await db.run(f"UPDATE photo SET state = 'hidden' WHERE state = 'published' AND withheld AND {which}", number)


@atomic
async def offer(photo: int, audience: Audience) -> None:
    """Changes to whom a photo is offered."""
    children = await db.value("SELECT children FROM photo WHERE id = ?", photo)
    await db.run(
        "UPDATE photo SET audience = ?, groups = ? WHERE id = ?",
        audience.kind.value,
        joined(audience.groups),
        photo,
    )
    await _place(photo, audience.streams, split(children))


@atomic
async def tag(photo: int, children: Iterable[int]) -> None:
    """Changes which children appear. The statement that all are tagged is taken back."""
    children = list(dict.fromkeys(children))
    kind, groups = (await db.rows("SELECT audience, groups FROM photo WHERE id = ?", photo))[0]
    audience = Audience(AudienceKind(kind), tuple(split(groups)))
    await db.run("UPDATE photo SET children = ?, reviewed = ? WHERE id = ?", joined(children), False, photo)
    await _place(photo, audience.streams, children)


@atomic
async def set_state(photo: int, state: str) -> None:
    """Moves a photo between 'draft', 'published', 'hidden' and 'erased'. What is withheld is not published."""
    await db.run(
        "UPDATE photo SET state = ? WHERE id = ? AND state <> 'erased'"
        + (" AND NOT withheld" if state == "published" else ""),
        *(state, photo),
    )


@atomic
async def withhold(child: int, withheld: bool) -> None:
    """Takes down every photo of a child, later ones too, and keeps them down, or lets staff publish them again.

    A photo in which several such children appear stays down until it is allowed for each of them.
    """
    if withheld:
        await db.run(
            "INSERT INTO withheld_child (child) SELECT id FROM person WHERE id = ? AND kind = 'child'"
            " ON CONFLICT (child) DO NOTHING",
            child,
        )
    else:
        await db.run("DELETE FROM withheld_child WHERE child = ?", child)
    await _mark_withheld("id IN (SELECT photo FROM photo_stream WHERE stream = ?)", child)


async def is_withheld(child: int) -> bool:
    """Whether every photo of this child is kept down."""
    return bool(await db.value("SELECT 1 FROM withheld_child WHERE child = ?", child))


@atomic
async def forget(photo: int) -> None:
    """Empties the row of a photo that was erased; only that there was one remains."""
    await db.run("UPDATE photo SET state = 'erased', alt = '', groups = '', children = '' WHERE id = ?", photo)
    for table in ("photo_stream", "redaction"):
        await db.run(f"DELETE FROM {table} WHERE photo = ?", photo)


@atomic
async def state_reviewed(photo: int) -> None:
    """Records the statement that every recognisable child is tagged."""
    await db.run("UPDATE photo SET reviewed = ? WHERE id = ?", True, photo)


@atomic
async def add_redaction(photo: int, covers: Iterable[int], *, approved: bool) -> int:
    """Adds a redaction behind the present ones and returns its id."""
    redaction = new_id()
    position = await db.value("SELECT count(*) FROM redaction WHERE photo = ?", photo)
    await db.run(
        "INSERT INTO redaction (id, photo, position, approved, covers) VALUES (?, ?, ?, ?, ?)",
        *(redaction, photo, position, approved, joined(covers)),
    )
    await db.run("UPDATE photo SET redacted = ? WHERE id = ?", True, photo)
    return redaction
