# ruff: noqa: SIM102, SIM103, SIM110, SIM114
# Every clause has a line of its own, which these rules would join.
"""A second reading of `spec/visibility.md`: literal, slow, and in the specification's own order.

It takes a world file as plain JSON values and shares no code with the portal. Lay it beside the specification: each
part below stands under the heading it reads, and every clause has a line of its own, so that a test can count how
often random worlds reach it. Days are counted as whole numbers (`date.toordinal`), so no arithmetic can overflow.
"""

from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

Json = dict[str, Any]

LADDER = ["nobody", "family", "class", "school", "public"]
CYCLE = 146_097  # days in 400 years, after which the calendar and every time zone's rule repeat


def replay(world: Json, desk: bool = False) -> list[Json]:
    """What each viewer (outer) gets of each photo (inner), in the file's order."""
    portal = Portal(world)
    shown = []
    for viewer in world["viewers"]:
        for photo in world["photos"]:
            show = portal.desk(viewer, photo) if desk else portal.shown(viewer, photo)
            shown.append({"viewer": viewer, "photo": photo["id"], "show": show})
    return shown


# ---- Days and times


def day_number(day: str) -> int:
    return date.fromisoformat(day).toordinal()


@cache
def local_day(instant: str, timezone: str) -> int:
    """The school's day on which this instant falls. It can be the day before year 1 or after year 9999."""
    moment = datetime.strptime(instant, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    away = 0
    if moment.year < 400:
        moment, away = moment.replace(year=moment.year + 400), -CYCLE
    if moment.year > 9600:
        moment, away = moment.replace(year=moment.year - 400), CYCLE
    return moment.astimezone(ZoneInfo(timezone)).date().toordinal() + away


def year_month_day(number: int) -> tuple[int, int, int]:
    if number < 1:
        day = date.fromordinal(number + CYCLE)
        return (day.year - 400, day.month, day.day)
    if number > date.max.toordinal():
        day = date.fromordinal(number - CYCLE)
        return (day.year + 400, day.month, day.day)
    day = date.fromordinal(number)
    return (day.year, day.month, day.day)


def birthday(born: str, age: int) -> tuple[int, int, int]:
    """The day on which somebody turns `age`."""
    day = date.fromisoformat(born)
    year = day.year + age
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if day.month == 2 and day.day == 29 and not leap:
        return (year, 3, 1)
    return (year, day.month, day.day)


def in_force(dates: Json, day: int) -> bool:
    """Both ends included, an open end is null."""
    if dates["from"] is not None and day < day_number(dates["from"]):
        return False
    if dates["to"] is not None and day > day_number(dates["to"]):
        return False
    return True


def lower(one: str, other: str) -> str:
    return one if LADDER.index(one) < LADDER.index(other) else other


class Portal:
    def __init__(self, world: Json) -> None:
        self.world = world
        self.now: str = world["now"]
        self.zone: str = world["timezone"]
        self.today = local_day(self.now, self.zone)
        self.grace: int = world["policy"]["grace_days"]
        self.groups: dict[str, Json] = {group["id"]: group for group in world["groups"]}
        self.children: dict[str, Json] = {child["id"]: child for child in world["children"]}
        self.adults: dict[str, Json] = {adult["id"]: adult for adult in world["adults"]}

    # ---- Words

    def active_adult(self, person: str) -> bool:
        """Everybody else who is not a child is treated as the anonymous visitor."""
        if person not in self.adults:
            return False
        return bool(self.adults[person]["active"])

    def ended(self, group: str) -> bool:
        until = self.groups[group]["until"]
        if until is None:
            return False
        return day_number(until) < self.today

    def staff_of(self, adult: str, group: str) -> bool:
        if group not in self.adults[adult]["staff_of"]:
            return False
        if not self.ended(group):
            return True
        if self.today - day_number(self.groups[group]["until"]) <= self.grace:
            return True
        if self.adults[adult]["roles"]:
            return True
        for named in self.adults[adult]["staff_of"]:
            if not self.ended(named):
                return True
        return False

    def staff_of_a_group(self, adult: str) -> bool:
        for group in self.groups:
            if self.staff_of(adult, group):
                return True
        return False

    def is_in(self, child: str, group: str) -> bool:
        if self.ended(group):
            return False
        for membership in self.children[child]["groups"]:
            if membership["group"] == group and in_force(membership, self.today):
                return True
        return False

    def is_in_some_group(self, child: str) -> bool:
        for group in self.groups:
            if self.is_in(child, group):
                return True
        return False

    def was_in_to_the_end(self, child: str, group: str) -> bool:
        if not self.ended(group):
            return False
        last_day = day_number(self.groups[group]["until"])
        for membership in self.children[child]["groups"]:
            if membership["group"] == group and in_force(membership, last_day):
                if self.is_in_some_group(child):
                    return True
                if self.today - last_day <= self.grace:
                    return True
        return False

    def at_the_school(self, child: str) -> bool:
        for group in self.groups:
            if self.is_in(child, group):
                return True
            if self.was_in_to_the_end(child, group):
                return True
        return False

    def blocked(self, adult: str, child: str) -> bool:
        for block in self.world["blocks"]:
            if block["adult"] == adult and block["child"] == child:
                return True
        return False

    def named_by_a_block(self, child: str) -> bool:
        for block in self.world["blocks"]:
            if block["child"] == child:
                return True
        return False

    def signed_in(self, viewer: str) -> bool:
        if viewer in self.children:
            return self.at_the_school(viewer)
        if not self.active_adult(viewer):
            return False
        if self.staff_of_a_group(viewer):
            return True
        if self.adults[viewer]["roles"]:
            return True
        for child in self.children:
            if self.family_of(viewer, child) and self.at_the_school(child):
                return True
        return False

    # ---- 1. How far one child's photos may travel: the effective rung

    def decides_on(self, adult: str, child: str, day: int) -> bool:
        for link in self.world["links"]:
            if link["adult"] == adult and link["child"] == child and link["decides"] and in_force(link, day):
                return True
        return False

    def deciders(self, child: str) -> list[str]:
        """1.1"""
        return [adult for adult in self.adults if self.decides_on(adult, child, self.today)]

    def latest(self, said: list[Json]) -> Json | None:
        """1.2, of the decisions that count. The ledger's order is the file's."""
        best = None
        for decision in said:
            if decision["at"] > self.now:  # instants of one fixed form compare as text
                continue
            if best is None or decision["at"] > best["at"]:
                best = decision
            elif decision["at"] == best["at"]:
                if LADDER.index(decision["rung"]) < LADDER.index(best["rung"]):
                    best = decision
                elif decision["rung"] == best["rung"]:
                    best = decision
        return best

    def lapsed(self, decision: Json) -> bool:
        if decision["until"] is None:
            return False
        return day_number(decision["until"]) < self.today

    def rung_of(self, standing: Json) -> str:
        if self.lapsed(standing):
            return "nobody"
        return str(standing["rung"])

    def standing_decision(self, decider: str, child: str, purpose: str) -> Json | None:
        """1.2, of a decider."""
        said = []
        for decision in self.world["decisions"]:
            if decision["by"] != decider or decision["child"] != child or decision["purpose"] != purpose:
                continue
            if self.decides_on(decider, child, local_day(decision["at"], self.zone)):
                said.append(decision)
            elif decision["rung"] == "nobody":
                said.append(decision)
        return self.latest(said)

    def guardians_rung(self, child: str, purpose: str) -> str:
        """1.3"""
        deciders = self.deciders(child)
        if not deciders:
            return "nobody"
        standing = {decider: self.standing_decision(decider, child, purpose) for decider in deciders}
        rung = None
        for decider, decision in standing.items():
            if decision is not None and not self.blocked(decider, child):
                theirs = self.rung_of(decision)
                rung = theirs if rung is None else lower(rung, theirs)
        if rung is None:
            return "nobody"
        for decider, decision in standing.items():
            if decision is not None and self.blocked(decider, child):
                if not self.lapsed(decision):
                    rung = lower(rung, decision["rung"])
        if None in standing.values():
            if self.world["policy"]["quorum"] == "answered":
                rung = lower(rung, "school")
            else:
                rung = "nobody"
        return rung

    def turned(self, child: str, age: int) -> bool:
        born = self.children[child]["born"]
        if born is None:
            return False
        return birthday(born, age) <= year_month_day(self.today)

    def voice_age(self) -> int:
        age: int = self.world["policy"]["child_voice"]["from_age"]
        if age > 18:
            return 18
        return age

    def childs_standing_decision(self, child: str, purpose: str) -> Json | None:
        """1.4, asked only of a child who has a voice, and so a birth date."""
        that_day = birthday(self.children[child]["born"], self.voice_age())
        said = []
        for decision in self.world["decisions"]:
            if decision["by"] != child or decision["child"] != child or decision["purpose"] != purpose:
                continue
            if year_month_day(local_day(decision["at"], self.zone)) >= that_day:
                said.append(decision)
            elif decision["rung"] == "nobody":
                said.append(decision)
        return self.latest(said)

    def with_the_childs_voice(self, child: str, purpose: str) -> str:
        """1.4"""
        guardians = self.guardians_rung(child, purpose)
        if not self.turned(child, self.voice_age()):
            return guardians
        mode = self.world["policy"]["child_voice"]["mode"]
        if self.turned(child, 18):
            mode = "self"
        if mode == "off":
            return guardians
        standing = self.childs_standing_decision(child, purpose)
        if mode == "both":
            if standing is None:
                return guardians
            return lower(self.rung_of(standing), guardians)
        if standing is None:
            return "nobody"
        rung = self.rung_of(standing)
        if rung == "public" and not self.turned(child, 18):
            if self.deciders(child) and guardians != "public":
                return "school"
        return rung

    def effective_rung(self, child: str, purpose: str) -> str:
        """1.5 and 1.6"""
        rung = self.with_the_childs_voice(child, purpose)
        if self.named_by_a_block(child):
            rung = lower(rung, "school")
        if self.children[child]["safeguarding_hold"]:
            rung = "nobody"
        return rung

    # ---- 2. How near a viewer stands to a child

    def family_of(self, adult: str, child: str) -> bool:
        """The first line of 2, of an adult."""
        if not self.active_adult(adult):
            return False
        if self.blocked(adult, child):
            return False
        for link in self.world["links"]:
            if link["adult"] == adult and link["child"] == child and link["sees"]:
                if in_force(link, self.today):
                    return True
        return False

    def stands_at(self, viewer: str, child: str, photo: Json) -> str:
        if viewer == child or self.family_of(viewer, child):
            return "family"
        for group in self.groups:
            if self.is_in(child, group):
                if self.active_adult(viewer) and self.staff_of(viewer, group):
                    return "class"
                for other in self.children:
                    if self.is_in(other, group):
                        if self.family_of(viewer, other):
                            return "class"
                        if viewer == other:
                            return "class"
        for group in photo["audience"].get("groups", []):
            if self.was_in_to_the_end(child, group):
                if self.active_adult(viewer) and self.staff_of(viewer, group):
                    return "class"
                for other in self.children:
                    if self.was_in_to_the_end(other, group):
                        if self.family_of(viewer, other):
                            return "class"
                        if viewer == other:
                            return "class"
        if self.signed_in(viewer):
            return "school"
        return "public"

    # ---- 3. Which photos are offered to a viewer at all

    def offered(self, viewer: str, photo: Json) -> bool:
        if photo["state"] != "published":
            return False
        if not photo["reviewed"]:
            return False
        for child in photo["children"]:
            if self.family_of(viewer, child):
                return True
            if viewer == child:
                return True
        if "public" in photo["audience"]:
            return True
        if "school" in photo["audience"]:
            return self.signed_in(viewer)
        for group in photo["audience"]["groups"]:
            if self.active_adult(viewer) and self.staff_of(viewer, group):
                return True
            for child in self.children:
                if self.is_in(child, group) or self.was_in_to_the_end(child, group):
                    if self.family_of(viewer, child):
                        return True
                    if viewer == child:
                        return True
        return False

    # ---- 4. What the viewer gets of a photo that is offered

    def shown(self, viewer: str, photo: Json) -> str:
        if not self.offered(viewer, photo):
            return "nothing"
        for child in photo["children"]:
            if self.children[child]["safeguarding_hold"]:
                return "nothing"
        for child in photo["children"]:
            if self.active_adult(viewer) and self.blocked(viewer, child):
                return "nothing"
            if self.named_by_a_block(child) and self.stands_at(viewer, child, photo) == "public":
                return "nothing"
        refusing = set()
        for child in photo["children"]:
            stands = self.stands_at(viewer, child, photo)
            rung = self.effective_rung(child, photo["purpose"])
            if LADDER.index(rung) < LADDER.index(stands):
                refusing.add(child)
        if not refusing:
            return "original"
        best = None
        for redaction in photo["redactions"]:
            if not redaction["approved"]:
                continue
            covers = set(redaction["covers"])
            if not refusing <= covers:
                continue
            if best is None or len(covers) < len(set(best["covers"])):
                best = redaction
        if best is not None:
            return f"redaction:{best['id']}"
        return "nothing"

    # ---- 5. The review desk

    def handles(self, viewer: str, photo: Json) -> bool:
        if not self.active_adult(viewer):
            return False
        roles = self.adults[viewer]["roles"]
        for child in photo["children"]:
            if self.children[child]["safeguarding_hold"]:
                return "safeguarding" in roles
        if "admin" in roles:
            return True
        if photo["by"] == viewer:
            if self.staff_of_a_group(viewer):
                return True
            if roles:
                return True
        for group in photo["audience"].get("groups", []):
            if self.staff_of(viewer, group):
                return True
        return False

    def desk(self, viewer: str, photo: Json) -> str:
        if photo["state"] == "erased":
            return "nothing"
        if not self.handles(viewer, photo):
            return "nothing"
        for child in photo["children"]:
            if self.blocked(viewer, child):
                return "nothing"
        return "original"
