"""Sentences for people: who may see a story, and who would see what of its photos."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.sdk import Audience, AudienceKind, Language, Limit, Preview, Rung, _, ngettext


def sees(audience: Audience, label: str, language: Language) -> str:
    """Who may see a story, in one sentence. `label` holds the names of its classes."""
    if audience.kind is AudienceKind.GROUPS:
        return language.text(_("For the families, children and staff of %(classes)s."), classes=label)
    if audience.kind is AudienceKind.SCHOOL:
        return language.text(_("For everyone who signs in here: all families, children and staff of the school."))
    return language.text(_("For everyone on the internet, without signing in."))


def families(preview: Preview, language: Language) -> list[str]:
    """How many families would see how many photos, a sentence for each number."""
    every, most = len(preview.families), len(preview.photos)
    if not every:
        return [language.text(_("No family would see this story: nobody belongs to it yet."))]
    if not most:
        return [language.plural(*ngettext("%(num)s family can read it.", "%(num)s families can read it.", every))]
    if most == 1:
        return [_of_one(seen, number, every, language) for seen, number in preview.counts]
    return [_of_many(seen, number, every, most, language) for seen, number in preview.counts]


def _of_one(seen: int, number: int, every: int, language: Language) -> str:
    values: dict[str, Any] = {"all": language.number(every)}
    if not seen:
        forms = ngettext(
            "%(num)s of %(all)s families cannot see the photo; they see only the text.",
            "%(num)s of %(all)s families cannot see the photo; they see only the text.", number,
        )
    elif number == every:
        forms = ngettext("%(num)s family sees the photo.", "All %(num)s families see the photo.", number)
    else:
        forms = ngettext(
            "%(num)s of %(all)s families sees the photo.", "%(num)s of %(all)s families see the photo.", number
        )
    return language.plural(*forms, **values)


def _of_many(seen: int, number: int, every: int, most: int, language: Language) -> str:
    values: dict[str, Any] = {"all": language.number(every), "photos": language.number(most)}
    values["some"] = language.number(seen)
    if seen == most and number == every:
        forms = ngettext(
            "%(num)s family sees every photo.", "All %(num)s families see every photo.", number
        )
    elif seen == most:
        forms = ngettext(
            "%(num)s of %(all)s families sees every photo.",
            "%(num)s of %(all)s families see every photo.", number,
        )
    elif seen and number == every:
        forms = ngettext(
            "The one family sees %(some)s of the %(photos)s photos.",
            "All %(num)s families see %(some)s of the %(photos)s photos.", number,
        )
    elif seen:
        forms = ngettext(
            "%(num)s family sees %(some)s of the %(photos)s photos.",
            "%(num)s families see %(some)s of the %(photos)s photos.", number,
        )
    else:
        forms = ngettext(
            "%(num)s family sees none of the photos, only the text.",
            "%(num)s families see none of the photos, only the text.", number,
        )
    return language.plural(*forms, **values)


def others(preview: Preview, language: Language) -> list[str]:
    """What staff, people without an account and families beyond the audience would see."""
    found: list[str] = []
    most = len(preview.photos)
    if most and preview.staff:
        found.append(_of_staff(sum(len(seen) == most for seen in preview.staff), len(preview.staff), language))
    if preview.visitors is not None and most:
        found.append(
            language.plural(
                *ngettext(
                    "People without an account see %(num)s of %(photos)s photos.",
                    "People without an account see %(num)s of %(photos)s photos.", len(preview.visitors),
                ),
                photos=language.number(most),
            )
        )
    if preview.beyond:
        found.append(
            language.plural(
                *ngettext(
                    "%(num)s further family finds a photo of their own child under “Photos”.",
                    "%(num)s further families find a photo of their own child under “Photos”.", preview.beyond,
                )
            )
        )
    return found


def _of_staff(number: int, every: int, language: Language) -> str:
    if every == 1 and number:
        return language.text(_("The one member of staff sees everything."))
    if every == 1:
        return language.text(_("The one member of staff does not see every photo."))
    if not number:
        return language.text(_("None of the staff sees all of the photos."))
    if number == every:
        return language.plural(
            *ngettext(
                "%(num)s member of staff sees everything.", "All %(num)s members of staff see everything.", number
            )
        )
    return language.plural(
        *ngettext(
            "%(num)s of %(all)s members of staff sees all photos.",
            "%(num)s of %(all)s members of staff see all photos.", number,
        ),
        all=language.number(every),
    )


_REACH = {
    Rung.NOBODY: _("Photos of %(name)s are shown to nobody."),
    Rung.FAMILY: _("Photos of %(name)s are for the own family only."),
    Rung.CLASS: _("Photos of %(name)s are for the own class only."),
    Rung.SCHOOL: _("Photos of %(name)s stay within the school."),
    Rung.PUBLIC: "",
}


def limits(found: tuple[Limit, ...], names: Mapping[int, str], language: Language) -> list[str]:
    """Why a photo does not reach every family, child by child: what a teacher needs in order to choose another."""
    return [
        language.text(_REACH[limit.rung], name=names[limit.child])
        for limit in found
        if limit.child in names and _REACH[limit.rung]
    ]


def reach(photo: int, preview: Preview, language: Language) -> str:
    """How many families see this one photo."""
    every = len(preview.families)
    number = sum(photo in family.sees for family in preview.families)
    if every and number == every:
        return language.text(_("All families see this photo."))
    if not number:
        return language.text(_("No family sees this photo."))
    return language.plural(
        *ngettext(
            "%(num)s of %(all)s families sees this photo.", "%(num)s of %(all)s families see this photo.", number
        ),
        all=language.number(every),
    )
