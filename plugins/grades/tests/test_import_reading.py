"""Files as they really come: encodings, signs between columns, versions, and files that mean harm."""

from __future__ import annotations

import io
import zipfile

import pytest
from bookkeeping import ITEMS, book, item, manifest, result, table, zipped
from portal_grades import importing_files, importing_values, mapping, oneroster
from portal_grades.importing_csv import delimiter, encoding
from portal_grades.importing_days import day
from portal_grades.importing_files import Sent
from portal_grades.importing_problems import Problems
from portal_grades.importing_values import Book


def read(files: dict[str, bytes] | bytes) -> tuple[Book, Problems]:
    problems = Problems()
    sent = [Sent("book.zip", files)] if isinstance(files, bytes) else [Sent(name, data) for name, data in files.items()]
    return oneroster.read(sent, problems), problems


def one(*results: list[object], **kinds: object) -> tuple[Book, Problems]:
    return read(book([item("i1")], results))


@pytest.mark.parametrize(
    ("typed", "found"),
    [("7.5", 7500), ("7,5", 7500), ("1.234,5", 1234500), ("1,234.5", 1234500), ("-2", -2000), ("", None), ("A+", None),
     ("1e3", 1_000_000), ("٧٫٥", 7500), ("nan", None), ("inf", None), ("9" * 12, None), (".5", 500), ("12 ", 12000)],
)  # fmt: skip
def test_numbers(typed: str, found: int | None) -> None:
    assert importing_values.number(typed) == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [("2026-11-02", "2026-11-02"), ("2026-11-02T23:30:00.000Z", "2026-11-03"), ("2026-11-02T00:00:00Z", "2026-11-02"),
     ("2026/11/02", "2026-11-02"), ("20261102", "2026-11-02"), ("2.11.26", "2026-11-02"), ("null", ""),
     ("9999-12-31", None), ("0001-01-01T00:00:00", None), ("26-11-02", None), ("2.11.2026", "2026-11-02"),
     ("11/22/2026", "2026-11-22"), ("22/11/2026", "2026-11-22"), ("2/3/2026", None), ("", ""), ("2026-02-30", None),
     ("soon", None)],
)  # fmt: skip
def test_days(typed: str, found: str | None) -> None:
    assert day(typed, "Europe/Berlin") == found


def test_encodings_and_signs_between_columns() -> None:
    assert encoding("ä".encode()) == "utf-8"
    assert encoding(b"\xef\xbb\xbfa") == "utf-8-sig"
    assert encoding("name;ä".encode("cp1252")) == "cp1252"
    assert encoding("Name\tTest 1\nMia\t3".encode("utf-16")) == "utf-16"
    assert encoding("Name\tTest 1\nMia\t3".encode("utf-16-le")) == "utf-16-le"
    assert [delimiter(text) for text in ("a,b\n1;2;3", "a;b", "a\tb,c\td", '"x,y";b', "one")] == [
        ",",
        ";",
        "\t",
        ";",
        ",",
    ]


@pytest.mark.parametrize("how", ["utf-8-sig", "utf-16", "cp1252", "utf-16-le"])
def test_a_set_in_another_encoding_is_read(how: str) -> None:
    files = book([item("i1", "Brüche")], [result("r1", "i1", "mia", comment="Schön!")])
    again = {name: data.decode().encode(how) for name, data in files.items()}
    found, problems = read(zipped(again))
    assert problems.fatal == []
    assert found.items["i1"].title == "Brüche"
    assert found.results[0].comment == "Schön!"
    assert bool(problems.notes) == (how == "cp1252")


def test_header_in_other_letters_unknown_columns_and_blank_lines() -> None:
    header = (
        "SOURCEDID;lineitem_sourcedid; Student SourcedId ;scorestatus;Score;metadata.teacher;comment;nonsense\r\n\r\n"
    )
    rows = (
        'r1;i1;mia;FullyGraded;17,5;x;"He said ""well done"";\r\nand smiled";1\r\n;;;;;;;\r\n\r\nr2;i1;lea;exempt\r\n'
    )
    found, problems = read({"lineItems.csv": table(ITEMS, [item("i1")]), "Results (1).csv": (header + rows).encode()})
    assert problems.fatal == []
    assert [(r.sid, r.score, r.status, r.line) for r in found.results] == [
        ("r1", 17500, "fully graded", 3), ("r2", None, "exempt", 7)
    ]  # fmt: skip
    assert found.results[0].comment == 'He said "well done";\nand smiled'


def test_versions_and_modes() -> None:
    for version in ("1.1", "1.2", "1.2.1"):
        files = {**book([item("i1")], [result("r1", "i1", "mia")]), "manifest.csv": manifest(version, results="delta")}
        found, problems = read(files)
        assert (found.version, found.modes["results"], problems.fatal) == (version[:3], "delta", [])
        assert found.modes["lineItems"] == "delta"  # nothing is said of it beside a part, so nothing of it is gone
    files["manifest.csv"] = manifest("2.0")
    assert "version" in read(files)[1].fatal[0].text
    files["manifest.csv"] = manifest("1.2", results="bulk", lineItems="bulk")
    del files["lineItems.csv"]
    assert read(files)[1].fatal[0].file == "lineItems.csv"


def test_flags_scales_and_what_is_deleted() -> None:
    scales = table(
        (
            "sourcedId",
            "status",
            "dateLastModified",
            "title",
            "type",
            "orgSourcedId",
            "courseSourcedId",
            "classSourcedId",
            "scoreScaleValue",
        ),
        [("s1", "active", "", "Letters", "letters", "", "", "", "{A:90-100},{B:80-89}")],
    )
    links = table(("sourcedId", "lineItemSourcedId", "scoreScaleSourcedId"), [("l1", "i1", "s1")])
    rows = [
        result("r1", "i1", "mia", "", word="B", late="true"),
        result("r2", "i1", "lea", "", says="not submitted", missing="TRUE"),
        result("r3", "i1", "ben", status="tobedeleted"),
    ]  # fmt: skip
    found, problems = read(
        book([item("i1"), item("i2", status="tobedeleted")], rows, scoreScales=scales, lineItemScoreScales=links)
    )
    assert problems.fatal == problems.skipped == []
    assert found.scales["s1"].values == (("A", "90-100"), ("B", "80-89"))
    assert found.items["i1"].scale == "s1"
    assert [(r.word, r.flags) for r in found.results] == [("B", importing_values.LATE), ("", importing_values.MISSING)]
    assert found.gone["results"] == {"r3"}
    assert found.gone["lineItems"] == {"i2"}


def test_what_is_wrong_leaves_its_row_out_and_says_where() -> None:
    rows = [
        result("r1", "i1", "mia"), result("r1", "i1", "lea"), result("", "i1", "lea"), result("r4", "i1", "mia", 3),
        result("r5", "", "lea"), result("r6", "i1", "lea", "very good"), result("r7", "i1", "ben", status="perhaps"),
    ]  # fmt: skip
    found, problems = read(book([item("i1")], rows))
    assert [(p.line, p.column) for p in problems.skipped] == [
        (3, "sourcedId"), (4, "sourcedId"), (5, "studentSourcedId"), (6, "lineItemSourcedId"), (8, "status")
    ]  # fmt: skip
    assert [r.sid for r in found.results] == ["r1", "r6"]
    assert found.results[1].word == "very good"
    assert problems.left_out == 5
    assert all(p.file == "results.csv" for p in problems.skipped)


def test_a_file_that_cannot_be_read_stops_it_all() -> None:
    assert read({"results.csv": b'sourcedId,"score\r\nr1,5\r\n'})[1].fatal[0].line == 1
    assert "column" in read({"results.csv": b"sourcedId,score\r\nr1,5\r\n"})[1].fatal[0].text
    assert (
        "twice"
        in read({"results.csv": b"sourcedId,score,Score,lineItemSourcedId,studentSourcedId\r\n"})[1].fatal[0].text
    )
    assert "empty" in read({"results.csv": b""})[1].fatal[0].text
    assert "NUL" in read({"results.csv": b"sourcedId," * 30 + b"\0" * 40})[1].fatal[0].text
    assert "neither" in read({"users.csv": b"sourcedId\r\n"})[1].fatal[0].text


def test_too_many_rows_are_a_clear_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oneroster, "MOST_LINES", 3)
    rows = [result(f"r{n}", "i1", f"s{n}") for n in range(4)]
    problems = read(book([item("i1")], rows))[1]
    assert "more than %(most)s rows" in problems.fatal[0].text
    assert problems.fatal[0].line == 5


def test_zips_that_mean_harm() -> None:
    bomb = zipped({"results.csv": b"0" * 60_000_000})
    assert len(bomb) < 100_000
    assert "unpacks to more" in read(bomb)[1].fatal[0].text
    assert "outside itself" in read(zipped({"../results.csv": b"x"}))[1].fatal[0].text
    assert "damaged" in read(b"PK\x03\x04" + b"\0" * 50)[1].fatal[0].text
    many = zipped({f"{n}.csv": b"" for n in range(importing_files.MOST_ENTRIES + 1)})
    assert "unpacks to more" in read(many)[1].fatal[0].text
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("results.csv", b"sourcedId")
    assert "unusual" in read(packed.getvalue())[1].fatal[0].text
    plain = zipped({"results.csv": b"sourcedId"})
    end = plain.rindex(b"PK\x05\x06")
    assert "unusual" in read(plain[:end] + b"PK\x06\x07" + b"\0" * 16 + plain[end:])[1].fatal[0].text


def test_a_zip_within_folders_and_with_rubbish_is_read() -> None:
    files = {f"export 2026/{name}": data for name, data in book([item("i1")], [result("r1", "i1", "mia")]).items()}
    found, problems = read(
        zipped({**files, "__MACOSX/._results.csv": b"\0\5", "export 2026/users.csv": b"x", "read me.docx": b"PK"})
    )
    assert problems.fatal == []
    assert [r.sid for r in found.results] == ["r1"]


# ---- Sheets ----


def sheet(text: str, how: str = "utf-8", name: str = "marks.csv") -> mapping.Sheet:
    problems = Problems()
    found = mapping.read([Sent(name, text.encode(how))], problems)
    assert found is not None, problems.fatal
    return found


def test_a_sheet_from_excel_with_tabs_in_utf_16() -> None:
    found = sheet("Klasse 3a\t\t\r\nNachname\tVorname\tTest 1 (20)\tBemerkung\r\nTest\tMia\t17,5\tgut\r\n", "utf-16")
    assert found.header == ("Nachname", "Vorname", "Test 1 (20)", "Bemerkung")
    columns = mapping.guess(found)
    assert [(c.role, c.title, c.most) for c in columns] == [
        ("family", "", None), ("given", "", None), ("result", "Test 1", 20000), ("comment", "", None)
    ]  # fmt: skip


def test_a_sheet_from_canvas() -> None:
    text = (
        "Student,ID,SIS User ID,SIS Login ID,Section,Essay (12345),Final Score\n"
        "    Points Possible,,,,,30,(read only)\n"
        '"Test, Mia",77,mia,mia@school.example,3a,27.5,91\n'
        '"Student, Test",78,,,3a,,\n'
    )
    found = sheet(text)
    assert [line for line, _cells in found.rows] == [3]
    columns = mapping.guess(found)
    assert columns[2].role == "id"
    assert [(c.role, c.title, c.most) for c in columns if c.role] == [
        ("name", "", None), ("id", "", None), ("result", "Essay", 30000)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "status", "score", "grade"),
    [("8,5", "fully graded", 8500, ""), ("17/20", "fully graded", 17000, ""), ("85%", "fully graded", 85000, ""),
     ("B+", "fully graded", None, "B+"), ("EX", "exempt", None, ""), ("fehlt", "not submitted", None, "")],
)  # fmt: skip
def test_cells(typed: str, status: str, score: int | None, grade: str) -> None:
    found = mapping.cell(typed)
    assert isinstance(found, mapping.Cell)
    assert (found.status, found.score, found.grade) == (status, score, grade)


def test_cells_that_say_nothing_or_cannot_be_right() -> None:
    assert mapping.cell("") is mapping.cell("–") is None
    for spoilt in ("08.05.2026", "3-May", "05. Mai"):
        assert isinstance(mapping.cell(spoilt), str), spoilt


def test_a_workbook_is_no_csv() -> None:
    problems = Problems()
    assert mapping.read([Sent("marks.xlsx", b"PK\x03\x04...")], problems) is None
    assert "CSV" in problems.fatal[0].text
