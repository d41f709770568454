"""A OneRoster gradebook from CSV files (1EdTech OneRoster 1.1 and 1.2): the set, its manifest, its versions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from portal.sdk import _
from portal_grades import importing_csv, importing_days, importing_files, oneroster_rows
from portal_grades.importing_files import Files, Sent
from portal_grades.importing_problems import Problems
from portal_grades.importing_values import Book, Mode
from portal_grades.oneroster_names import FILES, NEEDED, ONLY_12, SETS, V11, V12, plain

MOST_LINES = 400_000  # of one file: 1,300 students with 300 results each

_OWN = {plain(name): name for name in (*FILES, "manifest")}
_OTHERS = {plain(name) for names in SETS.values() for name in names} - _OWN.keys()
_VERSION = re.compile(r"(?<![\d.])1[.p]([12])(?!\d)")
_COLUMNS = {
    plain(name): name
    for name in (
        "sourcedId",
        "status",
        "dateLastModified",
        "title",
        "weight",
        "description",
        "assignDate",
        "dueDate",
        "classSourcedId",
        "categorySourcedId",
        "resultValueMin",
        "resultValueMax",
        "lineItemSourcedId",
        "studentSourcedId",
        "scoreStatus",
        "score",
        "textScore",
        "scoreDate",
        "comment",
        "inProgress",
        "incomplete",
        "late",
        "missing",
        "scoreScaleValue",
        "scoreScaleSourcedId",
        "gradingPeriodSourcedId",
        "academicSessionSourcedId",
    )
}


def kind_of(name: str) -> str | None:
    """Which file of the set a file is, by its name: `results.csv`, `Results (1).csv`, `line_items.csv`."""
    stem = plain(name.rsplit(".", 1)[0].split("(")[0])
    for own in (stem, f"{stem}s"):
        if own in _OWN:
            return _OWN[own]
    if any(stem.endswith(other) for other in _OTHERS):
        return None  # resultScoreScales is not scoreScales
    ends = [own for key, own in _OWN.items() if stem.endswith(key) and stem.removeprefix("oneroster")]
    return max(ends, key=len, default=None)


def is_set(sent: Sequence[Sent]) -> bool:
    """Whether what was sent looks like OneRoster rather than like a teacher's sheet."""
    return any(file.data[:2] == b"PK" for file in sent) or any(kind_of(file.name) for file in sent)


def read(sent: Sequence[Sent], problems: Problems, zone: str = "UTC") -> Book:
    """All that the files say. With a fatal problem the book is not to be used. `zone`: the school's, for days that
    were written as instants."""
    files = _by_kind(importing_files.opened(sent, lambda name: kind_of(name) is not None, problems), problems)
    book = Book(source="files", zone=zone)
    if problems.fatal:
        return book
    if not files.keys() & {"lineItems", "results"}:
        text = _(
            "There is neither lineItems.csv nor results.csv here. A OneRoster gradebook has both; a roster without"
            " results is imported by the office under “Roster”."
        )
        problems.stop("", 0, "", text)
        return book
    book.month_first = importing_days.month_first(file.data for file in files.values())
    stated = _manifest(files, problems)
    book.version = _version(stated, files, problems)
    for kind in FILES:
        mode = _mode(kind, stated, files, problems)
        if mode is not None and not problems.fatal:
            book.modes[kind], book.files[kind] = mode, files[kind].name
            _file(kind, files.pop(kind), book, problems)
    oneroster_rows.finish(book, problems)
    return book


def _by_kind(files: Files, problems: Problems) -> Files:
    found: Files = {}
    for file in files.values():
        kind = kind_of(file.name)
        if kind is None:
            if plain(file.name.rsplit(".", 1)[0]) not in _OTHERS:
                text = _(
                    "This file is not part of a gradebook by its name, and was not read. If it is, name it"
                    " lineItems.csv or results.csv."
                )
                problems.note(file.name, 0, "", text)
            continue
        if kind in found:
            text = _("Two files here could be %(kind)s.csv. Keep one of them, and send it again.")
            problems.stop(file.name, 0, "", text, kind=kind)
        found[kind] = file
    return found


# ---- The manifest ----


def _manifest(files: Files, problems: Problems) -> dict[str, str]:
    """What the manifest states, by name in small letters."""
    table = None
    if "manifest" in files:
        table = importing_csv.read(
            files["manifest"], Problems(),
            lambda word: plain(word) if plain(word) in ("propertyname", "value") else None,
            ("propertyname", "value"),
        )  # fmt: skip
    if table is None:
        text = _("There is no manifest.csv. Every file was taken as complete (bulk).")
        if "manifest" in files:
            text = _("manifest.csv cannot be read. Every file was taken as complete (bulk).")
        problems.note("manifest.csv", 0, "", text)
        return {}
    name, value = table.columns["propertyname"], table.columns["value"]
    return {fields[name].strip().rstrip("*").casefold(): fields[value].strip() for _line, fields in table.rows}


def _version(stated: dict[str, str], files: Files, problems: Problems) -> str:
    told = stated.get("oneroster.version", "")
    if found := _VERSION.search(told):
        return V11 if found[1] == "1" else V12
    if told:
        text = _("This version of OneRoster (%(version)s) is not known here. Export the set as 1.1 or 1.2.")
        problems.stop("manifest.csv", 0, "oneroster.version", text, version=told)
    head = files["results"].data[:2000].lower() if "results" in files else b""
    newer = b"textscore" in head or b"inprogress" in head
    return V12 if newer or any(name in files for name in ONLY_12) else V11


def _mode(kind: str, stated: dict[str, str], files: Files, problems: Problems) -> Mode | None:
    """Whether a file is complete or a part; None for one that is not here."""
    word = stated.get(f"file.{kind}".casefold(), "").casefold()
    if kind not in files:
        if word in ("bulk", "delta"):
            text = _("The manifest announces this file, but it is not here. Export the set again with it.")
            (problems.stop if kind in ("lineItems", "results") else problems.note)(f"{kind}.csv", 0, "", text)
        return None
    if word == "absent":
        text = _("The manifest calls this file absent, but it is here; it was read.")
        problems.note(files[kind].name, 0, "", text)
    if word in ("bulk", "delta"):
        return "bulk" if word == "bulk" else "delta"
    # Where nothing is said, a set in which something is a part is a part: so that nothing counts as gone.
    return "delta" if any(value.casefold() == "delta" for value in stated.values()) else "bulk"


# ---- The files ----


def _file(kind: str, file: Sent, book: Book, problems: Problems) -> None:
    text = _(
        "This file has more than %(most)s rows, more than can be imported at once. Export fewer classes or one term at"
        " a time."
    )
    if file.data.count(b"\n") > 2 * MOST_LINES:  # even if every comment had two lines
        problems.stop(file.name, 0, "", text, most=MOST_LINES)
        return
    table = importing_csv.read(file, problems, lambda word: _COLUMNS.get(plain(word)), NEEDED[kind])
    if table is None:
        return
    take = oneroster_rows.reader(kind, table, book, problems)
    for count, (line, fields) in enumerate(table.rows, 1):
        if count > MOST_LINES:
            problems.stop(file.name, line, "", text, most=MOST_LINES)
            return
        take(line, fields)
