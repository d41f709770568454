"""Who belongs to children and classes, for jobs and word to people. Nobody is looking here, so no names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from portal.db import db, in_portions
from portal.visibility.facts import Snapshot, snapshot
from portal.visibility.guardians import Guardian, of_children


async def guardians_of(children: Iterable[int], facts: Snapshot | None = None) -> list[Guardian]:
    """The adults who decide today for these children: active ones, without those whom a no-contact order keeps away."""
    facts = facts or await snapshot()
    states = await facts.children(set(children))
    return await of_children({child: state.blocked for child, state in states.items()}, facts.now.today)


async def families_of(children: Iterable[int], facts: Snapshot | None = None) -> dict[int, frozenset[int]]:
    """Whoever is family of each of these children now and can sign in: adults who see or decide, and a child that has
    an account. The same number of queries for one and for hundreds (in portions of 500)."""
    facts = facts or await snapshot()
    wanted = set(children)
    adults = {adult for (adult,) in await in_portions("SELECT DISTINCT adult FROM link WHERE child IN ({})", wanted)}
    accounts = {child for (child,) in await in_portions("SELECT person FROM account WHERE person IN ({})", wanted)}
    found: dict[int, set[int]] = {child: set() for child in wanted}
    for adult, who in (await facts.viewers(adults)).items():
        for child in (who.family_of | (who.decides_for - who.blocked_from)) & wanted:
            found[child].add(adult)
    for child, state in (await facts.children(accounts)).items():
        if state.account_allowed:
            found[child].add(child)
    return {child: frozenset(people) for child, people in found.items()}


async def staff_of(groups: Iterable[int], facts: Snapshot | None = None) -> dict[int, frozenset[int]]:
    """The staff of each of these classes, as far as they are active now."""
    facts = facts or await snapshot()
    wanted = set(groups)
    rows = await in_portions("SELECT adult, group_id FROM staff WHERE group_id IN ({})", wanted)
    standing = await facts.viewers({adult for adult, _group in rows})
    found: dict[int, set[int]] = defaultdict(set)
    for adult, group in rows:
        if adult in standing and group in standing[adult].staff_of:
            found[group].add(adult)
    return {group: frozenset(found[group]) for group in wanted}


async def known_names() -> frozenset[str]:
    """Every part of the names of the school's people: to keep them out of what leaves the school, never to be shown."""
    rows = await db.rows("SELECT given_name, family_name FROM person")
    return frozenset(part for row in rows for name in row for part in (name or "").split())


async def by_sourced_id(
    people: Iterable[str] = (), groups: Iterable[str] = ()
) -> tuple[dict[str, int], dict[str, int]]:
    """People and classes by the identifiers (OneRoster's `sourcedId`) of the roster that they came with. Without those
    that two rosters gave to different ones: nobody knows which is meant."""
    found = "SELECT external_id, min(id) FROM {} WHERE external_id IN ({{}}) GROUP BY external_id HAVING count(*) = 1"
    return (
        dict(await in_portions(found.format("person"), people)),
        dict(await in_portions(found.format("school_group"), groups)),
    )


async def sourced_ids(people: Iterable[int] = (), groups: Iterable[int] = ()) -> tuple[dict[int, str], dict[int, str]]:
    """The identifiers with which these people and classes came; without those that came by no roster."""
    of = "SELECT id, external_id FROM {} WHERE external_id IS NOT NULL AND id IN ({{}})"
    return (
        dict(await in_portions(of.format("person"), people)),
        dict(await in_portions(of.format("school_group"), groups)),
    )
