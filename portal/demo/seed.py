"""Makes the demo school in an empty database, and tells who can sign in."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import typer

from portal import clock, i18n, plugins
from portal.consent import notices
from portal.db import db
from portal.db.migrate import CORE, migrate
from portal.demo import rows
from portal.demo.made import PASSWORD, Made
from portal.demo.notice import ADDED, SUMMARY
from portal.demo.people import made_up
from portal.demo.pictures import picture
from portal.demo.plan import Plan, plan
from portal.demo.rows import Ids
from portal.demo.school import DemoPicture, DemoSchool, DemoStory
from portal.errors import PortalError
from portal.hooks.host import host
from portal.identity import passwords
from portal.kinds import Audience, AudienceKind, Viewer
from portal.people.school import School
from portal.photos import connected
from portal.photos.keys import create_master
from portal.settings import Settings
from portal.visibility import facts

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and of how much."""

SCHOOL = School(
    name="Linden School",
    timezone="Europe/Berlin",
    address="Linden School\nLime Tree Lane 7\n12345 Demoville",
    contact="office@demo.example",
    plugins=("stories", "surveys", "grades", "meetings", "translation"),
)
MARK = "demo-school"  # a file in the data folder: what it belongs to, and whether it is complete
_BEHIND = frozenset({"other-parent"})  # has not read the newest privacy notice


def make(settings: Settings, *, fresh: bool = False) -> None:
    """Makes the demo school where there is none yet; `fresh` throws away the one that is there.

    Raises PortalError if the folder holds anything but a demo school.
    """
    mark = settings.data / MARK
    if mark.is_file() and (fresh or mark.read_text() != "ready"):
        shutil.rmtree(settings.data)
    if mark.is_file():
        asyncio.run(_bring_up(settings))
        return
    if settings.data.is_dir() and any(settings.data.iterdir()):
        raise PortalError("%(folder)s holds something else than a demo school.", folder=settings.data)
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    mark.write_text("being made")
    began = time.monotonic()
    asyncio.run(_build_and_close(settings, _bar))
    mark.write_text("ready")
    typer.echo(f"The demo school was made in {time.monotonic() - began:.0f} s.", err=True)


async def _bring_up(settings: Settings) -> None:
    _connect(settings)
    try:
        await migrate([CORE, *host.apps()])
    finally:
        await db.close()


async def _build_and_close(settings: Settings, progress: Progress) -> None:
    try:
        await build(settings, progress)
    finally:
        await db.close()


def _connect(settings: Settings) -> None:
    # Nobody waits for single rows here: a power cut would only mean to begin again.
    db.connect(settings.database, durable=False)
    facts.forget()
    connected.connect(settings.photos, settings.keys, settings.master_key)
    if not host.plugins:
        host.load_installed()


async def build(settings: Settings, progress: Progress, *, seed: int = 1, stories: int | None = None) -> DemoSchool:
    """Fills the empty database of these settings; the newest `stories` only, if given. Leaves it connected.

    Raises PortalError if there are people in it.
    """
    if not settings.master_key.exists():
        create_master(settings.master_key)
    _connect(settings)
    progress("Database", 0, 1)
    await migrate([CORE, *host.apps()])
    if await db.value("SELECT 1 FROM person"):
        raise PortalError("There is a school in this database already. Nothing was changed.")
    progress("Database", 1, 1)
    made = made_up(clock.present(SCHOOL.timezone).today, seed)
    ids = await _people(made, progress)
    plans = plan(made, clock.now(), SCHOOL.timezone, seed)
    school = DemoSchool(ids.people, ids.groups, [_story(ids, one) for one in plans[-(stories or len(plans)) :]])
    await plugins.settle()
    for name in SCHOOL.plugins:
        if name in host.plugins and "portal_demo" in host.plugins[name].hooks:
            await host.plugins[name].hooks["portal_demo"](school, progress)
    facts.forget()
    return school


async def _people(made: Made, progress: Progress) -> Ids:
    steps = 4
    progress("People", 0, steps)
    # Only those whom one signs in as get a hash of their own: 20 ms each.
    shared = await passwords.hash_password(PASSWORD)
    hashes = dict.fromkeys(made.people, shared)
    for member in made.cast:
        hashes[member.key] = await passwords.hash_password(PASSWORD)
    progress("People", 1, steps)
    ids = await rows.write(made, SCHOOL, hashes)
    progress("People", 2, steps)
    now = clock.now()
    with clock.frozen(now - 100 * clock.DAY):
        await notices.publish_defaults(SCHOOL)
    with clock.frozen(now - 10 * clock.DAY):
        await _second_notice(Viewer(ids.people["admin"]))
    await rows.decide(made, ids, SCHOOL.timezone)
    progress("People", 3, steps)
    await rows.read_notices(made, ids, _BEHIND)
    await rows.invite(made, ids, SCHOOL.timezone)
    progress("People", steps, steps)
    return ids


async def _second_notice(admin: Viewer) -> None:
    texts = {
        language: f"{notices.default(notices.PRIVACY, language, SCHOOL)}\n\n{added}"
        for language, added in ADDED.items()
    }
    await notices.publish(admin, notices.PRIVACY, texts, SUMMARY, after=1, school=SCHOOL)


def _story(ids: Ids, one: Plan) -> DemoStory:
    kinds = {"school": AudienceKind.SCHOOL, "public": AudienceKind.PUBLIC}
    kind = kinds.get(one.text.to, AudienceKind.GROUPS)
    group = ids.groups[one.group]
    language = i18n.language(one.text.language)
    return DemoStory(
        teller=Viewer(ids.people[one.author]),
        group=group,
        audience=Audience(kind, (group,) if kind is AudienceKind.GROUPS else ()),
        title=one.text.title,
        body=one.text.body,
        at=one.at,
        posted=one.text.to != "draft",
        pictures=[
            DemoPicture(
                shot.index, language.text(picture(shot.index).alt), frozenset(ids.people[child] for child in shot.tags)
            )
            for shot in one.shots
        ],
    )


def _bar(what: str, done: int, total: int) -> None:
    """Progress as one line that grows on a terminal, or a line for each step elsewhere."""
    if sys.stderr.isatty():
        filled = 30 * done // max(total, 1)
        typer.echo(f"\r  {what:<10} {'█' * filled}{'·' * (30 - filled)} {done}/{total} ", nl=done == total, err=True)
    elif done == total:
        typer.echo(f"  {what}: {total}", err=True)


def tell(settings: Settings) -> None:
    """Prints where the demo school is and who can sign in."""
    made = made_up(clock.present(SCHOOL.timezone).today)
    wide = max(len(made.people[member.key].login) for member in made.cast)
    lines = [
        "",
        f"  {SCHOOL.name} is made up, all of it. Open  {settings.url}",
        f"  Everybody's password:  {PASSWORD}",
        "",
        *(f"  {made.people[member.key].login:<{wide}}  {member.about}" for member in made.cast),
        "",
        f"  It is kept in {_short(settings.data)}; `portal demo --fresh` makes it anew. Stop with Ctrl+C.",
        "",
    ]
    typer.echo("\n".join(lines))


def _short(folder: Path) -> str:
    here = os.path.relpath(folder)
    return str(folder) if here.startswith("..") else here
