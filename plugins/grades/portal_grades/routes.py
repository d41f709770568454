"""The pages of families, and the way in for everybody. Those of staff are in `teaching`."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.sdk import Access, BadInput, NotVisible, _, groups, my_children, page, redirect, who
from portal_grades import alerts, classes, import_routes, queries, showing, teaching, words

Req = Request[Any, Any, Any]


@get("/grades", access=Access.SIGNED_IN)
async def home(request: Req) -> Response[Any]:
    """The own children, and the classes of staff. Whoever has one child alone is led to it."""
    person = who(request)
    children = await my_children(person)
    own = await classes.mine(person.viewer) if person.standing.staff_of else []
    imports = bool(person.standing.staff_of or person.standing.roles & {"office", "admin"})
    if len(children) == 1 and not imports:
        return redirect(request, f"/grades/children/{children[0].id}")
    return page(request, "grades/home.html", children=children, classes=own, imports=imports)


@get("/grades/children/{child:int}", access=Access.FAMILY)
async def child(request: Req, child: FromPath[int]) -> Response[Any]:
    """What one child has, for its family and itself."""
    person = who(request)
    one = await queries.own_child(person, child)
    sight = await queries.of_child(person, one)
    known = await groups(person.facts)
    named = [(group, known[group].name) for group in sorted(sight.groups) if group in known]
    wish = await queries.wish_of(person.person or 0) or await alerts.usual()
    return page(
        request,
        "grades/child.html",
        **showing.of(person, sight, named if len(named) > 1 else []),
        group=None,
        wish=person.language.text(words.ALERTS[wish]),
        siblings=[other for other in await my_children(person) if other.id != child],
    )


async def _alerts_page(request: Req, wish: str, wrong: BadInput | None = None) -> Response[Any]:
    person = who(request)
    text = person.language.text
    return page(
        request,
        "grades/alerts.html",
        status=422 if wrong else 200,
        wish=wish,
        options=[(every, text(words.ALERTS[every])) for every in alerts.WISHES],
        errors={wrong.field: words.told(person, wrong)} if wrong else {},
    )


@get("/grades/alerts", access=Access.FAMILY)
async def wishes(request: Req) -> Response[Any]:
    """How often this person hears of new results."""
    person = who(request)
    if not person.standing.family_of:
        raise NotVisible
    return await _alerts_page(request, await queries.wish_of(person.person or 0) or await alerts.usual())


@post("/grades/alerts", access=Access.FAMILY, status_code=303)
async def choose(request: Req) -> Response[Any]:
    every = str((await request.form()).get("every", ""))
    try:
        await alerts.choose(who(request).viewer, every)
    except BadInput as wrong:
        return await _alerts_page(request, "", wrong)
    return redirect(request, "/grades/alerts", _("Saved."))


ROUTES: list[Any] = [home, child, wishes, choose, *teaching.ROUTES, *import_routes.ROUTES]
