"""What the portal asks of the translations, and who answers. No logic here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from portal.sdk import (
    API,
    About,
    Access,
    Card,
    Event,
    Job,
    NavItem,
    Purpose,
    Reading,
    Setting,
    Stored,
    Text,
    Who,
    _,
    clock,
    hook,
)
from portal_translation import cards, demo, modes, reading, routes, wishing, work
from portal_translation.apertium import PROGRAM

SIXTY_DAYS, A_MONTH = 60, 30


@hook
def portal_about() -> About:
    return About(
        name="translation",
        title=_("Translation"),
        api=API,
        package="portal_translation",
        folder=Path(__file__).parent,
        summary=_(
            "What people write, in the reader's language: marked as machine translation, the original one tap away."
        ),
        programs=(PROGRAM, *modes.PROGRAMS),
        stores=(
            Stored(
                _("Texts that somebody wanted to read in another language, with their translations"),
                _("Whoever is named in them; who corrected a translation"),
                _("60 days after they were shown last"),
                sent=_(
                    "The translation service, if an administrator chose one outside of the school: texts without"
                    " people's names and addresses, and only where families allow it"
                ),
                table="translation_text", people=("corrector",), on_erase="blank", days=SIXTY_DAYS, since="shown_at",
            ),
            Stored(
                _("Which children a translated text is about"), _("Children"), _("As long as the text"),
                table="translation_about", people=("child",), through=("text", "translation_text"),
            ),
            Stored(
                _("Who said that a translation is wrong, and what they wrote about it"), _("Readers"),
                _("Until somebody corrects it, or as long as the text"),
                table="translation_report", people=("person",), through=("text", "translation_text"),
            ),
            Stored(
                _("Which reported translations a member of staff can correct"), _("Members of staff"), _("30 days"),
                table="translation_offer", people=("person",), through=("text", "translation_text"), days=A_MONTH,
                since="at",
            ),
            Stored(
                _("Who wants originals only, and which languages members of staff read"),
                _("Everybody who chose something"), _("Until they are erased"),
                table="translation_reader", people=("person",),
            ),
            Stored(_("The school's own words"), _("Nobody"), _("Until staff remove them"), table="translation_term"),
            Stored(_("How the engine is doing"), _("Nobody"), _("As long as the plugin"), table="translation_state"),
        ),
    )  # fmt: skip


@hook
def portal_routes() -> Sequence[Any]:
    return routes.ROUTES


@hook
def portal_navigation() -> Sequence[NavItem]:
    return [NavItem(_("Translation"), "/translation", Access.SIGNED_IN, icon="globe", order=75)]


@hook
async def portal_cards(person: Who) -> Sequence[Card]:
    return await cards.waiting(person)


@hook
def portal_settings() -> Sequence[Setting]:
    return [
        Setting(
            "engine", _("What translates"), "choice", "apertium",
            hint=_("Apertium and Argos Translate run on this server. LibreTranslate is a service, yours or another's."),
            options=(
                ("apertium", "Apertium"), ("libretranslate", "LibreTranslate"), ("argos", "Argos Translate"),
                ("none", _("Nothing")),
            ),
        ),
        Setting("address", _("Address of LibreTranslate"), "address", "", hint=_("For example: http://localhost:5000")),
        Setting("api_key", _("API key of LibreTranslate"), "secret", "", hint=_("If it wants one.")),
        Setting(
            "own", _("This LibreTranslate is the school's own"), "bool", False,
            hint=_(
                "Then texts do not leave the school, and families are not asked. A server in the school's network"
                " counts as its own anyway."
            ),
        ),
    ]  # fmt: skip


@hook
def portal_jobs() -> Sequence[Job]:
    return [
        Job("translate", work.translate_due, limit_s=work.LIMIT_S),
        Job("tidy", work.tidy, every=10 * clock.MINUTE, limit_s=work.LIMIT_S),
    ]


@hook
def portal_purposes() -> Sequence[Purpose]:
    return [
        Purpose(
            "outside",
            _("Translation by a service outside of the school"),
            _(
                "Texts about this child, and what you read here that is about no child, may be sent to the translation"
                " service that the school chose, so that families can read them in their language. Names and addresses"
                " of people are taken out before. If you say no, such texts are shown as they were written, and"
                " translations about this child that came from there are deleted."
            ),
        )
    ]


@hook
async def portal_event(event: Event) -> None:
    await work.decided(event)


@hook
async def portal_erase(person: int) -> None:
    await wishing.forget(person)


@hook
async def portal_readings(person: Who, texts: Sequence[Text]) -> Sequence[Reading | None]:
    return await reading.readings(person, texts)


@hook
async def portal_demo(school: Any, progress: Callable[[str, int, int], None]) -> None:
    await demo.fill(school, progress)
