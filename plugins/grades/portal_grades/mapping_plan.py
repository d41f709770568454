"""A teacher's sheet as results: which child a line is about, and into which assignment a column goes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.sdk import BadInput, Child, Viewer, _, atomic, by_sourced_id, children_of, clock, db, new_id
from portal_grades import importing, mapping
from portal_grades.importing import Upload
from portal_grades.importing_csv import prose
from portal_grades.importing_days import day
from portal_grades.importing_files import Sent
from portal_grades.importing_plan import Plan, Row, present
from portal_grades.importing_problems import Problems
from portal_grades.importing_values import number
from portal_grades.intake import ItemIn
from portal_grades.mapping import WHO, Cell, Column, Sheet, plain
from portal_grades.rules import LONGEST_TEXT, LONGEST_TITLE

SOURCE = "sheet"
_GONE = _("The assignment that was chosen for this column is not there any more. Choose another one.")


@dataclass(frozen=True, slots=True)
class Line:
    """A line whose child is not certain. `could` are those that it could be; `child` the likeliest, 0 for none."""

    number: int
    name: str
    could: tuple[int, ...]
    child: int


@dataclass
class Matched:
    """Children by line, and the lines about which somebody is asked."""

    children: dict[int, int]
    asked: list[Line]


# ---- Children ----


async def match(sheet: Sheet, columns: Sequence[Column], children: Sequence[Child]) -> Matched:
    """Finds the children of the class in the lines of the sheet, by identifier or by name."""
    places = {column.role: at for at, column in enumerate(columns) if column.role in WHO}
    by_id: dict[str, int] = {}
    if "id" in places:
        wanted = {cells[places["id"]] for _line, cells in sheet.rows} - {""}
        inside = {child.id for child in children}
        by_id = {sid: person for sid, person in (await by_sourced_id(people=wanted))[0].items() if person in inside}
    parts = {child.id: _parts(child.name) for child in children}
    found = Matched({}, [])
    for line, cells in sheet.rows:
        sid = cells[places["id"]] if "id" in places else ""
        name = _name(cells, places)
        if sid in by_id:
            found.children[line] = by_id[sid]
        elif sid or name:
            _by_name(line, name or sid, parts, found)
    return found


def _name(cells: Sequence[str], places: Mapping[str, int]) -> str:
    return " ".join(cells[places[role]] for role in ("name", "given", "family") if role in places).strip()


def _parts(name: str) -> frozenset[str]:
    return frozenset(
        part for part in (plain(each) for each in name.replace(",", " ").replace("-", " ").split()) if part
    )


def _by_name(line: int, name: str, parts: Mapping[int, frozenset[str]], found: Matched) -> None:
    """A whole name is certain where only one child has it; a part of one is asked about."""
    wanted = _parts(name)
    whole = tuple(child for child, theirs in parts.items() if theirs == wanted)
    if len(whole) == 1:
        found.children[line] = whole[0]
        return
    could = whole or tuple(c for c, theirs in parts.items() if wanted and (wanted < theirs or theirs < wanted))
    found.asked.append(Line(line, name, could, could[0] if len(could) == 1 else 0))


# ---- The results ----


async def plan_of(upload: Upload, sent: Sequence[Sent], problems: Problems) -> Plan:
    """What the sheet brings, with its columns as they were chosen."""
    plan = Plan(SOURCE)
    sheet = await asyncio.to_thread(mapping.read, sent, problems)
    if sheet is None:
        return plan
    columns = mapping.from_json(upload.mapping.get("columns"))
    children = await children_of(Viewer(upload.person), (upload.group,))
    matched = await match(sheet, columns, children)
    rows = await db.rows("SELECT line, child FROM grades_upload_line WHERE upload = ?", upload.id)
    answers: dict[int, int] = dict(rows)
    inside = {child.id for child in children}
    for line in matched.asked:
        child = answers.get(line.number, line.child)
        if child in inside:
            matched.children[line.number] = child
        else:
            text = _("No child of the class was chosen for this line; it is left out.")
            problems.skip(sheet.name, line.number, "", text)
    plan.read = len(sheet.rows)
    plan.classes, plan.students = 1, len(set(matched.children.values()))
    work = _Work(upload, sheet, columns, matched.children, plan, problems, await assignments(upload.group))
    work.run()
    plan.there = await present(SOURCE, sorted(plan.items))
    return plan


async def assignments(group: int) -> dict[int, tuple[str, int | None, int | None]]:
    """The class's assignments: title, lowest, highest; the newest first."""
    rows = await db.rows(
        "SELECT id, title, lowest, highest FROM grades_assignment WHERE group_id = ? AND removed_at = 0"
        " ORDER BY created_at DESC, id DESC LIMIT 300",
        group,
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


class _Work:
    def __init__(
        self,
        upload: Upload,
        sheet: Sheet,
        columns: Sequence[Column],
        children: Mapping[int, int],
        plan: Plan,
        problems: Problems,
        known: Mapping[int, tuple[str, int | None, int | None]],
    ) -> None:
        self.upload, self.sheet, self.columns, self.children = upload, sheet, columns, children
        self.plan, self.problems, self.known = plan, problems, known
        self.subject = str(upload.mapping.get("subject", ""))
        self.due = str(upload.mapping.get("due", ""))
        self.lines: dict[tuple[str | int, int], int] = {}
        self.places = {column.role: at for at, column in enumerate(columns) if column.role in ("title", "most", "due")}

    def run(self) -> None:
        results = [at for at, column in enumerate(self.columns) if column.role == "result"]
        for at in results:
            beside = next(
                (b for b in range(at + 1, len(self.columns)) if self.columns[b].role in ("result", "comment")), 0
            )
            comment = beside if beside and self.columns[beside].role == "comment" else None
            for line, cells in self.sheet.rows:
                if line in self.children:
                    self.result(line, cells, at, cells[comment] if comment is not None else "")

    def result(self, line: int, cells: Sequence[str], at: int, comment: str) -> None:
        column = self.columns[at]
        found = mapping.cell(cells[at])
        if isinstance(found, str):
            self.problems.skip(self.sheet.name, line, self.sheet.header[at], found)
            return
        if found is None and not comment:
            return
        value = found or Cell(status="not submitted")
        item = column.into or self.item(line, cells, column, value)
        if not item or not self.fits(line, at, item, value):
            return
        child = self.children[line]
        if (first := self.lines.setdefault((item, child), line)) != line:
            text = _(
                "Line %(first)s has a result of the same child already, and counts. Keep the right one of the two."
            )
            self.problems.skip(self.sheet.name, line, self.sheet.header[at], text, first=first)
            return
        self.plan.rows.append(
            Row(item, child, value.status, value.score, value.grade, value.flags, prose(comment, LONGEST_TEXT), "", "")
        )

    def item(self, line: int, cells: Sequence[str], column: Column, value: Cell) -> str:
        """The assignment that a result goes into, made where there is none with this title; '' where it has none."""
        title, most, due = column.title, column.most, self.due
        if "title" in self.places:
            title = cells[self.places["title"]][:LONGEST_TITLE]
        if "most" in self.places:
            most = number(cells[self.places["most"]])
        if "due" in self.places:
            due = day(cells[self.places["due"]]) or due
        if not title:
            self.problems.skip(self.sheet.name, line, "", _("This line does not say which assignment it is about."))
            return ""
        sid = f"{self.upload.group}/{self.subject}/{title}"
        if sid not in self.plan.items:
            self.plan.items[sid] = ItemIn(
                sid,
                self.upload.group,
                title,
                subject=self.subject,
                due_on=due,
                lowest=0 if most else None,
                highest=most or value.most,
            )
        return sid

    def fits(self, line: int, at: int, item: str | int, value: Cell) -> bool:
        if isinstance(item, int):
            if item not in self.known:
                self.problems.skip(self.sheet.name, line, self.sheet.header[at], _GONE)
                return False
            _title, least, most = self.known[item]
        else:
            least, most = self.plan.items[item].lowest, self.plan.items[item].highest
        score = value.score
        if score is None or not ((least is not None and score < least) or (most is not None and score > most)):
            return True
        text = _(
            "There are more or fewer points here than the assignment has. Correct them, or the points that can be had."
        )
        self.problems.skip(self.sheet.name, line, self.sheet.header[at], text)
        return False


# ---- What columns mean ----


async def remembered(person: int, sheet: Sheet) -> list[Column]:
    """The columns as this person chose them for the same kind of sheet, else as they look."""
    row = await db.row("SELECT columns FROM grades_mapping WHERE person = ? AND header = ?", person, sheet.key)
    guessed = mapping.guess(sheet)
    if row is None:
        return guessed
    kept = mapping.from_json(json.loads(row[0]))
    return [
        Column(was.role, was.title or now.title, now.most if now.most is not None else was.most, was.into)
        for was, now in zip(kept, guessed, strict=False)
    ]


@atomic
async def choose(
    viewer: Viewer, upload: Upload, sheet: Sheet, columns: Sequence[Column], subject: str, due: str
) -> None:
    """Says what the columns are, now and for the next time. Raises BadInput, NotVisible."""
    await importing.may(viewer, "sheet", upload.group)
    roles = [column.role for column in columns]
    for role in roles:
        if role not in ("", "result", "comment") and roles.count(role) > 1:
            raise BadInput("columns", _("Two columns are said to be the same. Choose “Not needed” for one of them."))
    if not WHO & set(roles):
        raise BadInput("columns", _("Say which column holds the children's names."))
    if "result" not in roles:
        raise BadInput("columns", _("Say which column holds results."))
    known = await assignments(upload.group)
    if any(column.into and column.into not in known for column in columns):
        raise BadInput("columns", _GONE)
    untitled = any(column.role == "result" and not column.into and not column.title for column in columns)
    if untitled and "title" not in roles:
        raise BadInput("columns", _("Give each new assignment a title."))
    found = day(due)
    if found is None:
        raise BadInput("due", _("This is no day. Write it as 2026-11-24."))
    kept = {"columns": mapping.as_json(columns), "subject": " ".join(subject.split())[:100], "due": found}
    await importing.move(upload.id, "mapping", before=("waiting", "mapping", "ready", "refused"), mapping=kept)
    await db.run(
        "INSERT INTO grades_mapping (id, person, header, columns, used_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (person, header) DO UPDATE SET columns = excluded.columns, used_at = excluded.used_at",
        *(new_id(), viewer.person, sheet.key, json.dumps(mapping.as_json(columns)), clock.now()),
    )


@atomic
async def answer(viewer: Viewer, upload: Upload, lines: Mapping[int, int]) -> None:
    """Says whom lines are about; 0 for nobody. Children who are not this person's to choose count as nobody."""
    await importing.may(viewer, "sheet", upload.group)
    inside = {child.id for child in await children_of(viewer, (upload.group,))}
    await db.run("DELETE FROM grades_upload_line WHERE upload = ?", upload.id)
    await db.run_many(
        "INSERT INTO grades_upload_line (id, upload, line, child) VALUES (?, ?, ?, ?)",
        [(new_id(), upload.id, line, child if child in inside else 0) for line, child in lines.items()],
    )
    await importing.move(upload.id, "mapping", before=("mapping", "ready", "refused"))
