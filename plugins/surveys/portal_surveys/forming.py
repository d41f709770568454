"""What the builder sends, made into what is stored. Each raises BadInput, which names the place and what to do."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.sdk import CHANNELS, LANGUAGES, BadInput, _
from portal_surveys.rules import (
    FEEDS,
    KINDS,
    MOST_INTRO,
    MOST_LABEL,
    MOST_OPTIONS,
    MOST_RANKED,
    MOST_SCALE,
    NAMED_ONLY,
    ON_CONDITION,
    PER,
    WITH_OPTIONS,
    Condition,
    Frame,
    Option,
    OptionForm,
    Question,
    QuestionForm,
    Survey,
    Texts,
)
from portal_surveys.sensitive import AREAS

MOST_REMIND = 60  # days before the deadline
TOO_LONG = _("This is too long: up to %(most)s characters fit, and this has %(number)s. Please shorten it.")


def stored(texts: Texts) -> str:
    """A text as it stands in a row."""
    return json.dumps(dict(texts.by), ensure_ascii=False)


def fitting(field: str, text: str, most: int = MOST_LABEL) -> str:
    """A text without spaces around it. Raises BadInput for one that is too long."""
    text = text.strip()
    if len(text) > most:
        raise BadInput(field, TOO_LONG, most=most, number=len(text))
    return text


# ---- The frame ----


def check_frame(frame: Frame, survey: Survey) -> None:
    """What is not right about a frame, apart from whom it may ask."""
    fitting("title", frame.title)
    fitting("intro", frame.intro, MOST_INTRO)
    if frame.per not in PER:
        raise BadInput("per", _("Please choose who answers."))
    if not frame.languages or not set(frame.languages) <= set(LANGUAGES):
        raise BadInput("languages", _("Please choose the languages of the survey."))
    if frame.deadline is not None and not _is_day(frame.deadline):
        raise BadInput("deadline", _("Please give the last day as a date, such as 2026-11-21."))
    if not 0 <= frame.remind_days <= MOST_REMIND:
        raise BadInput("remind_days", _("A reminder can go out up to 60 days before the last day."))
    if frame.remind_days and frame.deadline is None:
        raise BadInput("remind_days", _("A reminder needs a last day: please give one, or choose no reminder."))
    if survey.state == "draft":
        return
    if (frame.per, frame.anonymous) != (survey.per, survey.anonymous) or frame.audience != survey.audience:
        raise BadInput("audience", _("Whom a survey asks, and whether by name, stays as it was when it was opened."))


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


# ---- Questions ----


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question goes: its survey, the questions there, and the question as it is (None for a new one)."""

    survey: Survey
    questions: Sequence[Question]
    before: Question | None
    answered: bool  # whether answers came in, so that they must stay readable


def made(form: QuestionForm, place: Place, number: int) -> Question:
    """The question `number` as the form says, with the translations that it has."""
    before, main = place.before or Question(number, form.kind, Texts(place.survey.main)), place.survey.main
    if form.kind not in KINDS:
        raise BadInput("kind", _("Please choose a kind of question."))
    if place.survey.anonymous and form.kind in NAMED_ONLY:
        raise BadInput("kind", _("A file or a signature says who sent it, so an anonymous survey cannot ask for it."))
    if place.answered and place.before is not None and form.kind != place.before.kind:
        raise BadInput(
            "kind",
            _("Answers came in already, so this stays what it is. Remove the question and add a new one instead."),
        )
    if not form.label.strip():
        raise BadInput("label", _("Please write the question."))
    if form.sensitive and form.sensitive not in AREAS:
        raise BadInput("sensitive", _("Please choose an area of the list."))
    if form.sensitive and form.required:
        raise BadInput("required", _("Nobody has to answer a sensitive question: please do not make it required."))
    scale = form.kind == "scale"
    if scale and not 0 <= form.low < form.high <= MOST_SCALE:
        raise BadInput("high", _("A scale goes from a smaller number to a larger one, at least from 0 and to 10."))
    question = Question(
        id=number,
        kind=form.kind,
        label=_main(before.label, main, "label", form.label),
        help=_main(before.help, main, "help", form.help),
        options=_options(form, place) if form.kind in WITH_OPTIONS else (),
        required=form.required,
        sensitive=form.sensitive,
        low=form.low if scale else 1,
        high=form.high if scale else 5,
        low_label=_main(before.low_label, main, "low_label", form.low_label) if scale else Texts(main),
        high_label=_main(before.high_label, main, "high_label", form.high_label) if scale else Texts(main),
        only_if=_condition(form, place),
        feeds=_feeds(form, place.survey),
        removed_at=before.removed_at,
    )
    _check_range(question, place)
    return question


def _main(texts: Texts, main: str, field: str, text: str) -> Texts:
    return Texts(main, texts.by).said(main, fitting(field, text))


def _options(form: QuestionForm, place: Place) -> tuple[Option, ...]:
    given = [option for option in form.options if option.label.strip() or option.id]
    most = MOST_RANKED if form.kind == "ranking" else MOST_OPTIONS
    if len(given) > most:
        raise BadInput(
            "options",
            _("A question can have up to %(most)s answers to choose from, and this has %(number)s. Please leave some"
              " out, or ask with free text."),
            most=most, number=len(given),
        )  # fmt: skip
    known = {option.id: option for option in place.before.options} if place.before else {}
    free = max(known, default=0)
    found: list[Option] = []
    for option in given:
        old = known.get(option.id)
        if not option.label.strip():
            continue
        free += old is None
        number = free if old is None else old.id
        label = _main(old.label if old else Texts(), place.survey.main, "options", option.label)
        found.append(Option(number, label, _value(form, option)))
    if len({option.id for option in found}) != len(found):
        raise BadInput("options", _("An answer stands here twice. Please load the page again."))
    if place.answered and not known.keys() <= {option.id for option in found}:
        raise BadInput(
            "options",
            _("Somebody may have chosen this answer already, so it stays. Rename it, or remove the whole question."),
        )
    taken = _named_by_others(place)
    if missing := taken.keys() - {option.id for option in found}:
        raise BadInput(
            "options",
            _("The question “%(other)s” is asked only of those who choose this answer. Please change that one first."),
            other=taken[min(missing)],
        )
    if len(found) < 2:
        raise BadInput("options", _("Please give at least two answers to choose from."))
    return tuple(found)


def _named_by_others(place: Place) -> Mapping[int, str]:
    """The options of this question that conditions name, each with the label of a question that does."""
    before = place.before.id if place.before else 0
    return {
        q.only_if.option: q.label.text(place.survey.main)
        for q in place.questions
        if q.only_if is not None and q.only_if.question == before
    }


def _check_range(question: Question, place: Place) -> None:
    """A question that others hang on stays one that they can; a scale with answers keeps their numbers."""
    if question.kind not in ON_CONDITION and (taken := _named_by_others(place)):
        raise BadInput(
            "kind",
            _("The question “%(other)s” hangs on this one. Please change that one first."),
            other=next(iter(taken.values())),
        )
    old = place.before
    if old is None or not place.answered or question.kind != "scale":
        return
    if not question.low <= old.low < old.high <= question.high:
        raise BadInput("high", _("Answers came in already, so the scale can become longer, but not shorter."))


def _value(form: QuestionForm, option: OptionForm) -> str:
    if form.feeds == "channel" and option.value not in ("", *CHANNELS):
        raise BadInput("options", _("Please choose for each answer the way it stands for, or none."))
    if form.feeds == "language" and option.value not in ("", *LANGUAGES):
        raise BadInput("options", _("Please choose for each answer the language it stands for, or none."))
    return option.value if form.feeds else ""


def _feeds(form: QuestionForm, survey: Survey) -> str:
    if not form.feeds:
        return ""
    if form.feeds not in FEEDS or form.kind != "choice":
        raise BadInput("feeds", _("Only a question with one of several answers can become a setting."))
    if survey.anonymous:
        raise BadInput("feeds", _("Anonymous answers belong to nobody, so they cannot become anybody's setting."))
    return form.feeds


def _condition(form: QuestionForm, place: Place) -> Condition | None:
    """The condition, if it names an answer of an earlier question."""
    if not form.only_question:
        return None
    own = place.before.id if place.before else 0
    order = [question.id for question in place.questions]
    earlier = place.questions[: order.index(own)] if own in order else place.questions
    on = next((question for question in place.questions if question.id == form.only_question), None)
    if on is None:
        raise BadInput("only_question", _("The question that this one should hang on is not there any more."))
    if on not in earlier:
        raise BadInput("only_question", CIRCLE, this=form.label.strip(), other=on.label.text(place.survey.main))
    if on.kind not in ON_CONDITION or on.option(form.only_option) is None:
        raise BadInput("only_option", _("Please choose the answer on which this question hangs."))
    return Condition(on.id, form.only_option)


CIRCLE = _(
    "“%(this)s” cannot hang on “%(other)s”: a question can only hang on one that comes before it. Please move one of"
    " them first."
)
