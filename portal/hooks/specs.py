"""The hooks: each typed, documented, and used by a bundled plugin. A plugin implements those it needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote

from portal.hooks import spec
from portal.kinds import Access

API = 1


@dataclass(frozen=True, slots=True)
class Stored:
    """Something that a plugin keeps, told to the school before it uses the plugin: `what`, `whom`, `kept` and `sent`
    are msgids. The rest says where it lies, so that the portal itself can export, erase and let go of it.
    """

    what: str
    whom: str  # about whom
    kept: str  # for how long
    sent: str = ""  # to whom outside the school it is sent; '' for nobody
    table: str = ""  # of the plugin; each of its tables is named by one of these
    people: tuple[str, ...] = ()  # columns with ids of persons, 0 for nobody
    through: tuple[str, str] | None = None  # (column, other table): belongs to, and dies with, that row of the other
    days: int | None = None  # rows older than this are deleted; None: not by age alone
    since: str = ""  # the column with the instant that age counts from, microseconds UTC
    # Columns with instants, microseconds UTC. In their own data those concerned read the row, and what belongs to it,
    # from `opens` on (0: not yet) until `closes` (0: without end); '' for always.
    opens: str = ""
    closes: str = ""
    on_erase: Literal["delete", "blank", "keep"] = "delete"  # of one of its people: the row, just who it was, nothing
    photos: tuple[str, ...] = ()  # columns with ids of photos that are erased along with the row
    files: tuple[str, ...] = ()  # columns with ids of kept files, likewise


@dataclass(frozen=True, slots=True)
class About:
    """A plugin's introduction. `name` prefixes its tables (`stories_…`), templates and addresses (`/stories…`)."""

    name: str
    title: str  # msgid
    api: int
    package: str  # import name; holds templates/, static/, locale/, piccolo_migrations/ where the plugin has them
    folder: Path
    summary: str = ""  # msgid: one sentence for whoever decides whether to use it
    stores: tuple[Stored, ...] = ()
    programs: tuple[str, ...] = ()  # of this machine, that it may run

    def owns(self, path: str) -> bool:
        """Whether an address is the plugin's: its name, or below it. What a browser would shorten is not."""
        if ".." in unquote(path).replace("\\", "/").split("/") or not path.isprintable():
            return False
        return path == f"/{self.name}" or path.startswith(f"/{self.name}/")


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry of the navigation. `icon` names a symbol of the portal's sprite; `home` marks the page after sign-in."""

    label: str  # msgid
    href: str
    access: Access
    icon: str = ""
    order: int = 50
    home: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """Something that waits for one person, on top of the home page. Texts are in the reader's language already."""

    title: str
    text: str
    href: str
    icon: str = ""
    count: int = 0  # 0 shows no number


@dataclass(frozen=True, slots=True)
class Setting:
    """A choice of the school's about a plugin, made by its administrator. Labels are msgids.

    An 'address' is that of a service. A 'secret' is typed and never shown again, and kept sealed.
    """

    name: str
    label: str
    kind: Literal["bool", "number", "text", "choice", "address", "secret"]
    default: bool | int | str
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()  # of a choice: (value, msgid)
    least: int | None = None  # of a number
    most: int | None = None  # of a number, or the longest text


@dataclass(frozen=True, slots=True)
class Job:
    """Work beside the requests. With `every` (microseconds) it is a schedule; without, it runs when it was enqueued.

    `run` gets the payload of `enqueue`, for a schedule an empty one. It may be run again after it failed or was cut
    off, so what is done already must not be done twice.
    """

    name: str
    run: Callable[[dict[str, Any]], Awaitable[None]]
    every: int | None = None
    limit_s: int = 60


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, told after it was committed: at least once, in no certain order."""

    id: int
    kind: str  # 'consent.changed', 'person.erased', or a plugin's own such as 'stories.published'
    subject: int  # the child, person or thing that it happened to
    at: int  # microseconds UTC
    detail: str = ""  # of consent.changed: the purpose


@dataclass(frozen=True, slots=True)
class Purpose:
    """A yes or no about a child that the plugin needs, asked where guardians decide and kept in the ledger."""

    name: str  # known elsewhere as PLUGIN.NAME
    title: str  # msgid, such as "Questions about health and beliefs"
    text: str  # msgid: what a yes allows, in plain words


@dataclass(frozen=True, slots=True)
class Text:
    """Something that people wrote, to be read in another language. Never a text that consent is given to."""

    text: str
    language: str = ""  # the code of the language in which it was written, '' where nobody said
    about: tuple[int, ...] = ()  # the children whom it is about


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as one reader gets it. Where it was not translated, it is the original."""

    text: str
    language: str
    direction: str  # 'ltr', 'rtl', or 'auto' where the language is not known
    original: str
    original_language: str
    original_direction: str
    translated: bool = False
    corrected: bool = False  # by a person, who knows both languages
    link: str = ""  # where the reader can say that the translation is wrong


@dataclass(frozen=True, slots=True)
class Answers:
    """What a plugin answered once, at start."""

    routes: Sequence[Any] = ()
    navigation: Sequence[NavItem] = ()
    settings: Mapping[str, Setting] = field(default_factory=dict)
    jobs: Mapping[str, Job] = field(default_factory=dict)
    purposes: Mapping[str, Purpose] = field(default_factory=dict)


class Hooks:
    """What the portal asks of a plugin."""

    @spec
    def portal_about(self) -> About:
        """Introduces the plugin. Asked once, at start; a plugin without it, or of another `api`, is not loaded."""
        raise NotImplementedError

    @spec
    def portal_routes(self) -> Sequence[Any]:
        """The plugin's HTTP routes: Litestar route handlers, each declaring `access=`. Asked once, at start."""
        raise NotImplementedError

    @spec
    def portal_navigation(self) -> Sequence[NavItem]:
        """Entries of the navigation, each shown to those whom its `access` admits. Asked once, at start."""
        raise NotImplementedError

    @spec
    def portal_cards(self, person: Any) -> Awaitable[Sequence[Card]]:
        """What waits for this person (a `Who`), shown on top of the home page. Asked each time it is opened."""
        raise NotImplementedError

    @spec
    def portal_settings(self) -> Sequence[Setting]:
        """The school's choices about the plugin: the portal makes the form and keeps the answers. Asked at start."""
        raise NotImplementedError

    @spec
    def portal_jobs(self) -> Sequence[Job]:
        """Work that runs beside requests, by schedule or when it was enqueued. Asked once, at start."""
        raise NotImplementedError

    @spec
    def portal_event(self, event: Event) -> Awaitable[None]:
        """Tells what happened elsewhere. A plugin that raises is told again later."""
        raise NotImplementedError

    @spec
    def portal_purposes(self) -> Sequence[Purpose]:
        """Permissions about a child that the plugin needs beyond those for photos and videos. Asked once, at start."""
        raise NotImplementedError

    @spec
    def portal_readings(self, person: Any, texts: Sequence[Text]) -> Awaitable[Sequence[Reading | None]]:
        """Translations of texts for this reader (a `Who`), in order, None where there is none yet. Nobody waits for an
        engine: what takes long is a job's. Asked of one plugin, each time that a page shows what people wrote."""
        raise NotImplementedError

    @spec
    def portal_erase(self, person: int) -> Awaitable[None]:
        """Erases what `Stored` cannot say about this person. Raising stops the whole erasure: nothing is half gone.

        Runs inside the erasing transaction: nothing outside the database. What is declared is erased already.
        """
        raise NotImplementedError

    @spec
    def portal_demo(self, school: Any, progress: Callable[[str, int, int], None]) -> Awaitable[None]:
        """Fills a demo school (a `portal.demo` School) with content of this plugin; reports `progress`."""
        raise NotImplementedError
