# ruff: noqa: E501
"""Slips that a reader of the specification could make: each is the naive reading with one clause changed.

A set of worlds is worth something if it tells every one of them from the naive reading; `tell_apart` finds out.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from . import naive

Json = dict[str, Any]
Replay = Callable[[Json, bool], list[Json]]

# What the slip is: (text of naive.py, what stands there instead).
MUTANTS: dict[str, tuple[str, str]] = {
    "a link ends a day early": (
        "day > day_number(dates[\"to\"])", "day >= day_number(dates[\"to\"])"),
    "a link starts a day late": (
        "day < day_number(dates[\"from\"])", "day <= day_number(dates[\"from\"])"),
    "a day is a day in UTC": (
        "moment.astimezone(ZoneInfo(timezone)).date()", "moment.date()"),
    "29 February becomes 28 February": (
        "return (year, 3, 1)", "return (year, 2, 28)"),
    "the inactive are active": (
        "return bool(self.adults[person][\"active\"])", "return True"),
    "a group has ended on its last day": (
        "return day_number(until) < self.today", "return day_number(until) <= self.today"),
    "grace for staff is a day shorter": (
        "if self.today - day_number(self.groups[group][\"until\"]) <= self.grace",
        "if self.today - day_number(self.groups[group][\"until\"]) < self.grace"),
    "no grace for staff": (
        "if self.today - day_number(self.groups[group][\"until\"]) <= self.grace", "if False"),
    "a role does not keep an ended group": (
        "        if self.adults[adult][\"roles\"]:\n            return True\n        for named", "        for named"),
    "a current group does not keep an ended one": (
        "            if not self.ended(named):", "            if False:"),
    "one stays in an ended group": (
        "        if self.ended(group):\n            return False\n        for membership", "        for membership"),
    "membership in the end is asked of today": (
        "in_force(membership, last_day)", "in_force(membership, self.today)"),
    "membership in the end is not asked": (
        "membership[\"group\"] == group and in_force(membership, last_day)", "membership[\"group\"] == group"),
    "the end asks only for grace": (
        "if self.is_in_some_group(child):", "if False:"),
    "the end knows no grace": (
        "if self.today - last_day <= self.grace", "if False"),
    "grace for children is a day shorter": (
        "if self.today - last_day <= self.grace", "if self.today - last_day < self.grace"),
    "last year's children are not at the school": (
        "            if self.was_in_to_the_end(child, group):\n                return True\n        return False\n\n    def blocked",
        "        return False\n\n    def blocked"),
    "every child is at the school": (
        "return self.at_the_school(viewer)", "return True"),
    "a role does not sign in": (
        "        if self.adults[viewer][\"roles\"]:\n            return True\n", ""),
    "staff are not signed in": (
        "        if self.staff_of_a_group(viewer):\n            return True\n        if self.adults[viewer]",
        "        if self.adults[viewer]"),
    "the family of a child that left is signed in": (
        "self.family_of(viewer, child) and self.at_the_school(child)", "self.family_of(viewer, child)"),
    "whoever sees also decides": (
        "link[\"decides\"] and in_force", "in_force"),
    "whoever decides also sees": (
        "link[\"child\"] == child and link[\"sees\"]", "link[\"child\"] == child"),
    "an inactive adult does not decide": (
        "return [adult for adult in self.adults if ",
        "return [adult for adult in self.adults if self.active_adult(adult) and "),
    "decisions of the future count": (
        "if decision[\"at\"] > self.now:", "if False:"),
    "a decision of this very second does not count": (
        "if decision[\"at\"] > self.now:", "if decision[\"at\"] >= self.now:"),
    "of two at once the later in the ledger": (
        "elif decision[\"at\"] == best[\"at\"]:\n", "elif decision[\"at\"] == best[\"at\"]:\n                best = decision\n"),
    "of two at once the earlier in the ledger": (
        "elif decision[\"at\"] == best[\"at\"]:", "elif False:"),
    "of two alike at once the earlier in the ledger": (
        "elif decision[\"rung\"] == best[\"rung\"]:", "elif False:"),
    "the latest in the ledger, not in time": (
        "decision[\"at\"] > best[\"at\"]:", "True:"),
    "lapsed on the last day": (
        "return day_number(decision[\"until\"]) < self.today", "return day_number(decision[\"until\"]) <= self.today"),
    "nothing lapses": (
        "return day_number(decision[\"until\"]) < self.today", "return False"),
    "a lapsed decision gives way to the one before": (
        "        best = None\n        for decision in said:\n",
        "        best = None\n        for decision in said:\n            if self.lapsed(decision):\n                continue\n"),
    "decisions for photos count for videos": (
        " or decision[\"child\"] != child or decision[\"purpose\"] != purpose:\n                continue\n            if self.dec",
        " or decision[\"child\"] != child:\n                continue\n            if self.dec"),
    "decisions count for brothers and sisters": (
        "decider or decision[\"child\"] != child or", "decider or"),
    "whatever a decider ever said counts": (
        "if self.decides_on(decider, child, local_day(decision[\"at\"], self.zone)):", "if True:"),
    "a no from before does not count": (
        "            elif decision[\"rung\"] == \"nobody\":\n                said.append(decision)\n        return self.latest(said)\n\n    def guard",
        "        return self.latest(said)\n\n    def guard"),
    "without deciders anything goes": (
        "        if not deciders:\n            return \"nobody\"", "        if not deciders:\n            return \"public\""),
    "the highest rung": (
        "theirs if rung is None else lower(rung, theirs)", "theirs"),
    "a blocked decider counts like any": (
        "if decision is not None and not self.blocked(decider, child):", "if decision is not None:"),
    "a blocked decider does not lower": (
        "rung = lower(rung, decision[\"rung\"])", "pass"),
    "the lapsed word of a blocked decider lowers": (
        "                if not self.lapsed(decision):\n                    rung = lower(rung, decision[\"rung\"])",
        "                rung = lower(rung, self.rung_of(decision))"),
    "the expired word of a blocked decider lowers to what it was": (
        "                if not self.lapsed(decision):\n", "                if True:\n"),
    "a missing answer of a blocked decider is not missing": (
        "        if None in standing.values():",
        "        if None in [d for who, d in standing.items() if not self.blocked(who, child)]:"),
    "a missing answer does not matter": (
        "        if None in standing.values():", "        if False:"),
    "a missing answer always means nobody": (
        "if self.world[\"policy\"][\"quorum\"] == \"answered\"", "if False"),
    "a missing answer never means nobody": (
        "if self.world[\"policy\"][\"quorum\"] == \"answered\"", "if True"),
    "the voice comes a day late": (
        "return birthday(born, age) <= year_month_day(self.today)", "return birthday(born, age) < year_month_day(self.today)"),
    "the age may be above 18": (
        "        if age > 18:\n            return 18\n", ""),
    "what a child said before its voice counts": (
        "if year_month_day(local_day(decision[\"at\"], self.zone)) >= that_day:", "if True:"),
    "what a child said on its birthday does not count": (
        "if year_month_day(local_day(decision[\"at\"], self.zone)) >= that_day:",
        "if year_month_day(local_day(decision[\"at\"], self.zone)) > that_day:"),
    "a child's no from before does not count": (
        "            elif decision[\"rung\"] == \"nobody\":\n                said.append(decision)\n        return self.latest(said)\n\n    def with",
        "        return self.latest(said)\n\n    def with"),
    "a child has no voice": (
        "        if not self.turned(child, self.voice_age()):", "        if True:"),
    "at 18 nothing changes": (
        "        if self.turned(child, 18):\n            mode", "        if False:\n            mode"),
    "off is like both": (
        "        if mode == \"off\":\n            return guardians\n", "        if mode == \"off\":\n            mode = \"both\"\n"),
    "both without the child's answer is nobody": (
        "                return guardians\n            return lower", "                return \"nobody\"\n            return lower"),
    "both lets the child raise": (
        "return lower(self.rung_of(standing), guardians)", "return self.rung_of(standing)"),
    "self without an answer falls back on the guardians": (
        "        if standing is None:\n            return \"nobody\"\n        rung = self",
        "        if standing is None:\n            return guardians\n        rung = self"),
    "a child alone can go public": (
        "if rung == \"public\" and not self.turned(child, 18):", "if False:"),
    "at 18 public still needs the guardians": (
        "if rung == \"public\" and not self.turned(child, 18):", "if rung == \"public\":"),
    "a child without deciders cannot go public": (
        "if self.deciders(child) and guardians != \"public\":", "if guardians != \"public\":"),
    "self is lowered to the guardians' rung": (
        "                return \"school\"\n        return rung", "                return guardians\n        return rung"),
    "a block does not end family": (
        "        if self.blocked(adult, child):\n            return False\n        for link", "        for link"),
    "one always sees": (
        "                if in_force(link, self.today):\n                    return True", "                return True"),
    "a child is not its own family": (
        "if viewer == child or self.family_of(viewer, child):\n            return \"family\"",
        "if self.family_of(viewer, child):\n            return \"family\""),
    "staff of any group stand at class": (
        "                if self.active_adult(viewer) and self.staff_of(viewer, group):\n                    return \"class\"\n"
        "                for other in self.children:\n                    if self.is_in(",
        "                if self.active_adult(viewer) and self.staff_of_a_group(viewer):\n                    return \"class\"\n"
        "                for other in self.children:\n                    if self.is_in("),
    "staff do not stand at class": (
        "                if self.active_adult(viewer) and self.staff_of(viewer, group):\n                    return \"class\"\n"
        "                for other in self.children:\n                    if self.is_in(",
        "                for other in self.children:\n                    if self.is_in("),
    "classmates do not stand at class": (
        "                        if viewer == other:\n                            return \"class\"\n        for group", "        for group"),
    "classmates' families do not stand at class": (
        "                        if self.family_of(viewer, other):\n                            return \"class\"\n"
        "                        if viewer == other:\n                            return \"class\"\n        for group",
        "                        if viewer == other:\n                            return \"class\"\n        for group"),
    "brothers and sisters are family": (
        "if viewer == child or self.family_of(viewer, child):\n            return \"family\"",
        "if viewer == child or self.family_of(viewer, child) or any(\n            self.family_of(a, child) and "
        "viewer in self.children and self.family_of(a, viewer) for a in self.adults\n        ):\n            return \"family\""),
    "last year's class counts for every photo": (
        "        for group in photo[\"audience\"].get(\"groups\", []):\n            if self.was", "        for group in self.groups:\n            if self.was"),
    "last year's class is strangers": (
        "        for group in photo[\"audience\"].get(\"groups\", []):\n            if self.was", "        for group in []:\n            if self.was"),
    "last year's staff are strangers": (
        "                if self.active_adult(viewer) and self.staff_of(viewer, group):\n                    return \"class\"\n"
        "                for other in self.children:\n                    if self.was",
        "                for other in self.children:\n                    if self.was"),
    "last year's class is whoever was in it": (
        "                    if self.was_in_to_the_end(other, group):\n", "                    if True:\n"),
    "last year's classmates are strangers": (
        "                        if viewer == other:\n                            return \"class\"\n        if self.signed",
        "        if self.signed"),
    "last year's families are strangers": (
        "                        if self.family_of(viewer, other):\n                            return \"class\"\n"
        "                        if viewer == other:\n                            return \"class\"\n        if self.signed",
        "                        if viewer == other:\n                            return \"class\"\n        if self.signed"),
    "visitors stand at school": (
        "        if self.signed_in(viewer):\n            return \"school\"\n", "        return \"school\"\n"),
    "the signed in stand at public": (
        "        if self.signed_in(viewer):\n            return \"school\"\n", ""),
    "drafts are offered": (
        "if photo[\"state\"] != \"published\":", "if photo[\"state\"] == \"erased\":"),
    "what is not reviewed is offered": (
        "if not photo[\"reviewed\"]:", "if False:"),
    "one's own child is not offered": (
        "            if self.family_of(viewer, child):\n                return True\n            if viewer == child:\n                return True\n        if \"public\"",
        "            if viewer == child:\n                return True\n        if \"public\""),
    "a child is not offered itself": (
        "            if viewer == child:\n                return True\n        if \"public\"", "        if \"public\""),
    "school is offered to everybody": (
        "            return self.signed_in(viewer)\n        for group", "            return True\n        for group"),
    "public is offered to the signed in": (
        "            return True\n        if \"school\" in", "            return self.signed_in(viewer)\n        if \"school\" in"),
    "groups are not offered to their staff": (
        "            if self.active_adult(viewer) and self.staff_of(viewer, group):\n                return True\n            for child",
        "            for child"),
    "groups are not offered to last year's": (
        "if self.is_in(child, group) or self.was_in_to_the_end(child, group):\n                    if self.f",
        "if self.is_in(child, group):\n                    if self.f"),
    "groups are not offered to their children": (
        "                    if viewer == child:\n                        return True\n        return False\n", "        return False\n"),
    "groups are not offered to their families": (
        "                    if self.family_of(viewer, child):\n                        return True\n", ""),
    "only the first group is offered": (
        "for group in photo[\"audience\"][\"groups\"]:", "for group in photo[\"audience\"][\"groups\"][:1]:"),
    "a held child can be redacted": (
        "                return \"nothing\"\n        for child in photo[\"children\"]:\n            if self.active",
        "                pass\n        for child in photo[\"children\"]:\n            if self.active"),
    "a blocked child can be redacted": (
        "            if self.active_adult(viewer) and self.blocked(viewer, child):\n                return \"nothing\"\n", ""),
    "signing out shows the redaction": (
        "            if self.named_by_a_block(child) and self.stands_at(viewer, child, photo) == \"public\":\n                return \"nothing\"\n", ""),
    "a block hides from everybody below class": (
        "self.stands_at(viewer, child, photo) == \"public\":", "self.stands_at(viewer, child, photo) in (\"public\", \"school\"):"),
    "the rung must be above": (
        "if LADDER.index(rung) < LADDER.index(stands):", "if LADDER.index(rung) <= LADDER.index(stands):"),
    "photos and videos are one": (
        "self.effective_rung(child, photo[\"purpose\"])", "self.effective_rung(child, \"photo\")"),
    "unapproved redactions count": (
        "if not redaction[\"approved\"]:", "if False:"),
    "any redaction will do": (
        "if not refusing <= covers:", "if not refusing & covers:"),
    "a redaction must cover exactly": (
        "if not refusing <= covers:", "if refusing != covers:"),
    "the first redaction": (
        "if best is None or len(covers) < len(set(best[\"covers\"])):", "if best is None:"),
    "the last redaction among equals": (
        "if best is None or len(covers) < len(set(best[\"covers\"])):", "if best is None or len(covers) <= len(set(best[\"covers\"])):"),
    "covers are counted with repeats": (
        "if best is None or len(covers) < len(set(best[\"covers\"])):",
        "if best is None or len(redaction[\"covers\"]) < len(best[\"covers\"]):"),
    "the widest redaction": (
        "if best is None or len(covers) < len(set(best[\"covers\"])):", "if best is None or len(covers) > len(set(best[\"covers\"])):"),
    "the inactive handle": (
        "        if not self.active_adult(viewer):\n            return False\n        roles", "        if viewer not in self.adults:\n            return False\n        roles"),
    "a held photo is handled by the admin": (
        "return \"safeguarding\" in roles", "return \"safeguarding\" in roles or \"admin\" in roles"),
    "a held photo is handled by others too": (
        "                return \"safeguarding\" in roles\n", "                if \"safeguarding\" in roles:\n                    return True\n"),
    "safeguarding handles everything": (
        "if \"admin\" in roles:", "if \"admin\" in roles or \"safeguarding\" in roles:"),
    "the office handles everything": (
        "if \"admin\" in roles:", "if \"admin\" in roles or \"office\" in roles:"),
    "the admin does not handle": (
        "if \"admin\" in roles:", "if False:"),
    "an uploader handles for ever": (
        "            if self.staff_of_a_group(viewer):\n                return True\n            if roles", "            return True\n            if roles"),
    "an uploader with a role does not handle": (
        "            if roles:\n                return True\n", ""),
    "an uploader of the staff does not handle": (
        "            if self.staff_of_a_group(viewer):\n                return True\n            if roles", "            if roles"),
    "the staff of the audience do not handle": (
        "        for group in photo[\"audience\"].get(\"groups\", []):\n            if self.staff_of", "        for group in []:\n            if self.staff_of"),
    "all staff handle": (
        "            if self.staff_of(viewer, group):\n                return True\n        return False\n\n    def desk",
        "            if self.staff_of_a_group(viewer):\n                return True\n        return False\n\n    def desk"),
    "the desk shows what is erased": (
        "if photo[\"state\"] == \"erased\":", "if False:"),
    "the desk shows only what is published": (
        "if photo[\"state\"] == \"erased\":", "if photo[\"state\"] != \"published\":"),
    "the desk shows only what is reviewed": (
        "if photo[\"state\"] == \"erased\":", "if photo[\"state\"] == \"erased\" or not photo[\"reviewed\"]:"),
    "a block does not reach the desk": (
        "            if self.blocked(viewer, child):\n                return \"nothing\"\n        return \"original\"", "            pass\n        return \"original\""),
}  # fmt: skip


def mutants() -> Iterator[tuple[str, Replay]]:
    source = Path(naive.__file__).read_text("utf-8")
    for slip, (old, new) in MUTANTS.items():
        if source.count(old) != 1:
            raise LookupError(f"{slip}: stands {source.count(old)} times in naive.py: {old!r}")
        module = ModuleType("mutant")
        exec(compile(source.replace(old, new), f"<{slip}>", "exec"), module.__dict__)
        yield slip, module.replay


def not_told_apart(worlds: Iterable[Json]) -> list[str]:
    """The slips that give the same answers as the naive reading on all of `worlds`, with and without the desk."""
    answers = [(world, desk, naive.replay(world, desk)) for world in worlds for desk in (False, True)]
    return [slip for slip, replay in mutants() if all(replay(world, desk) == right for world, desk, right in answers)]
