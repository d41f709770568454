"""Answering a survey, keeping a half-filled form, and looking at what one has answered."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery
from markupsafe import Markup

from portal.sdk import (
    Access,
    NotVisible,
    PortalError,
    Who,
    _,
    confirm_password,
    fragment,
    groups,
    names,
    page,
    redirect,
    uploaded,
    who,
)
from portal_surveys import answering, forms, loading, queries, translating, words
from portal_surveys.answering import Closed, Form
from portal_surveys.checks import Unanswered, check
from portal_surveys.forms import Filled
from portal_surveys.rules import Question, Survey, Unit, applies
from portal_surveys.words import numbers, told

Req = Request[Any, Any, Any]
MB = 1024 * 1024
TEXT = 2 * MB  # a form full of long answers in letters that take many bytes
WITH_FILES = 30 * MB  # one file and what is around it, or several smaller ones

OTHER = _("Another adult has answered already. Nothing more is needed from you.")
CLOSED = _("This survey takes no more answers.")
MEANWHILE = _("Your answers were changed in another window meanwhile. Here is what you have just filled in; sending it"
              " replaces what was written there.")  # fmt: skip
QUESTIONS_CHANGED = _("The questions have changed since you opened this page. Nothing of what you filled in is lost;"
                      " please look through it and send it again.")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Blank:
    """A question that nobody has touched yet, in one version of its survey: so it looks the same for everybody who is
    asked the same questions."""

    survey: int
    version: int
    id: int
    said: str  # the question itself: a translation may come later
    beside: tuple[int, ...]  # all that are asked: sensitive ones about a child are not, where its family is against it
    question: Question = field(compare=False)
    numbers: Mapping[int, tuple[int, Question]] = field(compare=False)
    values: Mapping[int, Any] = field(default_factory=dict, compare=False)
    places: Mapping[int, Any] = field(default_factory=dict, compare=False)


def _blank(person: Who, form: Form, filled: Filled, errors: Mapping[str, str]) -> dict[int, Markup]:
    """The untouched questions, ready to show. A signature is asked for by name, and so is not the same for all."""
    numbered, survey = numbers(form.questions), form.survey
    beside = tuple(numbered)
    return {
        q.id: fragment(
            person, "surveys/parts.html", "blank",
            Blank(survey.id, survey.version, q.id, _words(person, q), beside, q, numbered),
        )
        for q in form.questions
        if q.kind != "signature" and filled.values.get(q.id) in (None, "", []) and q.id not in filled.places
        and q.id not in form.files and f"q{q.id}" not in errors
    }  # fmt: skip


def _words(person: Who, question: Question) -> str:
    code = person.language.code
    return "\n".join([question.text(code), question.help.text(code), *(o.label.text(code) for o in question.options)])


async def _form_page(
    request: Req, form: Form, filled: Filled, errors: Mapping[str, str] | None = None, changed: str = "",
    agreed: bool | None = None,
) -> Response[Any]:
    person = who(request)
    original = "original" in request.query_params
    form, translated = (form, False) if original else await translating.in_own_language(person, form)
    survey = form.survey
    author = (await names([survey.author], person.facts)).get(survey.author, person.school.name)
    known = await groups(person.facts)
    return page(
        request,
        "surveys/answer.html",
        status=422 if errors or changed else 200,
        survey=survey,
        form=form,
        translated=translated,
        original=f"/surveys/{survey.id}/answer?child={form.unit.child}&original",
        filled=filled,
        blank=_blank(person, form, filled, errors or {}),
        numbers=numbers(form.questions),
        errors=errors or {},
        summary=_summary(person, form, errors or {}),
        changed=person.language.text(changed),
        agreed=form.agreed if agreed is None else agreed,
        feeds=any(question.feeds for question in form.questions),
        files=any(question.kind == "file" for question in form.questions),
        seen_by=words.seen_by(survey.audience, author, known, person.language),
        key=f"draft:survey:{survey.id}:{form.unit.child}:{_own(person)}",
    )


def _own(person: Who) -> str:
    """Whose half-filled form it is on a device that several people use, without saying who."""
    return hashlib.sha256(f"half-filled form of {person.person}".encode()).hexdigest()[:12]


def _summary(person: Who, form: Form, errors: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, each together with its question, for the top of the page."""
    labels = {f"q{question.id}": question.text(person.language.code) for question in form.questions}
    return {name: f"{labels[name]} – {said}" if name in labels else said for name, said in errors.items()}


async def _told_page(
    request: Req, survey: Survey, unit: Unit, text: str, kind: str = "info", status: int = 200,
    typed: Sequence[tuple[Question, Any]] = (),
) -> Response[Any]:
    """In place of the form: why there is none, what this person answered, and what they have just typed."""
    person = who(request)
    try:
        given = await queries.own(person, survey.id, unit.child)
    except NotVisible:
        given = None
    return page(
        request,
        "surveys/given.html",
        status=status,
        survey=survey,
        child_name=given.unit.child_name if given else unit.child_name,
        given=given,
        typed=typed,
        kind=kind,
        text=person.language.text(text),
    )


@get("/surveys/{survey:int}/answer", access=Access.FAMILY)
async def answer(request: Req, survey: FromPath[int], child: FromQuery[int] = 0) -> Response[Any]:
    """The form, with what was kept or answered so far; or why there is none."""
    try:
        form = await answering.begin(who(request).viewer, survey, child)
    except Closed as over:
        return await _told_page(request, over.survey, Unit("", child), CLOSED)
    except NotVisible:  # whoever is no longer asked still finds what they answered
        given = await queries.own(who(request), survey, child)
        return await _told_page(request, given.survey, given.unit, _("You are not asked any more."))
    if form.by_other:
        return await _told_page(request, form.survey, form.unit, OTHER)
    if form.survey.anonymous and form.state == "answered":
        thanks = _("Your answers are in, thank you. They are anonymous, so they cannot be shown or changed any more.")
        return await _told_page(request, form.survey, form.unit, thanks, "success")
    return await _form_page(request, form, forms.kept(form.values, form.questions))


@post(
    "/surveys/{survey:int}/answer", access=Access.FAMILY, status_code=303, request_max_body_size=WITH_FILES
)
async def send(request: Req, survey: FromPath[int]) -> Response[Any]:
    """Keeps a filled form, or a half-filled one for later."""
    person = who(request)
    sent = await request.form()
    child = forms.number(sent.get("child")) or 0
    try:
        form = await answering.begin(person.viewer, survey, child)
        filled = forms.filled(form.questions, sent)
        if form.by_other:
            return await _twice(request, form, filled)
        wrong = await _take_files(request, form, filled)
        if sent.get("act") == "later" and not form.survey.anonymous:
            await answering.keep_draft(person.viewer, survey, child, filled.values)
            if wrong:
                return await _again(request, form, filled, wrong)
            return redirect(request, "/surveys", _("What you have filled in is kept. It is not sent yet."))
        signed, unsigned = await _signed(request, form, filled)
        if wrong := {**wrong, **unsigned}:
            return await _again(request, form, filled, wrong)
        values, agreed = {**filled.values, **signed}, bool(sent.get("agreed"))
        said = str(sent.get("fingerprint", ""))
        outcome = await answering.submit(person.viewer, survey, child, values, said, agreed)
    except Unanswered as missing:
        text = person.language.text
        return await _again(request, form, filled, {f"q{q}": text(said) for q, said in missing.errors.items()})
    except Closed as over:
        asked = await loading.questions(over.survey)
        given = forms.filled(asked, sent).values
        typed = [(q, given[q.id]) for q in asked if q.id in check([q], given)[0]]
        return await _told_page(request, over.survey, Unit("", child), CLOSED, "warn", 409, typed)
    if outcome == "changed":
        return await _again(request, form, filled, {}, QUESTIONS_CHANGED, agreed)
    if outcome == "twice":
        return await _twice(request, form, filled)
    return redirect(request, "/surveys", _("Thank you! Your answers have arrived."))


async def _take_files(request: Req, form: Form, filled: Filled) -> dict[str, str]:
    """Keeps the files that came along with the half-filled form, so that they need not be chosen again. Returns what
    is wrong with some."""
    person = who(request)
    wrong: dict[str, str] = {}
    for question in form.questions:
        if question.kind != "file" or form.survey.anonymous:
            continue
        place = (person.viewer, form.survey.id, form.unit.child, question.id)
        try:
            if data := await uploaded(request, f"q{question.id}"):
                await answering.attach(*place, data)
            elif question.id in filled.taken_away:
                await answering.detach(*place)
        except Closed:
            raise
        except PortalError as refused:
            wrong[f"q{question.id}"] = told(person, refused)
    return wrong


async def _signed(request: Req, form: Form, filled: Filled) -> tuple[dict[int, Any], dict[str, str]]:
    """The signatures that the person gave with their password, and what is wrong with some."""
    person = who(request)
    signed: dict[int, Any] = {}
    wrong: dict[str, str] = {}
    sent = await request.form()
    for question in form.questions:
        password = str(sent.get(f"q{question.id}", ""))
        if question.kind != "signature" or not password or not applies(question, filled.values):
            continue
        try:
            if not signed:  # one password is enough for all of a page
                await confirm_password(request, password)
        except PortalError as refused:
            wrong[f"q{question.id}"] = told(person, refused)
            break
        signed[question.id] = answering.signature(person, question)
    return signed, wrong


async def _again(
    request: Req, form: Form, filled: Filled, errors: Mapping[str, str], changed: str = "", agreed: bool = False
) -> Response[Any]:
    """The form as it is now, with what was typed."""
    person, child = who(request), form.unit.child
    if not form.survey.anonymous and (filled.values or form.state == "draft"):
        await answering.keep_draft(person.viewer, form.survey.id, child, filled.values)
    now = await answering.begin(person.viewer, form.survey.id, child)
    agreed = agreed or bool((await request.form()).get("agreed"))
    return await _form_page(request, now, filled, errors, changed, agreed)


async def _twice(request: Req, form: Form, filled: Filled) -> Response[Any]:
    """The answer of this unit was there before this form came."""
    person, survey, child = who(request), form.survey, form.unit.child
    now = await answering.begin(person.viewer, survey.id, child)
    typed = check(now.questions, filled.values)[0]
    if now.by_other:
        shown = [(question, typed[question.id]) for question in now.questions if question.id in typed]
        return await _told_page(request, survey, form.unit, OTHER, "info", 409, shown)
    if not survey.anonymous and {**now.values, **typed} != dict(now.values):
        return await _again(request, now, filled, {}, MEANWHILE)
    return redirect(request, "/surveys", _("Your answer is already there. It counts once."), "info")


@post("/surveys/{survey:int}/draft", access=Access.FAMILY, status_code=200, request_max_body_size=TEXT)
async def draft(request: Req, survey: FromPath[int]) -> Response[Any]:
    """The form's own saving while somebody fills it in, of surveys by name."""
    person: Who = who(request)
    sent = await request.form()
    child = forms.number(sent.get("child")) or 0
    form = await answering.begin(person.viewer, survey, child)
    await answering.keep_draft(person.viewer, survey, child, forms.filled(form.questions, sent).values)
    return Response({"saved": True}, media_type="application/json")


ROUTES = [answer, send, draft]
