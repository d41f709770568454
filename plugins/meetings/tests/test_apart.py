"""What one family never learns of another, nor one parent of the other, when things change in between."""

from __future__ import annotations

import re

import pytest
from appointments import blocks, lives_with
from booked import a_day, book, booked, made, opened, slots, window
from portal_meetings import booking, feed, joining, loading, running, waiting

from portal.sdk import BadInput, NotVisible, Refused, clock, db
from portal.testing import TestSchool, run


async def page(school: TestSchool, name: str, path: str) -> str:
    """What a page says, without what is by chance on each."""
    browser = await school.browser(name)
    answer = await browser.get(path)
    assert answer.status_code == 200
    return re.sub(r'name="csrf_token" value="[^"]*"', "", answer.text.partition("<main")[2])


async def test_separated_parents_learn_nothing_of_each_other(meeting: TestSchool) -> None:
    """Pages and mails of the one are the same, whatever the other does: books, moves, cancels, waits."""
    school = meeting
    short = await made(school, window("10:00", "10:20"), kind="family", child="mia")
    with pytest.raises(Refused, match="at least 2 times"):
        await running.publish(school.viewer("teacher"), short)
    event = await opened(school, window("14:00", "16:00"), kind="family", child="mia")
    paths = [f"/meetings/{event}", f"/meetings/{event}/plan", "/meetings"]
    before = [await page(school, "coparent", path) for path in paths]
    seen = {name: set(re.findall(r'name="slot" value="(\d+)"', await page(school, name, f"/meetings/{event}")))
            for name in ("parent", "coparent")}  # fmt: skip
    assert len(seen["parent"]) == len(seen["coparent"]) == 3
    assert not seen["parent"] & seen["coparent"]
    mine = [slot for slot in await slots(event) if str(slot.id) in seen["parent"]]
    theirs = next(slot for slot in await slots(event) if str(slot.id) in seen["coparent"])
    with pytest.raises(BadInput, match="not offered"):  # an id that they were not shown
        await book(school, "parent", event, theirs, "mia")
    number = await book(school, "parent", event, mine[0], "mia", "Alone, please")
    await book(school, "parent", event, mine[1], "mia")
    assert [await page(school, "coparent", path) for path in paths] == before
    await waiting.join(school.viewer("coparent"), event, theirs.host, school.ids["mia"])
    waits = [await page(school, "coparent", path) for path in paths]
    await booking.cancel(school.viewer("parent"), number)
    assert [await page(school, "coparent", path) for path in paths] == waits
    assert await school.told("coparent") == []
    for slot in seen["coparent"]:
        await running.withdraw(school.viewer("teacher"), int(slot))
    assert "taken" not in (await page(school, "coparent", f"/meetings/{event}")).partition("Other families")[0]


async def test_a_household_hears_of_what_one_of_it_does_until_they_live_apart(meeting: TestSchool) -> None:
    school = meeting
    await lives_with(school, "parent", "coparent")
    event = await opened(school)
    first, second, third = await slots(event)
    number = await book(school, "parent", event, first, "mia", "Ours")
    await book(school, "coparent", event, second, "mia", "Ours")
    changed = ["Your appointment was changed: The evening"]
    assert [subject for subject, _ in await school.told("coparent")] == changed
    assert [subject for subject, _ in await school.told("parent")][1:] == changed
    await run("DELETE FROM household_member WHERE person = ?", school.ids["coparent"])
    assert "Cancel this appointment" in await page(school, "coparent", f"/meetings/{event}")
    await school.work()
    assert (await booked(number)).party == school.ids["coparent"]
    with pytest.raises(NotVisible):
        await booking.cancel(school.viewer("parent"), number)
    with pytest.raises(NotVisible):
        await joining.look(school.viewer("parent"), second.id)
    assert "Ours" not in await page(school, "parent", f"/meetings/{event}")
    await book(school, "coparent", event, third, "mia", "Mine")
    assert len(await school.told("parent")) == 2


async def test_who_cancels_for_the_household_is_said(meeting: TestSchool) -> None:
    school = meeting
    await lives_with(school, "parent", "coparent")
    event = await opened(school)
    number = await book(school, "parent", event, (await slots(event))[0], "mia")
    await booking.cancel(school.viewer("coparent"), number)
    assert "Your household cancelled" in (await school.told("parent"))[-1][1]


async def test_a_child_or_a_teacher_in_another_class(meeting: TestSchool) -> None:
    """What was booked stands, the family sees it and can cancel it; nothing else can be booked. Who made the meeting
    handles it only as long as they have all of its classes."""
    school = meeting
    event = await opened(school)
    first, second, _third = await slots(event)
    number = await book(school, "parent", event, first, "mia")
    await run("UPDATE membership SET group_id = ? WHERE child = ?", school.groups["3b"], school.ids["mia"])
    text = await page(school, "parent", f"/meetings/{event}")
    assert "Cancel this appointment" in text
    assert 'name="slot"' not in text
    with pytest.raises(NotVisible):
        await book(school, "parent", event, second, "mia")
    browser = await school.browser("coparent")
    assert (await browser.get(f"/meetings/{event}")).status_code == 404
    await run("UPDATE staff SET group_id = ? WHERE adult = ?", school.groups["3b"], school.ids["teacher"])
    for act in (running.close, running.erase, running.remind):
        with pytest.raises(NotVisible):
            await act(school.viewer("teacher"), event)
    assert "Mia" in await page(school, "teacher", f"/meetings/day?day={a_day()}")  # their own appointment
    await booking.cancel(school.viewer("parent"), number)
    assert await loading.booking(number) is None


async def test_downloads_hold_a_note_for_the_host_alone(meeting: TestSchool) -> None:
    """Whoever made the meeting, the other parent and the child's other adults download theirs without it."""
    school = meeting
    event = await opened(school, by="office")
    first, second, _third = await slots(event)
    await book(school, "parent", event, first, "mia", "A-SECRET-NOTE")
    await waiting.join(school.viewer("other"), event, first.host, school.ids["lea"], "A-SECRET-NOTE")
    await book(school, "coparent", event, second, "mia")
    paths = ["/account/data/download", f"/account/data/{school.ids['mia']}/download"]
    for name, sees in (("office", False), ("coparent", False), ("grandparent", False), ("blocked", False),
                       ("colleague", False), ("teacher", True), ("parent", True)):  # fmt: skip
        browser = await school.browser(name)
        found = "".join([(await browser.get(path)).text for path in paths])
        assert ("A-SECRET-NOTE" in found) == sees, name


async def test_a_note_is_changed_alone_and_taken_away(meeting: TestSchool) -> None:
    school = meeting
    event = await opened(school)
    first, *_ = await slots(event)
    number = await book(school, "parent", event, first, "mia", "Reading")
    fields = {"host": str(first.host), "child": str(school.ids["mia"])}
    parent, other = await school.browser("parent"), await school.browser("other")
    for note in ("Maths", ""):
        answer = await parent.post(f"/meetings/{event}/book", fields | {"note": note})
        assert answer.status_code == 303
        assert (await booked(number)).note == note
    assert (await other.post(f"/meetings/{event}/book", fields | {"note": "x"})).status_code == 422
    with clock.frozen(first.starts_at), pytest.raises(BadInput):
        await book(school, "parent", event, first, "mia", "Late")
    assert (await booked(number)).note == ""


async def test_hosts_hear_what_families_booked_together_and_in_time(meeting: TestSchool) -> None:
    """At four in the afternoon, at the end of booking, or soon where it begins soon; never who it is."""
    school = meeting
    event = await opened(school, window("16:00", "17:00", 9), by="teacher", title="An evening")
    first, second, _third = await slots(event)
    today = clock.local_instant(a_day(0), "16:00", "Europe/Berlin", "")

    async def told(at: int) -> list[str]:
        with clock.frozen(at):
            await school.work()
        return [body for _subject, body in await school.told("teacher")]

    with clock.frozen(today + clock.HOUR):
        await book(school, "parent", event, first, "mia", "Reading")
        number = await book(school, "other", event, second, "lea")
        await booking.cancel(school.viewer("other"), number)
    assert await told(today + 2 * clock.HOUR) == []
    (said,) = await told(today + clock.DAY + clock.HOUR)
    assert said.count("An evening") == 1
    assert "booked" in said
    assert "free again" in said
    for hidden in ("Mia", "Parent", "Lea", "Reading"):
        assert hidden not in said
    assert len(await told(today + 3 * clock.DAY)) == 1  # nothing new
    soon = first.starts_at - 5 * clock.HOUR
    with clock.frozen(soon):
        await book(school, "coparent", event, second, "mia")
    assert len(await told(soon + 20 * clock.MINUTE)) == 2
    assert [body for subject, body in await school.told("colleague") if "families" in subject] == []
    await run("DELETE FROM outgoing")
    closing = await opened(school, window("16:00", "17:00", 20), closes_day=a_day(3), closes_time="20:00")
    ends = clock.local_instant(a_day(3), "20:00", "Europe/Berlin", "")
    with clock.frozen(ends - 2 * clock.HOUR):
        await book(school, "parent", closing, (await slots(closing))[0], "mia")
    assert await told(ends - clock.HOUR) == []
    assert len(await told(ends + clock.MINUTE)) == 1


async def test_a_feed_ends_with_what_it_stood_on(meeting: TestSchool) -> None:
    """Renewed, blocked, and another parent's: each key opens what its owner may see, or nothing."""
    school = meeting
    event = await opened(school, kind="family", child="mia")
    shown = await page(school, "coparent", f"/meetings/{event}")
    slot = next(slot for slot in await slots(event) if f'value="{slot.id}"' in shown)
    await book(school, "coparent", event, slot, "mia")
    keys = {}
    for name in ("coparent", "parent", "teacher"):
        await feed.renew(school.viewer(name))
        keys[name] = (await feed.address(school.ids[name]))[0]
    texts = {name: (await feed.fetch(key))[0].decode() for name, key in keys.items()}
    assert {name: "BEGIN:VEVENT" in text for name, text in texts.items()} == {
        "coparent": True, "parent": False, "teacher": True
    }  # fmt: skip
    await feed.renew(school.viewer("coparent"))
    with pytest.raises(NotVisible):
        await feed.fetch(keys["coparent"])
    key, _at = await feed.address(school.ids["coparent"])
    await blocks(school, "coparent", "mia")
    try:
        made_now = (await feed.fetch(key))[0].decode()
    except NotVisible:
        made_now = ""
    assert "VEVENT" not in made_now
    with pytest.raises(NotVisible):
        await joining.look(school.viewer("coparent"), slot.id)
    await school.work()
    assert await db.value("SELECT count(*) FROM meetings_booking") == 0
