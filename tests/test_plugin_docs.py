"""What the documents for plugin authors say is what the code says: hooks, sdk, components, tools for tests."""

from __future__ import annotations

import ast
import dataclasses
import enum
import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from portal import clock, sdk
from portal.hooks import fitting, host, specs, watch
from portal.hooks.specs import Hooks
from portal.plugins import jobs, keeping
from portal.testing import CAST, Browser, TestSchool, axe, contract, school
from portal.web.requests import FORM_LIMIT

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs" / "plugins"
HOOKS = [name for name in vars(Hooks) if name.startswith("portal_")]


def read(page: str) -> str:
    return (DOCS / page).read_text("utf-8")


def plain(text: str) -> str:
    return " ".join(text.split())


def signature(name: str) -> str:
    """A name of the sdk as its page writes it."""
    thing = getattr(sdk, name)
    if name in ("Who", "Standing", "Language"):  # these have a part of the page to themselves
        return name
    if dataclasses.is_dataclass(thing) and isinstance(thing, type):
        return f"{name}({', '.join(field.name for field in dataclasses.fields(thing))})"
    if not inspect.isfunction(thing):
        return name
    return called(name, thing)


def called(name: str, function: Any) -> str:
    """A function with the names of its parameters, and `await` where that is needed."""
    parts: list[str] = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name == "self":
            continue
        if parameter.kind is parameter.KEYWORD_ONLY and not any(part.startswith("*") for part in parts):
            parts.append("*")
        stars = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "")
        default = "" if parameter.default is parameter.empty else f"={_default(parameter.default)}"
        parts.append(f"{stars}{parameter.name}{default}")
    waits = "await " if inspect.iscoroutinefunction(function) else ""
    return f"{waits}{name}({', '.join(parts)})"


def _default(value: Any) -> str:
    return str(value) if isinstance(value, enum.Enum) else repr(value)


# ---- Hooks ----


def hook_signature(name: str) -> str:
    """A hook as a plugin writes it."""
    function = getattr(Hooks, name)
    parameters = [p for p in inspect.signature(function).parameters.values() if p.name != "self"]
    said = ", ".join(f"{p.name}: {p.annotation}" for p in parameters)
    answer = str(inspect.signature(function).return_annotation)
    if waits := re.fullmatch(r"Awaitable\[(.*)\]", answer):
        return f"async def {name}({said}) -> {waits[1]}"
    return f"def {name}({said}) -> {answer}"


# What is kept to while a hook is asked, as its page says it.
LIMITS = {
    "portal_about": [f"{fitting.LOAD_LIMIT_S:.0f} seconds"],
    "portal_routes": [
        f"{fitting.LOAD_LIMIT_S:.0f} seconds", f"{FORM_LIMIT // 1024} KB", f"after {watch.LIMIT_S:.0f} seconds",
        f"{host.REST_S / 60:.0f} minutes",
    ],
    "portal_navigation": [f"{fitting.LOAD_LIMIT_S:.0f} seconds"],
    "portal_cards": [
        f"{host.CARD_LIMIT_S:.0f} second", f"{host.MOST_CARDS}; the rest", f"{host.REST_S / 60:.0f} minutes",
    ],
    "portal_settings": [f"{fitting.LOAD_LIMIT_S:.0f} seconds"],
    "portal_jobs": [f"{fitting.LOAD_LIMIT_S:.0f} seconds", f"{jobs.TRIES} tries"],
    "portal_event": [f"{jobs.EVENT_LIMIT_S} seconds", f"{jobs.TRIES} tries"],
    "portal_purposes": [f"{fitting.LOAD_LIMIT_S:.0f} seconds"],
    "portal_readings": ["half a second"] if host.READINGS_LIMIT_S == 0.5 else ["?"],
    "portal_erase": [f"{keeping.ERASE_LIMIT_S:.0f} seconds"],
    "portal_demo": [],
}  # fmt: skip
VALUES = {
    "portal_about": ["About", "Stored"], "portal_navigation": ["NavItem"], "portal_cards": ["Card"],
    "portal_settings": ["Setting"], "portal_jobs": ["Job"], "portal_event": ["Event"], "portal_purposes": ["Purpose"],
    "portal_readings": ["Text", "Reading"],
}  # fmt: skip


def test_each_hook_has_its_page_and_its_line() -> None:
    assert sorted(page.stem for page in (DOCS / "hooks").glob("*.md")) == sorted(HOOKS)
    assert re.findall(r"^\| \[(portal_\w+)\]\(hooks/\1\.md\) \|", read("README.md"), re.M) == HOOKS


@pytest.mark.parametrize("hook", HOOKS)
def test_the_page_of_a_hook_is_what_the_code_says(hook: str) -> None:
    page = read(f"hooks/{hook}.md")
    assert page.startswith(f"# {hook}\n\n    {hook_signature(hook)}\n")
    assert plain(inspect.getdoc(getattr(Hooks, hook)) or "") in plain(page)
    for limit in LIMITS[hook]:
        assert limit in page, limit
    for value in VALUES.get(hook, []):
        fields = re.findall(r"^\| `(\w+)` \|", page.partition(f"| Field of `{value}` |")[2].partition("\n\n")[0], re.M)
        assert fields == [field.name for field in dataclasses.fields(getattr(specs, value))], value
    for access in sdk.Access if hook == "portal_routes" else ():
        assert f"| `Access.{access.name}` |" in page


@pytest.mark.parametrize("hook", HOOKS)
def test_the_example_of_a_hook_could_be_a_plugin(hook: str) -> None:
    (example,) = re.findall(r"^```python\n(.*?)^```$", read(f"hooks/{hook}.md"), re.M | re.S)
    tree = ast.parse(example)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "portal.sdk":
            assert {alias.name for alias in node.names} <= set(sdk.__all__)
    answers = [n for n in tree.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) and n.name == hook]
    assert [ast.unparse(mark) for mark in answers[0].decorator_list] == ["hook"]
    assert isinstance(answers[0], ast.AsyncFunctionDef) == hook_signature(hook).startswith("async")
    wanted = [name for name in inspect.signature(getattr(Hooks, hook)).parameters if name != "self"]
    assert [argument.arg for argument in answers[0].args.args] == wanted
    if "portal_lost import" not in example:
        exec(compile(example, f"{hook}.md", "exec"), {})  # it runs as it stands


# ---- The sdk ----

BROUGHT = {"Who": sdk.Who, "Standing": sdk.Standing, "db": type(sdk.db), "Language": sdk.Language, "clock": clock}


def rows_of(text: str) -> list[str]:
    """What stands first in each row of the tables."""
    return re.findall(r"^\| `([^`]+)` \|", text, re.M)


def test_each_name_of_the_sdk_has_its_line() -> None:
    names = rows_of(read("sdk.md").partition("## What they bring along")[0])
    assert sorted(names) == sorted(signature(name) for name in sdk.__all__)
    for row in re.findall(r"^\| `[^`]+` \| (.*) \|$", read("sdk.md"), re.M):
        assert row[:1].isupper() or row[:1] in "'`", row
        assert row.endswith("."), row


@pytest.mark.parametrize("name", BROUGHT)
def test_what_the_names_of_the_sdk_bring_along(name: str) -> None:
    section = read("sdk.md").partition(f"\n### {name}\n")[2].partition("\n#")[0]
    told = rows_of(section)
    assert told
    thing = BROUGHT[name]
    fields = {field.name for field in dataclasses.fields(thing)} if dataclasses.is_dataclass(thing) else set()
    for row in told:
        word = row.removeprefix("await ").partition("(")[0]
        assert word in fields or hasattr(thing, word), row
        if "(" in row:
            assert row == called(word, getattr(thing, word))


# ---- Components ----

TEMPLATES = ROOT / "portal" / "web" / "templates"


def test_each_component_has_its_line() -> None:
    page = read("components.md")
    macros = re.findall(r"\{% macro ([a-z]\w*\(.*?\)) -%\}", (TEMPLATES / "components.html").read_text("utf-8"))
    assert sorted(row for row in rows_of(page) if row.startswith("ui.")) == sorted(f"ui.{macro}" for macro in macros)
    icons = re.findall(r'id="([a-z-]+)"', (ROOT / "portal/web/static/img/icons.svg").read_text("utf-8"))
    assert re.findall(r"`([^`]+)`", page.partition("the navigation: ")[2]) == icons
    base = (TEMPLATES / "base.html").read_text("utf-8")
    blocks = re.findall(r"^\| `(\w+)` \|", page.partition("| Block |")[2].partition("\n\n")[0], re.M)
    assert sorted(blocks) == sorted(set(re.findall(r"\{% block (\w+) %\}", base)))
    style = (ROOT / "portal/web/static/css/app.css").read_text("utf-8")
    for colour in re.findall(r"var\((--\w+)\)", page):
        assert f"{colour}:" in style


# ---- Tools for tests ----


def test_the_tools_for_tests_are_what_the_page_says() -> None:
    page = read("testing.md")
    cast = page.partition("## The cast")[2].partition("\n## ")[0]
    assert sorted(re.findall(r"`([a-z_]+)`", "".join(re.findall(r"^\| (.*?) \|", cast, re.M)))) == sorted(CAST)
    for kind, skipped in ((TestSchool, {"client"}), (Browser, {"close"})):
        methods = {
            called(name, function) for name, function in vars(kind).items()
            if inspect.isfunction(function) and not name.startswith("_") and name not in skipped
        }  # fmt: skip
        assert methods <= set(rows_of(page)), methods - set(rows_of(page))
    assert called("problems", contract.problems) == "await problems(name, fill=None)"
    assert called("problems", axe.problems).startswith("await problems(name, fill, ")
    assert "one with one thing and one with thirty" in page
    assert contract.MANY == 30
    assert school.BIRTHDAYS["noor"] == 15


# ---- How the surveys are made ----


def test_the_surveys_are_made_as_the_page_says() -> None:
    page, package = read("surveys.md"), ROOT / "plugins/surveys/portal_surveys"
    brings = page.partition("## What it brings")[2].partition("\n## ")[0]
    told = re.findall(r"`(portal_\w+)`", "".join(re.findall(r"^\| (.*?) \|", brings, re.M)))
    answered = re.findall(r"^(?:async )?def (portal_\w+)", (package / "plugin.py").read_text("utf-8"), re.M)
    assert told == answered
    files = {file.name for file in package.glob("[!_]*.py")}
    stand = page.partition("## Where things stand")[2].partition("\n## ")[0]
    assert {"plugin.py", *re.findall(r"`(\w+\.py)`", stand)} == files
    for name in re.findall(r"`(\w+)\(", page):
        assert name in sdk.__all__, name


# ---- Figures in the overview ----


def test_the_overview_keeps_to_the_limits() -> None:
    page = plain(read("README.md"))
    for said, value in (
        ("does not answer within ten seconds", fitting.LOAD_LIMIT_S == 10),
        ("take longer than a second", host.CARD_LIMIT_S == 1),
        ("given up after ten tries", jobs.TRIES == 10),
        ("interrupted after five seconds", watch.LIMIT_S == 5),
        ("rests for five minutes", host.REST_S == 300),
    ):
        assert said in page
        assert value
