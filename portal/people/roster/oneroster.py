"""What a OneRoster set says about the school's people, as a `Roster`.

An end date of an enrolment is exclusive in the standard: the day before it is the last. One that is not before the
end of the class means "to the end", however its exporter reads the standard.

Nobody receives a school role here: administrators and office staff arrive as plain adults, and the school names
its own administrators in the portal.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from portal import clock
from portal.i18n import _
from portal.people.roster import days, oneroster_files
from portal.people.roster.csvfile import Line
from portal.people.roster.oneroster_files import FileSet, Sheet, list_of
from portal.people.roster.problems import Problems
from portal.people.roster.source import Files
from portal.people.roster.values import (
    ONEROSTER,
    Enrolment,
    Group,
    Kind,
    Known,
    Link,
    Person,
    Roster,
    Term,
    Where,
)

_GUARDIANS = {"parent", "guardian"}
_STAFF = {
    "teacher", "aide", "proctor", "administrator", "counselor", "principal",
    "siteadministrator", "districtadministrator", "systemadministrator",
}  # fmt: skip
_ROLES = {"student", "relative", *_GUARDIANS, *_STAFF}
_CLASS_STAFF = {"teacher", "aide", "proctor"}
_EMAIL_MOST = 254  # RFC 5321


def read(files: Files, known: Known, today: str, problems: Problems) -> Roster:
    """Reads the set; `today` is the school's day. The result counts for nothing if `problems` has errors."""
    loaded = oneroster_files.load(files, known, problems)
    if loaded is None:
        return Roster(ONEROSTER)
    return _Reader(loaded, known, today, problems).roster()


@dataclass(frozen=True, slots=True)
class _User:
    kind: Kind
    roles: tuple[str, ...]


class _Reader:
    """One pass over a loaded set."""

    def __init__(self, loaded: FileSet, known: Known, today: str, problems: Problems) -> None:
        self.set = loaded
        self.known = known
        self.today = today
        self.problems = problems
        self.users: dict[str, _User] = {}
        self.out = Roster(
            ONEROSTER,
            people_mode=loaded.mode("users"),
            groups_mode=loaded.mode("classes"),
            enrolments_mode=loaded.mode("enrollments"),
            gone_people=set(loaded.deleted("users")),
            gone_groups=set(loaded.deleted("classes")),
            gone_enrolments=set(loaded.deleted("enrollments")),
        )

    def roster(self) -> Roster:
        self._terms()
        self._groups()
        roles = self._roles()
        born = self._born()
        for key, line in self._rows("users"):
            self._user(key, line, roles.get(key, []), born.get(key))
        for key, line in self._rows("users"):
            self._links_of(key, line)
        for key, line in self._rows("enrollments"):
            self._enrolment(key, line)
        self._look_again()
        return self.out

    # -- helpers -----------------------------------------------------------------------------------------------

    def _sheet(self, name: str) -> Sheet:
        return self.set.sheets[name]

    def _rows(self, name: str) -> list[tuple[str, Line]]:
        return list(self.set.rows(name).items())

    def _error(self, name: str, line: Line, column: str, text: str, **values: object) -> None:
        self.problems.error(self._sheet(name).file, line.number, column, text, **values)

    def _warn(self, name: str, line: Line, column: str, text: str, **values: object) -> None:
        self.problems.warning(self._sheet(name).file, line.number, column, text, **values)

    def _where(self, name: str, line: Line) -> Where:
        return Where(self._sheet(name).file, line.number)

    def _day(self, name: str, line: Line, column: str) -> str | None:
        text = line.get(column)
        if not text:
            return None
        try:
            return days.iso(text)
        except ValueError:
            self._error(name, line, column, _("This is not a day as OneRoster writes it. Write it as 2026-08-31."))
            return None

    def _named(self, name: str, line: Line, column: str) -> str:
        text = line.get(column)
        if not text:
            self._error(name, line, column, _("This field is empty. Every row needs it."))
        elif len(text) > 200:
            self._error(name, line, column, _("This name is too long to be one. Shorten it to 200 letters."))
        return text

    # -- years and classes -------------------------------------------------------------------------------------

    def _terms(self) -> None:
        for key, line in self._rows("academicSessions"):
            starts = self._day("academicSessions", line, "startDate")
            until = self._day("academicSessions", line, "endDate")
            if starts is None or until is None:
                for column in ("startDate", "endDate"):
                    if not line.get(column):
                        self._error("academicSessions", line, column, _("This field is empty. Every row needs it."))
            elif until < starts:
                text = _("This day is before the start. Correct one of them.")
                self._error("academicSessions", line, "endDate", text)
            else:
                self.out.terms[key] = Term(key, starts, until)

    def _span(self, terms: list[str]) -> tuple[str | None, str | None]:
        found = [term for key in terms if (term := self.out.terms.get(key) or self.known.terms.get(key))]
        if not found:
            return None, None
        return min(term.starts for term in found), max(term.until for term in found)

    def _groups(self) -> None:
        for key, line in self._rows("classes"):
            word = line.get("classType").casefold()
            if word not in ("homeroom", "scheduled"):
                text = _("The class type %(type)s is not known and was taken as scheduled.")
                self._warn("classes", line, "classType", text, type=word or "(empty)")
            kind: Literal["homeroom", "course"] = "homeroom" if word == "homeroom" else "course"
            terms = list_of(line.get("termSourcedIds"))
            starts, until = self._span(terms)
            if until is None:
                text = _("This class has no term, so the portal cannot know when it ends. Give it a term.")
                self._warn("classes", line, "termSourcedIds", text)
            name = self._named("classes", line, "title")
            self.out.groups[key] = Group(
                key, name, kind, self._where("classes", line), starts, until, tuple(sorted(terms))
            )
        if self.set.mode("academicSessions") == "delta":
            self._moved_terms()

    def _moved_terms(self) -> None:
        """Classes of earlier imports whose term has new dates now, although the set does not repeat them."""
        for key, group in self.known.groups.items():
            if key in self.out.groups or key in self.out.gone_groups or not set(group.terms) & set(self.out.terms):
                continue
            starts, until = self._span(list(group.terms))
            line = self.set.rows("academicSessions")[next(term for term in group.terms if term in self.out.terms)]
            self.out.groups[key] = Group(
                key, group.name, group.kind, self._where("academicSessions", line), starts, until, group.terms
            )

    # -- people ------------------------------------------------------------------------------------------------

    def _roles(self) -> dict[str, list[tuple[str, bool, Line]]]:
        """Roles in force by user, with whether each is the primary one (OneRoster 1.2)."""
        found: dict[str, list[tuple[str, bool, Line]]] = {}
        for _key, line in self._rows("roles"):
            starts = self._day("roles", line, "beginDate")
            ends = self._day("roles", line, "endDate")
            if (starts and starts > self.today) or (ends and ends <= self.today):
                continue
            primary = line.get("roleType").casefold() != "secondary"
            if self._role_known("roles", line):
                found.setdefault(line.get("userSourcedId"), []).append((line.get("role").casefold(), primary, line))
        return found

    def _role_known(self, name: str, line: Line) -> bool:
        role = line.get("role").casefold()
        if role in _ROLES:
            return True
        if role.startswith("ext:"):
            self._warn(name, line, "role", _("The role %(role)s gives nothing in the portal."), role=role)
            return True
        if role:
            text = _("The role %(role)s is not known. Use one of OneRoster’s, such as student, parent or teacher.")
            self._error(name, line, "role", text, role=role)
        else:
            self._error(name, line, "role", _("This field is empty. Every row needs it."))
        return False

    def _born(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for key, line in self._rows("demographics"):
            day = self._day("demographics", line, "birthDate")
            if day and day > self.today:
                self._error("demographics", line, "birthDate", _("This birthday is in the future. Correct it."))
            elif day:
                found[key] = day
        return found

    def _user(self, key: str, line: Line, roles: list[tuple[str, bool, Line]], born: str | None) -> None:
        user = self._kind(key, line, roles)
        if user is None:
            return
        self.users[key] = user
        given = line.get("preferredGivenName") or line.get("givenName")
        family = line.get("preferredFamilyName") or line.get("familyName")
        for column, value in (("givenName", given), ("familyName", family)):
            if not value:
                other = family if column == "givenName" else given
                text = _("The name is missing. Everybody needs one.")
                (self._warn if other else self._error)("users", line, column, text)
            elif len(value) > 200:
                self._error("users", line, column, _("This name is too long to be one. Shorten it to 200 letters."))
        enabled = line.get("enabledUser").casefold()
        if enabled not in ("true", "false", "1", "0", ""):
            self._error("users", line, "enabledUser", _("Write true or false here."))
        self.out.people[key] = Person(
            key,
            user.kind,
            given,
            family,
            self._where("users", line),
            email=self._email(line),
            phone=(line.get("phone") or line.get("sms"))[:60] or None,
            born=born,
            enabled=enabled not in ("false", "0"),
            roles=user.roles,
        )

    def _kind(self, key: str, line: Line, rows: list[tuple[str, bool, Line]]) -> _User | None:
        if self.set.version == "1.1":
            return self._one_role(line)
        if not rows:
            if stored := self.known.people.get(key):
                return _User(stored.kind, stored.roles)
            text = _("%(id)s has no role in force in roles.csv. Add one, or take the person out of users.csv.")
            self._error("users", line, "sourcedId", text, id=key)
            return None
        roles = {role for role, _primary, _line in rows}
        adult = roles - {"student"}
        if "student" not in roles or not adult:
            return _User("adult" if adult else "child", tuple(sorted(roles)))
        is_child = any(primary for role, primary, _line in rows if role == "student")
        text = _("%(id)s is a student and an adult of the school at once. The primary role was taken; check it.")
        self._warn("roles", rows[0][2], "role", text, id=key)
        return _User("child", ("student",)) if is_child else _User("adult", tuple(sorted(adult)))

    def _one_role(self, line: Line) -> _User | None:
        if not self._role_known("users", line):
            return None
        role = line.get("role").casefold()
        return _User("child" if role == "student" else "adult", (role,))

    def _email(self, line: Line) -> str | None:
        text = line.get("email")
        if not text:
            return None
        local, at, domain = text.rpartition("@")
        if not local or not at or not domain or " " in text or len(text) > _EMAIL_MOST:
            self._warn("users", line, "email", _("This is not an e-mail address. It was left out; correct it."))
            return None
        return text

    # -- who belongs to whom -----------------------------------------------------------------------------------

    def _who(self, key: str) -> _User | None:
        if key in self.users:
            return self.users[key]
        if key in self.set.deleted("users") or self.set.mode("users") == "bulk":
            return None
        stored = self.known.people.get(key)
        return _User(stored.kind, stored.roles) if stored else None

    def _links_of(self, key: str, line: Line) -> None:
        user = self.users.get(key)
        for other in list_of(line.get("agentSourcedIds")) if user else []:
            agent = self._who(other)
            if user is None or agent is None:
                continue  # a reference that leads nowhere has been reported
            if user.kind == agent.kind:
                text = _("%(id)s cannot be a guardian here: a link joins a child and an adult. It was left out.")
                self._warn("users", line, "agentSourcedIds", text, id=other)
            elif user.kind == "child":
                self._link(other, key, agent, "c", line)
            else:
                self._link(key, other, user, "a", line)

    def _link(self, adult: str, child: str, agent: _User, side: str, line: Line) -> None:
        if (before := self.out.links.get((adult, child))) is not None:
            self.out.links[adult, child] = replace(before, sides=before.sides | {side})
            return
        roles = set(agent.roles)
        decides = sees = bool(roles & (_GUARDIANS | _STAFF))
        relation = next((role for role in ("parent", "guardian", "relative") if role in roles), "")
        if roles & _STAFF:
            text = _("%(id)s works at the school and is this child's guardian: one person, both duties. Check it.")
            self._warn("users", line, "agentSourcedIds", text, id=adult)
        elif not decides:
            text = _(
                "%(id)s is a relative, not a parent or guardian: neither decides for this child nor sees it until the"
                " office says so."
            )
            self._warn("users", line, "agentSourcedIds", text, id=adult)
        self.out.links[adult, child] = Link(
            adult, child, decides, sees, relation, frozenset(side), self._where("users", line)
        )

    # -- who is in which class ---------------------------------------------------------------------------------

    def _enrolment(self, key: str, line: Line) -> None:
        role = line.get("role").casefold()
        user = self._who(line.get("userSourcedId"))
        group = line.get("classSourcedId")
        starts = self._day("enrollments", line, "beginDate")
        ends = self._day("enrollments", line, "endDate")
        if starts and ends and ends < starts:
            self._error("enrollments", line, "endDate", _("This day is before the start. Correct one of them."))
        if role not in ("student", "administrator", *_CLASS_STAFF) and not role.startswith("ext:"):
            text = _("The role %(role)s is not known. Use student, teacher, aide, proctor or administrator.")
            self._error("enrollments", line, "role", text, role=role or "(empty)")
            return
        here = self.out.groups.get(group) or self.known.groups.get(group)
        if user is None or here is None or group in self.out.gone_groups:
            return  # reported as a reference that leads nowhere, or deleted
        staff = role in _CLASS_STAFF
        if role != "student" and not staff:
            text = _("The role %(role)s gives nothing in a class. Its teachers are named as teacher or aide.")
            self._warn("enrollments", line, "role", text, role=role)
            return
        if staff == (user.kind == "child"):
            text = _("%(id)s cannot be %(role)s of a class by the role in the list of people. The line was left out.")
            self._warn("enrollments", line, "role", text, id=line.get("userSourcedId"), role=role)
            return
        if staff and not set(user.roles) & _STAFF:
            text = _("%(id)s is a guardian and teaches this class too: one person, both duties. Check it.")
            self._warn("enrollments", line, "userSourcedId", text, id=line.get("userSourcedId"))
        if ends is not None:
            ends = None if here.until is not None and ends >= here.until else clock.add_days(ends, -1)
        self.out.enrolments[key] = Enrolment(
            key, line.get("userSourcedId"), group, staff, self._where("enrollments", line), starts, ends
        )

    # -- what somebody should look at ----------------------------------------------------------------------------

    def _look_again(self) -> None:
        self._doubles()
        linked = {child for _adult, child in self.out.links}
        guardians = {adult for adult, _child in self.out.links}
        bulk = self.set.mode("users") == "bulk"
        for key, person in self.out.people.items():
            where = person.where
            if person.kind == "child" and key not in linked and (bulk or key not in self.known.people):
                text = _("%(id)s has no guardian, so nobody can decide for this child. Add one, here or in the portal.")
                self.problems.warning(where.file, where.line, "agentSourcedIds", text, id=key)
            elif person.kind == "adult" and bulk and key not in guardians and not set(person.roles) - _GUARDIANS:
                text = _("%(id)s is a guardian of no child here. Name the child, or take the person out.")
                self.problems.warning(where.file, where.line, "agentSourcedIds", text, id=key)

    def _doubles(self) -> None:
        """The same person twice in the same class at the same time counts once."""
        seen: dict[tuple[str, str, bool], list[Enrolment]] = {}
        for key, enrolment in list(self.out.enrolments.items()):
            others = seen.setdefault((enrolment.person, enrolment.group, enrolment.staff), [])
            if any(_overlap(enrolment, other) for other in others):
                text = _("%(id)s is in this class already by line %(first)s. This line was left out.")
                where = enrolment.where
                self.problems.warning(
                    where.file, where.line, "userSourcedId", text, id=enrolment.person, first=others[0].where.line
                )
                del self.out.enrolments[key]
            else:
                others.append(enrolment)


def _overlap(one: Enrolment, two: Enrolment) -> bool:
    return (one.starts or "") <= (two.ends or "9") and (two.starts or "") <= (one.ends or "9")
