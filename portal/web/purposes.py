"""Permissions that plugins ask for, as the page about a child shows them. The rule decides; this only tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal import clock
from portal.consent import notices, purposes, words
from portal.consent.notices import Notice, Reference
from portal.consent.queries import Line
from portal.i18n import _
from portal.kinds import Rung
from portal.visibility.facts import child_facts
from portal.visibility.rule import effective_rung
from portal.web.cases import Case, answer_of, may_answer
from portal.web.holding import TOLD, reasons
from portal.web.who import Who

# To a guardian and to the child itself; what is not here is told as about photos.
_TOLD = {
    "hold": (
        _("For the time being this does not happen for %(name)s. The office can tell you more."),
        _("For the time being this does not happen for you. The office can tell you more."),
    ),
    "own missing": (
        _("%(name)s has not answered yet. Until then it is not allowed."),
        _("You have not answered yet. Until then it is not allowed."),
    ),
    "own lower": (
        _("%(name)s has a say as well and has said no."),
        _("Your guardians have said yes, you have said no. One “no” is enough."),
    ),
    "own higher": (
        _("%(name)s has said yes. It also needs the yes of the guardians."),
        _("You have said yes. It also needs the yes of your guardians."),
    ),
    "none answered": (
        _("No guardian has answered yet. Until then it is not allowed."),
        _("None of your guardians has answered yet. Until then it is not allowed."),
    ),
    "all needed": (
        _("Not every guardian has answered yet. At this school it is not allowed until all have."),
        _("Not all your guardians have answered yet. At this school it is not allowed until all have."),
    ),
    "differ": (
        _("The guardians have answered differently. One “no” is enough."),
        _("Your guardians have answered differently. One “no” is enough."),
    ),
}


@dataclass(frozen=True, slots=True)
class Permission:
    """One purpose on the page. `title` and `reasons` are msgids, these with a place for %(name)s."""

    key: str
    title: str
    notice: Notice | None  # the text; of one that is not asked about any more, that to which it was said yes
    asked: bool  # by a plugin in use
    may_answer: bool
    answer: bool | None  # of whoever looks, as it stands
    line: Line | None  # of the ledger, behind the answer
    allowed: bool | None  # what holds now; None where this is not told
    reasons: tuple[str, ...] = ()
    value: str = ""  # 'yes' or 'no' where one of them is marked

    @property
    def since(self) -> int | None:
        """When the answer was given, in microseconds UTC."""
        return self.line.at if self.line is not None else None

    def stands(self, allowed: bool, shown: Reference) -> bool:
        """Whether exactly this answer stands already, given under this text."""
        return self.answer is allowed and self.line is not None and self.line.notice_version == shown.version


async def section(
    person: Who, case: Case, lines: Sequence[Line], typed: Mapping[str, str] | None = None
) -> list[Permission]:
    """The purposes of plugins in use; and those to which this person once said yes, to be taken back. `lines` are this
    person's own, the latest first. After a failure, `typed` is what was chosen."""
    may = may_answer(person, case)
    latest = {line.purpose: line for line in reversed(lines) if "." in line.purpose}
    found = []
    for asked in await purposes.asked(person.school, person.language.code):
        answer = _said(person, case, asked.key)
        allowed, why = (None, ()) if case.blocked else await holds(person, case, asked.key)
        value = _word(answer) if typed is None else typed.get(asked.key, "")
        line = latest.get(asked.key) if answer is not None else None
        found.append(
            Permission(asked.key, asked.title, asked.notice, True, may, answer, line, allowed, why, value)
        )
    for key in sorted(latest.keys() - {each.key for each in found}):
        if may and _said(person, case, key):
            line = latest[key]
            text = await notices.exactly(key, Reference(line.notice_version, line.language))
            value = "yes" if typed is None else typed.get(key, "")
            found.append(Permission(key, words.purpose(key), text, False, may, True, line, None, (), value))
    return found


def _said(person: Who, case: Case, key: str) -> bool | None:
    answer = answer_of(person, case, key)
    return None if answer is None else answer.rung >= Rung.FAMILY


def _word(answer: bool | None) -> str:
    return {True: "yes", False: "no", None: ""}[answer]


async def holds(person: Who, case: Case, key: str) -> tuple[bool, tuple[str, ...]]:
    """Whether it is allowed now, and why; read anew, so that it holds right after something was written."""
    facts = (await child_facts([case.child.id]))[case.child.id]
    policy, now = person.facts.policy, clock.present(person.school.timezone)
    rung = effective_rung(facts, key, policy, now)
    codes = reasons(facts, key, policy, now, rung)
    return rung >= Rung.FAMILY, tuple((_TOLD.get(code) or TOLD[code])[1 if case.own else 0] for code in codes)
