"""The feed page in another language, its translations stored, beside the same page as it was written."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import httpx

from benchmarks import big as bigs
from benchmarks.stories import tell
from portal import plugins
from portal.db import atomic, db
from portal.identity import sessions
from portal.main import create_app
from portal.testing.contract_pages import counting

Report = Callable[[str, str, str, bool], None]
ROUNDS = 60
MORE = 1.5  # how many times as long it may take: a page of twice as much text, the originals with the translations


def translated_feed(report: Report) -> None:
    """Queries and time of a feed of 20 stories, read in English and in Spanish."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        (before, plain), (after, other), shown = asyncio.run(_measure(Path(name)))
    report("translated feed page that is stored", f"{after} queries, {before} untranslated", "one query more",
           after == before + 1 and shown)
    words = f"{other / plain:.2f} times ({plain * 1e3:.1f} ms, then {other * 1e3:.1f} ms)"
    report("time of the translated feed page", words, f"under {MORE} times", other / plain < MORE)


async def _measure(place: Path) -> tuple[tuple[int, float], tuple[int, float], bool]:
    big = await bigs.build(place, 0)
    await tell(big)
    await plugins.enable("translation")
    english, spanish = big.guardians[0], big.guardians[1]
    await _languages(english, spanish)
    await db.close()
    app = create_app(big.settings, background=False)
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url=big.settings.url) as http:
        cookies = [f"portal={await sessions.begin(person, 'bench', staff=False)}" for person in (english, spanish)]
        await http.get("/stories", headers={"Cookie": cookies[1]})  # now it is known what is missing
        await _translate()
        shown = "Palabras traducidas" in (await http.get("/stories", headers={"Cookie": cookies[1]})).text
        plain, other = [await _counted(http, cookie) for cookie in cookies]
        times: list[list[float]] = [[], []]
        for _round in range(ROUNDS):
            for at, cookie in enumerate(cookies):
                start = time.perf_counter()
                await http.get("/stories", headers={"Cookie": cookie})
                times[at].append(time.perf_counter() - start)
    await db.close()
    return (plain, median(times[0])), (other, median(times[1])), shown


async def _counted(http: httpx.AsyncClient, cookie: str) -> int:
    await http.get("/stories", headers={"Cookie": cookie})
    with counting() as asked:
        await http.get("/stories", headers={"Cookie": cookie})
    return len(asked)


@atomic
async def _languages(english: int, spanish: int) -> None:
    await db.run("UPDATE person SET language = 'en' WHERE id = ?", english)
    await db.run("UPDATE person SET language = 'es' WHERE id = ?", spanish)
    await db.run("UPDATE stories_story SET language = 'en'")


@atomic
async def _translate() -> None:
    """As the job would, without an engine."""
    await db.run(
        "UPDATE translation_text SET body = 'Palabras traducidas ' || original, engine = 'apertium', state = 'done'"
    )


if __name__ == "__main__":
    translated_feed(lambda *line: print(*line, sep=" | "))
