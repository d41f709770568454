"""Marks that tell whose something is, and who may come across them anywhere. Written by hand, not by the rule."""

from __future__ import annotations

from dataclasses import dataclass

from portal.testing.school import ADULTS, CHILDREN
from tests.access import asking, grading, meeting, translating
from tests.access.world import ADMIN, AT_SCHOOL, CLASS_3A, CLASS_3B, MIAS_FAMILY, NOBODY, RECORDS, SIGNED_IN, World

Members = frozenset[str]


@dataclass(frozen=True)
class Mark:
    """A text that occurs nowhere by chance, and who may read it."""

    said: str
    text: str
    members: Members
    must: Members = NOBODY  # who comes across it in a crawl: a leak test must hold something that could leak


def names(world: World) -> list[Mark]:
    """Who may read whose name."""
    known: dict[str, Members] = {name: frozenset({name}) | RECORDS for name in (*ADULTS, *CHILDREN)}
    known["mia"] |= MIAS_FAMILY | {"blocked", "teacher"}  # a blocked guardian still decides; the child's class teacher
    known["ben"] |= {"parent", "colleague"}
    known["lea"] |= {"other", "teacher"}
    known["tom"] |= {"neighbour", "colleague"}
    known["noor"] = frozenset({"noor", "noors_parent", "admin", "safeguarding"})  # and not the office
    # Who asks the guardians of a class reads who has answered, and who has not.
    for name, staff in (("parent", {"teacher", "colleague"}), ("coparent", {"teacher"}), ("other", {"teacher"}),
                        ("neighbour", {"colleague"})):  # fmt: skip
        known[name] |= staff
    # Authors of stories are named to those of their readers who are signed in.
    known["teacher"] |= AT_SCHOOL
    known["colleague"] |= CLASS_3B
    known["admin"] |= SIGNED_IN
    must: dict[str, Members] = {
        "mia": frozenset({"parent", "coparent", "mia", "teacher", "admin", "office"}), "ben": frozenset({"parent"}),
        "noor": frozenset({"noors_parent", "noor", "admin"}), "teacher": CLASS_3A,
        "parent": frozenset({"parent", "admin"}),
    }  # fmt: skip
    marks = [Mark(f"the name of {n}", world.marker(n), members, must.get(n, NOBODY)) for n, members in known.items()]
    for adult in ADULTS:
        reached = frozenset({adult}) | RECORDS
        marks.append(Mark(f"the address of {adult}", f"q{adult}@school.example", reached, ADMIN))
    return marks


def photos(world: World) -> list[Mark]:
    marks = []
    for name, photo in world.photos.items():
        known = photo.everyone | photo.handled
        plain = photo.seen | photo.handled
        marks += [
            # Words about a picture may be about the child that is covered in it.
            Mark(f"the description of photo {name}", photo.alt, plain, plain & SIGNED_IN),
            Mark(f"the number of photo {name}", str(photo.id), known, known & SIGNED_IN),
        ]
        for size in ("small", "medium", "large"):
            original = photo.bytes(size).decode()
            covered = photo.bytes(size, covered=True).decode()
            marks.append(Mark(f"photo {name} {size}", original, photo.seen | photo.handled))
            marks.append(Mark(f"photo {name} {size}, covered", covered, photo.covered))
        small = photo.bytes("small").decode()
        marks.append(Mark(f"photo {name}", small, photo.seen | photo.handled, photo.seen & SIGNED_IN))
        marks.append(Mark(f"photo {name} to keep", photo.bytes("print").decode(), photo.kept, photo.kept))
        marks.append(Mark(f"photo {name} to keep, covered", photo.bytes("print", covered=True).decode(), NOBODY))
    return marks


def stories(world: World) -> list[Mark]:
    marks = []
    for name, story in world.stories.items():
        known = story.read | story.handled
        marks += [
            Mark(f"the title of story {name}", story.title, known, story.read & SIGNED_IN),
            Mark(f"the text of story {name}", story.body, known, story.read & SIGNED_IN),
            Mark(f"the number of story {name}", str(story.id), known, known & SIGNED_IN - ADMIN),
        ]
    return marks


def papers(world: World) -> list[Mark]:
    office = frozenset({"office", "admin"})
    marks = [Mark(f"the scan about {child}", f"SCAN-{child}", office - ({"office"} if child == "noor" else NOBODY))
             for child in world.scans]  # fmt: skip
    return marks + [Mark(f"the code of {name}", code, NOBODY) for name, code in world.codes.items()]


def plugins(world: World) -> list[Mark]:
    """What a plugin keeps about people, and word that waits to be printed."""
    results = {text: members | ADMIN for text, members in grading.marks(world).items()}  # who takes out all of a plugin
    found = {**world.kept, **world.words, **asking.marks(world), **meeting.marks(world), **results,
             **translating.marks(world)}  # fmt: skip
    return [Mark(text, text, members, members & SIGNED_IN) for text, members in found.items()]


def marks(world: World) -> list[Mark]:
    return [*names(world), *photos(world), *stories(world), *papers(world), *plugins(world)]


def leaks(member: str, text: str, known: list[Mark]) -> list[str]:
    """What this text holds that this member may not come across."""
    return [mark.said for mark in known if member not in mark.members and mark.text in text]
