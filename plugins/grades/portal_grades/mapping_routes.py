"""HTTP of a teacher's sheet: what its columns are, and whom its lines are about."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Request, Response, post
from litestar.params import FromPath

from portal.sdk import Access, BadInput, Refused, Who, _, children_of, groups, names, page, redirect, typed_id, who
from portal_grades import import_jobs, importing, mapping, mapping_plan
from portal_grades.importing import Upload
from portal_grades.importing_problems import Problems
from portal_grades.importing_values import number
from portal_grades.mapping import Column, Sheet
from portal_grades.rules import LONGEST_TITLE, plain_points, shown_points

Req = Request[Any, Any, Any]
HOME = "/grades/import"
EXAMPLES = 3
OPEN = ("mapping", "ready", "refused")
SAMPLE = 10
MOST_LINE = 10**6


async def _sheet(upload: Upload, problems: Problems) -> Sheet | None:
    return await asyncio.to_thread(mapping.read, await importing.files(upload), problems)


async def columns_page(
    request: Req,
    upload: Upload,
    typed: list[Column] | None = None,
    failure: BadInput | None = None,
    subject: str = "",
    due: str = "",
) -> Response[Any]:
    """Asks what each column is, with what it looks like or was the last time chosen already."""
    person = who(request)
    problems = Problems()
    try:
        sheet = await _sheet(upload, problems)
    except Refused as refused:
        problems.stop("", 0, "", refused.message, **refused.values)
        sheet = None
    if sheet is None:
        await importing.move(upload.id, "refused", summary={"problems": problems.as_json()})
        return redirect(request, f"{HOME}/{upload.id}")
    text = person.language.text
    columns = (
        typed or mapping.from_json(upload.mapping.get("columns")) or await mapping_plan.remembered(upload.person, sheet)
    )
    known = await mapping_plan.assignments(upload.group)
    by_title = {mapping.plain(title): number for number, (title, *_range) in reversed(known.items())}
    columns = [
        column if typed or column.into or column.role != "result"
        else Column(column.role, column.title, column.most, by_title.get(mapping.plain(column.title), 0))
        for column in columns
    ]  # fmt: skip
    return page(
        request,
        "grades/import_columns.html",
        status=422 if failure else 200,
        upload=upload,
        columns=[
            {
                "at": at, "word": word, "role": column.role, "title": column.title, "into": column.into,
                "most": plain_points(column.most) if column.most is not None else "",
                "examples": [cells[at] for _line, cells in sheet.rows if cells[at]][:EXAMPLES],
            }
            for at, (word, column) in enumerate(zip(sheet.header, columns, strict=False))
        ],
        roles=[(role, text(label)) for role, label in mapping.ROLES.items()],
        into=[(0, text(_("A new assignment"))), *((number, title) for number, (title, *_range) in known.items())],
        lines=len(sheet.rows),
        group=(await groups(person.facts)).get(upload.group),
        subject=subject or upload.mapping.get("subject", ""),
        due=due or upload.mapping.get("due", ""),
        notes=[p.told(person.language) for p in problems.notes],
        errors={failure.field: text(failure.message, **failure.values)} if failure else {},
    )  # fmt: skip


@post(HOME + "/{upload:int}/columns", access=Access.STAFF, status_code=303)
async def columns(request: Req, upload: FromPath[int]) -> Response[Any]:
    """Keeps what the columns are; goes on to whom lines are about, or to the preview."""
    person = who(request)
    found = await importing.find(person.viewer, upload)
    if found.state not in OPEN or found.kind != "sheet":
        return redirect(request, f"{HOME}/{upload}")
    form = await request.form()
    if form.get("back"):
        await importing.move(upload, "mapping", before=OPEN)
        return redirect(request, f"{HOME}/{upload}")
    sheet = await _sheet(found, Problems())
    if sheet is None:
        return redirect(request, f"{HOME}/{upload}")
    chosen = [_column(form, at) for at in range(len(sheet.header))]
    subject, due = str(form.get("subject", "")), str(form.get("due", ""))
    try:
        await mapping_plan.choose(person.viewer, found, sheet, chosen, subject, due)
    except BadInput as failure:
        return await columns_page(request, found, chosen, failure, subject, due)
    matched = await mapping_plan.match(sheet, chosen, await children_of(person.viewer, (found.group,)))
    if matched.asked:
        return await _children_page(request, found, matched)
    return await _look(request, upload)


def _column(form: Any, at: int) -> Column:
    role, into = str(form.get(f"role-{at}", "")), str(form.get(f"into-{at}", "0"))
    return Column(
        role if role in mapping.ROLES else "", " ".join(str(form.get(f"title-{at}", "")).split())[:LONGEST_TITLE],
        number(str(form.get(f"most-{at}", ""))), typed_id(into) or 0,
    )  # fmt: skip


async def _look(request: Req, upload: int) -> Response[Any]:
    found = await importing.load(upload)
    if found is not None:
        await import_jobs.look_or_fail(found)
    return redirect(request, f"{HOME}/{upload}")


async def _children_page(request: Req, upload: Upload, matched: mapping_plan.Matched) -> Response[Any]:
    """Asks about lines that name no child of the class, or one of several."""
    person = who(request)
    children = await children_of(person.viewer, (upload.group,))
    taken = set(matched.children.values())
    by_id = {child.id: child.name for child in children}
    return page(
        request,
        "grades/import_children.html",
        upload=upload,
        sure=len(matched.children),
        lines=[
            {
                "number": line.number, "name": line.name, "child": line.child or "",
                "options": [
                    *((child, by_id[child]) for child in line.could),
                    *((c.id, c.name) for c in children if c.id not in line.could and c.id not in taken),
                ],
            }
            for line in matched.asked
        ],
        group=(await groups(person.facts)).get(upload.group),
    )  # fmt: skip


@post(HOME + "/{upload:int}/children", access=Access.STAFF, status_code=303)
async def children(request: Req, upload: FromPath[int]) -> Response[Any]:
    """Keeps whom the asked lines are about, and goes on to the preview."""
    person = who(request)
    found = await importing.find(person.viewer, upload)
    if found.state not in OPEN or found.kind != "sheet":
        return redirect(request, f"{HOME}/{upload}")
    lines = {
        line: typed_id(str(value)) or 0
        for name, value in (await request.form()).multi_items()
        if name.startswith("line-") and (line := typed_id(name.removeprefix("line-"))) and line < MOST_LINE
    }
    await mapping_plan.answer(person.viewer, found, lines)
    return await _look(request, upload)


async def sample(person: Who, upload: Upload) -> list[tuple[str, str, str, str]]:
    """Some of the results as they would be written: the class's staff see these anyway."""
    try:
        plan = await import_jobs.plan_of(upload, Problems())
    except Refused:
        return []
    rows = plan.rows[:SAMPLE]
    known = await names({row.child for row in rows}, person.facts)
    titles = {number: title for number, (title, *_range) in (await mapping_plan.assignments(upload.group)).items()}
    return [
        (
            known.get(row.child, ""),
            titles.get(row.item, "") if isinstance(row.item, int) else plan.items[row.item].title,
            shown_points(row.score, person.language) if row.score is not None else row.grade or row.status,
            row.comment,
        )
        for row in rows
    ]


ROUTES: list[Any] = [columns, children]
