"""The tutorial for plugin authors, followed word for word: its files are written, its commands run, and all is green.

The commands find `pip`, `pytest` and `portal` of an environment of their own. Only what would take minutes or ask the
network has a stand-in: the demo school, and where packages come from.
"""

from __future__ import annotations

import asyncio
import faulthandler
import os
import re
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.testing import open_school

DOCS = Path(__file__).parents[2] / "docs" / "plugins"
LIMIT_S = 600
BESIDE = "# Beside the environment of these tests, whose packages it may use, but where it installs nothing."
OFFLINE = "--quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index"
SEEN = """
import asyncio
from portal.main import create_app
from portal.settings import load
from portal.testing import Browser

async def look():
    settings = load({"PORTAL_DATA": "var/demo"})
    answer = await Browser(create_app(settings, background=False), settings.url).get("/lost")
    assert answer.status_code == 303, answer.status_code  # to the sign-in

asyncio.run(look())
"""


def steps(page: str) -> Iterator[tuple[str, str]]:
    """What a page says in its order: commands as ('', command), files as (path, text)."""
    lines = iter((DOCS / page).read_text("utf-8").splitlines())
    path = ""
    for line in lines:
        if found := re.fullmatch(r"`(portal-lost/[\w./-]+)`", line):
            path = found[1]
        elif line.startswith("```"):
            text = []
            while (line := next(lines)) != "```":
                text.append(line)
            assert path, f"{page}: a file without its name above: {text[:1]}"
            yield path, "\n".join(text) + "\n"
            path = ""
        elif line.startswith("    ") and line.strip():
            yield "", line.strip()


class Reader:
    """Somebody who does what the page says, in a folder, with an environment of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "work"
        self.folder.mkdir()
        self.bin = folder / "environment" / "bin"
        venv.create(folder / "environment", with_pip=False, symlinks=True)
        (packages,) = (folder / "environment").glob("lib/python*/site-packages")
        ours = [sysconfig.get_path("purelib"), *(path for path in sys.path if path.endswith("-packages"))]
        lines = [f"import site; site.addsitedir({path!r})" for path in dict.fromkeys(ours)]
        (packages / "beside.pth").write_text("\n".join([BESIDE, *lines, ""]))
        self._command("python3", "exec {python} \"$@\"")
        self._command("portal", 'exec {python} -c "from portal.cli import main; main()" "$@"')
        self._command("pytest", "exec {python} -m pytest -q -p no:cacheprovider \"$@\"")
        self._command("pip", 'verb=$1; shift; exec {python} -m pip "$verb" ' + OFFLINE + ' "$@"')

    def _command(self, name: str, does: str) -> None:
        file = self.bin / name
        file.unlink(missing_ok=True)
        file.write_text("#!/bin/sh\n" + does.format(python=self.bin / "python") + "\n")
        file.chmod(0o755)

    def run(self, command: str, folder: Path | None = None, **more: str) -> str:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "PORTAL_", "PYTHON"))}
        environment = kept | {"PATH": f"{self.bin}{os.pathsep}{os.environ['PATH']}"} | more
        done = subprocess.run(
            ["sh", "-ec", command], cwd=folder or self.folder, env=environment, capture_output=True, text=True,
            timeout=LIMIT_S, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def write(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


async def _small_school(folder: Path) -> None:
    folder.mkdir(parents=True)
    async with open_school(folder):
        pass


@pytest.fixture
def patience() -> None:
    """The limit on one test is for one that stands still; here each command has its own."""
    faulthandler.cancel_dump_traceback_later()


@pytest.mark.usefixtures("patience")
def test_it_works_word_for_word(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    said: dict[str, str] = {}
    for path, text in steps("tutorial.md"):
        if path:
            reader.write(path, text)
        elif text == "portal demo --build-only":
            asyncio.run(_small_school(reader.folder / "var/demo"))
        elif text == "portal demo":
            reader.run(f"{reader.bin / 'python'} -c '{SEEN}'")
        else:
            if text == "portal plugin texts lost":
                for catalogue, texts in steps("tutorial-texts.md"):
                    reader.write(catalogue, texts)
            said[text] = reader.run(text)
    assert "speaks all languages" in said["portal plugin texts lost"]
    assert "lost keeps the contract." in said["portal plugin check lost"]
    assert "passed" in said["pytest portal-lost"]
    assert re.search(r"^lost .*\(in use\)", reader.run("portal plugin list", PORTAL_DATA="var/demo"), re.M)

    # And at the other school, which gets the wheel alone.
    (tmp_path / "elsewhere").mkdir()
    elsewhere = Reader(tmp_path / "elsewhere")
    elsewhere.run(f"pip install {reader.folder}/dist/*.whl")
    (reader.folder / "portal-lost/tests").rename(elsewhere.folder / "tests")
    (elsewhere.folder / "pytest.ini").write_text("[pytest]\nasyncio_mode = auto\n")
    assert "6 passed" in elsewhere.run("pytest tests -k 'not open_to_everyone and not contract'")
