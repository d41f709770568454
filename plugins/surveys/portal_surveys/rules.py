"""What a survey is, who may do what with one, and how large it may be. How a filled form is checked: `checks`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.sdk import Audience, AudienceKind, Standing, _

MOST_QUESTIONS = 60
MOST_OPTIONS = 100  # of a question
MOST_RANKED = 20  # of one to be put in order: its page holds the square of that
MOST_LABEL = 500  # characters of a question, an option, a hint or a title
MOST_INTRO = 5_000
MOST_TEXT = 5_000  # characters of an answer
MOST_SCALE = 10  # steps
FEWEST = 5  # answers under which results stay hidden, and by which anonymous ones are mixed

KINDS: Mapping[str, str] = {
    "choice": _("One of several answers"),
    "many": _("Any number of several answers"),
    "scale": _("A scale"),
    "text": _("Free text"),
    "ranking": _("Put in order"),
    "date": _("A day"),
    "file": _("A file"),
    "signature": _("A signature"),
}
WITH_OPTIONS = frozenset({"choice", "many", "ranking"})
NAMED_ONLY = frozenset({"file", "signature"})  # not in anonymous surveys
ON_CONDITION = frozenset({"choice", "many"})  # what other questions may hang on

PER: Mapping[str, str] = {
    "guardian": _("Every parent or guardian"),
    "family": _("Every family once"),
    "child": _("Once for each child"),
}
FEEDS: Mapping[str, str] = {
    "channel": _("How the school reaches this person"),
    "language": _("In which language the school writes to this person"),
}
STATES = ("draft", "open", "closed")


@dataclass(frozen=True, slots=True)
class Texts:
    """One text in several languages; `main` is the survey's main language."""

    main: str = "en"
    by: Mapping[str, str] = field(default_factory=dict)  # by language code; never an empty text

    def lang(self, reader: str) -> str:
        """The language in which a reader gets it: their own, else the main one, else any. `main` for no text at all.

        Where it is not the reader's own, the page marks the text with `lang=`.
        """
        if reader in self.by:
            return reader
        return self.main if self.main in self.by else next(iter(self.by), self.main)

    def text(self, reader: str) -> str:
        """The text as a reader gets it; '' where there is none."""
        return self.by.get(self.lang(reader), "")

    def said(self, code: str, text: str) -> Texts:
        """The same with another text in one language; '' takes it away."""
        return Texts(self.main, {**{c: t for c, t in self.by.items() if c != code}, **({code: text} if text else {})})

    def __bool__(self) -> bool:
        return bool(self.by)


@dataclass(frozen=True, slots=True)
class Option:
    """An answer to choose. `id` stays the same when options are moved or renamed."""

    id: int
    label: Texts
    value: str = ""  # what it means for what the question feeds: a channel or a language code


@dataclass(frozen=True, slots=True)
class Condition:
    """Asked only of those who chose `option` of the earlier question `question`."""

    question: int
    option: int


@dataclass(frozen=True, slots=True)
class Question:
    """A question as stored. Values by kind: choice and scale an int (of a choice: the option's id), many and ranking
    a list of option ids (ranking: all of them, the first first), text a text, date 'YYYY-MM-DD', file the id of a
    sealed file, signature {"name": …, "at": microseconds UTC, "sha256": of the text that was signed}."""

    id: int
    kind: str
    label: Texts
    help: Texts = Texts()
    options: tuple[Option, ...] = ()
    required: bool = False
    sensitive: str = ""  # the key of its protected area (`sensitive.AREAS`); '' for a question that is not marked
    low: int = 1
    high: int = 5
    low_label: Texts = Texts()
    high_label: Texts = Texts()
    only_if: Condition | None = None
    feeds: str = ""
    removed_at: int | None = None

    def text(self, reader: str) -> str:
        """The question as a reader gets it."""
        return self.label.text(reader)

    def option(self, number: int) -> Option | None:
        return next((option for option in self.options if option.id == number), None)


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey as stored. Instants in microseconds UTC."""

    id: int
    author: int
    title: Texts
    intro: Texts
    languages: tuple[str, ...]  # the main one first
    audience: Audience
    per: str
    anonymous: bool
    state: str
    deadline: str | None  # the last day on which it can be answered, in the school's time zone
    remind_days: int
    version: int
    asked: int  # how many were asked when it was opened; once closed, at its closing
    created_at: int
    opened_at: int | None
    closed_at: int | None
    reminded_at: int | None
    secret: int = 0
    batch: int = 0
    old_batch: int = 0

    @property
    def main(self) -> str:
        """The language it is written in."""
        return self.languages[0]

    def answerable(self, today: str) -> bool:
        """Whether it takes answers on a day of the school's time zone."""
        return self.state == "open" and (self.deadline is None or today <= self.deadline)


@dataclass(frozen=True, slots=True)
class Unit:
    """Whoever answers once. `key`: 'g' and the adult, 'h' and the household, 'f' and the children of a family without
    one, 'c' and the child."""

    key: str
    child: int = 0  # 0 where the survey is not about single children
    child_name: str = ""


# ---- What a page sends ----


@dataclass(frozen=True, slots=True)
class Frame:
    """A survey without its questions, as the builder sends it. Texts are in the main language, `languages[0]`."""

    title: str
    intro: str
    audience: Audience
    per: str
    anonymous: bool
    deadline: str | None
    remind_days: int
    languages: tuple[str, ...]
    version: int = 0  # of the survey that the page showed; 0 saves over whatever is there


@dataclass(frozen=True, slots=True)
class OptionForm:
    """`id` 0 for a new option."""

    id: int
    label: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class QuestionForm:
    """A question as the builder sends it. Texts are in the survey's main language."""

    kind: str
    label: str
    help: str = ""
    options: Sequence[OptionForm] = ()
    required: bool = False
    sensitive: str = ""
    low: int = 1
    high: int = 5
    low_label: str = ""
    high_label: str = ""
    only_question: int = 0
    only_option: int = 0
    feeds: str = ""


# ---- Who may ----


def may_write(person: Standing) -> bool:
    """Whether this person may write surveys at all."""
    return person.person is not None and person.is_staff and not person.is_child


def handles(person: Standing, survey: Survey) -> bool:
    """Whether this person may change the survey and see its results: its author while a member of staff, staff of a
    class that it asks, and administrators."""
    if not may_write(person):
        return False
    return (
        survey.author == person.person
        or "admin" in person.roles
        or (survey.audience.kind is AudienceKind.GROUPS and not person.staff_of.isdisjoint(survey.audience.groups))
    )


def may_ask(person: Standing, audience: Audience, before: Audience | None = None) -> bool:
    """Whether this person may ask this audience: classes as their staff, the whole school as any staff. Whom the
    survey asks already (`before`) it may go on asking."""
    if audience.kind is AudienceKind.GROUPS:
        kept = before.groups if before is not None and before.kind is AudienceKind.GROUPS else ()
        return bool(audience.groups) and person.staff_of.union(kept).issuperset(audience.groups)
    return audience.kind is AudienceKind.SCHOOL and may_write(person)


# ---- Order and conditions ----


def hanging(questions: Iterable[Question], on: int) -> list[Question]:
    """The questions whose condition names this one."""
    return [question for question in questions if question.only_if is not None and question.only_if.question == on]


def out_of_order(questions: Sequence[Question]) -> tuple[Question, Question] | None:
    """The first question that hangs on one which does not come before it, and that one. None where all is well.

    A circle of conditions always holds such a pair. `questions` in their order.
    """
    place = {question.id: number for number, question in enumerate(questions)}
    for number, question in enumerate(questions):
        if question.only_if is not None and place.get(question.only_if.question, -1) >= number:
            return question, questions[place[question.only_if.question]]
    return None


def applies(question: Question, values: Mapping[int, Any]) -> bool:
    """Whether a question is asked of somebody with these answers to earlier ones."""
    if question.only_if is None:
        return True
    given = values.get(question.only_if.question)
    return question.only_if.option in given if isinstance(given, list) else given == question.only_if.option


def places(survey: Survey, questions: Iterable[Question]) -> dict[str, Texts]:
    """Every text that can be translated, by its key: 'title', 'intro', then for each question 'label:ID', 'help:ID',
    'low:ID', 'high:ID' and 'option:ID:NUMBER'. Without those that are empty in the main language."""
    found = {"title": survey.title, "intro": survey.intro}
    for question in questions:
        found |= {f"label:{question.id}": question.label, f"help:{question.id}": question.help}
        found |= {f"low:{question.id}": question.low_label, f"high:{question.id}": question.high_label}
        found |= {f"option:{question.id}:{option.id}": option.label for option in question.options}
    return {key: texts for key, texts in found.items() if texts}
