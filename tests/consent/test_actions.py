"""Deciding, withdrawing and accounts: who may, who may not, and what the ledger then says."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from portal import clock
from portal.consent import actions, notices, queries
from portal.consent.actions import NoticeChanged
from portal.consent.notices import Reference
from portal.db import Conflict, db
from portal.errors import BadInput, NotVisible, Refused
from portal.identity import sessions
from portal.kinds import ACCOUNT, PHOTO, VIDEO, Rung
from portal.people import school as schools
from portal.testing import CAST, TestSchool, run
from tests.consent.ledger import SHOWN, lines, rung

# Who decides for mia today: the parents, and her father although he is blocked from her.
DECIDE_FOR_MIA = ("parent", "coparent", "blocked")


@pytest.fixture
async def school(school: TestSchool) -> TestSchool:
    await notices.publish_defaults(await schools.load())
    return school


@pytest.mark.parametrize("name", CAST)
async def test_only_todays_deciders_decide_withdraw_and_allow(school: TestSchool, name: str) -> None:
    mia, viewer = school.ids["mia"], school.viewer(name)
    before = len(await queries.history(mia))
    tries = (
        lambda: actions.decide(viewer, mia, PHOTO, Rung.FAMILY, shown=SHOWN),
        lambda: actions.withdraw(viewer, mia, VIDEO),
        lambda: actions.allow_account(viewer, mia, True),
    )
    for attempt in tries:
        if name in DECIDE_FOR_MIA:
            await attempt()
        else:
            with pytest.raises(NotVisible):
                await attempt()
    after = await queries.history(mia)
    assert len(after) - before == (3 if name in DECIDE_FOR_MIA else 0)


async def test_a_decision_is_written_down_with_everything(school: TestSchool) -> None:
    end = clock.add_days(clock.present("Europe/Berlin").today, 30)
    await actions.decide(school.viewer("other"), school.ids["lea"], VIDEO, Rung.CLASS, end, shown=Reference(1, "de"))
    notice = await notices.exactly("photo", Reference(1, "de"))
    assert notice is not None
    assert await db.rows(
        "SELECT child, made_by, purpose, rung, until, notice_version, notice_sha256, language, way, entered_by"
        " FROM decision WHERE made_by = ?",
        school.ids["other"],
    ) == [(school.ids["lea"], school.ids["other"], VIDEO, 2, end, 1, notice.sha256, "de", "account", None)]
    (line,) = await lines(school, "lea", "other")
    assert abs(line.at - clock.now()) < clock.MINUTE
    assert line.by_name == "Other Test"


async def test_an_answer_opens_and_a_withdrawal_closes_at_once(school: TestSchool) -> None:
    lea, other = school.ids["lea"], school.viewer("other")
    photo = await school.photo(("lea",))
    parent, anonymous = await school.browser("parent"), await school.browser()
    file = f"/photos/{photo}/small"
    assert (await parent.get(file)).status_code == 404
    await actions.decide(other, lea, PHOTO, Rung.CLASS, shown=SHOWN)
    assert (await parent.get(file)).status_code == 200
    assert (await anonymous.get(file)).status_code == 404
    await actions.withdraw(other, lea, PHOTO)
    assert (await parent.get(file)).status_code == 404
    assert (await (await school.browser("other")).get(file)).status_code == 404, "nobody is nobody"
    assert await rung(school, "lea") is Rung.NOBODY


async def test_the_same_button_pressed_twice_writes_one_line(school: TestSchool) -> None:
    lea, other = school.ids["lea"], school.viewer("other")
    first = await asyncio.gather(*(actions.decide(other, lea, PHOTO, Rung.CLASS, shown=SHOWN) for _ in range(2)))
    assert sorted(first) == [False, True]
    assert len(await lines(school, "lea", "other")) == 1
    assert await actions.decide(other, lea, PHOTO, Rung.SCHOOL, shown=SHOWN)
    assert await actions.decide(other, lea, PHOTO, Rung.CLASS, shown=SHOWN), "changing one's mind is no double press"
    assert await actions.withdraw(other, lea, PHOTO)
    assert not await actions.withdraw(other, lea, PHOTO)
    with clock.frozen(clock.now() + 2 * clock.MINUTE):
        assert await actions.withdraw(other, lea, PHOTO), "later it is said anew"


async def test_under_an_older_notice_only_a_no_counts(school: TestSchool) -> None:
    lea, other = school.ids["lea"], school.viewer("other")
    everything = {"en": "New."}
    await notices.publish(
        school.viewer("admin"), "photo", everything, {"en": "All."}, after=1, school=await schools.load()
    )
    for stale in (SHOWN, Reference(2, "de"), Reference(7, "en")):
        with pytest.raises(NoticeChanged):
            await actions.decide(other, lea, PHOTO, Rung.CLASS, shown=stale)
    assert await lines(school, "lea", "other") == []
    assert await actions.decide(other, lea, PHOTO, Rung.CLASS, shown=Reference(2, "en"))
    assert await actions.decide(other, lea, PHOTO, Rung.NOBODY, shown=SHOWN)
    assert [line.notice_version for line in await lines(school, "lea", "other")] == [1, 2]


async def test_an_answer_that_is_over_before_it_begins_is_refused(school: TestSchool) -> None:
    today = clock.present("Europe/Berlin").today
    with pytest.raises(BadInput):
        await actions.decide(
            school.viewer("other"), school.ids["lea"], PHOTO, Rung.CLASS, clock.add_days(today, -1), shown=SHOWN
        )
    assert await actions.decide(school.viewer("other"), school.ids["lea"], PHOTO, Rung.CLASS, today, shown=SHOWN)
    assert await rung(school, "lea") is Rung.CLASS


async def test_the_account_purpose_goes_only_through_its_own_door(school: TestSchool) -> None:
    for purpose in (ACCOUNT, "anything"):
        with pytest.raises(NotVisible):
            await actions.decide(school.viewer("other"), school.ids["lea"], purpose, Rung.CLASS, shown=SHOWN)
        with pytest.raises(NotVisible):
            await actions.withdraw(school.viewer("other"), school.ids["lea"], purpose)


async def test_a_child_speaks_from_the_day_on_which_it_may(school: TestSchool) -> None:
    noor = school.ids["noor"]
    await actions.decide(school.viewer("noor"), noor, PHOTO, Rung.FAMILY, shown=SHOWN)
    assert await rung(school, "noor") is Rung.FAMILY
    today = clock.present("Europe/Berlin").today
    year, rest = int(today[:4]), today[4:]
    if rest == "-02-29":
        pytest.skip("nobody turns 14 on this day")
    await run("UPDATE person SET born = ? WHERE id = ?", clock.add_days(f"{year - 14}{rest}", 1), noor)
    with pytest.raises(NotVisible):
        await actions.withdraw(school.viewer("noor"), noor, PHOTO)
    await run("UPDATE person SET born = ? WHERE id = ?", f"{year - 14}{rest}", noor)
    await actions.withdraw(school.viewer("noor"), noor, PHOTO)
    await schools.save(replace(await schools.load(), voice_mode="off"))
    with pytest.raises(NotVisible):
        await actions.withdraw(school.viewer("noor"), noor, VIDEO)
    with pytest.raises(NotVisible):  # for another child never
        await actions.withdraw(school.viewer("noor"), school.ids["mia"], PHOTO)


async def test_a_blocked_decider_only_lowers(school: TestSchool) -> None:
    mia, blocked = school.ids["mia"], school.viewer("blocked")
    await actions.decide(blocked, mia, PHOTO, Rung.PUBLIC, shown=SHOWN)
    assert await rung(school, "mia") is Rung.CLASS
    await actions.decide(blocked, mia, PHOTO, Rung.FAMILY, shown=SHOWN)
    assert await rung(school, "mia") is Rung.FAMILY


async def test_somebody_inactive_decides_nothing(school: TestSchool) -> None:
    await actions.withdraw(school.viewer("other"), school.ids["lea"], VIDEO)
    await run("UPDATE person SET active = ? WHERE id = ?", False, school.ids["other"])
    with pytest.raises(NotVisible):
        await actions.withdraw(school.viewer("other"), school.ids["lea"], PHOTO)


async def test_taking_back_an_account_ends_its_sessions_at_once(school: TestSchool) -> None:
    noor, parent = school.ids["noor"], school.viewer("noors_parent")
    child, guardian = await school.browser("noor"), await school.browser("noors_parent")
    assert (await child.get("/decide")).status_code == 200
    await actions.allow_account(parent, noor, False)
    assert await db.value("SELECT count(*) FROM session WHERE person = ?", noor) == 0
    assert (await child.get("/decide")).status_code == 303
    assert (await guardian.get("/decide")).status_code == 200, "nobody else is signed out"
    await actions.allow_account(parent, noor, True)
    assert (await child.get("/decide")).status_code == 303, "an ended session stays ended"
    assert (await (await school.browser("noor")).get("/decide")).status_code == 200


async def test_from_the_schools_age_on_nobody_is_asked(school: TestSchool) -> None:
    await schools.save(replace(await schools.load(), account_from_age=15))
    child = await school.browser("noor")
    for allowed in (True, False):
        with pytest.raises(Refused):
            await actions.allow_account(school.viewer("noors_parent"), school.ids["noor"], allowed)
    assert (await child.get("/decide")).status_code == 200
    assert await sessions.find(child.http.cookies["portal"]) is not None


async def test_where_the_school_asks_nobody_there_is_nothing_to_take_back(school: TestSchool) -> None:
    """An age of 0, also for a child whose birthday is not known."""
    lea = school.ids["lea"]
    await run("UPDATE person SET born = NULL WHERE id = ?", lea)
    await schools.save(replace(await schools.load(), account_from_age=0))
    for allowed in (True, False):
        with pytest.raises(Refused):
            await actions.allow_account(school.viewer("other"), lea, allowed)
    assert await lines(school, "lea", "other") == []
    await schools.save(replace(await schools.load(), account_from_age=1))
    await actions.allow_account(school.viewer("other"), lea, True)  # below any age that is asked for


async def test_answers_given_together_are_kept_together_or_not_at_all(school: TestSchool) -> None:
    lea, other = school.ids["lea"], school.viewer("other")
    yesterday = clock.add_days(clock.present("Europe/Berlin").today, -1)
    with pytest.raises(BadInput):
        await actions.decide_all(
            other, lea, {PHOTO: (Rung.CLASS, None), VIDEO: (Rung.CLASS, yesterday)}, shown=SHOWN
        )
    assert await lines(school, "lea", "other") == []
    await actions.decide_all(other, lea, {PHOTO: (Rung.CLASS, None), VIDEO: (Rung.FAMILY, None)}, shown=SHOWN)
    assert {line.purpose: line.rung for line in await lines(school, "lea", "other")} == {
        PHOTO: Rung.CLASS, VIDEO: Rung.FAMILY,
    }


async def test_the_ledger_is_only_ever_appended_to(school: TestSchool) -> None:
    mia = school.ids["mia"]
    before = await queries.history(mia)
    for sql in ("UPDATE decision SET rung = 4 WHERE child = ?", "DELETE FROM decision WHERE child = ?"):
        with pytest.raises(Exception, match="only ever appended"):
            await run(sql, mia)
    with pytest.raises(Conflict):  # nor do its lines go with a person
        await run("DELETE FROM person WHERE id = ?", mia)
    assert await queries.history(mia) == before
