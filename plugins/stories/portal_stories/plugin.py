"""What the portal asks of the stories, and who answers. No logic here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from portal.sdk import API, About, Access, Job, NavItem, Stored, _, clock, hook
from portal_stories import actions, demo, posting, routes


@hook
def portal_about() -> About:
    return About(
        name="stories",
        title=_("Class stories"),
        api=API,
        package="portal_stories",
        folder=Path(__file__).parent,
        summary=_("Staff write about class life, with photos that each family sees as far as permissions go."),
        stores=(
            Stored(
                _("Who wrote a story, and when"), _("Members of staff"), _("As long as the school keeps its portal"),
                table="stories_story", people=("author", "scheduler"), on_erase="keep",
            ),
            Stored(
                _("Texts that are not posted yet"), _("Whoever is named in them"), _("Until staff erase the story"),
                table="stories_draft", through=("story", "stories_story"),
            ),
            Stored(
                _("Which photos belong to a story"), _("Whoever is named in them"), _("Until staff erase the story"),
                table="stories_photo", through=("story", "stories_story"), photos=("photo",),
            ),
            Stored(
                _("For which classes a story is"), _("Nobody"), _("Until staff erase the story"),
                table="stories_stream", through=("story", "stories_story"),
            ),
        ),
    )


@hook
def portal_routes() -> Sequence[Any]:
    return routes.ROUTES


@hook
def portal_navigation() -> Sequence[NavItem]:
    return [NavItem(_("Stories"), "/stories", Access.PUBLIC, icon="stories", order=10, home=True)]


@hook
def portal_jobs() -> Sequence[Job]:
    return [
        Job("publish", _publish, every=30 * clock.SECOND),
        Job("sweep", _sweep, every=clock.HOUR),
    ]


async def _publish(_payload: dict[str, Any]) -> None:
    await posting.publish_due(clock.now())


async def _sweep(_payload: dict[str, Any]) -> None:
    await actions.sweep(clock.now())


@hook
async def portal_demo(school: Any, progress: Callable[[str, int, int], None]) -> None:
    await demo.tell(school, progress)
