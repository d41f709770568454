"""One school with something for everybody and something for nobody: what the access matrix and the crawls ask for.

Who may see what is written down here by hand, from the school's facts and not from the portal's rule.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from portal_stories import actions as stories
from portal_stories import posting
from portal_stories import queries as story_queries
from portal_stories.forms import Change, Seen, Statement
from portal_stories.rules import Text

from portal import clock
from portal.consent import actions as consent
from portal.consent import notices
from portal.consent.notices import Reference
from portal.db import atomic, db
from portal.delivery import actions as delivery
from portal.delivery import invitations as inviting
from portal.delivery.actions import Word
from portal.identity import invitable, invitations
from portal.kinds import Audience, AudienceKind, Rung, new_id
from portal.people import actions as people
from portal.people import school as schools
from portal.photos import connected
from portal.photos.intake import Rendition
from portal.testing import CAST, TestSchool, open_school
from portal.testing.school import ADULTS, CHILDREN
from portal.visibility import index
from portal.web import scans
from tests.access.asking import Asked, fill_surveys
from tests.access.grading import Marked, fill_grades
from tests.access.meeting import fill_meetings
from tests.access.translating import fill_translation
from tests.web import lost

EVERYBODY = frozenset(CAST)
# The account of outsider is closed; ben, lea and tom are too young and nobody has allowed them one.
SIGNED_IN = EVERYBODY - {"anonymous", "outsider", "ben", "lea", "tom"}
FAMILY = frozenset(
    {"parent", "coparent", "grandparent", "blocked", "other", "neighbour", "noors_parent", "mia", "noor"}
)
STAFF = frozenset({"teacher", "colleague", "admin", "office", "safeguarding"})
RECORDS = frozenset({"admin", "office", "safeguarding"})
OFFICE = frozenset({"admin", "office"})
ADMIN = frozenset({"admin"})
NOBODY: frozenset[str] = frozenset()

# In the rule's sense: former's link has ended and blocked is kept from his only child.
AT_SCHOOL = SIGNED_IN - {"former", "blocked"}
MIAS_FAMILY = frozenset({"parent", "coparent", "grandparent", "mia"})
CLASS_3A = MIAS_FAMILY | {"other", "teacher"}
CLASS_3B = frozenset({"parent", "neighbour", "colleague"})  # ben and tom, ben's mother, tom's father


@dataclass(frozen=True)
class Photo:
    """A photo with those who see it, those who see it with a child covered, and those who handle it in the desk."""

    id: int
    alt: str
    seen: frozenset[str]
    covered: frozenset[str] = NOBODY
    handled: frozenset[str] = NOBODY
    kept: frozenset[str] = NOBODY  # who may download it

    @property
    def everyone(self) -> frozenset[str]:
        return self.seen | self.covered

    def bytes(self, size: str, *, covered: bool = False) -> bytes:
        return f"{'COVERED' if covered else 'ORIGINAL'}-{size}-{self.id}".encode()


@dataclass(frozen=True)
class Told:
    """A story with those who read it and those who handle it."""

    id: int
    title: str
    body: str
    read: frozenset[str]
    handled: frozenset[str]


@dataclass
class World:
    school: TestSchool
    photos: dict[str, Photo] = field(default_factory=dict)
    stories: dict[str, Told] = field(default_factory=dict)
    scans: dict[str, int] = field(default_factory=dict)  # decision with a scan, by child
    codes: dict[str, str] = field(default_factory=dict)  # invitation codes in force
    kept: dict[str, frozenset[str]] = field(default_factory=dict)  # what a plugin keeps, with those who read it
    words: dict[str, frozenset[str]] = field(default_factory=dict)  # word on paper, with those who print it
    surveys: dict[str, Asked] = field(default_factory=dict)
    grades: dict[str, Marked] = field(default_factory=dict)

    def id(self, name: str) -> int:
        return self.school.ids[name]

    def marker(self, name: str) -> str:
        """A family name that nobody else has."""
        return f"Zq{name.replace('_', '')}qz"


async def decline(world: World) -> None:
    """Facts that the cast does not have yet: a withdrawal, a hold, a member of staff who must not see a child."""
    school = world.school
    await school.decide("parent", "ben", Rung.NOBODY)
    await people.hold(world.id("lea"), True)
    await people.block(world.id("office"), world.id("noor"))


@atomic
async def name_everybody(world: World) -> None:
    for name in (*ADULTS, *CHILDREN):
        await db.run("UPDATE person SET family_name = ? WHERE id = ?", world.marker(name), world.id(name))
    for name in ADULTS:  # so that no address holds another's, as that of grandparent would
        await db.run("UPDATE person SET email = ? WHERE id = ?", f"q{name}@school.example", world.id(name))


async def add_photo(
    world: World, name: str, children: tuple[str, ...], audience: str, seen: frozenset[str], *,
    by: str = "teacher", state: str = "published", reviewed: bool = True, handled: frozenset[str],
    kept: frozenset[str] = NOBODY, covers: tuple[str, ...] = (), covered: frozenset[str] = NOBODY,
) -> Photo:
    """A stored photo with sealed files whose bytes tell which they are."""
    school = world.school
    if audience in ("school", "public"):
        offered = Audience(AudienceKind(audience))
    else:
        offered = Audience(AudienceKind.GROUPS, tuple(school.groups[group] for group in audience.split(",")))
    photo = new_id()
    alt = f"ALT-{name}-{photo % 99991}"
    found = Photo(photo, alt, seen, covered, handled, kept)
    # First the row, so that the door can be asked; then the files, as small as they can be told apart.
    await index.add(
        world.id(by), offered, owner="stories", children=[world.id(child) for child in children], state=state,
        reviewed=reviewed, alt=alt, size=(40, 30), photo=photo,
    )
    sizes = ("small", "medium", "large", "print")
    keep = connected.vault().keep
    keep(photo, 0, [Rendition(size, "webp", 40, 30, found.bytes(size)) for size in sizes])
    if covers:
        redaction = await index.add_redaction(photo, [world.id(child) for child in covers], approved=True)
        keep(photo, redaction, [Rendition(size, "webp", 40, 30, found.bytes(size, covered=True)) for size in sizes])
    world.photos[name] = found
    return found


async def fill_photos(world: World) -> None:
    """mia's guardians allow the class; tom's and noor's as well as their rungs say; ben's have withdrawn."""
    teacher, colleague = frozenset({"teacher", "admin"}), frozenset({"colleague", "admin"})
    only_admin = frozenset({"admin"})
    near_mia = CLASS_3A
    await add_photo(world, "mia", ("mia",), "3a", near_mia, handled=teacher, kept=MIAS_FAMILY)
    await add_photo(
        world, "tom", ("tom",), "3b", CLASS_3B, by="colleague", handled=colleague, kept=frozenset({"neighbour"})
    )
    await add_photo(world, "ben-withdrawn", ("ben",), "3b", NOBODY, by="colleague", handled=colleague)
    await add_photo(world, "ben-and-tom", ("ben", "tom"), "3b", NOBODY, by="colleague", handled=colleague)
    await add_photo(
        world, "noor", ("noor",), "9c", frozenset({"noors_parent", "noor"}), by="admin", handled=only_admin,
        kept=frozenset({"noors_parent", "noor"}),
    )
    await add_photo(
        world, "noor-school", ("noor",), "school", AT_SCHOOL - {"office"}, by="teacher", handled=teacher,
        kept=frozenset({"noors_parent", "noor"}),
    )
    await add_photo(world, "mia-school", ("mia",), "school", near_mia, handled=teacher, kept=MIAS_FAMILY)
    await add_photo(
        world, "mia-covered", ("mia",), "school", near_mia, covers=("mia",), covered=AT_SCHOOL - near_mia,
        handled=teacher, kept=MIAS_FAMILY,
    )
    await add_photo(world, "nobody-school", (), "school", AT_SCHOOL, by="colleague", handled=colleague)
    await add_photo(world, "nobody-public", (), "public", EVERYBODY, by="admin", handled=only_admin)
    await add_photo(world, "lea-hold", ("lea",), "3a", NOBODY, handled=frozenset({"safeguarding"}))
    await add_photo(world, "draft", ("mia",), "3a", NOBODY, state="draft", handled=teacher)
    await add_photo(world, "hidden", ("mia",), "3a", NOBODY, state="hidden", handled=teacher)
    await add_photo(world, "unreviewed", ("mia",), "3a", NOBODY, reviewed=False, handled=teacher)
    await add_photo(world, "erased", ("mia",), "3a", NOBODY, state="erased", handled=NOBODY)


async def tell(
    world: World, name: str, audience: str, read: frozenset[str], *, by: str, photos: tuple[str, ...] = (),
    state: str = "published", handled: frozenset[str],
) -> Told:
    """A story written and posted as its writer would, with photos that are there already."""
    school, viewer = world.school, world.school.viewer(by)
    if audience in ("school", "public"):
        offered = Audience(AudienceKind(audience))
    else:
        offered = Audience(AudienceKind.GROUPS, (school.groups[audience],))
    story = await stories.create(viewer, str(new_id()))
    title, body = f"TITLE-{name}-{story % 99991}", f"BODY-{name}-{story % 99991}"
    await _attach(world, story, photos)
    work = await story_queries.editor(viewer, story)
    text = Text(title, body, offered)
    alts = {photo: known.picture.alt for photo, known in work.photos.items()}
    tags = {photo: known.children for photo, known in work.photos.items()}
    seen = Seen(work.story.version, new_id())
    await stories.save(viewer, story, Change(text, (), tuple(work.photos), alts, tags, frozenset(), seen))
    if state != "draft":
        at = clock.now() + clock.DAY if state == "scheduled" else None
        said = Statement((await story_queries.editor(viewer, story)).fingerprint, True)
        await posting.post(viewer, story, said, at)
    if state == "hidden":
        await posting.take_down(viewer, story)
    world.stories[name] = Told(story, title, body, read, handled)
    return world.stories[name]


@atomic
async def _attach(world: World, story: int, photos: tuple[str, ...]) -> None:
    for position, name in enumerate(photos):
        await db.run(
            "INSERT INTO stories_photo (id, story, photo, position, once, tab, removed) VALUES (?, ?, ?, ?, ?, 0, ?)",
            *(new_id(), story, world.photos[name].id, position, name, False),
        )


async def fill_stories(world: World) -> None:
    teacher, colleague = frozenset({"teacher", "admin"}), frozenset({"colleague", "admin"})
    await tell(world, "3a", "3a", CLASS_3A, by="teacher", photos=("mia",), handled=teacher)
    await tell(world, "3b", "3b", CLASS_3B, by="colleague", photos=("tom", "ben-withdrawn"), handled=colleague)
    await tell(world, "school", "school", AT_SCHOOL, by="teacher", photos=("mia-covered",), handled=teacher)
    await tell(world, "public", "public", EVERYBODY, by="admin", photos=("nobody-public",), handled=ADMIN)
    await tell(world, "writing", "3a", NOBODY, by="teacher", state="draft", photos=("draft",), handled=teacher)
    await tell(world, "scheduled", "3b", NOBODY, by="colleague", state="scheduled", handled=colleague)
    await tell(world, "taken-down", "3a", NOBODY, by="teacher", state="hidden", photos=("hidden",), handled=teacher)


async def fill_papers(world: World) -> None:
    """Signed forms with scans, about a child whom the whole office may see and about one whom not."""
    today = clock.present("Europe/Berlin").today
    shown = Reference(1, "en")
    for child, signer in (("mia", "parent"), ("noor", "noors_parent")):
        kept = await scans.keep(f"%PDF-1.4 SCAN-{child} %%EOF".encode())
        rung = Rung.CLASS if child == "mia" else Rung.SCHOOL
        await consent.enter_paper(
            world.school.viewer("admin"), world.id(child), world.id(signer), {"photo": rung}, today, shown=shown,
            scan=kept,
        )
        world.scans[child] = await db.value(
            "SELECT max(d.id) FROM decision d JOIN scan s ON s.decision = d.id WHERE d.child = ?", world.id(child)
        )


async def fill_invitations(world: World) -> None:
    """Codes in force, and mails that wait in the outbox."""
    school = await schools.load()
    found = await invitable.invitees(clock.present("Europe/Berlin").today)
    byname = {world.school.ids[name]: name for name in world.school.ids}
    letters = [each for each in found if byname[each.person] in ("grandparent", "blocked")]
    codes = invitations.fresh(each.person for each in letters)
    await invitations.record(codes, invitations.LETTER, by=world.id("admin"))
    world.codes = {byname[person]: code for person, code in codes.items()}
    by_mail = [each for each in found if each.email and each.person not in codes and each.kind == "adult"]
    await inviting.by_email(school, world.school.settings.url, by_mail, by=world.id("admin"))


async def fill_plugin(world: World) -> None:
    """A plugin that keeps things about people. Who else is named in an entry reads it under the own data only."""
    await lost.use(world.school)
    guardians = frozenset({"parent", "coparent"})
    for finder, child, readers in (
        ("parent", "", frozenset({"parent"})), ("parent", "mia", frozenset({"parent"})),
        ("coparent", "mia", frozenset({"coparent"})), ("blocked", "mia", NOBODY), ("", "mia", guardians | {"mia"}),
        ("teacher", "", frozenset({"teacher"})), ("teacher", "tom", frozenset({"teacher"})),
        ("", "tom", frozenset({"neighbour"})), ("", "noor", frozenset({"noor", "noors_parent"})),
    ):  # fmt: skip
        what = f"FOUND-{finder}-{child}-qz"
        numbers = [world.id(name) if name else 0 for name in (finder, child)]
        await lost.found(what, *numbers, said=f"SAID-{finder}-{child}-qz")
        for text in (what, what.replace("FOUND", "SAID")):
            world.kept[text] = readers | ADMIN


async def fill_words(world: World) -> None:
    """Word on paper, some of it to a family of whose child the member of the office must know nothing."""
    for name, printing in (("other", OFFICE), ("noors_parent", ADMIN), ("noor", ADMIN)):
        await delivery.wish(world.id(name), channel="paper")
        await delivery.deliver([Word(world.id(name), f"WORD-{name}-qz", f"TEXT-{name}-qz")])
        world.words |= {f"WORD-{name}-qz": printing, f"TEXT-{name}-qz": printing}


@atomic
async def add_upload(world: World) -> int:
    """A roster that was imported already, so that nothing more can be done with it than look or discard."""
    number = new_id()
    result: dict[str, Any] = {
        what: dict.fromkeys(("new", "changed", "unchanged", "gone"), 0)
        for what in ("people", "groups", "enrolments", "links")
    }
    await db.run(
        "INSERT INTO roster_upload (id, person, created_at, state, data, result) VALUES (?, ?, ?, 'failed', ?, ?)",
        *(number, world.id("admin"), clock.now(), b"", msgspec.json.encode(result).decode()),
    )
    return number


@asynccontextmanager
async def open_world(folder: Path, database: str | None, ready: Path) -> AsyncIterator[World]:
    """The school, filled."""
    async with open_school(folder, database, ready) as school:
        with lost.loaded():
            world = World(school)
            await name_everybody(world)
            await notices.publish_defaults(await schools.load())
            await decline(world)
            await fill_photos(world)
            await fill_stories(world)
            await fill_papers(world)
            await fill_invitations(world)
            await fill_plugin(world)
            await fill_surveys(world)
            await fill_meetings(world)
            await fill_translation(world)
            await fill_grades(world)
            await fill_words(world)  # last, so that nothing else goes on paper
            yield world
