"""Rules of the project that no tool knows, each with its reason in the message.

Imports between parts are checked by import-linter (`pyproject.toml`); how pages behave, by the tests that open them.
"""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CORE = sorted((ROOT / "portal").rglob("*.py"))
PLUGINS = sorted((ROOT / "plugins").glob("*/portal_*/**/*.py"))
SOURCES = [*CORE, *PLUGINS]
TEMPLATES = sorted([*ROOT.glob("portal/**/templates/**/*.html"), *ROOT.glob("plugins/*/portal_*/templates/**/*.html")])
SCRIPTS = sorted([*ROOT.glob("portal/web/static/**/*.js"), *ROOT.glob("plugins/*/portal_*/static/**/*.js")])
STYLES = sorted([*ROOT.glob("portal/web/static/**/*.css"), *ROOT.glob("plugins/*/portal_*/static/**/*.css")])


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def dotted(node: ast.expr) -> str:
    """`os.environ` for the expression that says so; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (inner := dotted(node.value)):
        return f"{inner}.{node.attr}"
    return ""


def imported(module: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield ("." * node.level) + (node.module or ""), node.lineno


def only(found: dict[str, list[int]], allowed: set[str], why: str) -> None:
    wrong = [f"{place}:{line}" for place, lines in found.items() if place not in allowed for line in lines]
    assert not wrong, f"{', '.join(wrong)}: {why}"
    assert set(found) >= allowed, f"{allowed - set(found)}: no longer needs its exception, take it out of the test"


def test_there_is_something_to_look_at() -> None:
    assert len(CORE) > 100
    assert len(PLUGINS) > 5
    assert len(TEMPLATES) > 30
    assert len(SCRIPTS) > 3
    assert STYLES


# ---- Python ----


def test_only_settings_read_the_environment() -> None:
    found: dict[str, list[int]] = {}
    for path in SOURCES:
        for node in ast.walk(tree(path)):
            said = dotted(node) if isinstance(node, ast.Attribute) else ""
            if said in ("os.environ", "os.environb", "os.getenv", "os.putenv"):
                found.setdefault(name(path), []).append(node.lineno)
            if isinstance(node, ast.ImportFrom) and node.module == "os":
                assert not {alias.name for alias in node.names} & {"environ", "getenv"}, name(path)
    only(
        found,
        {
            "portal/settings.py",
            "portal/serving.py",  # writes it for the workers, which load the settings anew
            "portal/db/migrate.py",  # names the module that Piccolo asks for its engine
        },
        "only portal/settings.py reads the environment, so that what an operator can set stands in one place",
    )


ENGINES = {"apsw.Connection", "asyncpg.connect", "asyncpg.create_pool", "sqlite3.connect"}


def test_only_the_database_part_makes_connections() -> None:
    found: dict[str, list[int]] = {}
    for path in SOURCES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and dotted(node.func) in ENGINES:
                found.setdefault(name(path), []).append(node.lineno)
            if isinstance(node, ast.Call) and dotted(node.func).endswith(("SQLiteEngine", "PostgresEngine")):
                found.setdefault(name(path), []).append(node.lineno)
    only(
        found,
        {
            "portal/db/embedded.py",
            "portal/db/postgres.py",
            "portal/replay.py",  # makes and drops scratch databases on a server
        },
        "only portal/db makes connections: elsewhere they would miss transactions, limits and pragmas",
    )


PHOTO_TABLES = re.compile(r"\b(FROM|JOIN|INTO|UPDATE)\s+(photo|photo_stream|redaction)\b")


def _texts(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, node.lineno


def test_only_the_door_selects_photos() -> None:
    found: dict[str, list[int]] = {}
    for path in SOURCES:
        if "piccolo_migrations" not in path.parts and any(PHOTO_TABLES.search(text) for text, _ in _texts(path)):
            lines = [line for text, line in _texts(path) if PHOTO_TABLES.search(text)]
            found[name(path)] = lines
    only(
        found,
        {
            "portal/visibility/door.py",
            "portal/visibility/index.py",  # the photo's own rows, for those who may write them
            "portal/photos/queries.py",  # texts and sizes of photos that the door let through
            "portal/photos/actions.py",  # what handlers write
            "portal/visibility/load.py",  # worlds to be replayed, into an empty database
            "portal/testing/contract_data.py",  # which ids are those of photos; shows none
        },
        "photos are selected for a viewer by portal/visibility/door.py alone, which asks the rule",
    )


def test_what_is_let_through_comes_from_the_door() -> None:
    """`photos.queries` and the vault know nothing of viewers, so only these places may ask them."""
    askers = {"portal.photos.queries": set[str](), "portal.photos.connected": set[str]()}
    for path in SOURCES:
        module = tree(path)
        for node in ast.walk(module):
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    full = f"{node.module}.{alias.name}"
                    for asked in askers:
                        if full == asked or node.module == asked:
                            askers[asked].add(name(path))
    assert askers["portal.photos.queries"] <= {
        "portal/sdk/__init__.py", "portal/sdk/photos.py", "portal/web/pages/photos.py", "portal/web/pages/desk.py",
    }, "texts of photos go only where the door was asked before: add the place here when it is"  # fmt: skip
    assert askers["portal.photos.connected"] <= {
        "portal/main.py", "portal/cli.py", "portal/replay.py", "portal/photos/actions.py", "portal/web/pages/photos.py",
        "portal/photos/documents.py", "portal/testing/school.py", "portal/demo/rows.py", "portal/demo/seed.py",
        "portal/demo/school.py", "portal/photos/command.py",
    }, "the vault opens files for whoever asks: add your place here when it has asked the door before"  # fmt: skip


@pytest.mark.parametrize("path", PLUGINS, ids=name)
def test_a_plugin_imports_the_sdk_and_nothing_else_of_the_core(path: Path) -> None:
    own = path.relative_to(ROOT / "plugins").parts[1]
    for module, line in imported(tree(path)):
        place = f"{name(path)}:{line} imports {module}"
        assert not module.startswith("."), f"{place}: plugins import by their full name"
        if module == "portal" or module.startswith("portal."):
            assert module == "portal.sdk", f"{place}: a plugin imports portal.sdk only, so that it could live elsewhere"
        elif module.startswith("portal_"):
            assert module == own or module.startswith(f"{own}."), f"{place}: plugins do not know each other"
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and dotted(node.func) in ("importlib.import_module", "__import__"):
            pytest.fail(f"{name(path)}:{node.lineno}: a plugin imports nothing by name")


def test_no_import_hides_in_a_function() -> None:
    """Import cycles mended that way come back. What is slow to import and seldom needed may."""
    found: dict[str, list[int]] = {}
    for path in SOURCES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for inner in ast.walk(node):
                    if isinstance(inner, ast.ImportFrom) and (inner.module or "").startswith("portal"):
                        found.setdefault(name(path), []).append(inner.lineno)
    only(found, {"portal/cli.py"}, "imports stand at the top; a cycle is mended by moving what both need further down")


LONGEST = 400


def test_files_stay_short() -> None:
    lengths = {name(path): len(path.read_text().splitlines()) for path in SOURCES}
    exceptions = {"portal/visibility/rule.py": 450}  # the one rule stands in one file
    for place, length in lengths.items():
        most = exceptions.get(place, LONGEST)
        assert length <= most, f"{place} has {length} lines: divide it before it becomes a place for everything"


def test_nothing_is_cached_by_address() -> None:
    for path in SOURCES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call):
                for keyword in node.keywords:
                    assert keyword.arg not in ("cache", "response_cache_config", "cache_key_builder"), (
                        f"{name(path)}:{node.lineno}: the framework's cache serves one person's page to another"
                    )


def test_no_handler_is_undocumented_or_undeclared() -> None:
    """The application refuses to start with one; here it has a line."""
    for path in SOURCES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef):
                for mark in node.decorator_list:
                    if isinstance(mark, ast.Call) and dotted(mark.func) in ("get", "post", "put", "patch", "delete"):
                        declared = {keyword.arg for keyword in mark.keywords}
                        assert "access" in declared, f"{name(path)}:{node.lineno}: a route declares access="


def test_nobody_prints_or_logs_by_other_ways() -> None:
    for path in SOURCES:
        for module, line in imported(tree(path)):
            assert module != "logging" or name(path) == "portal/logs.py", (
                f"{name(path)}:{line}: structlog through portal.logs leaves names and texts out; logging does not"
            )


# ---- Templates, scripts, styles ----

SAFE: set[str] = set()  # templates that may mark something as safe HTML, with the reason beside
_HOST = re.compile(r"""(?:https?:)?//[a-z0-9][\w\-]*\.[\w.\-]+""", re.I)
_XML = re.compile(r"http://www\.w3\.org/\d{4}/(?:svg|xlink|XML/1998/namespace)")


def lines(path: Path) -> Iterator[tuple[int, str]]:
    text = re.sub(r"\{#.*?#\}", lambda found: "\n" * found[0].count("\n"), path.read_text(), flags=re.S)
    yield from enumerate(text.splitlines(), 1)


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_templates(path: Path) -> None:
    for number, line in lines(path):
        place = f"{name(path)}:{number}"
        assert name(path) in SAFE or not re.search(r"\|\s*safe\b", line), f"{place}: |safe shows typed text as HTML"
        assert not re.search(r"autoescape\s+false|Markup\(", line), f"{place}: escaping stays on"
        assert not re.search(r"<[a-z][^>]*\sstyle\s*=", line, re.I), f"{place}: no inline style, the policy forbids it"
        assert not re.search(r"<[a-z][^>]*\son[a-z]+\s*=", line, re.I), f"{place}: no on…=, the policy forbids it"
        assert not re.search(r"<style\b|javascript:", line, re.I), f"{place}: no inline style or script"
        assert not _HOST.search(_XML.sub("", line)), f"{place}: pages ask no other host"
        assert not re.search(r"<(iframe|object|embed|base)\b", line), f"{place}: nothing is embedded"
    text = path.read_text()
    for found in re.finditer(r"<script\b[^>]*>(.*?)</script>", text, re.S):
        assert 'nonce="{{ nonce }}"' in found[0] or 'type="application/json"' in found[0], f"{name(path)}: a nonce"
        assert not found[1].strip() or 'type="application/json"' in found[0], f"{name(path)}: no inline script"
    for found in re.finditer(r"<img\b[^>]*>", text, re.S):
        assert re.search(r"\balt=", found[0]), f"{name(path)}: {found[0][:60]} needs an alt, empty where it only adorns"
    for found in re.finditer(r'<form\b[^>]*method="post".*?</form>', text, re.S):
        assert "csrf_field()" in found[0], f"{name(path)}: a form that posts holds {{{{ ui.csrf_field() }}}}"
    for found in re.finditer(r'<form\b[^>]*method="get".*?</form>|<form\b(?![^>]*method=).*?</form>', text, re.S):
        assert "csrf_field()" not in found[0], f"{name(path)}: a token would go into an address"


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_scripts(path: Path) -> None:
    for number, line in lines(path):
        place = f"{name(path)}:{number}"
        assert not re.search(r"insertAdjacentHTML|outerHTML\s*=|document\.write|\beval\(|new Function|srcdoc", line), (
            f"{place}: builds HTML or code out of text; make elements and set textContent"
        )
        if found := re.search(r"innerHTML\s*\+?=(?!=)\s*(.+)", line):
            assert re.search(r'\.querySelector\("template[.\w]*"\)\.innerHTML', found[1]), (
                f"{place}: innerHTML only ever takes the page's own template"
            )
        assert not _HOST.search(_XML.sub("", line)), f"{place}: scripts ask no other host"
        assert not re.search(r"localStorage\.setItem\([^)]*(csrf|token)", line, re.I), f"{place}: no token is stored"


@pytest.mark.parametrize("path", STYLES, ids=name)
def test_styles(path: Path) -> None:
    for number, line in lines(path):
        assert not _HOST.search(_XML.sub("", line)), f"{name(path)}:{number}: styles ask no other host"
        assert "@import" not in line, f"{name(path)}:{number}: one file, one request"


# ---- Everything that is committed ----

# Built from parts, so that this file does not hold what it looks for.
MACHINE = re.compile(
    r"(?<![\w.\-/}])/(?:" + "|".join(["work", "root", "home"]) + r")/\w" + r"|[A-Z]:\\Users\\|/" + "private/var/", re.I
)
INDEX = re.compile("--" + "(extra-)?index-url|--" + "find-links|/simple" + r"/?\s*$")


PRIVATE = re.compile(r"(^|/)(\.env|master\.key|id_[a-z0-9]+|.*\.sqlite(-wal|-shm)?)$")


def committed() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a checkout")
    return [ROOT / part.decode() for part in listed.stdout.split(b"\0") if part]


def test_no_file_names_the_machine_it_was_made_on() -> None:
    seen = 0
    for path in committed():
        if not path.is_file() or path.suffix in (".png", ".jpg", ".webp", ".heic", ".woff2", ".ttf", ".mo", ".zip"):
            continue
        seen += 1
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            place = f"{name(path)}:{number}"
            assert not MACHINE.search(line), f"{place}: a path of one machine means nothing on another: {line[:100]}"
            assert not INDEX.search(line), f"{place}: where packages come from is the operator's choice: {line[:100]}"
    assert seen > 200


def test_no_file_is_huge_or_private() -> None:
    for path in committed():
        if path.is_file():
            assert path.stat().st_size < 1_500_000, f"{name(path)}: too large for a repository"
            assert not PRIVATE.search(name(path)), f"{name(path)} does not belong into a repository"


def test_every_pin_has_its_hash() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text()
        pins = re.findall(r"^([a-z0-9][\w.\-\[\]]*)==\S+.*$", text, re.M | re.I)
        assert len(pins) > 30
        for block in re.split(r"\n(?=[a-z0-9][\w.\-\[\]]*==)", text)[1:]:
            assert "--hash=sha256:" in block, f"{lock}: {block.splitlines()[0]} has no hash"
        assert not re.search(r"https?://", re.sub(r"#.*", "", text)), f"{lock}: no addresses"


def test_the_linters_themselves_notice() -> None:
    assert MACHINE.search("see /" + "home/anna/x")
    assert MACHINE.search('"/' + 'work/main"')
    assert not MACHINE.search("web/templates/home/welcome.html")
    assert not MACHINE.search("{{ base }}/" + "work/x")
    assert _HOST.search('src="//cdn.example.org/x.js"')
    assert _HOST.search("https://fonts.example.org")
    assert not _HOST.search("// a comment about something")
    assert PHOTO_TABLES.search("SELECT 1 FROM photo p")
    assert not PHOTO_TABLES.search("SELECT photo FROM stories_photo")
