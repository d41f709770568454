"""What a story is, and who may do what with one. Who sees its photos is the portal's say."""

from __future__ import annotations

from dataclasses import dataclass

from portal.sdk import Audience, AudienceKind, Standing

MOST_PHOTOS = 10
MOST_TITLE = 200  # characters
MOST_BODY = 20_000
MOST_ALT = 300


def split(text: str) -> tuple[int, ...]:
    """Ids of a row."""
    return tuple(map(int, text.split(","))) if text else ()


def joined(ids: tuple[int, ...]) -> str:
    """Ids as they stand in a row."""
    return ",".join(map(str, dict.fromkeys(ids)))


@dataclass(frozen=True, slots=True)
class Text:
    """What a story says and to whom."""

    title: str
    body: str
    audience: Audience


@dataclass(frozen=True, slots=True)
class Story:
    """A stored story. `shown` is what readers get, `text` what is being written; the same where nothing is changed."""

    id: int
    author: int
    state: str
    shown: Text
    text: Text
    classes: tuple[int, ...]
    changed: bool  # whether `text` waits to be posted
    publish_at: int | None
    published_at: int | None
    edited_at: int | None
    version: int
    writer: int
    scheduler: int | None  # who chose the audience of what is scheduled; None for the author
    language: str = ""  # in which it is written


def handles(person: Standing, story: Story) -> bool:
    """Whether this person may edit the story, take it down and put it back: its author while a member of staff, staff
    of a class it is for, and administrators."""
    if person.person is None or person.is_child or not person.is_staff or story.state == "erased":
        return False
    audience = (story.text if story.state == "draft" else story.shown).audience
    return (
        story.author == person.person
        or "admin" in person.roles
        or (audience.kind is AudienceKind.GROUPS and not person.staff_of.isdisjoint(audience.groups))
    )


def may_write(person: Standing) -> bool:
    """Whether this person may write stories at all."""
    return person.is_staff and not person.is_child


def kinds(person: Standing) -> list[AudienceKind]:
    """Whom this person may address: classes by their staff, the whole school by all staff, the public by the office
    and administrators alone, because what is public cannot be called back."""
    found = [AudienceKind.GROUPS, AudienceKind.SCHOOL]
    if person.roles & {"office", "admin"}:
        found.append(AudienceKind.PUBLIC)
    return found


def may_offer(person: Standing, audience: Audience, before: Audience | None = None) -> bool:
    """Whether this person may post for this audience. Whom the story is for already (`before`) it may stay for."""
    if before == audience:
        return True
    if audience.kind is AudienceKind.GROUPS:
        kept = before.groups if before is not None else ()
        return bool(audience.groups) and person.staff_of.union(kept).issuperset(audience.groups)
    return audience.kind in kinds(person)


def may_still_offer(person: Standing, audience: Audience) -> bool:
    """Whether what this person scheduled for this audience may go out: they answer for one of the classes at least,
    because colleagues may have added theirs."""
    if audience.kind is AudienceKind.GROUPS:
        return may_write(person) and not person.staff_of.isdisjoint(audience.groups)
    return may_write(person) and audience.kind in kinds(person)
