"""One small school for all tests.

Class 3a holds the children mia, ben and lea, class 3b holds tom; noor is 15 and in class 9c. Everybody in `CAST` has
a part that some rule hangs on; see `_people`.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from litestar.types import ASGIApp

from portal import clock, plugins
from portal.db import atomic, db
from portal.db.migrate import migrate
from portal.hooks.host import host
from portal.identity import sessions
from portal.kinds import PHOTO, VIDEO, Audience, AudienceKind, Rung, Viewer, new_id
from portal.main import JOBS, apps, connect, create_app
from portal.people import school as schools
from portal.people.school import School
from portal.photos import connected
from portal.photos.intake import Rendition
from portal.photos.keys import create_master
from portal.plugins import jobs, keeping
from portal.settings import Settings, load
from portal.testing.browser import Browser
from portal.visibility import index

# parent and coparent decide for mia (and parent for her brother ben); grandparent sees mia only; former's link to mia
# has ended; blocked is mia's father with a no-contact order; other is lea's mother and has not answered; neighbour is
# tom's father (3b); outsider's account is inactive; teacher has 3a, colleague 3b, both are no one's parents.
ADULTS = (
    "parent", "coparent", "grandparent", "former", "blocked", "other", "neighbour", "outsider", "teacher", "colleague",
    "admin", "office", "safeguarding", "noors_parent",
)
CHILDREN = ("mia", "ben", "lea", "tom", "noor")
CAST = (*ADULTS, *CHILDREN, "anonymous")
BIRTHDAYS = {"mia": 8, "ben": 10, "lea": 8, "tom": 9, "noor": 15}  # ages in years
PASSWORD = "correct horse battery"  # noqa: S105


@dataclass
class TestSchool:
    """The school in a database of its own, its application, and a browser for each member of the cast."""

    settings: Settings
    app: ASGIApp
    ids: dict[str, int] = field(default_factory=dict)
    groups: dict[str, int] = field(default_factory=dict)
    browsers: list[Browser] = field(default_factory=list)

    __test__ = False

    def viewer(self, name: str) -> Viewer:
        return Viewer(self.ids.get(name))

    async def browser(self, name: str = "anonymous") -> Browser:
        """A browser in which this member of the cast is signed in."""
        token = None
        if name != "anonymous":
            token = await sessions.begin(self.ids[name], "Test", staff=False)
        browser = Browser(self.app, self.settings.url, token)
        self.browsers.append(browser)
        return browser

    client = browser

    async def use(self, plugin: str) -> None:
        """Takes an installed plugin into use. Raises Refused if it cannot be."""
        await plugins.enable(plugin)

    async def work(self) -> None:
        """Does what is due beside requests, as the portal does twice a minute: jobs, and word of events."""
        await jobs.run_due(clock.now(), JOBS)

    async def days_later(self, days: int) -> None:
        """Lets go of what is too old then, as the portal does once a day."""
        with clock.frozen(clock.now() + days * clock.DAY):
            await keeping.expire(clock.now())
            await self.work()

    async def told(self, name: str) -> list[tuple[str, str]]:
        """Subject and text of each word that was put on its way to this member of the cast, the newest last."""
        sql = "SELECT subject, body FROM outgoing WHERE person = ? ORDER BY id"
        return [(subject, body) for subject, body in await db.rows(sql, self.ids[name])]

    async def photo(
        self, children: tuple[str, ...] = (), groups: tuple[str, ...] = ("3a",), *, by: str = "teacher",
        kind: AudienceKind = AudienceKind.GROUPS, state: str = "published", reviewed: bool = True,
        alt: str = "A picture",
    ) -> int:
        """A stored photo with real sealed files (tiny ones)."""
        audience = Audience(kind, tuple(self.groups[g] for g in groups) if kind is AudienceKind.GROUPS else ())
        photo = await index.add(
            self.ids[by], audience, owner="stories", children=[self.ids[c] for c in children], state=state,
            reviewed=reviewed, alt=alt, size=(40, 30),
        )
        sizes = ("small", "medium", "large", "print")
        pictures = [Rendition(size, "webp", 40, 30, f"{size} of {photo}".encode()) for size in sizes]
        connected.vault().keep(photo, 0, pictures)
        return photo

    @atomic
    async def decide(self, by: str, child: str, rung: Rung, purpose: str = PHOTO, at: int | None = None) -> None:
        """A line in the ledger, as if decided just now."""
        now = clock.now() if at is None else at
        await db.run(
            "INSERT INTO decision (id, child, made_by, purpose, rung, at, until, notice_version, notice_sha256,"
            " language, way, entered_by, recorded_at) VALUES (?, ?, ?, ?, ?, ?, NULL, 1, '', 'en', 'account', NULL, ?)",
            *(new_id(), self.ids[child], self.ids[by], purpose, int(rung), now, now),
        )


@atomic
async def run(sql: str, *args: Any) -> None:
    """One writing statement in a transaction of its own: for what a test needs to be so and no page makes so."""
    await db.run(sql, *args)


@asynccontextmanager
async def open_school(
    folder: Path, database: str | None = None, ready: Path | None = None
) -> AsyncIterator[TestSchool]:
    """A school in `folder`; `database` instead of a SQLite file there, `ready` a migrated SQLite file to copy."""
    if database is None and ready is not None:
        shutil.copy(ready, folder / "portal.sqlite")
    environment = {"PORTAL_DATA": str(folder)} | ({"PORTAL_DATABASE": database} if database else {})
    settings = load(environment)
    create_master(settings.master_key)
    app = _application(settings)
    await migrate(apps())
    await plugins.settle()
    school = TestSchool(settings, app)
    await _people(school)
    try:
        yield school
    finally:
        for browser in school.browsers:
            await browser.close()
        await db.close()


_made: tuple[object, Any] | None = None


def _application(settings: Settings) -> ASGIApp:
    """The application, connected to this school. Making one takes longer than most tests, so the one of the last school
    serves again while the same plugins are loaded."""
    global _made
    if _made is None or _made[0] != _loaded():
        app = create_app(settings, background=False, durable=False)
        _made = _loaded(), app
    else:
        connect(settings, durable=False)
        _made[1].app.state.settings = settings
    return cast(ASGIApp, _made[1])


def _loaded() -> object:
    return [(name, id(plugin)) for name, plugin in host.plugins.items()]


async def prepare(path: Path) -> None:
    """A migrated, empty SQLite file to copy for each test."""
    if not host.plugins:
        host.load_installed()
    db.connect(f"sqlite:{path}", durable=False)
    await migrate(apps())
    await plugins.settle()
    await db.close()


@atomic
async def _people(school: TestSchool) -> None:
    await schools.save(School(name="Linden School", timezone="Europe/Berlin"))
    today = clock.present("Europe/Berlin").today
    now = clock.now()
    for name in (*ADULTS, *CHILDREN):
        school.ids[name] = new_id()
        born = f"{int(today[:4]) - BIRTHDAYS[name]}-01-01" if name in BIRTHDAYS else None
        kind = "child" if name in CHILDREN else "adult"
        await db.run(
            "INSERT INTO person (id, kind, given_name, family_name, email, language, active, born,"
            " safeguarding_hold, source, external_id, created_at) VALUES (?, ?, ?, ?, ?, 'en', ?, ?, ?, 'test', ?, ?)",
            *(school.ids[name], kind, name.capitalize(), "Test", f"{name}@school.example" if kind == "adult" else None),
            *(name != "outsider", born, False, name, now),
        )
    for name in ("3a", "3b", "9c"):
        school.groups[name] = new_id()
        await db.run(
            "INSERT INTO school_group (id, name, kind, until, source, external_id)"
            " VALUES (?, ?, 'homeroom', ?, 'test', ?)",
            *(school.groups[name], name, clock.add_days(today, 200), name),
        )
    for child, group in (("mia", "3a"), ("ben", "3b"), ("lea", "3a"), ("tom", "3b"), ("noor", "9c")):
        await db.run(
            "INSERT INTO membership (id, child, group_id, starts, ends, source, external_id)"
            " VALUES (?, ?, ?, NULL, NULL, 'test', ?)",
            *(new_id(), school.ids[child], school.groups[group], child),
        )
    for adult, group in (("teacher", "3a"), ("colleague", "3b")):
        await db.run(
            "INSERT INTO staff (id, adult, group_id, source, external_id) VALUES (?, ?, ?, 'test', ?)",
            *(new_id(), school.ids[adult], school.groups[group], adult),
        )
    for role in ("admin", "office", "safeguarding"):
        await db.run("INSERT INTO role (id, person, role) VALUES (?, ?, ?)", new_id(), school.ids[role], role)
    yesterday = clock.add_days(today, -1)
    for adult, child, decides, sees, ends in (
        ("parent", "mia", True, True, None),
        ("parent", "ben", True, True, None),
        ("coparent", "mia", True, True, None),
        ("grandparent", "mia", False, True, None),
        ("former", "mia", True, True, yesterday),
        ("blocked", "mia", True, True, None),
        ("other", "lea", True, True, None),
        ("neighbour", "tom", True, True, None),
        ("noors_parent", "noor", True, True, None),
    ):
        await db.run(
            "INSERT INTO link (id, adult, child, decides, sees, relation, starts, ends, source)"
            " VALUES (?, ?, ?, ?, ?, 'guardian', NULL, ?, 'test')",
            *(new_id(), school.ids[adult], school.ids[child], decides, sees, ends),
        )
    await db.run(
        "INSERT INTO block (id, adult, child, created_at) VALUES (?, ?, ?, ?)",
        *(new_id(), school.ids["blocked"], school.ids["mia"], now),
    )
    early = now - 30 * clock.DAY
    for by, child, rung in (
        ("parent", "mia", Rung.CLASS), ("coparent", "mia", Rung.SCHOOL), ("parent", "ben", Rung.SCHOOL),
        ("neighbour", "tom", Rung.CLASS), ("noors_parent", "noor", Rung.SCHOOL),
    ):
        for purpose in (PHOTO, VIDEO):
            await school.decide(by, child, rung, purpose, at=early)
    for child, by in (("noor", "noors_parent"), ("mia", "parent")):
        await school.decide(by, child, Rung.FAMILY, "account", at=early)
    # blocked decides for mia too and has not answered, so public is out of reach and class holds.
