"""Gradebooks for tests, as other programs write them, for the school with its cast."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from portal_grades import importing, service

from portal.sdk import clock
from portal.testing import Browser, TestSchool

Rows = Iterable[Sequence[object]]

ITEMS = (
    "sourcedId", "status", "dateLastModified", "title", "description", "assignDate", "dueDate", "classSourcedId",
    "categorySourcedId", "academicSessionSourcedId", "resultValueMin", "resultValueMax", "schoolSourcedId",
)  # fmt: skip
RESULTS = (
    "sourcedId", "status", "dateLastModified", "lineItemSourcedId", "studentSourcedId", "scoreStatus", "score",
    "scoreDate", "comment", "textScore", "classSourcedId", "inProgress", "incomplete", "late", "missing",
)  # fmt: skip


def table(header: Sequence[str], rows: Rows) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([header, *rows])
    return stream.getvalue().encode()


def item(
    sid: str, title: str = "Fractions", group: str = "3a", most: object = 20, status: str = "active"
) -> list[object]:
    return [
        sid, status, "2026-11-01T10:00:00.000Z", title, "Pages 4 and 5", "2026-11-02", "2026-11-09", group, "c1", "t1",
        0, most, "s1",
    ]  # fmt: skip


def result(
    sid: str,
    of: str,
    student: str,
    score: object = 17,
    comment: str = "",
    word: str = "",
    status: str = "active",
    says: str = "fully graded",
    late: str = "false",
    missing: str = "false",
) -> list[object]:
    return [
        sid, status, "2026-11-10T10:00:00.000Z", of, student, says, score, "2026-11-10", comment, word, "3a", "false",
        "false", late, missing,
    ]  # fmt: skip


def manifest(version: str = "1.2", **modes: str) -> bytes:
    stated = [("manifest.version", "1.0"), ("oneroster.version", version)]
    return table(("propertyName", "value"), [*stated, *((f"file.{name}", mode) for name, mode in modes.items())])


def book(items: Rows | None, results: Rows | None, mode: str = "bulk", **more: bytes) -> dict[str, bytes]:
    """The files of a set."""
    files = {
        "categories.csv": table(
            ("sourcedId", "status", "dateLastModified", "title", "weight"), [("c1", "active", "", "Tests", 50)]
        )
    }
    modes = {"categories": mode}
    if items is not None:
        files["lineItems.csv"], modes["lineItems"] = table(ITEMS, items), mode
    if results is not None:
        files["results.csv"], modes["results"] = table(RESULTS, results), mode
    for name, data in more.items():
        files[f"{name}.csv"], modes[name] = data, mode
    return {"manifest.csv": manifest(**modes), **files}


def zipped(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


def unzipped(data: bytes) -> dict[str, list[dict[str, str]]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            name: list(csv.DictReader(io.StringIO(archive.read(name).decode(), newline="")))
            for name in archive.namelist()
        }


async def send(
    browser: Browser, data: bytes, name: str = "gradebook.zip", kind: str = "oneroster", group: int = 0
) -> str:
    """Sends a file; returns the address to which the browser is led."""
    answer = await browser.post("/grades/import", {"kind": kind, "group": str(group)}, files={"files": (name, data)})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def yes(browser: Browser, address: str, **wanted: str) -> str:
    """Says yes to a preview; returns the page that follows."""
    answer = await browser.post(f"{address}/confirm", {"release": "now", "word": "yes", **wanted})
    assert answer.status_code == 303
    return (await browser.get(address)).text


def words(html: str) -> str:
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


async def on_their_way(school: TestSchool, count: int = 1) -> list[str]:
    """Imports in each state that has a page; returns the addresses."""
    teacher, office = await school.browser("teacher"), await school.browser("office")
    sheet = b"Name,Test 1 (20),Comment\nMia Test,17,Well done\nLea,30,\n"
    found = []
    for number in range(count):
        columns = await send(teacher, sheet, f"marks{number}.csv", "sheet", school.groups["3a"])
        look = await send(teacher, sheet, f"marks{number}.csv", "sheet", school.groups["3a"])
        fields = {"role-0": "name", "role-1": "result", "into-1": "0", "title-1": f"Test {number}", "role-2": "comment"}
        await teacher.post(f"{look}/columns", fields)
        await teacher.post(f"{look}/children", {"line-3": str(school.ids["lea"])})
        files = book([item(f"i{number}")], [result(f"r{number}", f"i{number}", "mia"), result("x", "i0", "nobody")])
        whole = await send(office, zipped(files))
        done = await send(office, zipped(files))
        await yes(office, done)
        refused = await send(office, zipped(book([item("i1", group="x")], [])))
        found += [columns, look, whole, done, refused]
        upload = await importing.load(int(done.rsplit("/", 1)[1]))
        assert upload is not None
        await service.taken(replace(upload, wanted={"started": clock.now()}))
    return found
