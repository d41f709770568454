"""The command `portal`: everything an operator does from a shell."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar
from zoneinfo import available_timezones

import typer

from portal import __version__, clock, i18n, logs, messages, plugins, scaffold, serving
from portal import replay as replays
from portal.db import db
from portal.db.migrate import migrate as run_migrations
from portal.errors import PortalError
from portal.hooks.host import host
from portal.main import apps, behind, connect
from portal.people.roster import command as roster_command
from portal.people.school import School
from portal.photos import connected
from portal.photos.inspect import inspect_files
from portal.photos.keys import KeyStore, add_master_version, create_master, drop_old_master_versions
from portal.plugins import keeping
from portal.plugins.health import Health, health
from portal.settings import Settings, load
from portal.starting import begin, invite_again
from portal.visibility.world import BadWorld
from portal.web import exports

T = TypeVar("T")
app = typer.Typer(
    help="A self-hosted family portal for schools.", no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False, rich_markup_mode=None,
)
roster = typer.Typer(help="The school's people.", no_args_is_help=True)
visibility = typer.Typer(help="Who may see what.", no_args_is_help=True)
photos = typer.Typer(help="Picture files.", no_args_is_help=True)
keys = typer.Typer(help="The keys that photos are sealed with.", no_args_is_help=True)
plugin = typer.Typer(help="What the portal can do beyond its core.", no_args_is_help=True)
app.add_typer(roster, name="roster")
app.add_typer(visibility, name="visibility")
app.add_typer(photos, name="photos")
app.add_typer(keys, name="keys")
app.add_typer(plugin, name="plugin")



def main() -> None:
    """Runs the command; failures that people can mend are one line on standard error."""
    logs.configure()
    os.umask(0o077)  # whatever is written is for this account alone
    try:
        app()
    except PortalError as failure:
        print(f"portal: {failure}", file=sys.stderr)
        raise SystemExit(2) from None


def _in_school(settings: Settings, work: Coroutine[Any, Any, T]) -> T:
    """Runs `work` with the school's database connected and checked to be up to date."""

    async def run() -> T:
        try:
            connect(settings)
            if await behind():
                raise PortalError("The database is not ready. Run `portal init` for a new school, or `portal migrate`.")
            return await work
        finally:
            work.close()
            await db.close()

    return asyncio.run(run())


@app.command()
def version() -> None:
    """Prints the version."""
    print(__version__)


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Port to serve at, on 127.0.0.1.")] = 8000,
    fresh: Annotated[bool, typer.Option(help="Throw an existing demo school away and make a new one.")] = False,
    folder: Annotated[Path, typer.Option(help="Where the demo school is kept.")] = Path("var/demo"),
    build_only: Annotated[bool, typer.Option(help="Make the school, print the sign-ins, do not serve.")] = False,
) -> None:
    """Makes a made-up school and serves it, with sign-ins for everybody."""
    from portal.demo import seed

    settings = load({"PORTAL_DATA": str(folder), "PORTAL_PORT": str(port)})
    seed.make(settings, fresh=fresh)
    seed.tell(settings)
    if not build_only:
        _serve(settings)


@app.command()
def serve() -> None:
    """Runs the portal with the settings of the environment (see deploy/env.example)."""
    settings = load()
    _in_school(settings, _nothing())
    _serve(settings)


async def _nothing() -> None:
    """Only the checks before it matter."""


def _serve(settings: Settings) -> None:
    serving.run(settings)


@app.command()
def init(
    name: Annotated[str, typer.Option(prompt="Name of the school")],
    admin_given_name: Annotated[str, typer.Option(prompt="First administrator, given name")],
    admin_family_name: Annotated[str, typer.Option(prompt="First administrator, family name")],
    admin_email: Annotated[str, typer.Option(prompt="First administrator, e-mail address")],
    timezone: Annotated[str, typer.Option(prompt="Time zone")] = "Europe/Berlin",
    languages: Annotated[str, typer.Option(prompt="Languages, the school's own first")] = "en,de,es,ar,uk",
) -> None:
    """Makes an empty school: database, keys, first administrator, who gets a code to choose a password."""
    codes = tuple(code.strip() for code in languages.split(",") if code.strip())
    unknown = [code for code in codes if code not in i18n.LANGUAGES]
    if unknown or not codes:
        raise PortalError("Languages are: %(known)s", known=", ".join(i18n.LANGUAGES))
    if timezone not in available_timezones():
        raise PortalError("This is no time zone: %(zone)s. One looks like Europe/Berlin.", zone=timezone)
    settings = load()
    if not settings.master_key.exists():
        create_master(settings.master_key)

    async def run() -> str:
        connect(settings)
        try:
            await run_migrations(apps())
            return await begin(
                School(name=name, timezone=timezone, languages=codes), admin_given_name, admin_family_name, admin_email
            )
        finally:
            await db.close()

    code = asyncio.run(run())
    print(f"{name} is ready. Start it with `portal serve`, then open\n  {settings.url}/welcome")
    print(f"and enter the code\n  {code}")
    print(f"Keep {settings.secrets} safe and out of backups of the data: without it no photo can be read.")


@app.command()
def invite(email: Annotated[str, typer.Argument(help="E-mail address of a person in the school's records.")]) -> None:
    """Prints a new one-time code for somebody, as for an administrator who cannot sign in any more."""
    print(_in_school(load(), invite_again(email)))


@keys.command()
def rotate() -> None:
    """Makes a new master key and wraps every photo's key with it. The photos themselves stay as they are."""
    settings = load()
    connected.connect(settings.photos, settings.keys, settings.master_key)
    add_master_version(settings.master_key)
    count = connected.vault().rotate()
    drop_old_master_versions(settings.master_key, KeyStore(settings.keys))
    print(f"{count} keys are wrapped with the new master key. Put a new copy of {settings.master_key} in the safe.")


@app.command()
def migrate() -> None:
    """Brings the database up to date."""
    settings = load()

    async def run() -> list[str]:
        connect(settings)
        try:
            return await run_migrations(apps())
        finally:
            await db.close()

    ran = asyncio.run(run())
    print("\n".join(f"ran {name}" for name in ran) or "nothing to do")


@roster.command("import")
def roster_import(
    path: Annotated[Path, typer.Argument(help="Folder or zip: OneRoster CSV, or children.csv and guardians.csv.")],
    households: Annotated[Path | None, typer.Option(help="A CSV file that says who lives together.")] = None,
    dry_run: Annotated[bool, typer.Option(help="Say what would change; change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    confirm_shrink: Annotated[bool, typer.Option(help="Go on though over 10 % of people would go.")] = False,
) -> None:
    """Brings in the school's people. Exit status 0: imported (or would be), 2: refused."""
    work = roster_command.run(
        path, households=households, dry_run=dry_run, as_json=as_json, confirm_shrink=confirm_shrink
    )
    raise typer.Exit(_in_school(load(), work))


@visibility.command()
def replay(
    worlds: Annotated[list[str], typer.Argument(help="World files.")],
    through: Annotated[str, typer.Option(help="list, single or http")] = "list",
    desk: Annotated[bool, typer.Option(help="What the review desk shows, instead.")] = False,
    database: Annotated[str | None, typer.Option(help="A PostgreSQL server to make scratch databases on.")] = None,
) -> None:
    """Prints what each viewer of each world gets of each photo. Exit status 2: a world breaks the format."""
    if through not in replays.WAYS:
        raise typer.BadParameter("list, single or http", param_hint="--through")
    try:
        for line in replays.command(worlds, through, desk, database):
            sys.stdout.write(line + "\n")
    except BadWorld as failure:
        print(failure, file=sys.stderr)
        raise typer.Exit(2) from None
    except replays.Difference as failure:
        print(failure, file=sys.stderr)
        raise typer.Exit(1) from None


@photos.command()
def inspect(files: Annotated[list[Path], typer.Argument(help="Picture files.")]) -> None:
    """Says of each file whether it would be taken in, as one line of JSON."""
    raise typer.Exit(inspect_files(files))


@plugin.command("list")
def plugin_list() -> None:
    """Lists the plugins that are installed or left data behind: whether in use, why one cannot be, what went wrong."""

    async def look() -> list[str]:
        how = await health()
        return [line for state in await plugins.states() for line in _plugin_lines(state, how[state.name])]

    print("\n".join(_in_school(load(), look())))


def _plugin_lines(state: plugins.State, how: Health) -> list[str]:
    said = state.reason or ("in use" if state.used else "not in use")
    lines = [f"{state.name}  {state.title if state.plugin or state.kept else '?'}  ({said})"]
    if how.trouble is not None:
        place, kind, at = how.trouble
        lines.append(f"  {place} failed on {clock.moment(at):%Y-%m-%d %H:%M} UTC ({kind}); the log says more")
    if how.given_up:
        lines.append(f"  {how.given_up} jobs failed too often and were given up; enabling it tries again")
    return lines


@plugin.command("export")
def plugin_export(
    name: Annotated[str, typer.Argument(help="Its name in `portal plugin list`.")],
    file: Annotated[Path, typer.Argument(help="The zip to make. It must not be there yet.")],
) -> None:
    """Writes everything that a plugin stored into a zip: tables as CSV, and its files. It need not be installed."""

    async def write() -> None:
        portions = await keeping.whole(name)
        if not portions:
            raise PortalError("There is nothing stored of %(name)s.", name=name)
        try:
            with file.open("xb") as made:
                async for piece in exports.archive(portions):
                    made.write(piece)
        except FileExistsError:
            raise PortalError("%(file)s is there already.", file=file) from None
        except OSError as failure:
            raise PortalError("%(file)s cannot be written: %(why)s", file=file, why=failure.strerror) from None

    _in_school(load(), write())
    print(f"{file} holds everything that {name} stored, about everybody. Keep it safe.")


@plugin.command("erase")
def plugin_erase(
    name: Annotated[str, typer.Argument(help="Its name in `portal plugin list`.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erases everything that a plugin stored. Only while it is out of use; it need not be installed."""
    if not yes:
        typer.confirm(f"Erase everything that {name} stored? This cannot be undone.", abort=True)
    _in_school(load(), keeping.erase_plugin(name))
    print(f"Everything that {name} stored is erased; its files follow within a minute while the portal runs.")


@plugin.command("enable")
def plugin_enable(name: Annotated[str, typer.Argument(help="Its name in `portal plugin list`.")]) -> None:
    """Takes a plugin into use. What runs already notices at once."""
    _in_school(load(), plugins.enable(name))
    print(f"{name} is in use.")


@plugin.command("disable")
def plugin_disable(name: Annotated[str, typer.Argument(help="Its name in `portal plugin list`.")]) -> None:
    """Puts a plugin out of use. What it stored stays."""
    _in_school(load(), plugins.disable(name))
    print(f"{name} is no longer in use. What it stored is kept.")


@plugin.command("check")
def plugin_check(name: Annotated[str, typer.Argument(help="Its name in `portal plugin list`.")]) -> None:
    """Says where an installed plugin breaks the contract. Exit status 1 if it does. Needs no school."""
    from portal.testing import contract

    found = asyncio.run(contract.problems(name))
    print("\n".join(found) or f"{name} keeps the contract.")
    raise typer.Exit(1 if found else 0)


@plugin.command("texts")
def plugin_texts(name: Annotated[str, typer.Argument(help="Its name in `portal plugin list`.")]) -> None:
    """Writes an installed plugin's texts into its catalogues, and says what is not translated. For its authors."""
    if not host.plugins:
        host.load_installed()
    if name not in host.plugins:
        raise PortalError("There is no plugin %(name)s. Install it first.", name=name)
    folder = host.plugins[name].about.folder
    messages.update(folder)
    found = list(messages.problems(folder))
    print("\n".join(found) or f"{name} speaks all languages of the portal.")
    raise typer.Exit(1 if found else 0)


@plugin.command("new")
def plugin_new(
    name: Annotated[str, typer.Argument(help="Small letters, digits and _: it names tables, addresses, the package.")],
    title: Annotated[str, typer.Option(help="What people read in the navigation.")] = "",
    into: Annotated[Path, typer.Option(help="The folder in which the plugin's own folder is made.")] = Path(),
) -> None:
    """Makes a small plugin that works, with tests, to be changed into what you need."""
    folder = scaffold.make(name, title, into)
    print(f"{folder} is made. Next:\n  pip install -e '{folder}[test]'\n  portal plugin check {name}")
    print(f"  pytest {folder}\n  portal plugin enable {name}")
