"""The review desk: what this person handles, in any state. Each look at an original is written down."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath, FromQuery

from portal.errors import NotVisible
from portal.kinds import Access, Shown
from portal.people import queries as people
from portal.photos.queries import pictures
from portal.visibility import door
from portal.visibility.rule import ChildState
from portal.web.pages.photos import PICTURE_HEADERS, SIZES, WEBP, read
from portal.web.shell import page
from portal.web.who import Who, who

Req = Request[Any, Any, Any]
PER_PAGE = 30


@get("/desk", access=Access.STAFF)
async def desk(request: Req, before: FromQuery[int | None] = None) -> Response[Any]:
    """The photos that this person handles, newest first."""
    person = who(request)
    found = await door.desk(person.viewer, PER_PAGE, before)
    known = await pictures(found.photos, base="/desk/photos")
    handled = await door.handled(person.viewer, [shown.photo for shown in found.photos])
    tagged = await person.facts.children({child for facts in handled.values() for child in facts.children})
    names = await people.names([child for child, state in tagged.items() if _knows(person, state)])
    held = {child for child, state in tagged.items() if state.hold}
    return page(
        request,
        "desk/desk.html",
        photos=[
            {
                "picture": known[shown.photo],
                "facts": facts,
                "names": sorted(names[child] for child in facts.children & names.keys()),
                "held": sorted(names[child] for child in facts.children & names.keys() & held),
            }
            for shown in found.photos
            if (facts := handled.get(shown.photo)) is not None
        ],
        older=f"/desk?before={found.before}" if found.before else None,
    )


def _knows(person: Who, child: ChildState) -> bool:
    """Whether a child's name is anything new to this person: staff of its classes, and whoever sees all records."""
    return bool(person.roles) or not person.standing.staff_of.isdisjoint(child.groups_in | child.groups_to_end)


@get("/desk/photos/{photo:int}/{size:str}", access=Access.STAFF)
async def file(request: Req, photo: FromPath[int], size: FromPath[str]) -> Response[bytes]:
    """The original in one of its sizes."""
    if size not in SIZES or not await door.desk_look(who(request).viewer, photo, size):
        raise NotVisible
    return Response(read(Shown(photo), size), media_type=WEBP, headers=PICTURE_HEADERS)


ROUTES = [desk, file]
