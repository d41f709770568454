"""Codes for people: once, for a while, for one person."""

from __future__ import annotations

import asyncio

import pytest

from portal import clock
from portal.db import atomic, db
from portal.errors import BadInput
from portal.identity import invitable, invitations, passwords, queries, sessions
from portal.identity.invitations import NoSuchInvitation
from portal.identity.throttle import Throttled
from portal.testing import TestSchool

HERE = "192.0.2.1"
HASH = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA"


async def code_for(school: TestSchool, name: str) -> str:
    made = invitations.fresh([school.ids[name]])
    await invitations.record(made, invitations.LETTER, by=school.ids["office"])
    return made[school.ids[name]]


async def test_a_code_finds_its_person_and_is_stored_as_a_hash(school: TestSchool) -> None:
    code = await code_for(school, "parent")
    found = await invitations.look_up(code.lower().replace("-", " "), HERE)
    assert (found.person, found.name, found.kind) == (school.ids["parent"], "Parent Test", "adult")
    (row,) = await db.rows("SELECT code, made_by FROM invitation")
    assert code.encode() not in bytes(row[0])
    assert row[1] == school.ids["office"]
    with pytest.raises(NoSuchInvitation):
        await invitations.look_up(invitations.codes.make(), HERE)


async def test_a_code_works_once(school: TestSchool) -> None:
    code = await code_for(school, "parent")
    token = await invitations.accept(code, "amina", HASH, "de", "Test")
    session = await sessions.find(token)
    assert session is not None
    assert (session.person, session.language) == (school.ids["parent"], "de")
    with pytest.raises(NoSuchInvitation):
        await invitations.accept(code, "amina2", HASH, "de", "Test")
    with pytest.raises(NoSuchInvitation):
        await invitations.look_up(code, HERE)
    assert (await queries.account(school.ids["parent"])).login == "amina"  # type: ignore[union-attr]


async def test_of_many_at_the_same_time_one_gets_in(school: TestSchool) -> None:
    code = await code_for(school, "parent")
    outcomes = await asyncio.gather(
        *(invitations.accept(code, f"name{n}", HASH, "en", "Test") for n in range(6)), return_exceptions=True
    )
    assert sum(isinstance(outcome, str) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, NoSuchInvitation) for outcome in outcomes) == 5
    assert await db.value("SELECT COUNT(*) FROM session") == 1


async def test_a_code_grows_old_and_a_new_one_replaces_it(school: TestSchool) -> None:
    now = clock.now()
    old = await code_for(school, "parent")
    bystander = await code_for(school, "other")
    with clock.frozen(now + invitations.LASTS - clock.DAY):
        assert await invitations.look_up(old, HERE)
    with clock.frozen(now + invitations.LASTS + clock.MINUTE), pytest.raises(NoSuchInvitation):
        await invitations.look_up(old, HERE)
    new = await code_for(school, "parent")
    with pytest.raises(NoSuchInvitation):
        await invitations.look_up(old, HERE)
    assert await invitations.look_up(new, HERE)
    assert await invitations.look_up(bystander, HERE)


async def test_with_an_account_the_code_gives_a_new_password_and_closes_all_sessions(school: TestSchool) -> None:
    first = await invitations.accept(await code_for(school, "parent"), "amina", HASH, "en", "Test")
    hashed = await passwords.hash_password("quiet green river")
    code = await code_for(school, "parent")
    assert (await invitations.look_up(code, HERE)).login == "amina"
    await invitations.accept(code, "another.name", hashed, "en", "Test")
    assert await sessions.find(first) is None
    account = await queries.account(school.ids["parent"])
    assert account is not None
    assert (account.login, account.password) == ("amina", hashed)


async def test_a_taken_login_uses_nothing_up(school: TestSchool) -> None:
    await invitations.accept(await code_for(school, "other"), "amina", HASH, "en", "Test")
    code = await code_for(school, "parent")
    with pytest.raises(BadInput):
        await invitations.accept(code, "amina", HASH, "en", "Test")
    assert await invitations.accept(code, "amina2", HASH, "en", "Test")


async def test_who_says_that_something_is_wrong_gets_no_account(school: TestSchool) -> None:
    code = await code_for(school, "parent")
    await invitations.report_wrong(code, "  Ben is not my child.\0 ")
    with pytest.raises(NoSuchInvitation):
        await invitations.look_up(code, HERE)
    with pytest.raises(NoSuchInvitation):
        await invitations.accept(code, "amina", HASH, "en", "Test")
    state = (await invitations.states([school.ids["parent"]]))[school.ids["parent"]]
    assert state.remark == "Ben is not my child."
    assert not state.open
    assert await invitations.look_up(await code_for(school, "parent"), HERE)


async def test_inactive_people_cannot_come_in(school: TestSchool) -> None:
    code = await code_for(school, "outsider")
    with pytest.raises(NoSuchInvitation):
        await invitations.look_up(code, HERE)


async def test_guessing_is_slowed_down_and_right_codes_are_not(school: TestSchool) -> None:
    code = await code_for(school, "parent")
    with clock.frozen(clock.now()):
        for _ in range(25):
            assert await invitations.look_up(code, HERE)
        for _ in range(10):
            with pytest.raises(NoSuchInvitation):
                await invitations.look_up(invitations.codes.make(), HERE)
        with pytest.raises(Throttled):
            await invitations.look_up(code, HERE)
        assert await invitations.look_up(code, "198.51.100.9")


async def test_children_are_those_of_today_without_those_of_a_no_contact_order(school: TestSchool) -> None:
    today = clock.present("Europe/Berlin").today
    people = [school.ids[name] for name in ("parent", "grandparent", "former", "blocked", "other")]
    found = await invitable.children_of(people, today)
    names = {adult: [(child.name, child.groups) for child in children] for adult, children in found.items()}
    assert names == {
        school.ids["parent"]: [("Mia Test", ("3a",)), ("Ben Test", ("3b",))],
        school.ids["grandparent"]: [("Mia Test", ("3a",))],
        school.ids["other"]: [("Lea Test", ("3a",))],
    }


async def test_who_can_be_invited(school: TestSchool) -> None:
    today = clock.present("Europe/Berlin").today
    by_id = {number: name for name, number in school.ids.items()}
    everybody = {by_id[each.person] for each in await invitable.invitees(today)}
    guardians = {"parent", "coparent", "grandparent", "other", "neighbour", "noors_parent"}
    staff = {"teacher", "colleague", "admin", "office", "safeguarding"}
    assert everybody == guardians | staff | {"mia", "ben", "lea", "tom", "noor"}
    of_class = {by_id[each.person] for each in await invitable.invitees(today, group=school.groups["3b"])}
    assert of_class == {"parent", "neighbour", "colleague", "ben", "tom"}
    chosen = await invitable.invitees(today, people=[school.ids["parent"], school.ids["former"]])
    assert [by_id[each.person] for each in chosen] == ["parent"]


@atomic
async def end_links(school: TestSchool) -> None:
    await db.run("UPDATE link SET ends = '2020-01-01' WHERE adult = ?", school.ids["other"])


async def test_an_ended_link_takes_the_child_off(school: TestSchool) -> None:
    await end_links(school)
    today = clock.present("Europe/Berlin").today
    assert await invitable.children_of([school.ids["other"]], today) == {}
