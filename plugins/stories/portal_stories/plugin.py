"""What the portal asks of the stories, and who answers. No logic here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from portal.sdk import API, About, Access, NavItem, Stored, _, hook
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
                _("Texts of stories"), _("Whoever is named in them"), _("Until staff erase the story"),
            ),
            Stored(
                _("Who wrote a story, and when"), _("Members of staff"), _("As long as the school keeps its portal"),
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
async def portal_tick(now: int) -> None:
    await posting.publish_due(now)
    await actions.sweep(now)


@hook
async def portal_demo(school: Any, progress: Callable[[str, int, int], None]) -> None:
    await demo.tell(school, progress)
