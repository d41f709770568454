"""A made-up school behind a real server on a spare port, and its main pages, each with the person who uses it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, Page

from portal.demo.made import DOMAIN, PASSWORD

PORTAL = Path(sys.executable).with_name("portal")
MAKE = """
import asyncio, sys
from portal.db import db
from portal.demo import seed
from portal.settings import load

async def make():
    try:
        await seed.build(load(), lambda *_: None, stories=int(sys.argv[1]))
    finally:
        await db.close()

asyncio.run(make())
"""


@dataclass(frozen=True)
class Visit:
    """A page as someone sees it. `follow`: selectors clicked one after the other on the way there from `path`."""

    name: str
    who: str  # part before the @ of the login; '' for a visitor
    path: str
    follow: tuple[str, ...] = ()
    status: int = 200


VISITS = (
    Visit("welcome", "", "/"),
    Visit("sign-in", "", "/sign-in"),
    Visit("code", "", "/welcome"),
    Visit("privacy", "", "/privacy"),
    Visit("privacy-photo", "", "/privacy/photo"),
    Visit("public-stories", "", "/stories"),
    Visit("nothing-here", "", "/nothing-here", status=404),
    Visit("feed", "parent", "/stories"),
    Visit("story", "parent", "/stories", (".story h2 a >> nth=0",)),
    Visit("album", "parent", "/photos"),
    Visit("photo", "parent", "/photos", (".wall a >> nth=0",)),
    Visit("permissions", "parent", "/decide"),
    Visit("decide", "parent", "/decide", (".card h2 a >> nth=0",)),
    Visit("decide-paper", "parent", "/decide", (".card h2 a >> nth=0", "a[href$='/form']")),
    Visit("account", "parent", "/account"),
    Visit("data", "parent", "/account/data"),
    Visit("data-child", "parent", "/account/data", (".tabs li:nth-child(2) a",)),
    Visit("feed-co-parent", "coparent", "/stories"),
    Visit("waiting", "unanswered", "/waiting"),
    Visit("decide-unanswered", "unanswered", "/decide", (".card h2 a >> nth=0",)),
    Visit("feed-former", "former", "/stories"),
    Visit("feed-child", "child", "/stories"),
    Visit("decide-child", "child", "/decide"),
    Visit("feed-teacher", "teacher", "/stories"),
    Visit("story-teacher", "teacher", "/stories", (".story h2 a >> nth=0",)),
    Visit("my-stories", "teacher", "/stories/mine?show=published"),
    Visit("new-story", "teacher", "/stories/new"),
    Visit("compose", "teacher", "/stories/mine?show=published", (".rows a.button >> nth=0",)),
    Visit("who-sees-it", "teacher", "/stories/mine?show=published", (".rows a.button >> nth=0", "button[value=next]")),
    Visit("desk", "teacher", "/desk"),
    Visit("desk-hold", "safeguarding", "/desk"),
    Visit("office", "office", "/office"),
    Visit("people", "office", "/office/people"),
    Visit("person", "office", "/office/people?q=Mila", ("main :is(.rows,.table) a >> nth=0",)),
    Visit("new-person", "office", "/office/people/new"),
    Visit("groups", "office", "/office/groups"),
    Visit("paper", "office", "/office/paper"),
    Visit("paper-child", "office", "/office/paper?q=Mila", (".rows a >> nth=0",)),
    Visit("invitations", "office", "/office/invitations"),
    Visit("office-admin", "admin", "/office"),
    Visit("school", "admin", "/office/school"),
    Visit("roster", "admin", "/office/roster"),
    Visit("plugins", "admin", "/office/plugins"),
    Visit("plugin", "admin", "/office/plugins/surveys"),
    Visit("person-data", "admin", "/office/people?q=Mila", ("main :is(.rows,.table) a >> nth=0", "a[href$='/data']")),
    Visit("person-erase", "admin", "/office/people?q=Mila",
          ("main :is(.rows,.table) a >> nth=0", "a[href$='/data']", "form[action$='/erase'] button")),
    Visit("words", "admin", "/office/words"),
    Visit("notices", "admin", "/office/notices"),
    Visit("notice-new", "admin", "/office/notices/photo"),
)


def make(folder: Path, stories: int) -> None:
    """Makes the demo school in `folder`, with the newest `stories` only."""
    folder.mkdir()
    subprocess.run([sys.executable, "-c", MAKE, str(stories)], env=_environment(folder), check=True)


def _environment(folder: Path) -> dict[str, str]:
    ours = {key: value for key, value in os.environ.items() if not key.startswith("PORTAL_")}
    return ours | {"PORTAL_DATA": str(folder)}


@contextmanager
def site(folder: Path, made: Path | None = None) -> Iterator[str]:
    """Serves the demo school in `folder`, made if it is not there, or copied from `made`; its address."""
    with socket.socket() as spare:
        spare.bind(("127.0.0.1", 0))
        port = spare.getsockname()[1]
    command = [str(PORTAL), "demo", "--folder", str(folder), "--port", str(port)]
    if made is not None:
        shutil.copytree(made, folder)
        command = [str(PORTAL), "serve"]
    address = f"http://127.0.0.1:{port}"
    with (folder / "server.log").open("w") as log:
        environment = _environment(folder) | {"PORTAL_PORT": str(port)}
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            _wait(address, server)
            yield address
        finally:
            server.terminate()
            server.wait(20)


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(3000):
        if server.poll() is not None:
            raise RuntimeError(f"the server ended with {server.returncode}")
        try:
            urllib.request.urlopen(f"{address}/health", timeout=5).close()
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise TimeoutError("the server does not answer")


def sign_in(context: BrowserContext, address: str, who: str) -> None:
    """Signs a member of the cast in, without a page: other tests do it as people do."""
    landed = send(context, address, "/sign-in", login=f"{who}@{DOMAIN}", password=PASSWORD, next="/account")
    assert landed.endswith(("/account", "/waiting")), landed


def send(context: BrowserContext, address: str, path: str, **fields: str) -> str:
    """Sends the form of a page from this browser, without opening it; where that leads."""
    proof = re.search(r'name="csrf" content="([^"]+)"', context.request.get(f"{address}/privacy").text())
    assert proof
    form: dict[str, str | float | bool] = {"csrf_token": proof[1], **fields}
    return context.request.post(f"{address}{path}", form=form, headers={"Origin": address}).url


def speak(page: Page, address: str, language: str) -> None:
    """Changes the language by the menu that every page has."""
    page.goto(f"{address}/privacy")
    page.locator("details.menu:has(form[action='/language'])").evaluate("menu => menu.open = true")
    with page.expect_navigation():  # a page closed on its way elsewhere may never answer
        page.click(f"header form[action='/language'] button[value={language}]")


def go(page: Page, address: str, visit: Visit) -> int:
    """Opens the page of a visit; gives its status."""
    answer = page.goto(address + visit.path)
    for selector in visit.follow:
        with page.expect_navigation() as moved:
            page.locator(selector).evaluate(
                "node => node.form ? node.form.requestSubmit(node) : location.assign(node.href)"
            )
        answer = moved.value
    assert answer is not None
    return answer.status
