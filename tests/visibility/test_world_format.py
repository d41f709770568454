# ruff: noqa: E501
"""A world that breaks the format is refused with one line that names file, place and reason.

The table runs against the parser; `test_replay_command.py` asks the real command.
"""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.visibility.world import MOST_AGE, MOST_DAYS, BadWorld, parse

from .cases import BASE, CASES, redaction, said

Json = dict[str, Any]

GOOD: Json = copy.deepcopy(BASE) | {
    "viewers": ["mum", "kid", "anonymous"],
    "blocks": [{"adult": "nob", "child": "kid"}],
}
GOOD["photos"][0]["redactions"] = [redaction("r", "kid")]
GONE = object()


def put(path: str, value: Any) -> bytes:
    """The good world with `value` at `path`, or without what is there."""
    world = copy.deepcopy(GOOD)
    target: Any = world
    *keys, last = [int(key) if key.isdigit() else key for key in path.split(".")]
    for key in keys:
        target = target[key]
    if value is GONE:
        del target[last]
    elif last == len(target) and isinstance(target, list):
        target.append(value)
    else:
        target[last] = value
    return json.dumps(world).encode()


def text(old: str, new: str) -> bytes:
    """The good world with `old` in its JSON text replaced."""
    good = json.dumps(GOOD)
    assert good.count(old) >= 1, old
    return good.replace(old, new, 1).encode()


MOVED = {"id": "p2", "by": "tea", "purpose": "photo", "audience": {"public": True}, "state": "published",
         "reviewed": True, "children": ["kid"], "redactions": []}  # fmt: skip

# What is wrong: (the file, where the message says it is, a word of the reason).
BAD: dict[str, tuple[bytes, str, str]] = {
    # Not JSON, or not this JSON.
    "empty file": (b"", "line 1 column 1", "JSON"),
    "only a space": (b" \n", "line 2 column 1", "JSON"),
    "not JSON": (b"{now: 1}", "line 1 column 2", "JSON"),
    "cut off": (json.dumps(GOOD).encode()[:-1], "line 1", "JSON"),
    "something after it": (json.dumps(GOOD).encode() + b"{}", "line 1", "JSON"),
    "a comma too many": (text('"viewers": [', '"viewers": [,'), "line 1", "JSON"),
    "a comment": (b"// a world\n" + json.dumps(GOOD).encode(), "line 1 column 1", "JSON"),
    "not UTF-8": (text('"mum"', '"m\\u00fcm"').replace(b"\\u00fc", b"\xfc"), "byte ", "UTF-8"),
    "UTF-16": (json.dumps(GOOD).encode("utf-16"), "byte 0", "UTF-8"),
    "byte order mark": (b"\xef\xbb\xbf" + json.dumps(GOOD).encode(), "byte 0", "byte order mark"),
    "top-level list": (b"[" + json.dumps(GOOD).encode() + b"]", "top level", "an object"),
    "top-level null": (b"null", "top level", "an object"),
    "nested deeply": (b"[" * 200_000, "top level", "deep"),
    "objects nested deeply": (b'{"now":' * 200_000, "top level", "deep"),
    "a key with newlines": (text('"now"', '"n\\no\\u2028w"'), "top level", "not known"),
    "NaN": (text('"grace_days": 60', '"grace_days": NaN'), "policy.grace_days", "whole number"),
    "Infinity": (text('"grace_days": 60', '"grace_days": Infinity'), "policy.grace_days", "whole number"),
    "a control character": (text('"mum"', '"m\tum"'), "line 1", "JSON"),
    # Keys.
    "missing key": (put("viewers", GONE), "top level", '"viewers" is missing'),
    "unknown key": (put("comment", ""), "top level", '"comment" is not known'),
    "key twice": (text('{"now"', '{"now": "2026-11-21T10:00:00Z", "now"'), "top level", '"now" stands twice'),
    "key twice, written otherwise": (text('{"now"', '{"n\\u006fw": "2026-11-21T10:00:00Z", "now"'), "top level", "twice"),
    "key twice inside": (text('{"adult": "nob"', '{"adult": "mum", "adult": "nob"'), "blocks[0]", "twice"),
    "missing key inside": (put("policy.child_voice.mode", GONE), "policy.child_voice", "missing"),
    "missing key that may be null": (put("children.0.born", GONE), "children[0]", "missing"),
    "unknown key inside": (put("links.1.note", None), "links[1]", "not known"),
    "unknown key in a membership": (put("children.0.groups.0.until", None), "children[0].groups[0]", "not known"),
    # Types.
    "list for an object": (put("policy", []), "policy", "an object"),
    "object for a list": (put("groups", {}), "groups", "a list"),
    "null for a list": (put("photos.0.redactions", None), "photos[0].redactions", "a list"),
    "text for a list": (put("viewers", "mum"), "viewers", "a list"),
    "number for an id": (put("groups.2.id", 2), "groups[2].id", "string"),
    "number for a flag": (put("photos.0.reviewed", 1), "photos[0].reviewed", "true or false"),
    "null for a flag": (put("children.0.safeguarding_hold", None), "children[0].safeguarding_hold", "true or false"),
    "text for a flag": (put("adults.1.active", "true"), "adults[1].active", "true or false"),
    "flag for a number": (put("policy.grace_days", True), "policy.grace_days", "whole number"),
    "text for a number": (put("policy.child_voice.from_age", "14"), "policy.child_voice.from_age", "whole number"),
    "14.0 as an age": (put("policy.child_voice.from_age", 14.0), "policy.child_voice.from_age", "whole number"),
    "1e2 as days": (text('"grace_days": 60', '"grace_days": 1e2'), "policy.grace_days", "whole number"),
    "an age below 0": (put("policy.child_voice.from_age", -1), "policy.child_voice.from_age", "whole number"),
    "far below 0": (put("policy.grace_days", -(10**40)), "policy.grace_days", "whole number"),
    "null for a number": (put("policy.grace_days", None), "policy.grace_days", "whole number"),
    # Days, instants, zones.
    "30 February": (put("children.0.born", "2026-02-30"), "children[0].born", "no day"),
    "year 0": (put("children.0.born", "0000-01-01"), "children[0].born", "no day"),
    "a short day": (put("links.0.from", "2026-1-1"), "links[0].from", "YYYY-MM-DD"),
    "a day without dashes": (put("links.0.to", "20260101"), "links[0].to", "YYYY-MM-DD"),
    "a day of a week": (put("links.0.to", "2026-W01-1"), "links[0].to", "YYYY-MM-DD"),
    "a day with a time": (put("decisions.0.until", "2026-01-01T00:00:00Z"), "decisions[0].until", "YYYY-MM-DD"),
    "a day and a newline": (put("groups.0.until", "2026-01-01\n"), "groups[0].until", "YYYY-MM-DD"),
    "a day in other digits": (put("groups.0.until", "２０２６-01-01"), "groups[0].until", "YYYY-MM-DD"),
    "an empty day": (put("groups.0.until", ""), "groups[0].until", "YYYY-MM-DD"),
    "a number for a day": (put("groups.0.until", 20260101), "groups[0].until", "YYYY-MM-DD"),
    "false for a day": (put("groups.0.until", False), "groups[0].until", "YYYY-MM-DD"),
    "an instant without Z": (put("now", "2026-11-21T10:00:00"), "now", "Z"),
    "an instant with an offset": (put("now", "2026-11-21T10:00:00+00:00"), "now", "Z"),
    "an instant with a fraction": (put("decisions.0.at", "2026-09-01T08:00:00.5Z"), "decisions[0].at", "Z"),
    "an instant with a small z": (put("now", "2026-11-21t10:00:00z"), "now", "Z"),
    "an instant with a space": (put("now", "2026-11-21 10:00:00Z"), "now", "Z"),
    "an instant at 24 o'clock": (put("now", "2026-11-21T24:00:00Z"), "now", "no instant"),
    "a leap second": (put("now", "2016-12-31T23:59:60Z"), "now", "no instant"),
    "null for an instant": (put("decisions.0.at", None), "decisions[0].at", "instant"),
    "an unknown zone": (put("timezone", "Europe/Atlantis"), "timezone", "no time zone"),
    "an empty zone": (put("timezone", ""), "timezone", "no time zone"),
    "a folder for a zone": (put("timezone", "Europe"), "timezone", "no time zone"),
    "a path for a zone": (put("timezone", "../../etc/passwd"), "timezone", "no time zone"),
    "a file beside the zones": (put("timezone", "tzdata.zi"), "timezone", "no time zone"),
    "a zone with a NUL": (put("timezone", "UTC\0"), "timezone", "no time zone"),
    "null for a zone": (put("timezone", None), "timezone", "time zone"),
    # Names of things.
    "an unknown rung": (put("decisions.0.rung", "everyone"), "decisions[0].rung", "one of"),
    "a rung in capitals": (put("decisions.0.rung", "Class"), "decisions[0].rung", "one of"),
    "a rung as a number": (put("decisions.0.rung", 2), "decisions[0].rung", "one of"),
    "an unknown purpose": (put("photos.0.purpose", "audio"), "photos[0].purpose", "one of"),
    "a purpose of accounts": (put("decisions.0.purpose", "account"), "decisions[0].purpose", "one of"),
    "an unknown state": (put("photos.0.state", "deleted"), "photos[0].state", "one of"),
    "a state as an object": (put("photos.0.state", {}), "photos[0].state", "one of"),
    "an unknown role": (put("adults.0.roles", ["teacher"]), "adults[0].roles[0]", "one of"),
    "an unknown quorum": (put("policy.quorum", "some"), "policy.quorum", "one of"),
    "an unknown mode": (put("policy.child_voice.mode", "none"), "policy.child_voice.mode", "one of"),
    # Ids.
    "an empty id": (put("adults.0.id", ""), "adults[0].id", "non-empty"),
    "an empty id of a redaction": (put("photos.0.redactions.0.id", ""), "photos[0].redactions[0].id", "non-empty"),
    "half a character in an id": (text('"id": "r"', '"id": "\\ud800"'), "photos[0].redactions[0].id", "surrogate"),
    "a reserved adult": (put("adults.9.id", "anonymous"), "adults[9].id", "reserved"),
    "a reserved child": (put("children.2.id", "anonymous"), "children[2].id", "reserved"),
    "a group twice": (put("groups.1.id", "g0"), "groups[1].id", "twice"),
    "a child twice": (put("children.1.id", "kid"), "children[1].id", "twice"),
    "an adult twice": (put("adults.1.id", "mum"), "adults[1].id", "twice"),
    "an adult like a child": (put("adults.1.id", "kid"), "adults[1].id", "a child"),
    "a photo twice": (put("photos.1", GOOD["photos"][0]), "photos[1].id", "twice"),
    "a redaction twice": (put("photos.0.redactions.1", redaction("r")), "photos[0].redactions[1].id", "twice"),
    # References.
    "a membership in no group": (put("children.0.groups.0.group", "g9"), "children[0].groups[0].group", "no group"),
    "staff of no group": (put("adults.5.staff_of.0", "g9"), "adults[5].staff_of[0]", "no group"),
    "a link of nobody": (put("links.0.adult", "x"), "links[0].adult", "no adult"),
    "a link of a child": (put("links.0.adult", "kid"), "links[0].adult", "no adult"),
    "a link to an adult": (put("links.0.child", "mum"), "links[0].child", "no child"),
    "a link of the visitor": (put("links.0.adult", "anonymous"), "links[0].adult", "no adult"),
    "a block of a child": (put("blocks.0.adult", "pal"), "blocks[0].adult", "no adult"),
    "a block from nobody": (put("blocks.0.child", "x"), "blocks[0].child", "no child"),
    "a decision on nobody": (put("decisions.0.child", "x"), "decisions[0].child", "no child"),
    "a decision by nobody": (put("decisions.0.by", "x"), "decisions[0].by", "no adult"),
    "a decision by another child": (put("decisions.1", said("pal", "class")), "decisions[1].by", "another child"),
    "a decision by the visitor": (put("decisions.0.by", "anonymous"), "decisions[0].by", "no adult"),
    "a photo by nobody": (put("photos.0.by", "x"), "photos[0].by", "no adult"),
    "a photo by a child": (put("photos.0.by", "kid"), "photos[0].by", "no adult"),
    "a photo of nobody": (put("photos.0.children", ["x"]), "photos[0].children[0]", "no child"),
    "a photo of an adult": (put("photos.0.children.1", "mum"), "photos[0].children[1]", "no child"),
    "covers nobody": (put("photos.0.redactions.0.covers.1", "x"), "photos[0].redactions[0].covers[1]", "no child"),
    "covers who does not appear": (
        put("photos.0.redactions.0.covers.1", "pal"), "photos[0].redactions[0].covers[1]", "does not appear"),
    "covers who appears in another photo": (
        put("photos.1", {**MOVED, "redactions": [redaction("r", "pal")]}), "photos[1].redactions[0].covers[0]", "appear"),
    "a viewer that is nobody": (put("viewers.3", "x"), "viewers[3]", "no person"),
    "a viewer that is a group": (put("viewers.3", "g1"), "viewers[3]", "no person"),
    # Audiences.
    "no groups": (put("photos.0.audience", {"groups": []}), "photos[0].audience.groups", "at least one"),
    "no such group": (put("photos.0.audience", {"groups": ["g1", "g9"]}), "photos[0].audience.groups[1]", "no group"),
    "two audiences": (put("photos.0.audience", {"school": True, "public": True}), "photos[0].audience", "exactly one"),
    "no audience": (put("photos.0.audience", {}), "photos[0].audience", "exactly one"),
    "not the school": (put("photos.0.audience", {"school": False}), "photos[0].audience.school", "must be true"),
    "the public as 1": (put("photos.0.audience", {"public": 1}), "photos[0].audience.public", "true or false"),
    "an unknown audience": (put("photos.0.audience", {"family": True}), "photos[0].audience", "not known"),
    "an audience as text": (put("photos.0.audience", "public"), "photos[0].audience", "an object"),
    "an audience twice": (text('"audience": {', '"audience": {"public": true, '), "photos[0].audience", "twice"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_refused(what: str) -> None:
    raw, place, reason = BAD[what]
    with pytest.raises(BadWorld) as refused:
        parse(raw, "worlds/w.json")
    message = str(refused.value)
    assert message.startswith(f"worlds/w.json: {place}")
    assert message[len("worlds/w.json: ") :].split(": ")[0].startswith(place)
    assert reason in message
    assert len(message.splitlines()) == 1
    assert message.isprintable()


def test_a_file_name_cannot_break_the_line() -> None:
    with pytest.raises(BadWorld) as refused:
        parse(b"", "a\nb\x1b[2J.json")
    assert str(refused.value).startswith("a\\nb\\x1b[2J.json: line 1")


def test_long_values_are_cut() -> None:
    with pytest.raises(BadWorld) as refused:
        parse(put("timezone", "x" * 100_000), "w")
    assert len(str(refused.value)) < 200


def test_the_good_world_is_read() -> None:
    world = parse(json.dumps(GOOD).encode(), "w.json")
    assert (world.name, world.timezone, world.viewers) == ("w.json", "Europe/Berlin", ("mum", "kid", "anonymous"))
    assert world.now == 1_795_255_200_000_000
    assert (world.policy.quorum, world.policy.grace_days) == ("answered", 60)
    assert (world.policy.mode, world.policy.from_age) == ("both", 14)
    assert [len(each) for each in (world.groups, world.children, world.adults, world.links)] == [3, 3, 10, 3]
    (decision,) = world.decisions
    assert (decision.child, decision.by, decision.rung, decision.until) == ("kid", "mum", 2, None)
    (photo,) = world.photos
    assert (photo.audience, photo.groups, photo.redactions[0].covers) == ("public", (), ("kid",))


def test_every_hand_written_world_is_read() -> None:
    for case in CASES:
        parse(json.dumps(case.world).encode(), "w")


ALLOWED: dict[str, Callable[[], bytes]] = {
    "everything empty": lambda: json.dumps(GOOD | {kind: [] for kind in GOOD if isinstance(GOOD[kind], list)}).encode(),
    "a list that refers repeats": lambda: put("photos.0.redactions.0.covers", ["kid", "kid"]),
    "children repeat": lambda: put("photos.0.children", ["kid", "kid"]),
    "viewers repeat": lambda: put("viewers", ["mum", "mum", "anonymous", "anonymous"]),
    "groups of an audience repeat": lambda: put("photos.0.audience", {"groups": ["g1", "g1"]}),
    "staff_of repeats": lambda: put("adults.5.staff_of", ["g1", "g1"]),
    "two links of a pair": lambda: put("links.3", GOOD["links"][0]),
    "two blocks of a pair": lambda: put("blocks.1", GOOD["blocks"][0]),
    "two memberships of one group": lambda: put("children.0.groups.1", GOOD["children"][0]["groups"][0]),
    "a redaction's id in two photos": lambda: put("photos.1", {**MOVED, "redactions": [redaction("r", "kid")]}),
    "groups, photos and people have names of their own": lambda: put("photos.0.id", "mum"),
    "a group called anonymous": lambda: put("groups.3", {"id": "anonymous", "until": None}),
    "a decision by the child": lambda: put("decisions.1", said("kid", "class")),
    "a start after its end": lambda: put("links.0", {**GOOD["links"][0], "from": "2026-02-01", "to": "2026-01-01"}),
    "any character in an id": lambda: put("photos.0.id", " \n\0\u202e\U0001f600"),
    "a pair of surrogates": lambda: text('"id": "r"', '"id": "\\ud83d\\ude00"'),
    "an age and days of 0": lambda: put("policy", {**GOOD["policy"], "grace_days": 0}),
    "white space around": lambda: b" \r\n\t" + json.dumps(GOOD, indent=1).encode() + b"\n",
    "the first and the last day": lambda: put(
        "links.0", {**GOOD["links"][0], "from": "0001-01-01", "to": "9999-12-31"}
    ),
    "29 February": lambda: put("children.0.born", "2012-02-29"),
}


@pytest.mark.parametrize("what", ALLOWED)
def test_allowed(what: str) -> None:
    parse(ALLOWED[what](), "w.json")


@pytest.mark.parametrize("digits", ["1" + "0" * 12, "9" * 30, "9" * 5000])
def test_numbers_without_end_are_bounded(digits: str) -> None:
    """Beyond the bounds all numbers mean the same, and none of them breaks arithmetic later."""
    assert parse(text('"grace_days": 60', f'"grace_days": {digits}'), "w").policy.grace_days == MOST_DAYS
    assert parse(text('"from_age": 14', f'"from_age": {digits}'), "w").policy.from_age == MOST_AGE


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["mum", "kid", "g1", "r"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


def _paths(value: Any, path: str = "") -> list[str]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [path.lstrip(".")] if path else []
    for key, item in inner:
        found += _paths(item, f"{path}.{key}")
    return found


def _complaint(raw: bytes) -> str:
    """What is wrong with `raw`, or nothing; anything else than a refusal is a failure."""
    try:
        parse(raw, "w")
    except BadWorld as refused:
        return str(refused)
    return ""


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(_paths(GOOD)), ANYTHING)
def test_whatever_stands_anywhere_is_read_or_refused(path: str, value: Any) -> None:
    assert _complaint(put(path, value)).isprintable()


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2000), st.binary(max_size=4), st.integers(0, 4))
def test_whatever_bytes_are_read_or_refused(place: int, new: bytes, gone: int) -> None:
    raw = json.dumps(GOOD).encode()
    assert _complaint(raw[:place] + new + raw[place + gone :]).isprintable()
