"""Notices: versions, languages, hashes."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from portal.consent import notices
from portal.consent.notices import KINDS, Reference
from portal.db import db
from portal.errors import BadInput, NotVisible
from portal.i18n import LANGUAGES
from portal.people.school import School
from portal.testing import CAST, TestSchool

SCHOOL = School(name="Linden School", contact="office@school.example", address="1 Lime Street")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_our_own_texts_are_whole_in_every_language(kind: str, language: str) -> None:
    text = notices.default(kind, language, SCHOOL)
    assert "Linden School" in text
    assert "{" not in text
    assert ("office@school.example" in text) == (kind == "privacy")
    same = notices.default(kind, "en", SCHOOL)
    assert text.count("\n# ") == same.count("\n# ")
    assert text.count("\n- ") == same.count("\n- "), "each language says the same things"
    if kind == "privacy":  # Article 13 GDPR: basis, access, objection, withdrawal, complaint
        for article in ("6", "7", "15", "16", "17", "18", "20", "21"):
            assert article in text


def test_what_is_not_known_is_left_out_with_its_heading() -> None:
    bare = notices.default("privacy", "en", School(name="Linden School"))
    assert "You reach us here" not in bare
    assert "You reach us here: 1 Lime Street, office@school.example" in notices.default("privacy", "en", SCHOOL)
    lines = replace(SCHOOL, address="Linden School\n 1 Lime Street\n\n12345 Demoville\n")
    told = notices.default("privacy", "en", lines)
    assert "You reach us here: 1 Lime Street, 12345 Demoville, office@school.example" in told
    other = notices.default("privacy", "en", replace(lines, name="Oak School"))
    assert "You reach us here: Linden School, 1 Lime Street, 12345 Demoville" in other
    assert "From the age of 14" in notices.default("photo", "en", SCHOOL)
    silent = notices.default("photo", "en", replace(SCHOOL, voice_mode="off"))
    assert "From the age" not in silent
    assert "own say" not in silent


async def test_defaults_are_version_1_and_stay_it(school: TestSchool) -> None:
    await notices.publish_defaults(SCHOOL)
    await notices.publish_defaults(replace(SCHOOL, name="Another"))
    for kind in KINDS:
        (only,) = await notices.versions(kind)
        assert only.version == 1
        assert sorted(only.languages) == sorted(LANGUAGES)
        for language in LANGUAGES:
            found = await notices.current(kind, language)
            assert found is not None
            assert found.language == language
            assert found.sha256 == hashlib.sha256(found.body.encode()).hexdigest()
            assert "Linden School" in found.body


async def test_a_missing_language_falls_back_to_the_schools_then_to_english(school: TestSchool) -> None:
    await notices.publish_defaults(SCHOOL)
    german_first = replace(SCHOOL, languages=("de", "en", "ar"))
    texts = {"de": "Neu.", "en": "New."}
    await notices.publish(
        school.viewer("admin"), "photo", texts, {"de": "Alles neu."}, after=1, school=german_first
    )
    assert (await notices.current("photo", "ar", "de")).language == "de"  # type: ignore[union-attr]
    assert (await notices.current("photo", "ar", "uk")).language == "en"  # type: ignore[union-attr]
    assert (await notices.current("photo", "en", "de")).language == "en"  # type: ignore[union-attr]
    older = await notices.version("photo", 1, "ar", "de")
    assert older is not None
    assert (older.version, older.language) == (1, "ar")
    assert await notices.exactly("photo", Reference(2, "ar")) is None


async def test_only_an_administrator_publishes(school: TestSchool) -> None:
    await notices.publish_defaults(SCHOOL)
    for name in (*CAST, "nobody"):
        if name == "admin":
            continue
        with pytest.raises(NotVisible):
            await notices.publish(
                school.viewer(name), "photo", {"en": "New."}, {"en": "All."}, after=1, school=SCHOOL
            )
    assert await notices.publish(
        school.viewer("admin"), "photo", {"en": "New."}, {"en": "All."}, after=1, school=SCHOOL
    ) == 2
    assert [v.version for v in await notices.versions("photo")] == [2, 1]
    assert (await notices.current("photo", "en")).changes == "All."  # type: ignore[union-attr]


async def test_a_version_needs_a_text_a_summary_and_the_newest_as_its_start(school: TestSchool) -> None:
    await notices.publish_defaults(SCHOOL)
    admin = school.viewer("admin")
    for texts, changes, after, field in (
        ({"de": "Neu."}, {"de": "Alles."}, 1, "text-en"),
        ({"en": "New."}, {"de": "Alles."}, 1, "changes-en"),
        ({"en": "New."}, {"en": "All."}, 0, "after"),
        ({"en": "x" * (notices.LONGEST + 1)}, {"en": "All."}, 1, "text-en"),
    ):
        with pytest.raises(BadInput) as failure:
            await notices.publish(admin, "photo", texts, changes, after=after, school=SCHOOL)
        assert failure.value.field == field
    assert len(await notices.versions("photo")) == 1


async def test_acknowledging_is_for_the_version_in_force(school: TestSchool) -> None:
    await notices.publish_defaults(SCHOOL)
    parent = school.viewer("parent")
    assert await notices.acknowledge(parent, "privacy", Reference(1, "en"))
    assert await notices.acknowledge(parent, "privacy", Reference(1, "en"))  # pressed twice
    assert await db.value("SELECT count(*) FROM notice_seen WHERE person = ?", school.ids["parent"]) == 1
    await notices.publish(
        school.viewer("admin"), "privacy", {"en": "New."}, {"en": "All."}, after=1, school=SCHOOL
    )
    assert not await notices.acknowledge(parent, "privacy", Reference(1, "en"))
    assert await notices.seen(school.ids["parent"], "privacy") == 1
    for viewer, shown in ((school.viewer("anonymous"), Reference(2, "en")), (parent, Reference(3, "en"))):
        with pytest.raises(NotVisible):
            await notices.acknowledge(viewer, "privacy", shown)


def test_a_text_is_tidied_and_divided() -> None:
    text = notices.tidy("# A heading \r\n\r\n\r\n\r\nOne line\r\nand another  \r\n\r\n- first\r\n- second\r\n")
    assert text == "# A heading\n\nOne line\nand another\n\n- first\n- second"
    notice = notices.Notice("photo", 1, "en", text, "", "", 0)
    assert notice.blocks == [
        ("heading", ["A heading"]), ("paragraph", ["One line", "and another"]), ("list", ["first", "second"]),
    ]


def test_a_reference_is_read_only_as_it_was_written() -> None:
    assert Reference.read("3:de") == Reference(3, "de")
    for text in ("", "3", "x:de", "3:fr", "-1:de", "3:de:", "99999999999999:de"):
        assert Reference.read(text) is None
