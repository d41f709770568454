"""Identifiers: unique and in order, across threads and processes."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from portal import kinds
from portal.kinds import new_id

MANY = 20_000
TOGETHER = """
import sys, time
from portal.kinds import new_id
time.sleep(float(sys.argv[1]) - time.time())
for _ in range(50):
    print(new_id())
    time.sleep(0.0005)
"""


def test_in_order_and_within_a_rowid() -> None:
    made = [new_id() for _ in range(MANY)]
    assert made == sorted(set(made))
    assert 1 < made[0] < made[-1] < 2**63
    time.sleep(0.002)
    assert new_id() > made[-1]


def test_threads_never_get_the_same_one() -> None:
    with ThreadPoolExecutor(8) as threads:
        parts = list(threads.map(lambda _: [new_id() for _ in range(MANY // 4)], range(16)))
    made = [number for part in parts for number in part]
    assert len(set(made)) == len(made)
    assert all(part == sorted(part) for part in parts)


def test_processes_do_not_meet_in_the_same_millisecond() -> None:
    start = str(time.time() + 1.5)
    running = [
        subprocess.Popen([sys.executable, "-c", TOGETHER, start], stdout=subprocess.PIPE) for _ in range(3)
    ]
    parts = [[int(number) for number in process.communicate()[0].split()] for process in running]
    made = [number for part in parts for number in part]
    assert len(set(made)) == len(made) == 150
    assert all(part == sorted(part) for part in parts)


def test_a_clock_that_jumps_back_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    first = new_id()
    monkeypatch.setattr(kinds.time, "time_ns", lambda: 1_800_000_000_000_000_000 - 10**18)
    assert [new_id() for _ in range(3)] == [first + 1, first + 2, first + 3]
