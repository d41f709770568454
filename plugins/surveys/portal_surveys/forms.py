"""What people send, made into values. Nothing is refused here: what is wrong is said where it is kept, so that a page
can show again what was typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from litestar.datastructures import FormMultiDict

from portal.sdk import Audience, AudienceKind
from portal_surveys.rules import Frame, OptionForm, Question, QuestionForm, Survey

_NUMBER = re.compile(r"\d{1,19}", re.ASCII)


def number(value: object) -> int | None:
    """A number or an id, or None for anything else."""
    return int(value) if isinstance(value, str) and _NUMBER.fullmatch(value) and int(value) < 2**63 else None


def clean(value: object) -> str:
    """Text of several lines, without control characters."""
    text = value if isinstance(value, str) else ""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in text if sign in "\n\t" or sign >= " ").strip()


def line(value: object) -> str:
    """Text of one line: other white space becomes spaces."""
    return " ".join(clean(value).split())


# ---- Building ----


def frame(form: FormMultiDict, survey: Survey) -> Frame:
    """A survey without its questions. What can no longer be chosen stays as it is."""
    draft = survey.state == "draft"
    chosen = set(map(str, form.getall("languages", [])))
    return Frame(
        title=line(form.get("title")),
        intro=clean(form.get("intro")),
        audience=_audience(form) if draft else survey.audience,
        per=line(form.get("per")) if draft else survey.per,
        anonymous=bool(form.get("anonymous")) if draft else survey.anonymous,
        deadline=line(form.get("deadline")) or None,
        remind_days=number(form.get("remind_days")) or 0,
        languages=(survey.main, *sorted(chosen - {survey.main})),
        version=number(form.get("version")) or 0,
    )


def framed(survey: Survey) -> Frame:
    """A stored survey as its own form shows it."""
    return Frame(
        survey.title.by.get(survey.main, ""), survey.intro.by.get(survey.main, ""), survey.audience, survey.per,
        survey.anonymous, survey.deadline, survey.remind_days, survey.languages, survey.version,
    )  # fmt: skip


def _audience(form: FormMultiDict) -> Audience:
    if form.get("audience") == AudienceKind.SCHOOL.value:
        return Audience(AudienceKind.SCHOOL)
    found = {group for value in form.getall("groups", []) if (group := number(value))}
    return Audience(AudienceKind.GROUPS, tuple(sorted(found)))


def question(form: FormMultiDict, kind: str, known: Question | None = None) -> QuestionForm:
    """A question. Options that it has stand in fields of their own, where an empty one is taken away, each with a
    button that moves it before the one above; new ones in one large field, each on its line."""
    options = []
    for option in known.options if known else ():
        if label := line(form.get(f"option-{option.id}")):
            options.append(OptionForm(option.id, label, line(form.get(f"value-{option.id}"))))
    above = next((place for place, option in enumerate(options[1:]) if option.id == number(form.get("up"))), None)
    if above is not None:
        options[above : above + 2] = options[above + 1], options[above]
    options += [OptionForm(0, text) for text in map(line, clean(form.get("options")).split("\n")) if text]
    asked, _sep, option_ = str(form.get("only_question", "")).partition(":")
    return QuestionForm(
        kind=kind,
        label=line(form.get("label")),
        help=line(form.get("help")),
        options=options,
        required=bool(form.get("required")),
        sensitive=line(form.get("sensitive")),
        low=_step(form.get("low"), 1),
        high=_step(form.get("high"), 5),
        low_label=line(form.get("low_label")),
        high_label=line(form.get("high_label")),
        only_question=number(asked) or 0,
        only_option=number(option_) or 0,
        feeds=line(form.get("feeds")),
    )


def _step(value: object, usual: int) -> int:
    """An end of a scale; -1 for what is none."""
    return usual if value is None else -1 if (found := number(value)) is None else found


def asked(question: Question, main: str) -> QuestionForm:
    """A stored question as its own form shows it."""
    only = question.only_if
    return QuestionForm(
        question.kind, question.label.by.get(main, ""), question.help.by.get(main, ""),
        [OptionForm(option.id, option.label.by.get(main, ""), option.value) for option in question.options],
        question.required, question.sensitive, question.low, question.high, question.low_label.by.get(main, ""),
        question.high_label.by.get(main, ""), only.question if only else 0, only.option if only else 0,
        question.feeds,
    )  # fmt: skip


def translated(form: FormMultiDict, places: Iterable[str]) -> dict[str, str]:
    """Texts in another language, by their place."""
    return {place: clean(form.get(f"t-{place}")) for place in places}


# ---- Answering ----


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled form. `values` by question, as `Question` names them, or as typed where that cannot be one."""

    values: Mapping[int, Any]
    places: Mapping[int, Mapping[int, int]] = field(default_factory=dict)  # of rankings: the place of each option
    taken_away: frozenset[int] = frozenset()  # files


def filled(questions: Iterable[Question], form: FormMultiDict) -> Filled:
    """What somebody chose and typed. Files and passwords are not among it."""
    values: dict[int, Any] = {}
    places: dict[int, dict[int, int]] = {}
    away = set()
    for asked_ in questions:
        name = f"q{asked_.id}"
        if asked_.kind in ("choice", "scale"):
            values[asked_.id] = _choice(form.get(name))
        elif asked_.kind == "many":
            values[asked_.id] = [_choice(value) for value in form.getall(name, [])]
        elif asked_.kind == "ranking":
            given = {o.id: number(form.get(f"{name}-{o.id}")) or 0 for o in asked_.options}
            places[asked_.id] = given
            # Of two in one place only the first counts, so that the order is not whole and is asked for again.
            first = {place: option for option, place in reversed(given.items()) if place}
            values[asked_.id] = [first[place] for place in sorted(first)]
        elif asked_.kind == "text":
            values[asked_.id] = clean(form.get(name))
        elif asked_.kind == "date":
            values[asked_.id] = line(form.get(name))
        elif asked_.kind == "file" and form.get(f"{name}-away"):
            away.add(asked_.id)
    return Filled({key: value for key, value in values.items() if value not in ("", [])}, places, frozenset(away))


def _choice(value: object) -> int | str:
    found = number(value)
    return found if found is not None else line(value)


def kept(values: Mapping[int, Any], questions: Iterable[Question]) -> Filled:
    """What was kept of a form or answered before, as the form shows it."""
    given = dict(values)
    order = {q.id: {option: place for place, option in enumerate(given[q.id], 1)} for q in questions
             if q.kind == "ranking" and given.get(q.id)}
    return Filled(given, order)
