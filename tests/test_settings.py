"""What would run unsafely does not start."""

from __future__ import annotations

import pytest

from portal.errors import UnsafeToStart
from portal.settings import load


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "portal.school.example", "", "127.0.0.1.evil.example"])
def test_plain_http_does_not_listen_beyond_this_machine(host: str) -> None:
    with pytest.raises(UnsafeToStart, match="PORTAL_HOST"):
        load({"PORTAL_HOST": host, "PORTAL_URL": "http://localhost:8000"})


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "localhost", "::1"])
def test_plain_http_on_this_machine_starts(host: str) -> None:
    assert not load({"PORTAL_HOST": host, "PORTAL_URL": "http://localhost:8000"}).secure


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "127.0.0.1"])
def test_behind_tls_it_may_listen_wherever_the_proxy_is(host: str) -> None:
    settings = load({"PORTAL_HOST": host, "PORTAL_URL": "https://portal.school.example"})
    assert settings.secure
    assert settings.host == host


@pytest.mark.parametrize(
    "url",
    ["http://portal.example", "http://192.0.2.7:8000", "ftp://localhost", "https://portal.example/school", "", "x"],
)
def test_addresses_that_browsers_must_not_use_do_not_start(url: str) -> None:
    with pytest.raises(UnsafeToStart, match="PORTAL_URL"):
        load({"PORTAL_URL": url})


def test_without_any_setting_it_is_this_machine_alone() -> None:
    settings = load({})
    assert (settings.host, settings.url) == ("127.0.0.1", "http://127.0.0.1:8000")


@pytest.mark.parametrize(
    ("name", "value"), [("PORTAL_PORT", "eighty"), ("PORTAL_WORKERS", "-1"), ("PORTAL_SMTP", "smtp://mail.example:25")]
)
def test_what_cannot_work_says_which_setting(name: str, value: str) -> None:
    with pytest.raises(UnsafeToStart, match=name):
        load({name: value})
