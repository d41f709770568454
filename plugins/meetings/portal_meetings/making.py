"""Staff make meetings: what they are, for whom, and the times. Whoever may not gets NotVisible, as if it did not exist.
Opening, closing and withdrawing: `running`.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from portal.sdk import (
    BadInput,
    Conflict,
    NotVisible,
    Standing,
    Viewer,
    _,
    atomic,
    children_of,
    clock,
    db,
    groups,
    names,
    new_id,
    school,
    staff_of,
    standing,
)
from portal_meetings import booking, joining, links, loading, provider_settings, waiting
from portal_meetings.planning import Time, Window, cut
from portal_meetings.rules import (
    FARTHEST,
    KINDS,
    MOST_HOSTS,
    MOST_INFO,
    MOST_PLACE,
    MOST_PLACES,
    MOST_SLOTS,
    MOST_TITLE,
    MOST_WINDOWS,
    Event,
    Host,
    is_office,
    may_make,
    overlaps,
)


@dataclass(frozen=True, slots=True)
class Frame:
    """An event as the form has it, without its times. Days and times of day are local, '' for none."""

    title: str = ""
    info: str = ""
    opens_day: str = ""
    opens_time: str = ""
    closes_day: str = ""
    closes_time: str = ""
    change_hours: int | None = 24
    gap_minutes: int | None = 5
    record: bool = False


@dataclass(frozen=True, slots=True)
class Times:
    """Windows, and how slots are cut from them."""

    windows: tuple[Window, ...] = ()
    minutes: int | None = 10
    buffer: int | None = 0
    places: int | None = 1
    confirmed: bool = False  # the host of a pasted link is meant


async def my_classes(viewer: Viewer) -> dict[int, str]:
    """The classes whose families this person may ask, by id: their own, for the office all."""
    who = await standing(viewer)
    if not may_make(who):
        raise NotVisible
    found = (await groups()).values()
    today = clock.present((await school()).timezone).today
    return {
        group.id: group.name
        for group in sorted(found, key=lambda group: (group.name, group.id))
        if (is_office(who) or group.id in who.staff_of) and (group.until is None or group.until >= today)
    }


async def teachers(viewer: Viewer) -> dict[int, str]:
    """Whom this person may make hosts, by name: for the office all staff of classes; else nobody but themselves."""
    who = await standing(viewer)
    if not is_office(who):
        return dict(await names([viewer.person])) if viewer.person and may_make(who) else {}
    found = {person for staff in (await staff_of(await my_classes(viewer))).values() for person in staff}
    known = await names(found)
    return dict(sorted(known.items(), key=lambda one: (one[1], one[0])))


async def create(
    viewer: Viewer, token: str, kind: str, frame: Frame, times: Times, classes: Sequence[int] = (), child: int = 0,
    hosts: Sequence[int] = (),
) -> int:
    """A new event, not yet shown to families, with its times; the same `token` gives the same event.

    `hosts` of the office: none for all staff of the classes. Raises NotVisible, BadInput at the field that is wrong.
    """
    links_ = await _links(times)
    with suppress(Conflict):  # the other half of a double click came first
        return await _create(viewer, token[:64], kind, frame, times, links_, classes, child, hosts)
    return await _create(viewer, token[:64], kind, frame, times, links_, classes, child, hosts)


@atomic
async def _create(
    viewer: Viewer, token: str, kind: str, frame: Frame, times: Times, addresses: Sequence[str],
    classes: Sequence[int], child: int, hosts: Sequence[int],
) -> int:
    who = await standing(viewer)
    if not may_make(who) or kind not in KINDS or not token:
        raise NotVisible
    known = await db.value("SELECT id FROM meetings_event WHERE author = ? AND token = ?", viewer.person, token)
    if known is not None:
        return int(known)
    made = await _framed(Event(new_id(), kind, "", "", "draft", who.person or 0, 0, 0, 0, 0, False, 0, 0, 0), frame)
    chosen = await _asked(viewer, kind, classes, child)
    people = await _hosts(viewer, who, chosen, hosts)
    await db.run(
        "INSERT INTO meetings_event (id, kind, title, info, state, author, opens_at, closes_at, change_hours,"
        " gap_minutes, record, token, created_at, told_at, reminded_at, last_at)"
        " VALUES (?, ?, ?, ?, 'draft', ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0)",
        *(made.id, kind, made.title, made.info, viewer.person, made.opens_at, made.closes_at, made.change_hours),
        *(made.gap_minutes, made.record, token, clock.now()),
    )
    for number in chosen:
        await db.run("INSERT INTO meetings_class (id, event, class_id) VALUES (?, ?, ?)", new_id(), made.id, number)
    if child:
        await db.run("INSERT INTO meetings_child (id, event, child) VALUES (?, ?, ?)", new_id(), made.id, child)
    rows = [Host(new_id(), made.id, person, everyone) for person, everyone in people.items()]
    await db.run_many(
        "INSERT INTO meetings_host (id, event, person, everyone) VALUES (?, ?, ?, ?)",
        [(host.id, made.id, host.person, host.everyone) for host in rows],
    )
    await _add(made, rows, times, addresses)
    return made.id


async def _asked(viewer: Viewer, kind: str, classes: Sequence[int], child: int) -> list[int]:
    """The classes that are asked; of an appointment with one family none, but its child is one of this person's."""
    own = await my_classes(viewer)
    if kind == "family":
        if child not in {one.id for one in await children_of(viewer, own)}:
            raise BadInput("child", _("Please choose the child whose family you would like to see."))
        return []
    chosen = list(dict.fromkeys(classes))
    if not chosen or not own.keys() >= set(chosen):
        raise BadInput("classes", _("Please choose at least one class."))
    return chosen


async def _hosts(viewer: Viewer, who: Standing, classes: Sequence[int], wanted: Sequence[int]) -> dict[int, bool]:
    """Who receives families, and whether all of them. Whoever is no staff of these classes receives everyone."""
    staff = await staff_of(classes)
    teaching = {person for people in staff.values() for person in people}
    if not is_office(who):
        people = [viewer.person or 0]
    elif wanted:
        known = await teachers(viewer)
        people = [person for person in dict.fromkeys(wanted) if person in known or person == viewer.person]
    else:
        people = sorted(teaching) if classes else [viewer.person or 0]
    if not people or len(people) > MOST_HOSTS:
        raise BadInput("hosts", _("Please choose who receives the families."))
    return {person: person not in teaching for person in people}


async def _framed(event: Event, frame: Frame) -> Event:
    """The event with what the form says. Raises BadInput at the field that is wrong."""
    title, info = " ".join(frame.title.split()), frame.info.strip()
    if not title:
        raise BadInput("title", _("Please give it a title."))
    for field, text, most in (("title", title, MOST_TITLE), ("info", info, MOST_INFO)):
        if len(text) > most:
            raise BadInput(field, _("Please write at most %(most)s characters."), most=most)
    zone = (await school()).timezone
    opens = (
        clock.local_instant(frame.opens_day, frame.opens_time or "00:00", zone, "opens_day")
        if frame.opens_day else 0
    )  # fmt: skip
    closes = (
        clock.local_instant(frame.closes_day, frame.closes_time or "23:59", zone, "closes_day")
        if frame.closes_day else 0
    )  # fmt: skip
    if closes and closes <= max(opens, clock.now()):
        raise BadInput("closes_day", _("Booking ends before it begins, or in the past. Please choose a later day."))
    if frame.change_hours is None or not 0 <= frame.change_hours <= 24 * 30:
        raise BadInput("change_hours", _("Please enter a number of hours, or 0."))
    if frame.gap_minutes is None or not 0 <= frame.gap_minutes <= 120:
        raise BadInput("gap_minutes", _("Please enter a number of minutes, or 0."))
    return replace(
        event, title=title, info=info, opens_at=opens, closes_at=closes, change_hours=frame.change_hours,
        gap_minutes=frame.gap_minutes, record=frame.record,
    )  # fmt: skip


@atomic
async def save(viewer: Viewer, number: int, frame: Frame) -> None:
    """Changes what an event says. Raises NotVisible, BadInput at the field that is wrong."""
    found, _who = await loading.handled(viewer, number)
    made = await _framed(found, frame)
    await db.run(
        "UPDATE meetings_event SET title = ?, info = ?, opens_at = ?, closes_at = ?, change_hours = ?, gap_minutes = ?,"
        " record = ? WHERE id = ?",
        *(made.title, made.info, made.opens_at, made.closes_at, made.change_hours, made.gap_minutes, made.record),
        number,
    )


# ---- Times ----


async def _links(times: Times) -> list[str]:
    """The address of each window, checked; '' where it needs none."""
    there = {"", "link", *await provider_settings.kinds()}
    found = []
    for at, window in enumerate(times.windows):
        if window.provider not in there:
            raise BadInput(f"w{at}-provider", _("This way of meeting is not set up. Please choose another one."))
        if len(window.place) > MOST_PLACE:
            raise BadInput(f"w{at}-place", _("Please write at most %(most)s characters."), most=MOST_PLACE)
        checked = ""
        if window.provider == "link":
            own = await provider_settings.own_hosts()
            checked = links.check(window.link, f"w{at}-link", times.confirmed, own).address
        found.append(checked)
    return found


async def add_times(viewer: Viewer, number: int, hosts: Sequence[int], times: Times) -> int:
    """More times for some hosts of an event; a host adds their own. Returns how many. Raises NotVisible, BadInput."""
    addresses = await _links(times)
    return await _add_times(viewer, number, hosts, times, addresses)


@atomic
async def _add_times(
    viewer: Viewer, number: int, hosts: Sequence[int], times: Times, addresses: Sequence[str]
) -> int:
    found, _who, theirs = await loading.received(viewer, number)
    chosen = [host for host in theirs if host.id in set(hosts)]
    if not chosen:
        raise BadInput("hosts", _("Please choose who receives the families."))
    made = await _add(found, chosen, times, addresses)
    if await waiting.rows("WHERE event = ?", number):
        for slot in await loading.slots("WHERE s.event = ? AND s.id >= ?", number, made[0]):
            await waiting.freed(found, slot, booking.give)
    return len(made)


async def _add(event: Event, hosts: Sequence[Host], times: Times, addresses: Sequence[str]) -> list[int]:
    """Writes the slots down; returns their ids. Raises BadInput for times that cannot be."""
    if not 0 < len(times.windows) <= MOST_WINDOWS:
        raise BadInput("w0-day", _("Please enter a day with its times."))
    places = times.places if event.kind == "visit" else 1
    if places is None or not 1 <= places <= MOST_PLACES:
        raise BadInput("places", _("Please enter for how many families there is a place."))
    if times.minutes is None:
        raise BadInput("minutes", _("Please enter how many minutes an appointment takes."))
    zone, now = (await school()).timezone, clock.now()
    made: list[tuple[Window, str, list[Time]]] = []
    for at, (window, address) in enumerate(zip(times.windows, addresses, strict=True)):
        cuts = cut(window, times.minutes, times.buffer if times.buffer is not None else -1, zone, f"w{at}-")
        if cuts[0][0] <= now:
            raise BadInput(f"w{at}-day", _("This time lies in the past. Please choose a later one."))
        if cuts[-1][1] > now + FARTHEST:
            raise BadInput(f"w{at}-day", _("This lies more than two years ahead. Please look at the year."))
        await _check_hosts(hosts, cuts, f"w{at}-begins")
        for _window, _address, others in made:
            if any(overlaps(one, other) for one in cuts for other in others):
                raise BadInput(f"w{at}-begins", _("This time overlaps with the one above."))
        made.append((window, address, cuts))
    there = await db.value("SELECT count(*) FROM meetings_slot WHERE event = ?", event.id)
    if there + len(hosts) * sum(len(cuts) for _w, _a, cuts in made) > MOST_SLOTS:
        raise BadInput("minutes", _("These are too many times at once. Please make fewer, or longer ones."))
    rows = [
        (
            *(new_id(), event.id, host.id, begins, ends, places, window.place.strip(), window.provider, address),
            *(joining.new_room() if window.provider else "", now),
        )
        for host in hosts
        for window, address, cuts in made
        for begins, ends in cuts
    ]  # fmt: skip
    await db.run_many(
        "INSERT INTO meetings_slot (id, event, host, starts_at, ends_at, state, places, place, provider, link, room,"
        " sequence, changed_at, held_for, held_until) VALUES (?, ?, ?, ?, ?, 'on', ?, ?, ?, ?, ?, 0, ?, 0, 0)",
        rows,
    )
    await db.run(
        "UPDATE meetings_event SET last_at = (SELECT MAX(ends_at) FROM meetings_slot WHERE event = ?) WHERE id = ?",
        *(event.id, event.id),
    )
    return [row[0] for row in rows]


async def _check_hosts(hosts: Sequence[Host], cuts: Sequence[Time], field: str) -> None:
    """Raises BadInput where a host has slots of any event within these times."""
    first, last = cuts[0][0], cuts[-1][1]
    for host in hosts:
        rows = await db.rows(
            "SELECT s.starts_at, s.ends_at FROM meetings_slot s JOIN meetings_host h ON h.id = s.host"
            " WHERE h.person = ? AND s.state = 'on' AND s.starts_at < ? AND s.ends_at > ?",
            *(host.person, last, first),
        )
        if any(overlaps(one, (begins, ends)) for one in cuts for begins, ends in rows):
            name = (await names([host.person])).get(host.person, "")
            raise BadInput(field, _("%(name)s has other appointments at this time already."), name=name)
