"""The way into a meeting: for those who are expected, around its time, and recorded only if everybody agrees."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from appointments import LINK, blocks, booked, chosen, lives_with, may_record, room_of
from bbb_server import SECRET, bigbluebutton, name_in, page
from portal_meetings import joining, loading

from portal.sdk import NotVisible, Refused, Rung, clock
from portal.testing import Browser, TestSchool, run

APP_SECRET = "a secret of at least thirty-two letters"
JITSI = {"jitsi_address": "https://meet.linden.example", "jitsi_app": "linden", "jitsi_secret": APP_SECRET}
MINUTE = clock.MINUTE
STRANGERS = ("other", "neighbour", "coparent", "grandparent", "blocked", "former", "mia", "noor", "colleague", "office",
             "safeguarding", "admin")  # fmt: skip


async def go(browser: Browser, slot: int) -> str:
    """Where the button leads, '' where it leads nowhere."""
    answer = await browser.get(f"/meetings/join/{slot}/go")
    return answer.headers.get("location", "") if answer.status_code == 303 else ""


def claims(address: str) -> dict[str, object]:
    token = parse_qs(urlsplit(address).query)["jwt"][0]
    found: dict[str, object] = jwt.decode(
        token, APP_SECRET, algorithms=["HS256"], audience="jitsi", options={"verify_exp": False, "verify_nbf": False}
    )
    return found


# ---- Who, and when ----


async def test_those_who_are_expected_come_in_and_nobody_else(meeting: TestSchool) -> None:
    slot = await booked(meeting, provider="link", link=LINK)
    for name in ("parent", "teacher"):
        browser = await meeting.browser(name)
        shown = await browser.get(f"/meetings/join/{slot}")
        assert shown.status_code == 200
        assert f"/meetings/join/{slot}/go" in shown.text
        assert "zoom.us" not in shown.text, "the link itself stands on no page"
        assert await go(browser, slot) == LINK
        assert (await browser.get(f"/meetings/join/{slot}/go")).headers["referrer-policy"] == "same-origin"
    for name in STRANGERS:
        browser = await meeting.browser(name)
        for path in ("", "/go", "/calendar.ics"):
            assert (await browser.get(f"/meetings/join/{slot}{path}")).status_code == 404, (name, path)
        assert (await browser.post(f"/meetings/join/{slot}/agree", {"agree": "yes"})).status_code == 404
    visitor = await meeting.browser()
    assert (await visitor.get(f"/meetings/join/{slot}/go")).headers["location"].startswith("/sign-in")
    parent = await meeting.browser("parent")
    assert (await parent.get("/meetings/join/5/go")).status_code == 404


async def test_it_opens_shortly_before_and_closes_shortly_after(meeting: TestSchool) -> None:
    slot = await booked(meeting, begins=clock.HOUR, provider="link", link=LINK)
    begins = clock.now() + clock.HOUR
    parent, teacher = await meeting.browser("parent"), await meeting.browser("teacher")
    for after, family, host in (
        (-40, False, False), (-29, False, True), (-16, False, True), (-14, True, True), (0, True, True),
        (29, True, True), (31, False, False), (24 * 60, False, False),
    ):  # fmt: skip
        with clock.frozen(begins + after * MINUTE):
            assert bool(await go(parent, slot)) is family, after
            assert bool(await go(teacher, slot)) is host, after
            text = (await parent.get(f"/meetings/join/{slot}")).text
            assert (f"/meetings/join/{slot}/go" in text) is family, after
    await chosen(meeting, early="5")
    with clock.frozen(begins - 6 * MINUTE):
        assert not await go(parent, slot)
    with clock.frozen(begins - 4 * MINUTE):
        assert await go(parent, slot) == LINK


async def test_who_comes_too_early_reads_when_to_come_again(meeting: TestSchool) -> None:
    slot = await booked(meeting, begins=clock.HOUR, provider="link", link=LINK)
    parent = await meeting.browser("parent")
    answer = await parent.get(f"/meetings/join/{slot}/go")
    assert answer.status_code == 200
    assert "not open yet" in answer.text
    assert "The way in opens here" in answer.text
    assert "zoom" not in answer.text.replace("Zoom", "")


async def test_a_cancelled_one_and_one_at_the_school_have_no_way_in(meeting: TestSchool) -> None:
    parent = await meeting.browser("parent")
    here = await booked(meeting)
    text = (await parent.get(f"/meetings/join/{here}")).text
    assert "Room 12" in text
    assert "/go" not in text
    assert not await go(parent, here)
    gone = await booked(meeting, begins=6 * MINUTE, provider="link", link=LINK)
    await run("UPDATE meetings_slot SET state = 'off' WHERE id = ?", gone)
    assert not await go(parent, gone)
    assert (await parent.get(f"/meetings/join/{gone}/calendar.ics")).status_code == 404


async def test_an_order_or_the_end_of_a_link_closes_it_at_once(meeting: TestSchool) -> None:
    slot = await booked(meeting, provider="link", link=LINK)
    parent, coparents = await meeting.browser("parent"), await meeting.browser("coparent")
    theirs = await booked(meeting, ("coparent", "mia"), begins=20 * MINUTE, provider="link", link=LINK)
    assert await go(parent, slot)
    await blocks(meeting, "parent", "mia")
    assert (await parent.get(f"/meetings/join/{slot}")).status_code == 404
    assert not await go(parent, slot)
    with clock.frozen(clock.now() + 10 * MINUTE):
        assert await go(coparents, theirs), "the other parent still can"
    await run("UPDATE link SET ends = '2020-01-01' WHERE adult = ?", meeting.ids["coparent"])
    with clock.frozen(clock.now() + 10 * MINUTE):
        assert not await go(coparents, theirs)


async def test_a_host_who_is_no_staff_any_more(meeting: TestSchool) -> None:
    slot = await booked(meeting, provider="link", link=LINK)
    teacher = await meeting.browser("teacher")
    assert await go(teacher, slot)
    await run("DELETE FROM staff WHERE adult = ?", meeting.ids["teacher"])
    assert not await go(teacher, slot)


async def test_nobody_meets_a_child_that_is_kept_from_them(meeting: TestSchool) -> None:
    """In a visit of several families: whoever has an order about one of the children is not led in."""
    slot = await booked(meeting, ("other", "lea"), ("parent", "mia"), provider="link", link=LINK)
    other, parent = await meeting.browser("other"), await meeting.browser("parent")
    assert await go(other, slot)
    await blocks(meeting, "other", "mia")
    assert not await go(other, slot)
    assert await go(parent, slot)


async def test_who_lives_together_comes_together(meeting: TestSchool) -> None:
    """Both adults of a household are expected at what one of them booked; separated parents are not."""
    slot = await booked(meeting, ("parent", "mia"), provider="link", link=LINK)
    coparent = await meeting.browser("coparent")
    assert not await go(coparent, slot)
    await lives_with(meeting, "parent", "coparent")
    await run("UPDATE meetings_booking SET party = (SELECT max(id) FROM household)")
    assert await go(coparent, slot) == LINK
    assert await go(await meeting.browser("parent"), slot) == LINK
    assert len(await loading.mine(meeting.viewer("coparent"), 0)) == 1
    await blocks(meeting, "coparent", "mia")
    assert not await go(coparent, slot)
    assert await loading.mine(meeting.viewer("coparent"), 0) == []


# ---- Jitsi ----


async def test_jitsi_rooms_open_with_a_token_of_this_person(meeting: TestSchool) -> None:
    await chosen(meeting, **JITSI)
    slot = await booked(meeting, provider="jitsi")
    next_one = await booked(meeting, begins=22 * MINUTE, provider="jitsi")
    assert len({await room_of(slot), await room_of(next_one)}) == 2
    room = await room_of(slot)
    assert len(room) == 32
    for name, moderator in (("parent", False), ("teacher", True)):
        address = await go(await meeting.browser(name), slot)
        assert address.startswith(f"https://meet.linden.example/{room}?jwt=")
        assert address.endswith("#config.localRecording.disable=true")
        found = claims(address)
        assert found["room"] == room
        assert found["context"]["user"] == {  # type: ignore[index]
            "name": f"{name.capitalize()} Test", "moderator": moderator,
            "affiliation": "owner" if moderator else "member",
        }  # fmt: skip
        assert not any(found["context"]["features"].values())  # type: ignore[index]
        assert found["exp"] * clock.SECOND < clock.now() + 36 * MINUTE  # type: ignore[operator]
        assert str(meeting.ids[name]) not in str(found)


async def test_where_several_families_meet_they_see_first_names(meeting: TestSchool) -> None:
    await chosen(meeting, **JITSI)
    slot = await booked(meeting, ("other", "lea"), ("parent", "mia"), provider="jitsi")
    seen = {name: claims(await go(await meeting.browser(name), slot))["context"]["user"]["name"]  # type: ignore[index]
            for name in ("other", "parent", "teacher")}  # fmt: skip
    assert seen == {"other": "Other", "parent": "Parent", "teacher": "Teacher Test"}


async def test_without_the_server_it_says_so(meeting: TestSchool) -> None:
    parent = await meeting.browser("parent")
    for provider in ("jitsi", "bbb"):
        slot = await booked(meeting, begins=(5 if provider == "bbb" else 6) * MINUTE, provider=provider)
        answer = await parent.get(f"/meetings/join/{slot}/go")
        assert answer.status_code == 200
        assert "not set up any more" in answer.text


# ---- BigBlueButton ----


async def test_bigbluebutton_from_the_button_to_the_room(meeting: TestSchool) -> None:
    with bigbluebutton() as bbb:
        await chosen(meeting, bbb_address=bbb.address, bbb_secret=SECRET, bbb_checksum="sha256")
        slot = await booked(meeting, provider="bbb", title="Evening – 3a")
        room = await room_of(slot)
        for name, role in (("parent", "VIEWER"), ("teacher", "MODERATOR")):
            address = await go(await meeting.browser(name), slot)
            assert address.startswith(f"{bbb.address}/bigbluebutton/api/join?")
            assert name_in(address) == f"{name.capitalize()} Test"
            assert f"role={role}" in address
            assert f"meetingID={room}" in address
        assert bbb.meetings[room].given["name"] == "Evening – 3a"
        assert bbb.meetings[room].given["record"] == "false"
        assert int(bbb.meetings[room].given["duration"]) == 35
        bbb.instead = page
        answer = await (await meeting.browser("parent")).get(f"/meetings/join/{slot}/go")
        assert answer.status_code == 409
        assert "not as BigBlueButton does" in answer.text
        assert "A talk" not in answer.text
        assert f"/meetings/join/{slot}/go" in answer.text, "the page is still there, and can be tried again"
    down = await (await meeting.browser("parent")).get(f"/meetings/join/{slot}/go")
    assert down.status_code == 409
    assert "could not be reached" in down.text


# ---- Recording ----


async def test_recorded_only_when_everybody_agrees(meeting: TestSchool) -> None:
    await chosen(meeting, **JITSI)
    slot = await booked(meeting, provider="jitsi", record=True)
    teacher = await meeting.browser("teacher")
    later = await booked(meeting, begins=clock.DAY, provider="jitsi", record=True)

    async def records() -> bool:
        found = claims(await go(teacher, slot))["context"]["features"]["recording"]  # type: ignore[index]
        text = (await teacher.get(f"/meetings/join/{slot}")).text
        assert ("Everybody who is expected agrees" in text) is found
        assert ("It is not recorded" in text) is not found
        for name in ("Parent Test", "Mia"):
            assert name not in text, "nobody learns who is missing"
        return bool(found)

    assert not await records()
    await may_record(meeting, slot, "teacher")
    assert not await records()
    await may_record(meeting, slot, "parent")
    assert not await records(), "the child's permission is missing"
    await may_record(meeting, slot, children=[("parent", "mia")])
    assert await records()
    parent = claims(await go(await meeting.browser("parent"), slot))
    assert parent["context"]["features"]["recording"] is False  # type: ignore[index]
    await meeting.decide("coparent", "mia", Rung.NOBODY, "meetings.recording")
    assert not await records(), "one no wins"
    await meeting.decide("coparent", "mia", Rung.FAMILY, "meetings.recording")
    assert await records()
    await may_record(meeting, later, "parent")
    await joining.agree(meeting.viewer("parent"), slot, False)
    await joining.agree(meeting.viewer("parent"), later, False)
    assert not await records()
    await meeting.work()
    told = {name: [word for word in await meeting.told(name) if "not to be recorded" in word[0]]
            for name in ("teacher", "parent")}  # fmt: skip
    ((_subject, body),) = told["teacher"]
    assert "Parent" not in body
    assert told["parent"] == []


async def test_nobody_records_what_the_host_did_not_ask_for(meeting: TestSchool) -> None:
    slot = await booked(meeting, provider="jitsi")
    found = await joining.look(meeting.viewer("teacher"), slot)
    assert await joining.recording(found) == joining.Recording()
    with pytest.raises(NotVisible):
        await joining.agree(meeting.viewer("parent"), slot, True)
    pasted = await booked(meeting, begins=6 * MINUTE, provider="link", link=LINK, record=True)
    assert not (await joining.recording(await joining.look(meeting.viewer("teacher"), pasted))).wished


async def test_everybody_of_several_families_counts(meeting: TestSchool) -> None:
    slot = await booked(meeting, ("other", "lea"), ("parent", "mia"), provider="jitsi", record=True)
    await may_record(meeting, slot, "teacher", "parent", "other", children=[("parent", "mia"), ("other", "lea")])
    look = joining.look
    assert (await joining.recording(await look(meeting.viewer("teacher"), slot))).allowed
    await joining.agree(meeting.viewer("other"), slot, False)
    assert not (await joining.recording(await look(meeting.viewer("teacher"), slot))).allowed
    page_ = (await (await meeting.browser("parent")).get(f"/meetings/join/{slot}")).text
    assert "You agree" in page_
    assert "Other" not in page_


async def test_agreeing_on_the_page_and_taking_it_back(meeting: TestSchool) -> None:
    slot = await booked(meeting, provider="jitsi", record=True)
    parent = await meeting.browser("parent")
    assert "I agree to be recorded" in (await parent.get(f"/meetings/join/{slot}")).text
    for _again in range(2):
        assert (await parent.post(f"/meetings/join/{slot}/agree", {"agree": "yes"})).status_code == 303
    assert "I would rather not be recorded" in (await parent.get(f"/meetings/join/{slot}")).text
    assert await joining.has_agreed(meeting.ids["parent"], slot)
    assert (await parent.post(f"/meetings/join/{slot}/agree", {"agree": "no"})).status_code == 303
    assert not await joining.has_agreed(meeting.ids["parent"], slot)


async def test_a_yes_counts_once_on_each_database(school: TestSchool) -> None:
    await school.use("meetings")
    slot, viewer = await booked(school, provider="jitsi", record=True), school.viewer("parent")
    await asyncio.gather(*(joining.agree(viewer, slot, True) for _time in range(4)))
    assert await joining.has_agreed(school.ids["parent"], slot)
    assert not await joining.has_agreed(school.ids["teacher"], slot)
    await joining.agree(viewer, slot, False)
    assert not await joining.has_agreed(school.ids["parent"], slot)
    with pytest.raises(NotVisible):
        await joining.agree(school.viewer("blocked"), slot, True)


async def test_a_yes_taken_back_ends_what_is_recorded(meeting: TestSchool) -> None:
    with bigbluebutton() as bbb:
        await chosen(meeting, bbb_address=bbb.address, bbb_secret=SECRET, bbb_checksum="sha256")
        slot = await booked(meeting, provider="bbb", record=True)
        room = await room_of(slot)
        await may_record(meeting, slot, "teacher", "parent", children=[("parent", "mia"), ("coparent", "mia")])
        parent = await meeting.browser("parent")
        assert await go(parent, slot)
        assert bbb.meetings[room].given["record"] == "true"
        await meeting.work()
        assert room in bbb.meetings, "as long as all agree it goes on"
        await joining.agree(meeting.viewer("parent"), slot, False)
        await meeting.work()
        assert room not in bbb.meetings
        assert await go(parent, slot)
        assert bbb.meetings[room].given["record"] == "false"


async def test_a_room_that_was_opened_to_be_recorded_is_not_entered_without_a_yes(meeting: TestSchool) -> None:
    with bigbluebutton() as bbb:
        await chosen(meeting, bbb_address=bbb.address, bbb_secret=SECRET, bbb_checksum="sha256")
        slot = await booked(meeting, provider="bbb", record=True)
        await may_record(meeting, slot, "teacher", "parent", children=[("parent", "mia"), ("coparent", "mia")])
        parent = await meeting.browser("parent")
        assert await go(parent, slot)
        await meeting.decide("coparent", "mia", Rung.NOBODY, "meetings.recording")
        assert await go(parent, slot)
        assert bbb.meetings[await room_of(slot)].given["record"] == "false"


# ---- Trying the connection ----


async def test_the_administrator_tries_the_servers(meeting: TestSchool) -> None:
    admin, teacher, office = [await meeting.browser(name) for name in ("admin", "teacher", "office")]
    assert (await teacher.get("/meetings/servers")).status_code == 404
    assert (await office.post("/meetings/servers", {"kind": "bbb"})).status_code == 404
    assert (await admin.get("/meetings/servers")).text.count("Not set up") == 2
    with bigbluebutton() as bbb:
        await chosen(meeting, bbb_address=bbb.address, bbb_secret=SECRET, bbb_checksum="sha256")
        answer = await admin.post("/meetings/servers", {"kind": "bbb"})
        assert answer.status_code == 303
        assert "the secret is right" in (await admin.get("/meetings/servers")).text
        await chosen(meeting, bbb_address=bbb.address, bbb_secret="another", bbb_checksum="sha256")
        failed = await admin.post("/meetings/servers", {"kind": "bbb"})
        assert failed.status_code == 422
        assert "does not accept the portal&#39;s signature" in failed.text
        assert "another" not in failed.text
    assert (await admin.post("/meetings/servers", {"kind": "jitsi"})).status_code == 422
    assert (await admin.post("/meetings/servers", {"kind": "zoom"})).status_code == 404


async def test_refused_says_why(meeting: TestSchool) -> None:
    slot = await booked(meeting)
    with pytest.raises(Refused, match="not online"):
        await joining.link(meeting.viewer("parent"), slot)
