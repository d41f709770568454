"""What the access matrix says of meetings."""

from __future__ import annotations

from portal_meetings import waiting

from portal.db import db
from tests.access.meeting import MADE, NOBODY, booked, events
from tests.access.table import Rule, Thing, Things
from tests.access.world import World


def to(asked: bool, handled: bool, *, draft: bool = True) -> Things:
    """The events, for those who are asked, those who handle them, or both."""

    async def given(world: World, member: str) -> dict[str, Thing]:
        return {
            name: Thing({"event": number}, (MADE[name].asked if asked else NOBODY) |
                        (MADE[name].handled if handled else NOBODY))
            for name, number in (await events()).items()
            if draft or not MADE[name].draft
        }  # fmt: skip

    return given


async def hosts(world: World, member: str) -> dict[str, Thing]:
    return {
        name: Thing({"event": number, "host": (await booked(name))[0][2]}, MADE[name].handled)
        for name, number in (await events()).items()
        if MADE[name].booked
    }


async def slots(world: World, member: str) -> dict[str, Thing]:
    """The first slot of each event, which is booked."""
    return {
        name: Thing({"slot": (await booked(name))[0][1]}, made.handled) for name, made in MADE.items() if made.booked
    }


async def appointments(world: World, member: str) -> dict[str, Thing]:
    """Whoever booked a slot, and its host; not the office, which handles it."""
    return {
        f"{name} {adult}": Thing({"appointment": found[1]}, frozenset({made.by, adult}))
        for name, made in MADE.items()
        for found, (adult, _child) in zip(await booked(name), made.booked, strict=True)
    }


async def recorded(world: World, member: str) -> dict[str, Thing]:
    return {name: thing for name, thing in (await appointments(world, member)).items() if name.startswith("3a")}


def bookings(own: bool) -> Things:
    """Each booking: for the family whose it is, or for those who look after it."""

    async def given(world: World, member: str) -> dict[str, Thing]:
        return {
            f"{name} {adult}": Thing({"number": found[0]}, frozenset({adult}) if own else made.handled)
            for name, made in MADE.items()
            for found, (adult, _child) in zip(await booked(name), made.booked, strict=True)
        }

    return given


async def received(world: World, member: str) -> dict[str, Thing]:
    """Each booking, for the host alone."""
    return {
        f"{name} {adult}": Thing({"number": found[0]}, frozenset({made.by}))
        for name, made in MADE.items()
        for found, (adult, _child) in zip(await booked(name), made.booked, strict=True)
    }


async def to_wait(world: World, member: str) -> dict[str, Thing]:
    """With a note that is too long, so that nobody waits."""
    children = {"parent": "mia", "coparent": "mia", "other": "lea"}
    fields = {"host": str((await booked("full"))[0][2]), "child": str(world.id(children.get(member, "mia"))),
              "note": "x" * 600}  # fmt: skip
    return {"full": Thing({"event": (await events())["full"]}, MADE["full"].asked, fields)}


async def waits(world: World, member: str) -> dict[str, Thing]:
    """Whoever waits; again where they have left."""
    event, (_booking, _slot, host) = (await events())["full"], (await booked("full"))[0]
    found = await db.value("SELECT id FROM meetings_waiting WHERE event = ?", event)
    if found is None:
        await waiting.join(world.school.viewer("parent"), event, host, world.id("mia"))
        found = await db.value("SELECT id FROM meetings_waiting WHERE event = ?", event)
    return {"full": Thing({"number": found}, frozenset({"parent"}))}


async def no_calendar(world: World, member: str) -> dict[str, Thing]:
    """A key that nobody has: whose it is says the key alone, whoever asks."""
    return {"guessed": Thing({"file": f"{'x' * 32}.ics"}, NOBODY)}


ONE, JOIN, SLOT, BOOKING = (
    "/meetings/{event:int}", "/meetings/join/{appointment:int}", "/meetings/slots/{slot:int}",
    "/meetings/bookings/{number:int}",
)  # fmt: skip
CALENDAR = "/meetings/calendar"


def matrix(
    signed_in: frozenset[str], staff: frozenset[str], at_school: frozenset[str], admin: frozenset[str]
) -> dict[tuple[str, str], Rule]:
    """The rules of the plugin's routes."""
    asked, handled = to(True, False), to(False, True)
    moved = frozenset({200, 303})
    return {
        ("GET", "/meetings"): Rule(signed_in),
        ("GET", ONE): Rule(things=to(True, True), answers=moved),
        ("POST", f"{ONE}/book"): Rule(things=asked),
        ("GET", f"{ONE}/plan"): Rule(things=asked),
        ("POST", f"{ONE}/plan"): Rule(things=asked),
        ("POST", f"{ONE}/wait"): Rule(things=to_wait),
        ("POST", f"{BOOKING}/cancel"): Rule(things=bookings(own=True)),
        ("POST", "/meetings/waiting/{number:int}/leave"): Rule(things=waits),
        ("GET", "/meetings/new"): Rule(staff),
        ("POST", "/meetings/new"): Rule(staff, body={"kind": "evening", "token": "matrix"}),
        ("GET", "/meetings/past"): Rule(staff),
        ("GET", "/meetings/day"): Rule(staff),
        ("GET", f"{ONE}/edit"): Rule(things=handled),
        ("POST", f"{ONE}/edit"): Rule(things=handled),
        ("GET", f"{ONE}/times"): Rule(things=handled),
        ("POST", f"{ONE}/times"): Rule(things=handled),
        ("GET", f"{ONE}/desk"): Rule(things=handled),
        ("POST", f"{ONE}/publish"): Rule(things=handled),
        ("POST", f"{ONE}/close"): Rule(things=to(False, True, draft=False)),
        ("POST", f"{ONE}/reopen"): Rule(things=to(False, True, draft=False)),
        ("POST", f"{ONE}/remind"): Rule(things=handled),
        ("POST", f"{ONE}/erase"): Rule(things=handled),
        ("POST", f"{ONE}/hosts/{{host:int}}/withdraw"): Rule(things=hosts),
        ("GET", SLOT): Rule(things=slots),
        ("POST", f"{SLOT}/withdraw"): Rule(things=slots),
        ("POST", f"{SLOT}/put-back"): Rule(things=slots),
        ("POST", f"{SLOT}/give"): Rule(things=slots),
        ("POST", f"{BOOKING}/release"): Rule(things=bookings(own=False)),
        ("POST", f"{BOOKING}/mark"): Rule(things=received),
        ("GET", JOIN): Rule(things=appointments),
        ("GET", f"{JOIN}/go"): Rule(things=appointments),
        ("GET", f"{JOIN}/calendar.ics"): Rule(things=appointments),
        ("POST", f"{JOIN}/agree"): Rule(things=recorded, body={"agree": "yes"}),
        ("GET", CALENDAR): Rule(signed_in),
        ("POST", f"{CALENDAR}/new"): Rule(at_school),
        ("POST", f"{CALENDAR}/stop"): Rule(signed_in),
        ("GET", f"{CALENDAR}/{{file:str}}"): Rule(things=no_calendar),
        ("GET", "/meetings/servers"): Rule(admin),
        ("POST", "/meetings/servers"): Rule(admin, body={"kind": "jitsi"}),
    }
