"""Text from people becomes safe HTML, and forms become values."""

from __future__ import annotations

from datetime import datetime

import pytest
from litestar.datastructures import FormMultiDict
from portal_stories import forms
from portal_stories.prose import excerpt, prose

from portal.sdk import BadInput, clock


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("One.\nTwo.\r\n\r\nThree.", '<p dir="auto">One.<br>Two.</p><p dir="auto">Three.</p>'),
        ("<script>alert(1)</script>", '<p dir="auto">&lt;script&gt;alert(1)&lt;/script&gt;</p>'),
        ("javascript:alert(1) data:x", '<p dir="auto">javascript:alert(1) data:x</p>'),
        ("مرحبا بكم", '<p dir="auto">مرحبا بكم</p>'),
    ],
)
def test_plain_text(text: str, html: str) -> None:
    assert prose(text) == html


@pytest.mark.parametrize(
    ("text", "address", "after"),
    [
        ("See https://a.example/x?y=1&z=2.", "https://a.example/x?y=1&amp;z=2", "."),
        ("(http://a.example/b_(c))", "http://a.example/b_(c)", ")"),
        ("HTTPS://A.EXAMPLE!", "HTTPS://A.EXAMPLE", "!"),
        ('https://a.example/"onmouseover="x', "https://a.example/", "&#34;onmouseover=&#34;x"),
        ("https://a.example/<b>", "https://a.example/", "&lt;b&gt;"),
        ("https://a.example/'x", "https://a.example/", "&#39;x"),
    ],
)
def test_addresses_become_links(text: str, address: str, after: str) -> None:
    html = str(prose(text))
    assert html.count("<a ") == 1
    assert f'<a href="{address}" rel="noopener noreferrer nofollow" dir="ltr">{address}</a>{after}' in html


@pytest.mark.parametrize("text", ["https://", "http://.", "ftp://a.example", "example.org", "xhttps//a"])
def test_what_is_no_address_stays_text(text: str) -> None:
    assert "<a " not in prose(text)


def test_a_long_text_is_cut_between_words() -> None:
    text = "word " * 400
    short, more = excerpt(text)
    assert more
    assert short.endswith("word …</p>")
    assert excerpt("word " * 20) == (prose("word " * 20), False)


def at(day: str, hour: str, now: str = "2026-01-01 00:00") -> str:
    start = clock.instant(datetime.fromisoformat(f"{now}+00:00"))
    return clock.moment(forms.moment(day, hour, "Europe/Berlin", start)).isoformat()


def test_times_are_the_schools() -> None:
    assert at("2026-02-03", "08:30") == "2026-02-03T07:30:00+00:00"
    assert at("2026-07-03", "08:30") == "2026-07-03T06:30:00+00:00"
    assert at("2026-10-25", "02:30") == "2026-10-25T00:30:00+00:00"  # comes twice: the first is meant


@pytest.mark.parametrize(
    ("day", "hour", "field"),
    [
        ("2026-03-29", "02:30", "day"),  # the clocks skip it
        ("2025-12-31", "12:00", "day"),  # past
        ("2028-01-01", "12:00", "day"),  # too far
        ("2026-02-30", "12:00", "day"),
        ("2026-02-03", "25:00", "day"),
        ("2026-02-03", "12:00+01:00", "day"),
        ("", "", "day"),
        (None, None, "day"),
        ("9999-12-31", "23:59", "day"),
        ("0001-01-01", "00:00", "day"),
    ],
)
def test_times_that_cannot_be_meant(day: str, hour: str, field: str) -> None:
    with pytest.raises(BadInput) as wrong:
        at(day, hour)
    assert wrong.value.field == field


def test_the_editors_form() -> None:
    form = FormMultiDict([
        ("title", "  A\x00 title\nin two lines "), ("body", "a\r\nb\x07"), ("audience", "groups"), ("groups", "2"),
        ("groups", "1"), ("groups", "x"), ("groups", "2"), ("photos", "7"), ("photos", "99999999999999999999"),
        ("alt-7", "a\nb"), ("tags-7", "3"), ("tags-7", "-4"), ("tags-8", "5"), ("seen", "3.44"), ("offered", ""),
    ])  # fmt: skip
    change = forms.change(form)
    assert (change.text.title, change.text.body) == ("A title in two lines", "a\nb")
    assert change.text.audience.groups == (1, 2)
    assert change.photos == (7,)
    assert change.alts == {7: "a b"}
    assert change.tags == {7: {3}}
    assert change.seen == forms.Seen(3, 44)
    assert forms.change(FormMultiDict([])).seen == forms.Seen(0, 0)
    with pytest.raises(BadInput):
        forms.change(FormMultiDict([("body", "x" * 20_001)]))


@pytest.mark.parametrize(
    ("order", "result"),
    [("1:-1", (1, 2, 3)), ("1:1", (2, 1, 3)), ("3:-1", (1, 3, 2)), ("3:1", (1, 2, 3)), ("9:1", (1, 2, 3)),
     ("2:5", (1, 2, 3)), ("", (1, 2, 3)), ("x", (1, 2, 3))],
)  # fmt: skip
def test_moving_photos(order: str, result: tuple[int, ...]) -> None:
    assert forms.move((1, 2, 3), order) == result
