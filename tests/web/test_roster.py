"""The roster pages: upload, preview, confirmation, progress, result; and who may not."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator

import httpx
import pytest

from portal import clock
from portal.db import atomic, db
from portal.i18n import LANGUAGES
from portal.people.roster import csvfile, sheet_templates, sheet_words, uploads
from portal.people.roster.problems import Problems
from portal.people.roster.source import RawFile
from portal.testing import TestSchool
from portal.testing.browser import Browser
from tests.people.roster.kit import NOON, SHEETS, SMALL, edit, everything, who, zipped

HOME = "/office/roster"


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


def as_files(files: dict[str, str]) -> list[tuple[str, tuple[str, bytes, str]]]:
    return [("files", (name, text.encode(), "text/csv")) for name, text in files.items()]


async def send(admin: Browser, files: dict[str, str], households: str = "") -> str:
    """Uploads and returns the address of the preview."""
    parts = as_files(files)
    if households:
        parts.append(("households", ("households.csv", households.encode(), "text/csv")))
    answer = await admin.post(HOME, files=parts)
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"].startswith(HOME + "/")
    return str(answer.headers["location"])


def seen(preview: httpx.Response) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]+)"', preview.text)
    assert found, preview.text
    return found[1]


async def result(admin: Browser, address: str) -> httpx.Response:
    """The page once the import has ended."""
    for _ in range(200):
        answer = await admin.get(address)
        if 'http-equiv="refresh"' not in answer.text:
            return answer
        await asyncio.sleep(0.02)
    raise AssertionError("the import does not end")


async def test_from_upload_to_result(school: TestSchool) -> None:
    admin = await school.browser("admin")
    assert (await admin.get(HOME)).status_code == 200
    before = await everything()
    address = await send(admin, SMALL)
    preview = await admin.get(address)
    assert preview.status_code == 200
    assert "Mia Winter" in preview.text
    assert "Mia Winter → 3a" in preview.text
    assert await everything() == before  # a preview changes nothing
    answer = await admin.post(f"{address}/import", {"seen": seen(preview)})
    assert (answer.status_code, answer.headers["location"]) == (303, address)
    done = await result(admin, address)
    assert "The roster is in" in done.text
    assert await who("s-1")
    assert await db.rows("SELECT state, data FROM roster_upload") == [("done", b"")]
    assert "Mia" not in str(await db.rows("SELECT result FROM roster_upload"))
    assert "Imported" in (await admin.get(HOME)).text


async def test_the_same_again_has_nothing_to_change(sqlite_school: TestSchool) -> None:
    admin = await sqlite_school.browser("admin")
    address = await send(admin, SMALL)
    await admin.post(f"{address}/import", {"seen": seen(await admin.get(address))})
    await result(admin, address)
    preview = await admin.get(await send(admin, SMALL))
    assert "in the portal already" in preview.text
    changed = await admin.get(await send(admin, edit(SMALL, "users.csv", "Lea,Herbst", "Leah,Herbst")))
    assert "in the portal already" not in changed.text
    assert "given name" in changed.text


async def test_a_zip_and_households(sqlite_school: TestSchool) -> None:
    admin = await sqlite_school.browser("admin")
    households = "householdId,memberSourcedId,memberRole\nh-1,s-1,child\nh-1,p-1,adult\n"
    parts = [
        ("files", ("export.zip", zipped(SMALL, "export/"), "application/zip")),
        ("households", ("h.csv", households.encode(), "text/csv")),
    ]
    answer = await admin.post(HOME, files=parts)
    address = answer.headers["location"]
    await admin.post(f"{address}/import", {"seen": seen(await admin.get(address))})
    await result(admin, address)
    assert await db.value("SELECT COUNT(*) FROM household_member") == 2


async def test_households_alone_are_differences_too(sqlite_school: TestSchool) -> None:
    admin = await sqlite_school.browser("admin")
    households = "householdId,memberSourcedId,memberRole\nh-1,s-1,child\nh-1,p-1,adult\n"
    address = await send(admin, SMALL)
    await admin.post(f"{address}/import", {"seen": seen(await admin.get(address))})
    await result(admin, address)
    address = await send(admin, SMALL, households)
    preview = await admin.get(address)
    assert "in the portal already" not in preview.text
    assert "Ada Winter → h-1" in preview.text
    await admin.post(f"{address}/import", {"seen": seen(preview)})
    await result(admin, address)
    assert "in the portal already" in (await admin.get(await send(admin, SMALL, households))).text
    less = await admin.get(await send(admin, SMALL, households.replace("h-1,p-1,adult\n", "")))
    assert "in the portal already" not in less.text
    assert "Ada Winter → h-1" in less.text
    assert "Mia Winter → h-1" not in less.text
    assert seen(less) != seen(preview)
    first = "householdId,memberSourcedId,memberRole,contactPriority\nh-1,s-1,child,\nh-1,p-1,adult,1\n"
    ordered = await admin.get(await send(admin, SMALL, first))
    assert "order of contact" in ordered.text


async def test_errors_are_shown_and_nothing_can_be_imported(sqlite_school: TestSchool) -> None:
    admin = await sqlite_school.browser("admin")
    address = await send(admin, edit(SMALL, "enrollments.csv", ",s-2,", ",s-9,"))
    before = await everything()
    preview = await admin.get(address)
    assert "s-9 is not in users.csv" in preview.text
    assert f"{address}/import" not in preview.text
    await admin.post(f"{address}/import", {"seen": "0" * 32})
    again = await result(admin, address)
    assert "s-9 is not in users.csv" in again.text
    assert await everything() == before


async def test_what_changed_since_the_preview_is_shown_first(sqlite_school: TestSchool) -> None:
    admin = await sqlite_school.browser("admin")
    first, second = await send(admin, SMALL), await send(admin, edit(SMALL, "users.csv", "Lea", "Leah"))
    stale = seen(await admin.get(second))
    await admin.post(f"{first}/import", {"seen": seen(await admin.get(first))})
    await result(admin, first)
    before = await everything()
    await admin.post(f"{second}/import", {"seen": stale})
    again = await result(admin, second)
    assert "Please look again" in again.text
    assert await everything() == before
    await admin.post(f"{second}/import", {"seen": seen(again)})
    await result(admin, second)
    assert await db.value("SELECT given_name FROM person WHERE id = ?", await who("s-3")) == "Leah"


async def test_many_who_leave_need_a_tick(sqlite_school: TestSchool) -> None:
    admin = await sqlite_school.browser("admin")
    address = await send(admin, SHEETS)
    await admin.post(f"{address}/import", {"seen": seen(await admin.get(address))})
    await result(admin, address)
    less = edit(SHEETS, "children.csv", "3,Lea,Herbst,,3a\n", "")
    less = edit(less, "guardians.csv", "3,Cleo,Herbst,cleo@families.example,uk,yes,no,guardian\n", "")
    address = await send(admin, less)
    preview = await admin.get(address)
    assert 'name="confirm_shrink"' in preview.text
    before = await everything()
    refused = await admin.post(f"{address}/import", {"seen": seen(preview), "shrinks": "yes"})
    assert refused.status_code == 422
    sly = await admin.post(f"{address}/import", {"seen": seen(preview)})  # without the hidden field either
    assert sly.status_code == 303
    assert 'name="confirm_shrink"' in (await result(admin, address)).text
    assert await everything() == before
    await admin.post(f"{address}/import", {"seen": seen(preview), "shrinks": "yes", "confirm_shrink": "yes"})
    assert "The roster is in" in (await result(admin, address)).text
    assert not await db.value("SELECT active FROM person WHERE id = ?", await who("3"))


async def test_an_import_is_started_once(sqlite_school: TestSchool) -> None:
    admin = await sqlite_school.browser("admin")
    address = await send(admin, SMALL)
    mark = seen(await admin.get(address))
    answers = [await admin.post(f"{address}/import", {"seen": mark}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303] * 3
    assert "The roster is in" in (await result(admin, address)).text
    assert len(await db.rows("SELECT 1 FROM person WHERE source = 'oneroster'")) == 7


async def test_uploads_are_forgotten(school: TestSchool) -> None:
    admin = await school.browser("admin")
    address = await send(admin, SMALL)
    await admin.post(f"{address}/discard")
    assert (await admin.get(address)).status_code == 404
    late = await send(admin, SMALL)
    with clock.frozen(NOON + uploads.KEPT + 1):
        await uploads.sweep()
    assert (await admin.get(late)).status_code == 404


async def test_an_import_that_was_interrupted(sqlite_school: TestSchool) -> None:
    admin = await sqlite_school.browser("admin")
    address = await send(admin, SMALL)
    assert await uploads.begin(int(address.rpartition("/")[2]))
    assert 'http-equiv="refresh"' in (await admin.get(address)).text
    with clock.frozen(NOON + uploads.STUCK + 1):
        assert "broke off" in (await admin.get(address)).text


async def test_an_import_that_fails_while_writing(school: TestSchool) -> None:
    @atomic
    async def stand_in_the_way() -> None:
        await db.run("UPDATE person SET source = 'oneroster', external_id = 't-1' WHERE id = ?", school.ids["outsider"])

    admin = await school.browser("admin")
    await stand_in_the_way()
    address = await send(admin, SMALL)
    before = await everything()
    await admin.post(f"{address}/import", {"seen": seen(await admin.get(address))})
    assert "broke off" in (await result(admin, address)).text
    assert await everything() == before
    assert await db.rows("SELECT state, data FROM roster_upload") == [("failed", b"")]


async def test_nothing_chosen(sqlite_school: TestSchool) -> None:
    admin = await sqlite_school.browser("admin")
    answer = await admin.post(HOME, files=[("files", ("", b"", "application/octet-stream"))])
    assert answer.status_code == 422
    assert "Please choose the zip" in answer.text


@pytest.mark.parametrize("name", ["anonymous", "parent", "teacher", "office", "safeguarding", "noor"])
async def test_nobody_else(sqlite_school: TestSchool, name: str) -> None:
    admin = await sqlite_school.browser("admin")
    address = await send(admin, SMALL)
    mark = seen(await admin.get(address))
    other = await sqlite_school.browser(name)
    denied = {303, 401} if name == "anonymous" else {404}
    for path in (HOME, address, f"{HOME}/template/children"):
        answer = await other.get(path)
        assert answer.status_code in denied
        assert "Mia" not in answer.text
    before = await everything()
    for path in (f"{address}/import", f"{address}/discard"):
        assert (await other.post(path, {"seen": mark})).status_code in denied
    assert (await other.post(HOME, files=as_files(SMALL))).status_code in denied
    await asyncio.sleep(0.05)
    assert await everything() == before
    assert (await admin.get(address)).status_code == 200


async def test_a_form_from_elsewhere_starts_nothing(sqlite_school: TestSchool) -> None:
    admin = await sqlite_school.browser("admin")
    address = await send(admin, SMALL)
    mark = seen(await admin.get(address))
    before = await everything()
    assert (await admin.post(f"{address}/import", {"seen": mark}, csrf="wrong")).status_code == 403
    elsewhere = await admin.post(f"{address}/import", {"seen": mark}, Origin="https://elsewhere.example")
    assert elsewhere.status_code == 403
    await asyncio.sleep(0.05)
    assert await everything() == before


async def test_names_from_files_are_not_markup(sqlite_school: TestSchool) -> None:
    admin = await sqlite_school.browser("admin")
    bad = edit(SMALL, "users.csv", "Lea,Herbst", "<script>alert(1)</script>,Herbst")
    preview = await admin.get(await send(admin, {**bad, "<img src=x>.txt": "x"}))
    assert "&lt;script&gt;" in preview.text
    assert "<script>alert" not in preview.text
    assert "<img src=x>" not in preview.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sheet", sheet_templates.SHEETS)
def test_the_templates_are_read_back_in_every_language(sheet: str, language: str) -> None:
    data = sheet_templates.template(sheet, language)
    problems = Problems()
    words = sheet_words.canonical(sheet)
    table = csvfile.read(RawFile("x.csv", data), problems, lambda word: words.get(sheet_words.plain(word)), ",;\t")
    assert table is not None
    assert problems.errors == []
    english = sheet_templates.template(sheet, "en").decode().lstrip("\ufeff").strip().split(",")
    assert len(table.columns) == len(english)
    if language != "en":
        assert data != sheet_templates.template(sheet, "en")


async def test_templates_are_downloads(sqlite_school: TestSchool) -> None:
    admin = await sqlite_school.browser("admin")
    answer = await admin.get(f"{HOME}/template/guardians")
    assert answer.headers["content-disposition"] == 'attachment; filename="guardians.csv"'
    assert answer.content.startswith("\ufeffchild id,".encode())
    assert (await admin.get(f"{HOME}/template/secrets")).status_code == 404
