# ruff: noqa: E501
"""Whatever the bytes are, reading them ends with a roster or with reported errors, never with a crash."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.people.roster.problems import Problems
from portal.people.roster.source import from_uploads

from .kit import SHEETS, SMALL, read, small12, zipped

SETS = [SMALL, SHEETS, small12()]
JUNK = [b'"', b",", b"\n", b"\0", b"\xff", b"\xc3", b";", b"\r", b"2026-02-30", b"tobedeleted", b"s-1", b"\xe2\x80\xae", b"9" * 50]


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 2), st.integers(0, 2**32))
def test_bent_files(which: int, seed: int) -> None:
    chance = random.Random(seed)
    files: dict[str, str | bytes] = {name: text.encode() for name, text in SETS[which].items()}
    for _ in range(chance.randint(1, 6)):
        name = chance.choice(sorted(files))
        data = bytes(files[name])  # type: ignore[arg-type]
        at = chance.randrange(len(data) + 1)
        files[name] = data[:at] + chance.choice(JUNK) + data[at + chance.randint(0, 12) :]
    roster, problems = read(files)
    if not problems.errors:
        people = set(roster.people)
        assert {e.person for e in roster.enrolments.values()} <= people
        assert {key for pair in roster.links for key in pair} <= people
        assert all(roster.people[child].kind == "child" for _adult, child in roster.links)
        assert all(roster.people[adult].kind == "adult" for adult, _child in roster.links)
    for problem in [*problems.errors, *problems.warnings]:
        assert problem.message


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32))
def test_bent_zips(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(zipped(SMALL))
    for _ in range(chance.randint(1, 8)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    if chance.random() < 0.3:
        del data[chance.randrange(len(data)) :]
    problems = Problems()
    files = from_uploads([("r.zip", bytes(data))], problems)
    assert files or problems.errors
