"""Ways out that no crawl follows: mails, letters, logs, uploads' answers, failures, static files."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import structlog
from PIL import Image

from portal import clock, logs
from portal.db import db
from portal.delivery import outbox
from portal.identity import sessions
from portal.testing import CAST
from portal.testing.school import ADULTS, CHILDREN
from portal.web import static
from portal.web.pages import photos
from tests.access.matrix import MATRIX
from tests.access.table import place
from tests.access.world import CLASS_3A, CLASS_3B, SIGNED_IN, World, open_world
from tests.egress.crawl import readable
from tests.egress.rules import leaks, marks

SEES = {  # whose guardian or child somebody is, as far as letters go: not of a child one is kept from
    "parent": {"mia", "ben"}, "coparent": {"mia"}, "grandparent": {"mia"}, "blocked": set[str](), "other": {"lea"},
    "neighbour": {"tom"}, "noors_parent": {"noor"}, "mia": {"mia"}, "noor": {"noor"},
}  # fmt: skip


@pytest.fixture
async def world(tmp_path: Path, ready_sqlite: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path, None, ready_sqlite) as opened:
        yield opened


def _strangers(world: World, name: str, text: str) -> list[str]:
    """Whose names a letter or mail to this person holds although they should not."""
    known = SEES.get(name, set()) | {name}
    # Whom families have appointments with: the staff of their children's class.
    known |= {staff for staff, theirs in (("teacher", CLASS_3A), ("colleague", CLASS_3B)) if name in theirs}
    return [other for other in (*ADULTS, *CHILDREN) if other not in known and world.marker(other) in text]


async def test_mails_name_only_the_own_children(world: World) -> None:
    names = {number: name for name, number in world.school.ids.items()}
    rows = await db.rows("SELECT person, subject, body FROM outgoing")
    assert {names[row[0]] for row in rows} >= {"parent", "coparent", "other", "neighbour", "noors_parent", "teacher"}
    found = 0
    for person, subject, body in rows:
        name, text = names[person], subject + "\n" + body
        assert not _strangers(world, name, text), name
        assert not leaks(name, text, [mark for mark in marks(world) if "photo" in mark.said or "story" in mark.said])
        found += sum(world.marker(child) in text for child in SEES.get(name, ()))
    assert found >= 5  # the twin: own children are named


async def test_letters_name_only_the_own_children(world: World) -> None:
    """One PDF for everybody: each page is read by one family. Nobody hears of a child that they must not see."""
    admin = await world.school.browser("admin")
    for name in ("parent", "blocked", "other", "noors_parent", "mia", "teacher"):
        form = {"act": "letters", "who": str(world.id(name)), "replace": "yes"}
        answer = await admin.post("/office/invitations", form)
        if name == "blocked" and answer.status_code == 422:
            continue  # nobody's guardian any more
        assert answer.headers["content-type"] == "application/pdf", (name, answer.text[:300])
        text = readable("application/pdf", answer.content)
        assert world.marker(name) in text
        assert not _strangers(world, name, text), name
        for child in SEES.get(name, ()):
            assert world.marker(child) in text


async def test_the_office_writes_no_letter_about_a_child_it_must_not_see(world: World) -> None:
    """The member of the office is kept from noor; noor's parent gets letters from the administrator."""
    office = await world.school.browser("office")
    for name in ("noors_parent", "noor"):
        form = {"act": "letters", "who": str(world.id(name)), "replace": "yes"}
        assert (await office.post("/office/invitations", form)).status_code == 422
    for form in ({"act": "letters:missing", "replace": "yes"}, {"act": "letters:new", "replace": "yes"}):
        answer = await office.post("/office/invitations", form)
        assert world.marker("noor") not in readable(answer.headers["content-type"], answer.content)


async def test_no_account_above_the_own_can_be_taken_over(world: World) -> None:
    """A new code lets in whoever holds it, so the office gets none for administrators."""
    office, admin = await world.school.browser("office"), await world.school.browser("admin")
    for name in ("admin", "safeguarding"):
        form = {"act": "letters", "who": str(world.id(name)), "replace": "yes"}
        assert (await office.post("/office/invitations", form)).status_code == 422, name
        assert (await admin.post("/office/invitations", form)).status_code == 200, name


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the portal writes to standard error while it serves."""
    lines = io.StringIO()
    monkeypatch.setattr(sys, "stderr", lines)
    logs.configure()
    yield lines
    structlog.reset_defaults()


async def test_logs_name_nobody(world: World, log: io.StringIO, capfd: pytest.CaptureFixture[str]) -> None:
    """Served, refused, throttled, broken: what is written down holds no name, text, address, code or token."""
    secrets = ["wrong horse", *world.codes.values(), *(code.replace("-", "") for code in world.codes.values())]
    for name in ("admin", "parent", "teacher", "anonymous"):
        browser = await world.school.browser(name)
        secrets += [value for value in (browser.http.cookies.get("portal"), browser.csrf) if value]
        for (method, path), rule in MATRIX.items():
            things = (await rule.things(world, name)).values() if rule.things else []
            for address in [place(path, thing.params) for thing in things][:3] or [path]:
                if "{" in address or path == "/sign-out":
                    continue
                if method == "GET":
                    await browser.get(address + "?q=" + world.marker("mia"))
                else:
                    await browser.post(address, rule.body)
        for number in range(7):
            form = {"login": "parent@school.example", "password": f"wrong horse {number}"}
            await browser.post("/sign-in", form)
    # What does get a line: a mail server that is away.
    away = replace(world.school.settings, smtp="smtp://127.0.0.1:9", mail_from="portal@school.example")
    await outbox.send_due(away, clock.now())
    assert "unreachable" in log.getvalue()
    out, err = capfd.readouterr()
    written = log.getvalue() + out + err
    found = [mark.said for mark in marks(world) if mark.text in written and "number of" not in mark.said]
    assert not found, f"the log holds {found}"
    for secret in secrets:
        assert secret not in written, "the log holds a secret"


async def test_a_defect_s_log_names_nobody(
    world: World, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise ValueError(world.marker("mia"))

    monkeypatch.setattr(photos.door, "listing", broken)
    browser = await world.school.browser("parent")
    answer = await browser.get("/photos")
    assert answer.status_code == 500
    written = log.getvalue()
    assert json.loads(written.splitlines()[0])["failure"] == "ValueError"
    assert world.marker("mia") not in written + answer.text


async def test_an_upload_is_seen_by_nobody_but_its_handlers(world: World) -> None:
    """The answer to an upload holds an address; asked by others it is nothing."""
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(picture, "JPEG")
    teacher, story = await world.school.browser("teacher"), world.stories["writing"].id
    answer = await teacher.post(
        f"/stories/{story}/photos", {"once": "a"}, files={"photo": ("x.jpg", picture.getvalue(), "image/jpeg")}
    )
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert isinstance(told["id"], str)  # a browser's numbers end at 2**53
    for name in CAST:
        browser = await world.school.browser(name)
        handles = name in world.stories["writing"].handled
        for address in (told["src"], f"/photos/{told['id']}", f"/photos/{told['id']}/small"):
            status = (await browser.get(address)).status_code
            if handles and address == told["src"]:
                assert status == 200, name
            else:
                assert status == 404 or (status == 303 and name not in SIGNED_IN), (name, address, status)
        if not handles:
            files = {"photo": ("x.jpg", picture.getvalue(), "image/jpeg")}
            again = await browser.post(f"/stories/{story}/photos", {"once": "a"}, files=files)
            assert again.status_code in (401, 403, 404), name
            assert told["id"] not in again.text, name


async def test_static_files_are_the_same_for_everybody_and_hold_nobody(world: World) -> None:
    texts = "\n".join(file.body.decode("utf-8", "replace") for file in static._files.values())
    assert len(texts) > 10_000
    assert not [mark.said for mark in marks(world) if mark.text in texts]


async def test_what_is_asked_for_in_json_says_no_more(world: World) -> None:
    """A failure answered to a script is as short as a failure on a page."""
    browser = await world.school.browser("neighbour")
    hidden, absent = world.photos["mia"].id, 4_611_686_018_427_387_905
    for path in ("/photos/{}", "/photos/{}/small", "/photos/{}/download", "/stories/{}", "/desk/photos/{}/small"):
        one = await browser.get(path.format(hidden), Accept="application/json")
        other = await browser.get(path.format(absent), Accept="application/json")
        assert (one.status_code, one.content) == (other.status_code, other.content)
        assert one.status_code == 404
        assert set(one.json()) == {"error"}


async def test_sessions_are_stored_as_hashes_only(world: World) -> None:
    """What a stolen database would give away: no token, no code."""
    token = await sessions.begin(world.id("parent"), "Test", staff=False)
    await db.backend.read("SELECT 1", ())
    data = world.school.settings.data
    stored = b"".join(path.read_bytes() for path in data.glob("portal.sqlite*"))
    assert world.marker("mia").encode() in stored  # the twin: names are there to be found
    for secret in (token, *world.codes.values(), *(code.replace("-", "") for code in world.codes.values())):
        assert secret.encode() not in stored


async def test_photos_lie_sealed(world: World) -> None:
    """No file of the vault holds a picture's bytes, and no scan's."""
    files = [path for path in world.school.settings.photos.rglob("*") if path.is_file()]
    assert len(files) > 20
    for path in files:
        body = path.read_bytes()
        assert b"ORIGINAL-" not in body
        assert b"COVERED-" not in body
        assert b"SCAN-" not in body
