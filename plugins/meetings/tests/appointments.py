"""Short ways for tests to have an appointment, whoever may have booked it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal_meetings import joining

from portal.sdk import Rung, atomic, clock, db, new_id, settings
from portal.testing import TestSchool, run

LINK = "https://us02web.zoom.us/j/12345678901?pwd=Qw3rtyUi0pAsDf"
RECORDING = "meetings.recording"


async def booked(
    school: TestSchool, *guests: tuple[str, str], host: str = "teacher", begins: int = 5 * clock.MINUTE,
    lasts: int = 15 * clock.MINUTE, provider: str = "", link: str = "", record: bool = False, title: str = "A talk",
    place: str = "Room 12", state: str = "on", group: str = "3a",
) -> int:
    """A slot `begins` from now, booked by these adults for these children; its id is the appointment's."""
    return await _booked(
        school, guests or (("parent", "mia"),), host, clock.now() + begins, lasts, provider, link, record, title, place,
        state, group,
    )  # fmt: skip


@atomic
async def _booked(
    school: TestSchool, guests: Sequence[tuple[str, str]], host: str, begins: int, lasts: int, provider: str, link: str,
    record: bool, title: str, place: str, state: str, group: str,
) -> int:
    ids, now = school.ids, clock.now() - clock.HOUR
    event, row, slot = new_id(), new_id(), new_id()
    await _row(
        "meetings_event", id=event, kind="evening", title=title, info="", state="open", author=ids[host], opens_at=0,
        closes_at=0, change_hours=0, gap_minutes=0, record=record, token=str(event), created_at=now, told_at=now,
        reminded_at=now, last_at=begins + lasts,
    )  # fmt: skip
    await _row("meetings_class", id=new_id(), event=event, class_id=school.groups[group])
    await _row("meetings_host", id=row, event=event, person=ids[host], everyone=False)
    await _row(
        "meetings_slot", id=slot, event=event, host=row, starts_at=begins, ends_at=begins + lasts, state=state,
        places=len(guests), place=place, provider=provider, link=link, room=joining.new_room() if provider else "",
        sequence=0, changed_at=now, held_for=0, held_until=0,
    )  # fmt: skip
    for seat, (adult, child) in enumerate(guests):
        await _row(
            "meetings_booking", id=new_id(), event=event, slot=slot, host=row, seat=seat, state=state,
            person=ids[adult], party=ids[adult], child=ids[child], note="", starts_at=begins, ends_at=begins + lasts,
            uid=f"{slot}-{seat}@meetings.portal", sequence=0, booked_at=now, changed_at=now, reminded_at=0, outcome="",
        )  # fmt: skip
    return slot


async def _row(table: str, **values: Any) -> None:
    sql = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})"
    await db.run(sql, *values.values())


async def room_of(slot: int) -> str:
    return str(await db.value("SELECT room FROM meetings_slot WHERE id = ?", slot))


async def chosen(school: TestSchool, **values: str) -> None:
    """What the administrator entered in the settings of the plugin."""
    there = (await settings("meetings")).items()
    now = {name: "yes" if value is True else str(value) for name, value in there if value}
    admin = await school.browser("admin")
    answer = await admin.post("/office/plugins/meetings/settings", now | values)
    assert answer.status_code == 303


async def may_record(school: TestSchool, slot: int, *adults: str, children: Sequence[tuple[str, str]] = ()) -> None:
    """These adults' own yes, and the permission about children by those who decide for them."""
    for adult in adults:
        await joining.agree(school.viewer(adult), slot, True)
    for by, child in children:
        await school.decide(by, child, Rung.FAMILY, RECORDING)


async def blocks(school: TestSchool, adult: str, child: str) -> None:
    """A no-contact order, from now on."""
    await run(
        "INSERT INTO block (id, adult, child, created_at) VALUES (?, ?, ?, ?)",
        *(new_id(), school.ids[adult], school.ids[child], clock.now()),
    )


@atomic
async def lives_with(school: TestSchool, *adults: str) -> None:
    """These adults share a household from now on."""
    household = new_id()
    await _row("household", id=household, name="Test", source="test", external_id=str(household))
    for adult in adults:
        await _row("household_member", id=new_id(), household=household, person=school.ids[adult], channels="email")
