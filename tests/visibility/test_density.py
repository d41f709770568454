"""The random worlds are worth replaying: they show everything often, and they tell every slip of a reader."""

import json
import random
from collections import Counter

from hypothesis import given, settings

from portal.visibility.world import parse

from . import naive
from .mutants import not_told_apart
from .worlds import Json, random_world, shrink, worlds

SEEDS = range(2000)


def test_every_kind_of_answer_is_frequent() -> None:
    shown: Counter[str] = Counter()
    desk: Counter[str] = Counter()
    for seed in SEEDS:
        world = random_world(random.Random(seed))
        parse(json.dumps(world).encode(), "world.json")
        shown.update(row["show"].split(":")[0] for row in naive.replay(world))
        desk.update(row["show"] for row in naive.replay(world, desk=True))
    for what, least in {"original": 0.15, "redaction": 0.15, "nothing": 0.3}.items():
        assert shown[what] / shown.total() > least, what
    assert desk["original"] / desk.total() > 0.05


def test_random_worlds_tell_every_slip() -> None:
    assert not_told_apart([random_world(random.Random(seed)) for seed in SEEDS]) == []


@settings(max_examples=50, deadline=None)
@given(worlds())
def test_worlds_of_hypothesis_keep_the_format(world: Json) -> None:
    parse(json.dumps(world).encode(), "world.json")
    assert len(naive.replay(world)) == len(world["viewers"]) * len(world["photos"])


def test_shrinking_keeps_the_format_and_what_matters() -> None:
    def redacted(world: Json) -> bool:
        parse(json.dumps(world).encode(), "world.json")
        return any(row["show"].startswith("redaction") for row in naive.replay(world))

    world = next(world for seed in SEEDS if redacted(world := random_world(random.Random(seed))))
    small = shrink(world, redacted)
    assert redacted(small)
    assert [len(small[kind]) for kind in ("photos", "viewers", "links", "blocks", "decisions")] == [
        1,
        1,
        0,
        0,
        0,
    ]
