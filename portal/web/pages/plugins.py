"""Plugins: what is installed and how each is, which the school uses, its choices about them, what they stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Stream

from portal import plugins
from portal.delivery.wording import isolated
from portal.errors import BadInput, NotVisible, Refused
from portal.i18n import _
from portal.kinds import Access
from portal.people.school import School
from portal.photos.sealing import forget_text, seal_text
from portal.plugins import State, jobs, keeping
from portal.plugins.health import Health, health
from portal.web import exports
from portal.web.erasing import ask_for_name, is_typed
from portal.web.shell import page, redirect
from portal.web.who import Who, who

Req = Request[Any, Any, Any]
HOME = "/office/plugins"
OFF = _("Put this plugin out of use?")
OFF_DETAIL = _(
    "Its pages are gone at once, for everybody. What it stored is kept, and is there again when you use it again."
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A plugin as its card tells of it; `trouble` is a sentence in the reader's language, or empty."""

    state: State
    health: Health
    trouble: str

    @property
    def path(self) -> str:
        return f"{HOME}/{self.state.name}"


async def _all(person: Who) -> dict[str, Shown]:
    how = await health()
    return {state.name: Shown(state, how[state.name], _trouble(person, how[state.name])) for state in
            await plugins.states()}  # fmt: skip


def _trouble(person: Who, how: Health) -> str:
    if how.trouble is None:
        return ""
    place, kind, at = how.trouble
    return person.language.text(
        _("Its part %(place)s failed on %(when)s (%(kind)s). The log says more."),
        place=isolated(place), when=person.language.moment(at, person.school.timezone), kind=isolated(kind),
    )  # fmt: skip


async def _one(person: Who, name: str) -> Shown:
    """Raises NotVisible for a plugin that is neither installed nor has left anything behind."""
    known = await _all(person)
    if name not in known:
        raise NotVisible
    return known[name]


@get(HOME, access=Access.ADMIN)
async def overview(request: Req) -> Response[Any]:
    """Every plugin with its state."""
    return page(request, "office/plugins.html", plugins=list((await _all(who(request))).values()))


@get("/office/plugins/{name:str}", access=Access.ADMIN)
async def one(request: Req, name: FromPath[str]) -> Response[Any]:
    """One plugin: how it is, the school's choices, what it asks for, what it stored."""
    return await _page(request, await _one(who(request), name))


async def _page(
    request: Req, shown: Shown, typed: Mapping[str, str] | None = None, failure: BadInput | None = None
) -> Response[Any]:
    person, state = who(request), shown.state
    answers = state.plugin.answers if state.plugin else None
    return page(
        request,
        "office/plugin.html",
        status=422 if failure else 200,
        plugin=shown,
        settings=list(answers.settings.values()) if answers else [],
        values=typed if typed is not None else plugins.chosen(person.school, state.name),
        kept=plugins.chosen(person.school, state.name),
        purposes=list(answers.purposes.values()) if answers else [],
        errors={failure.field: person.language.text(failure.message, **failure.values)} if failure else {},
    )


@post("/office/plugins/{name:str}", access=Access.ADMIN, status_code=303)
async def change(request: Req, name: FromPath[str]) -> Response[Any]:
    """Takes a plugin into use or out of it (asks first where something would disappear); looks after its jobs."""
    shown = await _one(who(request), name)
    form = await request.form()
    match form.get("act"):
        case "enable":
            await plugins.enable(name)
            return redirect(request, shown.path, _("It is in use."))
        case "retry":
            await jobs.try_again(name)
            return redirect(request, shown.path, _("What was given up is tried again."))
        case "read":
            await jobs.forget_trouble(name)
            return redirect(request, shown.path, _("Noted. If it fails again, you read it here."))
    if not form.get("confirmed"):
        text = who(request).language.text
        return page(
            request, "confirm.html", question=text(OFF), detail=text(OFF_DETAIL), action=shown.path,
            yes=text(_("Put out of use")), back=shown.path, fields={"act": "disable"},
        )  # fmt: skip
    await plugins.disable(name)
    return redirect(request, shown.path, _("It is no longer in use. What it stored is kept."))


@post("/office/plugins/{name:str}/settings", access=Access.ADMIN, status_code=303)
async def choose(request: Req, name: FromPath[str]) -> Response[Any]:
    """Stores the school's choices about a plugin."""
    shown = await _one(who(request), name)
    if shown.state.plugin is None:
        raise NotVisible
    typed = {key: str(value) for key, value in (await request.form()).items()}
    try:
        chosen = plugins.read_choices(name, typed)
        await plugins.choose(name, chosen | _sealed(who(request).school, name, typed))
    except BadInput as failure:
        return await _page(request, shown, typed, failure)
    return redirect(request, shown.path, _("Saved. It holds from now on."))


def _sealed(school: School, name: str, typed: Mapping[str, str]) -> dict[str, str]:
    """The secrets as they are kept from now on: what was typed, or else what was there, unless it shall go."""
    before, found = plugins.chosen(school, name), {}
    for secret in plugins.secrets(name):
        found[secret] = before[secret]
        if typed.get(secret, "").strip() or typed.get(f"{secret}.gone"):
            forget_text(before[secret])
            found[secret] = seal_text(typed.get(secret, "").strip())
    return found


@get("/office/plugins/{name:str}/data", access=Access.ADMIN)
async def data(request: Req, name: FromPath[str]) -> Stream:
    """Everything that a plugin stored, as a zip; without what names a child from whom this administrator is kept."""
    person = who(request)
    shown = await _one(person, name)
    if shown.state.kept is None:
        raise NotVisible
    portions = await keeping.whole(name, without=person.standing.blocked_from)
    headers = exports.attachment(f"{name}-{person.facts.now.today}.zip")
    return Stream(exports.archive(portions), media_type="application/zip", headers=headers)


@post("/office/plugins/{name:str}/erase", access=Access.ADMIN, status_code=303)
async def erase(request: Req, name: FromPath[str]) -> Response[Any]:
    """Erases everything that a plugin stored, after its name was typed. Only while it is out of use."""
    person = who(request)
    shown = await _one(person, name)
    if shown.state.kept is None:
        raise NotVisible
    if shown.state.used:
        raise Refused(_("Put it out of use first."))
    typed = (await request.form()).get("typed")
    if not is_typed(typed, name):
        return ask_for_name(
            request,
            question=person.language.text(
                _("Erase everything that %(plugin)s stored?"), plugin=isolated(person.language.text(shown.state.title))
            ),
            detail=person.language.text(
                _("All of its tables and files are erased. This cannot be undone. Download everything first.")
            ),
            label=person.language.text(_("To go on, type the name of the plugin")),
            name=name, typed=typed, action=f"{shown.path}/erase", back=shown.path,
        )  # fmt: skip
    await keeping.erase_plugin(name)
    return redirect(request, HOME, _("Everything that the plugin stored is erased."))


ROUTES = [overview, one, change, choose, data, erase]
