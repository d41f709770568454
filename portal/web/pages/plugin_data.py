"""What plugins keep about a person: for the person, for those who decide for a child, and for administrators.

In the own account rows that name somebody else as well are shown with care: an answer that one guardian gave about a
child is not read by another; and nothing stands there before its time, such as a grade that is not released. The office
has the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal import clock
from portal.consent import queries
from portal.errors import NotVisible, Refused
from portal.i18n import _
from portal.kinds import Access
from portal.plugins import keeping
from portal.plugins.keeping import Portion
from portal.visibility.rule import ADULT_AGE, reached
from portal.web import exports
from portal.web.days import on
from portal.web.erasing import ask_for_name, is_typed
from portal.web.pages.people import visible_person
from portal.web.shell import page, redirect
from portal.web.who import Who, who

Req = Request[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of thing that a plugin keeps, told in words. `title`, `what` and `kept` are msgids, the days are texts
    in the reader's language: of the oldest entry, and the one on which the last is gone; '' where unknown."""

    title: str
    what: str
    count: int
    since: str
    kept: str
    gone_by: str
    fate: str


def _lines(person: Who, portions: Sequence[Portion]) -> list[Line]:
    told, found = on(person), []
    for portion in portions:
        stored = portion.stored
        at = [at for at in portion.column(stored.since) if at] if stored.since in portion.columns else []
        gone_by = told(max(at) + stored.days * clock.DAY) if at and stored.days is not None else ""
        since = told(min(at)) if at else ""
        found.append(
            Line(portion.title, stored.what, len(portion.rows), since, stored.kept, gone_by, portion.fate)
        )
    return found


def _file(person: Who, name: str, portions: Sequence[Portion]) -> Response[bytes]:
    """The same with every entry, as one JSON file."""
    text = person.language.text
    kept = [
        {
            "plugin": portion.plugin,
            "title": text(portion.title),
            "what": text(portion.stored.what),
            "how_long": text(portion.stored.kept),
            "sent_to": text(portion.stored.sent),
            "table": portion.table,
            "entries": [
                {column: exports.plain(value) for column, value in zip(portion.columns, row, strict=True)}
                for row in portion.rows
            ],
        }
        for portion in portions
    ]
    made = {"school": person.school.name, "about": name, "made_on": person.facts.now.today, "kept": kept}
    data = msgspec.json.format(msgspec.json.encode(made), indent=2)
    return exports.download(f"portal-data-{person.facts.now.today}.json", data, "application/json")


# ---- The own account ----


def _me(person: Who) -> int:
    if person.person is None:
        raise NotVisible
    return person.person


async def _mine(person: Who) -> list[Portion]:
    """About whoever asks. A child reads nothing that somebody else said of it; nobody of a child they are kept from."""
    me = _me(person)
    if person.is_child:
        return await keeping.about_person(me, among=(me,), at=clock.now())
    return await keeping.about_person(me, without=person.standing.blocked_from, at=clock.now())


async def _children(person: Who) -> dict[int, str]:
    """The children about whom this person may ask, by id: those whom they decide for, see, and who are not of age."""
    asked = person.standing.decides_for - person.standing.blocked_from
    known = await queries.children(sorted(asked), person.facts.now.today)
    return {
        number: child.name
        for number, child in known.items()
        if not reached(clock.birthday(child.born, ADULT_AGE), person.facts.now)
    }


async def _of_child(person: Who, child: int) -> tuple[str, list[Portion]]:
    """The child's name, and what is kept about it without what names other people. Raises NotVisible."""
    children = await _children(person)
    if child not in children:
        raise NotVisible
    return children[child], await keeping.about_person(child, among=(child, _me(person)), at=clock.now())


@get("/account/data", access=Access.SIGNED_IN)
async def mine(request: Req) -> Response[Any]:
    """What plugins keep about whoever asks."""
    person = who(request)
    return await _page(request, _me(person), person.name, await _mine(person))


@get("/account/data/{child:int}", access=Access.SIGNED_IN)
async def of_child(request: Req, child: FromPath[int]) -> Response[Any]:
    """The same about a child for whom one decides."""
    name, portions = await _of_child(who(request), child)
    return await _page(request, child, name, portions)


async def _page(request: Req, about: int, name: str, portions: Sequence[Portion]) -> Response[Any]:
    person = who(request)
    me = _me(person)
    places = {me: "/account/data"} | {number: f"/account/data/{number}" for number in await _children(person)}
    names = {me: person.language.text(_("You"))} | await _children(person)
    return page(
        request,
        "account/data.html",
        name=name,
        own=about == me,
        partly=about != me or person.is_child,
        tabs=[(names[number], path, number == about) for number, path in places.items()],
        lines=_lines(person, portions),
        download=(places[about] + "/download"),
    )


@get("/account/data/download", access=Access.SIGNED_IN)
async def mine_file(request: Req) -> Response[bytes]:
    """What plugins keep about whoever asks, entry by entry."""
    person = who(request)
    return _file(person, person.name, await _mine(person))


@get("/account/data/{child:int}/download", access=Access.SIGNED_IN)
async def child_file(request: Req, child: FromPath[int]) -> Response[bytes]:
    """The same about a child for whom one decides."""
    return _file(who(request), *await _of_child(who(request), child))


# ---- The office ----


@get("/office/people/{number:int}/data", access=Access.ADMIN)
async def of_person(request: Req, number: FromPath[int]) -> Response[Any]:
    """What plugins keep about anybody, for whoever answers their questions."""
    return await _office_page(request, number)


async def _office_page(request: Req, number: int, failure: Refused | None = None) -> Response[Any]:
    person = who(request)
    known = await visible_person(person, number)
    portions = await keeping.about_person(number, without=person.standing.blocked_from)
    return page(
        request, "office/data.html", status=422 if failure else 200, person=known, lines=_lines(person, portions),
        failure=failure,
    )  # fmt: skip


@get("/office/people/{number:int}/data/download", access=Access.ADMIN)
async def person_file(request: Req, number: FromPath[int]) -> Response[bytes]:
    """The same, entry by entry."""
    person = who(request)
    known = await visible_person(person, number)
    return _file(person, known.name, await keeping.about_person(number, without=person.standing.blocked_from))


@post("/office/people/{number:int}/data/erase", access=Access.ADMIN, status_code=303)
async def erase(request: Req, number: FromPath[int]) -> Response[Any]:
    """Erases what plugins keep about somebody, after the name was typed: all of it, or nothing."""
    person = who(request)
    known = await visible_person(person, number)
    text = person.language.text
    back = f"/office/people/{number}/data"
    typed = (await request.form()).get("typed")
    if not is_typed(typed, known.name):
        return ask_for_name(
            request, question=text(_("Erase what plugins keep about %(name)s?"), name=known.name),
            detail=text(
                _("It cannot be undone. The person's record, permissions and photos are not touched by this.")
            ),
            label=text(_("To go on, type the name")), name=known.name, typed=typed, action=f"{back}/erase", back=back,
        )  # fmt: skip
    try:
        await keeping.erase_person(number)
    except Refused as failure:
        said = {key: text(str(value)) for key, value in failure.values.items()}  # a plugin's title is a msgid
        return await _office_page(request, number, Refused(failure.message, **said))
    return redirect(request, back, _("Erased. What has to stay is listed here."))


ROUTES = [mine, of_child, mine_file, child_file, of_person, person_file, erase]
