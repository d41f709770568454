"""A survey in a language that its author did not write, and what families wrote in theirs. What is signed stays as it
was written: nobody signs the words of a machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from portal.sdk import Reading, Text, Who, languages_of, readings
from portal_surveys.answering import Form
from portal_surveys.results import Result, Results
from portal_surveys.rules import Question, Texts


async def in_own_language(person: Who, form: Form) -> tuple[Form, bool]:
    """The form as this reader gets it, and whether something of it was translated by a machine."""
    code, main = person.language.code, form.survey.languages[0]
    if code in form.survey.languages or any(question.kind == "signature" for question in form.questions):
        return form, False
    wanted = [form.survey.title, form.survey.intro, *(texts for q in form.questions for texts in _of(q))]
    sent = [Text(texts.text(main), main) for texts in wanted]
    known = {reading.original: reading for reading in await readings(person, sent)}
    if not any(reading.translated for reading in known.values()):
        return form, False

    def read(texts: Texts) -> Texts:
        reading = known.get(texts.text(main))
        return texts.said(code, reading.text) if reading is not None and reading.translated else texts

    survey = replace(form.survey, title=read(form.survey.title), intro=read(form.survey.intro))
    return replace(form, survey=survey, questions=[_with(question, read) for question in form.questions]), True


def _of(question: Question) -> list[Texts]:
    return [question.label, question.help, question.low_label, question.high_label,
            *(option.label for option in question.options)]  # fmt: skip


def _with(question: Question, read: Callable[[Texts], Texts]) -> Question:
    return replace(
        question, label=read(question.label), help=read(question.help), low_label=read(question.low_label),
        high_label=read(question.high_label),
        options=tuple(replace(option, label=read(option.label)) for option in question.options),
    )  # fmt: skip


async def words_of(person: Who, found: Results) -> Mapping[int, Sequence[Reading]]:
    """By question what families wrote in their own words, as this reader gets it.

    Only of a survey by name: what was said anonymously goes nowhere else.
    """
    if found.survey.anonymous:
        return {}
    spoken: list[tuple[Result, str, int, int]] = [
        (result, text, by, child) for result in (*found.questions, *found.removed) for text, by, child in result.spoken
    ]
    languages = await languages_of({by for _result, _text, by, _child in spoken})
    texts = [
        Text(text, languages[by].code if by in languages else "", (child,) if child else ())
        for _result, text, by, child in spoken
    ]
    read: dict[int, list[Reading]] = {}
    for (result, *_rest), reading in zip(spoken, await readings(person, texts), strict=True):
        read.setdefault(result.question.id, []).append(reading)
    return read
