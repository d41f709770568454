"""Meetings for the access matrix and the crawls: an evening of each class, a draft, one with no time left, and a talk
with one family."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal_meetings import booking, joining, loading, making, running, waiting
from portal_meetings.making import Frame, Times
from portal_meetings.planning import Window

from portal import clock, plugins
from portal.db import atomic, db
from portal.kinds import new_id

if TYPE_CHECKING:
    from tests.access.world import World

NOBODY: frozenset[str] = frozenset()
LINK = "https://us02web.zoom.us/j/98765432109?pwd=MeEtInGsMaTrIx"
OFFICE = frozenset({"admin", "office"})


@dataclass(frozen=True)
class Made:
    """What is asked of whom. `booked`: who has the first slots, about which child."""

    kind: str
    by: str
    classes: tuple[str, ...]
    child: str
    asked: frozenset[str]
    booked: tuple[tuple[str, str], ...]
    waits: str = ""  # who waits, about mia
    until: str = "16:45"
    draft: bool = False

    @property
    def handled(self) -> frozenset[str]:
        return OFFICE | {self.by}


# The father with the no-contact order, whose link has ended, and who only sees a child are asked nothing.
MADE = {
    "3a": Made("evening", "teacher", ("3a",), "", frozenset({"parent", "coparent", "other"}),
               (("parent", "mia"), ("other", "lea"))),
    "3b": Made("evening", "colleague", ("3b",), "", frozenset({"parent", "neighbour"}), (("neighbour", "tom"),)),
    "full": Made("evening", "teacher", ("3a",), "", frozenset({"parent", "coparent", "other"}), (("coparent", "mia"),),
                 "parent", "16:15"),
    "talk": Made("family", "colleague", (), "tom", frozenset({"neighbour"}), (("neighbour", "tom"),)),
    "writing": Made("evening", "teacher", ("3a",), "", NOBODY, (), draft=True),
}  # fmt: skip


def title(name: str) -> str:
    return f"MEETING-{name}-{sum(map(ord, name)) % 991}"


# ---- Filling ----


async def fill_meetings(world: World) -> None:
    await plugins.enable("meetings")
    for number, (name, made) in enumerate(MADE.items()):
        await _make(world, name, made, clock.add_days(clock.present("Europe/Berlin").today, 20 + number))
    await _by_jitsi()
    for who in ("teacher", "parent"):
        await joining.agree(world.school.viewer(who), (await booked("3a"))[0][1], True)


async def _make(world: World, name: str, made: Made, day: str) -> None:
    viewer, school = world.school.viewer(made.by), world.school
    window = Window(day, "16:00", made.until, provider="link", link=LINK)
    event = await making.create(
        viewer, str(new_id()), made.kind, Frame(title(name), change_hours=1, record=True), Times((window,), 15),
        [school.groups[group] for group in made.classes], school.ids.get(made.child, 0), [],
    )  # fmt: skip
    if made.draft:
        return
    await running.publish(viewer, event)
    slots = await loading.slots("WHERE s.event = ?", event)
    for slot, (adult, child) in zip(slots, made.booked, strict=False):
        await booking.book(school.viewer(adult), event, slot.id, school.ids[child], f"NOTE-{name}-{adult}")
    if made.waits:
        await waiting.join(school.viewer(made.waits), event, slots[0].host, school.ids["mia"])


@atomic
async def _by_jitsi() -> None:
    """As if the school had a server: then a meeting can be recorded."""
    await db.run("UPDATE meetings_slot SET provider = 'jitsi', link = '' WHERE event IN"
                 " (SELECT id FROM meetings_event WHERE title = ?)", title("3a"))  # fmt: skip


async def events() -> dict[str, int]:
    known = dict(await db.rows("SELECT title, id FROM meetings_event"))
    return {name: known[title(name)] for name in MADE if title(name) in known}


async def booked(name: str) -> list[tuple[int, int, int]]:
    """Bookings of an event with their slot and host, the earliest first."""
    return list(await db.rows(
        "SELECT b.id, b.slot, b.host FROM meetings_booking b JOIN meetings_event e ON e.id = b.event WHERE e.title = ?"
        " ORDER BY b.starts_at",
        title(name),
    ))


def marks(world: World) -> dict[str, frozenset[str]]:
    """Texts with those who may read them: a title whoever is asked and who handles it; a note its host and who wrote
    it, and the administrator in the download of everything."""
    found: dict[str, frozenset[str]] = {}
    for name, made in MADE.items():
        found[title(name)] = made.asked | made.handled
        for adult, _child in made.booked:
            found[f"NOTE-{name}-{adult}"] = frozenset({made.by, adult, "admin"})
    return found
