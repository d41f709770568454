"""The results of a class, entered in one table. What could not be saved comes back as it was typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from portal.sdk import (
    BadInput,
    Child,
    Language,
    NotVisible,
    Viewer,
    _,
    atomic,
    children_of,
    clock,
    languages_of,
    names,
    school,
    standing,
)
from portal_grades import actions, writing
from portal_grades.loading import Assignment, Scale, scales
from portal_grades.rules import (
    EMPTY,
    EXEMPT,
    GRADED,
    LONGEST_WORD,
    NOT_SUBMITTED,
    SUBMITTED,
    Value,
    points,
    shown_points,
    typed_points,
)

STATES = ("", "missing", "late", "incomplete", "excused")
MISSING_SIGN, EXCUSED_SIGN = "-", "x"
LONGEST_COMMENT = 2000  # characters


@dataclass(frozen=True, slots=True)
class Cells:
    """What stands in one child's row."""

    result: str = ""
    state: str = ""  # of STATES, or several joined by '+'
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """A row as it was sent: what stood there when the page was made, and what stands there now."""

    child: int
    cells: Cells
    was: Cells
    valued_at: int  # 0 where there was no result


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table."""

    child: int
    name: str
    cells: Cells
    was: Cells
    valued_at: int
    left: bool = False  # no longer in the class
    problem: str = ""  # a msgid
    values: Mapping[str, object] = field(default_factory=dict)
    other: Cells | None = None  # what somebody else has saved meanwhile


@dataclass(slots=True)
class Outcome:
    """What saving did."""

    saved: int = 0
    problems: dict[int, BadInput] = field(default_factory=dict)  # by child
    conflicts: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Sheet:
    """The table of an assignment."""

    assignment: Assignment
    scale: Scale | None
    lines: list[Line]


def as_cells(value: Value | None, language: Language) -> Cells:
    """A value as it stands in the fields."""
    if value is None:
        return Cells()
    result = value.grade or (typed_points(value.score, language) if value.score is not None else "")
    flags = [name for name in STATES[1:4] if getattr(value, name)] + ["excused"] * (value.status == EXEMPT)
    return Cells(result, "+".join(flags), value.comment)


def as_value(cells: Cells, assignment: Assignment, scale: Scale | None, language: Language) -> Value:
    """What was typed in a row. Raises BadInput."""
    result, states = " ".join(cells.result.split()), set(cells.state.split("+")) - {""}
    if result in (MISSING_SIGN, "–", "—"):
        result, states = "", states | {"missing"}
    elif result.casefold() == EXCUSED_SIGN and (scale is None or not _step(result, scale)):
        result, states = "", states | {"excused"}
    if not states <= set(STATES):
        raise BadInput("state", _("Please choose one of the states."))
    comment = cells.comment.strip()
    if len(comment) > LONGEST_COMMENT:
        raise BadInput("comment", _("This comment is too long: %(most)s characters at most."), most=LONGEST_COMMENT)
    score, grade = _graded(result, assignment, scale, language) if result else (None, "")
    if "excused" in states:
        status = EXEMPT
    elif result:
        status = GRADED
    elif "missing" in states:
        status = NOT_SUBMITTED
    else:
        status = SUBMITTED if states or comment else NOT_SUBMITTED
    value = Value(status, score, grade, comment, *(name in states for name in STATES[1:4]))
    return EMPTY if value.empty else value


def _step(typed: str, scale: Scale) -> str:
    """The step of a scale that was meant; '' for none."""
    if typed in scale.steps:
        return typed
    alike = [step for step in scale.steps if step.casefold() == typed.casefold().replace("−", "-")]
    return alike[0] if alike else ""


def _graded(
    typed: str, assignment: Assignment, scale: Scale | None, language: Language
) -> tuple[int | None, str]:
    if scale is not None:
        step = _step(typed, scale)
        if step:
            return None, step
        if assignment.highest is None:
            steps = ", ".join(scale.steps[:20])
            raise BadInput("result", _("This is not one of the grades: %(steps)s."), steps=steps)
    try:
        score = points(typed)
    except ValueError:
        if assignment.highest is None and scale is None and len(typed) <= LONGEST_WORD:
            return None, typed
        if assignment.highest is None:
            raise BadInput("result", _("That is too long: %(most)s characters at most."), most=LONGEST_WORD) from None
        raise BadInput("result", _("Please enter a number, such as 20 or 12.5.")) from None
    lowest, highest = assignment.lowest or 0, assignment.highest
    if score < lowest or (highest is not None and score > highest):
        if highest is None:
            raise BadInput("result", _("Less than %(least)s does not go."), least=shown_points(lowest, language))
        raise BadInput(
            "result", _("Please enter %(least)s to %(most)s points."),
            least=shown_points(lowest, language), most=shown_points(highest, language),
        )  # fmt: skip
    return score, ""


async def sheet(viewer: Viewer, assignment: int, language: Language) -> Sheet:
    """The table as it stands. Raises NotVisible for whoever is no staff of the class."""
    found = await actions.handled(viewer, assignment)
    there = await writing.stored([assignment])
    scale = (await scales([found.scale])).get(found.scale)
    lines = []
    for child, left in await _children(viewer, found, {key[1] for key in there}):
        old = there.get((assignment, child.id))
        cells = as_cells(old.value if old else None, language)
        lines.append(Line(child.id, child.name, cells, cells, old.valued_at if old else 0, left))
    return Sheet(found, scale, lines)


async def _children(viewer: Viewer, found: Assignment, with_results: Iterable[int]) -> list[tuple[Child, bool]]:
    """The children of the class, and after them those who have a result and left it."""
    inside = await children_of(viewer, [found.group])
    kept = (await standing(viewer)).blocked_from
    gone = set(with_results) - {child.id for child in inside} - kept
    called = await names(gone)
    left = sorted((Child(c, called[c], frozenset()) for c in gone if c in called), key=lambda child: child.name)
    return [(child, False) for child in inside] + [(child, True) for child in left]


@atomic
async def save(viewer: Viewer, assignment: int, rows: Sequence[Typed], language: Language) -> Outcome:
    """Saves the rows that were changed, as far as they can be; the others are told about, each for itself.

    A row that somebody else has changed since the page was made is not overwritten. Raises NotVisible for whoever is
    no staff of the class, and for a child that is not in the table.
    """
    found = await actions.handled(viewer, assignment)
    there = await writing.stored([assignment])
    scale = (await scales([found.scale])).get(found.scale)
    table = {child.id for child, _left in await _children(viewer, found, {key[1] for key in there})}
    outcome, entries, conflicts = Outcome(), [], set()
    today = clock.present((await school()).timezone).today
    for row in rows:
        if row.cells == row.was:
            continue
        if row.child not in table:
            raise NotVisible
        old = there.get((assignment, row.child))
        try:
            value = as_value(row.cells, found, scale, language)
        except BadInput as failure:
            outcome.problems[row.child] = failure
            continue
        if (old.valued_at if old else 0) != row.valued_at and (old is None or old.value != value):
            conflicts.add(row.child)
            continue
        kept = old is not None and (old.value.score, old.value.grade) == (value.score, value.grade)
        if kept and old is not None and value.status == GRADED and not old.value.empty and old.value.status != EXEMPT:
            value = Value(old.value.status, *(getattr(value, name) for name in Value.__slots__[1:]))
        scored_on = old.scored_on if kept and old is not None else today
        entries.append(writing.Entry(assignment, row.child, value, scored_on))
    speaks = await languages_of([viewer.person or 0])
    writes = speaks[viewer.person or 0].code if speaks else ""
    done = await writing.write(entries, {assignment: found.shown}, language=writes)
    outcome.saved, outcome.conflicts = done.new + done.changed + done.removed, frozenset(conflicts)
    return outcome


def again(now: Sheet, rows: Sequence[Typed], outcome: Outcome) -> Sheet:
    """The table after saving, with what was typed where it could not be saved."""
    typed = {row.child: row for row in rows}
    lines = []
    for line in now.lines:
        row, problem = typed.get(line.child), outcome.problems.get(line.child)
        if row is not None and problem is not None:
            line = replace(
                line, cells=row.cells, was=row.was, valued_at=row.valued_at, problem=problem.message,
                values=problem.values,
            )  # fmt: skip
        elif row is not None and line.child in outcome.conflicts:
            line = replace(line, cells=row.cells, other=line.cells)
        lines.append(line)
    return Sheet(now.assignment, now.scale, lines)
