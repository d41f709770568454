"""Accounts, signing in, passwords and devices, below the pages."""

from __future__ import annotations

import argon2
import pytest

from portal import clock
from portal.db import atomic, db
from portal.errors import BadInput
from portal.identity import actions, passwords, queries, sessions
from portal.identity.devices import device_name
from portal.testing import TestSchool

PASSWORD = "correct horse battery"
HERE = "192.0.2.1"


async def always(_child: int) -> bool:
    return True


async def never(_child: int) -> bool:
    return False


async def enter(login: str, password: str = PASSWORD, allowed: actions.Allowed = always) -> int | None:
    done = await actions.sign_in(login, password, HERE, "Test", allowed=allowed)
    if done is None:
        return None
    found = await sessions.find(done[0])
    assert found is not None
    assert found.person == done[1]
    return found.person


@atomic
async def deactivate(person: int) -> None:
    await db.run("UPDATE person SET active = ? WHERE id = ?", False, person)


async def test_login_is_the_same_in_any_case(school: TestSchool) -> None:
    me = school.ids["parent"]
    await actions.create_account(me, " Amina@Mail.Example ", PASSWORD)
    assert await enter("amina@mail.example") == me
    assert await enter("AMINA@MAIL.EXAMPLE  ") == me
    assert await enter("amina@mail.example", "correct horse") is None
    assert await enter("amina") is None


async def test_nobody_is_let_in_for_whom_something_speaks_against_it(school: TestSchool) -> None:
    await actions.create_account(school.ids["mia"], "mia.test", PASSWORD)
    assert await enter("mia.test", allowed=never) is None
    assert await enter("mia.test", allowed=always) == school.ids["mia"]
    await actions.create_account(school.ids["other"], "leas mother".replace(" ", "."), PASSWORD)
    assert await enter("leas.mother") == school.ids["other"]
    await deactivate(school.ids["other"])
    assert await enter("leas.mother") is None


async def test_a_login_is_somebody_s_alone(school: TestSchool) -> None:
    await actions.create_account(school.ids["parent"], "amina", PASSWORD)
    with pytest.raises(BadInput) as failure:
        await actions.create_account(school.ids["other"], "AMINA", PASSWORD)
    assert failure.value.field == "login"
    assert await queries.free_login(school.ids["other"], "amina", "Amina Haddad-Ünal") == "amina.haddad.unal"
    assert await queries.free_login(school.ids["parent"], "Amina", "x") == "amina"
    await actions.create_account(school.ids["other"], "amina.haddad.unal", PASSWORD)
    assert await queries.free_login(school.ids["neighbour"], None, "Amina Haddad Ünal") == "amina.haddad.unal2"


@pytest.mark.parametrize("login", ["", "ab", "two words", "a\nb c", "x" * 300 + " ", "<script>", "a\u202eb\u202ec"])
async def test_what_cannot_be_a_login(login: str, sqlite_school: TestSchool) -> None:
    if login.strip() and len(login) > 200:
        assert len(actions.check_login(login)) == 200
        return
    with pytest.raises(BadInput):
        actions.check_login(login)


async def test_a_new_password_closes_every_other_session(school: TestSchool) -> None:
    me = school.ids["parent"]
    await actions.create_account(me, "amina", PASSWORD)
    here, there = await sessions.begin(me, "A", staff=False), await sessions.begin(me, "B", staff=False)
    bystander = await sessions.begin(school.ids["other"], "C", staff=False)
    with pytest.raises(BadInput) as failure:
        await actions.set_password(me, "wrong wrong wrong", "quiet green river", here=sessions.digest(here),
                                   address=HERE, known=[])
    assert failure.value.field == "current"
    assert await sessions.find(there)
    await actions.set_password(me, PASSWORD, "quiet green river", here=sessions.digest(here), address=HERE, known=[])
    assert await sessions.find(here)
    assert await sessions.find(there) is None
    assert await sessions.find(bystander)
    assert await enter("amina") is None
    assert await enter("amina", "quiet green river") == me


async def test_a_password_changed_meanwhile_opens_nothing(school: TestSchool, monkeypatch: pytest.MonkeyPatch) -> None:
    me = school.ids["parent"]
    await actions.create_account(me, "amina", PASSWORD)
    verify = passwords.verify

    async def slow(stored: str | None, password: str) -> bool:
        fits = await verify(stored, password)
        await actions.store_account(me, "amina", await passwords.hash_password("quiet green river"))
        return fits

    monkeypatch.setattr(passwords, "verify", slow)
    assert await enter("amina") is None
    assert await db.value("SELECT COUNT(*) FROM session WHERE person = ?", me) == 0


async def test_an_older_hash_is_renewed_at_sign_in(school: TestSchool) -> None:
    me = school.ids["parent"]
    old = argon2.PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    await actions.store_account(me, "amina", old)
    assert await enter("amina", "not the password") is None
    assert (await queries.account(me)).password == old  # type: ignore[union-attr]
    assert await enter("amina") == me
    renewed = (await queries.account(me)).password  # type: ignore[union-attr]
    assert renewed != old
    assert not passwords.outdated(renewed or "")
    assert await enter("amina") == me


async def test_devices_are_one_s_own(school: TestSchool) -> None:
    me, other = school.ids["parent"], school.ids["other"]
    mine = await sessions.begin(me, "Firefox, Android", staff=False)
    theirs = await sessions.begin(other, "Safari, iPhone", staff=False)
    (device,) = await queries.devices(me, sessions.digest(mine))
    assert (device.name, device.here) == ("Firefox, Android", True)
    (foreign,) = await queries.devices(other)
    assert not await actions.close_device(me, foreign.id)
    assert await sessions.find(theirs)
    assert await actions.close_device(me, device.id)
    assert await sessions.find(mine) is None


async def test_sessions_end_by_themselves(school: TestSchool) -> None:
    now = clock.now()
    parent, admin = school.ids["parent"], school.ids["admin"]
    family = await sessions.begin(parent, "", staff=False)
    staff = await sessions.begin(admin, "", staff=True)
    shared = await sessions.begin(parent, "", staff=False, shared=True)
    for later, alive in ((clock.MINUTE, (family, staff, shared)), (31 * clock.MINUTE, (family, staff)),
                         (4 * clock.DAY, (family,)), (31 * clock.DAY, ())):
        with clock.frozen(now + later):
            assert [bool(await sessions.find(token)) for token in (family, staff, shared)] == [
                token in alive for token in (family, staff, shared)
            ]


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0", "Firefox, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126.0.0.0 Safari/537.36 Edg/126.0", "Edge, Windows"),
        ("<script>alert(1)</script>", ""),
        ("", ""),
    ],
)
def test_device_names(agent: str, name: str) -> None:
    assert device_name(agent) == name
