"""Building a survey: what those who handle it do before and while it is open. Whoever may not gets NotVisible, as if
it did not exist. Opening, closing and reminding: `running`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from portal.sdk import (
    LANGUAGES,
    Audience,
    AudienceKind,
    BadInput,
    Conflict,
    NotVisible,
    Refused,
    Viewer,
    _,
    atomic,
    clock,
    db,
    destroy_secret,
    erase_files,
    new_id,
    standing,
)
from portal_surveys import loading, ready
from portal_surveys.forming import CIRCLE, Place, check_frame, fitting, made, stored
from portal_surveys.loading import handled
from portal_surveys.rules import (
    MOST_INTRO,
    MOST_LABEL,
    MOST_QUESTIONS,
    Frame,
    Option,
    Question,
    QuestionForm,
    Survey,
    Texts,
    hanging,
    may_ask,
    may_write,
    out_of_order,
    places,
)

# ---- The survey ----


async def create(viewer: Viewer, token: str, *, template: str | None = None, language: str = "en") -> int:
    """A new survey, empty or from a template (`ready.TEMPLATES`), with `language` as its main one; the same `token`
    gives the same survey. Returns its id. Raises NotVisible for whoever is no staff, or an unknown template."""
    with suppress(Conflict):  # the other half of a double click came first
        return await _create(viewer, token[:64], template, language)
    return await _create(viewer, token[:64], template, language)


@atomic
async def _create(viewer: Viewer, token: str, template: str | None, language: str) -> int:
    who = await standing(viewer)
    if not may_write(who) or not token or language not in LANGUAGES:
        raise NotVisible
    known = await db.value("SELECT id FROM surveys_survey WHERE author = ? AND token = ?", viewer.person, token)
    if known is not None:
        return int(known)
    own = next(iter(who.staff_of)) if len(who.staff_of) == 1 else None
    audience = Audience(AudienceKind.GROUPS, (own,) if own is not None else ())
    start = ready.start(template, language)
    survey = new_id()
    await db.run(
        "INSERT INTO surveys_survey (id, author, title, intro, languages, audience, groups, per, anonymous, state,"
        " remind_days, secret, batch, old_batch, token, version, asked, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'draft', 0, 0, 0, 0, ?, 1, 0, ?)",
        *(survey, viewer.person, stored(start.title), stored(start.intro), ",".join(start.languages)),
        *(audience.kind.value, _joined(audience.groups), start.per, start.anonymous, token, clock.now()),
    )
    for position, question in enumerate(start.questions):
        await _insert(survey, question, position)
    return survey


def _joined(ids: tuple[int, ...]) -> str:
    return ",".join(map(str, dict.fromkeys(ids)))


async def _count_up(survey: Survey) -> None:
    await db.run("UPDATE surveys_survey SET version = version + 1 WHERE id = ?", survey.id)


@atomic
async def save_frame(viewer: Viewer, survey: int, frame: Frame) -> None:
    """Saves title, audience, deadline and so on. Once it was opened, whom it asks and whether by name stays.

    Raises BadInput at the field that is not right; at `version` if another window has saved meanwhile.
    """
    found, who = await handled(viewer, survey)
    check_frame(frame, found)
    if frame.version and frame.version != found.version:
        raise BadInput(
            "version",
            _("This survey was changed in another window meanwhile. Saving once more replaces what was written there."),
        )
    chosen = bool(frame.audience.groups) or frame.audience.kind is not AudienceKind.GROUPS
    if chosen and not may_ask(who, frame.audience, found.audience):
        raise BadInput("audience", _("You can ask your own classes, or the whole school."))
    languages = tuple(dict.fromkeys(frame.languages))
    title = Texts(languages[0], found.title.by).said(languages[0], frame.title.strip())
    intro = Texts(languages[0], found.intro.by).said(languages[0], frame.intro.strip())
    await db.run(
        "UPDATE surveys_survey SET title = ?, intro = ?, languages = ?, audience = ?, groups = ?, per = ?,"
        " anonymous = ?, deadline = ?, remind_days = ? WHERE id = ?",
        *(stored(title), stored(intro), ",".join(languages), frame.audience.kind.value),
        *(_joined(frame.audience.groups), frame.per, frame.anonymous, frame.deadline, frame.remind_days, survey),
    )
    await _count_up(found)


async def erase(viewer: Viewer, survey: int) -> None:
    """Erases a survey with all its answers, files and keys, for good."""
    found, files = await _erase(viewer, survey)
    for key in filter(None, (found.secret, found.batch, found.old_batch)):
        destroy_secret(key)
    await erase_files("surveys", files)


@atomic
async def _erase(viewer: Viewer, survey: int) -> tuple[Survey, list[int]]:
    found, _who = await handled(viewer, survey)
    files = await db.rows(
        "SELECT a.file FROM surveys_answer a JOIN surveys_response r ON r.id = a.response WHERE r.survey = ?"
        " UNION SELECT u.file FROM surveys_upload u JOIN surveys_draft d ON d.id = u.draft WHERE d.survey = ?",
        *(survey, survey),
    )
    await db.run("DELETE FROM surveys_survey WHERE id = ?", survey)
    return found, [file for (file,) in files if file]


# ---- Questions ----


async def _place(viewer: Viewer, survey: int, question: int | None) -> Place:
    found, _who = await handled(viewer, survey)
    asked = await loading.questions(found)
    before = next((q for q in asked if q.id == question), None)
    if question is not None and before is None:
        raise NotVisible
    return Place(found, asked, before, await loading.any_answers(survey))


@atomic
async def add_question(viewer: Viewer, survey: int, form: QuestionForm) -> int:
    """Adds a question at the end and returns its id. Raises BadInput at the field that is not right."""
    place = await _place(viewer, survey, None)
    if len(place.questions) >= MOST_QUESTIONS:
        raise BadInput(
            "label",
            _("A survey can have up to %(most)s questions. Please remove one, or make a second survey."),
            most=MOST_QUESTIONS,
        )
    question = made(form, place, new_id())
    last = await db.value("SELECT COALESCE(MAX(position), 0) FROM surveys_question WHERE survey = ?", survey)
    await _insert(survey, question, last + 1)
    await _count_up(place.survey)
    return question.id


async def _insert(survey: int, q: Question, position: int) -> None:
    await db.run(
        "INSERT INTO surveys_question (id, survey, position, kind, label, help, options, required, sensitive, low,"
        " high, low_label, high_label, only_question, only_option, feeds)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        *(q.id, survey, position, *_row(q)),
    )


def _row(q: Question) -> tuple[object, ...]:
    """The columns of a question that its writer decides."""
    return (
        *(q.kind, stored(q.label), stored(q.help), _options(q.options), q.required, q.sensitive, q.low, q.high),
        *(stored(q.low_label), stored(q.high_label), q.only_if.question if q.only_if else 0),
        *(q.only_if.option if q.only_if else 0, q.feeds),
    )


def _options(options: tuple[Option, ...]) -> str:
    return json.dumps(
        [{"id": o.id, "label": dict(o.label.by), "value": o.value} for o in options], ensure_ascii=False
    )


async def _update(q: Question) -> None:
    await db.run(
        "UPDATE surveys_question SET kind = ?, label = ?, help = ?, options = ?, required = ?, sensitive = ?, low = ?,"
        " high = ?, low_label = ?, high_label = ?, only_question = ?, only_option = ?, feeds = ? WHERE id = ?",
        *_row(q),
        q.id,
    )


@atomic
async def save_question(viewer: Viewer, survey: int, question: int, form: QuestionForm) -> None:
    """Changes a question; translations stay. Raises BadInput at the field that is not right."""
    place = await _place(viewer, survey, question)
    await _update(made(form, place, question))
    await _count_up(place.survey)


@atomic
async def move(viewer: Viewer, survey: int, question: int, up: bool) -> None:
    """Moves a question one place up or down. Raises Refused, naming both, if one would then hang on a later one."""
    place = await _place(viewer, survey, question)
    order = [q.id for q in place.questions]
    at = order.index(question)
    other = at - 1 if up else at + 1
    if not 0 <= other < len(order):
        return
    moved = list(place.questions)
    moved[at], moved[other] = moved[other], moved[at]
    _check_order(place.survey, moved)
    for position, q in enumerate(moved):
        await db.run("UPDATE surveys_question SET position = ? WHERE id = ?", position, q.id)
    await _count_up(place.survey)


def _check_order(survey: Survey, questions: list[Question]) -> None:
    wrong = out_of_order(questions)
    if wrong is not None:
        raise Refused(CIRCLE, this=wrong[0].label.text(survey.main), other=wrong[1].label.text(survey.main))


async def remove(viewer: Viewer, survey: int, question: int, sure: bool = False) -> bool:
    """Takes a question away. If answers came in, only when `sure`: then they are kept and it can be put back. Returns
    False if somebody has to be asked first. Raises Refused, naming both, if another question hangs on it."""
    gone = await _remove(viewer, survey, question, sure)
    if gone is None:
        return False
    await erase_files("surveys", gone)
    return True


@atomic
async def _remove(viewer: Viewer, survey: int, question: int, sure: bool) -> list[int] | None:
    """The files that go along with it; None if somebody has to be asked first."""
    place = await _place(viewer, survey, question)
    before = place.before
    assert before is not None
    if others := hanging(place.questions, question):
        raise Refused(
            _("“%(other)s” hangs on “%(this)s”. Please change or remove that question first."),
            other=others[0].label.text(place.survey.main),
            this=before.label.text(place.survey.main),
        )
    if place.answered and not sure:
        return None
    await _count_up(place.survey)
    if place.answered:
        await db.run("UPDATE surveys_question SET removed_at = ? WHERE id = ?", clock.now(), question)
        return []
    files = await db.rows("SELECT file FROM surveys_upload WHERE question = ?", question)
    await db.run("DELETE FROM surveys_question WHERE id = ?", question)
    return [file for (file,) in files if file]


@atomic
async def put_back(viewer: Viewer, survey: int, question: int) -> None:
    """Puts a removed question back where it was, with its answers. Raises Refused if it hangs on one that is gone."""
    found, _who = await handled(viewer, survey)
    back = next((q for q in await loading.questions(found, removed=True) if q.id == question), None)
    asked = await loading.questions(found)
    if question in {q.id for q in asked}:
        return  # pressed twice
    if back is None:
        raise NotVisible
    if len(asked) >= MOST_QUESTIONS:
        raise Refused(
            _("A survey can have up to %(most)s questions. Please remove another one first."), most=MOST_QUESTIONS
        )
    if back.only_if is not None and back.only_if.question not in {q.id for q in asked}:
        raise Refused(_("This question hangs on another one that is removed. Please put that one back first."))
    await db.run("UPDATE surveys_question SET removed_at = NULL WHERE id = ?", question)
    _check_order(found, await loading.questions(found))
    await _count_up(found)


# ---- Languages ----


@atomic
async def translate(viewer: Viewer, survey: int, lang: str, texts: Mapping[str, str]) -> None:
    """Keeps texts in another language of the survey, by the keys of `rules.places`; '' takes one away, and a key that
    is not there any more is left out. Raises NotVisible for a language that it does not have or is its main one,
    BadInput at the key for a text that is too long."""
    found, _who = await handled(viewer, survey)
    if lang not in found.languages[1:]:
        raise NotVisible
    asked = await loading.questions(found)
    said = {
        key: known.said(lang, fitting(key, texts[key], MOST_INTRO if key == "intro" else MOST_LABEL))
        for key, known in places(found, asked).items()
        if key in texts
    }
    title, intro = said.get("title", found.title), said.get("intro", found.intro)
    await db.run(
        "UPDATE surveys_survey SET title = ?, intro = ? WHERE id = ?", stored(title), stored(intro), survey
    )
    for q in asked:
        changed = replace(
            q,
            label=said.get(f"label:{q.id}", q.label),
            help=said.get(f"help:{q.id}", q.help),
            low_label=said.get(f"low:{q.id}", q.low_label),
            high_label=said.get(f"high:{q.id}", q.high_label),
            options=tuple(replace(o, label=said.get(f"option:{q.id}:{o.id}", o.label)) for o in q.options),
        )
        if changed != q:
            await _update(changed)
    await _count_up(found)
