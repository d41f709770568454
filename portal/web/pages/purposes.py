"""Answering what plugins ask about a child: several yes and no on one form, below photos and videos."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, post
from litestar.params import FromPath

from portal.consent import actions, queries
from portal.consent.notices import Reference
from portal.errors import BadInput, NotVisible
from portal.i18n import _
from portal.kinds import Access
from portal.web.cases import Case, case_of, may_answer
from portal.web.pages.decide import KEPT, UNCHANGED, child_page
from portal.web.purposes import Permission, holds, section
from portal.web.shell import redirect
from portal.web.who import Who, who

Req = Request[Any, Any, Any]
# After saving, by what was said and by what holds now.
TOLD = {
    (True, True): _("“%(title)s” is allowed from now on."),
    (True, False): _("Your yes to “%(title)s” is kept. For now it is still not allowed."),
    (False, False): _("“%(title)s” is not allowed from now on."),
    (False, True): _("Your no to “%(title)s” is kept. What holds now: allowed."),
}


@post("/decide/{child:int}/purposes", access=Access.FAMILY, status_code=303)
async def save(request: Req, child: FromPath[int]) -> Response[Any]:
    """Keeps the answers; one that was left open or not changed is not written again."""
    person = who(request)
    case = await case_of(person, child)
    if not may_answer(person, case):
        raise NotVisible
    form = {key: str(value) for key, value in (await request.form()).items()}
    known = {each.key: each for each in await section(person, case, await queries.history(child, person.person))}
    try:
        changed = _changed(known, form)
        await actions.decide_purposes(person.viewer, child, changed)
    except (BadInput, actions.NoticeChanged) as failure:
        return await child_page(request, case, failure=failure, others=form)
    back = f"/decide/{child}"
    if not changed:
        return redirect(request, back, UNCHANGED, "info")
    return redirect(request, back, await _told(person, case, known, {key: said for key, (said, _) in changed.items()}))


def _changed(known: Mapping[str, Permission], form: Mapping[str, str]) -> dict[str, tuple[bool, Reference]]:
    """What was said anew, each with the text that was shown. Raises BadInput, NoticeChanged."""
    if not any(form.get(key) for key in known):
        if any("." in key and form[key] in ("yes", "no") for key in form):  # asked about no more since it was shown
            raise actions.NoticeChanged("")
        raise BadInput(next(iter(known), "others"), _("Please choose an answer."))
    changed = {}
    for key, permission in known.items():
        said = form.get(key, "")
        if not said:
            continue
        if said not in ("yes", "no"):
            raise BadInput(key, _("Please choose yes or no."))
        shown = Reference.read(form.get(f"shown-{key}", ""))
        if shown is None:
            raise actions.NoticeChanged(key)
        if (permission.asked or said == "no") and not permission.stands(said == "yes", shown):
            changed[key] = (said == "yes", shown)
    return changed


async def _told(person: Who, case: Case, known: Mapping[str, Permission], said: Mapping[str, bool]) -> str:
    """What to tell somebody, in their language, after they have given these answers: never more than what holds."""
    text = person.language.text
    if case.blocked:
        return text(KEPT)
    told = []
    for key, allowed in said.items():
        now = known[key].asked and (await holds(person, case, key))[0]
        told.append(text(TOLD[allowed, now], title=text(known[key].title)))
    return " ".join(told)


ROUTES = [save]
