"""A family's page of 200 results beside its feed page, in turns on one server."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from portal_grades import intake
from portal_grades.rules import Value

from benchmarks import big as bigs
from benchmarks import load, server
from benchmarks.stories import tell
from portal import clock, plugins
from portal.db import db
from portal.settings import environment

Report = Callable[[str, str, str, bool], None]
RESULTS, SUBJECTS, ROUNDS = 200, 8, 9
MOST = 1.2  # of the cost of the feed page
COMMENT = "Well worked out. Have a look at the second part once more, we come back to it on Thursday."


def grades_page(report: Report) -> None:
    """How much more a page of 200 results costs than the feed page of 20 stories with 60 photos."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        port = server.free_port()
        big = asyncio.run(_made(Path(name), port))
        cookie, path = f"portal={big.token}", f"/grades/children/{big.children[0]}"
        feeds, pages = [], []
        with server.serving("portal.serving:application", port, "/health", environment(big.settings)):
            for _ in range(ROUNDS):
                feeds.append(load.per_second(port, "/stories", cookie, seconds=1))
                pages.append(load.per_second(port, path, cookie, seconds=1))
    cost = median(feeds) / median(pages)
    words = f"{cost:.2f} of the feed page ({median(pages):.0f} against {median(feeds):.0f} a second)"
    report("a family's page of 200 results", words, f"at most {MOST}", cost <= MOST)


async def _made(place: Path, port: int) -> bigs.Big:
    big = await bigs.build(place, 10_000, port)
    await tell(big)
    await plugins.enable("grades")
    group, today = big.groups[0], clock.present("Europe/Berlin").today
    items = [
        intake.ItemIn(
            f"i{n}", group, f"Exercise {n}", "Page 5, all of it.", f"Subject {n % SUBJECTS}", highest=20_000,
            period="First term", due_on=clock.add_days(today, -n),
        )
        for n in range(RESULTS)
    ]
    for wave in range(2):  # the second changes ten results that the family has seen
        points = [(n * 7 + wave * (n % 20 == 0)) % 20 * 1000 for n in range(RESULTS)]
        results = [
            intake.ResultIn(f"i{n}", child, Value(score=points[n], comment="" if n % 3 else COMMENT))
            for n in range(RESULTS)
            for child in big.children[: bigs.CLASSES * 25 : bigs.CLASSES]
        ]
        await intake.take_in(None, intake.Batch("bench", items=items, results=results, release_at=1, quiet=True))
    await db.close()
    return big


if __name__ == "__main__":
    grades_page(lambda what, measured, wanted, kept: print("ok  " if kept else "MISS", what, measured, f"({wanted})"))
