"""Who is asked: guardians, families or children, each of them once. Everything comes from the adults who decide for a
child today and are not kept from it; `portal.sdk.guardians` knows them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from portal.sdk import Audience, Guardian, Viewer, asked, clock, guardians, names, school
from portal_surveys.rules import Survey, Unit


def keys(one: Guardian, per: str) -> list[tuple[str, int]]:
    """The units for which this adult answers, as key and child (0 for none)."""
    if per == "guardian":
        return [(f"g{one.adult}", 0)]
    if per == "child":
        return [(f"c{child}", child) for child in one.children]
    if one.household:
        return [(f"h{one.household}", 0)]
    return [("f" + "-".join(map(str, sorted(one.children))), 0)]


async def units_of(viewer: Viewer, survey: Survey) -> list[Unit]:
    """The units for which this person may answer, children by name; none for whoever is not asked."""
    return (await units_of_each(viewer, [survey]))[0]


async def units_of_each(viewer: Viewer, surveys: Sequence[Survey]) -> list[list[Unit]]:
    """The same for several surveys, in their order. The same number of queries for one and for thirty."""
    own = await asked(viewer, [survey.audience for survey in surveys])
    found = [keys(one, s.per) if one is not None else [] for one, s in zip(own, surveys, strict=True)]
    called = await names({child for each in found for _key, child in each if child})
    return [
        sorted((Unit(key, child, called.get(child, "")) for key, child in each), key=lambda u: (u.child_name, u.key))
        for each in found
    ]


@dataclass(slots=True)
class Asked:
    """A unit as the school asks it."""

    adults: list[int] = field(default_factory=list)
    children: set[int] = field(default_factory=set)


async def everybody(audience: Audience, per: str) -> dict[str, Asked]:
    """All units that a survey asks now, by key. Nobody is asking here: filter before anybody sees a name."""
    found: dict[str, Asked] = {}
    for one in await guardians(audience):
        for key, child in keys(one, per):
            unit = found.setdefault(key, Asked())
            unit.adults.append(one.adult)
            unit.children.update([child] if child else one.children)
    return found


async def kept_from(audience: Audience, children: Iterable[int]) -> frozenset[int]:
    """The adults among those asked who decide for one of these children."""
    kept = frozenset(children)
    if not kept:
        return frozenset()
    return frozenset(one.adult for one in await guardians(audience) if not kept.isdisjoint(one.children))


async def today() -> str:
    """The day in the school's time zone."""
    return clock.present((await school()).timezone).today
