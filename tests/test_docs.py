"""What the documents say exists: links, files, commands, settings, limits."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer.main

from portal import cli
from portal.errors import UnsafeToStart
from portal.people.roster import uploads
from portal.photos.strip import MAX_BYTES
from portal.settings import environment, load

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("deploy/*.md")], key=lambda path: path.as_posix()
)
FOR_TESTS = {"PORTAL_TEST_POSTGRES"}  # read by the tests alone
TOP = ("portal", "plugins", "tests", "deploy", "docs", "benchmarks")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def code(text: str) -> list[str]:
    """Everything written as code: between backticks, and each line of an indented block."""
    blocks = [line.strip() for line in text.splitlines() if line.startswith("    ") and line.strip()]
    return re.findall(r"`([^`\n]+)`", text) + blocks


def anchors(text: str) -> set[str]:
    """The anchors that a page's headings give."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(page: Path, text: str) -> list[str]:
    """Links inside the repository that lead nowhere."""
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        inside = there.exists() and ROOT in [there, *there.parents]
        if not inside or (anchor and anchor not in anchors(there.read_text("utf-8"))):
            broken.append(target)
    return broken


def missing_files(text: str) -> list[str]:
    """Paths of the repository named in code that do not exist."""
    words = (word.rstrip("/") for piece in code(text) for word in piece.split())
    paths = [word for word in words if "/" in word and word.partition("/")[0] in TOP]
    return [path for path in paths if re.fullmatch(r"[\w./-]+", path) and not (ROOT / path).exists()]


def unknown_commands(text: str) -> list[str]:
    """Uses of the command `portal` that it would not know, options included."""
    known = typer.main.get_command(cli.app)
    return [piece for piece in code(text) if not _known(known, piece)]


def _known(command: Any, piece: str) -> bool:
    if not piece.startswith(("portal ", ".venv/bin/portal ")):
        return True
    words = re.split(r"\s+|\[|\]", piece)[1:]
    while hasattr(command, "commands") and words and re.fullmatch(r"[a-z]+", words[0]):
        command = command.commands.get(words.pop(0))
        if command is None:
            return False
    options = {option for param in command.params for option in param.opts} | {"--help"}
    return {word for word in words if word.startswith("--")} <= options


def unknown_settings(text: str) -> set[str]:
    settings = set(environment(load({})))
    return set(re.findall(r"PORTAL_[A-Z_]*[A-Z]", text)) - settings - FOR_TESTS


def unknown_targets(text: str) -> set[str]:
    """`make` targets that the Makefile does not have."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    used = (re.match(r"make (?:-C \S+ )?([a-z]+)$", piece) for piece in code(text))
    return {found[1] for found in used if found} - targets


@pytest.mark.parametrize("page", DOCUMENTS, ids=name)
def test_what_a_document_names_exists(page: Path) -> None:
    text = page.read_text("utf-8")
    assert broken_links(page, text) == []
    assert missing_files(text) == []
    assert unknown_commands(text) == []
    assert unknown_settings(text) == set()
    assert unknown_targets(text) == set()


def test_what_does_not_exist_is_noticed() -> None:
    readme = ROOT / "README.md"
    text = "[a](docs/nowhere.md) [b](README.md#no-such-heading) [c](LICENSE)"
    assert broken_links(readme, text) == ["docs/nowhere.md", "README.md#no-such-heading"]
    assert missing_files("`portal/nothing.py` and `portal/cli.py`") == ["portal/nothing.py"]
    commands = "`portal fly` `portal roster burn` `portal serve --naked` `portal roster import DIR [--json]`"
    assert unknown_commands(commands) == ["portal fly", "portal roster burn", "portal serve --naked"]
    assert unknown_settings("PORTAL_URL PORTAL_MAGIC") == {"PORTAL_MAGIC"}
    assert unknown_targets("`make gold`\n\n    make demo\n") == {"gold"}


def test_the_documents_are_all_reached_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        for target in re.findall(r"\]\(([^)\s:]+)\)", page.read_text("utf-8")):
            waiting.append((page.parent / target.partition("#")[0]).resolve())
    assert [name(page) for page in DOCUMENTS if page not in reached] == []


def test_the_example_of_the_environment_holds_every_setting_and_loads() -> None:
    lines = [line for line in _example().splitlines() if line and not line.startswith("#")]
    values = dict(shlex.split(line)[0].split("=", 1) for line in lines)
    assert set(values) == set(environment(load({})))
    settings = load(values)
    assert settings.secure
    assert settings.proxies
    with pytest.raises(UnsafeToStart):
        load(values | {"PORTAL_URL": values["PORTAL_URL"].replace("https", "http")})


def _example() -> str:
    return (ROOT / "deploy/env.example").read_text("utf-8")


def test_the_unit_allows_the_folders_and_the_port_of_the_example() -> None:
    unit = (ROOT / "deploy/portal.service").read_text("utf-8")
    kept = re.findall(r"^StateDirectory=(.+)$", unit, re.MULTILINE)[0].split()
    folders = re.findall(r"='/var/lib/([^/']+)'", _example())
    assert sorted(kept) == sorted(folders)
    assert re.findall(r"SocketBindAllow=tcp:(\d+)", unit) == re.findall(r"PORTAL_PORT='(\d+)'", _example())


def test_the_proxy_lets_through_what_the_portal_takes() -> None:
    caddyfile = (ROOT / "deploy/Caddyfile").read_text("utf-8")
    limits = {
        where: int(size) * 1024 * 1024
        for where, size in re.findall(r"request_body @(\w+) \{\s+max_size (\d+)MiB", caddyfile)
    }
    assert limits["roster"] >= uploads.MOST_BYTES
    assert limits["story"] > 10 * MAX_BYTES
    assert limits["other"] > MAX_BYTES
    assert "image/webp" not in caddyfile
    assert "image/jpeg" not in caddyfile
