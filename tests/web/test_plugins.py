"""The administrator's pages about plugins."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from urllib.parse import unquote

import pytest

from portal import clock, plugins
from portal.db import db
from portal.errors import Refused
from portal.hooks import hook
from portal.hooks.host import host
from portal.hooks.specs import API, About, Setting
from portal.main import JOBS
from portal.people import actions as people
from portal.people import school as schools
from portal.photos import connected, documents
from portal.photos.files import Missing
from portal.photos.sealing import open_text
from portal.plugins import jobs, keeping
from portal.sdk import settings
from portal.testing import Browser, TestSchool, run
from tests.hooks.modules import loaded, module
from tests.web import lost as toy

PAGE = "/office/plugins"
LOST = f"{PAGE}/lost"
OTHERS = ["parent", "teacher", "office", "safeguarding", "mia"]


@pytest.fixture
async def admin(school: TestSchool, lost: None) -> Browser:
    return await school.browser("admin")


async def out_of_use(admin: Browser) -> None:
    assert (await admin.post(LOST, {"act": "disable", "confirmed": "1"})).status_code == 303


async def test_it_says_what_is_in_use_and_what_is_kept(school: TestSchool) -> None:
    text = (await (await school.browser("admin")).get(PAGE)).text
    assert "Class stories" in text
    assert "In use" in text
    assert "Until staff erase the story" in text


@pytest.mark.parametrize("member", OTHERS)
async def test_it_is_for_administrators(school: TestSchool, lost: None, member: str) -> None:
    browser = await school.browser(member)
    for path in (PAGE, LOST, f"{LOST}/data"):
        assert (await browser.get(path)).status_code == 404
    for path in (LOST, f"{LOST}/settings", f"{LOST}/erase"):
        form = {"act": "disable", "confirmed": "1", "days": "3", "typed": "lost"}
        assert (await browser.post(path, form)).status_code == 404
    assert "lost" in (await schools.load()).plugins
    assert (await schools.load()).choices == {}
    assert (await (await school.browser("parent")).get("/stories")).status_code == 200


async def test_out_of_use_is_asked_first_and_counts_at_once(school: TestSchool) -> None:
    admin, family = await school.browser("admin"), await school.browser("parent")
    asked = await admin.post(f"{PAGE}/stories", {"act": "disable"})
    assert "Put this plugin out of use?" in asked.text
    assert (await family.get("/stories")).status_code == 200
    assert (await admin.post(f"{PAGE}/stories", {"act": "disable", "confirmed": "1"})).status_code == 303
    assert (await family.get("/stories")).status_code == 404
    assert 'href="/stories"' not in (await family.get("/photos")).text
    home = await family.get("/")
    assert home.headers["location"] == "/photos"  # home leads where something is
    assert (await admin.post(f"{PAGE}/stories", {"act": "enable"})).status_code == 303
    assert (await family.get("/stories")).status_code == 200


async def test_one_that_does_not_work_says_why(school: TestSchool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(host.broken, "sandbox", "It does not import: ModuleNotFoundError: <sand>")
    admin = await school.browser("admin")
    for page in (PAGE, f"{PAGE}/sandbox"):
        text = (await admin.get(page)).text
        assert "Does not work" in text
        assert "ModuleNotFoundError: &lt;sand&gt;" in text
    answer = await admin.post(f"{PAGE}/sandbox", {"act": "enable"})
    assert answer.status_code == 403
    assert "ModuleNotFoundError" in answer.text
    assert (await admin.post(f"{PAGE}/sandbox/settings", {})).status_code == 404
    assert (await admin.get(f"{PAGE}/sandbox/data")).status_code == 404
    assert (await admin.post(f"{PAGE}/sandbox/erase", {"typed": "sandbox"})).status_code == 404
    assert (await admin.post(f"{PAGE}/nothing", {"act": "enable"})).status_code == 404
    assert (await admin.get(f"{PAGE}/nothing")).status_code == 404
    with pytest.raises(Refused):
        await plugins.enable("nothing")


async def test_one_in_use_that_was_removed_is_named(school: TestSchool) -> None:
    kept = host.plugins.pop("stories")
    try:
        admin = await school.browser("admin")
        for page in (PAGE, f"{PAGE}/stories"):
            text = (await admin.get(page)).text
            assert "It is no longer installed." in text
            assert "Does not work" in text
            assert "Until staff erase the story" in text  # from what it said while it was there
    finally:
        host.plugins["stories"] = kept


async def test_its_own_page_tells_everything(admin: Browser) -> None:
    text = (await admin.get(LOST)).text
    for said in ("Lost things", "In use", "Finds owners.", "Found things 100 %", "Thirty days", "the town hall",
                 "Nobody outside the school", "Names beside found things, 100 %", "Open to families"):  # fmt: skip
        assert said in text, said
    assert "put it out of use first" in text
    assert "Erase everything it stored" not in text
    await out_of_use(admin)
    text = (await admin.get(LOST)).text
    assert "Not in use" in text
    assert "Erase everything it stored" in text


# ---- Trouble ----


async def test_the_last_trouble_is_told_until_it_was_read(admin: Browser) -> None:
    host.blame("lost", "portal_cards", ValueError("Quentin's name"))
    for page in (PAGE, LOST):
        text = (await admin.get(page)).text.replace("\u2068", "").replace("\u2069", "")
        assert "Its part portal_cards failed on" in text
        assert "(ValueError)" in text
        assert "Quentin" not in text
        assert "Rests" not in text
    await jobs._keep_troubles()
    assert (await admin.post(LOST, {"act": "read"})).status_code == 303
    await jobs._keep_troubles()  # of this process, which still remembers it
    assert "portal_cards" not in (await admin.get(LOST)).text
    host.blame("lost", "job tidy", KeyError("x"))
    assert "job tidy" in (await admin.get(LOST)).text


async def test_one_that_hung_rests(admin: Browser) -> None:
    host.blame("lost", "portal_cards", TimeoutError())
    text = (await admin.get(LOST)).text
    assert "Rests for some minutes" in text
    assert "left alone for some minutes" in text
    await admin.post(LOST, {"act": "read"})
    assert "Rests" not in (await admin.get(LOST)).text


async def test_a_rest_in_another_process_is_told_and_ends(admin: Browser) -> None:
    await run("INSERT INTO trouble (plugin, place, kind, at) VALUES ('lost', 'x', 'Hung', ?)", clock.now())
    assert "Rests for some minutes" in (await admin.get(LOST)).text
    await run("UPDATE trouble SET at = ?", clock.now() - 6 * clock.MINUTE)
    text = (await admin.get(LOST)).text
    assert "(\u2068Hung\u2069)" in text
    assert "Rests" not in text


async def test_jobs_that_were_given_up_are_tried_again(admin: Browser) -> None:
    await jobs.enqueue("lost", "tidy", {"a": 1})
    assert "1 job waits to be done." in (await admin.get(LOST)).text
    await run("UPDATE job SET due_at = NULL WHERE plugin = 'lost'")
    text = (await admin.get(LOST)).text
    assert "1 job failed too often and was given up." in text
    assert "Try again" in text
    assert (await admin.post(LOST, {"act": "retry"})).status_code == 303
    assert await jobs.given_up() == {}
    assert (await jobs.waiting())["lost"] == 1


# ---- Choices ----


async def test_choices_are_kept_and_stand_in_the_form(admin: Browser) -> None:
    form = {"open": "yes", "days": "14", "room": "Hall <1>", "way": "none"}
    assert (await admin.post(f"{LOST}/settings", form)).status_code == 303
    school = await schools.load()
    assert plugins.chosen(school, "lost") == {"open": True, "days": 14, "room": "Hall <1>", "way": "none"}
    text = (await admin.get(LOST)).text
    assert 'value="14"' in text
    assert 'value="Hall &lt;1&gt;"' in text
    assert (await admin.post(f"{LOST}/settings", {**form, "open": ""})).status_code == 303
    assert plugins.chosen(await schools.load(), "lost")["open"] is False


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"days": "0"}, "from 1 to 60"), ({"days": "soon"}, "from 1 to 60"), ({"days": ""}, "from 1 to 60"),
        ({"days": "61"}, "from 1 to 60"), ({"room": "x" * 21}, "write less"), ({"way": "by pigeon"}, "choose one"),
    ],
)  # fmt: skip
async def test_what_cannot_be_stands_at_its_field_and_nothing_is_lost(
    admin: Browser, form: dict[str, str], said: str
) -> None:
    typed = {"open": "yes", "days": "20", "room": "My room", "way": "none"} | form
    answer = await admin.post(f"{LOST}/settings", typed)
    assert answer.status_code == 422
    assert said in answer.text
    (field,) = form
    assert f'id="f-{field}-error"' in answer.text
    if field != "room":
        assert 'value="My room"' in answer.text
    assert (await schools.load()).choices == {}


# ---- What it stored ----


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


async def test_everything_it_stored_as_a_zip(school: TestSchool, admin: Browser) -> None:
    file = await documents.keep("lost", b"%PDF-1.4 a found letter %%EOF")
    others = await documents.keep("stories", b"%PDF-1.4 another's %%EOF")
    await toy.found("=HYPERLINK(1)", school.ids["parent"], school.ids["mia"], said=" +1", file=file.id)
    await toy.found("Scarf, red", file=others.id)
    answer = await admin.get(f"{LOST}/data")
    assert answer.headers["content-type"] == "application/zip"
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "private, no-store"
    files = unpacked(answer.content)
    assert files.keys() == {
        "contents.csv", "lost_thing.csv", "lost_word.csv", "lost_keeper.csv", f"files/{file.id}.pdf",
    }
    things = {row["what"]: row for row in rows(files["lost_thing.csv"])}
    assert things.keys() == {"'=HYPERLINK(1)", "Scarf, red"}  # no formula for a spreadsheet
    assert things["'=HYPERLINK(1)"]["finder"] == str(school.ids["parent"])
    assert [row["said"] for row in rows(files["lost_word.csv"])] == ["' +1"]
    assert files[f"files/{file.id}.pdf"] == b"%PDF-1.4 a found letter %%EOF"
    assert [row["sent to"] for row in rows(files["contents.csv"])][-1] == "the town hall"


async def test_the_zip_holds_nothing_of_a_child_from_whom_one_is_kept(school: TestSchool, admin: Browser) -> None:
    await toy.found("Ball", school.ids["parent"], school.ids["mia"], said="It is round")
    await toy.found("Cap", school.ids["neighbour"], school.ids["tom"], said="It is blue")
    await people.block(school.ids["admin"], school.ids["mia"])
    files = unpacked((await admin.get(f"{LOST}/data")).content)
    assert [row["what"] for row in rows(files["lost_thing.csv"])] == ["Cap"]
    assert [row["said"] for row in rows(files["lost_word.csv"])] == ["It is blue"]


async def test_what_is_gone_can_be_taken_out_and_erased(school: TestSchool, admin: Browser) -> None:
    await toy.found("Ball", school.ids["parent"])
    await admin.post(f"{LOST}/settings", {"days": "5", "room": "Hall", "way": "card"})
    await out_of_use(admin)
    with toy.gone():
        for page in (PAGE, LOST):
            text = (await admin.get(page)).text
            assert "Not installed" in text
            assert "Thirty days" in text
        assert rows(unpacked((await admin.get(f"{LOST}/data")).content)["lost_thing.csv"])[0]["what"] == "Ball"
        asked = await admin.post(f"{LOST}/erase")
        assert asked.status_code == 200
        assert "Erase everything that" in asked.text
        wrong = await admin.post(f"{LOST}/erase", {"typed": "lots"})
        assert wrong.status_code == 422
        assert 'value="lots"' in wrong.text
        assert await db.value("SELECT COUNT(*) FROM lost_thing") == 1
        answer = await admin.post(f"{LOST}/erase", {"typed": " Lost "})
        assert answer.status_code == 303
        assert "is erased" in unquote(answer.cookies["portal-flash"])
        assert await keeping.columns("lost_thing") == ()
        assert (await schools.load()).choices == {}
        assert (await admin.get(LOST)).status_code == 404
        assert "Lost things" not in (await admin.get(PAGE)).text
    assert "stories" in await keeping.all_kept()
    await toy.use(school)  # and it may begin anew
    assert await db.value("SELECT COUNT(*) FROM lost_thing") == 0


async def test_nothing_is_erased_while_it_is_in_use(school: TestSchool, admin: Browser) -> None:
    await toy.found("Ball", school.ids["parent"])
    answer = await admin.post(f"{LOST}/erase", {"typed": "lost"})
    assert answer.status_code == 403
    assert "Put it out of use first." in answer.text
    assert await db.value("SELECT COUNT(*) FROM lost_thing") == 1


async def test_erasing_takes_the_files_too_however_many(school: TestSchool, admin: Browser) -> None:
    file = await documents.keep("lost", b"%PDF-1.4 a found letter %%EOF")
    loose = await documents.keep("lost", b"%PDF-1.4 no row names it %%EOF")
    await toy.found("Letter", file=file.id)
    for number in range(1, 4):
        await run(
            "INSERT INTO lost_thing (id, file) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
            " WHERE i < 3000) SELECT i + ?, 4611686018427387904 + i + ? FROM n",
            *(number * 10_000, number * 10_000),
        )
    await out_of_use(admin)
    assert (await admin.post(f"{LOST}/erase", {"typed": "lost"})).status_code == 303
    for _round in range(3):
        await jobs.run_due(clock.now(), JOBS)
    assert await db.value("SELECT COUNT(*) FROM kept_file WHERE plugin = 'lost'") == 0
    for number in (file.id, loose.id):
        with pytest.raises(Missing):
            connected.vault().read(number, 0, "file")


async def test_another_plugin_whose_name_goes_on_is_left_alone(school: TestSchool, admin: Browser) -> None:
    await run("CREATE TABLE lost_pets_dog (id BIGINT)")
    await run("INSERT INTO keeping (plugin, title, stores, erases) VALUES ('lost_pets', 'Pets', '[]', ?)", False)
    await out_of_use(admin)
    assert (await admin.post(f"{LOST}/erase", {"typed": "lost"})).status_code == 303
    assert await keeping.columns("lost_pets_dog") == ("id",)
    assert await keeping.columns("lost_word") == ()


# ---- Services ----


SERVICE = (Setting("server", "Server", "address", ""), Setting("key", "Key", "secret", ""))


async def test_a_secret_is_kept_sealed_and_never_shown(sqlite_school: TestSchool) -> None:
    with loaded(module("keyed", portal_settings=SERVICE), sqlite_school) as name:
        await plugins.enable(name)
        admin = await sqlite_school.browser("admin")
        where = f"{PAGE}/{name}/settings"
        form = {"server": "translate.school.example/", "key": "s3cret-word"}
        assert (await admin.post(where, form)).status_code == 303
        assert await settings(name) == {"server": "https://translate.school.example", "key": "s3cret-word"}
        stored = json.dumps(dict(await db.rows("SELECT key, value FROM school")))
        assert "translate.school" in stored
        assert "s3cret" not in stored
        text = (await admin.get(f"{PAGE}/{name}")).text
        assert "Something is set." in text
        assert "s3cret" not in text
        sealed = (await schools.load()).choices[name]["key"]
        assert sealed not in text
        # Left empty it stays, typed anew it changes, and asked to it goes, with its key.
        assert (await admin.post(where, {"server": "https://x.example", "key": ""})).status_code == 303
        assert (await settings(name))["key"] == "s3cret-word"
        await admin.post(where, {"server": "", "key": "another"})
        assert (await settings(name))["key"] == "another"
        assert open_text(sealed) == ""
        await admin.post(where, {"server": "", "key": "", "key.gone": "yes"})
        assert (await settings(name))["key"] == ""
        assert "Something is set." not in (await admin.get(f"{PAGE}/{name}")).text


async def test_an_address_that_cannot_be_stands_at_its_field(sqlite_school: TestSchool) -> None:
    with loaded(module("keyed", portal_settings=SERVICE), sqlite_school) as name:
        await plugins.enable(name)
        admin = await sqlite_school.browser("admin")
        for typed in ("http://school.example", "https://user:pw@school.example", "javascript:alert(1)"):
            answer = await admin.post(f"{PAGE}/{name}/settings", {"server": typed, "key": "k"})
            assert answer.status_code == 422
            assert 'id="f-server-error"' in answer.text
            assert typed in answer.text
            assert (await schools.load()).choices == {}


async def test_the_school_reads_which_programs_it_runs(sqlite_school: TestSchool) -> None:
    made = module("runner")
    about = About("runner", "Runner", API, "portal_runner", Path(), programs=("apertium",))
    made.portal_about = hook(lambda: about)  # type: ignore[attr-defined]
    with loaded(made, sqlite_school) as name:
        await plugins.enable(name)
        text = (await (await sqlite_school.browser("admin")).get(f"{PAGE}/{name}")).text
        assert "<code>apertium</code>" in text
