"""The reasons why something holds: each case told as it is."""

from __future__ import annotations

from typing import Any

import pytest

from portal import clock
from portal.clock import Now
from portal.kinds import PHOTO, Decision, Rung
from portal.visibility.rule import ChildFacts, Deciding, Period, Policy
from portal.web.holding import TOLD, holding

NOON = 1_795_000_000_000_000  # in November 2026
NOW = Now(NOON, clock.day(NOON, "UTC"), NOON + clock.DAY)
ALWAYS = Period(None, None)
N, F, C, S, P = Rung
CHILD, ANNA, BERT = 1, 2, 3


def said(by: int, rung: Rung, until: str | None = None) -> Decision:
    return Decision(by, by, rung, NOON - clock.DAY, until)


def child(*lines: Decision, deciders: tuple[int, ...] = (ANNA, BERT), **more: Any) -> ChildFacts:
    given: dict[str, Any] = {"born": "2018-01-01", "hold": False, "decisions": {PHOTO: lines}} | more
    return ChildFacts(id=CHILD, deciding=[Deciding(adult, ALWAYS) for adult in deciders], **given)


TEEN = {"born": "2011-01-01"}
GROWN = {"born": "2005-01-01"}
OVER = "2026-01-01"


@pytest.mark.parametrize(
    ("facts", "policy", "rung", "codes"),
    [
        (child(deciders=()), {}, N, ["no decider"]),
        (child(), {}, N, ["none answered"]),
        (child(said(ANNA, C)), {}, C, []),
        (child(said(ANNA, P)), {}, S, ["public needs all"]),
        (child(said(ANNA, P)), {"quorum": "all"}, N, ["all needed"]),
        (child(said(ANNA, C), said(BERT, C)), {}, C, ["agree"]),
        (child(said(ANNA, C), deciders=(ANNA,)), {}, C, ["alone"]),
        (child(said(ANNA, C), said(BERT, F)), {}, F, ["differ"]),
        (child(said(ANNA, C), said(BERT, F, OVER)), {}, N, ["lapsed"]),
        (child(said(ANNA, C), said(BERT, C), hold=True), {}, N, ["hold"]),
        (child(said(ANNA, P), said(BERT, P), blocked=frozenset({9})), {}, S, ["protected"]),
        (child(said(ANNA, C), said(BERT, C), blocked=frozenset({9})), {}, C, ["agree"]),
        (child(said(ANNA, C), said(BERT, C), said(CHILD, F), **TEEN), {}, F, ["own lower"]),
        (child(said(ANNA, C), said(BERT, C), said(CHILD, P), **TEEN), {}, C, ["agree", "own higher"]),
        (child(said(ANNA, C), said(BERT, C), said(CHILD, C), **TEEN), {}, C, ["agree"]),
        (child(said(ANNA, C), said(BERT, C), **TEEN), {}, C, ["agree"]),
        (child(said(ANNA, C), said(CHILD, F), **TEEN), {"voice_mode": "off"}, C, []),
        (child(said(ANNA, C), **TEEN), {"voice_mode": "self"}, N, ["self", "own missing"]),
        (child(said(CHILD, C, OVER), **TEEN), {"voice_mode": "self"}, N, ["self", "own lapsed"]),
        (child(said(CHILD, P), **TEEN), {"voice_mode": "self"}, S, ["self", "own public"]),
        (child(said(CHILD, C), **TEEN), {"voice_mode": "self"}, C, ["self"]),
        (child(said(CHILD, P), **GROWN), {}, P, ["grown"]),
        (child(said(CHILD, P), blocked=frozenset({9}), **GROWN), {}, S, ["grown", "protected"]),
    ],
)
def test_each_case_is_told_as_it_is(
    facts: ChildFacts, policy: dict[str, str], rung: Rung, codes: list[str]
) -> None:
    for to_child in (False, True):
        told = holding(facts, PHOTO, Policy("UTC", **policy), NOW, to_child=to_child)  # type: ignore[arg-type]
        assert told.rung is rung
        assert told.reasons == tuple(TOLD[code][to_child] for code in codes)


def test_every_reason_is_tried_above() -> None:
    tried = {code for mark in test_each_case_is_told_as_it_is.pytestmark for case in mark.args[1] for code in case[3]}
    assert tried == set(TOLD)
