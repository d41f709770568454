from __future__ import annotations
import asyncio, time
from asking import COMING, WHY, crowd, opened, by_place
from portal_surveys import answering, anonymous, running
from portal.testing import TestSchool
from portal.sdk import db
import pytest

@pytest.mark.parametrize("hidden", [True, False])
async def test_load(school: TestSchool, hidden: bool) -> None:
    people = await crowd(school, 400)
    survey = await opened(school, COMING, WHY, anonymous=hidden)
    took = []
    fails = []
    async def one(at, viewer):
        await asyncio.sleep(at / 40)
        start = time.perf_counter()
        form = await answering.begin(viewer, survey)
        r = await answering.submit(viewer, survey, 0, by_place(form.questions, [1, f"text {at}"]), form.fingerprint)
        assert r == "kept"
        took.append(time.perf_counter() - start)
    async def mixing():
        for _ in range(10):
            await asyncio.sleep(1)
            s = time.perf_counter()
            try:
                await running.mix_due({})
                print("mix", round(time.perf_counter() - s, 3), await db.value("SELECT count(*) FROM surveys_pending"))
            except Exception as e:
                print("mix failed", repr(e), round(time.perf_counter() - s, 3))
    await asyncio.gather(mixing(), *(one(at, v) for at, v in enumerate(people)))
    took.sort()
    print("p50", took[200], "p99", took[395], "max", took[-1])
    if hidden:
        await anonymous.mix(survey)
        print(await db.value("SELECT n FROM surveys_tally WHERE question = 0"))
