"""Writing a story: the editor, its photos, the look at who will see what, and posting."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, FromQuery

from portal.sdk import (
    Access,
    AudienceKind,
    BadInput,
    HandledPhoto,
    PortalError,
    Refused,
    Who,
    _,
    clock,
    groups,
    language,
    new_id,
    page,
    preview,
    redirect,
    who,
)
from portal_stories import actions, forms, posting, queries, words
from portal_stories.actions import Overtaken
from portal_stories.forms import Statement
from portal_stories.prose import prose
from portal_stories.rules import MOST_PHOTOS, Text, kinds, may_offer

Req = Request[Any, Any, Any]
MB = 1024 * 1024
MOST_FILE = 25 * MB
AROUND = MB  # what a form weighs around its files


@post("/stories/new", access=Access.STAFF, status_code=303)
async def create(request: Req) -> Response[Any]:
    """A new draft; sent twice, it is one."""
    form = await request.form()
    story = await actions.create(who(request).viewer, str(form.get("token", "")), forms.number(form.get("group")))
    return redirect(request, f"/stories/{story}/edit")


# ---- The editor ----


@dataclass(frozen=True, slots=True)
class Shot:
    """A photo in the editor, as the portal's uploader wants it."""

    id: str
    src_small: str
    width: int
    height: int
    alt: str
    tagged: frozenset[str]


def _shot(photo: int, known: HandledPhoto) -> Shot:
    picture = known.picture
    tagged = frozenset(map(str, known.children))
    return Shot(str(photo), picture.src_small, picture.width, picture.height, picture.alt, tagged)


async def _editor_page(
    request: Req, story: int, errors: dict[str, str] | None = None, typed: Text | None = None, spoken: str = ""
) -> Response[Any]:
    person = who(request)
    tab = new_id()  # before anything is read: a photo that comes in meanwhile is younger than this page
    work = await queries.editor(person.viewer, story)
    known = await groups(person.facts)
    text = typed or work.story.text
    choosable = {g for g in (*person.standing.staff_of, *work.story.shown.audience.groups) if g in known}
    every = bool(person.roles & {"office", "admin"})
    spoken = spoken or work.story.language
    return page(
        request,
        "stories/edit.html",
        status=422 if errors else 200,
        work=work,
        story=work.story,
        text=text,
        errors=errors or {},
        shots=[_shot(photo, about) for photo, about in work.photos.items()],
        groups=sorted((known[g] for g in choosable), key=lambda group: group.name),
        classes=_tagging_classes(known, every, person, text),
        kinds=[kind.value for kind in kinds(person.standing)],
        seen=f"{work.story.version}.{tab}",
        tab=tab,
        written=[(code, language(code).name) for code in dict.fromkeys((*person.school.languages, spoken)) if code],
        spoken=spoken,
        most=MOST_PHOTOS,
        most_bytes=MOST_FILE,
    )


def _tagging_classes(known: Any, every: bool, person: Who, text: Text) -> list[Any]:
    """Further classes whose children this person may tag: the own ones; for office and administrators all of today."""
    today = person.facts.now.today
    if every:
        open_ = [g for g in known.values() if g.until is None or g.until >= today]
    else:
        open_ = [known[g] for g in person.standing.staff_of if g in known]
    return sorted((g for g in open_ if g.id not in text.audience.groups), key=lambda group: group.name)


@get("/stories/{story:int}/edit", access=Access.STAFF)
async def edit(request: Req, story: FromPath[int]) -> Response[Any]:
    """The editor. Works without scripts; with them it saves by itself and sends photos one by one."""
    return await _editor_page(request, story)


@post(
    "/stories/{story:int}/edit",
    access=Access.STAFF,
    status_code=303,
    request_max_body_size=MOST_PHOTOS * MOST_FILE + AROUND,
)
async def save(request: Req, story: FromPath[int]) -> Response[Any]:
    """A button of the editor: keep, add the chosen files, move or remove a photo, or go on to the preview."""
    viewer = who(request).viewer
    await queries.handled(viewer, story)
    form = await request.form()
    try:
        change = forms.change(form)
    except BadInput as wrong:
        typed = Text(str(form.get("title", "")), str(form.get("body", "")), forms.audience(form))
        return await _editor_page(request, story, _told(request, wrong), typed, forms.spoken(form))
    change = replace(change, photos=_arranged(change.photos, form))
    try:
        await actions.save(viewer, story, change)
    except Overtaken as other:
        return await _both(request, other, change)
    wrong_files = await _take(request, story, form, change.seen.tab)
    if form.get("act") == "next" and not wrong_files:
        errors = await _missing(request, story)
        return await _editor_page(request, story, errors) if errors else redirect(request, f"/stories/{story}/preview")
    if wrong_files:
        return await _editor_page(request, story, {"photo": wrong_files[0]})
    saved = _("Saved.") if form.get("act") == "save" else ""
    return redirect(request, f"/stories/{story}/edit", saved)


def _arranged(photos: tuple[int, ...], form: Any) -> tuple[int, ...]:
    if (order := form.get("move")) is not None:
        return forms.move(photos, str(order))
    gone = forms.number(form.get("remove"))
    return tuple(photo for photo in photos if photo != gone)


def _told(request: Req, wrong: BadInput) -> dict[str, str]:
    return {wrong.field: who(request).language.text(wrong.message, **wrong.values)}


async def _take(request: Req, story: int, form: Any, tab: int) -> list[str]:
    """Takes in files that came with the form itself. Returns what was wrong with some of them."""
    person = who(request)
    wrong = []
    for file in form.getall("photo", []):
        if isinstance(file, UploadFile):
            try:
                await actions.add_photo(person.viewer, story, await file.read(), str(new_id()), tab)
            except Refused as refused:
                wrong.append(f"{file.filename}: {person.language.text(refused.message, **refused.values)}")
            finally:
                await file.close()
    return wrong


async def _missing(request: Req, story: int) -> dict[str, str]:
    person = who(request)
    found, standing = await queries.handled(person.viewer, story)
    errors = {}
    if not found.text.title:
        errors["title"] = person.language.text(_("Please give the story a title."))
    if not may_offer(standing, found.text.audience, found.shown.audience if found.state != "draft" else None):
        errors["audience"] = person.language.text(_("Please choose who may see this story."))
    return errors


async def _both(request: Req, other: Overtaken, change: forms.Change) -> Response[Any]:
    """Two windows: shows both texts, so that none is lost."""
    return page(
        request,
        "stories/both.html",
        status=409,
        story=other.story,
        theirs=other.story.text,
        yours=change.text,
        seen=f"{other.story.version}.{new_id()}",
    )


@post("/stories/{story:int}/text", access=Access.STAFF, status_code=303)
async def settle(request: Req, story: FromPath[int]) -> Response[Any]:
    """The text that was chosen of two; photos and tags stay as they are stored."""
    viewer = who(request).viewer
    found, _standing = await queries.handled(viewer, story)
    photos = await queries.editor(viewer, story)
    try:
        sent = forms.change(await request.form())
    except BadInput as wrong:
        return await _editor_page(request, story, _told(request, wrong))
    change = forms.Change(
        text=Text(sent.text.title, sent.text.body, found.text.audience),
        classes=found.classes,
        photos=tuple(photos.photos),
        alts={photo: known.picture.alt for photo, known in photos.photos.items()},
        tags={photo: known.children for photo, known in photos.photos.items()},
        offered=frozenset(),
        seen=sent.seen,
    )
    try:
        await actions.save(viewer, story, change)
    except Overtaken as other:
        return await _both(request, other, change)
    return redirect(request, f"/stories/{story}/edit", _("Saved."))


@post("/stories/{story:int}/save", access=Access.STAFF, status_code=200)
async def autosave(request: Req, story: FromPath[int]) -> Response[Any]:
    """The editor's own saving while somebody writes. 409 if another window was faster."""
    form = await request.form()
    try:
        await actions.save(who(request).viewer, story, forms.change(form))
    except Overtaken:
        told = who(request).language.text(_("This story is open in another window, where it was saved since."))
        return Response({"error": told}, status_code=409, media_type="application/json")
    return Response({"saved": True}, media_type="application/json")


@post(
    "/stories/{story:int}/photos", access=Access.STAFF, status_code=201, request_max_body_size=MOST_FILE + AROUND
)
async def upload(request: Req, story: FromPath[int], tab: FromQuery[int] = 0) -> Response[Any]:
    """One file from the editor's script. Answers {"id", "src", "width", "height"}, or {"error"} in words for people."""
    person = who(request)
    await queries.handled(person.viewer, story)
    form = await request.form()
    file = form.get("photo")
    try:
        if not isinstance(file, UploadFile):
            raise BadInput("photo", _("Please choose a photo."))
        try:
            taken = await actions.add_photo(
                person.viewer, story, await file.read(), str(form.get("once", "")), tab if 0 < tab < 2**63 else 0
            )
        finally:
            await file.close()
    except (Refused, BadInput) as wrong:
        told = person.language.text(wrong.message, **wrong.values)
        return Response({"error": told}, status_code=422, media_type="application/json")
    answer = {
        "id": str(taken.photo),
        "src": f"/desk/photos/{taken.photo}/small",
        "width": taken.width,
        "height": taken.height,
    }
    return Response(answer, status_code=201, media_type="application/json")


# ---- Who will see what, and posting ----


async def _preview_page(
    request: Req, story: int, errors: dict[str, str] | None = None, said: Any = None
) -> Response[Any]:
    person = who(request)
    language, zone = person.language, person.school.timezone
    work = await queries.editor(person.viewer, story)
    text = work.story.text
    seen = await preview(person.viewer, list(work.photos), text.audience)
    label = queries.audience_label(text.audience, await groups(person.facts), language.text)
    tomorrow = clock.moment(clock.now() + clock.DAY, zone)
    at = clock.moment(work.story.publish_at, zone) if work.story.publish_at else None
    return page(
        request,
        "stories/preview.html",
        status=422 if errors else 200,
        story=work.story,
        title=text.title,
        body=prose(text.body),
        label=label,
        sees=words.sees(text.audience, label, language),
        families=words.families(seen, language),
        others=words.others(seen, language),
        photos=[
            {
                "picture": known.picture,
                "names": sorted(work.names[child] for child in known.children if child in work.names),
                "reach": words.reach(photo, seen, language),
                "limits": words.limits(seen.limits.get(photo, ()), work.names, language),
            }
            for photo, known in work.photos.items()
        ],
        away=work.away,
        public=text.audience.kind is AudienceKind.PUBLIC,
        fingerprint=work.fingerprint,
        may_schedule=work.story.published_at is None,
        errors=errors or {},
        day=str(said.get("day", "")) if said else (at or tomorrow).date().isoformat(),
        time=str(said.get("time", "")) if said else at.strftime("%H:%M") if at else "16:00",
        zone=zone,
    )


@get("/stories/{story:int}/preview", access=Access.STAFF)
async def look(request: Req, story: FromPath[int]) -> Response[Any]:
    """Who will see what, before anything is posted."""
    errors = await _missing(request, story)
    return await _editor_page(request, story, errors) if errors else await _preview_page(request, story)


@post("/stories/{story:int}/preview", access=Access.STAFF, status_code=303)
async def publish(request: Req, story: FromPath[int]) -> Response[Any]:
    """Posts it, now or at the chosen time."""
    person = who(request)
    if errors := await _missing(request, story):
        return await _editor_page(request, story, errors)
    form = await request.form()
    said = Statement(str(form.get("fingerprint", "")), bool(form.get("sure")))
    try:
        at = None
        if form.get("act") == "schedule":
            at = forms.moment(form.get("day"), form.get("time"), person.school.timezone, clock.now())
        await posting.post(person.viewer, story, said, at)
    except (BadInput, Refused) as wrong:
        field = wrong.field if isinstance(wrong, BadInput) else "post"
        return await _preview_page(request, story, {field: _words(person, wrong)}, form)
    if at is not None:
        when = person.language.moment(at, person.school.timezone)
        return redirect(request, "/stories/mine?show=scheduled", _("The story will be posted: %(when)s."), when=when)
    return redirect(request, f"/stories/{story}", _("The story is posted."))


def _words(person: Who, wrong: PortalError) -> str:
    return person.language.text(wrong.message, **wrong.values)


ROUTES = [create, edit, save, settle, autosave, upload, look, publish]
