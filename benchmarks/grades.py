"""A gradebook of 500 students with 300 results each, checked, looked at and written by a process of its own."""

from __future__ import annotations

import asyncio
import csv
import io
import itertools
import json
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

Report = Callable[[str, str, str, bool], None]
STUDENTS, RESULTS, CLASSES = 500, 300, 20
MOST_S, MOST_MB = 20, 300
COMMENTS = ("", "", "Well done.", "Please look at page 5 again, and hand in the second part until Thursday.")


def grades(report: Report) -> None:
    """Time and memory of an import of 150,000 results, and of the same once more."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        done = subprocess.run(
            [sys.executable, __file__, name],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parent.parent,
        )
    found = json.loads(done.stdout.splitlines()[-1])
    what = f"gradebook of {STUDENTS} students × {RESULTS} results"
    report(
        f"{what}: checked, looked at, written", f"{found['took']:.1f} s", f"under {MOST_S} s", found["took"] < MOST_S
    )
    report(f"{what}: memory at its peak", f"{found['peak']:.0f} MB", f"under {MOST_MB} MB", found["peak"] < MOST_MB)
    report(f"{what}: results written", f"{found['results']}", "150000", found["results"] == STUDENTS * RESULTS)
    words = f"{found['again']:.1f} s, {found['written']} written"
    report(f"{what}: the same again", words, "nothing written", found["written"] == 0)


def gradebook() -> bytes:
    """The zip, as large as real ones are: long identifiers, some comments."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        stated = [("manifest.version", "1.0"), ("oneroster.version", "1.2")]
        stated += [(f"file.{name}", "bulk") for name in ("categories", "lineItems", "results")]
        archive.writestr("manifest.csv", _csv(("propertyName", "value"), stated))
        archive.writestr("categories.csv", _csv(("sourcedId", "title"), [("c1", "Tests")]))
        archive.writestr("lineItems.csv", _csv(_ITEM, _items()))
        archive.writestr("results.csv", _csv(_RESULT, _results()))
    return packed.getvalue()


_ITEM = (
    "sourcedId", "status", "dateLastModified", "title", "description", "assignDate", "dueDate", "classSourcedId",
    "categorySourcedId", "academicSessionSourcedId", "resultValueMin", "resultValueMax", "schoolSourcedId",
)  # fmt: skip
_RESULT = (
    "sourcedId", "status", "dateLastModified", "lineItemSourcedId", "studentSourcedId", "scoreStatus", "score",
    "scoreDate", "comment", "textScore", "classSourcedId", "inProgress", "incomplete", "late", "missing",
)  # fmt: skip


def _items() -> Iterator[Sequence[object]]:
    for group, number in itertools.product(range(CLASSES), range(RESULTS)):
        yield (
            f"item-{group:08}-{number:027}", "active", "2026-11-01T10:00:00.000Z", f"Exercise {number}", "Page 5",
            "2026-10-01", "2026-10-08", f"class{group}", "c1", "t1", 0, 20, "s1",
        )  # fmt: skip


def _results() -> Iterator[Sequence[object]]:
    for student, number in itertools.product(range(STUDENTS), range(RESULTS)):
        yield (
            f"result-{student:08}-{number:025}", "active", "2026-11-01T10:00:00.000Z",
            f"item-{student % CLASSES:08}-{number:027}", f"student-{student:028}", "fully graded",
            (student * 7 + number) % 41 / 2, "2026-10-09", COMMENTS[(student + number) % 4], "", "", "false", "false",
            "true" if number % 50 == 0 else "false", "false",
        )  # fmt: skip


def _csv(header: Sequence[str], rows: Iterator[Sequence[object]] | Sequence[Sequence[object]]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerow(header)
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode()


# ---- In the process that is measured ----


def _peak_mb() -> float:
    """This process's most memory so far. Not `ru_maxrss`, which begins with that of whoever started it."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1000


async def _measured(folder: Path) -> dict[str, float]:
    from portal_grades import import_jobs, importing
    from portal_grades.importing_files import Sent

    from portal import clock, plugins
    from portal.db import atomic, db
    from portal.db.migrate import migrate
    from portal.kinds import Viewer, new_id
    from portal.main import apps, connect
    from portal.people import school as schools
    from portal.people.school import School
    from portal.photos.keys import create_master
    from portal.settings import load

    settings = load({"PORTAL_DATA": str(folder)})
    create_master(settings.master_key)
    connect(settings)
    await migrate(apps())
    office = new_id()

    @atomic
    async def people() -> None:
        await schools.save(School(name="Big School", timezone="Europe/Berlin"))
        groups, children = [new_id() for _ in range(CLASSES)], [new_id() for _ in range(STUDENTS)]
        await db.run_many(
            "INSERT INTO school_group (id, name, kind, until, source, external_id)"
            " VALUES (?, ?, 'homeroom', '2099-07-31', 'bench', ?)",
            [(group, f"Class {n}", f"class{n}") for n, group in enumerate(groups)],
        )
        everybody = [(child, "child", "2017-05-05", f"student-{n:028}") for n, child in enumerate(children)]
        await db.run_many(
            "INSERT INTO person (id, kind, given_name, family_name, language, active, born, safeguarding_hold, source,"
            " external_id, created_at) VALUES (?, ?, 'A', 'Family', 'en', TRUE, ?, FALSE, 'bench', ?, 0)",
            [*everybody, (office, "adult", None, "office")],
        )
        await db.run_many(
            "INSERT INTO membership (id, child, group_id, source) VALUES (?, ?, ?, 'bench')",
            [(new_id(), child, groups[n % CLASSES]) for n, child in enumerate(children)],
        )
        await db.run("INSERT INTO role (id, person, role) VALUES (?, ?, 'office')", new_id(), office)

    await people()
    await plugins.enable("grades")
    data = (folder / "book.zip").read_bytes()

    async def once() -> tuple[float, int]:
        """How long it took, and how many results it found to be written."""
        started = time.perf_counter()
        upload = await importing.keep(Viewer(office), [Sent("book.zip", data)], "oneroster")
        await import_jobs.check({"upload": upload})
        looked = await importing.load(upload)
        assert looked is not None
        assert looked.state == "ready", looked.summary
        await importing.move(upload, "queued", before=("ready",), wanted={"release": True, "word": False})
        await import_jobs.write({"upload": upload})
        done = await importing.load(upload)
        assert done is not None
        assert done.state == "done", done
        return time.perf_counter() - started, looked.summary["tally"]["new"] + looked.summary["tally"]["changed"]

    clock.now()
    took, _found = await once()
    peak = _peak_mb()
    again, written = await once()
    results = await db.value("SELECT COUNT(*) FROM grades_result")
    await db.close()
    return {"took": took, "peak": peak, "again": again, "written": written, "results": results}


if __name__ == "__main__":
    if len(sys.argv) > 1:
        folder = Path(sys.argv[1])
        code = "import pathlib, benchmarks.grades as g\n"
        code += f"pathlib.Path({str(folder / 'book.zip')!r}).write_bytes(g.gradebook())"
        subprocess.run([sys.executable, "-c", code], check=True)
        print(json.dumps(asyncio.run(_measured(folder))))
    else:
        grades(lambda what, said, wanted, kept: print("ok  " if kept else "MISS", what, said, f"({wanted})"))
