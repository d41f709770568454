"""The files of a OneRoster CSV set (1EdTech OneRoster 1.1 and 1.2, CSV binding): manifest, columns, references."""

from __future__ import annotations

from dataclasses import dataclass, field

from portal.i18n import _
from portal.people.roster import csvfile
from portal.people.roster.csvfile import Line, Table
from portal.people.roster.problems import Problems
from portal.people.roster.source import Files
from portal.people.roster.values import Known, Mode

# Columns that the standard wants filled. Without them in the header the file is refused.
_REQUIRED = {
    "academicSessions": ("sourcedId", "title", "type", "startDate", "endDate"),
    "orgs": ("sourcedId", "name", "type"),
    "courses": ("sourcedId", "title", "orgSourcedId"),
    "classes": ("sourcedId", "title", "courseSourcedId", "classType", "schoolSourcedId", "termSourcedIds"),
    "users": ("sourcedId", "enabledUser", "username", "givenName", "familyName", "agentSourcedIds"),
    "roles": ("sourcedId", "userSourcedId", "roleType", "role", "orgSourcedId"),
    "enrollments": ("sourcedId", "classSourcedId", "schoolSourcedId", "userSourcedId", "role"),
    "demographics": ("sourcedId", "birthDate"),
}
# Columns that we use if they are there; the standard wants them in the header even when they are empty.
_USED = {
    "academicSessions": ("status", "parentSourcedId"),
    "orgs": ("status", "parentSourcedId"),
    "courses": ("status", "schoolYearSourcedId"),
    "classes": ("status", "classCode"),
    "users": (
        "status", "role", "orgSourcedIds", "primaryOrgSourcedId", "userMasterIdentifier", "email", "sms", "phone",
        "preferredGivenName", "preferredFamilyName",
    ),
    "roles": ("status", "beginDate", "endDate"),
    "enrollments": ("status", "primary", "beginDate", "endDate"),
    "demographics": ("status",),
}  # fmt: skip
FILES = tuple(_REQUIRED)
_EXPECTED = {"enrollments": ("beginDate", "endDate")}  # missing: worth a warning, because dates would be lost

# Which column refers to which file; a field may hold a list.
_REFERENCES = (
    ("academicSessions", "parentSourcedId", "academicSessions"),
    ("orgs", "parentSourcedId", "orgs"),
    ("courses", "orgSourcedId", "orgs"),
    ("courses", "schoolYearSourcedId", "academicSessions"),
    ("classes", "courseSourcedId", "courses"),
    ("classes", "schoolSourcedId", "orgs"),
    ("classes", "termSourcedIds", "academicSessions"),
    ("users", "orgSourcedIds", "orgs"),
    ("users", "primaryOrgSourcedId", "orgs"),
    ("users", "agentSourcedIds", "users"),
    ("roles", "userSourcedId", "users"),
    ("roles", "orgSourcedId", "orgs"),
    ("enrollments", "classSourcedId", "classes"),
    ("enrollments", "schoolSourcedId", "orgs"),
    ("enrollments", "userSourcedId", "users"),
    ("demographics", "sourcedId", "users"),
)
_LISTS = {"termSourcedIds", "orgSourcedIds", "agentSourcedIds"}


@dataclass
class Sheet:
    """One file of the set: its rows by `sourcedId`, and those that it names as deleted."""

    name: str
    mode: Mode
    table: Table
    rows: dict[str, Line] = field(default_factory=dict)
    deleted: dict[str, Line] = field(default_factory=dict)

    @property
    def file(self) -> str:
        return self.table.name


@dataclass
class FileSet:
    """The whole set. `version` is '1.1' or '1.2'."""

    version: str
    sheets: dict[str, Sheet] = field(default_factory=dict)

    def mode(self, name: str) -> Mode:
        return self.sheets[name].mode if name in self.sheets else "absent"

    def rows(self, name: str) -> dict[str, Line]:
        return self.sheets[name].rows if name in self.sheets else {}

    def deleted(self, name: str) -> dict[str, Line]:
        return self.sheets[name].deleted if name in self.sheets else {}


def list_of(text: str) -> list[str]:
    """The items of a list field, each once."""
    return list(dict.fromkeys(item.strip() for item in text.split(",") if item.strip()))


def load(files: Files, known: Known, problems: Problems) -> FileSet | None:
    """Reads every file that we use and checks columns, identifiers and references. None after a fatal error."""
    manifest = _manifest(files, problems)
    if manifest is None:
        return None
    version, modes = manifest
    loaded = FileSet(version)
    for name in FILES:
        if modes[name] != "absent" and (sheet := _sheet(files, name, modes[name], version, problems)) is not None:
            loaded.sheets[name] = sheet
    if problems.errors:
        return None
    for name, column, target in _REFERENCES:
        _references(loaded, name, column, target, known, problems)
    return loaded


def _manifest(files: Files, problems: Problems) -> tuple[str, dict[str, Mode]] | None:
    """The version and each file's mode. Reports what contradicts the files that are there."""
    stated: dict[str, str] = {}
    if "manifest.csv" not in files:
        text = _("There is no manifest.csv. Every file was taken as complete (bulk); add the manifest to be sure.")
        problems.warning("manifest.csv", 0, "", text)
    else:
        words = {"propertyname": "propertyName", "value": "value"}
        table = csvfile.read(files["manifest.csv"], problems, lambda word: words.get(word.casefold()))
        if table is None:
            return None
        for column in words.values():
            if column not in table.columns:
                problems.error(table.name, 1, column, _("This column is missing. Export the set again with it."))
                return None
        for line in table.lines:
            key = line.get("propertyName").casefold()
            if key in stated and stated[key] != line.get("value"):
                text = _("This property stands twice with different values. Keep the right one.")
                problems.error(table.name, line.number, "propertyName", text)
            stated[key] = line.get("value")
    version = _version(stated, files, problems)
    modes = {name: _mode(stated, name, files, problems) for name in FILES}
    if "delta" not in modes.values() and modes["users"] == "absent" and not problems.errors:
        problems.error("users.csv", 0, "", _("A complete roster needs users.csv. Export the set again with it."))
    return None if problems.errors else (version, modes)


def _version(stated: dict[str, str], files: Files, problems: Problems) -> str:
    version = stated.get("oneroster.version", "")
    if version[:3] in ("1.1", "1.2") and version[3:4] in ("", "."):
        return version[:3]
    found = "1.2" if "roles.csv" in files else "1.1"
    if version:
        text = _("This version of OneRoster (%(version)s) is not known here. Export the set as 1.1 or 1.2.")
        problems.error("manifest.csv", 0, "oneroster.version", text, version=version)
    elif stated:
        text = _("The manifest does not say the version of OneRoster. It was taken as %(version)s.")
        problems.warning("manifest.csv", 0, "oneroster.version", text, version=found)
    return found


def _mode(stated: dict[str, str], name: str, files: Files, problems: Problems) -> Mode:
    key = f"file.{name}"
    there = f"{name}.csv".lower() in files
    word = stated.get(key.casefold(), "").casefold()
    if word == "absent":
        if there:
            text = _("The manifest calls this file absent, but it is here. Correct the manifest or remove the file.")
            problems.error(f"{name}.csv", 0, "", text)
        return "absent"
    if word in ("bulk", "delta"):
        if not there:
            text = _("The manifest announces this file, but it is not here. Export the set again with it.")
            problems.error(f"{name}.csv", 0, "", text)
        return "bulk" if word == "bulk" else "delta"
    if word:
        text = _("The manifest says neither bulk, delta nor absent for this file. Correct it.")
        problems.error("manifest.csv", 0, key, text)
    elif there and stated:
        if any(value.casefold() == "delta" for value in stated.values()):
            text = _("The manifest does not say whether this file is complete (bulk) or a part (delta). Add it.")
            problems.error("manifest.csv", 0, key, text)
        else:
            text = _("The manifest does not mention this file. It was taken as complete (bulk).")
            problems.warning("manifest.csv", 0, key, text)
    return "bulk" if there else "absent"


def _sheet(files: Files, name: str, mode: Mode, version: str, problems: Problems) -> Sheet | None:
    ours = {column.casefold(): column for column in (*_REQUIRED[name], *_USED[name])}
    table = csvfile.read(
        files[f"{name}.csv".lower()],
        problems,
        lambda word: ours.get(word.replace(" ", "").replace("_", "").casefold()),
    )
    if table is None:
        return None
    required = _REQUIRED[name]
    if name == "users" and version == "1.1":
        required += ("role", "orgSourcedIds")
    if mode == "delta":
        required += ("status",)
    missing = [column for column in required if column not in table.columns]
    for column in missing:
        problems.error(table.name, 1, column, _("This column is missing. Export the set again with it."))
    if missing:
        return None
    for column in _EXPECTED.get(name, ()):
        if column not in table.columns:
            text = _("This column is missing, so no dates are known. Export the set again with it if there are dates.")
            problems.warning(table.name, 1, column, text)
    sheet = Sheet(name, mode, table)
    _index(sheet, problems)
    if mode == "bulk" and not sheet.rows and name in ("users", "classes", "enrollments"):
        text = _("The file has no rows, although it is said to be complete. Export it again; nothing was changed.")
        problems.error(table.name, 0, "", text)
    return sheet


def _index(sheet: Sheet, problems: Problems) -> None:
    lines: dict[str, int] = {}
    for line in sheet.table.lines:
        key = line.get("sourcedId")
        if not key:
            problems.error(sheet.file, line.number, "sourcedId", _("The identifier is missing. Every row needs one."))
            continue
        if key in lines:
            text = _("The identifier %(id)s stands on line %(first)s already. Every row needs its own.")
            problems.error(sheet.file, line.number, "sourcedId", text, id=key, first=lines[key])
            continue
        lines[key] = line.number
        status = line.get("status").casefold()
        if status not in ("", "active", "tobedeleted"):
            text = _("The status %(status)s is not known. Write active or tobedeleted.")
            problems.error(sheet.file, line.number, "status", text, status=status)
        elif status == "tobedeleted":
            sheet.deleted[key] = line
        else:
            if sheet.mode == "delta" and not status:
                text = _("In a part (delta) every row says active or tobedeleted. This one was taken as active.")
                problems.warning(sheet.file, line.number, "status", text)
            sheet.rows[key] = line


def _references(loaded: FileSet, name: str, column: str, target: str, known: Known, problems: Problems) -> None:
    """Every reference must lead to a row, here or (where a file is no complete list) in what is stored."""
    sheet = loaded.sheets.get(name)
    if sheet is None or column not in sheet.table.columns:
        return
    here, deleted = loaded.rows(target), loaded.deleted(target)
    stored: dict[str, set[str]] = {
        "users": set(known.people),
        "classes": set(known.groups),
        "academicSessions": set(known.terms),
    }
    if loaded.mode(target) != "bulk" and target not in stored:
        return  # orgs and courses are not kept, so there is nothing to compare with
    elsewhere = stored[target] if loaded.mode(target) != "bulk" else set()
    for line in sheet.rows.values():
        text = line.get(column)
        for item in list_of(text) if column in _LISTS else [text] if text else []:
            if item in here or item in elsewhere:
                continue
            if item in deleted:
                message = _("This row leads to %(id)s, which %(list)s deletes; what depends on it was left out.")
                problems.warning(sheet.file, line.number, column, message, id=item, list=f"{target}.csv")
            else:
                message = _(
                    "%(id)s is not in %(list)s. Add the missing row, or take this reference away, and export again."
                )
                problems.error(sheet.file, line.number, column, message, id=item, list=f"{target}.csv")
        if not text and column in ("classSourcedId", "userSourcedId") and name in ("enrollments", "roles"):
            problems.error(sheet.file, line.number, column, _("This field is empty. Every row needs it."))
