"""Who lives together and how word reaches them: what OneRoster cannot say, in a CSV file beside it."""

from __future__ import annotations

from portal.i18n import _
from portal.people.roster import csvfile
from portal.people.roster.csvfile import Line, Table
from portal.people.roster.problems import Problems
from portal.people.roster.source import RawFile
from portal.people.roster.values import Household, Known, Member, Roster

_REQUIRED = ("householdId", "memberSourcedId", "memberRole")
_CHANNELS = {"contactEmail": "email", "contactSMS": "sms", "contactPhone": "phone", "contactPaper": "paper"}
_COLUMNS = (*_REQUIRED, "contactPriority", *_CHANNELS)


def read(file: RawFile, roster: Roster, known: Known, problems: Problems) -> None:
    """Adds the households of `file` to `roster`, whose people they must name."""
    words = {column.casefold(): column for column in _COLUMNS}
    table = csvfile.read(file, problems, lambda word: words.get(word.replace(" ", "").replace("_", "").casefold()))
    if table is None:
        return
    missing = [column for column in _REQUIRED if column not in table.columns]
    for column in missing:
        problems.error(table.name, 1, column, _("This column is missing. Export the file again with it."))
    if missing:
        return
    found: dict[str, dict[str, Member]] = {}
    for line in table.lines:
        household = line.get("householdId")
        member = _member(table, line, roster, known, problems)
        if not household:
            problems.error(table.name, line.number, "householdId", _("This field is empty. Every row needs it."))
        elif member is not None:
            if member.person in found.setdefault(household, {}):
                text = _("%(id)s is in this household already. Keep one of the rows.")
                problems.error(table.name, line.number, "memberSourcedId", text, id=member.person)
            found[household][member.person] = member
    roster.households = [Household(key, tuple(members.values())) for key, members in found.items()]


def _member(table: Table, line: Line, roster: Roster, known: Known, problems: Problems) -> Member | None:
    def wrong(column: str, text: str, **values: object) -> None:
        problems.error(table.name, line.number, column, text, **values)

    key = line.get("memberSourcedId")
    if not key:
        wrong("memberSourcedId", _("This field is empty. Every row needs it."))
        return None
    person = roster.people.get(key) or (known.people.get(key) if roster.people_mode != "bulk" else None)
    if person is None:
        wrong("memberSourcedId", _("%(id)s is not in the roster. Add the person there, or take this row out."), id=key)
        return None
    role = line.get("memberRole").casefold()
    if role not in ("child", "adult"):
        wrong("memberRole", _("Write child or adult here."))
    elif role != person.kind:
        text = _("The roster does not call %(id)s the same (child or adult). The roster was believed.")
        problems.warning(table.name, line.number, "memberRole", text, id=key)
    order = line.get("contactPriority")
    if order and not (order.isascii() and order.isdigit() and len(order) < 4 and int(order)):
        wrong("contactPriority", _("Write a whole number from 1 here, or leave it empty."))
        order = ""
    channels = []
    for column, channel in _CHANNELS.items():
        word = line.get(column).casefold()
        if word not in ("", "true", "false", "1", "0", "yes", "no"):
            wrong(column, _("Write true or false here."))
        elif word in ("true", "1", "yes"):
            channels.append(channel)
    return Member(key, int(order) if order else None, tuple(channels))
