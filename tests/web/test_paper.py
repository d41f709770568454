"""The office's pages: paper forms, scans, and what rose without a new decision."""

from __future__ import annotations

import html
import io

import pytest
from PIL import Image

from portal import clock
from portal.consent import notices, queries
from portal.kinds import PHOTO, VIDEO, Rung
from portal.people import school as schools
from portal.photos import connected
from portal.testing import CAST, TestSchool, run
from portal.visibility.facts import snapshot
from portal.web import scans
from portal.web.risen import BIRTHDAY, LINK, risen

PDF = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\n"


@pytest.fixture
async def school(school: TestSchool) -> TestSchool:
    await notices.publish_defaults(await schools.load())
    return school


def jpeg() -> bytes:
    """A small JPEG with a position in its EXIF."""
    exif = Image.Exif()
    exif[0x010E] = "Secret place"
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "#d0c0a0").save(out, "JPEG", exif=exif)
    return out.getvalue()


def today() -> str:
    return clock.present("Europe/Berlin").today


def form(school: TestSchool, **fields: str) -> dict[str, str]:
    return {"signer": str(school.ids["other"]), "photo": "2", "day": today(), "shown": "1:en"} | fields


@pytest.mark.parametrize("name", CAST)
async def test_paper_is_for_the_office(school: TestSchool, name: str) -> None:
    lea = school.ids["lea"]
    browser = await school.browser(name)
    for path in ("/office/paper", "/office/paper?q=lea", f"/office/paper/{lea}", f"/office/paper/{lea}/form"):
        answer = await browser.get(path)
        if name in ("office", "admin"):
            assert answer.status_code == 200
        else:
            assert answer.status_code in (303, 404)
            assert "Lea" not in answer.text or name == "lea"
    answer = await browser.post(f"/office/paper/{lea}", form(school))
    assert (answer.status_code == 303) == (name in ("office", "admin"))
    assert len(await queries.history(lea)) == (1 if name in ("office", "admin") else 0)


async def test_a_form_is_entered_and_listed(school: TestSchool) -> None:
    lea = school.ids["lea"]
    browser = await school.browser("office")
    found = await browser.get("/office/paper?q=LEA+3a")
    assert f'href="/office/paper/{lea}"' in found.text
    assert f'href="/office/paper/{school.ids["mia"]}"' not in found.text
    answer = await browser.post(f"/office/paper/{lea}", form(school, video="0"))
    assert answer.headers["location"] == "/office/paper"
    desk = html.unescape((await browser.get("/office/paper")).text)
    for text in ("Lea Test", "Other Test", "Photos: The class · Videos: Nobody", "Office Test"):
        assert text in desk
    for page in (desk, html.unescape((await browser.get(f"/office/paper/{lea}")).text)):
        assert page.count("Photos: The class · Videos: Nobody") == 1, "one form, one row"
        assert page.count("<tr>") == 2, "the head, and the form"
    entry = (await browser.get(f"/office/paper/{lea}")).text
    assert "On paper" in entry
    assert "This is the answer of the one guardian who decides." in entry


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"signer": ""}, "Please choose who has signed."),
        ({"signer": "9" * 30}, "Please choose who has signed."),
        ({"signer": "12"}, "Please choose somebody who decides for this child."),
        ({"photo": "", "video": ""}, "Please enter at least one answer."),
        ({"photo": "9"}, "Please choose one of the five answers."),
        ({"day": ""}, "Please enter the day of the signature."),
        ({"day": "20260115"}, "Please write a day"),
        ({"day": "2999-01-01"}, "This day has not come yet."),
        ({"until": "1999-01-01"}, "This is before the day of the signature."),
        ({"shown": "x"}, "Please choose the notice that the form names."),
    ],
)
async def test_what_was_typed_stays_when_something_is_wrong(
    sqlite_school: TestSchool, fields: dict[str, str], text: str
) -> None:
    school = sqlite_school
    await notices.publish_defaults(await schools.load())
    lea = school.ids["lea"]
    browser = await school.browser("office")
    answer = await browser.post(f"/office/paper/{lea}", form(school, video="3") | fields)
    assert answer.status_code == 422
    assert text in html.unescape(answer.text)
    assert ('name="video" value="3" checked' in answer.text) == ("video" not in fields)
    assert await queries.history(lea) == []


async def test_children_whom_a_member_of_staff_may_not_see_are_not_there(school: TestSchool) -> None:
    lea, office = school.ids["lea"], school.ids["office"]
    await (await school.browser("admin")).post(f"/office/paper/{lea}", form(school), files={"scan": ("a.pdf", PDF)})
    (line,) = await queries.history(lea)
    browser = await school.browser("office")
    assert (await browser.get(f"/office/scans/{line.id}")).status_code == 200
    await run("INSERT INTO block (id, adult, child, created_at) VALUES (1, ?, ?, 0)", office, lea)
    for path in (f"/office/paper/{lea}", f"/office/paper/{lea}/form", f"/office/scans/{line.id}"):
        assert (await browser.get(path)).status_code == 404
    assert "Lea Test" not in (await browser.get("/office/paper?q=test")).text
    assert (await browser.post(f"/office/paper/{lea}", form(school))).status_code == 404
    assert len(await queries.history(lea)) == 1


@pytest.mark.parametrize("number", [12, 2**63, 2**80])
async def test_what_does_not_exist_is_not_there(school: TestSchool, number: int) -> None:
    browser = await school.browser("office")
    for path in (f"/office/paper/{number}", f"/office/paper/{number}/form", f"/office/scans/{number}"):
        assert (await browser.get(path)).status_code == 404


async def test_scans_lie_sealed_and_pictures_keep_only_their_pixels(school: TestSchool) -> None:
    lea = school.ids["lea"]
    browser = await school.browser("office")
    for name, data, media_type in (("form.pdf", PDF, scans.PDF), ("form.jpg", jpeg(), scans.JPEG)):
        sent = await browser.post(f"/office/paper/{lea}", form(school), files={"scan": (name, data)})
        assert sent.status_code == 303
        line = max(await queries.history(lea), key=lambda each: each.id)
        assert line.scan
        got = await browser.get(f"/office/scans/{line.id}")
        assert got.headers["content-type"] == media_type
        assert got.headers["content-disposition"].startswith("attachment")
        assert got.headers["cache-control"] == "private, no-store"
        assert b"Secret place" not in got.content
        if media_type == scans.PDF:
            assert got.content == data
        kept = list(school.settings.photos.rglob("*.scan"))
        assert kept
        assert all(got.content[:64] not in file.read_bytes() for file in kept)
        for other in ("admin", "teacher", "other", "safeguarding", "anonymous"):
            status = (await (await school.browser(other)).get(f"/office/scans/{line.id}")).status_code
            assert (status == 200) == (other == "admin"), other
    # A scan is no photo: nobody finds it there.
    _child, file, _type = await queries.scan(line.id) or (0, 0, "")
    assert connected.vault().read(file, 0, scans.NAME)
    assert (await browser.get(f"/photos/{file}")).status_code == 404


@pytest.mark.parametrize("data", [b"MZ not a picture", b"%PDF-" + b"x" * scans.MOST_BYTES, jpeg()[:300]])
async def test_a_file_that_is_no_scan_is_refused(sqlite_school: TestSchool, data: bytes) -> None:
    school = sqlite_school
    await notices.publish_defaults(await schools.load())
    browser = await school.browser("office")
    answer = await browser.post(f"/office/paper/{school.ids['lea']}", form(school), files={"scan": ("x.pdf", data)})
    assert answer.status_code == 422
    assert await queries.history(school.ids["lea"]) == []
    assert list(school.settings.photos.rglob("*.scan")) == []


async def test_a_scan_of_a_refused_form_is_erased(sqlite_school: TestSchool) -> None:
    school = sqlite_school
    await notices.publish_defaults(await schools.load())
    browser = await school.browser("office")
    path = f"/office/paper/{school.ids['lea']}"
    assert (await browser.post(path, form(school, signer="12"), files={"scan": ("x.pdf", PDF)})).status_code == 422
    assert list(school.settings.photos.rglob("*.scan")) == []
    assert (await browser.post(path, form(school), files={"scan": ("x.pdf", PDF)})).status_code == 303
    assert len(list(school.settings.photos.rglob("*.scan"))) == 1


async def test_a_form_is_printed_in_the_guardians_language(school: TestSchool) -> None:
    browser = await school.browser("office")
    page = (await browser.get(f"/office/paper/{school.ids['lea']}/form?language=ar")).text
    assert '<html lang="ar" dir="rtl"' in page
    assert "أنتم تقرّرون" in page
    assert '<html lang="en"' in (await browser.get(f"/office/paper/{school.ids['lea']}/form?language=xx")).text


# What rose without a new decision


async def found(school: TestSchool) -> list[tuple[str, str, Rung, Rung, str]]:
    return [(r.child.name, r.purpose, r.before, r.after, r.why) for r in await risen(await snapshot())]


async def test_a_link_that_ended_with_the_lowest_answer_is_told(school: TestSchool) -> None:
    assert await found(school) == [], "former has never answered, so nothing rose"
    early = clock.now() - 20 * clock.DAY
    await school.decide("former", "mia", Rung.FAMILY, PHOTO, at=early)
    assert await found(school) == [("Mia Test", PHOTO, Rung.FAMILY, Rung.CLASS, LINK)]
    page = html.unescape((await (await school.browser("office")).get("/office/paper")).text)
    assert "Please look at these" in page
    assert "from “Our family” to “The class”" in page
    await school.decide("parent", "mia", Rung.FAMILY, PHOTO)
    assert await found(school) == [], "somebody has decided since"


async def test_a_link_that_ended_without_lowering_anything_is_not_told(school: TestSchool) -> None:
    await school.decide("former", "mia", Rung.PUBLIC, PHOTO, at=clock.now() - 20 * clock.DAY)
    assert await found(school) == []


async def test_a_birthday_from_which_the_child_decides_alone_is_told(school: TestSchool) -> None:
    now = today()
    born = f"{int(now[:4]) - 18}{now[4:]}"
    if born.endswith("-02-29"):
        pytest.skip("nobody turns 18 on this day")
    noor = school.ids["noor"]
    await run("UPDATE person SET born = ? WHERE id = ?", born, noor)
    assert await found(school) == [], "who has not answered falls to nobody"
    await school.decide("noor", "noor", Rung.PUBLIC, VIDEO, at=clock.now() - 5 * clock.DAY)
    assert await found(school) == [("Noor Test", VIDEO, Rung.SCHOOL, Rung.PUBLIC, BIRTHDAY)]
    with clock.frozen(clock.now() + 40 * clock.DAY):
        assert await found(school) == [], "after thirty days it is no news"
