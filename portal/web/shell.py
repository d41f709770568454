"""The shell around every page: templates, the reader's language, navigation, messages after an action."""

from __future__ import annotations

import secrets
from collections.abc import Hashable
from functools import lru_cache
from pathlib import Path
from types import CodeType
from typing import Any
from urllib.parse import quote, unquote

from jinja2 import BytecodeCache, ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from jinja2.bccache import Bucket
from litestar import Request, Response
from litestar.response.redirect import Redirect
from markupsafe import Markup

from portal import i18n
from portal.errors import PortalError
from portal.hooks.host import host
from portal.hooks.specs import NavItem
from portal.i18n import Language, _
from portal.kinds import Access
from portal.visibility.facts import latest
from portal.web import static
from portal.web.headers import content_policy
from portal.web.who import Who, admits, who

HERE = Path(__file__).parent / "templates"
FLASH_COOKIE = "portal-flash"
Page = Response[str]

# Entries of the core's own pages; plugins bring theirs.
NAVIGATION = [
    NavItem(_("Photos"), "/photos", Access.PUBLIC, icon="photos", order=20),
    NavItem(_("Permissions"), "/decide", Access.FAMILY, icon="heart", order=30),
    NavItem(_("Review desk"), "/desk", Access.STAFF, icon="desk", order=60),
    NavItem(_("Office"), "/office", Access.RECORDS, icon="office", order=80),
]


@lru_cache(maxsize=8)
def _navigation(used: tuple[str, ...]) -> list[NavItem]:
    theirs = [item for plugin, item in host.navigation() if plugin in used]
    return sorted([*NAVIGATION, *theirs], key=lambda item: item.order)


def home() -> str:
    """The address of the page that greets people after they have signed in."""
    return next((item.href for item in _navigation(latest().school.plugins) if item.home), "/photos")


class _Compiled(BytecodeCache):
    """Templates are compiled once for all languages: what a reader's language says is looked up while they print."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._kept.get(bucket.key, ("", None))
        if code is not None and checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._kept[bucket.key] = bucket.checksum, bucket.code


_compiled = _Compiled()


@lru_cache(maxsize=16)
def environment(code: str) -> Environment:
    """The templates in one language. A plugin's stand under its name and cannot replace the core's."""
    language = i18n.language(code)
    plugins = {plugin.about.name: FileSystemLoader(plugin.about.folder / "templates") for plugin in
               host.plugins.values()}
    made = Environment(
        loader=ChoiceLoader([FileSystemLoader(HERE), PrefixLoader(plugins)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        auto_reload=False,
        bytecode_cache=_compiled,
    )
    made.install_gettext_translations(language.translations, newstyle=True)  # type: ignore[attr-defined]
    made.globals.update(
        lang=code,
        dir=language.direction,
        languages=i18n.NAMES,
        static=static.address,
        day=language.day,
        number=language.number,
    )
    made.filters["told"] = lambda failure: _told(language, failure)
    return made


def _told(language: Language, failure: Any) -> str:
    """A failure or a plain msgid in the reader's language."""
    if isinstance(failure, PortalError):
        return language.text(failure.message, **failure.values)
    return language.text(str(failure)) if failure else ""


def forget() -> None:
    """Drops what was kept about plugins and templates: after plugins were loaded."""
    _navigation.cache_clear()
    environment.cache_clear()


def render(person: Who, template: str, /, path: str = "/", nonce: str = "", **context: Any) -> str:
    """A template as HTML for this reader."""
    zone = person.school.timezone
    language = person.language
    signed_in = person.session is not None
    return environment(language.code).get_template(template).render(
        school=person.school.name,
        school_languages=person.school.languages,
        who=person if signed_in else None,
        csrf=person.csrf,
        nonce=nonce,
        path=path,
        nav=navigation(person, path) if signed_in else "",
        cards=person.cards,
        home=home(),
        moment=lambda at, style="medium": language.moment(at, zone, style),
        ago=lambda at: language.ago(at, zone),
        **context,
    )


def navigation(person: Who, path: str) -> Markup:
    """The menu of the entries open to this person."""
    items = _navigation(person.school.plugins)
    open_to = {access: admits(access, person) for access in {item.access for item in items}}
    entries = tuple(
        (item.label, item.href, item.icon, path == item.href or path.startswith(item.href + "/"))
        for item in items
        if open_to[item.access]
    )
    return fragment(person.language.code, "menu.html", "menu", entries)


def fragment(code: str, template: str, macro: str, *args: Hashable) -> Markup:
    """What a macro prints for these arguments in one language, remembered by them: it knows no page and nobody."""
    return _fragment(environment(code), template, macro, args)


@lru_cache(maxsize=4096)
def _fragment(templates: Environment, template: str, macro: str, args: tuple[Hashable, ...]) -> Markup:
    return Markup(getattr(templates.get_template(template).module, macro)(*args))  # noqa: S704  (a macro escapes)


def page(request: Request[Any, Any, Any], template: str, /, status: int = 200, **context: Any) -> Page:
    """A whole page as response."""
    person = who(request)
    nonce = secrets.token_urlsafe(12)
    flashes = []
    headers = {"Content-Security-Policy": content_policy(nonce), "Vary": "Cookie"}
    if waiting := request.cookies.get(FLASH_COOKIE):
        kind, _sep, message = unquote(waiting).partition(":")
        flashes = [{"kind": kind, "text": message}]
        headers["Set-Cookie"] = f"{FLASH_COOKIE}=; Path=/; Max-Age=0{cookie_flags(request)}"
    theme = request.cookies.get("theme", "")  # chosen by hand; without it the system decides
    html = render(
        person, template, path=request.scope["path"], nonce=nonce, flashes=flashes, theme=theme, **context
    )
    return Response(html, status_code=status, media_type="text/html", headers=headers)


def redirect(request: Request[Any, Any, Any], path: str, message: str = "", kind: str = "success",
             **values: object) -> Redirect:
    """On to another page of the portal after an action (303), with a message that is shown there once."""
    answer = Redirect(path, status_code=303)
    if message:
        text = quote(f"{kind}:{who(request).language.text(message, **values)}"[:1000])
        answer.headers["Set-Cookie"] = f"{FLASH_COOKIE}={text}; Path=/; Max-Age=60{cookie_flags(request)}"
    return answer


def cookie_flags(request: Request[Any, Any, Any]) -> str:
    """Attributes of small cookies that are read on the next page; under TLS they travel by TLS only."""
    return "; HttpOnly; SameSite=Lax" + ("; Secure" if request.app.state.settings.secure else "")


def local_path(path: str | None) -> str:
    """`path` if it is an address inside the portal, else the home page: no way to redirect people elsewhere."""
    if path and path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path:
        return path
    return home()
