"""The office's pages: records, links, no-contact orders, holds, roles, classes, settings."""

from __future__ import annotations

import html

import pytest

from portal.people import queries
from portal.photos import actions
from portal.testing import TestSchool, run

PAGES = ("/office", "/office/people", "/office/groups", "/office/people/new", "/office/school")
OPEN_TO = {
    "/office": {"admin", "office", "safeguarding"},
    "/office/people": {"admin", "office", "safeguarding"},
    "/office/groups": {"admin", "office", "safeguarding"},
    "/office/people/new": {"admin", "office"},
    "/office/school": {"admin"},
}


@pytest.mark.parametrize("path", PAGES)
async def test_pages_open_to_their_roles_only(school: TestSchool, path: str) -> None:
    for name in ("admin", "office", "safeguarding", "teacher", "parent", "mia"):
        answer = await (await school.browser(name)).get(path)
        assert answer.status_code == (200 if name in OPEN_TO[path] else 404), (name, answer.text[:300])


async def test_people_are_found_whatever_the_case(school: TestSchool) -> None:
    office = await school.browser("office")
    assert "Grandparent Test" in (await office.get("/office/people?q=GRANDparent")).text
    assert "Grandparent Test" not in (await office.get("/office/people?q=nobody-like-that")).text


async def test_a_no_contact_order_is_obeyed_at_once(school: TestSchool) -> None:
    photo = await school.photo(("mia",))
    other = await school.browser("other")
    assert (await other.get(f"/photos/{photo}")).status_code == 200
    office = await school.browser("office")
    child, adult = school.ids["mia"], school.ids["other"]
    done = await office.post(f"/office/people/{child}/block", {"other": adult})
    assert done.status_code == 303, done.text
    assert (await other.get(f"/photos/{photo}")).status_code == 404
    # lifting it is for others to do, and is asked first
    assert (await office.post(f"/office/people/{child}/unblock", {"other": adult, "confirmed": "1"})).status_code == 404
    lead = await school.browser("safeguarding")
    asked = await lead.post(f"/office/people/{child}/unblock", {"other": adult})
    assert asked.status_code == 200
    assert "Lift" in asked.text
    assert (await other.get(f"/photos/{photo}")).status_code == 404
    await lead.post(f"/office/people/{child}/unblock", {"other": adult, "confirmed": "1"})
    assert (await other.get(f"/photos/{photo}")).status_code == 200


async def test_ending_a_link_and_a_hold(school: TestSchool) -> None:
    photo = await school.photo(("mia",))
    grandparent = await school.browser("grandparent")
    assert (await grandparent.get(f"/photos/{photo}")).status_code == 200
    office = await school.browser("office")
    child = school.ids["mia"]
    path = f"/office/people/{child}/unlink"
    await office.post(path, {"other": school.ids["grandparent"], "confirmed": "1"})
    assert (await grandparent.get(f"/photos/{photo}")).status_code == 404
    parent = await school.browser("parent")
    assert (await parent.get(f"/photos/{photo}")).status_code == 200
    lead = await school.browser("safeguarding")
    await lead.post(f"/office/people/{child}/hold")
    assert (await parent.get(f"/photos/{photo}")).status_code == 404
    admin = await school.browser("admin")
    assert (await admin.post(f"/office/people/{child}/release", {"confirmed": "1"})).status_code == 404
    await lead.post(f"/office/people/{child}/release", {"confirmed": "1"})
    assert (await parent.get(f"/photos/{photo}")).status_code == 200


async def test_an_administrator_takes_photos_down_without_seeing_them(school: TestSchool) -> None:
    photo = await school.photo(("mia",))
    other = await school.photo(("lea",))
    parent = await school.browser("parent")
    await (await school.browser("safeguarding")).post(f"/office/people/{school.ids['mia']}/hold")
    admin = await school.browser("admin")
    assert (await admin.get(f"/desk/photos/{photo}/small")).status_code == 404
    path = f"/office/people/{school.ids['mia']}/hide"
    assert (await (await school.browser("office")).post(path, {"confirmed": "1"})).status_code == 404
    assert (await admin.post(path, {"confirmed": "1"})).status_code == 303
    lead = await school.browser("safeguarding")
    await lead.post(f"/office/people/{school.ids['mia']}/release", {"confirmed": "1"})
    assert (await parent.get(f"/photos/{photo}")).status_code == 404
    # and no teacher puts them back before the administrator allows it
    await actions.publish(school.viewer("teacher"), [photo])
    assert (await parent.get(f"/photos/{photo}")).status_code == 404
    assert (await admin.post(f"/office/people/{school.ids['mia']}/show")).status_code == 303
    assert (await parent.get(f"/photos/{photo}")).status_code == 404
    await actions.publish(school.viewer("teacher"), [photo])
    assert (await parent.get(f"/photos/{photo}")).status_code == 200
    assert (await (await school.browser("teacher")).get(f"/desk/photos/{other}/small")).status_code == 200


async def test_closing_an_account_ends_its_sessions_and_the_last_admin_stays(school: TestSchool) -> None:
    teacher = await school.browser("teacher")
    assert (await teacher.get("/desk")).status_code == 200
    admin = await school.browser("admin")
    await admin.post(f"/office/people/{school.ids['teacher']}/deactivate", {"confirmed": "1"})
    assert (await teacher.get("/desk")).status_code == 303
    refused = await admin.post(f"/office/people/{school.ids['admin']}/deactivate", {"confirmed": "1"})
    assert refused.status_code == 422
    assert "only administrator" in refused.text
    assert (await admin.get("/office")).status_code == 200


async def test_settings_are_stored_all_or_none(school: TestSchool) -> None:
    admin = await school.browser("admin")
    values = {
        "name": "Oak School", "timezone": "Europe/Madrid", "languages": ["es", "en"], "first_language": "es",
        "quorum": "all", "voice_mode": "both", "voice_from_age": "12", "account_from_age": "16", "grace_days": "30",
        "address": "", "contact": "",
    }
    wrong = await admin.post("/office/school", values | {"timezone": "Mars/Olympus"})
    assert wrong.status_code == 422
    assert "Oak School" in wrong.text
    assert "Linden" not in wrong.text.split("<main")[1].split("<footer")[0]
    assert (await admin.post("/office/school", values)).status_code == 303
    assert "Oak School" in (await admin.get("/office")).text


async def test_a_person_and_a_class_are_added_by_hand(school: TestSchool) -> None:
    office = await school.browser("office")
    wrong = await office.post("/office/people/new", {"kind": "child", "given_name": "", "language": "en"})
    assert wrong.status_code == 422
    made = await office.post(
        "/office/people/new",
        {"kind": "child", "given_name": "Zoë", "family_name": "Ångström", "language": "de", "born": "2018-02-28"},
    )
    assert made.status_code == 303
    record = made.headers["location"]
    assert (await office.post("/office/groups", {"name": "4z", "until": "2031-07-31"})).status_code == 303
    listed = (await office.get(record)).text
    assert "4z" in listed
    assert "Zoë Ångström" in listed
    assert "Zoë" in (await office.get("/office/people?q=zoe+angstrom")).text


async def test_whoever_may_not_see_a_child_reads_its_name_nowhere(school: TestSchool) -> None:
    office, admin = await school.browser("office"), await school.browser("admin")
    mia, tom, own = school.ids["mia"], school.ids["tom"], school.ids["office"]
    assert (await admin.post(f"/office/people/{mia}/block", {"other": own})).status_code == 303
    assert (await admin.post(f"/office/people/{tom}/block", {"other": school.ids["blocked"]})).status_code == 303
    for record in (own, school.ids["blocked"], school.ids["parent"]):
        assert "Mia Test" in (await admin.get(f"/office/people/{record}")).text
        assert "Mia Test" not in (await office.get(f"/office/people/{record}")).text
    assert "Tom Test" in (await office.get(f"/office/people/{school.ids['blocked']}")).text


async def test_nobody_links_a_child_whom_they_may_not_see(school: TestSchool) -> None:
    office, admin = await school.browser("office"), await school.browser("admin")
    other = school.ids["other"]
    await admin.post(f"/office/people/{school.ids['mia']}/block", {"other": school.ids["office"]})
    refused = await office.post(f"/office/people/{other}/link", {"other": school.ids["mia"], "sees": "yes"})
    absent = await office.post(f"/office/people/{other}/link", {"other": 5, "sees": "yes"})
    assert (refused.status_code, absent.status_code) == (404, 404)
    assert len(await queries.ties(other, "adult", "2026-11-21")) == 1
    done = await office.post(f"/office/people/{other}/link", {"other": school.ids["tom"], "sees": "yes"})
    assert done.status_code == 303
    assert len(await queries.ties(other, "adult", "2026-11-21")) == 2


async def test_a_no_contact_order_is_between_an_adult_and_a_child(school: TestSchool) -> None:
    office = await school.browser("office")
    record = f"/office/people/{school.ids['other']}"
    assert (await office.post(f"{record}/block", {"other": school.ids["admin"]})).status_code == 422
    assert await queries.blocks(school.ids["other"], "adult") == []
    assert (await office.post(f"{record}/block", {"other": school.ids["tom"]})).status_code == 303
    assert await queries.blocks(school.ids["other"], "adult") == [(school.ids["tom"], "Tom Test")]


async def test_the_office_closes_no_account_that_may_do_more(school: TestSchool) -> None:
    office, admin = await school.browser("office"), await school.browser("admin")
    lead, teacher = (f"/office/people/{school.ids[name]}" for name in ("safeguarding", "teacher"))
    sure = {"confirmed": "1"}
    assert "Close the account" not in (await office.get(lead)).text
    assert (await office.post(f"{lead}/deactivate", sure)).status_code == 404
    assert (await admin.post(f"{lead}/deactivate", sure)).status_code == 303
    assert (await office.post(f"{lead}/reactivate")).status_code == 404
    assert (await admin.post(f"{lead}/reactivate")).status_code == 303
    assert "Close the account" in (await office.get(teacher)).text
    assert (await office.post(f"{teacher}/deactivate", sure)).status_code == 303


async def test_staff_of_a_class_that_is_there(school: TestSchool) -> None:
    office = await school.browser("office")
    record = f"/office/people/{school.ids['colleague']}/join"
    assert (await office.post(record, {"other": "77"})).status_code == 422
    assert (await office.post(record, {"other": school.groups["3a"]})).status_code == 303


async def test_settings_that_are_no_reasonable_number(school: TestSchool) -> None:
    admin = await school.browser("admin")
    values = {
        "name": "Oak School", "timezone": "Europe/Madrid", "languages": "es", "first_language": "es", "quorum": "all",
        "voice_mode": "both", "voice_from_age": "12", "account_from_age": "16",
    }
    for days, status in (("0000001", 422), ("00000019999", 422), ("9" * 5000, 422), ("-1", 422), ("400", 303)):
        assert (await admin.post("/office/school", values | {"grace_days": days})).status_code == status, days


async def test_who_is_kept_away_is_not_said_to_see_photos(school: TestSchool) -> None:
    office, child, adult = await school.browser("office"), school.ids["mia"], school.ids["coparent"]
    path = f"/office/people/{child}"
    before = (await office.get(path)).text
    await office.post(f"{path}/block", {"other": adult})
    after = html.unescape((await office.get(path)).text)
    # One guardian of Mia is kept away from the start; now two are.
    assert after.count("sees photos as family") == before.count("sees photos as family") - 1
    assert after.count('<span class="pill bad">No contact</span>') == 2
    assert after.count(f'<a href="/office/people/{adult}">Coparent Test</a>') == 2, "as guardian, and as kept away"
    assert "so they see the child's name under “Permissions”" in after
    theirs = (await office.get(f"/office/people/{adult}")).text
    assert '<span class="pill bad">No contact</span>' in theirs
    assert "sees photos as family" not in theirs


async def test_an_administrator_is_made_on_a_second_word_only(school: TestSchool) -> None:
    admin, other = await school.browser("admin"), school.ids["other"]
    path = f"/office/people/{other}"
    page = (await admin.get(path)).text
    assert page.count('data-confirm="Make Other Test an administrator?') == 1
    asked = await admin.post(f"{path}/role", {"role": "admin"})
    assert asked.status_code == 200
    assert "Make Other Test an administrator?" in asked.text
    assert "They can then change everything in this portal." in asked.text
    assert await queries.roles(other) == []
    assert (await admin.post(f"{path}/role", {"role": "office"})).status_code == 303, "this one is simply given"
    assert (await admin.post(f"{path}/role", {"role": "admin", "confirmed": "1"})).status_code == 303
    assert set(await queries.roles(other)) == {"admin", "office"}


async def test_taking_down_is_asked_first_and_one_of_both_ways_is_offered(school: TestSchool) -> None:
    admin, path = await school.browser("admin"), f"/office/people/{school.ids['mia']}"
    hide, show = f'action="{path}/hide"', f'action="{path}/show"'
    page = (await admin.get(path)).text
    assert hide in page
    assert show not in page
    assert "They stay hidden until you let staff show them again." in page
    assert (await admin.post(f"{path}/hide")).status_code == 200, "asked first"
    assert hide in (await admin.get(path)).text
    assert (await admin.post(f"{path}/hide", {"confirmed": "1"})).status_code == 303
    page = (await admin.get(path)).text
    assert show in page
    assert hide not in page
    assert (await admin.post(f"{path}/show")).status_code == 303
    assert hide in (await admin.get(path)).text


async def test_a_record_offers_what_there_is(school: TestSchool) -> None:
    office = await school.browser("office")
    path = f"/office/people/{school.ids['lea']}"
    assert "/deactivate" not in (await office.get(path)).text, "no account, none to close"
    await run("INSERT INTO account (person, login, created_at) VALUES (?, 'lea', 0)", school.ids["lea"])
    assert "/deactivate" in (await office.get(path)).text
    assert "<h2>Children</h2>" not in (await office.get(f"/office/people/{school.ids['teacher']}")).text
    assert "<h2>Children</h2>" in (await office.get(f"/office/people/{school.ids['parent']}")).text
