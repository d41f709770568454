"""Photos: the album of everything a viewer may see, and the picture files, decided at every single request."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath, FromQuery
from litestar.types import ASGIApp, Receive, Scope, Send

from portal.errors import NotVisible
from portal.kinds import Access, Shown
from portal.photos import connected
from portal.photos.files import Missing
from portal.photos.queries import pictures
from portal.visibility import door
from portal.web.shell import page
from portal.web.who import of_scope, who

Req = Request[Any, Any, Any]
PER_PAGE = 30
SIZES = frozenset({"small", "medium", "large"})
WEBP = "image/webp"  # what all of them are
PRINT = "print"
PICTURE_HEADERS = {"Cache-Control": "private, no-store"}
_HEAD = [(b"content-type", WEBP.encode()), *((k.lower().encode(), v.encode()) for k, v in PICTURE_HEADERS.items())]


class Straight:
    """Calls a handler that takes the scope and gives an ASGI answer, without a request and a response of the framework:
    they cost as much as deciding and decrypting. The gate has let the request pass before; what else the framework does
    around a handler (dependencies, hooks before and after) does not happen."""

    def __init__(self, app: ASGIApp) -> None:
        pass  # the framework's own way to the handler is not taken

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer: ASGIApp = await scope["route_handler"].fn(scope=scope)
        await answer(scope, receive, send)


class PictureFile:
    """A WebP picture as an ASGI answer."""

    __slots__ = ("body",)

    def __init__(self, body: bytes) -> None:
        self.body = body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [*_HEAD, (b"content-length", str(len(self.body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": False})


@get("/photos", access=Access.PUBLIC)
async def album(request: Req, before: FromQuery[int | None] = None) -> Response[Any]:
    """Every photo that this viewer gets, newest first."""
    person = who(request)
    found = await door.listing(person.viewer, PER_PAGE, before, facts=person.facts)
    known = await pictures(found.photos)
    if person.standing.family_of:
        for photo in await door.with_own_child(person.viewer, found.photos, person.facts):
            known[photo] = replace(known[photo], download=f"/photos/{photo}/download")
    return page(
        request,
        "photos/album.html",
        photos=[known[shown.photo] for shown in found.photos],
        older=f"/photos?before={found.before}" if found.before else None,
        first=before is None,
    )


@get("/photos/{photo:int}", access=Access.PUBLIC)
async def single(request: Req, photo: FromPath[int]) -> Response[Any]:
    """One photo on a page of its own, with the download for family."""
    person = who(request)
    shown = await door.look(person.viewer, photo, person.facts)
    if shown is None:
        raise NotVisible
    picture = (await pictures([shown]))[photo]
    own = await door.own_children(person.viewer, shown, person.facts)
    return page(request, "photos/photo.html", photo=picture, may_download=bool(own), is_me=person.person in own)


@get("/photos/{photo:int}/{size:str}", access=Access.PUBLIC, middleware=[Straight])
async def file(scope: Scope) -> ASGIApp:
    """The picture itself, in one of its sizes. The hottest address of all."""
    person = of_scope(scope)
    photo, size = int(scope["path_params"]["photo"]), scope["path_params"]["size"]
    shown = await door.look(person.viewer, photo, person.facts) if size in SIZES else None
    if shown is None:
        raise NotVisible
    return PictureFile(read(shown, size))


@get("/photos/{photo:int}/download", access=Access.FAMILY)
async def download(request: Req, photo: FromPath[int]) -> Response[bytes]:
    """The large JPEG of a photo in which the viewer's own child appears."""
    person = who(request)
    shown = await door.look(person.viewer, photo, person.facts)
    if shown is None or not await door.own_children(person.viewer, shown, person.facts):
        raise NotVisible
    headers = PICTURE_HEADERS | {"Content-Disposition": f'attachment; filename="photo-{photo}.jpg"'}
    return Response(read(shown, PRINT), media_type="image/jpeg", headers=headers)


def read(shown: Shown, size: str) -> bytes:
    try:
        return connected.vault().read(shown.photo, shown.redaction, size)
    except Missing:
        raise NotVisible from None


ROUTES = [album, single, file, download]
