"""The part of a plan that joins people: who is in which class, who teaches it, who belongs to which child."""

from __future__ import annotations

from portal import clock
from portal.i18n import _
from portal.kinds import new_id
from portal.people.roster.problems import Problems
from portal.people.roster.queries import Record, Seen, Stored, Tie
from portal.people.roster.values import Enrolment, Link, Roster, Where
from portal.people.roster.writes import Writes

ENDED = "ended"  # in what was last seen: the school has ended this itself
BETWEEN = "\x1f"  # between the identifiers of a link's adult and child; no field can hold it


class Ties:
    """Compares enrolments and links. `person_ids` and `group_ids` lead from the file's identifiers to stored ids."""

    def __init__(
        self,
        writes: Writes,
        roster: Roster,
        stored: Stored,
        today: str,
        problems: Problems,
        person_ids: dict[str, int],
        group_ids: dict[str, int],
        fresh: set[int],
    ) -> None:
        self.writes = writes
        self.roster = roster
        self.stored = stored
        self.today = today
        self.yesterday = clock.add_days(today, -1)
        self.problems = problems
        self.person_ids = person_ids
        self.group_ids = group_ids
        self.fresh = fresh
        self.gone_people = {
            record.local
            for key, record in stored.people.items()
            if (key not in roster.people if roster.people_mode == "bulk" else key in roster.gone_people)
        }
        self.ended = stored.ended_by_hand | self._ended_by_the_school()

    def compare(self) -> None:
        for key, enrolment in self.roster.enrolments.items():
            person = self.person_ids.get(enrolment.person)
            group = self.group_ids.get(enrolment.group)
            if person is not None and group is not None:
                self._enrolment(key, enrolment, person, group)
        for key, record in self.stored.enrolments.items():
            if not record.gone and self._enrolment_gone(key, record):
                self._end_enrolment(key, record)
        for (adult, child), link in self.roster.links.items():
            one, two = self.person_ids.get(adult), self.person_ids.get(child)
            if one is not None and two is not None:
                self._link(adult + BETWEEN + child, link, one, two)
        for key, record in self.stored.links.items():
            if not record.gone and self._link_gone(key, record):
                self._end_link(key, record)

    # -- the school's word -------------------------------------------------------------------------------------

    def _ended_by_the_school(self) -> set[Tie]:
        """What a roster brought and the school ended: it stays so also when a roster forgets it and names it again."""
        ended: set[Tie] = set()
        for record in self.stored.enrolments.values():
            if self._enrolment_ended(record):
                kind = "staff" if "staff" in record.seen else "membership"
                ended.add((kind, record.seen["person"], record.seen["group"]))
        for record in self.stored.links.values():
            if self._link_ended(record):
                ended.add(("link", record.seen["adult"], record.seen["child"]))
        return ended

    def _enrolment_ended(self, record: Record) -> bool:
        if record.gone or ENDED in record.seen:
            return ENDED in record.seen
        if "staff" in record.seen:
            return bool(record.seen["staff"]) and record.local not in self.stored.staff_rows
        row = self.stored.membership_rows.get(record.local)
        over = row is not None and row.ends is not None and row.ends < self.today
        return over and row is not None and row.ends != record.seen["wrote"][1]

    def _link_ended(self, record: Record) -> bool:
        if record.gone or ENDED in record.seen:
            return ENDED in record.seen
        row = self.stored.link_rows.get(record.local)  # no roster gives a link an end before it is gone
        return row is not None and row.ends is not None and row.ends < self.today

    def _no_link(self, where: Where) -> None:
        text = _("The school has ended this link in the portal, so it stays ended. Join them again there if need be.")
        self.problems.warning(where.file, where.line, "", text)

    def _no_place(self, where: Where) -> None:
        text = _("The school has taken this person out of the class in the portal. Add them again there if need be.")
        self.problems.warning(where.file, where.line, "classSourcedId", text)

    # -- classes -----------------------------------------------------------------------------------------------

    def _label(self, enrolment: Enrolment) -> str:
        return f"{self._name(enrolment.person)} → {self._class(enrolment.group)}"

    def _name(self, key: str) -> str:
        if (person := self.roster.people.get(key)) is not None:
            return f"{person.given_name} {person.family_name}".strip()
        row = self.stored.person_rows.get(self.person_ids.get(key, 0))
        return row.name if row else ""

    def _class(self, key: str) -> str:
        if (group := self.roster.groups.get(key)) is not None:
            return group.name
        row = self.stored.group_rows.get(self.group_ids.get(key, 0))
        return row.name if row else ""

    def _ended(self, group: int) -> bool:
        row = self.stored.group_rows.get(group)
        return row is not None and row.ended(self.today)

    def _enrolment(self, key: str, enrolment: Enrolment, person: int, group: int) -> None:
        record = self.stored.enrolments.get(key)
        same = record is not None and record.seen.get("group") == group and record.seen.get("person") == person
        if record is not None and same and not record.gone:
            if enrolment.staff:
                changed = self._staff_again(key, enrolment, record, person, group)
            else:
                changed = self._membership_again(key, enrolment, record, person)
            self.writes.count("enrolments", "changed" if changed else "unchanged", self._label(enrolment))
            return
        if self._ended(group):
            if record is None or not same:
                text = _("This class has ended; nobody can be added to it any more. Take the line out.")
                self.problems.warning(enrolment.where.file, enrolment.where.line, "classSourcedId", text)
            self.writes.count("enrolments", "unchanged")
            return
        if record is not None and not same and not record.gone:
            self._leave(record)
        kind = "staff" if enrolment.staff else "membership"
        if (kind, person, group) in self.stored.by_hand:  # the school did this itself already
            self.writes.count("enrolments", "unchanged")
            return
        if (kind, person, group) in self.ended:
            self._no_place(enrolment.where)
            seen = self._enrolment_seen(enrolment, person, group) | {ENDED: True}
            local = record.local if record is not None and same else 0
            self.writes.record("enrolment", key, local, seen, person, False)
            self.writes.count("enrolments", "unchanged")
            return
        self._join(key, enrolment, person, group)
        self.writes.count("enrolments", "changed" if record is not None else "new", self._label(enrolment))

    def _in_force(self, enrolment: Enrolment) -> bool:
        return (enrolment.starts or "") <= self.today and (enrolment.ends or "9") >= self.today

    def _enrolment_seen(self, enrolment: Enrolment, person: int, group: int) -> Seen:
        seen: Seen = {"person": person, "group": group, "starts": enrolment.starts, "ends": enrolment.ends}
        if enrolment.staff:
            return seen | {"staff": self._in_force(enrolment)}
        return seen | {"wrote": [enrolment.starts, enrolment.ends]}

    def _join(self, key: str, enrolment: Enrolment, person: int, group: int) -> None:
        seen = self._enrolment_seen(enrolment, person, group)
        id_ = 0
        if enrolment.staff:
            if seen["staff"]:
                id_ = new_id()
                self.writes.insert("staff", id_, person, group, self.roster.source, key)
        else:
            id_ = new_id()
            starts = enrolment.starts or self._first_day(enrolment, group)
            seen["wrote"] = [starts, enrolment.ends]
            self.writes.insert("membership", id_, person, group, starts, enrolment.ends, self.roster.source, key)
        self.writes.record("enrolment", key, id_, seen, person, False)

    def _first_day(self, enrolment: Enrolment, group: int) -> str | None:
        """Where the file gives no first day: of old in a new class, today in one that runs, not before its year."""
        named = self.roster.groups.get(enrolment.group)
        if named is not None and named.starts is not None and named.starts > self.today:
            return named.starts
        return None if group in self.fresh else self.today

    def _membership_again(self, key: str, enrolment: Enrolment, record: Record, person: int) -> bool:
        seen = dict(record.seen)
        if enrolment.ends == seen["ends"] and enrolment.starts in (None, seen["starts"]):
            return False
        row = self.stored.membership_rows.get(record.local)
        seen |= {"ends": enrolment.ends, "starts": enrolment.starts or seen["starts"]}
        wrote = [seen["starts"] or seen["wrote"][0], enrolment.ends]
        changed = row is not None and not self._ended(seen["group"]) and wrote != [row.starts, row.ends]
        if changed and row is not None and (ENDED in seen or [row.starts, row.ends] != seen["wrote"]):
            text = _("The school has changed these days in the portal, so they stay. Correct them there if need be.")
            self.problems.warning(enrolment.where.file, enrolment.where.line, "endDate", text)
            changed = False
        elif changed:
            self.writes.run("UPDATE membership SET starts = ?, ends = ? WHERE id = ?", *wrote, record.local)
            seen["wrote"] = wrote
        self.writes.record("enrolment", key, record.local, seen, person, False)
        return changed

    def _staff_again(self, key: str, enrolment: Enrolment, record: Record, person: int, group: int) -> bool:
        now = self._in_force(enrolment)
        if now == record.seen.get("staff") or self._ended(group):
            return False
        seen = dict(record.seen) | {"staff": now}
        if self._enrolment_ended(record):
            seen[ENDED] = True
            if now:
                self._no_place(enrolment.where)
            self.writes.record("enrolment", key, record.local, seen, person, False)
            return False
        id_ = record.local
        if now:
            id_ = new_id()
            self.writes.insert("staff", id_, person, group, self.roster.source, key)
        else:
            self.writes.run("DELETE FROM staff WHERE id = ?", record.local)
        self.writes.record("enrolment", key, id_, seen, person, False)
        return True

    def _enrolment_gone(self, key: str, record: Record) -> bool:
        if self._ended(record.seen["group"]):
            return False  # last year's class is history and stays as it was
        if record.seen["person"] in self.gone_people:
            return True
        if self.roster.enrolments_mode == "bulk":
            return key not in self.roster.enrolments
        return key in self.roster.gone_enrolments

    def _end_enrolment(self, key: str, record: Record) -> None:
        self._leave(record)
        seen = record.seen | ({ENDED: True} if self._enrolment_ended(record) else {})
        self.writes.record("enrolment", key, record.local, seen, record.seen["person"], True)
        row = self.stored.person_rows.get(record.seen["person"])
        group = self.stored.group_rows.get(record.seen["group"])
        self.writes.count("enrolments", "gone", f"{row.name if row else ''} → {group.name if group else ''}")

    def _leave(self, record: Record) -> None:
        """Ends what an enrolment had brought, unless its class has ended or been followed by next year's."""
        group = record.seen["group"]
        if self._ended(group) or self._followed(group):
            return
        if "staff" in record.seen:
            if record.local in self.stored.staff_rows:
                self.writes.run("DELETE FROM staff WHERE id = ?", record.local)
            return
        row = self.stored.membership_rows.get(record.local)
        if row is not None and (row.ends is None or row.ends >= self.today):
            self.writes.run("UPDATE membership SET ends = ? WHERE id = ?", self.yesterday, record.local)

    def _followed(self, group: int) -> bool:
        """Has the class's identifier passed to next year's class? The class then runs to its own end."""
        return any(
            record.local == group and self.group_ids.get(key) != group for key, record in self.stored.groups.items()
        )

    # -- families ----------------------------------------------------------------------------------------------

    def _link(self, key: str, link: Link, adult: int, child: int) -> None:
        label = f"{self._name(link.adult)} → {self._name(link.child)}"
        record = self.stored.links.get(key)
        if ("link", adult, child) in self.stored.by_hand:
            self.writes.count("links", "unchanged")
            return
        sides = set(link.sides)
        if record is not None and not record.gone and self.roster.people_mode != "bulk":
            sides |= set(record.seen.get("sides", "")) - self._restated(link.adult, link.child)
        seen: Seen = {
            "adult": adult,
            "child": child,
            "decides": link.decides,
            "sees": link.sees,
            "relation": link.relation,
            "sides": "".join(sorted(sides)),
        }
        same = record is not None and (record.seen["adult"], record.seen["child"]) == (adult, child)
        if (record is None or record.gone or not same) and ("link", adult, child) in self.ended:
            self._no_link(link.where)
            local = record.local if record is not None and same else 0
            self.writes.record("link", key, local, seen | {ENDED: True}, child, False)
            self.writes.count("links", "unchanged")
            return
        if record is None or record.gone or not same:
            id_ = new_id()
            starts = None if {adult, child} & self.fresh else self.today
            self.writes.insert(
                "link", id_, adult, child, link.decides, link.sees, link.relation, starts, None, self.roster.source
            )
            self.writes.record("link", key, id_, seen, child, False)
            self.writes.count("links", "new" if record is None else "changed", label)
            return
        if ENDED in record.seen:
            seen[ENDED] = True
        changed = self._rights(link, record, seen)
        if seen != record.seen:
            self.writes.record("link", key, record.local, seen, child, False)
        self.writes.count("links", "changed" if changed else "unchanged", label, changed)

    def _rights(self, link: Link, record: Record, seen: Seen) -> list[str]:
        """Which of the link's fields the file has changed; those that the school has changed itself stay."""
        row = self.stored.link_rows.get(record.local)
        changed = [name for name in ("decides", "sees", "relation") if seen[name] != record.seen[name]]
        if changed and self._link_ended(record):
            self._no_link(link.where)
        if row is None or self._link_ended(record) or not changed:
            return []
        if any(getattr(row, name) != record.seen[name] for name in changed):
            text = _("The school has changed this link in the portal, so it stays. Correct it there if need be.")
            self.problems.warning(link.where.file, link.where.line, "", text)
            return []
        self.writes.run(
            "UPDATE link SET decides = ?, sees = ?, relation = ? WHERE id = ?",
            *(seen[name] if name in changed else getattr(row, name) for name in ("decides", "sees", "relation")),
            record.local,
        )
        return changed

    def _restated(self, adult: str, child: str) -> set[str]:
        """The sides about which this file speaks."""
        return {side for side, key in (("a", adult), ("c", child)) if key in self.roster.people}

    def _link_gone(self, key: str, record: Record) -> bool:
        if self.roster.people_mode == "absent":
            return False
        if record.seen["adult"] in self.gone_people or record.seen["child"] in self.gone_people:
            return True
        adult, _between, child = key.partition(BETWEEN)
        if (adult, child) in self.roster.links:
            return False
        if self.roster.people_mode == "bulk":
            return True
        return not set(record.seen.get("sides", "")) - self._restated(adult, child)

    def _end_link(self, key: str, record: Record) -> None:
        seen = record.seen
        if self._link_ended(record):
            seen = seen | {ENDED: True}
        elif record.local in self.stored.link_rows:
            self.writes.run("UPDATE link SET ends = ? WHERE id = ?", self.yesterday, record.local)
        self.writes.record("link", key, record.local, seen, record.seen["child"], True)
        adult = self.stored.person_rows.get(record.seen["adult"])
        child = self.stored.person_rows.get(record.seen["child"])
        self.writes.count("links", "gone", f"{adult.name if adult else ''} → {child.name if child else ''}")
