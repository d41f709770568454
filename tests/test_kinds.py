"""Ids as people's browsers send them."""

from __future__ import annotations

import pytest

from portal.kinds import typed_id


@pytest.mark.parametrize("number", [1, 10**18, 10**18 - 1, 2**63 - 1])
def test_an_id_of_any_year_is_read(number: int) -> None:
    assert typed_id(str(number)) == number


@pytest.mark.parametrize(
    "text",
    ["", "0", "-1", "+1", " 1", "1 ", "1.0", "x", "²", "٣", "1_0", str(2**63), "9" * 19, "0" * 19 + "1", "9" * 5000],
)
def test_what_is_no_id_is_none(text: str) -> None:
    assert typed_id(text) is None
