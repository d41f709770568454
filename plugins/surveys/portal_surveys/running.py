"""A survey's days: opening, reminding, closing. Whoever may not handle it gets NotVisible.

The jobs at the end may run in any number of processes at once: a transaction decides who does the work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from portal.sdk import (
    AudienceKind,
    Conflict,
    PortalError,
    Refused,
    Standing,
    Viewer,
    Word,
    _,
    atomic,
    clock,
    db,
    deliver,
    languages_of,
    new_secret,
    settings,
)
from portal_surveys import anonymous, loading, units
from portal_surveys.loading import handled
from portal_surveys.rules import FEWEST, NAMED_ONLY, Question, Survey, may_ask, out_of_order

AGAIN_AFTER = 20 * clock.HOUR  # a second reminder on the same day would only be a nuisance


# ---- Opening ----


async def problems(viewer: Viewer, survey: int) -> list[PortalError]:
    """What stands in the way of opening, each as a text for people; empty for a survey that can be opened."""
    found, who = await handled(viewer, survey)
    asked = len(await units.everybody(found.audience, found.per))
    return _problems(found, await loading.questions(found), who, asked, await units.today())


async def audience_size(viewer: Viewer, survey: int) -> int:
    """How many guardians, families or children it asks now."""
    found, _who = await handled(viewer, survey)
    return len(await units.everybody(found.audience, found.per))


def _problems(
    survey: Survey, questions: list[Question], who: Standing, asked: int, today: str
) -> list[PortalError]:
    main = survey.main
    found: list[PortalError] = []
    if not survey.title.by.get(main):
        found.append(Refused(_("Please give the survey a title.")))
    if not questions:
        found.append(Refused(_("Please add a question.")))
    if survey.audience.kind is AudienceKind.GROUPS and not survey.audience.groups:
        found.append(Refused(_("Please choose whom the survey asks.")))
    elif not may_ask(who, survey.audience):
        found.append(Refused(_("You can ask your own classes, or the whole school.")))
    elif not asked:
        found.append(Refused(_("Nobody would be asked: no family belongs to it yet.")))
    if survey.deadline is not None and survey.deadline < today:
        found.append(Refused(_("The last day has passed. Please choose a later one, or none.")))
    if (wrong := out_of_order(questions)) is not None:
        this, other = (question.label.text(main) for question in wrong)
        found.append(
            Refused(
                _("“%(this)s” hangs on “%(other)s”, which comes later. Please move one of them."),
                this=this,
                other=other,
            )
        )
    if survey.anonymous:
        found += _anonymous_problems(survey, questions, asked)
    return found


def _anonymous_problems(survey: Survey, questions: list[Question], asked: int) -> Iterable[PortalError]:
    for question in questions:
        if question.kind in NAMED_ONLY:
            yield Refused(
                _("“%(this)s” asks for a file or a signature, which says who it is from. Please remove it."),
                this=question.label.text(survey.main),
            )
        if question.feeds:
            yield Refused(
                _("“%(this)s” would become a setting of somebody. In an anonymous survey it cannot."),
                this=question.label.text(survey.main),
            )
        if question.sensitive and survey.per == "child":
            yield Refused(
                _("“%(this)s” is sensitive and would be asked of those children alone whose families allow it: too few"
                  " to stay unknown. Please ask each family instead, or by name."),
                this=question.label.text(survey.main),
            )  # fmt: skip
    if 0 < asked < FEWEST:
        yield Refused(
            _("Only %(asked)s would be asked. An anonymous survey needs at least %(fewest)s, because with fewer"
              " everybody could guess who said what."),
            asked=asked, fewest=FEWEST,
        )  # fmt: skip


async def open_survey(viewer: Viewer, survey: int) -> None:
    """Asks the families from now on. Raises Refused with the first of `problems`."""
    found, _who = await handled(viewer, survey)
    keys = (new_secret(), new_secret()) if found.anonymous else ()
    used = False
    try:
        used = await _open(viewer, survey, keys)
    finally:
        if not used:
            await anonymous.destroy_unused(survey, keys)


@atomic
async def _open(viewer: Viewer, survey: int, keys: tuple[int, ...]) -> bool:
    """False if it is open already, as after a double click."""
    found, who = await handled(viewer, survey)
    if found.state == "open":
        return False
    if found.state != "draft":
        raise Refused(_("This survey was closed."))
    if found.anonymous != bool(keys):
        raise Refused(_("The survey has changed since you looked at it. Please look once more, then open it."))
    asked = len(await units.everybody(found.audience, found.per))
    for problem in _problems(found, await loading.questions(found), who, asked, await units.today()):
        raise problem
    secret, batch = keys or (0, 0)
    await db.run(
        "UPDATE surveys_survey SET state = 'open', opened_at = ?, asked = ?, secret = ?, batch = ?,"
        " version = version + 1 WHERE id = ?",
        *(clock.now(), asked, secret, batch, survey),
    )
    if (await settings("surveys"))["announce"]:
        await _tell(found, await units.everybody(found.audience, found.per), _("The school asks you: “%(title)s”."))
    return True


# ---- Closing ----


async def close(viewer: Viewer, survey: int) -> None:
    """Takes no more answers. Raises Refused if it is not open. An anonymous survey cannot be opened again."""
    await anonymous.with_keys(survey, lambda: _close_handled(viewer, survey))
    await anonymous.forget_keys(survey)


@atomic
async def _close_handled(viewer: Viewer, survey: int) -> None:
    found, _who = await handled(viewer, survey)
    if found.state != "open":
        raise Refused(_("This survey is not open."))
    await _close(found)


async def _close(found: Survey) -> None:
    asked = len(await units.everybody(found.audience, found.per))
    if found.anonymous:
        await anonymous.settle(found)
    await db.run(
        "UPDATE surveys_survey SET state = 'closed', closed_at = ?, asked = ?, version = version + 1 WHERE id = ?",
        *(clock.now(), asked, found.id),
    )


@atomic
async def reopen(viewer: Viewer, survey: int) -> None:
    """Takes answers again. Raises Refused for an anonymous survey, or while its last day lies behind."""
    found, _who = await handled(viewer, survey)
    if found.state != "closed":
        raise Refused(_("This survey is not closed."))
    if found.anonymous:
        raise Refused(
            _("An anonymous survey stays closed: who has answered is forgotten, so nobody could be kept from answering"
              " twice.")
        )  # fmt: skip
    if found.deadline is not None and found.deadline < await units.today():
        raise Refused(_("The last day has passed. Please choose a later one, or none."))
    await db.run(
        "UPDATE surveys_survey SET state = 'open', closed_at = NULL, version = version + 1 WHERE id = ?", survey
    )


# ---- Reminding ----


@atomic
async def remind(viewer: Viewer, survey: int) -> int:
    """Writes to those alone who have not answered; returns how many people that is.

    Raises Refused if it is not open, or if they were reminded within the last 20 hours.
    """
    found, _who = await handled(viewer, survey)
    if not found.answerable(await units.today()):
        raise Refused(_("This survey is not open."))
    if found.reminded_at is not None and clock.now() - found.reminded_at < AGAIN_AFTER:
        raise Refused(_("A reminder went out today already."))
    return await _remind(found)


async def unanswered(survey: Survey) -> dict[str, units.Asked]:
    """The units that have not answered, by key. Nobody is asking here: filter before anybody sees a name."""
    everybody = await units.everybody(survey.audience, survey.per)
    if survey.anonymous:
        done = {key for _survey, key in await anonymous.answered([(survey, key) for key in everybody])}
    else:
        done = {key for (key,) in await db.rows("SELECT unit FROM surveys_response WHERE survey = ?", survey.id)}
    return {key: asked for key, asked in everybody.items() if key not in done}


async def _remind(found: Survey) -> int:
    await db.run("UPDATE surveys_survey SET reminded_at = ? WHERE id = ?", clock.now(), found.id)
    return await _tell(found, await unanswered(found), _("The survey “%(title)s” still waits for your answer."))


async def _tell(found: Survey, asked: Mapping[str, units.Asked], opening: str) -> int:
    """Writes to all adults of these units, each in their own language; returns how many people that is."""
    people = sorted({adult for unit in asked.values() for adult in unit.adults})
    words = []
    for person, reads in sorted((await languages_of(people)).items()):
        values = {"title": found.title.text(reads.code), "day": reads.day(found.deadline)}
        body = reads.text(opening, **values)
        if found.deadline:
            body += " " + reads.text(_("The last day for it is %(day)s."), **values)
        body += "\n\n" + reads.text(_("You find it in the portal under “Surveys”."))
        words.append(Word(person, reads.text(_("A survey waits for you: %(title)s"), **values), body))
    await deliver(words)
    return len(words)


# ---- Jobs ----


async def close_due(_payload: dict[str, Any]) -> None:
    """Closes the surveys whose last day has passed, and destroys keys that a breakdown left."""
    today = await units.today()
    due = await db.rows("SELECT id FROM surveys_survey WHERE state = 'open' AND deadline < ? ORDER BY id", today)
    await _each((survey for (survey,) in due), lambda one: anonymous.with_keys(one, lambda: _close_if_due(one, today)))
    left = await db.rows("SELECT id FROM surveys_survey WHERE state = 'closed' AND (secret <> 0 OR batch <> 0)")
    await _each((survey for (survey,) in left), anonymous.forget_keys)


@atomic
async def _close_if_due(survey: int, today: str) -> None:
    found = await loading.load(survey)
    if found is not None and found.state == "open" and not found.answerable(today):
        await _close(found)


async def remind_due(_payload: dict[str, Any]) -> None:
    """Reminds once, as many days before the last one as the survey says."""
    today = await units.today()
    rows = await db.rows(
        "SELECT id, deadline, remind_days FROM surveys_survey WHERE state = 'open' AND remind_days > 0"
        " AND reminded_at IS NULL AND deadline >= ?",
        today,
    )
    due = [survey for survey, deadline, days in rows if clock.add_days(deadline, -days) <= today]
    await _each(due, lambda survey: _remind_if_due(survey, today))


@atomic
async def _remind_if_due(survey: int, today: str) -> None:
    found = await loading.load(survey)
    if found is not None and found.answerable(today) and found.reminded_at is None:
        await _remind(found)


async def mix_due(_payload: dict[str, Any]) -> None:
    """Mixes in anonymous answers wherever enough of them wait."""
    rows = await db.rows("SELECT id FROM surveys_survey WHERE anonymous AND state = 'open' ORDER BY id")
    await _each((survey for (survey,) in rows), anonymous.mix)


async def _each(surveys: Iterable[int], work: Callable[[int], Any]) -> None:
    """Does it for each; one that fails keeps none of the others waiting."""
    failed: Exception | None = None
    for survey in surveys:
        try:
            await work(survey)
        except (PortalError, Conflict, OSError, ValueError) as failure:
            failed = failure
    if failed is not None:
        raise failed
