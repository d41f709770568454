"""Figures about plugins: a new one made and green, and what ten in use cost the feed page."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks import big as bigs
from benchmarks import load, server
from benchmarks.stories import tell
from portal import scaffold
from portal.db import db
from portal.settings import environment
from portal.settings import load as load_settings
from tests.e2e.browser import chromium

Report = Callable[[str, str, str, bool], None]
ROUNDS = 11
TEN = [f"extra{n}" for n in range(10)]


def new_plugin(report: Report) -> None:
    """From `portal plugin new` to its tests green and its page in a browser, in seconds of the machine."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        place = Path(name)
        port = server.free_port()
        token = asyncio.run(_school(place, port, stories=False))
        start = time.perf_counter()
        made = scaffold.make("lost_things", "Lost things", place)
        site = _install(place, [made])
        _run(site, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(made / "tests"), folder=made / "tests")
        ours = _environment(place, port, site)
        _portal(ours, "plugin", "enable", "lost_things")
        with server.serving("portal.serving:application", port, "/health", ours):
            shown = _in_a_browser(f"http://127.0.0.1:{port}/lost_things", token)
        took = time.perf_counter() - start
    report("`portal plugin new` to green tests and a page in the browser", f"{took:.1f} s", "under 60 s",
           took < 60 and "Lost things" in shown)


def ten_plugins(report: Report) -> None:
    """The feed page with ten more plugins in use, beside the same without them."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        place = Path(name)
        site = _install(place, [scaffold.make(plugin, plugin.title(), place) for plugin in TEN])
        ports, tokens, serving = [], [], []
        for many in (False, True):
            school = place / ("many" if many else "few")
            school.mkdir()
            ports.append(server.free_port())
            tokens.append(asyncio.run(_school(school, ports[-1], stories=True)))
            serving.append(_environment(school, ports[-1], site) if many else _environment(school, ports[-1], None))
        for plugin in TEN:
            _portal(serving[1], "plugin", "enable", plugin)
        with (
            server.serving("portal.serving:application", ports[0], "/health", serving[0]),
            server.serving("portal.serving:application", ports[1], "/health", serving[1]),
        ):
            took: list[list[float]] = [[], []]
            for _ in range(ROUNDS):
                for at in (0, 1):
                    took[at].append(load.per_second(ports[at], "/stories", f"portal={tokens[at]}", seconds=1))
    ratio = median(took[0]) / median(took[1]) - 1
    words = f"{ratio * 100:+.1f} % ({1e6 / median(took[0]):.0f} µs, then {1e6 / median(took[1]):.0f} µs)"
    report("feed page with ten more plugins in use", words, "under +10 %", ratio < 0.10)


async def _school(place: Path, port: int, *, stories: bool) -> str:
    big = await bigs.build(place, 0, port)
    if stories:
        await tell(big)
    await db.close()
    return big.token


def _environment(place: Path, port: int, site: Path | None) -> dict[str, str]:
    found = environment(load_settings({"PORTAL_DATA": str(place), "PORTAL_PORT": str(port)}))
    return found | {"PYTHONPATH": os.pathsep.join([*([str(site)] if site else []), os.getcwd()])}


def _install(place: Path, plugins: list[Path]) -> Path:
    """Builds and installs plugins into a folder beside the portal."""
    site = place / "site"
    _run(None, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--no-index", "--target", str(site),
         *map(str, plugins))
    return site


def _run(site: Path | None, *arguments: str, folder: Path | None = None) -> None:
    paths = [*([str(site)] if site else []), os.getcwd()]
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{arguments} failed: {done.stdout}{done.stderr}")


def _portal(settings: dict[str, str], *arguments: str) -> None:
    command = [str(Path(sys.executable).with_name("portal")), *arguments]
    subprocess.run(command, env=os.environ | settings, check=True, capture_output=True)


def _in_a_browser(address: str, token: str) -> str:
    """What a browser shows of a page."""
    with chromium() as browser:
        context = browser.new_context()
        context.add_cookies([{"name": "portal", "value": token, "url": address}])
        page = context.new_page()
        page.goto(address)
        return page.inner_text("body")
