"""Compares a roster with what is stored and says what to write.

Three sides are compared: the file, what the last import saw, and what is stored now. What the file has not changed
since its last import stays as the school has made it in the portal; what the file does not say is never emptied.
Nothing is deleted that an import brought: people are deactivated, memberships and links end yesterday.
"""

from __future__ import annotations

import hashlib
from typing import Any

from portal import clock
from portal.i18n import _
from portal.kinds import new_id
from portal.people.roster.namesakes import recognise
from portal.people.roster.problems import Problems
from portal.people.roster.queries import GroupRow, PersonRow, Place, Record, Seen, Stored
from portal.people.roster.ties import Ties
from portal.people.roster.values import SHEET, Group, Person, Roster
from portal.people.roster.writes import Writes

SHRINK_PERCENT = 10
_YEAR_DAYS = 200  # a last day that moves by more than this belongs to another school year
_TEXTS = ("given_name", "family_name", "email", "phone", "language", "born")


def compare(
    roster: Roster, stored: Stored, today: str, language: str, problems: Problems, *, confirm_shrink: bool = False
) -> Writes:
    """The differences. `today` is the school's day, `language` what people get who have none.

    What is returned counts for nothing if `problems` has errors afterwards.
    """
    if roster.source == SHEET:
        roster = recognise(roster, stored)
    plan = _Plan(roster, stored, today, language, problems)
    plan.people()
    plan.shrink(confirm_shrink)
    plan.groups()
    plan.terms()
    Ties(plan.writes, roster, stored, today, problems, plan.person_ids, plan.group_ids, plan.fresh).compare()
    plan.households()
    return plan.writes


class _Plan:
    def __init__(self, roster: Roster, stored: Stored, today: str, language: str, problems: Problems) -> None:
        self.roster = roster
        self.stored = stored
        self.today = today
        self.yesterday = clock.add_days(today, -1)
        self.language = language
        self.problems = problems
        self.writes = Writes(roster.source)
        self.person_ids: dict[str, int] = {}
        self.group_ids: dict[str, int] = {}
        self.fresh: set[int] = set()  # ids of people and groups that this plan makes
        self.named: dict[int, str] = {}  # people whom this plan makes
        self.deactivated = 0

    # -- people ------------------------------------------------------------------------------------------------

    def people(self) -> None:
        for key, record in self.stored.people.items():
            if record.local in self.stored.person_rows:
                self.person_ids[key] = record.local
        for key, person in self.roster.people.items():
            record_ = self.stored.people.get(key)
            row = self.stored.person_rows.get(record_.local) if record_ else None
            if record_ is None or row is None:
                self._new_person(key, person)
            elif row.kind != person.kind:
                text = _("%(id)s was a child before and is an adult here, or the other way. Give this person a new id.")
                self.problems.error(person.where.file, person.where.line, "role", text, id=key)
            else:
                self._person(key, person, record_, row)
        for key, record in self.stored.people.items():
            named = key in self.roster.people
            gone = not named if self.roster.people_mode == "bulk" else key in self.roster.gone_people
            if gone and not record.gone and record.local in self.stored.person_rows:
                self._gone_person(key, record, self.stored.person_rows[record.local])

    def _seen(self, key: str, person: Person, active: bool, before: Seen | None = None) -> Seen:
        seen: Seen = dict(before or {})
        for name in _TEXTS:
            value = getattr(person, name)
            if value is not None:
                seen[name] = _hash(key, value)
        seen |= {"enabled": person.enabled, "active": active, "roles": list(person.roles)}
        return seen

    def _new_person(self, key: str, person: Person) -> None:
        id_ = self.person_ids[key] = new_id()
        self.fresh.add(id_)
        self.writes.insert(
            "person", id_, person.kind, person.given_name, person.family_name, person.email, person.phone,
            person.language or self.language, person.enabled, person.born, False, self.roster.source, key, clock.now(),
        )  # fmt: skip
        self.writes.record("person", key, id_, self._seen(key, person, person.enabled), id_, False)
        self.named[id_] = f"{person.given_name} {person.family_name}".strip()
        self.writes.count("people", "new", self.named[id_])

    def _person(self, key: str, person: Person, record: Record, row: PersonRow) -> None:
        update: dict[str, Any] = {}
        for name in _TEXTS:
            value = getattr(person, name)
            if value is not None and _hash(key, value) != record.seen.get(name) and value != getattr(row, name):
                update[name] = value
        active = bool(record.seen.get("active", True))
        # Whoever the school itself deactivated or brought back stays so.
        if row.active == active and (record.gone or person.enabled != record.seen.get("enabled", True)):
            active = person.enabled
            if active != row.active:
                update["active"] = active
                if not active:
                    self._sign_out(record.local)
        seen = self._seen(key, person, active, record.seen)
        if update:
            places = ", ".join(f"{name} = ?" for name in update)
            self.writes.run(f"UPDATE person SET {places} WHERE id = ?", *update.values(), record.local)
        if seen != record.seen or record.gone:
            self.writes.record("person", key, record.local, seen, record.local, False)
        fate = bool(update) or record.gone
        self.writes.count("people", "changed" if fate else "unchanged", row.name, update)

    def _gone_person(self, key: str, record: Record, row: PersonRow) -> None:
        seen = dict(record.seen)
        if record.local in self.stored.kept:
            text = _(
                "%(id)s is no longer in the roster, but holds a role, a link or a class that the school gave by hand."
                " The account stays; deactivate it in the portal if that is right."
            )
            self.problems.warning("", 0, "", text, id=key)
        elif row.active and seen.get("active", True):
            seen["active"] = False
            self.writes.run("UPDATE person SET active = ? WHERE id = ?", False, record.local)
            self._sign_out(record.local)
        self.writes.record("person", key, record.local, seen, record.local, True)
        self.writes.count("people", "gone", row.name)

    def _sign_out(self, person: int) -> None:
        """Who is deactivated is signed out for good: no old cookie works again when they come back."""
        self.deactivated += 1
        self.writes.run("DELETE FROM session WHERE person = ?", person)

    def shrink(self, confirmed: bool) -> None:
        """Refuses to deactivate more than a tenth of the people that imports brought, unless confirmed."""
        rows, people = self.stored.person_rows, self.stored.people.values()
        all_ = sum(1 for record in people if not record.gone and record.local in rows and rows[record.local].active)
        if self.deactivated * 100 > all_ * SHRINK_PERCENT and not confirmed:
            text = _(
                "This roster would deactivate %(gone)s of %(all)s people, more than a tenth. If it is complete and"
                " right, confirm that (--confirm-shrink); nothing was changed."
            )
            file = next((person.where.file for person in self.roster.people.values()), "")
            self.problems.unconfirmed(file, text, gone=self.deactivated, all=all_)

    # -- classes -----------------------------------------------------------------------------------------------

    def groups(self) -> None:
        for key, record in self.stored.groups.items():
            if record.local in self.stored.group_rows:
                self.group_ids[key] = record.local
        for key, group in self.roster.groups.items():
            record_ = self.stored.groups.get(key)
            row = self.stored.group_rows.get(record_.local) if record_ else None
            if record_ is None or row is None:
                self._new_group(key, group)
            elif self._another_year(group, record_, row):
                # A class is never used again for other children: the old one keeps its name, photos and children.
                self.writes.run("UPDATE school_group SET external_id = NULL WHERE id = ?", record_.local)
                self._new_group(key, group)
            else:
                self._group(key, group, record_, row)
        for key, record in self.stored.groups.items():
            named = key in self.roster.groups
            gone = not named if self.roster.groups_mode == "bulk" else key in self.roster.gone_groups
            row = self.stored.group_rows.get(record.local)
            if gone and not record.gone and row is not None and not row.ended(self.today):
                self.writes.run("UPDATE school_group SET until = ? WHERE id = ?", self.yesterday, record.local)
                self.writes.record("group", key, record.local, record.seen | {"until": self.yesterday}, None, True)
                self.writes.count("groups", "gone", row.name)

    def _new_group(self, key: str, group: Group) -> None:
        id_ = self.group_ids[key] = new_id()
        self.fresh.add(id_)
        self.writes.insert("school_group", id_, group.name, group.kind, group.until, self.roster.source, key)
        self.writes.record("group", key, id_, _group_seen(group), None, False)
        self.writes.count("groups", "new", group.name)

    def _another_year(self, group: Group, record: Record, row: GroupRow) -> bool:
        """Is this the identifier of a class of an earlier school year, given to a new class?"""
        before = record.seen.get("starts")
        if record.gone:
            return before is None or before != group.starts
        if row.until is None:
            return False
        if group.starts is not None:
            return group.starts >= row.until
        if group.until is None or row.ended(self.today):
            return row.ended(self.today)
        return clock.days_between(row.until, group.until) > _YEAR_DAYS

    def _group(self, key: str, group: Group, record: Record, row: GroupRow) -> None:
        update: dict[str, Any] = {}
        seen = _group_seen(group)
        if group.until is None:  # not said: stays
            seen["until"] = record.seen.get("until")
        for name in ("name", "kind", "until"):
            value = getattr(group, name)
            stated_anew = value is not None and (value != record.seen.get(name) or record.gone)
            if stated_anew and value != getattr(row, name):
                update[name] = value
        if update:
            places = ", ".join(f"{name} = ?" for name in update)
            self.writes.run(f"UPDATE school_group SET {places} WHERE id = ?", *update.values(), record.local)
        if seen != record.seen or record.gone:
            self.writes.record("group", key, record.local, seen, None, False)
        self.writes.count("groups", "changed" if update or record.gone else "unchanged", row.name, update)

    def terms(self) -> None:
        for key, term in self.roster.terms.items():
            seen = {"starts": term.starts, "until": term.until}
            record = self.stored.terms.get(key)
            if record is None or record.seen != seen:
                self.writes.record("term", key, 0, seen, None, False)

    # -- households --------------------------------------------------------------------------------------------

    def households(self) -> None:
        """The list of households is complete when there is one. What is counted are the places of people in them."""
        if self.roster.households is None:
            return
        named = {household.id: household for household in self.roster.households}
        for key, row in self.stored.households.items():
            if key not in named:
                self._count_household(key, row.members, frozenset())
                self.writes.run("DELETE FROM household WHERE id = ?", row.id)
        for key, household in named.items():
            members = frozenset(
                (self.person_ids[member.person], member.contact_order, ",".join(member.channels))
                for member in household.members
                if member.person in self.person_ids
            )
            stored = self.stored.households.get(key)
            self._count_household(key, stored.members if stored else frozenset(), members)
            if stored is not None and stored.members == members:
                continue
            id_ = stored.id if stored else new_id()
            if stored:
                self.writes.run("DELETE FROM household_member WHERE household = ?", id_)
            else:
                self.writes.insert("household", id_, "", self.roster.source, key)
            for person, order, channels in sorted(members, key=lambda member: member[0]):
                self.writes.insert("household_member", new_id(), id_, person, order, channels)

    def _count_household(self, key: str, before: frozenset[Place], after: frozenset[Place]) -> None:
        """One difference for each person who comes, goes, or is reached in another way."""
        was, is_ = ({person: how for person, *how in places} for places in (before, after))
        for person in was.keys() | is_.keys():
            label = f"{self._name(person)} → {key}"
            if person not in was:
                self.writes.count("households", "new", label)
            elif person not in is_:
                self.writes.count("households", "gone", label)
            else:
                names = ("contact_order", "channels")
                fields = [name for name, one, two in zip(names, was[person], is_[person], strict=True) if one != two]
                self.writes.count("households", "changed" if fields else "unchanged", label, fields)

    def _name(self, person: int) -> str:
        row = self.stored.person_rows.get(person)
        return row.name if row else self.named.get(person, "")


def _group_seen(group: Group) -> Seen:
    return {
        "name": group.name,
        "kind": group.kind,
        "starts": group.starts,
        "until": group.until,
        "terms": list(group.terms),
    }


def _hash(key: str, value: str) -> str:
    """Enough to notice a change, without keeping the value a second time."""
    return hashlib.blake2b(value.encode(), key=key.encode()[:64], digest_size=8).hexdigest()
