"""Whom something about children is asked, and what is allowed about them: for plugins."""

from __future__ import annotations

import pytest

from portal import clock, plugins
from portal.consent import actions, notices, purposes
from portal.errors import NotVisible
from portal.hooks.specs import Purpose
from portal.kinds import Audience, AudienceKind, Rung, new_id
from portal.people import school as schools
from portal.testing import TestSchool, run
from portal.visibility.guardians import Guardian, asked, guardians
from portal.visibility.permits import permits
from tests.hooks.modules import loaded, module


def groups(school: TestSchool, *names: str) -> Audience:
    return Audience(AudienceKind.GROUPS, tuple(school.groups[name] for name in names))


async def named(school: TestSchool, audience: Audience) -> dict[str, list[str]]:
    names = {number: name for name, number in school.ids.items()}
    return {names[g.adult]: sorted(names[c] for c in g.children) for g in await guardians(audience)}


async def test_those_who_decide_are_asked_and_nobody_else(school: TestSchool) -> None:
    """Not who only sees, whose link has ended, whom an order keeps away, or whose account is closed."""
    found = await named(school, groups(school, "3a"))
    assert found == {"parent": ["mia"], "coparent": ["mia"], "other": ["lea"]}
    assert await named(school, groups(school)) == {}
    assert (await named(school, groups(school, "3b")))["neighbour"] == ["tom"]
    everybody = await named(school, Audience(AudienceKind.SCHOOL))
    assert set(everybody) == {"parent", "coparent", "other", "neighbour", "noors_parent"}
    await run("UPDATE person SET active = ? WHERE id = ?", False, school.ids["coparent"])
    assert "coparent" not in await named(school, groups(school, "3a"))


async def test_what_is_said_of_one_is_what_is_said_of_all(school: TestSchool) -> None:
    household = new_id()
    await run("INSERT INTO household (id, name, source, external_id) VALUES (?, 'Test', 'test', 'h')", household)
    await run(
        "INSERT INTO household_member (id, household, person, contact_order, channels) VALUES (?, ?, ?, 1, '')",
        *(new_id(), household, school.ids["parent"]),
    )
    audiences = [groups(school, "3a"), groups(school, "3b"), groups(school, "3a", "3b"), Audience(AudienceKind.SCHOOL)]
    for name, number in school.ids.items():
        for audience in audiences:
            expected: list[Guardian | None] = [g for g in await guardians(audience) if g.adult == number] or [None]
            assert await asked(school.viewer(name), [audience]) == expected, name
    assert await asked(school.viewer("anonymous"), audiences) == [None] * 4
    (found,) = await asked(school.viewer("parent"), audiences[:1])
    assert found is not None
    assert found.household == household


async def decide(school: TestSchool, by: str, child: str, rung: Rung) -> None:
    shown = (await purposes.asked(await schools.load(), "en"))[0].notice.shown
    await actions.decide(school.viewer(by), school.ids[child], "lost.health", rung, shown=shown)


async def test_a_plugins_purpose_goes_by_the_rule(school: TestSchool) -> None:
    plugin = module(portal_purposes=[Purpose("health", "Questions about health", "The school may ask about health.")])
    mia = school.ids["mia"]
    with loaded(plugin) as name:
        assert await purposes.asked(await schools.load(), "en") == []  # not in use
        with pytest.raises(NotVisible):
            await actions.decide(
                school.viewer("parent"), mia, "lost.health", Rung.FAMILY, shown=notices.Reference(1, "en")
            )
        await plugins.enable(name)
        assert await permits([mia], "lost.health") == frozenset()
        await decide(school, "parent", "mia", Rung.FAMILY)
        assert await permits([mia, school.ids["tom"]], "lost.health") == {mia}
        with clock.frozen(clock.now() + clock.HOUR):
            await decide(school, "coparent", "mia", Rung.NOBODY)
            assert await permits([mia], "lost.health") == frozenset()
        with clock.frozen(clock.now() + 2 * clock.HOUR):
            await decide(school, "coparent", "mia", Rung.FAMILY)
            assert await permits([mia], "lost.health") == {mia}
        with clock.frozen(clock.now() + 3 * clock.HOUR):
            await actions.withdraw(school.viewer("coparent"), mia, "lost.health")
            assert await permits([mia], "lost.health") == frozenset()
        with clock.frozen(clock.now() + 3 * clock.HOUR + clock.MINUTE):
            await decide(school, "coparent", "mia", Rung.FAMILY)
        for by in ("other", "grandparent", "teacher", "former", "anonymous"):
            with pytest.raises(NotVisible):
                await decide(school, by, "mia", Rung.FAMILY)
        with pytest.raises(NotVisible):
            await decide(school, "parent", "mia", Rung.PUBLIC)  # a yes is a yes
        with clock.frozen(clock.now() + 4 * clock.HOUR):
            assert await permits([mia], "lost.health") == {mia}
            await run("UPDATE person SET safeguarding_hold = ? WHERE id = ?", True, mia)
            assert await permits([mia], "lost.health") == frozenset()
        await plugins.disable(name)
        assert await permits([mia], "lost.health") == frozenset()


async def test_the_text_of_a_purpose_is_kept_in_versions(school: TestSchool) -> None:
    def plugin(text: str) -> object:
        return module(portal_purposes=[Purpose("health", "Questions about health", text)])

    with loaded(plugin("First.")) as name:  # type: ignore[arg-type]
        await plugins.enable(name)
        first = (await purposes.asked(await schools.load(), "en"))[0].notice
        assert (await purposes.asked(await schools.load(), "en"))[0].notice == first
        assert (await purposes.asked(await schools.load(), "de"))[0].notice.language == "de"
    with loaded(plugin("Second.")):  # type: ignore[arg-type]
        second = (await purposes.asked(await schools.load(), "en"))[0].notice
        assert (second.version, second.body) == (first.version + 1, "Second.")
        with pytest.raises(actions.NoticeChanged):
            await actions.decide(
                school.viewer("parent"), school.ids["mia"], "lost.health", Rung.FAMILY, shown=first.shown
            )
        await actions.decide(school.viewer("parent"), school.ids["mia"], "lost.health", Rung.NOBODY, shown=first.shown)
    assert [v.version for v in await notices.versions("lost.health")] == [2, 1]
    assert "lost.health" not in notices.KINDS
