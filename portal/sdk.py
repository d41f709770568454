"""All that a plugin may import of the portal.

A plugin is a distribution with an entry point in the group `portal.plugins` that names a module. The module implements
the hooks it needs (`portal_about` always; see `portal.hooks.specs`), marked with `hook`. Routes are Litestar handlers
that declare `access=`; pages come from `page`, with the plugin's templates addressed by its name (`stories/feed.html`).
Tables begin with the plugin's name and are made by its own migrations (`script` runs SQL on both databases).

Photos come through the portal only: `visible_pictures` asks the rule for the viewer, `handled_photos` the review desk,
and whatever changes a photo checks that the person handles it. Nothing here widens what anybody sees.

Instants are microseconds since the epoch, UTC; days are ISO texts in the school's time zone.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from weakref import WeakKeyDictionary

from jinja2 import Environment
from markupsafe import Markup

from portal import clock
from portal.db import Conflict, atomic, db, marks
from portal.db.migrate import script
from portal.db.piccolo import Table
from portal.errors import BadInput, NotVisible, PortalError, Refused
from portal.hooks import hook
from portal.hooks.specs import API, About, NavItem, Stored
from portal.i18n import Language, _, language, ngettext
from portal.kinds import Access, Audience, AudienceKind, Rung, Shown, Viewer, new_id, typed_id
from portal.people import queries as _people
from portal.photos import actions as _photos
from portal.photos.actions import Taken
from portal.photos.queries import Picture
from portal.photos.queries import erased as _erased
from portal.photos.queries import pictures as _pictures
from portal.photos.queries import visible as _visible
from portal.visibility import door as _door
from portal.visibility.facts import Snapshot, snapshot
from portal.visibility.preview import Family, Limit, Preview
from portal.visibility.preview import preview as _preview
from portal.visibility.rule import Standing
from portal.web.shell import environment as _environment
from portal.web.shell import page, redirect
from portal.web.who import Who, who

__all__ = [
    "API", "About", "Access", "Audience", "AudienceKind", "BadInput", "Child", "Conflict", "Family", "Group",
    "HandledPhoto", "Language", "Limit", "NavItem", "NotVisible", "Picture", "PortalError", "Preview", "Refused",
    "Rung", "Standing", "Stored", "Table", "Taken", "Viewer", "Who", "_", "atomic", "children_of", "clock", "db",
    "describe_photo", "erase_photos", "erased_photos", "fragment", "groups", "handled_photos", "hide_photos",
    "hide_photos_unseen", "hook", "keeps_children_from", "language", "marks", "my_children", "my_groups", "names",
    "new_id", "ngettext", "offer_photos", "page", "preview", "publish_due_photos", "publish_photos", "redirect",
    "review_photos", "script", "standing", "streams", "tag_photo", "take_in_photo", "typed_id",
    "visible_pictures", "who",
]  # fmt: skip


# ---- Pages ----


def fragment(person: Who, template: str, macro: str, *args: Hashable) -> Markup:
    """What a macro of a template prints for these arguments in this reader's language, remembered by them.

    For parts that stand on a page many times. The arguments are all that the macro gets: it knows no page and nobody.
    """
    return _fragment(_environment(person.language.code), template, macro, args)


@lru_cache(maxsize=4096)
def _fragment(templates: Environment, template: str, macro: str, args: tuple[Hashable, ...]) -> Markup:
    return Markup(getattr(templates.get_template(template).module, macro)(*args))  # noqa: S704  (a macro escapes)


# ---- People, as far as this person may know them ----


@dataclass(frozen=True, slots=True)
class Group:
    """A class. `until` is its last day, None while that is open."""

    id: int
    name: str
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Child:
    """A child with the classes it is in, or was in to their end."""

    id: int
    name: str
    groups: frozenset[int]


class _Kept:
    """What was read about people, for as long as the facts it was read with are the present ones."""

    def __init__(self) -> None:
        self.groups: dict[int, Group] | None = None
        self.names: dict[int, str] = {}


_kept: WeakKeyDictionary[Snapshot, _Kept] = WeakKeyDictionary()


def _notes(facts: Snapshot) -> _Kept:
    notes = _kept.get(facts)
    if notes is None:
        notes = _kept[facts] = _Kept()
    return notes


async def standing(viewer: Viewer) -> Standing:
    """How this person stands now: `roles`, `staff_of` (active), `family_of`, `signed_in` …  For actions; in a page the
    same is at hand as `who(request).standing`."""
    return await _door.standing(viewer)


def streams(person: Who) -> list[int]:
    """Whom something must be offered to so that this person is among them: group ids and the streams of the school
    and the public. Compare with `Audience.streams`; what a plugin lists by these is offered exactly like a photo."""
    return sorted(person.standing.streams)


async def groups(facts: Snapshot | None = None) -> Mapping[int, Group]:
    """All classes of the school by id. `facts` (`who(request).facts`) spares the query while nothing has changed."""
    notes = _notes(facts or await snapshot())
    if notes.groups is None:
        notes.groups = {row[0]: Group(*row) for row in await db.rows("SELECT id, name, until FROM school_group")}
    return notes.groups


async def names(people: Iterable[int], facts: Snapshot | None = None) -> Mapping[int, str]:
    """Given and family names. Show a name only to people who may know that person."""
    kept = _notes(facts or await snapshot()).names
    wanted = set(people)
    if missing := sorted(wanted - kept.keys()):
        kept.update(await _people.names(missing))
    return {person: kept[person] for person in wanted if person in kept}


async def my_children(person: Who) -> list[Child]:
    """The children whose family this person is, themselves included for a child; by name."""
    own = person.standing.family_of
    if not own:
        return []
    known, states = await names(own, person.facts), await person.facts.children(own)
    found = [Child(c, known[c], states[c].groups_in | states[c].groups_to_end) for c in own if c in known]
    return sorted(found, key=lambda child: (child.name, child.id))


async def my_groups(viewer: Viewer) -> list[Group]:
    """The classes of which this person is active staff; by name."""
    known = await groups()
    staff_of = (await standing(viewer)).staff_of
    return sorted((known[group] for group in staff_of if group in known), key=lambda group: (group.name, group.id))


async def children_of(viewer: Viewer, wanted: Iterable[int]) -> list[Child]:
    """The children of these classes, by name: for active staff of each of them, and for office and administrators.
    Without children who are kept from this person; see `keeps_children_from`.

    Raises NotVisible for anybody else.
    """
    chosen = sorted(set(wanted))
    facts = await snapshot()
    asking = await facts.viewer(viewer.person)
    if not (asking.roles & {"office", "admin"} or asking.staff_of.issuperset(chosen)):
        raise NotVisible
    if not chosen:
        return []
    rows = await db.rows(f"SELECT child FROM membership WHERE group_id IN ({marks(len(chosen))})", *chosen)
    states = await facts.children({child for (child,) in rows})
    inside = {c: state.groups_in | state.groups_to_end for c, state in states.items()}
    meant = [c for c, theirs in inside.items() if not theirs.isdisjoint(chosen) and c not in asking.blocked_from]
    known = await names(meant, facts)
    return sorted((Child(c, known[c], inside[c]) for c in meant), key=lambda child: (child.name, child.id))


async def keeps_children_from(viewer: Viewer, wanted: Iterable[int]) -> bool:
    """Whether a no-contact order keeps a child of these classes from this person, who then cannot tag everybody."""
    facts = await snapshot()
    asking = await facts.viewer(viewer.person)
    states = await facts.children(asking.blocked_from)
    chosen = frozenset(wanted)
    return any(not chosen.isdisjoint(state.groups_in | state.groups_to_end) for state in states.values())


# ---- Photos: what somebody sees ----


async def visible_pictures(person: Who, photos: Sequence[int], *, downloads: bool = False) -> dict[int, Picture]:
    """Those of the photos that this person gets now, ready for a template. The same number of queries for 1 and 30.

    `downloads` fills `Picture.download` where a child of theirs can be recognised, so that they may keep a copy.
    """
    if not (downloads and person.standing.family_of):
        return await _visible(person.viewer, photos, person.facts)
    shown = list((await _door.looks(person.viewer, photos, person.facts)).values())
    found = await _pictures(shown)
    if shown:
        for photo in await _door.with_own_child(person.viewer, shown, person.facts):
            found[photo] = replace(found[photo], download=f"/photos/{photo}/download")
    return found


# ---- Photos: what staff do with them. Each raises NotVisible for somebody who does not handle the photo ----


@dataclass(frozen=True, slots=True)
class HandledPhoto:
    """A photo as its handler knows it. `picture` leads to the review desk, where each look is written down."""

    picture: Picture
    children: frozenset[int]
    state: str  # 'draft', 'published' or 'hidden'
    reviewed: bool  # staff stated that everyone recognisable is tagged
    audience: Audience


async def handled_photos(viewer: Viewer, photos: Sequence[int]) -> dict[int, HandledPhoto]:
    """Those of the photos that this person handles, in the order given."""
    handled = await _door.handled(viewer, photos)
    known = await _pictures([Shown(photo) for photo in handled], base="/desk/photos")
    return {
        photo: HandledPhoto(
            known[photo], handled[photo].children, handled[photo].state, handled[photo].reviewed,
            Audience(handled[photo].audience, tuple(sorted(handled[photo].groups))),
        )
        for photo in photos
        if photo in handled
    }


async def take_in_photo(viewer: Viewer, file: bytes | Path, audience: Audience, *, owner: str) -> Taken:
    """Takes in an uploaded file (JPEG, PNG, WebP, HEIC) as a draft; `owner` is the plugin's name.

    Raises Refused, with a reason for people.
    """
    return await _photos.take_in(viewer, file, audience, owner=owner)


async def tag_photo(viewer: Viewer, photo: int, children: Iterable[int]) -> None:
    """Says which children can be recognised; if that changes, the statement that all are tagged is taken back."""
    await _photos.tag(viewer, photo, children)


async def describe_photo(viewer: Viewer, photo: int, alt: str) -> None:
    """Sets the text for those who cannot see the photo. Up to 500 characters are kept."""
    await _photos.describe(viewer, photo, alt)


async def offer_photos(viewer: Viewer, photos: Iterable[int], audience: Audience) -> None:
    """Changes to whom photos are offered."""
    await _photos.offer(viewer, photos, audience)


async def review_photos(viewer: Viewer, photos: Iterable[int]) -> None:
    """Records this person's statement that everyone recognisable is tagged, without publishing yet."""
    await _photos.review(viewer, photos)


async def publish_photos(viewer: Viewer, photos: Iterable[int]) -> None:
    """Publishes photos, with this person's statement that everyone recognisable is tagged."""
    await _photos.publish(viewer, photos)


async def publish_due_photos(photos: Iterable[int]) -> None:
    """Publishes those that are reviewed drafts: for `portal_tick`, where nobody is asking."""
    await _photos.due(photos)


async def hide_photos(viewer: Viewer, photos: Iterable[int]) -> None:
    """Takes photos down."""
    await _photos.hide(viewer, photos)


async def hide_photos_unseen(photos: Iterable[int]) -> None:
    """Takes photos down along with what they belong to, whoever may handle them. Only ever narrows."""
    await _photos.hide_unseen(photos)


async def erase_photos(viewer: Viewer, photos: Iterable[int]) -> None:
    """Erases photos for good. Not inside `@atomic`: files go too."""
    await _photos.erase(viewer, photos)


async def erased_photos(photos: Iterable[int]) -> frozenset[int]:
    """Those of the photos that were erased for good: nobody handles them any more."""
    return await _erased(photos)


async def preview(viewer: Viewer, photos: Sequence[int], audience: Audience) -> Preview:
    """Who would see which of these photos if they were published for this audience now. Only handled photos count."""
    return await _preview(viewer, photos, audience)
