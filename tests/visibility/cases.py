# ruff: noqa: E501
"""Hand-written worlds, one sentence of `spec/visibility.md` each, with answers reasoned from the sentence.

Every case changes one base world and says what some viewers then get of its one photo. `kid` appears in it; who
stands where to `kid`: `mum` and `kid` at family; `par`, `pal` and `tea` at class (par is the parent of pal, tea the
teacher of their class g1); `out`, `oth`, `tez` (family, child and teacher of another class g2) and those with roles,
`off`, `adm` and `saf`, at school; `nob`, who is linked to nobody, and `anonymous` at public. `mum` has said "class".
It is 21 November 2026, 11 o'clock in Berlin. g0 is last year's class; it ended on 31 July, 113 days ago.
"""

import copy
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


def link(adult: str, child: str = "kid", *, decides: bool = True, sees: bool = True, **dates: str) -> Json:
    start, end = dates.get("start"), dates.get("end")
    return {"adult": adult, "child": child, "decides": decides, "sees": sees, "from": start, "to": end}


def said(
    by: str, rung: str, at: str = "2026-09-01T08:00:00Z", until: str | None = None, child: str = "kid",
    purpose: str = "photo",
) -> Json:  # fmt: skip
    return {"child": child, "by": by, "purpose": purpose, "rung": rung, "at": at, "until": until}


def within(*groups: str, **dates: str) -> list[Json]:
    return [{"group": group, "from": dates.get("start"), "to": dates.get("end")} for group in groups]


def redaction(name: str, *covers: str, approved: bool = True) -> Json:
    return {"id": name, "approved": approved, "covers": list(covers)}


def block(adult: str, child: str = "kid") -> Json:
    return {"adult": adult, "child": child}


def adult(name: str, *staff_of: str, role: str | None = None) -> Json:
    return {"id": name, "active": True, "staff_of": list(staff_of), "roles": [role] if role else []}


def child(name: str, *groups: str) -> Json:
    return {"id": name, "born": "2015-03-02", "safeguarding_hold": False, "groups": within(*groups)}


BASE: Json = {
    "now": "2026-11-21T10:00:00Z",
    "timezone": "Europe/Berlin",
    "policy": {"quorum": "answered", "grace_days": 60, "child_voice": {"mode": "both", "from_age": 14}},
    "groups": [
        {"id": "g0", "until": "2026-07-31"},
        {"id": "g1", "until": "2027-07-31"},
        {"id": "g2", "until": None},
    ],
    "children": [child("kid", "g1"), child("pal", "g1"), child("oth", "g2")],
    "adults": [
        adult("mum"), adult("dad"), adult("par"), adult("out"), adult("nob"), adult("tea", "g1"), adult("tez", "g2"),
        adult("off", role="office"), adult("adm", role="admin"), adult("saf", role="safeguarding"),
    ],
    "links": [link("mum"), link("par", "pal"), link("out", "oth")],
    "blocks": [],
    "decisions": [said("mum", "class")],
    "photos": [
        {"id": "p", "by": "tea", "purpose": "photo", "audience": {"public": True}, "state": "published",
         "reviewed": True, "children": ["kid"], "redactions": []}
    ],
    "viewers": [],
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    sentence: str
    world: Json
    desk: bool
    expected: dict[str, str]


CASES: list[Case] = []


def shows(sentence: str, expected: str, desk: bool = False, **changes: Any) -> None:
    """`expected` says `viewer=original`, `viewer=nothing` or `viewer=ID` of a redaction, several apart by spaces.

    A change names a place with `__` between its keys, from the item's id where there is one; `plus_x` adds to x.
    The photo's own keys stand for themselves.
    """
    world = copy.deepcopy(BASE)
    for place, value in changes.items():
        if place.startswith("plus_"):
            world[place.removeprefix("plus_")] += value
            continue
        *path, last = place.split("__")
        target: Any = world["photos"][0] if place in world["photos"][0] else world
        for key in path:
            target = target[int(key)] if key.isdigit() else target[key] if key in target else _find(world, key)
        target[last] = value
    answers = dict(word.split("=") for word in expected.split())
    world["viewers"] = list(answers)
    meant = {who: what if what in ("original", "nothing") else f"redaction:{what}" for who, what in answers.items()}
    CASES.append(Case(sentence, world, desk, meant))


def _find(world: Json, name: str) -> Any:
    for kind in ("groups", "children", "adults"):
        for item in world[kind]:
            if item["id"] == name:
                return item
    raise KeyError(name)


def rung(sentence: str, effective: str, **changes: Any) -> None:
    """The effective rung of `kid`, read from one viewer at each of family, class, school and public."""
    order = ["nobody", "family", "class", "school", "public"]
    words = []
    for place, viewer in enumerate(["kid", "par", "out", "anonymous"], 1):
        words.append(f"{viewer}={'original' if order.index(effective) >= place else 'nothing'}")
    shows(f"{sentence}: {effective}", " ".join(words), **changes)


# fmt: off
# ---- 1. How far one child's photos may travel

rung("the base world", "class")
for each in ["nobody", "family", "school", "public"]:
    rung("a decider's word", each, decisions=[said("mum", each)])
rung("1.1 who does not decide does not count", "class",
     plus_links=[link("dad", decides=False)], plus_decisions=[said("dad", "nobody")])
rung("1.1 an inactive decider decides", "class", mum__active=False)
rung("1.1 a decider needs not see", "class", links=[link("mum", sees=False), link("par", "pal"), link("out", "oth")])
rung("1.1 a link's last day counts", "class", links__0__to="2026-11-21")
rung("1.1 a link that ended yesterday does not", "nobody", links__0__to="2026-11-20")
rung("1.1 a link's first day counts", "class", links__0__from="2026-11-21",
     decisions=[said("mum", "class", "2026-11-21T08:00:00Z")])
rung("1.1 a link from tomorrow does not", "nobody", links__0__from="2026-11-22")
rung("1.1 a link whose start is after its end is never in force", "nobody",
     links__0__from="2026-12-01", links__0__to="2026-11-01")
rung("1.2 what was said before one decided does not count", "nobody", links__0__from="2026-09-02")
rung("1.2 a no counts whenever it was said", "nobody", plus_links=[link("dad", start="2026-09-02")],
     plus_decisions=[said("dad", "public", "2026-08-01T08:00:00Z"), said("dad", "nobody", "2026-07-01T08:00:00Z")])
rung("1.2 a no of before is no longer the latest word", "class", links__0__from="2026-08-15",
     plus_decisions=[said("mum", "nobody", "2026-08-01T08:00:00Z")])
rung("1.2 said between two links does not count", "nobody",
     links=[link("mum", end="2026-08-31"), link("mum", start="2026-09-02"), link("par", "pal"), link("out", "oth")])
rung("1.2 said under an earlier link counts once one decides again", "class",
     links=[link("mum", end="2026-09-01"), link("mum", start="2026-10-01"), link("par", "pal"), link("out", "oth")])
rung("1.2 the day is the school's: 00:00 in Berlin", "class", links__0__from="2026-09-02",
     decisions=[said("mum", "class", "2026-09-01T22:00:00Z")])
rung("1.2 the day is the school's: 23:59:59 in Berlin", "nobody", links__0__from="2026-09-02",
     decisions=[said("mum", "class", "2026-09-01T21:59:59Z")])
rung("1.2 what will be said does not count yet", "class",
     plus_decisions=[said("mum", "public", "2026-11-21T10:00:01Z")])
rung("1.2 what is said this second counts", "public", plus_decisions=[said("mum", "public", "2026-11-21T10:00:00Z")])
rung("1.2 the latest in time, not in the ledger", "class",
     plus_decisions=[said("mum", "public", "2026-08-31T08:00:00Z")])
rung("1.2 of two at once the lower", "class", plus_decisions=[said("mum", "public")])
rung("1.2 of two at once the lower, in the other order", "family", plus_decisions=[said("mum", "family")])
rung("1.2 of two alike at once the later in the ledger lapsed", "nobody",
     plus_decisions=[said("mum", "class", until="2026-11-20")])
rung("1.2 of two alike at once the later in the ledger stands", "class",
     decisions=[said("mum", "class", until="2026-11-20"), said("mum", "class")])
rung("1.2 the lower of two at once, and only then the lapse", "nobody",
     decisions=[said("mum", "public"), said("mum", "class", until="2026-11-20")])
rung("1.2 a decision stands on its last day", "class", decisions__0__until="2026-11-21")
rung("1.2 a lapse never opens anything", "nobody",
     decisions=[said("mum", "public", "2026-08-01T08:00:00Z"), said("mum", "family", until="2026-11-20")])
rung("1.2 a lapse holds until they answer again", "school",
     decisions=[said("mum", "class", until="2026-11-20"), said("mum", "school", "2026-11-21T09:00:00Z")])
rung("1.2 another purpose is another matter", "class", plus_decisions=[said("mum", "nobody", purpose="video")])
rung("1.2 a video asks for the word on videos", "nobody", purpose="video")
rung("1.2 a word on another child is another matter", "class", plus_links=[link("mum", "pal")],
     plus_decisions=[said("mum", "nobody", "2026-10-01T08:00:00Z", child="pal")])
rung("1.3 the lowest of the deciders", "family", plus_links=[link("dad")], plus_decisions=[said("dad", "family")])
rung("1.3 a lapsed word is a no among the deciders", "nobody", plus_links=[link("dad")],
     plus_decisions=[said("dad", "public", until="2026-11-20")])
rung("1.3 no decider", "nobody", links=[link("par", "pal"), link("out", "oth")])
rung("1.3 no answer", "nobody", decisions=[])
rung("1.3 a missing answer caps at school", "school", plus_links=[link("dad")], decisions=[said("mum", "public")])
rung("1.3 a missing answer caps and does not lower further", "class", plus_links=[link("dad")])
rung("1.3 everyone's word opens the public", "public", plus_links=[link("dad")],
     decisions=[said("mum", "public"), said("dad", "public")])
rung("1.3 quorum all: a missing answer is nobody", "nobody", policy__quorum="all", plus_links=[link("dad")])
rung("1.3 quorum all with all answers", "class", policy__quorum="all", plus_links=[link("dad")],
     plus_decisions=[said("dad", "school")])
rung("1.3 who does not decide is not missing", "public", plus_links=[link("dad", decides=False)],
     decisions=[said("mum", "public")])
rung("1.3 a lapsed answer is an answer, and lowers", "nobody", policy__quorum="answered", plus_links=[link("dad")],
     plus_decisions=[said("dad", "school", until="2026-01-01")])
rung("1.3 a blocked decider lowers", "family", plus_links=[link("dad")], blocks=[block("dad")],
     plus_decisions=[said("dad", "family")])
rung("1.3 a blocked decider does not raise", "class", plus_links=[link("dad")], blocks=[block("dad")],
     plus_decisions=[said("dad", "public")])
rung("1.3 a blocked decider alone opens nothing", "nobody", blocks=[block("mum")])
rung("1.3 the answer of a blocked decider alone opens nothing", "nobody", plus_links=[link("dad")],
     blocks=[block("mum")])
rung("1.3 a blocked decider's lapsed word does not lower", "class", plus_links=[link("dad")], blocks=[block("dad")],
     plus_decisions=[said("dad", "family", until="2026-11-20")])
rung("1.3 a blocked decider's lapsed no does not lower", "class", plus_links=[link("dad")], blocks=[block("dad")],
     plus_decisions=[said("dad", "nobody", until="2026-11-20")])
rung("1.3 a blocked decider's lapsed word is not missing", "class", plus_links=[link("dad")], blocks=[block("dad")],
     plus_decisions=[said("dad", "family", until="2026-11-20")], policy__quorum="all")
rung("1.3 a blocked decider's missing answer is missing", "nobody", plus_links=[link("dad")], blocks=[block("dad")],
     policy__quorum="all")
rung("1.3 a block from another child is another matter", "class", plus_links=[link("dad")],
     blocks=[block("dad", "pal")], plus_decisions=[said("dad", "public")])

# ---- 1.4 The child's own voice. Who turns 14 today was born on 21 November 2012; 18, 2008.

TODAY = "2026-11-21T08:00:00Z"
rung("1.4 from the birthday on", "family", kid__born="2012-11-21", plus_decisions=[said("kid", "family", TODAY)])
rung("1.4 not on the day before", "class", kid__born="2012-11-22", plus_decisions=[said("kid", "nobody", TODAY)])
rung("1.4 both: the child does not raise", "class", kid__born="2012-11-21",
     plus_decisions=[said("kid", "public", TODAY)])
rung("1.4 both: without the child's answer", "class", kid__born="2012-11-21")
rung("1.4 both: a lapsed answer is an answer", "nobody", kid__born="2012-11-20",
     plus_decisions=[said("kid", "class", "2026-11-20T08:00:00Z", until="2026-11-20")])
rung("1.4 what was said before the birthday does not count", "class", kid__born="2012-11-21",
     plus_decisions=[said("kid", "family", "2026-11-20T22:59:59Z")])
rung("1.4 what was said at the first second of the birthday does", "family", kid__born="2012-11-21",
     plus_decisions=[said("kid", "family", "2026-11-20T23:00:00Z")])
rung("1.4 a no of before the birthday counts", "nobody", kid__born="2012-11-21",
     plus_decisions=[said("kid", "nobody", "2020-01-01T08:00:00Z")])
rung("1.4 without a birth date no voice", "class", kid__born=None, plus_decisions=[said("kid", "nobody", TODAY)])
rung("1.4 off", "class", policy__child_voice={"mode": "off", "from_age": 14}, kid__born="2012-11-21",
     plus_decisions=[said("kid", "nobody", TODAY)])
SELF = {"mode": "self", "from_age": 14}
rung("1.4 self: without an answer", "nobody", policy__child_voice=SELF, kid__born="2012-11-21")
rung("1.4 self: before the birthday the guardians decide", "class", policy__child_voice=SELF, kid__born="2012-11-22")
rung("1.4 self: the child's rung", "school", policy__child_voice=SELF, kid__born="2012-11-21",
     plus_decisions=[said("kid", "school", TODAY)])
rung("1.4 self: a lapsed answer", "nobody", policy__child_voice=SELF, kid__born="2012-11-20",
     plus_decisions=[said("kid", "school", "2026-11-20T08:00:00Z", until="2026-11-20")])
rung("1.4 self: public without the guardians is school", "school", policy__child_voice=SELF, kid__born="2012-11-21",
     plus_decisions=[said("kid", "public", TODAY)])
rung("1.4 self: public with the guardians", "public", policy__child_voice=SELF, kid__born="2012-11-21",
     decisions=[said("mum", "public"), said("kid", "public", TODAY)])
rung("1.4 self: public without deciders", "public", policy__child_voice=SELF, kid__born="2012-11-21",
     links=[link("par", "pal"), link("out", "oth")], plus_decisions=[said("kid", "public", TODAY)])
rung("1.4 self: public while a guardian has not answered", "school", policy__child_voice=SELF, kid__born="2012-11-21",
     plus_links=[link("dad")], decisions=[said("mum", "public"), said("kid", "public", TODAY)])
rung("1.4 self: public while a guardian has lapsed", "school", policy__child_voice=SELF, kid__born="2012-11-21",
     decisions=[said("mum", "public", until="2026-11-20"), said("kid", "public", TODAY)])
OFF = {"mode": "off", "from_age": 14}
rung("1.4 at 18 self, whatever the policy", "nobody", policy__child_voice=OFF, kid__born="2008-11-21")
rung("1.4 on the day before, the policy", "class", policy__child_voice=OFF, kid__born="2008-11-22")
rung("1.4 at 18 public needs nobody else", "public", kid__born="2008-11-21", decisions=[said("mum", "nobody"),
     said("kid", "public", TODAY)])
rung("1.4 the day before 18 it still does", "school", policy__child_voice=SELF, kid__born="2008-11-22",
     plus_decisions=[said("kid", "public", TODAY)])
rung("1.4 at 18 what was said at 15 counts", "school", policy__child_voice=OFF, kid__born="2008-11-21",
     plus_decisions=[said("kid", "school", "2024-01-15T08:00:00Z")])
rung("1.4 an age above 18 means 18", "school", policy__child_voice={"mode": "both", "from_age": 10**9},
     kid__born="2008-11-21", plus_decisions=[said("kid", "school", TODAY)])
rung("1.4 an age above 18 is no voice at 17", "class", policy__child_voice={"mode": "self", "from_age": 21},
     kid__born="2008-11-22", plus_decisions=[said("kid", "nobody", TODAY)])
rung("1.4 an age above 18: what was said at 17 does not count", "nobody", kid__born="2008-11-21",
     policy__child_voice={"mode": "both", "from_age": 21}, plus_decisions=[said("kid", "school", "2026-11-20T08:00:00Z")])
rung("1.4 an age of 0", "nobody", policy__child_voice={"mode": "self", "from_age": 0})
EARLY = [said("mum", "class", "2026-01-05T08:00:00Z")]
rung("1.4 born on 29 February: not on 28 February", "class", policy__child_voice=SELF, kid__born="2012-02-29",
     now="2026-02-28T10:00:00Z", decisions=EARLY)
rung("1.4 born on 29 February: on 1 March", "nobody", policy__child_voice=SELF, kid__born="2012-02-29",
     now="2026-03-01T10:00:00Z", decisions=EARLY)
rung("1.4 born on 29 February: in a leap year not on 28 February", "class", kid__born="2012-02-29",
     policy__child_voice={"mode": "self", "from_age": 16}, now="2028-02-28T10:00:00Z", groups__1__until=None)
rung("1.4 born on 29 February: in a leap year on the day", "nobody", kid__born="2012-02-29",
     policy__child_voice={"mode": "self", "from_age": 16}, now="2028-02-29T10:00:00Z", groups__1__until=None)
rung("1.5 a block caps at school", "school", blocks=[block("nob")], decisions=[said("mum", "public")])
rung("1.5 a block by an inactive adult caps too", "school", blocks=[block("nob")], nob__active=False,
     decisions=[said("mum", "public")])
rung("1.5 a block does not lower further", "class", blocks=[block("nob")])
rung("1.6 a hold", "nobody", kid__safeguarding_hold=True, decisions=[said("mum", "public")])

# ---- 2. How near a viewer stands

shows("2 at family, class, school, public under `family`",
      "mum=original kid=original par=nothing pal=nothing tea=nothing adm=nothing saf=nothing",
      decisions=[said("mum", "family")])
shows("2 under `class`", "mum=original par=original pal=original tea=original out=nothing oth=nothing tez=nothing "
      "off=nothing adm=nothing nob=nothing anonymous=nothing")
shows("2 under `school`", "out=original oth=original tez=original off=original adm=original saf=original "
      "nob=nothing anonymous=nothing", decisions=[said("mum", "school")])
shows("2 family is who sees", "mum=nothing", links__0__sees=False, decisions=[said("mum", "school")])
shows("2 family has an active account", "mum=nothing", mum__active=False)
shows("2 the inactive are visitors", "mum=original tea=original", mum__active=False, tea__active=False,
      decisions=[said("mum", "public")])
shows("2 family in the past", "mum=nothing par=original", links__0__sees=False,
      plus_links=[link("mum", decides=False, end="2026-11-20")])
shows("2 a sister is not family", "oth=nothing mum=original", decisions=[said("mum", "family")],
      plus_links=[link("mum", "oth")])
shows("2 a block ends being family of a classmate", "par=nothing", blocks=[block("par", "pal")])
shows("2 inactive teachers do not stand at class", "tea=nothing", tea__active=False)
shows("2 who left the class does not stand at class", "pal=nothing par=nothing", pal__groups=within("g1", end="2026-11-20"))
shows("2 a class is left after its last day", "pal=original par=original", pal__groups=within("g1", end="2026-11-21"))
shows("2 a child that left stands at class to nobody", "par=nothing tea=nothing mum=original",
      kid__groups=within("g1", end="2026-11-20"))
YEAR: Json = {"kid__groups": within("g0", "g1"), "oth__groups": within("g0", "g2"), "tez__staff_of": ["g0", "g2"]}
shows("2 last year's class, for its photos", "out=original oth=original tez=original", audience={"groups": ["g0"]}, **YEAR)
shows("2 last year's class, for other photos", "out=nothing oth=nothing tez=nothing", **YEAR)
shows("2 last year's class, for photos that name it beside another", "out=original",
      audience={"groups": ["g1", "g0"]}, **YEAR)
shows("2 whoever left last year's class early", "out=nothing oth=nothing tez=original", audience={"groups": ["g0", "g2"]},
      **{**YEAR, "oth__groups": [*within("g0", end="2026-07-30"), *within("g2")]})
shows("2 a child that left last year's class early", "out=nothing oth=nothing tez=nothing mum=original",
      audience={"groups": ["g0"]}, **{**YEAR, "kid__groups": [*within("g0", end="2026-07-30"), *within("g1")]})
shows("2 who leaves the school leaves last year's class", "out=nothing oth=nothing", audience={"groups": ["g0"]},
      **{**YEAR, "oth__groups": within("g0")})
shows("2 in the holidays one has not left", "out=original oth=original", audience={"groups": ["g0"]},
      policy__grace_days=113, **{**YEAR, "oth__groups": within("g0")})
shows("2 the holidays end", "out=nothing oth=nothing", audience={"groups": ["g0"]},
      policy__grace_days=112, **{**YEAR, "oth__groups": within("g0")})
shows("2 a membership that began after the last day", "out=nothing", audience={"groups": ["g0"]},
      **{**YEAR, "oth__groups": [*within("g0", start="2026-08-01"), *within("g2")]})
shows("2 staff of last year only, within grace", "tez=original", audience={"groups": ["g0"]}, policy__grace_days=113,
      **{**YEAR, "tez__staff_of": ["g0"]})
shows("2 staff of last year only, after grace", "tez=nothing", audience={"groups": ["g0"]}, policy__grace_days=112,
      **{**YEAR, "tez__staff_of": ["g0"]})
shows("2 staff of last year with a role", "tez=original", audience={"groups": ["g0"]}, tez__roles=["office"],
      **{**YEAR, "tez__staff_of": ["g0"]})
shows("2 staff of last year and of a class within grace only", "tez=nothing", audience={"groups": ["g0"]},
      groups__2__until="2026-11-20", **YEAR)
shows("2 a class on its last day", "par=original tea=original", groups__1__until="2026-11-21")
shows("2 a class the day after, for other photos", "par=nothing tea=nothing", groups__1__until="2026-11-20")
shows("2 a class the day after, for its photos", "par=original tea=original", groups__1__until="2026-11-20",
      audience={"groups": ["g1"]})

# ---- 3. Which photos are offered

NOBODY_IN_IT: Json = {"children": []}
for each in ["draft", "hidden", "erased"]:
    shows(f"3 {each}", "mum=nothing kid=nothing tea=nothing adm=nothing", state=each)
shows("3 not reviewed", "mum=nothing kid=nothing tea=nothing adm=nothing", reviewed=False)
shows("3 groups", "par=original pal=original tea=original out=nothing oth=nothing tez=nothing off=nothing adm=nothing "
      "anonymous=nothing", audience={"groups": ["g1"]}, **NOBODY_IN_IT)
shows("3 two groups", "par=original out=original tez=original", audience={"groups": ["g1", "g2"]}, **NOBODY_IN_IT)
shows("3 groups, the inactive", "par=nothing tea=nothing", audience={"groups": ["g1"]}, par__active=False,
      tea__active=False, **NOBODY_IN_IT)
shows("3 a group that has ended", "par=original pal=original out=nothing", audience={"groups": ["g0"]},
      pal__groups=within("g0", "g1"), **NOBODY_IN_IT)
shows("3 school", "mum=original kid=original out=original tez=original off=original nob=nothing anonymous=nothing",
      audience={"school": True}, **NOBODY_IN_IT)
shows("3 school, a child that is not at the school, and its family", "pal=nothing par=nothing", pal__groups=[],
      audience={"school": True}, **NOBODY_IN_IT)
shows("3 school, in the holidays", "pal=original par=original", pal__groups=within("g0"), policy__grace_days=113,
      audience={"school": True}, **NOBODY_IN_IT)
shows("3 school, after the holidays", "pal=nothing par=nothing", pal__groups=within("g0"), policy__grace_days=112,
      audience={"school": True}, **NOBODY_IN_IT)
shows("3 school, who only decides", "mum=nothing", links__0__sees=False, audience={"school": True}, **NOBODY_IN_IT)
shows("3 school, staff of last year after grace", "tez=nothing", tez__staff_of=["g0"], audience={"school": True},
      **NOBODY_IN_IT)
shows("3 public", "mum=original nob=original anonymous=original", **NOBODY_IN_IT)
shows("3 family of a child that appears, whatever the audience", "mum=original kid=original par=nothing",
      audience={"groups": ["g2"]}, decisions=[said("mum", "public")])
shows("3 a child that appears and has left the school", "mum=original kid=original", audience={"groups": ["g2"]},
      kid__groups=[])

# ---- 4. What the viewer gets

R = [redaction("r", "kid")]
shows("4.1 a hold, redacted or not", "mum=nothing kid=nothing saf=nothing adm=nothing anonymous=nothing",
      kid__safeguarding_hold=True, redactions=R)
shows("4.1 a hold on a child beside", "mum=nothing", pal__safeguarding_hold=True, children=["kid", "pal"],
      redactions=[redaction("r", "pal")])
shows("4.1 a hold on a child that does not appear", "mum=original", pal__safeguarding_hold=True)
shows("4.2 a block beats staff duty", "tea=nothing", blocks=[block("tea")], redactions=R, decisions=[said("mum", "public")])
shows("4.2 a block beats family", "mum=nothing par=original", blocks=[block("mum")], plus_links=[link("dad")],
      plus_decisions=[said("dad", "class")], redactions=R)
shows("4.2 a block beats a role", "adm=nothing", blocks=[block("adm")], redactions=R, decisions=[said("mum", "school")])
shows("4.2 signing out shows no more", "nob=nothing anonymous=nothing out=r", blocks=[block("dad")], redactions=R)
shows("4.2 an inactive account shows no more", "dad=nothing out=r", dad__active=False, blocks=[block("dad")], redactions=R)
shows("4.2 a block from a child that does not appear", "tea=original", blocks=[block("tea", "pal")])
shows("4.4 all must permit", "mum=nothing par=nothing", children=["kid", "pal"])
shows("4.5 one who does not permit is covered", "mum=r par=r", children=["kid", "pal"],
      redactions=[redaction("r", "pal")])
shows("4.5 who is covered depends on the viewer", "par=original out=r anonymous=both", children=["kid", "pal"],
      plus_decisions=[said("par", "school", child="pal")],
      redactions=[redaction("both", "kid", "pal"), redaction("r", "kid")])
shows("4.5 not approved", "out=nothing", redactions=[redaction("r", "kid", approved=False)])
shows("4.5 a redaction that leaves one open", "out=nothing", children=["kid", "pal"], redactions=[redaction("r", "kid")])
shows("4.5 a redaction that covers none", "out=nothing mum=original", redactions=[redaction("r")])
shows("4.5 a redaction may cover more", "out=all", children=["kid", "pal"],
      plus_decisions=[said("par", "school", child="pal")], redactions=[redaction("all", "kid", "pal")])
shows("4.5 the one that covers the fewest", "out=few", children=["kid", "pal"],
      plus_decisions=[said("par", "school", child="pal")],
      redactions=[redaction("all", "kid", "pal"), redaction("few", "kid")])
shows("4.5 children are counted, not words", "out=few", children=["kid", "pal", "kid"],
      plus_decisions=[said("par", "school", child="pal")],
      redactions=[redaction("all", "kid", "pal"), redaction("few", "kid", "kid", "kid")])
shows("4.5 among equals the first in the file", "out=z", redactions=[redaction("z", "kid"), redaction("a", "kid")])
shows("4.5 among equals the first that is approved", "out=b",
      redactions=[redaction("a", "kid", approved=False), redaction("b", "kid"), redaction("c", "kid")])
shows("4.5 the original where all permit, though there is a redaction", "par=original", redactions=R)

# ---- 5. The review desk

shows("5 admin and uploader", "adm=original tea=original off=nothing saf=nothing mum=nothing kid=nothing "
      "tez=nothing anonymous=nothing", desk=True)
shows("5 any state but erased", "adm=original tea=original", desk=True, state="draft", reviewed=False)
shows("5 what is hidden", "adm=original tea=original", desk=True, state="hidden")
shows("5 what is erased", "adm=nothing tea=nothing", desk=True, state="erased")
shows("5 consent does not matter in the desk", "adm=original tea=original", desk=True, decisions=[said("mum", "nobody")])
shows("5 staff of the audience", "tez=original tea=original off=nothing out=nothing", desk=True, audience={"groups": ["g2"]})
shows("5 staff of the audience after grace", "tez=nothing", desk=True, audience={"groups": ["g0"]}, tez__staff_of=["g0"])
shows("5 staff of the audience within grace", "tez=original", desk=True, audience={"groups": ["g0"]},
      tez__staff_of=["g0"], policy__grace_days=113)
shows("5 an uploader of another class", "tez=original tea=original", desk=True, by="tez", audience={"groups": ["g1"]})
shows("5 an uploader that is no longer staff", "nob=nothing", desk=True, by="nob")
shows("5 an uploader of last year's staff after grace", "tez=nothing", desk=True, by="tez", tez__staff_of=["g0"])
shows("5 an uploader with a role", "off=original", desk=True, by="off")
shows("5 an inactive handler", "adm=nothing tea=nothing", desk=True, adm__active=False, tea__active=False)
shows("5 a hold", "saf=original adm=nothing tea=nothing tez=nothing", desk=True, kid__safeguarding_hold=True,
      audience={"groups": ["g1", "g2"]})
shows("5 a hold, though the uploader has the role office", "off=nothing saf=original", desk=True, by="off",
      kid__safeguarding_hold=True)
shows("5 a hold, erased", "saf=nothing", desk=True, kid__safeguarding_hold=True, state="erased")
shows("5 a block in the desk", "adm=nothing tea=original", desk=True, blocks=[block("adm")])
shows("5 a block and a hold in the desk", "saf=nothing", desk=True, kid__safeguarding_hold=True, blocks=[block("saf")])
shows("5 a block of a child that does not appear", "adm=original", desk=True, blocks=[block("adm", "pal")])
shows("5 outside the desk handlers are viewers", "adm=nothing tea=nothing", decisions=[said("mum", "family")])

# ---- Days, times, and numbers without end

shows("days: 00:30 of the next day in Berlin", "mum=nothing", now="2026-11-21T23:30:00Z",
      plus_links=[link("mum", decides=False)], links__0__to="2026-11-21")
shows("days: still the same in New York", "mum=original", now="2026-11-21T23:30:00Z", timezone="America/New_York",
      links__0__to="2026-11-21")
rung("days: the hour that summer time skips", "nobody", now="2026-03-28T23:00:00Z", links__0__to="2026-03-28",
     decisions=EARLY)
rung("days: a second before it", "class", now="2026-03-28T22:59:59Z", links__0__to="2026-03-28", decisions=EARLY)
shows("numbers: a grace without end", "tez=original", policy__grace_days=10**12, tez__staff_of=["g0"],
      audience={"school": True}, **NOBODY_IN_IT)
shows("numbers: a grace beyond every integer", "tez=original", policy__grace_days=10**30, tez__staff_of=["g0"],
      audience={"school": True}, **NOBODY_IN_IT)
rung("numbers: the first second of the calendar, a day before it in New York", "class", now="0001-01-01T00:00:00Z",
     timezone="America/New_York", decisions=[said("mum", "class", "0001-01-01T00:00:00Z")])
rung("numbers: the same with a link from the first day", "nobody", now="0001-01-01T00:00:00Z",
     timezone="America/New_York", decisions=[said("mum", "class", "0001-01-01T00:00:00Z")], links__0__from="0001-01-01")
LATE: Json = {"groups__1__until": None, "now": "9999-12-31T23:59:59Z", "timezone": "Pacific/Kiritimati"}
rung("numbers: the last second of the calendar, a day after it in Kiritimati", "class", **LATE,
     decisions=[said("mum", "class", "9999-12-31T23:59:59Z")], kid__born="9999-12-31")
rung("numbers: the same with a link to the last day", "nobody", **LATE, links__0__to="9999-12-31",
     decisions=[said("mum", "class", "9999-12-31T23:59:59Z")], kid__born=None)
rung("numbers: born on the last day of the calendar", "class", kid__born="9999-12-31")
rung("numbers: turning 18 on the day after the calendar's last", "nobody", **LATE, kid__born="9982-01-01",
     decisions=[said("mum", "class", "9999-12-01T10:00:00Z")])
rung("numbers: turning 18 on the day after that", "class", **LATE, kid__born="9982-01-02",
     decisions=[said("mum", "class", "9999-12-01T10:00:00Z")])
