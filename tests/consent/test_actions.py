"""Deciding, withdrawing, paper forms and accounts: who may, who may not, and what the ledger then says."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from portal import clock
from portal.consent import actions, notices, queries
from portal.consent.actions import NoticeChanged, ScanFile
from portal.consent.notices import Reference
from portal.db import Conflict, atomic, db
from portal.errors import BadInput, NotVisible, Refused
from portal.identity import sessions
from portal.kinds import ACCOUNT, PHOTO, VIDEO, Rung
from portal.people import school as schools
from portal.testing import CAST, TestSchool
from portal.visibility.facts import child_facts, snapshot
from portal.visibility.rule import effective_rung

SHOWN = Reference(1, "en")
# Who decides for mia today: the parents, and her father although he is blocked from her.
DECIDE_FOR_MIA = ("parent", "coparent", "blocked")


@pytest.fixture
async def school(school: TestSchool) -> TestSchool:
    await notices.publish_defaults(await schools.load())
    return school


@atomic
async def run(sql: str, *args: Any) -> None:
    await db.run(sql, *args)


async def lines(school: TestSchool, child: str, by: str) -> list[queries.Line]:
    return await queries.history(school.ids[child], school.ids[by])


async def rung(school: TestSchool, child: str, purpose: str = PHOTO) -> Rung:
    facts = await snapshot()
    return effective_rung((await child_facts([school.ids[child]]))[school.ids[child]], purpose, facts.policy, facts.now)


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


# Paper


def noon(day: str) -> int:
    year, month, number = map(int, day.split("-"))
    return clock.instant(datetime(year, month, number, 11, tzinfo=UTC))  # Berlin in winter


async def paper(school: TestSchool, by: str = "office", signer: str = "parent", **given: Any) -> None:
    fields: dict[str, Any] = {"answers": {PHOTO: Rung.SCHOOL}, "day": "2026-01-15", "shown": SHOWN} | given
    child = school.ids[fields.pop("child", "mia")]
    await actions.enter_paper(
        school.viewer(by), child, school.ids[signer], fields.pop("answers"), fields.pop("day"), **fields
    )


WINTER = clock.instant(datetime(2026, 2, 1, 9, tzinfo=UTC))


@pytest.fixture
async def in_winter(school: TestSchool) -> Any:
    """The first of February 2026; earlier decisions of the cast are not there yet."""
    await run("UPDATE link SET ends = '2026-01-31' WHERE adult = ?", school.ids["former"])
    with clock.frozen(WINTER):
        yield school


@pytest.mark.parametrize("name", CAST)
async def test_only_the_office_enters_paper(in_winter: TestSchool, name: str) -> None:
    school = in_winter
    if name in ("office", "admin"):
        await paper(school, by=name)
        line = (await lines(school, "mia", "parent"))[-1]
        assert (line.way, line.entered_by, line.at) == ("paper", f"{name.capitalize()} Test", noon("2026-01-15"))
    else:
        with pytest.raises(NotVisible):
            await paper(school, by=name)


async def test_the_office_enters_nothing_about_a_child_it_may_not_see(in_winter: TestSchool) -> None:
    school = in_winter
    await run(
        "INSERT INTO block (id, adult, child, created_at) VALUES (1, ?, ?, 0)", school.ids["office"], school.ids["mia"]
    )
    with pytest.raises(NotVisible):
        await paper(school)
    await paper(school, child="lea", signer="other")


async def test_paper_needs_a_signer_who_decided_on_that_day(in_winter: TestSchool) -> None:
    school = in_winter
    for signer in ("former", "grandparent", "other", "teacher", "mia"):
        with pytest.raises(BadInput) as failure:
            await paper(school, signer=signer)
        assert failure.value.field == "signer"
    await run("UPDATE link SET starts = '2026-01-16' WHERE adult = ?", school.ids["other"])
    with pytest.raises(BadInput) as failure:
        await paper(school, child="lea", signer="other")
    assert failure.value.field == "day"
    await paper(school, child="lea", signer="other", answers={PHOTO: Rung.NOBODY})
    await paper(school, child="lea", signer="other", day="2026-01-16")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"answers": {}}, "photo"),
        ({"answers": {ACCOUNT: Rung.FAMILY}}, "photo"),
        ({"day": "2026-02-02"}, "day"),
        ({"until": "2026-01-14"}, "until"),
        ({"shown": Reference(9, "en")}, "shown"),
    ],
)
async def test_paper_that_cannot_be_right_is_refused(in_winter: TestSchool, given: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as failure:
        await paper(in_winter, **given)
    assert failure.value.field == field
    assert await db.value("SELECT count(*) FROM decision WHERE way = 'paper'") == 0


async def test_paper_entered_late_does_not_overrule_a_later_own_answer(in_winter: TestSchool) -> None:
    school = in_winter
    with clock.frozen(noon("2026-01-20")):
        await actions.decide(school.viewer("other"), school.ids["lea"], PHOTO, Rung.FAMILY, shown=SHOWN)
    await paper(school, child="lea", signer="other", day="2026-01-15", answers={PHOTO: Rung.PUBLIC, VIDEO: Rung.CLASS})
    assert await rung(school, "lea") is Rung.FAMILY
    assert await rung(school, "lea", VIDEO) is Rung.CLASS
    await paper(school, child="lea", signer="other", day="2026-01-21", answers={PHOTO: Rung.SCHOOL})
    assert await rung(school, "lea") is Rung.SCHOOL


@pytest.mark.parametrize("own", [Rung.NOBODY, Rung.SCHOOL])
@pytest.mark.parametrize("written", [Rung.NOBODY, Rung.SCHOOL])
@pytest.mark.parametrize("hour", [8, 20])
async def test_of_paper_and_account_on_one_day_the_lower_stands(
    in_winter: TestSchool, own: Rung, written: Rung, hour: int
) -> None:
    school = in_winter
    with clock.frozen(clock.instant(datetime(2026, 1, 15, hour, tzinfo=UTC))):
        await actions.decide(school.viewer("other"), school.ids["lea"], PHOTO, own, shown=SHOWN)
    await paper(school, child="lea", signer="other", answers={PHOTO: written})
    assert await rung(school, "lea") is min(own, written)


async def test_a_mistyped_form_is_corrected_by_entering_it_again(in_winter: TestSchool) -> None:
    school = in_winter
    await paper(school, child="lea", signer="other", answers={PHOTO: Rung.NOBODY})
    await paper(school, child="lea", signer="other", answers={PHOTO: Rung.CLASS})
    assert await rung(school, "lea") is Rung.CLASS
    assert len(await lines(school, "lea", "other")) == 2, "what was entered first stays in the ledger"


async def test_a_correction_does_not_overrule_a_no_from_the_account(in_winter: TestSchool) -> None:
    school = in_winter
    with clock.frozen(clock.instant(datetime(2026, 1, 15, 8, tzinfo=UTC))):
        await actions.decide(school.viewer("other"), school.ids["lea"], PHOTO, Rung.NOBODY, shown=SHOWN)
    await paper(school, child="lea", signer="other", answers={PHOTO: Rung.NOBODY, VIDEO: Rung.NOBODY})
    await paper(school, child="lea", signer="other", answers={PHOTO: Rung.SCHOOL, VIDEO: Rung.SCHOOL})
    assert await rung(school, "lea") is Rung.NOBODY
    assert await rung(school, "lea", VIDEO) is Rung.SCHOOL, "where the account said nothing it is only a correction"
    with clock.frozen(clock.instant(datetime(2026, 1, 15, 21, tzinfo=UTC))):
        await actions.decide(school.viewer("other"), school.ids["lea"], PHOTO, Rung.CLASS, shown=SHOWN)
    assert await rung(school, "lea") is Rung.CLASS, "what is said later in the account stands"


@pytest.mark.parametrize("own", list(Rung))
@pytest.mark.parametrize("mistyped", list(Rung))
async def test_a_correction_goes_no_further_than_the_account_of_that_day(
    sqlite_school: TestSchool, own: Rung, mistyped: Rung
) -> None:
    school = sqlite_school
    await notices.publish_defaults(await schools.load())
    for child, signer, corrected in (("lea", "other", Rung.FAMILY), ("tom", "neighbour", Rung.SCHOOL)):
        with clock.frozen(WINTER):
            with clock.frozen(clock.instant(datetime(2026, 1, 15, 8, tzinfo=UTC))):
                await actions.decide(school.viewer(signer), school.ids[child], PHOTO, own, shown=SHOWN)
            for answer in (mistyped, corrected):
                await paper(school, child=child, signer=signer, answers={PHOTO: answer})
            said = await rung(school, child)
            # Public needs no more than the one guardian here. A correction that would go further than the account
            # leaves the lower answer of the mistyped form in force: the ledger cannot take it out.
            assert said is (corrected if corrected <= own else min(own, mistyped))
            assert said <= own


async def test_a_correction_of_a_correction_counts_too(in_winter: TestSchool) -> None:
    school = in_winter
    with clock.frozen(clock.instant(datetime(2026, 1, 15, 8, tzinfo=UTC))):
        await actions.decide(school.viewer("other"), school.ids["lea"], PHOTO, Rung.SCHOOL, shown=SHOWN)
    for written in (Rung.FAMILY, Rung.CLASS, Rung.NOBODY, Rung.SCHOOL):
        await paper(school, child="lea", signer="other", answers={PHOTO: written})
        assert await rung(school, "lea") is written
    await paper(school, child="lea", signer="other", answers={PHOTO: Rung.PUBLIC})
    assert await rung(school, "lea") is Rung.SCHOOL


async def test_a_form_signed_today_counts_at_once(in_winter: TestSchool) -> None:
    school = in_winter
    await paper(school, child="lea", signer="other", day="2026-02-01")  # it is ten in the morning, not yet noon
    assert await rung(school, "lea") is Rung.SCHOOL
    assert (await lines(school, "lea", "other"))[0].at == WINTER


async def test_both_answers_of_a_form_name_its_scan(in_winter: TestSchool) -> None:
    school = in_winter
    await paper(
        school, answers={PHOTO: Rung.CLASS, VIDEO: Rung.NOBODY}, until="2026-07-31", scan=ScanFile(77, "image/jpeg")
    )
    found = [line for line in await queries.papers(()) if line.way == "paper"]
    assert [(line.purpose, line.until, line.scan) for line in found] == [
        (VIDEO, None, True), (PHOTO, "2026-07-31", True),
    ]
    assert await queries.scan(found[0].id) == (school.ids["mia"], 77, "image/jpeg")
    assert await queries.papers({school.ids["mia"]}) == []


async def test_a_child_with_a_voice_may_sign_for_itself(in_winter: TestSchool) -> None:
    school = in_winter
    await run("UPDATE person SET born = '2011-03-01' WHERE id = ?", school.ids["noor"])
    await paper(school, child="noor", signer="noor", answers={PHOTO: Rung.FAMILY})
    assert (await lines(school, "noor", "noor"))[0].rung is Rung.FAMILY
