"""What is read about stories: the feed and one story for readers, the editor and the lists for those who write."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from portal.sdk import (
    Audience,
    AudienceKind,
    Child,
    Group,
    HandledPhoto,
    Language,
    NotVisible,
    Picture,
    Reading,
    Standing,
    Viewer,
    Who,
    _,
    children_of,
    clock,
    db,
    fragment,
    groups,
    handled_photos,
    marks,
    my_children,
    names,
    readings,
    standing,
    streams,
    visible_pictures,
)
from portal.sdk import Text as Written
from portal_stories.prose import beginning, excerpt, prose
from portal_stories.rules import Story, Text, handles, split

PER_PAGE = 20
NEWEST = (2**62, 2**62)
MANY_STREAMS = 100  # from here on one IN list is better than a merge of single streams
SCHOOL, PUBLIC, FOR = _("The whole school"), _("Public"), _("For")

@dataclass(frozen=True, slots=True)
class Person:
    """A name on a chip."""

    name: str
    hue: int
    href: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """A story ready for a template."""

    id: int
    title: str
    title_language: str  # where it is not the page's
    body: Markup
    more: bool  # whether the text goes on
    label: str  # class names, or the words for school and public
    hue: int
    author: str
    when: str
    iso: str
    about: Markup | str  # the reader's own children whom it concerns, as chips
    photos: Markup | str
    edited: str
    audience: Audience

    @property
    def href(self) -> str:
        return f"/stories/{self.id}"


@dataclass(frozen=True, slots=True)
class Feed:
    """A page of stories, newest first. `older` is the place where the next one begins; None at the end."""

    stories: Sequence[View]
    older: str | None


_COLUMNS = "s.id, s.title, s.body, s.audience, s.groups, s.author, s.published_at, s.edited_at, s.language"


def place(text: str | None) -> tuple[int, int]:
    """A place in a feed from its address. Raises NotVisible for one that is none."""
    if text is None:
        return NEWEST
    at, _sep, story = text.partition("-")
    if not (at.isascii() and at.isdigit() and story.isascii() and story.isdigit() and len(text) <= 40):
        raise NotVisible
    return min(int(at), NEWEST[0]), min(int(story), NEWEST[1])


async def feed(person: Who, within: frozenset[int] | None = None, before: str | None = None) -> Feed:
    """The newest stories that are offered to this person; `within` narrows them to some classes.

    The same number of queries for 1 story and for 20, and for any number of photos.
    """
    wanted = streams(person)
    if within is not None:
        wanted = [stream for stream in wanted if stream in within]
    rows = await _newest(wanted, place(before), PER_PAGE + 1) if wanted else []
    page = rows[:PER_PAGE]
    views = await _views(person, page, short=True)
    older = f"{page[-1][6]}-{page[-1][0]}" if len(rows) > PER_PAGE else None
    return Feed(views, older)


async def one(person: Who, story: int) -> View | None:
    """One story, if it is offered to this person."""
    row = await db.row(f"SELECT {_COLUMNS} FROM stories_story s WHERE s.id = ? AND s.state = 'published'", story)
    if row is None or not person.standing.streams.intersection(_audience(row[3], row[4]).streams):
        return None
    return (await _views(person, [row], short=False))[0]


async def _newest(wanted: Sequence[int], below: tuple[int, int], count: int) -> list[tuple[Any, ...]]:
    """The newest stories of these streams, each stream read in index order and no further than needed."""
    if len(wanted) > MANY_STREAMS:
        found = (
            f"SELECT DISTINCT at, story FROM stories_stream WHERE stream IN ({marks(len(wanted))})"
            " AND (at, story) < (?, ?)"
        )
        args: list[int] = [*wanted, *below]
    else:
        found = " UNION ".join(
            "SELECT at, story FROM (SELECT at, story FROM stories_stream WHERE stream = ? AND (at, story) < (?, ?)"
            f" ORDER BY at DESC, story DESC LIMIT ?) AS s{number}"
            for number in range(len(wanted))
        )
        args = [value for stream in wanted for value in (stream, *below, count)]
    return await db.rows(
        f"SELECT {_COLUMNS} FROM (SELECT at, story FROM ({found}) AS f ORDER BY at DESC, story DESC LIMIT ?) AS n"
        " JOIN stories_story s ON s.id = n.story ORDER BY n.at DESC, n.story DESC",
        *args,
        count,
    )


async def _views(person: Who, rows: Sequence[tuple[Any, ...]], *, short: bool) -> list[View]:
    if not rows:
        return []
    ids = [row[0] for row in rows]
    places = await db.rows(
        f"SELECT story, photo FROM stories_photo WHERE story IN ({marks(len(ids))}) ORDER BY story, position", *ids
    )
    pictures = await visible_pictures(person, [photo for _story, photo in places], downloads=not short)
    photos: dict[int, list[Picture]] = {story: [] for story in ids}
    for story, photo in places:
        if photo in pictures:
            photos[story].append(pictures[photo])
    signed_in = person.session is not None
    authors = await names({row[5] for row in rows}, person.facts) if signed_in else {}
    labels = _Labels(person, await groups(person.facts), await my_children(person))
    read = iter(await readings(person, [Written(text, row[8]) for row in rows for text in (row[1], row[2])]))
    called = [authors.get(row[5], person.school.name) for row in rows]
    return [
        _view(person, row, next(read), next(read), labels, tuple(photos[row[0]]), called[number], short, not number)
        for number, row in enumerate(rows)
    ]


def _view(
    person: Who, row: tuple[Any, ...], title: Reading, body: Reading, labels: _Labels, photos: tuple[Picture, ...],
    author: str, short: bool, first: bool,
) -> View:
    story, _title, _body, kind, group_ids, _author, at, edited_at, _language = row
    language, zone = person.language, person.school.timezone
    label = labels.of(kind, group_ids)
    text, more = excerpt(body.text) if short else (prose(body.text), False)
    if body.translated:
        text = fragment(person, "reading.html", "reading", body, beginning if short else prose)
    return View(
        id=story,
        title=title.text,
        title_language=title.language if title.language != language.code else "",
        body=text,
        more=more,
        label=label.text,
        hue=label.hue,
        author=author,
        when=_when(language, at, zone) if short else language.moment(at, zone),
        iso=_iso(at),
        about=label.about,
        photos=fragment(person, "components.html", "photo_grid", photos, 2 if first else 0) if photos else "",
        edited=language.moment(edited_at, zone) if edited_at and not short else "",
        audience=label.audience,
    )


def _when(language: Language, at: int, zone: str) -> str:
    """How long ago within a day, and before that the day."""
    return language.ago(at, zone) if clock.now() - at < clock.DAY else _day(language, at, zone)


@lru_cache(maxsize=2048)
def _day(language: Language, at: int, zone: str) -> str:
    return language.day(clock.day(at, zone))


@lru_cache(maxsize=2048)
def _iso(at: int) -> str:
    return clock.moment(at // clock.SECOND * clock.SECOND).isoformat()


@dataclass(frozen=True, slots=True)
class _Label:
    """What tells a story apart: its class, and the reader's own children whom it concerns."""

    audience: Audience
    text: str
    hue: int
    about: Markup | str


class _Labels:
    """The labels of one page. Many of its stories share one."""

    def __init__(self, person: Who, known: Mapping[int, Group], own: Sequence[Child]) -> None:
        self._person = person
        self._groups = known
        self._own = own if not person.is_child else ()
        self._chips = {child.id: Person(child.name, hue + 1) for hue, child in enumerate(own)}
        self._kept: dict[tuple[str, str], _Label] = {}

    def of(self, kind: str, group_ids: str) -> _Label:
        kept = self._kept.get((kind, group_ids))
        if kept is None:
            kept = self._kept[kind, group_ids] = self._made(_audience(kind, group_ids))
        return kept

    def _made(self, audience: Audience) -> _Label:
        text = self._person.language.text
        about = tuple(self._chips[child.id] for child in self._own if not child.groups.isdisjoint(audience.groups))
        chips = fragment(self._person, "components.html", "chips", about, text(FOR)) if about else ""
        return _Label(audience, audience_label(audience, self._groups, text), hue(audience), chips)


def hue(audience: Audience) -> int:
    """One of six colours, the same for a class every time."""
    return audience.groups[0] % 6 if audience.groups else 0


def audience_label(audience: Audience, known: Mapping[int, Group], text: Any) -> str:
    """Class names in the order of the names, or the words for school and public."""
    if audience.kind is AudienceKind.GROUPS:
        return ", ".join(sorted(known[group].name for group in audience.groups if group in known))
    return str(text(SCHOOL if audience.kind is AudienceKind.SCHOOL else PUBLIC))


# ---- For those who write ----


def _audience(kind: str, group_ids: str) -> Audience:
    return Audience(AudienceKind(kind), split(group_ids))


_STORY = (
    "SELECT s.id, s.author, s.state, s.title, s.body, s.audience, s.groups, d.title, d.body, d.audience, d.groups,"
    " d.classes, s.publish_at, s.published_at, s.edited_at, s.version, s.writer, s.scheduler,"
    " s.language"
    " FROM stories_story s LEFT JOIN stories_draft d ON d.story = s.id"
)


def _story(row: tuple[Any, ...]) -> Story:
    shown = Text(row[3], row[4], _audience(row[5], row[6]))
    changed = row[7] is not None
    text = Text(row[7], row[8], _audience(row[9], row[10])) if changed else shown
    return Story(row[0], row[1], row[2], shown, text, split(row[11] or ""), changed, *row[12:])


async def load(story: int) -> Story | None:
    """A story as stored, for the actions."""
    row = await db.row(f"{_STORY} WHERE s.id = ?", story)
    return _story(row) if row else None


async def handled(viewer: Viewer, story: int) -> tuple[Story, Standing]:
    """The story and how its handler stands. Raises NotVisible for anybody else."""
    found, who = await load(story), await standing(viewer)
    if found is None or not handles(who, found):
        raise NotVisible
    return found, who


@dataclass(frozen=True, slots=True)
class Place:
    """A photo's place in a story. `tab` is the page of the editor that sent or listed it last."""

    link: int
    photo: int
    once: str
    tab: int
    removed: bool


async def places(story: int) -> list[Place]:
    """The photos of a story in their order, those removed but not yet posted included."""
    rows = await db.rows(
        "SELECT id, photo, once, tab, removed FROM stories_photo WHERE story = ? ORDER BY position, id", story
    )
    return [Place(link, photo, once, tab, bool(removed)) for link, photo, once, tab, removed in rows]


@dataclass(frozen=True, slots=True)
class Editor:
    """A story as its writer works on it."""

    story: Story
    photos: Mapping[int, HandledPhoto]  # in their order
    away: int  # photos that this person may not handle (any more)
    children: Sequence[Child]  # offered for tagging, and whoever is tagged already
    names: Mapping[int, str]  # of everybody tagged

    @property
    def fingerprint(self) -> str:
        """Changes with whatever a person stated or looked at before posting."""
        text = self.story.text
        parts = [text.title, text.body, text.audience.kind.value, *map(str, text.audience.groups)]
        for photo, known in self.photos.items():
            parts += [f"photo {photo}", *map(str, sorted(known.children))]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


async def editor(viewer: Viewer, story: int) -> Editor:
    """The story for its handler. Raises NotVisible for anybody else."""
    found, who = await handled(viewer, story)
    present = [place.photo for place in await places(story) if not place.removed]
    photos = await handled_photos(viewer, present)
    wanted = {*found.classes, *found.text.audience.groups}
    every = bool(who.roles & {"office", "admin"})
    children = await children_of(viewer, [group for group in wanted if every or group in who.staff_of])
    tagged = {child for photo in photos.values() for child in photo.children}
    called = await names(tagged)
    further = sorted(tagged.difference(child.id for child in children), key=lambda child: called.get(child, ""))
    children = [*children, *(Child(child, called[child], frozenset()) for child in further if child in called)]
    return Editor(found, photos, len(present) - len(photos), children, called)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line in the writer's own list."""

    id: int
    title: str
    state: str
    changed: bool
    at: int  # when it was saved, falls due, was published
    photos: int
    audience: Audience
    mine: bool


LISTS = {"drafts": "draft", "scheduled": "scheduled", "published": "published", "hidden": "hidden"}


def _listed(who: Standing) -> tuple[str, list[Any]]:
    """Which stories `s` stand in somebody's lists: the own ones, and of their classes those that are no drafts."""
    groups_ = sorted(who.staff_of)
    shared = " OR ".join(["',' || s.groups || ',' LIKE ?"] * len(groups_)) or "FALSE"
    where = f"(s.author = ? OR (s.state <> 'draft' AND s.audience = 'groups' AND ({shared})))"
    return where, [who.person, *(f"%,{group},%" for group in groups_)]


async def mine(viewer: Viewer, which: str, before: int | None = None, limit: int = 30) -> list[Entry]:
    """The stories that this person wrote, and those of their classes that are posted; newest first."""
    theirs, args = _listed(await standing(viewer))
    rows = await db.rows(
        "SELECT s.id, COALESCE(d.title, s.title), s.state, d.story IS NOT NULL,"
        " COALESCE(s.publish_at, s.published_at, d.saved_at, s.created_at),"
        " (SELECT count(*) FROM stories_photo p WHERE p.story = s.id AND NOT p.removed),"
        " COALESCE(d.audience, s.audience), COALESCE(d.groups, s.groups), s.author"
        " FROM stories_story s LEFT JOIN stories_draft d ON d.story = s.id"
        f" WHERE s.state = ? AND s.id < ? AND {theirs} ORDER BY s.id DESC LIMIT ?",
        *(LISTS[which], before or NEWEST[0], *args, limit),
    )
    return [
        Entry(row[0], row[1], row[2], bool(row[3]), row[4], row[5], _audience(row[6], row[7]), row[8] == viewer.person)
        for row in rows
    ]


async def counts(viewer: Viewer) -> Mapping[str, int]:
    """How many stories each of the lists holds."""
    theirs, args = _listed(await standing(viewer))
    rows = await db.rows(f"SELECT s.state, count(*) FROM stories_story s WHERE {theirs} GROUP BY s.state", *args)
    found: dict[str, int] = dict(rows)
    return {name: found.get(state, 0) for name, state in LISTS.items()}
