"""The notices' pages: read by everybody, written by the administrator."""

from __future__ import annotations

import html
import re

import pytest

from portal.consent import notices
from portal.db import db
from portal.people import school as schools
from portal.testing import CAST, TestSchool


@pytest.fixture
async def school(school: TestSchool) -> TestSchool:
    await notices.publish_defaults(await schools.load())
    return school


async def test_everybody_reads_the_notices_in_their_language(school: TestSchool) -> None:
    for name in ("anonymous", "parent", "teacher", "noor"):
        browser = await school.browser(name)
        for path in ("/privacy", "/privacy/photo", "/privacy/privacy/1", "/privacy/photo/1"):
            page = await browser.get(path)
            assert page.status_code == 200
            assert "Linden School" in page.text
    arabic = await (await school.browser()).get("/privacy", **{"Accept-Language": "ar"})
    assert "من المسؤول" in arabic.text
    for path in ("/privacy/other", "/privacy/photo/2", "/privacy/photo/0", f"/privacy/photo/{2**70}", "/privacy/seen"):
        assert (await (await school.browser("parent")).get(path)).status_code == 404


async def test_reading_is_acknowledged_once_and_asked_again_for_a_new_version(school: TestSchool) -> None:
    browser = await school.browser("parent")
    assert "I have read this" in (await browser.get("/privacy")).text
    assert "I have read this" not in (await browser.get("/privacy/photo")).text
    assert "I have read this" not in (await (await school.browser()).get("/privacy")).text
    assert (await browser.post("/privacy/seen", {"shown": "1:en"})).headers["location"] == "/privacy"
    assert "I have read this" not in (await browser.get("/privacy")).text
    await notices.publish(
        school.viewer("admin"), "privacy", {"en": "# New\n\nText."}, {"en": "All is new."}, after=1,
        school=await schools.load(),
    )
    page = (await browser.get("/privacy")).text
    assert "I have read this" in page
    assert "All is new." in page
    assert "This is an older version." in (await browser.get("/privacy/privacy/1")).text
    stale = await browser.post("/privacy/seen", {"shown": "1:en", "next": "/waiting"})
    assert stale.headers["location"] == "/privacy"
    assert await db.value("SELECT max(version) FROM notice_seen") == 1
    away = await browser.post("/privacy/seen", {"shown": "2:en", "next": "https://elsewhere.example/"})
    assert away.headers["location"].startswith("/")
    for shown in ("", "9:en", "2:xx"):
        assert (await browser.post("/privacy/seen", {"shown": shown})).status_code == 404
    assert (await (await school.browser()).post("/privacy/seen", {"shown": "2:en"})).status_code == 401


@pytest.mark.parametrize("name", CAST)
async def test_only_the_administrator_writes(school: TestSchool, name: str) -> None:
    browser = await school.browser(name)
    for path in ("/office/notices", "/office/notices/photo"):
        assert ((await browser.get(path)).status_code == 200) == (name == "admin")
    fields = {"after": "1", "act": "publish", "text-en": "New.", "changes-en": "All."}
    answer = await browser.post("/office/notices/photo", fields)
    assert (answer.status_code == 303) == (name == "admin")
    assert len(await notices.versions("photo")) == (2 if name == "admin" else 1)


async def test_edit_preview_publish(school: TestSchool) -> None:
    browser = await school.browser("admin")
    editor = html.unescape((await browser.get("/office/notices/photo")).text)
    assert "You decide how far pictures may travel" in editor
    assert (await browser.get("/office/notices/other")).status_code == 404
    fields = {
        "after": "1", "text-en": "# Photos <b>\n\nNew & short.", "text-ar": "نص جديد", "changes-en": "Much shorter.",
        "act": "preview",
    }
    preview = await browser.post("/office/notices/photo", fields)
    assert preview.status_code == 200
    assert "<h2>Photos &lt;b&gt;</h2>" in preview.text
    assert "There is no text in:" in preview.text
    assert len(await notices.versions("photo")) == 1, "a preview publishes nothing"
    again = await browser.post("/office/notices/photo", fields | {"act": "edit"})
    assert "Much shorter." in again.text
    done = await browser.post("/office/notices/photo", fields | {"act": "publish"})
    assert done.headers["location"] == "/office/notices"
    reader = await school.browser()
    assert "نص جديد" in (await reader.get("/privacy/photo", **{"Accept-Language": "ar"})).text
    german = (await reader.get("/privacy/photo", **{"Accept-Language": "de"})).text
    assert "New &amp; short." in german
    assert re.search(r'class="notice-text" lang="en" dir="ltr"', german)
    assert (await reader.get("/privacy/photo/1")).status_code == 200


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"text-en": " "}, "The text in the school's main language is needed."),
        ({"changes-en": ""}, "Say in a sentence or two what is new."),
        ({"after": "0", "act": "publish"}, "Somebody has published another version meanwhile."),
        ({"after": "x", "act": "publish"}, "Somebody has published another version meanwhile."),
        ({"text-de": "x" * 50_000, "act": "publish"}, "This text is too long."),
    ],
)
async def test_what_was_written_stays_when_something_is_wrong(
    sqlite_school: TestSchool, fields: dict[str, str], text: str
) -> None:
    await notices.publish_defaults(await schools.load())
    browser = await sqlite_school.browser("admin")
    good = {"after": "1", "text-en": "Text.", "text-uk": "Мій текст", "changes-en": "All.", "act": "preview"}
    answer = await browser.post("/office/notices/photo", good | fields)
    assert answer.status_code == 422
    assert text in html.unescape(answer.text)
    assert "Мій текст" in answer.text
    assert len(await notices.versions("photo")) == 1
