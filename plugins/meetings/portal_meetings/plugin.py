"""What the portal asks of the meetings, and who answers. No logic here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from portal.sdk import API, About, Stored, _, hook

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
                table="meetings_host", people=("person",), through=("event", "meetings_event"), on_erase="blank",
            ),
            Stored(
                _("Times, places and links of appointments"), _("Members of staff"), until_a_year,
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
                table="meetings_waiting", people=("person", "party", "child"), through=("event", "meetings_event"),
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
    return []
