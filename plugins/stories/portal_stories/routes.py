"""Reading stories, and taking them back. Writing them is in `compose`."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from portal.sdk import Access, NotVisible, Who, _, groups, my_children, my_groups, new_id, page, redirect, who
from portal_stories import actions, compose, posting, queries, words
from portal_stories.rules import handles, may_write

Req = Request[Any, Any, Any]


@get("/stories", access=Access.PUBLIC)
async def feed(
    request: Req,
    child: FromQuery[int | None] = None,
    group: FromQuery[int | None] = None,
    before: FromQuery[str | None] = None,
) -> Response[Any]:
    """What is offered to this reader, newest first; of one child's classes, or of one class, where asked for."""
    person = who(request)
    within = await _within(person, child, group)
    found = await queries.feed(person, within, before)
    narrowed = f"child={child}&" if child is not None else f"group={group}&" if group is not None else ""
    here = f"/stories?{narrowed}".rstrip("?&")
    return page(
        request,
        "stories/feed.html",
        stories=found.stories,
        older=f"/stories?{narrowed}before={found.older}" if found.older else "",
        newer=here if before is not None else "",
        filters=await _filters(person, child, group),
        writes=may_write(person.standing),
        token=new_id(),
    )


async def _within(person: Who, child: int | None, group: int | None) -> frozenset[int] | None:
    if child is not None:
        mine = {own.id: own for own in await my_children(person)}
        if child not in mine:
            raise NotVisible
        return mine[child].groups
    if group is not None:
        if group not in person.standing.offered_groups:
            raise NotVisible
        return frozenset({group})
    return None


async def _filters(person: Who, child: int | None, group: int | None) -> list[tuple[str, str, bool]]:
    """The reader's children, and the classes they teach, where there is more than one of them."""
    own = await my_children(person) if not person.is_child else []
    known = await groups(person.facts)
    taught = sorted((known[g].name, g) for g in person.standing.staff_of if g in known)
    if len(own) + len(taught) < 2:
        return []
    return [
        (person.language.text(_("All")), "/stories", child is None and group is None),
        *((c.name, f"/stories?child={c.id}", c.id == child) for c in own),
        *((name, f"/stories?group={g}", g == group) for name, g in taught),
    ]


@get("/stories/{story:int}", access=Access.PUBLIC)
async def single(request: Req, story: FromPath[int]) -> Response[Any]:
    """One story with its photos. Absent and not for this reader look the same."""
    person = who(request)
    view = await queries.one(person, story)
    if view is None:
        raise NotVisible
    stored = await queries.load(story) if may_write(person.standing) else None
    return page(
        request,
        "stories/story.html",
        story=view,
        sees=words.sees(view.audience, view.label, person.language),
        may_edit=stored is not None and handles(person.standing, stored),
    )


@get("/stories/mine", access=Access.STAFF)
async def mine(request: Req, show: FromQuery[str] = "drafts", before: FromQuery[int | None] = None) -> Response[Any]:
    """The writer's own list: drafts, scheduled, published, taken down."""
    if show not in queries.LISTS:
        raise NotVisible
    person = who(request)
    limit = 30
    entries = await queries.mine(person.viewer, show, before, limit)
    known, text = await groups(person.facts), person.language.text
    return page(
        request,
        "stories/mine.html",
        show=show,
        entries=[(entry, queries.audience_label(entry.audience, known, text)) for entry in entries],
        counts=await queries.counts(person.viewer),
        older=f"/stories/mine?show={show}&before={entries[-1].id}" if len(entries) == limit else "",
        token=new_id(),
    )


@get("/stories/new", access=Access.STAFF)
async def choose(request: Req) -> Response[Any]:
    """Asks for which class the new story is."""
    person = who(request)
    if not may_write(person.standing):
        raise NotVisible
    return page(request, "stories/new.html", groups=await my_groups(person.viewer), token=new_id())


# ---- Taking back ----


@post("/stories/{story:int}/take-down", access=Access.STAFF, status_code=303)
async def take_down(request: Req, story: FromPath[int]) -> Response[Any]:
    found, _who = await queries.handled(who(request).viewer, story)
    form = await request.form()
    if not form.get("confirmed"):
        away, back = _("Families no longer see it. You can put it back."), f"/stories/{story}"
        return _ask(request, _("Take this story down?"), away, f"/stories/{story}/take-down", _("Take down"), back)
    await posting.take_down(who(request).viewer, found.id)
    return redirect(request, "/stories/mine?show=hidden", _("The story is taken down. You can put it back here."))


@post("/stories/{story:int}/put-back", access=Access.STAFF, status_code=303)
async def put_back(request: Req, story: FromPath[int]) -> Response[Any]:
    await posting.put_back(who(request).viewer, story)
    return redirect(request, f"/stories/{story}", _("The story is back."))


@post("/stories/{story:int}/to-draft", access=Access.STAFF, status_code=303)
async def to_draft(request: Req, story: FromPath[int]) -> Response[Any]:
    await posting.back_to_draft(who(request).viewer, story)
    return redirect(request, f"/stories/{story}/edit", _("The story is a draft again."))


@post("/stories/{story:int}/drop-changes", access=Access.STAFF, status_code=303)
async def drop_changes(request: Req, story: FromPath[int]) -> Response[Any]:
    await actions.drop_changes(who(request).viewer, story)
    return redirect(request, f"/stories/{story}/edit", _("The changes are dropped."))


@post("/stories/{story:int}/erase", access=Access.STAFF, status_code=303)
async def erase(request: Req, story: FromPath[int]) -> Response[Any]:
    found, _who = await queries.handled(who(request).viewer, story)
    form = await request.form()
    if not form.get("confirmed"):
        gone = _("Text and photos are gone then, and nobody can undo it.")
        back = f"/stories/{story}/edit"
        return _ask(request, _("Erase this story for good?"), gone, f"/stories/{story}/erase", _("Erase"), back)
    await posting.erase(who(request).viewer, found.id)
    return redirect(request, "/stories/mine", _("The story is erased."))


def _ask(request: Req, question: str, detail: str, action: str, yes: str, back: str) -> Response[Any]:
    text = who(request).language.text
    return page(
        request, "confirm.html", question=text(question), detail=text(detail), action=action, fields={}, yes=text(yes),
        back=back,
    )  # fmt: skip


ROUTES = [
    feed, single, mine, choose, take_down, put_back, to_draft, drop_changes, erase, *compose.ROUTES,
]  # fmt: skip
