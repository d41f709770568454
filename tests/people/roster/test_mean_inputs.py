# ruff: noqa: E501  (rows of CSV files and cases stay on one line)
"""Rosters that are broken, misleading or hostile: each is refused with file, line and remedy, or warned about.

Every case is the small good roster with one thing wrong, and the good one itself is accepted without a word.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .kit import SHEETS, SMALL, Texts, edit, read, small12, without, without_column

Bytes = dict[str, "str | bytes"]


def _utf16(files: Texts) -> Bytes:
    return {**files, "users.csv": files["users.csv"].encode("utf-16")}


def _utf16_bare(files: Texts) -> Bytes:
    return {**files, "users.csv": files["users.csv"].encode("utf-16-le")}


def _latin1(files: Texts) -> Bytes:
    return {**files, "users.csv": files["users.csv"].replace("Lea,Herbst", "Léa,Herbst").encode("latin-1")}


def _nul(files: Texts) -> Bytes:
    return {**files, "users.csv": files["users.csv"].replace("Lea", "L\0a")}


def _sheet(name: str, old: str, new: str) -> Texts:
    return edit(SHEETS, name, old, new)


USERS = "users.csv"
# what is wrong, the files, and the expected file, line, field and a part of the remedy
REFUSED: list[tuple[str, Bytes | Texts, str, int, str, str]] = [
    ("utf-16", _utf16(SMALL), USERS, 1, "", "CSV UTF-8"),
    ("utf-16 without a mark", _utf16_bare(SMALL), USERS, 1, "", "CSV UTF-8"),
    ("latin-1", _latin1(SMALL), USERS, 4, "", "CSV UTF-8"),
    ("a NUL byte", _nul(SMALL), USERS, 4, "", "Export it again"),
    ("an open quote", edit(SMALL, USERS, '"p-1,p-2"', '"p-1,p-2'), USERS, 2, "", "quotation mark"),
    ("an open quote that a later one closes", edit(edit(SMALL, USERS, ",Mia,", ',"Mia,'), USERS, ",Ben,", ',Ben",'),
     USERS, 2, "", "quotation mark"),
    ("text behind a quote", edit(SMALL, USERS, '"p-1,p-2"', '"p-1"x'), USERS, 2, "", "quotation mark"),
    ("a line break in a field", edit(SMALL, USERS, ",Mia,", ',"Mi\na",'), USERS, 2, "givenName", "line break"),
    ("a control character", edit(SMALL, USERS, "Mia", "Mi\x07a"), USERS, 2, "givenName", "anew"),
    ("too many fields", edit(SMALL, USERS, ",Mia,", ",Mia,Anna,"), USERS, 2, "", "quotation marks"),
    ("too few fields", edit(SMALL, USERS, ",Lea,", ","), USERS, 4, "", "two commas"),
    ("a huge field", edit(SMALL, USERS, "Mia", "M" * 20_000), USERS, 2, "givenName", "longer"),
    ("a field beyond the reader's limit", edit(SMALL, USERS, "Mia", "M" * 200_000), USERS, 2, "", "quotation mark"),
    ("semicolons", {**SMALL, USERS: SMALL[USERS].replace(",", ";")}, USERS, 1, "", "comma"),
    ("tabs", {**SMALL, USERS: SMALL[USERS].replace(",", "\t")}, USERS, 1, "", "comma"),
    ("an empty file", {**SMALL, USERS: ""}, USERS, 1, "", "first line"),
    ("only a header", {**SMALL, USERS: SMALL[USERS].splitlines()[0]}, USERS, 0, "", "Export it again"),
    ("no enrolments", {**SMALL, "enrollments.csv": SMALL["enrollments.csv"].splitlines()[0]}, "enrollments.csv", 0, "",
     "Export it again"),
    ("a column twice", edit(SMALL, USERS, "username", "givenName"), USERS, 1, "givenName", "Keep one"),
    ("no role column", without_column(SMALL, USERS, "role"), USERS, 1, "role", "Export the set again"),
    ("no agents column", without_column(SMALL, USERS, "agentSourcedIds"), USERS, 1, "agentSourcedIds", "again"),
    ("no identifiers", without_column(SMALL, "classes.csv", "sourcedId"), "classes.csv", 1, "sourcedId", "again"),
    ("no family names", without_column(SMALL, USERS, "familyName"), USERS, 1, "familyName", "again"),
    ("no people in enrolments", without_column(SMALL, "enrollments.csv", "userSourcedId"), "enrollments.csv", 1,
     "userSourcedId", "again"),
    ("a file that is missing", without(SMALL, "enrollments.csv"), "enrollments.csv", 0, "", "Export the set again"),
    ("no users at all", edit(without(SMALL, USERS), "manifest.csv", "file.users,bulk", "file.users,absent"), USERS, 0,
     "", "needs users.csv"),
    ("a file called absent", edit(SMALL, "manifest.csv", "file.orgs,bulk", "file.orgs,absent"), "orgs.csv", 0, "",
     "Correct the manifest"),
    ("an unknown mode", edit(SMALL, "manifest.csv", "file.orgs,bulk", "file.orgs,whole"), "manifest.csv", 0,
     "file.orgs", "bulk, delta"),
    ("a delta set that says nothing of a file", edit(edit(SMALL, "manifest.csv", "file.orgs,bulk\n", ""),
     "manifest.csv", "file.courses,bulk", "file.courses,delta"), "manifest.csv", 0, "file.orgs", "delta"),
    ("an unknown version", edit(SMALL, "manifest.csv", "version,1.1", "version,1.0"), "manifest.csv", 0,
     "oneroster.version", "1.1 or 1.2"),
    ("a property twice", edit(SMALL, "manifest.csv", "file.users,bulk", "file.users,bulk\nfile.users,delta"),
     "manifest.csv", 12, "propertyName", "right one"),
    ("no identifier", edit(SMALL, USERS, "s-2,,,true", ",,,true"), USERS, 3, "sourcedId", "needs one"),
    ("an identifier twice", edit(SMALL, USERS, "s-3,,,true", "s-2,,,true"), USERS, 4, "sourcedId", "line 3"),
    ("an enrolment twice", edit(SMALL, "enrollments.csv", "e-3,", "e-1,"), "enrollments.csv", 4, "sourcedId", "line 2"),
    ("a class twice", edit(SMALL, "classes.csv", "c-2,", "c-1,"), "classes.csv", 3, "sourcedId", "line 2"),
    ("a guardian who is not there", edit(SMALL, USERS, '"p-1,p-2"', '"p-1,p-9"'), USERS, 2, "agentSourcedIds", "p-9"),
    ("an enrolment of nobody", edit(SMALL, "enrollments.csv", ",s-2,", ",s-9,"), "enrollments.csv", 3,
     "userSourcedId", "s-9 is not in users.csv"),
    ("an enrolment in no class", edit(SMALL, "enrollments.csv", ",c-2,", ",c-9,"), "enrollments.csv", 3,
     "classSourcedId", "classes.csv"),
    ("a class in no term", edit(SMALL, "classes.csv", "term-1", "term-9"), "classes.csv", 2, "termSourcedIds",
     "academicSessions.csv"),
    ("a class of no course", edit(SMALL, "classes.csv", "course-1", "course-9"), "classes.csv", 2, "courseSourcedId",
     "courses.csv"),
    ("a person of no school", edit(SMALL, USERS, "org-1", "org-9"), USERS, 2, "orgSourcedIds", "orgs.csv"),
    ("a wrong letter case in a reference", edit(SMALL, "enrollments.csv", ",s-2,", ",S-2,"), "enrollments.csv", 3,
     "userSourcedId", "S-2"),
    ("an empty reference", edit(SMALL, "enrollments.csv", ",s-2,", ",,"), "enrollments.csv", 3, "userSourcedId", "empty"),
    ("an unknown status", edit(SMALL, USERS, "s-2,,", "s-2,asleep,"), USERS, 3, "status", "tobedeleted"),
    ("an unknown role", edit(SMALL, USERS, "teacher", "wizard"), USERS, 8, "role", "student, parent or teacher"),
    ("an unknown role in a class", edit(SMALL, "enrollments.csv", "teacher", "wizard"), "enrollments.csv", 5, "role",
     "teacher"),
    ("no name", edit(SMALL, USERS, "Lea,Herbst", ","), USERS, 4, "givenName", "needs one"),
    ("a name like a novel", edit(SMALL, USERS, "Lea", "L" * 300), USERS, 4, "givenName", "Shorten"),
    ("not a boolean", edit(SMALL, USERS, "s-2,,,true", "s-2,,,maybe"), USERS, 3, "enabledUser", "true or false"),
    ("a day as people write it", edit(SMALL, "academicSessions.csv", "2026-08-31", "31/08/2026"),
     "academicSessions.csv", 2, "startDate", "2026-08-31"),
    ("30 February", edit(SMALL, "enrollments.csv", "s-2,student,,,", "s-2,student,,2027-02-30,"), "enrollments.csv",
     3, "beginDate", "2026-08-31"),
    ("a term that ends first", edit(SMALL, "academicSessions.csv", "2027-07-16", "2025-07-16"),
     "academicSessions.csv", 2, "endDate", "before the start"),
    ("an enrolment that ends first", edit(SMALL, "enrollments.csv", "s-2,student,,,",
     "s-2,student,,2026-10-01,2026-09-01"), "enrollments.csv", 3, "endDate", "before the start"),
    ("nobody's roles", edit(small12(), "roles.csv", ",s-2,", ",s-9,"), "roles.csv", 3, "userSourcedId", "users.csv"),
    ("a person without a role", edit(small12(), "roles.csv", "r-2,,,s-2,primary,student,,,org-1,\n", ""), USERS, 3,
     "sourcedId", "roles.csv"),
    ("a birthday to come", edit(small12(), "demographics.csv", "2018-03-02", "2028-03-02"), "demographics.csv", 2,
     "birthDate", "future"),
    ("a birthday of nobody", edit(small12(), "demographics.csv", "s-1", "s-9"), "demographics.csv", 2, "sourcedId",
     "users.csv"),
    ("a part without status", without_column(edit(SMALL, "manifest.csv", "file.users,bulk", "file.users,delta"), USERS,
     "status"), USERS, 1, "status", "again"),
    ("two formats in one", {**SMALL, **SHEETS}, "children.csv", 0, "", "either"),
    ("one sheet of two", without(SHEETS, "guardians.csv"), "guardians.csv", 0, "", "missing"),
    ("the same list twice", {**SHEETS, "kinder.csv": SHEETS["children.csv"]}, "kinder.csv", 0, "", "Keep one"),
    ("a sheet without classes", without_column(SHEETS, "children.csv", "class"), "children.csv", 1, "class", "template"),
    ("a child twice", _sheet("children.csv", "3,Lea", "2,Lea"), "children.csv", 4, "id", "line 3"),
    ("a guardian of nobody", _sheet("guardians.csv", "3,Cleo", "9,Cleo"), "guardians.csv", 5, "child", "9 is no child"),
    ("a guardian of whom", _sheet("guardians.csv", "3,Cleo", ",Cleo"), "guardians.csv", 5, "child", "whose guardian"),
    ("a day either way round", _sheet("children.csv", "2017-05-06", "05/06/2017"), "children.csv", 3, "born", "either"),
    ("a year of two digits", _sheet("children.csv", "2017-05-06", "06.05.17"), "children.csv", 3, "born", "2015-03-02"),
    ("a spreadsheet's day number", _sheet("children.csv", "2017-05-06", "42861"), "children.csv", 3, "born", "not a day"),
    ("neither yes nor no", _sheet("guardians.csv", "yes,no", "yes,perhaps"), "guardians.csv", 5, "sees", "yes or no"),
    ("an empty cell among noes", _sheet("guardians.csv", "de,yes,yes", "de,yes,"), "guardians.csv", 2, "sees", "yes or no"),
    ("two addresses of one person", {**SHEETS, "guardians.csv": "id,child,given name,family name,email\n"
     "7,1,Ada,Winter,a@x.example\n7,2,Ada,Winter,b@x.example\n3,3,Cleo,Herbst,\n"}, "guardians.csv", 3, "email", "line 2"),
    ("one id for two people", {**SHEETS, "guardians.csv": "id,child,given name,family name\n7,1,Ada,Winter\n7,2,Bo,Sommer\n"},
     "guardians.csv", 3, "id", "somebody else"),
    ("two children of one name", {"children.csv": "given name,family name,born,class\nMia,Winter,2018-03-02,3a\n"
     "Mia,Winter,2017-03-02,3b\n", "guardians.csv": "child given name,child family name,given name,family name\n"
     "Mia,Winter,Ada,Winter\n"}, "guardians.csv", 2, "child given name", "birthday"),
    ("nothing that belongs to a roster", {"friends.csv": "a,b\n1,2\n"}, "users.csv", 0, "", "users.csv"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "file", "line", "field", "remedy"), [case[1:] for case in REFUSED],
                         ids=[case[0] for case in REFUSED])  # fmt: skip
def test_refused_with_place_and_remedy(files: Bytes, file: str, line: int, field: str, remedy: str) -> None:
    _roster, problems = read(files)
    found = [(p.file, p.line, p.field) for p in problems.errors]
    assert (file, line, field) in found
    messages = [p.message for p in problems.errors if (p.file, p.line, p.field) == (file, line, field)]
    assert any(remedy in message for message in messages), messages


WARNED: list[tuple[str, Bytes | Texts, str, int, str, str]] = [
    ("no manifest", without(SMALL, "manifest.csv"), "manifest.csv", 0, "", "complete"),
    ("a manifest without a version", edit(SMALL, "manifest.csv", "oneroster.version,1.1\n", ""), "manifest.csv", 0,
     "oneroster.version", "1.1"),
    ("a file that the manifest forgets", edit(SMALL, "manifest.csv", "file.orgs,bulk\n", ""), "manifest.csv", 0,
     "file.orgs", "bulk"),
    ("a child without guardian", edit(SMALL, USERS, "s-3,,\n", ",,\n"), USERS, 4, "agentSourcedIds", "no guardian"),
    ("a guardian without child", edit(SMALL, USERS, "s-3,,\n", ",,\n"), USERS, 7, "agentSourcedIds", "no child"),
    ("a parent who teaches", edit(SMALL, USERS, '"p-1,p-2"', '"p-1,t-1"'), USERS, 2, "agentSourcedIds", "both duties"),
    ("a parent enrolled as teacher", edit(SMALL, "enrollments.csv", ",t-1,", ",p-1,"), "enrollments.csv", 5,
     "userSourcedId", "both duties"),
    ("a relative", edit(SMALL, USERS, "org-1,guardian", "org-1,relative"), USERS, 7, "agentSourcedIds", "office"),
    ("a sister as guardian", edit(SMALL, USERS, '"p-1,p-2"', '"p-1,s-2"'), USERS, 2, "agentSourcedIds", "left out"),
    ("a child that teaches", edit(SMALL, "enrollments.csv", "s-2,student", "s-2,teacher"), "enrollments.csv", 3, "role",
     "left out"),
    ("an adult as pupil", edit(SMALL, "enrollments.csv", "t-1,teacher", "t-1,student"), "enrollments.csv", 5, "role",
     "left out"),
    ("an administrator of a class", edit(SMALL, "enrollments.csv", "t-1,teacher", "t-1,administrator"),
     "enrollments.csv", 5, "role", "nothing"),
    ("an extension role", edit(SMALL, USERS, "org-1,teacher", "org-1,ext:librarian"), USERS, 8, "role", "nothing"),
    ("the same place twice", edit(SMALL, "enrollments.csv", "e-3,,,c-1,org-1,s-3", "e-3,,,c-1,org-1,s-1"),
     "enrollments.csv", 4, "userSourcedId", "line 2"),
    ("a class without end", edit(SMALL, "classes.csv", "org-1,term-1", "org-1,"), "classes.csv", 2, "termSourcedIds",
     "when it ends"),
    ("an address that is none", edit(SMALL, USERS, "ada@families.example", "call Ada"), USERS, 5, "email", "correct it"),
    ("one name only", edit(SMALL, USERS, "Lea,Herbst", "Lea,"), USERS, 4, "familyName", "Everybody"),
    ("a lost letter", edit(SMALL, USERS, "Lea", "L\ufffda"), USERS, 4, "", "lost"),
    ("saved in two encodings", edit(SMALL, USERS, "Lea", "L\u00c3\u00a9a"), USERS, 4, "", "UTF-8"),
    ("no dates in enrolments", without_column(SMALL, "enrollments.csv", "endDate"), "enrollments.csv", 1, "endDate",
     "dates"),
    ("deleted rows in a complete file", edit(SMALL, USERS, "p-1,,", "p-1,tobedeleted,"), USERS, 2, "agentSourcedIds",
     "deletes"),
    ("student and teacher at once", edit(small12(), "roles.csv", "r-7,", "r-8,,,s-1,secondary,teacher,,,org-1,\nr-7,"),
     "roles.csv", 2, "role", "primary"),
    ("a file that is no table", {**SMALL, "readme.txt": "hello"}, "readme.txt", 0, "", "not a CSV"),
    ("an unknown language", _sheet("guardians.csv", ",de,", ",Klingon,"), "guardians.csv", 2, "language", "main language"),
    ("a sheet without last day", SHEETS, "children.csv", 1, "class until", "2027-07-31"),
    ("namesakes without address", {**SHEETS, "guardians.csv": "child,given name,family name\n1,Ada,Winter\n2,Ada,Winter\n"
     "3,Cleo,Herbst\n"}, "guardians.csv", 3, "given name", "two people"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "file", "line", "field", "words"), [case[1:] for case in WARNED],
                         ids=[case[0] for case in WARNED])  # fmt: skip
def test_accepted_with_a_warning(files: Bytes, file: str, line: int, field: str, words: str) -> None:
    roster, problems = read(files)
    assert problems.errors == []
    assert roster.people
    messages = [p.message for p in problems.warnings if (p.file, p.line, p.field) == (file, line, field)]
    assert any(words in message for message in messages), [p.as_json() for p in problems.warnings]


def _same(change: Callable[[Texts], Bytes | Texts]) -> Callable[[], Bytes | Texts]:
    return lambda: change(dict(SMALL))


HARMLESS: dict[str, Callable[[], Bytes | Texts]] = {
    "as it is": _same(lambda files: files),
    "with a byte order mark": _same(lambda files: {**files, USERS: "\ufeff" + files[USERS]}),
    "with Windows line ends": _same(lambda files: {n: t.replace("\n", "\r\n") for n, t in files.items()}),
    "with old Mac line ends": _same(lambda files: {n: t.replace("\n", "\r") for n, t in files.items()}),
    "without a last line end": _same(lambda files: {n: t.rstrip("\n") for n, t in files.items()}),
    "with empty lines": _same(lambda files: {n: t.replace("\n", "\n\n") + ",,,\n" for n, t in files.items()}),
    "with headers in other letters": _same(
        lambda files: {n: t.partition("\n")[0].upper() + "\n" + t.partition("\n")[2] for n, t in files.items()}
    ),
    "with spaces round everything": _same(
        lambda files: {n: t if n == USERS else t.replace(",", " , ") for n, t in files.items()}
    ),
    "with file names in other letters": _same(lambda files: {n.upper(): t for n, t in files.items()}),
    "with roles in other letters": _same(lambda files: edit(edit(files, USERS, "student", "Student"), USERS, "parent", "PARENT")),
    "with empty columns at the end": _same(
        lambda files: {**files, USERS: "".join(line + ",,\n" for line in files[USERS].splitlines())}
    ),
    "with columns in another order": _same(
        lambda files: {
            **files,
            "orgs.csv": "type,name,sourcedId,status,metadata.colour,parentSourcedId\nschool,Linden,org-1,,red,\n",
        }
    ),
    "with midnight behind days": _same(
        lambda files: edit(files, "academicSessions.csv", "2026-08-31", "2026-08-31T00:00:00Z")
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless_differences_change_nothing(name: str) -> None:
    roster, problems = read(HARMLESS[name]())
    plain, _ = read(SMALL)
    assert problems.errors == []
    assert problems.warnings == []
    assert roster.people.keys() == plain.people.keys()
    assert {key: (p.given_name, p.family_name, p.kind) for key, p in roster.people.items()} == {
        key: (p.given_name, p.family_name, p.kind) for key, p in plain.people.items()
    }
    assert roster.groups.keys() == plain.groups.keys()
    assert roster.enrolments.keys() == plain.enrolments.keys()
    assert {key: (link.decides, link.sees) for key, link in roster.links.items()} == {
        key: (link.decides, link.sees) for key, link in plain.links.items()
    }


def test_no_personal_data_in_messages() -> None:
    """Names, addresses and birthdays of the bent rosters turn up in no message."""
    secrets = ("Mia", "Winter", "Sommer", "Herbst", "Ada", "Cleo", "@", "2018-03-02", "2017-05-06")
    shown = 0
    for case in [*REFUSED, *WARNED]:
        _roster, problems = read(case[1])
        for problem in [*problems.errors, *problems.warnings]:
            shown += 1
            assert not any(secret in problem.message for secret in secrets), problem.message
    assert shown > 100


def test_a_flood_of_errors_is_cut() -> None:
    rows = "".join(f"x-{n},,,c-1,org-1,nobody-{n},student,,,\n" for n in range(5000))
    _roster, problems = read({**SMALL, "enrollments.csv": SMALL["enrollments.csv"] + rows})
    assert len(problems.errors) == 1001
    assert "more than 1000" in problems.errors[-1].message
