"""Building a survey: its frame, its questions, its translations, and a look at it before families get it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from portal.sdk import (
    CHANNELS,
    Access,
    BadInput,
    NotVisible,
    PortalError,
    Refused,
    Who,
    _,
    confirm,
    groups,
    language,
    page,
    redirect,
    who,
)
from portal_surveys import actions, forms, loading, running, words
from portal_surveys.forms import Filled
from portal_surveys.rules import (
    FEEDS,
    KINDS,
    MOST_SCALE,
    NAMED_ONLY,
    ON_CONDITION,
    PER,
    WITH_OPTIONS,
    Frame,
    Question,
    QuestionForm,
    Survey,
    places,
)
from portal_surveys.sensitive import AREAS, sensitive_areas
from portal_surveys.words import numbers, told

Req = Request[Any, Any, Any]
LARGE = 2 * 1024 * 1024  # bytes: also far too many answers to choose from come back as they were typed

REMINDERS = (0, 1, 2, 3, 7, 14)  # days before the last one
CHANNEL_NAMES = {
    "email": _("By e-mail"), "paper": _("On paper"), "none": _("Only in the portal"),
}  # fmt: skip
HINTS = {
    "choice": _("Families choose one of your answers."),
    "many": _("Families tick whatever fits."),
    "scale": _("From a low to a high number, such as from “not at all” to “very much”."),
    "text": _("Families answer in their own words."),
    "ranking": _("Families put your answers in the order of their wishes."),
    "date": _("Families choose a day."),
    "file": _("Families send a PDF or a picture, such as a scanned form."),
    "signature": _("Families sign with their own password. What they signed is kept together with name and time."),
}


# ---- The frame ----


async def _frame_page(
    request: Req, survey: Survey, frame: Frame | None = None, errors: Mapping[str, str] | None = None
) -> Response[Any]:
    person = who(request)
    known, frame = await groups(person.facts), frame or forms.framed(survey)
    choosable = {*person.standing.staff_of, *survey.audience.groups}
    return page(
        request,
        "surveys/edit.html",
        status=422 if errors else 200,
        survey=survey,
        frame=frame,
        errors=errors or {},
        groups=sorted((known[group] for group in choosable if group in known), key=lambda group: group.name),
        label=words.audience(survey.audience, known, person.language),
        per=PER,
        further=[code for code in dict.fromkeys((*person.school.languages, *survey.languages)) if code != survey.main],
        reminders=[(days, words.reminder(days, person.language)) for days in {*REMINDERS, frame.remind_days}],
    )


@get("/surveys/{survey:int}/edit", access=Access.STAFF)
async def edit(request: Req, survey: FromPath[int]) -> Response[Any]:
    """Title, introduction, whom it asks and until when."""
    found, _standing = await loading.handled(who(request).viewer, survey)
    return await _frame_page(request, found)


@post("/surveys/{survey:int}/edit", access=Access.STAFF, status_code=303, request_max_body_size=LARGE)
async def save(request: Req, survey: FromPath[int]) -> Response[Any]:
    viewer = who(request).viewer
    found, _standing = await loading.handled(viewer, survey)
    form = await request.form()
    frame = forms.frame(form, found)
    try:
        await actions.save_frame(viewer, survey, frame)
    except BadInput as wrong:
        if wrong.field == "version":  # saving once more is then meant
            frame = replace(frame, version=found.version)
        return await _frame_page(request, found, frame, {wrong.field: told(who(request), wrong)})
    if form.get("act") == "next":
        return redirect(request, f"/surveys/{survey}/questions")
    return redirect(request, f"/surveys/{survey}/edit", _("Saved."))


# ---- The list of questions ----


def pointed(question: Question, person: Who) -> list[tuple[str, str]]:
    """The protected areas that a question which is not marked may touch: key and name, most likely first."""
    if question.sensitive:
        return []
    texts = [question.label, question.help, *(option.label for option in question.options)]
    said = "\n".join(text for one in texts for text in one.by.values())
    return [(area, person.language.text(AREAS[area])) for area in sensitive_areas(said)]


async def questions_page(request: Req, survey: Survey, failure: PortalError | None = None) -> Response[Any]:
    """The list of questions, with what stood in the way of a change."""
    person = who(request)
    asked = await loading.questions(survey)
    texts = places(survey, asked).values()
    return page(
        request,
        "surveys/questions.html",
        status=422 if failure else 200,
        survey=survey,
        questions=asked,
        numbers=numbers(asked),
        removed=await loading.questions(survey, removed=True),
        pointed={question.id: pointed(question, person) for question in asked},
        missing={code: sum(code not in text.by for text in texts) for code in survey.languages[1:]},
        kinds=KINDS,
        areas=AREAS,
        named_only=NAMED_ONLY,
        failure=failure,
    )


@get("/surveys/{survey:int}/questions", access=Access.STAFF)
async def listed(request: Req, survey: FromPath[int]) -> Response[Any]:
    """The questions in their order, and what can be added."""
    found, _standing = await loading.handled(who(request).viewer, survey)
    return await questions_page(request, found)


@post("/surveys/{survey:int}/questions/{question:int}/move", access=Access.STAFF, status_code=303)
async def move(request: Req, survey: FromPath[int], question: FromPath[int]) -> Response[Any]:
    viewer = who(request).viewer
    found, _standing = await loading.handled(viewer, survey)
    try:
        await actions.move(viewer, survey, question, up=(await request.form()).get("way") == "up")
    except Refused as wrong:
        return await questions_page(request, found, wrong)
    return redirect(request, f"/surveys/{survey}/questions")


@post("/surveys/{survey:int}/questions/{question:int}/remove", access=Access.STAFF, status_code=303)
async def remove(request: Req, survey: FromPath[int], question: FromPath[int]) -> Response[Any]:
    """Asks first, always: without answers the question is gone for good, with some it can be put back."""
    viewer = who(request).viewer
    found, _standing = await loading.handled(viewer, survey)
    if question not in {asked.id for asked in await loading.questions(found)}:
        raise NotVisible
    answered = await loading.any_answers(survey)
    if not (await request.form()).get("confirmed"):
        detail = _("It is not asked any more. The answers that came in are kept, and you can put it back.")
        gone = _("Nobody has answered it yet, so it is gone for good.")
        return confirm(
            request, _("Remove this question?"), detail if answered else gone,
            f"/surveys/{survey}/questions/{question}/remove", _("Remove"), f"/surveys/{survey}/questions",
        )  # fmt: skip
    try:
        await actions.remove(viewer, survey, question, sure=True)
    except Refused as wrong:
        return await questions_page(request, found, wrong)
    kept = _("The question is removed. Its answers are kept; you can put it back below.")
    return redirect(request, f"/surveys/{survey}/questions", kept if answered else _("The question is removed."))


@post("/surveys/{survey:int}/questions/{question:int}/put-back", access=Access.STAFF, status_code=303)
async def put_back(request: Req, survey: FromPath[int], question: FromPath[int]) -> Response[Any]:
    viewer = who(request).viewer
    found, _standing = await loading.handled(viewer, survey)
    try:
        await actions.put_back(viewer, survey, question)
    except Refused as wrong:
        return await questions_page(request, found, wrong)
    return redirect(request, f"/surveys/{survey}/questions", _("The question is back, with its answers."))


@post("/surveys/{survey:int}/questions/{question:int}/mark", access=Access.STAFF, status_code=303)
async def mark(request: Req, survey: FromPath[int], question: FromPath[int]) -> Response[Any]:
    """Marks a question as sensitive, as the list offers."""
    viewer = who(request).viewer
    found, known, _asked = await _one(request, survey, question)
    area = forms.line((await request.form()).get("area"))
    try:
        changed = replace(forms.asked(known, found.main), sensitive=area, required=False)
        await actions.save_question(viewer, survey, question, changed)
    except BadInput as wrong:
        return await questions_page(request, found, wrong)
    return redirect(request, f"/surveys/{survey}/questions", _("Marked as sensitive: nobody has to answer it."))


# ---- One question ----


async def _one(request: Req, survey: int, question: int) -> tuple[Survey, Question, Sequence[Question]]:
    found, _standing = await loading.handled(who(request).viewer, survey)
    asked = await loading.questions(found)
    known = next((one for one in asked if one.id == question), None)
    if known is None:
        raise NotVisible
    return found, known, asked


def _question_page(
    request: Req,
    survey: Survey,
    form: QuestionForm,
    asked: Sequence[Question],
    known: Question | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response[Any]:
    person = who(request)
    text = person.language.text
    order = [question.id for question in asked]
    earlier = asked[: order.index(known.id)] if known else asked
    errors = {("only_question" if field == "only_option" else field): said for field, said in (errors or {}).items()}
    return page(
        request,
        "surveys/question.html",
        status=422 if errors else 200,
        survey=survey,
        q=form,
        id=known.id if known else 0,
        errors=errors,
        kinds=KINDS,
        hints={kind: text(hint) for kind, hint in HINTS.items()},
        with_options=WITH_OPTIONS,
        conditions=[
            (f"{question.id}:{option.id}", f"{number}. {question.text(survey.main)} → {option.label.text(survey.main)}")
            for number, question in enumerate(earlier, 1)
            if question.kind in ON_CONDITION
            for option in question.options
        ],
        pointed=pointed(known, person) if known else [],
        area_choices=[(area, text(name)) for area, name in AREAS.items()],
        feed_choices=[(feed, text(name)) for feed, name in FEEDS.items()],
        meanings={
            "channel": [(channel, text(CHANNEL_NAMES[channel])) for channel in CHANNELS],
            "language": [(code, language(code).name) for code in person.school.languages],
        },
        steps=[(step, person.language.number(step)) for step in range(2, MOST_SCALE + 1)],
        more=any(field in errors for field in ("help", "only_question", "sensitive", "feeds")),
    )


@get("/surveys/{survey:int}/questions/new", access=Access.STAFF)
async def ask(request: Req, survey: FromPath[int], kind: FromQuery[str] = "choice") -> Response[Any]:
    """A form for a new question of a kind."""
    found, _standing = await loading.handled(who(request).viewer, survey)
    if kind not in KINDS or (found.anonymous and kind in NAMED_ONLY):
        raise NotVisible
    form = QuestionForm(kind, "", required=kind == "signature")
    return _question_page(request, found, form, await loading.questions(found))


@post("/surveys/{survey:int}/questions/new", access=Access.STAFF, status_code=303, request_max_body_size=LARGE)
async def add(request: Req, survey: FromPath[int]) -> Response[Any]:
    viewer = who(request).viewer
    found, _standing = await loading.handled(viewer, survey)
    sent = await request.form()
    kind = str(sent.get("kind", ""))
    if kind not in KINDS:
        raise NotVisible
    form = forms.question(sent, kind)
    try:
        new = await actions.add_question(viewer, survey, form)
    except BadInput as wrong:
        asked = await loading.questions(found)
        return _question_page(request, found, form, asked, None, {wrong.field: told(who(request), wrong)})
    if form.feeds:  # each answer is still to be given its meaning
        return redirect(request, f"/surveys/{survey}/questions/{new}", _("Saved. Now say what each answer means."))
    return redirect(request, f"/surveys/{survey}/questions", _("The question is saved."))


@get("/surveys/{survey:int}/questions/{question:int}", access=Access.STAFF)
async def one(request: Req, survey: FromPath[int], question: FromPath[int]) -> Response[Any]:
    """A question to be changed."""
    found, known, asked = await _one(request, survey, question)
    return _question_page(request, found, forms.asked(known, found.main), asked, known)


@post(
    "/surveys/{survey:int}/questions/{question:int}", access=Access.STAFF, status_code=303, request_max_body_size=LARGE
)
async def change(request: Req, survey: FromPath[int], question: FromPath[int]) -> Response[Any]:
    viewer = who(request).viewer
    found, known, asked = await _one(request, survey, question)
    sent = await request.form()
    kind = str(sent.get("kind", ""))
    form = forms.question(sent, kind if kind in KINDS else known.kind, known)
    try:
        await actions.save_question(viewer, survey, question, form)
    except BadInput as wrong:
        return _question_page(request, found, form, asked, known, {wrong.field: told(who(request), wrong)})
    if "up" in sent:
        return redirect(request, f"/surveys/{survey}/questions/{question}", _("Moved up."))
    if form.feeds and not known.feeds:
        return redirect(request, f"/surveys/{survey}/questions/{question}", _("Saved. Now say what each answer means."))
    return redirect(request, f"/surveys/{survey}/questions", _("The question is saved."))


# ---- Languages ----


async def _texts_page(
    request: Req, survey: Survey, code: str, typed: Mapping[str, str], errors: Mapping[str, str]
) -> Response[Any]:
    asked = await loading.questions(survey)
    labels, order = words.places(who(request).language), numbers(asked)
    return page(
        request,
        "surveys/texts.html",
        status=422 if errors else 200,
        survey=survey,
        code=code,
        errors=errors,
        places=[
            (key, labels(key, order), texts, typed.get(key, texts.by.get(code, "")))
            for key, texts in places(survey, asked).items()
            if texts.by.get(survey.main)
        ],
    )


def _further(survey: Survey, code: str) -> None:
    if code not in survey.languages[1:]:
        raise NotVisible


@get("/surveys/{survey:int}/texts/{code:str}", access=Access.STAFF)
async def texts(request: Req, survey: FromPath[int], code: FromPath[str]) -> Response[Any]:
    """All texts in one more language, each beside the one it was written in."""
    found, _standing = await loading.handled(who(request).viewer, survey)
    _further(found, code)
    return await _texts_page(request, found, code, {}, {})


@post("/surveys/{survey:int}/texts/{code:str}", access=Access.STAFF, status_code=303, request_max_body_size=LARGE)
async def translate(request: Req, survey: FromPath[int], code: FromPath[str]) -> Response[Any]:
    viewer = who(request).viewer
    found, _standing = await loading.handled(viewer, survey)
    _further(found, code)
    typed = forms.translated(await request.form(), places(found, await loading.questions(found)))
    try:
        await actions.translate(viewer, survey, code, typed)
    except BadInput as wrong:
        return await _texts_page(request, found, code, typed, {wrong.field: told(who(request), wrong)})
    return redirect(request, f"/surveys/{survey}/texts/{code}", _("Saved."))


# ---- Before families get it ----


@get("/surveys/{survey:int}/preview", access=Access.STAFF)
async def preview(request: Req, survey: FromPath[int]) -> Response[Any]:
    """The survey as a family sees it, and what is still to be done before it can be opened."""
    viewer = who(request).viewer
    found, _standing = await loading.handled(viewer, survey)
    asked = await loading.questions(found)
    draft = found.state == "draft"
    return page(
        request,
        "surveys/preview.html",
        survey=found,
        questions=asked,
        numbers=numbers(asked),
        filled=Filled({}),
        feeds=any(question.feeds for question in asked),
        problems=await running.problems(viewer, survey) if draft else [],
        size=await running.audience_size(viewer, survey) if draft else 0,
    )


ROUTES = [
    edit, save, listed, move, remove, put_back, mark, ask, add, one, change, texts, translate, preview,
]  # fmt: skip
