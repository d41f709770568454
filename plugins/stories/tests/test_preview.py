"""What is promised before posting is what every family then really sees."""

from __future__ import annotations

import random

import pytest
from desk import attach, audience_of, photos_of, posted, send, written
from portal_stories import queries, words
from portal_stories.queries import Editor

from portal.sdk import Preview, Rung, atomic, db, language, new_id, preview
from portal.testing import TestSchool


async def look(school: TestSchool, story: int, by: str = "teacher") -> tuple[Editor, Preview]:
    work = await queries.editor(school.viewer(by), story)
    return work, await preview(school.viewer(by), list(work.photos), work.story.text.audience)


def told(found: Preview, code: str = "en") -> list[str]:
    return words.families(found, language(code))


async def test_the_sentences(school: TestSchool) -> None:
    # 3a: mia's family (parent, coparent, grandparent share mia) and lea's mother; blocked is no family of mia.
    story = await written(school, "Three", "3a", ("mia",), ("lea",), ())
    work, found = await look(school, story)
    mia, lea, _nobody = work.photos
    assert told(found) == ["All 2 families see 2 of the 3 photos."]
    assert [limit.child for limit in found.limits[lea]] == [school.ids["lea"]]
    assert words.limits(found.limits[lea], work.names, language("en")) == ["Photos of Lea Test are shown to nobody."]
    assert mia not in found.limits
    await school.decide("other", "lea", Rung.FAMILY)
    _work, found = await look(school, story)
    assert told(found) == ["1 of 2 families sees every photo.", "1 family sees 2 of the 3 photos."]
    await school.decide("other", "lea", Rung.CLASS)
    _work, found = await look(school, story)
    assert told(found) == ["All 2 families see every photo."]
    assert not found.limits


@pytest.mark.parametrize(
    ("staff", "sentence"),
    [
        ([2, 2, 2], "All 3 members of staff see everything."),
        ([2, 1, 0], "1 of 3 members of staff sees all photos."),
        ([2, 2, 0], "2 of 3 members of staff see all photos."),
        ([1, 1, 0], "None of the staff sees all of the photos."),
        ([2], "The one member of staff sees everything."),
        ([1], "The one member of staff does not see every photo."),
    ],
)
def test_what_the_staff_see(staff: list[int], sentence: str) -> None:
    seen = tuple(frozenset(range(number)) for number in staff)
    found = Preview(photos=(0, 1), families=(), staff=seen, visitors=None, limits={}, beyond=0)
    assert words.others(found, language("en")) == [sentence]


async def test_one_photo(school: TestSchool) -> None:
    """lea's photos are for nobody, so that a photo of her reaches no family."""
    _work, found = await look(school, await written(school, "One", "3a", ("lea",)))
    assert told(found) == ["2 of 2 families cannot see the photo; they see only the text."]
    _work, found = await look(school, await written(school, "Mia", "3a", ("mia",)))
    assert told(found) == ["All 2 families see the photo."]


async def test_a_block_is_never_named(school: TestSchool) -> None:
    """The father with a no-contact order gets another child in the class: he sees less, and nobody is told why."""
    await _link(school, "blocked", "lea")
    await school.decide("other", "lea", Rung.CLASS)
    await school.decide("blocked", "lea", Rung.CLASS)
    work, found = await look(school, await written(school, "Blocked", "3a", ("mia",)))
    assert sorted(len(family.sees) for family in found.families) == [1, 1]  # lea's mother and he count as one family
    assert not found.limits
    await _home(school, "blocked")
    work, found = await look(school, work.story.id)
    assert sorted(len(family.sees) for family in found.families) == [0, 1, 1]
    assert not found.limits


async def test_it_is_the_chosen_audience_that_counts_not_the_one_of_the_upload(school: TestSchool) -> None:
    """Photos were brought in for 3a; the writer, who teaches 3b too, now turns to 3b."""
    await _teaches(school, "teacher", "3b")
    story = await written(school, "Elsewhere", "3b", (), ("mia",))
    open_, mia = await photos_of(story)
    _work, found = await look(school, story)
    # 3b holds ben (parent, who is mia's family too) and tom (neighbour, who is no family of hers and not of her class)
    assert {family.sees for family in found.families} == {frozenset({open_, mia}), frozenset({open_})}
    assert told(found) == ["1 of 2 families sees every photo.", "1 family sees 1 of the 2 photos."]
    assert found.beyond == 1  # mia's other family finds her under "Photos"


@atomic
async def _teaches(school: TestSchool, adult: str, group: str) -> None:
    await db.run(
        "INSERT INTO staff (id, adult, group_id, source, external_id) VALUES (?, ?, ?, 'test', ?)",
        *(new_id(), school.ids[adult], school.groups[group], f"{adult} {group}"),
    )


async def test_only_handlers_can_look(school: TestSchool) -> None:
    story = await written(school, "Mine", "3a", ("mia",))
    photos = await photos_of(story)
    for name in ("colleague", "parent", "office", "anonymous", "mia"):
        found = await preview(school.viewer(name), photos, audience_of(school, "3a"))
        assert found.photos == ()
    assert (await preview(school.viewer("admin"), photos, audience_of(school, "3a"))).photos == tuple(photos)


async def test_the_same_queries_for_one_photo_and_for_ten(
    sqlite_school: TestSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    school = sqlite_school
    one, ten = await written(school, "1", "3a", ("mia",)), await written(school, "10", "3a", *[("mia",), ("lea",)] * 5)
    asked: list[str] = []
    rows = db.rows

    async def counted(sql: str, *args: object) -> list[tuple[object, ...]]:
        asked.append(sql)
        return await rows(sql, *args)

    monkeypatch.setattr(db, "rows", counted)
    teacher = await school.browser("teacher")
    counts = []
    for story in (one, ten):
        await teacher.get(f"/stories/{story}/preview")
        asked.clear()
        assert (await teacher.get(f"/stories/{story}/preview")).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


@atomic
async def _link(school: TestSchool, adult: str, child: str, sees: bool = True, decides: bool = True) -> None:
    await db.run(
        "INSERT INTO link (id, adult, child, decides, sees, relation, starts, ends, source)"
        " VALUES (?, ?, ?, ?, ?, 'guardian', NULL, NULL, 'test')",
        *(new_id(), school.ids[adult], school.ids[child], decides, sees),
    )


@atomic
async def _home(school: TestSchool, *people: str) -> None:
    home = new_id()
    await db.run("INSERT INTO household (id, name, source, external_id) VALUES (?, '', 'test', ?)", home, str(home))
    for person in people:
        await db.run(
            "INSERT INTO household_member (id, household, person, contact_order, channels) VALUES (?, ?, ?, NULL, '')",
            *(new_id(), home, school.ids[person]),
        )


@atomic
async def _person(school: TestSchool, name: str, kind: str, group: str = "") -> None:
    school.ids[name] = new_id()
    await db.run(
        "INSERT INTO person (id, kind, given_name, family_name, language, active, safeguarding_hold, source,"
        " external_id, created_at) VALUES (?, ?, ?, 'Test', 'en', ?, ?, 'test', ?, 0)",
        *(school.ids[name], kind, name, True, False, name),
    )
    if group:
        await db.run(
            "INSERT INTO membership (id, child, group_id, starts, ends, source, external_id)"
            " VALUES (?, ?, ?, NULL, NULL, 'test', ?)",
            *(new_id(), school.ids[name], school.groups[group], name),
        )


async def _random_school(school: TestSchool, chance: random.Random) -> list[str]:
    """More children and adults in every relation; returns the adults."""
    children = ["mia", "lea", "ben", "tom"]
    adults = ["parent", "coparent", "grandparent", "other", "neighbour", "blocked"]
    for number in range(4):
        await _person(school, f"child{number}", "child", chance.choice(["3a", "3a", "3b"]))
        children.append(f"child{number}")
    for number in range(5):
        await _person(school, f"adult{number}", "adult")
        adults.append(f"adult{number}")
        for child in chance.sample(children, chance.randint(1, 2)):
            await _link(school, f"adult{number}", child, chance.random() < 0.8, chance.random() < 0.7)
            if chance.random() < 0.9:
                await school.decide(f"adult{number}", child, Rung(chance.randint(0, 4)))
    await school.decide("other", "lea", Rung(chance.randint(0, 4)))
    for _ in range(2):
        await _block(school, chance.choice(adults), chance.choice(children))
    for _ in range(2):
        await _home(school, *chance.sample(adults, 2))
    return adults


@atomic
async def _block(school: TestSchool, adult: str, child: str) -> None:
    await db.run(
        "INSERT INTO block (id, adult, child, created_at) VALUES (?, ?, ?, 0)",
        *(new_id(), school.ids[adult], school.ids[child]),
    )


@pytest.mark.parametrize("seed", range(12))
async def test_promised_and_seen(sqlite_school: TestSchool, seed: int) -> None:
    school, chance = sqlite_school, random.Random(seed)
    adults = await _random_school(school, chance)
    children = [name for name in school.ids if name in ("mia", "lea", "ben", "tom") or name.startswith("child")]
    audience = ["3a", "school", "public"][seed % 3]
    by = "admin" if audience == "public" else "teacher"
    story = await written(school, "Random", audience, by=by)
    for _ in range(6):
        await attach(school, story, *chance.sample(children, chance.randint(0, 3)), by=by)
    _work, found = await look(school, story, by)
    assert len(found.photos) == 6
    await send(school.viewer(by), story)
    real: dict[int, set[int]] = {}
    readers: set[int] = set()
    for name in (*adults, "teacher", "admin", "office"):
        browser = await school.browser(name)
        page = await browser.get(f"/stories/{story}")
        text = page.text if page.status_code == 200 else (await browser.get("/photos")).text
        real[school.ids[name]] = {photo for photo in found.photos if f"/photos/{photo}/small" in text}
        if page.status_code == 200:
            readers.add(school.ids[name])
    by_id = {school.ids[name]: name for name in school.ids}
    assert found.families
    for family in found.families:
        together = set().union(*(real[adult] for adult in family.adults if adult in real))
        assert family.adults <= real.keys() | {school.ids["noors_parent"]}, [by_id[a] for a in family.adults]
        if school.ids["noors_parent"] not in family.adults:
            assert family.sees == together, [by_id[adult] for adult in family.adults]
            assert family.adults <= readers
    counted = [adult for family in found.families for adult in family.adults]
    assert len(counted) == len(set(counted))
    if found.visitors is not None:
        text = (await (await school.browser()).get(f"/stories/{story}")).text
        assert found.visitors == {photo for photo in found.photos if f"/photos/{photo}/small" in text}
    for photo, limits in found.limits.items():
        assert {limit.child for limit in limits} <= {school.ids[child] for child in children}
        assert any(photo not in family.sees for family in found.families)


async def test_whoever_reads_the_preview_reads_numbers(school: TestSchool) -> None:
    story = await posted(school, "Numbers", "3a", ("mia",), ("lea",))
    page = (await (await school.browser("teacher")).get(f"/stories/{story}/preview")).text
    assert "All 2 families see 1 of the 2 photos." in page
    assert "Photos of Lea Test are shown to nobody." in page
