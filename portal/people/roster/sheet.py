"""The plain form: `children.csv` and `guardians.csv` as a secretary keeps them, and perhaps `staff.csv`.

People without a number are known by a fingerprint of what is written about them. Two rows are taken as one person
only if that is certain: a wrong merger would show one family's child to another.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from portal import clock
from portal.i18n import _
from portal.people.roster import csvfile, days, sheet_words
from portal.people.roster.csvfile import Line, Table
from portal.people.roster.problems import Problems
from portal.people.roster.source import Files
from portal.people.roster.values import SHEET, Enrolment, Group, Kind, Link, Person, Roster, Where

_REQUIRED = {"children": ("given", "family", "class"), "guardians": ("given", "family"), "staff": ("given", "family")}
FINGERPRINT = "~"  # begins an identifier that we made up


def recognised(files: Files) -> bool:
    """Is this the plain form?"""
    return any(sheet_words.sheet_of(name) for name in files)


def read(files: Files, today: str, problems: Problems) -> Roster:
    """Reads the sheets; `today` is the school's day. The result counts for nothing if `problems` has errors."""
    tables: dict[str, Table] = {}
    for name, file in files.items():
        sheet = sheet_words.sheet_of(name)
        if sheet is not None and {"manifest.csv", "users.csv"} & files.keys():
            text = _("This is a sheet of the plain form among OneRoster files. Give either the one or the other.")
            problems.error(file.name, 0, "", text)
        elif sheet is None:
            text = _("This file was not read. The sheets are called children.csv and guardians.csv.")
            problems.warning(file.name, 0, "", text)
        elif sheet in tables:
            problems.error(file.name, 0, "", _("Two files hold the same list. Keep one of them."))
        elif (table := csvfile.read(file, problems, _canonical(sheet), ",;\t")) is not None:
            tables[sheet] = table
    for sheet in ("children", "guardians"):
        if sheet not in tables and not problems.errors:
            text = _("The plain form has two files, children.csv and guardians.csv. This one is missing.")
            problems.error(f"{sheet}.csv", 0, "", text)
    for sheet, table in tables.items():
        for column in _REQUIRED[sheet]:
            if column not in table.columns:
                problems.error(table.name, 1, column, _("This column is missing. Add it; the template shows how."))
        if not table.lines and sheet == "children":
            problems.error(table.name, 0, "", _("The file has no rows. Nothing was changed."))
    if problems.errors:
        return Roster(SHEET)
    return _Reader(tables, today, problems).roster()


def _canonical(sheet: str) -> _Canonical:
    return _Canonical(sheet_words.canonical(sheet))


class _Canonical:
    def __init__(self, words: dict[str, str]) -> None:
        self._words = words

    def __call__(self, word: str) -> str | None:
        return self._words.get(sheet_words.plain(word))


def _fingerprint(*parts: str) -> str:
    text = "\x1f".join(" ".join(part.casefold().split()) for part in parts)
    return FINGERPRINT + hashlib.sha256(text.encode()).hexdigest()[:24]


class _Reader:
    def __init__(self, tables: dict[str, Table], today: str, problems: Problems) -> None:
        self.tables = tables
        self.today = today
        self.problems = problems
        self.out = Roster(SHEET)
        self.children: dict[tuple[str, str], list[Person]] = {}  # by name
        self.adults: dict[tuple[str, str], list[Person]] = {}
        self.warned_until = False

    def roster(self) -> Roster:
        for line in self.tables["children"].lines:
            self._child(line)
        rights = {column: self._rights(column) for column in ("decides", "sees")}
        for at, line in enumerate(self.tables["guardians"].lines):
            self._guardian(line, rights["decides"][at], rights["sees"][at])
        for line in self.tables["staff"].lines if "staff" in self.tables else []:
            self._staff(line)
        linked = {child for _adult, child in self.out.links}
        for person in self.out.people.values():
            if person.kind == "child" and person.id not in linked:
                text = _("This child has no guardian, so nobody can decide for it. Add one, here or in the portal.")
                self.problems.warning(person.where.file, person.where.line, "", text)
        return self.out

    def _error(self, sheet: str, line: Line, column: str, text: str, **values: object) -> None:
        table = self.tables[sheet]
        self.problems.error(table.name, line.number, table.label(column), text, **values)

    def _warn(self, sheet: str, line: Line, column: str, text: str, **values: object) -> None:
        table = self.tables[sheet]
        self.problems.warning(table.name, line.number, table.label(column), text, **values)

    def _day(self, sheet: str, line: Line, column: str) -> str | None:
        text = line.get(column)
        try:
            return days.written(text) if text else None
        except days.Ambiguous:
            message = _("Day and month could be either way round here. Write the day as 2015-03-02.")
        except ValueError:
            message = _("This is not a day. Write it as 2015-03-02.")
        self._error(sheet, line, column, message)
        return None

    def _names(self, sheet: str, line: Line) -> tuple[str, str]:
        given, family = line.get("given"), line.get("family")
        for column, value in (("given", given), ("family", family)):
            if not value:
                text = _("The name is missing. Everybody needs one.")
                (self._warn if given or family else self._error)(sheet, line, column, text)
            elif len(value) > 200:
                self._error(sheet, line, column, _("This name is too long to be one. Shorten it to 200 letters."))
        return given, family

    def _language(self, sheet: str, line: Line) -> str | None:
        text = line.get("language")
        if not text:
            return None
        if (code := sheet_words.language(text)) is None:
            message = _("The portal does not speak this language; the school's main language was taken.")
            self._warn(sheet, line, "language", message)
        return code

    def _email(self, sheet: str, line: Line) -> str | None:
        text = line.get("email").removeprefix("mailto:")
        local, at, domain = text.rpartition("@")
        if text and (not local or not at or "." not in domain or " " in text or len(text) > 254):
            message = _("This is not an e-mail address. It was left out; correct it.")
            self._warn(sheet, line, "email", message)
            return None
        return text or None

    # -- children ----------------------------------------------------------------------------------------------

    def _child(self, line: Line) -> None:
        given, family = self._names("children", line)
        born = self._day("children", line, "born")
        if born and born > self.today:
            self._error("children", line, "born", _("This birthday is in the future. Correct it."))
        key = line.get("id") or _fingerprint("child", given, family, born or "")
        where = Where(self.tables["children"].name, line.number)
        if (before := self.out.people.get(key)) is not None:
            if line.get("id"):
                text = _("The identifier %(id)s stands on line %(first)s already. Every child needs its own.")
                self._error("children", line, "id", text, id=key, first=before.where.line)
            else:
                text = _("The same child stands on line %(first)s already. If they are two children, give each an id.")
                self._error("children", line, "given", text, first=before.where.line)
            return
        person = Person(key, "child", given, family, where, born=born, language=self._language("children", line))
        self.out.people[key] = person
        self.children.setdefault(_key(given, family), []).append(person)
        name = line.get("class")
        if not name:
            self._warn("children", line, "class", _("This child has no class, so its family sees no class stories."))
            return
        group = self._class(name, line)
        self.out.enrolments[f"{group} {key}"] = Enrolment(f"{group} {key}", key, group, False, where)

    def _class(self, name: str, line: Line) -> str:
        key = " ".join(name.casefold().split())
        until = self._day("children", line, "class until")
        known = self.out.groups.get(key)
        if known is None:
            if until is None:
                until = _end_of_year(self.today)
                self._assume(until, line)
            self.out.groups[key] = Group(
                key, name, "homeroom", Where(self.tables["children"].name, line.number), None, until
            )
        elif until is not None and until != known.until:
            text = _("This class ends on another day than line %(first)s says. Write the same day in every row.")
            self._error("children", line, "class until", text, first=known.where.line)
        return key

    def _assume(self, until: str, line: Line) -> None:
        if not self.warned_until:
            self.warned_until = True
            text = _("No last day of the school year is given; %(until)s was taken. A column “class until” changes it.")
            self._warn("children", replace(line, number=1), "class until", text, until=until)

    # -- guardians ---------------------------------------------------------------------------------------------

    def _rights(self, column: str) -> list[bool]:
        """The column's answers, row by row. A column that is not there means yes: these are guardians."""
        lines = self.tables["guardians"].lines
        cells = [line.get(column) for line in lines]
        answers = [sheet_words.yes(cell) for cell in cells]
        if not any(cells):
            if column in self.tables["guardians"].columns and lines:
                text = _("The whole column is empty; every guardian was taken as yes. Write yes or no.")
                self._warn("guardians", replace(lines[0], number=1), column, text)
            return [True] * len(lines)
        some_no = False in answers
        for line, cell, answer in zip(lines, cells, answers, strict=True):
            if cell and answer is None:
                self._error("guardians", line, column, _("Write yes or no here."))
            elif not cell and some_no:  # where only yes is marked, an empty cell is a no
                self._error("guardians", line, column, _("This cell is empty, others say no. Write yes or no here."))
        return [answer is True for answer in answers]

    def _guardian(self, line: Line, decides: bool, sees: bool) -> None:
        given, family = self._names("guardians", line)
        child = self._child_of(line)
        if child is None:
            return
        email = self._email("guardians", line)
        if line.get("id"):
            key = line.get("id")
        elif email:
            key = _fingerprint("adult", given, family, email)
        else:
            key = _fingerprint("adult", given, family, "", child.id)
        if not self._adult("guardians", key, given, family, email, line):
            return
        pair = (key, child.id)
        if pair in self.out.links:
            text = _("This guardian is named for this child on line %(first)s already. Keep one of the rows.")
            self._error("guardians", line, "child", text, first=self.out.links[pair].where.line)
            return
        where = Where(self.tables["guardians"].name, line.number)
        relation = line.get("relation")[:60]
        self.out.links[pair] = Link(key, child.id, decides, sees, relation, frozenset("ca"), where)

    def _adult(self, sheet: str, key: str, given: str, family: str, email: str | None, line: Line) -> bool:
        kind: Kind = "adult"
        person = Person(
            key, kind, given, family, Where(self.tables[sheet].name, line.number), email,
            line.get("phone")[:60] or None, self._language(sheet, line),
        )  # fmt: skip
        before = self.out.people.get(key)
        if before is None:
            self.out.people[key] = person
            self._namesakes(sheet, person, line)
            return True
        if before.kind == "child" or _key(before.given_name, before.family_name) != _key(given, family):
            text = _("The identifier %(id)s belongs to somebody else on line %(first)s. Everybody needs their own.")
            self._error(sheet, line, "id", text, id=key if key[0] != FINGERPRINT else "", first=before.where.line)
            return False
        for column in ("email", "phone", "language"):
            one, two = getattr(before, column), getattr(person, column)
            if one and two and one != two:
                text = _("This differs from line %(first)s about the same person. Write the same in both rows.")
                self._error(sheet, line, column, text, first=before.where.line)
        self.out.people[key] = replace(
            before,
            email=before.email or person.email,
            phone=before.phone or person.phone,
            language=before.language or person.language,
        )
        return True

    def _namesakes(self, sheet: str, person: Person, line: Line) -> None:
        others = self.adults.setdefault(_key(person.given_name, person.family_name), [])
        if others and person.id.startswith(FINGERPRINT):
            text = _(
                "Somebody of the same name is on line %(first)s. They were taken as two people; if they are one, give"
                " both rows the same id or e-mail address."
            )
            self._warn(sheet, line, "given", text, first=others[0].where.line)
        others.append(person)

    def _child_of(self, line: Line) -> Person | None:
        key = line.get("child")
        if key:
            if (child := self.out.people.get(key)) is not None and child.kind == "child":
                return child
            text = _("%(id)s is no child in children.csv. Write the id as it stands there, or add the child.")
            self._error("guardians", line, "child", text, id=key)
            return None
        given, family = line.get("child given"), line.get("child family")
        if not given and not family:
            text = _("The row does not say whose guardian this is. Write the child's id, or its names.")
            self._error("guardians", line, "child", text)
            return None
        born = self._day("guardians", line, "child born")
        found = self.children.get(_key(given, family), [])
        found = [child for child in found if born is None or child.born == born]
        if len(found) == 1:
            return found[0]
        if found:
            text = _("Several children have this name. Write the child's id, or its birthday too.")
        else:
            text = _("No child of this name is in children.csv. Write it as it stands there, or add the child.")
        self._error("guardians", line, "child given", text)
        return None

    # -- staff -------------------------------------------------------------------------------------------------

    def _staff(self, line: Line) -> None:
        given, family = self._names("staff", line)
        email = self._email("staff", line)
        key = line.get("id") or _fingerprint("adult", given, family, email or "")
        if key in self.out.people:
            text = _("This person is a guardian and works here: one person, both duties. Check it.")
            self._warn("staff", line, "given", text)
        if not self._adult("staff", key, given, family, email, line):
            return
        for name in line.get("classes").replace(";", ",").split(","):
            group = " ".join(name.casefold().split())
            if not group:
                continue
            if group not in self.out.groups:
                text = _("No child is in this class. Write the class as it stands in children.csv.")
                self._error("staff", line, "classes", text)
                continue
            key_ = f"{group} {key}"
            self.out.enrolments[key_] = Enrolment(key_, key, group, True, Where(self.tables["staff"].name, line.number))


def _key(given: str, family: str) -> tuple[str, str]:
    return " ".join(given.casefold().split()), " ".join(family.casefold().split())


def _end_of_year(today: str) -> str:
    """The next 31 July: most school years that begin after summer end before it."""
    year = int(today[:4])
    end = f"{year}-07-31"
    return end if today <= end else clock.add_days(f"{year + 1}-08-01", -1)
