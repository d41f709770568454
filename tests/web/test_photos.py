"""A photo's page, file and download as each member of the cast."""

from __future__ import annotations

from portal.kinds import Rung, Shown
from portal.photos import connected
from portal.photos.intake import Rendition
from portal.photos.queries import pictures
from portal.testing import TestSchool
from portal.visibility import index


async def test_the_class_sees_a_photo_and_others_do_not(school: TestSchool) -> None:
    photo = await school.photo(("mia",))
    for name, status in {
        "parent": 200, "coparent": 200, "grandparent": 200, "other": 200, "teacher": 200, "lea": 404, "mia": 200,
        "former": 404, "blocked": 404, "neighbour": 404, "colleague": 404, "admin": 404, "anonymous": 404,
    }.items():
        browser = await school.browser(name)
        for path in (f"/photos/{photo}", f"/photos/{photo}/small"):
            answer = await browser.get(path)
            assert answer.status_code == status, (name, path, answer.text[:200])


async def test_withdrawal_is_obeyed_by_the_next_request(school: TestSchool) -> None:
    photo = await school.photo(("mia",))
    browser = await school.browser("other")
    assert (await browser.get(f"/photos/{photo}/small")).content == f"small of {photo}".encode()
    await school.decide("coparent", "mia", Rung.NOBODY)
    for path in (f"/photos/{photo}/small", f"/photos/{photo}/large", f"/photos/{photo}", f"/photos/{photo}/download"):
        assert (await browser.get(path)).status_code == 404
    assert str(photo) not in (await browser.get("/photos")).text


async def test_only_family_of_a_child_in_the_photo_may_download(school: TestSchool) -> None:
    photo = await school.photo(("mia",))
    kept = await (await school.browser("parent")).get(f"/photos/{photo}/download")
    assert kept.status_code == 200
    assert kept.headers["content-disposition"].startswith("attachment")
    assert (await (await school.browser("other")).get(f"/photos/{photo}/download")).status_code == 404


async def test_the_page_says_whose_photo_it_is(school: TestSchool) -> None:
    await school.decide("other", "lea", Rung.CLASS)
    photo = await school.photo(("mia",))
    said = {"mia": "You are in this photo", "parent": "A child of your family", "grandparent": "A child of your family"}
    for name in ("mia", "parent", "grandparent", "other", "teacher"):
        text = (await (await school.browser(name)).get(f"/photos/{photo}")).text
        for words in set(said.values()):
            assert (words in text) == (said.get(name) == words), name


async def test_the_album_offers_copies_of_the_own_child_alone(school: TestSchool) -> None:
    await school.decide("other", "lea", Rung.CLASS)
    mia, lea = await school.photo(("mia",)), await school.photo(("lea",))
    for name, own in {"parent": {mia}, "mia": {mia}, "other": {lea}, "teacher": set[int]()}.items():
        text = (await (await school.browser(name)).get("/photos")).text
        assert {photo for photo in (mia, lea) if f"/photos/{photo}/small" in text} == {mia, lea}, name
        assert {photo for photo in (mia, lea) if f'data-download="/photos/{photo}/download"' in text} == own, name


async def test_head_answers_as_get_does_without_the_body(sqlite_school: TestSchool) -> None:
    photo = await sqlite_school.photo(("mia",))
    parent, other = await sqlite_school.browser("parent"), await sqlite_school.browser("neighbour")
    for path in ("/health", "/photos", f"/photos/{photo}/small"):
        got, head = await parent.get(path), await parent.http.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-type"] == got.headers["content-type"]
    assert (await other.http.head(f"/photos/{photo}/small")).status_code == 404


async def test_only_pages_give_a_visitor_a_cookie(sqlite_school: TestSchool) -> None:
    visitor = await sqlite_school.browser()
    assert "set-cookie" not in (await visitor.get("/health")).headers
    assert "guest=" in (await visitor.get("/")).headers["set-cookie"]


async def test_the_text_for_a_photo_goes_with_its_original_alone(school: TestSchool) -> None:
    """It may name the very child whom a redaction makes unrecognisable."""
    photo = await school.photo(("mia", "lea"), alt="Lea hugs Mia")
    await school.decide("other", "lea", Rung.FAMILY)
    redaction = await index.add_redaction(photo, [school.ids["lea"]], approved=True)
    connected.vault().keep(photo, redaction, [Rendition("small", "webp", 40, 30, b"without lea")])
    everything, without = await school.browser("other"), await school.browser("parent")
    await school.decide("coparent", "mia", Rung.CLASS)
    for page in ("/photos", f"/photos/{photo}"):
        assert "Lea hugs Mia" in (await everything.get(page)).text
        text = (await without.get(page)).text
        assert f"/photos/{photo}" in text
        assert "Lea" not in text
    assert (await without.get(f"/photos/{photo}/small")).content == b"without lea"
    shown = await pictures([Shown(photo), Shown(photo, redaction)])
    assert shown[photo].alt == ""
    assert (await pictures([Shown(photo)]))[photo].alt == "Lea hugs Mia"
