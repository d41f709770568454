"""The office's page: who was invited, letters, mails."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

import pypdf
import pytest

from portal.db import atomic, db
from portal.delivery import outbox
from portal.identity import actions, codes, invitations
from portal.kinds import new_id
from portal.main import create_app
from portal.testing import CAST, Browser, TestSchool

PAGE = "/office/invitations"
CODE = re.compile("[" + codes.ALPHABET + "]{5}-[" + codes.ALPHABET + "]{5}-[" + codes.ALPHABET + "]{5}")


def ids(school: TestSchool, *names: str) -> list[tuple[str, Any]]:
    return [("who", school.ids[name]) for name in names]


def letters_in(pdf: bytes) -> list[str]:
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    return ["".join(sign for sign in page if sign.isprintable()) for page in pages]


async def listed(browser: Browser, school: TestSchool, query: str = "?show=all") -> set[str]:
    """The names of the cast that can be ticked."""
    text = (await browser.get(PAGE + query)).text
    found = set(re.findall(r'name="who" value="(\d+)"', text))
    return {name for name, number in school.ids.items() if str(number) in found}


async def test_only_the_office_comes_here(school: TestSchool) -> None:
    for name in CAST:
        browser = await school.browser(name)
        out = name in ("anonymous", "outsider", "ben", "lea", "tom")  # without a session that counts
        expected = 200 if name in ("office", "admin") else 303 if out else 404
        assert (await browser.get(PAGE)).status_code == expected, name
        answer = await browser.post(PAGE, [*ids(school, "parent"), ("act", "letters"), ("replace", "yes")])
        assert (answer.status_code == 200) == (expected == 200), name
        assert answer.headers["content-type"].startswith("application/pdf") == (expected == 200), name
        if expected != 200:
            assert not CODE.search(answer.text)


async def test_who_can_be_invited(school: TestSchool) -> None:
    families = {"parent", "coparent", "grandparent", "other", "neighbour", "noors_parent"}
    children = {"mia", "noor"}  # ben, lea and tom have nobody's allowance
    staff = {"teacher", "colleague", "office"}
    above = {"admin", "safeguarding"}
    assert await listed(await school.browser("admin"), school) == families | children | staff | above
    below = families | children | staff
    assert await listed(await school.browser("office"), school) == below, "nobody lifts themselves"
    query = f"?show=all&group={school.groups['3b']}"
    assert await listed(await school.browser("office"), school, query) == {"parent", "neighbour", "colleague"}


async def test_the_office_makes_no_code_for_an_administrator(school: TestSchool) -> None:
    await actions.create_account(school.ids["admin"], "the.head", "correct horse battery")
    browser = await school.browser("office")
    answer = await browser.post(PAGE, [*ids(school, "admin", "safeguarding"), ("act", "letters"), ("replace", "yes")])
    assert answer.status_code == 422
    assert await db.value("SELECT COUNT(*) FROM invitation") == 0
    head = await school.browser("admin")
    answer = await head.post(PAGE, [*ids(school, "safeguarding"), ("act", "letters")])
    assert answer.status_code == 200


@atomic
async def _block(adult: int, child: int) -> None:
    await db.run("INSERT INTO block (id, adult, child, created_at) VALUES (?, ?, ?, 0)", new_id(), adult, child)


async def test_nobody_makes_codes_around_a_child_they_must_not_see(school: TestSchool) -> None:
    await _block(school.ids["office"], school.ids["mia"])
    browser = await school.browser("office")
    others = {"other", "neighbour", "noors_parent", "noor", "teacher", "colleague", "office"}
    assert await listed(browser, school) == others
    answer = await browser.post(PAGE, [*ids(school, "parent", "mia", "grandparent"), ("act", "letters")])
    assert answer.status_code == 422
    assert "Mia" not in answer.text


async def test_letters_for_those_ticked_and_nobody_else(school: TestSchool) -> None:
    browser = await school.browser("office")
    answer = await browser.post(PAGE, [*ids(school, "other", "neighbour"), ("act", "letters")])
    assert answer.headers["content-disposition"].endswith('.pdf"')
    assert answer.headers["cache-control"] == "private, no-store"
    pages = letters_in(answer.content)
    assert len(pages) == 2
    by_name = {("Other" if "Other" in page else "Neighbour"): page for page in pages}
    assert "Lea Test" in by_name["Other"]
    assert "Lea Test" not in by_name["Neighbour"]
    found = CODE.search(by_name["Other"])
    assert found
    assert (await invitations.look_up(found[0], "x")).person == school.ids["other"]
    assert await db.value("SELECT COUNT(*) FROM invitation") == 2
    text = (await browser.get(PAGE + "?show=all")).text
    assert "Letter of" in text
    assert not CODE.search(text), "codes stand in the letters and nowhere else"


async def test_a_code_that_works_is_replaced_only_on_purpose(school: TestSchool) -> None:
    browser = await school.browser("office")
    first = CODE.search(letters_in((await browser.post(PAGE, [*ids(school, "other"), ("act", "letters")])).content)[0])
    assert first
    answer = await browser.post(PAGE, [*ids(school, "other"), ("act", "letters")])
    assert answer.status_code == 422
    assert "still works" in answer.text
    assert await invitations.look_up(first[0], "x")
    answer = await browser.post(PAGE, [*ids(school, "other"), ("act", "letters"), ("replace", "yes")])
    second = CODE.search(letters_in(answer.content)[0])
    assert second
    assert second[0] != first[0]
    assert await invitations.look_up(second[0], "x")
    with pytest.raises(invitations.NoSuchInvitation):
        await invitations.look_up(first[0], "x")


async def test_all_who_are_new_in_one_file(school: TestSchool) -> None:
    await actions.create_account(school.ids["parent"], "amina", "correct horse battery")
    browser = await school.browser("office")
    await browser.post(PAGE, [*ids(school, "other"), ("act", "letters")])
    answer = await browser.post(PAGE, {"act": "letters:new"})
    pages = letters_in(answer.content)
    assert len(pages) == 9  # 11 whom the office may invite, without the one with an account and the one invited
    assert not any("Other Test" in page or "Dear Parent" in page for page in pages)
    assert (await browser.post(PAGE, {"act": "letters:new"})).status_code == 422
    assert (await browser.post(PAGE, {"act": "letters:missing"})).status_code == 422
    answer = await browser.post(PAGE, {"act": "letters:missing", "replace": "yes"})
    assert len(letters_in(answer.content)) == 10
    answer = await browser.post(PAGE, {"act": "letters:missing", "replace": "yes", "group": str(school.groups["3b"])})
    assert len(letters_in(answer.content)) == 2, "neighbour and colleague; parent has an account"


@pytest.mark.parametrize("who", ["", "0", "x", "9" * 400, "1 OR 1=1"])
async def test_nobody_chosen(sqlite_school: TestSchool, who: str) -> None:
    browser = await sqlite_school.browser("office")
    answer = await browser.post(PAGE, {"act": "letters", "who": who, "group": who})
    assert answer.status_code == 422
    assert "Nobody was chosen" in answer.text


@atomic
async def _class_of_2032(child: int) -> int:
    group = 10**18 + 7  # ids have 19 digits from July 2032
    await db.run("INSERT INTO school_group (id, name, kind, source) VALUES (?, '1z', 'homeroom', 'hand')", group)
    await db.run("INSERT INTO membership (id, child, group_id, source) VALUES (?, ?, ?, 'hand')", group, child, group)
    return group


async def test_letters_for_one_class_whatever_its_id(school: TestSchool) -> None:
    browser = await school.browser("office")
    group = await _class_of_2032(school.ids["tom"])
    answer = await browser.post(PAGE, {"act": "letters:new", "group": group})
    assert answer.status_code == 200
    assert len(letters_in(answer.content)) == 1, "tom's father, and not everybody"


@pytest.fixture
def mailing(school: TestSchool) -> TestSchool:
    """The same school with a mail server in its settings; nothing is sent before `send_due`."""
    settings = replace(school.settings, smtp="smtp://127.0.0.1:9", mail_from="portal@linden.example")
    app = create_app(settings, background=False, durable=False)
    return replace(school, settings=settings, app=app, browsers=school.browsers)


@atomic
async def _no_address(person: int) -> None:
    await db.run("UPDATE person SET email = NULL WHERE id = ?", person)


async def test_mails_go_to_those_with_an_address(mailing: TestSchool) -> None:
    await _no_address(mailing.ids["neighbour"])
    browser = await mailing.browser("office")
    answer = await browser.post(PAGE, [*ids(mailing, "other", "neighbour"), ("act", "email")])
    assert answer.status_code == 303
    assert (await db.rows("SELECT person, state FROM outgoing")) == [(mailing.ids["other"], "waiting")]
    assert await db.value("SELECT COUNT(*) FROM invitation") == 1
    body = await db.value("SELECT body FROM outgoing")
    found = CODE.search(body)
    assert found
    assert f"{mailing.settings.url}/welcome/{found[0]}" in body
    assert (await invitations.look_up(found[0], "x")).person == mailing.ids["other"]
    text = (await browser.get(PAGE)).text
    assert "1 mail is on its way." in text
    assert "1 person has no e-mail address" in text
    assert "Mail of" in text
    assert not CODE.search(text)
    await outbox.send_due(mailing.settings, 2**62)
    text = (await browser.get(PAGE)).text
    assert "could not be reached" in text


async def test_mails_need_a_mail_server_and_an_address(school: TestSchool, mailing: TestSchool) -> None:
    await _no_address(school.ids["neighbour"])
    for place, name in ((school, "other"), (mailing, "neighbour")):
        browser = Browser(place.app, place.settings.url)
        place.browsers.append(browser)
        token = (await place.browser("office")).http.cookies["portal"]
        browser.http.cookies.set("portal", token)
        assert (await browser.post(PAGE, [*ids(place, name), ("act", "email")])).status_code == 422
    assert await db.value("SELECT COUNT(*) FROM outgoing") == 0
    assert await db.value("SELECT COUNT(*) FROM invitation") == 0


async def test_the_page_reads_as_often_for_many_as_for_few(
    sqlite_school: TestSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = await sqlite_school.browser("office")

    async def count() -> int:
        await browser.get(PAGE)
        asked: list[str] = []
        read = type(db.backend).read

        async def counting(self: Any, sql: str, args: Any) -> Any:
            asked.append(sql)
            return await read(self, sql, args)

        with monkeypatch.context() as patched:
            patched.setattr(type(db.backend), "read", counting)
            await browser.get(PAGE)
        return len(asked)

    few = await count()
    await _more_families(sqlite_school, 60)
    assert await count() == few


@atomic
async def _more_families(school: TestSchool, number: int) -> None:
    for n in range(number):
        adult, child = new_id(), new_id()
        for person, kind in ((adult, "adult"), (child, "child")):
            await db.run(
                "INSERT INTO person (id, kind, given_name, family_name, language, active, safeguarding_hold, source,"
                " created_at) VALUES (?, ?, ?, ?, 'en', ?, ?, 'test', 0)",
                *(person, kind, f"{kind}{n}", "Many", True, False),
            )
        await db.run(
            "INSERT INTO link (id, adult, child, decides, sees, relation, source) VALUES (?, ?, ?, ?, ?, '', 'test')",
            *(new_id(), adult, child, True, True),
        )
