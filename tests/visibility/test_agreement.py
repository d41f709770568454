"""Four readings of one rule agree: the list, the single check, real requests, and the naive reading.

`benchmarks/worlds.py` does the same with as many worlds as one likes.
"""

import random
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from . import naive
from .cases import CASES
from .ways import WAYS, Way, differences
from .worlds import Json, random_world, worlds

DESKS = st.booleans()
QUICK = ("list", "single")


class Ways:
    """The ways in use on one database, each opened once."""

    def __init__(self, database: str | None = None) -> None:
        self.database = database
        self.opened: dict[tuple[str, bool], Way] = {}

    def __call__(self, through: str, desk: bool) -> Way:
        if (through, desk) not in self.opened:
            self.opened[through, desk] = Way(through, desk, self.database).__enter__()
        return self.opened[through, desk]

    def close(self) -> None:
        for way in self.opened.values():
            way.__exit__(None, None, None)


@pytest.fixture(scope="module")
def sqlite() -> Iterator[Ways]:
    ways = Ways()
    yield ways
    ways.close()


@pytest.fixture
def postgresql(postgres_url: str) -> Iterator[Ways]:
    ways = Ways(postgres_url)
    yield ways
    ways.close()


@pytest.mark.parametrize("through", QUICK)
def test_the_portal_reads_the_sentences(sqlite: Ways, through: str) -> None:
    wrong = {}
    for case in CASES:
        shown = {row["viewer"]: row["show"] for row in sqlite(through, case.desk).answers(case.world)}
        if shown != case.expected:
            wrong[case.sentence] = shown
    assert wrong == {}


def test_requests_read_the_sentences(sqlite: Ways) -> None:
    """Every tenth, because requests are slower; all of them in `benchmarks/worlds.py --through http`."""
    for case in CASES[::10]:
        shown = {row["viewer"]: row["show"] for row in sqlite("http", case.desk).answers(case.world)}
        assert shown == case.expected, case.sentence


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds(), through=st.sampled_from(QUICK), desk=DESKS)
def test_list_and_single_check(sqlite: Ways, world: Json, through: str, desk: bool) -> None:
    assert sqlite(through, desk).answers(world) == naive.replay(world, desk)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds(), desk=DESKS)
def test_requests(sqlite: Ways, world: Json, desk: bool) -> None:
    assert sqlite("http", desk).answers(world) == naive.replay(world, desk)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds(), through=st.sampled_from(WAYS), desk=DESKS)
def test_on_postgresql(postgresql: Ways, world: Json, through: str, desk: bool) -> None:
    assert postgresql(through, desk).answers(world) == naive.replay(world, desk)


def test_on_postgresql_the_sentences(postgresql: Ways) -> None:
    for case in CASES[::16]:
        shown = {row["viewer"]: row["show"] for row in postgresql("list", case.desk).answers(case.world)}
        assert shown == case.expected, case.sentence


@pytest.mark.parametrize("through", QUICK)
@pytest.mark.parametrize("desk", [False, True])
def test_large_worlds(sqlite: Ways, through: str, desk: bool) -> None:
    """More of everything in one world than the strategies draw."""
    many = [random_world(random.Random(seed), 9) for seed in range(12)]
    assert [str(each) for each in differences(sqlite(through, desk), many)] == []


def test_a_difference_would_be_seen(sqlite: Ways) -> None:
    """Consent that is withdrawn in one of two worlds, and the answers asked of the other, must not pass."""
    open_, shut = CASES[0].world, CASES[1].world
    assert sqlite("list", False).answers(open_) != naive.replay(shut | {"viewers": open_["viewers"]})
