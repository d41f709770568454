"""The office invites: who has an account, who was invited when and how, letters and mails for those who were not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.params import FromQuery

from portal import clock
from portal.delivery import invitations as inviting
from portal.delivery import letters
from portal.delivery import queries as outbox
from portal.delivery.queries import Fate
from portal.i18n import _, ngettext
from portal.identity import invitable, invitations, queries
from portal.identity.invitable import Invitee
from portal.identity.invitations import State
from portal.kinds import Access, typed_id
from portal.web.pages.signin import settings_of
from portal.web.shell import page, redirect
from portal.web.who import Who, who

Req = Request[Any, Any, Any]
PER_PAGE = 100
RECENT = clock.DAY
SHOWS = ("missing", "wrong", "all")


@dataclass(frozen=True, slots=True)
class Row:
    """A person with what became of their invitation."""

    person: Invitee
    account_since: int | None
    invitation: State | None
    fate: Fate | None

    @property
    def wrong(self) -> bool:
        """Whether they said that something is wrong with the latest invitation."""
        return self.invitation is not None and self.invitation.wrong_at is not None

    @property
    def open(self) -> bool:
        """Whether they hold a code that still works."""
        return self.invitation is not None and self.invitation.open

    @property
    def new(self) -> bool:
        """Whether they have neither an account nor a code that works, and nothing has to be put right first."""
        return self.account_since is None and not self.open and not self.wrong


async def _rows(person: Who, group: int | None) -> list[Row]:
    """Everybody whom this member of staff may invite, by family name."""
    found = await invitable.invitees(person.facts.now.today, group=group)
    children = await person.facts.children([each.person for each in found if each.kind == "child"])
    # A new code lets whoever holds it in, so the office makes none for those who may do more than the office, and
    # nobody makes one around a child that they must not see.
    above = set() if "admin" in person.roles else await queries.with_roles(("admin", "safeguarding"))
    found = [
        each
        for each in found
        if each.person not in above
        and not any(child.id in person.standing.blocked_from for child in each.children)
        and (each.kind == "adult" or (each.person in children and children[each.person].account_allowed))
    ]
    ids = [each.person for each in found]
    accounts, states, fates = await queries.accounts(ids), await invitations.states(ids), await outbox.fates(ids)
    return [
        Row(each, accounts.get(each.person), state := states.get(each.person),
            fates.get((each.person, state.created_at)) if state is not None and state.way == "email" else None)
        for each in found
    ]


@get("/office/invitations", access=Access.OFFICE)
async def overview(
    request: Req, group: FromQuery[int | None] = None, show: FromQuery[str] = "missing", skip: FromQuery[int] = 0
) -> Response[Any]:
    """Who has an account, who was invited, who not."""
    return await _overview(request, group, show, skip)


async def _overview(
    request: Req, group: int | None, show: str, skip: int = 0, status: int = 200, problem: str = ""
) -> Response[Any]:
    person = who(request)
    rows = await _rows(person, group)
    show = show if show in SHOWS else "missing"
    missing = [row for row in rows if row.account_since is None]
    wrong = [row for row in rows if row.wrong]
    shown = {"missing": missing, "wrong": wrong, "all": rows}[show]
    skip = max(0, min(skip, len(shown)))

    def address(show: str, skip: int = 0) -> str:
        parts = {"group": group, "show": show, "skip": skip or None}
        return "/office/invitations?" + urlencode({key: value for key, value in parts.items() if value is not None})

    new = [row for row in rows if row.new]
    return page(
        request,
        "invitations/overview.html",
        status,
        rows=shown[skip : skip + PER_PAGE],
        group=group,
        show=show,
        classes=await invitable.classes(person.facts.now.today),
        tabs=[(name, address(name), name == show, len(of))
              for name, of in (("missing", missing), ("wrong", wrong), ("all", rows))],
        counts={"all": len(rows), "accounts": len(rows) - len(missing), "new": len(new), "missing": len(missing),
                "new_email": sum(1 for row in new if row.person.email),
                "missing_email": sum(1 for row in missing if row.person.email)},
        earlier=address(show, max(0, skip - PER_PAGE)) if skip else "",
        further=address(show, skip + PER_PAGE) if skip + PER_PAGE < len(shown) else "",
        mail=bool(settings_of(request).smtp),
        sending=await outbox.progress(clock.now() - RECENT),
        problem=problem,
        most=letters.MOST,
    )


@post("/office/invitations", access=Access.OFFICE, status_code=303)
async def invite(request: Req) -> Response[Any]:
    """Makes letters or sends mails: to those who were ticked, to all who are new, or to all without an account."""
    person = who(request)
    data = await request.form()
    group, show = typed_id(str(data.get("group", ""))), str(data.get("show", ""))
    act, _sep, scope = str(data.get("act", "")).partition(":")
    rows = await _rows(person, group)
    ticked = set(data.getall("who", []))
    chosen = {
        "new": [row for row in rows if row.new],
        "missing": [row for row in rows if row.account_since is None],
    }.get(scope, [row for row in rows if str(row.person.person) in ticked])

    problem = ""
    if not chosen:
        problem = person.language.text(_("Nobody was chosen. Please tick at least one person."))
    replaced = sum(1 for row in chosen if row.open or row.account_since is not None)
    if replaced and data.get("replace") != "yes":
        problem = person.language.plural(*_replaces(replaced))
    if problem:
        return await _overview(request, group, show, 0, 422, problem)
    if act == "email":
        return await _mail(request, chosen, group, show)
    people = _people(chosen[: letters.MOST])
    pdf = await inviting.by_letter(person.school, settings_of(request).url, people, by=person.person)
    name = f"invitations-{person.facts.now.today}.pdf"
    return Response(
        pdf,
        status_code=200,
        media_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"},
    )


def _replaces(number: int) -> tuple[str, str, int]:
    return ngettext(
        "One person has an account or a code that still works. Tick the box to replace it.",
        "%(num)s people have an account or a code that still works. Tick the box to replace it.",
        number,
    )


async def _mail(request: Req, chosen: Sequence[Row], group: int | None, show: str) -> Response[Any]:
    person = who(request)
    settings = settings_of(request)
    text = person.language
    if not settings.smtp:
        return await _overview(request, group, show, 0, 422, text.text(_("The portal has no mail server yet.")))
    count = await inviting.by_email(person.school, settings.url, _people(chosen), by=person.person)
    if not count:
        return await _overview(request, group, show, 0, 422,
                               text.text(_("None of these people has an e-mail address. Please print letters.")))
    left = len(chosen) - count
    message = text.plural(*ngettext("%(num)s mail is on its way.", "%(num)s mails are on their way.", count))
    if left:
        message += " " + text.plural(*ngettext("%(num)s person has no e-mail address and needs a letter.",
                                               "%(num)s people have no e-mail address and need a letter.", left))
    query = urlencode({"show": show if show in SHOWS else "missing"} | ({"group": group} if group else {}))
    return redirect(request, f"/office/invitations?{query}", message)


def _people(rows: Sequence[Row]) -> list[Invitee]:
    return [row.person for row in rows]


ROUTES = [overview, invite]
