"""Replays world files: who sees what, asked of the list, of the single check, or of the running application."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import asyncpg
import httpx
from litestar.types import ASGIApp

from portal import clock
from portal.db import atomic, db
from portal.db.migrate import migrate
from portal.identity import sessions
from portal.kinds import Shown, Viewer
from portal.main import apps, connect, create_app
from portal.photos import connected
from portal.photos.intake import Rendition
from portal.photos.keys import create_master
from portal.settings import load
from portal.visibility import door, facts
from portal.visibility.load import Loaded
from portal.visibility.load import load as load_world
from portal.visibility.world import BadWorld, World, parse

WAYS = ("list", "single", "http")
PAGE = 500
Row = dict[str, str]


class Difference(Exception):
    """The listing and the bytes that the application gave do not agree."""


def command(files: list[str], through: str, desk: bool, database: str | None) -> Iterator[str]:
    """The output lines of `portal visibility replay`. Raises BadWorld before the first line, or Difference.

    `files` are texts, because a Path would forget how it was written (`./w.json`), and the output repeats it.
    """
    worlds = [parse(_read(path), path) for path in files]
    with asyncio.Runner() as runner:
        replay_ = runner.run(_opened(through, desk, database))
        try:
            for world in worlds:
                for row in runner.run(replay_.rows(world)):
                    yield json.dumps(row)
        finally:
            runner.run(replay_.__aexit__(None, None, None))


async def _opened(through: str, desk: bool, database: str | None) -> Replay:
    return await Replay(through, desk, database).__aenter__()


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError) as failure:
        raise BadWorld(path, "file", getattr(failure, "strerror", None) or "cannot be read") from None


async def replay(world: World, through: str, desk: bool = False, database: str | None = None) -> list[Row]:
    """One world's rows, viewers outer, photos inner."""
    async with Replay(through, desk, database) as opened:
        return await opened.rows(world)


class Replay:
    """Replays worlds one after the other, each in an empty database.

    `database` is the address of a PostgreSQL server on which a scratch database may be made; it is emptied between
    worlds. Without it, or with a sqlite: address, each world gets a SQLite file of its own. All is removed at the end.
    """

    def __init__(self, through: str, desk: bool = False, database: str | None = None) -> None:
        self.through = through
        self.desk = desk
        self.server = database if database and database.startswith("postgres") else None
        self.folder = Path(tempfile.mkdtemp(prefix="replay-"))
        self.name = f"portal_replay_{secrets.token_hex(6)}"
        self.app: ASGIApp | None = None
        self.settings = load({"PORTAL_DATA": str(self.folder), "PORTAL_DATABASE": self._address(self.name)})

    def _address(self, name: str) -> str:
        if self.server is None:
            return f"sqlite:{self.folder / name}.sqlite"
        head, _sep, query = self.server.partition("?")
        return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")

    async def __aenter__(self) -> Replay:
        create_master(self.settings.master_key)
        if self.server is not None:
            await self._on_server(f"CREATE DATABASE {self.name}")
        if self.through == "http":
            self.app = create_app(self.settings, background=False, durable=False)
        else:
            connect(self.settings, durable=False)
        await migrate(apps())
        if self.server is None:
            await db.close()  # the migrated file is copied for each world
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        await db.close()
        if self.server is not None:
            await self._on_server(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
        shutil.rmtree(self.folder, ignore_errors=True)

    async def _on_server(self, sql: str) -> None:
        connection = await asyncpg.connect(self.server)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    async def _new_database(self, world: Path) -> None:
        """Connects an empty database and, for requests, an empty photo store in the folder `world`."""
        if self.server is None:
            world.mkdir()
            shutil.copy(self.folder / f"{self.name}.sqlite", world / "portal.sqlite")
            db.connect(f"sqlite:{world / 'portal.sqlite'}", durable=False)
        else:
            await _empty()
        facts.forget()
        connected.connect(world / "photos", world / "keys", self.settings.master_key)

    async def rows(self, world: World) -> list[Row]:
        """The rows of one world. Raises Difference (only with http)."""
        folder = self.folder / "world"
        await self._new_database(folder)
        try:
            with clock.frozen(world.now):
                loaded = await load_world(world)
                if self.through == "http":
                    _store(world, loaded)
                return [row for viewer in world.viewers for row in await self._rows_of(world, loaded, viewer)]
        finally:
            if self.server is None:
                await db.close()
            shutil.rmtree(folder, ignore_errors=True)

    async def _rows_of(self, world: World, loaded: Loaded, viewer: str) -> list[Row]:
        asking = Viewer(loaded.persons.get(viewer))
        if self.through == "list":
            shown = await self._listed(asking)
        elif self.through == "single":
            shown = await self._looked_at(asking, loaded)
        else:
            assert self.app is not None
            shown = await _requested(self.app, self.settings.url, asking, world, loaded, viewer, self.desk)
        names = {redaction: f"redaction:{name}" for (_photo, name), redaction in loaded.redactions.items()} | {
            0: "original"
        }
        return [
            {
                "world": world.name,
                "viewer": viewer,
                "photo": photo.id,
                "show": names[shown[loaded.photos[photo.id]]] if loaded.photos[photo.id] in shown else "nothing",
            }
            for photo in world.photos
        ]

    async def _listed(self, viewer: Viewer) -> dict[int, int]:
        found: list[Shown] = []
        before: int | None = None
        while True:
            listing = await (door.desk if self.desk else door.listing)(viewer, PAGE, before)
            found += listing.photos
            before = listing.before
            if before is None:
                return {shown.photo: shown.redaction for shown in found}

    async def _looked_at(self, viewer: Viewer, loaded: Loaded) -> dict[int, int]:
        found: dict[int, int] = {}
        for photo in loaded.photos.values():
            if self.desk:
                if await door.desk_look(viewer, photo, "replay"):
                    found[photo] = 0
            elif (shown := await door.look(viewer, photo)) is not None:
                found[photo] = shown.redaction
        return found


@atomic
async def _empty() -> None:
    """Empties every table of a scratch database on a server, where making a new one takes half a second."""
    tables = await db.rows(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('migration', 'fact_version')"
    )
    # The ledger refuses this, as it should in a school's database.
    await db.run("ALTER TABLE decision DISABLE TRIGGER decision_not_emptied")
    await db.run(f"TRUNCATE {', '.join(name for (name,) in tables)}")
    await db.run("ALTER TABLE decision ENABLE TRIGGER decision_not_emptied")


def _content(photo: int, redaction: int) -> bytes:
    return f"picture {photo} {redaction}".encode()


def _store(world: World, loaded: Loaded) -> None:
    """Seals a file of its own for each photo and redaction, so that bytes tell what was shown."""
    vault = connected.vault()
    for photo in world.photos:
        key = loaded.photos[photo.id]
        for redaction in (0, *(loaded.redactions[photo.id, r.id] for r in photo.redactions)):
            vault.keep(key, redaction, [Rendition("small", "webp", 40, 30, _content(key, redaction))])


async def _requested(
    app: ASGIApp, url: str, viewer: Viewer, world: World, loaded: Loaded, name: str, desk: bool
) -> dict[int, int]:
    """What the application answers: its listing, and the bytes for every photo. Raises Difference."""
    base = "/desk" if desk else "/photos"
    picture = "/desk/photos" if desk else "/photos"
    token = await sessions.begin(viewer.person, "replay", staff=False) if viewer.person is not None else None
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url=url) as http:
        if token is not None:
            http.cookies.set("portal", token)
        listed: set[int] = set()
        path: str | None = base
        while path is not None:
            answer = await http.get(path)
            listed |= {int(found) for found in re.findall(rf'"{picture}/(\d+)/small', answer.text)}
            older = re.search(rf'rel="next" href="({base}\?before=\d+)"', answer.text)
            path = older[1] if older else None
        contents = {_content(loaded.photos[photo], r): r for (photo, _name), r in loaded.redactions.items()}
        contents |= {_content(key, 0): 0 for key in loaded.photos.values()}
        shown: dict[int, int] = {}
        for photo, key in loaded.photos.items():
            answer = await http.get(f"{picture}/{key}/small")
            if answer.status_code == 200:
                if answer.content != _content(key, contents.get(answer.content, -1)):
                    raise Difference(f"{world.name}: viewer {name}, photo {photo}: bytes of something else")
                shown[key] = contents[answer.content]
            if (key in shown) != (key in listed):
                words = ("the bytes came but the listing", "the listing shows it but the bytes")
                raise Difference(
                    f"{world.name}: viewer {name}, photo {photo}: {words[key in listed]} did not (status"
                    f" {answer.status_code})"
                )
        return shown
