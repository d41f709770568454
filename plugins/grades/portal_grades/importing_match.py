"""Which of the school's classes and children a book is about, who is missing, and whether it is this school's."""

from __future__ import annotations

import asyncio
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence

from portal.sdk import NotVisible, Viewer, _, by_sourced_id, children_of, clock, db, groups, marks, standing, typed_id
from portal_grades.importing_plan import Plan, Row, portions, present
from portal_grades.importing_problems import Problems
from portal_grades.importing_values import MISSING, Book, Item, Result
from portal_grades.intake import CategoryIn, ItemIn, ScaleIn
from portal_grades.rules import NOT_SUBMITTED

_GUID = re.compile(r"\{?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\}?")
SOURCE = "oneroster"
OURS = "portal-"  # before our own number, where something was made here
ALIEN = 0.5  # of the students: a file with more unknown ones is another school's
FEW = 3  # unknown ones that say nothing yet


async def plan_of(book: Book, viewer: Viewer | None, problems: Problems) -> Plan:
    """What the book wants, as far as it can be. The book's results are used up. Nothing after a fatal problem."""
    complete = _is_complete(book)
    plan = Plan(SOURCE, read=book.read, whole=complete and not problems.left_out, absent=book.absent)
    wanted = {result.item for result in book.results} | book.items.keys() | book.gone.get("lineItems", set())
    plan.there = await present(SOURCE, sorted(wanted))
    ours = await _ours(wanted)
    known, classes = await _by_identifier(
        {result.student for result in book.results}, {item.group for item in book.items.values()}
    )
    students = await _students(known, viewer)
    if known.keys() - students.keys():  # nobody's results are gone because they were not looked at
        plan.whole = False
    _is_ours(book, classes, students, problems)
    if problems.fatal:
        return plan
    categories, scales = await _known("grades_category", book), await _known("grades_scale", book)
    _items(plan, book, classes, categories, scales, ours, problems)
    await asyncio.to_thread(_results, plan, book, students, ours, problems)
    if complete and not plan.whole:
        text = _("Something was left out here, so it does not count as gone what these files no longer name.")
        problems.note(book.files.get("results", ""), 0, "", text)
    plan.classes = len({item.group for item in plan.items.values()})
    plan.students = len({row.child for row in plan.rows})
    return plan


async def _ours(sids: set[str]) -> dict[str, tuple[int, int | None, int | None]]:
    """Assignments that were made here and come back from an export: our number, lowest, highest."""
    numbers: dict[int, str] = {}
    for sid in sids:
        if sid.startswith(OURS) and (number := typed_id(sid.removeprefix(OURS))):
            numbers[number] = sid
    found: dict[str, tuple[int, int | None, int | None]] = {}
    for some in portions(sorted(numbers)):
        rows = await db.rows(
            "SELECT id, lowest, highest FROM grades_assignment"
            f" WHERE source <> ? AND removed_at = 0 AND id IN ({marks(len(some))})",
            SOURCE,
            *some,
        )
        found |= {numbers[row[0]]: (row[0], row[1], row[2]) for row in rows}
    return found


def _is_complete(book: Book) -> bool:
    """Whether what the files do not name may count as gone."""
    return book.modes.get("lineItems") == "bulk" and book.modes.get("results") == "bulk"


async def _by_identifier(people: set[str], classes: set[str]) -> tuple[dict[str, int], dict[str, int]]:
    """People and classes by the identifiers of a file. A GUID is the same in large letters and in braces."""
    found = await by_sourced_id(people, classes)
    forms: tuple[dict[str, str], dict[str, str]] = ({}, {})
    for wanted, there, other in zip((people, classes), found, forms, strict=True):
        for sid in wanted - there.keys():
            if guid := _GUID.fullmatch(sid):
                small, large = guid[1].lower(), guid[1].upper()
                other |= dict.fromkeys((small, large, f"{{{small}}}", f"{{{large}}}"), sid)
    if any(forms):
        for there, more, other in zip(found, await by_sourced_id(*forms), forms, strict=True):
            there.update({other[form]: number for form, number in more.items()})
    return found


async def _students(known: dict[str, int], viewer: Viewer | None) -> dict[str, int]:
    """Those who are children of the school's classes; without those who are kept from whoever imports."""
    if viewer is None:  # by schedule: nobody is kept from anybody, but an adult has no results
        stand = {sid: await standing(Viewer(person)) for sid, person in known.items()}
        return {sid: known[sid] for sid, own in stand.items() if own.is_child and own.offered_groups}
    try:
        children = {child.id for child in await children_of(viewer, await groups())}
    except NotVisible:
        return {}
    return {sid: person for sid, person in known.items() if person in children}


def _is_ours(book: Book, classes: dict[str, int], students: dict[str, int], problems: Problems) -> None:
    named = {result.student for result in book.results}
    unknown = len(named) - len(students)
    if unknown > FEW and unknown > ALIEN * len(named):
        text = _(
            "%(unknown)s of the %(all)s students in this file are not in the portal. It looks like another school's"
            " file, so nothing is taken from it. If it is yours, import the roster with the same identifiers first."
        )
        problems.stop(book.files.get("results", ""), 0, "studentSourcedId", text, unknown=unknown, all=len(named))
    asked = {item.group for item in book.items.values()}
    if asked and not classes:
        text = _(
            "None of the classes in this file is in the portal. It looks like another school's file, so nothing is"
            " taken from it. If it is yours, import the roster with the same identifiers first."
        )
        problems.stop(book.files.get("lineItems", ""), 0, "classSourcedId", text)


async def _known(table: str, book: Book) -> set[str]:
    """Identifiers of the categories or scales that are in the book, or here already."""
    if table == "grades_category":
        wanted, found = {item.category for item in book.items.values()}, set(book.categories)
    else:
        wanted, found = {item.scale for item in book.items.values()}, set(book.scales)
    for some in portions(sorted(wanted - found - {""})):
        sql = f"SELECT sourced_id FROM {table} WHERE source = ? AND sourced_id IN ({marks(len(some))})"
        found.update(sid for (sid,) in await db.rows(sql, SOURCE, *some))
    return found


def _items(
    plan: Plan,
    book: Book,
    classes: dict[str, int],
    categories: set[str],
    scales: set[str],
    ours: Collection[str],
    problems: Problems,
) -> None:
    plan.categories = [CategoryIn(each.sid, each.title) for each in book.categories.values()]
    plan.scales = [ScaleIn(each.sid, each.title, each.values) for each in book.scales.values()]
    file = book.files.get("lineItems", "")
    lost: dict[str, list[Item]] = defaultdict(list)
    for item in book.items.values():
        if item.sid in ours:
            continue  # made here, and changed here alone
        if item.group not in classes:
            lost[item.group].append(item)
            continue
        there = plan.there.get(item.sid)
        subject, period = (there.facts[2], there.facts[5]) if there else ("", "")  # what a source may not know
        scale = str(there.facts[4]) if there and "lineItemScoreScales" not in book.modes else item.scale
        plan.items[item.sid] = ItemIn(
            item.sid, classes[item.group], item.title, item.description,
            category=item.category if item.category in categories else "",
            subject=subject,
            period=book.terms.get(item.term, period),
            scale=scale if scale in scales or not item.scale else "",
            assigned_on=item.assigned, due_on=item.due, lowest=item.least, highest=item.most,
        )  # fmt: skip
    for group, items in lost.items():
        text = _(
            "The class %(id)s is not in the portal; its line items (%(count)s) are left out. Import the roster first."
        )
        problems.skip(file, items[0].line, "classSourcedId", text, len(items), id=group, count=len(items))
    plan.gone_items = book.gone.get("lineItems", set()) & plan.there.keys()
    plan.gone_results = book.gone.get("results", set())


def _results(
    plan: Plan,
    book: Book,
    students: dict[str, int],
    ours: dict[str, tuple[int, int | None, int | None]],
    problems: Problems,
) -> None:
    file = book.files.get("results", "")
    unknown, homeless, orphans = Counter[str](), Counter[str](), Counter[str]()
    named = book.items.keys() | book.gone.get("lineItems", set())
    first: dict[str, int] = {}
    lasting = {sid for sid, there in plan.there.items() if not there.facts[-1]} - plan.gone_items
    today = clock.present(book.zone).today
    while book.results:
        result = book.results.pop()
        if result.student not in students:
            unknown[result.student] += 1
            first[result.student] = result.line
        elif result.item in ours:
            number, *span = ours[result.item]
            if _in_range(span, result, file, problems):
                plan.rows.append(_row(number, students, result))
            else:
                plan.whole = False
        elif result.item not in plan.items and (result.item not in lasting or result.item in book.items):
            (orphans if result.item in named else homeless)[result.item] += 1
            first[result.item] = result.line
        elif not _in_range(_span(plan, result.item), result, file, problems):
            plan.whole = False
        else:
            if "flags" in book.absent and _is_missing(result, _due(plan, result.item), today):
                result = result._replace(flags=result.flags | MISSING)
            plan.rows.append(_row(result.item, students, result))
    text = _(
        "The student %(id)s is not a child of a class in the portal; the results (%(count)s) are left out. Import the"
        " roster first."
    )
    for sid, count in unknown.items():
        problems.skip(file, first[sid], "studentSourcedId", text, count, id=sid, count=count)
    text = _("The line item %(id)s is not here; its results (%(count)s) are left out. Send lineItems.csv with it.")
    for sid, count in homeless.items():
        problems.skip(file, first[sid], "lineItemSourcedId", text, count, id=sid, count=count)
    text = _("The line item %(id)s is deleted or left out, so its results (%(count)s) are left out, too.")
    for sid, count in orphans.items():
        problems.skip(file, first[sid], "lineItemSourcedId", text, count, id=sid, count=count)


def _row(item: str | int, students: dict[str, int], result: Result) -> Row:
    return Row(
        item, students[result.student], result.status, result.score, result.word, result.flags, result.comment,
        result.scored, result.sid,
    )  # fmt: skip


def _is_missing(result: Result, due: str, today: str) -> bool:
    """Whether work is missing by what 1.1 says of it, which has no field for that: not handed in when it was due."""
    return result.status == NOT_SUBMITTED and not result.score and not result.word and "" < due < today


def _due(plan: Plan, item: str) -> str:
    found = plan.items.get(item)
    return found.due_on if found is not None else str(plan.there[item].facts[7])


def _span(plan: Plan, item: str) -> Sequence[int | None]:
    """The lowest and the highest score of a line item."""
    found = plan.items.get(item)
    return (found.lowest, found.highest) if found is not None else plan.there[item].facts[8:10]


def _in_range(span: Sequence[int | None], result: Result, file: str, problems: Problems) -> bool:
    least, most = span
    score = result.score
    if score is None or not ((least is not None and score < least) or (most is not None and score > most)):
        return True
    text = _(
        "The score is outside of the line item's range; this result is left out. Correct the score, or resultValueMin"
        " and resultValueMax of the line item."
    )
    problems.skip(file, result.line, "score", text)
    return False
