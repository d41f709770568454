"""Deciding: how far the photos and videos of a child may travel, and whether it may have an account of its own."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from portal import clock
from portal.consent import actions, forms, notices, queries, words
from portal.consent.notices import Notice, Reference
from portal.consent.queries import Child, Line
from portal.errors import BadInput, NotVisible
from portal.i18n import _
from portal.kinds import ACCOUNT, PHOTO, VIDEO, Access, Rung
from portal.visibility.facts import child_facts
from portal.visibility.rule import (
    ADULT_AGE,
    Answer,
    account_allowed,
    deciders,
    effective_rung,
    guardian_answer,
    reached,
    voice_day,
    voice_mode,
)
from portal.web import purposes
from portal.web.cases import Case, answer_of, case_of, may_answer
from portal.web.holding import Holding, holding
from portal.web.shell import page, redirect
from portal.web.waiting import PURPOSES
from portal.web.who import Who, who

Req = Request[Any, Any, Any]

# After saving: where an answer is what holds now, and where it is not; there the reasons follow.
HOLDS = {
    (PHOTO,): _("Your answer is kept and counts from now on: photos of %(name)s – %(photo)s."),
    (VIDEO,): _("Your answer is kept and counts from now on: videos of %(name)s – %(video)s."),
    (PHOTO, VIDEO): _(
        "Your answers are kept and count from now on: photos of %(name)s – %(photo)s, videos – %(video)s."
    ),
}
OTHERWISE = {
    PHOTO: _("Your answer about photos is kept: %(said)s. What holds for photos of %(name)s now: %(holds)s."),
    VIDEO: _("Your answer about videos is kept: %(said)s. What holds for videos of %(name)s now: %(holds)s."),
}
# For a guardian who may not see the child, and so does not learn here what holds.
KEPT = _("Your answer is kept. It can make the circle smaller, not wider.")
UNCHANGED = _("Nothing has changed: this was your answer already.")
WITHDRAWN = {
    PHOTO: _("Done. From now on nobody sees photos of %(name)s, old ones included."),
    VIDEO: _("Done. From now on nobody sees videos of %(name)s, old ones included."),
}


@get("/decide", access=Access.FAMILY)
async def overview(request: Req) -> Response[Any]:
    """The children for whom this person decides, with what holds now. A child finds its own photos here."""
    person = who(request)
    if person.is_child:
        return await child_page(request, await case_of(person, person.person or 0))
    ids = sorted(person.standing.decides_for)
    known = await queries.children(ids, person.facts.now.today)
    facts = await child_facts(ids)
    policy, now = person.facts.policy, person.facts.now
    return page(
        request,
        "decide/overview.html",
        children=[
            {
                "child": known[number],
                "blocked": person.person in facts[number].blocked,
                "purposes": [
                    {
                        "purpose": purpose,
                        "answer": guardian_answer(facts[number], person.person or 0, purpose, policy, now),
                        "rung": effective_rung(facts[number], purpose, policy, now),
                    }
                    for purpose in PURPOSES
                ],
            }
            for number in known
        ],
        words=words,
    )


@get("/decide/{child:int}", access=Access.FAMILY)
async def one(request: Req, child: FromPath[int], waiting: FromQuery[int | None] = None) -> Response[Any]:
    """The page about one child. `waiting` says from where in the list of what waits one came."""
    return await child_page(request, await case_of(who(request), child), waiting)


@post("/decide/{child:int}", access=Access.FAMILY, status_code=303)
async def save(request: Req, child: FromPath[int]) -> Response[Any]:
    """Keeps the answers; one that was left open or not changed is not written again."""
    person = who(request)
    case = await case_of(person, child)
    if not may_answer(person, case):
        raise NotVisible
    form = {key: str(value) for key, value in (await request.form()).items()}
    place = form.get("waiting", "")
    waiting = int(place) if place.isdecimal() and len(place) < 10 else None
    shown = Reference.read(form.get("shown", ""))
    ends = await queries.end_of_year(child, person.facts.now.today)
    try:
        chosen = {purpose: forms.rung(form.get(purpose, ""), purpose) for purpose in PURPOSES}
        if shown is None or all(rung is None for rung in chosen.values()):
            raise BadInput(PHOTO, _("Please choose an answer, for photos or for videos or for both."))
        changed = {}
        for purpose, rung in chosen.items():
            until = ends if form.get(f"until-{purpose}") and rung else None
            if rung is not None and not await _stands(person, case, purpose, rung, until, shown):
                changed[purpose] = (rung, until)
        await actions.decide_all(person.viewer, child, changed, shown=shown)
    except (BadInput, actions.NoticeChanged) as failure:
        return await child_page(request, case, waiting, form, failure)
    back = f"/decide/{child}" if waiting is None else f"/waiting?skip={waiting}"
    if not changed:
        return redirect(request, back, UNCHANGED, "info")
    return redirect(request, back, await _told(person, case, {purpose: changed[purpose][0] for purpose in changed}))


async def _told(person: Who, case: Case, said: dict[str, Rung]) -> str:
    """What to tell somebody, in their language, after they have given these answers: never more than what holds."""
    text, name = person.language.text, case.child.given_name
    if case.blocked:
        return text(KEPT)
    held = await _held(person, case)
    equal = {purpose: text(words.RUNGS[rung]) for purpose, rung in said.items() if held[purpose].rung is rung}
    told = [text(HOLDS[tuple(equal)], name=name, **equal)] if equal else []
    for purpose, rung in said.items():
        if purpose not in equal:
            holds = text(words.RUNGS[held[purpose].rung])
            told.append(text(OTHERWISE[purpose], name=name, said=text(words.RUNGS[rung]), holds=holds))
            told += [text(reason, name=name) for reason in held[purpose].reasons]
    return " ".join(dict.fromkeys(told))  # one reason may stand behind both


async def _held(person: Who, case: Case) -> dict[str, Holding]:
    """What holds by purpose, after something was written: read anew, and as of now."""
    facts = (await child_facts([case.child.id]))[case.child.id]
    now = clock.present(person.school.timezone)
    return {purpose: holding(facts, purpose, person.facts.policy, now, to_child=case.own) for purpose in PURPOSES}


async def _stands(person: Who, case: Case, purpose: str, rung: Rung, until: str | None, shown: Reference) -> bool:
    """Whether exactly this answer stands already, given under this notice."""
    answer = answer_of(person, case, purpose)
    if answer is None or answer.lapsed or answer.rung is not rung:
        return False
    line = _latest(await queries.history(case.child.id, person.person), purpose, answer)
    return line is not None and line.until == until and line.notice_version == shown.version


def _latest(lines: list[Line], purpose: str, answer: Answer | None) -> Line | None:
    """The line of the ledger behind a standing answer: the latest of this purpose, if it says what stands."""
    line = next((line for line in lines if line.purpose == purpose), None)
    if line is None or answer is None or (line.rung is not answer.rung and not answer.lapsed):
        return None
    return line


@post("/decide/{child:int}/withdraw", access=Access.FAMILY, status_code=303)
async def withdraw(request: Req, child: FromPath[int]) -> Response[Any]:
    """One press: from now on nobody."""
    person = who(request)
    case = await case_of(person, child)
    purpose = str((await request.form()).get("purpose", ""))
    if purpose not in PURPOSES or not may_answer(person, case):
        raise NotVisible
    await actions.withdraw(person.viewer, child, purpose)
    if case.blocked or (await _held(person, case))[purpose].rung is not Rung.NOBODY:
        return redirect(request, f"/decide/{child}", await _told(person, case, {purpose: Rung.NOBODY}))
    return redirect(request, f"/decide/{child}", WITHDRAWN[purpose], name=case.child.given_name)


@post("/decide/{child:int}/account", access=Access.FAMILY, status_code=303)
async def account(request: Req, child: FromPath[int]) -> Response[Any]:
    """Allows the child an account of its own, or takes that back."""
    person = who(request)
    case = await case_of(person, child)
    said = str((await request.form()).get("allowed", ""))
    if case.own or said not in ("yes", "no"):
        raise NotVisible
    await actions.allow_account(person.viewer, child, said == "yes")
    message = (
        _("Kept. For your part %(name)s may use an account.")
        if said == "yes"
        else _("Kept. From now on %(name)s may not use an account. If there is one, it is closed at once.")
    )
    return redirect(request, f"/decide/{child}", message, name=case.child.given_name)


async def child_page(
    request: Req,
    case: Case,
    waiting: int | None = None,
    typed: dict[str, str] | None = None,
    failure: BadInput | actions.NoticeChanged | None = None,
    others: dict[str, str] | None = None,
) -> Response[Any]:
    """The page about one child; after a failure with what was chosen: in `typed`, or in `others` about purposes."""
    person = who(request)
    policy, now = person.facts.policy, person.facts.now
    lines = await queries.history(case.child.id, person.person)
    notice = await notices.current(notices.PHOTO, person.language.code, person.school.language)
    return page(
        request,
        "decide/child.html",
        status=200 if failure is None else 409 if isinstance(failure, actions.NoticeChanged) else 422,
        child=case.child,
        own=case.own,
        blocked=case.blocked,
        may_answer=may_answer(person, case) and notice is not None,
        voice_day=voice_day(case.facts, policy) if policy.voice_mode != "off" else None,
        speaks=voice_mode(case.facts, policy, now),
        purposes=[_purpose(person, case, purpose, lines, typed) for purpose in PURPOSES],
        deciders=await _others(person, case),
        permissions=await purposes.section(person, case, lines, others),
        end_of_year=await queries.end_of_year(case.child.id, now.today),
        notice=notice,
        account=_account(person, case),
        history=lines,
        words=words,
        waiting=waiting,
        failure=failure if isinstance(failure, actions.NoticeChanged) else None,
        errors={failure.field: person.language.text(failure.message)} if isinstance(failure, BadInput) else {},
    )


def _purpose(
    person: Who, case: Case, purpose: str, lines: list[Line], typed: dict[str, str] | None
) -> dict[str, Any]:
    """One ladder with what stands: nothing is ticked before this person has answered."""
    policy, now = person.facts.policy, person.facts.now
    answer = answer_of(person, case, purpose)
    line = _latest(lines, purpose, answer)
    stands = answer if answer is not None and not answer.lapsed else None
    value = int(stands.rung) if stands is not None else None
    until = bool(stands and line and line.until)
    if typed is not None:
        value = int(typed[purpose]) if typed.get(purpose, "") in ("0", "1", "2", "3", "4") else None
        until = bool(typed.get(f"until-{purpose}"))
    holds: Holding | None = None
    if not case.blocked:
        holds = holding(case.facts, purpose, policy, now, to_child=case.own)
    return {
        "purpose": purpose,
        "value": value,
        "until": until,
        "answer": answer,
        "line": line,
        "may_withdraw": stands is not None and stands.rung > Rung.NOBODY,
        "holds": holds,
    }


async def _others(person: Who, case: Case) -> list[dict[str, Any]]:
    """Who else decides, and whether they have answered about photos. Where somebody must be kept from the child, or
    the school protects it, no guardian is named to another."""
    policy, now = person.facts.policy, person.facts.now
    secret = bool(case.facts.blocked) or case.facts.hold
    if case.blocked:
        return []
    found = []
    for decider in await queries.deciders(case.child.id, now.today):
        if decider.id == person.person:
            continue
        answers = [guardian_answer(case.facts, decider.id, purpose, policy, now) for purpose in PURPOSES]
        found.append(
            {
                "name": "" if secret else decider.name,
                "answered": all(answer is not None and not answer.lapsed for answer in answers),
            }
        )
    return found


def _account(person: Who, case: Case) -> dict[str, Any] | None:
    """The permission for an account of the child's own; None where none is needed or this person is not asked."""
    policy, now = person.facts.policy, person.facts.now
    since = clock.birthday(case.child.born, min(policy.account_from_age, ADULT_AGE))
    if case.own or policy.account_from_age == 0 or reached(since, now):
        return None
    answer = guardian_answer(case.facts, person.person or 0, ACCOUNT, policy, now)
    return {
        "answer": None if answer is None else answer.rung >= Rung.FAMILY,
        "holds": None if case.blocked else account_allowed(case.facts, policy, now),
        "refused": any(
            (said := guardian_answer(case.facts, adult, ACCOUNT, policy, now)) and said.rung is Rung.NOBODY
            for adult in deciders(case.facts, now.today)
        ),
        "age": min(policy.account_from_age, ADULT_AGE),
    }


@get("/decide/{child:int}/form", access=Access.FAMILY)
async def form(request: Req, child: FromPath[int]) -> Response[Any]:
    """The same questions on paper, to be printed and signed."""
    person = who(request)
    case = await case_of(person, child)
    return await paper_form(request, case.child, person.name, person.language.code, own=case.own)


async def paper_form(request: Req, child: Child, signer: str, language: str, *, own: bool = False) -> Response[Any]:
    """The printed form about one child, or for it (`own`). `signer` may be empty."""
    person = who(request)
    notice: Notice | None = await notices.current(notices.PHOTO, language, person.school.language)
    if notice is None:
        raise NotVisible
    return page(
        request,
        "decide/form.html",
        child=child,
        own=own,
        signer=signer,
        notice=notice,
        purposes=PURPOSES,
        words=words,
        end_of_year=await queries.end_of_year(child.id, person.facts.now.today),
    )


ROUTES = [overview, one, save, withdraw, account, form]
