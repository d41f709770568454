"""The pages of staff: their classes, assignments, and the table of results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.sdk import Access, BadInput, NotVisible, _, clock, confirm, groups, new_id, ngettext, page, redirect, who
from portal_grades import actions, classes, entering, forms, history, loading, queries, showing, words
from portal_grades.actions import Frame
from portal_grades.entering import Sheet
from portal_grades.loading import Assignment
from portal_grades.rules import READY, shown_points

Req = Request[Any, Any, Any]
LARGE = 2 * 1024 * 1024  # bytes: a table with a long comment for each child


@get("/grades/classes/{group:int}", access=Access.STAFF)
async def overview(request: Req, group: FromPath[int]) -> Response[Any]:
    """A class: its assignments, and what is missing."""
    person = who(request)
    found = await classes.overview(person, group)
    return page(request, "grades/class.html", found=found, now=clock.now())


@get("/grades/classes/{group:int}/children/{child:int}", access=Access.STAFF)
async def pupil(request: Req, group: FromPath[int], child: FromPath[int]) -> Response[Any]:
    """What the family of a child sees of this class."""
    person = who(request)
    one = await queries.pupil(person, group, child)
    sight = await queries.of_child(person, one, only=group)
    known = await groups(person.facts)
    return page(
        request, "grades/child.html", **showing.of(person, sight, []), group=known[group], wish="", siblings=[]
    )


# ---- The frame of an assignment ----


async def _frame_page(
    request: Req, group: int, frame: Frame, found: Assignment | None = None, token: str = "",
    errors: Mapping[str, str] | None = None,
) -> Response[Any]:
    person = who(request)
    text = person.language.text
    subjects, kinds, periods = await classes.words_used(group)
    scales = await loading.scales_for(group)
    own = [(str(scale.id), text(_("Grades: %(scale)s"), scale=scale.title)) for scale in scales]
    ready = [
        (key, text(_("Grades: %(scale)s"), scale=title))
        for key, (title, steps) in READY.items()
        if steps not in {scale.steps for scale in scales}
    ]
    return page(
        request,
        "grades/edit.html",
        status=422 if errors else 200,
        group=(await groups(person.facts))[group],
        frame=frame,
        found=found,
        token=token,
        errors=errors or {},
        subjects=subjects,
        kinds=kinds,
        periods=periods,
        marks=[
            ("points", text(_("With points"))),
            ("words", text(_("With words, or a number"))),
            *own,
            *ready,
            ("own", text(_("With grades that I write down"))),
        ],
    )


@get("/grades/classes/{group:int}/new", access=Access.STAFF)
async def new(request: Req, group: FromPath[int]) -> Response[Any]:
    """A new assignment."""
    person = who(request)
    await actions.staff(person.viewer, group)
    subjects = (await classes.words_used(group))[0]
    today = clock.present(person.school.timezone).today
    frame = Frame(subject=subjects[0] if len(subjects) == 1 else "", assigned_on=today)
    return await _frame_page(request, group, frame, token=str(new_id()))


@post("/grades/classes/{group:int}/new", access=Access.STAFF, status_code=303)
async def create(request: Req, group: FromPath[int]) -> Response[Any]:
    person, form = who(request), await request.form()
    await actions.staff(person.viewer, group)
    frame, token = forms.frame(form), forms.clean(form.get("token"))[:64]
    try:
        assignment = await actions.create(person.viewer, group, token, frame)
    except BadInput as wrong:
        return await _frame_page(request, group, frame, None, token, {wrong.field: words.told(person, wrong)})
    return redirect(request, f"/grades/assignments/{assignment}", _("The assignment is there. Now the results."))


@get("/grades/assignments/{assignment:int}/edit", access=Access.STAFF)
async def edit(request: Req, assignment: FromPath[int]) -> Response[Any]:
    """What an assignment says."""
    person = who(request)
    found = await actions.handled(person.viewer, assignment)
    frame = forms.framed(found, await loading.category_title(found.category), person.language)
    return await _frame_page(request, found.group, frame, found)


@post("/grades/assignments/{assignment:int}/edit", access=Access.STAFF, status_code=303)
async def save_frame(request: Req, assignment: FromPath[int]) -> Response[Any]:
    person = who(request)
    found = await actions.handled(person.viewer, assignment)
    frame = forms.frame(await request.form())
    try:
        await actions.save(person.viewer, assignment, frame)
    except BadInput as wrong:
        if wrong.field == "version":  # saving once more is then meant
            frame = replace(frame, version=found.version)
        return await _frame_page(request, found.group, frame, found, "", {wrong.field: words.told(person, wrong)})
    return redirect(request, f"/grades/assignments/{assignment}", _("Saved."))


# ---- The table ----


async def _sheet_page(
    request: Req, sheet: Sheet, outcome: entering.Outcome | None = None, wrong: BadInput | None = None,
    typed: tuple[str, str] | None = None,
) -> Response[Any]:
    person = who(request)
    one, zone = sheet.assignment, person.school.timezone
    text = person.language.text
    states = [(name, text(words.STATES[name]) if name else "") for name in entering.STATES]
    odd = sorted({line.cells.state for line in sheet.lines} - set(entering.STATES))
    joined = [(key, ", ".join(text(words.STATES.get(name, name)) for name in key.split("+"))) for key in odd]
    troubled = bool(outcome and (outcome.problems or outcome.conflicts))
    return page(
        request,
        "grades/table.html",
        status=422 if troubled or wrong else 200,
        sheet=sheet,
        one=one,
        group=(await groups(person.facts))[one.group],
        states=states + joined,
        packed=forms.packed,
        said=lambda line: text(line.problem, **line.values),
        most=shown_points(one.highest, person.language) if one.highest is not None else "",
        outcome=outcome,
        shown=words.shown_state(one.shown.release_at, clock.now(), person.language, zone),
        released=one.shown.now(clock.now()),
        earlier=await history.comments(sheet),
        release=typed or words.local_now(zone),
        errors={wrong.field: words.told(person, wrong)} if wrong else {},
    )


@get("/grades/assignments/{assignment:int}", access=Access.STAFF)
async def table(request: Req, assignment: FromPath[int]) -> Response[Any]:
    """The results of a class in one assignment, as a table to type into."""
    person = who(request)
    return await _sheet_page(request, await entering.sheet(person.viewer, assignment, person.language))


@post("/grades/assignments/{assignment:int}", access=Access.STAFF, status_code=303, request_max_body_size=LARGE)
async def save(request: Req, assignment: FromPath[int]) -> Response[Any]:
    """Saves the rows that were changed; those that cannot be stay as they were typed."""
    person, form = who(request), await request.form()
    rows = forms.typed(form, forms.sent(form))
    outcome = await entering.save(person.viewer, assignment, rows, person.language)
    if outcome.problems or outcome.conflicts:
        now = await entering.sheet(person.viewer, assignment, person.language)
        return await _sheet_page(request, entering.again(now, rows, outcome), outcome)
    told = person.language.plural(*ngettext("%(num)s result saved.", "%(num)s results saved.", outcome.saved))
    return redirect(request, f"/grades/assignments/{assignment}", told if outcome.saved else _("Nothing was changed."))


@post("/grades/assignments/{assignment:int}/forget", access=Access.STAFF, status_code=303)
async def forget(request: Req, assignment: FromPath[int]) -> Response[Any]:
    """Deletes an earlier comment, after it was asked whether that is meant."""
    person, form = who(request), await request.form()
    sheet = await entering.sheet(person.viewer, assignment, person.language)
    found = next((one for one in await history.comments(sheet) if str(one.id) == form.get("comment")), None)
    if found is None:
        raise NotVisible
    here = f"/grades/assignments/{assignment}"
    if not form.get("confirmed"):
        return confirm(
            request, _("Delete this earlier comment?"),
            _("%(name)s: “%(comment)s”. Nobody can read it then, and nobody can bring it back. That the result was"
              " changed stays visible."),
            f"{here}/forget", _("Yes, delete it"), here, {"comment": found.id}, name=found.name, comment=found.comment,
        )  # fmt: skip
    await history.forget(person.viewer, sheet, found.id)
    return redirect(request, here, _("The comment is deleted."))


# ---- Release, and out ----


@post("/grades/assignments/{assignment:int}/release", access=Access.STAFF, status_code=303)
async def release(request: Req, assignment: FromPath[int]) -> Response[Any]:
    """Shows the results to families, now or at a chosen time."""
    person, form = who(request), await request.form()
    day, time = forms.clean(form.get("day")), forms.clean(form.get("time"))
    later = form.get("when") == "later"
    try:
        if later and not (day and time):
            raise BadInput("time", _("Please choose a day and a time."))
        at = await actions.release(person.viewer, assignment, *((day, time) if later else ()))
    except BadInput as wrong:
        sheet = await entering.sheet(person.viewer, assignment, person.language)
        return await _sheet_page(request, sheet, None, wrong, (day, time))
    told = words.shown_state(at, clock.now(), person.language, person.school.timezone)
    return redirect(request, f"/grades/assignments/{assignment}", told)


@post("/grades/assignments/{assignment:int}/take-back", access=Access.STAFF, status_code=303)
async def take_back(request: Req, assignment: FromPath[int]) -> Response[Any]:
    await actions.take_back(who(request).viewer, assignment)
    return redirect(request, f"/grades/assignments/{assignment}", _("Families do not see the results any more."))


@post("/grades/assignments/{assignment:int}/remove", access=Access.STAFF, status_code=303)
async def remove(request: Req, assignment: FromPath[int]) -> Response[Any]:
    """Takes an assignment out, after it was asked whether that is meant."""
    viewer = who(request).viewer
    found = await actions.handled(viewer, assignment)
    if not (await request.form()).get("confirmed"):
        detail = _("Its results go along. For 30 days you can put it back, then it is erased.")
        here = f"/grades/assignments/{assignment}"
        return confirm(request, _("Take this assignment out?"), detail, f"{here}/remove", _("Yes, take it out"), here)
    await actions.remove(viewer, assignment)
    return redirect(request, f"/grades/classes/{found.group}", _("The assignment is out. You can put it back below."))


@post("/grades/assignments/{assignment:int}/put-back", access=Access.STAFF, status_code=303)
async def put_back(request: Req, assignment: FromPath[int]) -> Response[Any]:
    await actions.put_back(who(request).viewer, assignment)
    return redirect(request, f"/grades/assignments/{assignment}", _("The assignment is back."))


ROUTES = [overview, pupil, new, create, edit, save_frame, table, save, forget, release, take_back, remove, put_back]
