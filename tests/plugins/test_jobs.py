"""Jobs, schedules and events: done once, again after a failure, kept when given up, and never another's burden."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from portal import clock, plugins
from portal.consent import actions, notices
from portal.db import atomic, db
from portal.hooks.host import host
from portal.hooks.specs import Event, Job
from portal.kinds import Rung
from portal.people import school as schools
from portal.plugins import jobs
from portal.testing import TestSchool, run
from tests.consent.ledger import SHOWN
from tests.hooks.modules import loaded, module

LATER = 3 * clock.DAY


class Work:
    """A plugin's jobs that remember what they were given, and fail as told."""

    def __init__(self) -> None:
        self.done: list[dict[str, Any]] = []
        self.events: list[Event] = []
        self.failing: Exception | None = None

    async def once(self, payload: dict[str, Any]) -> None:
        if self.failing:
            raise self.failing
        self.done.append(payload)

    async def hang(self, payload: dict[str, Any]) -> None:
        await asyncio.sleep(60)

    async def hear(self, event: Event) -> None:
        if self.failing:
            raise self.failing
        self.events.append(event)

    def plugin(self, name: str = "lost") -> Any:
        found = [
            Job("once", self.once), Job("often", self.once, every=clock.HOUR), Job("hang", self.hang, limit_s=1),
        ]  # fmt: skip

        async def portal_event(event: Event) -> None:
            await self.hear(event)

        return module(name, portal_jobs=found, portal_event=portal_event)


async def left() -> list[tuple[Any, ...]]:
    return await db.rows("SELECT plugin, name, tries, problem FROM job ORDER BY id")


async def quiet() -> None:
    """Lets what the plugin does by schedule be done."""
    await jobs.run_due(clock.now())


async def test_a_job_is_done_once(school: TestSchool) -> None:
    work = Work()
    with loaded(work.plugin()) as name:
        await plugins.enable(name)
        await quiet()
        work.done.clear()
        await jobs.enqueue(name, "once", {"thing": 5})
        await asyncio.gather(*(jobs.run_due(clock.now()) for _worker in range(4)))
        assert work.done == [{"thing": 5}]
        assert await left() == []


async def test_a_job_waits_for_its_time_and_for_its_transaction(school: TestSchool) -> None:
    work = Work()
    with loaded(work.plugin()) as name:
        await plugins.enable(name)
        await quiet()
        work.done.clear()
        await jobs.enqueue(name, "once", {"n": 1}, clock.now() + clock.HOUR)

        @atomic
        async def in_vain() -> None:
            await jobs.enqueue(name, "once", {"n": 2})
            raise RuntimeError

        with pytest.raises(RuntimeError):
            await in_vain()
        await quiet()
        assert work.done == []
        await jobs.run_due(clock.now() + 2 * clock.HOUR)
        assert {"n": 1} in work.done
        assert {"n": 2} not in work.done


async def test_unknown_jobs_and_large_payloads_are_refused(school: TestSchool) -> None:
    with loaded(Work().plugin()) as name:
        with pytest.raises(ValueError, match="no job 'twice'"):
            await jobs.enqueue(name, "twice", {})
        with pytest.raises(ValueError, match="payload"):
            await jobs.enqueue(name, "once", {"text": "x" * 200_000})
        assert await left() == []


async def test_a_schedule_comes_again_and_does_not_pile_up(school: TestSchool) -> None:
    work = Work()
    with loaded(work.plugin()) as name:
        await plugins.enable(name)
        now = clock.now()
        for at, count in ((now, 1), (now + clock.MINUTE, 1), (now + clock.HOUR, 2), (now + 9 * clock.HOUR, 3)):
            await asyncio.gather(*(jobs.run_due(at) for _worker in range(3)))
            assert len(work.done) == count, at - now
        await plugins.disable(name)
        await jobs.run_due(now + 20 * clock.HOUR)
        assert len(work.done) == 3


async def test_what_fails_is_tried_again_and_given_up_but_not_lost(school: TestSchool) -> None:
    work = Work()
    with loaded(work.plugin()) as name:
        await plugins.enable(name)
        await quiet()
        work.done.clear()
        work.failing = KeyError("Mia")
        await jobs.enqueue(name, "once", {"thing": 5})
        await quiet()
        assert await left() == [(name, "once", 1, "KeyError")]
        await jobs.run_due(clock.now() + 30 * clock.SECOND)
        assert (await left())[0][2] == 1  # not yet
        for turn in range(jobs.TRIES):
            await jobs.run_due(clock.now() + LATER * (turn + 1))
        assert await jobs.given_up() == {name: 1}
        place, kind, _at = (await jobs.troubles())[name]
        assert place.startswith("job ")
        assert kind == "KeyError"
        work.failing = None
        await jobs.run_due(clock.now() + LATER * 99)
        assert {"thing": 5} not in work.done
        await jobs.try_again(name)
        await quiet()
        assert {"thing": 5} in work.done
        assert await jobs.given_up() == {}


async def test_one_that_hangs_keeps_no_other_plugin_waiting(school: TestSchool) -> None:
    bad, good = Work(), Work()
    with loaded(bad.plugin()) as hanging, loaded(good.plugin("good")) as fine:
        await plugins.enable(hanging)
        await plugins.enable(fine)
        await quiet()
        good.done.clear()
        await jobs.enqueue(hanging, "hang", {})
        await jobs.enqueue(fine, "once", {"n": 1})
        await quiet()
        assert good.done == [{"n": 1}]
        assert host.troubles[hanging].kind == "TimeoutError"
        assert host.rests(hanging)
        assert not host.rests(fine)
        assert [row[:2] for row in await left()] == [(hanging, "hang")]


async def test_a_worker_that_died_leaves_its_job_to_others(school: TestSchool) -> None:
    work = Work()
    with loaded(work.plugin()) as name:
        await plugins.enable(name)
        await quiet()
        await jobs.enqueue(name, "once", {"n": 1})
        assert len(await jobs._claim(name, clock.now())) == 1  # and then the machine is switched off
        work.done.clear()
        await quiet()
        assert work.done == []
        await jobs.run_due(clock.now() + 10 * clock.MINUTE)
        assert {"n": 1} in work.done


async def test_events_reach_those_who_listen_and_are_in_use(school: TestSchool) -> None:
    first, second = Work(), Work()
    with loaded(first.plugin()) as name, loaded(second.plugin("unused")):
        await plugins.enable(name)
        await jobs.emit("stories.published", 7)
        first.failing = RuntimeError()
        await quiet()
        assert first.events == []
        first.failing = None
        await jobs.run_due(clock.now() + LATER)
        assert [(event.kind, event.subject, event.detail) for event in first.events] == [("stories.published", 7, "")]
        assert second.events == []


async def test_a_decision_is_told(school: TestSchool) -> None:
    work = Work()
    with loaded(work.plugin()) as name:
        await plugins.enable(name)
        await quiet()
        await notices.publish_defaults(await schools.load())
        await actions.decide(school.viewer("parent"), school.ids["mia"], "photo", Rung.FAMILY, shown=SHOWN)
        await quiet()
        assert [(e.kind, e.subject, e.detail) for e in work.events] == [("consent.changed", school.ids["mia"], "photo")]


async def test_a_plugin_that_is_gone_keeps_its_jobs(school: TestSchool) -> None:
    work = Work()
    with loaded(work.plugin()) as name:
        await plugins.enable(name)
        await quiet()
        work.done.clear()
        await jobs.enqueue(name, "once", {"n": 1})
    await run("UPDATE job SET due_at = due_at - 1")
    await jobs.run_due(clock.now())
    assert [row[:2] for row in await left()] == [("lost", "once")]
    with loaded(work.plugin()):
        await jobs.run_due(clock.now())
        assert work.done == [{"n": 1}]


async def test_a_clock_that_was_wrong_holds_up_no_schedule(school: TestSchool) -> None:
    work = Work()
    with loaded(work.plugin()) as name:
        await plugins.enable(name)
        await jobs.run_due(clock.now() + 400 * clock.DAY)
        work.done.clear()
        await quiet()  # the clock was set right again
        assert len(work.done) == 1


@pytest.mark.parametrize("ending", [SystemExit, asyncio.CancelledError])
async def test_a_plugin_ends_nothing_but_itself(school: TestSchool, ending: type[BaseException]) -> None:
    async def end(*_given: Any) -> None:
        raise ending

    with loaded(module(portal_jobs=[Job("end", end)], portal_cards=end)) as name:
        await plugins.enable(name)
        await jobs.enqueue(name, "end", {})
        for turn in range(jobs.TRIES):
            await jobs.run_due(clock.now() + LATER * (turn + 1))
        assert await jobs.given_up() == {name: 1}
        assert await host.cards(None, [name]) == []


async def test_what_happens_while_a_plugin_is_out_of_use_is_told_when_it_is_back(school: TestSchool) -> None:
    work = Work()
    with loaded(work.plugin()) as name:
        await jobs.emit("consent.changed", 1)  # never in use: it keeps nothing that this could concern
        await plugins.enable(name)
        await plugins.disable(name)
        await jobs.emit("consent.changed", 2)
        await quiet()
        assert work.events == []
        await plugins.enable(name)
        await quiet()
        assert [event.subject for event in work.events] == [2]
