"""Password rules, hashes, and their price."""

from __future__ import annotations

import asyncio
import time

import argon2
import pytest

from portal.errors import BadInput, TooBusy
from portal.identity import passwords

KNOWN = ["Linden School", "Amina Haddad", "amina.haddad@mail.example"]


@pytest.mark.parametrize(
    "password",
    ["correct horse battery", "blaue Tasse rennt", "мій тихий сад", "قلم أزرق سريع", "xk3-vv81-plm", "ßßäöü und noch"],
)
def test_good_passwords_pass_without_rules_of_composition(password: str) -> None:
    passwords.check(password, KNOWN)


@pytest.mark.parametrize(
    "password",
    [
        "short", "ninesigns", "password123", "Passwort1!!", "P4ssw0rd2024", "qwertyuiop", "0987654321", "aaaaaaaaaaaa",
        "abababababab", "footballfootball", "LindenSchool1", "linden2026!", "Amina Haddad", "haddad!!2026",
        "пароль12345", "12.03.1987 1", "amina.haddad", "x" * 201,
    ],
)
def test_weak_passwords_are_refused_with_a_reason(password: str) -> None:
    with pytest.raises(BadInput) as failure:
        passwords.check(password, KNOWN)
    assert failure.value.field == "password"
    assert len(str(failure.value)) > 20


def test_ten_and_two_hundred_signs_are_the_limits() -> None:
    passwords.check("ab3cd5ef7g")
    passwords.check("ab3cd5ef7g" + "kq" * 95)
    with pytest.raises(BadInput):
        passwords.check("ab3cd5ef7")


async def test_hash_is_argon2id_with_the_chosen_cost() -> None:
    stored = await passwords.hash_password("correct horse battery")
    parameters = argon2.extract_parameters(stored)
    assert (parameters.type.name, parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (
        "ID", 19 * 1024, 2, 1,
    )
    assert await passwords.verify(stored, "correct horse battery")
    assert not await passwords.verify(stored, "correct horse batterz")
    assert not await passwords.verify(None, "nobody's")
    assert not await passwords.verify("not a hash", "whatever it is")
    assert not passwords.outdated(stored)
    assert passwords.outdated(argon2.PasswordHasher(time_cost=1, memory_cost=8192).hash("x"))


async def test_two_ways_of_typing_an_umlaut_are_one_password() -> None:
    stored = await passwords.hash_password("schöne grüne Wiese")
    assert await passwords.verify(stored, "scho\u0308ne gru\u0308ne Wiese")


@pytest.mark.parametrize("password", ["blaue Tasse " + "scho\u0308n " * 31, "ab3cd5ef7g" + "o\u0308" * 190])
async def test_a_password_that_is_short_enough_only_when_composed_opens(password: str) -> None:
    assert len(password) > passwords.LONGEST >= len(passwords.normal(password))
    passwords.check(password)
    stored = await passwords.hash_password(password)
    assert await passwords.verify(stored, password)
    assert not await passwords.verify(stored, password[:-2] + "x")


async def test_absurd_lengths_are_cut_before_they_cost_anything() -> None:
    stored = await passwords.hash_password("correct horse battery")
    began = time.process_time()
    assert not await passwords.verify(stored, "\ufdfa" * 3_000_000)  # each becomes 18 letters
    assert time.process_time() - began < 0.5
    with pytest.raises(BadInput):
        passwords.check("\ufdfa" * 3_000_000)
    assert time.process_time() - began < 1


async def test_hashing_leaves_the_event_loop_free() -> None:
    async def ticks() -> int:
        count, ends = 0, time.monotonic() + 0.15
        while time.monotonic() < ends:
            await asyncio.sleep(0.002)
            count += 1
        return count

    hashing = [asyncio.create_task(passwords.hash_password("correct horse battery")) for _ in range(6)]
    count = await ticks()
    await asyncio.gather(*hashing)
    assert count > 10


async def test_too_many_at_once_are_asked_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "WAITING_AT_MOST", 3)
    outcomes = await asyncio.gather(*(passwords.hash_password("x" * 12) for _ in range(6)), return_exceptions=True)
    assert sum(isinstance(outcome, TooBusy) for outcome in outcomes) == 3
    assert await passwords.hash_password("x" * 12)
