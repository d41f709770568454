"""Headers on every kind of response, and pages that keep to them: nothing inline, nobody else's host."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from portal.main import create_app
from portal.settings import load
from portal.testing import Browser, TestSchool
from portal.web.pages import photos
from tests.web.raw import Answer, Raw, declared

ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
LOOSE = {"'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'", "*", "http:", "https:", "data:"}
NONCE = re.compile(r"'nonce-([^']+)'")
FOREIGN = re.compile(r"""(?:^|[\s,"'(])(?:https?:)?//(?!127\.0\.0\.1:8000[/"'\s])[\w.\-]+""", re.I)


def directives(policy: str) -> dict[str, list[str]]:
    return {words[0]: words[1:] for part in policy.split(";") if (words := part.split())}


def checked(answer: Answer, said: str) -> None:
    """What every response carries, whatever made it."""
    for name, value in ALWAYS.items():
        assert answer.all(name) == [value], f"{said}: {name}"
    for off in ("camera=()", "microphone=()", "geolocation=()"):
        assert off in answer.header("permissions-policy"), said
    policies = answer.all("content-security-policy")
    assert len(policies) == 1, said
    policy = directives(policies[0])
    assert policy["default-src"] == ["'none'"], said
    assert policy["frame-ancestors"] == policy["base-uri"] == ["'none'"], said
    assert policy["form-action"] in (["'self'"], ["'none'"]), said
    for words in policy.values():
        assert not LOOSE & {*words}, said
    nonces = {f"'nonce-{nonce}'" for nonce in NONCE.findall(policies[0])}
    assert set(policy.get("script-src", [])) <= {"'strict-dynamic'", *nonces}, said
    if "html" in answer.header("content-type") and answer.body:
        assert "charset=utf-8" in answer.header("content-type"), said
    assert answer.header("server") == "" or "litestar" not in answer.header("server").lower()
    assert not answer.header("x-powered-by")


def private(answer: Answer, said: str) -> None:
    assert answer.all("cache-control") == ["private, no-store"], f"{said}: {answer.all('cache-control')}"
    assert not answer.header("etag"), said
    assert not answer.header("last-modified"), said


class Tags(HTMLParser):
    """A page's tags, scripts and whatever would run or load something."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.scripts: list[dict[str, str | None]] = []
        self.wrong: list[str] = []
        self.addresses: list[str] = []
        self._inside = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._inside = tag if tag in ("script", "style") else ""
        if tag == "script":
            self.scripts.append(given)
        if tag in ("style", "iframe", "object", "embed", "base", "frame", "applet"):
            self.wrong.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.wrong.append(f"{name}={value}")
            if name in ("href", "src", "srcset", "action", "formaction", "poster", "data", "imagesrcset", "content"):
                self.addresses.append(value or "")
            if (value or "").strip().lower().startswith(("javascript:", "data:", "vbscript:")):
                self.wrong.append(f"{name}={value}")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self._inside = ""

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script" and data.strip():
            kind = (self.scripts[-1].get("type") or "").lower()
            if kind not in ("application/json", "importmap"):  # data for a script is no script
                self.wrong.append(f"an inline script: {data[:60]}")


def clean(html: str, said: str) -> Tags:
    tags = Tags(html)
    assert not tags.wrong, f"{said}: {tags.wrong}"
    for address in tags.addresses:
        assert not FOREIGN.search(address), f"{said} asks another host: {address}"
    return tags


async def kinds(school: TestSchool, browser: Browser) -> dict[str, tuple[Answer, int]]:
    """One response of each kind, with the status that it must have."""
    raw, visitor = Raw(school, browser), Raw(school)
    photo, own = await school.photo(("mia",)), await school.photo(("mia",), state="draft")
    page = await raw.ask("GET", "/photos")
    css = re.search(r'href="(/static/[^"]+\.css)"', page.text)
    assert css is not None
    form, large = "application/x-www-form-urlencoded", b"a=" + b"x" * 300_000
    return {
        "page": (page, 200),
        "page of a visitor": (await visitor.ask("GET", "/"), 200),
        "absent": (await raw.ask("GET", "/nowhere"), 404),
        "denied": (await raw.ask("GET", f"/photos/{own}"), 404),
        "wrong method": (await raw.ask("DELETE", "/photos"), 404),
        "options": (await raw.ask("OPTIONS", "/photos"), 404),
        "head": (await raw.ask("HEAD", "/photos"), 200),
        "trailing slash": (await raw.ask("GET", "/photos/"), 200),
        "redirect": (await raw.ask("GET", "/"), 303),
        "to sign-in": (await visitor.ask("GET", "/account"), 303),
        "no token": (await raw.ask("POST", "/language", csrf=False), 403),
        "not signed in": (await visitor.ask("POST", "/account/password"), 401),
        "done": (await raw.ask("POST", "/language", kind=form, body=b"lang=en"), 303),
        "too large": (await raw.ask("POST", "/language", kind=form, body=large), 413),
        "unreadable": (await raw.ask("POST", "/language", kind="multipart/form-data; boundary=x", body=b"--y"), 400),
        "bad input": (await visitor.ask("POST", "/sign-in", kind=form, body=b"login=x"), 422),
        "odd query": (await raw.ask("GET", "/photos", query=b"before=x"), 400),
        "photo": (await raw.ask("GET", f"/photos/{photo}/small"), 200),
        "download": (await raw.ask("GET", f"/photos/{photo}/download"), 200),
        "plain": (await raw.ask("GET", "/health"), 200),
        "json": (await raw.ask("GET", "/nowhere", headers=[(b"accept", b"application/json")]), 404),
        "no static": (await raw.ask("GET", "/static/x/nothing.css"), 404),
        "static": (await visitor.ask("GET", css[1]), 200),
        "old static": (await visitor.ask("GET", "/static/old/css/app.css"), 200),
    }  # fmt: skip


async def test_every_kind_of_response(sqlite_school: TestSchool) -> None:
    for said, (answer, status) in (await kinds(sqlite_school, await sqlite_school.browser("parent"))).items():
        assert answer.status == status, (said, answer.status)
        checked(answer, said)
        if said == "static":
            assert answer.all("cache-control") == ["public, max-age=31536000, immutable"]
        elif said == "old static":
            assert answer.all("cache-control") == ["no-cache"]
        else:
            private(answer, said)
        if said in ("static", "old static", "photo", "plain", "download"):
            assert directives(answer.header("content-security-policy"))["default-src"] == ["'none'"]
            assert "script-src" not in answer.header("content-security-policy")
        if "html" in answer.header("content-type"):
            clean(answer.text, said)


async def test_a_defect_carries_them_too(sqlite_school: TestSchool, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("the name of a child")

    monkeypatch.setattr(photos.door, "listing", broken)
    answer = await Raw(sqlite_school).ask("GET", "/photos")
    assert answer.status == 500
    checked(answer, "defect")
    private(answer, "defect")
    assert "ZeroDivisionError" not in answer.text
    assert "the name of a child" not in answer.text
    clean(answer.text, "defect")


async def test_each_response_has_a_nonce_of_its_own_and_its_scripts_carry_it(sqlite_school: TestSchool) -> None:
    seen = set()
    for name in ("parent", "anonymous"):
        raw = Raw(sqlite_school, await sqlite_school.browser(name) if name != "anonymous" else None)
        for path in ("/photos", "/photos", "/nowhere", "/privacy"):
            answer = await raw.ask("GET", path)
            nonces = set(NONCE.findall(answer.header("content-security-policy")))
            assert len(nonces) == 1
            scripts = clean(answer.text, path).scripts
            assert scripts, path
            assert {script.get("nonce") for script in scripts if script.get("type") != "application/json"} == nonces
            seen |= nonces
    assert len(seen) == 8
    assert all(len(nonce) >= 16 for nonce in seen)


async def test_cookies_are_out_of_reach_of_scripts_and_other_sites(sqlite_school: TestSchool) -> None:
    for said, (answer, _) in (await kinds(sqlite_school, await sqlite_school.browser("parent"))).items():
        for cookie in answer.all("set-cookie"):
            assert "httponly" in cookie.lower(), f"{said}: {cookie}"
            assert "samesite=lax" in cookie.lower(), f"{said}: {cookie}"
            assert "domain=" not in cookie.lower(), f"{said}: {cookie}"
        if said in ("photo", "static", "plain"):
            assert not answer.all("set-cookie"), said


async def test_through_tls_there_is_more(sqlite_school: TestSchool) -> None:
    """Strict transport, and cookies that a neighbouring host cannot plant."""
    data = sqlite_school.settings.data
    settings = load({"PORTAL_DATA": str(data), "PORTAL_URL": "https://portal.school.example"})
    plain = await Raw(sqlite_school).ask("GET", "/")
    assert not plain.header("strict-transport-security")
    sqlite_school.app = create_app(settings, background=False, durable=False)
    answer = await Raw(sqlite_school).ask("GET", "/", cookie=b"")
    assert "max-age=" in answer.header("strict-transport-security")
    for cookie in answer.all("set-cookie"):
        assert cookie.startswith("__Host-"), cookie
        assert "secure" in cookie.lower()
        assert "path=/;" in cookie.lower()
    assert answer.all("set-cookie")


@pytest.mark.parametrize("name", ["admin", "teacher", "parent", "noor", "anonymous"])
async def test_every_page_keeps_to_its_policy(sqlite_school: TestSchool, name: str) -> None:
    """Every page without an object, as whoever may open it; crawls do the rest."""
    await sqlite_school.photo(("mia",))
    browser = await sqlite_school.browser(name)
    opened = 0
    for method, path in declared(sqlite_school):
        if method == "GET" and "{" not in path:
            answer = await browser.get(path)
            if answer.status_code == 200 and "html" in answer.headers["content-type"]:
                nonces = set(NONCE.findall(answer.headers["content-security-policy"]))
                tags = clean(answer.text, f"{name} {path}")
                assert {s.get("nonce") for s in tags.scripts if s.get("type") != "application/json"} == nonces
                opened += 1
    assert opened >= 4


def test_the_checks_themselves_notice() -> None:
    for html in (
        '<p style="x">', "<p onclick=x>", "<script>x()</script>", "<style>p{}</style>", '<a href="javascript:x">',
        "<iframe>", '<img src="data:x">',
    ):  # fmt: skip
        assert Tags(html).wrong, html
    assert not Tags('<script type="application/json">{"a": 1}</script><script nonce="x" src="/y.js"></script>').wrong
    for address in ("https://evil.example/x", "//evil.example/x", "http://cdn.example"):
        assert FOREIGN.search(address), address
    for address in ("/photos", "#top", "?a=//", "/a//b", "mailto:office@school.example"):
        assert not FOREIGN.search(address), address
