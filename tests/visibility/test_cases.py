"""The naive reading gives what the hand-written cases reason from the specification."""

import json

import pytest

from portal.visibility.world import parse

from . import naive
from .cases import CASES, Case
from .mutants import not_told_apart


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.sentence)
def test_naive_reads_the_sentence(case: Case) -> None:
    parse(json.dumps(case.world).encode(), "world.json")  # the case keeps the format
    shown = {row["viewer"]: row["show"] for row in naive.replay(case.world, case.desk)}
    assert shown == case.expected


def test_sentences_are_told_apart() -> None:
    assert len({(case.sentence, case.desk) for case in CASES}) == len(CASES)


def test_cases_tell_every_slip() -> None:
    """Each slip of a reader changes an answer of some hand-written case."""
    assert not_told_apart([case.world for case in CASES]) == []
