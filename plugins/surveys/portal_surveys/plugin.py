"""What the portal asks of the surveys, and who answers. No logic here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from portal.sdk import API, About, Access, Card, Event, Job, NavItem, Purpose, Setting, Stored, Who, _, clock, hook
from portal_surveys import cards, demo, routes, running, withdrawing

UNTIL_ERASED = _("Until staff erase the survey")
TWO_YEARS, HALF_A_YEAR = 730, 180  # days


@hook
def portal_about() -> About:
    return About(
        name="surveys",
        title=_("Surveys"),
        api=API,
        package="portal_surveys",
        folder=Path(__file__).parent,
        summary=_("Staff ask families: by name, or so that nobody can tell who answered what."),
        stores=(
            Stored(
                _("Who wrote a survey"), _("Members of staff"), UNTIL_ERASED,
                table="surveys_survey", people=("author",), on_erase="blank",
            ),
            Stored(_("Questions"), _("Nobody"), UNTIL_ERASED, table="surveys_question"),
            Stored(
                _("Who answered a survey by name, and when"), _("Parents, guardians and the child asked about"),
                _("Two years after the last change, or until staff erase the survey"),
                table="surveys_response", people=("person", "child"), days=TWO_YEARS, since="updated_at",
            ),
            Stored(
                _("Answers by name, and files sent with them"), _("Parents, guardians and the child asked about"),
                _("As long as the line that says who answered"),
                table="surveys_answer", through=("response", "surveys_response"), files=("file",),
            ),
            Stored(
                _("Half-filled forms of surveys by name"), _("Parents, guardians and the child asked about"),
                _("Until the form is sent, or half a year"),
                table="surveys_draft", people=("person", "child"), days=HALF_A_YEAR, since="saved_at",
            ),
            Stored(
                _("Files that wait with a half-filled form"), _("Parents, guardians and the child asked about"),
                _("As long as the half-filled form"),
                table="surveys_upload", through=("draft", "surveys_draft"), files=("file",),
            ),
            Stored(
                _("That some family has answered an anonymous survey: a number that names nobody"), _("Nobody"),
                _("Until the survey is closed"), table="surveys_ticket",
            ),
            Stored(
                _("Sealed anonymous answers that wait for others"), _("Nobody"),
                _("Until they are mixed with others, at the latest when the survey is closed"), table="surveys_pending",
            ),
            Stored(_("How often each anonymous answer was given"), _("Nobody"), UNTIL_ERASED, table="surveys_tally"),
            Stored(
                _("Texts of anonymous answers, sorted by what they say"), _("Whoever is named in them"), UNTIL_ERASED,
                table="surveys_words",
            ),
        ),
    )  # fmt: skip


@hook
def portal_routes() -> Sequence[Any]:
    return routes.ROUTES


@hook
def portal_navigation() -> Sequence[NavItem]:
    return [NavItem(_("Surveys"), "/surveys", Access.SIGNED_IN, icon="surveys", order=40)]


@hook
async def portal_cards(person: Who) -> Sequence[Card]:
    return await cards.waiting(person)


@hook
def portal_settings() -> Sequence[Setting]:
    return [
        Setting(
            "announce", _("Tell families when a survey opens"), "bool", True,
            hint=_("Each gets word in the way they have chosen. Without it they find the survey in the portal."),
        )
    ]  # fmt: skip


@hook
def portal_jobs() -> Sequence[Job]:
    return [
        Job("mix", running.mix_due, every=30 * clock.SECOND),
        Job("close", running.close_due, every=10 * clock.MINUTE),
        Job("remind", running.remind_due, every=clock.HOUR),
    ]


@hook
def portal_purposes() -> Sequence[Purpose]:
    return [
        Purpose(
            "sensitive",
            _("Sensitive questions in surveys"),
            _(
                "Surveys about this child may ask about protected areas such as health, beliefs or income. Nobody has"
                " to answer. If you say no, they are not asked, and answers to them are deleted."
            ),
        )
    ]


@hook
async def portal_event(event: Event) -> None:
    await withdrawing.withdrawn(event)


@hook
async def portal_erase(person: int) -> None:
    await withdrawing.forget_person(person)


@hook
async def portal_demo(school: Any, progress: Callable[[str, int, int], None]) -> None:
    await demo.ask(school, progress)
