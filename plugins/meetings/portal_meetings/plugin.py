"""What the portal asks of the meetings, and who answers. No logic here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from portal.sdk import API, About, Access, Card, Event, Job, NavItem, Purpose, Setting, Stored, Who, _, clock, hook
from portal_meetings import cards, demo, jobs, joining, news, provider_settings, routes

A_YEAR, A_QUARTER = 365, 90  # days


@hook
def portal_about() -> About:
    until_a_year = _("A year after its last slot")
    return About(
        name="meetings",
        title=_("Meetings"),
        api=API,
        package="portal_meetings",
        folder=Path(__file__).parent,
        summary=_("Parents' evenings, visits and appointments: families book a time, at school or by video."),
        stores=(
            Stored(
                _("Meetings, and who made them"), _("Members of staff"), until_a_year,
                table="meetings_event", people=("author",), on_erase="blank", days=A_YEAR, since="last_at",
            ),
            Stored(
                _("Which classes are asked"), _("Nobody"), until_a_year,
                table="meetings_class", through=("event", "meetings_event"),
            ),
            Stored(
                _("Which child an appointment with one family is about"), _("Children"), until_a_year,
                table="meetings_child", people=("child",), through=("event", "meetings_event"),
            ),
            Stored(
                _("Who receives families"), _("Members of staff"), until_a_year,
                table="meetings_host", people=("person",), on_erase="blank",
            ),
            Stored(
                _("Times, places and links of appointments"), _("Members of staff"), until_a_year,
                _("The service of a video meeting, and the school's own servers for them (Jitsi, BigBlueButton), learn"
                  " the name of whoever comes in"),
                table="meetings_slot", through=("host", "meetings_host"),
            ),
            Stored(
                _("Which family comes when, what it would like to talk about, and whether it came"),
                _("Parents, guardians and the child it is about"), _("Three months after the appointment"),
                table="meetings_booking", people=("person", "party", "child"), through=("slot", "meetings_slot"),
                days=A_QUARTER, since="ends_at",
            ),
            Stored(
                _("Which family waits for a time"), _("Parents, guardians and the child it is about"),
                _("Until it has one, or three months"),
                table="meetings_waiting", people=("person", "party", "child"), through=("host", "meetings_host"),
                days=A_QUARTER, since="at",
            ),
            Stored(
                _("Who agrees that an appointment is recorded"), _("Everybody who is expected at it"), until_a_year,
                table="meetings_agreement", people=("person",), through=("appointment", "meetings_slot"),
            ),
            Stored(
                _("The secret address of a person's calendar feed, sealed"), _("Whoever asked for one"),
                _("Until it is renewed or taken away"), table="meetings_feed", people=("person",),
            ),
        ),
    )  # fmt: skip


@hook
def portal_routes() -> Sequence[Any]:
    return routes.ROUTES


@hook
def portal_navigation() -> Sequence[NavItem]:
    return [NavItem(_("Meetings"), "/meetings", Access.SIGNED_IN, icon="clock", order=45)]


@hook
async def portal_cards(person: Who) -> Sequence[Card]:
    return await cards.waiting(person)


@hook
def portal_settings() -> Sequence[Setting]:
    return [
        Setting(
            "announce", _("Tell families when they can choose a time"), "bool", True,
            hint=_("Each gets word in the way they have chosen. Without it they find it in the portal."),
        ),
        Setting(
            "remind_hours", _("Reminder: hours before an appointment"), "number", 24, hint=_("0 for no reminder."),
            least=0, most=168,
        ),
        *provider_settings.SETTINGS,
    ]  # fmt: skip


@hook
def portal_jobs() -> Sequence[Job]:
    return [
        Job("tick", jobs.tick, every=clock.MINUTE),
        Job("remind", jobs.remind, every=15 * clock.MINUTE),
        Job("tidy", jobs.tidy, every=clock.HOUR),
        Job("news", news.tell, every=15 * clock.MINUTE),
        Job("unrecord", joining.unrecord),
    ]


@hook
def portal_purposes() -> Sequence[Purpose]:
    return provider_settings.PURPOSES


@hook
async def portal_event(event: Event) -> None:
    await joining.heard(event)


@hook
async def portal_demo(school: Any, progress: Callable[[str, int, int], None]) -> None:
    await demo.meet(school, progress)
