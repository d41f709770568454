"""How often one may try, and whose address is believed."""

from __future__ import annotations

import asyncio

import pytest

from portal import clock
from portal.db import db
from portal.identity import throttle
from portal.identity.throttle import Throttled
from portal.testing import TestSchool

QUARTER = 15 * clock.MINUTE
START = clock.now() // QUARTER * QUARTER  # a quarter of an hour begins, so that a minute later none does


def guards(login: str = "amina", address: str = "192.0.2.1") -> list[throttle.Guard]:
    return throttle.for_sign_in(login, address)


async def wait(found: list[throttle.Guard]) -> int:
    """Seconds to wait; 0 where the try was taken."""
    try:
        await throttle.take(found)
    except Throttled as failure:
        return failure.wait
    return 0


async def test_waits_grow_and_end(school: TestSchool) -> None:
    now = START
    with clock.frozen(now):
        assert [await wait(guards()) for _ in range(6)] == [0, 0, 0, 0, 0, 60]
        assert await wait(guards(address="192.0.2.2")) == 0, "another household is not kept waiting"
        assert await wait(guards(login="noor")) == 0, "nor another name from here"
    with clock.frozen(now + 61 * clock.SECOND):
        assert [await wait(guards()), await wait(guards())] == [0, 120]
    with clock.frozen(now + clock.DAY + clock.HOUR):
        assert [await wait(guards()) for _ in range(5)] == [0] * 5


async def test_a_name_is_guarded_against_guesses_from_everywhere(school: TestSchool) -> None:
    with clock.frozen(clock.now()):
        outcomes = [await wait(guards(address=f"198.51.100.{n}")) for n in range(21)]
        assert outcomes == [0] * 20 + [60]
        assert await wait(guards(login="other", address="198.51.100.3")) == 0


async def test_an_address_is_guarded_against_trying_many_names(school: TestSchool) -> None:
    with clock.frozen(clock.now()):
        outcomes = [await wait(guards(login=f"name{n}")) for n in range(31)]
        assert outcomes == [0] * 30 + [60]
        assert await wait(guards(login="name1", address="192.0.2.77")) == 0


async def test_success_takes_back(school: TestSchool) -> None:
    with clock.frozen(clock.now()):
        for _ in range(40):  # families behind one address, each right at once
            assert await wait(guards()) == 0
            await throttle.give_back(guards())
        for _ in range(4):
            await wait(guards())
        await throttle.give_back(guards())
        assert [await wait(guards()) for _ in range(6)] == [0, 0, 0, 0, 0, 60]


async def test_a_day_s_typing_errors_are_forgotten_where_others_sign_in_all_the_time(school: TestSchool) -> None:
    """A school's one address: a few wrong passwords a day, and somebody right every few minutes."""
    for day in range(9):
        for minute in range(0, 8 * 60, 5):
            with clock.frozen(START + day * clock.DAY + minute * clock.MINUTE):
                person = guards(login=f"person{minute}")
                assert await wait(person) == 0, (day, minute)
                if minute % 100:
                    await throttle.give_back(person)


async def test_mistyped_codes_are_forgotten_too(school: TestSchool) -> None:
    for day in range(9):
        for minute in range(0, 8 * 60, 10):
            with clock.frozen(START + day * clock.DAY + minute * clock.MINUTE):
                found = throttle.for_codes("192.0.2.1")
                assert await wait(found) == 0, (day, minute)
                if minute % 100:
                    await throttle.give_back(found)


async def test_tries_fade_one_by_one(school: TestSchool) -> None:
    with clock.frozen(START):
        assert [await wait(guards()) for _ in range(6)] == [0] * 5 + [60]
    with clock.frozen(START + 2 * QUARTER):
        assert [await wait(guards()) for _ in range(3)] == [0, 0, 60]
    with clock.frozen(START + 3 * QUARTER + clock.SECOND):
        assert [await wait(guards()) for _ in range(2)] == [0, 60]


async def test_a_wait_is_not_shortened_by_fading(school: TestSchool) -> None:
    with clock.frozen(START + QUARTER - 10 * clock.SECOND):
        assert [await wait(guards()) for _ in range(6)] == [0] * 5 + [60]
    with clock.frozen(START + QUARTER + 10 * clock.SECOND):
        assert await wait(guards()) == 40


async def test_a_clock_set_back_forgives_and_punishes_nothing(school: TestSchool) -> None:
    with clock.frozen(START + clock.DAY):
        assert [await wait(guards()) for _ in range(6)] == [0] * 5 + [60]
    with clock.frozen(START):
        assert await wait(guards()) == 60
        assert await db.value("SELECT MAX(tries) FROM throttle") == 5


@pytest.mark.parametrize("rest", [0, 2 * clock.HOUR])
async def test_whoever_guesses_as_fast_as_possible_gets_four_tries_an_hour(school: TestSchool, rest: int) -> None:
    """Also who rests in between, so that tries fade and some are free again."""
    tries, at, days = 0, START + clock.MINUTE, 2
    while at < START + days * clock.DAY:
        with clock.frozen(at):
            waiting = await wait(guards())
        if waiting:
            at += max(waiting * clock.SECOND, rest)
        else:
            tries += 1
    assert 50 * days < tries <= days * 24 * 4 + throttle.FREE_PAIR + 5


async def test_many_at_the_same_time_gain_nothing(school: TestSchool) -> None:
    with clock.frozen(clock.now()):
        outcomes = await asyncio.gather(*(wait(guards()) for _ in range(12)))
    assert sorted(outcomes) == [0] * 5 + [60] * 7


async def test_neither_names_nor_addresses_are_stored(school: TestSchool) -> None:
    await throttle.take(guards("amina@mail.example", "192.0.2.1"))
    rows = await db.rows("SELECT key FROM throttle")
    assert len(rows) == 3
    assert all(len(bytes(key)) == 32 for (key,) in rows)


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("192.0.2.9", "203.0.113.5", "192.0.2.9"),  # not one of our proxies: its word counts for nothing
        ("10.0.0.1", "203.0.113.5", "203.0.113.5"),
        ("10.0.0.1", "198.51.100.7, 203.0.113.5", "203.0.113.5"),  # the client made up the first one
        ("10.0.0.1", "203.0.113.5, 10.0.0.2", "203.0.113.5"),
        ("10.0.0.1", "", "10.0.0.1"),
    ],
)
def test_forwarded_addresses_count_only_from_our_proxies(peer: str, forwarded: str, expected: str) -> None:
    found = throttle.client_address(peer, {"x-forwarded-for": forwarded}, frozenset({"10.0.0.1", "10.0.0.2"}))
    assert found == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("nonsense", "nonsense"),
    ],
)
def test_a_household_is_one_network(address: str, expected: str) -> None:
    assert throttle.network(address) == expected
