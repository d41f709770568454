"""People's records: ids as forms send them, and what does not exist for whoever asks."""

from __future__ import annotations

import html
from collections.abc import Iterator

import pytest

from portal import clock
from portal.people import queries
from portal.testing import TestSchool, run
from tests.people.roster.kit import NOON, TODAY

LATE = 10**18 + 7  # an id of 19 digits, as they are from July 2032


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


async def of_2032(school: TestSchool) -> None:
    """Another child and another class, made when ids have 19 digits."""
    await run(
        "INSERT INTO person (id, kind, given_name, family_name, language, active, safeguarding_hold, source,"
        " created_at) VALUES (?, 'child', 'Zoe', 'Test', 'en', ?, ?, 'hand', 0)",
        *(LATE, True, False),
    )
    await run("INSERT INTO school_group (id, name, kind, source) VALUES (?, '1z', 'homeroom', 'hand')", LATE + 1)


async def test_ids_of_19_digits_are_taken(school: TestSchool) -> None:
    await of_2032(school)
    office, adult = await school.browser("office"), school.ids["other"]
    record = f"/office/people/{adult}"
    assert (await office.post(f"{record}/link", {"other": LATE, "sees": "yes"})).status_code == 303
    assert LATE in [tie.other for tie in await queries.ties(adult, "adult", TODAY)]
    assert (await office.post(f"{record}/block", {"other": LATE})).status_code == 303
    assert await queries.blocks(adult, "adult") == [(LATE, "Zoe Test")]
    assert (await office.post(f"/office/people/{LATE}/join", {"other": LATE + 1})).status_code == 303
    assert [group.id for group in await queries.groups_of(LATE, "child", TODAY)] == [LATE + 1]


@pytest.mark.parametrize("other", ["", "5", "x", "-1", str(2**63), "9" * 400, "٣"])
@pytest.mark.parametrize("deed", ["link", "unlink", "block"])
async def test_who_does_not_exist_is_not_there(sqlite_school: TestSchool, deed: str, other: str) -> None:
    school = sqlite_school
    office, adult = await school.browser("office"), school.ids["other"]
    before = [await queries.ties(adult, "adult", TODAY), await queries.blocks(adult, "adult")]
    answer = await office.post(f"/office/people/{adult}/{deed}", {"other": other, "sees": "yes", "confirmed": "1"})
    assert answer.status_code == 404
    assert before == [await queries.ties(adult, "adult", TODAY), await queries.blocks(adult, "adult")]


async def test_a_child_whom_one_may_not_see_looks_absent(school: TestSchool) -> None:
    office, admin = await school.browser("office"), await school.browser("admin")
    other, mia = school.ids["other"], school.ids["mia"]
    await admin.post(f"/office/people/{mia}/block", {"other": school.ids["office"]})
    hidden = await office.post(f"/office/people/{other}/link", {"other": mia, "sees": "yes"})
    absent = await office.post(f"/office/people/{other}/link", {"other": 5, "sees": "yes"})
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert "Other Test" not in hidden.text
    seen = await admin.post(f"/office/people/{other}/link", {"other": mia, "sees": "yes"})
    assert seen.status_code == 303


async def test_a_refusal_still_says_why_on_the_record(school: TestSchool) -> None:
    office = await school.browser("office")
    record = f"/office/people/{school.ids['other']}"
    two_adults = await office.post(f"{record}/link", {"other": school.ids["admin"], "sees": "yes"})
    assert two_adults.status_code == 422
    assert "Please choose a person from the list." in html.unescape(two_adults.text)
    no_class = await office.post(f"/office/people/{school.ids['mia']}/join", {"other": "77"})
    assert no_class.status_code == 422
    assert "This class has ended." in html.unescape(no_class.text)
