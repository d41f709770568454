"""What the portal asks of the grades, and who answers. No logic here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from portal.sdk import API, About, Access, Card, Job, NavItem, Setting, Stored, Who, _, clock, hook
from portal_grades import alerts, cards, clearing, demo, import_routes, routes, words

TWO_YEARS = 730  # days
OWN = _("The child, and members of its family")
ALWAYS = _("As long as the plugin")
WITH_ASSIGNMENT = _("As long as the assignment")


@hook
def portal_about() -> About:
    return About(
        name="grades",
        title=_("Grades"),
        api=API,
        package="portal_grades",
        folder=Path(__file__).parent,
        summary=_("Assignments, results and lessons, for each child's own family and the staff of its class."),
        stores=(
            Stored(
                _("Assignments of classes"), _("Nobody"),
                _("Two years after the last change, or until staff take them out"),
                table="grades_assignment", days=TWO_YEARS, since="updated_at", opens="release_at", closes="removed_at",
            ),
            Stored(_("Kinds of work, such as homework"), _("Nobody"), ALWAYS, table="grades_category"),
            Stored(_("Scales of grades, such as A to F"), _("Nobody"), ALWAYS, table="grades_scale"),
            Stored(
                _("Results of a child, with comments"), _("Children"), WITH_ASSIGNMENT,
                table="grades_result", people=("child",), through=("assignment", "grades_assignment"),
            ),
            Stored(
                _("What a result said before it was changed"), _("Children"), _("As long as the result"),
                table="grades_change", through=("result", "grades_result"),
            ),
            Stored(
                _("Whether a child was in a lesson"), _("Children"), _("Two years"),
                table="grades_lesson", people=("child",), days=TWO_YEARS, since="at",
            ),
            Stored(
                _("How often somebody wants word of new results"), OWN, _("Until it is changed, or the person erased"),
                table="grades_wish", people=("person",),
            ),
            Stored(
                _("Imports of results: who, when, and how many"), _("Members of staff"), _("30 days"),
                table="grades_upload", people=("person",), on_erase="blank", days=30, since="made_at",
            ),
            Stored(
                _("Files that wait to be imported, sealed"), _("Children"), _("Until they are imported, or a day"),
                table="grades_upload_part", through=("upload", "grades_upload"),
            ),
            Stored(
                _("Which child a line of such a file is about"), _("Children"), _("As long as the file"),
                table="grades_upload_line", people=("child",), through=("upload", "grades_upload"),
            ),
            Stored(
                _("What the columns of sheets mean, for the next time"), _("Members of staff"), _("Two years"),
                table="grades_mapping", people=("person",), days=TWO_YEARS, since="used_at",
            ),
            Stored(
                _("Up to when results were fetched from a service"), _("Nobody"), _("As long as the plugin"),
                _("The gradebook service that the school named gets its own client name and secret, and nothing else"),
                table="grades_fetched",
            ),
        ),
    )  # fmt: skip


@hook
def portal_routes() -> Sequence[Any]:
    return routes.ROUTES


@hook
def portal_navigation() -> Sequence[NavItem]:
    return [NavItem(_("Grades"), "/grades", Access.SIGNED_IN, icon="list", order=35)]


@hook
async def portal_cards(person: Who) -> Sequence[Card]:
    return await cards.waiting(person)


@hook
def portal_settings() -> Sequence[Setting]:
    return [
        Setting(
            "alerts", _("Word of new results, as long as somebody has not chosen"), "choice", alerts.WEEKLY,
            hint=_("Each member of a family can choose something else. The word never names a result."),
            options=tuple(words.ALERTS.items()),
        ),
        *import_routes.SETTINGS,
    ]  # fmt: skip


@hook
def portal_jobs() -> Sequence[Job]:
    return [
        Job("each", alerts.each_due, every=5 * clock.MINUTE),
        Job("weekly", alerts.weekly_due, every=clock.HOUR),
        Job("clear", clearing.clear_due, every=clock.DAY),
        *import_routes.JOBS,
    ]


@hook
async def portal_demo(school: Any, progress: Callable[[str, int, int], None]) -> None:
    await demo.mark(school, progress)
