"""What people see and press: families, teachers, the office, and everybody who must not."""

from __future__ import annotations

import re

from booked import a_day, book, booked, made, opened, slots, window
from portal_meetings import loading, waiting

from portal.sdk import clock, db
from portal.testing import Browser, TestSchool, run

ALL = (
    "coparent", "grandparent", "former", "blocked", "other", "neighbour", "colleague", "outsider", "mia", "anonymous",
)  # fmt: skip
NOTE = "About the violin"


async def send(browser: Browser, path: str, **fields: str | int) -> tuple[int, str]:
    answer = await browser.post(path, {name: str(value) for name, value in fields.items()})
    return answer.status_code, answer.text


async def test_a_family_books_and_whoever_comes_second_keeps_what_they_wrote(meeting: TestSchool) -> None:
    school = meeting
    event = await opened(school)
    first, _second, _third = await slots(event)
    parent, other = await school.browser("parent"), await school.browser("other")
    page = (await parent.get(f"/meetings/{event}")).text
    assert page.count('name="slot"') == 3
    fields = {"slot": first.id, "host": first.host, "note": NOTE}
    status, _text = await send(parent, f"/meetings/{event}/book", child=school.ids["mia"], **fields)
    assert status == 303
    page = (await parent.get(f"/meetings/{event}")).text
    assert "Cancel this appointment" in page
    status, text = await send(other, f"/meetings/{event}/book", child=school.ids["lea"], **fields)
    assert (status, "Somebody else has just booked" in text, NOTE in text) == (422, True, True)
    assert "Free and near to it" in text
    assert text.count('name="slot"') == 2
    status, text = await send(other, f"/meetings/{event}/book", child=school.ids["lea"], host=first.host, note=NOTE)
    assert (status, "Please choose a time." in text, NOTE in text) == (422, True, True)


async def test_nobody_else_sees_a_familys_booking(meeting: TestSchool) -> None:
    """Each page that the cast can open, and each address of the booking."""
    school = meeting
    event = await opened(school, window(provider="link", link="https://meet.google.com/abc-defg-hij"), by="office")
    first, *_ = await slots(event)
    number = await book(school, "parent", event, first, "mia", NOTE)
    for name in ALL:
        browser = await school.browser(name)
        for path in ("/meetings", f"/meetings/{event}", f"/meetings/{event}/plan", f"/meetings/{event}/desk",
                     f"/meetings/slots/{first.id}", f"/meetings/join/{first.id}", f"/meetings/join/{first.id}/go",
                     f"/meetings/join/{first.id}/calendar.ics", f"/meetings/day?day={a_day()}"):  # fmt: skip
            answer = await browser.get(path)
            assert NOTE not in answer.text, (name, path)
            assert "Parent Test" not in answer.text, (name, path)
            assert "meet.google.com" not in answer.text, (name, path)
            if "/join/" in path or "/slots/" in path:
                assert answer.status_code in (303, 404), (name, path)
        for path in (f"/meetings/bookings/{number}/cancel", f"/meetings/bookings/{number}/release",
                     f"/meetings/bookings/{number}/mark", f"/meetings/slots/{first.id}/withdraw"):  # fmt: skip
            assert (await browser.post(path, {"confirmed": "1"})).status_code in (303, 401, 404), (name, path)
            assert (await booked(number)).state == "on", (name, path)
    teacher, office = await school.browser("teacher"), await school.browser("office")
    assert NOTE in (await teacher.get(f"/meetings/{event}/desk")).text
    text = (await office.get(f"/meetings/{event}/desk")).text
    assert "Parent Test" in text
    assert NOTE not in text  # for the teacher alone


async def test_all_appointments_are_planned(meeting: TestSchool) -> None:
    school = meeting
    event = await opened(school, by="office", classes="3a,3b", gap_minutes=10)
    parent, other = await school.browser("parent"), await school.browser("other")
    page = (await parent.get(f"/meetings/{event}")).text
    assert "Plan all my appointments" in page
    text = (await parent.get(f"/meetings/{event}/plan?after=16:00")).text
    pairs = re.findall(r'name="pair" value="([\d-]+)"', text)
    assert len(pairs) == 2
    # One of them is gone before she presses the button: nothing is booked, and there is another plan.
    gone, child = map(int, pairs[0].split("-"))
    rival = ("other", "lea") if child == school.ids["mia"] else ("neighbour", "tom")
    slot = await loading.slot(gone)
    assert slot is not None
    await book(school, rival[0], event, slot, rival[1])
    answer = await parent.post(f"/meetings/{event}/plan", [("pair", pair) for pair in pairs] + [("note", NOTE)])
    assert (answer.status_code, "so nothing is booked yet" in answer.text, NOTE in answer.text) == (422, True, True)
    assert await loading.bookings("WHERE b.person = ?", school.ids["parent"]) == []
    again = re.findall(r'name="pair" value="([\d-]+)"', answer.text)
    assert (await parent.post(f"/meetings/{event}/plan", [("pair", pair) for pair in again])).status_code == 303
    mine = await loading.bookings("WHERE b.person = ?", school.ids["parent"])
    assert len(mine) == 2
    assert mine[1].starts_at - mine[0].ends_at >= 10 * clock.MINUTE
    assert (await other.post(f"/meetings/{event}/plan", [("pair", pair) for pair in again])).status_code == 404


async def test_cancelling_asks_and_waiting_works(meeting: TestSchool) -> None:
    school = meeting
    event = await opened(school, window("16:00", "16:20"))
    (slot,) = await slots(event)
    number = await book(school, "parent", event, slot, "mia")
    parent, other = await school.browser("parent"), await school.browser("other")
    assert "All times are taken." in (await other.get(f"/meetings/{event}")).text
    child = school.ids["lea"]
    assert (await send(other, f"/meetings/{event}/wait", host=slot.host, child=child))[0] == 303
    status, text = await send(parent, f"/meetings/bookings/{number}/cancel")
    assert (status, "Cancel this appointment?" in text) == (200, True)
    assert (await send(parent, f"/meetings/bookings/{number}/cancel", confirmed=1))[0] == 303
    assert "A time became free for you" in (await other.get(f"/meetings/{event}")).text
    assert "All times are taken." in (await parent.get(f"/meetings/{event}")).text  # kept for the one who waits
    (waits,) = await waiting.rows("WHERE event = ?", event)
    assert (await send(parent, f"/meetings/waiting/{waits.id}/leave"))[0] == 404
    fields = {"slot": slot.id, "host": slot.host, "child": child}
    assert (await send(other, f"/meetings/{event}/book", **fields))[0] == 303


FORM = {
    "kind": "evening", "token": "t1", "title": "Our <evening>", "change_hours": "24", "gap_minutes": "5",
    "minutes": "10", "buffer": "0", "w0-begins": "16:00", "w0-ends": "17:00",
}  # fmt: skip


async def test_a_teacher_makes_one(meeting: TestSchool) -> None:
    school = meeting
    teacher, parent = await school.browser("teacher"), await school.browser("parent")
    form = FORM | {"classes": str(school.groups["3a"]), "w0-day": "2027-03-28", "w0-begins": "02:15"}
    answer = await teacher.post("/meetings/new", form)
    assert (answer.status_code, "The clocks go forward" in answer.text) == (422, True)
    assert "Our &lt;evening&gt;" in answer.text
    form |= {"w0-day": a_day(), "w0-begins": "16:00", "w0-provider": "link", "w0-link": "https://meet.town.example/x"}
    answer = await teacher.post("/meetings/new", form)
    assert (answer.status_code, 'name="confirmed"' in answer.text) == (422, True)
    form["confirmed"] = "yes"
    answer = await teacher.post("/meetings/new", form)
    assert answer.status_code == 303
    assert (await teacher.post("/meetings/new", form)).headers["location"] == answer.headers["location"]
    event = int(answer.headers["location"].split("/")[2])
    assert len(await slots(event)) == 6
    assert (await parent.get(f"/meetings/{event}")).status_code == 404
    assert (await teacher.post(f"/meetings/{event}/publish", {"confirmed": "1"})).status_code == 303
    page = (await parent.get(f"/meetings/{event}")).text
    assert "Our &lt;evening&gt;" in page
    assert "meet.town.example" not in page
    assert (await parent.post("/meetings/new", form)).status_code == 404


async def test_the_day_and_what_is_done_there(meeting: TestSchool) -> None:
    school = meeting
    event = await opened(school)
    first, *_ = await slots(event)
    number = await book(school, "parent", event, first, "mia", NOTE)
    teacher = await school.browser("teacher")
    page = (await teacher.get(f"/meetings/day?day={a_day()}")).text
    assert NOTE in page
    assert page.count("Free") == 2
    assert (await teacher.get("/meetings/day?day=nonsense")).status_code == 404
    with clock.frozen(first.ends_at):
        late = await school.browser("teacher")
        assert (await send(late, f"/meetings/bookings/{number}/mark", outcome="met", day=a_day()))[0] == 303
        assert (await send(late, f"/meetings/bookings/{number}/mark", outcome="odd"))[0] == 404
        office = await school.browser("office")
        assert "They came" not in (await office.get(f"/meetings/slots/{first.id}")).text
    assert (await booked(number)).outcome == "met"
    family = school.ids["other"], school.ids["lea"]
    second = (await slots(event))[1]
    assert (await send(teacher, f"/meetings/slots/{second.id}/give", family="{}-{}".format(*family)))[0] == 303
    status, text = await send(teacher, f"/meetings/slots/{second.id}/withdraw")
    assert (status, "Withdraw this time?" in text) == (200, True)
    assert (await send(teacher, f"/meetings/slots/{second.id}/withdraw", confirmed=1))[0] == 303
    other = await school.browser("other")
    assert "cannot take place" in (await other.get("/meetings")).text


async def test_cards(meeting: TestSchool) -> None:
    school = meeting

    async def home(name: str) -> str:
        browser = await school.browser(name)
        return (await browser.get((await browser.get("/")).headers["location"])).text

    event = await opened(school, window(days=3))
    assert "You can choose a time for 1 meeting." in await home("parent")
    await book(school, "parent", event, (await slots(event))[0], "mia")
    text = await home("parent")
    assert "Your next appointment" in text
    assert "You can choose" not in text
    assert "Your next appointment" not in await home("coparent")
    assert "Families come to you" in await home("teacher")
    assert "Families come to you" not in await home("colleague")


async def test_pages_on_each_database(school: TestSchool) -> None:
    """What the lists ask for is understood by both kinds."""
    await school.use("meetings")
    event, draft = await opened(school), await made(school, window(days=20))
    first, second, _third = await slots(event)
    await book(school, "parent", event, first, "mia")
    await waiting.join(school.viewer("other"), event, first.host, school.ids["lea"])
    await run("UPDATE meetings_slot SET state = 'off' WHERE id = ?", second.id)
    for name, paths in {
        "parent": ("/meetings", f"/meetings/{event}", f"/meetings/{event}/plan"),
        "teacher": ("/meetings", "/meetings/past", f"/meetings/{event}/desk", f"/meetings/{draft}/desk",
                    f"/meetings/slots/{first.id}", f"/meetings/day?day={a_day()}", f"/meetings/{event}/times"),
        "office": ("/meetings", f"/meetings/{event}/desk"),
    }.items():  # fmt: skip
        browser = await school.browser(name)
        for path in paths:
            assert (await browser.get(path)).status_code == 200, (name, path)
    with clock.frozen(first.starts_at - clock.HOUR):
        await school.work()
    assert await db.value("SELECT count(*) FROM meetings_booking WHERE reminded_at > 0") == 1
