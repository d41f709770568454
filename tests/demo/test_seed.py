"""The demo school in a real database: made once, kept, made anew only when asked, and obeying the rule."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from portal import clock
from portal.consent import notices
from portal.db import db
from portal.demo import seed
from portal.demo.made import PASSWORD
from portal.demo.school import DemoSchool
from portal.errors import PortalError
from portal.identity import actions as identity
from portal.kinds import PHOTO, Rung, Viewer
from portal.settings import Settings, load
from portal.visibility import door

NEWEST = 6  # stories: two of class 3a among them, one draft, one scheduled


def _quiet(what: str, done: int, total: int) -> None:
    assert 0 <= done <= total, what


async def _anybody(_person: int) -> bool:
    return True


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def settings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("demo")
    environment = {"PORTAL_DATA": str(folder)}
    if request.param == "postgres":
        environment["PORTAL_DATABASE"] = request.getfixturevalue("postgres_of_module")
    return load(environment)


@pytest.fixture(scope="module")
def built(settings: Settings) -> DemoSchool:
    async def build() -> DemoSchool:
        try:
            return await seed.build(settings, _quiet, stories=NEWEST)
        finally:
            await db.close()

    return asyncio.run(build())


@pytest.fixture
async def school(settings: Settings, built: DemoSchool) -> AsyncIterator[DemoSchool]:
    seed._connect(settings)
    yield built
    await db.close()


async def test_people_and_decisions_are_there(school: DemoSchool) -> None:
    assert await db.value("SELECT count(*) FROM person WHERE kind = 'child'") == 120
    assert await db.value("SELECT count(*) FROM school_group") == 6
    assert await db.value("SELECT count(*) FROM decision") > 400
    assert await db.value("SELECT count(*) FROM decision WHERE way = 'paper' AND entered_by IS NULL") == 0
    assert await db.value("SELECT count(*) FROM invitation") > 10


async def test_people_decide_by_day_and_the_office_enters_in_its_hours(school: DemoSchool) -> None:
    zone, now = seed.SCHOOL.timezone, clock.now()
    for way, at, recorded in await db.rows("SELECT way, at, recorded_at FROM decision"):
        assert max(at, recorded) <= now
        said, entered = clock.moment(at, zone), clock.moment(recorded, zone)
        if way == "paper":
            assert 8 <= entered.hour < 15
            assert entered.weekday() < 5
            assert recorded > at
            assert (said.hour, said.minute) == (12, 0)
        else:
            assert (7, 30) <= (said.hour, said.minute) < (21, 0)
            assert recorded == at


async def test_stories_are_posted_drafted_and_scheduled_by_the_plugin(school: DemoSchool) -> None:
    states = dict(await db.rows("SELECT state, count(*) FROM stories_story GROUP BY state"))
    assert states == {"published": NEWEST - 2, "draft": 1, "scheduled": 1}
    pictures = sum(len(story.pictures) for story in school.stories)
    assert await db.value("SELECT count(*) FROM photo") == pictures
    published = await db.rows("SELECT published_at FROM stories_story WHERE state = 'published' ORDER BY id")
    assert [at for (at,) in published] == [story.at for story in school.stories[: NEWEST - 2]]


async def test_each_photo_is_shown_as_far_as_the_rule_allows(school: DemoSchool) -> None:
    every = [photo for (photo,) in await db.rows("SELECT id FROM photo")]
    published = {photo for (photo,) in await db.rows("SELECT id FROM photo WHERE state = 'published'")}
    in_3a = {p for p, g in await db.rows("SELECT id, groups FROM photo") if g == str(school.groups["3a"])} & published
    seen = {
        part: set(await door.looks(Viewer(school.people[part]), every)) for part in ("parent", "former", "no-contact")
    }
    assert seen["parent"] & in_3a
    assert not seen["former"] & in_3a
    assert not seen["no-contact"] & in_3a
    assert seen["parent"] <= published


async def test_the_cast_signs_in_and_others_do_not(school: DemoSchool) -> None:
    for login, password, expected in (
        ("parent@demo.example", PASSWORD, school.people["parent"]),
        ("parent@demo.example", PASSWORD + "!", None),
        ("nobody@demo.example", PASSWORD, None),
    ):
        signed_in = await identity.sign_in(login, password, "127.0.0.1", "Test", allowed=_anybody)
        assert (signed_in[1] if signed_in else None) == expected


async def test_the_ledger_names_the_notice_that_was_read(school: DemoSchool) -> None:
    lines = await db.rows("SELECT DISTINCT notice_version, notice_sha256, language FROM decision")
    for version, digest, language in lines:
        notice = await notices.version(notices.PHOTO, version, language)
        assert notice is not None
        assert notice.sha256 == digest
    assert [v.version for v in await notices.versions(notices.PRIVACY)] == [2, 1]
    assert await notices.seen(school.people["parent"], notices.PRIVACY) == 2
    assert await notices.seen(school.people["other-parent"], notices.PRIVACY) == 1
    mila = school.people["mila"]
    rungs = {
        Rung(rung)
        for (rung,) in await db.rows("SELECT rung FROM decision WHERE child = ? AND purpose = ?", mila, PHOTO)
    }
    assert rungs == {Rung.CLASS, Rung.SCHOOL}


async def test_a_database_with_people_is_left_alone(settings: Settings, school: DemoSchool) -> None:
    before = await db.value("SELECT count(*) FROM person")
    with pytest.raises(PortalError):
        await seed.build(settings, _quiet)
    assert await db.value("SELECT count(*) FROM person") == before


def test_a_finished_demo_is_kept_an_unfinished_or_unwanted_one_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Path] = []

    async def build(settings: Settings, _progress: seed.Progress) -> None:
        made.append(settings.data)
        (settings.data / "something").write_text(str(len(made)))

    async def bring_up(_settings: Settings) -> None:
        return

    monkeypatch.setattr(seed, "_build_and_close", build)
    monkeypatch.setattr(seed, "_bring_up", bring_up)
    settings = load({"PORTAL_DATA": str(tmp_path / "demo")})
    something = settings.data / "something"
    seed.make(settings)
    seed.make(settings)
    assert something.read_text() == "1"
    seed.make(settings, fresh=True)
    assert something.read_text() == "2"
    (settings.data / seed.MARK).write_text("being made")
    seed.make(settings)
    assert something.read_text() == "3"


@pytest.mark.parametrize("fresh", [False, True])
def test_a_folder_with_anything_else_in_it_is_never_touched(tmp_path: Path, fresh: bool) -> None:
    settings = load({"PORTAL_DATA": str(tmp_path)})
    (tmp_path / "portal.sqlite").write_text("a real school")
    with pytest.raises(PortalError):
        seed.make(settings, fresh=fresh)
    assert (tmp_path / "portal.sqlite").read_text() == "a real school"


def test_the_sign_ins_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seed.tell(load({"PORTAL_DATA": str(tmp_path), "PORTAL_PORT": "8123"}))
    told = capsys.readouterr().out
    assert "http://127.0.0.1:8123" in told
    assert PASSWORD in told
    assert all(f"{part}@demo.example" in told for part in ("parent", "teacher", "admin", "safeguarding", "child"))
