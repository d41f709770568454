# ruff: noqa: E501  (rows of CSV files and cases stay on one line)
"""Small rosters to bend, and ways to import them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime

from portal import clock
from portal.db import db
from portal.people.roster import actions
from portal.people.roster.actions import Outcome, Package
from portal.people.roster.problems import Problems
from portal.people.roster.source import RawFile, from_uploads
from portal.people.roster.values import Known, Roster

TODAY = "2026-11-21"
NOON = clock.instant(datetime(2026, 11, 21, 12, tzinfo=UTC))

Texts = dict[str, str]

MANIFEST = """propertyName,value
manifest.version,1.0
oneroster.version,1.1
file.academicSessions,bulk
file.categories,absent
file.classes,bulk
file.courses,bulk
file.demographics,absent
file.enrollments,bulk
file.orgs,bulk
file.users,bulk
source.systemName,Test
source.systemCode,T
"""

# p-1 and p-2 are the parents of s-1; p-2 is also s-2's; the guardian p-3 is named from her own side (s-3).
SMALL: Texts = {
    "manifest.csv": MANIFEST,
    "academicSessions.csv": """sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear
term-1,,,2026-2027,schoolYear,2026-08-31,2027-07-16,,2027
""",
    "orgs.csv": """sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId
org-1,,,Linden School,school,L,
""",
    "courses.csv": """sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes
course-1,,,term-1,Form group,F,,org-1,,
""",
    "classes.csv": """sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods
c-1,,,3a,,course-1,3a,homeroom,,org-1,term-1,,,
c-2,,,3b,,course-1,3b,homeroom,,org-1,term-1,,,
""",
    "users.csv": """sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password
s-1,,,true,org-1,student,s1,,Mia,Winter,,,,,,"p-1,p-2",,
s-2,,,true,org-1,student,s2,,Ben,Sommer,,,,,,p-2,,
s-3,,,true,org-1,student,s3,,Lea,Herbst,,,,,,,,
p-1,,,true,org-1,parent,p1,,Ada,Winter,,,ada@families.example,,,,,
p-2,,,true,org-1,parent,p2,,Bo,Sommer,,,bo@families.example,,,,,
p-3,,,true,org-1,guardian,p3,,Cleo,Herbst,,,,,,s-3,,
t-1,,,true,org-1,teacher,t1,,Dora,Frost,,,,,,,,
""",
    "enrollments.csv": """sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate
e-1,,,c-1,org-1,s-1,student,,,
e-2,,,c-2,org-1,s-2,student,,,
e-3,,,c-1,org-1,s-3,student,,,
e-4,,,c-1,org-1,t-1,teacher,true,,
""",
}

SHEETS: Texts = {
    "children.csv": """id,given name,family name,born,class
1,Mia,Winter,2018-03-02,3a
2,Ben,Sommer,2017-05-06,3b
3,Lea,Herbst,,3a
""",
    "guardians.csv": """child,given name,family name,email,language,decides,sees,relation
1,Ada,Winter,ada@families.example,de,yes,yes,mother
1,Bo,Sommer,bo@families.example,en,yes,yes,father
2,Bo,Sommer,bo@families.example,en,yes,yes,father
3,Cleo,Herbst,cleo@families.example,uk,yes,no,guardian
""",
}


def small12() -> Texts:
    """The same school as OneRoster 1.2: roles in a file of their own, birthdays, preferred names."""
    files = dict(SMALL)
    files["manifest.csv"] = (
        MANIFEST.replace("version,1.1", "version,1.2")
        .replace("file.demographics,absent", "file.demographics,bulk")
        .replace("file.users,bulk", "file.users,bulk\nfile.roles,bulk\nfile.userProfiles,absent")
    )
    files["users.csv"] = """sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,preferredGivenName,preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns
s-1,,,true,s1,,Miriam,Winter,,,,,,"p-1,p-2",,,,Mia,,,org-1,
s-2,,,true,s2,,Ben,Sommer,,,,,,p-2,,,,,,,org-1,
s-3,,,true,s3,,Lea,Herbst,,,,,,,,,,,,,org-1,
p-1,,,true,p1,,Ada,Winter,,,ada@families.example,,,,,,,,,,org-1,
p-2,,,true,p2,,Bo,Sommer,,,bo@families.example,,,,,,,,,,org-1,
p-3,,,true,p3,,Cleo,Herbst,,,,,,s-3,,,,,,,org-1,
t-1,,,true,t1,,Dora,Frost,,,,,,,,,,,,,org-1,
"""
    roles = "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId\n"
    who = [(f"s-{n}", "student") for n in (1, 2, 3)] + [("p-1", "parent"), ("p-2", "parent"), ("p-3", "guardian")]
    for number, (user, role) in enumerate([*who, ("t-1", "teacher")], 1):
        roles += f"r-{number},,,{user},primary,{role},,,org-1,\n"
    files["roles.csv"] = roles
    files["demographics.csv"] = "sourcedId,status,dateLastModified,birthDate,sex\ns-1,,,2018-03-02,female\n"
    return files


def edit(files: Mapping[str, str], name: str, old: str, new: str) -> Texts:
    """A copy with one place changed; the place must be there."""
    assert old in files[name], (name, old)
    return {**files, name: files[name].replace(old, new, 1)}


def without(files: Mapping[str, str], *names: str) -> Texts:
    return {name: text for name, text in files.items() if name not in names}


def without_column(files: Mapping[str, str], name: str, column: str) -> Texts:
    """A copy in which this file lacks a column (for files without quoted commas before it)."""
    import csv

    rows = list(csv.reader(io.StringIO(files[name])))
    at = rows[0].index(column)
    out = io.StringIO()
    csv.writer(out).writerows([row[:at] + row[at + 1 :] for row in rows])
    return {**files, name: out.getvalue()}


def delta(**texts: str) -> Texts:
    """A OneRoster 1.1 part: rows for the named files, with the headers of `SMALL`."""
    files: Texts = {}
    manifest = MANIFEST.replace(",bulk", ",absent")
    for name, rows in texts.items():
        manifest = manifest.replace(f"file.{name},absent", f"file.{name},delta")
        files[f"{name}.csv"] = SMALL[f"{name}.csv"].splitlines()[0] + "\n" + rows
    return {"manifest.csv": manifest, **files}


def package(files: Mapping[str, str | bytes], households: str | None = None) -> Package:
    problems = Problems()
    raw = [(name, text.encode() if isinstance(text, str) else text) for name, text in files.items()]
    beside = RawFile("households.csv", households.encode()) if households is not None else None
    return Package(from_uploads(raw, problems), beside, problems)


def read(files: Mapping[str, str | bytes], known: Known | None = None) -> tuple[Roster, Problems]:
    """The roster without any database."""
    packed = package(files)
    roster = actions.read(packed, known or Known(), TODAY, packed.problems)
    return roster, packed.problems


async def bring(files: Mapping[str, str | bytes], households: str | None = None, *, confirm: bool = False) -> Outcome:
    """Imports into the connected database."""
    return await actions.apply(package(files, households), confirm_shrink=confirm)


async def brought(files: Mapping[str, str | bytes], households: str | None = None, *, confirm: bool = False) -> Outcome:
    """Imports, and insists that nothing was refused."""
    outcome = await bring(files, households, confirm=confirm)
    assert not outcome.refused, [problem.as_json() for problem in outcome.problems.errors]
    return outcome


def counts(outcome: Outcome, what: str) -> tuple[int, int, int, int]:
    """new, changed, unchanged, gone"""
    found = outcome.as_json()[what]
    return found["new"], found["changed"], found["unchanged"], found["gone"]


TABLES = ("person", "school_group", "membership", "staff", "link", "household", "household_member", "roster_record", "role")


async def everything() -> dict[str, list[tuple[object, ...]]]:
    """All rows that an import could touch, to prove that it did not."""
    return {table: sorted(await db.rows(f"SELECT * FROM {table}"), key=repr) for table in TABLES}


async def who(key: str) -> int:
    """The stored id of a person by the roster's identifier."""
    found = await db.value("SELECT id FROM person WHERE external_id = ? AND source <> 'test'", key)
    assert isinstance(found, int), key
    return found


def zipped(files: Mapping[str, str | bytes], folder: str = "", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, text in files.items():
            archive.writestr(folder + name, text)
    return out.getvalue()
