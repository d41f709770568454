"""What came out: for those who handle the survey. Of an anonymous one nothing shows before five have answered, as a
whole and question by question; of one by name, nobody sees an answer about a child who is kept from them.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from portal.sdk import Language, NotVisible, Standing, Viewer, _, db, names, open_file, school, standing
from portal_surveys import anonymous, running, units
from portal_surveys.loading import handled, load, questions
from portal_surveys.rules import FEWEST, Question, Survey, Texts


@dataclass(frozen=True, slots=True)
class Bar:
    """One answer and how often it was given. Of a ranking `n` are points, and `share` is of the most points possible.
    `label` is None where the answer speaks for itself: `code` is then a number of a scale or a day."""

    label: Texts | None
    code: str
    n: int
    share: float  # of those who answered the question, 0 to 1


@dataclass(frozen=True, slots=True)
class Result:
    """What a question brought."""

    question: Question
    answered: int
    hidden: bool = False  # anonymous, and fewer than five answered it
    bars: Sequence[Bar] = ()
    texts: Sequence[str] = ()
    spoken: Sequence[tuple[str, int, int]] = ()  # by name: what was written, who wrote it, about which child or 0
    mean: float | None = None  # of a scale
    files: Sequence[tuple[int, str]] = ()  # id of the answer, and whose it is
    signed: Sequence[tuple[str, int]] = ()  # name and instant in microseconds UTC


@dataclass(frozen=True, slots=True)
class Results:
    """The results of a survey. `counted`: answered forms that are in the results by now."""

    survey: Survey
    asked: int
    answered: int
    counted: int
    hidden: bool  # nothing to show yet: fewer than five anonymous answers were mixed
    too_few: bool  # closed with fewer than five anonymous answers, which were thrown away
    questions: Sequence[Result] = ()
    removed: Sequence[Result] = ()


@dataclass(frozen=True, slots=True)
class Response:
    """One answered form of a survey by name. `at` in microseconds UTC."""

    id: int
    unit: str
    person: str
    child: str
    at: int
    values: Mapping[int, Any] = field(default_factory=dict)  # by question; of a file the id of the answer
    by: int = 0
    about: int = 0  # the child, 0 for none


# ---- The pictures and tables ----


async def results(viewer: Viewer, survey: int) -> Results:
    """The results as they are now. Raises NotVisible for whoever does not handle the survey."""
    found, who = await handled(viewer, survey)
    asked, gone = await questions(found), await questions(found, removed=True)
    everybody = found.asked if found.state == "closed" else len(await units.everybody(found.audience, found.per))
    if found.anonymous:
        return await _mixed(found, everybody, asked, gone)
    given = await _responses(found, who)
    return Results(
        *(found, everybody, len(given), len(given), False, False),
        questions=[_of(question, given) for question in asked],
        removed=[_of(question, given) for question in gone],
    )


async def _mixed(survey: Survey, everybody: int, asked: Sequence[Question], gone: Sequence[Question]) -> Results:
    tally: dict[int, dict[str, int]] = defaultdict(dict)
    for question, code, n in await db.rows("SELECT question, code, n FROM surveys_tally WHERE survey = ?", survey.id):
        tally[question][code] = n
    words: dict[int, str] = dict(await db.rows("SELECT question, body FROM surveys_words WHERE survey = ?", survey.id))
    counted = tally[0].get("", 0)
    closed = survey.state == "closed"
    answered = counted
    if not closed:
        answered = int(await db.value("SELECT count(*) FROM surveys_ticket WHERE survey = ?", survey.id))
    if counted < FEWEST:
        return Results(survey, everybody, answered, 0, True, closed)

    def one(question: Question) -> Result:
        counts = tally[question.id]
        if counts.get("", 0) < FEWEST:
            return Result(question, 0, hidden=True)
        return _result(question, counts, json.loads(words.get(question.id, "[]")))

    return Results(
        survey, everybody, answered, counted, False, False, [one(q) for q in asked], [one(q) for q in gone]
    )


def _of(question: Question, given: Sequence[Response]) -> Result:
    """The result of a question in a survey by name."""
    theirs = [(response, response.values[question.id]) for response in given if question.id in response.values]
    counts: Counter[str] = Counter(code for _r, value in theirs for code in anonymous.codes(question, value))
    match question.kind:
        case "text":
            spoken = sorted(((text, r.by, r.about) for r, text in theirs), key=lambda each: each[0].casefold())
            return replace(_result(question, counts, [text for text, _by, _child in spoken]), spoken=spoken)
        case "file":
            return Result(question, len(theirs), files=[(value, _whose(response)) for response, value in theirs])
        case "signature":
            return Result(question, len(theirs), signed=[(value["name"], value["at"]) for _r, value in theirs])
    return _result(question, counts, [])


def _whose(response: Response) -> str:
    return response.child or response.person


def _result(question: Question, counts: Mapping[str, int], texts: Sequence[str]) -> Result:
    """The result from counts by code (see `anonymous.codes`)."""
    answered = counts.get("", 0)
    mean = None
    match question.kind:
        case "choice" | "many":
            tops = [(option.label, str(option.id), counts.get(str(option.id), 0)) for option in question.options]
            bars = _bars(tops, answered)
        case "scale":
            steps = range(question.low, question.high + 1)
            bars = _bars([(None, str(step), counts.get(str(step), 0)) for step in steps], answered)
            mean = sum(step * counts.get(str(step), 0) for step in steps) / answered if answered else None
        case "date":
            bars = _bars([(None, code, counts[code]) for code in sorted(counts) if code], answered)
        case "ranking":
            most = len(question.options)
            points = [
                (option.label, str(option.id), _points(counts, option.id, most)) for option in question.options
            ]
            bars = _bars(sorted(points, key=lambda point: -point[2]), answered * most)
        case _:
            bars = []
    return Result(question, answered, False, bars, texts, mean=mean)


def _points(counts: Mapping[str, int], option: int, most: int) -> int:
    """Points of a ranked option: as many as there are options for each first place, one for each last (Borda)."""
    return sum((most - place + 1) * counts.get(f"{option}@{place}", 0) for place in range(1, most + 1))


def _bars(counted: Iterable[tuple[Texts | None, str, int]], whole: int) -> list[Bar]:
    return [Bar(label, code, n, n / whole if whole else 0.0) for label, code, n in counted]


# ---- Surveys by name: who said what ----


async def responses(viewer: Viewer, survey: int) -> list[Response]:
    """Every answered form, by name, without those about a child who is kept from this person. Raises NotVisible for
    whoever does not handle the survey, and of an anonymous one for everybody."""
    found, who = await handled(viewer, survey)
    if found.anonymous:
        raise NotVisible
    return await _responses(found, who)


async def _responses(survey: Survey, who: Standing) -> list[Response]:
    kept = await units.kept_from(survey.audience, who.blocked_from)
    rows = [
        row
        for row in await db.rows(
            "SELECT id, unit, person, child, updated_at FROM surveys_response WHERE survey = ?", survey.id
        )
        if row[3] not in who.blocked_from and (row[3] or row[2] not in kept)
    ]
    values: dict[int, dict[int, Any]] = defaultdict(dict)
    for answer, response, question, value, file in await db.rows(
        "SELECT a.id, a.response, a.question, a.value, a.file FROM surveys_answer a"
        " JOIN surveys_response r ON r.id = a.response WHERE r.survey = ?",
        survey.id,
    ):
        values[response][question] = answer if file else json.loads(value)
    called = await names({row[2] for row in rows} | {row[3] for row in rows if row[3]})
    found = [
        Response(
            row[0], row[1], called.get(row[2], ""), called.get(row[3], ""), row[4], values[row[0]], row[2], row[3] or 0
        )
        for row in rows
    ]
    return sorted(found, key=lambda response: (response.child, response.person, response.id))


@dataclass(frozen=True, slots=True)
class Missing:
    """A unit that has not answered: its adults and the children it is about, by name."""

    adults: Sequence[str]
    children: Sequence[str]


async def missing(viewer: Viewer, survey: int) -> list[Missing]:
    """Who has not answered, without children who are kept from this person. Raises NotVisible for whoever does not
    handle the survey, and of an anonymous one for everybody."""
    found, who = await handled(viewer, survey)
    if found.anonymous:
        raise NotVisible
    units_ = (await running.unanswered(found)).values()
    waiting = [unit for unit in units_ if who.blocked_from.isdisjoint(unit.children)]
    called = await names({person for unit in waiting for person in (*unit.adults, *unit.children)})
    lines = [
        Missing(
            sorted(called[adult] for adult in unit.adults if adult in called),
            sorted(called[child] for child in unit.children if child in called),
        )
        for unit in waiting
    ]
    return sorted(lines, key=lambda line: (line.children, line.adults) if found.per == "child" else (line.adults, []))


async def open_answer_file(viewer: Viewer, survey: int, answer: int) -> tuple[bytes, str]:
    """A file that somebody answered with, and its media type: for those who handle the survey and may know the child,
    and for whoever sent it. Raises NotVisible for anybody else."""
    row = await db.row(
        "SELECT a.file, r.person, r.id, r.child FROM surveys_answer a JOIN surveys_response r ON r.id = a.response"
        " WHERE a.id = ? AND r.survey = ? AND a.file <> 0",
        answer,
        survey,
    )
    found = await load(survey) if row is not None else None
    if row is None or found is None or viewer.person is None:
        raise NotVisible
    if row[3] in (await standing(viewer)).blocked_from:
        raise NotVisible
    if row[1] != viewer.person:
        found, who = await handled(viewer, found.id)
        if row[2] not in {response.id for response in await _responses(found, who)}:
            raise NotVisible
    return await open_file("surveys", row[0])


# ---- A table for a spreadsheet ----


async def rows(viewer: Viewer, survey: int, reader: Language) -> tuple[list[str], list[list[str]]]:
    """The results as a table: of a survey by name one line for each answered form, of an anonymous one a line for each
    question and answer. Header and lines are in the reader's language. Raises NotVisible as `results` does."""
    found, who = await handled(viewer, survey)
    if found.anonymous:
        return await _anonymous_rows(viewer, found, reader)
    asked = [*await questions(found), *await questions(found, removed=True)]
    zone = (await school()).timezone
    header = [reader.text(_("Answered by"))]
    if found.per == "child":
        header.append(reader.text(_("Child")))
    header += [reader.text(_("When")), *(question.text(reader.code) for question in asked)]
    lines = []
    for response in await _responses(found, who):
        line = [response.person, *([response.child] if found.per == "child" else [])]
        line.append(reader.moment(response.at, zone, "short"))
        line += [in_words(q, response.values[q.id], reader, zone) if q.id in response.values else "" for q in asked]
        lines.append(line)
    return header, lines


async def _anonymous_rows(viewer: Viewer, survey: Survey, reader: Language) -> tuple[list[str], list[list[str]]]:
    header = [reader.text(_("Question")), reader.text(_("Answer")), reader.text(_("Number"))]
    found = await results(viewer, survey.id)
    lines = []
    for result in (*found.questions, *found.removed):
        label = result.question.text(reader.code)
        if result.hidden:
            lines.append([label, reader.text(_("Fewer than five answered, so this stays hidden.")), ""])
        for bar in result.bars:
            lines.append([label, bar.label.text(reader.code) if bar.label is not None else bar.code, str(bar.n)])
        lines += [[label, text, ""] for text in result.texts]
    return header, lines


def in_words(question: Question, value: Any, reader: Language, zone: str) -> str:
    """A value of a survey by name as its reader writes it. `zone`: the school's time zone, for signatures."""

    def label(number: int) -> str:
        option = question.option(number)
        return option.label.text(reader.code) if option is not None else ""

    match question.kind:
        case "choice":
            return label(value)
        case "many":
            return ", ".join(label(number) for number in value)
        case "ranking":
            return ", ".join(f"{place}. {label(number)}" for place, number in enumerate(value, 1))
        case "date":
            return reader.day(value)
        case "file":
            return reader.text(_("A file"))
        case "signature":
            at = reader.moment(value["at"], zone, "short")
            return reader.text(_("Signed by %(name)s, %(when)s"), name=value["name"], when=at)
    return str(value)
