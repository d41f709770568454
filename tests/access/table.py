"""How the access matrix says who may use a route, and on what."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from tests.access.world import World

Members = frozenset[str]
Params = dict[str, str | int]

ABSENT = {  # ids that were never given out, for each kind of parameter
    "int": 4_611_686_018_427_387_905,
    "str": "nothing-of-that-name",
    "path": "nothing/of/that/name",
}


@dataclass(frozen=True)
class Thing:
    """What a route is asked about: its place in the address, and for whom it is there."""

    params: Params
    members: Members
    fields: Mapping[str, str] = field(default_factory=dict)  # of the form, besides those of the rule


PARAM = re.compile(r"\{(\w+):(\w+)\}")
Things = Callable[[World, str], Awaitable[dict[str, Thing]]]


@dataclass(frozen=True)
class Rule:
    """Who may use a route. `members` for one without parameters, `things` for one with. `body` changes nothing."""

    members: Members = frozenset()
    things: Things | None = None
    body: Mapping[str, str] = field(default_factory=dict)
    answers: frozenset[int] = frozenset()  # besides 200 for reading; 200, 303, 422 and 429 for writing
    absent_too: bool = False  # what is asked for needs not to exist, as with a code


def place(path: str, params: Params) -> str:
    """A route's address with its parameters filled in."""
    return PARAM.sub(lambda found: str(params[found[1]]), path)
