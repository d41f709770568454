"""Forms as they come in: read once, within bounds, and forgotten with their request."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from litestar._parsers import parse_url_encoded_form_data

from portal.testing import TestSchool
from portal.web.requests import MOST_FIELDS

URL_ENCODED = {"Content-Type": "application/x-www-form-urlencoded"}


async def test_a_password_is_not_kept_after_its_request(sqlite_school: TestSchool) -> None:
    visitor = await sqlite_school.browser()
    before = parse_url_encoded_form_data.cache_info().currsize
    secret = "tangerine-kayak-17-blue"
    answer = await visitor.post("/sign-in", {"login": "nobody", "password": secret})
    assert answer.status_code == 422
    assert parse_url_encoded_form_data.cache_info().currsize == before


async def test_a_form_has_so_many_fields_and_no_more(sqlite_school: TestSchool) -> None:
    visitor = await sqlite_school.browser()
    await visitor.get("/")
    for more, status in ((0, 422), (1, 400)):
        fields = [("csrf_token", visitor.csrf), *(("a", "") for _ in range(MOST_FIELDS - 1 + more))]
        answer = await visitor.http.post("/sign-in", content=urlencode(fields), headers=URL_ENCODED)
        assert answer.status_code == status


@pytest.mark.parametrize(
    ("kind", "value", "status"),
    [
        ("text/plain; charset=utf-8", "käfig".encode(), 422),
        ("text/plain; charset=latin-1", "käfig".encode("latin-1"), 400),
        ("text/plain", b"\xff\xfe", 400),
        ("text/plain; charset=utf-8", b"\xed\xa0\x80", 400),
        # whatever encoding a part names, it is read as UTF-8, as every page of the portal sends it
        ("text/plain; charset=unicode_escape", rb"\ud800", 422),
        ("text/plain; charset=nonsense", b"abc", 422),
        ("text/plain; charset=zlib", b"abc", 422),
    ],
)
async def test_what_is_no_text_is_unclear_and_no_defect(
    sqlite_school: TestSchool, kind: str, value: bytes, status: int
) -> None:
    visitor = await sqlite_school.browser()
    await visitor.get("/")
    parts = [("csrf_token", "text/plain", visitor.csrf.encode()), ("password", kind, value)]
    body = b"".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\nContent-Type: {of}\r\n\r\n'.encode() + text + b"\r\n"
        for name, of, text in parts
    )
    answer = await visitor.http.post(
        "/sign-in", content=body + b"--b--\r\n", headers={"Content-Type": "multipart/form-data; boundary=b"}
    )
    assert answer.status_code == status


async def test_a_form_reaches_its_page_as_it_was_sent(sqlite_school: TestSchool) -> None:
    visitor = await sqlite_school.browser()
    assert (await visitor.post("/sign-in", {"login": "a&b=ü+ ", "password": ""})).text.count("a&amp;b=ü+") == 1
    office = await sqlite_school.browser("office")
    typed = {"kind": "adult", "given_name": "Zoë & Co", "family_name": "", "email": "", "language": "en", "born": ""}
    made = await office.post("/office/people/new", typed)
    assert "Zoë &amp; Co" in (await office.get(made.headers["location"])).text


async def test_numbers_of_any_length_are_no_defect(sqlite_school: TestSchool) -> None:
    mia, long = sqlite_school.ids["mia"], "9" * 5000
    for name, path, fields in (
        ("parent", f"/decide/{mia}", {"waiting": long, "photo": "2", "shown": "1:en"}),
        ("admin", "/office/notices/photo", {"after": long, "text-en": "New", "act": "publish"}),
        ("office", f"/office/paper/{mia}", {"signer": long, "photo": "2", "day": "2026-11-01", "shown": "1:en"}),
        ("office", f"/office/people/{mia}/link", {"other": long}),
    ):
        answer = await (await sqlite_school.browser(name)).post(path, fields)
        assert answer.status_code in (303, 404, 409, 422), (path, answer.status_code)
