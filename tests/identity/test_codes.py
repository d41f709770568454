"""One-time codes: their alphabet, and what people type instead."""

from __future__ import annotations

import math

import pytest

from portal.identity import codes


def test_a_code_is_readable_and_beyond_guessing() -> None:
    made = {codes.make() for _ in range(500)}
    assert len(made) == 500
    assert all(len(code) == 17 and code[5] == code[11] == "-" for code in made)
    used = set("".join(made)) - {"-"}
    assert used == set(codes.ALPHABET)
    assert not used & set("01ILOAEU258")
    assert codes.LENGTH * math.log2(len(set(codes.ALPHABET))) >= 60


@pytest.mark.parametrize("typed", ["bsdfg hjkmn pqrst", "BSDFGHJKMNPQRST", " bSdfg-hjkmn–pqrst\n", "8sdfg-hjkmn-pqr5t",
                                   "ＢＳＤＦＧ-hjkmn-pqrst", "В5DFG-НJКМN-РQRSТ"])
def test_typing_differently_means_the_same(typed: str) -> None:
    assert codes.digest(typed) == codes.digest("BSDFG-HJKMN-PQRST")


@pytest.mark.parametrize("typed", ["", "BSDFG-HJKMN-PQRSS", "BSDFG-HJKMN", "BSDFG-HJKMN-PQRSTX", "\ud800", "مرحبا"])
def test_another_code_is_another(typed: str) -> None:
    assert codes.digest(typed) != codes.digest("BSDFG-HJKMN-PQRST")
