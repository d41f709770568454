"""Paper forms: who may enter them, from when they count, and what they cannot overrule."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from portal import clock
from portal.consent import actions, notices, queries
from portal.consent.actions import ScanFile
from portal.consent.notices import Reference
from portal.db import db
from portal.errors import BadInput, NotVisible
from portal.kinds import ACCOUNT, PHOTO, VIDEO, Rung
from portal.people import school as schools
from portal.testing import CAST, TestSchool, run
from tests.consent.ledger import SHOWN, lines, rung


@pytest.fixture
async def school(school: TestSchool) -> TestSchool:
    await notices.publish_defaults(await schools.load())
    return school


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
