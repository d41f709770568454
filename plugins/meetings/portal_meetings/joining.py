"""Who gets which link, and when: shortly before until shortly after, those who are expected, and nobody else.

The link of a meeting stands on no page, in no mail and in no calendar. Whoever is expected opens the portal's page of
the appointment, and is led on from there. On the school's own servers each link is made for that person at that moment.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from portal.sdk import (
    Event,
    NotVisible,
    PortalError,
    Refused,
    Standing,
    Viewer,
    Word,
    _,
    atomic,
    clock,
    db,
    deliver,
    enqueue,
    languages_of,
    names,
    new_id,
    permits,
    portal_address,
    standing,
)
from portal_meetings import bbb, jitsi, loading, provider_settings
from portal_meetings.appointment import Appointment

EARLY_FOR_HOSTS = 30 * clock.MINUTE
LATE = 15 * clock.MINUTE
SERVERS = provider_settings.KINDS  # where the portal opens the meeting, and says whether it can be recorded


def new_room() -> str:
    """A name for a room that nobody guesses: 128 bits by chance, in the small letters that all servers take."""
    return secrets.token_hex(16)


async def hours(found: Appointment, host: bool) -> tuple[int, int]:
    """From when to when somebody can come in."""
    early = int((await provider_settings.chosen())["early"]) * clock.MINUTE
    return found.starts_at - (max(early, EARLY_FOR_HOSTS) if host else early), found.ends_at + LATE


def stage(found: Appointment, opens: int, closes: int) -> str:
    """'early', 'open', 'over' or 'cancelled'."""
    if found.cancelled:
        return "cancelled"
    now = clock.now()
    return "early" if now < opens else "open" if now < closes else "over"


async def look(viewer: Viewer, appointment: int) -> Appointment:
    """The appointment, for whoever is expected at it or holds it. Raises NotVisible for anybody else."""
    found = await loading.appointment(viewer, appointment)
    check_still(await standing(viewer), found)
    return found


def check_still(who: Standing, found: Appointment) -> None:
    """Raises NotVisible for somebody who was kept from a child, left its family, or is no staff any more since."""
    if not who.signed_in or who.person not in found.people:
        raise NotVisible
    if found.children & who.blocked_from:
        raise NotVisible
    if who.person in found.hosts:
        if not who.is_staff:
            raise NotVisible
    elif found.children and not found.children & who.family_of:
        raise NotVisible


async def link(viewer: Viewer, appointment: int) -> str:
    """Where this person is led to now, made for them alone. Raises NotVisible, Refused with when to come again, and
    what says that a server does not do its part."""
    found = await look(viewer, appointment)
    assert viewer.person is not None  # nobody else is expected
    host = viewer.person in found.hosts
    opens, closes = await hours(found, host)
    if (now := stage(found, opens, closes)) != "open" or found.provider not in ("link", *SERVERS):
        raise Refused(CLOSED.get(now, CLOSED["open"]))
    if found.provider == "link":
        return found.link
    chosen = await provider_settings.chosen()
    name = shown_name((await names([viewer.person])).get(viewer.person, ""), found, host)
    record = (await recording(found)).allowed
    if found.provider == "jitsi":
        if (there := jitsi.server(chosen)) is None:
            raise Refused(NOT_SET_UP)
        token = jitsi.token(there, found.room, name, host=host, opens=opens, closes=closes, recording=record)
        return jitsi.join_address(there, found.room, token, record and host)
    if (server := bbb.server(chosen)) is None:
        raise Refused(NOT_SET_UP)
    return await _bbb_link(server, found, viewer.person, name, record, closes)


CLOSED = {
    "early": _("The meeting is not open yet. Please come again shortly before it begins."),
    "over": _("The meeting is over."),
    "cancelled": _("The appointment was cancelled."),
    "open": _("This appointment is not online."),
}
NOT_SET_UP = _("The server for online meetings is not set up any more. Please ask the office.")


async def _bbb_link(
    server: bbb.Server, found: Appointment, person: int, name: str, record: bool, closes: int
) -> str:
    if not record and found.record:
        await _end_recorded(server, found)
    minutes = -(-(closes - clock.now()) // clock.MINUTE)
    address = portal_address()
    back = f"{address}/meetings/join/{found.id}" if address else ""
    run = await bbb.create(server, found.room, found.title, minutes=minutes, recorded=record, back=back)
    return bbb.join_address(server, found.room, name, run, host=person in found.hosts, person=person)


def shown_name(name: str, found: Appointment, host: bool) -> str:
    """The name under which the others see somebody. Where several families meet, they see first names alone."""
    return name if host or found.families < 2 else name.partition(" ")[0]


# ---- Recording ----


@dataclass(frozen=True, slots=True)
class Recording:
    """Whether a meeting may be recorded. It says how many kinds of answers are missing, never whose."""

    wished: bool = False
    allowed: bool = False
    asks: tuple[int, ...] = ()  # the adults whose own word counts


async def recording(found: Appointment) -> Recording:
    """What all who are expected say now: a permission about each child, each adult's own yes. One missing is a no."""
    if not found.record or found.provider not in SERVERS:
        return Recording()
    adults = found.people - found.accounts
    agreed = {p for (p,) in await db.rows("SELECT person FROM meetings_agreement WHERE appointment = ?", found.id)}
    children = found.children | found.accounts
    allowed = adults <= agreed and await permits(children, provider_settings.RECORDING) >= children
    return Recording(True, allowed, tuple(sorted(adults)))


async def has_agreed(person: int, appointment: int) -> bool:
    """Whether this adult said yes to the recording of this meeting."""
    sql = "SELECT 1 FROM meetings_agreement WHERE appointment = ? AND person = ?"
    return await db.value(sql, appointment, person) is not None


async def agree(viewer: Viewer, appointment: int, yes: bool) -> None:
    """One adult's own word about the recording. It can be taken back at any time, and counts at once."""
    found = await look(viewer, appointment)
    if not found.record or viewer.person in found.accounts:
        raise NotVisible
    await _agree(viewer.person, appointment, yes)
    if not yes:
        await enqueue("meetings", "unrecord", {"appointment": appointment})


@atomic
async def _agree(person: int | None, appointment: int, yes: bool) -> None:
    if yes:
        await db.run(
            "INSERT INTO meetings_agreement (id, appointment, person, at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (appointment, person) DO NOTHING",
            *(new_id(), appointment, person, clock.now()),
        )
    else:
        await db.run("DELETE FROM meetings_agreement WHERE appointment = ? AND person = ?", appointment, person)


async def heard(event: Event) -> None:
    """A family took a permission back: meetings that are being recorded end."""
    if event.kind == "consent.changed" and event.detail == provider_settings.RECORDING:
        await enqueue("meetings", "unrecord", {"child": event.subject})


async def unrecord(payload: dict[str, Any]) -> None:
    """Somebody took a yes back: ends meetings on BigBlueButton that are recorded without everybody's yes, and tells the
    hosts, who alone can stop a recording elsewhere. Everybody can come in again; then it is not recorded."""
    server = bbb.server(await provider_settings.chosen())
    failed: PortalError | None = None
    tell = []
    for found in await _running():
        if (await recording(found)).allowed:
            continue
        if payload.get("appointment") == found.id or payload.get("child") in found.children | found.accounts:
            tell.append(found)
        if found.provider == "bbb" and server is not None:
            try:
                await _end_recorded(server, found)
            except PortalError as failure:  # the others must not wait for it
                failed = failure
    if failed is not None:
        raise failed
    await _tell_hosts(tell)


async def _running() -> list[Appointment]:
    now = clock.now()
    found = await loading.between(now - LATE, now + EARLY_FOR_HOSTS)
    return [one for one in found if one.record and one.provider in SERVERS and not one.cancelled]


@atomic
async def _tell_hosts(ended: list[Appointment]) -> None:
    speaks = await languages_of({host for found in ended for host in found.hosts})
    await deliver([
        Word(
            host,
            speaks[host].text(_("“%(title)s” is not to be recorded"), title=found.title),
            speaks[host].text(_(
                "Not everybody who is expected agrees to the recording any more. The portal does not say who, and"
                " nobody has to explain it. If a recording runs, please stop it and delete what was recorded. If the"
                " meeting was closed, everybody can come in again."
            )),
        )
        for found in ended
        for host in sorted(found.hosts)
        if host in speaks
    ])


async def _end_recorded(server: bbb.Server, found: Appointment) -> None:
    there = await bbb.info(server, found.room)
    if there is not None and there.recorded:
        await bbb.end(server, found.room)
