"""Notices: what people read about their data and about photos, and where the administrator writes new versions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal import i18n
from portal.consent import notices, purposes, words
from portal.consent.notices import KINDS, Notice, Reference
from portal.errors import BadInput, NotVisible
from portal.i18n import _
from portal.kinds import Access
from portal.web.days import on
from portal.web.requests import LONGEST_FORM
from portal.web.shell import local_path, page, redirect
from portal.web.who import who

Req = Request[Any, Any, Any]


@get("/privacy", access=Access.PUBLIC)
async def privacy(request: Req) -> Response[Any]:
    """The privacy notice in force, in the reader's language, with its acknowledgement."""
    return await _notice(request, notices.PRIVACY)


@get("/privacy/{kind:str}", access=Access.PUBLIC)
async def notice(request: Req, kind: FromPath[str]) -> Response[Any]:
    """Another notice in force."""
    return await _notice(request, kind)


@get("/privacy/{kind:str}/{number:int}", access=Access.PUBLIC)
async def older(request: Req, kind: FromPath[str], number: FromPath[int]) -> Response[Any]:
    """A certain version of a notice; older ones stay readable."""
    return await _notice(request, kind, number)


async def _notice(request: Req, kind: str, number: int | None = None) -> Response[Any]:
    person = who(request)
    if kind not in KINDS and not purposes.KEY.fullmatch(kind):
        raise NotVisible
    known = await notices.versions(kind)
    if kind not in KINDS and not known:  # of what a plugin asks about, the texts are here as well
        raise NotVisible
    language, fallback = person.language.code, person.school.language
    newest = known[0].version if known else 0
    shown: Notice | None = None
    if number is None:
        shown = await notices.current(kind, language, fallback)
    elif 0 < number <= newest:
        shown = await notices.version(kind, number, language, fallback)
    if shown is None and number is not None:
        raise NotVisible
    to_acknowledge = (
        kind == notices.PRIVACY
        and shown is not None
        and shown.version == newest
        and person.person is not None
        and await notices.seen(person.person, kind) < newest
    )
    return page(
        request,
        "notices/notice.html",
        kind=kind,
        title=person.language.text(KINDS.get(kind) or words.purpose(kind)),
        kinds=KINDS,
        notice=shown,
        newest=newest,
        versions=known,
        to_acknowledge=to_acknowledge,
        direction=i18n.language(shown.language).direction if shown else "",
        on=on(person),
        next=request.query_params.get("next", ""),
    )


@post("/privacy/seen", access=Access.SIGNED_IN, status_code=303)
async def seen(request: Req) -> Response[Any]:
    """The reader has read the privacy notice."""
    data = await request.form()
    shown = Reference.read(str(data.get("shown", "")))
    back = str(data.get("next", ""))
    if shown is None:
        raise NotVisible
    if not await notices.acknowledge(who(request).viewer, notices.PRIVACY, shown):
        return redirect(request, "/privacy", _("The notice has changed in the meantime. Please read this one."), "info")
    return redirect(request, local_path(back) if back else "/privacy", _("Thank you. We have noted that."))


@get("/office/notices", access=Access.ADMIN)
async def office(request: Req) -> Response[Any]:
    """The notices with their versions and languages."""
    return page(
        request,
        "notices/office.html",
        on=on(who(request)),
        notices=[{"kind": kind, "versions": await notices.versions(kind)} for kind in KINDS],
        kinds=KINDS,
    )


@get("/office/notices/{kind:str}", access=Access.ADMIN)
async def edit(request: Req, kind: FromPath[str]) -> Response[Any]:
    """The texts of a notice in every language, ready to be changed."""
    person = who(request)
    if kind not in KINDS:
        raise NotVisible
    known = await notices.versions(kind)
    texts, after = {}, known[0].version if known else 0
    for language in person.school.languages:
        found = await notices.exactly(kind, Reference(after, language))
        texts[language] = found.body if found else ""
    return _editor(request, kind, after, texts, {})


def _editor(
    request: Req, kind: str, after: int, texts: dict[str, str], changes: dict[str, str], failure: BadInput | None = None
) -> Response[Any]:
    person = who(request)
    return page(
        request,
        "notices/edit.html",
        status=422 if failure else 200,
        kind=kind,
        kinds=KINDS,
        after=after,
        texts=texts,
        changes=changes,
        languages_here=person.school.languages,
        directions={code: i18n.language(code).direction for code in person.school.languages},
        errors={failure.field: person.language.text(failure.message)} if failure else {},
    )


# Five texts; a letter of Arabic takes six bytes in a form.
@post("/office/notices/{kind:str}", access=Access.ADMIN, status_code=200, request_max_body_size=LONGEST_FORM)
async def publish(request: Req, kind: FromPath[str]) -> Response[Any]:
    """Shows the new version as families will see it, and publishes it when that was confirmed."""
    person = who(request)
    if kind not in KINDS:
        raise NotVisible
    data = {key: str(value) for key, value in (await request.form()).items()}
    began = data.get("after", "")
    after = int(began) if began.isdecimal() and len(began) < 10 else 0
    languages = person.school.languages
    texts = {code: notices.tidy(data.get(f"text-{code}", "")) for code in languages}
    changes = {code: data.get(f"changes-{code}", "").strip() for code in languages}
    if data.get("act") == "edit":
        return _editor(request, kind, after, texts, changes)
    if data.get("act") == "publish":
        try:
            number = await notices.publish(person.viewer, kind, texts, changes, after=after, school=person.school)
        except BadInput as failure:
            return _editor(request, kind, after, texts, changes, failure)
        return redirect(request, "/office/notices", _("Version %(number)s is published."), number=number)
    if not texts[person.school.language]:
        missing = BadInput(f"text-{person.school.language}", _("The text in the school's main language is needed."))
        return _editor(request, kind, after, texts, changes, missing)
    if after and not changes[person.school.language]:
        missing = BadInput(f"changes-{person.school.language}", _("Say in a sentence or two what is new."))
        return _editor(request, kind, after, texts, changes, missing)
    empty = Notice(kind, after + 1, "", "", "", "", 0)
    return page(
        request,
        "notices/preview.html",
        kind=kind,
        kinds=KINDS,
        after=after,
        texts=texts,
        changes=changes,
        previews=[
            replace(empty, language=code, body=text, changes=changes[code]) for code, text in texts.items() if text
        ],
        missing=[code for code, text in texts.items() if not text],
        directions={code: i18n.language(code).direction for code in languages},
    )


ROUTES = [privacy, notice, older, seen, office, edit, publish]
