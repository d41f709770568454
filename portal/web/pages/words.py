"""Word on paper: what waits for those who want to be reached on paper, to be printed and passed on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, get, post

from portal import clock, i18n
from portal.delivery import actions, queries
from portal.i18n import _
from portal.kinds import Access, typed_id
from portal.web.shell import page, redirect
from portal.web.who import Who, who

Req = Request[Any, Any, Any]
HERE = "/office/words"
ASKED = (
    _("Have you printed these and passed them on?"),
    _("They are taken off this list, and their texts are erased."),
    _("Printed and handed out"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """A message as it is printed, in its reader's language. `day`: when it was written, in that language too."""

    id: int
    name: str
    language: str
    direction: str
    day: str
    subject: str
    paragraphs: list[list[str]]


async def _pages(person: Who) -> list[Page]:
    found = []
    for sheet in await queries.on_paper(person.standing.blocked_from):
        language = i18n.language(sheet.language if sheet.language in i18n.LANGUAGES else person.school.language)
        day = language.day(clock.day(sheet.written_at, person.school.timezone))
        paragraphs = [part.strip().splitlines() for part in sheet.body.split("\n\n") if part.strip()]
        found.append(Page(sheet.id, sheet.name, language.code, language.direction, day, sheet.subject, paragraphs))
    return found


@get(HERE, access=Access.OFFICE)
async def overview(request: Req) -> Response[Any]:
    """What waits, one sheet for each message; the oldest first, so many as one prints at once."""
    person = who(request)
    pages = await _pages(person)
    waiting = await queries.count_on_paper(person.standing.blocked_from)
    return page(
        request, "words/words.html", pages=pages, waiting=waiting, address=person.school.address.splitlines(),
        ids=",".join(str(sheet.id) for sheet in pages),
    )  # fmt: skip


@post(HERE, access=Access.OFFICE, status_code=303)
async def handed_out(request: Req) -> Response[Any]:
    """Takes those that were shown off the list, after a question. What came meanwhile stays on it."""
    person = who(request)
    form = await request.form()
    shown = str(form.get("ids", ""))
    if form.get("confirmed") != "1":
        question, detail, yes = map(person.language.text, ASKED)
        return page(
            request, "confirm.html", question=question, detail=detail, yes=yes, action=HERE, back=HERE,
            fields={"ids": shown},
        )  # fmt: skip
    waiting = {sheet.id for sheet in await queries.on_paper(person.standing.blocked_from)}
    await actions.handed_out(waiting & {typed_id(number) for number in shown.split(",")})
    return redirect(request, HERE, _("Done. They are off the list."))


ROUTES = [overview, handed_out]
